namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>tau² = tau₀² Q(tau₀²)/(k - p) with the start tau₀² = Σ(y - mean)²/k.</summary>
internal static class SidikJonkman
{
    public static TauSquaredEstimate Estimate<TModel>(ref TModel model) where TModel : struct, IModelSums, allows ref struct
    {
        var start = model.MeanVariances().OfEffects;
        var moments = model.MomentsWith(MomentWeights.InverseOfVariancePlus(start));
        double df = model.Count - model.Parameters;
        var tau2 = start * moments.Q / df;
        return new TauSquaredEstimate(tau2, start / df * Math.Sqrt(GeneralizedQMoments.VarianceOfQ(moments, tau2)), 0);
    }
}
