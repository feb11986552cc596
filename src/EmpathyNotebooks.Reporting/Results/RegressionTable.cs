using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>A meta-regression.</summary>
internal static class RegressionTable
{
    public static Table Of(MetaRegressionFit fit)
    {
        var table = CoefficientTable.Of($"Meta-regression ({fit.MethodCode}, {Numbers.Name(fit.Inference)} inference), k = {StatisticText.Count(fit.Count)}: {fit.Moderators}", fit.Coefficients);
        table.DataLabel(fit.Effects.Origin);
        table.Note(fit.HasIntercept ? $"All moderators together: {fit.ModeratorTest}." : $"All coefficients 0 together, which does not ask whether they differ: {fit.ModeratorTest}.");
        if (fit.TermTests.Length > 1) table.Note($"Each term: {string.Join("; ", fit.TermTests)}.");
        var explained = fit.RSquared is { } r2 ? $", R² = {StatisticText.Percent(r2)}" : "";
        table.Note($"Left unexplained: {fit.Heterogeneity.Q}; τ² = {StatisticText.Significant(fit.TauSquared)}, I² = {StatisticText.Percent(fit.Heterogeneity.ISquared)}{explained}.");
        if (fit.Effects.Measure.IsTransformed) table.Note($"On the scale of {fit.Effects.Measure.AnalysisSymbol}.");
        foreach (var warning in fit.Warnings) table.Note("Note: " + warning);
        return table;
    }
}
