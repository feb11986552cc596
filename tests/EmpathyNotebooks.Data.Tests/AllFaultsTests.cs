using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data.Tests;

/// <summary>Every wrong cell of the columns used is named at once, so that nobody needs as many runs as there are slips.</summary>
public sealed class AllFaultsTests
{
    private static StudyDataException Fault(string csv, Func<StudyTable, object> use) => Assert.Throws<StudyDataException>(() => use(StudyTable.Parse(csv, "t.csv")));

    private static (int?, string?, string?)[] Places(StudyDataException fault) => [.. fault.Faults.Select(f => (f.Row, f.Column, f.Value))];

    [Fact]
    public void All_faults_of_correlations_and_sample_sizes_are_told_in_the_order_of_the_rows()
    {
        var fault = Fault("study,r,n\na,0.3,40\nb,abc,30\nc,1.5,x\nd,0.2,2\ne,,50\nf,0.1,20.5\ng,0.2,50\n", t => t.Correlations("r", "n"));

        Assert.Equal([(3, "r", "abc"), (4, "r", "1.5"), (4, "n", "x"), (5, "n", "2"), (6, "r", ""), (7, "n", "20.5")], Places(fault));
        // The first keeps its fields.
        Assert.Equal((3, "b", "r", "abc", "t.csv", StudyDataFault.MixedColumn, 6), (fault.Row, fault.Study, fault.Column, fault.Value, fault.File, fault.Kind, fault.FaultCount));
        var lines = fault.Message.Split('\n');
        Assert.Equal(6, lines.Length);
        Assert.All(lines, line => Assert.StartsWith("t.csv, row ", line, StringComparison.Ordinal));
        Assert.Equal("t.csv, row 5 (\"d\"), column n: \"2\" must be a sample size of at least 4: Fisher's z has the variance 1 / (n - 3).", lines[3]);
    }

    [Fact]
    public void Of_many_faults_twenty_are_listed_and_all_counted()
    {
        var rows = string.Concat(Enumerable.Range(1, 30).Select(i => $"s{i},{(i % 5 == 0 ? ".2" : "wrong")},.02\n"));
        var fault = Fault("study,yi,vi\n" + rows, t => t.Effects("yi", "vi"));

        Assert.Equal((20, 24), (fault.Faults.Length, fault.FaultCount));
        Assert.EndsWith("\n4 more faults are not listed.", fault.Message, StringComparison.Ordinal);
        // How to go on stands once.
        Assert.Single(fault.Message.Split('\n'), line => line.Contains(nameof(StudyTableOptions.TextColumns), StringComparison.Ordinal));
        var some = fault.WithRemedies(_ => "; do this").At(1, "x", "yi", "z");
        Assert.Equal((20, 24), (some.Faults.Length, some.FaultCount));
        Assert.Single(some.Message.Split("; do this")[1..]);
    }

    [Fact]
    public void Standard_errors_intervals_and_ingredients_are_gone_through_to_the_end()
    {
        Assert.Equal([(2, "se", "0"), (3, "d", "x"), (4, "se", "-1")], Places(Fault("study,d,se\na,.1,0\nb,x,.2\nc,.3,-1\nd,.2,.1\n", t => t.Effects("d", sei: "se"))));
        Assert.Equal([(2, "hi", "0.5"), (3, "or", "-1"), (4, "lo", "-2"), (5, "or", "9")],
            Places(Fault("study,or,lo,hi\na,1.2,.8,0.5\nb,-1,.5,2\nc,1,-2,2\nd,9,.5,2\ne,1,.5,2\n", t => t.EffectsFromIntervals("or", "lo", "hi", EffectMeasure.OddsRatio))));
        Assert.Equal([(2, "lo", "x"), (3, "or", "-1")], Places(Fault("study,or,lo,hi\na,1.2,x,2\nb,-1,.5,2\nc,1,.5,2\n", t => t.EffectsFromIntervals("or", "lo", "hi", EffectMeasure.OddsRatio))));
        var means = Fault("study,m1,sd1,n1,m2,sd2,n2\na,5,-1,20,4,1,20\nb,x,1,20,4,1,20\nc,5,1,20,4,1,1\nd,5,1,20,4,1,20\n", t => t.EffectSizes(EffectMeasure.StandardizedMeanDifference,
            new Dictionary<string, string> { ["m1i"] = "m1", ["sd1i"] = "sd1", ["n1i"] = "n1", ["m2i"] = "m2", ["sd2i"] = "sd2", ["n2i"] = "n2" }));
        Assert.Equal([2, 3, 4], means.Faults.Select(f => f.Row).Order());
        var good = Fault("study,m1,sd1,n1,m2,sd2,n2\na,5,-1,20,4,1,20\nc,5,1,20,4,1,1\nd,5,1,20,4,1,20\n", t => t.EffectSizes(EffectMeasure.StandardizedMeanDifference,
            new Dictionary<string, string> { ["m1i"] = "m1", ["sd1i"] = "sd1", ["n1i"] = "n1", ["m2i"] = "m2", ["sd2i"] = "sd2", ["n2i"] = "n2" }));
        Assert.Equal([(2, "sd1"), (3, "n2")], good.Faults.Select(f => (f.Row, f.Column)));
    }

