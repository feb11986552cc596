using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis.Tests.Golden;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Resampling;

/// <summary>Fits to subsets, against metafor's gosh() and refits of their own.</summary>
public sealed class GoshTests
{
    /// <summary>The probabilities of the quantiles in the reference.</summary>
    private static readonly double[] Probabilities = [0, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 1];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Reference.Cases("gosh.json").Count)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void All_subsets_are_those_of_metafor(int number)
    {
        var reference = Reference.Cases("gosh.json")[number];
        var results = reference.GetProperty("results");
        var k = results.GetProperty("k").GetInt32();
        var effects = Reference.Load(reference.GetProperty("dataset").GetString()!).Select([.. Enumerable.Range(0, k)]);
        var model = reference.GetProperty("options").GetProperty("model").GetString()!;
        IModelFit fit = model == "EE" ? EqualEffects.Fit(effects) : RandomEffects.Fit(effects, new() { TauSquared = model == "DL" ? TauSquaredEstimator.DerSimonianLaird : TauSquaredEstimator.RestrictedMaximumLikelihood });
        var gosh = fit.Gosh(cancellation: Token);
        var tolerance = model == "REML" ? 1e-5 : 1e-9;

        Assert.True(gosh.IsExhaustive);
        Assert.Equal((1L << k) - 1, gosh.Subsets);
        Assert.Equal(0, gosh.Undetermined);
        Check(gosh.Estimate, "estimate", 1);
        // metafor nears a tau² of 0 by halving and stops at some 1e-5 of a percent of I² or more.
        Check(gosh.ISquared, "I2", 100, model == "REML" ? 0.01 : tolerance);
        Check(gosh.TauSquared, "tau2", 1);
        Check(gosh.Q, "QE", 1);
        var studies = results.GetProperty("per_study");
        foreach (var (i, study) in gosh.Studies.Index())
        {
            Near(studies[i].GetProperty("mean_estimate_with").GetDouble(), study.MeanWith, "with");
            Near(studies[i].GetProperty("mean_estimate_without").GetDouble(), study.MeanWithout, "without");
        }

        void Check(SubsetSummary summary, string name, double factor, double? limit = null)
        {
            if (!results.TryGetProperty(name, out var expected)) return;
            Near(expected.GetProperty("mean").GetDouble(), factor * summary.Mean, name, limit);
            Near(expected.GetProperty("sd").GetDouble(), factor * summary.StandardDeviation, name, limit);
            foreach (var (q, value) in expected.GetProperty("quantiles_type7").EnumerateArray().Select(v => v.GetDouble()).Index()) Near(value, factor * summary.Quantile(Probabilities[q]), $"{name} {Probabilities[q]}", limit);
        }

        void Near(double expected, double actual, string what, double? limit = null) => Assert.True(Math.Abs(actual - expected) <= (limit ?? tolerance) * Math.Max(1, Math.Abs(expected)), $"{what}: {actual:R}, reference {expected:R}");
    }

    /// <summary>Wild variances, ties and few studies: each subset is what a fit of it alone gives.</summary>
    [Theory]
    [InlineData(TauSquaredEstimator.DerSimonianLaird)]
    [InlineData(TauSquaredEstimator.PauleMandel)]
    [InlineData(null)]
    public void Each_subset_is_what_a_fit_of_it_alone_gives(TauSquaredEstimator? estimator)
    {
        var random = new Philox(11);
        for (var design = 0; design < 40; design++)
        {
            random.MoveTo((ulong)design);
            var k = 3 + random.NextBelow(6);
            double[] y = new double[k], v = new double[k];
            for (var i = 0; i < k; i++)
            {
                v[i] = Math.Pow(10, -6 + 8 * random.NextDouble());
                y[i] = design % 3 == 0 ? Math.Round(2 * random.NextDouble()) : 100 + random.NextDouble() * (design % 3 == 1 ? 1 : 50);
            }
            var gosh = FitOf([.. y], [.. v], estimator).Gosh(cancellation: Token);
            Assert.Equal((1 << k) - 1, gosh.Points.Length);
            Assert.Equal(gosh.Subsets, gosh.Points.Length);
            foreach (var point in gosh.Points)
            {
                int[] rows = [.. Enumerable.Range(0, k).Where(i => (point.Members >> i & 1) == 1)];
                double[] ys = [.. rows.Select(i => y[i])], vs = [.. rows.Select(i => v[i])];
                if (rows.Length == 1)
                {
                    Assert.Equal(ys[0], point.Estimate, 1e-12 * Math.Abs(ys[0]));
                    Assert.Equal(0, point.TauSquared);
                    continue;
                }
                var alone = FitOf(ys, vs, estimator);
                Assert.Equal(alone.Estimate, point.Estimate, 1e-9 * (1 + Math.Abs(alone.Estimate)));
                Assert.Equal(alone.TauSquared, point.TauSquared, 1e-8 * (alone.TauSquared + 1e-3));
                Assert.Equal(alone.Heterogeneity.ISquared, point.ISquared, 1e-8);
            }
        }

        static PooledFit FitOf(double[] y, double[] v, TauSquaredEstimator? estimator) => estimator is { } named
            ? RandomEffects.Fit(StudyEffects.Create(y, v), new() { TauSquared = named }) : EqualEffects.Fit(StudyEffects.Create(y, v));
    }

    [Fact]
    public void A_regression_and_a_multilevel_model_are_refitted_to_subsets_that_determine_them()
    {
        var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, -0.12, 0.38, 0.25], [0.006, 0.010, 0.009, 0.005, 0.012, 0.011, 0.03], EffectMeasure.FisherZ,
            columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E"]), StudyColumn.OfNumbers("year", [1, 2, 2, 4, 4, 6, 7])]);
        var regression = MetaRegression.Fit(effects, Moderator.Number("year"));
        var gosh = regression.Gosh(cancellation: Token);
        Assert.Equal("year", gosh.Coefficient);
        Assert.Equal((1 << 7) - 1, gosh.Subsets + gosh.Undetermined);
        // Two studies or fewer, for tau squared needs a degree of freedom.
        Assert.Equal(7 + 21, gosh.Undetermined);
        foreach (var point in gosh.Points)
        {
            int[] rows = [.. Enumerable.Range(0, 7).Where(i => (point.Members >> i & 1) == 1)];
            var alone = MetaRegression.Fit(effects.Select(rows), Moderator.Number("year"));
            Assert.Equal(alone.Coefficients[1].Estimate, point.Estimate, 1e-7);
            Assert.Equal(alone.TauSquared, point.TauSquared, 1e-7);
        }
        Assert.Equal(regression.Coefficients[0].Estimate, regression.Gosh(new() { Coefficient = "Intercept" }, cancellation: Token).Points.Single(p => p.Members == 127).Estimate, 1e-9);
        Assert.Contains("year", Assert.Throws<StudyDataException>(() => regression.Gosh(new() { Coefficient = "yaer" }, cancellation: Token)).Message, StringComparison.Ordinal);

        var multilevel = MultilevelModel.Fit(effects, ["sample", MultilevelModel.EachEffect], new() { SamplingCorrelation = 0.5 });
        var clusters = multilevel.Gosh(cancellation: Token);
        Assert.Equal(["A", "B", "C", "D", "E"], clusters.Studies.Select(s => s.Label));
        Assert.Equal(31, clusters.Subsets + clusters.Undetermined);
        Assert.Equal(multilevel.Coefficients[0].Estimate, clusters.Points.Single(p => p.Members == 31).Estimate, 1e-7);
    }

    [Fact]
    public void A_study_that_divides_the_cloud_is_named()
    {
        var effects = StudyEffects.Create([.. Enumerable.Range(0, 16).Select(i => 0.1 + 0.02 * i)], [.. Enumerable.Range(0, 16).Select(i => 0.01 + 0.001 * (i % 5))], EffectMeasure.FisherZ);
        var plain = RandomEffects.Fit(effects, new() { TauSquared = TauSquaredEstimator.DerSimonianLaird }).Gosh(cancellation: Token);
        Assert.Empty(plain.Outlying);
        Assert.EndsWith("; no study divides the cloud", plain.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, plain.Studies.Sum(s => s.EstimateExplained), 0.1);
        Assert.InRange(plain.Points.Length, 10_000, 20_000);

        double[] changed = [.. effects.Effects];
        changed[4] = 1.8;
        var gosh = RandomEffects.Fit(StudyEffects.Create(changed, effects.Variances, effects.Measure, effects.Labels), new() { TauSquared = TauSquaredEstimator.DerSimonianLaird }).Gosh(cancellation: Token);
        Assert.Equal([effects.Labels[4]], gosh.Outlying);
        Assert.True(gosh.Studies[4].MeanWith > gosh.Studies[4].MeanWithout + 0.1);
    }

    [Fact]
    public void Random_subsets_come_near_all_of_them_and_are_the_same_every_time()
    {
        var effects = Reference.Load("molloy2014");
        var fit = RandomEffects.Fit(effects);
        var all = fit.Gosh(cancellation: Token);
        var random = fit.Gosh(new() { Subsets = 20_000, ExhaustiveUpTo = 0 }, cancellation: Token);

        Assert.True(all.IsExhaustive);
        Assert.Equal(65_535, all.Subsets);
        Assert.False(random.IsExhaustive);
        Assert.Equal(20_000, random.Subsets);
        Assert.Equal(all.Estimate.Mean, random.Estimate.Mean, 4 * all.Estimate.StandardDeviation / Math.Sqrt(20_000));
        Assert.Equal(all.Estimate.Median, random.Estimate.Median, 6 * all.Estimate.StandardDeviation / Math.Sqrt(20_000));
        var again = fit.Gosh(new() { Subsets = 20_000, ExhaustiveUpTo = 0 }, cancellation: Token);
        Assert.Equal(random.Estimate.Quantiles, again.Estimate.Quantiles);
        Assert.Equal((random.Estimate.Mean, random.ISquared.StandardDeviation), (again.Estimate.Mean, again.ISquared.StandardDeviation));
        Assert.Equal(random.Studies, again.Studies);
        Assert.NotEqual(random.Estimate.Mean, fit.Gosh(new() { Subsets = 20_000, ExhaustiveUpTo = 0, Seed = 6 }, cancellation: Token).Estimate.Mean);
    }

    [Fact]
    public void More_studies_than_bits_of_a_number_are_drawn_from_too_and_what_cannot_be_is_refused()
    {
        var gosh = EqualEffects.Fit(Reference.Load("mcdaniel1994")).Gosh(new() { Subsets = 500 }, cancellation: Token);
        Assert.Equal((160, 500L), (gosh.Studies.Length, gosh.Subsets));
        Assert.All(gosh.Studies, s => Assert.InRange(s.EstimateExplained, 0, 0.3));

        var two = StudyEffects.Create([0.1, 0.2], [0.01, 0.02], columns: [StudyColumn.OfNumbers("x", [1, 2])]);
        Assert.Throws<InsufficientStudiesException>(() => EqualEffects.Fit(two).Gosh(cancellation: Token));
        var three = StudyEffects.Create([0.1, 0.2, 0.4], [0.01, 0.02, 0.03], columns: [StudyColumn.OfNumbers("x", [1, 2, 3])]);
        Assert.Equal(ChoiceFault.NeedsOwnWeights, Assert.Throws<ImpossibleChoiceException>(() => EqualEffects.Fit(three, new() { Weights = [1, 2, 3] }).Gosh(cancellation: Token)).Kind);
        Assert.Equal(ChoiceFault.UndefinedForFit, Assert.Throws<ImpossibleChoiceException>(() => LocationScale.Fit(three, new()).Gosh(cancellation: Token)).Kind);
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => EqualEffects.Fit(three).Gosh(cancellation: source.Token));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GoshOptions { Subsets = 99 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new GoshOptions { ExhaustiveUpTo = 26 });
    }

    [Fact]
    public void Quantiles_are_those_of_sorted_numbers()
    {
        var random = new Philox(2);
        foreach (var n in (int[])[1, 2, 5, 63, 64, 65, 1000, 5003])
        {
            double[] values = [.. Enumerable.Range(0, n).Select(i => n % 2 == 0 ? Math.Round(9 * random.NextDouble()) : random.NextDouble())];
            double[] sorted = [.. values.Order()];
            double[] probabilities = [0, 0.025, 0.3, 0.5, 0.999, 1];
            var quantiles = OrderStatistics.Quantiles(values, probabilities);
            foreach (var (p, quantile) in probabilities.Zip(quantiles))
            {
                var place = p * (n - 1);
                var low = (int)place;
                Assert.Equal(low == place ? sorted[low] : sorted[low] + (place - low) * (sorted[low + 1] - sorted[low]), quantile, 1e-14);
            }
        }
    }

    /// <summary>Of more than 64 studies the bits of a point do not have all; the members do, and the fit to them is that of the point.</summary>
    [Theory]
    [InlineData(12)]
    [InlineData(70)]
    public void Members_of_a_point_are_its_studies(int k)
    {
        var effects = StudyEffects.Create([.. Enumerable.Range(0, k).Select(i => 0.2 + 0.3 * Math.Sin(i * 2.4))], [.. Enumerable.Range(0, k).Select(i => 0.01 + 0.002 * (i % 5))], EffectMeasure.FisherZ);
        var fit = RandomEffects.Fit(effects, new() { TauSquared = TauSquaredEstimator.DerSimonianLaird });
        var gosh = fit.Gosh(new() { Subsets = 300, ExhaustiveUpTo = 0 }, cancellation: Token);

        foreach (var point in (int[])[0, 1, 100, gosh.Points.Length - 1])
        {
            var members = gosh.Members(point);
            int[] rows = [.. Enumerable.Range(0, k).Where(i => members[i])];
            Assert.All(Enumerable.Range(0, Math.Min(k, 64)), i => Assert.Equal(members[i], (gosh.Points[point].Members >> i & 1) == 1));
            if (rows.Length > 1) Assert.Equal(((IModelFit)fit).Refit(rows).Coefficients[0].Estimate, gosh.Points[point].Estimate, 1e-9);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => gosh.Members(gosh.Points.Length));
    }
}
