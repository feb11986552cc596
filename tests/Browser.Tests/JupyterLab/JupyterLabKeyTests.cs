using EmpathyNotebooks.Browser.Tests.Explorers;
using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting;
using EmpathyNotebooks.Tests;
using Microsoft.DotNet.Interactive.Formatting;
using Microsoft.Playwright;

namespace EmpathyNotebooks.Browser.Tests.JupyterLab;

/// <summary>A key pressed in an output of ours is never one of the notebook's: there `x` cuts the cell and `d d` deletes it.</summary>
public sealed class JupyterLabKeyTests(ExplorerFixture explorers)
{
    private static readonly string[] Keys =
        ["x", "c", "v", "d", "d", "a", "b", "m", "y", "r", "z", "j", "k", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Shift+ArrowDown", "Shift+M", "Shift+A"];

    public static TheoryData<string> Explorers => [.. ExplorerFixture.Names.Where(name => name.Split('-') is [_] or [_, "5"])];

    [Fact]
    public async Task The_keys_of_the_stand_in_are_those_of_the_notebook()
    {
        Chromium.Require();
        await using var page = await explorers.OpenAsync(JupyterLabPage.Html());
        await JupyterLabPage.ShowAsync(page, "<div data-lm-suppress-shortcuts><button>on the wrapper alone</button></div>");
        await page.Page.Locator("button").FocusAsync();
        foreach (var key in new[] { "x", "d", "d", "ArrowDown" }) await page.Page.Keyboard.PressAsync(key);
        Assert.Equal(["notebook:cut-cell", "notebook:delete-cell", "notebook:move-cursor-down"], await Taken(page));
        await page.Page.Locator(".jp-Cell").FocusAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        Assert.Equal("notebook:enter-edit-mode", (await Taken(page))[^1]);
    }

    [Theory]
    [MemberData(nameof(Explorers))]
    public async Task No_key_pressed_in_an_explorer_reaches_the_notebook(string name)
    {
        Chromium.Require();
        await using var page = await explorers.OpenAsync(JupyterLabPage.Html());
        await JupyterLabPage.ShowAsync(page, ExplorerFixture.Create(name).ToHtml());
        await page.DrawnAsync();
        await PressInEveryPlaceAsync(page);
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task No_key_pressed_in_a_charts_menu_or_a_table_reaches_the_notebook()
    {
        Chromium.Require();
        Notebook.Start();
        var fit = RandomEffects.Fit(ExplorerFixture.Studies(16));
        var folded = ForestPlot.Create(MultilevelModel.Fit(Datasets.EmpathyEffectsSimulated().Correlations().Select([.. Enumerable.Range(0, 12)]), ["sample", "effect"]));
        await using var page = await explorers.OpenAsync(JupyterLabPage.Html());
        await JupyterLabPage.ShowAsync(page, PlotlyHtml.Library(), ForestPlot.Create(fit).ToFigure().ToHtml(), folded.ToFigure().ToHtml(),
            "<div style=\"width:200px\">" + fit.ToDisplayString("text/html") + "</div>");
        await page.DrawnAsync();
        Assert.True(await page.Page.Locator("select").CountAsync() >= 1);
        Assert.True(await page.Page.Locator(".empathy-chart button").CountAsync() >= 1);
        await PressInEveryPlaceAsync(page);
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Arrows_move_sliders_and_the_space_bar_presses_buttons()
    {
        Chromium.Require();
        await using var page = await explorers.OpenAsync(JupyterLabPage.Html());
        await JupyterLabPage.ShowAsync(page, ExplorerFixture.Create("meta-5").ToHtml());
        await page.DrawnAsync();
        var slider = page.Page.GetByRole(AriaRole.Slider);
        var before = await slider.GetAttributeAsync("aria-valuetext");
        await slider.FocusAsync();
        await page.Page.Keyboard.PressAsync("ArrowRight");
        Assert.NotEqual(before, await slider.GetAttributeAsync("aria-valuetext"));
        await page.Page.Locator(".back").FocusAsync();
        await page.Page.Keyboard.PressAsync(" ");
        Assert.Equal(before, await slider.GetAttributeAsync("aria-valuetext"));
        await page.Page.GetByRole(AriaRole.Radio).First.FocusAsync();
        await page.Page.Keyboard.PressAsync("ArrowRight");
        Assert.StartsWith("Equal effects", await page.Page.Locator(".under").InnerTextAsync(), StringComparison.Ordinal);
        await page.Page.Locator("[role=option]").First.FocusAsync();
        await page.Page.Keyboard.PressAsync(" ");
        Assert.Equal("false", await page.Page.Locator("[role=option]").First.GetAttributeAsync("aria-selected"));
        Assert.Empty(await Taken(page));
    }

    /// <summary>
    /// Every place that the tab key stops at, and every other that takes the focus. Keys are found by selectors: a place of each kind - element, class and
    /// attributes - gets every key, and those like it two of them.
    /// </summary>
    private static async Task PressInEveryPlaceAsync(OpenPage page)
    {
        var places = page.Page.Locator(".jp-OutputArea :is(a[href], button, input, select, [tabindex]):not([disabled])");
        var count = await places.CountAsync();
        Assert.True(count > 0);
        var kinds = new HashSet<string>();
        for (var i = 0; i < Math.Min(count, 40); i++)
        {
            var kind = await places.Nth(i).EvaluateAsync<string>("place => { place.focus(); return [place.tagName, place.type, place.className.baseVal ?? place.className, ...place.getAttributeNames().sort()].join(' '); }");
            foreach (var key in kinds.Add(kind) ? Keys : Keys.Where(key => key is "x" or "ArrowDown")) await page.Page.Keyboard.PressAsync(key);
            var taken = await Taken(page);
            Assert.True(taken.Length == 0, $"{await places.Nth(i).EvaluateAsync<string>("place => place.outerHTML.slice(0, 200)")} let through {string.Join(", ", taken)}");
        }

        await page.Page.Locator(".jp-Cell").FocusAsync();
        for (var stops = 0; stops < 60; stops++)
        {
            await page.Page.Keyboard.PressAsync("Tab");
            if (!await page.Page.EvaluateAsync<bool>("() => !!document.activeElement.closest('.jp-OutputArea')")) break;
            // "d" alone would wait for a second one.
            await page.Page.Keyboard.PressAsync("x");
            var taken = await Taken(page);
            Assert.True(taken.Length == 0, $"{await page.Page.EvaluateAsync<string>("() => document.activeElement.outerHTML.slice(0, 200)")} let through {string.Join(", ", taken)}");
        }
    }

    private static Task<string[]> Taken(OpenPage page) => page.Page.EvaluateAsync<string[]>("() => window.taken");
}
