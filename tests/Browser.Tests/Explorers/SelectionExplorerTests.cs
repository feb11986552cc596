using System.Globalization;
using Deque.AxeCore.Commons;
using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting;
using EmpathyNotebooks.Tests;
using Microsoft.Playwright;

namespace EmpathyNotebooks.Browser.Tests.Explorers;

/// <summary>Publication bias, selection weights and the multiverse as a reader works them, and their numbers in the engine that readers have.</summary>
public sealed class SelectionExplorerTests(ExplorerFixture explorers)
{
    private const string Explorer = "window.empathyExplorers.explorerOf(document.querySelector('.empathy-explorer'))";

    /// <summary>Literatures of many settings: every correction is that of the library. One page, since each draws in a moment.</summary>
    [Fact]
    public async Task Corrections_of_what_the_reader_draws_are_those_of_the_library()
    {
        Chromium.Require();
        await using var page = await explorers.OpenAsync(BiasExplorer.Create().ToPage());
        var answer = await page.Page.EvaluateAsync<string>($$"""
            () => {
              const explorer = {{Explorer}}, all = [];
              for (let i = 0; i < 24; i++) {
                explorer.seed = 100 + i;
                explorer.state = { k: [10, 20, 60, 120][i % 4], r: [0, 0.15, 0.5][i % 3], tau: [0, 0.1, 0.3][(i >> 1) % 3], n: [20, 60, 200][(i >> 2) % 3], spread: i % 5 === 0 ? 0.1 : 0.8, positive: [0, 0.2, 1][(i >> 1) % 3], negative: [0.1, 1][i % 2] };
                const { y, v, estimates } = explorer.compute();
                all.push({ y, v, estimates: estimates.map(e => ({ key: e.key, estimate: e.estimate, interval: e.interval?.map(x => Number.isFinite(x) ? x : String(x)) ?? null })) });
              }
              return JSON.stringify(all);
            }
            """);
        using var document = JsonDocument.Parse(answer);
        var (compared, largest) = (0, 0.0);
        foreach (var literature in document.RootElement.EnumerateArray())
        {
            double[] Numbers(string name) => [.. literature.GetProperty(name).EnumerateArray().Select(x => x.GetDouble())];
            if (Numbers("y").Length == 0) continue;
            var (means, difference) = BiasAgreement.Compare(StudyEffects.Create(Numbers("y"), Numbers("v"), EffectMeasure.FisherZ), literature.GetProperty("estimates"));
            (compared, largest) = (compared + means, Math.Max(largest, difference));
        }
        TestContext.Current.SendDiagnosticMessage("{0} means: largest difference {1:E1} of the length of an interval", compared, largest);
        Assert.True(compared > 190, $"{compared} means");

        // The same settings draw the same again, whatever was drawn between.
        Assert.True(await page.Page.EvaluateAsync<bool>($$"""() => { const e = {{Explorer}}; e.seed = 100; const one = JSON.stringify(e.draw(3)); e.seed = 5; e.draw(3); e.seed = 100; return one === JSON.stringify(e.draw(3)); }"""));
    }

