using EmpathyNotebooks.Tests;
using System.Text.RegularExpressions;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting;
using Microsoft.Playwright;

namespace EmpathyNotebooks.Browser.Tests.Explorers;

/// <summary>The meta-analysis explorer as a reader works it.</summary>
public sealed class MetaAnalysisExplorerTests(ExplorerFixture explorers)
{
    private static readonly StudyEffects Molloy = ExplorerFixture.Studies(16);

    [Fact]
    public async Task A_click_leaves_a_study_out_everywhere_and_another_takes_it_back()
    {
        Chromium.Require();
        await using var page = await OpenAsync(Molloy);
        Assert.Equal(Headline(RandomEffects.Fit(Molloy)), await Headline(page));

        await Row(page, 9).ClickAsync();
        Assert.Equal(2, await page.Page.Locator("svg .highlighted:not([visibility=hidden])").CountAsync());
        var without = RandomEffects.Fit(Molloy.Select([.. Enumerable.Range(0, 16).Where(i => i != 9)]));
        Assert.Equal(Headline(without), await Headline(page));
        Assert.Equal("false", await Row(page, 9).GetAttributeAsync("aria-selected"));
        Assert.False(await page.Page.GetByRole(AriaRole.Checkbox, new() { Name = "Jerant et al. (2011)" }).IsCheckedAsync());
        Assert.Equal(1, await page.Page.Locator(".forest .study.out").CountAsync());
        Assert.Equal(2, await page.Page.Locator("circle.out").CountAsync());
        Assert.Contains("15 of 16 studies, 1 left out", await page.Page.Locator(".under").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal("−1", await Cell(page, "k", 3));
        Assert.Equal(StatisticText.Significant(without.TauSquared, 3), await Cell(page, "τ²", 1));
        Assert.Equal(StatisticText.Percent(without.Heterogeneity.ISquared), await Cell(page, "I²", 1));
        Assert.Equal($"{StatisticText.Number(without.Heterogeneity.Q.Statistic)} (df 14), {StatisticText.PValueWithSymbol(without.Heterogeneity.Q.PValue)}", await Cell(page, "Q", 1));
        Assert.Equal(StatisticText.Percent(without.Weights[0]), await Row(page, 0).Locator(".weight").InnerTextAsync());

        await Row(page, 9).ClickAsync();
        Assert.Equal(Headline(RandomEffects.Fit(Molloy)), await Headline(page));
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Points_and_table_rows_leave_studies_out_too()
    {
        Chromium.Require();
        await using var page = await OpenAsync(Molloy);
        foreach (var plane in new[] { 0, 1 })
        {
            // The study furthest out stands alone in both.
            var circle = page.Page.Locator(".picture").Nth(plane).Locator("circle[data-study='11']");
            await circle.ScrollIntoViewIfNeededAsync();
            var box = await circle.BoundingBoxAsync();
            await page.Page.Mouse.ClickAsync(box!.X + box.Width / 2, box.Y + box.Height / 2);
            Assert.Equal("false", await Row(page, 11).GetAttributeAsync("aria-selected"));
            await page.Page.GetByRole(AriaRole.Checkbox, new() { Name = Molloy.Labels[11] }).CheckAsync();
            Assert.Equal("true", await Row(page, 11).GetAttributeAsync("aria-selected"));
        }
        await page.Page.Locator(".studies tbody tr").Nth(2).Locator("td").Last.ClickAsync();
        Assert.Equal("false", await Row(page, 2).GetAttributeAsync("aria-selected"));
    }

    [Fact]
    public async Task Pointing_at_a_study_shows_it_in_every_picture()
    {
        Chromium.Require();
        await using var page = await OpenAsync(ExplorerFixture.Studies(160));
        var circle = page.Page.Locator(".picture").First.Locator("circle[data-study='129']");
        await circle.ScrollIntoViewIfNeededAsync();
        var box = await circle.BoundingBoxAsync();
        await page.Page.Mouse.MoveAsync(box!.X + box.Width / 2, box.Y + box.Height / 2);
        Assert.Contains("highlighted", await Row(page, 129).GetAttributeAsync("class"), StringComparison.Ordinal);
        Assert.Equal(2, await page.Page.Locator("circle.highlighted").CountAsync());
        Assert.Equal(["Study 130", "Study 130"], await page.Page.Locator(".names text").AllTextContentsAsync());
        Assert.Contains("Study 130", await page.Page.Locator(".studies tr.highlighted").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Matches(@"^Study 130 r = .*n = .*v = .*weight .*%.*without it r = ", Plain(await page.Page.Locator(".about").InnerTextAsync()));
        // Its row came into the box between head and pooled row.
        Assert.True(await page.Page.EvaluateAsync<bool>("""
            () => {
              const [row, head, foot] = ['.row.highlighted', '.head', '.foot'].map(s => document.querySelector(s).getBoundingClientRect());
              return row.top >= head.bottom - 1 && row.bottom <= foot.top + 1;
            }
            """));
        await page.Page.Mouse.MoveAsync(5, 5);
        Assert.Equal(0, await page.Page.Locator(".highlighted").CountAsync());
    }

    public static TheoryData<string, string> Settings => new(
        from method in new[] { "Equal", "REML", "PM", "DL" } from test in new[] { "Hartung-Knapp", "t", "z" } select (method, test));

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task Switches_choose_model_estimator_and_test(string method, string test)
    {
        Chromium.Require();
        await using var page = await OpenAsync(Molloy);
        await page.Page.Locator(".choice label").Filter(new() { HasTextRegex = new Regex($"^{method}$") }).ClickAsync();
        await page.Page.Locator(".choice label").Filter(new() { HasTextRegex = new Regex($"^{test}$") }).ClickAsync();
        var inference = test switch { "z" => Inference.Normal, "t" => Inference.StudentT, _ => Inference.HartungKnapp };
        var fit = method == "Equal" ? EqualEffects.Fit(Molloy, new() { Inference = inference })
            : RandomEffects.Fit(Molloy, new() { Inference = inference, TauSquared = method switch
            {
                "PM" => TauSquaredEstimator.PauleMandel, "DL" => TauSquaredEstimator.DerSimonianLaird, _ => TauSquaredEstimator.RestrictedMaximumLikelihood,
            } });
        Assert.Equal(Headline(fit), await Headline(page));
        var prediction = fit.BackTransformed.PredictionInterval is { } p ? $"[{fit.Effects.Measure.Format(p.Lower)}, {fit.Effects.Measure.Format(p.Upper)}]" : "–";
        Assert.Equal(prediction, await Cell(page, "95% prediction interval", 1));
        Assert.Equal(method == "Equal", await page.Page.Locator(".tau input").IsDisabledAsync());
    }

    [Fact]
    public async Task The_slider_moves_tau_squared_and_weights_follow()
    {
        Chromium.Require();
        await using var page = await OpenAsync(Molloy);
        var slider = page.Page.Locator(".tau input");
        var back = page.Page.GetByRole(AriaRole.Button, new() { Name = "Back to the estimate" });
        Assert.True(await back.IsDisabledAsync());
        await slider.FocusAsync();
        await page.Page.Keyboard.PressAsync("Home");
        var equal = EqualEffects.Fit(Molloy, new() { Inference = Inference.HartungKnapp });
        Assert.Equal(Headline(equal), await Headline(page));
        Assert.Equal(StatisticText.Percent(equal.Weights[1]), await Row(page, 1).Locator(".weight").InnerTextAsync());
        Assert.Contains("τ² by hand", await page.Page.Locator(".under").InnerTextAsync(), StringComparison.Ordinal);

        await page.Page.Keyboard.PressAsync("End");
        var squares = await page.Page.Locator(".square").EvaluateAllAsync<double[]>("squares => squares.map(s => s.width.baseVal.value)");
        Assert.True(squares.Max() / squares.Min() < 1.5, "at a large tau² the weights are nearly equal");
        await page.Page.Keyboard.PressAsync("ArrowLeft");
        Assert.Matches("^τ² = 0.0495, τ = 0.222$", await slider.GetAttributeAsync("aria-valuetext"));

        await back.ClickAsync();
        Assert.Equal(Headline(RandomEffects.Fit(Molloy)), await Headline(page));
        Assert.True(await slider.EvaluateAsync<bool>("slider => slider === document.activeElement"));
        Assert.Contains($"estimate {StatisticText.Significant(RandomEffects.Fit(Molloy).TauSquared, 3)}", await page.Page.Locator(".tau .marks").InnerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_of_it_works_by_keyboard()
    {
        Chromium.Require();
        await using var page = await OpenAsync(Molloy);
        var keyboard = page.Page.Keyboard;
        Assert.Equal(1, await page.Page.Locator("[role=option][tabindex='0']").CountAsync());
        await Row(page, 0).FocusAsync();
        await keyboard.PressAsync("ArrowDown");
        await keyboard.PressAsync("ArrowDown");
        Assert.Equal(Molloy.Labels[2], await page.Page.Locator(".about strong").InnerTextAsync());
        Assert.Equal(1, await page.Page.Locator("[role=option][tabindex='0']").CountAsync());
        Assert.NotEqual("none", await Row(page, 2).EvaluateAsync<string>("row => getComputedStyle(row).outlineStyle"));
        await keyboard.PressAsync("Space");
        await keyboard.PressAsync("End");
        await keyboard.PressAsync("Enter");
        var fit = RandomEffects.Fit(Molloy.Select([0, 1, .. Enumerable.Range(3, 12)]));
        Assert.Equal(Headline(fit), await Headline(page));
        await Assertions.Expect(page.Page.Locator("[aria-live]")).ToContainTextAsync($"{Molloy.Labels[15]} is left out. Random effects, REML, Hartung-Knapp, 14 of 16 studies: r = ");

        // On to the table, whose boxes are one stop of the tab key too.
        await page.Page.Locator(".studies input").First.FocusAsync();
        await keyboard.PressAsync("ArrowDown");
        await keyboard.PressAsync("ArrowDown");
        await keyboard.PressAsync("Enter");
        Assert.Equal("true", await Row(page, 2).GetAttributeAsync("aria-selected"));
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Reset" }).FocusAsync();
        await keyboard.PressAsync("Enter");
        Assert.Equal(Headline(RandomEffects.Fit(Molloy)), await Headline(page));
        Assert.Equal(0, await page.Page.Locator(".out").CountAsync());

        await page.Page.GetByRole(AriaRole.Radio, new() { Name = "Random effects" }).FocusAsync();
        await keyboard.PressAsync("ArrowRight");
        Assert.Equal(Headline(EqualEffects.Fit(Molloy, new() { Inference = Inference.HartungKnapp })), await Headline(page));
    }

    [Fact]
    public async Task A_heading_sorts_table_and_forest_plot()
    {
        Chromium.Require();
        await using var page = await OpenAsync(Molloy);
        var heading = page.Page.GetByRole(AriaRole.Button, new() { Name = "r [95% CI]" });
        foreach (var order in new[] { Enumerable.Range(0, 16).OrderBy(i => Molloy.Effects[i]), Enumerable.Range(0, 16).OrderByDescending(i => Molloy.Effects[i]) })
        {
            await heading.ClickAsync();
            string[] expected = [.. order.Select(i => Molloy.Labels[i])];
            Assert.Equal(expected, await page.Page.Locator(".studies tbody th").AllInnerTextsAsync());
            Assert.Equal(expected, (await page.Page.Locator(".forest .row .label").AllTextContentsAsync()).Select(Plain));
        }
        Assert.Equal("descending", await page.Page.Locator("th:has(button:text('r [95% CI]'))").First.GetAttributeAsync("aria-sort"));
        // Marks stand at their rows: the largest effect at the top.
        var tops = await page.Page.Locator(".marks-of-rows .square").EvaluateAllAsync<double[]>("squares => squares.map(s => s.getBoundingClientRect().top)");
        Assert.Equal(11, Array.IndexOf(tops, tops.Min()));
        await heading.ClickAsync();
        Assert.Equal(Molloy.Labels, await page.Page.Locator(".studies tbody th").AllInnerTextsAsync());
    }

    [Fact]
    public async Task The_last_two_studies_stay()
    {
        Chromium.Require();
        await using var page = await OpenAsync(Molloy.Select([0, 1, 2]));
        await Row(page, 0).ClickAsync();
        await Row(page, 1).ClickAsync();
        Assert.Equal($"{Molloy.Labels[1]} stays: this model needs at least 2 studies.", await page.Page.Locator(".about").InnerTextAsync());
        Assert.Equal("true", await Row(page, 1).GetAttributeAsync("aria-selected"));
        Assert.Contains("Too few studies", await page.Page.Locator(".picture .note").Last.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Differences_of_any_size_have_a_slider_that_moves()
    {
        Chromium.Require();
        var effects = StudyEffects.Create([120, 480, 310, 950, -40], [9000, 12000, 7000, 15000, 11000], EffectMeasure.MeanDifference);
        await using var page = await OpenAsync(effects);
        Assert.Equal(Headline(RandomEffects.Fit(effects)), await Headline(page));
        await page.Page.Locator(".tau input").FocusAsync();
        await page.Page.Keyboard.PressAsync("Home");
        await page.Page.Keyboard.PressAsync("ArrowRight");
        Assert.StartsWith("τ² = 5000, τ = 70.7", await page.Page.Locator(".tau input").GetAttributeAsync("aria-valuetext"), StringComparison.Ordinal);
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task A_model_that_needs_more_studies_says_so()
    {
        Chromium.Require();
        var options = new MetaAnalysisExplorerOptions { TauSquared = null, Inference = Inference.Normal };
        await using var one = await explorers.OpenAsync(MetaAnalysisExplorer.Create(Molloy.Select([0]), options).ToPage());
        Assert.Equal(Headline(EqualEffects.Fit(Molloy.Select([0]))), await Headline(one));
        await one.Page.Locator(".choice label").Filter(new() { HasText = "Random" }).ClickAsync();
        Assert.Equal("This model needs at least 2 studies.", await one.Page.Locator(".about").InnerTextAsync());
        Assert.True(await one.Page.GetByRole(AriaRole.Radio, new() { Name = "Equal effects" }).IsCheckedAsync());
        Assert.Empty(one.Complaints);

        await using var two = await explorers.OpenAsync(MetaAnalysisExplorer.Create(Molloy.Select([0, 1]), options).ToPage());
        await Row(two, 0).ClickAsync();
        Assert.Equal(Headline(EqualEffects.Fit(Molloy.Select([1]))), await Headline(two));
        await two.Page.Locator(".choice label").Filter(new() { HasText = "Random" }).ClickAsync();
        Assert.Equal(Headline(RandomEffects.Fit(Molloy.Select([0, 1]), new() { Inference = Inference.Normal })), await Headline(two));
        Assert.Equal("This model needs at least 2 studies, so all are back.", await two.Page.Locator(".about").InnerTextAsync());
        Assert.Empty(two.Complaints);
    }

    [Theory]
    [InlineData(5, 1280)]
    [InlineData(160, 1280)]
    [InlineData(160, 390)]
    public async Task The_pooled_row_is_always_in_sight(int k, int width)
    {
        Chromium.Require();
        await using var page = await explorers.OpenAsync(MetaAnalysisExplorer.Create(ExplorerFixture.Studies(k)).ToPage(), width);
        foreach (var share in new[] { 0, 0.5, 1 })
        {
            Assert.True(await page.Page.EvaluateAsync<bool>("""
                share => {
                  const scroller = document.querySelector('.scroller');
                  scroller.scrollTop = share * scroller.scrollHeight;
                  const box = scroller.getBoundingClientRect(), diamond = document.querySelector('.diamond').getBoundingClientRect();
                  return box.height <= 562 && diamond.height > 0 && diamond.top > box.top && diamond.bottom < box.bottom;
                }
                """, share), $"scrolled to {share}");
        }
        Assert.Equal(k > 20, await page.Page.EvaluateAsync<bool>("() => { const s = document.querySelector('.scroller'); return s.scrollHeight > s.clientHeight; }"));
    }

    [Fact]
    public async Task Ratios_are_shown_on_a_logarithmic_axis()
    {
        Chromium.Require();
        var effects = ExplorerFixture.Ratios();
        await using var page = await OpenAsync(effects);
        Assert.Equal(Headline(RandomEffects.Fit(effects)), await Headline(page));
        var ticks = await page.Page.EvaluateAsync<double[][]>("""
            () => [...document.querySelectorAll('.forest-axis .tick')].map(t => [Number(t.textContent), Number(t.getAttribute('x'))])
            """);
        Assert.True(ticks.Length >= 3);
        double At(int i) => Math.Log(ticks[i][0]);
        Assert.Equal((ticks[2][1] - ticks[0][1]) / (At(2) - At(0)), (ticks[1][1] - ticks[0][1]) / (At(1) - At(0)), 1.0);
        await Row(page, 0).ClickAsync();
        Assert.StartsWith("× ", await Cell(page, "RR (pooled)", 3), StringComparison.Ordinal);
    }

    /// <summary>
    /// Every change recomputes, restyles and lays out all: with 160 studies within the 16 ms of a frame. What counts is the time the page's thread
    /// had the processor, so that a busy machine matters little.
    /// </summary>
    [Fact]
    public async Task A_change_takes_less_than_a_frame()
    {
        Chromium.Require();
        await using var page = await OpenAsync(ExplorerFixture.Studies(160));
        var session = await page.Page.Context.NewCDPSessionAsync(page.Page);
        await session.SendAsync("Performance.enable", new() { ["timeDomain"] = "threadTicks" });
        var slide = await Measure("i => { const slider = document.querySelector('.tau input'); slider.value = slider.max * i / 60; slider.dispatchEvent(new Event('input', { bubbles: true })); }");
        await page.Page.Locator(".back").ClickAsync();
        var toggle = await Measure("i => document.querySelectorAll('[role=option]')[i].click()");
        TestContext.Current.SendDiagnosticMessage("a slide takes {0:F1} ms, leaving a study out {1:F1} ms", slide, toggle);
        Assert.True(slide is > 0 and < 16 && toggle is > 0 and < 16, FormattableString.Invariant($"a slide takes {slide:F1} ms, leaving a study out {toggle:F1} ms"));

        // The best of some rounds: others on the machine empty the processor's caches.
        async Task<double> Measure(string act)
        {
            const int Times = 20;
            var best = double.PositiveInfinity;
            for (var round = 0; round < 8 && best >= 16; round++)
            {
                var before = await ThreadTime();
                // One change a frame, as when a reader drags.
                await page.Page.EvaluateAsync($$"""
                    async ([from, to]) => {
                      const act = {{act}};
                      for (let i = from; i < to; i++) await new Promise(next => requestAnimationFrame(() => { act(i); setTimeout(next); }));
                    }
                    """, new[] { round * Times, (round + 1) * Times });
                best = Math.Min(best, (await ThreadTime() - before) * 1000 / Times);
            }
            return best;
        }

        async Task<double> ThreadTime()
        {
            var metrics = await session.SendAsync("Performance.getMetrics");
            return metrics!.Value.GetProperty("metrics").EnumerateArray()
                .Where(m => m.GetProperty("name").GetString() is "ScriptDuration" or "RecalcStyleDuration" or "LayoutDuration")
                .Sum(m => m.GetProperty("value").GetDouble());
        }
    }

    private Task<OpenPage> OpenAsync(StudyEffects effects) => explorers.OpenAsync(MetaAnalysisExplorer.Create(effects).ToPage());

    private static ILocator Row(OpenPage page, int study) => page.Page.Locator("[role=option]").Nth(study);

    private static async Task<string> Headline(OpenPage page) => Plain(await page.Page.Locator(".headline").InnerTextAsync());

    private static async Task<string> Cell(OpenPage page, string row, int column) => Plain(await page.Page.Locator(".comparison tr").Filter(new()
    {
        Has = page.Page.Locator("th", new() { HasTextRegex = new Regex($"^{Regex.Escape(row)}$") }),
    }).Locator("th, td").Nth(column).InnerTextAsync());

    private static string Plain(string text) => text.Replace('\u00a0', ' ');

    private static string Headline(PooledFit fit)
    {
        var (measure, shown) = (fit.Effects.Measure, fit.BackTransformed);
        return $"{measure.Symbol} = {measure.Format(shown.Estimate)}, 95% CI [{measure.Format(shown.ConfidenceInterval.Lower)}, "
            + $"{measure.Format(shown.ConfidenceInterval.Upper)}], {StatisticText.PValueWithSymbol(fit.PValue)}";
    }
}
