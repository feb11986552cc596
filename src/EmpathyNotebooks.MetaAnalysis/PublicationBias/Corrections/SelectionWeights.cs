namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Means with nonaffirmative effects weighted η times as much.</summary>
internal sealed class SelectionWeights
{
    /// <summary>Stronger selection is not searched for; the mean has long reached its worst case.</summary>
    private const double Strongest = 1e8;

    private const int Steps = 256;

    private readonly double[] _y;
    private readonly double[] _v;
    private readonly int[] _clusters;
    private readonly double? _tau2;
    private readonly Alternative _alternative;
    private readonly bool _smallSample;
    private readonly InterceptSandwich _sandwich;

    /// <summary>The level of intervals.</summary>
    public double Level { get; }

    /// <param name="effects">The effects.</param>
    /// <param name="clusters">The cluster of each.</param>
    /// <param name="tau2">τ² of the uncorrected model; null for equal effects.</param>
    /// <param name="options">What is affirmative.</param>
    /// <param name="level">The level of intervals.</param>
    public SelectionWeights(StudyEffects effects, int[] clusters, double? tau2, MathurVanderWeeleOptions options, double level)
    {
        _y = [.. effects.Effects];
        _v = [.. effects.Variances];
        (_clusters, _tau2, _alternative, _smallSample, Level) = (clusters, tau2, options.Alternative, options.SmallSample, level);
        IsAffirmative = [.. _y.Select((y, i) => Distributions.NormalTwoSided(y / Math.Sqrt(_v[i])) < options.Alpha && options.Alternative switch
        {
            Alternative.Greater => y > 0,
            Alternative.Less => y < 0,
            Alternative.TwoSided => true,
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Alternative, "There is no such direction."),
        })];
        var affirmative = IsAffirmative.Count(a => a);
        if (affirmative == 0) throw new UndeterminedException("The sensitivity analysis of Mathur and VanderWeele", $"no result is affirmative ({Side(options)})", "no selection of such results can have biased the mean");
        if (affirmative == _y.Length) throw new UndeterminedException("The sensitivity analysis of Mathur and VanderWeele", $"all results are affirmative ({Side(options)}), so that nothing shows what others would be", "p-uniform and p-curve use significant results alone");
        _sandwich = new InterceptSandwich(_y, _v, clusters);
        if (tau2 is not null && _sandwich.ClusterCount < 2) throw new InsufficientStudiesException("Cluster-robust inference", 2, _sandwich.ClusterCount, StudyCount.Clusters);
    }

    public bool[] IsAffirmative { get; }

    public Coefficient Corrected(double ratio)
    {
        if (_tau2 is not null) return _sandwich.Solve("Mean", Weights(ratio), _smallSample, Level);
        var w = Weights(ratio);
        double total = 0, sum = 0, variance = 0;
        for (var i = 0; i < w.Length; i++)
        {
            total += w[i];
            sum += w[i] * _y[i];
        }
        for (var i = 0; i < w.Length; i++) variance += w[i] * w[i] * _v[i] / total / total;
        return Given(sum / total, Math.Sqrt(variance), _smallSample ? w.Length - 1 : null);
    }

    public Coefficient WorstCase()
    {
        int[] rows = [.. Enumerable.Range(0, _y.Length).Where(i => !IsAffirmative[i])];
        double[] y = [.. rows.Select(i => _y[i])], v = [.. rows.Select(i => _v[i])];
        if (rows.Length == 1) return Given(y[0], Math.Sqrt(v[0]), null);
        if (_tau2 is { } tau2) return new InterceptSandwich(y, v, [.. rows.Select(i => _clusters[i])]).Solve("Mean", [.. v.Select(value => 1 / (value + tau2))], _smallSample, Level);
        var total = v.Sum(value => 1 / value);
        return Given(y.Select((value, i) => value / v[i]).Sum() / total, Math.Sqrt(1 / total), null);
    }

    /// <summary>The ratios that move the mean, and the limit of its interval, to q from the side on which the selection has pushed it.</summary>
    public (SelectionRatio Estimate, SelectionRatio Interval) RatiosTo(double q)
    {
        var now = Corrected(1);
        // Everything as if effects above q were favoured.
        var sign = _alternative switch
        {
            Alternative.Greater => 1,
            Alternative.Less => -1,
            _ => now.Estimate >= q ? 1 : -1,
        };
        return (RatioOfEstimate(q, sign), RatioOfInterval(q, sign, now));
    }

    private SelectionRatio RatioOfEstimate(double q, int sign)
    {
        // Σ of weight times distance from q, of affirmative and of other results: the mean is q where η others + affirmative = 0.
        var w = Weights(1);
        double affirmative = 0, others = 0;
        for (var i = 0; i < w.Length; i++)
        {
            var distance = sign * w[i] * (_y[i] - q);
            if (IsAffirmative[i]) affirmative += distance;
            else others += distance;
        }
        if (affirmative + others <= 0) return new SelectionRatio(SelectionRatioOutcome.AlreadyThere, null);
        return others < 0 ? new SelectionRatio(SelectionRatioOutcome.Found, affirmative / -others) : new SelectionRatio(SelectionRatioOutcome.NoneSuffices, null);
    }

    private SelectionRatio RatioOfInterval(double q, int sign, Coefficient now)
    {
        if (!now.HasStandardError) return new SelectionRatio(SelectionRatioOutcome.NoInterval, null);
        if (!(Limit(0) > 0)) return new SelectionRatio(SelectionRatioOutcome.AlreadyThere, null);
        double low = 0, step = Math.Log(Strongest) / Steps;
        for (var i = 1; i <= Steps; i++)
        {
            var high = i * step;
            if (Limit(high) > 0)
            {
                low = high;
                continue;
            }
            while (high - low > 1e-15 * high)
            {
                var middle = low + (high - low) / 2;
                if (middle <= low || middle >= high) break;
                if (Limit(middle) > 0) low = middle;
                else high = middle;
            }
            return new SelectionRatio(SelectionRatioOutcome.Found, Math.Exp(high));
        }
        return new SelectionRatio(SelectionRatioOutcome.NoneSuffices, null);

        // How far the near limit of the interval is from q, by the logarithm of the ratio.
        double Limit(double logRatio)
        {
            var at = Corrected(Math.Exp(logRatio));
            if (!at.HasStandardError) return sign * (at.Estimate - q);
            var interval = at.ConfidenceInterval;
            return sign > 0 ? interval.Lower - q : q - interval.Upper;
        }
    }

    private double[] Weights(double ratio) => [.. _v.Select((v, i) => (IsAffirmative[i] ? 1 : ratio) / (v + (_tau2 ?? 0)))];

    private Coefficient Given(double estimate, double se, double? df) =>
        new("Mean", estimate, se, estimate / se, df, Distributions.TwoSided(estimate / se, df), Distributions.Interval(estimate, se, df, Level));

    private static string Side(MathurVanderWeeleOptions options) => $"significant at {StatisticText.Number(options.Alpha, 3, leadingZero: false)} two-sided" + options.Alternative switch
    {
        Alternative.Greater => " and above 0",
        Alternative.Less => " and below 0",
        _ => "",
    };
}
