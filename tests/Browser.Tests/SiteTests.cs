using EmpathyNotebooks.Tests;
using Microsoft.Playwright;

namespace EmpathyNotebooks.Browser.Tests;

/// <summary>The site as a reader meets it.</summary>
public sealed class SiteTests(SiteFixture site)
{
    /// <summary>Every page wide and light, and narrow and dark: what has room depends on the width alone, and which colours there are on the look alone.</summary>
    public static TheoryData<string, int, ColorScheme> Pages() => new(
        from page in SiteFixture.PageNames
        from form in new[] { (Width: 1280, Scheme: ColorScheme.Light), (Width: 390, Scheme: ColorScheme.Dark) }
        select (page, form.Width, form.Scheme));

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_opens_draws_its_charts_and_asks_for_nothing_but_the_files_of_the_site(string name, int width, ColorScheme scheme)
    {
        Chromium.Require();
        var look = await site.LookAsync(name, width, scheme);
        Assert.NotEmpty(look.Requests);
        Assert.All(look.Requests, address => Assert.StartsWith(site.Address + "assets/", address, StringComparison.Ordinal));
        Assert.Empty(look.Complaints);
        Assert.True(look.IsWithinWindow, "the page is wider than the window");
        Assert.All(look.Charts, chart =>
        {
            Assert.True(chart.Width > 250 && chart.Height > 100 && chart.Width <= width, $"a chart of {chart.Width} x {chart.Height}");
            Assert.False(string.IsNullOrEmpty(chart.Label));
        });
    }

    /// <summary>What every page needs lies in files that they share.</summary>
    [Fact]
    public async Task No_lesson_is_heavier_than_600_KB()
    {
        var sizes = await site.SizesAsync();
        Assert.True(sizes.Count >= 17);
        Assert.All(sizes, page => Assert.True(page.Value < 600_000, $"{page.Key} has {page.Value} bytes"));
    }

    [Fact]
    public async Task The_lessons_have_charts_and_formulas()
    {
        Chromium.Require();
        foreach (var name in SiteFixture.PageNames.Where(n => n is not ("index" or "glossary")))
        {
            var look = await site.LookAsync(name, 1280, ColorScheme.Light);
            Assert.True(look.Charts.Length + look.Explorers >= 1, $"{name} has neither chart nor explorer");
            if (name is not ("99-attack" or "00-start-here" or "14-your-own-data")) Assert.True(look.Formulas > 3, $"{name} has no formulas");
        }
    }

    [Fact]
    public async Task Sorting_changes_the_order_of_the_rows()
    {
        Chromium.Require();
        await using var page = await site.OpenAsync("05-heterogeneity", 1280);
        var chart = page.Charts.Filter(new LocatorFilterOptions { HasText = "Sample 82" }).First;
        var given = await page.LabelsFromTopAsync(chart);
        Assert.Equal(Enumerable.Range(1, 82).Select(i => $"Sample {i:00}"), given);

        var menu = chart.Locator("xpath=..").GetByLabel("Order");
        await menu.SelectOptionAsync(new SelectOptionValue { Label = "by effect" });
        await Assertions.Expect(chart.Locator("g.textpoint text").First).ToBeVisibleAsync();
        await page.Page.WaitForFunctionAsync("""
            given => [...document.querySelectorAll('[data-empathy-chart]')].some(c => {
                const texts = [...c.querySelectorAll('g.textpoint text')].filter(t => /^Sample \d+$/.test(t.textContent))
                    .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top).map(t => t.textContent);
                return texts.length === given.length && texts.join() !== given.join();
            })
            """, given);
        var sorted = await page.LabelsFromTopAsync(chart);
        Assert.Equal(given, sorted.Order(StringComparer.Ordinal));
        var effects = MetaAnalysis.EffectAggregation.AverageWithin(Data.Datasets.EmpathyEffectsSimulated().Correlations(), "sample", 0.5);
        var expected = Enumerable.Range(0, effects.Count).OrderBy(i => effects.Effects[i]).Select(i => effects.Labels[i]);
        Assert.Equal(expected, sorted);
    }

