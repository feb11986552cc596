using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis.Tests.Golden;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Multiverses;

/// <summary>Whole multiverses of real data against a loop of metafor's rma() written for itself (multiverse.R).</summary>
public sealed class MultiverseGoldenTests
{
    public static TheoryData<int> Cases => [0, 1, 2];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_specification_is_that_of_metafor(int number)
    {
        var reference = Reference.Root("multiverse.json").GetProperty("cases")[number];
        var column = reference.GetProperty("column").GetString()!;
        var result = Run(reference);
        var rows = reference.GetProperty("rows").EnumerateArray().ToDictionary(Key);
        // PET-PEESE has one specification for all estimators and tests, and trim and fill of too few studies none: both programs must agree on which there are.
        Assert.Equal(rows.Keys.Order(StringComparer.Ordinal), result.Specifications.Select(s => Key(result, s, column)).Order(StringComparer.Ordinal));
        foreach (var one in result.Specifications)
        {
            var (key, value) = (Key(result, one, column), one.Value);
            var row = rows[key];
            // PET-PEESE has no tau²; an iterated tau² of metafor ends at its tolerance.
            Agree(value.Estimate, row, "b", 1e-8, key);
            Agree(value.StandardError!.Value, row, "se", 1e-8, key);
            Agree(value.Interval!.Value.Lower, row, "lo", 1e-8, key);
            Agree(value.Interval.Value.Upper, row, "hi", 1e-8, key);
            Agree(value.PValue!.Value, row, "p", 1e-7, key);
            if (key.Contains("PET-PEESE", StringComparison.Ordinal)) Assert.Null(value.TauSquared);
            else if (row.GetProperty("tau2").ValueKind == JsonValueKind.Number) Assert.Equal(row.GetProperty("tau2").GetDouble(), value.TauSquared!.Value, 1e-9);
            else Assert.Null(value.TauSquared);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_main_part_has_the_quantiles_shares_and_variances_of_R(int number)
    {
        var reference = Reference.Root("multiverse.json").GetProperty("cases")[number];
        var (part, main) = (Run(reference).Main, reference.GetProperty("main"));
        Assert.Equal(main.GetProperty("n").GetInt32(), part.Specifications.Length);
        double[] probabilities = [0, 0.025, 0.25, 0.5, 0.75, 0.975, 1];
        Reference.AgreeAll([.. probabilities.Select(part.Quantile)], main.GetProperty("quantiles"), 1e-8, "quantiles");
        Reference.Agree(part.Mean, main.GetProperty("mean"), 1e-8, "mean");
        Assert.Equal(main.GetProperty("positive").GetDouble(), part.SharePositive, 1e-12);
        Assert.Equal(main.GetProperty("significant").GetDouble(), part.ShareSignificant, 1e-12);
        foreach (var choice in part.Influence)
        {
            var shares = main.GetProperty("influence").GetProperty(choice.Choice == "outlying studies" ? "studies" : choice.Choice);
            Assert.Equal(shares.GetProperty("share").GetDouble(), choice.Share, 1e-6);
            Assert.Equal(shares.GetProperty("total").GetDouble(), choice.TotalShare, 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_metafor_does_not_compute_stands_among_the_impossible_with_its_reason(int number)
    {
        var reference = Reference.Root("multiverse.json").GetProperty("cases")[number];
        var result = Run(reference);
        Assert.Equal(result.Combinations - result.Specifications.Length, result.Impossible.Sum(i => i.Combinations));
        var column = reference.GetProperty("column").GetString()!;
        foreach (var dropped in reference.GetProperty("dropped").EnumerateArray())
        {
            var (subset, isFew) = (dropped.GetProperty("subset").GetString()!, dropped.GetProperty("why").GetString() == "few");
            var all = result.Impossible.Where(i => i.Choices.GetValueOrDefault(column) == subset && i.Choices.GetValueOrDefault("outlying studies") == "without outlying").ToList();
            Assert.Equal(7 * 4 * 3, all.Sum(i => i.Combinations));
            Assert.All(all, i => Assert.Equal(isFew ? ImpossibilityKind.Data : ImpossibilityKind.Redundant, i.Kind));
            Assert.Contains(all, i => i.Reason.Contains(isFew ? "needs at least 3 studies" : "same studies are left as with outlying studies: all studies", StringComparison.Ordinal));
        }
    }

    private static MultiverseResult Run(JsonElement reference) => Multiverse.Of(Reference.Load(reference.GetProperty("data").GetString()!.Replace(".csv", "", StringComparison.Ordinal)))
        .ChooseSubset(reference.GetProperty("column").GetString()!, "The studies differ in it.", Equivalence.NonEquivalent)
        .Choose("outlying studies", "They may be errors.", Equivalence.Uncertain, Specify.AllStudies, Specify.WithoutOutlying())
        .ChooseEstimator("All are in use.", Equivalence.Equivalent, TauSquaredEstimator.RestrictedMaximumLikelihood, TauSquaredEstimator.DerSimonianLaird, TauSquaredEstimator.PauleMandel, TauSquaredEstimator.Hedges,
            TauSquaredEstimator.HunterSchmidt, TauSquaredEstimator.SidikJonkman, null)
        .ChooseTest("So are these.", Equivalence.Uncertain, Inference.HartungKnapp, Inference.Normal, Inference.StudentT, Inference.HartungKnappAdHoc)
        .Choose("adjustment", "Each has its story.", Equivalence.NonEquivalent, Specify.Unadjusted, Specify.TrimAndFill(), Specify.PetPeese())
        .Run(cancellation: TestContext.Current.CancellationToken);

    private static string Key(JsonElement row) =>
        string.Join('|', ((string[])["subset", "studies", "estimator", "test", "adjustment"]).Select(name => row.GetProperty(name).GetString()));

    private static string Key(MultiverseResult result, Specification one, string column)
    {
        var options = result.OptionsOf(one).ToDictionary();
        var test = options["test"] switch { "Hartung-Knapp" => "knha", "Hartung-Knapp ad hoc" => "adhoc", MultiverseResult.NotUsed => "knha", var other => other };
        var estimator = options["estimator"] == MultiverseResult.NotUsed ? "REML" : options["estimator"];
        return string.Join('|', options[column], options["outlying studies"], estimator, test, options["adjustment"]);
    }

    private static void Agree(double actual, JsonElement row, string name, double tolerance, string key)
    {
        var expected = row.GetProperty(name).GetDouble();
        Assert.True(Math.Abs(actual - expected) <= tolerance * Math.Max(Math.Abs(expected), 0.05), $"{key} {name}: {actual:R}, reference {expected:R}");
    }
}
