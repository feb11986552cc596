using EmpathyNotebooks.Tests;
using Microsoft.Playwright;

namespace EmpathyNotebooks.Browser.Tests;

/// <summary>The rules of axe on every page, wide and light, narrow and dark, and what no rule sees: a narrow page cuts nothing.</summary>
public sealed class AccessibilityTests(SiteFixture site)
{
    public static TheoryData<string, int, ColorScheme> Pages() => SiteTests.Pages();

    public static TheoryData<string> Names() => new(SiteFixture.PageNames);

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_breaks_no_rule_of_accessibility(string name, int width, ColorScheme scheme)
    {
        Chromium.Require();
        Assert.Equal("", (await site.LookAsync(name, width, scheme)).RulesBroken);
    }

    /// <summary>A formula that has to be pushed to be read is not read.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task Formulas_fit_a_narrow_page(string name)
    {
        Chromium.Require();
        Assert.Empty((await site.LookAsync(name, 390, ColorScheme.Dark)).FormulasCut);
    }

    /// <summary>A line that begins with a comma has lost its formula.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task No_line_begins_with_the_comma_after_a_formula(string name)
    {
        Chromium.Require();
        Assert.Empty((await site.LookAsync(name, 390, ColorScheme.Dark)).MarksLost);
    }

    /// <summary>The column that matters most in a table of a fit: where a new study would lie.</summary>
    [Fact]
    public async Task The_prediction_interval_of_a_fit_is_seen_on_a_narrow_page()
    {
        Chromium.Require();
        var right = (await site.LookAsync("04-pooling", 390, ColorScheme.Dark)).PredictionEnds;
        Assert.True(right <= 390, $"it ends at {right} pixels");
    }

    /// <summary>On 1280 pixels the table of published results stands whole, the number of people included.</summary>
    [Fact]
    public async Task The_table_of_published_results_stands_whole_on_a_wide_page()
    {
        Chromium.Require();
        Assert.True((await site.LookAsync("01-the-question", 1280, ColorScheme.Light)).IsTableWhole);
    }
}
