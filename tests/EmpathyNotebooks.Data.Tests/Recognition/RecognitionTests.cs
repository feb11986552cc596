using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Data.Tests.Recognition;

/// <summary>What the names of columns, and where they leave doubt the values, say about what can be pooled.</summary>
public class RecognitionTests
{
    private static TableRecognition Of(string text) => StudyTable.Parse(text, "s.csv").Recognise();

    [Fact]
    public void Means_before_and_after_with_their_correlation_are_not_correlations()
    {
        var found = Of("study,m_pre,sd_pre,m_post,sd_post,n,r\nA,10,2,12,2.5,30,.5\nB,11,2,12,2.2,40,.6\n");
        Assert.Equal(["SMCR", "SMCC", "MC"], found.Readings.Select(r => r.Measure.Code));
        Assert.Null(found.Reading);
        // The change is standardized by the deviation before.
        Assert.Equal(("m_post", "sd_pre", "m_pre"), (found.Readings[0].Columns["m1i"], found.Readings[0].Columns["sd1i"], found.Readings[0].Columns["m2i"]));
    }

    [Fact]
    public void Diagnostic_accuracy_is_not_supported_and_says_what_is()
    {
        var found = Of("Author;year;TP;FP;FN;TN\nA;2001;20;3;4;50\nB;2002;30;5;6;60\n");
        Assert.Contains("is not supported", found.Question, StringComparison.Ordinal);
        Assert.Equal(["OR", "PLO", "PLO"], found.Readings.Select(r => r.Measure.Code));
    }

    [Fact]
    public void A_column_that_two_names_fit_is_asked_about() =>
        Assert.Contains("n and N_total could each be ni", Of("study,r,n,N_total\nA,.1,20,30\nB,.2,20,30\n").Question, StringComparison.Ordinal);

    /// <summary>Two columns of one name are called after their places, and stay what their name says: which is meant is asked, with the names that tell them apart.</summary>
    [Theory]
    [InlineData("study,r,n,n\nA,.1,20,30\nB,.2,20,30\n", "n", "ni", "correlations with sample sizes")]
    [InlineData("study,r,n, n \nA,.1,20,30\nB,.2,20,30\n", "n", "ni", "correlations with sample sizes")]
    [InlineData("study,r,n,r\nA,.1,20,.3\nB,.2,20,.3\n", "r", "ri", "correlations with sample sizes")]
    [InlineData("study,yi,vi,yi\nA,.1,.02,.3\nB,.2,.03,.3\n", "yi", "yi", "effects with variances")]
    [InlineData("study,yi,vi,vi\nA,.1,.02,.03\nB,.2,.03,.03\n", "vi", "vi", "effects with variances")]
    [InlineData("study,or,lower,lower,upper\nA,1.5,0.75,0.7,3\nB,2,1,1,4\n", "lower", "lower", "odds ratios with the limits of their 95% intervals")]
    public void Columns_of_one_name_are_asked_about(string text, string name, string ingredient, string meaning)
    {
        var table = StudyTable.Parse(text, "s.csv");
        var found = table.Recognise();
        string[] called = [.. table.Columns.Select(c => c.Name).Where(c => c.StartsWith(name + " (", StringComparison.Ordinal))];
        Assert.Equal(2, called.Length);
        Assert.Equal($"The columns hold {meaning}: \"{called[0]}\" and \"{called[1]}\", both named \"{name}\" in the file, could each be {ingredient}", found.Question);
        Assert.Equal(called, found.Readings.Select(r => r.Columns[ingredient]).Distinct());
        var fault = Assert.Throws<StudyDataException>(() => table.Effects());
        Assert.Equal(StudyDataFault.SeveralReadings, fault.Kind);
        fault = Assert.Throws<StudyDataException>(() => table.Column(name));
        Assert.Equal((StudyDataFault.SharedName, name, "s.csv"), (fault.Kind, fault.Value, fault.File));
        Assert.Equal(called, fault.Choices);
        Assert.Equal(2, table.Effects(found.Readings[0]).Count);
    }

