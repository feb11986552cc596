using System.Globalization;
using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting.Tests;

/// <summary>R runs the scripts and finds the same numbers.</summary>
public sealed class RTwinInRTests
{
    private static readonly Inference[] Inferences = [Inference.Normal, Inference.StudentT, Inference.HartungKnapp, Inference.HartungKnappAdHoc];

    /// <summary>What agrees to the digits of tau², where metafor can be made to find it.</summary>
    private const double Exact = 1e-7;

    /// <summary>What agrees as far as the optimiser of rma.mv goes, which ends where the likelihood changes by 1e-10 of itself: p and t to five digits.</summary>
    private const double Searched = 2e-5;

    /// <summary>Of two variances and a correlation, of which one is near its bound, it finds by differences what it can: four digits of small p. What we find is never less likely.</summary>
    private const double Bounded = 3e-4;

    private readonly List<(string Name, IModelFit Fit, RobustFit? Robust, double Tolerance)> _fits = [];

    [Fact]
    public void R_finds_the_same_numbers_with_metafor_and_clubSandwich()
    {
        RProcess.Need("metafor", "clubSandwich");
        AddEstimators(new Random(2016));
        AddModerators(new Random(16));
        AddMultilevel(new Random(1616));
        AddMultivariate(new Random(61));
        AddBundled();
        Agree();
    }

    [Fact]
    public void R_finds_the_same_numbers_of_location_scale_models()
    {
        RProcess.Need("metafor", "numDeriv");
        // Only where the likelihood has a maximum.
        var random = new Random(30);
        for (var tries = 0; _fits.Count < 4; tries++)
        {
            var effects = Ugly(random, 30);
            try
            {
                Add("location-scale", tries % 2 == 0 ? new LocationScaleOptions { Moderators = Moderator.Number("x"), ScaleModerators = Moderator.Category("outcome") }
                    : new LocationScaleOptions { ScaleModerators = Moderator.Number("x").Centered(), Method = LikelihoodMethod.Full, Inference = Inference.Normal, ConfidenceLevel = 0.9 }, effects, Searched);
            }
            catch (ConvergenceException)
            {
                Assert.True(tries < 200);
            }
        }
        Agree();
    }

    [Fact]
    public void R_finds_the_same_numbers_with_robumeta()
    {
        RProcess.Need("robumeta");
        var random = new Random(62);
        foreach (var k in (int[])[8, 12, 16, 24])
        {
            var effects = Ugly(random, k);
            foreach (var model in Enum.GetValues<WorkingModel>())
            {
                var options = new RobustVarianceOptions { Cluster = "sample", WorkingModel = model };
                Add($"{model}", options, effects);
                Add($"{model}, means", options with { Moderators = Moderator.Category("outcome").WithoutIntercept(), SamplingCorrelation = 0.5 }, effects);
                if (k > 8) Add($"{model}, moderators", options with { Moderators = Moderator.Category("rater") + Moderator.Number("x"), Correction = SmallSampleCorrection.CR1p, ConfidenceLevel = 0.9 }, effects);
            }
        }
        Agree();
    }

    [Fact]
    public void R_finds_the_same_numbers_of_counts()
    {
        RProcess.Need("metafor");
        var random = new Random(5);
        List<TwoByTwoFit> fits = [];
        for (var k = 2; k < 6; k++)
        {
            string[] labels = [.. Enumerable.Range(1, k).Select(i => $"Trial \"{i}\"")];
            double[] Counts(int least, int most) => [.. labels.Select(_ => (double)random.Next(least, most))];
            var tables = labels.Zip(Counts(0, 9), Counts(10, 99)).Zip(Counts(1, 9), Counts(10, 99)).Select(t => new LabelledTable(t.First.First, new TwoByTwo(t.First.Second, t.First.Third, t.Second, t.Third))).ToList();
            var rates = labels.Zip(Counts(1, 9), Counts(10, 99)).Zip(Counts(1, 9), Counts(10, 99)).Select(t => new LabelledRates(t.First.First, t.First.Second, t.First.Third, t.Second, t.Third)).ToList();
            fits.AddRange([MantelHaenszel.OddsRatio(tables), MantelHaenszel.RiskRatio(tables), MantelHaenszel.RiskDifference(tables, new() { ConfidenceLevel = 0.9 }), MantelHaenszel.RateRatio(rates), MantelHaenszel.RateDifference(rates), PetoMethod.OddsRatio(tables)]);
        }
        List<RTwin> twins = [.. fits.Select(RTwin.Of)];
        foreach (var (twin, (numbers, error)) in twins.Zip(RProcess.Numbers(twins)))
        {
            Assert.True(error is null, error);
            Assert.Equal(6, numbers.Length);
            foreach (var (expected, number) in twin.Numbers.Zip(numbers)) Assert.True(Math.Abs(number - expected.Value) <= 1e-10 * Math.Max(1, Math.Abs(number)), $"{twin.Script}: {expected}, in R {number:R}");
        }
    }

