using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>Numbers, intervals and names as tables have them.</summary>
internal static class Numbers
{
    /// <summary>A dash for what is not defined.</summary>
    public const string None = "–";

    // More decimals than that nobody counts.
    private const int MostDecimals = 12;
    private const int MostSignificant = 6;

    /// <summary>Decimals that show three digits of a standard error: four, more where it is small, two where it is large. <see cref="Number"/> writes more than 12 as a power of ten.</summary>
    public static int Digits(double standardError) => !(standardError > 0) ? 4
        : standardError >= 10 ? 2 : Math.Max(4, 2 - (int)Math.Floor(Math.Log10(standardError)));

    public static string Number(double? value, int digits = 2) => value is not { } number ? None : digits > MostDecimals ? Tiny(number, digits) : StatisticText.Number(number, digits);

    public static string Interval(ConfidenceInterval interval, int digits) => $"[{Number(interval.Lower, digits)}, {Number(interval.Upper, digits)}]";

    /// <summary>A number down to that decimal, by its significant digits: 1.1E−13. What rounds to nothing is 0.</summary>
    private static string Tiny(double value, int digits)
    {
        if (value == 0 || !double.IsFinite(value)) return StatisticText.Number(value, 0);
        var significant = (int)Math.Floor(Math.Log10(Math.Abs(value))) + digits + 1;
        return significant < 1 ? "0" : StatisticText.Significant(value, Math.Min(significant, MostSignificant));
    }

    /// <summary>An interval on the scale that is shown already.</summary>
    public static string Interval(ConfidenceInterval shown, EffectMeasure measure, int digits = 3) => $"[{measure.Format(shown.Lower, digits)}, {measure.Format(shown.Upper, digits)}]";

    public static string Interval(ConfidenceInterval? interval, Func<double, string> format) => interval is { } known ? $"[{format(known.Lower)}, {format(known.Upper)}]" : None;

    /// <summary>A mean with its intervals on the scale that a reader knows.</summary>
    public static string Shown(EffectMeasure measure, BackTransformedEstimate shown) =>
        $"{measure.Symbol} = {measure.Format(shown.Estimate, 3)} {Interval(shown.ConfidenceInterval, measure)}"
        + (shown.PredictionInterval is { } prediction ? $", prediction interval {Interval(prediction, measure)}." : ".");

    public static string Name(Inference inference) => inference switch
    {
        Inference.HartungKnapp => "Hartung-Knapp",
        Inference.HartungKnappAdHoc => "Hartung-Knapp ad hoc",
        Inference.KenwardRoger => "Kenward-Roger",
        Inference.StudentT => "t",
        Inference.Normal => "normal",
        _ => throw new ArgumentOutOfRangeException(nameof(inference), inference, "There is no such kind of inference."),
    };

    /// <summary>metafor's abbreviation of a kind of inference.</summary>
    public static string Code(Inference inference) => inference switch
    {
        Inference.HartungKnapp => "knha",
        Inference.HartungKnappAdHoc => "adhoc",
        Inference.KenwardRoger => "kr",
        Inference.StudentT => "t",
        _ => "z",
    };
}
