namespace EmpathyNotebooks.MetaAnalysis;

public sealed partial class EffectMeasure
{
    /// <summary>
    /// The difference of two means in the units of the scale (metafor's MD); see <see cref="MeanDifferences.Raw"/>.
    /// </summary>
    public static EffectMeasure MeanDifference { get; } = Difference("MD", "Mean difference", "MD");

    /// <summary>
    /// Hedges' g, the difference in pooled standard deviations (metafor's SMD); see <see cref="MeanDifferences.Standardized"/>.
    /// </summary>
    public static EffectMeasure StandardizedMeanDifference { get; } = Difference("SMD", "Standardized mean difference", "g");

    /// <summary>
    /// The difference in units of √((SD1² + SD2²)/2) (metafor's SMDH); see
    /// <see cref="MeanDifferences.StandardizedUnequalVariances"/>.
    /// </summary>
    public static EffectMeasure StandardizedMeanDifferenceUnequal { get; } =
        Difference("SMDH", "Standardized mean difference, unequal variances", "g");

    /// <summary>
    /// Glass's Δ, the difference in standard deviations of the second group (metafor's SMD1); see
    /// <see cref="MeanDifferences.Glass"/>.
    /// </summary>
    public static EffectMeasure GlassDelta { get; } = Difference("SMD1", "Glass's delta", "Δ");

    /// <summary>
    /// Glass's Δ with unequal variances (metafor's SMD1H); see <see cref="MeanDifferences.GlassUnequalVariances"/>.
    /// </summary>
    public static EffectMeasure GlassDeltaUnequal { get; } = Difference("SMD1H", "Glass's delta, unequal variances", "Δ");

    /// <summary>
    /// The ratio of two means, pooled as its logarithm (metafor's ROM); see <see cref="MeanRatios.RatioOfMeans"/>.
    /// </summary>
    public static EffectMeasure RatioOfMeans { get; } = Ratio("ROM", "Ratio of means", "RoM");

    /// <summary>
    /// The ratio of two standard deviations, pooled as its logarithm (metafor's VR); see
    /// <see cref="MeanRatios.VariabilityRatio"/>.
    /// </summary>
    public static EffectMeasure VariabilityRatio { get; } = Ratio("VR", "Variability ratio", "VR");

    /// <summary>
    /// The ratio of two coefficients of variation, pooled as its logarithm (metafor's CVR); see
    /// <see cref="MeanRatios.CoefficientOfVariationRatio"/>.
    /// </summary>
    public static EffectMeasure CoefficientOfVariationRatio { get; } = Ratio("CVR", "Coefficient of variation ratio", "CVR");

    /// <summary>
    /// The odds ratio that 1.65·d stands for (metafor's D2ORN); see <see cref="MeanDifferences.LogOddsRatio"/>.
    /// </summary>
    public static EffectMeasure OddsRatioFromNormal { get; } = Ratio("D2ORN", "Odds ratio from a mean difference, normal scores",
        "OR");

    /// <summary>
    /// The odds ratio that (π/√3)·d stands for (metafor's D2ORL, also D2OR); see <see cref="MeanDifferences.LogOddsRatio"/>.
    /// </summary>
    public static EffectMeasure OddsRatioFromLogistic { get; } =
        Ratio("D2ORL", "Odds ratio from a mean difference, logistic scores", "OR", "D2OR");

    /// <summary>The change of a mean in the units of the scale (metafor's MC); see <see cref="PairedMeans.Change"/>.</summary>
    public static EffectMeasure MeanChange { get; } = Difference("MC", "Mean change", "MC");

    /// <summary>
    /// The change in standard deviations of the change (metafor's SMCC); see <see cref="PairedMeans.StandardizedByChange"/>.
    /// </summary>
    public static EffectMeasure StandardizedMeanChange { get; } =
        Difference("SMCC", "Standardized mean change, change score standardization", "g_z");

    /// <summary>
    /// The change in standard deviations of the first occasion (metafor's SMCR); see
    /// <see cref="PairedMeans.StandardizedByFirst"/>.
    /// </summary>
    public static EffectMeasure StandardizedMeanChangeRaw { get; } =
        Difference("SMCR", "Standardized mean change, raw score standardization", "g");

    /// <summary>
    /// As SMCR, with unequal variances (metafor's SMCRH); see <see cref="PairedMeans.StandardizedByFirstUnequalVariances"/>.
    /// </summary>
    public static EffectMeasure StandardizedMeanChangeRawUnequal { get; } =
        Difference("SMCRH", "Standardized mean change, raw score standardization, unequal variances", "g");

    /// <summary>
    /// The change in units of √((SD1² + SD2²)/2) (metafor's SMCRP); see <see cref="PairedMeans.StandardizedByAverage"/>.
    /// </summary>
    public static EffectMeasure StandardizedMeanChangePooled { get; } =
        Difference("SMCRP", "Standardized mean change, average standardization", "g_av");

    /// <summary>
    /// As SMCRP, with unequal variances (metafor's SMCRPH); see <see cref="PairedMeans.StandardizedByAverageUnequalVariances"/>.
    /// </summary>
    public static EffectMeasure StandardizedMeanChangePooledUnequal { get; } =
        Difference("SMCRPH", "Standardized mean change, average standardization, unequal variances", "g_av");

