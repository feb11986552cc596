namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Maximises the restricted log-likelihood -½[Σ ln(v + tau²) + ln Σw + Σw(y - mean)²].</summary>
internal static class RestrictedMaximumLikelihood
{
    public static TauSquaredEstimate Estimate(ReadOnlySpan<double> yi, ReadOnlySpan<double> vi)
    {
        var (tau2, iterations) = LikelihoodSearch.Maximize("Restricted maximum likelihood", Derivatives, yi, vi);
        var sums = WeightedSums.At(tau2, yi, vi);
        return new TauSquaredEstimate(tau2, Math.Sqrt(2 / sums.TracePP), iterations);
    }

    private static LikelihoodDerivatives Derivatives(in WeightedSums sums) =>
        new((sums.W2e2 - sums.TraceP) / 2, sums.TracePP / 2, sums.YPPPY - sums.TracePP / 2);
}
