namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The rounds of trim and fill: the mean of what is left, the ranks around it, the number that they say is missing.</summary>
internal sealed class Trimming
{
    private readonly PooledFit _fit;
    private readonly int _sign;
    private readonly double[] _y;
    private readonly double[] _v;
    private readonly double[]? _weights;

    /// <param name="fit">The model.</param>
    /// <param name="sign">1 where studies are missing on the left, -1 on the right: effects are then mirrored first.</param>
    public Trimming(PooledFit fit, int sign)
    {
        (_fit, _sign) = (fit, sign);
        var effects = fit.Effects;
        Order = [.. Enumerable.Range(0, fit.Count).OrderBy(i => sign * effects.Effects[i])];
        _y = [.. Order.Select(i => sign * effects.Effects[i])];
        _v = [.. Order.Select(i => effects.Variances[i])];
        _weights = fit.Model.Weights is { } weights ? [.. Order.Select(i => weights[i])] : null;
    }

    /// <summary>The rows by effect, those nearest to the missing ones first; ties in their own order.</summary>
    public int[] Order { get; }

    private int K => _y.Length;

    public (int Missing, double? StandardError, double Centre, int Iterations) UntilAtRest(TrimAndFillEstimator estimator)
    {
        var seen = new List<int>();
        for (var missing = 0; ;)
        {
            var centre = MeanOfFirst(K - missing);
            var (estimate, variance) = Missing(estimator, centre);
            var next = Math.Max(0, (int)Math.Round(estimate, MidpointRounding.ToEven));
            if (next == missing) return (next, variance >= 0 ? Math.Sqrt(variance) : null, _sign * centre, seen.Count + 1);
            if (seen.Count + 1 >= TrimAndFillMethod.MostIterations)
            {
                var rounds = string.Join(", ", seen.Append(next).TakeLast(4).Select(n => StatisticText.Count(n)));
                throw new ConvergenceException("Trim and fill", $"the number of missing studies does not come to rest; the last were {rounds} of {StatisticText.Count(K)}", seen.Count + 1);
            }
            seen.Add(next);
            missing = next;
        }
    }

    private double MeanOfFirst(int count)
    {
        if (count == 1) return _y[0];
        var model = _weights is null ? _fit.Model : _fit.Model with { Weights = _weights[..count] };
        // The mean alone is needed: the inference of the fit could ask for more than is left.
        return (model with { Inference = Inference.Normal }).Fit(_fit.Effects, _y.AsSpan(0, count), _v.AsSpan(0, count)).Estimate;
    }

    /// <summary>k₀ before rounding, and its variance; negative where the formula gives none.</summary>
    private (double Estimate, double Variance) Missing(TrimAndFillEstimator estimator, double centre)
    {
        var (ranks, below) = SumOfRanksAbove(centre);
        double k = K;
        if (estimator == TrimAndFillEstimator.R0)
        {
            if (below == 0) throw new UndeterminedException("Trim and fill", "no effect is left on the near side of the mean of those not trimmed, so that R0 has no run to count", "L0 may have an answer");
            var run = k - below - 1;
            return (run, 2 * Math.Max(0, run) + 2);
        }
        if (estimator == TrimAndFillEstimator.L0)
        {
            var l = (4 * ranks - k * (k + 1)) / (2 * k - 1);
            return (l, 16 * VarianceOfRanks(l) / ((2 * k - 1) * (2 * k - 1)));
        }
        var radicand = 2 * k * k - 4 * ranks + 0.25;
        if (radicand < 0) throw new UndeterminedException("Trim and fill", "nearly all effects lie on the far side of the mean of those not trimmed, so that Q0 has no number", "L0 may have an answer");
        var q = k - 0.5 - Math.Sqrt(radicand);
        // (k - ½)² - q(2k - q - 1) is (k - ½ - q)², and that the radicand: ¼ or more, since the ranks are whole.
        return (q, 4 * VarianceOfRanks(q) / radicand);
    }

    /// <summary>The variance of the rank sum of the effects above, with n of the k + n studies missing.</summary>
    private double VarianceOfRanks(double n)
    {
        double k = K;
        return (k * (k + 1) * (2 * k + 1) + 10 * n * n * n + 27 * n * n + 17 * n - 18 * k * n * n - 18 * k * n + 6 * k * k * n) / 24;
    }

    /// <summary>The sum of the ranks of distances of effects above the centre, and the largest rank below; ties by order.</summary>
    private (double Above, double LargestBelow) SumOfRanksAbove(double centre)
    {
        var byDistance = Enumerable.Range(0, K).OrderBy(i => Math.Abs(_y[i] - centre)).ToArray();
        double above = 0, below = 0;
        for (var r = 0; r < K; r++)
        {
            var side = _y[byDistance[r]] - centre;
            if (side > 0) above += r + 1;
            else if (side < 0) below = r + 1;
        }
        return (above, below);
    }
}
