using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data.Tests;

/// <summary>What can be wrong with the values when effects are computed; every message in full.</summary>
public class EffectFaultTests
{
    private static string Correlations(string text, StudyLabel? label = null, string? effect = null, EffectMeasure? measure = null) =>
        Assert.Throws<StudyDataException>(() => StudyTable.Parse(text, "s.csv").Correlations("ri", "ni", label, effect, measure)).Message;

    private static string Effects(string text, string? vi = null, string? sei = null, string? n = null) =>
        Assert.Throws<StudyDataException>(() => StudyTable.Parse(text, "s.csv").Effects("yi", vi, sei, n: n)).Message;

    [Theory]
    [InlineData("study,ri,ni\nA,.1,20\nB,1,30\n", "s.csv, row 3 (\"B\"), column ri: \"1\" must be a correlation between -1 and 1, both excluded.")]
    [InlineData("study,ri,ni\nA,-1.0,20\nB,.1,30\n", "s.csv, row 2 (\"A\"), column ri: \"-1.0\" must be a correlation between -1 and 1, both excluded.")]
    [InlineData("study,ri,ni\nA,28,20\nB,.1,30\n", "s.csv, row 2 (\"A\"), column ri: \"28\" must be a correlation between -1 and 1, both excluded.")]
    [InlineData("study,ri,ni\nA,.1,20\nB,,30\n",
        "s.csv, row 3 (\"B\"), column ri: an empty cell must be a correlation between -1 and 1, both excluded; it is missing, and the analysis needs it.")]
    [InlineData("study,ri,ni\nA,high,20\nB,low,30\n", "s.csv, row 2 (\"A\"), column ri: \"high\" must be a correlation between -1 and 1, both excluded.")]
    [InlineData("study,ri,ni\nA,.1,20\nB,.2,3\n",
        "s.csv, row 3 (\"B\"), column ni: \"3\" must be a sample size of at least 4: Fisher's z has the variance 1 / (n - 3).")]
    [InlineData("study,ri,ni\nA,.1,20\nB,.2,-30\n",
        "s.csv, row 3 (\"B\"), column ni: \"-30\" must be a sample size of at least 4: Fisher's z has the variance 1 / (n - 3).")]
    [InlineData("study,ri,ni\nA,.1,20\nB,.2,30.5\n", "s.csv, row 3 (\"B\"), column ni: \"30.5\" must be a sample size, a whole number of people.")]
    [InlineData("study,ri,ni\nA,.1,20\nB,.2,9999999999\n", "s.csv, row 3 (\"B\"), column ni: \"9999999999\" must be a sample size of at most 2147483647 people.")]
    [InlineData("study,ri,ni\nA,.1,20\nB,.2,NA\n",
        "s.csv, row 3 (\"B\"), column ni: \"NA\" must be a sample size, a whole number of people; it is missing, and the analysis needs it.")]
    [InlineData("study,ri,ni\nA,.1,20\nA,.2,30\n",
        "s.csv, row 3, column study: \"A\" is the name of row 2 too; name the column that tells the effects of one study apart as its effect, or make the label of more columns, as in {a} ({b}).")]
    [InlineData("study,ri,ni\nA,.1,20\n,.2,30\n", "s.csv, row 3, column study: an empty cell must name the study.")]
    [InlineData("study,r_i,ni\nA,.1,20\n", "s.csv: \"ri\" is not a column: did you mean \"r_i\"? There are: study, r_i, ni.")]
    [InlineData("ri,ni\n.1,20\n",
        "s.csv: does not show which column names the studies (exactly one of label, slab, study, sample, authors, author would); say label: \"...\", or StudyLabel.Numbered. There are: ri, ni.")]
    public void Of_correlations(string text, string message) => Assert.Equal(message, Correlations(text));

    [Fact]
    public void The_bias_correction_needs_five_people() =>
        Assert.Equal("s.csv, row 2 (\"A\"), column ni: \"4\" must be a sample size of at least 5: the bias correction needs more than four people.",
            Correlations("study,ri,ni\nA,.1,4\n", measure: EffectMeasure.BiasCorrectedCorrelation));

    [Fact]
    public void Raw_correlations_need_four_people() =>
        Assert.Equal("s.csv, row 2 (\"A\"), column ni: \"3\" must be a sample size of at least 4: fewer people give no usable correlation.",
            Correlations("study,ri,ni\nA,.1,3\n", measure: EffectMeasure.Correlation));

