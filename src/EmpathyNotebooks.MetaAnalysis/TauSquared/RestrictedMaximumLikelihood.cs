namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Maximises the restricted log-likelihood -½[Σ ln(v + tau²) + ln|X'WX| + y'Py].</summary>
internal readonly struct RestrictedMaximumLikelihood : ILikelihood
{
    public static string Name => "Restricted maximum likelihood";

    public static TauSquaredEstimate Estimate<TModel>(ref TModel model) where TModel : struct, IModelSums, allows ref struct
    {
        var (tau2, iterations) = LikelihoodSearch.Maximize<RestrictedMaximumLikelihood, TModel>(ref model);
        model.MoveTo(tau2);
        return new TauSquaredEstimate(tau2, Math.Sqrt(2 / model.TracePP), iterations);
    }

    public static LikelihoodDerivatives Derivatives<TModel>(in TModel model) where TModel : struct, IModelSums, allows ref struct => new(
        model.YPPY, model.TraceP, model.TracePP / 2, model.YPPPY - model.TracePP / 2);

    // metafor's constant: ½ ln|X'X| is part of its restricted likelihood.
    public static double Value<TModel>(in TModel model) where TModel : struct, IModelSums, allows ref struct => -0.5 * (
        (model.Count - model.Parameters) * Math.Log(2 * Math.PI) + model.LogVariances() + model.LogInformation + model.Q);
}
