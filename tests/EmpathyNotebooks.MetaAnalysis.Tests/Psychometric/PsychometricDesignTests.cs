using EmpathyNotebooks.MetaAnalysis.Tests.PublicationBias;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.MetaAnalysis.Tests.PsychometricTests;

/// <summary>Small ugly data, limits, and what must hold whatever the data are.</summary>
public sealed class PsychometricDesignTests
{
    private static StudyEffects Correlations(double[] r, int[] n, double?[]? rxx = null, double?[]? ryy = null, double?[]? u = null, string?[]? group = null)
    {
        List<StudyColumn> columns = [];
        if (rxx is not null) columns.Add(StudyColumn.OfNumbers("rxx", rxx));
        if (ryy is not null) columns.Add(StudyColumn.OfNumbers("ryy", ryy));
        if (u is not null) columns.Add(StudyColumn.OfNumbers("u", u));
        if (group is not null) columns.Add(StudyColumn.OfTexts("group", group));
        return StudyEffects.Create(r, [.. r.Select((x, i) => Math.Max(1e-12, (1 - x * x) * (1 - x * x) / (n[i] - 1)))], EffectMeasure.Correlation, sampleSizes: n, columns: columns);
    }

    private static PsychometricOptions All(RangeRestrictionKind restriction, ArtifactMethod? method = null) =>
        new() { PredictorReliability = "rxx", OutcomeReliability = "ryy", RangeRatio = "u", RangeRestriction = restriction, Method = method };

    [Fact]
    public void Ugly_designs_give_numbers_or_a_reason()
    {
        var random = new Random(20261129);
        var (answered, refused) = (0, 0);
        for (var design = 0; design < 1500; design++)
        {
            var k = random.Next(2, 13);
            double[] r = [.. Enumerable.Range(0, k).Select(_ => design % 7 == 0 ? 0 : design % 5 == 0 ? 0.3 : random.Next(-100, 101) / 100.0)];
            int[] n = [.. Enumerable.Range(0, k).Select(_ => random.Next(3, design % 2 == 0 ? 12 : 2000))];
            double? Artifact(double low, double high, bool missing) => missing && random.Next(4) == 0 ? null : Math.Round(low + (high - low) * random.NextDouble(), 2);
            var missing = design % 3 == 0;
            double?[] rxx = [.. r.Select(_ => Artifact(0.02, 1, missing))], ryy = [.. r.Select(_ => Artifact(0, 1, missing))], u = [.. r.Select(_ => Artifact(design % 4 == 0 ? 0.05 : 0.5, design % 6 == 0 ? 2 : 1, missing))];
            try
            {
                var options = All((RangeRestrictionKind)(1 + design % 2), design % 5 == 4 ? ArtifactMethod.Interactive : null) with { Target = (PsychometricTarget)(design % 3), SamplingError = (SamplingErrorFormula)(design % 2) };
                var fit = Psychometric.Fit(Correlations(r, n, rxx, ryy, u), options);
                foreach (var estimate in new[] { fit.Observed, fit.Corrected })
                {
                    double[] all = [estimate.Mean, estimate.StandardError, estimate.ConfidenceInterval.Lower, estimate.ConfidenceInterval.Upper, estimate.CredibilityInterval.Lower, estimate.CredibilityInterval.Upper,
                        estimate.Variance.Observed, estimate.Variance.SamplingError, estimate.Variance.Artifacts, estimate.Variance.Residual];
                    Assert.All(all, v => Assert.True(double.IsFinite(v)));
                    Assert.True(estimate.Variance.Residual >= 0 && estimate.StandardError >= 0 && estimate.ConfidenceInterval.Lower <= estimate.ConfidenceInterval.Upper);
                }
                Assert.All(fit.Studies, s => Assert.True(double.IsFinite(s.Corrected) && s.CorrectedVariance >= 0 && s.Weight is >= 0 and <= 1));
                Assert.Equal(1, fit.Studies.Sum(s => s.Weight), 1e-12);
                Assert.True(Math.Sign(fit.Corrected.Mean) == Math.Sign(fit.Observed.Mean) || fit.Method == ArtifactMethod.Individual);
                answered++;
            }
            catch (Exception fault) when (fault is StudyDataException or UndeterminedException)
            {
                Assert.NotEmpty(fault.Message);
                refused++;
            }
        }
        Assert.True(answered > 400 && refused > 100, $"{answered} answered, {refused} refused");
    }

