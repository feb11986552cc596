using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>A multilevel model.</summary>
internal static class MultilevelTable
{
    public static Table Of(MultilevelFit fit)
    {
        var groups = fit.VarianceComponents.Where(c => c.Level != MultilevelModel.EachEffect).Select(c => $"{StatisticText.Count(c.GroupCount, "group")} of {c.Level}");
        var table = CoefficientTable.Of(fit.VarianceComponents.IsEmpty
            ? $"Generalised least squares, {StatisticText.Count(fit.Count, "effect")}"
            : $"Multilevel model ({fit.MethodCode}), {StatisticText.Count(fit.Count, "effect")} in {string.Join(", ", groups)}", fit.Coefficients);
        table.DataLabel(fit.Effects.Origin);
        if (fit.SamplingCovariance is AssumedCorrelation assumed)
        {
            table.Note($"Sampling errors within {assumed.Cluster} are assumed to correlate {StatisticText.Number(assumed.Correlation, 2, leadingZero: false)}.");
        }
        if (fit.Moderators is not null)
        {
            table.Note(fit.HasIntercept ? $"All moderators together: {fit.ModeratorTest}." : $"All coefficients 0 together, which does not ask whether they differ: {fit.ModeratorTest}.");
            if (fit.TermTests.Length > 1) table.Note($"Each term: {string.Join("; ", fit.TermTests)}.");
            if (fit.Effects.Measure.IsTransformed) table.Note($"On the scale of {fit.Effects.Measure.AnalysisSymbol}.");
        }
        if (fit.BackTransformed is { } shown && fit.Effects.Measure.IsTransformed) table.Note(Numbers.Shown(fit.Effects.Measure, shown));
        else if (fit.PredictionInterval is { } prediction) table.Note($"{StatisticText.Level(prediction.Level)} prediction interval of a new effect {Numbers.Interval(prediction, 4)}.");
        foreach (var component in fit.VarianceComponents)
        {
            table.Note(component.IsFixed ? component.ToString() : $"{component}, {StatisticText.Level(component.SigmaSquaredInterval.Level)} CI "
                + $"[{StatisticText.Significant(component.SigmaSquaredInterval.Lower)}, {StatisticText.Significant(component.SigmaSquaredInterval.Upper)}]");
        }
        table.Note(fit.VarianceComponents.IsEmpty ? $"{fit.Q}; without random effects, as if all true effects were one." : $"{fit.Q}; all levels together I² = {StatisticText.Percent(fit.ISquared)}.");
        foreach (var warning in fit.Warnings) table.Note("Note: " + warning);
        return table;
    }
}
