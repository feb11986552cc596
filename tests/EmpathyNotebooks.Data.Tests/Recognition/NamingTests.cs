using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data.Tests.Recognition;

/// <summary>Which rows share a study; effects of the same people are never pooled as independent without a word.</summary>
public class NamingTests
{
    [Theory]
    [InlineData("study_id,es_id,yi,vi\n1,1,.1,.02\n1,2,.2,.02\n2,3,.3,.02\n", "study_id")]
    [InlineData("StudyID,Place,yi,vi\nx,1,.1,.02\nx,2,.2,.02\ny,3,.3,.02\n", "StudyID")]
    [InlineData("paper,yi,vi\n1,.1,.02\n1,.2,.02\n2,.3,.02\n", "paper")]
    [InlineData("label,SampleID,yi,vi\na,1,.1,.02\nb,1,.2,.02\nc,2,.3,.02\n", "SampleID")]
    [InlineData("studySample,yi,vi\n1,.1,.02\n1,.2,.02\n2,.3,.02\n", "studySample")]
    [InlineData("author,year,yi,vi\nLee,2001,.1,.02\nLee,2001,.2,.02\nKim,2001,.3,.02\n", "{author} ({year})")]
    [InlineData("Author,yi,vi\nLee 2001,.1,.02\nLee 2001,.2,.02\nKim 2001,.3,.02\n", "Author")]
    [InlineData("id,yi,vi\n1,.1,.02\n1,.2,.02\n2,.3,.02\n", "id")]
    public void A_column_that_names_studies_and_repeats_is_found(string text, string by)
    {
        var table = StudyTable.Parse(text);
        var sharing = Assert.Single(table.Naming().Sharing);
        Assert.Equal((by, 2, 1), (sharing.By.ToString(), sharing.Studies, sharing.Repeated));
        // In code, too, pooling them as independent has its warning, and a model for dependent effects has none.
        var effects = table.Effects("yi", vi: "vi", label: StudyLabel.Numbered);
        Assert.Contains($"1 of 2 studies ({by}) has more than one effect", RandomEffects.Fit(effects).Warnings[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(RandomEffects.Fit(effects.AsIndependent()).Warnings, w => w.Contains("more than one effect", StringComparison.Ordinal));
        Assert.Null(effects.Select([0, 2]).SharingWarning);
        if (by.Contains('{')) return;
        Assert.Null(effects.AverageWithin(by, 0.5).SharingWarning);
    }

    [Fact]
    public void Several_effects_of_a_label_are_said_too()
    {
        var effects = StudyTable.Parse("study,rater,r,n\nA,client,.1,20\nA,therapist,.2,20\nB,client,.3,30\n").Correlations("r", "n", effect: "rater");
        Assert.Contains("1 of 2 studies (study)", effects.SharingWarning!, StringComparison.Ordinal);
        Assert.Contains("1 of 2 studies (study)", MetaRegression.Fit(StudyTable.Parse("study,x,r,n\nA,1,.1,20\nA,2,.2,20\nB,3,.3,30\nB,5,.2,90\n").Correlations("r", "n", StudyLabel.FromColumn("study").NumberingRepeats()),
            Moderator.Number("x")).Warnings[^1].Replace("2 of 2", "1 of 2", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void The_outermost_study_comes_first()
    {
        var naming = StudyTable.Parse("paper,sample,yi,vi\n1,a,.1,.02\n1,a,.2,.02\n1,b,.3,.02\n2,c,.2,.02\n").Naming();
        Assert.Equal(["paper", "sample"], naming.Sharing.Select(s => s.By.ToString()));
        Assert.True(naming.IsNested);
        Assert.False(StudyTable.Parse("paper,sample,yi,vi\n1,a,.1,.02\n1,b,.2,.02\n2,b,.3,.02\n").Naming().IsNested);
    }

    [Fact]
    public void Authors_with_two_studies_of_one_year_share_a_report_not_a_study()
    {
        var naming = StudyTable.Parse("study,author,year,yi,vi\n1,Pellegrini,1972,.1,.02\n2,Pellegrini,1972,.2,.02\n3,Lee,1974,.3,.02\n").Naming();
        Assert.Empty(naming.Sharing);
        Assert.Equal("{author} ({year})", naming.SameReport!.By.ToString());
    }

    [Fact]
    public void A_missing_year_does_not_end_a_run_over_a_label_that_was_guessed()
    {
        var table = StudyTable.Parse("author,year,yi,vi\nSmith,2001,.1,.02\nLee,NA,.2,.03\nKim,2005,.3,.02\n");
        Assert.Equal(["Smith (2001)", "Lee", "Kim (2005)"], table.Effects("yi", vi: "vi").Labels);
    }

    [Fact]
    public void Effects_of_one_label_are_numbered_where_that_is_asked() =>
        Assert.Equal(["A, effect 1", "A, effect 2", "B"], StudyTable.Parse("study,r,n\nA,.1,20\nA,.2,20\nB,.3,30\n").Correlations("r", "n", StudyLabel.FromColumn("study").NumberingRepeats()).Labels);

    [Fact]
    public void A_row_that_sums_up_the_others_is_no_study()
    {
        var fault = Assert.Throws<StudyDataException>(() => StudyTable.Parse("study,ri,ni\nA,.31,120\nB,.20,85\nTotal,.255,205\n", "s.csv").Correlations("ri", "ni"));
        Assert.Equal("s.csv, row 4: \"Total\" seems to sum up other rows (its sample size 205 is the sum of theirs) and would count them twice; delete the row, or give the study its name.", fault.Message);
        Assert.Equal(StudyDataFault.SummaryRow, fault.Kind);
    }

    [Theory]
    [InlineData("trial,ai,bi,ci,di\nA,5,\"1.000\",4,\"1.200\"\nB,6,900,3,800\nC,7,850,9,870\n", "row 2 (\"A\"), column bi: \"1.000\" is read as 1, and looks like 1000")]
    [InlineData("trial;ai;bi;ci;di\nA;5;1,200;4;1000\nB;6;900;3;800\nC;7;850;9;870\n", "\"1,200\" may mean 1.200 or 1200")]
    public void Counts_that_look_like_thousands_are_asked_about(string text, string message)
    {
        var fault = Assert.Throws<StudyDataException>(() => StudyTable.Parse(text).EffectSizes(EffectMeasure.OddsRatio, new Dictionary<string, string> { ["ai"] = "ai", ["bi"] = "bi", ["ci"] = "ci", ["di"] = "di" }, "trial"));
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whole_numbers_with_three_zeros_throughout_are_whole_numbers() =>
        Assert.Equal([120, 85], StudyTable.Parse("study,r,n\nA,.1,120.000\nB,.2,85.000\n").Correlations("r", "n").SampleSizes);

    /// <summary>As in a table of correlations of 67 studies, some of several samples: sample 1 of every study is no sample of its own.</summary>
    [Fact]
    public void Samples_that_are_numbered_within_each_study_are_named_with_it()
    {
        var naming = StudyTable.Parse("studyid,sampleid,yi,vi\n1,1,.1,.02\n1,1,.2,.02\n1,2,.3,.02\n2,1,.2,.02\n3,1,.4,.02\n3,2,.4,.02\n").Naming();
        Assert.Equal(["studyid", "{studyid}, {sampleid}"], naming.Sharing.Select(s => s.By.ToString()));
        Assert.Equal([3, 5], naming.Sharing.Select(s => s.Studies));
        Assert.True(naming.IsNested);

        // Where each is a row, the study alone is shared; letters count, too.
        Assert.Equal(["study_id"], StudyTable.Parse("study_id,sample,yi,vi\n1,A,.1,.02\n1,B,.2,.02\n2,A,.3,.02\n2,B,.2,.02\n").Naming().Sharing.Select(s => s.By.ToString()));
        // Samples with numbers of their own stay what they are.
        Assert.Equal(["study_id", "sample"], StudyTable.Parse("study_id,sample,yi,vi\n1,1,.1,.02\n1,2,.2,.02\n1,2,.25,.02\n2,3,.3,.02\n2,3,.2,.02\n").Naming().Sharing.Select(s => s.By.ToString()));
    }
}