    [Theory]
    [InlineData(0.0, 0.8, 0.7, "reliability")]
    [InlineData(1.2, 0.8, 0.7, "reliability")]
    [InlineData(0.8, 0.0, 0.7, "reliability")]
    [InlineData(0.8, 0.8, 0.0, "ratio")]
    [InlineData(0.8, 0.8, -0.5, "ratio")]
    [InlineData(0.3, 0.8, 1.5, "contradict")]
    [InlineData(0.75, 0.8, 2, "contradict")]
    public void An_impossible_artifact_is_named_with_its_study(double rxx, double ryy, double u, string said)
    {
        var fault = Assert.Throws<StudyDataException>(() => Psychometric.Fit(Correlations([0.2, 0.3], [50, 60], [0.8, rxx], [0.8, ryy], [0.8, u]), All(RangeRestrictionKind.Indirect)));

        Assert.Contains(said, fault.Message, StringComparison.Ordinal);
        Assert.Equal(2, fault.Row);
    }

    [Fact]
    public void Faults_say_what_would_be_right()
    {
        var plain = Correlations([0.2, 0.3], [50, 60], [0.8, null]);
        Assert.Equal("n", Assert.Throws<StudyDataException>(() => Psychometric.Fit(Correlations([0.2, 0.3], [3, 60]))).Column);
        Assert.Throws<InsufficientStudiesException>(() => Psychometric.Fit(Correlations([0.2], [50])));
        Assert.Contains("Taylor", Assert.Throws<StudyDataException>(() => Psychometric.Fit(plain, new() { PredictorReliability = "rxx", Method = ArtifactMethod.Individual })).Message, StringComparison.Ordinal);
        Assert.Equal(ChoiceFault.Incomplete, Assert.Throws<ImpossibleChoiceException>(() => Psychometric.Fit(plain, new() { RangeRestriction = RangeRestrictionKind.Direct })).Kind);
        Assert.Equal(ChoiceFault.Incomplete, Assert.Throws<ImpossibleChoiceException>(() => Psychometric.Fit(plain, new() { RangeRatio = "rxx" })).Kind);
        Assert.Equal(ChoiceFault.Incomplete, Assert.Throws<ImpossibleChoiceException>(() => Psychometric.Fit(plain, new() { Method = ArtifactMethod.Interactive })).Kind);
        Assert.Equal(ChoiceFault.GivenTwice, Assert.Throws<ImpossibleChoiceException>(() => Psychometric.Fit(plain, new() { PredictorReliability = "rxx", PredictorReliabilities = ArtifactDistribution.OfReliabilities([0.8]) })).Kind);
        Assert.Equal(ChoiceFault.UndefinedForFit, Assert.Throws<ImpossibleChoiceException>(() => Psychometric.Fit(StudyEffects.Create([0.2, 0.3], [0.1, 0.1], EffectMeasure.OddsRatio))).Kind);
        Assert.Throws<ArgumentOutOfRangeException>(() => Psychometric.Fit(plain, new() { Target = (PsychometricTarget)9 }));
        Assert.Throws<StudyDataException>(() => ArtifactDistribution.OfReliabilities([0.8, 1.1]));
        Assert.Throws<StudyDataException>(() => ArtifactDistribution.OfRangeRatios([]));
        Assert.Equal(StudyDataFault.NoSuchColumn, Assert.Throws<StudyDataException>(() => Psychometric.Fit(plain, new() { PredictorReliability = "rx" })).Kind);
    }

