namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// tau² = (y'Py - tr(PV)) / tr(P) with any weights in P: E(y'Py) = tr(PV) + tau² tr(P), and
/// Var(y'Py) = 2 tr(PVPV) + 4 tau² tr(PVP) + 2 tau⁴ tr(PP).
/// </summary>
internal static class GeneralizedQMoments
{
    public static TauSquaredEstimate Estimate<TModel>(ref TModel model, ReadOnlySpan<double> weights)
        where TModel : struct, IModelSums, allows ref struct => Estimate(ref model,
            weights.IsEmpty ? MomentWeights.InverseOfVariancePlus(model.MeanVariances().OfSampling) : MomentWeights.Of(weights));

    public static TauSquaredEstimate Estimate<TModel>(ref TModel model, in MomentWeights weights)
        where TModel : struct, IModelSums, allows ref struct
    {
        var moments = model.MomentsWith(weights);
        var tau2 = Math.Max(0, (moments.Q - moments.TracePV) / moments.TraceP);
        return new TauSquaredEstimate(tau2, Math.Sqrt(VarianceOfQ(moments, tau2)) / moments.TraceP, 0);
    }

    public static double VarianceOfQ(in Moments m, double tau2) =>
        2 * m.TracePVPV + 4 * tau2 * m.TracePVP + 2 * tau2 * tau2 * m.TracePP;
}
