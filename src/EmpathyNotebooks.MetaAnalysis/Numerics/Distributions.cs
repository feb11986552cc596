using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The distribution functions the models need, from MathNet.Numerics. Tails are computed as tails, not as 1 minus the rest, so
/// that small p-values keep their digits.
/// </summary>
internal static class Distributions
{
    private static readonly Lock CacheLock = new();
    private static readonly Dictionary<(double Probability, double DegreesOfFreedom), double> StudentCache = [];

    public static double NormalQuantile(double probability) => Normal.InvCDF(0, 1, probability);

    public static double NormalTwoSided(double z) => SpecialFunctions.Erfc(Math.Abs(z) / Math.Sqrt(2));

    public static double StudentTwoSided(double t, double degreesOfFreedom)
    {
        var squared = t * t;
        return double.IsInfinity(squared)
            ? 0
            : BetaRegularized(degreesOfFreedom / 2, 0.5, degreesOfFreedom / (degreesOfFreedom + squared));
    }

    /// <summary>The two-sided p-value of z, or of t when there are degrees of freedom.</summary>
    public static double TwoSided(double statistic, double? degreesOfFreedom) =>
        degreesOfFreedom is { } df ? StudentTwoSided(statistic, df) : NormalTwoSided(statistic);

    /// <summary>The quantile of z, or of t when there are degrees of freedom.</summary>
    public static double Quantile(double probability, double? degreesOfFreedom) =>
        degreesOfFreedom is { } df ? StudentQuantile(probability, df) : NormalQuantile(probability);

    public static ConfidenceInterval Interval(double centre, double standardDeviation, double? degreesOfFreedom, double level)
    {
        // A standard deviation of 0 times an endless quantile would be no number.
        var half = standardDeviation == 0 ? 0 : standardDeviation * Quantile(Level.UpperTail(level), degreesOfFreedom);
        return new ConfidenceInterval(centre - half, centre + half, level);
    }

    public static double NormalCumulative(double z) => SpecialFunctions.Erfc(-z / Math.Sqrt(2)) / 2;

    public static double FUpper(double f, double numerator, double denominator) => f <= 0 ? 1
        : BetaRegularized(denominator / 2, numerator / 2, denominator / (denominator + numerator * f));

    public static double ChiSquaredUpper(double x, double degreesOfFreedom) =>
        x <= 0 ? 1 : double.IsPositiveInfinity(x) ? 0 : Probability(SpecialFunctions.GammaUpperRegularized(degreesOfFreedom / 2, x / 2));

    public static double ChiSquaredQuantile(double probability, double degreesOfFreedom)
    {
        var x = ChiSquared.InvCDF(degreesOfFreedom, probability);
        // MathNet stops at an absolute accuracy; Newton steps bring the last digits.
        for (var i = 0; i < 3 && x > 0; i++)
        {
            x -= (ChiSquared.CDF(degreesOfFreedom, x) - probability) / ChiSquared.PDF(degreesOfFreedom, x);
        }
        return x;
    }

    public static double StudentQuantile(double probability, double degreesOfFreedom)
    {
        // A leave-one-out run or a simulation asks for the same few quantiles again and again, and each takes a root search.
        lock (CacheLock)
        {
            if (StudentCache.TryGetValue((probability, degreesOfFreedom), out var known)) return known;
        }
        var t = SearchStudentQuantile(probability, degreesOfFreedom);
        lock (CacheLock)
        {
            if (StudentCache.Count > 4096) StudentCache.Clear();
            StudentCache[(probability, degreesOfFreedom)] = t;
        }
        return t;
    }

    /// <summary>Continued fractions and series end some rounding beside 0 or 1; a probability does not. What is no number stays none, so that it is found.</summary>
    private static double Probability(double value) => double.IsNaN(value) ? throw NoNumber() : Math.Clamp(value, 0, 1);

    private static double BetaRegularized(double a, double b, double x) =>
        a > 0 && b > 0 && x is >= 0 and <= 1 ? Probability(SpecialFunctions.BetaRegularized(a, b, x)) : throw NoNumber();

    private static ConvergenceException NoNumber() => new("A test", "its statistic or degrees of freedom are too large or too small for double precision", 0, NonConvergence.Precision);

    /// <summary>
    /// A search in the logarithm of t, which holds in tails where MathNet's own search gives no number. With less than one degree of freedom
    /// the quantile can leave the range of numbers; it is then infinite.
    /// </summary>
    public static double SearchStudentQuantile(double probability, double degreesOfFreedom)
    {
        if (probability == 0.5) return 0;
        var target = 2 * Math.Min(probability, 1 - probability);
        double low = -40, high = Math.Log(double.MaxValue);
        var (from, to) = Around(target, degreesOfFreedom);
        // t = e^u; the tail falls in u, and beyond e^350 its square is infinite and the tail a bare power of t.
        while (high - low > 1e-14 * Math.Max(1, Math.Abs(high)))
        {
            var middle = (low + high) / 2;
            if (middle <= low || middle >= high) break;
            // On which side the root lies is known but for the last few halvings: the same root, for a third of the tails.
            if (middle <= from || (middle < to && TailAtExponential(middle, degreesOfFreedom) > target)) low = middle;
            else high = middle;
        }
        var t = TailAtExponential(high, degreesOfFreedom) > target * (1 + 1e-9) ? double.PositiveInfinity : Math.Exp(high);
        return probability < 0.5 ? -t : t;
    }

    /// <summary>A short stretch of u in which the tail falls through the target, by secants from the normal quantile; all of the line where they do not get there.</summary>
    private static (double From, double To) Around(double target, double degreesOfFreedom)
    {
        double Excess(double at) => Math.Log(TailAtExponential(at, degreesOfFreedom) / target);
        double last = Math.Log(Math.Max(-NormalQuantile(target / 2), 1e-3)), u = last + 0.1, excess = Excess(last);
        for (var i = 0; i < 12; i++)
        {
            var now = Excess(u);
            var step = now * (u - last) / (now - excess);
            (last, excess, u) = (u, now, u - step);
            // Beyond it the tail is computed in another way; where there is no number there is no step either.
            if (!(Math.Abs(u) < 200)) break;
            if (Math.Abs(step) > 1e-7) continue;
            var width = 1e-12 * Math.Max(1, Math.Abs(u));
            if (TailAtExponential(u - width, degreesOfFreedom) > target && TailAtExponential(u + width, degreesOfFreedom) <= target) return (u - width, u + width);
            break;
        }
        return (double.NegativeInfinity, double.PositiveInfinity);
    }

    private static double TailAtExponential(double u, double degreesOfFreedom)
    {
        if (u < 300) return StudentTwoSided(Math.Exp(u), degreesOfFreedom);
        // I_x(a, b) ~ x^a / (a B(a, b)) as x falls to 0, with x = df/t².
        var a = degreesOfFreedom / 2;
        return Math.Exp(a * (Math.Log(degreesOfFreedom) - 2 * u) - SpecialFunctions.BetaLn(a, 0.5)) / a;
    }
}