    [Fact]
    public void More_error_than_variance_leaves_no_spread_and_a_warning()
    {
        var fit = Psychometric.Fit(Correlations([0.20, 0.21, 0.22], [40, 50, 60]));

        Assert.Equal(0, fit.Corrected.StandardDeviation);
        Assert.Equal(fit.Corrected.Mean, fit.Corrected.CredibilityInterval.Lower);
        Assert.True(fit.PercentExplained > 100);
        Assert.Contains(fit.Warnings, w => w.Contains("more than all", StringComparison.Ordinal));
        Assert.Null(Psychometric.Fit(Correlations([0.2, 0.2], [50, 50])).PercentExplained);
    }

    [Fact]
    public void The_share_explained_is_said_of_effects_corrected_one_by_one()
    {
        var options = new PsychometricOptions { PredictorReliability = "rxx", Method = ArtifactMethod.Individual };
        var alike = Psychometric.Fit(Correlations([0.20, 0.21, 0.22], [40, 50, 60], [0.8, 0.7, 0.8]), options);
        Assert.Equal(100 * alike.Corrected.Variance.SamplingError / alike.Corrected.Variance.Observed, alike.PercentExplained!.Value, 1e-9);
        Assert.True(alike.PercentExplained > 100);
        Assert.Contains(alike.Warnings, w => w.Contains("more than all", StringComparison.Ordinal));
        var apart = Psychometric.Fit(Correlations([-0.20, 0.21, 0.62], [400, 500, 600], [0.8, 0.7, 0.8]), options);
        Assert.InRange(apart.PercentExplained!.Value, 0.1, 5);
        Assert.DoesNotContain(apart.Warnings, w => w.Contains("more than all", StringComparison.Ordinal));
        var equal = Psychometric.Fit(Correlations([0.2, 0.2], [50, 50], [0.8, 0.8]), options);
        Assert.Null(equal.PercentExplained);
        Assert.Contains(equal.Warnings, w => w.Contains("do not vary at all", StringComparison.Ordinal));
    }

    [Fact]
    public void Each_effect_that_is_corrected_by_its_own_artifacts_needs_all_of_them()
    {
        double[] r = [0.2, 0.3, 0.1];
        int[] n = [50, 60, 70];
        double?[] full = [0.8, 0.7, 0.9];
        for (var row = 0; row < 3; row++)
        {
            double?[] gap = [.. full];
            gap[row] = null;
            foreach (var (column, data) in new[] { ("rxx", Correlations(r, n, gap, full, full)), ("ryy", Correlations(r, n, full, gap, full)), ("u", Correlations(r, n, full, full, gap)) })
            {
                var fault = Assert.Throws<StudyDataException>(() => Psychometric.Fit(data, All(RangeRestrictionKind.Direct, ArtifactMethod.Individual)));
                Assert.Equal((column, row + 1), (fault.Column, fault.Row));
                Assert.Contains("must be known of each study", fault.Message, StringComparison.Ordinal);
            }
        }
    }

    /// <summary>The correction is defined, and the reliability of the outcome in the whole range above 0, from ryy = r²(1 - 1/u²) on: with u = 2 and r = .5 from .1875.</summary>
    [Theory]
    [InlineData(0.1875, false)]
    [InlineData(0.15, false)]
    [InlineData(0.19, true)]
    [InlineData(0.25, true)]
    public void An_outcome_too_unreliable_for_its_correlation_is_refused_whatever_is_asked(double ryy, bool isDefined)
    {
        var data = Correlations([0.2, 0.5], [50, 60], [0.9, 0.9], [0.8, ryy], [1, 2]);
        foreach (var target in Enum.GetValues<PsychometricTarget>())
        {
            var options = All(RangeRestrictionKind.Direct, ArtifactMethod.Individual) with { CorrectsSmallSampleBias = false, Target = target };
            if (isDefined) Assert.True(double.IsFinite(Psychometric.Fit(data, options).Corrected.Mean));
            else Assert.Contains("no correlation of the whole range is as large", Assert.Throws<StudyDataException>(() => Psychometric.Fit(data, options)).Message, StringComparison.Ordinal);
        }
    }

