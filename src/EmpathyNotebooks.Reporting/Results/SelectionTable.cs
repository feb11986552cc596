using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>Selection models side by side.</summary>
internal static class SelectionTable
{
    public static Table Of(IReadOnlyList<SelectionRow> rows, EffectMeasure measure)
    {
        var hasBootstrap = rows.Any(r => r.Bootstrap is not null);
        (string, Align)[] columns = [("selection", Align.Left), (measure.Symbol, Align.Right), (Interval(rows.FirstOrDefault(r => r.Fit is not null)?.Fit?.Mean), Align.Right), ("τ²", Align.Right), ("weights or δ", Align.Left), ("test of selection", Align.Left), .. hasBootstrap ? [("cluster bootstrap", Align.Right)] : ((string, Align)[])[]];
        var table = new Table("Selection models", columns);
        foreach (var row in rows)
        {
            string[] cells;
            if (row.Fit is not { } fit)
            {
                cells = [row.Function.ToString(), Numbers.None, Numbers.None, Numbers.None, Numbers.None, "no answer, see below"];
            }
            else
            {
                var mean = fit.Mean;
                cells =
                [
                    row.Function.ToString(), mean is { } known ? measure.Format(measure.ToDisplay(known.Estimate), 3) : Numbers.None,
                    mean is { HasStandardError: true } withError ? Numbers.Interval(withError.ConfidenceInterval.Transform(measure.ToDisplay), measure) : Numbers.None,
                    fit.IsRandomEffects ? StatisticText.Significant(fit.TauSquared, 3) : Numbers.None, string.Join(", ", fit.Parameters.Select(p => StatisticText.Significant(p.Estimate, 3))),
                    fit.LikelihoodRatio?.ToString() ?? Numbers.None,
                ];
            }
            table.Row(hasBootstrap ? [.. cells, Numbers.Interval(row.Bootstrap?.Intervals[0].Percentile.Transform(measure.ToDisplay), x => measure.Format(x, 3))] : cells);
        }
        // What holds for all rows stands without their names.
        foreach (var said in rows.SelectMany(r => (r.Reason is { } reason ? [reason] : r.Fit?.Warnings ?? []).Select(text => (Text: text, r.Function))).GroupBy(s => s.Text, s => s.Function))
        {
            var of = said.ToList();
            table.Note(of.Count == rows.Count || said.Key.Contains(of[0].ToString(), StringComparison.Ordinal) ? said.Key : $"{Capital(string.Join(", ", of))}: {said.Key}");
        }
        if (rows.FirstOrDefault(r => r.Fit is not null)?.Fit is { } first)
        {
            table.Note($"Selected are {(first.Options.Alternative switch { Alternative.Less => "significant results below 0", Alternative.TwoSided => "significant results on either side", _ => "significant results above 0" })}. "
                + "Weights are probabilities of being published relative to that of the smallest p-values. Each row is the mean if selection were of that shape: they are stories to compare, not estimates to choose from.");
        }
        return table;
    }

    private static string Interval(Coefficient? mean) => mean is { HasStandardError: true } known ? StatisticText.Level(known.ConfidenceInterval.Level) + " CI" : "interval";

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    public static Table Of(SelectionSensitivity sensitivity, EffectMeasure measure)
    {
        var table = new Table("Selection with given weights", ("selection", Align.Left), (measure.Symbol, Align.Right), (Interval(sensitivity.WithoutSelection), Align.Right));
        Row("none", sensitivity.WithoutSelection);
        foreach (var story in sensitivity.Stories) Row(story.Story, story.Fit.Mean!.Value);
        foreach (var warning in sensitivity.Warnings) table.Note(warning);
        return table;

        void Row(string name, Coefficient mean) => table.Row(name, measure.Format(measure.ToDisplay(mean.Estimate), 3), Numbers.Interval(mean.ConfidenceInterval.Transform(measure.ToDisplay), measure));
    }
}
