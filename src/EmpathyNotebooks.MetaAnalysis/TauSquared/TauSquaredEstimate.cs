namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What an estimator of tau² returns: the estimate, its standard error and how many iterations it took.</summary>
internal readonly record struct TauSquaredEstimate(double Value, double StandardError, int Iterations)
{
    public static TauSquaredEstimate Of(TauSquaredEstimator estimator, ReadOnlySpan<double> yi, ReadOnlySpan<double> vi) => estimator switch
    {
        TauSquaredEstimator.DerSimonianLaird => DerSimonianLaird.Estimate(yi, vi),
        TauSquaredEstimator.PauleMandel => PauleMandel.Estimate(yi, vi),
        TauSquaredEstimator.MaximumLikelihood => MaximumLikelihood.Estimate(yi, vi),
        TauSquaredEstimator.RestrictedMaximumLikelihood => RestrictedMaximumLikelihood.Estimate(yi, vi),
        _ => throw new ArgumentOutOfRangeException(nameof(estimator), estimator, "There is no such estimator of tau squared."),
    };
}
