using System.Text;

namespace EmpathyNotebooks.Host.Site;

/// <summary>Renders the glossary: as a page of the site, and the words of one page at that page's end.</summary>
internal static class GlossaryRenderer
{
    /// <summary>The page's file.</summary>
    public const string PageName = "glossary.html";

    /// <summary>The page.</summary>
    public static string Page(Glossary glossary, SiteMap site)
    {
        var markdown = new MarkdownWriter(glossary.Reader, (_, url) => site.Links.Resolve(glossary, url, onPage: true));
        var body = new StringBuilder("<main id=\"content\" tabindex=\"-1\">\n<h1>Glossary</h1>\n<div class=\"prose\">\n");
        foreach (var block in glossary.Introduction) body.Append(markdown.Write(block, 1));
        body.Append("</div>\n<dl class=\"glossary\">\n");
        foreach (var term in glossary.Terms)
        {
            body.Append($"<dt id=\"{term.Id}\">{term.TitleHtml}</dt>\n<dd>");
            if (term.AlsoHtml.Length > 0) body.Append($"<p class=\"also\">{term.AlsoHtml}</p>\n");
            body.Append(markdown.Write(term.Definition, 1));
            if (term.Lesson is { } lesson) body.Append(markdown.Write(lesson, 1));
            body.Append("</dd>\n");
        }
        return PageShell.Wrap(new PageFrame(PageName, $"Glossary \u00b7 {PageShell.SiteName}"), site, body.Append("</dl>\n</main>").ToString());
    }

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
