using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Properties;

/// <summary>What must hold for the intervals of tau squared and of new effects.</summary>
[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 100)]
public sealed class IntervalProperties
{
    [Property]
    public void A_profile_likelihood_interval_holds_its_estimate_and_ends_where_the_likelihood_says(StudyEffects effects)
    {
        var fit = RandomEffects.Fit(effects, new() { TauSquared = TauSquaredEstimator.MaximumLikelihood });
        var interval = fit.Heterogeneity.ProfileLikelihoodIntervals().TauSquared;
        Assert.True(interval.Contains(fit.TauSquared));
        var threshold = LogLikelihood(effects, fit.TauSquared) - 3.841458820694124 / 2;
        Assert.Equal(threshold, LogLikelihood(effects, interval.Upper), 1e-7);
        if (interval.Lower > 0) Assert.Equal(threshold, LogLikelihood(effects, interval.Lower), 1e-7);
        else Assert.True(LogLikelihood(effects, 0) >= threshold);
    }

    [Property]
    public void The_generalised_Q_is_chi_squared_at_tau_squared_zero(StudyEffects effects)
    {
        // With weights 1/v and no heterogeneity all eigenvalues are 1.
        var distribution = new GeneralizedQDistribution(new ModelData(effects, null), [.. effects.Variances.Select(v => 1 / v)]);
        var df = effects.Count - 1;
        foreach (var q in new[] { 0.01 * df, 0.5 * df, df, 2.0 * df, df + 40.0 })
        {
            Assert.Equal(1 - Distributions.ChiSquaredUpper(q, df), distribution.LowerTail(q, 0), 1e-12);
        }
    }

    [Property]
    public void Both_ways_around_the_singularities_give_one_distribution(StudyEffects effects)
    {
        var distribution = new GeneralizedQDistribution(new ModelData(effects, null), [.. effects.Variances.Select(v => 1 / Math.Sqrt(v))]);
        var tau2 = effects.Variances.Average();
        var mean = effects.Variances.Sum(v => (v + tau2) / Math.Sqrt(v));
        foreach (var q in new[] { 0.3 * mean, 0.8 * mean })
        {
            // Any crossing right of the pole at 0 will do.
            Assert.Equal(distribution.LowerTail(q, tau2), distribution.AlongHyperbola(q, tau2, 1 / q, upper: false), 1e-9);
        }
    }

    /// <summary>Two effects outweigh six: a fixed step past a singularity so near gave .68396946. The number is that of steps six times as fine with each logarithm taken alone, and of hyperbolas through five places.</summary>
    [Fact]
    public void A_singularity_near_the_way_takes_smaller_steps()
    {
        double[] v = [0.55962, 0.730002, 0.562376, 0.706739, 0.003257, 0.543657, 0.00388, 0.821394];
        var distribution = new GeneralizedQDistribution(new ModelData(StudyEffects.Create(new double[v.Length], v), null), [.. v.Select(x => 1 / Math.Sqrt(x))]);
        Assert.Equal(0.683969247938999, distribution.LowerTail(20.107642060164807, 0.49136562500000003), 1e-14);
    }

    [Property]
    public void The_generalised_Q_meets_its_levels(StudyEffects effects)
    {
        var distribution = new GeneralizedQDistribution(new ModelData(effects, null), [.. effects.Variances.Select(v => 1 / Math.Sqrt(v))]);
        foreach (var level in new[] { 0.975, 0.5, 0.025 })
        {
            var tau2 = distribution.TauSquaredAt(level);
            if (tau2 > 0) Assert.Equal(level, distribution.LowerTail(distribution.Observed, tau2), 1e-9);
            else Assert.True(distribution.LowerTail(distribution.Observed, 0) <= level);
        }
    }

    [Property]
    public void The_share_of_true_effects_above_and_below_is_all(StudyEffects effects)
    {
        var fit = RandomEffects.Fit(effects);
        var above = fit.ProbabilityAbove(0.1);
        var below = fit.ProbabilityBelow(0.1);
        Assert.Equal(1, above.Share + below.Share, 1e-12);
        Assert.Equal(1, above.PredictiveProbability + below.PredictiveProbability, 1e-12);
        Assert.Equal(fit.TauSquared > 0, above.ShareStandardError is not null);
        // Beyond the upper limit of the 95% prediction interval lie 2.5%.
        if (fit.PredictionInterval is { Width: > 0 } interval) Assert.Equal(0.025, fit.ProbabilityAbove(interval.Upper).PredictiveProbability, 1e-9);
    }