    [Fact]
    public void A_name_of_the_file_that_speaks_of_another_place_is_not_taken_for_one_of_a_shared_name()
    {
        var table = StudyTable.Parse("study,n,n,n (column 3),r\nA,20,30,40,.1\nB,20,30,40,.2\n");
        Assert.Equal("The columns hold correlations with sample sizes: n (column 2) and n (column 3) 2 and n (column 3) could each be ni", table.Recognise().Question);
        Assert.Equal(["n (column 2)", "n (column 3) 2"], Assert.Throws<StudyDataException>(() => table.Column("n")).Choices);
        // One such name is one column, whose name nobody shares.
        Assert.Equal(StudyDataFault.NoSuchColumn, Assert.Throws<StudyDataException>(() => StudyTable.Parse("study,r,n (column 3)\nA,.1,20\nB,.2,20\n").Column("n")).Kind);
    }

    [Fact]
    public void Studies_that_two_columns_name_are_named_by_the_first_that_tells_every_row_apart()
    {
        Assert.Equal("study (column 1)", StudyTable.Parse("study,r,n,study\nA,.1,20,x\nB,.2,20,y\n").Naming().Label!.ToString());
        var shared = StudyTable.Parse("study,r,n,study\nA,.1,20,x\nA,.2,20,y\n").Naming();
        Assert.Equal(("study (column 4)", "study (column 1)"), (shared.Label!.ToString(), shared.Sharing[0].By.ToString()));
    }

    [Theory]
    [InlineData("sampsize")]
    [InlineData("samplesize")]
    [InlineData("sample_n")]
    [InlineData("N_total")]
    [InlineData("n.sample")]
    [InlineData("participants")]
    [InlineData("No. of patients")]
    [InlineData("nsubj")]
    public void Sample_sizes_have_many_names(string name)
    {
        var reading = Of($"study,r,{name}\nA,.1,50\nB,.2,30\n").Reading!;
        Assert.Equal(("ZCOR", "r", name), (reading.Measure.Code, reading.Columns["ri"], reading.Columns["ni"]));
    }

    [Fact]
    public void A_number_of_people_is_the_sample_size_only_where_no_column_is_named_so_and_one_could_be()
    {
        Assert.Equal("n", Of("study,r,n,subjects\nA,.1,50,20\nB,.2,30,20\n").Reading!.Columns["ni"]);
        Assert.Null(Of("study,r,patients,subjects\nA,.1,50,20\nB,.2,30,20\n").Reading);
        // A yes or no, which is no number of people.
        Assert.Empty(Of("study,r,students\nA,.1,1\nB,.2,0\nC,.3,1\n").Readings);
    }

    [Theory]
    [InlineData("trial,nTi,nCi,xTi,xCi\nA,20,21,3,4\nB,30,31,5,6\n", "OR")]
    [InlineData("study,Correlation coefficient,Sample Size\nA,.2,20\nB,.3,30\n", "ZCOR")]
    [InlineData("study,effect estimate,sampling var\nA,.2,.02\nB,.3,.03\n", "GEN")]
    [InlineData("study,effsize,sterr\nA,.2,.2\nB,.3,.3\n", "GEN")]
    public void Further_names_of_the_field_are_known(string csv, string code) => Assert.Equal(code, Of(csv).Reading!.Measure.Code);

    [Fact]
    public void Events_above_the_total_are_no_proportion() => Assert.Empty(Of("study,x,n\nA,50,20\nB,3,30\n").Readings);

    [Fact]
    public void Variances_that_are_not_the_squares_of_the_standard_errors_are_asked_about()
    {
        var found = Of("study,yi,sei,vi\nA,0.5,.2,.2\nB,.2,.1,.1\nC,.3,.2,.2\n");
        Assert.Equal("The columns hold effects with variances: in row 2 the variance vi = .2 is not the square of the standard error sei = .2: "
            + "both columns are the same, and one has the wrong name", found.Question);
        // Within what rounding allows they agree.
        Assert.Equal("vi", Of("study,yi,sei,vi\nA,.5,.33,.11\nB,.2,.10,.010\n").Reading!.Columns.Keys.First());
    }