    [Fact]
    public void A_moderator_and_a_label_with_several_wrong_cells_name_them_all()
    {
        var table = StudyTable.Parse("study,yi,vi,year\na,.1,.02,2001\nb,.2,.02,2O02\nc,.3,.02,l999\nd,.3,.02,1998\n", "t.csv");
        Assert.Equal([(3, "year", "2O02"), (4, "year", "l999")], Places(Assert.Throws<StudyDataException>(() => table.RequireOneKind("year"))));
        Assert.Equal([(3, "study", ""), (5, "study", "NA")], Places(Fault("study,yi,vi\na,.1,.02\n,.2,.02\nc,.3,.02\nNA,.3,.02\n", t => t.Effects("yi", "vi", label: "study"))));
    }

    [Fact]
    public void A_check_lists_every_cell_that_is_no_number_and_the_others_beside()
    {
        var check = StudyTable.Parse("study,ri,ni\na,0.3,40\nb,abc,30\nc,1.5,40\nd,x,30\ne,.2,50\n", "t.csv").Check();
        Assert.Equal([(3, "ri", "abc"), (4, "ri", "1.5"), (5, "ri", "x")], check.Findings.Where(f => f.Severity == CheckSeverity.Error).Select(f => (f.Row, f.Column, f.Value)));
    }

    [Fact]
    public void A_check_lists_what_lies_behind_many_wrong_cells_and_all_of_one_row()
    {
        var letters = string.Concat(Enumerable.Range(1, 25).Select(i => $"a{i},x,40\n"));
        var errors = StudyTable.Parse("study,ri,ni\n" + letters + "b,.1,50\nc,1.7,50\nd,-3,2\ne,.2,60\nf,.3,50\ng,.1,61\n" + string.Concat(Enumerable.Range(1, 30).Select(i => $"h{i},.2,{i + 40}\n")), "t.csv").Check().Findings.Where(f => f.Severity == CheckSeverity.Error).ToList();
        Assert.Equal(28, errors.Count);
        Assert.Equal([(28, "c", "ri", "1.7"), (29, "d", "ri", "-3"), (29, "d", "ni", "2")], errors.Skip(25).Select(f => (f.Row, f.Study, f.Column, f.Value)));

        var one = StudyTable.Parse("study,ri,ni\na,1.3,2\nb,.2,40\nc,.3,50\n", "t.csv").Check();
        Assert.Equal([(2, "a", "ri"), (2, "a", "ni")], one.Findings.Where(f => f.Severity == CheckSeverity.Error).Select(f => (f.Row, f.Study, f.Column)));
    }

    [Fact]
    public void Of_more_faults_than_are_looked_for_no_number_is_claimed()
    {
        static StudyDataException Of(int wrong) => Fault("study,yi,vi\nfirst,.2,.02\n" + string.Concat(Enumerable.Range(1, wrong).Select(i => $"s{i},.2,-1\n")), t => t.Effects("yi", "vi"));

        var many = Of(1500);
        Assert.Equal((1000, false), (many.FaultCount, many.CountsAll));
        Assert.EndsWith("\nAt least 980 more faults are not listed.", many.Message, StringComparison.Ordinal);
        Assert.False(many.WithRemedies(_ => null).At(1, "x", "yi", "z").CountsAll);
        Assert.True(Of(999).CountsAll);
    }
}