    [Fact]
    public void A_pair_of_study_and_effect_is_there_once() =>
        Assert.Equal("s.csv, row 4, column study: \"A, effect 1\" is the name of row 2 too; the pair of study and effect must be there once.",
            Correlations("study,effect,ri,ni\nA,1,.1,20\nA,2,.2,20\nA,1,.3,20\n", effect: "effect"));

    [Fact]
    public void An_effect_has_a_name() =>
        Assert.Equal("s.csv, row 3 (\"A\"), column effect: an empty cell must tell the effects of one study apart.",
            Correlations("study,effect,ri,ni\nA,1,.1,20\nA,,.2,20\n", effect: "effect"));

    [Fact]
    public void A_label_names_columns_that_exist() =>
        Assert.Equal("s.csv: \"author\" is not a column: did you mean \"authors\"? There are: authors, year, ri, ni.",
            Correlations("authors,year,ri,ni\nA,2011,.1,20\n", label: "{author} ({year})"));

    [Fact]
    public void Columns_must_be_said_where_the_table_does_not_know_them()
    {
        var table = StudyTable.Parse("study,ri,ni\nA,.1,20\n", "s.csv");
        Assert.Equal("s.csv: needs to be told which column holds the correlations: Correlations(r: \"...\", n: \"...\"). There are: study, ri, ni.",
            Assert.Throws<StudyDataException>(() => table.Correlations()).Message);
        Assert.Equal("s.csv: needs to be told which column holds the sample sizes: Correlations(r: \"...\", n: \"...\"). There are: study, ri, ni.",
            Assert.Throws<StudyDataException>(() => table.Correlations(r: "ri")).Message);
    }

    [Fact]
    public void A_measure_that_is_not_one_of_correlations() =>
        Assert.Throws<ArgumentException>(() => StudyTable.Parse("study,ri,ni\nA,.1,20\n").Correlations("ri", "ni", measure: EffectMeasure.Generic));

    [Theory]
    [InlineData("study,yi,vi\nA,.1,0\n", "s.csv, row 2 (\"A\"), column vi: \"0\" must be a positive, finite variance.")]
    [InlineData("study,yi,vi\nA,.1,-0.04\n", "s.csv, row 2 (\"A\"), column vi: \"-0.04\" must be a positive, finite variance.")]
    [InlineData("study,yi,vi\nA,.1,NA\n",
        "s.csv, row 2 (\"A\"), column vi: \"NA\" must be a positive, finite variance; it is missing, and the analysis needs it.")]
    [InlineData("study,yi,vi\nA,,.1\n",
        "s.csv, row 2 (\"A\"), column yi: an empty cell must be an effect, a finite number; it is missing, and the analysis needs it.")]
    public void Of_computed_effects(string text, string message) => Assert.Equal(message, Effects(text, vi: "vi"));

    [Fact]
    public void Of_standard_errors()
    {
        Assert.Equal("s.csv, row 2 (\"A\"), column se: \"0\" must be a positive, finite standard error.", Effects("study,yi,se\nA,.1,0\n", sei: "se"));
        Assert.Equal("s.csv, row 2 (\"A\"), column se: \"1e200\" must be a positive, finite standard error.", Effects("study,yi,se\nA,.1,1e200\n", sei: "se"));
        Assert.Equal("s.csv, row 2 (\"A\"), column n: \"0\" must be a sample size of at least 1: an effect comes from somebody.",
            Effects("study,yi,se,n\nA,.1,.2,0\n", sei: "se", n: "n"));
    }

    [Fact]
    public void Either_variances_or_standard_errors()
    {
        var table = StudyTable.Parse("study,yi,vi,se\nA,.1,.04,.2\n");
        Assert.Throws<ArgumentException>(() => table.Effects("yi"));
        Assert.Throws<ArgumentException>(() => table.Effects("yi", vi: "vi", sei: "se"));
    }

    [Theory]
    [InlineData("{authors", "The label pattern \"{authors\" has a brace without its partner; write it as {authors} ({year}).")]
    [InlineData("authors}", "The label pattern \"authors}\" has a brace without its partner; write it as {authors} ({year}).")]
    [InlineData("{a{b}}", "The label pattern \"{a{b}}\" has a brace without its partner; write it as {authors} ({year}).")]
    [InlineData("{ } x", "The label pattern \"{ } x\" has braces with no column name in them.")]
    public void Label_patterns(string pattern, string message) =>
        Assert.Equal(message, Assert.Throws<ImpossibleChoiceException>(() => (StudyLabel)pattern).Message);
}
