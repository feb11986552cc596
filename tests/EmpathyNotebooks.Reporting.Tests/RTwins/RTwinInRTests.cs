using System.Globalization;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting.Tests;

/// <summary>R runs the scripts and finds the same numbers.</summary>
public sealed class RTwinInRTests
{
    private static readonly Inference[] Inferences = [Inference.Normal, Inference.StudentT, Inference.HartungKnapp, Inference.HartungKnappAdHoc];

    [Fact]
    public void Pooled_effects_and_regressions_of_small_ugly_designs_agree_in_every_estimator_and_test()
    {
        Assert.SkipWhen(RProcess.Missing("metafor") is not null, RProcess.Missing("metafor") ?? "");
        var random = new Random(20_16);
        var fits = new List<(string, IModelFit, RobustFit?)>();
        foreach (var estimator in Enum.GetValues<TauSquaredEstimator>())
        {
            for (var i = 0; i < 6; i++)
            {
                var effects = Ugly(random, random.Next(2, 13));
                var inference = Inferences[random.Next(4)];
                var level = i == 0 ? 0.9 : 0.95;
                double[]? weights = i % 3 == 2 ? [.. effects.Effects.Select(_ => 0.1 + random.NextDouble())] : null;
                if (i < 3 || effects.Count < 4) Add($"{estimator} {inference}", new RandomEffectsOptions { TauSquared = estimator, Inference = inference, ConfidenceLevel = level, Weights = weights }, effects);
                else Add($"{estimator} {inference}, moderator", new MetaRegressionOptions { TauSquared = estimator, Inference = inference, Weights = weights, Moderators = Moderator.Number("x").Centered() }, effects);
            }
        }
        foreach (var inference in Inferences)
        {
            Add($"EE {inference}", new EqualEffectsOptions { Inference = inference }, Ugly(random, 5));
            Add($"EE {inference}, moderator", new MetaRegressionOptions { TauSquared = null, Inference = inference, Moderators = Moderator.Number("x") }, Ugly(random, 6));
        }
        Agree(fits, 1e-7);

        void Add(string name, ModelOptions options, StudyEffects effects) => fits.Add((name, options.FitTo(effects), null));
    }

    [Fact]
    public void Moderators_of_every_kind_agree()
    {
        Assert.SkipWhen(RProcess.Missing("metafor", "clubSandwich") is not null, RProcess.Missing("metafor", "clubSandwich") ?? "");
        var random = new Random(16);
        var effects = Ugly(random, 24);
        Moderator rater = Moderator.Category("rater"), kind = Moderator.Category("kind \"# é\n"), year = Moderator.Number("x");
        Moderator[] moderators =
        [
            rater, rater.WithoutIntercept(), rater + year, rater * kind, rater * Moderator.Number("x").Centered(), Moderator.Category("rater").SumContrasts() * Moderator.Category("kind \"# é\n").SumContrasts(),
            Moderator.Number("x").Scaled().Polynomial(3), Moderator.Number("x").CenteredAt(3).ScaledBy(2).Spline(), Moderator.Number("x").SplineAt(2, 5, 9), Moderator.Category("rater", "b") + Moderator.Category("round"),
        ];
        var fits = moderators.Select(m => ($"{m}", (IModelFit)MetaRegression.Fit(effects, m), (RobustFit?)null)).ToList();
        var regression = MetaRegression.Fit(effects, rater + year);
        foreach (var correction in Enum.GetValues<SmallSampleCorrection>()) fits.Add(($"{correction}", regression, regression.Robust("cluster", correction)));
        Agree(fits, 1e-7);
    }