    [Fact]
    public void Eigenvalues_as_far_apart_as_a_million_do_not_hurt()
    {
        double[] vi = [1e-4, 1e-2, 1, 100], yi = [0.1, 0.4, -0.3, 5];
        var effects = StudyEffects.Create(yi, vi);
        var distribution = new GeneralizedQDistribution(new ModelData(effects, null), [1, 1, 1, 1]);
        // Three orthogonal contrasts of four equal weights: the same distribution simulated from its definition.
        var random = new Random(5);
        var below = 0;
        const int draws = 200_000;
        for (var i = 0; i < draws; i++)
        {
            double sum = 0, squares = 0;
            foreach (var v in vi)
            {
                var y = Math.Sqrt(v + 0.5) * MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1);
                sum += y;
                squares += y * y;
            }
            if (squares - sum * sum / 4 <= 30) below++;
        }
        Assert.Equal(below / (double)draws, distribution.LowerTail(30, 0.5), 0.004);
    }

    [Fact]
    public void Nor_do_eight_decades_where_the_weights_are_apart_as_well()
    {
        double[] vi = [1e-4, 1, 100, 1e4], a = [.. vi.Select(v => 1 / v)];
        var distribution = new GeneralizedQDistribution(new ModelData(StudyEffects.Create([0, 1, 2, 3], vi), null), a);
        var random = new Random(6);
        var draws = new double[200_000];
        for (var i = 0; i < draws.Length; i++)
        {
            double[] y = [.. vi.Select(v => Math.Sqrt(v + 1) * MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1))];
            var mean = y.Zip(a, (u, w) => u * w).Sum() / a.Sum();
            draws[i] = y.Zip(a, (u, w) => w * (u - mean) * (u - mean)).Sum();
        }
        Array.Sort(draws);
        foreach (var share in new[] { 0.05, 0.5, 0.95 }) Assert.Equal(share, distribution.LowerTail(draws[(int)(share * draws.Length)], 1), 0.004);
    }

    [Fact]
    public void Two_thousand_effects_are_no_harder()
    {
        var y = Enumerable.Range(0, 2000).Select(i => Math.Sin(i * 1.7)).ToArray();
        var effects = StudyEffects.Create(y, [.. y.Select((_, i) => 0.05 + 0.01 * (i % 9))]);
        var fit = RandomEffects.Fit(effects);
        var exact = fit.Heterogeneity.GeneralizedQIntervals().TauSquared;
        Assert.True(exact.Contains(fit.TauSquared));
        Assert.InRange(exact.Width / fit.Heterogeneity.TauSquaredInterval!.Value.Width, 0.9, 1.1);
        Assert.True(fit.PredictionIntervalBy(PredictionIntervalMethod.Nagashima, new() { Draws = 1000 }).Contains(fit.Estimate));
    }

    [Fact]
    public void What_a_method_is_not_for_is_refused()
    {
        var effects = StudyEffects.Create([0.1, 0.5], [0.01, 0.02]);
        var fit = RandomEffects.Fit(effects, new() { TauSquared = TauSquaredEstimator.DerSimonianLaird });
        Assert.Throws<ImpossibleChoiceException>(fit.Heterogeneity.ProfileLikelihoodIntervals);
        Assert.Throws<InsufficientStudiesException>(() => fit.PredictionIntervalBy(PredictionIntervalMethod.HigginsThompsonSpiegelhalter));
        Assert.Throws<ImpossibleChoiceException>(() => EqualEffects.Fit(effects).PredictionIntervalBy(PredictionIntervalMethod.HartungKnapp));
        Assert.Throws<ImpossibleChoiceException>(() => EqualEffects.Fit(effects).ProbabilityAbove(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => fit.ProbabilityAbove(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BootstrapOptions { Draws = 10 });
        Assert.Throws<InsufficientStudiesException>(() => HenmiCopas.Fit(effects.Select([0])));
        Assert.Throws<InsufficientStudiesException>(() => EqualEffects.Fit(effects.Select([0])).Heterogeneity.GeneralizedQIntervals());
        Assert.Throws<StudyDataException>(() => fit.Heterogeneity.GeneralizedQIntervals([1, -1]));
    }

    private static double LogLikelihood(StudyEffects effects, double tau2)
    {
        var w = effects.Variances.Select(v => 1 / (v + tau2)).ToList();
        var mean = w.Zip(effects.Effects, (wi, y) => wi * y).Sum() / w.Sum();
        return -0.5 * w.Zip(effects.Effects, (wi, y) => Math.Log(2 * Math.PI) - Math.Log(wi) + wi * (y - mean) * (y - mean)).Sum();
    }
}
