namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>First derivative of a log-likelihood in tau² with its expected and observed information.</summary>
internal readonly record struct LikelihoodDerivatives(double Score, double ExpectedInformation, double ObservedInformation);

/// <summary>A log-likelihood in tau², the coefficients being at their best for each tau².</summary>
internal interface ILikelihood
{
    static abstract string Name { get; }

    static abstract LikelihoodDerivatives Derivatives<TModel>(in TModel model) where TModel : struct, IModelSums, allows ref struct;

    static abstract double Value<TModel>(in TModel model) where TModel : struct, IModelSums, allows ref struct;
}

/// <summary>
/// Climbs a log-likelihood in tau² ≥ 0: Fisher scoring, sharpened to Newton's step where the curvature allows, kept inside a bracket of the
/// score's sign and halved when it would leave it. A rising score at 0 with a falling one above always leaves a maximum between them, so
/// the search cannot fail to find one.
/// </summary>
internal static class LikelihoodSearch
{
    private const int ScoringIterations = 50;
    private const int MaxIterations = 500;

    public static (double TauSquared, int Iterations) Maximize<TLikelihood, TModel>(ref TModel model)
        where TLikelihood : struct, ILikelihood
        where TModel : struct, IModelSums, allows ref struct
    {
        var (tau2, iterations, boundaryIsMaximum) = Climb<TLikelihood, TModel>(ref model);
        if (tau2 == 0 || !boundaryIsMaximum) return (tau2, iterations);
        // Two maxima, one of them at 0: only the likelihood itself tells which is the higher.
        model.MoveTo(tau2);
        var inside = TLikelihood.Value(model);
        model.MoveTo(0);
        return (TLikelihood.Value(model) > inside ? 0 : tau2, iterations);
    }

    private static (double TauSquared, int Iterations, bool BoundaryIsMaximum) Climb<TLikelihood, TModel>(ref TModel model)
        where TLikelihood : struct, ILikelihood
        where TModel : struct, IModelSums, allows ref struct
    {
        double low = 0, high = double.PositiveInfinity;
        var tau2 = DerSimonianLaird.Estimate(ref model).Value;
        // The start left the model at tau² = 0.
        var boundaryIsMaximum = TLikelihood.Derivatives(model).Score <= 0;
        for (var iteration = 1; iteration <= MaxIterations; iteration++)
        {
            model.MoveTo(tau2);
            var at = TLikelihood.Derivatives(model);
            if (!double.IsFinite(at.Score) || !(at.ExpectedInformation > 0)) break;
            if (tau2 == 0 && at.Score <= 0) return (0, iteration, true);
            if (at.Score > 0) low = tau2;
            else high = tau2;

            // Where the likelihood is nearly flat, scoring creeps and Newton leaps: halving the bracket ends both.
            var halve = iteration > ScoringIterations && !double.IsInfinity(high);
            var newton = at.ObservedInformation > 0.01 * at.ExpectedInformation;
            var next = halve ? (low + high) / 2 : tau2 + at.Score / (newton ? at.ObservedInformation : at.ExpectedInformation);
            var resolution = ModelSums.Resolution(model);
            if (Math.Abs(next - tau2) <= resolution || high - low <= resolution) return (Math.Max(0, next), iteration, boundaryIsMaximum);
            if (next <= 0 && low == 0)
            {
                // Downhill to the boundary. Where the likelihood still rises at 0 there is a maximum between 0 and here.
                if (boundaryIsMaximum) return (0, iteration, true);
                next = tau2 / 2;
            }
            else if (!(next > low && next < high))
            {
                next = double.IsInfinity(high) ? 2 * tau2 + Math.Sqrt(1 / at.ExpectedInformation) : (low + high) / 2;
            }
            tau2 = next;
        }
        throw new NonConvergenceException(TLikelihood.Name, "the effects or variances are too large or too small for double precision",
            MaxIterations);
    }
}