    private void AddEstimators(Random random)
    {
        foreach (var estimator in Enum.GetValues<TauSquaredEstimator>())
        {
            for (var i = 0; i < 4; i++)
            {
                var effects = Ugly(random, random.Next(2, 13));
                var inference = Inferences[(i + (int)estimator) % 4];
                double[]? weights = i % 3 == 2 ? [.. effects.Effects.Select(_ => 0.1 + random.NextDouble())] : null;
                if (i < 2 || effects.Count < 4) Add($"{estimator} {inference}", new RandomEffectsOptions { TauSquared = estimator, Inference = inference, ConfidenceLevel = i == 0 ? 0.9 : 0.95, Weights = weights }, effects);
                else Add($"{estimator} {inference}, moderator", new MetaRegressionOptions { TauSquared = estimator, Inference = inference, Weights = weights, Moderators = Moderator.Number("x").Centered() }, effects);
            }
        }
        foreach (var inference in Inferences)
        {
            Add($"EE {inference}", new EqualEffectsOptions { Inference = inference }, Ugly(random, 5));
            Add($"EE {inference}, moderator", new MetaRegressionOptions { TauSquared = null, Inference = inference, Moderators = Moderator.Number("x") }, Ugly(random, 6));
        }
        Add("FE", new EqualEffectsOptions { TakesEffectsAsFixed = true, Weights = [1, 2, 3] }, Ugly(random, 3));
        Add("another value of no effect", new RandomEffectsOptions(), StudyEffects.Create([0.4, 0.7, 0.6], [0.01, 0.02, 0.005], EffectMeasure.AreaUnderCurve));
    }

    private void AddModerators(Random random)
    {
        var effects = Ugly(random, 24);
        Moderator rater = Moderator.Category("rater"), kind = Moderator.Category("kind \"# é\n"), year = Moderator.Number("x");
        Moderator[] moderators =
        [
            rater, rater.WithoutIntercept(), rater + year, rater * kind, rater * Moderator.Number("x").Centered(), Moderator.Category("rater").SumContrasts() * Moderator.Category("kind \"# é\n").SumContrasts(),
            Moderator.Number("x").Scaled().Polynomial(3), Moderator.Number("x").CenteredAt(3).ScaledBy(2).Spline(), Moderator.Number("x").SplineAt(2, 5, 9), Moderator.Category("rater", "b") + Moderator.Category("round"),
        ];
        foreach (var moderator in moderators) Add($"{moderator}", new MetaRegressionOptions { Moderators = moderator }, effects);
        foreach (var correction in Enum.GetValues<SmallSampleCorrection>())
        {
            var (regression, pooled) = (MetaRegression.Fit(effects, rater + year), RandomEffects.Fit(effects));
            _fits.Add(($"regression, {correction}", regression, regression.Robust("cluster", correction), Exact));
            _fits.Add(($"pooled, {correction}", pooled, pooled.Robust("cluster", correction), Exact));
        }
    }

