using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>Numbers, intervals and names as tables have them.</summary>
internal static class Numbers
{
    /// <summary>A dash for what is not defined.</summary>
    public const string None = "–";

    /// <summary>Decimals that show three digits of a standard error: four, more where it is small, two where it is large.</summary>
    public static int Digits(double standardError) => !(standardError > 0) ? 4
        : standardError >= 10 ? 2 : Math.Clamp(2 - (int)Math.Floor(Math.Log10(standardError)), 4, 12);

    public static string Number(double? value, int digits = 2) => value is { } number ? StatisticText.Number(number, digits) : None;

    public static string Interval(ConfidenceInterval interval, int digits) =>
        $"[{StatisticText.Number(interval.Lower, digits)}, {StatisticText.Number(interval.Upper, digits)}]";

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
