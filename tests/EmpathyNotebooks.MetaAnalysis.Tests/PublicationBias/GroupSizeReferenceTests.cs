using System.Globalization;
using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis.Tests.Golden;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.MetaAnalysis.Tests.PublicationBias;

/// <summary>Tests of two-by-two tables and of standardised differences against R's meta 8.3.</summary>
public sealed class GroupSizeReferenceTests
{
    private static readonly JsonElement[] Cases = [.. Read()];

    private static readonly Dictionary<string, GroupSizeTestKind> Kinds = Enum.GetValues<GroupSizeTestKind>().ToDictionary(k => k.ToString());

    public static TheoryData<string, string> Tables => new(from test in new[] { "Harbord", "Peters", "Macaskill", "Deeks", "Pustejovsky" } from measure in new[] { "OR", "RR" } where (test, measure) is not ("Harbord", "RR") select (test, measure));

    [Theory]
    [MemberData(nameof(Tables))]
    public void Tests_of_tables_agree(string test, string measure)
    {
        var expected = Expected("bcg-2x2", test, measure);

        Compare(GroupSizeTests.Of(Bcg(), Kinds[test], EffectMeasure.FromCode(measure)), expected);
    }

    /// <summary>
    /// For risk ratios the score has the information n₁n₂E/(N·F), with E people with the event and F without. meta 8.3 has N·E/(4F), which is that of two groups of one size; its number comes from there.
    /// </summary>
    [Fact]
    public void Harbord_s_test_of_risk_ratios_knows_unequal_groups()
    {
        var expected = Expected("bcg-2x2", "Harbord", "RR");
        var score = Bcg().Select(t => t.Table).Select(t => ((t.A * t.Total - t.Events * t.N1) / t.NonEvents, V: t.Total / 4 * t.Events / t.NonEvents)).ToArray();
        var metas = EqualEffects.Fit(StudyEffects.Create([.. score.Select(s => s.Item1 / s.V)], [.. score.Select(s => 1 / s.V)])).EggerTest(model: EggerModel.WeightedLeastSquares);
        Reference.Agree(metas.Statistic, expected.GetProperty("statistic_t"), 1e-9, "t");

        // With groups of one size both are the same.
        LabelledTable[] even = [.. Enumerable.Range(1, 6).Select(i => new LabelledTable($"{i}", new TwoByTwo(i * i, 10 * i, 2 + i, 9 * i + i * i - 2)))];
        var evenScore = even.Select(t => t.Table).Select(t => ((t.A * t.Total - t.Events * t.N1) / t.NonEvents, V: t.Total / 4 * t.Events / t.NonEvents)).ToArray();
        var both = EqualEffects.Fit(StudyEffects.Create([.. evenScore.Select(s => s.Item1 / s.V)], [.. evenScore.Select(s => 1 / s.V)])).EggerTest(model: EggerModel.WeightedLeastSquares);
        Assert.Equal(both.Statistic, GroupSizeTests.Of(even, GroupSizeTestKind.Harbord, EffectMeasure.RiskRatio).Statistic, 1e-9);

        // The score is the derivative of the likelihood at a risk ratio of 1, and the information its variance there: by differences for one table.
        var table = new TwoByTwo(7, 33, 12, 108);
        double[] y = [.. new[] { table, new TwoByTwo(5, 20, 6, 40), new TwoByTwo(9, 80, 3, 31) }.Select(ScoreByDifferences)];
        Assert.Equal((table.A * table.Total - table.Events * table.N1) / table.NonEvents, y[0], 1e-4);
    }

    /// <summary>d ln L/d ln RR at RR = 1, with the risk of the second group at its estimate there.</summary>
    private static double ScoreByDifferences(TwoByTwo t)
    {
        var p = t.Events / t.Total;
        double LogLikelihood(double logRatio) => t.A * (logRatio + Math.Log(p)) + t.B * Math.Log(1 - Math.Exp(logRatio) * p) + t.C * Math.Log(p) + t.D * Math.Log(1 - p);
        return (LogLikelihood(1e-5) - LogLikelihood(-1e-5)) / 2e-5;
    }

    [Fact]
    public void The_arcsine_test_agrees() => Compare(GroupSizeTests.Of(Bcg(), GroupSizeTestKind.Ruecker), Expected("bcg-2x2", "Egger", "ASD"));

    /// <summary>Rücker's tests with τ², and ranks of arcsine differences, are those of a fit of arcsine differences.</summary>
    [Fact]
    public void The_arcsine_tests_with_heterogeneity_and_by_ranks_agree()
    {
        var fit = RandomEffects.Fit(Arcsine(), new() { Inference = Inference.StudentT });

        // meta iterated τ² to metafor's own threshold of 1e-5, which leaves four digits.
        var line = Expected("bcg-2x2", "Thompson", "ASD");
        Reference.Agree(fit.EggerTest().Statistic, line.GetProperty("statistic_t"), 1e-3, "t");
        Reference.Agree(fit.EggerTest().Slope.Estimate, line.GetProperty("bias"), 1e-3, "bias");
        Reference.Agree(fit.EggerTest().Statistic, Reference.Cases("bias-tightened.json").Single(c => c.GetProperty("dataset").GetString() == "bcg-2x2").GetProperty("zval"), 1e-7, "t, tight");
        var ranks = Expected("bcg-2x2", "Begg", "ASD");
        Reference.Agree(fit.RankTest().Statistic, ranks.GetProperty("z"), 1e-10, "z");
        Reference.Agree(fit.RankTest().NormalPValue, ranks.GetProperty("p"), 1e-10, "p");
    }

