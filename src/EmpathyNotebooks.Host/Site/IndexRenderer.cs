using System.Text;
using Markdig.Syntax;

namespace EmpathyNotebooks.Host.Site;

/// <summary>Renders the page that lists the notebooks.</summary>
internal static class IndexRenderer
{
    private const string Introduction = """
        A meta-analysis done in the open, one choice at a time. The question is how strongly therapist empathy goes with the
        outcome of psychotherapy; the starting point is the published answer of Elliott, Bohart, Watson and Murphy
        (<a href="https://doi.org/10.1037/pst0000175">2018</a>): <i>r</i>&nbsp;=&nbsp;.28, 95%&nbsp;CI [.23,&nbsp;.33], from
        82 samples and 6,138 clients. Each notebook explains a step, computes it in C# in front of the reader and
        shows the result in interactive charts.
        A number is either published, with its source beside it, or computed here, or simulated and labelled so.
        """;

    /// <summary>The whole file.</summary>
    public static string Render(IReadOnlyList<ReadPage> pages, SiteLinks links)
    {
        var body = new StringBuilder($"""
            <main id="content" tabindex="-1">
            <h1>{PageShell.SiteName}</h1>
            <p class="lead">{Introduction}</p>
            <ol class="lessons">

            """);
        foreach (var page in pages)
        {
            var markdown = new MarkdownWriter(page.Reader, (cell, url) => links.Resolve(page, cell, url, onIndex: true));
            body.Append($"<li>\n<span class=\"number\" aria-hidden=\"true\">{page.Number:00}</span>\n<div class=\"prose\">\n");
            body.Append($"<h2><a href=\"{Uri.EscapeDataString(page.HtmlName)}\">{page.Title.Html}</a></h2>\n");
            if (page.Summary() is (var summaryCell, var summary)) body.Append(markdown.Write(summary, summaryCell));
            if (page.Goals() is (var goalsCell, var goals))
            {
                body.Append("<p class=\"goals-title\">Learning goals</p>\n");
                foreach (var block in goals) body.Append(markdown.Write(block, goalsCell));
            }
            body.Append("</div>\n</li>\n");
        }
        body.Append("</ol>\n</main>");
        return PageShell.Wrap(PageShell.SiteName, "page", body.ToString());
    }
}