    [Fact]
    public void Multilevel_models_agree()
    {
        Assert.SkipWhen(RProcess.Missing("metafor", "clubSandwich") is not null, RProcess.Missing("metafor", "clubSandwich") ?? "");
        var random = new Random(1616);
        var fits = new List<(string, IModelFit, RobustFit?)>();
        MultilevelOptions nested = new() { Levels = ["sample", MultilevelModel.EachEffect] };
        foreach (var k in (int[])[4, 7, 9, 12, 20])
        {
            var effects = Ugly(random, k);
            MultilevelOptions[] models =
            [
                nested, nested with { SamplingCorrelation = 0.6, Method = LikelihoodMethod.Full }, nested with { Levels = ["sample"], Inference = Inference.Normal, ConfidenceLevel = 0.9 },
                new() { SamplingCovariance = SamplingCovariance.Within("sample", 0.5).BetweenKinds("outcome", 0.2) },
                nested with { SamplingCovariance = SamplingCovariance.Within("sample", 0.7).OverTime("x", 0.8), DegreesOfFreedom = DegreesOfFreedomMethod.Residual },
                nested with { SamplingCovariance = SamplingCovariance.Within("sample", 0.7).IndependentBetween("outcome"), FixedSigmaSquared = new Dictionary<string, double> { ["sample"] = effects.Variances[0] } },
                new() { Levels = ["sample"], CrossedFactors = ["outcome"] }, nested with { Weights = [.. effects.Effects.Select(_ => 0.1 + random.NextDouble())] },
            ];
            for (var m = 0; m < models.Length; m++) Add($"multilevel {m}", models[m], effects);
            if (k < 9) continue;
            Add("multilevel, moderators", nested with { Moderators = Moderator.Category("rater") + Moderator.Number("x"), SamplingCorrelation = 0.4 }, effects);
            Add("multilevel, means", nested with { Moderators = Moderator.Category("outcome").WithoutIntercept() }, effects);
        }
        Agree(fits, 2e-5);

        void Add(string name, ModelOptions options, StudyEffects effects)
        {
            var fit = (DependentFit)options.FitTo(effects);
            fits.Add((name, fit, options is MultilevelOptions { Weights: null, CrossedFactors: [] } ? fit.Robust((SmallSampleCorrection)(fits.Count % 4), "sample") : null));
        }
    }

    [Fact]
    public void Multivariate_and_location_scale_models_and_robust_variance_estimation_agree()
    {
        Assert.SkipWhen(RProcess.Missing("metafor", "clubSandwich", "numDeriv", "robumeta") is not null, RProcess.Missing("metafor", "clubSandwich", "numDeriv", "robumeta") ?? "");
        var random = new Random(61);
        var fits = new List<(string, IModelFit, RobustFit?)>();
        foreach (var k in (int[])[12, 16, 24])
        {
            var effects = Ugly(random, k);
            foreach (var structure in Enum.GetValues<CovarianceStructure>())
            {
                var isOverTime = structure is CovarianceStructure.Autoregressive or CovarianceStructure.HeteroscedasticAutoregressive or CovarianceStructure.ContinuousAutoregressive;
                fits.Add(($"{structure}", MultivariateModel.Fit(effects, "sample", isOverTime ? "time" : "outcome", new() { Structure = structure, SamplingCorrelation = 0.4, CommonMean = isOverTime }), null));
            }
            foreach (var model in Enum.GetValues<WorkingModel>())
            {
                fits.Add(($"{model}", RobustVarianceModel.Fit(effects, "sample", model), null));
                fits.Add(($"{model}, moderators", RobustVarianceModel.Fit(effects, "sample", model, Moderator.Category("rater") + Moderator.Number("x"), new() { Correction = SmallSampleCorrection.CR1p, ConfidenceLevel = 0.9 }), null));
                fits.Add(($"{model}, means", RobustVarianceModel.Fit(effects, "sample", model, Moderator.Category("outcome").WithoutIntercept(), new() { SamplingCorrelation = 0.5 }), null));
            }
        }
        // Only where the likelihood has a maximum.
        for (var tries = 0; fits.Count(f => f.Item1 == "location-scale") < 6; tries++)
        {
            var effects = Ugly(random, 30);
            try
            {
                fits.Add(("location-scale", tries % 2 == 0 ? LocationScale.Fit(effects, Moderator.Number("x"), Moderator.Category("outcome"))
                    : LocationScale.Fit(effects, null, Moderator.Number("x").Centered(), new() { Method = LikelihoodMethod.Full, Inference = Inference.Normal, ConfidenceLevel = 0.9 }), null));
            }
            catch (NonConvergenceException)
            {
                Assert.True(tries < 200);
            }
        }
        // Of two variances and a correlation, of which one is near its bound, nlminb finds by differences what it can: four digits of small p. Ours are never less likely.
        Agree(fits, 3e-4);
    }

