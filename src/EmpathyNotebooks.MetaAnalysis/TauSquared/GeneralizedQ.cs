namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The generalised Q(tau²) = Σw(y - mean)² falls from Cochran's Q at 0 towards 0, so each level below Cochran's Q is met exactly once. The
/// Paule-Mandel estimate and the limits of the Q-profile interval are such meetings.
/// </summary>
internal static class GeneralizedQ
{
    private const int MaxIterations = 200;

    /// <summary>The tau² at which Q equals the target; 0 when Q(0) is not above it.</summary>
    public static (double TauSquared, int Iterations) Solve(double target, ReadOnlySpan<double> yi, ReadOnlySpan<double> vi)
    {
        var sums = WeightedSums.At(0, yi, vi);
        if (sums.We2 <= target) return (0, 0);

        double tau2 = 0, low = 0, high = double.PositiveInfinity;
        for (var iteration = 1; iteration <= MaxIterations; iteration++)
        {
            // Newton's step for 1/Q, which is nearly a straight line in tau²; dQ/dtau² = -Σw²e².
            var next = tau2 + (sums.We2 / target - 1) * sums.We2 / sums.W2e2;
            if (Math.Abs(next - tau2) <= sums.Resolution || high - low <= sums.Resolution) return (next, iteration);
            if (!(next > low && next < high)) next = double.IsInfinity(high) ? 2 * tau2 + 1 / sums.W1 : (low + high) / 2;
            if (!double.IsFinite(next)) break;
            tau2 = next;
            sums = WeightedSums.At(tau2, yi, vi);
            if (sums.We2 > target) low = tau2;
            else high = tau2;
        }
        throw new NonConvergenceException("The search for tau squared by the generalised Q statistic",
            "the effects or variances are too large or too small for double precision", MaxIterations);
    }
}
