namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>tau² = (Q - (k - 1)) / tr(P) at tau² = 0, not below 0.</summary>
internal static class DerSimonianLaird
{
    public static TauSquaredEstimate Estimate(ReadOnlySpan<double> yi, ReadOnlySpan<double> vi)
    {
        var sums = WeightedSums.At(0, yi, vi);
        var df = yi.Length - 1;
        var trace = sums.TraceP;
        var tau2 = Math.Max(0, (sums.We2 - df) / trace);
        // Var(Q) = 2 df + 4 tau² tr(P) + 2 tau⁴ tr(PP).
        var variance = (2 * df + 4 * tau2 * trace + 2 * tau2 * tau2 * sums.TracePP) / (trace * trace);
        return new TauSquaredEstimate(tau2, Math.Sqrt(variance), 0);
    }
}