    private static void Agree(IReadOnlyList<(string Name, IModelFit Fit, RobustFit? Robust)> fits, double tolerance)
    {
        var twins = fits.Select(f => RTwin.Of(f.Fit, f.Robust)).ToList();
        var found = RProcess.Numbers(twins);
        var faults = new List<string>();
        for (var i = 0; i < twins.Count; i++)
        {
            var (numbers, error) = found[i];
            if (error is not null || numbers.Length != twins[i].Numbers.Length) faults.Add($"{fits[i].Name} (k = {fits[i].Fit.Count}): {numbers.Length} of {twins[i].Numbers.Length} numbers. {error}");
            var variance = fits[i].Fit.Effects.Variances.Average();
            for (var j = 0; j < Math.Min(numbers.Length, twins[i].Numbers.Length); j++)
            {
                var (name, _, value) = twins[i].Numbers[j];
                if (name == "log-likelihood" && numbers[j] > value + 1e-7) faults.Add($"{fits[i].Name}: R finds parameters that are more likely.");
                var unit = name.Contains("squared", StringComparison.Ordinal) || name.StartsWith("covariance", StringComparison.Ordinal) ? Math.Min(1, variance) : Math.Min(1, Math.Sqrt(variance));
                if (!(Math.Abs(numbers[j] - value) <= tolerance * Math.Max(unit, Math.Abs(value))))
                {
                    faults.Add(string.Create(CultureInfo.InvariantCulture, $"{fits[i].Name} (k = {fits[i].Fit.Count}): {name} is {value:R} here and {numbers[j]:R} in R"));
                }
            }
        }
        if (faults.Count > 0 && Environment.GetEnvironmentVariable("RTWIN_KEEP") is { } keep) for (var i = 0; i < twins.Count; i++) File.WriteAllText(Path.Combine(keep, $"{i}.R"), twins[i].Script);
        Assert.True(faults.Count == 0, string.Join('\n', faults.Take(60)));
    }

    /// <summary>Effects of any size and spread, with ties, tiny and huge variances, homogeneous ones and very different ones.</summary>
    private static StudyEffects Ugly(Random random, int k)
    {
        var (size, spread) = (Math.Pow(10, random.Next(-3, 2)), random.Next(3));
        double[] v = [.. Enumerable.Range(0, k).Select(_ => size * size * Math.Pow(10, random.NextDouble() * (random.Next(2) == 0 ? 0.5 : 2.5) - 1))];
        double[] y = [.. v.Select(x => Math.Round((spread * (random.NextDouble() - 0.5) + Math.Sqrt(x) / size * (random.NextDouble() - 0.5)) * size + 0.3 * size, 5))];
        if (k > 4) (y[1], v[1]) = (y[0], v[0]);
        return StudyEffects.Create(y, v, columns:
        [
            StudyColumn.OfNumbers("x", [.. Enumerable.Range(0, k).Select(i => (double?)(i % 5 + 2 * random.NextDouble() + i / 3))]),
            StudyColumn.OfTexts("rater", [.. Enumerable.Range(0, k).Select(i => "abc".Substring(i % 3, 1))]),
            StudyColumn.OfTexts("kind \"# é\n", [.. Enumerable.Range(0, k).Select(i => i % 3 == 2 || i % 2 == 0 ? "\"); stop('out') #" : "\\n\n\U0001F600")]),
            StudyColumn.OfNumbers("round", [.. Enumerable.Range(0, k).Select(i => (double?)(i % 4 < 2 ? 0.5 : 10))]),
            StudyColumn.OfTexts("cluster", [.. Enumerable.Range(0, k).Select(i => $"c{i * 7 % 11}")]),
            StudyColumn.OfTexts("sample", [.. Enumerable.Range(0, k).Select(i => $"s{i / 2}")]),
            StudyColumn.OfTexts("outcome", [.. Enumerable.Range(0, k).Select(i => i % 2 == 0 ? "x" : "y")]),
            StudyColumn.OfNumbers("time", [.. Enumerable.Range(0, k).Select(i => (double?)(i % 2 + 1))]),
        ]);
    }
}
