namespace EmpathyNotebooks.MetaAnalysis;

public sealed partial class EffectMeasure
{
    /// <summary>
    /// Fisher's z = artanh(r), pooled in z and shown as r = tanh(z) (metafor's ZCOR). The usual choice for correlations: its
    /// variance 1/(n - 3) does not depend on the correlation itself (Fisher 1921).
    /// </summary>
    /// <remarks>Formula: <see cref="Correlations.FisherZ"/>.</remarks>
    public static EffectMeasure FisherZ { get; } =
        new("ZCOR", "Correlation, pooled as Fisher's z", "r", "z", Math.Tanh, Math.Atanh, -1, 1, leadingZero: false);

    /// <summary>
    /// The correlation r as it stands (metafor's COR). Its variance depends on r, so large correlations get too much weight;
    /// prefer <see cref="FisherZ"/> unless a method asks for raw correlations.
    /// </summary>
    /// <remarks>Formula: <see cref="Correlations.Raw"/>.</remarks>
    public static EffectMeasure Correlation { get; } = Coefficient("COR", "Correlation", "r");

    /// <summary>The correlation corrected for its small negative bias (Olkin &amp; Pratt 1958; metafor's UCOR).</summary>
    /// <remarks>Formula: <see cref="Correlations.BiasCorrected"/>.</remarks>
    public static EffectMeasure BiasCorrectedCorrelation { get; } = Coefficient("UCOR", "Bias-corrected correlation", "r");

    /// <summary>
    /// Fisher's z of a partial correlation, shown as r (metafor's ZPCOR); see <see cref="PartialCorrelations.PartialFisherZ"/>.
    /// </summary>
    public static EffectMeasure PartialFisherZ { get; } =
        new("ZPCOR", "Partial correlation, pooled as Fisher's z", "pr", "z", Math.Tanh, Math.Atanh, -1, 1, leadingZero: false);

    /// <summary>The partial correlation as it stands (metafor's PCOR); see <see cref="PartialCorrelations.Partial"/>.</summary>
    public static EffectMeasure PartialCorrelation { get; } = Coefficient("PCOR", "Partial correlation", "pr");

    /// <summary>
    /// Fisher's z of a semi-partial correlation, shown as r (metafor's ZSPCOR); see
    /// <see cref="PartialCorrelations.SemiPartialFisherZ"/>.
    /// </summary>
    public static EffectMeasure SemiPartialFisherZ { get; } =
        new("ZSPCOR", "Semi-partial correlation, pooled as Fisher's z", "sr", "z", Math.Tanh, Math.Atanh, -1, 1,
            leadingZero: false);

    /// <summary>
    /// The semi-partial correlation as it stands (metafor's SPCOR); see <see cref="PartialCorrelations.SemiPartial"/>.
    /// </summary>
    public static EffectMeasure SemiPartialCorrelation { get; } = Coefficient("SPCOR", "Semi-partial correlation", "sr");

    /// <summary>
    /// The correlation of a score with membership in one of two groups (metafor's RPB); see
    /// <see cref="MeanDifferences.PointBiserial"/>.
    /// </summary>
    public static EffectMeasure PointBiserial { get; } = Coefficient("RPB", "Point-biserial correlation", "r_pb");

    /// <summary>
    /// The correlation of a score with a normal variable that was cut in two (metafor's RBIS); see
    /// <see cref="MeanDifferences.Biserial"/>. In a sample it can leave [-1, 1].
    /// </summary>
    public static EffectMeasure Biserial { get; } = new("RBIS", "Biserial correlation", "r_bis", "r_bis", Same, Same,
        leadingZero: false);

    /// <summary>The correlation of two dichotomous variables (metafor's PHI); see <see cref="TwoByTwoTables.Phi"/>.</summary>
    public static EffectMeasure Phi { get; } = Coefficient("PHI", "Phi coefficient", "φ");

    /// <summary>
    /// The correlation of two normal variables that were both cut in two (metafor's RTET); see
    /// <see cref="TwoByTwoTables.Tetrachoric"/>.
    /// </summary>
    public static EffectMeasure Tetrachoric { get; } = Coefficient("RTET", "Tetrachoric correlation", "r_tet");

    /// <summary>Yule's Q = (OR - 1)/(OR + 1) (metafor's YUQ); see <see cref="TwoByTwoTables.YuleQ"/>.</summary>
    public static EffectMeasure YuleQ { get; } = Coefficient("YUQ", "Yule's Q", "Q");

    /// <summary>Yule's Y = (√OR - 1)/(√OR + 1) (metafor's YUY); see <see cref="TwoByTwoTables.YuleY"/>.</summary>
    public static EffectMeasure YuleY { get; } = Coefficient("YUY", "Yule's Y", "Y");

    private static EffectMeasure Coefficient(string code, string name, string symbol) =>
        new(code, name, symbol, symbol, Same, Same, -1, 1, leadingZero: false);
}
