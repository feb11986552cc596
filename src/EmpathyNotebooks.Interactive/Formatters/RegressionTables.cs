using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks;

/// <summary>Tables of models with moderators.</summary>
internal static class RegressionTables
{
    public static ResultTable Fit(MetaRegressionFit fit)
    {
        var table = Coefficients($"Meta-regression ({fit.MethodCode}, {FitTables.Name(fit.Inference)} inference), k = {StatisticText.Count(fit.Count)}: {fit.Moderators}", fit.Coefficients);
        table.DataLabel(fit.Effects.Origin);
        table.Note(fit.HasIntercept ? $"All moderators together: {fit.ModeratorTest}." : $"All coefficients 0 together, which does not ask whether they differ: {fit.ModeratorTest}.");
        if (fit.TermTests.Length > 1) table.Note($"Each term: {string.Join("; ", fit.TermTests)}.");
        var explained = fit.RSquared is { } r2 ? $", R² = {StatisticText.Percent(r2)}" : "";
        table.Note($"Left unexplained: {fit.Heterogeneity.Q}; τ² = {StatisticText.Significant(fit.TauSquared)}, I² = {StatisticText.Percent(fit.Heterogeneity.ISquared)}{explained}.");
        if (fit.Effects.Measure.IsTransformed) table.Note($"On the scale of {fit.Effects.Measure.AnalysisSymbol}.");
        foreach (var warning in fit.Warnings) table.Note("Note: " + warning);
        return table;
    }

    public static ResultTable Coefficients(IEnumerable<Coefficient> coefficients) => Coefficients("", [.. coefficients]);

    public static ResultTable Coefficients(string title, IReadOnlyList<Coefficient> coefficients)
    {
        var known = coefficients.Where(c => c.HasStandardError).ToList();
        var level = known.Count > 0 ? StatisticText.Level(known[0].ConfidenceInterval.Level) + " CI" : "CI";
        var isT = coefficients.Any(c => c.DegreesOfFreedom is not null);
        var columns = new List<(string, Align)>
        {
            ("", Align.Left), ("estimate", Align.Right), ("SE", Align.Right), (isT ? "t" : "z", Align.Right),
        };
        if (isT) columns.Add(("df", Align.Right));
        columns.AddRange([("p", Align.Right), (level, Align.Right)]);
        var table = new ResultTable(title, [.. columns]);
        foreach (var c in coefficients)
        {
            if (c.WhyNoStandardError is { } why)
            {
                List<string> none = [c.Name, StatisticText.Number(c.Estimate, FitTables.Digits(0)), "–", "–", .. isT ? ["–"] : Array.Empty<string>(), "–", "–"];
                table.Row([.. none]);
                table.Note($"Note: no standard error of {c.Name}. {why}");
                continue;
            }
            var digits = FitTables.Digits(c.StandardError);
            var cells = new List<string>
            {
                c.Name, StatisticText.Number(c.Estimate, digits), StatisticText.Number(c.StandardError, digits), StatisticText.Number(c.Statistic),
            };
            if (isT) cells.Add(c.DegreesOfFreedom is { } df ? StatisticText.DegreesOfFreedom(df) : "");
            cells.AddRange([StatisticText.PValue(c.PValue),
                FitTables.Interval(c.ConfidenceInterval, digits)]);
            table.Row([.. cells]);
        }
        return table;
    }
}
