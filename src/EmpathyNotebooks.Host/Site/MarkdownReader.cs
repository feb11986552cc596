using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EmpathyNotebooks.Host.Documents;
using Markdig;
using Markdig.Extensions.Footnotes;
using Markdig.Extensions.Mathematics;
using Markdig.Helpers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace EmpathyNotebooks.Host.Site;

/// <summary>
/// Reads the Markdown cells of one page: gives headings and footnotes names that are unique on the page, recognises boxes, and
/// refuses what would silently be shown as something else than the author meant.
/// </summary>
/// <param name="notebook">The name of the notebook, for messages.</param>
/// <param name="tex">Sets formulas.</param>
/// <param name="source">The Markdown file that is read instead of a notebook; null for a notebook.</param>
internal sealed partial class MarkdownReader(string notebook, TeX tex, ProseSource? source = null)
{
    /// <summary>The dialect of Markdown in notebooks.</summary>
    public static MarkdownPipeline Dialect { get; } = new MarkdownPipelineBuilder()
        .UsePipeTables()
        .UseFootnotes()
        .UseTaskLists()
        .UseAutoLinks()
        .UseEmphasisExtras(Markdig.Extensions.EmphasisExtras.EmphasisExtraOptions.Strikethrough)
        .UseMathematics()
        .UsePreciseSourceLocation()
        .Build();

    private const string Attachment = "attachment:";

    private string Part => source is null ? "cell" : "text";

    private readonly List<Heading> _headings = [];
    private readonly HashSet<string> _ids = [.. PageRenderer.ReservedIds];
    private int _footnotes;
    private int _footnoteLinks;
    private int _questions;

    /// <summary>The headings read so far, in order.</summary>
    public IReadOnlyList<Heading> Headings => _headings;

    /// <summary>The Markdown file; null for a notebook.</summary>
    public ProseSource? Source => source;

    /// <summary>The line of the file at which something stands; null in a notebook, whose cells have numbers.</summary>
    public int? LineOf(int cell, MarkdownObject node) => source is null ? null
        : source.FirstLines[cell - 1] + Math.Max(node.Line, node is Inline { Parent: var parent } ? Root(parent)?.ParentBlock?.Line ?? 0 : 0);

    /// <summary>Whether a link may lead to this id.</summary>
    public bool HasId(string id) => _ids.Contains(id);

    /// <summary>Reads one cell.</summary>
    /// <param name="number">Its number in the notebook.</param>
    /// <param name="markdown">Its Markdown.</param>
    /// <param name="attachments">Its pictures by name, each a bundle by media type, as in the notebook's file.</param>
    /// <exception cref="SiteException">The cell holds a formula, footnote, fold or attachment that is not complete.</exception>
    public ProseCell Read(int number, string markdown, JsonObject? attachments = null)
    {
        var document = Markdown.Parse(HtmlText.UnixLines(markdown), Dialect);
        MarkdownObject at = document;
        try
        {
            CheckFolds(document, number, ref at);
            foreach (var node in document.Descendants().ToList())
            {
                at = node;
                Read(node, number, attachments);
            }
        }
        catch (SiteException fault) when (fault.Line is null && LineOf(number, at) is { } line)
        {
            throw fault.At(line);
        }
        NumberFootnotes(document);
        return new ProseCell(number, document);
    }

    private void Read(MarkdownObject node, int number, JsonObject? attachments)
    {
        switch (node)
        {
            case LiteralInline { PreviousSibling: not LiteralInline } literal: CheckText(literal, number); break;
            case LinkInline { IsImage: true, Url: { } url } image when url.StartsWith(Attachment, StringComparison.Ordinal):
                image.Url = AttachedPicture(Uri.UnescapeDataString(url[Attachment.Length..]), attachments, number);
                break;
            case LinkInline { IsImage: true, Url: { } url } image when source is not null:
                image.Url = source.Picture(url, out var fault) ?? throw new SiteException(notebook, number, fault);
                break;
            case QuoteBlock quote: RecogniseBox(quote, number); break;
            case HeadingBlock heading: Name(heading, number); break;
            case HtmlBlock html: Claim(html.Lines.ToString(), number); break;
            case HtmlInline html: Claim(html.Tag, number); break;
        }
    }

    /// <summary>A formula as MathML.</summary>
    /// <exception cref="SiteException">The formula cannot be read.</exception>
    public string Formula(string formula, bool display, int cell)
    {
        try
        {
            return tex.ToMathMl(formula, display);
        }
        catch (FormatException error)
        {
            var sign = display ? "$$" : "$";
            var fault = $"the formula {sign}{formula}{sign} cannot be read: {error.Message}";
            throw new SiteException(notebook, cell, fault, formula, error);
        }
    }

    private void CheckText(LiteralInline first, int number)
    {
        // Markdig cuts a text where a mark might have begun; what was escaped on purpose is no mark.
        var text = "";
        for (Inline? part = first; part is LiteralInline literal; part = part.NextSibling)
            text += literal.IsFirstCharacterEscaped ? " " + literal.Content.ToString()[1..] : literal.Content.ToString();
        if (UnfinishedFormula().Match(text) is { Success: true } formula)
            throw new SiteException(notebook, number,
                $"\"{Around(text, formula.Index)}\" looks like a formula but is not one. Begin $ after a space or bracket, "
                + "end it before a space or punctuation, put $$ alone on its line, and write an amount of money as \\$5.");
        if (text.IndexOf("[^", StringComparison.Ordinal) is >= 0 and var footnote)
            throw new SiteException(notebook, number,
                $"\"{Around(text, footnote)}\" refers to a footnote that this {Part} does not define.");
    }

