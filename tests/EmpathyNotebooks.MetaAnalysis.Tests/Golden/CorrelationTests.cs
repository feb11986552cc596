namespace EmpathyNotebooks.MetaAnalysis.Tests.Golden;

/// <summary>effect-sizes.json: the measures COR, UCOR and ZCOR.</summary>
public sealed class CorrelationTests
{
    public static TheoryData<string, string, double, int> Grid() => new(
        from kind in new[] { ("COR", "LS"), ("COR", "AV"), ("UCOR", "LS"), ("UCOR", "UB"), ("ZCOR", "LS") }
        from study in new[] { (0.28, 45), (0.31, 110), (-0.45, 12), (0.02, 300), (0.9, 25) }
        select (kind.Item1, kind.Item2, study.Item1, study.Item2));

    [Fact]
    public void The_grid_of_cases_is_complete() => Assert.Equal(Grid().Count,
        Reference.Cases("effect-sizes.json").Count(c => c.GetProperty("measure").GetString() is "COR" or "UCOR" or "ZCOR"));

    [Theory]
    [MemberData(nameof(Grid))]
    public void Agrees_with_metafor(string measure, string variance, double r, int n)
    {
        var expected = Assert.Single(Reference.Cases("effect-sizes.json"), c => c.GetProperty("measure").GetString() == measure
            && c.GetProperty("vtype").GetString() == variance && c.GetProperty("inputs").GetProperty("ri").GetDouble() == r
            && c.GetProperty("inputs").GetProperty("ni").GetInt32() == n);
        // metafor's AV averages r over studies first; each of these cases is one study, for which it is the same as LS.
        var effect = measure switch
        {
            "COR" => Correlations.Raw(r, n),
            "ZCOR" => Correlations.FisherZ(r, n),
            _ => Correlations.BiasCorrected(r, n, variance == "UB" ? CorrelationVariance.Unbiased : CorrelationVariance.LargeSample),
        };
        Assert.Equal(measure, effect.Measure.Code);
        Reference.Agree(effect.Value, expected.GetProperty("yi"), 1e-12, "effect");
        Reference.Agree(effect.Variance, expected.GetProperty("vi"), 1e-12, "variance");
    }
}
