namespace EmpathyNotebooks.MetaAnalysis;

public sealed partial class EffectMeasure
{
    /// <summary>The marginal risk ratio of matched pairs, pooled as its logarithm (metafor's MPRR); see <see cref="MatchedPairEffects.LogRiskRatio"/>.</summary>
    public static EffectMeasure MatchedRiskRatio { get; } = Ratio("MPRR", "Risk ratio of matched pairs", "RR");

    /// <summary>The marginal odds ratio of matched pairs, pooled as its logarithm (metafor's MPOR); see <see cref="MatchedPairEffects.LogOddsRatio"/>.</summary>
    public static EffectMeasure MatchedOddsRatio { get; } = Ratio("MPOR", "Marginal odds ratio of matched pairs", "OR");

    /// <summary>The marginal risk difference of matched pairs (metafor's MPRD); see <see cref="MatchedPairEffects.RiskDifference"/>.</summary>
    public static EffectMeasure MatchedRiskDifference { get; } = new("MPRD", "Risk difference of matched pairs", "RD", "RD", Same, Same, -1, 1,
        leadingZero: false);

    /// <summary>
    /// The conditional odds ratio of matched pairs, pooled as its logarithm (metafor's MPORC); see <see cref="MatchedPairEffects.ConditionalLogOddsRatio"/>.
    /// </summary>
    public static EffectMeasure MatchedConditionalOddsRatio { get; } = Ratio("MPORC", "Conditional odds ratio of matched pairs", "OR");

    /// <summary>
    /// The conditional odds ratio of matched pairs by Peto's method, pooled as its logarithm (metafor's MPPETO); see
    /// <see cref="MatchedPairEffects.PetoLogOddsRatio"/>.
    /// </summary>
    public static EffectMeasure MatchedPetoOddsRatio { get; } = Ratio("MPPETO", "Peto odds ratio of matched pairs", "OR");

    /// <summary>The share of variance that a regression explains, R² (metafor's R2); see <see cref="ExplainedVariance.Raw"/>.</summary>
    public static EffectMeasure RSquared { get; } = new("R2", "Explained variance", "R²", "R²", Same, Same, 0, 1, leadingZero: false, hasNull: false);

    /// <summary>R², pooled as Fisher's z of the multiple correlation (metafor's ZR2); see <see cref="ExplainedVariance.FisherZ"/>.</summary>
    public static EffectMeasure RSquaredFisherZ { get; } = new("ZR2", "Explained variance, pooled as Fisher's z of R", "R²", "z", SquaredTanh,
        shown => Math.Atanh(Math.Sqrt(shown)), 0, 1, leadingZero: false, hasNull: false);

    /// <summary>
    /// The area under the receiver operating characteristic (metafor's AUC, also CLES); see <see cref="MetaAnalysis.AreaUnderCurve.Raw"/>. Its value of no effect is .5, not 0:
    /// the interval tells whether it holds .5.
    /// </summary>
    public static EffectMeasure AreaUnderCurve { get; } = new("AUC", "Area under the curve", "AUC", "AUC", Same, Same, 0, 1, leadingZero: false, hasNull: false,
        aliases: "CLES");

    private static double SquaredTanh(double y)
    {
        var r = Math.Tanh(Math.Max(0, y));
        return r * r;
    }
}
