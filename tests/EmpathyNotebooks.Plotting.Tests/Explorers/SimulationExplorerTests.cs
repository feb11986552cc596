using EmpathyNotebooks.MetaAnalysis;
using Jint;

namespace EmpathyNotebooks.Plotting.Tests.Explorers;

/// <summary>What the explorers that simulate draw and compute in the browser, against the library.</summary>
public sealed class SimulationExplorerTests
{
    private const double Tolerance = 1e-8;

    /// <summary>A seed of 64 bits, many streams, and enough numbers that blocks follow one another.</summary>
    [Theory]
    [InlineData(0UL)]
    [InlineData(2018UL)]
    [InlineData(0xFEDCBA9876543210UL)]
    public void The_browser_draws_the_random_numbers_of_the_library(ulong seed)
    {
        foreach (var stream in (uint[])[0, 1, 77, 4_000_000_000])
        {
            var random = new Philox(seed, stream);
            double[] ours = [.. Enumerable.Range(0, 9).Select(_ => random.NextDouble())];
            var theirs = Numbers($"a => {{ const random = new simulation.Philox('{seed}'); random.moveTo({stream}); return Array.from({{ length: 9 }}, () => random.next()); }}", 0);
            Assert.Equal(ours, theirs);
        }
    }

    [Fact]
    public void A_round_of_the_game_is_the_same_in_both()
    {
        var model = GuessCorrelationExplorer.Create(new() { Count = 40 }).Model;
        foreach (var number in (int[])[0, 1, 25])
        {
            var round = model.Round(number);
            var theirs = ExplorerScript.Call("number => simulation.round(new simulation.Philox('2001'), number, 40)", number).AsObject();
            Assert.Equal(round.Population, theirs.Get("rho").AsNumber());
            Assert.Equal(round.Correlation, theirs.Get("r").AsNumber(), 1e-12);
            Near(round.X, Numbers(theirs.Get("x")), 1e-12);
            Near(round.Y, Numbers(theirs.Get("y")), 1e-12);
            Assert.Equal(CorrelatedPoints.Correlation([.. round.X], [.. round.Y]), round.Correlation, 1e-15);
        }
    }

    /// <summary>Of 400 rounds the points lie about ρ as they should, weak ones come more often, and both signs do.</summary>
    [Fact]
    public void Rounds_are_drawn_from_the_population_they_name()
    {
        var model = GuessCorrelationExplorer.Create().Model;
        var rounds = Enumerable.Range(0, 400).Select(model.Round).ToArray();
        Assert.All(rounds, round => Assert.InRange(round.Population, -0.95, 0.95));
        Assert.InRange(rounds.Count(round => Math.Abs(round.Population) < 0.95 / 4), 165, 235);
        Assert.InRange(rounds.Count(round => round.Population > 0), 165, 235);
        double[] z = [.. rounds.Select(round => (Math.Atanh(round.Correlation) - Math.Atanh(round.Population)) * Math.Sqrt(97))];
        Assert.InRange(z.Average(), -0.2, 0.2);
        Assert.InRange(z.Average(each => each * each), 0.8, 1.2);
    }