    /// <summary>A = r/ρ has a limit where r goes to 0, which r = 0 has too; set to 1 there the study would count too much.</summary>
    [Fact]
    public void A_correlation_of_zero_weighs_as_its_neighbours()
    {
        PsychometricFit At(double r) => Psychometric.Fit(Correlations([r, 0.4, 0.3], [50, 60, 70], [0.7, 0.8, 0.9], [0.6, 0.7, 0.8], [0.6, 0.7, 0.8]), All(RangeRestrictionKind.Indirect));

        Assert.Equal(At(1e-7).Studies[0].Weight, At(0).Studies[0].Weight, 1e-6);
        Assert.Equal(At(1e-7).Studies[0].CorrectedVariance, At(0).Studies[0].CorrectedVariance, 1e-6);
    }

    [Fact]
    public void Corrections_undo_what_artifacts_do()
    {
        foreach (var restriction in new[] { RangeRestrictionKind.None, RangeRestrictionKind.Direct, RangeRestrictionKind.Indirect })
        {
            foreach (var rho in new[] { -0.6, -0.1, 0.0, 0.3, 0.8 })
            {
                var correction = new Correction(restriction, 0.9, 0.85, restriction == RangeRestrictionKind.None ? 1 : 0.7);
                var r = correction.Attenuate(rho);
                Assert.Equal(rho, correction.Correct(r), 1e-14);
                Assert.Equal((correction.Correct(r + 1e-6) - correction.Correct(r - 1e-6)) / 2e-6, correction.Slope(r), 1e-8);
            }
        }
        Assert.Equal(0.64, RangeFormulas.UnrestrictReliability(RangeFormulasRestricted(0.64, 0.7), 0.7), 1e-14);

        static double RangeFormulasRestricted(double whole, double u) => 1 - (1 - whole) / (u * u);
    }

    /// <summary>
    /// Where artifacts differ little and in many small steps the two are one. With indirect restriction the series lets u vary at an unrestricted reliability, the crossing at a restricted one, so that their shares of
    /// the variance differ even then; that each is what it should be is held by the reference.
    /// </summary>
    [Theory]
    [InlineData(RangeRestrictionKind.None, 0.002)]
    [InlineData(RangeRestrictionKind.Direct, 0.01)]
    [InlineData(RangeRestrictionKind.Indirect, 0.25)]
    public void Both_ways_of_distributions_agree_where_artifacts_differ_little(RangeRestrictionKind restriction, double tolerance)
    {
        const int steps = 41;
        double[] Around(double mean) => [.. Enumerable.Range(0, steps).Select(i => mean + (i - steps / 2) * 0.0002)];
        var data = Correlations([0.1, 0.35, 0.25, 0.42, 0.3, 0.2], [400, 600, 500, 450, 700, 800]);
        var options = new PsychometricOptions
        {
            PredictorReliabilities = ArtifactDistribution.OfReliabilities(Around(0.8)), OutcomeReliabilities = ArtifactDistribution.OfReliabilities(Around(0.7)),
            RangeRatios = restriction == RangeRestrictionKind.None ? null : ArtifactDistribution.OfRangeRatios(Around(0.8)), RangeRestriction = restriction,
        };
        var series = Psychometric.Fit(data, options with { Method = ArtifactMethod.TaylorSeries }).Corrected;
        var crossed = Psychometric.Fit(data, options with { Method = ArtifactMethod.Interactive }).Corrected;

        Assert.Equal(series.Mean, crossed.Mean, 1e-5);
        // The crossing takes the variance of as many values as there are by 1/k, the series by 1/(k - 1).
        Assert.Equal(1, crossed.Variance.Artifacts / series.Variance.Artifacts * steps / (steps - 1), tolerance);
        Assert.Equal(1, crossed.Variance.Residual / series.Variance.Residual, 0.03);
    }

