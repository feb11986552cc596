using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting;
using EmpathyNotebooks.Tests;
using Microsoft.Playwright;

namespace EmpathyNotebooks.Browser.Tests;

/// <summary>Effects that fold under their samples.</summary>
public sealed class FoldTests
{
    private const string Rows = """
        chart => [...chart.querySelectorAll('g.textpoint text')].map(t => ({ text: t.textContent, box: t.getBoundingClientRect() }))
            .filter(t => /Sample \d|Study \d/.test(t.text)).sort((a, b) => a.box.top - b.box.top).map(t => t.text.trim())
        """;

    [Fact]
    public async Task A_click_on_a_sample_shows_its_effects_and_another_folds_them()
    {
        Chromium.Require();
        await using var page = await OpenAsync();
        var chart = page.Charts.First;
        Assert.Equal(["Sample 1 ►", "Sample 2 ►", "Sample 3 ►"], await chart.EvaluateAsync<string[]>(Rows));
        var height = (await chart.BoundingBoxAsync())!.Height;

        await ClickAsync(page, "Sample 2 ►");
        await WaitForAsync(page, 5);
        Assert.Equal(["Sample 1 ►", "Sample 2 ▼", "Study 3", "Study 4", "Sample 3 ►"], await chart.EvaluateAsync<string[]>(Rows));
        Assert.Equal(height + 2 * 24, (await chart.BoundingBoxAsync())!.Height, 1);

        await ClickAsync(page, "Sample 2 ▼");
        await WaitForAsync(page, 3);
        Assert.Equal(height, (await chart.BoundingBoxAsync())!.Height, 1);
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task The_button_works_from_the_keyboard_and_orders_keep_effects_with_their_samples()
    {
        Chromium.Require();
        await using var page = await OpenAsync();
        var chart = page.Charts.First;
        var button = page.Page.GetByRole(AriaRole.Button, new() { Name = "Show all effects" });
        Assert.Equal("false", await button.GetAttributeAsync("aria-expanded"));
        await button.FocusAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await WaitForAsync(page, 9);
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Fold all effects" })).ToHaveAttributeAsync("aria-expanded", "true");

        await chart.Locator("xpath=..").GetByLabel("Order").SelectOptionAsync(new SelectOptionValue { Label = "by effect" });
        await page.Page.WaitForFunctionAsync("""
            () => [...document.querySelectorAll('g.textpoint text')].filter(t => /Sample \d/.test(t.textContent))
                .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)[0].textContent !== 'Sample 1 ▼'
            """);
        var model = ForestPlot.Create(Fit, new() { Order = ForestOrder.Effect, ShowEffects = true }).Model;
        var expected = model.Rows.Where(r => r.Sample is not null).Select(r => r.Kind == ForestRowKind.Sample ? r.Cells[0] + " ▼" : r.Cells[0].Trim());
        Assert.Equal(expected, await chart.EvaluateAsync<string[]>(Rows));
    }

    private static MultilevelFit Fit => PlotSet.Multilevel(PlotSet.Fit(6, DataOrigin.Own));

    private static Task<OpenPage> OpenAsync() =>
        Gallery.OpenAsync("folding", PlotlyHtml.Page("Folding", ForestPlot.Create(Fit).ToFigure()), 1000, ColorScheme.Light);

    private static async Task ClickAsync(OpenPage page, string label)
    {
        var box = (await page.Page.Locator("g.textpoint text").Filter(new() { HasText = label }).First.BoundingBoxAsync())!;
        await page.Page.Mouse.ClickAsync(box.X + box.Width / 2, box.Y + box.Height / 2);
    }

    private static Task WaitForAsync(OpenPage page, int rows) => page.Page.WaitForFunctionAsync(
        "rows => [...document.querySelectorAll('g.textpoint text')].filter(t => /Sample \\d|Study \\d/.test(t.textContent)).length === rows", rows);
}
