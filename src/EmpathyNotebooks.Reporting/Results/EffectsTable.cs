using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>Effects as they are pooled.</summary>
internal static class EffectsTable
{
    public static Table Of(StudyEffects effects)
    {
        const int most = 20;
        var measure = effects.Measure;
        var columns = new List<(string, Align)> { ("", Align.Left) };
        if (effects.HasSampleSizes) columns.Add(("n", Align.Right));
        if (measure.IsTransformed) columns.Add((measure.Symbol, Align.Right));
        columns.Add(($"y ({measure.AnalysisSymbol})", Align.Right));
        columns.Add(("v", Align.Right));
        columns.AddRange(effects.Columns.Select(c => (c.Name, c.IsNumeric ? Align.Right : Align.Left)));
        var table = new Table($"{StatisticText.Count(effects.Count, "effect")}: {measure.Name}", [.. columns]);
        table.DataLabel(effects.Origin);
        for (var i = 0; i < Math.Min(most, effects.Count); i++)
        {
            var cells = new List<string> { effects.Labels[i] };
            if (effects.HasSampleSizes) cells.Add(StatisticText.Count(effects.SampleSizes[i]));
            if (measure.IsTransformed) cells.Add(measure.Format(effects.EffectOf(i).DisplayValue, 3));
            cells.Add(StatisticText.Number(effects.Effects[i], 4));
            cells.Add(StatisticText.Significant(effects.Variances[i]));
            cells.AddRange(effects.Columns.Select(c => c.Text(i) ?? ""));
            table.Row([.. cells]);
        }
        if (effects.Count > most) table.Note($"... and {StatisticText.Count(effects.Count - most)} more.");
        if (measure.DisplayNote is { } note) table.Note(note);
        return table;
    }
}
