namespace EmpathyNotebooks.MetaAnalysis;

public sealed partial class EffectMeasure
{
    /// <summary>A proportion as it stands (metafor's PR); see <see cref="Proportions.Raw"/>.</summary>
    public static EffectMeasure Proportion { get; } = OfProportion("PR", "Proportion", "p", Same, Same);

    /// <summary>A proportion, pooled as its logarithm (metafor's PLN); see <see cref="Proportions.Log"/>.</summary>
    public static EffectMeasure ProportionLog { get; } =
        OfProportion("PLN", "Proportion, pooled as its logarithm", "ln p", y => Math.Min(1, Math.Exp(y)), Math.Log);

    /// <summary>A proportion, pooled as its log odds (metafor's PLO); see <see cref="Proportions.Logit"/>.</summary>
    public static EffectMeasure ProportionLogit { get; } =
        OfProportion("PLO", "Proportion, pooled as its log odds", "logit p",
            y => 1 / (1 + Math.Exp(-y)), p => Math.Log(p) - Math.Log(1 - p));

    /// <summary>
    /// A proportion, pooled as the arcsine of its square root (metafor's PAS); see <see cref="Proportions.Arcsine"/>.
    /// </summary>
    public static EffectMeasure ProportionArcsine { get; } =
        OfProportion("PAS", "Proportion, pooled as its arcsine square root", "arcsin √p", SquaredSine, ArcsineRoot);

    /// <summary>
    /// A proportion, pooled as its Freeman-Tukey double arcsine (metafor's PFT); see <see cref="Proportions.FreemanTukey"/>. The
    /// way back needs a sample size (<see cref="Proportions.FromFreemanTukey"/>, Miller 1978): the effects of studies carry their
    /// own, pooled values the harmonic mean of the sizes (<see cref="ForSize"/>). This one, without a size, is shown as sin²(y),
    /// the way back for large samples. When not to trust it: where sample sizes differ much, the harmonic mean can mislead badly
    /// (Schwarzer, Chemaitelly, Abu-Raddad &amp; Rücker 2019).
    /// </summary>
    public static EffectMeasure ProportionFreemanTukey { get; } =
        OfProportion("PFT", "Proportion, pooled as its Freeman-Tukey double arcsine", "double arcsin p", SquaredSine,
            ArcsineRoot, new SizedWay(Proportions.InverseDoubleArcsine, (p, n) => Proportions.DoubleArcsine(p * n, n), v => (1 / v - 2) / 4,
                "the inverse of Miller (1978)", "sample sizes"));

    /// <summary>An incidence rate as it stands (metafor's IR); see <see cref="Rates.Raw"/>.</summary>
    public static EffectMeasure Rate { get; } = Single("IR", "Incidence rate", "rate", "rate", Same, Same, 0);

    /// <summary>An incidence rate, pooled as its logarithm (metafor's IRLN); see <see cref="Rates.Log"/>.</summary>
    public static EffectMeasure RateLog { get; } = SingleLog("IRLN", "Incidence rate, pooled as its logarithm", "rate");

    /// <summary>An incidence rate, pooled as its square root (metafor's IRS); see <see cref="Rates.SquareRoot"/>.</summary>
    public static EffectMeasure RateSquareRoot { get; } =
        Single("IRS", "Incidence rate, pooled as its square root", "rate", "√rate", PositiveSquare, Math.Sqrt, 0);

    /// <summary>
    /// An incidence rate, pooled as its Freeman-Tukey transformation (metafor's IRFT); see <see cref="Rates.FreemanTukey"/>. The
    /// way back needs a person-time (<see cref="Rates.FromFreemanTukey"/>): the effects of studies carry their own, pooled values
    /// the harmonic mean of the times (<see cref="ForSize"/>). This one, without a time, is shown as y², the way back for long times.
    /// </summary>
    public static EffectMeasure RateFreemanTukey { get; } =
        Single("IRFT", "Incidence rate, pooled as its Freeman-Tukey transformation", "rate", "FT rate", PositiveSquare,
            Math.Sqrt, 0, new SizedWay(Rates.InverseFreemanTukey, (rate, t) => Rates.MeanRoot(rate * t, t), v => 1 / (4 * v),
                "the inverse of the Freeman-Tukey transformation", "person-times"));

