namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The integral over the whole line of one smooth function given by its logarithm, which may have several peaks with deep valleys between them: a prior far from the data puts one at a small τ and one at a
/// large. All of a wide range is looked at first, and the trapezoidal rule with halved steps then runs over everything from the first to the last value that counts.
/// </summary>
internal sealed class AxisQuadrature
{
    private const int Most = 1 << 15;
    private const int MostScanned = 4000;
    private const int FewestNearPeak = 12;

    private AxisQuadrature(double origin, double step, double[] weights, double log) => (Origin, Step, Weights, Log) = (origin, step, weights, log);

    public double Origin { get; }

    public double Step { get; }

    /// <summary>The points' shares of the integral, which sum to 1.</summary>
    public double[] Weights { get; }

    /// <summary>The logarithm of the integral.</summary>
    public double Log { get; }

    public double Node(int index) => Origin + index * Step;

    /// <param name="f">The logarithm of the integrand.</param>
    /// <param name="from">Where the range that is looked at begins.</param>
    /// <param name="to">Where it ends at least.</param>
    /// <param name="below">What lies so far below the largest logarithm is left out at the lower end.</param>
    /// <param name="negligible">The same at the upper end.</param>
    /// <param name="unsettled">The reason, if the rules never agree.</param>
    public static AxisQuadrature Integrate(Func<double, double> f, double from, double to, double below, double negligible, string unsettled)
    {
        var step = 0.5;
        List<double> logs = [];
        for (var x = from; x <= to + step || logs.Count < 4; x += step) logs.Add(Checked(f(x), logs.Count));
        var best = logs.Max();
        var origin = from;
        while (logs[^1] > best - negligible)
        {
            logs.Add(Checked(f(origin + logs.Count * step), logs.Count));
            best = Math.Max(best, logs[^1]);
        }
        List<double> before = [];
        while ((before.Count > 0 ? before[^1] : logs[0]) > best - below)
        {
            origin -= step;
            before.Add(Checked(f(origin), logs.Count + before.Count));
            best = Math.Max(best, before[^1]);
        }
        before.Reverse();
        double[] values = [.. before, .. logs];
        if (double.IsNegativeInfinity(best)) throw new ConvergenceException("The marginal likelihood over τ", "the likelihood is 0 in double precision wherever it was looked at", values.Length, NonConvergence.Precision);

        var sum = Sum(values, best, step);
        for (var settled = 0; ;)
        {
            (values, origin) = Halve(f, values, origin, step, best - below, best - negligible);
            step /= 2;
            var unit = best;
            best = values.Max();
            sum *= Math.Exp(unit - best);
            var finer = Sum(values, best, step);
            var near = values.Count(value => value > best - 8);
            // The error of a rule is about the square of its difference from the one before.
            settled = Math.Abs(finer - sum) <= 1e-8 * finer && near >= FewestNearPeak ? settled + 1 : 0;
            if (settled > 0)
            {
                var weights = Array.ConvertAll(values, value => Math.Exp(value - best) * step / finer);
                return new AxisQuadrature(origin, step, weights, best + Math.Log(finer));
            }
            if (values.Length > Most) throw new ConvergenceException("The marginal likelihood over τ", unsettled, values.Length);
            sum = finer;
        }
    }

    /// <summary>Leaves out what is negligible at the ends and puts a point between each two.</summary>
    private static (double[] Values, double Origin) Halve(Func<double, double> f, double[] values, double origin, double step, double leastBelow, double least)
    {
        int first = 0, last = values.Length - 1;
        while (first < last && values[first + 1] < leastBelow) first++;
        while (last > first && values[last - 1] < least) last--;
        // Where one point alone is left, the peak is narrower than a step and lies on one side of it or the other.
        if (first == last) (first, last) = (Math.Max(0, first - 1), Math.Min(values.Length - 1, last + 1));
        var finer = new double[2 * (last - first) + 1];
        origin += first * step;
        for (var i = first; i <= last; i++) finer[2 * (i - first)] = values[i];
        for (var i = 1; i < finer.Length; i += 2) finer[i] = Checked(f(origin + i * step / 2), values.Length);
        return (finer, origin);
    }

    private static double Sum(double[] logs, double best, double step)
    {
        double sum = 0;
        foreach (var log in logs) sum += Math.Exp(log - best);
        return sum * step;
    }

    private static double Checked(double value, int evaluations)
    {
        if (double.IsNaN(value) || double.IsPositiveInfinity(value) || evaluations > Most + MostScanned)
        {
            throw new ConvergenceException("The marginal likelihood over τ", "the effects, variances or scales of the priors are too large, too small or too far apart for double precision", evaluations, NonConvergence.Precision);
        }
        return value;
    }
}
