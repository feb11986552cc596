using System.Collections.Concurrent;

namespace EmpathyNotebooks.MetaAnalysis.Tests.PublicationBias.ModelAveraging;

/// <summary>Model-averaged bias adjustment against brute force, and what must hold whatever the data.</summary>
public sealed class ModelAveragedBiasAdjustmentTests
{
    private static readonly double[] Y = [0.42, 0.13, 0.35, 0.05];
    private static readonly double[] V = [0.040, 0.022, 0.030, 0.018];

    // By brute force a model takes longer than all 36 in the engine: each is computed once for all tests.
    private static readonly ConcurrentDictionary<(BiasAssumption Bias, bool HasEffect, bool HasHeterogeneity), Lazy<double>> Marginals = new();

    // All 36 models of the same studies, once for the tests that only look at them.
    private static readonly Lazy<ModelAveragedBiasAdjustment> OfDifferences = new(() => ModelAveragedBiasAdjustment.Fit(StudyEffects.Create(Y, V, EffectMeasure.StandardizedMeanDifference)));
    private static readonly Lazy<ModelAveragedBiasAdjustment> OfFisherZ = new(() => ModelAveragedBiasAdjustment.Fit(StudyEffects.Create(Y, V, EffectMeasure.FisherZ)));

    private static double Marginal(BiasAdjustmentModel model) => Marginals.GetOrAdd((model.Bias, model.HasEffect, model.HasHeterogeneity),
        of => new(() => new BruteForce(Y, V, of.Bias, of.HasEffect, of.HasHeterogeneity).Marginal())).Value;

    /// <summary>All 36 marginal likelihoods at 1e-4 of themselves, by rules that share nothing with those of the engine.</summary>
    [Fact]
    public void Agrees_with_brute_force_in_all_36_models()
    {
        var robma = OfDifferences.Value;

        Assert.Equal(36, robma.Models.Length);
        Parallel.ForEach(robma.Models, model =>
        {
            var expected = Math.Log(Marginal(model));
            Assert.True(Math.Abs(expected - model.LogMarginalLikelihood) < 1e-4, FormattableString.Invariant($"{model}: {model.LogMarginalLikelihood:R}, brute force {expected:R}"));
        });
    }

    [Fact]
    public void Agrees_with_brute_force_in_the_averaged_distribution_of_the_mean()
    {
        var options = new ModelAveragingOptions { Bias = [.. BiasAssumption.Psma.Where(bias => bias.Steps.Length < 2)] };
        var robma = ModelAveragedBiasAdjustment.Fit(StudyEffects.Create(Y, V, EffectMeasure.StandardizedMeanDifference), options);

        foreach (var (limit, probability) in new[] { (robma.Mean.CredibleInterval.Upper, 0.975), (robma.MeanWithEffect.CredibleInterval.Lower, 0.025), (robma.MeanWithEffect.Median, 0.5) })
        {
            var withEffect = probability != 0.975;
            var models = robma.Models.Where(model => model.HasEffect || !withEffect).ToList();
            var below = models.Sum(model => model.PriorProbability * new BruteForce(Y, V, model.Bias, model.HasEffect, model.HasHeterogeneity).Marginal(limit));
            Assert.Equal(probability, below / models.Sum(model => model.PriorProbability * Marginal(model)), 1e-4);
        }
    }

