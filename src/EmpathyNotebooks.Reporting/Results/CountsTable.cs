using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>Tables and rates pooled as counts.</summary>
internal static class CountsTable
{
    public static Table Of(TwoByTwoFit fit)
    {
        var (measure, interval, digits) = (fit.Measure, fit.ConfidenceInterval, Numbers.Digits(fit.StandardError));
        var table = new Table($"{fit.Method} ({measure.Name}), k = {StatisticText.Count(fit.Count)} {(fit.Rates.IsEmpty ? "tables" : "studies")}", ("", Align.Left), ("estimate", Align.Right),
            ($"{StatisticText.Level(interval.Level)} CI", Align.Right), ("SE", Align.Right), ("z", Align.Right), ("p", Align.Right));
        if (measure.IsTransformed)
        {
            table.Row(measure.Symbol, measure.Format(fit.BackTransformedEstimate, 3), Numbers.Interval(fit.BackTransformedInterval, v => measure.Format(v, 3)), "", "", "");
        }
        table.Row(measure.AnalysisSymbol, Numbers.Number(fit.Estimate, digits), Numbers.Interval(interval, digits),
            Numbers.Number(fit.StandardError, digits), StatisticText.Number(fit.Statistic), StatisticText.PValue(fit.PValue));
        table.Note($"Heterogeneity: {fit.Q}; I² = {StatisticText.Percent(fit.ISquared)}. The method takes all {(fit.Rates.IsEmpty ? "tables" : "studies")} to have one effect.");
        if (fit.CochranMantelHaenszel is { } cmh) table.Note($"All {(fit.Rates.IsEmpty ? "odds" : "rate")} ratios 1 (Cochran-Mantel-Haenszel): {cmh}.");
        if (fit.Tarone is { } tarone) table.Note($"All odds ratios equal (Breslow-Day with Tarone's correction): {tarone}.");
        foreach (var warning in fit.Warnings) table.Note("Note: " + warning);
        return table;
    }
}
