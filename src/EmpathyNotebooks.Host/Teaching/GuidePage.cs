using System.Text;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Site;
using Markdig.Syntax;

namespace EmpathyNotebooks.Host.Teaching;

/// <summary>A Markdown file as a page in the look of the site, with a list of its sections.</summary>
internal static class GuidePage
{
    /// <summary>The whole file.</summary>
    /// <param name="page">The Markdown, read.</param>
    /// <param name="around">The lessons and other Markdown files that its links may lead to.</param>
    /// <param name="site">The site around it.</param>
    /// <param name="more">Sections behind its first part: id, title and HTML.</param>
    public static string Render(ReadPage page, IReadOnlyList<ReadPage> around, SiteMap site, params IReadOnlyList<(string Id, string Title, string Html)> more)
    {
        var writer = Writer(page, around);
        var body = new StringBuilder();
        var firstCount = page.Prose(1).Document.OfType<HeadingBlock>().Count();
        var all = page.Reader.Headings.Select(heading => (heading.Level, heading.Id, heading.Html)).ToList();
        all.InsertRange(firstCount, more.Select(section => (2, section.Id, HtmlText.Escape(section.Title))));
        var sections = all.Where(heading => heading.Level == 2).ToList();
        var isLong = sections.Count > 2;
        if (isLong)
        {
            body.Append("<nav class=\"toc\" aria-label=\"On this page\">\n<details><summary>On this page</summary>\n<ol>\n");
            foreach (var (_, id, title) in sections) body.Append($"<li><a href=\"#{Uri.EscapeDataString(id)}\">{title}</a></li>\n");
            body.Append("</ol>\n</details>\n</nav>\n");
        }
        body.Append("<main id=\"content\" tabindex=\"-1\">\n");
        foreach (var cell in page.Document.Cells)
        {
            body.Append($"<div class=\"prose\">\n{writer.Write(page.Prose(cell.Number))}</div>\n");
            if (cell.Number > 1) continue;
            foreach (var (id, title, html) in more) body.Append($"<h2 id=\"{id}\">{HtmlText.Escape(title)}</h2>\n{html}\n");
        }
        return PageShell.Wrap(new PageFrame(page.HtmlName, $"{page.Title.Text} · {PageShell.SiteName}") { Class = isLong ? "page with-toc" : "page" }, site, body.Append("</main>").ToString());
    }

    /// <summary>Looks for faults in a text that is read in the repository and is no part of a page.</summary>
    /// <exception cref="SiteException">It leads nowhere.</exception>
    public static void Check(ReadPage text, IReadOnlyList<ReadPage> around)
    {
        foreach (var cell in text.Document.Cells) Writer(text, around).Write(text.Prose(cell.Number));
    }

    private static MarkdownWriter Writer(ReadPage page, IReadOnlyList<ReadPage> around)
    {
        var links = new SiteLinks([page, .. around.Where(other => other.FileName != page.FileName)]);
        return new MarkdownWriter(page.Reader, (cell, url) => links.Resolve(page, cell, url));
    }

    /// <summary>A Markdown file as a page that can be read, and that links can lead to.</summary>
    /// <param name="file">Its name; that of the page is the same with the ending html.</param>
    /// <param name="tex">Sets formulas.</param>
    /// <param name="source">Where it comes from; null for one that is made here.</param>
    /// <param name="parts">Its text, in one part or several.</param>
    /// <exception cref="SiteException">It has no title, or a formula that cannot be read.</exception>
    public static ReadPage Read(string file, TeX tex, ProseSource? source, params IReadOnlyList<string> parts) =>
        new(new SitePage(file, NotebookDocument.Create(parts.Select(part => (NotebookCellType.Markdown, part)), file)), position: 1, tex, source: source);
}
