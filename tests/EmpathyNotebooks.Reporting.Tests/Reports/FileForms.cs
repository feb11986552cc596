using System.Text;
using System.Text.RegularExpressions;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace EmpathyNotebooks.Reporting.Tests;

/// <summary>What the files of documents must be: read by programs that know their forms, as far as there are some.</summary>
internal static partial class FileForms
{
    private static readonly MarkdownPipeline GitHub = new MarkdownPipelineBuilder().UsePipeTables().UseEmphasisExtras().UseAutoLinks().UseTaskLists().UseFootnotes().UseDefinitionLists().UseMathematics().UseEmojiAndSmiley().Build();

    /// <summary>Every form of a document, each checked.</summary>
    public static void Check(Document document)
    {
        Page(HtmlPageWriter.Write(document));
        Word(WordWriter.Write(document));
        Latex(LatexWriter.Write(document));
        Markdown(MarkdownFileWriter.Write(document));
        Quarto(MarkdownFileWriter.WriteQuarto(document));
    }

    /// <summary>A page that loads nothing, runs nothing, and leads nowhere but to sources.</summary>
    public static void Page(string html)
    {
        Assert.DoesNotMatch(new Regex("<(script|img|iframe|object|embed|link|base|form|a [^>]*on)", RegexOptions.IgnoreCase), html);
        foreach (Match link in Address().Matches(html)) Assert.True(link.Groups[1].Value.StartsWith('#') || link.Groups[1].Value.StartsWith("https://doi.org/10.", StringComparison.Ordinal), link.Value);
        Assert.DoesNotMatch(new Regex("url\\((?!#)|@import", RegexOptions.IgnoreCase), html);
        string[] ids = [.. Regex.Matches(html, " id=\"([^\"]*)\"").Select(m => m.Groups[1].Value)];
        Assert.Equal(ids.Distinct().Count(), ids.Length);
        foreach (var tag in (string[])["table", "tr", "figure", "ul", "ol", "details", "div", "p", "em", "svg", "h2", "h3"]) Assert.Equal(Regex.Count(html, $"<{tag}[ >]"), Regex.Count(html, $"</{tag}>"));
    }

    /// <summary>A file that follows the schema of Word, without date, and whose links stay inside.</summary>
    public static void Word(byte[] docx)
    {
        using var stream = new MemoryStream(docx);
        using var word = WordprocessingDocument.Open(stream, false);
        string[] faults = [.. new OpenXmlValidator(FileFormatVersions.Microsoft365).Validate(word).Select(f => $"{f.Path?.XPath}: {f.Description}")];
        Assert.True(faults.Length == 0, string.Join('\n', faults.Take(5)));
        Assert.Empty(word.MainDocumentPart!.ExternalRelationships);
        Assert.Empty(word.MainDocumentPart.HyperlinkRelationships);
    }

    /// <summary>All text of a Word file.</summary>
    public static string WordText(byte[] docx)
    {
        using var stream = new MemoryStream(docx);
        using var word = WordprocessingDocument.Open(stream, false);
        return word.MainDocumentPart!.Document!.Body!.InnerText;
    }

