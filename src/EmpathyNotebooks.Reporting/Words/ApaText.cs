using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>
/// Numbers as APA style (7th edition, 6.36 to 6.45) has them in sentences, and what may be said of them: never more than the interval says. Zero is named only where it lies outside of the interval, or inside.
/// </summary>
internal static class ApaText
{
    /// <summary>Fewer studies than this hardly determine the variance of true effects.</summary>
    public const int FewStudies = 5;

    private const int MostDigits = 6;

    public static string P(double p) => p > 0.9995 ? "p > .999" : StatisticText.PValueWithSymbol(p);

    /// <summary>Below which p a test is taken to have found something: 1 less the level of the intervals, so that words about both agree.</summary>
    public static bool IsFound(double p, double level) => p < 1 - level;

    /// <summary>t(15) = 4.63, p &lt; .001; z where there are no degrees of freedom.</summary>
    public static string Test(Coefficient c) => $"{(c.DegreesOfFreedom is { } df ? $"t({StatisticText.DegreesOfFreedom(df)})" : "z")} = {StatisticText.Number(c.Statistic)}, {P(c.PValue)}";

    public static string Test(ModeratorTest test) => (test.DenominatorDegreesOfFreedom is { } df ? $"F({StatisticText.Count(test.DegreesOfFreedom)}, {StatisticText.DegreesOfFreedom(df)})" : $"Q_M({StatisticText.Count(test.DegreesOfFreedom)})")
        + $" = {StatisticText.Number(test.Statistic)}, {P(test.PValue)}";

    public static string Test(QTest q) => $"Q({StatisticText.Count(q.DegreesOfFreedom)}) = {StatisticText.Number(q.Statistic)}, {P(q.PValue)}";

    /// <summary>r = .15, 95% CI [.08, .22], from values on the scale that is pooled.</summary>
    public static string Mean(EffectMeasure measure, double estimate, ConfidenceInterval interval, string kind = "CI") => Shown(measure, measure.ToDisplay(estimate), interval.Transform(measure.ToDisplay), kind);

    /// <summary>r = .15, g = 0.38; the number alone of effects that have no symbol, as "the mean effect was 0.22".</summary>
    public static string Named(EffectMeasure measure, string number) => measure == EffectMeasure.Generic ? number : $"{measure.Symbol} = {number}";

    /// <summary>The same from values on the scale that a reader knows.</summary>
    public static string Shown(EffectMeasure measure, double estimate, ConfidenceInterval interval, string kind = "CI")
    {
        var digits = Digits(measure, interval);
        return $"{Named(measure, measure.Format(estimate, digits))}, {Interval(measure, interval, kind, digits)}";
    }

    /// <summary>95% CI [.08, .22], of an interval on the scale that a reader knows.</summary>
    public static string Interval(EffectMeasure measure, ConfidenceInterval shown, string kind = "CI", int? digits = null)
    {
        var places = digits ?? Digits(measure, shown);
        return $"{StatisticText.Level(shown.Level)} {kind} [{measure.Format(shown.Lower, places)}, {measure.Format(shown.Upper, places)}]";
    }

    /// <summary>A mean with its interval and test, or with the reason why it has none.</summary>
    public static string Result(EffectMeasure measure, Coefficient mean) => mean.HasStandardError
        ? $"{Mean(measure, mean.Estimate, mean.ConfidenceInterval)}{(measure.HasNullValue ? ", " + Test(mean) : "")}"
        : $"{Named(measure, measure.Format(measure.ToDisplay(mean.Estimate)))}, without an interval: {mean.WhyNoStandardError!.TrimEnd('.')}";

    /// <summary>What an interval lets one say of no effect: ", and the interval excludes zero"; nothing where no value of the measure means no effect.</summary>
    public static string Verdict(EffectMeasure measure, Coefficient mean) => !measure.HasNullValue || !mean.HasStandardError ? "" : Verdict(measure, mean.ConfidenceInterval);

    /// <summary>The same without what follows from it, for lists.</summary>
    public static string ShortVerdict(EffectMeasure measure, ConfidenceInterval interval) => !measure.HasNullValue ? "" : $"; the interval {(Excludes(interval, measure) ? "excludes" : "includes")} {Null(measure)}";

