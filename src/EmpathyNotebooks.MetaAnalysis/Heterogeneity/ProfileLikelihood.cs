namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>All tau² whose log-likelihood lies less than half a chi² quantile below the maximum.</summary>
internal readonly struct ProfileLikelihood(TauSquaredEstimator estimator, double tau2, double level) : IModelOperation<(double Lower, double Upper)>
{
    private const string What = "The profile likelihood interval of tau squared";

    public (double Lower, double Upper) Run<TModel>(ref TModel model) where TModel : struct, IModelSums, allows ref struct =>
        estimator == TauSquaredEstimator.RestrictedMaximumLikelihood
            ? Limits<RestrictedMaximumLikelihood, TModel>(ref model)
            : Limits<MaximumLikelihood, TModel>(ref model);

    private (double Lower, double Upper) Limits<TLikelihood, TModel>(ref TModel model)
        where TLikelihood : struct, ILikelihood
        where TModel : struct, IModelSums, allows ref struct
    {
        model.MoveTo(tau2);
        var threshold = TLikelihood.Value(model) - Distributions.ChiSquaredQuantile(level, 1) / 2;
        var step = Math.Max(tau2, Math.Sqrt(1 / TLikelihood.Derivatives(model).ExpectedInformation));

        model.MoveTo(0);
        var lower = TLikelihood.Value(model) >= threshold ? 0 : Cross<TLikelihood, TModel>(ref model, threshold, 0, tau2);
        var high = tau2 + step;
        for (var i = 0; Above<TLikelihood, TModel>(ref model, threshold, high) > 0; i++)
        {
            if (i > 1000 || !double.IsFinite(high)) throw new ConvergenceException(What, "the likelihood does not fall", i);
            high = tau2 + (high - tau2) * 2;
        }
        return (lower, Cross<TLikelihood, TModel>(ref model, threshold, tau2, high));
    }

    /// <summary>Where the likelihood crosses the threshold, by halving: a model of spans cannot be handed to a root finder.</summary>
    private static double Cross<TLikelihood, TModel>(ref TModel model, double threshold, double low, double high)
        where TLikelihood : struct, ILikelihood
        where TModel : struct, IModelSums, allows ref struct
    {
        var rising = Above<TLikelihood, TModel>(ref model, threshold, low) < 0;
        for (var i = 0; i < 2000; i++)
        {
            var middle = (low + high) / 2;
            if (middle <= low || middle >= high) break;
            var above = Above<TLikelihood, TModel>(ref model, threshold, middle);
            // Newton's step first, halving where it leaves the bracket.
            if (above < 0 == rising) low = middle;
            else high = middle;
            var newton = middle - above / TLikelihood.Derivatives(model).Score;
            if (!(newton > low && newton < high)) continue;
            above = Above<TLikelihood, TModel>(ref model, threshold, newton);
            if (above < 0 == rising) low = newton;
            else high = newton;
            if (Math.Abs(newton - middle) <= 1e-14 * middle) break;
        }
        return (low + high) / 2;
    }

    private static double Above<TLikelihood, TModel>(ref TModel model, double threshold, double at)
        where TLikelihood : struct, ILikelihood
        where TModel : struct, IModelSums, allows ref struct
    {
        model.MoveTo(at);
        return TLikelihood.Value(model) - threshold;
    }
}
