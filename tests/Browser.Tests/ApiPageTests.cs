using System.Text.RegularExpressions;
using EmpathyNotebooks.Tests;
using Microsoft.Playwright;

namespace EmpathyNotebooks.Browser.Tests;

/// <summary>The pages of the API as a reader meets them, opened from the disk.</summary>
public sealed class ApiPageTests(SiteFixture site)
{
    /// <summary>The list, a class with formulas, an enumeration with formulas, a type with many members.</summary>
    public static TheoryData<string, int, ColorScheme> Pages() => new(
        from name in new[] { "api/index", "api/RandomEffects", "api/TauSquaredEstimator", "api/PooledFit" }
        from form in new[] { (Width: 1280, Scheme: ColorScheme.Light), (Width: 390, Scheme: ColorScheme.Dark) }
        select (name, form.Width, form.Scheme));

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_opens_and_breaks_no_rule_of_accessibility(string name, int width, ColorScheme scheme)
    {
        Chromium.Require();
        await using var page = await site.OpenAsync(name, width, scheme);
        Assert.Empty(page.Complaints);
        Assert.True(await page.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth"), "the page is wider than the window");
        Assert.Equal("", await Accessibility.ViolationsAsync(page));
    }

    [Theory]
    [InlineData(1280, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    public async Task The_list_breaks_no_rule_in_the_other_colours_either(int width, ColorScheme scheme)
    {
        Chromium.Require();
        await using var page = await site.OpenAsync("api/index", width, scheme);
        Assert.Equal("", await Accessibility.ViolationsAsync(page));
    }

    [Fact]
    public async Task The_list_narrows_as_one_types()
    {
        Chromium.Require();
        await using var page = await site.OpenAsync("api/index", 1280);
        await page.Page.GetByLabel("Narrow the list").FillAsync("selection model");
        var left = page.Page.Locator(".types > li:visible");
        await Assertions.Expect(page.Page.Locator("form.filter [role=status]")).ToContainTextAsync("types");
        Assert.InRange(await left.CountAsync(), 2, 60);
        await Assertions.Expect(left.Filter(new() { HasText = "SelectionPenalty" }).First).ToBeVisibleAsync();
        await Assertions.Expect(page.Page.Locator("#Data")).ToBeHiddenAsync();
        await page.Page.GetByLabel("Narrow the list").FillAsync("");
        await Assertions.Expect(page.Page.Locator("#Data")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_name_in_the_code_of_a_lesson_leads_to_its_place()
    {
        Chromium.Require();
        await using var page = await site.OpenAsync("04-pooling", 1280);
        var link = page.Page.Locator("pre.code a.api[href='api/RandomEffects.html#Fit']").First;
        Assert.Equal("none", await link.EvaluateAsync<string>("link => getComputedStyle(link).textDecorationLine"));
        Assert.True(await link.EvaluateAsync<bool>("link => getComputedStyle(link).color === getComputedStyle(link.closest('pre')).color"));
        await page.Page.Locator(".code-switch").ClickAsync();
        await link.HoverAsync();
        Assert.Equal("underline", await link.EvaluateAsync<string>("link => getComputedStyle(link).textDecorationLine"));
        await link.ClickAsync();
        await Assertions.Expect(page.Page).ToHaveURLAsync(new Regex(@"/api/RandomEffects\.html#Fit$"));
        await Assertions.Expect(page.Page.Locator("h1")).ToContainTextAsync("RandomEffects");
        await Assertions.Expect(page.Page.Locator("#Fit")).ToBeInViewportAsync();
    }
}
