using System.Globalization;
using System.Text;
using EmpathyNotebooks.Host.Documents;

namespace EmpathyNotebooks.Host.Site;

/// <summary>Renders the first page: the question, its published answers as a chart, the way through the lessons, data and licence.</summary>
internal static class IndexRenderer
{
    // A reader of prose with formulas, and what it takes to run a cell and look at its output.
    private const double WordsPerMinute = 120;
    private const double MinutesPerCell = 1;

    // What carries most with least: the question, the pooled answer, and how far single answers lie from it.
    private static readonly string[] Core = ["01-the-question.ipynb", "04-pooling.ipynb", "05-heterogeneity.ipynb"];

    /// <summary>The whole file.</summary>
    public static string Render(SiteMap site)
    {
        var page = new PageFrame(SiteMap.Home, PageShell.SiteName);
        var (figure, assets) = IndexFigure.Render(site.Form);
        var body = new StringBuilder($"""
            <main id="content" tabindex="-1">
            {IndexStory.Question}
            {figure}{IndexStory.Terms}
            {Places(site)}<h2 id="lessons">The way through</h2>
            {Plan(site.Lessons)}<ol class="lessons">

            """);
        foreach (var lesson in site.Lessons) Append(body, lesson, site);
        body.Append("</ol>\n").Append(IndexAbout.Render(page, site)).Append("</main>");
        return PageShell.Wrap(page with { Assets = assets }, site, body.ToString());
    }

    private static void Append(StringBuilder body, ReadPage lesson, SiteMap site)
    {
        var markdown = new MarkdownWriter(lesson.Reader, (cell, url) => site.Links.Resolve(lesson, cell, url, onIndex: true));
        body.Append(CultureInfo.InvariantCulture, $"<li>\n<span class=\"number\" aria-hidden=\"true\">{lesson.Number:00}</span>\n<div class=\"prose\">\n");
        body.Append($"<h3><a href=\"{Uri.EscapeDataString(lesson.HtmlName)}\">{lesson.Title.Html}</a></h3>\n");
        body.Append($"<p class=\"minutes\">{Facts(lesson)}</p>\n");
        if (lesson.Summary() is (var summaryCell, var summary)) body.Append(markdown.Write(summary, summaryCell));
        if (lesson.Goals() is (var goalsCell, var goals))
        {
            body.Append("<details class=\"goals\"><summary>What you learn</summary>\n");
            foreach (var block in goals) body.Append(markdown.Write(block, goalsCell));
            body.Append("</details>\n");
        }
        body.Append("</div>\n</li>\n");
    }

    private static string Plan(IReadOnlyList<ReadPage> lessons)
    {
        var minutes = lessons.Sum(Minutes);
        var time = minutes < 90 ? $"{minutes} minutes" : $"{minutes / 60} hour{(minutes < 120 ? "" : "s")}{(minutes % 60 is var rest and > 0 ? $" {rest} minutes" : "")}";
        var html = new StringBuilder("<p>");
        html.Append(CultureInfo.InvariantCulture, $"{lessons.Count} {(lessons.Count == 1 ? "lesson" : "lessons")}, {(lessons.All(lesson => lesson.Facts is not null) ? "" : "about ")}{time} with questions and exercises.");
        ReadPage[] core = [.. lessons.Where(lesson => Core.Contains(lesson.FileName, StringComparer.Ordinal))];
        if (core.Length == Core.Length && lessons.Count > core.Length)
        {
            var read = 5 * (int)Math.Round(core.Sum(lesson => lesson.WordsOfText()) / WordsPerMinute / 5);
            var links = core.Select(lesson => string.Create(CultureInfo.InvariantCulture, $"<a href=\"{Uri.EscapeDataString(lesson.HtmlName)}\">{lesson.Number:00}&nbsp;{Short(lesson)}</a>")).ToList();
            html.Append(CultureInfo.InvariantCulture, $" With only an hour, read {string.Join(", ", links[..^1])} and {links[^1]}: their text and charts, without code and exercises, take about {read} minutes.");
        }
        return html.Append("</p>\n").ToString();

        // The part of a title before its colon.
        static string Short(ReadPage lesson) => lesson.Title.Html.Split(':')[0];
    }

    // Only what the site has.
    private static string Places(SiteMap site)
    {
        (string Path, string Html)[] places =
        [
            ("teaching.html", "<a href=\"teaching.html\">For lecturers</a>: plans, slides, questions and versions for students"),
            ("glossary.html", "<a href=\"glossary.html\">Glossary</a>: every term and symbol of the lessons"),
            ("api/index.html", "<a href=\"api/index.html\">API</a>: every type of the library, with the formulas of the statistics and examples"),
        ];
        string[] there = [.. places.Where(place => site.Has(place.Path)).Select(place => $"<li>{place.Html}</li>\n")];
        return there.Length == 0 ? "" : $"<ul class=\"also\">\n{string.Concat(there)}</ul>\n";
    }

    private static string Facts(ReadPage lesson) => lesson.Facts is { } facts ? $"{facts.Minutes} minutes · {facts.Level}" : $"About {Minutes(lesson)} minutes";

    private static int Minutes(ReadPage lesson)
    {
        if (lesson.Facts is { } facts) return facts.Minutes;
        var words = lesson.Document.Cells.Where(c => c.Type == NotebookCellType.Markdown).Sum(c => ReadPage.Words(c.Source));
        var minutes = words / WordsPerMinute + MinutesPerCell * lesson.Document.Cells.Count(c => c.Type == NotebookCellType.Code);
        return Math.Max(5, 5 * (int)Math.Round(minutes / 5));
    }
}