    /// <summary>Groups and environments close in the order in which they open, every command is one of the writer's own, and signs of TeX stand in no text.</summary>
    public static void Latex(string tex)
    {
        string[] known =
        [
            "documentclass", "usepackage", "ifPDFTeX", "else", "fi", "setlength", "LTleft", "LTpre", "LTpost", "parindent", "parskip", "emergencystretch", "setcounter", "title", "author", "date", "begin", "end", "maketitle",
            "section", "subsection", "subsubsection", "textit", "textbf", "footnotesize", "begingroup", "endgroup", "par", "nopagebreak", "raggedleft", "raggedright", "arraybackslash", "dimexpr", "linewidth", "tabcolsep", "relax", "toprule", "midrule",
            "endhead", "bottomrule", "smallskip", "includegraphics", "textheight", "ttfamily", "scriptsize", "mbox", "hangindent", "hangafter", "ensuremath", "times", "pm", "cdot", "leq", "geq", "neq", "approx", "surd", "infty", "rightarrow", "leftarrow",
            "textbackslash", "textasciicircum", "textasciitilde", "textless", "textgreater", "textbar", "textquotedbl", "textasciigrave", "textquotesingle", "textendash", "textemdash", "textquoteleft", "textquoteright", "textquotedblleft", "textquotedblright",
            "textellipsis", "textsuperscript", "textsubscript", "textonehalf", "textdegree", "allowbreak", "Delta", "Sigma", "Phi", "Omega", "alpha", "beta", "gamma", "delta", "varepsilon", "eta", "theta", "kappa", "lambda", "mu", "nu", "pi", "rho",
            "sigma", "tau", "varphi", "chi", "psi", "omega", "newunicodechar", "unicodeletter", "DeclareRobustCommand", "iffontchar", "font", "symbol", "maybreak", "penalty", "newcommand", "across", "makebox", "parbox", "strut", "rule", "roomfortable", "ifdim", "pagegoal",
            "pagetotal", "pagebreak", "hspace", "multicolumn", "endfirsthead", "endfoot", "endlastfoot", "quotesinglbase", "quotedblbase", "guilsinglleft", "guilsinglright", "texteuro", "textcent", "textyen", "textperthousand", "textdagger", "textdaggerdbl",
            "textparagraph", "textbullet", "textcopyright", "textregistered", "texttrademark", "textordfeminine", "textordmasculine", "textonequarter", "textthreequarters", "div", "neg", "sum", "in", "setmainfont", "u", "r", "H", "v", "d", "c", "k",
        ];
        foreach (Match command in Regex.Matches(tex, @"\\([A-Za-z]+)")) Assert.True(known.Contains(command.Groups[1].Value) || IsEscapedBefore(tex, command.Index), command.Value);
        List<string> open = [];
        foreach (Match sign in Regex.Matches(tex, @"\\begin\{(\w+)\}|\\end\{(\w+)\}|\\[\\{}$&#%_,\- *]|[{}]"))
        {
            switch (sign.Value)
            {
                case "{": open.Add("{"); break;
                case "}": Assert.Equal("{", open[^1]); open.RemoveAt(open.Count - 1); break;
                case ['\\', 'b', ..]: open.Add(sign.Groups[1].Value); break;
                case ['\\', 'e', ..]: Assert.Equal(sign.Groups[2].Value, open[^1]); open.RemoveAt(open.Count - 1); break;
            }
        }
        Assert.Empty(open);
        var body = tex[tex.IndexOf(@"\begin{document}", StringComparison.Ordinal)..];
        Assert.DoesNotMatch(@"(?<!\\)[$#%^_]", body);
        // & parts cells, and nothing else has it.
        Assert.All(body.Split('\n').Where(line => Regex.IsMatch(line, @"(?<!\\)&")), line => Assert.EndsWith(@"\\", line.TrimEnd('*'), StringComparison.Ordinal));
        Assert.DoesNotContain("\\input", tex, StringComparison.Ordinal);
    }

    private static bool IsEscapedBefore(string tex, int at) => at > 0 && tex[at - 1] == '\\';

    /// <summary>GitHub's Markdown, read by a program that knows it: no HTML, no link but to sources, no picture but the figures.</summary>
    public static void Markdown(string text)
    {
        var read = Markdig.Markdown.Parse(text, GitHub);
        Assert.Empty(read.Descendants<HtmlInline>());
        Assert.Empty(read.Descendants<HtmlBlock>());
        Assert.Equal("", string.Join("\n", read.Descendants<ThematicBreakBlock>().Select(b => text.Substring(Math.Max(0, b.Span.Start - 50), 100))));
        Assert.Equal("", string.Join("\n", read.Descendants<ListBlock>().Select(b => text.Substring(b.Span.Start, Math.Min(b.Span.Length, 200)))));
        Assert.All(read.Descendants<AutolinkInline>(), link => Assert.StartsWith("https://doi.org/10.", link.Url, StringComparison.Ordinal));
        Assert.All(read.Descendants<LinkInline>(), link => Assert.True(link.IsImage && link.Url!.StartsWith("figures/figure-", StringComparison.Ordinal), link.Url));
    }

    /// <summary>The text of a file of Markdown, as a reader sees it.</summary>
    public static string MarkdownText(string text) => Markdig.Markdown.ToPlainText(text, GitHub);

    /// <summary>A file of Quarto has one head, no shortcode, no code that runs, and no attribute or citation but the writer's own.</summary>
    public static void Quarto(string text)
    {
        Assert.StartsWith("---\ntitle: \"", text, StringComparison.Ordinal);
        var end = text.IndexOf("\n---\n", StringComparison.Ordinal);
        Assert.Equal(-1, text.IndexOf("\n---", end + 4, StringComparison.Ordinal));
        var body = text[(end + 5)..];
        // Nor in code, where Quarto would look for one.
        Assert.DoesNotContain("{{<", text, StringComparison.Ordinal);
        var prose = Regex.Replace(body, "^(`{3,}).*?^\\1$", "", RegexOptions.Singleline | RegexOptions.Multiline);
        // Nothing runs.
        Assert.DoesNotMatch(new Regex("^`{3,}\\{r", RegexOptions.Multiline), body);
        Assert.DoesNotMatch(@"(?<!\\)[@$^~<]", prose.Replace("::: {#refs}", "", StringComparison.Ordinal));
        foreach (Match attribute in Regex.Matches(prose, @"(?<!\\)\{[^\n]*?(?<!\\)\}")) Assert.Matches("^\\{#(tbl|fig|refs)", attribute.Value);
        foreach (Match link in Regex.Matches(prose, @"(?<!\\)\]\(([^)]*)\)")) Assert.StartsWith("figures/figure-", link.Groups[1].Value, StringComparison.Ordinal);
    }

    [GeneratedRegex("(?:href|src|action|data)=\"([^\"]*)\"", RegexOptions.IgnoreCase)]
    private static partial Regex Address();
}
