namespace EmpathyNotebooks.MetaAnalysis.Tests.DependentEffects;

/// <summary>What an average keeps of its effects besides their mean: columns that are constant, the largest sample, and a reason for what is left out.</summary>
public sealed class AveragingTests
{
    private static StudyEffects Effects(int[]? sizes = null) => StudyEffects.Create([0.1, 0.3, 0.2, 0.5], [0.01, 0.02, 0.03, 0.04], sampleSizes: sizes, columns:
    [
        StudyColumn.OfTexts("sample", ["A", "A", "B", "B"]), StudyColumn.OfTexts("rater", ["client", "observer", "client", "client"]),
        StudyColumn.OfTexts("country", ["US", "US", "NL", "NL"]), StudyColumn.OfNumbers("year", [2001, null, 2003, 2003]),
    ]);

    [Fact]
    public void Constant_columns_stay_and_others_are_left_out_with_their_reason()
    {
        var averages = Effects().AverageWithin("sample", 0.5);
        Assert.Equal(["country", "effects"], averages.Columns.Select(c => c.Name));
        Assert.Equal(["US", "NL"], Enumerable.Range(0, 2).Select(i => averages.Column("country").Text(i)));
        Assert.Equal([2.0, 2], Enumerable.Range(0, 2).Select(i => averages.Column("effects").Number(i)!.Value));
        Assert.Equal(["rater", "year"], averages.LeftOutColumns.Select(c => c.Name));
        Assert.Contains("varies within sample \"A\" (client, observer)", averages.LeftOutColumns[0].Reason, StringComparison.Ordinal);
        Assert.Contains("varies within sample \"A\" (2001, no value)", averages.LeftOutColumns[1].Reason, StringComparison.Ordinal);
        Assert.False(averages.HasSampleSizes);
    }

    [Fact]
    public void Averages_within_each_of_two_columns_name_no_cluster()
    {
        var averages = Effects().AverageWithinEach(["sample", "country"], 0.5);
        Assert.Equal(["A / US", "B / NL"], averages.Labels);
        Assert.Equal(["sample", "country", "effects"], averages.Columns.Select(c => c.Name));
        Assert.Contains("varies within \"A / US\" (client, observer)", averages.LeftOutColumns[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_number_of_effects_finds_a_name_that_no_column_has()
    {
        var effects = StudyEffects.Create([0.1, 0.3, 0.2], [0.01, 0.02, 0.03], columns:
            [StudyColumn.OfTexts("sample", ["A", "A", "B"]), StudyColumn.OfTexts("effects", ["x", "x", "y"]), StudyColumn.OfTexts("effects 2", ["x", "x", "y"])]);
        Assert.Equal(["effects", "effects 2", "effects 3"], effects.AverageWithin("sample", 0.5).Columns.Select(c => c.Name));
    }

    [Fact]
    public void The_sample_of_an_average_is_its_largest() =>
        Assert.Equal([60, 80], Effects([50, 60, 80, 70]).AverageWithin("sample", 0.5).SampleSizes);

    /// <summary>Uncorrelated effects have the inverse-variance mean: (0.1/0.01 + 0.3/0.02)/150 with variance 1/150.</summary>
    [Fact]
    public void A_correlation_of_0_is_allowed_and_gives_the_usual_mean()
    {
        var averages = Effects().AverageWithin("sample", 0);
        Assert.Equal(25.0 / 150, averages.Effects[0], 1e-15);
        Assert.Equal(1.0 / 150, averages.Variances[0], 1e-16);
        foreach (var wrong in new[] { -0.01, 1, double.NaN })
        {
            Assert.Equal("correlation", Assert.Throws<ArgumentOutOfRangeException>(() => Effects().AverageWithin("sample", wrong)).ParamName);
            Assert.Equal("correlation", Assert.Throws<ArgumentOutOfRangeException>(() => Effects().AverageWithinEach(["sample"], wrong)).ParamName);
        }
        Assert.Throws<ArgumentNullException>(() => default(StudyEffects)!.AverageWithin("sample", 0.5));
        Assert.Throws<ArgumentNullException>(() => default(StudyEffects)!.AverageWithinEach(["sample"], 0.5));
        Assert.Throws<ArgumentNullException>(() => Effects().AverageWithinEach(null!, 0.5));
    }
}
