namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>tau² = (Q - (k - p)) / tr(P) at tau² = 0, not below 0.</summary>
internal static class DerSimonianLaird
{
    public static TauSquaredEstimate Estimate<TModel>(ref TModel model) where TModel : struct, IModelSums, allows ref struct
    {
        model.MoveTo(0);
        var df = model.Count - model.Parameters;
        var trace = model.TraceP;
        var tau2 = Math.Max(0, (model.Q - df) / trace);
        return new TauSquaredEstimate(tau2, Math.Sqrt(VarianceOfQ(df, tau2, trace, model.TracePP)) / trace, 0);
    }

    /// <summary>Var(Q) = 2 df + 4 tau² tr(P) + 2 tau⁴ tr(PP).</summary>
    public static double VarianceOfQ(double df, double tau2, double traceP, double tracePP) =>
        2 * df + 4 * tau2 * traceP + 2 * tau2 * tau2 * tracePP;
}