    /// <summary>meta's variance of Hedges' g is metafor's unbiased one.</summary>
    [Theory]
    [InlineData("SMD")]
    [InlineData("MD")]
    public void Pustejovsky_and_Rodgers_test_agrees(string measure)
    {
        var data = Reference.Load("normand1999");
        double[] Column(string name) => [.. Enumerable.Range(0, data.Count).Select(i => data.Column(name).Number(i)!.Value)];
        Dictionary<string, double>[] rows = [.. Enumerable.Range(0, data.Count).Select(i => new[] { "n1i", "m1i", "sd1i", "n2i", "m2i", "sd2i" }.ToDictionary(n => n, n => data.Column(n).Number(i)!.Value))];
        var effects = StudyEffects.Create(EffectSizeCalculator.Compute(EffectMeasure.FromCode(measure), rows, null, measure == "SMD" ? new() { Variance = VarianceFormula.Unbiased } : null));

        Compare(effects.PustejovskyTest(Column("n1i"), Column("n2i")), Expected("normand1999", "Pustejovsky", measure));
        var egger = EqualEffects.Fit(effects).EggerTest(model: EggerModel.WeightedLeastSquares);
        Reference.Agree(egger.Statistic, Expected("normand1999", "Egger", measure).GetProperty("statistic_t"), 1e-9, "t");
        Reference.Agree(EqualEffects.Fit(effects).RankTest().NormalPValue, Expected("normand1999", "Begg", measure).GetProperty("p"), 1e-9, "p");
    }

    [Fact]
    public void Tables_that_say_nothing_are_left_out_and_named()
    {
        LabelledTable[] tables = [.. Bcg(), new LabelledTable("nobody", new TwoByTwo(0, 10, 0, 12))];

        var test = GroupSizeTests.Of(tables, GroupSizeTestKind.Harbord);

        Assert.Equal(13, test.Count);
        Assert.Contains(test.Warnings, w => w.Contains("nobody", StringComparison.Ordinal));
        Assert.Equal(14, GroupSizeTests.Of(tables, GroupSizeTestKind.Ruecker).Count);
        Assert.Equal(GroupSizeTests.Of(Bcg(), GroupSizeTestKind.Peters).Statistic, GroupSizeTests.Of(tables, GroupSizeTestKind.Peters).Statistic);
    }

    [Fact]
    public void What_cannot_be_tested_is_said()
    {
        LabelledTable[] alike = [.. Enumerable.Range(1, 5).Select(i => new LabelledTable($"{i}", new TwoByTwo(i, 20 - i, i + 2, 18 - i)))];

        Assert.Throws<UndeterminedException>(() => GroupSizeTests.Of(alike, GroupSizeTestKind.Peters));
        Assert.Throws<InsufficientStudiesException>(() => GroupSizeTests.Of(alike[..2], GroupSizeTestKind.Harbord));
        Assert.Throws<ArgumentException>(() => GroupSizeTests.Of(alike, GroupSizeTestKind.Deeks, EffectMeasure.RiskDifference));
        var effects = StudyEffects.Create([0.1, 0.2, 0.3], [0.1, 0.2, 0.3]);
        Assert.Throws<StudyDataException>(() => effects.PustejovskyTest([1, 2], [1, 2, 3]));
        Assert.Throws<StudyDataException>(() => effects.PustejovskyTest([1, 2, 0], [1, 2, 3]));
    }

    private static void Compare(GroupSizeTest test, JsonElement expected)
    {
        Assert.Equal(expected.GetProperty("k").GetInt32(), test.Count);
        Assert.Equal(expected.GetProperty("df").GetDouble(), test.DegreesOfFreedom);
        Reference.Agree(test.Statistic, expected.GetProperty("statistic_t"), 1e-9, test + " t");
        Reference.Agree(test.PValue, expected.GetProperty("p"), 1e-9, test + " p");
        Assert.Equal(expected.GetProperty("bias").GetDouble(), test.Slope.Estimate, 1e-9 * Math.Abs(test.Slope.Estimate));
        Assert.Equal(expected.GetProperty("se_bias").GetDouble(), test.Slope.StandardError, 1e-9 * test.Slope.StandardError);
        Reference.Agree(test.Intercept.Estimate, expected.GetProperty("intercept"), 1e-8, test + " intercept");
        Reference.Agree(test.Intercept.StandardError, expected.GetProperty("se_intercept"), 1e-9, test + " intercept se");
        Reference.Agree(test.Dispersion, expected.GetProperty("residual_variance_or_tau2"), 1e-9, test + " phi");
    }

    private static JsonElement Expected(string dataset, string test, string measure) => Assert.Single(Cases, c => c.GetProperty("dataset").GetString() == dataset
        && c.GetProperty("options").GetProperty("test").GetString() == test && c.GetProperty("options").GetProperty("sm").GetString() == measure).GetProperty("results");

    private static StudyEffects Arcsine() => StudyEffects.Create([.. Bcg().Select(t => TwoByTwoTables.ArcsineDifference(t.Table))]);

    private static LabelledTable[] Bcg() => [.. File.ReadLines(Repository.PathTo("tests", "golden", "metafor", "data", "bcg-2x2.csv")).Skip(1)
        .Select(line => line.Split(',').Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray()).Select((c, i) => new LabelledTable($"{i + 1}", new TwoByTwo(c[0], c[1], c[2], c[3])))];

    private static IEnumerable<JsonElement> Read()
    {
        using var stream = File.OpenRead(Repository.PathTo("tests", "golden", "meta", "bias-tests.json"));
        return JsonDocument.Parse(stream).RootElement.EnumerateArray().ToList();
    }
}