    public static string Verdict(EffectMeasure measure, ConfidenceInterval interval) => !measure.HasNullValue ? ""
        : Excludes(interval, measure) ? $"; the interval excludes {Null(measure)}" : $"; the interval includes {Null(measure)}, so that the data are compatible with no effect";

    public static bool Excludes(ConfidenceInterval interval, EffectMeasure measure) => interval.Lower > measure.NullValue || interval.Upper < measure.NullValue;

    /// <summary>No effect in words: zero, or 1 for ratios.</summary>
    public static string Null(EffectMeasure measure) => measure.DisplayNullValue == 0 ? "zero" : measure.Format(measure.DisplayNullValue, 0);

    /// <summary>A coefficient on the scale that is pooled: b = 0.29, 95% CI [0.16, 0.42], p &lt; .001.</summary>
    public static string Slope(Coefficient c)
    {
        if (!c.HasStandardError) return $"b = {StatisticText.Significant(c.Estimate, 3)}, without an interval";
        var digits = Digits(EffectMeasure.Generic, c.ConfidenceInterval);
        return $"b = {StatisticText.Number(c.Estimate, digits)}, {Interval(EffectMeasure.Generic, c.ConfidenceInterval, "CI", digits)}, {Test(c)}";
    }

    /// <summary>Two digits after the point; more where an interval would look empty, or where a limit that is not no effect would look as if it were.</summary>
    public static int Digits(EffectMeasure measure, ConfidenceInterval shown)
    {
        var width = shown.Upper - shown.Lower;
        var digits = 2;
        while (digits < MostDigits && (width is > 0 and < double.PositiveInfinity && width < 3 * Math.Pow(10, -digits) || LooksNull(shown.Lower) || LooksNull(shown.Upper))) digits++;
        return digits;

        bool LooksNull(double limit) => measure.HasNullValue && double.IsFinite(limit) && limit != measure.DisplayNullValue && Math.Abs(limit - measure.DisplayNullValue) < 0.5 * Math.Pow(10, -digits)
            && measure.Format(limit, MostDigits) != measure.Format(measure.DisplayNullValue, MostDigits);
    }

    /// <summary>The measure as a noun within a sentence: odds ratio, correlation, Cronbach's alpha.</summary>
    public static string Noun(EffectMeasure measure)
    {
        if (measure == EffectMeasure.Generic) return "effect";
        var name = measure.Name.Split(',', '(')[0].Trim();
        var first = name.Split(' ')[0];
        return first.EndsWith("'s", StringComparison.Ordinal) || first is "Peto" || first.Length > 1 && char.IsUpper(first[1]) ? name : char.ToLowerInvariant(name[0]) + name[1..];
    }

    /// <summary>82 samples of a column "sample"; 82 groups of a column whose name is no plain noun.</summary>
    public static string Groups(string column, long count)
    {
        var isNoun = column.Length > 3 && column.All(char.IsAsciiLetterLower) && !column.EndsWith('s');
        if (!isNoun) return $"{StatisticText.Count(count, "group")} of {column}";
        return StatisticText.Count(count, column, column.EndsWith('y') && !column.EndsWith("ay", StringComparison.Ordinal) && !column.EndsWith("ey", StringComparison.Ordinal) ? column[..^1] + "ies" : column + "s");
    }

    /// <summary>a, b and c.</summary>
    public static string List(IReadOnlyList<string> parts) => parts.Count switch
    {
        0 => "",
        1 => parts[0],
        _ => string.Join(", ", parts.Take(parts.Count - 1)) + " and " + parts[^1],
    };

    /// <summary>On which scale numbers stand that do not go back: "on the scale of Fisher's z".</summary>
    public static string Scale(EffectMeasure measure) => measure.IsTransformed ? $" (in units of {(measure.AnalysisSymbol == "z" ? "Fisher's z" : measure.AnalysisSymbol)})" : "";

    /// <summary>Begins a sentence.</summary>
    public static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