    /// <summary>Both models, the true effects as estimated, and which intervals hold the mean.</summary>
    [Theory]
    [InlineData(0.28, 0.15, 12, 60, false)]
    [InlineData(0.28, 0.15, 20, 50, true)]
    [InlineData(0, 0, 2, 10, false)]
    [InlineData(0.6, 0.5, 3, 400, true)]
    public void Sampling_computes_what_the_library_computes(double r, double tau, int k, int n, bool hasLargeStudy)
    {
        var model = SamplingExplorer.Create(new() { Correlation = r, Tau = tau, Studies = k, SampleSize = n, HasLargeStudy = hasLargeStudy }).Model;
        var (mean, reviews, held) = (Math.Atanh(r), Enumerable.Range(0, 12).Select(model.Review).ToArray(), new int[3]);
        var setup = $"const v = sampling.variances({{ k: {k}, n: {n}, large: {(hasLargeStudy ? "true" : "false")} }}, 10000), reviews = new simulation.Reviews('2011'), mean = Math.atanh({Text(r)}), tau = {Text(tau)};";
        for (var i = 0; i < reviews.Length; i++)
        {
            var (random, equal) = (RandomEffects.Fit(reviews[i].Effects), EqualEffects.Fit(reviews[i].Effects));
            var normal = RandomEffects.Fit(reviews[i].Effects, new() { Inference = Inference.Normal });
            if (equal.ConfidenceInterval.Contains(mean)) held[0]++;
            if (normal.ConfidenceInterval.Contains(mean)) held[1]++;
            if (random.ConfidenceInterval.Contains(mean)) held[2]++;
            if (i > 2) continue;
            var theirs = ExplorerScript.Call($"number => {{ {setup} const { "{ truths, effects }" } = reviews.review(number, {{ mean, tau, variances: v }}), a = sampling.analyse(effects, v); return {{ truths, effects, blups: a.blups, numbers: [a.random.estimate, ...a.random.ci, ...a.random.pi, a.random.tau2, a.equal.estimate, ...a.equal.ci, a.equal.weights[0], a.random.weights[0]] }}; }}", i).AsObject();
            Near(reviews[i].TrueEffects, Numbers(theirs.Get("truths")), 1e-12);
            Near(reviews[i].Effects.Effects, Numbers(theirs.Get("effects")), 1e-12);
            Near([.. random.Blups().Select(blup => blup.Estimate)], Numbers(theirs.Get("blups")), Tolerance);
            Near([random.Estimate, random.ConfidenceInterval.Lower, random.ConfidenceInterval.Upper, random.PredictionInterval!.Value.Lower, random.PredictionInterval.Value.Upper, random.TauSquared,
                equal.Estimate, equal.ConfidenceInterval.Lower, equal.ConfidenceInterval.Upper, equal.Weights[0], random.Weights[0]], Numbers(theirs.Get("numbers")), Tolerance);
        }
        // Drawn in two parts, as a reader does who asks for more.
        Assert.Equal(held.Select(h => (double)h), Numbers($"a => {{ {setup} const found = [...sampling.repeat(reviews, 0, 5, mean, tau, v), ...sampling.repeat(reviews, 5, 12, mean, tau, v)]; return [0, 1, 2].map(i => found.filter(each => each.holds[i]).length); }}", 0));
    }

    /// <summary>What lesson 04 asks: who has the weight.</summary>
    [Fact]
    public void In_the_puzzle_the_large_study_has_nearly_all_weight_under_equal_effects_and_little_under_random_ones()
    {
        var effects = SamplingExplorer.Create(SamplingExplorerOptions.Puzzle).Model.Review(0).Effects;
        Assert.Equal(20, effects.Count);
        Assert.Equal(9997.0 / (9997 + 19 * 47), EqualEffects.Fit(effects).Weights[0], 1e-12);
        Assert.InRange(RandomEffects.Fit(effects).Weights[0], 0.05, 0.15);
    }

    [Theory]
    [InlineData(0, 100, 20)]
    [InlineData(0.49, 20, 20)]
    [InlineData(0.05, 1600, 60)]
    [InlineData(0.2, 10, 2)]
    public void Heterogeneity_computes_what_the_library_computes(double tau, int n, int k)
    {
        var model = HeterogeneityExplorer.Create(new() { Tau = tau, SampleSize = n, Studies = k }).Model;
        var state = new { k, n, tau };
        var expected = ExplorerScript.Call("heterogeneity.expected", state).AsObject();
        Assert.Equal(model.ISquared, expected.Get("i2").AsNumber(), 1e-14);
        var plan = new HeterogeneityPlan(PlannedStudies.Alike(k, 1.0 / (n - 3)), tau * tau);
        if (tau > 0) Assert.Equal(plan.Power().Power, expected.Get("power").AsNumber(), 1e-10);
        else Assert.Equal(0.05, expected.Get("power").AsNumber(), 1e-12);

        foreach (var number in (int[])[0, 1, 99])
        {
            var fit = RandomEffects.Fit(model.Review(number).Effects);
            var theirs = Numbers($"state => {{ const v = new Array(state.k).fill(1 / (state.n - 3)), {{ effects }} = new simulation.Reviews('2002').review({number}, {{ mean: Math.atanh(0.28), tau: state.tau, variances: v }}), "
                + "full = heterogeneity.full(effects, v), brief = heterogeneity.brief(effects, v); return [brief.q, brief.i2, full.q, full.qP, full.tau2, ...full.tau2Interval, full.i2, ...full.i2Interval, full.estimate, ...full.ci, ...full.pi]; }", state);
            var (found, q) = (fit.Heterogeneity, fit.Heterogeneity.Q);
            var (tau2, i2) = (found.TauSquaredInterval!.Value, found.ISquaredInterval!.Value);
            Near([q.Statistic, found.ISquared, q.Statistic, q.PValue, found.TauSquared, tau2.Lower, tau2.Upper, found.ISquared, i2.Lower, i2.Upper, fit.Estimate, fit.ConfidenceInterval.Lower, fit.ConfidenceInterval.Upper,
                fit.PredictionInterval!.Value.Lower, fit.PredictionInterval.Value.Upper], theirs, Tolerance);
        }
    }

