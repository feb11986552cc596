using System.Text.RegularExpressions;
using EmpathyNotebooks.Tests;
using Microsoft.Playwright;

namespace EmpathyNotebooks.Browser.Tests;

/// <summary>The search box, by keyboard and from the disk.</summary>
public sealed class SearchTests(SiteFixture site)
{
    private static ILocator Box(OpenPage page) => page.Page.GetByRole(AriaRole.Combobox, new() { Name = "Search lessons and API" });

    private static ILocator Options(OpenPage page) => page.Page.GetByRole(AriaRole.Listbox, new() { Name = "Found" }).GetByRole(AriaRole.Option);

    private async Task<OpenPage> SearchAsync(string words, string name = "index", int width = 1280, ColorScheme scheme = ColorScheme.Light)
    {
        var page = await site.OpenAsync(name, width, scheme);
        await page.Page.Keyboard.PressAsync("/");
        await Assertions.Expect(Box(page)).ToBeFocusedAsync();
        await page.Page.Keyboard.TypeAsync(words);
        return page;
    }

    [Fact]
    public async Task A_lesson_is_found_and_opened_without_a_mouse()
    {
        Chromium.Require();
        await using var page = await SearchAsync("how well is it known");
        await Assertions.Expect(Box(page)).ToHaveAttributeAsync("aria-expanded", "true");
        var first = Options(page).First;
        await Assertions.Expect(first).ToHaveAttributeAsync("aria-selected", "true");
        await Assertions.Expect(Box(page)).ToHaveAttributeAsync("aria-activedescendant", (await first.GetAttributeAsync("id"))!);
        await Assertions.Expect(first.Locator("mark").First).ToBeVisibleAsync();

        await page.Page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(Options(page).Nth(1)).ToHaveAttributeAsync("aria-selected", "true");
        await page.Page.Keyboard.PressAsync("ArrowUp");
        await page.Page.Keyboard.PressAsync("ArrowUp");
        await Assertions.Expect(Options(page).Last).ToHaveAttributeAsync("aria-selected", "true");
        await page.Page.Keyboard.PressAsync("ArrowDown");
        await page.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Page).ToHaveURLAsync(new Regex(@"/05-heterogeneity\.html#"));
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task A_word_leads_to_the_glossary_first()
    {
        Chromium.Require();
        await using var page = await SearchAsync("prediction interval");
        await Assertions.Expect(Options(page).First).ToHaveAttributeAsync("aria-selected", "true");
        await page.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Page).ToHaveURLAsync(new Regex(@"/glossary\.html#prediction-interval$"));
        Assert.Empty(page.Complaints);
    }

    [Theory]
    [InlineData("hartung kanpp", "Inference.HartungKnapp")]
    [InlineData("RandomEffects", "RandomEffects")]
    [InlineData("random effects fit", "RandomEffects.Fit")]
    [InlineData("RandomEffects.Fit", "RandomEffects.Fit")]
    [InlineData("heterogenity", "Heterogeneity")]
    [InlineData("τ", "Tau")]
    [InlineData("pet peese", "PetPeese")]
    public async Task Names_are_found_by_their_parts_their_beginnings_and_with_one_letter_wrong(string words, string found)
    {
        Chromium.Require();
        await using var page = await SearchAsync(words, "api/PooledFit");
        await Assertions.Expect(Options(page).Filter(new() { HasText = found }).First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Every_word_has_to_be_there()
    {
        Chromium.Require();
        await using var page = await SearchAsync("funnel qqqqzz");
        await Assertions.Expect(page.Page.Locator(".search [role=status]")).ToHaveTextAsync("Nothing found for “funnel qqqqzz”.");
        await Assertions.Expect(Options(page)).ToHaveCountAsync(0);
        await Assertions.Expect(Box(page)).ToHaveAttributeAsync("aria-expanded", "false");
    }

    [Fact]
    public async Task Escape_closes_then_empties_and_a_slash_within_a_box_is_a_letter()
    {
        Chromium.Require();
        await using var page = await SearchAsync("a/b tau");
        await Assertions.Expect(Box(page)).ToHaveValueAsync("a/b tau");
        await page.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Page.Locator(".search .found")).ToBeHiddenAsync();
        await Assertions.Expect(Box(page)).ToHaveValueAsync("a/b tau");
        await page.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(Box(page)).ToHaveValueAsync("");
    }

    [Fact]
    public async Task Words_of_the_reader_are_text()
    {
        Chromium.Require();
        await using var page = await SearchAsync(SiteFixture.Attack);
        await Assertions.Expect(page.Page.Locator(".search [role=status]")).ToContainTextAsync("<img src=x");
        Assert.Empty(page.Complaints);
    }

    [Theory]
    [InlineData("api/TauSquaredEstimator", 1280, ColorScheme.Light)]
    [InlineData("index", 1280, ColorScheme.Light)]
    [InlineData("index", 390, ColorScheme.Dark)]
    [InlineData("04-pooling", 390, ColorScheme.Light)]
    [InlineData("api/PooledFit", 1280, ColorScheme.Dark)]
    public async Task Open_results_break_no_rule_of_accessibility_and_stay_on_the_page(string name, int width, ColorScheme scheme)
    {
        Chromium.Require();
        await using var page = await SearchAsync("heterogeneity", name, width, scheme);
        await Assertions.Expect(Options(page).First).ToBeVisibleAsync();
        Assert.True(await page.Page.EvaluateAsync<bool>("() => { const box = document.querySelector('.search .found').getBoundingClientRect(); return box.left >= 0 && box.right <= innerWidth && document.documentElement.scrollWidth <= innerWidth; }"));
        var broken = await Accessibility.ViolationsAsync(page);
        Assert.True(broken.Length == 0, broken);
    }
}
