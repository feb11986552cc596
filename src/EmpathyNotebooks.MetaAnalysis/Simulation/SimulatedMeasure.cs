namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What kind of effects a simulation draws, and how.</summary>
public enum SimulatedMeasure
{
    /// <summary>
    /// Fisher's z. True effects are normal on that scale; the correlation of each sample is drawn from its exact distribution under bivariate normality, and its z is pooled with variance 1/(n - 3). metafor: ZCOR.
    /// </summary>
    FisherZ,

    /// <summary>
    /// Correlations as they are. True effects are normal on the scale of r within (-1, 1); the correlation of each sample is drawn from its exact distribution, and pooled with variance (1 - r²)²/(n - 1). metafor: COR.
    /// </summary>
    Correlation,

    /// <summary>
    /// Hedges' g of two groups that share n people, the first having the odd one. The mean difference is drawn as normal and the pooled variance as chi², so that g is exact; its variance is 1/n1 + 1/n2 + g²/(2n). metafor: SMD.
    /// </summary>
    StandardizedMeanDifference,

    /// <summary>Any effect that is normal around its true value with a known sampling variance, which stands in the place of n. metafor: GEN.</summary>
    Generic,
}

/// <summary>What is said about simulated measures in several places.</summary>
internal static class SimulatedMeasures
{
    public static EffectMeasure Of(SimulatedMeasure measure) => measure switch
    {
        SimulatedMeasure.FisherZ => EffectMeasure.FisherZ,
        SimulatedMeasure.Correlation => EffectMeasure.Correlation,
        SimulatedMeasure.StandardizedMeanDifference => EffectMeasure.StandardizedMeanDifference,
        SimulatedMeasure.Generic => EffectMeasure.Generic,
        _ => throw new ArgumentOutOfRangeException(nameof(measure), measure, "There is no such simulated measure."),
    };
}
