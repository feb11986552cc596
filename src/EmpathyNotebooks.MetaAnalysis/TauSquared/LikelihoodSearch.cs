namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// First derivative of a log-likelihood in tau², ½(y'PPy - trace), with its expected and observed information. The trace is tr(P) of the restricted
/// likelihood, tr(W) of the full one.
/// </summary>
internal readonly record struct LikelihoodDerivatives(double Squares, double Trace, double ExpectedInformation, double ObservedInformation)
{
    public double Score => (Squares - Trace) / 2;

    /// <summary>What the score is divided by in Newton's step for trace/squares = 1: the observed information with the trace in place of the squares in its first part.</summary>
    public double CurvatureOfRatio => (ObservedInformation + ExpectedInformation) * Trace / Squares - ExpectedInformation;

    /// <summary>What v + tau² is like, <see cref="ModelSums.Scale"/>.</summary>
    public double Scale { get; init; }
}

/// <summary>A log-likelihood in tau², the coefficients being at their best for each tau².</summary>
internal interface ILikelihood
{
    static abstract string Name { get; }

    static abstract LikelihoodDerivatives Derivatives<TModel>(in TModel model) where TModel : struct, IModelSums, allows ref struct;

    static abstract double Value<TModel>(in TModel model) where TModel : struct, IModelSums, allows ref struct;
}

/// <summary>
/// The highest maximum of a log-likelihood in tau² ≥ 0. A climb from the DerSimonian-Laird estimate finds one; what is known there often shows by
/// <see cref="ScoreBounds"/> that there is no other, and where it does not, a walk away from it to both sides does, or leads to it.
/// </summary>
internal static class LikelihoodSearch
{
    private const int ScoringIterations = 50;
    private const int MaxIterations = 500;

    /// <summary>A Newton step of this size relative to v + tau² leaves an error of its square. What two steps leave is known sooner: with s after r about s·(s/r)².</summary>
    private const double LastStep = 1e-9;

    public static (double TauSquared, int Iterations) Maximize<TLikelihood, TModel>(ref TModel model)
        where TLikelihood : struct, ILikelihood
        where TModel : struct, IModelSums, allows ref struct
    {
        var start = DerSimonianLaird.Estimate(ref model).Value;
        // That left the model at tau² = 0.
        var zero = new Evaluated(0, Here<TLikelihood, TModel>(model));
        var found = Climb<TLikelihood, TModel>(ref model, start, zero, double.PositiveInfinity, zero);
        var best = found;
        double? height = null;
        while (WalkUp<TLikelihood, TModel>(ref model, found.Last) is { } rising)
        {
            found = Climb<TLikelihood, TModel>(ref model, rising.TauSquared, rising, double.PositiveInfinity, zero);
            Compare(ref model);
        }
        found = best;
        while (WalkDown<TLikelihood, TModel>(ref model, found.Last) is { } falling)
        {
            found = Climb<TLikelihood, TModel>(ref model, falling.TauSquared, zero, falling.TauSquared, zero);
            Compare(ref model);
        }
        if (zero.At.Score <= 0 && best.TauSquared > 0)
        {
            found = new(0, 1, zero);
            Compare(ref model);
        }
        return (best.TauSquared, best.Iterations);

        void Compare(ref TModel model)
        {
            height ??= Height(ref model, best.TauSquared);
            var other = Height(ref model, found.TauSquared);
            if (other > height) (best, height) = (found with { Iterations = best.Iterations + found.Iterations }, other);
        }

        static double Height(ref TModel model, double tau2)
        {
            model.MoveTo(tau2);
            return TLikelihood.Value(model);
        }
    }

