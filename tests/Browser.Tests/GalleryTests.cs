using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using EmpathyNotebooks.Browser.Tests.Explorers;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting;
using EmpathyNotebooks.Tests;
using Microsoft.Playwright;

namespace EmpathyNotebooks.Browser.Tests;

/// <summary>Every plot at several numbers of studies, printed and in the browser.</summary>
public sealed partial class GalleryTests(ExplorerFixture explorers)
{
    /// <summary>What pictures are made of.</summary>
    private static readonly int[] Sizes = [5, 16, 82, 160];

    // The studies of each size are the first of the largest: what 82 would show, too wide a label or too low a chart, is seen at 5 or at 160.
    private static readonly int[] DrawnSizes = [5, 16, 160];

    // A page takes as long to load the chart library as to draw some charts: several plots share a page, but for a picture each has its own.
    private static readonly int PlotsOfPage = Gallery.IsWanted ? 1 : 16;

    private const string Figure = "<figure class=\"empathy-chart\" style=\"", FigureEnd = "</figure>";

    private static readonly ConcurrentDictionary<int, Lazy<Task<Look[]>>> Pages = new();
    private static readonly ConcurrentDictionary<(string Name, int Studies), IPlot> Plots = new();

    public static TheoryData<string> Names => [.. PlotSet.All.Select(p => p.Name)];

    /// <summary>Every size can be printed. How a print looks is tested of Plotting; for pictures each is drawn in pixels.</summary>
    [Theory]
    [Trait(Gallery.Makes, Gallery.Pictures)]
    [MemberData(nameof(Names))]
    public void Each_is_printed(string name)
    {
        foreach (var k in Sizes)
        {
            if (Gallery.IsWanted) Plot(name, k).Save(Gallery.PathTo(name, k), new PrintOptions { DotsPerInch = 100 });
            else Assert.EndsWith("</svg>", Plot(name, k).ToSvg().TrimEnd(), StringComparison.Ordinal);
        }
    }

    /// <summary>
    /// No form of a figure cuts a text off where it has the least room: the narrowest in a narrow window, each wider one in a box as wide as where it begins.
    /// </summary>
    [Theory]
    [Trait(Gallery.Makes, Gallery.Pictures)]
    [MemberData(nameof(Names))]
    public async Task Each_stands_in_a_page_with_no_text_cut_off(string name)
    {
        Chromium.Require();
        foreach (var look in await Pages.GetOrAdd(Array.FindIndex(PlotSet.All, plot => plot.Name == name) / PlotsOfPage, n => new(() => LookAtPageAsync(n))).Value)
        {
            Assert.Empty(look.Complaints);
            Assert.Empty(look.Requests);
            Assert.True(look.IsWithinWindow, "the page is wider than the window");
            Assert.NotEmpty(look.Cut[name]);
            Assert.Empty(look.Cut[name].SelectMany(cut => cut));
        }
    }

    /// <summary>Opens one page of plots, wide and light, then narrow and dark. Colours depend on the look alone, room on the width alone.</summary>
    private async Task<Look[]> LookAtPageAsync(int number)
    {
        string[] names = [.. PlotSet.All.Skip(number * PlotsOfPage).Take(PlotsOfPage).Select(plot => plot.Name)];
        var looks = new List<Look>();
        foreach (var (width, scheme) in new[] { (1280, ColorScheme.Light), (390, ColorScheme.Dark) })
        {
            var sizes = Gallery.IsWanted ? Sizes : DrawnSizes;
            var places = names.SelectMany(name => sizes.Select(k => (Name: name, Studies: k))).ToList();
            var html = PlotlyHtml.Page(names[0], places.Select(place => Plot(place.Name, place.Studies).ToFigure()));
            string[] owners = [.. places.Select(place => place.Name)];
            if (width == 1280 && !Gallery.IsWanted) (html, owners) = AtLeastRoom(html, places);
            await using var page = Gallery.IsWanted ? await Gallery.OpenAsync(names[0], html, width, scheme) : await explorers.OpenAsync(html, width, scheme);
            looks.Add(await Look.AtAsync(page, owners));
            await Gallery.TakeAsync(page.Page, Gallery.PathTo(names[0], width, scheme));
        }
        return [.. looks];
    }

    /// <summary>The page with each figure as wide as where its widest form begins; that of 16 studies also where each other form but the narrowest does.</summary>
    private static (string Html, string[] Owners) AtLeastRoom(string html, IReadOnlyList<(string Name, int Studies)> places)
    {
        var end = html.LastIndexOf(FigureEnd, StringComparison.Ordinal) + FigureEnd.Length;
        var figures = html[..end].Split(Figure);
        Assert.Equal(places.Count, figures.Length - 1);
        var page = new StringBuilder(figures[0]);
        var owners = new List<string>();
        foreach (var (place, figure) in places.Zip(figures[1..]))
        {
            var widths = MaximumWidth().Matches(figure).Select(match => match.Groups[1].Value).ToList();
            Assert.True(widths.Count >= 1, $"{place.Name} has one form for every width");
            foreach (var width in place.Studies == 16 ? widths : widths[^1..])
            {
                page.Append(Figure).Append("width:").Append(width).Append("px;").Append(figure);
                owners.Add(place.Name);
            }
        }
        return (page.Append(html, end, html.Length - end).ToString(), [.. owners]);
    }

    [GeneratedRegex("\"maximumWidth\":([0-9.]+)")]
    private static partial Regex MaximumWidth();

    private static IPlot Plot(string name, int k) => Plots.GetOrAdd((name, k), plot => PlotSet.Create(plot.Name, PlotSet.Fit(plot.Studies, DataOrigin.Own)));

    /// <summary>What is seen of a page: whether anything went wrong, and of each plot the texts that each chart cuts off.</summary>
    private sealed record Look(string[] Complaints, string[] Requests, bool IsWithinWindow, ILookup<string, string[]> Cut)
    {
        public static async Task<Look> AtAsync(OpenPage page, string[] owners)
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
            Assert.Equal(owners.Length, cut.Length);
            return new Look([.. page.Complaints], [.. page.Requests], isWithin, owners.Zip(cut).ToLookup(pair => pair.First, pair => pair.Second));
        }
    }
}
