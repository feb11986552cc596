namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// First derivative of a log-likelihood in tau², ½(y'PPy - trace), with its expected and observed information. The trace is tr(P) of the restricted
/// likelihood, tr(W) of the full one.
/// </summary>
internal readonly record struct LikelihoodDerivatives(double Squares, double Trace, double ExpectedInformation, double ObservedInformation)
{
    public double Score => (Squares - Trace) / 2;
}

/// <summary>A log-likelihood in tau², the coefficients being at their best for each tau².</summary>
internal interface ILikelihood
{
    static abstract string Name { get; }

    static abstract LikelihoodDerivatives Derivatives<TModel>(in TModel model) where TModel : struct, IModelSums, allows ref struct;

    static abstract double Value<TModel>(in TModel model) where TModel : struct, IModelSums, allows ref struct;
}

/// <summary>
/// The highest maximum of a log-likelihood in tau² ≥ 0. A climb from the DerSimonian-Laird estimate finds one; a walk away from it to both sides then
/// shows that there is no other, or leads to it.
/// </summary>
internal static class LikelihoodSearch
{
    private const int ScoringIterations = 50;
    private const int MaxIterations = 500;

    /// <summary>The walk's smallest step as a factor of v + tau²: a second rise and fall within it would be of no height.</summary>
    private const double SmallestStep = 1.25;

    public static (double TauSquared, int Iterations) Maximize<TLikelihood, TModel>(ref TModel model)
        where TLikelihood : struct, ILikelihood
        where TModel : struct, IModelSums, allows ref struct
    {
        var start = DerSimonianLaird.Estimate(ref model).Value;
        // That left the model at tau² = 0.
        var zeroIsMaximum = TLikelihood.Derivatives(model).Score <= 0;
        var found = Climb<TLikelihood, TModel>(ref model, start, 0, double.PositiveInfinity, zeroIsMaximum);
        var best = found;
        double? height = null;
        for (var at = found.TauSquared; WalkUp<TLikelihood, TModel>(ref model, at) is { } rising; at = found.TauSquared)
        {
            found = Climb<TLikelihood, TModel>(ref model, rising, rising, double.PositiveInfinity, lowIsMaximum: false);
            Compare(ref model);
        }
        for (var at = best.TauSquared; WalkDown<TLikelihood, TModel>(ref model, at) is { } falling; at = found.TauSquared)
        {
            found = Climb<TLikelihood, TModel>(ref model, falling, 0, falling, zeroIsMaximum);
            Compare(ref model);
        }
        return best;

        void Compare(ref TModel model)
        {
            height ??= Height(ref model, best.TauSquared);
            var other = Height(ref model, found.TauSquared);
            if (other > height) (best, height) = ((found.TauSquared, best.Iterations + found.Iterations), other);
        }

        static double Height(ref TModel model, double tau2)
        {
            model.MoveTo(tau2);
            return TLikelihood.Value(model);
        }
    }

    /// <summary>
    /// Fisher scoring, sharpened to Newton's step where the curvature allows, kept inside a bracket of the score's sign and halved when it would leave it.
    /// A rising score at the lower end with a falling one above always leaves a maximum between them, so the search cannot fail to find one.
    /// </summary>
    private static (double TauSquared, int Iterations) Climb<TLikelihood, TModel>(ref TModel model, double tau2, double low, double high, bool lowIsMaximum)
        where TLikelihood : struct, ILikelihood
        where TModel : struct, IModelSums, allows ref struct
    {
        var start = low;
        for (var iteration = 1; iteration <= MaxIterations; iteration++)
        {
            model.MoveTo(tau2);
            var at = TLikelihood.Derivatives(model);
            if (!double.IsFinite(at.Score) || !(at.ExpectedInformation > 0)) break;
            if (tau2 == start && at.Score <= 0) return (tau2, iteration);
            if (at.Score > 0) low = tau2;
            else high = tau2;

            // Where the likelihood is nearly flat, scoring creeps and Newton leaps: halving the bracket ends both, and steps of a size find its upper end where there is none.
            var isSlow = iteration > ScoringIterations;
            var newton = at.ObservedInformation > 0.01 * at.ExpectedInformation;
            var next = !isSlow ? tau2 + at.Score / (newton ? at.ObservedInformation : at.ExpectedInformation)
                : double.IsInfinity(high) ? (model.SmallestVariance + tau2) * SmallestStep - model.SmallestVariance : (low + high) / 2;
            var resolution = ModelSums.Resolution(model);
            if (Math.Abs(next - tau2) <= resolution || high - low <= resolution) return (Math.Max(start, next), iteration);
            if (next <= start && low == start)
            {
                // Downhill to the boundary. Where the likelihood still rises there, a maximum is between it and here.
                if (lowIsMaximum) return (start, iteration);
                next = start + (tau2 - start) / 2;
            }
            else if (!(next > low && next < high))
            {
                next = double.IsInfinity(high) ? 2 * tau2 + Math.Sqrt(1 / at.ExpectedInformation) : (low + high) / 2;
            }
            tau2 = next;
        }
        throw new ConvergenceException(TLikelihood.Name, "the effects or variances are too large or too small for double precision",
            MaxIterations, NonConvergence.Precision);
    }

    /// <summary>
    /// The next tau² above a maximum at which the likelihood rises, or null when it falls for ever. Both y'PPy and the trace fall in tau², the trace no
    /// faster than 1/(v + tau²) with the smallest v: from where their ratio is r &lt; 1 the score stays negative until v + tau² has grown 1/r times.
    /// </summary>
    private static double? WalkUp<TLikelihood, TModel>(ref TModel model, double tau2)
        where TLikelihood : struct, ILikelihood
        where TModel : struct, IModelSums, allows ref struct
    {
        var smallest = model.SmallestVariance;
        var largest = model.LargestVariance;
        var ratio = 1.0;
        while (true)
        {
            var next = (smallest + tau2) * Math.Max(SmallestStep, 1 / ratio) - smallest;
            model.MoveTo(tau2 = next);
            var at = TLikelihood.Derivatives(model);
            ratio = at.Squares / at.Trace;
            // In the eigenvalues λ of the model the score is ½Σ(c² - λ - tau²)/(λ + tau²)², and Q(v + tau²) ≥ Σc² with the largest v.
            if (tau2 >= model.Q * (largest + tau2) || !double.IsFinite(ratio)) return null;
            if (ratio > 1) return tau2;
        }
    }

    /// <summary>The next tau² below a maximum at which the likelihood falls, or null when it rises from 0 on; from a ratio r the score stays positive until v + tau² is r times less.</summary>
    private static double? WalkDown<TLikelihood, TModel>(ref TModel model, double tau2)
        where TLikelihood : struct, ILikelihood
        where TModel : struct, IModelSums, allows ref struct
    {
        var smallest = model.SmallestVariance;
        var ratio = 1.0;
        while (tau2 > 0)
        {
            tau2 = Math.Max(0, (smallest + tau2) / Math.Max(SmallestStep, ratio) - smallest);
            model.MoveTo(tau2);
            var at = TLikelihood.Derivatives(model);
            ratio = at.Squares / at.Trace;
            if (ratio < 1) return tau2;
        }
        return null;
    }
}
