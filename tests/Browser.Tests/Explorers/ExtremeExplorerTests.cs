using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting;
using EmpathyNotebooks.Tests;
using Microsoft.Playwright;

namespace EmpathyNotebooks.Browser.Tests.Explorers;

/// <summary>The meta-analysis explorer on data that no one designed it for.</summary>
public sealed class ExtremeExplorerTests(ExplorerFixture explorers)
{
    private static readonly MetaAnalysisExplorerOptions EqualEffects = new() { TauSquared = null, Inference = Inference.Normal };

    public static TheoryData<string> Names => [.. Data.Select(d => d.Name)];

    private static readonly (string Name, StudyEffects Effects)[] Data =
    [
        ("huge", Studies(7, i => 1.5e6 + 3e5 * i, i => 1e10 * (1 + i), EffectMeasure.MeanDifference)),
        ("tiny", Studies(7, i => 1e-7 * (i - 3), i => 1e-15 * (1 + i))),
        ("all alike", Studies(5, _ => 0.25, _ => 0.02, EffectMeasure.FisherZ)),
        ("wide ratios", Studies(8, i => 4 * Math.Sin(2.1 * i), i => 0.3 + 0.5 * (i % 5), EffectMeasure.OddsRatio)),
        ("variances of all sizes", Studies(10, i => 0.2 + 0.3 * Math.Sin(3 * i), i => Math.Pow(10, i - 6))),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_keeps_within_its_page_while_studies_go_and_tau_moves(string name)
    {
        Chromium.Require();
        var effects = Data.Single(d => d.Name == name).Effects;
        await using var page = await explorers.OpenAsync(MetaAnalysisExplorer.Create(effects).ToPage(), 390);
        await AssertWithin(page);
        await page.Page.Locator(".tau input").FocusAsync();
        await page.Page.Keyboard.PressAsync("End");
        await AssertWithin(page);
        await page.Page.Keyboard.PressAsync("Home");
        for (var i = 0; i < effects.Count; i++)
        {
            await page.Page.GetByRole(AriaRole.Checkbox).Nth(i).FocusAsync();
            await page.Page.Keyboard.PressAsync("Space");
        }
        Assert.EndsWith("this model needs at least 2 studies.", await page.Page.Locator(".about").InnerTextAsync(), StringComparison.Ordinal);
        await AssertWithin(page);
        await page.Page.Locator("button.reset").ClickAsync();
        await AssertWithin(page);
        Assert.Empty(page.Complaints);
    }

    /// <summary>With two studies t has one degree of freedom: the pooled interval leaves every axis.</summary>
    [Fact]
    [Trait(Gallery.Makes, Gallery.Pictures)]
    public async Task A_diamond_that_leaves_the_axis_ends_in_arrows()
    {
        Chromium.Require();
        await using var page = await explorers.OpenAsync(MetaAnalysisExplorer.Create(StudyEffects.Create([0.2, 0.5], [0.02, 0.03], EffectMeasure.MeanDifference)).ToPage());
        var diamond = page.Page.Locator(".diamond");
        Assert.Equal(3, (await diamond.GetAttributeAsync("d"))!.Count(c => c == 'Z'));
        await Gallery.TakeAsync(page.Page.Locator(".forest"), Gallery.PathTo("explorer of two studies", 1280, ColorScheme.Light));
        await page.Page.GetByRole(AriaRole.Radio, new() { Name = "Normal distribution" }).CheckAsync();
        Assert.Equal(1, (await diamond.GetAttributeAsync("d"))!.Count(c => c == 'Z'));
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Where_tau_by_hand_hardly_moves_the_interval_the_reader_is_told()
    {
        Chromium.Require();
        await using var page = await explorers.OpenAsync(MetaAnalysisExplorer.Create(ExplorerFixture.Studies(16)).ToPage());
        var under = page.Page.Locator(".under");
        Assert.DoesNotContain("by hand", await under.InnerTextAsync(), StringComparison.Ordinal);
        await page.Page.Locator(".tau input").PressAsync("PageUp");
        Assert.Contains("hardly the confidence interval", await under.InnerTextAsync(), StringComparison.Ordinal);
        await page.Page.GetByRole(AriaRole.Radio, new() { Name = "Normal distribution" }).CheckAsync();
        Assert.DoesNotContain("hardly the confidence interval", await under.InnerTextAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("meta-16")]
    [InlineData("meta-82")]
    [InlineData("meta-ratio")]
    public async Task The_drawing_of_the_forest_has_a_third_of_a_wide_box(string name)
    {
        Chromium.Require();
        await using var page = await explorers.OpenAsync(ExplorerFixture.Create(name).ToPage());
        var drawing = (await page.Page.Locator(".forest-axis").BoundingBoxAsync())!.Width;
        Assert.True(drawing >= (await page.Page.Locator(".scroller").BoundingBoxAsync())!.Width / 3, $"{drawing} pixels");
        Assert.True(drawing > 220, $"{drawing} pixels");
    }

    [Fact]
    public async Task What_cannot_be_computed_is_said_and_nothing_changes()
    {
        Chromium.Require();
        await using var page = await explorers.OpenAsync(MetaAnalysisExplorer.Create(Unsolved, EqualEffects).ToPage());
        var headline = await page.Page.Locator(".headline").InnerTextAsync();
        await page.Page.Locator(".choice label").Filter(new() { HasText = "Random" }).ClickAsync();
        Assert.Equal("This cannot be computed, so that nothing has changed. The numbers are too large or too small for double precision.", await page.Page.Locator(".about").InnerTextAsync());
        Assert.Equal(headline, await page.Page.Locator(".headline").InnerTextAsync());
        Assert.True(await page.Page.GetByRole(AriaRole.Radio, new() { Name = "Equal effects" }).IsCheckedAsync());
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task An_explorer_that_cannot_start_says_why()
    {
        Chromium.Require();
        var html = MetaAnalysisExplorer.Create(Unsolved, EqualEffects).ToPage().Replace("\"method\":\"EE\"", "\"method\":\"REML\"", StringComparison.Ordinal);
        await using var page = await explorers.OpenAsync(html);
        Assert.Equal("This explorer cannot be shown. The numbers are too large or too small for double precision.", await page.Page.GetByRole(AriaRole.Alert).InnerTextAsync());
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task A_proportion_is_tested_against_nothing()
    {
        Chromium.Require();
        var effects = Studies(9, i => -2 + 0.5 * Math.Sin(i), i => 0.05 + 0.01 * i, EffectMeasure.ProportionLogit);
        await using var page = await explorers.OpenAsync(MetaAnalysisExplorer.Create(effects).ToPage());
        Assert.EndsWith("]", await page.Page.Locator(".headline").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await page.Page.Locator(".forest line.null").CountAsync());
    }

    private static StudyEffects Unsolved => StudyEffects.Create([0.1, 0.2, 0.4], [1e-100, 1e100, 1e-170]);

    private static StudyEffects Studies(int k, Func<int, double> y, Func<int, double> v, EffectMeasure? measure = null) => StudyEffects.Create(
        [.. Enumerable.Range(0, k).Select(y)], [.. Enumerable.Range(0, k).Select(v)], measure, sampleSizes: [.. Enumerable.Range(0, k).Select(i => 20 + i)]);

    /// <summary>The page is not wider than its window, every text of a picture lies in it, and no label of an axis on another.</summary>
    private static async Task AssertWithin(OpenPage page)
    {
        Assert.True(await page.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth"), "the page is wider than the window");
        Assert.Empty(await page.Page.EvaluateAsync<string[]>("""
            () => [...document.querySelectorAll('.meta-analysis svg')].flatMap(svg => {
                const frame = svg.getBoundingClientRect();
                const texts = [...svg.querySelectorAll('text.tick, text.title')].map(t => [t.textContent, t.getBoundingClientRect()]);
                return texts.flatMap(([text, a], i) => [
                    ...a.left < frame.left - 1 || a.right > frame.right + 6 ? [`${text} is cut off`] : [],
                    ...texts.slice(i + 1).filter(([, b]) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4)
                        .map(([other]) => `${text} lies on ${other}`)]);
            })
            """));
        Assert.DoesNotMatch("NaN|undefined|Infinity", await page.Page.Locator(".meta-analysis").InnerHTMLAsync());
    }
}
