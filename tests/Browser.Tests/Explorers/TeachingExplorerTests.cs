using EmpathyNotebooks.Tests;
using System.Globalization;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting;
using Microsoft.Playwright;

namespace EmpathyNotebooks.Browser.Tests.Explorers;

/// <summary>Correlation, dependence and line-up as a reader works them.</summary>
public sealed class TeachingExplorerTests(ExplorerFixture explorers)
{
    [Theory]
    [InlineData(0.28)]
    [InlineData(-0.6)]
    [InlineData(0.99)]
    [InlineData(0)]
    public async Task A_correlation_is_the_same_in_every_word(double r)
    {
        Chromium.Require();
        await using var page = await explorers.OpenAsync(ExplorerFixture.Create("correlation").ToPage());
        await page.Page.Locator("input[type=number]").FillAsync(r.ToString(CultureInfo.InvariantCulture));
        var display = EffectSizeConversion.BinomialEffectSizeDisplay(r);
        Assert.Equal(
        [
            StatisticText.Percent(EffectSizeConversion.VarianceExplained(r)), StatisticText.Number(EffectSizeConversion.RToD(r)),
            StatisticText.Percent(EffectSizeConversion.CommonLanguageFromR(r)),
            $"{StatisticText.Percent(display.HighGroupSuccess, 0)} and {StatisticText.Percent(display.LowGroupSuccess, 0)}",
        ], await page.Page.Locator(".card .number").AllInnerTextsAsync());

        // The points as they stand on the screen correlate exactly r, but for tenths of pixels.
        var points = await page.Page.Locator(".points circle").EvaluateAllAsync<double[][]>("all => all.map(c => [c.cx.baseVal.value, -c.cy.baseVal.value])");
        Assert.Equal(200, points.Length);
        var (mx, my) = (points.Average(p => p[0]), points.Average(p => p[1]));
        var correlation = points.Sum(p => (p[0] - mx) * (p[1] - my))
            / Math.Sqrt(points.Sum(p => (p[0] - mx) * (p[0] - mx)) * points.Sum(p => (p[1] - my) * (p[1] - my)));
        Assert.Equal(r, correlation, 0.001);
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task The_slider_of_r_moves_by_hundredths_and_marks_bring_published_values()
    {
        Chromium.Require();
        await using var page = await explorers.OpenAsync(ExplorerFixture.Create("correlation").ToPage());
        var slider = page.Page.GetByRole(AriaRole.Slider, new() { Name = "Correlation r" });
        await slider.FocusAsync();
        await page.Page.Keyboard.PressAsync("ArrowRight");
        Assert.Equal("r = .29", await slider.GetAttributeAsync("aria-valuetext"));
        await page.Page.Keyboard.PressAsync("PageDown");
        Assert.Equal("r = .20", await slider.GetAttributeAsync("aria-valuetext"));

        var sources = page.Page.Locator(".sources li");
        Assert.Equal(3, await sources.CountAsync());
        Assert.Contains("r = .278", await sources.Nth(1).InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains("Psychotherapy, 55(4), 316-340", await sources.Nth(1).InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains("mean |d| = 0.20, as a correlation .10", await sources.Nth(2).InnerTextAsync(), StringComparison.Ordinal);
        await sources.Nth(1).GetByRole(AriaRole.Button).ClickAsync();
        Assert.Equal("r = .278", await slider.GetAttributeAsync("aria-valuetext"));
        await slider.FocusAsync();
        await page.Page.Keyboard.PressAsync("ArrowRight");
        Assert.Equal("r = .28", await slider.GetAttributeAsync("aria-valuetext"));
        Assert.Equal(["therapist empathy", "alliance", "treatment differences"], await page.Page.Locator(".mark span").AllInnerTextsAsync());
        await Assertions.Expect(page.Page.Locator("[aria-live]")).ToContainTextAsync("r = .28: Shared variance r² 7.8%");
    }

    /// <summary>The slider by its end keys, and the model for the values it then has.</summary>
    [Theory]
    [InlineData("", 0.6, 4, 12, 60, 0.15)]
    [InlineData("0 End", 1, 4, 12, 60, 0.15)]
    [InlineData("0 Home,4 Home", 0, 4, 12, 60, 0)]
    [InlineData("1 End,2 End", 0.6, 10, 40, 60, 0.15)]
    [InlineData("1 Home,3 ArrowLeft", 0.6, 1, 12, 50, 0.15)]
    public async Task Dependence_costs_what_the_model_says(string keys, double rho, int m, int samples, int n, double tau)
    {
        Chromium.Require();
        await using var page = await explorers.OpenAsync(DependenceExplorer.Create().ToPage());
        foreach (var key in keys.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(k => k.Split(' ')))
        {
            await page.Page.GetByRole(AriaRole.Slider).Nth(int.Parse(key[0], CultureInfo.InvariantCulture)).FocusAsync();
            await page.Page.Keyboard.PressAsync(key[1]);
        }
        var model = DependenceExplorer.Create(new() { Correlation = rho, EffectsPerSample = m, Samples = samples, SampleSize = n, Tau = tau }).Model;
        var headline = await page.Page.Locator(".headline").InnerTextAsync();
        Assert.Equal(model.Ratio > 1.005
            ? $"The naive standard error is {StatisticText.Number(model.Ratio)} times too small: {StatisticText.Significant(model.NaiveStandardError, 3)} instead of {StatisticText.Significant(model.StandardError, 3)}."
            : $"Nothing depends here: both standard errors are {StatisticText.Significant(model.StandardError, 3)}.", headline);
        var why = (rho, m, tau) switch
        {
            (_, 1, _) => "With one effect per sample there is nothing to share.",
            (0, _, 0) => "Effects of one sample share neither true effect nor errors.",
            _ => $"Effects of one sample share its true effect (variance τ² = {StatisticText.Significant(tau * tau, 3)}) and a part of their errors (ρ·v = {StatisticText.Significant(rho * model.SamplingVariance, 3)}).",
        };
        Assert.Equal($"{samples * m} effects are worth {StatisticText.Number(model.EffectiveNumber, 1)} independent ones. "
            + $"The naive 95% interval holds the true mean in {StatisticText.Percent(model.NaiveCoverage)} of cases. {why}", await page.Page.Locator(".under").InnerTextAsync());
        Assert.Equal(samples * m, await page.Page.Locator("circle.study").CountAsync());
        Assert.Empty(page.Complaints);
    }

    /// <summary>The sliders by their keys, and the library for the values they then have.</summary>
    [Theory]
    [InlineData("", 10, 40, 0.2, 0.15)]
    [InlineData("0 End,1 End", 60, 400, 0.2, 0.15)]
    [InlineData("0 Home,3 Home", 2, 40, 0.2, 0)]
    [InlineData("2 Home,3 End", 10, 40, 0.02, 0.5)]
    public async Task Power_is_what_the_library_says(string keys, int k, int n, double r, double tau)
    {
        Chromium.Require();
        await using var page = await explorers.OpenAsync(PowerExplorer.Create().ToPage());
        foreach (var key in keys.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(key => key.Split(' ')))
        {
            await page.Page.GetByRole(AriaRole.Slider).Nth(int.Parse(key[0], CultureInfo.InvariantCulture)).PressAsync(key[1]);
        }
        var plan = PowerExplorer.Create(new() { Studies = k, SampleSize = n, Correlation = r, Tau = tau }).Model.Plan;
        static string Words(double power) => power > 0.995 ? "> .99" : power < 0.005 ? "< .01" : StatisticText.Number(power, 2, leadingZero: false);
        Assert.Equal($"{k} studies of {n} people find r = {StatisticText.Number(r, 2, leadingZero: false)} with a power of {Words(plan.Power().Power)}.", await page.Page.Locator(".headline").InnerTextAsync());
        var needed = plan.StudiesNeeded(0.8, 2000);
        var under = await page.Page.Locator(".under").InnerTextAsync();
        Assert.StartsWith(needed.Count is { } count ? $"{count} studies are needed for 80%." : "More than 2,000 studies are needed for 80%.", under, StringComparison.Ordinal);
        if (tau > 0) Assert.EndsWith($"with a power of {Words(new HeterogeneityPlan(plan.Studies, plan.TauSquared).Power().Power)}.", under, StringComparison.Ordinal);
        Assert.Empty(page.Complaints);
    }

    [Theory]
    [InlineData("", 0.5, 20)]
    [InlineData("0 End,1 Home", 0.95, 5)]
    [InlineData("0 Home", -0.95, 20)]
    [InlineData("0 PageUp,0 PageUp,1 End", 0.7, 200)]
    public async Task Fisher_z_and_how_studies_scatter_are_what_the_library_says(string keys, double r, int n)
    {
        Chromium.Require();
        await using var page = await explorers.OpenAsync(FisherZExplorer.Create().ToPage());
        foreach (var key in keys.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(key => key.Split(' ')))
        {
            await page.Page.GetByRole(AriaRole.Slider).Nth(int.Parse(key[0], CultureInfo.InvariantCulture)).PressAsync(key[1]);
        }
        var model = FisherZExplorer.Create(new() { Correlation = r, SampleSize = n }).Model;
        static string R(double value) => StatisticText.Number(value, 2, leadingZero: false);
        Assert.Equal($"r = {R(r)} is z = {StatisticText.Number(Correlations.ToFisherZ(r), 3)}. Around it, about 95 of 100 studies of {n} people find between {R(model.Range.Lower)} and {R(model.Range.Upper)}.",
            await page.Page.Locator(".headline").InnerTextAsync());
        Assert.Contains($"of r {StatisticText.Number(model.Distribution.R.Skewness)}, of z {StatisticText.Number(model.Distribution.Z.Skewness)}", await page.Page.Locator(".formulas").InnerTextAsync(), StringComparison.Ordinal);

        // The top of the curve on the screen stands where the density has it.
        var curve = page.Page.Locator(".picture").Nth(1).Locator("path.true-curve");
        var top = await curve.EvaluateAsync<double>("p => { const at = p.getAttribute('d').match(/-?[\\d.]+ -?[\\d.]+/g).map(pair => pair.split(' ').map(Number)); return at.reduce((best, each) => each[1] < best[1] ? each : best)[0]; }");
        var grid = Enumerable.Range(-199, 399).Select(i => i / 200.0).ToArray();
        var expected = grid.MaxBy(model.Distribution.Density);
        var axis = await page.Page.Locator(".picture").Nth(1).Locator("line.axis").EvaluateAsync<double[]>("line => [line.x1.baseVal.value, line.x2.baseVal.value]");
        Assert.Equal(expected, -1 + 2 * (top - axis[0]) / (axis[1] - axis[0]), 0.02);
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Where_errors_do_not_correlate_the_shared_true_effect_is_what_makes_the_naive_error_too_small()
    {
        Chromium.Require();
        var explorer = DependenceExplorer.Create(new() { Correlation = 0 });
        Assert.Contains("which share its true effect (τ = 0.15)", explorer.Finding, StringComparison.Ordinal);
        Assert.True(explorer.Model.Ratio > 1.5);
        await using var page = await explorers.OpenAsync(explorer.ToPage());
        Assert.EndsWith("Their errors do not correlate, but effects of one sample still share its true effect (variance τ² = 0.0225).",
            await page.Page.Locator(".under").InnerTextAsync(), StringComparison.Ordinal);
        await page.Page.GetByRole(AriaRole.Slider).Nth(4).PressAsync("Home");
        Assert.EndsWith("Effects of one sample share neither true effect nor errors.", await page.Page.Locator(".under").InnerTextAsync(), StringComparison.Ordinal);
        await page.Page.GetByRole(AriaRole.Slider).Nth(0).PressAsync("End");
        Assert.EndsWith("Effects of one sample share a part of their errors (ρ·v = 0.0175).", await page.Page.Locator(".under").InnerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_real_funnel_is_found_or_not_and_never_shown_before()
    {
        Chromium.Require();
        var lineup = FunnelLineup.Create(RandomEffects.Fit(ExplorerFixture.Studies(16)), 7);
        var real = lineup.Model.RealPosition;
        await using var page = await explorers.OpenAsync(lineup.ToPage());
        var reveal = page.Page.Locator(".reveal");
        Assert.True(await reveal.IsDisabledAsync());
        Assert.Equal(20, await page.Page.GetByRole(AriaRole.Radio).CountAsync());
        Assert.Equal(20 * 16, await page.Page.Locator(".panel circle").CountAsync());
        var before = await page.Page.Locator(".panel").EvaluateAllAsync<string[]>("all => all.map(p => [p.className, p.title, ...p.getAttributeNames()].join())");
        Assert.Single(before.Distinct());

        await page.Page.GetByRole(AriaRole.Radio).Nth(real == 0 ? 1 : real - 1).FocusAsync();
        await page.Page.Keyboard.PressAsync(real == 0 ? "ArrowLeft" : "ArrowRight");
        Assert.Equal($"Reveal; I pick {real + 1}", await reveal.InnerTextAsync());
        await reveal.PressAsync("Enter");
        Assert.StartsWith($"Right: funnel {real + 1} is the real one.", await page.Page.Locator(".verdict").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains("p = .05", await page.Page.Locator(".verdict").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal($"{real + 1}: real", await page.Page.Locator(".panel.real .panel-number").InnerTextAsync());

        await using var again = await explorers.OpenAsync(lineup.ToPage(), 390);
        await again.Page.Locator(".panel").Nth((real + 5) % 20).ClickAsync();
        await again.Page.Locator(".reveal").ClickAsync();
        Assert.StartsWith($"Funnel {real + 1} is the real one, not {(real + 5) % 20 + 1}.", await again.Page.Locator(".verdict").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Empty(again.Complaints);
    }
}
