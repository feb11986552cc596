using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting;
using EmpathyNotebooks.Tests;
using Microsoft.Playwright;

namespace EmpathyNotebooks.Browser.Tests;

/// <summary>Every plot at four numbers of studies, printed and in the browser.</summary>
public sealed class GalleryTests
{
    private static readonly int[] Sizes = [5, 16, 82, 160];

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
        var html = PlotlyHtml.Page(name, Sizes.Select(k => Plot(name, k).ToFigure()));
        foreach (var (width, scheme) in new[] { (1280, ColorScheme.Light), (390, ColorScheme.Dark) })
        {
            await using var page = await Gallery.OpenAsync(name, html, width, scheme);
            Assert.Equal(Sizes.Length, await page.Charts.CountAsync());
            await AssertFits(page);
            await Gallery.TakeAsync(page.Page, Gallery.PathTo(name, width, scheme));
        }
    }

    /// <summary>A little wider than where a figure changes its form, each form has the least room.</summary>
    [Theory]
    [InlineData(470)]
    [InlineData(600)]
    [InlineData(660)]
    public async Task Each_form_has_room_where_it_is_narrowest(int width)
    {
        Chromium.Require();
        await using var page = await Gallery.OpenAsync("all at once", PlotlyHtml.Page("Every plot", PlotSet.All.Select(p => Plot(p.Name, 16).ToFigure())), width, ColorScheme.Light);
        Assert.Equal(PlotSet.All.Length, await page.Charts.CountAsync());
        await AssertFits(page);
    }

    private static async Task AssertFits(OpenPage page)
    {
        Assert.Empty(page.Complaints);
        Assert.Empty(page.Requests);
        Assert.True(await page.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth"), "the page is wider than the window");
        var cut = await page.Page.EvaluateAsync<string[]>("""
            () => [...document.querySelectorAll('[data-empathy-chart]')].flatMap(chart => {
                const frame = chart.getBoundingClientRect();
                return [...chart.querySelectorAll('svg text')].filter(t => t.textContent.trim() && getComputedStyle(t).visibility !== 'hidden')
                    .map(t => [t.textContent, t.getBoundingClientRect()])
                    .filter(([, box]) => box.width && (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1))
                    .map(([text, box]) => `${text} [${box.left - frame.left}, ${box.right - frame.left}] of ${frame.width}: ${chart.getAttribute('aria-label')}`);
            })
            """);
        Assert.Empty(cut);
    }

    private static IPlot Plot(string name, int k) => PlotSet.Create(name, PlotSet.Fit(k, DataOrigin.Own));
}