    [Fact]
    public void Parts_and_groups_are_the_same_analysis_again()
    {
        string[] labels = ["a", "a", "b", "b", "a", "b", "c"];
        var data = Correlations([0.1, 0.35, 0.25, 0.42, 0.3, 0.2, 0.5], [40, 60, 50, 45, 70, 80, 30], [0.7, 0.8, 0.9, 0.8, 0.7, 0.9, 0.8], group: labels);
        var options = new PsychometricOptions { PredictorReliability = "rxx" };
        var fit = Psychometric.Fit(data, options);

        var without = fit.LeaveOneOut();
        Assert.Equal(7, without.Length);
        Assert.Equal(Psychometric.Fit(data.Select([0, 1, 3, 4, 5, 6]), options).Corrected.Mean, without[2].Fit.Corrected.Mean);

        var groups = fit.Subgroups("group");
        Assert.Equal(["a", "b"], groups.Groups.Select(g => g.Name));
        Assert.Equal(Psychometric.Fit(data.Where("group", "b"), options).Corrected, groups.Groups[1].Fit.Corrected);
        Assert.Contains(groups.Warnings, w => w.Contains('c', StringComparison.Ordinal));
        var (a, b) = (groups.Groups[0].Fit.Corrected, groups.Groups[1].Fit.Corrected);
        Assert.Equal((a.Mean - b.Mean) * (a.Mean - b.Mean) / (a.StandardError * a.StandardError + b.StandardError * b.StandardError), groups.Between!.Value.Statistic, 1e-12);

        Assert.Equal(fit.Corrected.Mean, fit.ToPooled().Estimate, 1e-12);
        Assert.Equal(fit.Corrected.Mean, Psychometric.Fit(data.Select([6, 5, 4, 3, 2, 1, 0]), options).Corrected.Mean, 1e-14);
    }

    /// <summary>The 160 correlations of interviews and job performance that McDaniel, Whetzel, Schmidt and Maurer (1994, Journal of Applied Psychology 79, 599-616) pooled: a mean of .20 over more than 25,000 people.</summary>
    [Fact]
    public void Interviews_predict_job_performance_at_20()
    {
        string[][] rows = [.. File.ReadLines(Repository.PathTo("tests", "golden", "metafor", "data", "mcdaniel1994.csv")).Select(l => l.Split(','))];
        int ni = Array.FindIndex(rows[0], c => c.Trim('"') == "ni"), ri = Array.FindIndex(rows[0], c => c.Trim('"') == "ri");
        Assert.True(ni >= 0 && ri >= 0, string.Join(',', rows[0]));
        double[] r = [.. rows.Skip(1).Select(c => double.Parse(c[ri], System.Globalization.CultureInfo.InvariantCulture))];
        int[] n = [.. rows.Skip(1).Select(c => int.Parse(c[ni], System.Globalization.CultureInfo.InvariantCulture))];

        var fit = Psychometric.Fit(Correlations(r, n), new() { CorrectsSmallSampleBias = false });

        Assert.Equal((160, 25244.0), (fit.Count, fit.TotalSampleSize));
        Assert.Equal(0.20, fit.Observed.Mean, 0.005);
        Assert.Equal(r.Select((x, i) => x * n[i]).Sum() / n.Sum(), fit.Observed.Mean, 1e-14);
    }

    /// <summary>
    /// The made-up example of Hunter, Schmidt and Jackson (1982, Meta-analysis: Cumulating research findings across studies, table 3.5; again in Hunter and Schmidt 2004) as CRAN's package psychometric 2.4 carries it: four
    /// correlations of 68 people each, two reliabilities of either variable. The numbers are what that package makes of them.
    /// </summary>
    [Fact]
    public void The_example_of_1982_has_a_true_correlation_of_30()
    {
        var options = new PsychometricOptions
        {
            CorrectsSmallSampleBias = false, Method = ArtifactMethod.TaylorSeries,
            PredictorReliabilities = ArtifactDistribution.OfReliabilities([0.7, 0.5]), OutcomeReliabilities = ArtifactDistribution.OfReliabilities([0.7, 0.5]),
        };
        var fit = Psychometric.Fit(Correlations([0.01, 0.14, 0.23, 0.34], [68, 68, 68, 68]), options);

        Assert.Equal(0.18, fit.Observed.Mean, 1e-14);
        // The book divides by k, we by k - 1.
        Assert.Equal(0.01465, fit.Observed.Variance.Observed * 3 / 4, 1e-14);
        Assert.Equal(0.0139738770149254, fit.Observed.Variance.SamplingError, 1e-14);
        Assert.Equal(0.302112780841382, fit.Corrected.Mean, 1e-13);
    }