    /// <summary>
    /// The ratio of two paired means, pooled as its logarithm (metafor's ROMC); see <see cref="PairedMeans.RatioOfMeans"/>.
    /// </summary>
    public static EffectMeasure RatioOfMeansPaired { get; } = Ratio("ROMC", "Ratio of means, paired", "RoM");

    /// <summary>
    /// The ratio of two paired standard deviations, pooled as its logarithm (metafor's VRC); see
    /// <see cref="PairedMeans.VariabilityRatio"/>.
    /// </summary>
    public static EffectMeasure VariabilityRatioPaired { get; } = Ratio("VRC", "Variability ratio, paired", "VR");

    /// <summary>
    /// The ratio of two paired coefficients of variation, pooled as its logarithm (metafor's CVRC); see
    /// <see cref="PairedMeans.CoefficientOfVariationRatio"/>.
    /// </summary>
    public static EffectMeasure CoefficientOfVariationRatioPaired { get; } = Ratio("CVRC",
        "Coefficient of variation ratio, paired", "CVR");

    /// <summary>
    /// The ratio of two risks, pooled as its logarithm (metafor's RR); see <see cref="TwoByTwoTables.LogRiskRatio"/>.
    /// </summary>
    public static EffectMeasure RiskRatio { get; } = Ratio("RR", "Risk ratio", "RR");

    /// <summary>
    /// The ratio of two odds, pooled as its logarithm (metafor's OR); see <see cref="TwoByTwoTables.LogOddsRatio"/>.
    /// </summary>
    public static EffectMeasure OddsRatio { get; } = Ratio("OR", "Odds ratio", "OR");

    /// <summary>The difference of two risks (metafor's RD); see <see cref="TwoByTwoTables.RiskDifference"/>.</summary>
    public static EffectMeasure RiskDifference { get; } = new("RD", "Risk difference", "RD", "RD", Same, Same, -1, 1,
        leadingZero: false);

    /// <summary>
    /// The difference of arcsine square roots of two risks (metafor's AS); see <see cref="TwoByTwoTables.ArcsineDifference"/>. It
    /// has no way back to a difference of risks.
    /// </summary>
    public static EffectMeasure ArcsineDifference { get; } =
        new("AS", "Arcsine risk difference", "AS", "AS", Same, Same, -Math.PI / 2, Math.PI / 2);

    /// <summary>
    /// Peto's odds ratio, pooled as its logarithm (metafor's PETO); see <see cref="TwoByTwoTables.PetoLogOddsRatio"/>.
    /// </summary>
    public static EffectMeasure PetoOddsRatio { get; } = Ratio("PETO", "Peto odds ratio", "OR");

    /// <summary>
    /// The difference of the probits of two risks, a standardized mean difference (metafor's PBIT); see
    /// <see cref="TwoByTwoTables.ProbitDifference"/>.
    /// </summary>
    public static EffectMeasure ProbitDifference { get; } = Difference("PBIT", "Probit-transformed risk difference", "d");

    /// <summary>
    /// The standardized mean difference ln(OR)/1.65 (metafor's OR2DN); see <see cref="TwoByTwoTables.StandardizedFromOdds"/>.
    /// </summary>
    public static EffectMeasure StandardizedFromOddsNormal { get; } =
        Difference("OR2DN", "Standardized mean difference from an odds ratio, normal scores", "d");

    /// <summary>
    /// The standardized mean difference (√3/π)·ln(OR) (metafor's OR2DL, also OR2D); see
    /// <see cref="TwoByTwoTables.StandardizedFromOdds"/>.
    /// </summary>
    public static EffectMeasure StandardizedFromOddsLogistic { get; } =
        Difference("OR2DL", "Standardized mean difference from an odds ratio, logistic scores", "d", "OR2D");

    /// <summary>
    /// The ratio of two incidence rates, pooled as its logarithm (metafor's IRR); see <see cref="Rates.LogRateRatio"/>.
    /// </summary>
    public static EffectMeasure RateRatio { get; } = Ratio("IRR", "Incidence rate ratio", "IRR");

    /// <summary>The difference of two incidence rates (metafor's IRD); see <see cref="Rates.RateDifference"/>.</summary>
    public static EffectMeasure RateDifference { get; } = Difference("IRD", "Incidence rate difference", "IRD");

    /// <summary>
    /// The difference of the square roots of two incidence rates (metafor's IRSD); see
    /// <see cref="Rates.SquareRootRateDifference"/>.
    /// </summary>
    public static EffectMeasure RateDifferenceSquareRoot { get; } =
        Difference("IRSD", "Square-root incidence rate difference", "IRSD");

    private static EffectMeasure Difference(string code, string name, string symbol, params string[] aliases) =>
        new(code, name, symbol, symbol, Same, Same, aliases: aliases);

    private static EffectMeasure Ratio(string code, string name, string symbol, params string[] aliases) =>
        new(code, name, symbol, "ln " + symbol, Math.Exp, Math.Log, 0, axis: AxisSpacing.Logarithmic, aliases: aliases);
}
