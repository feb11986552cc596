using System.Text;
using System.Text.RegularExpressions;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Running;
using EmpathyNotebooks.Host.Site;
using EmpathyNotebooks.Tests;
using Microsoft.Playwright;

namespace EmpathyNotebooks.Browser.Tests;

/// <summary>A lesson on paper, as a lecturer hands it out.</summary>
public sealed class SitePrintTests(SiteFixture site)
{
    // What A4 has between margins of 2 cm, in pixels of 96 to the inch.
    private const int PaperWidth = 642;

    public static TheoryData<string> Lessons => new("04-pooling", "05-heterogeneity");

    [Theory]
    [MemberData(nameof(Lessons))]
    public async Task Nothing_reaches_beyond_the_paper_and_what_is_for_the_screen_is_gone(string name)
    {
        Chromium.Require();
        await using var open = await site.OpenAsync(name, 1280, ColorScheme.Dark);
        var page = open.Page;
        // As a browser does: first it says that it will print, then it lays the page out anew.
        // Explorers are drawn anew at once, since it does not wait; the styles make them smaller by 7%.
        var reach = await page.EvaluateAsync<double[]>("""
            () => ['load', 'beforeprint'].map(name => {
                if (name !== 'load') dispatchEvent(new Event(name));
                return Math.max(...[...document.querySelectorAll('.empathy-explorer')].flatMap(explorer => [...explorer.querySelectorAll('svg')]
                    .map(svg => svg.getBoundingClientRect().right - explorer.getBoundingClientRect().left)));
            })
            """);
        Assert.True(reach[0] > 800 && reach[1] <= PaperWidth / 0.93, $"explorers are {reach[0]} wide on the screen and {reach[1]} for paper");
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        await page.SetViewportSizeAsync(PaperWidth, SharedBrowser.Height);
        var beyond = await page.EvaluateAsync<string[]>("""
            width => [...document.querySelectorAll('img, svg, table, pre, math, .empathy-explorer *, .box')].map(part => ({ part, box: part.getBoundingClientRect() }))
                .filter(({ part, box }) => box.width > 1 && !part.closest('.voice, .visually-hidden, #js-plotly-tester') && (box.right > width + 1 || box.left < -1))
                .map(({ part, box }) => `${part.tagName} ${part.getAttribute('class') ?? ''} from ${box.left} to ${box.right}: ${part.textContent.slice(0, 60)}`)
            """, PaperWidth);
        Assert.Empty(beyond);
        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth"), "the page is wider than paper");
        Assert.Equal(0, await page.Locator(".bar, .toc, .turn, .source, button, [data-empathy-chart], .prose details:not([open]) summary, .source-code > summary >> visible=true").CountAsync());
        Assert.Equal(0, await page.Locator(".cell pre.code >> visible=true").CountAsync());
        Assert.True(await page.Locator(".empathy-print img >> visible=true").CountAsync() >= 2);
        Assert.True(await page.Locator(".empathy-explorer svg >> visible=true").CountAsync() >= 2);
        Assert.Equal("rgb(255, 255, 255)", await page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor"));

        await page.EvaluateAsync("() => { dispatchEvent(new Event('afterprint')); }");
        await page.EmulateMediaAsync(new() { Media = Media.Screen });
        Assert.Equal("dark", await page.EvaluateAsync<string>("() => document.documentElement.dataset.theme"));
        Assert.Equal("", await page.EvaluateAsync<string>("() => document.querySelector('.empathy-explorer').style.width"));
        Assert.Empty(open.Complaints);
    }

    [Theory]
    [MemberData(nameof(Lessons))]
    public async Task A_lesson_prints_on_A4(string name)
    {
        Chromium.Require();
        await using var open = await site.OpenAsync(name, 1280);
        var pdf = await open.Page.PdfAsync(new() { PreferCSSPageSize = true, PrintBackground = true });
        var text = Encoding.Latin1.GetString(pdf);
        var pages = Regex.Count(text, @"/Type\s*/Page\b(?!s)");
        Assert.InRange(pages, 8, 20);
        var sizes = Regex.Matches(text, @"/MediaBox\s*\[\s*0 0 ([0-9.]+) ([0-9.]+)\s*\]").Select(match => match.Value).Distinct().ToList();
        Assert.Matches(@"\[\s*0 0 59[45](\.[0-9]+)? 84[12](\.[0-9]+)?", Assert.Single(sizes));
    }

    /// <summary>A reader's own chart of Plotly.NET has no picture for paper.</summary>
    [Fact]
    public async Task A_chart_of_Plotly_NET_is_drawn_in_the_width_of_paper()
    {
        Chromium.Require();
        var run = await new NotebookRunner().RunAsync(NotebookDocument.Create(
        [
            (NotebookCellType.Markdown, "# A chart of one's own"),
            (NotebookCellType.Code, """
                #r "../artifacts/lib/EmpathyNotebooks.Interactive.dll"
                using EmpathyNotebooks; using Plotly.NET;
                Notebook.Start()
                """),
            (NotebookCellType.Code, """
                var trace = new Trace("scatter");
                trace.SetProperty("x", new[] { 1, 2, 3 });
                trace.SetProperty("y", new[] { 2, 1, 4 });
                GenericChart.ofTraceObject(false, trace)
                """),
        ], "97-own"), Repository.PathTo("notebooks"), interrupt: TestContext.Current.CancellationToken);
        Assert.Empty(run.Failures);
        var folder = Directory.CreateTempSubdirectory("empathy-print-").FullName;
        try
        {
            SiteBuilder.Build([new SitePage("97-own.ipynb", run.Document)], folder);
            await using var open = await SharedBrowser.OpenAsync(Path.Combine(folder, "97-own.html"), 1280);
            await Assertions.Expect(open.Page.Locator("[data-empathy-figure] svg.main-svg").First).ToBeVisibleAsync();
            // At once: a browser does not wait.
            var widths = await open.Page.EvaluateAsync<double[]>("""
                () => ['load', 'beforeprint', 'afterprint'].map(name => {
                    if (name !== 'load') dispatchEvent(new Event(name));
                    return document.querySelector('[data-empathy-figure] svg.main-svg').getBoundingClientRect().width;
                })
                """);
            Assert.Equal(640, widths[1]);
            Assert.True(widths[0] > 700);
            Assert.Equal(widths[0], widths[2], 1);
            Assert.Empty(open.Complaints);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Code_that_is_shown_is_printed()
    {
        Chromium.Require();
        await using var open = await site.OpenAsync("03-coding-and-checking", 1280);
        await open.Page.Locator(".code-switch").ClickAsync();
        await open.Page.EvaluateAsync("() => { dispatchEvent(new Event('beforeprint')); }");
        await open.Page.EmulateMediaAsync(new() { Media = Media.Print });
        // The setup too.
        Assert.Equal(await open.Page.Locator(".cell pre.code").CountAsync(), await open.Page.Locator(".cell pre.code >> visible=true").CountAsync());
    }
}
