using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Cli.Analyze;

/// <summary>What was taken without being said, and what a reader should know of the table: a sentence each.</summary>
internal static class AnalysisNotes
{
    private const int MostNames = 5;

    /// <param name="table">The table.</param>
    /// <param name="effects">Its effects; null for pooled counts.</param>
    /// <param name="guesses">What was taken from the header.</param>
    /// <param name="used">The columns that the analysis uses beside those of the effects.</param>
    public static IReadOnlyList<string> Of(StudyTable table, StudyEffects? effects, IReadOnlyList<string> guesses, IReadOnlyList<string?> used)
    {
        List<string> notes = [];
        if (guesses.Count > 0) notes.Add($"Taken from the header: {string.Join("; ", guesses)}.");
        // A column that is not used is nobody's concern.
        notes.AddRange(table.Notes.Where(n => n.Kind is not (TableNoteKind.MixedColumn or TableNoteKind.Categories) || used.Contains(n.Column)).Select(n => n.Text));
        if (effects is not null) notes.AddRange(OfRows(table, effects));
        return notes;
    }

    /// <summary>What was done to single effects, such as a half added to cells, with the rows it was done to.</summary>
    private static IEnumerable<string> OfRows(StudyTable table, StudyEffects effects)
    {
        var column = effects.Columns.FirstOrDefault(c => !c.IsNumeric && c.Name.StartsWith("note", StringComparison.Ordinal) && table.Columns.All(own => own.Name != c.Name));
        if (column is null) return [];
        return Enumerable.Range(0, effects.Count).Where(i => column.Text(i) is not null).GroupBy(i => column.Text(i)!, StringComparer.Ordinal).Select(rows =>
            $"{rows.Key.TrimEnd('.')}: {string.Join(", ", rows.Take(MostNames).Select(i => $"{effects.Labels[i]} (row {StatisticText.Count(table.LineOf(i))})"))}"
            + (rows.Count() > MostNames ? $" and {StatisticText.Count(rows.Count() - MostNames)} more." : "."));
    }
}
