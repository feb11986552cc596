using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>Where new true effects are to be expected.</summary>
internal static class PredictionSentence
{
    public static string? Of(Inquiry inquiry, ConfidenceInterval? effect, ConfidenceInterval? clusterMean, string? method)
    {
        if (inquiry.Fit is not { IsRandomEffects: true } fit || fit.Count < 2) return null;
        List<string> sentences = [];
        var isOfMean = method is "study";
        if (effect is { } interval) sentences.Add(Sentence(fit, interval, isOfMean ? MeanOf(fit) : fit.Clusters is null ? "the true effect of a new study" : "a new true effect", method));
        if (clusterMean is { } mean && !isOfMean) sentences.Add(Sentence(fit, mean, MeanOf(fit), null));
        return sentences.Count == 0 ? null : string.Join(' ', sentences);
    }

    private static string MeanOf(IModelFit fit) => $"the mean of a new group ({fit.Clusters?.Column})";

    private static string Sentence(IModelFit fit, ConfidenceInterval interval, string of, string? method)
    {
        var measure = fit.Measure;
        var shown = interval.Transform(measure.ToDisplay);
        var digits = ApaText.Digits(measure, shown);
        var how = method switch { "hts" => ", by Higgins, Thompson and Spiegelhalter", "nagashima" => ", by a parametric bootstrap", _ => "" };
        var text = $"The {StatisticText.Level(interval.Level)} prediction interval for {of}{how}, ranges from {measure.Symbol} = {measure.Format(shown.Lower, digits)} to {measure.Symbol} = {measure.Format(shown.Upper, digits)}";
        if (how.Length == 0) text = text.Replace(", ranges", " ranges", StringComparison.Ordinal);
        if (fit.TauSquared is 0 && method is null) return text + ", where the variance of true effects is taken to be zero, as it was estimated; it may be larger.";
        return measure.HasNullValue ? text + (ApaText.Excludes(interval, measure) ? "." : ", on both sides of " + ApaText.Null(measure) + ".") : text + ".";
    }
}
