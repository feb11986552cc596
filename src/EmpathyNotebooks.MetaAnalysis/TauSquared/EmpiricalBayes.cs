namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Morris's equation Σw(e² k/(k - p) - (v + tau²)) = 0 says Q = k - p, the equation of Paule and Mandel. Fisher scoring, the usual way to it, can
/// creep or cycle; the search for a level of the falling Q cannot.
/// </summary>
internal static class EmpiricalBayes
{
    public static TauSquaredEstimate Estimate<TModel>(ref TModel model) where TModel : struct, IModelSums, allows ref struct =>
        PauleMandel.Estimate(ref model);
}
