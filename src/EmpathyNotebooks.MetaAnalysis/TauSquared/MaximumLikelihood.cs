namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Maximises -½[Σ ln(v + tau²) + Σw(y - mean)²].</summary>
internal static class MaximumLikelihood
{
    public static TauSquaredEstimate Estimate(ReadOnlySpan<double> yi, ReadOnlySpan<double> vi)
    {
        var (tau2, iterations) = LikelihoodSearch.Maximize("Maximum likelihood", Derivatives, yi, vi);
        var sums = WeightedSums.At(tau2, yi, vi);
        return new TauSquaredEstimate(tau2, Math.Sqrt(2 / sums.W2), iterations);
    }

    private static LikelihoodDerivatives Derivatives(in WeightedSums sums) =>
        new((sums.W2e2 - sums.W1) / 2, sums.W2 / 2, sums.YPPPY - sums.W2 / 2);
}
