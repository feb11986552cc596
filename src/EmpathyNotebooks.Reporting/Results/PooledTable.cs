using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>A pooled effect, on the scale that a reader knows and on the one that is pooled.</summary>
internal static class PooledTable
{
    public static Table Of(PooledFit fit)
    {
        var measure = fit.Effects.Measure;
        var percent = StatisticText.Level(fit.ConfidenceLevel);
        var shown = fit.BackTransformed;
        var statistic = fit.DegreesOfFreedom is { } df ? $"t({StatisticText.DegreesOfFreedom(df)})" : "z";
        var table = new Table(Title(fit), ("", Align.Left), ("estimate", Align.Right), ($"{percent} CI", Align.Right),
            ($"{percent} prediction interval", Align.Right), ("SE", Align.Right), (statistic, Align.Right), ("p", Align.Right));
        table.DataLabel(fit.Effects.Origin);
        // A proportion or a mean of one group is not tested against 0.
        var (test, p) = measure.HasNullValue ? (StatisticText.Number(fit.Statistic), StatisticText.PValue(fit.PValue)) : (Numbers.None, Numbers.None);
        if (measure.IsTransformed)
        {
            table.Row(measure.Symbol, measure.Format(shown.Estimate, 3), Numbers.Interval(shown.ConfidenceInterval, measure, 3),
                shown.PredictionInterval is { } prediction ? Numbers.Interval(prediction, measure, 3) : Numbers.None, "", "", "");
        }
        var digits = Numbers.Digits(fit.StandardError);
        table.Row(measure.AnalysisSymbol, Numbers.Number(fit.Estimate, digits), Numbers.Interval(fit.ConfidenceInterval, digits),
            fit.PredictionInterval is { } predicted ? Numbers.Interval(predicted, digits) : Numbers.None, Numbers.Number(fit.StandardError, digits), test, p);
        table.Note(Line(fit.Heterogeneity));
        if (measure.DisplayNote is { } note) table.Note(note);
        foreach (var warning in fit.Warnings) table.Note("Note: " + warning);
        return table;
    }

    private static string Title(PooledFit fit)
    {
        var inference = Numbers.Name(fit.Inference);
        var people = fit.Effects.TotalSampleSize is { } n ? $", N = {StatisticText.Count(n)}" : "";
        var model = (fit.IsRandomEffects, fit.MethodCode) switch
        {
            (true, var code) => $"Random-effects model ({code}, {inference} inference)",
            (_, "FE") => $"Fixed-effects model ({inference} inference)",
            _ => $"Equal-effects model ({inference} inference)",
        };
        return $"{model}, k = {StatisticText.Count(fit.Count)}{people}";
    }

    private static string Line(Heterogeneity heterogeneity) => heterogeneity.Fit.IsRandomEffects
        ? $"Heterogeneity: {heterogeneity.Q}; τ² = {StatisticText.Significant(heterogeneity.TauSquared)}, τ = {StatisticText.Significant(heterogeneity.Tau)}, I² = {StatisticText.Percent(heterogeneity.ISquared)}."
        : $"Heterogeneity: {heterogeneity.Q}; I² = {StatisticText.Percent(heterogeneity.ISquared)}. This model assumes there is none.";
}