    /// <summary>
    /// Two results just beyond the critical value of precise studies, by a closed form: with two significant studies of one variance the weight integrates to ∫dω/(a + ω(1 - a))² = 1/a, so that 1/a of a far tail
    /// multiplies the normal densities. The rules walk to where a leaves double precision.
    /// </summary>
    [Fact]
    public void Holds_where_probabilities_leave_double_precision()
    {
        double[] z = [1.66, 1.67];
        const double se = 0.01;
        var bias = BiasAssumption.Psma[3];
        var robma = ModelAveragedBiasAdjustment.Fit(StudyEffects.Create([.. z.Select(t => t * se)], [se * se, se * se], EffectMeasure.StandardizedMeanDifference), new() { Bias = [bias] });

        var critical = -MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, 0.05);
        const double low = -4, high = 0.2;
        const int points = 400_000;
        double sum = 0;
        for (var i = 0; i < points; i++)
        {
            var mean = low + (i + 0.5) * (high - low) / points;
            var t = critical - mean / se;
            var logTail = t < 30 ? Math.Log(MathNet.Numerics.SpecialFunctions.Erfc(t / Math.Sqrt(2)) / 2) : -t * t / 2 - Math.Log(t * Math.Sqrt(2 * Math.PI)) + Math.Log(1 - 1 / (t * t) + 3 / (t * t * t * t) - 15 / Math.Pow(t, 6));
            var log = -logTail - mean * mean / 2 - Math.Log(2 * Math.PI) / 2;
            foreach (var value in z) log += -(value - mean / se) * (value - mean / se) / 2 - Math.Log(2 * Math.PI) / 2 - Math.Log(se);
            sum += Math.Exp(log) * (high - low) / points;
        }
        var model = robma.Models.Single(m => m.HasEffect && !m.HasHeterogeneity);
        Assert.Equal(Math.Log(sum), model.LogMarginalLikelihood, 1e-5);
    }

    [Fact]
    public void Effects_turned_round_give_the_results_turned_round()
    {
        var up = ModelAveragedBiasAdjustment.Fit(StudyEffects.Create(Y, V, EffectMeasure.FisherZ), new() { EffectPriorMean = 0.2 });
        var down = ModelAveragedBiasAdjustment.Fit(StudyEffects.Create([.. Y.Select(y => -y)], V, EffectMeasure.FisherZ), new() { Direction = Alternative.Less, EffectPriorMean = -0.2 });

        Assert.Equal(up.Models.Select(m => m.LogMarginalLikelihood), down.Models.Select(m => m.LogMarginalLikelihood));
        Assert.Equal((up.Mean.Mean, up.Mean.CredibleInterval.Lower), (-down.Mean.Mean, -down.Mean.CredibleInterval.Upper));
        Assert.Equal(up.ExpectedEffect(0.2), -down.ExpectedEffect(0.2), 1e-14);
        Assert.Equal(up.PosteriorDensity(0.1), down.PosteriorDensity(-0.1));
    }

    /// <summary>Priors follow the measure: the same studies in d and with half the unit give the same probabilities and half the mean.</summary>
    [Fact]
    public void The_unit_of_the_measure_changes_the_unit_of_the_mean_alone()
    {
        var d = OfDifferences.Value;
        foreach (var (measure, scale) in new[] { (EffectMeasure.FisherZ, 0.5), (EffectMeasure.OddsRatio, Math.PI / Math.Sqrt(3)) })
        {
            var other = ModelAveragedBiasAdjustment.Fit(StudyEffects.Create([.. Y.Select(y => scale * y)], [.. V.Select(v => scale * scale * v)], measure));

            Assert.Equal(scale, other.PriorScale, 1e-15);
            foreach (var (one, two) in d.Models.Zip(other.Models)) Assert.Equal(one.PosteriorProbability, two.PosteriorProbability, 1e-7);
            Assert.Equal(scale * d.Mean.Mean, other.Mean.Mean, 1e-6);
            Assert.Equal(scale * d.Tau.CredibleInterval.Upper, other.Tau.CredibleInterval.Upper, 1e-4);
        }
    }

    /// <summary>Small and ugly designs: ties, variances over six orders of magnitude, all of one sign, hopelessly heterogeneous. Every number is finite, probabilities add up, and a second run gives the same bytes.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Ugly_designs_have_an_answer(int seed)
    {
        var random = new Random(seed);
        var k = 2 + random.Next(8);
        double[] variances = [.. Enumerable.Range(0, k).Select(i => seed % 3 == 0 ? 0.04 : Math.Pow(10, -5 + 5 * random.NextDouble()))];
        double[] effects = [.. variances.Select(v => seed % 2 == 0 ? Math.Abs(0.3 + Math.Sqrt(v) * random.NextDouble()) : 2 * random.NextDouble() - 1)];
        if (seed == 6) Array.Fill(effects, 0.3);
        var data = StudyEffects.Create(effects, variances, EffectMeasure.FisherZ);

        ModelAveragedBiasAdjustment once = ModelAveragedBiasAdjustment.Fit(data), again = ModelAveragedBiasAdjustment.Fit(data);

        Assert.Equal(1, once.Models.Sum(m => m.PosteriorProbability), 1e-12);
        Assert.All(once.Models, m => Assert.True(double.IsFinite(m.LogMarginalLikelihood) && double.IsFinite(m.Mean.Mean) && m.Mean.CredibleInterval.Lower <= m.Mean.Median && m.Mean.Median <= m.Mean.CredibleInterval.Upper));
        Assert.All(once.Models, m => Assert.All(m.MeanWeights.Prepend(1).Zip(m.MeanWeights), pair => Assert.True(pair.Second > 0 && pair.Second <= pair.First)));
        Assert.Equal(1 - once.Effect.PosteriorProbability, once.ProbabilityOfZero, 1e-12);
        Assert.Equal(once.Models.Select(m => m.LogMarginalLikelihood), again.Models.Select(m => m.LogMarginalLikelihood));
        Assert.Equal((once.Mean, once.Tau), (again.Mean, again.Tau));
        Assert.Contains(once.Warnings, warning => warning.Contains("priors", StringComparison.Ordinal));
    }

    [Fact]
    public void The_density_and_the_point_make_a_whole()
    {
        var robma = OfFisherZ.Value;
        double sum = 0, first = 0;
        const double step = 0.001;
        for (var x = -3.0; x <= 3; x += step)
        {
            sum += step * robma.PosteriorDensity(x);
            first += step * x * robma.PosteriorDensity(x);
        }
        Assert.Equal(1, sum + robma.ProbabilityOfZero, 1e-4);
        Assert.Equal(robma.Mean.Mean, first, 1e-4);
    }

    /// <summary>Without ways of bias it is the Bayesian model-averaged meta-analysis of Gronau et al. (2017); of one model nothing remains to compare.</summary>
    [Fact]
    public void Other_models_can_be_averaged()
    {
        var data = StudyEffects.Create(Y, V, EffectMeasure.FisherZ);
        var four = ModelAveragedBiasAdjustment.Fit(data, new() { Bias = [BiasAssumption.Psma[0]] });
        var all = OfFisherZ.Value;

        Assert.Equal(4, four.Models.Length);
        Assert.Null(four.Bias.BayesFactor);
        Assert.Equal((0, 0), (four.Bias.PriorProbability, four.Bias.PosteriorProbability));
        Assert.Equal(all.Models.Where(m => m.Bias.Mechanism == BiasMechanism.None).Select(m => m.LogMarginalLikelihood), four.Models.Select(m => m.LogMarginalLikelihood));
        var step = Assert.Single(four.WeightFunction);
        Assert.Equal((0, 1), (step.From, step.To));
        Assert.Equal(1, step.MeanWeight, 1e-12);
    }

    /// <summary>Every family of priors of τ is a density, also after a change of unit, and can be averaged over.</summary>
    [Fact]
    public void Every_prior_of_tau_is_a_density_and_gives_an_answer()
    {
        HeterogeneityPrior[] priors =
        [
            HeterogeneityPrior.HalfNormal(0.5), HeterogeneityPrior.HalfCauchy(0.3), HeterogeneityPrior.HalfStudent(0.3, 4), HeterogeneityPrior.Uniform(2), HeterogeneityPrior.Exponential(0.4),
            HeterogeneityPrior.InverseGamma(1, 0.15), HeterogeneityPrior.LogNormal(-2.56, 1.74), HeterogeneityPrior.LogStudent(-3.44, 2.59),
        ];
        Assert.Equal(Enum.GetValues<HeterogeneityPriorFamily>(), priors.Select(p => p.Family).Distinct().Order());
        foreach (var prior in priors)
        {
            foreach (var factor in new[] { 1, 0.5 })
            {
                var scaled = prior.ScaledBy(factor);
                double sum = 0;
                for (var x = -200.0; x < 200; x += 0.001) sum += 0.001 * Math.Exp(scaled.LogDensity(Math.Exp(x)) + x);
                Assert.Equal(1, sum, 1e-3);
                Assert.Equal(prior.LogDensity(0.3) - Math.Log(factor), scaled.LogDensity(0.3 * factor), 1e-12);
            }
            var robma = ModelAveragedBiasAdjustment.Fit(StudyEffects.Create(Y, V, EffectMeasure.StandardizedMeanDifference), new() { HeterogeneityPrior = prior, Bias = [BiasAssumption.Psma[0]] });
            // τ by plain sums in its logarithm over the model without an effect.
            double marginal = 0, mean = 0;
            const double step = 0.0001;
            for (var x = -40 + step / 2; x < Math.Min(Math.Log(prior.Largest), 20); x += step)
            {
                var tau = Math.Exp(x);
                var density = prior.LogDensity(tau) + x;
                for (var i = 0; i < Y.Length; i++) density -= (Math.Log(2 * Math.PI * (V[i] + tau * tau)) + Y[i] * Y[i] / (V[i] + tau * tau)) / 2;
                marginal += step * Math.Exp(density);
                mean += step * tau * Math.Exp(density);
            }
            var model = robma.Models.Single(m => !m.HasEffect && m.HasHeterogeneity);
            Assert.Equal(Math.Log(marginal), model.LogMarginalLikelihood, 1e-4);
            Assert.Equal(mean / marginal, model.Tau, 1e-4);
        }
    }

    [Fact]
    public void What_cannot_be_asked_is_said()
    {
        var data = StudyEffects.Create(Y, V);
        Assert.Throws<InsufficientStudiesException>(() => ModelAveragedBiasAdjustment.Fit(data.Select([0])));
        Assert.Throws<ImpossibleChoiceException>(() => ModelAveragedBiasAdjustment.Fit(StudyEffects.Create([-1.0, -1.2], [0.1, 0.1], EffectMeasure.FromCode("PLO"))));
        Assert.Throws<ImpossibleChoiceException>(() => new ModelAveragingOptions { Direction = Alternative.TwoSided });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModelAveragingOptions { EffectProbability = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModelAveragingOptions { EffectPriorStandardDeviation = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => HeterogeneityPrior.HalfNormal(-1));
        Assert.Throws<ArgumentException>(() => new ModelAveragingOptions { Bias = [] });
        Assert.Throws<ArgumentException>(() => new ModelAveragingOptions { Bias = [new BiasAssumption(BiasMechanism.Selection, [], false, 1)] });
        Assert.Throws<ArgumentException>(() => new ModelAveragingOptions { Bias = [new BiasAssumption(BiasMechanism.Pet, [0.05], false, 1)] });
        Assert.Throws<ArgumentException>(() => new ModelAveragingOptions { Bias = [new BiasAssumption(BiasMechanism.Selection, [0.05, 0.025], false, 1)] });
        Assert.Throws<ArgumentException>(() => new ModelAveragingOptions { Bias = [new BiasAssumption(BiasMechanism.Selection, [0.05], false, 0)] });
        Assert.Contains(ModelAveragedBiasAdjustment.Fit(data).Warnings, warning => warning.Contains("PriorScale", StringComparison.Ordinal));
        Assert.DoesNotContain(ModelAveragedBiasAdjustment.Fit(data, new() { PriorScale = 1 }).Warnings, warning => warning.Contains("PriorScale", StringComparison.Ordinal));
    }
}
