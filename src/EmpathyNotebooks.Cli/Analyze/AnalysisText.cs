using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Cli.Analyze;

/// <summary>What was asked for beside the fit, for people: tables where there is one, else a line.</summary>
internal static class AnalysisText
{
    public static IEnumerable<object> Extras(Analysis analysis)
    {
        var extras = analysis.Extras;
        var measure = analysis.Measure;
        if (extras.Intervals is { } intervals) yield return intervals;
        if (extras.PredictionMethod is { } method && analysis.PredictionInterval is { } prediction)
        {
            var shown = prediction.Transform(measure.ToDisplay);
            yield return $"{StatisticText.Level(prediction.Level)} prediction interval ({method}): {measure.Symbol} "
                + $"[{measure.Format(shown.Lower, 3)}, {measure.Format(shown.Upper, 3)}]";
        }
        if (extras.Subgroups is { } subgroups) yield return subgroups;
        if (extras.HenmiCopas is { } copas) yield return copas;
        if (extras.Beyond is { } beyond)
        {
            yield return $"Above {measure.Symbol} = {measure.Format(measure.ToDisplay(beyond.Cutoff), 3)}: {StatisticText.Percent(beyond.Share)} of true effects; "
                + $"a new one with probability {StatisticText.Number(beyond.PredictiveProbability, 2, leadingZero: false)}";
        }
        if (extras.Cumulative is { } cumulative) yield return cumulative;
        if (extras.Blups is { } blups) yield return blups;
    }
}