    [Fact]
    public void Effects_without_further_word_are_those_that_leave_no_doubt()
    {
        var effects = StudyTable.Parse("study,or,lower,upper\nA,1.50,0.75,3.00\nB,2.00,1.00,4.00\n").Effects();
        Assert.Equal(Math.Log(1.5), effects.Effects[0], 1e-14);
        Assert.Equal(EffectMeasure.OddsRatio, effects.Measure);
        var fault = Assert.Throws<StudyDataException>(() => StudyTable.Parse("study,yi,vi,ri,ni\nA,.1,.02,.1,50\nB,.2,.02,.2,50\n").Effects());
        Assert.Equal(StudyDataFault.SeveralReadings, fault.Kind);
        Assert.Contains("EffectSizes(EffectMeasure.FromCode(\"ZCOR\"), new Dictionary<string, string> { [\"ni\"] = \"ni\", [\"ri\"] = \"ri\" })", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Intervals_give_the_effects_and_variances_that_were_published_with_them()
    {
        // Hackshaw 1998: yi and vi of the file are metafor's from the same odds ratios and limits.
        var table = StudyTable.Read(Repository.PathTo("tests", "golden", "metafor", "data", "hackshaw1998.csv"));
        var effects = table.EffectsFromIntervals("or", "or.lb", "or.ub", EffectMeasure.OddsRatio, "study");
        for (var i = 0; i < table.Count; i++)
        {
            Assert.Equal(table.Column("yi").Number(i)!.Value, effects.Effects[i], 1e-12);
            Assert.Equal(table.Column("vi").Number(i)!.Value, effects.Variances[i], 1e-12);
        }
    }

    [Fact]
    public void An_estimate_away_from_the_middle_of_its_interval_is_a_fault()
    {
        var fault = Assert.Throws<StudyDataException>(() => StudyTable.Parse("study,or,lower,upper\nA,1.50,0.75,3.00\nB,2.00,1.00,9.00\n", "s.csv").Effects());
        Assert.Equal("s.csv, row 3 (\"B\"), column or: \"2.00\" must lie at the middle of its interval [1.00, 9.00] on the scale of ln OR, 3: another scale, another level, or a slip of the pen.", fault.Message);
        Assert.Equal(StudyDataFault.Disagreement, fault.Kind);
        // Coarse rounding and slight asymmetry are no fault; the latter is said.
        Assert.Equal(2, StudyTable.Parse("study,or,lower,upper\nA,1.5,0.8,3\nB,2.00,1.00,4.3\n").Effects().Count);
        Assert.Contains("lies aside", StudyTable.Parse("study,or,lower,upper\nA,1.500,0.750,3.000\nB,2.000,1.000,4.300\n").Effects().Column("note").Text(1)!, StringComparison.Ordinal);
        Assert.Throws<StudyDataException>(() => StudyTable.Parse("study,or,lower,upper\nA,1.5,0,3\nB,2,1,4\n").Effects());
        Assert.Throws<StudyDataException>(() => StudyTable.Parse("study,or,lower,upper\nA,1.5,3,0.75\nB,2,1,4\n").Effects());
        Assert.Throws<ArgumentOutOfRangeException>(() => StudyTable.Parse("study,or,lower,upper\nA,1.5,3,0.75\n").EffectsFromIntervals("or", "lower", "upper", level: 95));
    }

    [Fact]
    public void Ratios_without_a_name_are_asked_about_and_never_taken_as_they_are()
    {
        var found = Of("study,estimate,lower,upper\nA,1.50,0.75,3.00\nB,2.00,1.00,4.00\nC,4.00,2.00,8.00\n");
        Assert.Equal(["OR", "RR", "HR", "IRR"], found.Readings.Select(r => r.Measure.Code));
        Assert.Contains("in the middle of their intervals on the log scale", found.Question, StringComparison.Ordinal);
    }
}
