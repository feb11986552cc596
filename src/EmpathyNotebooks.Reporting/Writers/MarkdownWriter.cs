using System.Text;

namespace EmpathyNotebooks.Reporting;

/// <summary>Writes blocks as Markdown with tables of pipes, for pages, manuscripts and issue trackers. A chart is its finding, since Markdown holds no drawing.</summary>
public static class MarkdownWriter
{
    /// <summary>The blocks of a document with an empty line between, and a line end.</summary>
    /// <param name="document">The document.</param>
    public static string Write(Document document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return string.Join("\n\n", document.Blocks.Select(Write)) + "\n";
    }

    /// <summary>One block.</summary>
    /// <param name="block">The block.</param>
    public static string Write(Block block) => block switch
    {
        Table table => Write(table),
        Paragraph paragraph => Escape(paragraph.Text),
        Note note => $"*{Escape(note.Text)}*",
        FigureBlock figure => $"*{Escape(PlainTextWriter.Write(figure).ReplaceLineEndings(" "))}*",
        Formula formula => $"$${formula.Code}$$",
        Heading heading => $"{new string('#', heading.Level)} {Escape(heading.Text)}",
        Listing listing => MarkdownText.Code(listing.Code, listing.Language),
        SourceList sources => string.Join("\n\n", sources.Entries.Select(MarkdownText.Apa)),
        _ => throw new ArgumentOutOfRangeException(nameof(block), block, "There is no such block."),
    };

    private static string Write(Table table)
    {
        List<string> parts = [];
        if (table.Label.Length > 0) parts.Add($"*{Escape(table.Label)}*");
        if (table.Title.Length > 0) parts.Add($"**{Escape(table.Title)}**");
        List<string> lines = [Line(table.Columns.Select(c => c.Name)), "|" + string.Concat(table.Columns.Select(c => c.Align == Align.Right ? " ---: |" : " --- |"))];
        lines.AddRange(table.Rows.Select(row => Line(row)));
        parts.Add(string.Join('\n', lines));
        parts.AddRange(table.Notes.Select(Escape));
        return string.Join("\n\n", parts);
    }

    private static string Line(IEnumerable<string> cells) => "|" + string.Concat(cells.Select(c => $" {Escape(c)} |"));

    /// <summary>Text as text: nothing in it is read as Markdown or HTML, and a cell stays one.</summary>
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text.ReplaceLineEndings(" "))
        {
            if (c is '\\' or '`' or '*' or '_' or '|' or '[' or ']' or '#' or '$' or '~') escaped.Append('\\').Append(c);
            else if (c == '<') escaped.Append("&lt;");
            else if (c == '&') escaped.Append("&amp;");
            else escaped.Append(c);
        }
        return escaped.ToString();
    }
}
