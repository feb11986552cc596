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
        return twoSidedP == 1 ? 0 : -Distributions.StudentQuantile(twoSidedP / 2, degreesOfFreedom);
    }

    /// <summary>The t of a two-sided p that carries the sign of the effect, metafor's way to enter p-values.</summary>
    public static double SignedT(double signedP, double degreesOfFreedom) => signedP < 0
        ? -TOfP(-signedP, degreesOfFreedom)
        : TOfP(signedP, degreesOfFreedom);
}
