using System.Collections.Concurrent;
using EmpathyNotebooks.Browser.Tests.Explorers;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting;
using EmpathyNotebooks.Tests;
using Microsoft.Playwright;

namespace EmpathyNotebooks.Browser.Tests;

/// <summary>Every plot at four numbers of studies, printed and in the browser.</summary>
public sealed class GalleryTests(ExplorerFixture explorers)
{
    private static readonly int[] Sizes = [5, 16, 82, 160];

    // A page takes as long to load the chart library as to draw some charts: several plots share a page, but for a picture each has its own.
    private static readonly int PlotsOfPage = Gallery.IsWanted ? 1 : 8;

    private static readonly ConcurrentDictionary<int, Lazy<Task<Look[]>>> Pages = new();
    private static readonly ConcurrentDictionary<(string Name, int Studies), IPlot> Plots = new();
    private static readonly Lazy<string> AllAtOnce = new(() => PlotlyHtml.Page("Every plot", PlotSet.All.Select(p => Plot(p.Name, 16).ToFigure())));

    public static TheoryData<string> Names => [.. PlotSet.All.Select(p => p.Name)];

    [Theory]
    [Trait(Gallery.Makes, Gallery.Pictures)]
    [MemberData(nameof(Names))]
    public void Each_is_printed(string name)
    {
        foreach (var k in Sizes) Plot(name, k).Save(Gallery.PathTo(name, k), new PrintOptions { DotsPerInch = 100 });
    }

    [Theory]
    [Trait(Gallery.Makes, Gallery.Pictures)]
    [MemberData(nameof(Names))]
    public async Task Each_stands_in_a_page_with_no_text_cut_off(string name)
    {
        Chromium.Require();
        var (number, place) = Math.DivRem(Array.FindIndex(PlotSet.All, plot => plot.Name == name), PlotsOfPage);
        foreach (var look in await Pages.GetOrAdd(number, n => new(() => LookAtPageAsync(n))).Value)
        {
            AssertFits(look);
            Assert.Empty(look.Cut.Skip(place * Sizes.Length).Take(Sizes.Length).SelectMany(cut => cut));
        }
    }

    /// <summary>Opens one page of plots, wide and light, then narrow and dark.</summary>
    private async Task<Look[]> LookAtPageAsync(int number)
    {
        string[] names = [.. PlotSet.All.Skip(number * PlotsOfPage).Take(PlotsOfPage).Select(plot => plot.Name)];
        var html = PlotlyHtml.Page(names[0], names.SelectMany(name => Sizes.Select(k => Plot(name, k).ToFigure())));
        var looks = new List<Look>();
        foreach (var (width, scheme) in new[] { (1280, ColorScheme.Light), (390, ColorScheme.Dark) })
        {
            await using var page = Gallery.IsWanted ? await Gallery.OpenAsync(names[0], html, width, scheme) : await explorers.OpenAsync(html, width, scheme);
            looks.Add(await Look.AtAsync(page));
            Assert.Equal(names.Length * Sizes.Length, looks[^1].Cut.Length);
            await Gallery.TakeAsync(page.Page, Gallery.PathTo(names[0], width, scheme));
        }
        return [.. looks];
    }

    /// <summary>A little wider than where a figure changes its form, each form has the least room.</summary>
    [Theory]
    [InlineData(470)]
    [InlineData(600)]
    [InlineData(660)]
    public async Task Each_form_has_room_where_it_is_narrowest(int width)
    {
        Chromium.Require();
        await using var page = await Gallery.OpenAsync("all at once", AllAtOnce.Value, width, ColorScheme.Light);
        var look = await Look.AtAsync(page);
        Assert.Equal(PlotSet.All.Length, look.Cut.Length);
        AssertFits(look);
        Assert.Empty(look.Cut.SelectMany(cut => cut));
    }

    private static void AssertFits(Look look)
    {
        Assert.Empty(look.Complaints);
        Assert.Empty(look.Requests);
        Assert.True(look.IsWithinWindow, "the page is wider than the window");
    }

    private static IPlot Plot(string name, int k) => Plots.GetOrAdd((name, k), plot => PlotSet.Create(plot.Name, PlotSet.Fit(plot.Studies, DataOrigin.Own)));

    /// <summary>What is seen of a page: whether anything went wrong, and of each chart the texts that it cuts off.</summary>
    private sealed record Look(string[] Complaints, string[] Requests, bool IsWithinWindow, string[][] Cut)
    {
        public static async Task<Look> AtAsync(OpenPage page)
        {
            var isWithin = await page.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth");
            var cut = await page.Page.EvaluateAsync<string[][]>("""
                () => [...document.querySelectorAll('[data-empathy-chart]')].map(chart => {
                    const frame = chart.getBoundingClientRect();
                    return [...chart.querySelectorAll('svg text')].filter(t => t.textContent.trim() && getComputedStyle(t).visibility !== 'hidden')
                        .map(t => [t.textContent, t.getBoundingClientRect()])
                        .filter(([, box]) => box.width && (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1))
                        .map(([text, box]) => `${text} [${box.left - frame.left}, ${box.right - frame.left}] of ${frame.width}: ${chart.getAttribute('aria-label')}`);
                })
                """);
            return new Look([.. page.Complaints], [.. page.Requests], isWithin, cut);
        }
    }
}