    /// <summary>
    /// General mental ability and organizational citizenship, corrected for unreliability and indirect restriction one by one: .23 with k = 43 in the abstract of Gonzalez-Mulé, Mount and Oh (2014, Journal of Applied
    /// Psychology 99, 1222-1243). The numbers here are those the authors updated later.
    /// </summary>
    [Fact]
    public void Ability_goes_with_citizenship_at_23()
    {
        double[][] rows = [.. File.ReadLines(Repository.PathTo("tests", "golden", "psychmeta", "ability-citizenship.csv")).Skip(1).Select(l => l.Split(',').Select(c => double.Parse(c, System.Globalization.CultureInfo.InvariantCulture)).ToArray())];
        double?[] Column(int c) => [.. rows.Select(r => (double?)r[c])];
        var data = Correlations([.. rows.Select(r => r[1])], [.. rows.Select(r => (int)r[0])], Column(2), Column(3), Column(4));

        var fit = Psychometric.Fit(data, All(RangeRestrictionKind.Indirect) with { CorrectsSmallSampleBias = false, NormalIntervals = true });

        Assert.Equal(43, fit.Count);
        Assert.Equal(0.23, fit.Corrected.Mean, 0.0051);
    }

    /// <summary>400 values of each artifact are 64 million combinations, none of which has to be visited.</summary>
    [Theory]
    [InlineData(RangeRestrictionKind.None)]
    [InlineData(RangeRestrictionKind.Direct)]
    [InlineData(RangeRestrictionKind.Indirect)]
    public void Crossing_many_artifacts_is_fast(RangeRestrictionKind restriction)
    {
        double?[] Spread(double from, double step) => [.. Enumerable.Range(0, 400).Select(i => (double?)(from + step * i))];
        var data = Correlations([.. Enumerable.Range(0, 400).Select(i => 0.3 + 0.1 * Math.Sin(i))], [.. Enumerable.Range(0, 400).Select(i => 50 + i)], Spread(0.6, 0.0009), Spread(0.65, 0.0007), Spread(0.6, 0.0008));
        var options = All(restriction, ArtifactMethod.Interactive);

        Assert.True(Psychometric.Fit(data, restriction == RangeRestrictionKind.None ? options with { RangeRatio = null } : options).Corrected.Variance.Artifacts > 0);
    }

    /// <summary>The product of independent factors against every combination.</summary>
    [Theory]
    [InlineData(RangeRestrictionKind.None)]
    [InlineData(RangeRestrictionKind.Direct)]
    [InlineData(RangeRestrictionKind.Indirect)]
    public void Crossing_is_the_variance_over_all_combinations(RangeRestrictionKind restriction)
    {
        var options = new PsychometricOptions
        {
            PredictorReliabilities = ArtifactDistribution.OfReliabilities([0.7, 0.8, 0.95], [3, 1, 2]), OutcomeReliabilities = ArtifactDistribution.OfReliabilities([0.6, 0.9]),
            RangeRatios = restriction == RangeRestrictionKind.None ? null : ArtifactDistribution.OfRangeRatios([0.6, 0.75, 0.9, 1.05], [1, 2, 2, 1]), RangeRestriction = restriction, Method = ArtifactMethod.Interactive,
        };
        var data = Artifacts.Of(Correlations([0.1, 0.5, 0.3, 0.42], [300, 400, 500, 450]), options);
        var (bare, moments) = (BareBones.Of(data), ArtifactMoments.Of(data));
        var (x, y, u) = (moments.GridX, moments.GridY, moments.GridU);
        var rho = new Correction(restriction, x.Mean, y.Mean, u.Mean).Correct(bare.Mean);
        List<double> values = [], weights = [];
        for (var i = 0; i < x.Values.Length; i++)
        {
            for (var j = 0; j < y.Values.Length; j++)
            {
                for (var l = 0; l < u.Values.Length; l++)
                {
                    values.Add(new Correction(restriction, x.Values[i], y.Values[j], u.Values[l]).Attenuate(rho));
                    weights.Add(x.Weights[i] * y.Weights[j] * u.Weights[l]);
                }
            }
        }

        var fit = Psychometric.Fit(bare, ArtifactMethod.Interactive, moments);

        Assert.Equal(100 * (bare.Error + ArtifactDistribution.WeightedVariance(values, weights)) / bare.Variance, fit.PercentExplained!.Value, 1e-10);
    }

