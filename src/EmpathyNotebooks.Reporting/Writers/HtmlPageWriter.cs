using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using EmpathyNotebooks.Plotting;

namespace EmpathyNotebooks.Reporting;

/// <summary>
/// Writes a document as one page that needs nothing else: no script, no font, no picture from elsewhere, light or dark as the reader has it, and fit to print. Figures are drawn, not pictures; on a narrow
/// screen they are those of a narrow column.
/// </summary>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], EffectMeasure.FisherZ));
/// string page = HtmlPageWriter.Write(new Document([new Heading(1, "Results"), Answers.Say(fit), new FigureBlock(ForestPlot.Create(fit))]) { Title = "Three studies" });
/// </code></example>
public static class HtmlPageWriter
{
    /// <summary>A table of so many rows does not part at the end of a page, and its title stays with it.</summary>
    private const int MostRowsOnOnePage = 15;

    /// <summary>A text of more letters needs a column of some width.</summary>
    private const int LongCell = 40;

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>The whole page.</summary>
    /// <param name="document">The document.</param>
    public static string Write(Document document)
    {
        var numbered = new NumberedDocument(document);
        var page = new StringBuilder(
            $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
            <meta name="generator" content="EmpathyNotebooks {JsonReport.Version}">
            <title>{Escape(numbered.Title.Length > 0 ? numbered.Title : "Report")}</title>
            <style>
            {ReportStyle.Sheet}
            </style>
            </head>
            <body>
            <main>

            """.ReplaceLineEndings("\n"));
        if (numbered.Title.Length > 0) page.Append("<h1>").Append(Escape(numbered.Title)).Append("</h1>\n");
        var headings = numbered.Parts.Where(p => p.Block is Heading { Level: < 3 }).Select(p => (Heading)p.Block).ToArray();
        if (headings.Length > 3) Contents(page, headings);
        var section = 0;
        foreach (var part in numbered.Parts) page.Append(Part(part, ref section)).Append('\n');
        return page.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static void Contents(StringBuilder page, Heading[] headings)
    {
        page.Append("<nav aria-label=\"Contents\"><ol>");
        for (var i = 0; i < headings.Length; i++) page.Append($"<li class=\"l{headings[i].Level}\"><a href=\"#s{i + 1}\">{Escape(headings[i].Text)}</a></li>");
        page.Append("</ol></nav>\n");
    }

    private static string Escape(string text) => Encoder.Encode(PlainCharacters.Line(text));

    private static string Statistical(string text) => string.Concat(SymbolText.Runs(PlainCharacters.Line(text)).Select(run => run.IsItalic ? $"<em>{Encoder.Encode(run.Text)}</em>" : Encoder.Encode(run.Text)));

    private static string Part(NumberedPart part, ref int section)
    {
        switch (part.Block)
        {
            case Heading heading:
                var id = heading.Level < 3 ? $" id=\"s{++section}\"" : "";
                return $"<h{heading.Level + 1}{id}>{Escape(heading.Text)}</h{heading.Level + 1}>";
            case Paragraph paragraph:
                return $"<p>{Statistical(paragraph.Text)}</p>";
            case Note note:
                return $"<p class=\"note\">{Statistical(note.Text)}</p>";
            case Formula formula:
                return $"<p class=\"formula\"><code>{Escape(formula.Code)}</code></p>";
            case Table table:
                return Of(table, part);
            case FigureBlock figure:
                return Of(figure, part);
            case Listing listing:
                return $"<details><summary>Show the code</summary><pre><code>{Encoder.Encode(PlainCharacters.Lines(listing.Code)).Replace("&#xA;", "\n", StringComparison.Ordinal)}</code></pre></details>";
            case SourceList sources:
                return "<ul class=\"references\">" + string.Concat(sources.Entries.Select(entry => $"<li>{Apa(entry)}</li>")) + "</ul>";
            default:
                throw new ArgumentOutOfRangeException(nameof(part), part.Block, "There is no such block.");
        }
    }

    /// <summary>A source; its DOI, from our own list and no data, is the one link that leads out of the page.</summary>
    private static string Apa(BibliographyEntry entry)
    {
        var text = string.Concat(entry.Apa.Select(run => run.IsItalic ? $"<em>{Escape(run.Text)}</em>" : Escape(run.Text)));
        if (entry.Doi is not { } doi) return text;
        var address = Escape("https://doi.org/" + doi);
        return text.Replace(address, $"<a href=\"{address}\">{address}</a>", StringComparison.Ordinal);
    }

    private static string Of(Table table, NumberedPart part)
    {
        var caption = $"<strong>{part.Label}</strong>" + (table.Title.Length > 0 ? $"<br><em>{Escape(table.Title)}</em>" : "");
        var html = new StringBuilder($"<div class=\"table{(table.Rows.Count <= MostRowsOnOnePage ? " whole" : "")}\"><p class=\"above\" id=\"t{part.Number}\">{caption}</p><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{part.Label}\"><table aria-labelledby=\"t{part.Number}\">");
        if (table.HasHead)
        {
            html.Append("<thead><tr>");
            foreach (var (name, align) in table.Columns) Cell("th", " scope=\"col\"", name, align, false);
            html.Append("</tr></thead>");
        }
        html.Append("<tbody>");
        foreach (var row in table.Rows)
        {
            html.Append("<tr>");
            for (var i = 0; i < row.Length; i++)
            {
                if (i == 0 && table.Columns[0].Align == Align.Left) Cell("th", " scope=\"row\"", row[i], Align.Left, table.IsName(i));
                else Cell("td", "", row[i], table.Columns[i].Align, table.IsName(i));
            }
            html.Append("</tr>");
        }
        html.Append("</tbody></table></div>");
        if (part.Notes.Any()) html.Append("<p class=\"below\"><em>Note.</em> ").AppendJoin(' ', part.Notes.Select(Statistical)).Append("</p>");
        return html.Append("</div>").ToString();

        void Cell(string tag, string attributes, string text, Align align, bool isName)
        {
            // A header without words heads nothing; a screen reader would announce it all the same.
            if (text.Length == 0) (tag, attributes) = ("td", "");
            html.Append('<').Append(tag).Append(attributes).Append(align == Align.Right ? " class=\"n\"" : text.Length > LongCell ? " class=\"long\"" : "").Append('>').Append(isName ? Encoder.Encode(PlainCharacters.Line(text)) : Statistical(text)).Append("</").Append(tag).Append('>');
        }
    }

    private static string Of(FigureBlock figure, NumberedPart part)
    {
        var html = new StringBuilder($"<figure><p class=\"above\"><strong>{part.Label}</strong><br><em>{Escape(figure.Caption)}</em></p>")
            .Append("<div class=\"wide\">").Append(Drawing(figure.Plot, ReportPrint.Options, part.Number, "w")).Append("</div>")
            .Append("<div class=\"narrow\">").Append(Drawing(figure.Plot, PrintOptions.OneColumn, part.Number, "n")).Append("</div>");
        if (part.Notes.Any()) html.Append("<figcaption class=\"below\"><em>Note.</em> ").AppendJoin(' ', part.Notes.Select(Statistical)).Append("</figcaption>");
        return html.Append("</figure>").ToString();
    }

    /// <summary>The drawing as an element of the page; names within it are its own, since the same figure stands there in two widths.</summary>
    private static string Drawing(IPlot plot, PrintOptions options, int number, string width)
    {
        string svg;
        try
        {
            svg = plot.ToSvg(options);
        }
        catch (ArgumentException) when (width == "n")
        {
            // What does not fit a narrow column is drawn as in a wide one, and shrinks.
            svg = plot.ToSvg(ReportPrint.Options);
        }
        svg = svg[svg.IndexOf("<svg", StringComparison.Ordinal)..].TrimEnd();
        foreach (System.Text.RegularExpressions.Match name in System.Text.RegularExpressions.Regex.Matches(svg, " id=\"([^\"]+)\"").DistinctBy(m => m.Groups[1].Value))
        {
            var (old, own) = (name.Groups[1].Value, $"f{number}{width}-{name.Groups[1].Value}");
            svg = svg.Replace($" id=\"{old}\"", $" id=\"{own}\"", StringComparison.Ordinal).Replace($"url(#{old})", $"url(#{own})", StringComparison.Ordinal).Replace($"href=\"#{old}\"", $"href=\"#{own}\"", StringComparison.Ordinal);
        }
        return svg;
    }
}
