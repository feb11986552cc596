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
        if (effect is { } interval) sentences.Add(Sentence(fit, interval, isOfMean ? MeanOf(fit) : fit.Clusters is null ? "a new study" : "a new effect", method));
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
        var text = $"The {StatisticText.Level(interval.Level)} prediction interval for the true effect of {of}{how}, ranges from {measure.Symbol} = {measure.Format(shown.Lower, digits)} to {measure.Symbol} = {measure.Format(shown.Upper, digits)}";
        if (of.StartsWith("the mean", StringComparison.Ordinal)) text = text.Replace("the true effect of the mean", "the mean", StringComparison.Ordinal);
        if (how.Length == 0) text = text.Replace(", ranges", " ranges", StringComparison.Ordinal);
        if (fit.TauSquared is 0 && method is null) return text + ", no wider than that of the mean: the variance of true effects was estimated as zero, which is not known to be zero.";
        return measure.HasNullValue ? text + (ApaText.Excludes(interval, measure) ? "." : "; effects on both sides of " + ApaText.Null(measure) + " are to be expected.") : text + ".";
    }
}
