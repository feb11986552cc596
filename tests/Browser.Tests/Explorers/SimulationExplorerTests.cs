using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting;
using EmpathyNotebooks.Tests;
using Microsoft.Playwright;

namespace EmpathyNotebooks.Browser.Tests.Explorers;

/// <summary>The explorers that simulate, and that which moves studies, as a reader works them.</summary>
public sealed class SimulationExplorerTests(ExplorerFixture explorers)
{
    private const string Explorer = "window.empathyExplorers.explorerOf(document.querySelector('.empathy-explorer'))";

    [Fact]
    public async Task A_guess_is_judged_and_the_score_kept()
    {
        Chromium.Require();
        var game = GuessCorrelationExplorer.Create();
        await using var page = await explorers.OpenAsync(game.ToPage());
        var (headline, under) = (page.Page.Locator(".headline"), page.Page.Locator(".under"));
        var (check, next) = (Button(page, "Check my guess"), Button(page, "Next round"));
        var slider = page.Page.GetByRole(AriaRole.Slider, new() { Name = "Your guess of r" });
        var misses = new List<double>();
        for (var number = 0; number < 3; number++)
        {
            var round = game.Model.Round(number);
            Assert.Equal($"Round {number + 1}: how strongly do these 100 points correlate?", await headline.InnerTextAsync());
            Assert.Equal(100, await page.Page.Locator(".picture").First.Locator("circle").CountAsync());
            // The answer is nowhere before the guess.
            Assert.Equal(["?", "?", "?"], await page.Page.Locator(".comparison td:last-child").AllInnerTextsAsync().ContinueWith(texts => texts.Result.Where(text => text.Length > 0)));
            Assert.True(await next.IsDisabledAsync());
            await slider.FocusAsync();
            for (var press = 0; press < 3; press++) await page.Page.Keyboard.PressAsync("PageUp");
            Assert.Equal("r = .30", await slider.GetAttributeAsync("aria-valuetext"));
            Assert.Contains("Your guess r = .30 would mean that of 100 people in the upper half of x 60 are in the upper half of y", await under.InnerTextAsync(), StringComparison.Ordinal);
            await check.PressAsync("Enter");
            misses.Add(Math.Abs(0.3 - round.Correlation));
            Assert.StartsWith($"The points have r = {R(round.Correlation)}. Your guess of .30 is off by {R(misses[^1])}", await headline.InnerTextAsync(), StringComparison.Ordinal);
            Assert.StartsWith($"They were drawn from a population with ρ = {R(round.Population)}", await under.InnerTextAsync(), StringComparison.Ordinal);
            var cells = await page.Page.Locator(".comparison tbody td").AllInnerTextsAsync();
            Assert.Equal([".30", R(round.Correlation), "9.0%", StatisticText.Percent(round.Correlation * round.Correlation), "60", StatisticText.Number(100 * EffectSizeConversion.MedianSplit(round.Correlation).UpperHalf, 0)], cells);
            Assert.StartsWith($"{number + 1} {(number == 0 ? "guess" : "guesses")}: off by {R(misses.Average())} on average, {misses.Count(miss => miss <= 0.1)} within .10", await page.Page.Locator(".score").InnerTextAsync(), StringComparison.Ordinal);
            // Who works by keyboard stands at the way on.
            Assert.Equal("Next round", await page.Page.EvaluateAsync<string>("() => document.activeElement.textContent"));
            await page.Page.Keyboard.PressAsync("Enter");
        }
        await Button(page, "Start over").ClickAsync();
        Assert.StartsWith("Round 1", await headline.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal("No guess yet.", await page.Page.Locator(".score").InnerTextAsync());
        Assert.Empty(page.Complaints);

        static string R(double r) => StatisticText.Number(r, 2, leadingZero: false);
    }

    [Fact]
    public async Task Studies_are_drawn_one_by_one_and_pooled_as_the_library_pools_them()
    {
        Chromium.Require();
        var explorer = SamplingExplorer.Create();
        await using var page = await explorers.OpenAsync(explorer.ToPage());
        await Holds(explorer, 0, 12);
        await Button(page, "New review, study by study").ClickAsync();
        Assert.StartsWith("One study: r = ", await page.Page.Locator(".headline").InnerTextAsync(), StringComparison.Ordinal);
        for (var drawn = 2; drawn < 5; drawn++) await Button(page, "Draw one more study").PressAsync("Enter");
        await Holds(explorer, 1, 4);
        await Button(page, "Draw all").ClickAsync();
        await Holds(explorer, 1, 12);
        Assert.True(await Button(page, "Draw one more study").IsDisabledAsync());

        // The coverage of 300 reviews, to the study.
        await Button(page, "100 more reviews").ClickAsync();
        var covered = Enumerable.Range(0, 300).Select(number => explorer.Model.Review(number).Effects).Count(effects => RandomEffects.Fit(effects).ConfidenceInterval.Contains(Math.Atanh(0.28)));
        Assert.Equal(StatisticText.Percent(covered / 300.0), await page.Page.Locator(".comparison tbody tr").Nth(2).Locator("td").First.InnerTextAsync());

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Puzzle" }).ClickAsync();
        await Holds(SamplingExplorer.Create(SamplingExplorerOptions.Puzzle), 1, 20);
        Assert.Contains("The study of 10,000 has 92% of the weight under equal effects", await page.Page.Locator(".under").InnerTextAsync(), StringComparison.Ordinal);
        await Assertions.Expect(page.Page.Locator("[aria-live]")).ToContainTextAsync("20 of 20 studies drawn");
        Assert.Empty(page.Complaints);

        async Task Holds(SamplingExplorer expected, int number, int drawn)
        {
            var effects = expected.Model.Review(number).Effects.Select([.. Enumerable.Range(0, drawn)]);
            var (random, equal) = (RandomEffects.Fit(effects), EqualEffects.Fit(effects));
            var found = await page.Page.EvaluateAsync<double[]>($"() => {{ const {{ random, equal, blups }} = {Explorer}.now; return [random.estimate, ...random.ci, random.tau2, equal.estimate, ...equal.ci, ...blups]; }}");
            Near([random.Estimate, random.ConfidenceInterval.Lower, random.ConfidenceInterval.Upper, random.TauSquared, equal.Estimate, equal.ConfidenceInterval.Lower, equal.ConfidenceInterval.Upper,
                .. random.Blups().Select(blup => blup.Estimate)], found);
        }
    }

    [Fact]
    public async Task Heterogeneity_is_built_up_review_by_review()
    {
        Chromium.Require();
        await using var page = await explorers.OpenAsync(HeterogeneityExplorer.Create().ToPage());
        Assert.Equal("τ = 0.00 in studies of 100 people: I² is 0%.", await page.Page.Locator(".headline").InnerTextAsync());
        await Holds(new(), 100);
        await Button(page, "1 more review").ClickAsync();
        await Holds(new(), 101);
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Review C" }).ClickAsync();
        Assert.Equal("τ = 0.05 in studies of 1,600 people: I² is 80%.", await page.Page.Locator(".headline").InnerTextAsync());
        Assert.StartsWith("The true effects of 95 of 100 studies lie from r = .19 to .37.", await page.Page.Locator(".under").InnerTextAsync(), StringComparison.Ordinal);
        await Holds(new() { Tau = 0.05, SampleSize = 1600 }, 100);
        // More people, the same τ: I² alone rises.
        await page.Page.GetByRole(AriaRole.Slider).Nth(1).PressAsync("End");
        Assert.Equal("τ = 0.05 in studies of 2,000 people: I² is 83%.", await page.Page.Locator(".headline").InnerTextAsync());
        Assert.StartsWith("The true effects of 95 of 100 studies lie from r = .19 to .37.", await page.Page.Locator(".under").InnerTextAsync(), StringComparison.Ordinal);
        await Button(page, "Begin again").ClickAsync();
        await Holds(new() { Tau = 0.05, SampleSize = 2000 }, 1);
        Assert.Empty(page.Complaints);

        async Task Holds(HeterogeneityExplorerOptions options, int count)
        {
            var model = HeterogeneityExplorer.Create(options).Model;
            var fits = Enumerable.Range(0, count).Select(number => RandomEffects.Fit(model.Review(number).Effects)).ToArray();
            var found = await page.Page.EvaluateAsync<double[]>($"() => {Explorer}.found.flatMap(each => [each.q, each.i2])");
            Near([.. fits.SelectMany(fit => new[] { fit.Heterogeneity.Q.Statistic, fit.Heterogeneity.ISquared })], found);
            var significant = fits.Count(fit => fit.Heterogeneity.Q.PValue < 0.05);
            Assert.Contains($"in {StatisticText.Percent((double)significant / count, 0)} of {count} review", await page.Page.Locator(".under").InnerTextAsync(), StringComparison.Ordinal);
            var last = await page.Page.Locator(".comparison tbody tr").Nth(1).Locator("td").AllInnerTextsAsync();
            var interval = fits[^1].Heterogeneity.ISquaredInterval!.Value;
            Assert.Equal([StatisticText.Percent(fits[^1].Heterogeneity.ISquared, 0), $"[{StatisticText.Percent(interval.Lower, 0)}, {StatisticText.Percent(interval.Upper, 0)}]"], last.Take(2));
        }
    }

    [Fact]
    public async Task A_study_is_moved_by_keys_and_by_dragging_and_the_regression_follows()
    {
        Chromium.Require();
        var effects = ExplorerFixture.Expectancy();
        await using var page = await explorers.OpenAsync(ExplorerFixture.Create("moderator-weeks").ToPage());
        await Holds();
        // The study that holds the line most is chosen first.
        var chosen = await page.Page.EvaluateAsync<int>($"() => {Explorer}.chosen.index");
        var weeks = page.Page.GetByRole(AriaRole.Slider, new() { Name = "weeks of contact" });
        var effect = page.Page.GetByRole(AriaRole.Slider, new() { Name = "g, effect of the study" });
        await weeks.PressAsync("Home");
        await effect.PressAsync("PageUp");
        Assert.Equal(0, await page.Page.EvaluateAsync<double>($"() => {Explorer}.chosen.x"));
        await Holds();
        Assert.Contains("1 study moved: not the data any more.", await page.Page.Locator(".under").InnerTextAsync(), StringComparison.Ordinal);
        await Button(page, "Put it back").ClickAsync();
        await Holds();
        Assert.Contains("No study has been moved.", await page.Page.Locator(".under").InnerTextAsync(), StringComparison.Ordinal);

        await page.Page.GetByLabel("Study to move").SelectOptionAsync("3");
        Assert.Contains(effects.Labels[3] + ": leverage", await page.Page.Locator(".under").InnerTextAsync(), StringComparison.Ordinal);
        var box = (await page.Page.Locator("circle.chosen").BoundingBoxAsync())!;
        await page.Page.Mouse.MoveAsync(box.X + box.Width / 2, box.Y + box.Height / 2);
        await page.Page.Mouse.DownAsync();
        await page.Page.Mouse.MoveAsync(box.X + 200, box.Y + 90);
        await page.Page.Mouse.UpAsync();
        Assert.Equal("1", await page.Page.EvaluateAsync<string>($"() => String({Explorer}.studies.filter(s => s.x !== s.start.x).length)"));
        await Holds();
        Assert.NotEqual(chosen, await page.Page.EvaluateAsync<int>($"() => {Explorer}.chosen.index"));
        await Assertions.Expect(page.Page.Locator("[aria-live]")).ToContainTextAsync("Slope of weeks: b = ");
        await Button(page, "Put all back").ClickAsync();
        await Holds();
        Assert.Empty(page.Complaints);

        async Task Holds()
        {
            var (x, y) = (await Values("x"), await Values("y"));
            var moved = StudyEffects.Create(y, [.. effects.Variances], effects.Measure, columns: [StudyColumn.OfNumbers("weeks", [.. x.Select(each => (double?)each)])]);
            var fit = MetaRegression.Fit(moved, Moderator.Number("weeks"));
            RegressionAgreement.Compare(fit, await page.Page.EvaluateAsync<double[]>($"() => ({RegressionAgreement.Numbers})({Explorer}.fit)"), "after a move");
            var slope = fit.Coefficients[1];
            Assert.Equal($"Slope of weeks: b = {StatisticText.Significant(slope.Estimate, 3)} [{StatisticText.Significant(slope.ConfidenceInterval.Lower, 3)}, {StatisticText.Significant(slope.ConfidenceInterval.Upper, 3)}], {StatisticText.PValueWithSymbol(slope.PValue)}.",
                (await page.Page.Locator(".headline").InnerTextAsync()).Replace('\u00a0', ' '));
        }

        async Task<double[]> Values(string name) => await page.Page.EvaluateAsync<double[]>($"() => {Explorer}.studies.map(s => s.{name})");
    }

    /// <summary>Two studies of one category of three: one may leave it, the last may not.</summary>
    [Fact]
    public async Task The_last_study_of_a_category_stays_in_it()
    {
        Chromium.Require();
        var effects = StudyEffects.Create([0.1, 0.2, 0.4, 0.3, 0.5], [0.01, 0.02, 0.01, 0.03, 0.02], labels: ["A", "B", "C", "D", "E"], columns: [StudyColumn.OfTexts("rater", ["client", "client", "client", "observer", "observer"])]);
        await using var page = await explorers.OpenAsync(ModeratorExplorer.Create(MetaRegression.Fit(effects, Moderator.Category("rater", reference: "client"))).ToPage(), 390);
        var slider = page.Page.GetByRole(AriaRole.Slider, new() { Name = "rater" });
        await page.Page.GetByLabel("Study to move").SelectOptionAsync("3");
        await slider.PressAsync("ArrowLeft");
        Assert.Equal("client", await slider.GetAttributeAsync("aria-valuetext"));
        await page.Page.GetByLabel("Study to move").SelectOptionAsync("4");
        await slider.PressAsync("ArrowLeft");
        Assert.Equal("observer", await slider.GetAttributeAsync("aria-valuetext"));
        Assert.Contains("It stays", await page.Page.Locator(".under").InnerTextAsync(), StringComparison.Ordinal);
        await Button(page, "Put all back").ClickAsync();
        Assert.StartsWith("observer less client: b = ", await page.Page.Locator(".headline").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Empty(page.Complaints);
    }

    private static ILocator Button(OpenPage page, string name) => page.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    private static void Near(double[] ours, double[] theirs)
    {
        Assert.Equal(ours.Length, theirs.Length);
        for (var i = 0; i < ours.Length; i++) Assert.Equal(ours[i], theirs[i], 1e-8 * Math.Max(1, Math.Abs(ours[i])));
    }
}
