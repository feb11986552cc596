namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The tau² at which the generalised Q equals k - 1, not below 0.</summary>
internal static class PauleMandel
{
    public static TauSquaredEstimate Estimate(ReadOnlySpan<double> yi, ReadOnlySpan<double> vi)
    {
        double k = yi.Length, df = k - 1;
        var (tau2, iterations) = GeneralizedQ.Solve(df, yi, vi);
        var sums = WeightedSums.At(tau2, yi, vi);
        return new TauSquaredEstimate(tau2, Math.Sqrt(2 * k * k / df) / sums.W1, iterations);
    }
}
