using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace EmpathyNotebooks;

/// <summary>How a column's cells stand.</summary>
internal enum Align
{
    /// <summary>Texts.</summary>
    Left,

    /// <summary>Numbers.</summary>
    Right,
}

/// <summary>
/// A small table with a title, notes and a label of its data, which writes itself as HTML and as plain text with the same content. Every
/// formatter builds one, so all results look alike and a text from data is escaped in one place.
/// </summary>
internal sealed class ResultTable(string title, params (string Name, Align Align)[] columns)
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly List<string[]> _rows = [];
    private readonly List<string> _notes = [];
    private string _label = "";

    public ResultTable Row(params string[] cells)
    {
        if (cells.Length != columns.Length)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{cells.Length} cells for {columns.Length} columns."), nameof(cells));
        }
        _rows.Add(cells);
        return this;
    }

    public ResultTable Note(string note)
    {
        if (note.Length > 0) _notes.Add(note);
        return this;
    }

    /// <summary>The line that says published, simulated or own; shown above everything so that nobody misses it.</summary>
    public ResultTable DataLabel(MetaAnalysis.DataOrigin origin)
    {
        _label = origin.Label;
        return this;
    }

    public string ToHtml()
    {
        var html = new StringBuilder("<div class=\"en-result\" data-lm-suppress-shortcuts=\"true\">").Append(TableStyle.Element);
        if (_label.Length > 0) html.Append("<p class=\"en-label\">").Append(Escape(_label)).Append("</p>");
        html.Append("<table>");
        if (title.Length > 0) html.Append("<caption>").Append(Escape(title)).Append("</caption>");
        if (columns.Any(c => c.Name.Length > 0))
        {
            html.Append("<thead><tr>");
            foreach (var (name, align) in columns) Cell("th", name, align, " scope=\"col\"");
            html.Append("</tr></thead>");
        }
        html.Append("<tbody>");
        foreach (var row in _rows)
        {
            html.Append("<tr>");
            for (var i = 0; i < row.Length; i++)
            {
                if (i == 0 && columns[0].Align == Align.Left) Cell("th", row[i], Align.Left, " scope=\"row\"");
                else Cell("td", row[i], columns[i].Align, "");
            }
            html.Append("</tr>");
        }
        html.Append("</tbody></table>");
        foreach (var note in _notes) html.Append("<p>").Append(Escape(note)).Append("</p>");
        return html.Append("</div>").ToString();

        void Cell(string tag, string text, Align align, string attributes)
        {
            // A header without words heads nothing; a screen reader would announce it all the same.
            if (text.Length == 0) (tag, attributes) = ("td", "");
            html.Append('<').Append(tag).Append(attributes).Append(align == Align.Right ? " class=\"en-number\"" : "").Append('>')
                .Append(Escape(text)).Append("</").Append(tag).Append('>');
        }
    }

    public string ToText()
    {
        var lines = new List<string>();
        if (_label.Length > 0) lines.Add($"[{_label}]");
        if (title.Length > 0) lines.Add(title);
        var all = columns.Any(c => c.Name.Length > 0) ? _rows.Prepend([.. columns.Select(c => c.Name)]).ToList() : _rows;
        var widths = columns.Select((_, i) => all.Select(row => row[i].Length).DefaultIfEmpty().Max()).ToArray();
        lines.AddRange(all.Select(row => string.Join("  ", row.Select(
            (cell, i) => columns[i].Align == Align.Right ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]))).TrimEnd()));
        lines.AddRange(_notes);
        return string.Join('\n', lines);
    }

    /// <summary>Text from data as text in a page, whatever it holds.</summary>
    public static string Escape(string text) => Encoder.Encode(text);
}