    /// <summary>The curves that the histogram of Q is held against: the share of 2,000 reviews below each decile of (1 + tau²/v) times chi-square.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0.2)]
    public void Q_follows_the_curve_that_is_drawn(double tau)
    {
        var model = HeterogeneityExplorer.Create(new() { Tau = tau, SampleSize = 100, Studies = 8 }).Model;
        double[] q = [.. Enumerable.Range(0, 2000).Select(number => EqualEffects.Fit(model.Review(number).Effects).Heterogeneity.Q.Statistic)];
        var stretch = 1 + tau * tau * 97;
        for (var decile = 1; decile < 10; decile++)
        {
            var at = stretch * MathNet.Numerics.Distributions.ChiSquared.InvCDF(7, decile / 10.0);
            Assert.InRange(q.Count(each => each <= at) / 2000.0, decile / 10.0 - 0.04, decile / 10.0 + 0.04);
        }
    }

    [Fact]
    public void The_three_reviews_of_the_puzzle_have_an_I2_of_80_percent()
    {
        var designs = HeterogeneityExplorer.Create().Model.Start.Designs;
        Assert.Equal(3, designs.Length);
        Assert.All(designs, design => Assert.Equal("80%", StatisticText.Percent(design.ISquared, 0)));
        Assert.Contains("C, n = 1,600, τ = 0.05, I² = 80%", HeterogeneityExplorer.Create().Finding, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 10, 0, 0.2775)]
    [InlineData(5, 10, 0.2366, 0.7634)]
    [InlineData(95, 100, 0.8882, 0.9785)]
    public void The_interval_of_a_share_is_that_of_Wilson(int hits, int trials, double lower, double upper) =>
        Near([(double)hits / trials, lower, upper], Numbers("a => { const { share, lower, upper } = simulation.share(a.hits, a.trials); return [share, lower, upper]; }", new { hits, trials }), 5e-5);

    [Fact]
    public void Findings_say_that_all_is_simulated_and_what_is_found()
    {
        var sampling = SamplingExplorer.Create();
        var fit = RandomEffects.Fit(sampling.Model.Review(0).Effects);
        Assert.StartsWith("Simulated reviews to try out. 12 studies of 60 people around r = .28", sampling.Finding, StringComparison.Ordinal);
        Assert.Contains($"random effects find r = {EffectMeasure.Correlation.Format(Math.Tanh(fit.Estimate))}", sampling.Finding, StringComparison.Ordinal);
        Assert.All((IExplorer[])[sampling, GuessCorrelationExplorer.Create(), HeterogeneityExplorer.Create()], explorer => Assert.True(explorer.Origin.IsSimulated));
        Assert.Contains("59 of 100", GuessCorrelationExplorer.Create().Finding, StringComparison.Ordinal);
        Assert.Equal(sampling.ToHtml(), SamplingExplorer.Create().ToHtml());
        Assert.NotEqual(sampling.Model.Review(0).TrueEffects, SamplingExplorer.Create(new() { Seed = 3 }).Model.Review(0).TrueEffects);
    }

    [Fact]
    public void Sliders_cannot_start_beyond_their_ends()
    {
        Assert.Contains("from 10 to 500", Assert.Throws<ArgumentOutOfRangeException>(() => new GuessCorrelationExplorerOptions { Count = 9 }).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SamplingExplorerOptions { Studies = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SamplingExplorerOptions { Tau = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SamplingExplorerOptions { Correlation = -0.1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new HeterogeneityExplorerOptions { Studies = 61 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new HeterogeneityExplorerOptions { SampleSize = 2001 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new HeterogeneityExplorerOptions { Designs = [new("D", 20, 0.6)] });
        Assert.Throws<ArgumentOutOfRangeException>(() => SamplingExplorer.Create().Model.Review(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => GuessCorrelationExplorer.Create().Model.Round(-1));
    }

    private static string Text(double value) => FormattableString.Invariant($"{value}");

    private static double[] Numbers(string function, object argument) => Numbers(ExplorerScript.Call(function, argument));

    private static double[] Numbers(Jint.Native.JsValue values) => [.. values.AsArray().Select(value => value.AsNumber())];

    private static void Near(IReadOnlyList<double> ours, IReadOnlyList<double> theirs, double tolerance)
    {
        Assert.Equal(ours.Count, theirs.Count);
        for (var i = 0; i < ours.Count; i++) Assert.Equal(ours[i], theirs[i], tolerance * Math.Max(1, Math.Abs(ours[i])));
    }
}
