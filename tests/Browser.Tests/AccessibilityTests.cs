using EmpathyNotebooks.Tests;
using Microsoft.Playwright;

namespace EmpathyNotebooks.Browser.Tests;

/// <summary>The rules of axe on every page, wide and light, narrow and dark, and what no rule sees: a narrow page cuts nothing.</summary>
public sealed class AccessibilityTests(SiteFixture site)
{
    public static TheoryData<string, int, ColorScheme> Pages() => new(
        from page in SiteFixture.PageNames
        from form in new[] { (Width: 1280, Scheme: ColorScheme.Light), (Width: 390, Scheme: ColorScheme.Dark) }
        select (page, form.Width, form.Scheme));

    public static TheoryData<string> Names() => new(SiteFixture.PageNames);

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_breaks_no_rule_of_accessibility(string name, int width, ColorScheme scheme)
    {
        Chromium.Require();
        await site.LookAsync(name, width, scheme, async page => Assert.Equal("", await Accessibility.ViolationsAsync(page)));
    }

    /// <summary>A formula that has to be pushed to be read is not read.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task Formulas_fit_a_narrow_page(string name)
    {
        Chromium.Require();
        await site.LookAsync(name, 390, ColorScheme.Light, async page => Assert.Empty(await page.Page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('.formula')].filter(f => f.scrollWidth > f.clientWidth + 1).map(f => f.textContent)")));
    }

    /// <summary>A line that begins with a comma has lost its formula.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task No_line_begins_with_the_comma_after_a_formula(string name)
    {
        Chromium.Require();
        await site.LookAsync(name, 390, ColorScheme.Light, async page =>
        {
            // Charts would be drawn anew at every width, and no line of prose stands in one.
            await ShowChartsAsync(page, false);
            try
            {
                foreach (var width in new[] { 390, 520, 1280 })
                {
                    await page.Page.SetViewportSizeAsync(width, SharedBrowser.Height);
                    Assert.Empty(await page.Page.EvaluateAsync<string[]>("""
                        () => [...document.querySelectorAll('.prose math:not([display=block])')].flatMap(math => {
                            const next = math.nextSibling;
                            if (!next || next.nodeType !== Node.TEXT_NODE || !/^[,.;:!?)\]]/.test(next.data)) return [];
                            const mark = document.createRange();
                            mark.setStart(next, 0);
                            mark.setEnd(next, 1);
                            const a = [...math.getClientRects()].at(-1), b = mark.getClientRects()[0];
                            return b && b.top > a.bottom ? [math.textContent + next.data.slice(0, 20)] : [];
                        })
                        """));
                }
            }
            finally
            {
                await page.Page.SetViewportSizeAsync(390, SharedBrowser.Height);
                await ShowChartsAsync(page, true);
            }
        });
    }

    private static Task ShowChartsAsync(OpenPage page, bool isShown) => page.Page.EvaluateAsync(
        "isShown => document.querySelectorAll('.empathy-chart').forEach(chart => { chart.style.display = isShown ? '' : 'none'; })", isShown);

    /// <summary>The column that matters most in a table of a fit: where a new study would lie.</summary>
    [Fact]
    public async Task The_prediction_interval_of_a_fit_is_seen_on_a_narrow_page()
    {
        Chromium.Require();
        await site.LookAsync("04-pooling", 390, ColorScheme.Light, async page =>
        {
            var right = await page.Page.EvaluateAsync<double>("""
                () => { const cell = [...document.querySelectorAll('.en-result td')].find(c => c.textContent.startsWith('[−.054')); return cell.getBoundingClientRect().right; }
                """);
            Assert.True(right <= 390, $"it ends at {right} pixels");
        });
    }

    /// <summary>On 1280 pixels the table of published results stands whole, the number of people included.</summary>
    [Fact]
    public async Task The_table_of_published_results_stands_whole_on_a_wide_page()
    {
        Chromium.Require();
        await site.LookAsync("01-the-question", 1280, ColorScheme.Light, async page => Assert.True(await page.Page.EvaluateAsync<bool>("""
            () => { const box = document.querySelector('.en-result'); return box.scrollWidth <= box.clientWidth + 1 && box.parentElement.scrollWidth <= box.parentElement.clientWidth + 1; }
            """)));
    }
}
