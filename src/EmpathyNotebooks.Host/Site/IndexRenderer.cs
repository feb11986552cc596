using System.Text;
using EmpathyNotebooks.Data;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting;
using Markdig.Syntax;

namespace EmpathyNotebooks.Host.Site;

/// <summary>Renders the page that lists the notebooks.</summary>
internal static class IndexRenderer
{
    // A reader of prose with formulas, and what it takes to run a cell and look at its output.
    private const double WordsPerMinute = 120;
    private const double MinutesPerCell = 1;

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
            {Figure()}
            <ol class="lessons">

            """);
        foreach (var page in pages)
        {
            var markdown = new MarkdownWriter(page.Reader, (cell, url) => links.Resolve(page, cell, url, onIndex: true));
            body.Append($"<li>\n<span class=\"number\" aria-hidden=\"true\">{page.Number:00}</span>\n<div class=\"prose\">\n");
            body.Append($"<h2><a href=\"{Uri.EscapeDataString(page.HtmlName)}\">{page.Title.Html}</a></h2>\n");
            body.Append($"<p class=\"minutes\">{Facts(page)}</p>\n");
            if (page.Summary() is (var summaryCell, var summary)) body.Append(markdown.Write(summary, summaryCell));
            if (page.Goals() is (var goalsCell, var goals))
            {
                body.Append("<p class=\"goals-title\">Learning goals</p>\n");
                foreach (var block in goals) body.Append(markdown.Write(block, goalsCell));
            }
            body.Append("</div>\n</li>\n");
        }
        body.Append("</ol>\n").Append(About()).Append("</main>");
        return PageShell.Wrap(PageShell.SiteName, "page", body.ToString());
    }

    // Alone and without a browser's help: the print form of the first chart of the course.
    private static string Figure()
    {
        var findings = Datasets.PublishedFindings().Where(f => f.Statistic == "r")
            .Select(f => new SummaryEstimate($"{f.Predictor}: {f.Review}", f.Estimate, f.Lower, f.Upper, $"{f.Samples} {f.Unit}", f.Citation));
        var plot = ComparisonPlot.Create(findings, EffectMeasure.Correlation);
        string Picture(PrintOptions options) => "data:image/svg+xml;base64," + Convert.ToBase64String(Encoding.UTF8.GetBytes(plot.ToSvg(options)));
        // Two widths of paper, so that its letters can be read on both widths of a page.
        return $"""
            <figure><picture><source media="(max-width: 40rem)" srcset="{Picture(PrintOptions.OneColumn)}">
            <img src="{Picture(PrintOptions.TwoColumns with { FontSizePoints = 9 })}" alt="{HtmlText.Escape(plot.Finding)}"></picture>
            <figcaption>Published correlations of therapist empathy and of the alliance with outcome, with their 95% confidence intervals.
            Correlations do not say what causes what.</figcaption></figure>

            """;
    }

    private static string Facts(ReadPage page) => page.Facts is { } facts ? $"{facts.Minutes} minutes · {facts.Level}" : $"About {Minutes(page.Document)} minutes";

    private static int Minutes(NotebookDocument document)
    {
        var words = document.Cells.Where(c => c.Type == NotebookCellType.Markdown).Sum(c => c.Source.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length);
        var minutes = words / WordsPerMinute + MinutesPerCell * document.Cells.Count(c => c.Type == NotebookCellType.Code);
        return Math.Max(5, 5 * (int)Math.Round(minutes / 5));
    }

    private static string About()
    {
        var data = new StringBuilder();
        foreach (var (file, table) in new[]
        {
            ("molloy2014.csv", Datasets.Molloy2014()), ("mcdaniel1994.csv", Datasets.McDaniel1994()), ("hackshaw1997.csv", Datasets.Hackshaw1997()), ("raudenbush1984.csv", Datasets.Raudenbush1984()),
            ("konstantopoulos2011.csv", Datasets.Konstantopoulos2011()), ("tannersmith2016.csv", Datasets.TannerSmith2016()),
            ("empathy-effects-simulated.csv", Datasets.EmpathyEffectsSimulated()),
        })
        {
            data.Append($"<li><code>data/{file}</code>: {HtmlText.Escape(table.Origin.Label)}. {Linked(table.Origin.Citation)}</li>\n");
        }
        return $"""
            <section class="about">
            <h2>Data, licence, citation</h2>
            <ul>
            <li><code>data/published-findings.csv</code>: published summary results of five reviews, each with its reference.</li>
            {data}</ul>
            <p>Notebooks, library and simulated data: MIT licence. Published numbers are facts out of the publications named.</p>
            <p>To cite: EmpathyNotebooks contributors ({Year}). <i>EmpathyNotebooks: meta-analysis in C# with notebooks on therapist empathy and client outcome</i>
            (version {Version}) [Computer software]. For the published results cite the publications themselves.</p>
            </section>

            """;
    }

    private static string Version => typeof(RandomEffects).Assembly.GetName().Version!.ToString(3);

    // The year of the version, as in the copyright: not that of the day a page is built, or two builds would differ.
    private const int Year = 2026;

    private static string Linked(string source)
    {
        var start = source.IndexOf("https://", StringComparison.Ordinal);
        if (start < 0) return HtmlText.Escape(source);
        var end = source.IndexOf(' ', start);
        var address = HtmlText.Escape(source[start..(end < 0 ? source.Length : end)].TrimEnd('.'));
        return $"{HtmlText.Escape(source[..start])}<a href=\"{address}\">{address}</a>{(end < 0 ? "" : HtmlText.Escape(source[end..]))}";
    }
}
