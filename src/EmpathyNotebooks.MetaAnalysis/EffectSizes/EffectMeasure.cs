using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>How the axis of a chart is divided for a measure.</summary>
/// <example><code>
/// Console.WriteLine(EffectMeasure.OddsRatio.AxisSpacing == AxisSpacing.Logarithmic);
/// </code></example>
public enum AxisSpacing
{
    /// <summary>Equal steps: 0, 0.2, 0.4.</summary>
    Linear,

    /// <summary>Equal ratios, for measures that are pooled as logarithms and shown as ratios: 0.5, 1, 2.</summary>
    Logarithmic,
}

/// <summary>
/// What an effect measures: how it was computed, the scale on which studies are pooled, how to go from there to the scale a
/// reader knows, and how to print it. Results, tables and charts ask the measure and never which kind of effect they show.
/// </summary>
public sealed partial class EffectMeasure : IEquatable<EffectMeasure>
{
    private readonly Func<double, double> _toDisplay;
    private readonly Func<double, double> _fromDisplay;

    private EffectMeasure(string code, string name, string symbol, string analysisSymbol, Func<double, double> toDisplay,
        Func<double, double> fromDisplay, double minimum = double.NegativeInfinity, double maximum = double.PositiveInfinity,
        bool leadingZero = true, AxisSpacing axis = AxisSpacing.Linear, bool hasNull = true, params string[] aliases)
    {
        Code = code;
        Name = name;
        Symbol = symbol;
        AnalysisSymbol = analysisSymbol;
        _toDisplay = toDisplay;
        _fromDisplay = fromDisplay;
        DisplayMinimum = minimum;
        DisplayMaximum = maximum;
        HasLeadingZero = leadingZero;
        AxisSpacing = axis;
        HasNullValue = hasNull;
        Aliases = aliases;
    }

    private EffectMeasure(EffectMeasure measure, double size) : this(measure.Code, measure.Name, measure.Symbol, measure.AnalysisSymbol,
        y => measure._sized!.ToDisplay(y, size), shown => measure._sized!.FromDisplay(shown, size), measure.DisplayMinimum, measure.DisplayMaximum,
        measure.HasLeadingZero, measure.AxisSpacing, measure.HasNullValue, [.. measure.Aliases])
    {
        _sized = measure._sized;
        Size = size;
    }

    /// <summary>
    /// Any effect whose null value is 0 and which is shown as it is pooled (metafor's GEN). When not to use it: where the measure
    /// is known; tables and charts then say more.
    /// </summary>
    public static EffectMeasure Generic { get; } = new("GEN", "Effect", "effect", "effect", Same, Same);

    /// <summary>metafor's abbreviation, for example ZCOR.</summary>
    public string Code { get; }

    /// <summary>Other abbreviations that mean the same measure, for example OR2D for OR2DL.</summary>
    public IReadOnlyList<string> Aliases { get; }

    /// <summary>The name in words.</summary>
    public string Name { get; }

    /// <summary>The symbol on the scale shown to a reader, for example r.</summary>
    public string Symbol { get; }

    /// <summary>The symbol on the scale that is pooled, for example z.</summary>
    public string AnalysisSymbol { get; }

    /// <summary>
    /// The value that means no effect, on the scale that is pooled: 0 for every measure, since ratios are pooled as logarithms.
    /// For a measure without a null value it is only where the scale begins; see <see cref="HasNullValue"/>.
    /// </summary>
    public double NullValue => 0;

    /// <summary>
    /// The value that means no effect, on the scale shown: 1 for ratios, 0 for differences and correlations. Draw no line there
    /// and test nothing against it when <see cref="HasNullValue"/> is false.
    /// </summary>
    public double DisplayNullValue => _toDisplay(NullValue);

    /// <summary>
    /// True when one value means no effect. False for what describes a single group (a proportion, a rate, a mean, a
    /// reliability): a test against 0 says nothing there.
    /// </summary>
    public bool HasNullValue { get; }

    /// <summary>The lowest value possible on the scale shown; negative infinity where there is none.</summary>
    public double DisplayMinimum { get; }

    /// <summary>The highest value possible on the scale shown; infinity where there is none.</summary>
    public double DisplayMaximum { get; }

    /// <summary>False where the value cannot exceed 1 and APA style drops the zero before the decimal point.</summary>
    public bool HasLeadingZero { get; }