    private void AddMultilevel(Random random)
    {
        MultilevelOptions nested = new() { Levels = ["sample", MultilevelModel.EachEffect] };
        foreach (var k in (int[])[4, 7, 12, 20])
        {
            var effects = Ugly(random, k);
            var given = Enumerable.Range(0, k / 2).Select(i => (int[])[2 * i, 2 * i + 1]).ToDictionary(g => effects.Column("sample").Text(g[0])!, g => new[,]
            {
                { effects.Variances[g[0]], 0.3 * Math.Sqrt(effects.Variances[g[0]] * effects.Variances[g[1]]) },
                { 0.3 * Math.Sqrt(effects.Variances[g[0]] * effects.Variances[g[1]]), effects.Variances[g[1]] },
            });
            MultilevelOptions[] models =
            [
                nested, nested with { SamplingCorrelation = 0.6, Method = LikelihoodMethod.Full }, nested with { Levels = ["sample"], Inference = Inference.Normal, ConfidenceLevel = 0.9 },
                new() { SamplingCovariance = SamplingCovariance.Within("sample", 0.5).BetweenKinds("outcome", 0.2) },
                nested with { SamplingCovariance = SamplingCovariance.Within("sample", 0.7).OverTime("x", 0.8), DegreesOfFreedom = DegreesOfFreedomMethod.Residual },
                nested with { SamplingCovariance = SamplingCovariance.Within("sample", 0.7).IndependentBetween("outcome"), FixedSigmaSquared = new Dictionary<string, double> { ["sample"] = effects.Variances[0] } },
                nested with { SamplingCovariance = SamplingCovariance.Given("sample", given) },
                new() { Levels = ["sample"], CrossedFactors = ["outcome"] }, nested with { Weights = [.. effects.Effects.Select(_ => 0.1 + random.NextDouble())] },
            ];
            for (var m = 0; m < models.Length; m++) Add($"multilevel {m}", models[m], effects, Searched);
            if (k < 9) continue;
            Add("multilevel, moderators", nested with { Moderators = Moderator.Category("rater") + Moderator.Number("x"), SamplingCorrelation = 0.4 }, effects, Searched);
            Add("multilevel, means", nested with { Moderators = Moderator.Category("outcome").WithoutIntercept() }, effects, Searched);
        }
    }

    private void AddMultivariate(Random random)
    {
        foreach (var k in (int[])[12, 16, 24])
        {
            var effects = Ugly(random, k);
            foreach (var structure in Enum.GetValues<CovarianceStructure>())
            {
                var isOverTime = structure is CovarianceStructure.Autoregressive or CovarianceStructure.HeteroscedasticAutoregressive or CovarianceStructure.ContinuousAutoregressive;
                Add($"{structure}", new MultivariateOptions { Cluster = "sample", Outcome = isOverTime ? "time" : "outcome", Structure = structure, SamplingCorrelation = 0.4, CommonMean = isOverTime }, effects, Bounded);
            }
        }
    }

    private void AddBundled()
    {
        Add("Molloy et al. 2014", new RandomEffectsOptions(), Datasets.Molloy2014().Correlations());
        Add("McDaniel et al. 1994", new MetaRegressionOptions { Moderators = Moderator.Category("type") * Moderator.Category("struct") }, Datasets.McDaniel1994().Correlations());
        Add("simulated", new MultilevelOptions { Levels = ["sample", MultilevelModel.EachEffect], SamplingCorrelation = 0.6, Moderators = Moderator.Category("rater") }, Datasets.EmpathyEffectsSimulated().Correlations(), Searched);
    }

    private void Add(string name, ModelOptions options, StudyEffects effects, double tolerance = Exact)
    {
        var fit = options.FitTo(effects);
        _fits.Add((name, fit, options is MultilevelOptions { Weights: null, CrossedFactors.Count: 0 } ? ((DependentFit)fit).Robust((SmallSampleCorrection)(_fits.Count % 4), "sample") : null, tolerance));
    }

    private void Agree()
    {
        var twins = _fits.Select(f => RTwin.Of(f.Fit, f.Robust)).ToList();
        var found = RProcess.Numbers(twins);
        var faults = new List<string>();
        for (var i = 0; i < twins.Count; i++)
        {
            var ((fitted, fit, _, tolerance), (numbers, error)) = (_fits[i], found[i]);
            fitted += $" (k = {fit.Count})";
            if (error is not null || numbers.Length != twins[i].Numbers.Length) faults.Add($"{fitted}: {numbers.Length} of {twins[i].Numbers.Length} numbers. {error}");
            var variance = fit.Effects.Variances.Average();
            for (var j = 0; j < Math.Min(numbers.Length, twins[i].Numbers.Length); j++)
            {
                var (name, _, value) = twins[i].Numbers[j];
                // What is 0 here is so in the unit of variances or effects.
                var unit = Math.Min(1, name.Contains("squared", StringComparison.Ordinal) || name.StartsWith("covariance", StringComparison.Ordinal) ? variance : Math.Sqrt(variance));
                if (!(Math.Abs(numbers[j] - value) <= tolerance * Math.Max(unit, Math.Abs(value)))) faults.Add(string.Create(CultureInfo.InvariantCulture, $"{fitted}: {name} is {value:R} here and {numbers[j]:R} in R"));
                if (name == "log-likelihood" && numbers[j] > value + 1e-7) faults.Add($"{fitted}: R finds parameters that are more likely.");
            }
        }
        Assert.True(faults.Count == 0, string.Join('\n', faults.Take(40)));
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
