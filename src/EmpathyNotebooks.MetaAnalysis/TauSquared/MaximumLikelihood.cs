namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Maximises -½[Σ ln(v + tau²) + y'Py].</summary>
internal readonly struct MaximumLikelihood : ILikelihood
{
    public static string Name => "Maximum likelihood";

    public static TauSquaredEstimate Estimate<TModel>(ref TModel model) where TModel : struct, IModelSums, allows ref struct
    {
        var (tau2, iterations) = LikelihoodSearch.Maximize<MaximumLikelihood, TModel>(ref model);
        model.MoveTo(tau2);
        return new TauSquaredEstimate(tau2, Math.Sqrt(2 / model.SumOfSquaredWeights), iterations);
    }

    public static LikelihoodDerivatives Derivatives<TModel>(in TModel model) where TModel : struct, IModelSums, allows ref struct => new(
        model.YPPY, model.SumOfWeights, model.SumOfSquaredWeights / 2, model.YPPPY - model.SumOfSquaredWeights / 2);

    public static double Value<TModel>(in TModel model) where TModel : struct, IModelSums, allows ref struct =>
        -0.5 * (model.Count * Math.Log(2 * Math.PI) + model.LogVariances() + model.Q);
}
