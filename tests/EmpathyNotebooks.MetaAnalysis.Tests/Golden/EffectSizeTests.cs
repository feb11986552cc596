using System.Text.Json;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Golden;

/// <summary>effect-sizes.json: every case, computed from its named columns.</summary>
public sealed class EffectSizeTests
{
    private static readonly IReadOnlyList<JsonElement> Cases = Reference.Cases("effect-sizes.json");

    /// <summary>How many cases there are of each measure and variance formula; what is added or lost in the file shows here.</summary>
    private static readonly Dictionary<string, int> Expected = new()
    {
        ["COR LS"] = 5, ["COR AV"] = 5, ["UCOR LS"] = 5, ["UCOR UB"] = 5, ["ZCOR LS"] = 5,
        ["PCOR LS"] = 2, ["ZPCOR LS"] = 2, ["SPCOR LS"] = 2,
        ["MD LS"] = 3, ["SMD LS"] = 5, ["SMD UB"] = 3, ["SMD LS2"] = 3, ["SMDH LS"] = 3, ["SMD1 LS"] = 3, ["SMD1H LS"] = 3,
        ["ROM LS"] = 3, ["CVR LS"] = 3, ["VR LS"] = 3, ["RPB LS"] = 3, ["RBIS LS"] = 3, ["D2OR LS"] = 3, ["D2ORN LS"] = 3,
            ["D2ORL LS"] = 3,
        ["RR LS"] = 4, ["OR LS"] = 4, ["RD LS"] = 4, ["AS LS"] = 4, ["PETO LS"] = 4, ["PHI LS"] = 4, ["YUQ LS"] = 4,
            ["YUY LS"] = 4,
        ["RTET LS"] = 4, ["PBIT LS"] = 4, ["OR2D LS"] = 4, ["OR2DN LS"] = 4, ["OR2DL LS"] = 4,
        ["IRR LS"] = 2, ["IRD LS"] = 2, ["IRSD LS"] = 2, ["PR LS"] = 3, ["PLN LS"] = 3, ["PLO LS"] = 3, ["PAS LS"] = 3,
            ["PFT LS"] = 3,
        ["IR LS"] = 2, ["IRLN LS"] = 2, ["IRS LS"] = 2, ["IRFT LS"] = 2,
        ["MN LS"] = 2, ["SMN LS"] = 2, ["MNLN LS"] = 2, ["CVLN LS"] = 2, ["SDLN LS"] = 2,
        ["MC LS"] = 2, ["SMCC LS"] = 2, ["SMCR LS"] = 2, ["SMCRH LS"] = 2, ["SMCRP LS"] = 2, ["SMCRPH LS"] = 2,
        ["ROMC LS"] = 2, ["CVRC LS"] = 2, ["VRC LS"] = 2, ["ARAW LS"] = 2, ["AHW LS"] = 2, ["ABT LS"] = 2,
    };

    [Fact]
    public void The_grid_of_cases_is_complete()
    {
        Assert.Equal(193, Cases.Count);
        Assert.Equal(193, Expected.Values.Sum());
        var found = Cases.GroupBy(c => $"{c.GetProperty("measure").GetString()} {c.GetProperty("vtype").GetString()}")
            .ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal(Expected.OrderBy(e => e.Key, StringComparer.Ordinal), found.OrderBy(e => e.Key, StringComparer.Ordinal));
        Assert.Equal(193, Exact().Count + Tetrachoric().Count);
    }

    [Fact]
    public void Every_measure_but_one_has_a_case()
    {
        var seen = Cases.Concat(Reference.Root("measures.json").GetProperty("effects").EnumerateArray())
            .Select(c => EffectMeasure.FromCode(c.GetProperty("measure").GetString()!)).ToHashSet();
        // The references have no case of this one; metafor 3.8 does not compute it either. It is tested against its definition.
        Assert.Equal([EffectMeasure.SemiPartialFisherZ], EffectSizeCalculator.Measures.Except(seen));
    }

    public static TheoryData<int> Exact() => [.. Numbers(c => c.GetProperty("measure").GetString() != "RTET")];

