using System.Text;

namespace EmpathyNotebooks.Host.Site;

/// <summary>Renders the glossary: as a page of the site, and the words of one page at that page's end.</summary>
internal static class GlossaryRenderer
{
    // A short one is seen at a glance.
    private const int Long = 20;

    /// <summary>The page's file.</summary>
    public const string PageName = "glossary.html";

    /// <summary>The page.</summary>
    public static string Page(Glossary glossary, SiteMap site)
    {
        var markdown = new MarkdownWriter(glossary.Reader, (_, url) => site.Links.Resolve(glossary, url, onPage: true));
        var body = new StringBuilder("<main id=\"content\" tabindex=\"-1\">\n<h1>Glossary</h1>\n<div class=\"prose\">\n");
        foreach (var block in glossary.Introduction) body.Append(markdown.Write(block, 1));
        body.Append("</div>\n");
        var isLong = glossary.Terms.Count >= Long;
        if (isLong) body.Append(Filter.Render("Find a word", ".glossary > dt", "word", "words")).Append('\n').Append(Letters(glossary.Terms));
        body.Append("<dl class=\"glossary\">\n");
        foreach (var term in glossary.Terms)
        {
            body.Append($"<dt id=\"{term.Id}\">{term.TitleHtml}</dt>\n<dd>");
            if (term.AlsoHtml.Length > 0) body.Append($"<p class=\"also\">{term.AlsoHtml}</p>\n");
            body.Append(markdown.Write(term.Definition, 1));
            if (term.Lesson is { } lesson) body.Append(markdown.Write(lesson, 1));
            body.Append("</dd>\n");
        }
        return PageShell.Wrap(new PageFrame(PageName, $"Glossary \u00b7 {PageShell.SiteName}") { Assets = isLong ? [Filter.Script] : [] }, site, body.Append("</dl>\n</main>").ToString());
    }

    // Links to the first word of each letter, where the words stand in the order of their letters.
    private static string Letters(IReadOnlyList<GlossaryTerm> terms)
    {
        var groups = new List<(string Letter, GlossaryTerm First)>();
        foreach (var term in terms)
        {
            var letter = Letter(term.Title);
            if (groups.Count == 0 || groups[^1].Letter != letter) groups.Add((letter, term));
        }
        if (groups.Select(group => group.Letter).Distinct(StringComparer.Ordinal).Count() < groups.Count) return "";
        var links = groups.Select(group => $"<li><a href=\"#{Uri.EscapeDataString(group.First.Id)}\">{HtmlText.Escape(group.Letter)}</a></li>\n");
        return $"<nav class=\"letters\" aria-label=\"Words by letter\">\n<ul>\n{string.Concat(links)}</ul>\n</nav>\n";
    }

    private static string Letter(string title) => System.Globalization.StringInfo.GetNextTextElement(title).ToUpperInvariant() is var first && first.Length > 0 && char.IsLetter(first, 0) ? first : "0\u20139";

    /// <summary>The words that a page has marked, folded at its end; empty when there are none.</summary>
    /// <param name="marks">The marks of the page.</param>
    /// <param name="site">The site around it.</param>
    public static string Words(TermMarks marks, SiteMap site)
    {
        var html = new StringBuilder();
        var markdown = new MarkdownWriter(marks.Glossary.Reader, (_, url) => site.Links.Resolve(marks.Glossary, url, onPage: false));
        foreach (var term in marks.Used)
        {
            var title = site.Has(PageName) ? $"<a href=\"{PageName}#{Uri.EscapeDataString(term.Id)}\">{term.TitleHtml}</a>" : term.TitleHtml;
            html.Append($"<dt>{title}</dt>\n<dd id=\"{TermMarks.IdOf(term)}\">{markdown.Write(term.Definition, 1).Trim()}</dd>\n");
        }
        return html.Length == 0 ? "" : $"<details class=\"words\"><summary>The words of this page</summary>\n<dl class=\"glossary\">\n{html}</dl>\n</details>\n";
    }
}
