using System.Globalization;

namespace EmpathyNotebooks.Reporting;

/// <summary>
/// Writes a document as a Markdown file with figures beside it: GitHub's Markdown, or that of Quarto with its head, numbered references and list of sources. Everything from data is text: no markup, citation,
/// shortcode, code or link comes from it.
/// </summary>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], EffectMeasure.FisherZ));
/// var document = new Document([new Heading(1, "Results"), Answers.Say(fit), new FigureBlock(ForestPlot.Create(fit)) { Name = "forest" }]) { Title = "Three studies" };
/// Console.WriteLine(MarkdownFileWriter.Write(document));        // figures/figure-1-forest.svg stands beside it
/// Console.WriteLine(MarkdownFileWriter.WriteQuarto(document));  // figures/figure-1-forest.png, and references.bib
/// </code></example>
public static class MarkdownFileWriter
{
    /// <summary>How many letters a line of a table has in a Word file that Pandoc makes, in which letters are largest.</summary>
    private const double LettersOfLine = 74;

    // The package and its options where they are installed; without them long lines of code leave the page.
    private const string WrappedCode = "\\makeatletter\n\\IfFileExists{fvextra.sty}{\\usepackage{fvextra}\\fvset{breaklines,breakanywhere}\\@ifundefined{KV@FV@breaknonspaceingroup}{}{\\fvset{breaknonspaceingroup}}}{}\n\\makeatother\n";

    /// <summary>GitHub's Markdown.</summary>
    /// <param name="document">The document.</param>
    /// <param name="figures">The folder beside it that holds the figures as SVG, <c>figure-1-forest.svg</c>; without a slash at its end.</param>
    public static string Write(Document document, string figures = "figures")
    {
        var numbered = new NumberedDocument(document);
        string[] title = numbered.Title.Length > 0 ? [$"# {MarkdownText.Of(numbered.Title)}"] : [];
        return string.Join("\n\n", [.. title, .. numbered.Parts.Select(part => part.Block switch
        {
            Table table => Captioned(part, table.Title, Rows(table, isPandoc: false)),
            FigureBlock figure => Captioned(part, figure.Caption, $"![{MarkdownText.Of(figure.Plot.Finding)}]({figures}/{part.FileName}.svg)"),
            SourceList sources => string.Join("\n\n", sources.Entries.Select(MarkdownText.Apa)),
            _ => Simple(part.Block, head: 1),
        })]) + "\n";
    }

    /// <summary>A file for Quarto, which makes pages, Word files, PDF and slides of it.</summary>
    /// <param name="document">The document.</param>
    /// <param name="figures">The folder beside it that holds the figures as PNG; without a slash at its end.</param>
    public static string WriteQuarto(Document document, string figures = "figures")
    {
        var numbered = new NumberedDocument(document);
        string[] keys = [.. numbered.Parts.Select(p => p.Block).OfType<SourceList>().SelectMany(s => s.Entries).Select(e => e.Key).Distinct()];
        var sources = keys.Length == 0 ? "" : $"bibliography: references.bib\nnocite: |\n  {string.Join(", ", keys.Select(k => "@" + k))}\n";
        var body = string.Join("\n\n", numbered.Parts.Select(part => part.Block switch
        {
            Table table => Quarto(table, part),
            Paragraph paragraph => MarkdownText.Statistical(LongWords.Breakable(paragraph.Text)),
            FigureBlock figure => string.Create(CultureInfo.InvariantCulture, $"![{MarkdownText.Of(figure.Caption)}]({figures}/{part.FileName}.png){{#fig-{part.Number} fig-alt=\"{MarkdownText.Attribute(figure.Plot.Finding)}\"}}") + Note(part, isPandoc: true),
            SourceList => "::: {#refs}\n:::",
            // Quarto looks for its shortcodes and heads in code, too; what could be one is left to the file with the code.
            Listing { Code: var code } when code.Contains("{{<", StringComparison.Ordinal) || code.StartsWith("---", StringComparison.Ordinal) || code.Contains("\n---", StringComparison.Ordinal) => "The code stands in the file beside this one.",
            _ => Simple(part.Block, head: 0),
        }));
        // Tables in small letters, code that stays on the page, and names of columns in names of moderators that break behind an underscore.
        var forPdf = "\\usepackage{etoolbox}\n\\AtBeginEnvironment{longtable}{\\footnotesize}\n" + WrappedCode + "\\DeclareRobustCommand{\\_}{\\textunderscore\\allowbreak}\n" + LatexText.DeclarationsFor(PlainCharacters.Line(numbered.Title) + body);
        return $"---\ntitle: {Quoted(numbered.Title)}\nlang: en-GB\n{sources}format:\n  html:\n    toc: true\n    embed-resources: true\n  docx: default\n  pdf: default\ngeometry: margin=25mm\n"
            + $"header-includes: |\n  ```{{=latex}}\n  {forPdf.TrimEnd('\n').Replace("\n", "\n  ", StringComparison.Ordinal)}\n  ```\n---\n\n{body}\n";
    }

