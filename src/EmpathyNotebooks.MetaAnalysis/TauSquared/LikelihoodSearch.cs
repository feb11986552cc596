namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>First derivative of a log-likelihood in tau² with its expected and observed information.</summary>
internal readonly record struct LikelihoodDerivatives(double Score, double ExpectedInformation, double ObservedInformation);

/// <summary>
/// Climbs a log-likelihood in tau² ≥ 0: Fisher scoring, sharpened to Newton's step where the curvature allows, kept inside a bracket of the
/// score's sign and halved when it would leave it. A rising score at 0 with a falling one above always leaves a maximum between them, so
/// the search cannot fail to find one.
/// </summary>
internal static class LikelihoodSearch
{
    private const int ScoringIterations = 50;
    private const int MaxIterations = 500;

    public delegate LikelihoodDerivatives Derivatives(in WeightedSums sums);

    public static (double TauSquared, int Iterations) Maximize(string method, Derivatives derivatives, ReadOnlySpan<double> yi,
        ReadOnlySpan<double> vi)
    {
        double low = 0, high = double.PositiveInfinity;
        var tau2 = DerSimonianLaird.Estimate(yi, vi).Value;
        for (var iteration = 1; iteration <= MaxIterations; iteration++)
        {
            var sums = WeightedSums.At(tau2, yi, vi);
            var at = derivatives(sums);
            if (!double.IsFinite(at.Score) || !(at.ExpectedInformation > 0)) break;
            if (tau2 == 0 && at.Score <= 0) return (0, iteration);
            if (at.Score > 0) low = tau2;
            else high = tau2;

            // Where the likelihood is nearly flat, scoring creeps and Newton leaps: halving the bracket ends both.
            var halve = iteration > ScoringIterations && !double.IsInfinity(high);
            var newton = at.ObservedInformation > 0.01 * at.ExpectedInformation;
            var next = halve ? (low + high) / 2 : tau2 + at.Score / (newton ? at.ObservedInformation : at.ExpectedInformation);
            if (Math.Abs(next - tau2) <= sums.Resolution || high - low <= sums.Resolution) return (Math.Max(0, next), iteration);
            if (next <= 0 && low == 0)
            {
                // Downhill to the boundary. Where the likelihood still rises at 0 there is a maximum between 0 and here.
                if (derivatives(WeightedSums.At(0, yi, vi)).Score <= 0) return (0, iteration);
                next = tau2 / 2;
            }
            else if (!(next > low && next < high))
            {
                next = double.IsInfinity(high) ? 2 * tau2 + Math.Sqrt(1 / at.ExpectedInformation) : (low + high) / 2;
            }
            tau2 = next;
        }
        throw new NonConvergenceException(method, "the effects or variances are too large or too small for double precision", MaxIterations);
    }
}
