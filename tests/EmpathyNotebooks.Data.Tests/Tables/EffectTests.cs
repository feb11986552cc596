using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data.Tests;

public class EffectTests
{
    private static readonly StudyTable Table = StudyTable.Parse("authors,year,ri,ni,rater\nSmith,2011,.31,120,client\nLee,2014,.22,85,observer\n", "s.csv");

    [Fact]
    public void Correlations_are_pooled_as_Fishers_z_unless_another_measure_is_asked_for()
    {
        var effects = Table.Correlations("ri", "ni");
        Assert.Equal(EffectMeasure.FisherZ, effects.Measure);
        Assert.Equal([Math.Atanh(0.31), Math.Atanh(0.22)], effects.Effects);
        Assert.Equal([1 / 117.0, 1 / 82.0], effects.Variances);
        Assert.Equal([0.31, 0.22], Table.Correlations("ri", "ni", measure: EffectMeasure.Correlation).Effects);
        Assert.Equal(Correlations.BiasCorrected(0.31, 120).Value,
            Table.Correlations("ri", "ni", measure: EffectMeasure.BiasCorrectedCorrelation).Effects[0]);
    }

    [Fact]
    public void All_other_columns_the_sample_sizes_and_the_origin_go_along()
    {
        var effects = Table.Correlations("ri", "ni");
        Assert.Equal(["authors", "year", "rater"], effects.Columns.Select(c => c.Name));
        Assert.Equal([120, 85], effects.SampleSizes);
        Assert.Equal("s.csv", effects.Origin.Label);
        Assert.Equal(1, effects.Where("rater", "client").Count);
    }

    [Fact]
    public void Labels_are_guessed_only_where_there_is_no_doubt()
    {
        Assert.Equal("{authors} ({year})", StudyLabel.Guess(["authors", "year", "r"])!.ToString());
        Assert.Equal("{Author} ({Year})", StudyLabel.Guess(["Author", "Year"])!.ToString());
        Assert.Equal("author", StudyLabel.Guess(["author", "r"])!.ToString());
        Assert.Equal("study", StudyLabel.Guess(["study", "year"])!.ToString());
        Assert.Null(StudyLabel.Guess(["study", "authors"]));
        Assert.Null(StudyLabel.Guess(["name", "r"]));
    }

    [Fact]
    public void Labels_can_be_a_column_a_pattern_or_numbers()
    {
        Assert.Equal(["Smith (2011)", "Lee (2014)"], Table.Correlations("ri", "ni").Labels);
        Assert.Equal(["2011", "2014"], Table.Correlations("ri", "ni", "year").Labels);
        Assert.Equal(["2011: Smith/client", "2014: Lee/observer"], Table.Correlations("ri", "ni", "{year}: {authors}/{ rater }").Labels);
        Assert.Equal(["Study 1", "Study 2"], Table.Correlations("ri", "ni", StudyLabel.Numbered).Labels);
        Assert.Equal(["authors", "year"], StudyLabel.FromPattern("{authors} {year} {authors}").Columns);
    }

    [Fact]
    public void A_column_with_braces_in_its_name_can_be_a_label() =>
        Assert.Equal(["A"], StudyTable.Parse("{x},r,n\nA,.1,20\n").Correlations("r", "n", StudyLabel.FromColumn("{x}")).Labels);

    [Fact]
    public void Several_effects_of_one_study_are_told_apart_by_a_second_column()
    {
        var table = StudyTable.Parse("study,effect,scale,r,n\nA,1,symptoms,.1,20\nA,2,distress,.2,20\nB,1,symptoms,.3,30\n");
        Assert.Equal(["A, effect 1", "A, effect 2", "B, effect 1"], table.Correlations("r", "n", effect: "effect").Labels);
        Assert.Equal(["A, symptoms", "A, distress", "B, symptoms"], table.Correlations("r", "n", effect: "scale").Labels);
        Assert.Equal(2, table.Correlations("r", "n", effect: "effect").AverageWithin("study", 0.5).Count);
    }

    [Fact]
    public void Effects_computed_elsewhere_come_with_variances_or_standard_errors()
    {
        var table = StudyTable.Parse("trial,yi,vi,sei,n\nA,.1,.04,.2,20\nB,-.2,.09,.3,30\n");
        var byVariance = table.Effects("yi", vi: "vi", label: "trial", n: "n");
        var byError = table.Effects("yi", sei: "sei", label: "trial");
        Assert.Equal(byVariance.Effects, byError.Effects);
        Assert.Equal(byVariance.Variances[0], byError.Variances[0], 1e-15);
        Assert.Equal([20, 30], byVariance.SampleSizes);
        Assert.False(byError.HasSampleSizes);
        Assert.Equal(["trial", "sei"], byVariance.Columns.Select(c => c.Name));
        Assert.Equal(EffectMeasure.Generic, byVariance.Measure);
        Assert.Equal(EffectMeasure.FisherZ, table.Effects("yi", vi: "vi", label: "trial", measure: EffectMeasure.FisherZ).Measure);
    }

    [Fact]
    public void A_table_can_know_its_columns()
    {
        var table = StudyTable.Parse("id,a,b\nx,.1,20\ny,.2,30\n", options: new() { Correlations = new("a", "b", "id") });
        Assert.Equal(["x", "y"], table.Correlations().Labels);
        Assert.Equal(["Study 1", "Study 2"], table.Correlations(label: StudyLabel.Numbered).Labels);
        Assert.Equal(["x"], table.Where("id", "x").Correlations().Labels);
    }
}