    /// <summary>A mean as it stands (metafor's MN); see <see cref="SingleMeans.Raw"/>.</summary>
    public static EffectMeasure Mean { get; } = Single("MN", "Mean", "M", "M", Same, Same);

    /// <summary>A mean, pooled as its logarithm (metafor's MNLN); see <see cref="SingleMeans.Log"/>.</summary>
    public static EffectMeasure MeanLog { get; } = SingleLog("MNLN", "Mean, pooled as its logarithm", "M");

    /// <summary>
    /// A mean in standard deviations (metafor's SMN); see <see cref="SingleMeans.Standardized"/>. Here 0 can be a null value.
    /// </summary>
    public static EffectMeasure StandardizedMean { get; } = Difference("SMN", "Standardized mean", "g");

    /// <summary>
    /// A standard deviation, pooled as its logarithm (metafor's SDLN); see <see cref="SingleMeans.LogStandardDeviation"/>.
    /// </summary>
    public static EffectMeasure StandardDeviationLog { get; } = SingleLog("SDLN", "Standard deviation, pooled as its logarithm",
        "SD");

    /// <summary>
    /// A coefficient of variation, pooled as its logarithm (metafor's CVLN); see
    /// <see cref="SingleMeans.LogCoefficientOfVariation"/>.
    /// </summary>
    public static EffectMeasure CoefficientOfVariationLog { get; } =
        SingleLog("CVLN", "Coefficient of variation, pooled as its logarithm", "CV");

    /// <summary>Cronbach's alpha as it stands (metafor's ARAW); see <see cref="Reliabilities.Raw"/>.</summary>
    public static EffectMeasure Alpha { get; } = OfAlpha("ARAW", "Cronbach's alpha", "α", Same, Same);

    /// <summary>
    /// Cronbach's alpha, pooled as 1 - (1 - α)^⅓ (metafor's AHW); see <see cref="Reliabilities.HakstianWhalen"/>.
    /// </summary>
    public static EffectMeasure AlphaHakstianWhalen { get; } = OfAlpha("AHW",
        "Cronbach's alpha, pooled as Hakstian and Whalen's transformation",
        "1 - (1 - α)^⅓", y => 1 - Cube(Math.Max(0, 1 - y)), a => 1 - Math.Cbrt(1 - a));

    /// <summary>Cronbach's alpha, pooled as -ln(1 - α) (metafor's ABT); see <see cref="Reliabilities.Bonett"/>.</summary>
    public static EffectMeasure AlphaBonett { get; } =
        OfAlpha("ABT", "Cronbach's alpha, pooled as Bonett's transformation", "-ln(1 - α)",
            y => -double.ExpM1(-y), a => -double.LogP1(-a));

    private static EffectMeasure Single(string code, string name, string symbol, string analysisSymbol,
        Func<double, double> toDisplay, Func<double, double> fromDisplay, double minimum = double.NegativeInfinity,
        SizedWay? sized = null) =>
        new(code, name, symbol, analysisSymbol, toDisplay, fromDisplay, minimum, hasNull: false) { _sized = sized };

    private static EffectMeasure SingleLog(string code, string name, string symbol) =>
        new(code, name, symbol, "ln " + symbol, Math.Exp, Math.Log, 0, axis: AxisSpacing.Logarithmic, hasNull: false);

    private static EffectMeasure OfProportion(string code, string name, string analysisSymbol, Func<double, double> toDisplay,
        Func<double, double> fromDisplay, SizedWay? sized = null) =>
        new(code, name, "p", analysisSymbol, toDisplay, fromDisplay, 0, 1, leadingZero: false, hasNull: false) { _sized = sized };

    private static EffectMeasure OfAlpha(string code, string name, string analysisSymbol, Func<double, double> toDisplay,
        Func<double, double> fromDisplay) =>
        new(code, name, "α", analysisSymbol, toDisplay, fromDisplay, maximum: 1, leadingZero: false, hasNull: false);

    private static double SquaredSine(double y)
    {
        var sine = Math.Sin(Math.Clamp(y, 0, Math.PI / 2));
        return sine * sine;
    }

    private static double ArcsineRoot(double p) => Math.Asin(Math.Sqrt(p));

    private static double PositiveSquare(double y) => y <= 0 ? 0 : y * y;

    private static double Cube(double value) => value * value * value;
}