    private string AttachedPicture(string name, JsonObject? attachments, int number)
    {
        var bundle = attachments?[name] as JsonObject
            ?? throw new SiteException(notebook, number, $"the cell has no attachment \"{name}\".");
        foreach (var (type, content) in bundle)
            if (type.StartsWith("image/", StringComparison.Ordinal))
                return $"data:{type};base64,{string.Concat(NotebookJson.JoinLines(content).Split())}";
        throw new SiteException(notebook, number, $"the attachment \"{name}\" is not a picture.");
    }

    private static ContainerInline? Root(ContainerInline? inline)
    {
        while (inline?.Parent is { } parent) inline = parent;
        return inline;
    }

    private static string Around(string text, int index) =>
        text[Math.Max(0, index - 15)..Math.Min(text.Length, index + 25)].Trim();

    // Each cell becomes a part of the page; a fold left open would swallow the cells after it.
    private void CheckFolds(MarkdownDocument document, int number, ref MarkdownObject at)
    {
        var open = 0;
        MarkdownObject last = document;
        foreach (var node in document.Descendants())
        {
            var html = node switch { HtmlBlock block => block.Lines.ToString(), HtmlInline inline => inline.Tag, _ => "" };
            foreach (Match match in Fold().Matches(html))
            {
                if (match.Groups[1].Length == 0) last = node;
                at = node;
                open += match.Groups[1].Length > 0 ? -1 : 1;
                if (open < 0)
                    throw new SiteException(notebook, number, $"</details> closes a fold that is not open in this {Part}.");
            }
        }
        at = last;
        if (open > 0)
            throw new SiteException(notebook, number,
                $"<details> has no </details> in this {Part}. Leave an empty line before </details>.");
    }

    private void RecogniseBox(QuoteBlock quote, int number)
    {
        if (quote is not [ParagraphBlock { Inline.FirstChild: EmphasisInline { DelimiterCount: 2 } title } first, ..]) return;
        if (Box.ClassOf(Plain(title)) is not { } boxClass) return;
        Box.Mark(quote, InlineHtml(title, number).TrimEnd('.', ':'), boxClass);
        var after = title.NextSibling;
        title.Remove();
        if (after is LineBreakInline) after.Remove();
        else if (after is LiteralInline text) text.Content.TrimStart();
        if (first.Inline!.FirstChild is null) quote.Remove(first);
        if (Box.Asks(boxClass) && quote.OfType<ListBlock>().LastOrDefault(Options.Are) is { } list) Options.Mark(list, notebook, ++_questions);
    }

    private void Name(HeadingBlock heading, int number)
    {
        var text = Plain(heading.Inline!);
        var slug = LinkHelper.UrilizeAsGfm(text);
        var id = Claim(slug.Length > 0 ? slug : "section");
        heading.GetAttributes().Id = id;
        _headings.Add(new Heading(heading.Level, id, text, InlineHtml(heading.Inline!, number)));
    }

    private string Claim(string slug)
    {
        var id = slug;
        for (var n = 1; !_ids.Add(id); n++) id = string.Create(CultureInfo.InvariantCulture, $"{slug}-{n}");
        return id;
    }

    // HTML as it stands. A notebook's is checked with what is around it, when its page is made.
    private void Claim(string html, int number)
    {
        if (source is not null)
        {
            try
            {
                if (SelfContained.FindFault(html) is { } fault) throw new SiteException(notebook, number, fault);
            }
            catch (FormatException error)
            {
                throw new SiteException(notebook, number, $"HTML that would damage the page after it: {error.Message}", inner: error);
            }
        }
        foreach (Match match in Id().Matches(html)) _ids.Add(WebUtility.HtmlDecode(match.Groups[1].Value));
    }

    // Markdig numbers the footnotes of each cell from 1; a page has one numbering.
    private void NumberFootnotes(MarkdownDocument document)
    {
        if (document.LastChild is not FootnoteGroup group) return;
        var links = 0;
        foreach (var footnote in group.Cast<Footnote>())
        {
            footnote.Order += _footnotes;
            foreach (var link in footnote.Links)
            {
                // The link in the text and the one back from the note are separate objects that share a number.
                link.Index += _footnoteLinks;
                if (!link.IsBackLink) links++;
            }
        }
        _footnotes += group.Count;
        _footnoteLinks += links;
    }

    /// <summary>The words of a heading or title without marks.</summary>
    public static string Plain(Inline inline) => inline switch
    {
        LiteralInline literal => literal.Content.ToString(),
        CodeInline code => code.Content,
        MathInline math => math.Content.ToString(),
        HtmlEntityInline entity => entity.Transcoded.ToString(),
        LineBreakInline => " ",
        ContainerInline container => string.Concat(container.Select(Plain)),
        _ => "",
    };

    /// <summary>Words with formulas and emphasis. For the table of contents: a link within a link is not possible, and a footnote there makes no sense.</summary>
    public string InlineHtml(Inline inline, int cell) => inline switch
    {
        CodeInline code => $"<code>{HtmlText.Escape(code.Content)}</code>",
        MathInline math => Formula(math.Content.ToString(), display: false, cell),
        EmphasisInline { DelimiterCount: 1 } emphasis =>
            $"<em>{string.Concat(emphasis.Select(part => InlineHtml(part, cell)))}</em>",
        ContainerInline container => string.Concat(container.Select(part => InlineHtml(part, cell))),
        _ => HtmlText.Escape(Plain(inline)),
    };

    [GeneratedRegex(@"\$\$|\$[\\^_{]")]
    private static partial Regex UnfinishedFormula();

    [GeneratedRegex(@"<(/?)details\b", RegexOptions.IgnoreCase)]
    private static partial Regex Fold();

    [GeneratedRegex(@"\s(?:id|name)\s*=\s*[""']?([^""'\s>]+)", RegexOptions.IgnoreCase)]
    private static partial Regex Id();
}
