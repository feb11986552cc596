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
            : SpecialFunctions.BetaRegularized(degreesOfFreedom / 2, 0.5, degreesOfFreedom / (degreesOfFreedom + squared));
    }

    public static double ChiSquaredUpper(double x, double degreesOfFreedom) =>
        x <= 0 ? 1 : SpecialFunctions.GammaUpperRegularized(degreesOfFreedom / 2, x / 2);

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
        var t = StudentT.InvCDF(0, 1, degreesOfFreedom, probability);
        for (var i = 0; i < 3; i++)
        {
            var tail = StudentTwoSided(t, degreesOfFreedom) / 2;
            var cdf = t < 0 ? tail : 1 - tail;
            t -= (cdf - probability) / StudentT.PDF(0, 1, degreesOfFreedom, t);
        }
        lock (CacheLock)
        {
            if (StudentCache.Count > 4096) StudentCache.Clear();
            StudentCache[(probability, degreesOfFreedom)] = t;
        }
        return t;
    }
}