    /// <summary>
    /// Fisher scoring, sharpened where the curvature allows to Newton's step for trace/squares = 1, nearly a straight line in tau², kept inside a bracket of the score's sign and halved when it would leave it.
    /// A rising score at the lower end with a falling one above always leaves a maximum between them, so the search cannot fail to find one.
    /// </summary>
    private static Maximum Climb<TLikelihood, TModel>(ref TModel model, double tau2, in Evaluated from, double high, in Evaluated zero)
        where TLikelihood : struct, ILikelihood
        where TModel : struct, IModelSums, allows ref struct
    {
        double start = from.TauSquared, low = start, before = 0;
        for (var iteration = 1; iteration <= MaxIterations; iteration++)
        {
            var at = from.TauSquared == tau2 ? from.At : At<TLikelihood, TModel>(ref model, tau2);
            if (!double.IsFinite(at.Score) || !(at.ExpectedInformation > 0)) break;
            if (tau2 == start && at.Score <= 0) return new(tau2, iteration, new(tau2, at));
            if (at.Score > 0) low = tau2;
            else high = tau2;

            // Where the likelihood is nearly flat, scoring creeps and Newton leaps: halving the bracket ends both, and steps of a size find its upper end where there is none.
            var isSlow = iteration > ScoringIterations;
            var curvature = at.CurvatureOfRatio;
            var newton = curvature > 0.01 * at.ExpectedInformation;
            var next = !isSlow ? tau2 + at.Score / (newton ? curvature : at.ExpectedInformation)
                : double.IsInfinity(high) ? (model.SmallestVariance + tau2) * ScoreBounds.SmallestStep - model.SmallestVariance : (low + high) / 2;
            var resolution = ModelSums.Resolution * at.Scale;
            var step = newton && !isSlow ? Math.Abs(next - tau2) : 0;
            var isLast = step > 0 ? step <= LastStep * at.Scale || step * step * step <= resolution * before * before / 10 : Math.Abs(next - tau2) <= resolution;
            before = step;
            if (isLast || high - low <= resolution) return new(Math.Max(start, next), iteration, new(tau2, at));
            if (next <= start && low == start)
            {
                // Downhill to the boundary. Where the likelihood still rises there, a maximum is between it and here.
                if (start == 0 && zero.At.Score <= 0) return new(0, iteration, zero);
                next = start + (tau2 - start) / 2;
                before = 0;
            }
            else if (!(next > low && next < high))
            {
                next = double.IsInfinity(high) ? 2 * tau2 + Math.Sqrt(1 / at.ExpectedInformation) : (low + high) / 2;
                before = 0;
            }
            tau2 = next;
        }
        throw new ConvergenceException(TLikelihood.Name, "the effects or variances are too large or too small for double precision",
            MaxIterations, NonConvergence.Precision);
    }

    /// <summary>The next tau² above a maximum at which the likelihood rises, or null when it falls for ever.</summary>
    private static Evaluated? WalkUp<TLikelihood, TModel>(ref TModel model, Evaluated from)
        where TLikelihood : struct, ILikelihood
        where TModel : struct, IModelSums, allows ref struct
    {
        double smallest = model.SmallestVariance, largest = model.LargestVariance;
        while (true)
        {
            var next = new ScoreBounds(from.At, from.TauSquared, smallest, largest).NegativeUpTo();
            if (!double.IsFinite(next)) return null;
            from = new(next, At<TLikelihood, TModel>(ref model, next));
            // In the eigenvalues λ of the model the score is ½Σ(c² - λ - tau²)/(λ + tau²)², and Q(v + tau²) ≥ Σc² with the largest v.
            if (next >= model.Q * (largest + next) || !double.IsFinite(from.At.Score)) return null;
            if (from.At.Score > 0) return from;
        }
    }

    /// <summary>The next tau² below a maximum at which the likelihood falls, or null when it rises from 0 on.</summary>
    private static Evaluated? WalkDown<TLikelihood, TModel>(ref TModel model, Evaluated from)
        where TLikelihood : struct, ILikelihood
        where TModel : struct, IModelSums, allows ref struct
    {
        if (from.TauSquared == 0) return null;
        double smallest = model.SmallestVariance, largest = model.LargestVariance;
        while (new ScoreBounds(from.At, from.TauSquared, smallest, largest).PositiveDownTo() is > 0 and var next)
        {
            from = new(next, At<TLikelihood, TModel>(ref model, next));
            if (from.At.Score < 0) return from;
        }
        return null;
    }

    private static LikelihoodDerivatives At<TLikelihood, TModel>(ref TModel model, double tau2)
        where TLikelihood : struct, ILikelihood
        where TModel : struct, IModelSums, allows ref struct
    {
        model.MoveTo(tau2);
        return Here<TLikelihood, TModel>(model);
    }

    private static LikelihoodDerivatives Here<TLikelihood, TModel>(in TModel model)
        where TLikelihood : struct, ILikelihood
        where TModel : struct, IModelSums, allows ref struct => TLikelihood.Derivatives(model) with { Scale = ModelSums.Scale(model) };

    /// <summary>What is known at one tau².</summary>
    private readonly record struct Evaluated(double TauSquared, LikelihoodDerivatives At);

    /// <summary>A maximum, and what is known at the last tau² before it.</summary>
    private readonly record struct Maximum(double TauSquared, int Iterations, Evaluated Last);
}