    [Fact]
    public async Task A_study_tells_all_on_hover()
    {
        Chromium.Require();
        await using var page = await site.OpenAsync("04-pooling", 1280);
        var chart = page.Charts.First;
        await chart.ScrollIntoViewIfNeededAsync();
        var hover = await HoverAsync(page, chart, "Axelsson et al. (2009)");
        Assert.Contains("109", hover, StringComparison.Ordinal);
        Assert.Contains("self-report", hover, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task A_label_that_is_a_script_is_shown_and_does_not_run(int width)
    {
        Chromium.Require();
        await using var page = await site.OpenAsync("99-attack", width);
        // The pictures of the charts, for paper, are all there is of images.
        Assert.Equal(0, await page.Page.Locator("img:not([src^='data:image/svg+xml,']), [onerror]").CountAsync());
        var text = await page.Page.Locator("main").InnerTextAsync();
        // The table of the file, the frame, the effects, leave-one-out, the console and the value.
        Assert.True(text.Split(SiteFixture.Attack).Length - 1 >= 6, text);

        var chart = page.Charts.First;
        await chart.ScrollIntoViewIfNeededAsync();
        var hover = await HoverAsync(page, chart, "<img");
        Assert.Contains(SiteFixture.Attack, hover.Replace(" ", "", StringComparison.Ordinal).Replace("<imgsrc=xonerror", "<img src=x onerror", StringComparison.Ordinal),
            StringComparison.Ordinal);
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task A_puzzle_keeps_the_choice_and_shows_it_beside_the_answer()
    {
        Chromium.Require();
        await using var page = await site.OpenAsync("00-start-here", 1280);
        var puzzle = page.Page.Locator("fieldset.choice").First;
        var answer = page.Page.Locator("fieldset.choice + details").First;
        var verdict = answer.Locator(".verdict");
        await answer.Locator("summary").ClickAsync();
        await Assertions.Expect(verdict).ToContainTextAsync("not chosen yet");
        await answer.Locator("summary").ClickAsync();

        // By keyboard: the arrows go from option to option.
        await puzzle.Locator("input").First.FocusAsync();
        await page.Page.Keyboard.PressAsync("Space");
        await page.Page.Keyboard.PressAsync("ArrowDown");
        await page.Page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(puzzle.GetByLabel("C. ")).ToBeCheckedAsync();
        await answer.Locator("summary").ClickAsync();
        await Assertions.Expect(verdict).ToContainTextAsync("You chose C; the answer is B.");
        await Assertions.Expect(puzzle.GetByLabel("A. ")).ToBeDisabledAsync();

        await page.Page.ReloadAsync();
        await Assertions.Expect(puzzle.GetByLabel("C. ")).ToBeCheckedAsync();
        await Assertions.Expect(verdict).ToContainTextAsync("You chose C");
        await verdict.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(puzzle.GetByLabel("C. ")).Not.ToBeCheckedAsync();
        await puzzle.GetByLabel("B. ").CheckAsync();
        await answer.Locator("summary").ClickAsync();
        await Assertions.Expect(verdict).ToContainTextAsync("You chose B: right.");
    }

    [Fact]
    public async Task The_dark_theme_reaches_the_charts()
    {
        Chromium.Require();
        await using var page = await site.OpenAsync("04-pooling", 1280);
        var light = await InkAsync(page);
        await page.Page.Locator(".theme").First.ClickAsync();
        await page.Page.WaitForFunctionAsync(
            "light => getComputedStyle(document.querySelector('[data-empathy-chart] g.textpoint text')).fill !== light", light);
        Assert.True(Luminance(light) < 0.3 && Luminance(await InkAsync(page)) > 0.6);
    }

    private static Task<string> InkAsync(OpenPage page) => page.Page.EvaluateAsync<string>(
        "() => getComputedStyle(document.querySelector('[data-empathy-chart] g.textpoint text')).fill");

    private static double Luminance(string color)
    {
        var parts = color[(color.IndexOf('(') + 1)..^1].Split(',').Select(p => double.Parse(p, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        return (0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]) / 255;
    }

    /// <summary>Moves the mouse over the squares of a chart until the hover of the study wanted stands there.</summary>
    private static async Task<string> HoverAsync(OpenPage page, ILocator chart, string wanted)
    {
        // Most hovers come at once; on a busy machine they are given longer, one round after the other.
        foreach (var pause in new[] { 150, 1_000, 5_000 })
        {
            foreach (var point in await chart.Locator("path.point").AllAsync())
            {
                if (await point.BoundingBoxAsync() is not { } box || box.Width == 0) continue;
                await page.Page.Mouse.MoveAsync(box.X + box.Width / 2, box.Y + box.Height / 2);
                await page.Page.WaitForTimeoutAsync(pause);
                var text = await chart.Locator("g.hoverlayer").EvaluateAsync<string>("layer => layer.textContent");
                if (text.Contains(wanted, StringComparison.Ordinal)) return text;
            }
        }

        Assert.Fail($"No point of the chart shows {wanted} on hover.");
        return "";
    }
}
