using System.Net;
using System.Text;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting;
using EmpathyNotebooks.Tests;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(EmpathyNotebooks.Browser.Tests.Gallery))]

namespace EmpathyNotebooks.Browser.Tests;

/// <summary>Every plot at four numbers of studies, printed and in the browser, in artifacts/gallery with an index page: to be looked at.</summary>
public sealed class GalleryTests(Gallery gallery)
{
    private static readonly int[] Sizes = [5, 16, 82, 160];

    public static TheoryData<string> Names => [.. PlotSet.All.Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_is_printed(string name)
    {
        foreach (var k in Sizes) gallery.Print(name, k, Plot(name, k));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Each_stands_in_a_page_with_no_text_cut_off(string name)
    {
        Chromium.Require();
        var html = PlotlyHtml.Page(name, Sizes.Select(k => Plot(name, k).ToFigure()));
        foreach (var (width, scheme) in new[] { (1280, ColorScheme.Light), (390, ColorScheme.Dark) })
        {
            await using var page = await OpenAsync(name, html, width, scheme);
            Assert.Equal(Sizes.Length, await page.Charts.CountAsync());
            await gallery.PhotographAsync(name, page, width, scheme);
        }
        // A little wider than where a figure changes its form, each form has the least room.
        foreach (var width in new[] { 470, 600, 660 })
        {
            await using var page = await OpenAsync(name, PlotlyHtml.Page(name, Plot(name, 16).ToFigure()), width, ColorScheme.Light);
        }
        // The page that stays is the one of all sizes.
        await gallery.WriteAsync(name, html);
    }

    private async Task<OpenPage> OpenAsync(string name, string html, int width, ColorScheme scheme)
    {
        var page = await gallery.OpenAsync(name, html, width, scheme);
        Assert.Empty(page.Complaints);
        Assert.Empty(page.Requests);
        Assert.True(await page.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth"), "the page is wider than the window");
        var cut = await page.Page.EvaluateAsync<string[]>("""
            () => [...document.querySelectorAll('[data-empathy-chart]')].flatMap(chart => {
                const frame = chart.getBoundingClientRect();
                return [...chart.querySelectorAll('svg text')].filter(t => t.textContent.trim() && getComputedStyle(t).visibility !== 'hidden')
                    .map(t => [t.textContent, t.getBoundingClientRect()])
                    .filter(([, box]) => box.width && (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1))
                    .map(([text, box]) => `${text} [${box.left - frame.left}, ${box.right - frame.left}] of ${frame.width}`);
            })
            """);
        Assert.Empty(cut);
        return page;
    }

    private static IPlot Plot(string name, int k) => PlotSet.Create(name, PlotSet.Fit(k, DataOrigin.Own));
}

/// <summary>The folder of pictures, and the browser that takes some of them.</summary>
public sealed class Gallery : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateDirectory(Repository.PathTo("artifacts", "gallery")).FullName;
    private readonly SortedSet<string> _files = new(StringComparer.Ordinal);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (Chromium.Path is null) return;
        _playwright = await Playwright.CreateAsync();
        _browser = await Chromium.LaunchAsync(_playwright);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        WriteIndex();
    }

    public void Print(string name, int k, IPlot plot)
    {
        plot.Save(File(name, FormattableString.Invariant($"{k}.png")), new PrintOptions { DotsPerInch = 100 });
    }

    public async Task<OpenPage> OpenAsync(string name, string html, int width, ColorScheme scheme)
    {
        var file = await WriteAsync(name, html);
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 900 }, ColorScheme = scheme,
        });
        var page = new OpenPage(context, await context.NewPageAsync(), new Uri(file).AbsoluteUri);
        await page.LoadAsync();
        return page;
    }

    public async Task<string> WriteAsync(string name, string html)
    {
        var file = File(name, "page.html");
        await System.IO.File.WriteAllTextAsync(file, html);
        return file;
    }

    public async Task PhotographAsync(string name, OpenPage page, int width, ColorScheme scheme) => await page.Page.ScreenshotAsync(new PageScreenshotOptions
    {
        Path = File(name, FormattableString.Invariant($"{width}-{(scheme == ColorScheme.Dark ? "dark" : "light")}.png")), FullPage = true,
    });

    private string File(string name, string ending)
    {
        var file = $"{name.Replace(' ', '-').Replace("'", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal)}.{ending}";
        lock (_files) _files.Add(file);
        return Path.Combine(_folder, file);
    }

    private void WriteIndex()
    {
        if (_files.Count == 0) return;
        var html = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Gallery of plots</title><style>");
        html.Append("body{font-family:sans-serif;margin:1rem}figure{display:inline-block;vertical-align:top;margin:0 1rem 1rem 0}img{max-height:320px;max-width:420px;border:1px solid #ccc}</style></head><body>\n<h1>Every plot at 5, 16, 82 and 160 studies</h1>\n");
        foreach (var plot in _files.GroupBy(f => f.Split('.')[0]))
        {
            html.Append($"<h2>{WebUtility.HtmlEncode(plot.Key.Replace('-', ' '))}</h2>\n");
            foreach (var file in plot)
            {
                var address = Uri.EscapeDataString(file);
                html.Append(file.EndsWith(".html", StringComparison.Ordinal)
                    ? $"<p><a href=\"{address}\">interactive</a></p>\n"
                    : $"<figure><a href=\"{address}\"><img src=\"{address}\" alt=\"\" loading=\"lazy\"></a><figcaption>{WebUtility.HtmlEncode(file[(plot.Key.Length + 1)..^4])}</figcaption></figure>\n");
            }
        }
        System.IO.File.WriteAllText(Path.Combine(_folder, "index.html"), html.Append("</body></html>\n").ToString());
    }
}
