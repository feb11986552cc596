namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What an estimator of tau² returns: the estimate, its standard error and how many iterations it took.</summary>
internal readonly record struct TauSquaredEstimate(double Value, double StandardError, int Iterations)
{
    /// <summary>The estimate for one model; the weights are those of the generalised Q and else of no effect.</summary>
    public static TauSquaredEstimate Of<TModel>(TauSquaredEstimator estimator, ref TModel model, ReadOnlySpan<double> weights = default)
        where TModel : struct, IModelSums, allows ref struct => estimator switch
        {
            TauSquaredEstimator.RestrictedMaximumLikelihood => RestrictedMaximumLikelihood.Estimate(ref model),
            TauSquaredEstimator.MaximumLikelihood => MaximumLikelihood.Estimate(ref model),
            TauSquaredEstimator.DerSimonianLaird => DerSimonianLaird.Estimate(ref model),
            TauSquaredEstimator.PauleMandel => PauleMandel.Estimate(ref model),
            TauSquaredEstimator.HunterSchmidt => HunterSchmidt.Estimate(ref model, smallSample: false),
            TauSquaredEstimator.HunterSchmidtSmallSample => HunterSchmidt.Estimate(ref model, smallSample: true),
            TauSquaredEstimator.Hedges => Hedges.Estimate(ref model),
            TauSquaredEstimator.TwoStepDerSimonianLaird => TwoStepDerSimonianLaird.Estimate(ref model),
            TauSquaredEstimator.SidikJonkman => SidikJonkman.Estimate(ref model),
            TauSquaredEstimator.PauleMandelMedian => PauleMandelMedian.Estimate(ref model),
            TauSquaredEstimator.GeneralizedQ => GeneralizedQMoments.Estimate(ref model, weights),
            TauSquaredEstimator.EmpiricalBayes => EmpiricalBayes.Estimate(ref model),
            TauSquaredEstimator.IteratedDerSimonianLaird or TauSquaredEstimator.IteratedSidikJonkman => PauleMandel.Estimate(ref model),
            _ => throw new ArgumentOutOfRangeException(nameof(estimator), estimator, "There is no such estimator of tau squared."),
        };
}
