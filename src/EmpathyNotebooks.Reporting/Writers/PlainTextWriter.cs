namespace EmpathyNotebooks.Reporting;

/// <summary>Writes blocks as plain text for terminals and for hosts that trust no HTML, with the content that HTML has.</summary>
public static class PlainTextWriter
{
    /// <summary>The blocks of a document with an empty line between.</summary>
    /// <param name="document">The document.</param>
    public static string Write(Document document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return string.Join("\n\n", document.Blocks.Select(Write));
    }

    /// <summary>One block.</summary>
    /// <param name="block">The block.</param>
    public static string Write(Block block) => block switch
    {
        Table table => Write(table),
        Paragraph paragraph => paragraph.Text,
        Note note => note.Text,
        FigureBlock figure => string.Join('\n', new[] { figure.Plot.Origin.Label, figure.Plot.Title, figure.Plot.Finding }.Where(line => line.Length > 0)),
        Formula formula => formula.Code,
        Heading heading => heading.Text,
        Listing listing => listing.Code.TrimEnd('\n'),
        SourceList sources => string.Join('\n', sources.Entries.Select(e => string.Concat(e.Apa.Select(run => run.Text)))),
        _ => throw new ArgumentOutOfRangeException(nameof(block), block, "There is no such block."),
    };

    private static string Write(Table table)
    {
        var lines = new List<string>();
        if (table.Label.Length > 0) lines.Add($"[{table.Label}]");
        if (table.Title.Length > 0) lines.Add(table.Title);
        List<IReadOnlyList<string>> all = [.. table.HasHead ? [[.. table.Columns.Select(c => c.Name)]] : Array.Empty<IReadOnlyList<string>>(), .. table.Rows];
        int[] widths = [.. table.Columns.Select((_, i) => all.Select(row => row[i].Length).DefaultIfEmpty().Max())];
        lines.AddRange(all.Select(row => string.Join("  ", row.Select(
            (cell, i) => table.Columns[i].Align == Align.Right ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]))).TrimEnd()));
        lines.AddRange(table.Notes);
        return string.Join('\n', lines);
    }
}
