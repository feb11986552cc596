namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>tau² = (Q - k) / Σ(1/v), or (Q k/(k - p) - k) / Σ(1/v) with the correction for few studies.</summary>
internal static class HunterSchmidt
{
    public static TauSquaredEstimate Estimate<TModel>(ref TModel model, bool smallSample) where TModel : struct, IModelSums, allows ref struct
    {
        model.MoveTo(0);
        double k = model.Count, df = k - model.Parameters;
        var correction = smallSample ? k / df : 1;
        var tau2 = Math.Max(0, (correction * model.Q - k) / model.SumOfWeights);
        var variance = DerSimonianLaird.VarianceOfQ(df, tau2, model.TraceP, model.TracePP);
        return new TauSquaredEstimate(tau2, correction * Math.Sqrt(variance) / model.SumOfWeights, 0);
    }
}
