using EmpathyNotebooks.Host.Site.Api;
using Markdig;
using Markdig.Extensions.Footnotes;
using Markdig.Extensions.Mathematics;
using Markdig.Extensions.Tables;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Renderers.Html.Inlines;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace EmpathyNotebooks.Host.Site;

/// <summary>Writes Markdown cells as HTML of a page.</summary>
/// <param name="reader">The reader of the same page, for its formulas.</param>
/// <param name="resolve">What a link of a cell becomes.</param>
/// <param name="terms">Marks words of the glossary; null for none.</param>
/// <param name="api">Where names of the library lead; null when there are no pages of the API.</param>
internal sealed class MarkdownWriter(MarkdownReader reader, Func<int, string, LinkTarget> resolve, TermMarks? terms = null, ApiLinks? api = null)
{
    /// <summary>A whole cell.</summary>
    public string Write(ProseCell cell) => Write(cell.Document, cell.Number);

    /// <summary>One block of a cell.</summary>
    public string Write(MarkdownObject block, int cell)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var html = new HtmlRenderer(text);
        MarkdownReader.Dialect.Setup(html);
        var renderers = html.ObjectRenderers;
        renderers.Replace<LiteralInlineRenderer>(new Literal(terms));
        renderers.Replace<HtmlMathInlineRenderer>(new InlineFormula(reader, cell, terms));
        if (terms is not null) renderers.Replace<HeadingRenderer>(new Section(terms));
        renderers.Replace<HtmlMathBlockRenderer>(new BlockFormula(reader, cell));
        renderers.Replace<QuoteBlockRenderer>(new Quote());
        renderers.Replace<CodeBlockRenderer>(new Code(api));
        if (api is not null) renderers.Replace<CodeInlineRenderer>(new InlineCode(api));
        renderers.Replace<HtmlTableRenderer>(new ScrollingTable());
        renderers.Replace<HtmlFootnoteGroupRenderer>(new Footnotes());
        renderers.Replace<LinkInlineRenderer>(new Link(cell, resolve));
        var at = block;
        html.ObjectWriteBefore += (_, node) => at = node;
        try
        {
            html.Render(block);
        }
        catch (SiteException fault) when (fault.Line is null && reader.LineOf(cell, at) is { } line)
        {
            throw fault.At(line);
        }
        return text.ToString();
    }

    /// <summary>A browser may end a line before or behind a formula, but not behind its bracket, nor before its comma: these are written together with it, and left out of the text.</summary>
    private static class Punctuation
    {
        private const string Opening = "([";
        private const string Closing = ",.;:!?)]";

        public static (string Before, string After) Around(MathInline math) => (
            IsInLine(math) && math.PreviousSibling is LiteralInline before ? before.Content.ToString()[^Trailing(before)..] : "",
            IsInLine(math) && math.NextSibling is LiteralInline after ? after.Content.ToString()[..Leading(after)] : "");

        /// <summary>How many characters at the beginning belong to a formula before the text.</summary>
        public static int Leading(LiteralInline literal) => literal.PreviousSibling is MathInline math && IsInLine(math)
            ? literal.Content.ToString().TakeWhile(c => Closing.Contains(c)).Count() : 0;

        /// <summary>How many at its end belong to one behind it.</summary>
        public static int Trailing(LiteralInline literal) => literal.NextSibling is MathInline math && IsInLine(math)
            ? literal.Content.ToString()[Leading(literal)..].Reverse().TakeWhile(c => Opening.Contains(c)).Count() : 0;

        private static bool IsInLine(MathInline math) => math.DelimiterCount != 2;
    }

    /// <summary>Where a word may be marked: in running text, not in a heading, a link or an option that is itself clicked.</summary>
    private static bool IsRunning(Inline inline)
    {
        for (var parent = inline.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is LinkInline) return false;
            if (parent.ParentBlock is not { } block) continue;
            if (block is HeadingBlock || block.TryGetAttributes()?.Classes is ["facts" or "turn-words", ..]) return false;
            for (var around = block.Parent; around is not null; around = around.Parent)
            {
                if (Options.NameOf(around) is not null) return false;
            }
        }
        return true;
    }

    /// <summary>A heading that begins a section in which words are marked again.</summary>
    private sealed class Section(TermMarks terms) : HeadingRenderer
    {
        protected override void Write(HtmlRenderer html, HeadingBlock heading)
        {
            if (heading is { Level: <= 2, Inline: { } words }) terms.Begin(MarkdownReader.Plain(words));
            base.Write(html, heading);
        }
    }

    private sealed class Literal(TermMarks? terms) : HtmlObjectRenderer<LiteralInline>
    {
        protected override void Write(HtmlRenderer html, LiteralInline literal)
        {
            var text = literal.Content.ToString();
            text = text[Punctuation.Leading(literal)..^Punctuation.Trailing(literal)];
            if (terms is not null && IsRunning(literal)) html.Write(terms.Text(text));
            else html.WriteEscape(text);
        }
    }

    private sealed class InlineFormula(MarkdownReader reader, int cell, TermMarks? terms) : HtmlObjectRenderer<MathInline>
    {
        protected override void Write(HtmlRenderer html, MathInline math)
        {
            var display = math.DelimiterCount == 2;
            var formula = reader.Formula(math.Content.ToString().Trim(), display, cell);
            if (!display && terms is not null && IsRunning(math)) formula = terms.Formula(math.Content.ToString(), formula);
            if (display) html.Write($"<span class=\"formula\">{formula}</span>");
            else if (Punctuation.Around(math) is not ("", "") and var (before, after)) html.Write($"<span class=\"together\">{before}{formula}{after}</span>");
            else html.Write(formula);
        }
    }

    private sealed class BlockFormula(MarkdownReader reader, int cell) : HtmlObjectRenderer<MathBlock>
    {
        protected override void Write(HtmlRenderer html, MathBlock math)
        {
            html.EnsureLine();
            html.WriteLine($"<div class=\"formula\">{reader.Formula(math.Lines.ToString().Trim(), display: true, cell)}</div>");
        }
    }

    private sealed class Quote : HtmlObjectRenderer<QuoteBlock>
    {
        protected override void Write(HtmlRenderer html, QuoteBlock quote)
        {
            var tight = html.ImplicitParagraph;
            html.ImplicitParagraph = false;
            html.EnsureLine();
            if (Box.Of(quote) is (var asked, var askClass) && quote.Select(Options.NameOf).FirstOrDefault(name => name is not null) is { } question)
            {
                html.WriteLine($"<fieldset class=\"box box-{askClass} choice\" data-question=\"{HtmlText.Escape(question)}\">").WriteLine($"<legend class=\"box-title\">{asked}</legend>");
                foreach (var block in quote)
                {
                    if (Options.NameOf(block) is not null) Options.Write(html, (ListBlock)block, question);
                    else html.Render(block);
                }
                html.WriteLine("</fieldset>");
            }
            else if (Box.Of(quote) is (var title, var boxClass))
            {
                html.WriteLine($"<div class=\"box box-{boxClass}\" role=\"note\">").WriteLine($"<p class=\"box-title\">{title}</p>");
                html.WriteChildren(quote);
                html.WriteLine("</div>");
            }
            else
            {
                html.WriteLine("<blockquote>");
                html.WriteChildren(quote);
                html.WriteLine("</blockquote>");
            }
            html.ImplicitParagraph = tight;
        }
    }

    // A name within a link leads where the link does.
    private sealed class InlineCode(ApiLinks api) : HtmlObjectRenderer<CodeInline>
    {
        protected override void Write(HtmlRenderer html, CodeInline code)
        {
            var isLinked = false;
            for (Inline? outer = code.Parent; outer is not null; outer = outer.Parent) isLinked |= outer is LinkInline;
            html.Write($"<code>{(isLinked ? HtmlText.Escape(code.Content) : api.Inline(code.Content))}</code>");
        }
    }

    private sealed class Code(ApiLinks? api) : HtmlObjectRenderer<CodeBlock>
    {
        protected override void Write(HtmlRenderer html, CodeBlock code)
        {
            var language = (code as FencedCodeBlock)?.Info ?? "";
            var source = code.Lines.ToString();
            var isCSharp = language.ToLowerInvariant() is "csharp" or "cs" or "c#";
            html.EnsureLine();
            var text = isCSharp ? CSharpColours.ToHtml(source, api) : HtmlText.Escape(source);
            html.WriteLine($"<pre class=\"code\"><code>{text}</code></pre>");
        }
    }

    private sealed class ScrollingTable : HtmlTableRenderer
    {
        protected override void Write(HtmlRenderer html, Table table)
        {
            html.EnsureLine();
            html.WriteLine("<div class=\"scroll\">");
            base.Write(html, table);
            html.WriteLine("</div>");
        }
    }

    private sealed class Footnotes : HtmlObjectRenderer<FootnoteGroup>
    {
        protected override void Write(HtmlRenderer html, FootnoteGroup group)
        {
            html.EnsureLine();
            html.WriteLine($"<ol class=\"footnotes\" start=\"{group.Cast<Footnote>().Min(note => note.Order)}\">");
            foreach (var footnote in group.Cast<Footnote>())
            {
                html.WriteLine($"<li id=\"fn:{footnote.Order}\">");
                html.WriteChildren(footnote);
                html.WriteLine("</li>");
            }
            html.WriteLine("</ol>");
        }
    }

    private sealed class Link(int cell, Func<int, string, LinkTarget> resolve) : LinkInlineRenderer
    {
        protected override void Write(HtmlRenderer html, LinkInline link)
        {
            if (link.IsImage)
            {
                base.Write(html, link);
                return;
            }
            switch (resolve(cell, link.GetDynamicUrl?.Invoke() ?? link.Url ?? ""))
            {
                case LinkTarget.Address address:
                    // The index shows parts of the same document with other addresses, so the document stays as it was read.
                    var (url, dynamicUrl) = (link.Url, link.GetDynamicUrl);
                    (link.Url, link.GetDynamicUrl) = (address.Url, null);
                    base.Write(html, link);
                    (link.Url, link.GetDynamicUrl) = (url, dynamicUrl);
                    break;
                case LinkTarget.RepositoryFile file:
                    // A page that was sent by mail has no file beside it to open.
                    html.WriteChildren(link);
                    if (MarkdownReader.Plain(link) != file.Path) html.Write($" (<code>{HtmlText.Escape(file.Path)}</code>)");
                    break;
            }
        }
    }
}

/// <summary>Where a link of a Markdown cell leads.</summary>
internal abstract record LinkTarget
{
    /// <summary>An address the page can link to.</summary>
    public sealed record Address(string Url) : LinkTarget;

    /// <summary>A file of the repository, which a page that stands alone can only name.</summary>
    public sealed record RepositoryFile(string Path) : LinkTarget;
}
