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

    [Fact]
    public void Plain_averages_agree_with_metafor()
    {
        // aggregate(rho=0.6, weighted=FALSE) of metafor 3.8, the first three districts.
        double[] means = [-0.11749999999999999, 0.095000000000000001, 0.37333333333333335];
        double[] variances = [0.091506009768320767, 0.01158377687597769, 0.018103633532809336];
        var averages = Reference.Load("konstantopoulos2011").AverageWithin("cluster", 0.6, AverageWeights.Equal);
        for (var i = 0; i < means.Length; i++)
        {
            Reference.Agree(averages.Effects[i], means[i], 1e-12, $"average {i + 1}");
            Reference.Agree(averages.Variances[i], variances[i], 1e-12, $"variance {i + 1}");
        }
    }

    [Fact]
    public void Effects_are_averaged_within_any_grouping()
    {
        var effects = StudyEffects.Create([0.1, 0.3, 0.5, 0.7], [0.02, 0.02, 0.04, 0.02], columns: [
            StudyColumn.OfTexts("sample", ["1", "1", "1", "12"]), StudyColumn.OfTexts("rater", ["23", "23", "client", "3"])]);
        var averages = effects.AverageWithinEach(["sample", "rater"], 0.5);
        Assert.Equal(["1 / 23", "1 / client", "12 / 3"], averages.Labels);
        Assert.Equal(0.2, averages.Effects[0], 1e-15);
        Assert.Equal(0.015, averages.Variances[0], 1e-15);
        Assert.Equal((0.5, 0.04), (averages.Effects[1], averages.Variances[1]));
        Assert.Throws<ArgumentException>(() => effects.AverageWithinEach([], 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => effects.AverageWithin("sample", 1));
    }
}
