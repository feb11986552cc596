using System.Text;
using System.Text.RegularExpressions;
using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting;

namespace EmpathyNotebooks.Reporting.Tests;

/// <summary>Texts from data are texts in every output, whatever they hold.</summary>
public sealed class HostileTextTests
{
    private static readonly string[] Texts =
    [
        "<script>alert(1)</script>", "</style><img src=x onerror=alert(1)>", "=cmd|' /C calc'!A0", "+1+cmd", "-1+cmd", "@SUM(A1)", "\\input{/etc/passwd}", "\\write18{ls} \\end{document}", "$x^2$ % & _ # ~ {", "} \\\\ {", "]]> <!-- -->",
        "**bold** *it* _em_ `code`", "a | b || c", "```r\nsystem('ls')\n```", "\u202Egnp.exe\u202C", "nul\u0001\u0007 bell", "\ud800 alone", "\uffff none", "line one\nline two\r\nline three", "[text](http://evil.example/x)", "![alt](http://evil.example/p.png)",
        "{{< include /etc/passwd >}}", "{{< video http://evil.example >}}", "---\ntitle: other\n---", "::: {.hidden}", "@key2020 [@other]", "http://evil.example/auto www.evil.example", "<http://evil.example>", "javascript:alert(1)", "# heading", "1. list", "2) list",
        "- item", "+ item", "> quote", "=====", "-----", ": definition", "| cell |", "&lt;b&gt; &amp; &#60;", "\" onmouseover=\"alert(1)", "' onload='x", "\"); system(\"ls\"); c(\"", "'); DROP TABLE", "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627", "日本語 Ωmega", "^sup^ ~sub~ ~~x~~",
        "$$\\frac{1}{2}$$", "\\(x\\)", "\\begin{verbatim}", "\\end{verbatim}\\input{x}", "a\tb", "'quoted", "", " leading", "trailing ", "[^1]", "[^1]: note", ":smile:", "- [ ] task", "<details>", "&nbsp;", "{r}", "`r 1+1`", "`{r} 1+1`", "p = .05, t(15)", new string('W', 4000), string.Concat(Enumerable.Repeat("word ", 800)),
    ];

    private static readonly Document All = new(
    [
        new Heading(1, Texts[0]),
        .. Texts.Select(t => new Paragraph(t)), .. Texts.Select(t => new Heading(2, t)), .. Texts.Select(t => new Note(t)),
        .. Texts.Select(t => new Table(t, (t, Align.Left), (t, Align.Right), ("third", Align.Left)).Row(t, t, t).Note(t).DataLabel(new DataOrigin(DataKind.Simulated, t))),
        .. Texts.Select(t => new Listing(t, "r")), SourceList.Of(["viechtbauer2005"]),
    ])
    { Title = "A \"title\" \\ with: {signs} {{< x >}} <b> $ --- \n---" };

    [Fact]
    public void Text_is_text_in_every_form() => FileForms.Check(All);

    [Fact]
    public void Nothing_is_lost_but_what_no_file_can_hold()
    {
        string[] plain = [.. Texts.Select(t => Squeezed(PlainCharacters.Line(t))).Where(t => t.Length is > 0 and < 1000)];
        var word = Squeezed(FileForms.WordText(WordWriter.Write(All)));
        Assert.All(plain, t => Assert.Contains(t, word, StringComparison.Ordinal));
        var html = Squeezed(System.Net.WebUtility.HtmlDecode(Regex.Replace(HtmlPageWriter.Write(All), "</?(em|strong|p|div|h2|h3|td|th|tr|br|table|tbody|thead|details|summary|pre|code)[^>]*>", "")));
        Assert.All(plain, t => Assert.Contains(t, html, StringComparison.Ordinal));
        foreach (var text in Texts.Where(t => t.Length is > 0 and < 1000))
        {
            var line = PlainCharacters.Line(text);
            Assert.Equal(Squeezed(line), Squeezed(FileForms.MarkdownText(MarkdownFileWriter.Write(new Document([new Paragraph(text)])))));
        }

        static string Squeezed(string text) => Regex.Replace(text, @"\s+", "");
    }

    [Fact]
    public void Labels_columns_and_values_of_data_are_texts_in_every_file_of_a_report()
    {
        string[] labels = [.. Texts.Where(t => t.Trim().Length > 0 && !t.Contains('\ud800', StringComparison.Ordinal) && t.Length < 4000).Distinct()];
        double[] y = [.. labels.Select((_, i) => 0.2 + 0.1 * Math.Sin(i))];
        var effects = StudyEffects.Create(y, [.. labels.Select((_, i) => 0.01 + 0.001 * (i % 5))], EffectMeasure.FisherZ, labels, columns:
        [
            StudyColumn.OfTexts("=cmd() \\input{x} <b> {{< y >}}", labels), StudyColumn.OfNumbers("-0.3 points", labels.Select((_, i) => (double?)-0.3 * (i + 1))),
        ], origin: new(DataKind.Simulated, "<i>\\input{x} {{< y >}}"));
        var report = Report.Of(RandomEffects.Fit(effects), new() { Title = "</title><script>", Sections = [ReportSection.Summary, ReportSection.Methods, ReportSection.Data, ReportSection.Model, ReportSection.Limitations, ReportSection.Appendix], Figures = ReportFigures.Main });
        var files = report.Files(interrupt: TestContext.Current.CancellationToken);

        FileForms.Check(report.Document);
        string Text(string path) => Encoding.UTF8.GetString(files.Single(f => f.Path == path).Content.Span);
        Assert.All(files.Where(f => f.Path.EndsWith(".svg", StringComparison.Ordinal)), f => Assert.DoesNotMatch(new Regex("<script|<image|http://evil[^<]*\"|on\\w+=\"", RegexOptions.IgnoreCase), Encoding.UTF8.GetString(f.Content.Span)));
        Assert.All(Text("analysis.R"), c => Assert.True(c is '\n' or (>= ' ' and <= '~')));
        Cells(Text("data.csv"), labels.Length);
        // A spreadsheet reads what was analysed.
        var read = StudyTable.Parse(Text("data.csv"));
        Assert.Equal(labels.Length, read.Count);
        Assert.Equal(y, Enumerable.Range(0, read.Count).Select(i => read.Column("yi").Number(i)!.Value));
        Assert.Equal(-0.3, read.Column("'-0.3 points").Number(0));
    }

    /// <summary>Every cell of a file of commas: a number, or a text that no spreadsheet takes for a formula.</summary>
    private static void Cells(string csv, int rows)
    {
        List<string> cells = [];
        var (cell, isQuoted, count) = (new StringBuilder(), false, 0);
        for (var i = 0; i < csv.Length; i++)
        {
            var c = csv[i];
            if (c == '"' && isQuoted && i + 1 < csv.Length && csv[i + 1] == '"') cell.Append(csv[++i]);
            else if (c == '"') isQuoted = !isQuoted;
            else if (c is ',' or '\n' && !isQuoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
                if (c == '\n') count++;
            }
            else cell.Append(c);
        }
        Assert.Equal(rows + 1, count);
        Assert.All(cells, text => Assert.True(text.Length == 0 || !"=+-@\t\r".Contains(text[0], StringComparison.Ordinal) || double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out _), text));
    }
}