    private static string Simple(Block block, int head) => block switch
    {
        Heading heading => $"{new string('#', heading.Level + head)} {MarkdownText.Of(heading.Text)}",
        Paragraph paragraph => MarkdownText.Statistical(paragraph.Text),
        Note note => $"> *Note.* {MarkdownText.Statistical(note.Text)}",
        Formula formula => $"$${formula.Code}$$",
        Listing listing => MarkdownText.Code(listing.Code, head == 0 ? $"{{.{listing.Language} shortcodes=\"false\"}}" : listing.Language),
        _ => throw new ArgumentOutOfRangeException(nameof(block), block, "There is no such block."),
    };

    private static string Captioned(NumberedPart part, string title, string body) =>
        $"**{part.Label}**{(title.Length > 0 ? $"\\\n*{MarkdownText.Of(title)}*" : "")}\n\n{body}{Note(part, isPandoc: false)}";

    private static string Note(NumberedPart part, bool isPandoc) => part.Notes.Any() ? $"\n\n*Note.* {string.Join(' ', part.Notes.Select(note => MarkdownText.Statistical(isPandoc ? LongWords.Breakable(note) : note)))}" : "";

    private static string Quarto(Table table, NumberedPart part)
    {
        var title = table.Title.Length > 0 ? MarkdownText.Of(table.Title) : part.Label;
        return string.Create(CultureInfo.InvariantCulture, $"{Rows(table, isPandoc: true)}\n\n: {title} {{#tbl-{part.Number}}}{Note(part, isPandoc: true)}");
    }

    /// <summary>A table of pipes. Pandoc takes the dashes of the second line as the widths of the columns, where a row is longer than a line.</summary>
    private static string Rows(Table table, bool isPandoc)
    {
        var widths = ColumnWidths.Of(table, LettersOfLine);
        var dashes = table.Columns.Select((c, i) => new string('-', isPandoc ? Math.Max(3, (int)Math.Round(widths[i].Share * 100)) : 3) + (c.Align == Align.Right ? ":" : ""));
        List<string> lines = [Line(table.Columns.Select(c => MarkdownText.Statistical(Broken(c.Name)))), "|" + string.Concat(dashes.Select(d => $" {d} |"))];
        lines.AddRange(table.Rows.Select(row => Line(row.Select((cell, i) => table.IsName(i) ? MarkdownText.Of(Broken(cell)) : MarkdownText.Statistical(Broken(cell))))));
        return string.Join('\n', lines);

        // TeX and Word break at no letter by themselves.
        string Broken(string cell) => isPandoc ? LongWords.Breakable(cell) : cell;
    }

    private static string Line(IEnumerable<string> cells) => "|" + string.Concat(cells.Select(c => $" {c} |"));

    /// <summary>A text of YAML between quotes: nothing in it ends it.</summary>
    private static string Quoted(string text) => "\"" + PlainCharacters.Line(text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("{{<", "{{ <", StringComparison.Ordinal) + "\"";
}
