namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The tau² at which the generalised Q equals k - p, not below 0.</summary>
internal static class PauleMandel
{
    public static TauSquaredEstimate Estimate<TModel>(ref TModel model) where TModel : struct, IModelSums, allows ref struct =>
        AtTarget(ref model, model.Count - model.Parameters);

    /// <summary>The tau² at which the generalised Q equals the target, with the standard error that holds for all of this family.</summary>
    public static TauSquaredEstimate AtTarget<TModel>(ref TModel model, double target) where TModel : struct, IModelSums, allows ref struct
    {
        double k = model.Count, df = k - model.Parameters;
        var (tau2, iterations) = GeneralizedQ.Solve(target, ref model);
        model.MoveTo(tau2);
        return new TauSquaredEstimate(tau2, Math.Sqrt(2 * k * k / df) / model.SumOfWeights, iterations);
    }
}
