namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The moment estimator with the weights 1/(v + tau²) at the DerSimonian-Laird estimate.</summary>
internal static class TwoStepDerSimonianLaird
{
    public static TauSquaredEstimate Estimate<TModel>(ref TModel model) where TModel : struct, IModelSums, allows ref struct =>
        GeneralizedQMoments.Estimate(ref model, MomentWeights.InverseOfVariancePlus(DerSimonianLaird.Estimate(ref model).Value));
}