    public static TheoryData<int> Tetrachoric() => [.. Numbers(c => c.GetProperty("measure").GetString() == "RTET")];

    [Theory]
    [MemberData(nameof(Exact))]
    public void Agrees_with_metafor(int number)
    {
        var expected = Cases[number];
        var effect = Compute(expected, ZeroCells.AddWhereZero());
        var measure = expected.GetProperty("measure").GetString()!;
        Assert.True(effect.Measure.Code == measure || effect.Measure.Aliases.Contains(measure),
            $"{measure} gave {effect.Measure.Code}");
        Reference.Agree(effect.Value, expected.GetProperty("yi"), 1e-12, $"{measure} {expected.GetProperty("inputs")}: effect");
        var tolerance = 1e-12;
        if (measure == "SMD" && expected.GetProperty("vtype").GetString() == "UB"
            && expected.GetProperty("inputs").GetProperty("n1i").GetDouble() == 200)
        {
            // metafor takes J as the exponential of a difference of log Gammas, which costs its last digits here: 1.9e-12. Value by mpmath.
            Reference.Agree(effect.Variance, 0.011953479400762314, 1e-13, "variance, in 40-digit arithmetic");
            tolerance = 2e-12;
        }
        Reference.Agree(effect.Variance, expected.GetProperty("vi"), tolerance,
            $"{measure} {expected.GetProperty("inputs")}: variance");
    }

    /// <summary>
    /// metafor finds the tetrachoric correlation with a simplex search and a numerical Hessian: four to five digits are right. The exact values
    /// (tetrachoric.json, 40-digit arithmetic) are met to 1e-12, and metafor's lie within its own accuracy of them.
    /// </summary>
    [Theory]
    [MemberData(nameof(Tetrachoric))]
    public void The_tetrachoric_correlation_is_exact_where_metafor_searches(int number)
    {
        var expected = Cases[number];
        var inputs = expected.GetProperty("inputs");
        if (inputs.EnumerateObject().Any(i => i.Value.GetDouble() == 0))
        {
            // At ±1 metafor's "variance" is what is left of a numerical derivative at the edge: 5.6e8 and 2.5e5 for 43 and 19 people.
            Assert.Equal(1, Math.Abs(expected.GetProperty("yi").GetDouble()));
            Assert.True(expected.GetProperty("vi").GetDouble() > 1e5);
            Assert.Contains("zero-cell rule", Assert.Throws<StudyDataException>(() => Compute(expected, ZeroCells.Keep)).Message,
                StringComparison.Ordinal);
            Assert.InRange(Compute(expected, ZeroCells.AddWhereZero()).Variance, 0, 0.2);
            return;
        }
        var effect = Compute(expected, ZeroCells.Keep);
        var exact = Assert.Single(Reference.Cases("tetrachoric.json"), c => c.GetProperty("inputs").EnumerateObject()
            .All(i => i.Value.GetDouble() == inputs.GetProperty(i.Name).GetDouble()));
        Reference.Agree(effect.Value, exact.GetProperty("yi"), 1e-12, "tetrachoric correlation");
        Reference.Agree(effect.Variance, exact.GetProperty("vi"), 1e-12, "its variance");
        Reference.Agree(effect.Value, expected.GetProperty("yi"), 3e-4, "tetrachoric correlation, as metafor has it");
        Reference.Agree(effect.Variance, expected.GetProperty("vi"), 3e-4, "its variance, as metafor has it");
    }

    private static EffectSize Compute(JsonElement expected, ZeroCells zeroCells) => EffectSizeCalculator.Compute(
        EffectMeasure.FromCode(expected.GetProperty("measure").GetString()!),
        expected.GetProperty("inputs").EnumerateObject().ToDictionary(i => i.Name, i => i.Value.GetDouble()),
        new EffectSizeOptions { ZeroCells = zeroCells,
            Variance = EffectSizeOptions.VarianceFromCode(expected.GetProperty("vtype").GetString()!) });

    private static IEnumerable<int> Numbers(Func<JsonElement, bool> which) =>
        Enumerable.Range(0, Cases.Count).Where(i => which(Cases[i]));
}