    /// <summary>
    /// How an axis of the scale shown is divided: by ratios for what is pooled as a logarithm and shown as a ratio.
    /// </summary>
    public AxisSpacing AxisSpacing { get; }

    /// <summary>True when the scale shown is not the one that is pooled.</summary>
    public bool IsTransformed => Symbol != AnalysisSymbol;

    /// <summary>
    /// From the pooled scale to the one shown, for example tanh(z). Never decreasing, so interval limits stay limits; what lies
    /// beyond the end of the shown scale (below 0 for an arcsine proportion) becomes that end.
    /// </summary>
    public double ToDisplay(double analysisValue) => _toDisplay(analysisValue);

    /// <summary>From the scale shown to the pooled one, for example artanh(r).</summary>
    public double FromDisplay(double displayValue) => _fromDisplay(displayValue);

    /// <summary>
    /// Prints a value of the scale shown in APA style: <c>.28</c> for correlations, <c>0.58</c> for what can exceed 1.
    /// </summary>
    /// <param name="displayValue">A value on the scale shown.</param>
    /// <param name="digits">Decimal places, 0 to 15.</param>
    public string Format(double displayValue, int digits = 2) => StatisticText.Number(displayValue, digits, HasLeadingZero);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} ({Code})");

    /// <summary>The measure of a code such as SMD or its alias; upper and lower case are the same.</summary>
    /// <param name="code">metafor's abbreviation.</param>
    /// <exception cref="ArgumentException">There is no such measure; the message suggests the nearest and lists all.</exception>
    public static EffectMeasure FromCode(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        foreach (var measure in All)
        {
            if (measure.Code.Equals(code, StringComparison.OrdinalIgnoreCase)
                || measure.Aliases.Contains(code, StringComparer.OrdinalIgnoreCase))
            {
                return measure;
            }
        }
        throw new ImpossibleChoiceException($"\"{code}\" is not a measure: {NearestName.Hint(code, All.Select(m => m.Code))}", ChoiceFault.NoSuchMeasure, nameof(code))
        {
            Value = code, Choices = [.. All.Select(m => m.Code)],
        };
    }

    /// <summary>Every measure, correlations first.</summary>
    public static IReadOnlyList<EffectMeasure> All => AllMeasures.List;

    private static double Same(double value) => value;

    // Apart, since static members of a partial class are initialised file by file in no stated order.
    private static class AllMeasures
    {
        public static readonly IReadOnlyList<EffectMeasure> List =
        [
            FisherZ, Correlation, BiasCorrectedCorrelation,
            PartialFisherZ, PartialCorrelation, SemiPartialFisherZ, SemiPartialCorrelation,
            PointBiserial, Biserial, Phi, Tetrachoric, YuleQ, YuleY,
            MeanDifference, StandardizedMeanDifference, StandardizedMeanDifferenceUnequal, GlassDelta, GlassDeltaUnequal,
            RatioOfMeans, VariabilityRatio, CoefficientOfVariationRatio,
            OddsRatioFromNormal, OddsRatioFromLogistic,
            MeanChange, StandardizedMeanChange, StandardizedMeanChangeRaw, StandardizedMeanChangeRawUnequal,
            StandardizedMeanChangePooled, StandardizedMeanChangePooledUnequal,
            RatioOfMeansPaired, VariabilityRatioPaired, CoefficientOfVariationRatioPaired,
            RiskRatio, OddsRatio, RiskDifference, ArcsineDifference, PetoOddsRatio,
            ProbitDifference, StandardizedFromOddsNormal, StandardizedFromOddsLogistic,
            RateRatio, RateDifference, RateDifferenceSquareRoot,
            Proportion, ProportionLog, ProportionLogit, ProportionArcsine, ProportionFreemanTukey,
            Rate, RateLog, RateSquareRoot, RateFreemanTukey,
            Mean, MeanLog, StandardizedMean, StandardDeviationLog, CoefficientOfVariationLog,
            Alpha, AlphaHakstianWhalen, AlphaBonett,
            MatchedRiskRatio, MatchedOddsRatio, MatchedRiskDifference, MatchedConditionalOddsRatio, MatchedPetoOddsRatio,
            RSquared, RSquaredFisherZ, AreaUnderCurve,
            HazardRatio, Generic,
        ];
    }
}