    [Fact]
    public async Task A_run_of_literatures_shows_what_each_method_gets_wrong()
    {
        Chromium.Require();
        await using var page = await explorers.OpenAsync(BiasExplorer.Create(new() { Studies = 30, PublishedIfNotSignificant = 0, PublishedIfWrongSign = 0.5 }).ToPage(), 390);
        var published = page.Page.Locator(".bias .points").First.Locator("circle:not(.lost)");
        var before = await published.CountAsync();
        var headline = await page.Page.Locator(".headline").InnerTextAsync();
        Assert.StartsWith($"{before} of 30 studies are published", headline, StringComparison.Ordinal);

        // What is published is a matter of the slider alone: the studies stay.
        await page.Page.GetByRole(AriaRole.Slider, new() { Name = "published if positive, not significant" }).PressAsync("End");
        await page.Page.GetByRole(AriaRole.Slider, new() { Name = "published if of the wrong sign" }).PressAsync("End");
        Assert.Equal(30, await published.CountAsync());
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Run 200 literatures" }).PressAsync("Enter");
        await Assertions.Expect(page.Page.Locator("[aria-live]")).ToContainTextAsync("200 literatures: as published, the mean is off by");
        var run = await page.Page.EvaluateAsync<double[][]>($"() => {Explorer}.found");
        Assert.Equal(200, run[0].Length);
        var (bias, rmse) = (run[0].Average() - 0.15, Math.Sqrt(run[0].Average(r => (r - 0.15) * (r - 0.15))));
        var cells = await page.Page.Locator(".adjusted tbody tr").First.Locator("td").AllInnerTextsAsync();
        Assert.Equal($"{(bias > 0 ? "+" : "")}{StatisticText.Number(bias, 3, leadingZero: false)}", cells[1]);
        Assert.Equal(StatisticText.Number(rmse, 3, leadingZero: false), cells[2]);
        // Nothing is selected, so that nothing is biased: within four standard errors.
        Assert.Equal(0, bias, 4 * rmse / Math.Sqrt(200));

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Draw another literature" }).ClickAsync();
        Assert.Equal(1, await page.Page.Locator(".adjusted tbody tr").First.Locator("td").CountAsync());
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Back to the start" }).ClickAsync();
        Assert.Equal(headline, await page.Page.Locator(".headline").InnerTextAsync());
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Weights_set_by_hand_give_the_mean_that_the_library_gives()
    {
        Chromium.Require();
        var effects = ExplorerFixture.Studies(16);
        await using var page = await explorers.OpenAsync(ExplorerFixture.Create("weights-16").ToPage());
        var sliders = page.Page.GetByRole(AriaRole.Slider);
        Assert.Equal(13, await sliders.CountAsync());
        await Holds();
        await page.Page.GetByLabel("severe, one-sided selection").CheckAsync();
        await Holds();

        // By keys, then by dragging across bars.
        await page.Page.GetByRole(AriaRole.Slider, new() { Name = "weight of .01 < p ≤ .05" }).PressAsync("Home");
        Assert.Equal("0.01", await sliders.Nth(1).GetAttributeAsync("aria-valuetext"));
        await sliders.Nth(1).PressAsync("ArrowUp");
        Assert.Equal("0.05", await sliders.Nth(1).GetAttributeAsync("aria-valuetext"));
        Assert.Equal(0, await page.Page.Locator("input:checked").CountAsync());
        Assert.Contains("4 studies, each standing for 20.0", await page.Page.Locator(".about").InnerTextAsync(), StringComparison.Ordinal);
        await Holds();
        var (from, to) = ((await sliders.Nth(3).Locator(".hit").BoundingBoxAsync())!, (await sliders.Nth(6).Locator(".hit").BoundingBoxAsync())!);
        await page.Page.Mouse.MoveAsync(from.X + from.Width / 2, from.Y + 20);
        await page.Page.Mouse.DownAsync();
        await page.Page.Mouse.MoveAsync(to.X + to.Width / 2, to.Y + 0.7f * to.Height, new() { Steps = 8 });
        await page.Page.Mouse.UpAsync();
        Assert.Equal(0.3, double.Parse((await sliders.Nth(6).GetAttributeAsync("aria-valuenow"))!, CultureInfo.InvariantCulture), 0.02);
        await Holds();

        // Any weights, extreme ones among them.
        var random = new Random(3);
        double[][] sets = [.. Enumerable.Range(0, 20).Select(_ => Enumerable.Range(0, 13).Select(_ => random.Next(4) == 0 ? 0.01 : Math.Round(0.01 + 0.99 * random.NextDouble(), 2)).ToArray())];
        var means = await page.Page.EvaluateAsync<double[][]>($"sets => sets.map(weights => {{ const f = {Explorer}.fitWith(weights); return [f.mean, f.interval[0], f.interval[1], f.tau2]; }})", sets);
        foreach (var (weights, found) in sets.Zip(means)) Same(weights, found);
        Assert.Empty(page.Complaints);

        double Same(double[] weights, double[] found)
        {
            var fit = SelectionModel.Fit(effects, SelectionFunction.Step([.. SelectionSensitivity.CutPoints]).WithWeights([.. weights.Select(w => (double?)w)]));
            var interval = fit.Mean!.Value.ConfidenceInterval;
            double[] ours = [fit.Mean!.Value.Estimate, interval.Lower, interval.Upper, fit.TauSquared];
            for (var i = 0; i < 4; i++) Assert.Equal(ours[i], found[i], 1e-8);
            return ours[0];
        }

        async Task Holds()
        {
            var found = await page.Page.EvaluateAsync<double[]>($"() => {{ const e = {Explorer}, f = e.compute().fit; return [f.mean, f.interval[0], f.interval[1], f.tau2, ...e.weights]; }}");
            var mean = Same(found[4..], found);
            Assert.StartsWith($"r = {EffectMeasure.Correlation.Format(Math.Tanh(mean))} [", (await page.Page.Locator(".headline").InnerTextAsync()).Replace('\u00a0', ' '), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_curve_follows_the_options_that_are_ticked()
    {
        Chromium.Require();
        var result = ExplorerFixture.Specifications(48);
        await using var page = await explorers.OpenAsync(MultiverseExplorer.Create(result).ToPage());
        await Holds(all => all["bias"] == "unadjusted");
        await page.Page.GetByLabel("studies: without the first").UncheckAsync();
        await page.Page.GetByLabel("estimator: EE").UncheckAsync();
        await page.Page.GetByLabel("bias: trim and fill (L0)").CheckAsync();
        await Holds(all => all["bias"] != "unadjusted" && all["studies"] != "without the first" && all["estimator"] != "EE");

        var slider = page.Page.GetByRole(AriaRole.Slider);
        await slider.PressAsync("End");
        var last = result.Specifications.Where(s => result.OptionsOf(s).ToDictionary() is var all && all["bias"] != "unadjusted" && all["studies"] != "without the first" && all["estimator"] != "EE")
            .OrderBy(result.ValueOf).ThenBy(s => s.Number).Last();
        var said = $"12 of 12: r = {EffectMeasure.Correlation.Format(Math.Tanh(last.Value.Estimate))}";
        Assert.StartsWith(said, await page.Page.Locator(".about").InnerTextAsync(), StringComparison.Ordinal);
        Assert.StartsWith(said, await slider.GetAttributeAsync("aria-valuetext"), StringComparison.Ordinal);
        Assert.EndsWith(string.Join("; ", result.OptionsOf(last).Select(o => $"{o.Key}: {o.Value}")) + ".", await page.Page.Locator(".about").InnerTextAsync(), StringComparison.Ordinal);

        await page.Page.GetByLabel("test: z").UncheckAsync();
        await page.Page.GetByLabel("test: Hartung-Knapp").UncheckAsync();
        Assert.Equal("No specification is left.", await page.Page.Locator(".headline").InnerTextAsync());
        Assert.Equal("Tick an option of test.", await page.Page.Locator(".under").InnerTextAsync());
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Back to the start" }).ClickAsync();
        await Holds(all => all["bias"] == "unadjusted");
        await page.Page.Locator(".multiverse .plane").First.HoverAsync(new() { Position = new() { X = 250, Y = 100 } });
        Assert.StartsWith("1 of 24", await page.Page.Locator(".about").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Empty(page.Complaints);

        async Task Holds(Func<Dictionary<string, string>, bool> holds)
        {
            var found = await page.Page.EvaluateAsync<double[]>($"() => {{ const f = {Explorer}.found; return [f.order.length, f.median, f.low, f.high, f.positive, f.significant]; }}");
            Specification[] ours = [.. result.Specifications.Where(s => holds(result.OptionsOf(s).ToDictionary())).OrderBy(result.ValueOf)];
            Assert.Equal(ours.Length, found[0]);
            Assert.Equal((result.ValueOf(ours[(ours.Length - 1) / 2]) + result.ValueOf(ours[ours.Length / 2])) / 2, found[1], 1e-9);
            Assert.Equal(result.ValueOf(ours[0]), found[2], 1e-9);
            Assert.Equal(result.ValueOf(ours[^1]), found[3], 1e-9);
            Assert.Equal(ours.Average(s => s.Value.Estimate > 0 ? 1.0 : 0), found[4], 1e-12);
            Assert.Equal(ours.Average(s => s.Value.PValue < 0.05 || s.Value.PValue is null && !s.Value.Interval!.Value.Contains(0) ? 1.0 : 0), found[5], 1e-12);
        }
    }

    [Fact]
    public async Task A_name_that_is_a_script_is_shown_and_does_not_run()
    {
        Chromium.Require();
        const string attack = SiteFixture.Attack;
        var effects = StudyEffects.Create([0.3, 0.1, 0.5, 0.2], [0.01, 0.02, 0.03, 0.01], EffectMeasure.FisherZ, [attack, "B", "C", "D"], origin: new DataOrigin(DataKind.Simulated, attack));
        var multiverse = Multiverse.Of(effects).Choose(attack, attack, Equivalence.Uncertain, Specify.AllStudies, Specify.Where(attack, (_, row) => row > 0)).Run(cancellation: TestContext.Current.CancellationToken);
        await using var page = await explorers.OpenAsync(ExplorerHtml.Page(attack, SelectionWeightsExplorer.Create(RandomEffects.Fit(effects), new() { Title = attack }), MultiverseExplorer.Create(multiverse, new() { Title = attack })));
        await page.Page.Locator(".column").First.HoverAsync();
        Assert.Contains(attack, await page.Page.Locator(".weights .about").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains($"{attack}: {attack}", string.Join('\n', await page.Page.Locator(".option input").EvaluateAllAsync<string[]>("all => all.map(input => input.ariaLabel)")), StringComparison.Ordinal);
        Assert.Equal(0, await page.Page.Locator("img").CountAsync());
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task None_breaks_a_rule_of_accessibility()
    {
        Chromium.Require();
        await using var page = await explorers.OpenAsync(ExplorerHtml.Page("Three", BiasExplorer.Create(), ExplorerFixture.Create("weights-16"), ExplorerFixture.Create("multiverse-48")), 390, ColorScheme.Dark);
        await page.Page.EvaluateAsync(new BundledAxeScriptProvider().GetScript());
        Assert.Equal("", string.Join('\n', await page.Page.EvaluateAsync<string[]>("""
            async () => (await axe.run(document.querySelector('main') ?? document.body, { resultTypes: ['violations'], rules: { region: { enabled: false }, 'page-has-heading-one': { enabled: false } } })).violations
                .map(v => `${v.id} (${v.impact}), ${v.nodes.length} times: ${v.nodes[0].html}`)
            """)));
        Assert.Empty(page.Complaints);
    }

    /// <summary>Thousands of specifications stay smooth: an option more or less is drawn in a moment.</summary>
    [Fact]
    public async Task Five_thousand_specifications_are_no_burden()
    {
        Chromium.Require();
        await using var page = await explorers.OpenAsync(ExplorerFixture.Create("multiverse-5280").ToPage(), 390);
        var box = page.Page.GetByRole(AriaRole.Checkbox).First;
        await box.UncheckAsync();
        Assert.StartsWith("5,236 specifications", await page.Page.Locator(".headline").InnerTextAsync(), StringComparison.Ordinal);
        var milliseconds = await page.Page.EvaluateAsync<double>("() => { const before = performance.now(); for (let i = 0; i < 4; i++) document.querySelector('input[type=checkbox]').click(); return (performance.now() - before) / 4; }");
        // A machine that does other things at the same time takes longer.
        Assert.True(milliseconds < 400, $"{milliseconds} ms");
        Assert.Empty(page.Complaints);
    }
}
