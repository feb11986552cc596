namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The moment estimator with equal weights: tau² = (Σe² - tr(PV)) / (k - p).</summary>
internal static class Hedges
{
    public static TauSquaredEstimate Estimate<TModel>(ref TModel model) where TModel : struct, IModelSums, allows ref struct =>
        GeneralizedQMoments.Estimate(ref model, MomentWeights.Equal);
}
