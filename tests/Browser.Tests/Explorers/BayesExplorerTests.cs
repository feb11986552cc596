using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting;
using EmpathyNotebooks.Tests;
using Microsoft.Playwright;

namespace EmpathyNotebooks.Browser.Tests.Explorers;

/// <summary>The Bayesian explorer as a reader works it, and its numbers in the engine that readers have.</summary>
public sealed class BayesExplorerTests(ExplorerFixture explorers)
{
    private const string Explorer = "window.empathyExplorers.explorerOf(document.querySelector('.empathy-explorer'))";

    [Fact]
    public async Task Moving_the_prior_moves_the_posterior_to_where_the_library_has_it()
    {
        Chromium.Require();
        var effects = ExplorerFixture.Studies(16);
        await using var page = await explorers.OpenAsync(ExplorerFixture.Create("bayes-16").ToPage());
        await Holds(HeterogeneityPrior.HalfNormal(0.25));

        // By keys: the scale of the prior of τ to its least.
        await page.Page.GetByRole(AriaRole.Slider, new() { Name = "scale of the prior of τ" }).PressAsync("Home");
        var least = await page.Page.EvaluateAsync<double>($"() => {Explorer}.state.tau.scale");
        await Holds(HeterogeneityPrior.HalfNormal(least));

        // By its handle.
        var handle = page.Page.Locator("[data-handle=scale]");
        var box = (await handle.BoundingBoxAsync())!;
        await page.Page.Mouse.MoveAsync(box.X + box.Width / 2, box.Y + box.Height / 2);
        await page.Page.Mouse.DownAsync();
        await page.Page.Mouse.MoveAsync(box.X + 120, box.Y + box.Height / 2);
        await page.Page.Mouse.UpAsync();
        var dragged = await page.Page.EvaluateAsync<double>($"() => {Explorer}.state.tau.scale");
        Assert.True(dragged > 5 * least);
        await Holds(HeterogeneityPrior.HalfNormal(dragged));

        await page.Page.GetByLabel("flat prior of the mean").CheckAsync();
        Assert.Contains("there are no Bayes factors", await page.Page.Locator(".under").InnerTextAsync(), StringComparison.Ordinal);
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Back to the start" }).ClickAsync();
        await Holds(HeterogeneityPrior.HalfNormal(0.25));
        Assert.Empty(page.Complaints);

        async Task Holds(HeterogeneityPrior prior)
        {
            var fit = BayesianModel.Fit(effects, new() { EffectPrior = EffectPrior.Normal(0, 0.5), HeterogeneityPrior = prior });
            var found = await page.Page.EvaluateAsync<double[]>($"() => {{ const f = {Explorer}.fit; return [f.mean.median, f.mean.upper, f.tau.median, f.predictive.lower, f.effect, f.heterogeneity]; }}");
            double[] ours = [fit.Mean.Median, fit.Mean.CredibleInterval.Upper, fit.Tau.Median, fit.Predictive.CredibleInterval.Lower, fit.EffectBayesFactor!.Value.Log, fit.HeterogeneityBayesFactor!.Value.Log];
            for (var i = 0; i < ours.Length; i++) Assert.Equal(ours[i], found[i], BayesAgreement.Tolerance * Math.Max(fit.Mean.StandardDeviation!.Value, Math.Abs(ours[i])));
        }
    }
}
