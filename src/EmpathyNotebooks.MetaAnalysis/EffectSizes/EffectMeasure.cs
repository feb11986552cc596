using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// What an effect measures: how it was computed, the scale on which studies are pooled, how to go from there to the scale a
/// reader knows, and how to print it. Results, tables and charts ask the measure and never which kind of effect they show.
/// </summary>
public sealed class EffectMeasure
{
    private readonly Func<double, double> _toDisplay;
    private readonly Func<double, double> _fromDisplay;

    private EffectMeasure(string code, string name, string symbol, string analysisSymbol, Func<double, double> toDisplay,
        Func<double, double> fromDisplay, double minimum, double maximum, bool leadingZero)
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
    }

    /// <summary>
    /// Fisher's z = artanh(r), pooled in z and shown as r = tanh(z) (metafor's ZCOR). The usual choice for correlations: its
    /// variance 1/(n - 3) does not depend on the correlation itself (Fisher 1921).
    /// </summary>
    public static EffectMeasure FisherZ { get; } =
        new("ZCOR", "Correlation, pooled as Fisher's z", "r", "z", Math.Tanh, Math.Atanh, -1, 1, leadingZero: false);

    /// <summary>
    /// The correlation r as it stands (metafor's COR). Its variance depends on r, so large correlations get too much weight;
    /// prefer <see cref="FisherZ"/> unless a method asks for raw correlations.
    /// </summary>
    public static EffectMeasure Correlation { get; } =
        new("COR", "Correlation", "r", "r", Same, Same, -1, 1, leadingZero: false);

    /// <summary>The correlation corrected for its small negative bias (Olkin &amp; Pratt 1958; metafor's UCOR).</summary>
    public static EffectMeasure BiasCorrectedCorrelation { get; } =
        new("UCOR", "Bias-corrected correlation", "r", "r", Same, Same, -1, 1, leadingZero: false);

    /// <summary>Any effect whose null value is 0 and which is shown as it is pooled (metafor's GEN).</summary>
    public static EffectMeasure Generic { get; } =
        new("GEN", "Effect", "effect", "effect", Same, Same, double.NegativeInfinity, double.PositiveInfinity, leadingZero: true);

    /// <summary>metafor's abbreviation, for example ZCOR.</summary>
    public string Code { get; }

    /// <summary>The name in words.</summary>
    public string Name { get; }

    /// <summary>The symbol on the scale shown to a reader, for example r.</summary>
    public string Symbol { get; }

    /// <summary>The symbol on the scale that is pooled, for example z.</summary>
    public string AnalysisSymbol { get; }

    /// <summary>The value that means no effect, on the scale that is pooled.</summary>
    public double NullValue => _fromDisplay(DisplayNullValue);

    /// <summary>The value that means no effect, on the scale shown.</summary>
    public double DisplayNullValue => 0;

    /// <summary>The lowest value possible on the scale shown; negative infinity where there is none.</summary>
    public double DisplayMinimum { get; }

    /// <summary>The highest value possible on the scale shown; infinity where there is none.</summary>
    public double DisplayMaximum { get; }

    /// <summary>False where the value cannot exceed 1 and APA style drops the zero before the decimal point.</summary>
    public bool HasLeadingZero { get; }

    /// <summary>True when the scale shown is not the one that is pooled.</summary>
    public bool IsTransformed => Symbol != AnalysisSymbol;

    /// <summary>From the pooled scale to the one shown, for example tanh(z). Increasing, so interval limits stay limits.</summary>
    public double ToDisplay(double analysisValue) => _toDisplay(analysisValue);

    /// <summary>From the scale shown to the pooled one, for example artanh(r).</summary>
    public double FromDisplay(double displayValue) => _fromDisplay(displayValue);

    /// <summary>Prints a value of the scale shown in APA style: <c>.28</c> for correlations, <c>0.58</c> for what can exceed 1.</summary>
    /// <param name="displayValue">A value on the scale shown.</param>
    /// <param name="digits">Decimal places, 0 to 15.</param>
    public string Format(double displayValue, int digits = 2) => StatisticText.Number(displayValue, digits, HasLeadingZero);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} ({Code})");

    private static double Same(double value) => value;
}
