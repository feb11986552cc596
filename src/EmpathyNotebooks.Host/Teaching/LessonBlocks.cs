using System.Text.RegularExpressions;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Site;
using Markdig;
using Markdig.Syntax;

namespace EmpathyNotebooks.Host.Teaching;

/// <summary>Takes the cells of a lesson apart into blocks.</summary>
internal static partial class LessonBlocks
{
    /// <summary>All blocks of a notebook in their order; code cells among them.</summary>
    /// <exception cref="SiteException">A fold is not closed, or has no summary.</exception>
    public static IReadOnlyList<LessonBlock> Of(NotebookDocument document, string notebook)
    {
        var blocks = new List<LessonBlock>();
        foreach (var cell in document.Cells)
        {
            if (cell.Type == NotebookCellType.Code) blocks.Add(new LessonBlock.Code(cell.Number, cell.Source));
            else if (cell.Type == NotebookCellType.Markdown) Read(HtmlText.UnixLines(cell.Source), cell.Number, notebook, blocks);
        }
        return blocks;
    }

    private static void Read(string source, int cell, string notebook, List<LessonBlock> blocks)
    {
        var parsed = Markdown.Parse(source, MarkdownReader.Dialect).Where(block => !block.Span.IsEmpty).ToList();
        for (var i = 0; i < parsed.Count; i++)
        {
            var text = source[parsed[i].Span.Start..(parsed[i].Span.End + 1)].Trim('\n');
            if (parsed[i] is HtmlBlock && text.StartsWith("<details>", StringComparison.Ordinal))
            {
                var start = parsed[i].Span.End + 1;
                while (i < parsed.Count && !IsClosing(parsed[i], source)) i++;
                if (i == parsed.Count) throw new SiteException(notebook, cell, "<details> has no </details> in this cell. Leave an empty line before </details>.");
                var summary = Summary().Match(text);
                if (!summary.Success) throw new SiteException(notebook, cell, "a fold has to begin with <details>, and <summary>Words</summary> on the next line, then an empty line.");
                blocks.Add(new LessonBlock.Fold(cell, source[start..parsed[i].Span.Start].Trim('\n'), summary.Groups[1].Value));
                continue;
            }
            blocks.Add(parsed[i] switch
            {
                HeadingBlock heading => new LessonBlock.Heading(cell, text.TrimStart('#').Trim(), heading.Level),
                QuoteBlock => Box(text, cell),
                ParagraphBlock => new LessonBlock.Paragraph(cell, text),
                HtmlBlock when SlideWords().Match(text) is { Success: true } words => new LessonBlock.SlideWords(cell, words.Groups[1].Value.Trim()),
                _ => new LessonBlock.Other(cell, text),
            });
        }
    }

    private static bool IsClosing(Block block, string source) =>
        block is HtmlBlock && source.AsSpan(block.Span.Start, block.Span.Length).TrimStart().StartsWith("</details>");

    private static LessonBlock Box(string text, int cell)
    {
        var inner = QuoteMark().Replace(text, "");
        var title = BoxTitle().Match(inner);
        return title.Success ? new LessonBlock.Box(cell, inner[title.Length..].Trim('\n'), title.Groups[1].Value) : new LessonBlock.Other(cell, text);
    }

    [GeneratedRegex(@"\A<details>\n<summary>([^<\n]+)</summary>\s*\z")]
    private static partial Regex Summary();

    [GeneratedRegex(@"\A<!--\s*slide:(.+?)-->\s*\z", RegexOptions.Singleline)]
    private static partial Regex SlideWords();

    [GeneratedRegex(@"^ ?> ?", RegexOptions.Multiline)]
    private static partial Regex QuoteMark();

    [GeneratedRegex(@"\A\*\*([^*\n]+?)[.:]?\*\*[ \n]*")]
    private static partial Regex BoxTitle();
}