    /// <summary>Small ugly designs against the textbook's formulas in base R, where uT comes from the reliability of the whole range and not, as here, from that of the sample.</summary>
    [Fact]
    public void Small_designs_agree_with_the_formulas()
    {
        var designs = PValueReference.Cases("psychmeta", "small-designs.json");
        Assert.Equal(120, designs.Count);
        foreach (var (number, design) in designs.Index())
        {
            double[] Numbers(string name) => [.. design.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];
            double?[] Column(string name) => [.. Numbers(name).Select(v => (double?)v)];
            var data = Correlations(Numbers("r"), [.. Numbers("n").Select(v => (int)v)], Column("rxx"), Column("ryy"), Column("u"));
            foreach (var restriction in Enum.GetValues<RangeRestrictionKind>())
            {
                var options = All(restriction, ArtifactMethod.Individual);
                var fit = Psychometric.Fit(data, restriction == RangeRestrictionKind.None ? options with { RangeRatio = null } : options);
                var (bare, corrected) = (fit.Observed, fit.Corrected);
                var pairs = new[] { bare.Mean, bare.Variance.Observed, bare.Variance.SamplingError }.Zip(Numbers("bare"))
                    .Concat(new[]
                    {
                        corrected.Mean, corrected.Variance.Observed, corrected.Variance.SamplingError, corrected.Variance.Residual, corrected.StandardError, corrected.ConfidenceInterval.Upper,
                        corrected.CredibilityInterval.Lower,
                    }.Zip(Numbers(restriction.ToString().ToLowerInvariant())));
                foreach (var (ours, expected) in pairs) PValueReference.Near(ours, expected, 1e-12, $"design {number}, {restriction}");
            }
        }
    }

    /// <summary>By hand: weights n, error (n - 1)/(n - 3)·(4/n)(1 + d²/8) at the mean d, d/√ryy.</summary>
    [Fact]
    public void Differences_of_means_are_corrected_for_the_outcome()
    {
        double[] d = [0.3, 0.7, 0.5], ryy = [0.8, 0.6, 0.9];
        int[] n = [40, 60, 100];
        var data = StudyEffects.Create(d, [0.1, 0.07, 0.04], EffectMeasure.StandardizedMeanDifference, sampleSizes: n, columns: [StudyColumn.OfNumbers("ryy", [.. ryy.Select(v => (double?)v)])]);

        var fit = Psychometric.Fit(data, new() { OutcomeReliability = "ryy" });

        var mean = d.Select((x, i) => x * n[i]).Sum() / 200;
        Assert.Equal(mean, fit.Observed.Mean, 1e-14);
        Assert.Equal(n.Sum(s => s * ((s - 1.0) / (s - 3) * (4.0 / s) * (1 + mean * mean / 8))) / 200, fit.Observed.Variance.SamplingError, 1e-14);
        Assert.Equal(d.Select((x, i) => x / Math.Sqrt(ryy[i]) * n[i] * ryy[i]).Sum() / n.Select((s, i) => s * ryy[i]).Sum(), fit.Corrected.Mean, 1e-14);
        Assert.Throws<ImpossibleChoiceException>(() => Psychometric.Fit(data, new() { PredictorReliability = "ryy" }));
    }

    [Fact]
    public void Fisher_z_and_r_are_the_same_analysis()
    {
        double[] r = [0.1, 0.5, -0.3];
        int[] n = [20, 30, 40];
        var z = StudyEffects.Create([.. r.Select(Math.Atanh)], [.. n.Select(s => 1.0 / (s - 3))], EffectMeasure.FisherZ, sampleSizes: n);

        PValueReference.Near(Psychometric.Fit(z).Observed.Mean, Psychometric.Fit(Correlations(r, n)).Observed.Mean, 1e-15, "mean");
    }
}
