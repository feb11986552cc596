namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The priors that <see cref="BayesianModel"/> takes for a measure if none are given, with their source. They are weak: they exclude what no field has seen and leave the rest to the data; knowledge of one's own field is better.
/// </summary>
/// <remarks>
/// <para>Standardized mean differences: μ ~ N(0, 1) (Bartoš et al. 2023, Research Synthesis Methods 14, 99-116, table 1), τ ~ inverse-gamma(1, 0.15), fitted to meta-analyses of Psychological Bulletin (Gronau et al. 2017,
/// Comprehensive Results in Social Psychology 2, 123-138, from the data of van Erp, Verhagen, Grasman &amp; Wagenmakers 2017, Journal of Open Psychology Data 5, 4). Correlations and Fisher's z: the same with half the unit,
/// since d = 2r/√(1 - r²) is about 2z.</para>
/// <para>Logarithms of odds, risk, rate and hazard ratios: μ ~ N(0, 2.82), by which an odds ratio lies between 1/250 and 250 with 95% probability (Günhan, Röver &amp; Friede 2020, Research Synthesis Methods 11, 174-189),
/// τ ~ half-normal(0.5) (Friede, Röver, Wandel &amp; Neuenschwander 2017, Research Synthesis Methods 8, 79-91; Röver et al. 2021, Research Synthesis Methods 12, 448-474).</para>
/// <para>Other measures, such as means in units of their own, have no default for τ, for no number is small or large there; μ is flat.</para>
/// </remarks>
/// <param name="Effect">The prior of μ.</param>
/// <param name="Heterogeneity">The prior of τ; null where a measure has none.</param>
/// <param name="Source">Where they come from, in a few words for a note.</param>
/// <example><code>
/// DefaultPriors priors = DefaultPriors.Of(EffectMeasure.FisherZ);
/// Console.WriteLine($"{priors.Effect}, {priors.Heterogeneity}: {priors.Source}");
/// </code></example>
public sealed record DefaultPriors(EffectPrior Effect, HeterogeneityPrior? Heterogeneity, string Source)
{
    /// <summary>The priors of a measure.</summary>
    /// <param name="measure">The measure.</param>
    public static DefaultPriors Of(EffectMeasure measure)
    {
        ArgumentNullException.ThrowIfNull(measure);
        if (measure.Code is "OR" or "PETO" or "D2ORN" or "D2ORL" or "MPOR" or "MPORC" or "MPPETO" or "RR" or "IRR" or "MPRR" or "HR" or "ROM" or "ROMC")
        {
            return new DefaultPriors(EffectPrior.Normal(0, 2.82), HeterogeneityPrior.HalfNormal(0.5), "Günhan, Röver & Friede 2020; Friede et al. 2017");
        }
        return ModelAveragedBiasAdjustment.ScaleOf(measure) is { } unit
            ? new DefaultPriors(EffectPrior.Normal(0, unit), HeterogeneityPrior.InverseGamma(1, 0.15).ScaledBy(unit), "Bartoš et al. 2023; Gronau et al. 2017")
            : new DefaultPriors(EffectPrior.Flat, null, "none for this measure");
    }
}
