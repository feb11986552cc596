using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>The analyses of a battery, one a row.</summary>
internal static class BatteryTable
{
    public static Table Of(BatteryResult result)
    {
        var hasPeople = result.Rows.Any(r => r.Participants is not null);
        var hasNeeded = result.Rows.Any(r => r.NumberNeeded is not null);
        var percent = StatisticText.Level(result.Options.ConfidenceLevel);
        var symbol = result.Effects.Measure.Symbol;
        List<(string, Align)> columns = [("analysis", Align.Left), ("k", Align.Right), ("studies", Align.Right)];
        if (hasPeople) columns.Add(("N", Align.Right));
        columns.AddRange([(symbol, Align.Right), ($"{percent} CI", Align.Right), ("p", Align.Right), ("I²", Align.Right), ($"{percent} CI of I²", Align.Right), ($"{percent} prediction interval", Align.Right)]);
        if (hasNeeded) columns.Add(("NNT", Align.Right));
        columns.Add(("rests on", Align.Left));
        var table = new Table("Analyses side by side", [.. columns]).DataLabel(result.Effects.Origin);
        foreach (var row in result.Rows)
        {
            string Format(double value) => row.Measure.Format(row.Measure.ToDisplay(value), 3);
            List<string> cells = [row.Name, StatisticText.Count(row.Count), StatisticText.Count(row.StudyCount)];
            if (hasPeople) cells.Add(row.Participants is { } people ? StatisticText.Count(people) : Numbers.None);
            cells.AddRange(
            [
                Format(row.Mean.Estimate), Numbers.Interval(row.Mean.ConfidenceInterval.Transform(row.Measure.ToDisplay), row.Measure),
                // A proportion or a mean of one group is not tested against 0.
                row.Measure.HasNullValue ? StatisticText.PValue(row.Mean.PValue) : Numbers.None, row.ISquared is { } share ? StatisticText.Percent(share) : Numbers.None,
                Numbers.Interval(row.ISquaredInterval, value => StatisticText.Percent(value)), Numbers.Interval(row.PredictionInterval, Format),
            ]);
            if (hasNeeded) cells.Add(row.NumberNeeded?.Shown ?? Numbers.None);
            cells.Add(row.Note.Length > 0 || row.LeftOut.IsEmpty ? row.Note : "");
            table.Row(cells);
        }
        foreach (var choice in result.Choices) table.Note(choice);
        foreach (var row in result.Rows.Where(r => !r.LeftOut.IsEmpty)) table.Note($"{row.Name}, left out: {string.Join(", ", row.LeftOut)}.");
        foreach (var warning in result.Warnings) table.Note("Note: " + warning);
        return table;
    }
}
