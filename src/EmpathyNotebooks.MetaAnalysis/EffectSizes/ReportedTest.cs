using MathNet.Numerics.Distributions;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The arithmetic behind test statistics that papers report.</summary>
internal static class ReportedTest
{
    /// <summary>r = t/√(t² + df).</summary>
    public static double CorrelationOfT(double t, double degreesOfFreedom)
    {
        Check.Positive(degreesOfFreedom, "n");
        return Check.Finite(t, nameof(t)) / Math.Sqrt(t * t + degreesOfFreedom);
    }

    /// <summary>The |t| of a two-sided p.</summary>
    public static double TOfP(double twoSidedP, double degreesOfFreedom)
    {
        Check.PValue(twoSidedP, "p");
        Check.Positive(degreesOfFreedom, "n");
        if (twoSidedP == 1) return 0;
        double low = 0, high = 1;
        while (Distributions.StudentTwoSided(high, degreesOfFreedom) > twoSidedP && high < 1e150) (low, high) = (high, high * 2);
        // Newton's method on the logarithm of p, which is nearly straight far out, kept within the bracket.
        var t = (low + high) / 2;
        for (var i = 0; i < 200; i++)
        {
            var p = Distributions.StudentTwoSided(t, degreesOfFreedom);
            var gap = Math.Log(p / twoSidedP);
            if (gap > 0) low = t;
            else high = t;
            var next = t + gap * p / (2 * StudentT.PDF(0, 1, degreesOfFreedom, t));
            if (!(next > low && next < high)) next = (low + high) / 2;
            if (Math.Abs(next - t) <= 1e-15 * next) return next;
            t = next;
        }
        return t;
    }

    /// <summary>The t of a two-sided p that carries the sign of the effect, metafor's way to enter p-values.</summary>
    public static double SignedT(double signedP, double degreesOfFreedom) => signedP < 0
        ? -TOfP(-signedP, degreesOfFreedom)
        : TOfP(signedP, degreesOfFreedom);
}
