namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Fits of the Copas model at given γ0, γ1: the highest of the maxima that several starts lead to.</summary>
internal sealed class CopasKernel
{
    private readonly double[] _y;
    private readonly double[] _s;
    private readonly double _bound;
    private readonly bool _above;
    private readonly double _mean;
    private readonly double _tau2;
    private readonly double[] _sizes;

    public CopasKernel(double[] y, double[] s, double mean, double tau2, double bound, bool above)
    {
        (_y, _s, _mean, _tau2, _bound, _above) = (y, s, mean, tau2, bound, above);
        double w = 0, v = 0;
        for (var i = 0; i < y.Length; i++)
        {
            w += 1 / (s[i] * s[i] + tau2);
            v += s[i] * s[i] / y.Length;
        }
        var se = Math.Sqrt(1 / w);
        _sizes = [se, 0.5, tau2 / 2 + se * Math.Sqrt(v), se / Math.Sqrt(v)];
    }

    /// <summary>Moves μ, ρ and τ² to the maximum that they lead to, or to a higher one to which the usual start leads, where that is asked for.</summary>
    public void Follow(double gamma0, double gamma1, double[] x, bool alsoAfresh)
    {
        var likelihood = new CopasLikelihood(_y, _s, gamma0, gamma1);
        var value = Climb(likelihood, x, -_bound, _bound);
        if (!alsoAfresh) return;
        double[] other = [_mean, Sign * _bound / 2, _tau2];
        if (Climb(likelihood, other, -_bound, _bound) > value) other.CopyTo(x, 0);
    }

    public CopasPoint At(double gamma0, double gamma1)
    {
        var likelihood = new CopasLikelihood(_y, _s, gamma0, gamma1);
        double[] best = [];
        var value = double.NegativeInfinity;
        var starts = Starts(likelihood);
        foreach (var start in starts)
        {
            double[] x = [.. start];
            var climbed = Climb(likelihood, x, -_bound, _bound);
            if (climbed > value + 1e-12) (value, best) = (climbed, x);
        }
        var biased = WithBias(likelihood, [.. starts, best]);
        double missing = 0;
        foreach (var s in _s) missing += Math.Exp(NormalTail.LogUpper(gamma0 + gamma1 / s) - NormalTail.LogLower(gamma0 + gamma1 / s));
        return new CopasPoint(gamma0, gamma1, best[0], StandardError(likelihood, best), best[1], best[2], value, biased,
            Distributions.ChiSquaredUpper(2 * (biased - value), 1), Distributions.NormalCumulative(gamma0 + gamma1 / _s.Max()), missing);
    }

    private int Sign => _above ? 1 : -1;

    /// <summary>
    /// Where to climb from: the usual start, each side of the correlation, and for some correlations the highest point of a coarse grid. Likelihoods with two tops are rare, but there are, where few effects lie far apart.
    /// </summary>
    private List<double[]> Starts(CopasLikelihood likelihood)
    {
        List<double[]> starts = [];
        foreach (var rho in (double[])[Sign * _bound / 2, 0.05 * Sign, 0.9 * Sign * _bound, -0.5 * Sign, Sign * _bound])
        {
            starts.Add([_mean, rho, _tau2]);
            starts.Add([_mean, rho, 0.1 * _tau2]);
        }
        double[] sorted = [.. _y.Order()];
        double range = sorted[^1] - sorted[0];
        // Peaks can be narrow, and then lie at an effect: the means tried are effects, at most a dozen, and some way beyond.
        var means = Enumerable.Range(0, Math.Min(12, sorted.Length)).Select(i => sorted[i * (sorted.Length - 1) / (Math.Min(12, sorted.Length) - 1)]).Append(sorted[0] - 0.3 * range).Append(sorted[^1] + 0.3 * range).ToArray();
        foreach (var rho in (double[])[-1, -0.98, -0.8, -0.4, 0.4, 0.8, 0.98, 1])
        {
            double[] top = [_mean, rho * _bound, _tau2];
            var highest = double.NegativeInfinity;
            foreach (var mean in means)
            {
                foreach (var tau in (double[])[0, 0.04, 0.12, 0.35])
                {
                    double[] x = [mean, rho * _bound, tau * tau * range * range];
                    var value = likelihood.Evaluate(x, default, default);
                    if (value > highest) (highest, top) = (value, x);
                }
            }
            starts.Add(top);
        }
        return starts;
    }

    /// <summary>The largest likelihood with effects that may rise with the standard error, and a correlation on the side that publication favours.</summary>
    private double WithBias(CopasLikelihood likelihood, List<double[]> starts)
    {
        double low = _above ? 0 : -_bound, high = _above ? _bound : 0;
        var value = double.NegativeInfinity;
        foreach (var start in starts)
        {
            if (Sign * start[1] < 0 && start != starts[^1]) continue;
            value = Math.Max(value, Climb(likelihood, [start[0], Math.Clamp(start[1], low, high), start[2], 0], low, high));
        }
        return value;
    }

    private double Climb(CopasLikelihood likelihood, double[] x, double low, double high) => x.Length == 3
        ? BoundedMaximum.Find(likelihood.Evaluate, x, [double.NegativeInfinity, low, 0], [double.PositiveInfinity, high, double.PositiveInfinity], _sizes)
        : BoundedMaximum.Find(likelihood.Evaluate, x, [double.NegativeInfinity, low, 0, double.NegativeInfinity], [double.PositiveInfinity, high, double.PositiveInfinity, double.PositiveInfinity], _sizes);

    private double? StandardError(CopasLikelihood likelihood, double[] x)
    {
        double[] slope = new double[3], second = new double[9];
        likelihood.Evaluate(x, slope, second);
        List<int> free = [0];
        if (Math.Abs(x[1]) < _bound) free.Add(1);
        if (x[2] > 0) free.Add(2);
        // A correlation that the likelihood does not depend on, as without selection, is no unknown.
        if (free.Contains(1) && Math.Abs(second[4]) < 1e-10 * _y.Length) free.Remove(1);
        var p = free.Count;
        double[] information = new double[p * p], inverse = new double[p * p];
        for (var a = 0; a < p; a++)
        {
            for (var b = 0; b < p; b++) information[a * p + b] = -second[free[a] * 3 + free[b]] * _sizes[free[a]] * _sizes[free[b]];
        }
        if (!SmallMatrix.TryCholesky(information, p)) return null;
        SmallMatrix.Invert(information, inverse, p);
        return Math.Sqrt(inverse[0]) * _sizes[0];
    }
}
