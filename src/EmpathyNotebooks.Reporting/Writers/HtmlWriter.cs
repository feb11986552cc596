using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using EmpathyNotebooks.Plotting;

namespace EmpathyNotebooks.Reporting;

/// <summary>Writes blocks as HTML for notebooks: one fragment a block, with its own style, since a notebook may show any output alone.</summary>
public static class HtmlWriter
{
    // Names of studies stand on one line; longer ones would push the numbers off a page.
    private const int LongestName = 60;

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>The blocks of a document, one after the other.</summary>
    /// <param name="document">The document.</param>
    public static string Write(Document document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return string.Concat(document.Blocks.Select(Write));
    }

    /// <summary>One block.</summary>
    /// <param name="block">The block.</param>
    public static string Write(Block block) => block switch
    {
        Table table => Write(table),
        Paragraph paragraph => $"<p>{Escape(paragraph.Text)}</p>",
        Note note => $"<p class=\"en-note\">{Escape(note.Text)}</p>",
        FigureBlock figure => PlotlyHtml.Fragment(figure.Plot.ToFigure()),
        Formula formula => $"<p>\\[{Escape(formula.Code)}\\]</p>",
        // A notebook has headings of its own above.
        Heading heading => $"<h{heading.Level + 2}>{Escape(heading.Text)}</h{heading.Level + 2}>",
        Listing listing => $"<details><summary>Show the code</summary><pre><code>{Escape(listing.Code)}</code></pre></details>",
        SourceList sources => string.Concat(sources.Entries.Select(e => $"<p>{string.Concat(e.Apa.Select(run => run.IsItalic ? $"<em>{Escape(run.Text)}</em>" : Escape(run.Text)))}</p>")),
        _ => throw new ArgumentOutOfRangeException(nameof(block), block, "There is no such block."),
    };

    /// <summary>Text from data as text in a page, whatever it holds.</summary>
    /// <param name="text">The text.</param>
    public static string Escape(string text) => Encoder.Encode(text);

    private static string Write(Table table)
    {
        var html = new StringBuilder("<div class=\"en-result\" data-lm-suppress-shortcuts=\"true\">").Append(TableStyle.Element);
        if (table.Label.Length > 0) html.Append("<p class=\"en-label\">").Append(Escape(table.Label)).Append("</p>");
        html.Append("<table>");
        if (table.Title.Length > 0) html.Append("<caption>").Append(Escape(table.Title)).Append("</caption>");
        if (table.HasHead)
        {
            html.Append("<thead><tr>");
            foreach (var (name, align) in table.Columns) Cell("th", name, align, " scope=\"col\"");
            html.Append("</tr></thead>");
        }
        html.Append("<tbody>");
        foreach (var row in table.Rows)
        {
            html.Append("<tr>");
            for (var i = 0; i < row.Length; i++)
            {
                if (i == 0 && table.Columns[0].Align == Align.Left) Cell("th", row[i], Align.Left, " scope=\"row\"");
                else Cell("td", row[i], table.Columns[i].Align, "");
            }
            html.Append("</tr>");
        }
        html.Append("</tbody></table>");
        foreach (var note in table.Notes) html.Append("<p>").Append(Escape(note)).Append("</p>");
        return html.Append("</div>").ToString();

        void Cell(string tag, string text, Align align, string attributes)
        {
            // A header without words heads nothing; a screen reader would announce it all the same.
            if (text.Length == 0) (tag, attributes) = ("td", "");
            html.Append('<').Append(tag).Append(attributes).Append(align == Align.Right ? " class=\"en-number\"" : LongWords.Has(text) || (tag == "th" && text.Length > LongestName) ? " class=\"en-long\"" : "").Append('>')
                .Append(Escape(text)).Append("</").Append(tag).Append('>');
        }
    }
}
