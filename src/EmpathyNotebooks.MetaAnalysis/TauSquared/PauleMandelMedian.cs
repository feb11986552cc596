namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The tau² at which the generalised Q equals the median of chi² with k - p degrees of freedom, not below 0.</summary>
internal static class PauleMandelMedian
{
    public static TauSquaredEstimate Estimate<TModel>(ref TModel model) where TModel : struct, IModelSums, allows ref struct =>
        PauleMandel.AtTarget(ref model, Distributions.ChiSquaredQuantile(0.5, model.Count - model.Parameters));
}
