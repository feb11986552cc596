namespace EmpathyNotebooks.MetaAnalysis.Tests.Multiverses;

/// <summary>Variance explained and the test by signs against sums and refits written out.</summary>
public sealed class MultiverseStatisticsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 12)];

    private static readonly TauSquaredEstimator?[] Estimators = [TauSquaredEstimator.RestrictedMaximumLikelihood, TauSquaredEstimator.DerSimonianLaird, null];

    private static readonly Inference[] Tests = [Inference.HartungKnapp, Inference.Normal];

    private static StudyEffects Draw(int seed)
    {
        var random = new Random(seed);
        var k = random.Next(4, 9);
        double Scale() => seed % 4 == 3 ? Math.Pow(10, random.Next(-4, 3)) : 1;
        double[] v = [.. Enumerable.Range(0, k).Select(_ => (0.004 + 0.05 * random.NextDouble()) * Scale())];
        // Ties, one sign, or effects that scatter.
        double[] y = [.. Enumerable.Range(0, k).Select(i => seed % 3 == 0 ? 0.1 * random.Next(1, 4) : 0.3 * random.NextDouble() - 0.05 + Math.Sqrt(v[i]) * (random.NextDouble() - 0.5))];
        return StudyEffects.Create(y, v, EffectMeasure.FisherZ, columns: [StudyColumn.OfTexts("g", Enumerable.Range(0, k).Select(i => i % 3 == 0 ? "a" : "b"))]);
    }

    private static Multiverse Of(StudyEffects effects, Alternative direction = Alternative.TwoSided) => Multiverse.Of(effects, new() { Direction = direction })
        .Choose("studies", "?", Equivalence.Uncertain, Specify.AllStudies, Specify.Without("g", "a"), Specify.WithoutOutlying())
        .ChooseEstimator("?", Equivalence.Equivalent, Estimators)
        .ChooseTest("?", Equivalence.Equivalent, Tests);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Variance_explained_is_that_of_sums_written_out(int seed)
    {
        var result = Of(Draw(seed)).Run(cancellation: Token);
        (string[] Options, double Y)[] all = [.. result.Specifications.Select(s => (result.OptionsOf(s).Select(o => o.Value).ToArray(), s.Value.Estimate))];
        var mean = all.Average(a => a.Y);
        var variance = all.Average(a => Math.Pow(a.Y - mean, 2));
        foreach (var (c, influence) in result.Main.Influence.Index())
        {
            var main = all.GroupBy(a => a.Options[c]).Sum(g => g.Count() * Math.Pow(g.Average(a => a.Y) - mean, 2)) / all.Length;
            var left = all.GroupBy(a => string.Join('|', a.Options.Where((_, i) => i != c))).Sum(g => g.Sum(a => Math.Pow(a.Y - g.Average(b => b.Y), 2))) / all.Length;
            Assert.Equal(variance < 1e-20 ? 0 : main / variance, influence.Share, 1e-9);
            Assert.Equal(variance < 1e-20 ? 0 : left / variance, influence.TotalShare, 1e-9);
            Assert.All(influence.Options, o => Assert.Equal(all.Where(a => a.Options[c] == o.Name).Average(a => a.Y), o.Mean, 1e-12));
        }
        if (!result.Main.IsComplete) return;
        // Over a complete grid main effects never exceed the whole, nor what they have with interactions.
        Assert.True(result.Main.Influence.Sum(i => i.Share) <= 1 + 1e-9);
        Assert.All(result.Main.Influence, i => Assert.True(i.Share <= i.TotalShare + 1e-9));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_test_is_that_of_refits_of_every_pattern_of_signs(int seed)
    {
        var effects = Draw(seed);
        var direction = (Alternative)(seed % 3);
        var part = Of(effects, direction).Run(cancellation: Token).Main;
        var test = part.Test(new() { Permutations = 512 }, cancellation: Token);
        Assert.True(test.IsExact);
        Assert.Equal(1 << effects.Count, test.Permutations);
        var numbers = part.Specifications.Select(s => s.Number).ToHashSet();
        (double Median, double Share, double Z)[] patterns = [.. Enumerable.Range(0, 1 << effects.Count).Select(pattern => ByRefits(effects, pattern, numbers, direction))];
        Check(test.Median, patterns.Select(p => p.Median));
        Check(test.ShareSignificant, patterns.Select(p => p.Share));
        Check(test.Stouffer, patterns.Select(p => p.Z));

        static void Check(MultiverseStatistic statistic, IEnumerable<double> patterns)
        {
            double[] all = [.. patterns];
            Assert.Equal(all[0], statistic.Observed, 1e-9);
            Assert.Equal(all.Count(p => p >= all[0] - 1e-9 * Math.Max(1e-3, Math.Abs(all[0]))) / (double)all.Length, statistic.PValue, 1e-12);
            Assert.Equal(0, statistic.StandardError);
        }
    }

    private static (double Median, double Share, double Z) ByRefits(StudyEffects effects, int pattern, HashSet<int> numbers, Alternative direction)
    {
        var flipped = StudyEffects.Create([.. effects.Effects.Select((y, i) => (pattern >> i & 1) == 1 ? -y : y)], effects.Variances, effects.Measure, columns: effects.Columns);
        List<(double Estimate, double P)> found = [];
        for (var n = 0; n < 18; n++)
        {
            if (!numbers.Contains(n)) continue;
            var used = (n / 6) switch
            {
                0 => flipped,
                1 => flipped.Where("g", "b"),
                _ => flipped.Select([.. RandomEffects.Fit(flipped, new() { Inference = Inference.Normal }).Influence().Rows.Where(r => !(Math.Abs(r.StudentizedResidual ?? 0) > 1.96)).Select(r => r.Index)]),
            };
            if (used.Count < 2) continue;
            var fit = Estimators[n / 2 % 3] is { } estimator ? RandomEffects.Fit(used, new() { TauSquared = estimator, Inference = Tests[n % 2] }) : EqualEffects.Fit(used, new() { Inference = Tests[n % 2] });
            found.Add((fit.Estimate, fit.PValue));
        }
        double[] sorted = [.. found.Select(f => f.Estimate).Order()];
        var median = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        var side = direction == Alternative.Greater ? 1 : direction == Alternative.Less ? -1 : median < 0 ? -1 : 1;
        var share = found.Count(f => f.P < 0.05 && Math.Sign(f.Estimate) == side) / (double)found.Count;
        var z = found.Sum(f => Math.Sign(f.Estimate) * Math.Min(38, f.P >= 1 ? 0 : -MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, f.P / 2))) / Math.Sqrt(found.Count);
        return direction == Alternative.TwoSided ? (Math.Abs(median), share, Math.Abs(z)) : (side * median, share, side * z);
    }

    /// <summary>Two to twelve studies, ties, one sign, variances over many decades: everything is a finite number or has its reason.</summary>
    [Fact]
    public void Ugly_data_leave_no_combination_without_a_number_or_a_reason()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var k = 2 + seed % 11;
            double[] v = [.. Enumerable.Range(0, k).Select(_ => seed % 5 == 0 ? 0.01 : Math.Pow(10, random.NextDouble() * (seed % 4 == 0 ? 12 : 2) - (seed % 4 == 0 ? 8 : 3)))];
            double[] y = [.. v.Select(x => seed % 7 == 0 ? 0.2 : seed % 3 == 0 ? 0.1 * random.Next(0, 3) : Math.Sqrt(x) * (2 * random.NextDouble() - 0.5))];
            var effects = StudyEffects.Create(y, v, EffectMeasure.FisherZ, columns: [StudyColumn.OfTexts("g", Enumerable.Range(0, k).Select(i => random.Next(2) == 0 ? "a" : "b")), StudyColumn.OfTexts("s", Enumerable.Range(0, k).Select(i => $"{i / 2}"))]);
            var result = Multiverse.Of(effects)
                .Choose("g", "?", Equivalence.NonEquivalent, Specify.AllStudies, Specify.Only("g", "a"), Specify.Only("g", "b"))
                .Choose("rule", "?", Equivalence.Uncertain, Specify.AllStudies, Specify.WithoutOutlying(), Specify.WithoutInfluential("s"))
                .Choose("model", "?", Equivalence.Uncertain, Specify.Independent("s"), Specify.Averaged("s"), Specify.RobustVariance("s"))
                .ChooseEstimator("?", Equivalence.Uncertain, TauSquaredEstimator.RestrictedMaximumLikelihood, TauSquaredEstimator.GeneralizedQ, TauSquaredEstimator.SidikJonkman, null)
                .Choose("test", "?", Equivalence.Uncertain, Specify.SmallSampleTest, Specify.Test(Inference.KenwardRoger), Specify.RobustTest())
                .Choose("adjustment", "?", Equivalence.NonEquivalent, Specify.Unadjusted, Specify.TrimAndFill(), Specify.PetPeese(), Specify.AdequatelyPowered(), Specify.Limit())
                .Run(cancellation: Token);
            Assert.Equal(result.Combinations, result.Specifications.Length + result.Impossible.Sum(i => i.Combinations));
            Assert.All(result.Impossible, i => Assert.EndsWith(".", i.Reason, StringComparison.Ordinal));
            Assert.All(result.Specifications, s =>
            {
                Assert.True(double.IsFinite(s.Value.Estimate), $"{seed}: {s}");
                Assert.False(s.Value.StandardError is { } error && double.IsNaN(error) || s.Value.PValue is { } p && !(p is >= 0 and <= 1) || s.Value.Interval is { } i && (double.IsNaN(i.Lower) || double.IsNaN(i.Upper)), $"{seed}: {s}");
            });
            // One in the middle, by a fit of its own.
            foreach (var one in result.Specifications.Where(s => result.OptionsOf(s) is var o && o[0].Value == "b" && o[1].Value == "all studies" && o[2].Value == "averages" && o[3].Value == "GENQ" && o[4].Value == "small-sample test" && o[5].Value == "unadjusted"))
            {
                Assert.Equal(RandomEffects.Fit(effects.Where("g", "b").AverageWithin("s", 0.6), new() { TauSquared = TauSquaredEstimator.GeneralizedQ }).PValue, one.Value.PValue!.Value, 1e-12);
            }
            Assert.All(result.Parts, p => Assert.All(p.Influence, i => Assert.True(i.Share is >= 0 and <= 1 && i.TotalShare is >= 0 and <= 1)));
            if (seed % 8 == 0) Assert.InRange(result.Main.Test(new() { Permutations = 99 }, cancellation: Token).Median.PValue, 1e-9, 1);
        }
    }

    [Fact]
    public void Random_signs_are_the_same_for_the_same_seed_and_near_the_exact_test()
    {
        var effects = StudyEffects.Create([0.31, 0.08, 0.25, 0.20, -0.22, 0.18, -0.10, 0.27], [0.006, 0.010, 0.009, 0.005, 0.012, 0.011, 0.007, 0.009], EffectMeasure.FisherZ,
            columns: [StudyColumn.OfTexts("g", ["a", "b", "a", "b", "a", "b", "a", "b"])]);
        var part = Of(effects).Run(cancellation: Token).Main;
        var exact = part.Test(new() { Permutations = 10_000 }, cancellation: Token);
        // 99 is fewer than the patterns there are.
        var (first, again) = (part.Test(new() { Permutations = 99, Seed = 7 }, cancellation: Token), part.Test(new() { Permutations = 99, Seed = 7 }, cancellation: Token));
        Assert.True(Enumerable.Range(8, 6).Select(seed => part.Test(new() { Permutations = 99, Seed = (ulong)seed }, cancellation: Token).Median.PValue).Distinct().Count() > 1);
        Assert.Equal(first.ToString(), again.ToString());
        Assert.Equal(first.Band, again.Band);
        Assert.False(first.IsExact);
        Assert.InRange(first.Median.PValue, exact.Median.PValue - 0.2, exact.Median.PValue + 0.2);
        Assert.True(first.Median.PValue >= 1 / 99.0);
        Assert.Equal(Math.Sqrt(first.Median.PValue * (1 - first.Median.PValue) / 99), first.Median.StandardError, 1e-15);
        Assert.Equal(exact.Undetermined == 0 ? part.Specifications.Length : 0, exact.Band.Length);
        Assert.All(exact.Band.Zip(exact.Band.Skip(1)), pair => Assert.True(pair.First.Lower <= pair.Second.Lower && pair.First.Upper <= pair.Second.Upper));
    }

    [Fact]
    public void Signs_of_samples_go_together_where_a_model_names_them()
    {
        var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52, 0.38, 0.10, 0.27], [0.006, 0.010, 0.009, 0.005, 0.012, 0.011, 0.007, 0.009], EffectMeasure.FisherZ,
            columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F"]), StudyColumn.OfTexts("lab", ["1", "1", "1", "2", "2", "2", "3", "3"])]);
        var test = Multiverse.Of(effects).Choose("model", "?", Equivalence.Uncertain, Specify.Averaged("sample"), Specify.Independent()).Run(cancellation: Token).Main.Test(cancellation: Token);
        Assert.Equal((64, "samples of sample", true), (test.Permutations, test.Units, test.IsExact));
        // All of one sign: only the data and their mirror image are as far from 0.
        Assert.Equal(2 / 64.0, test.Median.PValue);
        var two = Multiverse.Of(effects).Choose("model", "?", Equivalence.Uncertain, Specify.Averaged("sample"), Specify.Averaged("lab").Named("by lab")).Run(cancellation: Token).Main;
        Assert.Contains("different samples", Assert.Throws<ImpossibleChoiceException>(() => two.Test(cancellation: Token)).Message, StringComparison.Ordinal);
        var proportions = StudyEffects.Create([0.2, 0.4, 0.3], [0.01, 0.02, 0.01], EffectMeasure.Proportion);
        Assert.Throws<ImpossibleChoiceException>(() => Multiverse.Of(proportions).ChooseTest("?", Equivalence.Uncertain, Inference.Normal).Run(cancellation: Token).Main.Test(cancellation: Token));
        var few = Multiverse.Of(effects.Select([0, 2, 3])).ChooseTest("?", Equivalence.Uncertain, Inference.Normal).Run(cancellation: Token).Main.Test(cancellation: Token);
        Assert.Contains("no p below .250", Assert.Single(few.Warnings), StringComparison.Ordinal);
    }
}
