namespace EmpathyNotebooks.MetaAnalysis.Tests.Golden;

/// <summary>dependent-effects.json: averages within clusters, then REML.</summary>
public sealed class AggregationTests
{
    public static TheoryData<string, double> Grid() => new(
        from dataset in new[] { "konstantopoulos2011", "tannersmith2016" }
        from rho in new[] { 0.4, 0.6, 0.8 }
        select (dataset, rho));

    [Fact]
    public void The_grid_of_cases_is_complete() => Assert.Equal(Grid().Count,
        Reference.Cases("dependent-effects.json").Count(c => c.GetProperty("model").GetString() == "aggregate then REML"));

    [Theory]
    [MemberData(nameof(Grid))]
    public void Agrees_with_metafor(string dataset, double rho)
    {
        var expected = Assert.Single(Reference.Cases("dependent-effects.json"), c => c.GetProperty("dataset").GetString() == dataset
            && c.GetProperty("model").GetString() == "aggregate then REML" && c.GetProperty("rho").GetDouble() == rho);
        var averages = Reference.Load(dataset).AverageWithin("cluster", rho);
        Assert.Equal(expected.GetProperty("cluster").EnumerateArray().Select(c => c.ToString()), averages.Labels);
        for (var i = 0; i < averages.Count; i++)
        {
            Reference.Agree(averages.Effects[i], expected.GetProperty("yi")[i], 1e-8, $"average {i + 1}");
            Reference.Agree(averages.Variances[i], expected.GetProperty("vi")[i], 1e-8, $"variance {i + 1}");
        }
        var fit = FitsTests.Fit(averages, "REML");
        // This reference stopped at a change of tau² below 1e-5; see the README of the reference files.
        Assert.Equal(expected.GetProperty("tau2").GetDouble(), fit.TauSquared, 1e-5);
        var tightened = Reference.Tightened("aggregate then REML",
            c => c.GetProperty("dataset").GetString() == dataset && c.GetProperty("rho").GetDouble() == rho);
        Reference.Agree(fit.Estimate, tightened.GetProperty("beta"), 1e-8, "estimate");
        Reference.Agree(fit.StandardError, tightened.GetProperty("se"), 1e-8, "se");
        Reference.Agree(fit.TauSquared, tightened.GetProperty("tau2"), 1e-7, "tau2");
        Reference.Agree(100 * fit.Heterogeneity.ISquared, tightened.GetProperty("I2"), 1e-7, "I2");
    }
}
