namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The generalised Q(tau²) = y'Py falls from Cochran's Q at 0 towards 0, so each level below Cochran's Q is met exactly once. The
/// Paule-Mandel estimates and the limits of the Q-profile interval are such meetings.
/// </summary>
internal static class GeneralizedQ
{
    private const int MaxIterations = 200;

    /// <summary>The tau² at which Q equals the target; 0 when Q(0) is not above it.</summary>
    public static (double TauSquared, int Iterations) Solve<TModel>(double target, ref TModel model)
        where TModel : struct, IModelSums, allows ref struct
    {
        model.MoveTo(0);
        if (model.Q <= target) return (0, 0);

        double tau2 = 0, low = 0, high = double.PositiveInfinity;
        for (var iteration = 1; iteration <= MaxIterations; iteration++)
        {
            // Newton's step for 1/Q, which is nearly a straight line in tau²; dQ/dtau² = -y'PPy.
            var next = tau2 + (model.Q / target - 1) * model.Q / model.YPPY;
            var resolution = ModelSums.Resolution * ModelSums.Scale(model);
            if (Math.Abs(next - tau2) <= resolution || high - low <= resolution) return (next, iteration);
            if (!(next > low && next < high)) next = double.IsInfinity(high) ? 2 * tau2 + 1 / model.SumOfWeights : (low + high) / 2;
            if (!double.IsFinite(next)) break;
            tau2 = next;
            model.MoveTo(tau2);
            if (model.Q > target) low = tau2;
            else high = tau2;
        }
        throw new ConvergenceException("The search for tau squared by the generalised Q statistic",
            "the effects or variances are too large or too small for double precision", MaxIterations, NonConvergence.Precision);
    }
}
