using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Data.Tests;

/// <summary>Each kind of fault of the data, with the values that go along and the library's own words for how to go on.</summary>
public sealed class FaultKindTests
{
    private static readonly StudyEffects Effects = StudyTable.Parse("id,rater,occasion,yi,vi\nA,x,a,.1,.02\nA,y,b,.3,.03\nB,x,a,.2,.02\nB,z,a,.2,.02\nC,x,c,.4,.05\nD,x,c,.2,.05\n")
        .Effects("yi", vi: "vi", label: "{id} {rater}");

    private static readonly Dictionary<string, double> Zeros = new() { ["ai"] = 0, ["bi"] = 10, ["ci"] = 4, ["di"] = 6 };

    private static string Workbook => Repository.PathTo("tests/golden/import/studies.xlsx");

    public static TheoryData<StudyDataFault, string, Action> Cases => new()
    {
        { StudyDataFault.Value, "", () => StudyEffects.Create([.1], [-1]) },
        { StudyDataFault.Form, "", () => Read("study,r\nA,.1\nB,.2,3\n") },
        { StudyDataFault.Encoding, ", or name its encoding in StudyTableOptions.Encoding", () => ReadBytes("study,r,n\n\u7530\u4e2d,.1,50\n\u4f50\u85e4,.2,60\n\u9234\u6728,.3,70\n", 932) },
        { StudyDataFault.Header, "", () => Read("A,.1\nB,.2\n") },
        { StudyDataFault.NoSuchColumn, " (StudyTableOptions.TextColumns names it)", () => Read("study,r\nA,.1\n", new() { TextColumns = ["stduy"] }) },
        { StudyDataFault.NoSuchColumn, "", () => Effects.Column("ratter") },
        { StudyDataFault.NoSuchColumn, "", () => Read("study,r\nA,.1\n").Column("stduy") },
        { StudyDataFault.SharedName, "", () => Read("study,r,r\nA,.1,.2\n").Column("r") },
        { StudyDataFault.NoSuchSheet, " (StudyTableOptions.Sheet names it)", () => StudyTable.Read(Workbook, new() { Sheet = "Date" }) },
        { StudyDataFault.OptionOfOtherFile, ": leave StudyTableOptions.Encoding out", () => StudyTable.Read(Workbook, new() { Encoding = System.Text.Encoding.UTF8 }) },
        { StudyDataFault.NoSuchLevel, ". A level of its own for each effect is written MultilevelModel.EachEffect", () => MultilevelModel.Fit(Effects, ["idd"]) },
        { StudyDataFault.NoSuchName, "", () => MultilevelModel.Fit(Effects, ["id"]).Robust().Test("rate") },
        { StudyDataFault.NoSuchName, "", () => Effects.Where("rater", "zz") },
        { StudyDataFault.AveragedAway, ". AverageWithinEach averages within each of its values", () => Effects.AverageWithin("id", 0.5).Column("rater") },
        { StudyDataFault.Delimiter, "; set StudyTableOptions.Delimiter", () => Read("study;a,yi;vi,b\nA;1,2;3,4\nB;2,3;4,5\n") },
        { StudyDataFault.DecimalMark, ", or set StudyTableOptions.DecimalMark", () => Read("study,n\nA,85\nB,\"1,234\"\n").RequireOneKind("n") },
        { StudyDataFault.MixedDecimalMarks, ", or set StudyTableOptions.DecimalMark to learn which cells are wrong", () => Read("study;r\nA;0.1\nB;0,2\n").RequireOneKind("r") },
        { StudyDataFault.OtherDecimalMark, "; if it has decimal commas, set StudyTableOptions.DecimalMark", () => Read("study;r\nA;0.1\nB;0,2\n", new() { DecimalMark = DecimalMark.Point }).RequireOneKind("r") },
        { StudyDataFault.MixedColumn, "; if the column holds texts, name it in StudyTableOptions.TextColumns", () => Read("study,r\nA,.1\nB,o.2\n").RequireOneKind("r") },
        { StudyDataFault.TextForNumber, "; a moderator of texts is Moderator.Category(\"rater\")", () => MetaRegression.Fit(Effects, Moderator.Number("rater")) },
        { StudyDataFault.RepeatedLabel, "; name the column that tells the effects of one study apart as its effect, or make the label of more columns, as in {a} ({b})",
            () => Read("study,r,n\nA,.1,20\nA,.2,30\n").Correlations("r", "n", "study") },
        { StudyDataFault.NoLabel, "; say label: \"...\", or StudyLabel.Numbered. There are: x, r, n", () => Read("x,r,n\n1,.1,20\n1,.2,30\n").Correlations("r", "n") },
        { StudyDataFault.SummaryRow, "", () => Read("study,r,n\nA,.1,20\nB,.2,30\nTotal,.15,50\n").Correlations("r", "n") },
        { StudyDataFault.Disagreement, "", () => Read("study,or,lower,upper\nA,1.50,0.75,3.00\nB,2.00,1.00,9.00\n").Effects() },
        { StudyDataFault.Thousands, "", () => Read("study;r;n\nA;0.1;1.200\nB;0.2;300\nC;0.3;400\n").Correlations("r", "n") },
        { StudyDataFault.ZeroCount, ": choose a zero-cell rule, for example ZeroCells.AddWhereZero(), or a method that needs none (Mantel-Haenszel, Peto)",
            () => EffectSizeCalculator.Compute(EffectMeasure.OddsRatio, Zeros) },
        { StudyDataFault.ZeroCount, ": choose a zero-cell rule, for example ZeroCells.AddWhereZero()", () => EffectSizeCalculator.Compute(EffectMeasure.FromCode("MPORC"),
            new Dictionary<string, double> { ["ai"] = 4, ["bi"] = 0, ["ci"] = 4, ["di"] = 6 }) },
        { StudyDataFault.NotRecognised, ". There are: study, what", () => Read("study,what\nA,1\nB,2\n").Effects() },
        { StudyDataFault.NotRecognised, ": Correlations(r: \"...\", n: \"...\"). There are: study, what", () => Read("study,what\nA,1\nB,2\n").Correlations() },
        { StudyDataFault.SeveralReadings, ". Choose one: ", () => Read("study,yi,vi,ri,ni\nA,.1,.02,.1,50\nB,.2,.02,.2,50\n").Effects() },
        { StudyDataFault.OneOutcome, ", and for one there is MultilevelModel", () => MultivariateModel.Fit(Effects.Where("rater", "x"), "id", "rater", new() { CommonMean = true }) },
        { StudyDataFault.LoneOutcome, ": leave it out, take a structure with one variance for all (compound symmetry), or hold its variance (FixedComponents)",
            () => MultivariateModel.Fit(Effects, "id", "rater", new() { Structure = CovarianceStructure.Diagonal }) },
        { StudyDataFault.EqualKnots, ": take fewer, or give them with SplineAt", () => MetaRegression.Fit(Read("study,x,yi,vi\nA,1,.1,.02\nB,1,.3,.03\nC,2,.2,.02\nD,2,.2,.03\n").Effects("yi", vi: "vi"), Moderator.Number("x").Spline(5)) },
        { StudyDataFault.FewRepeatedClusters, ": take correlated weights, or a multilevel model", () => RobustVarianceModel.Fit(Effects.Where("rater", "x"), "id", WorkingModel.Hierarchical) },
        { StudyDataFault.Undetermined, "", () => MetaRegression.Fit(Effects.Where("rater", "x"), Moderator.Category("rater")) },
    };

    private static void ReadBytes(string text, int codePage)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, System.Text.CodePagesEncodingProvider.Instance.GetEncoding(codePage)!.GetBytes(text));
            _ = StudyTable.Read(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_kind_goes_with_the_words_of_the_library(StudyDataFault kind, string remedy, Action faulty)
    {
        var fault = Assert.Throws<StudyDataException>(faulty);
        Assert.Equal(kind, fault.Kind);
        if (kind == StudyDataFault.SeveralReadings) Assert.StartsWith(remedy, fault.Remedy, StringComparison.Ordinal);
        else Assert.Equal(remedy, fault.Remedy);
        Assert.EndsWith(fault.Expected + fault.Remedy + ".", fault.Message, StringComparison.Ordinal);

        // Another place in a file, or other words, change neither kind nor values.
        foreach (var other in (StudyDataException[])[fault.At(7, "S", "c", "f.csv"), fault.WithRemedy("; ask")])
        {
            Assert.Equal((kind, fault.Expected, fault.Value, fault.Option, fault.Alternative, fault.Nearest), (other.Kind, other.Expected, other.Value, other.Option, other.Alternative, other.Nearest));
            Assert.Equal(fault.Choices, other.Choices);
        }
        Assert.EndsWith(fault.Expected + "; ask.", fault.WithRemedy("; ask").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_kind_is_used() => Assert.Equal(Enum.GetValues<StudyDataFault>(), Cases.Select(c => c.Data.Item1).Distinct().Order());

    [Fact]
    public void A_mistyped_name_has_the_names_there_are_and_the_nearest()
    {
        var fault = Assert.Throws<StudyDataException>(() => Effects.Column("ratter"));
        Assert.Equal("rater", fault.Nearest);
        Assert.Equal(["id", "rater", "occasion"], fault.Choices[..3]);
        Assert.Null(Assert.Throws<StudyDataException>(() => Effects.Column("something else")).Nearest);
        Assert.Equal("TextColumns", Assert.Throws<StudyDataException>(() => Read("study,r\nA,.1\n", new() { TextColumns = ["stduy"] })).Option);
    }

    [Fact]
    public void A_pattern_that_cannot_be_read_is_a_choice_without_the_name_of_a_parameter()
    {
        var fault = Assert.Throws<ImpossibleChoiceException>(() => (StudyLabel)"{authors");
        Assert.Equal((ChoiceFault.LabelPattern, "pattern", fault.Problem + "."), (fault.Kind, fault.ParamName, fault.Message));
    }

    private static StudyTable Read(string text, StudyTableOptions? options = null) => StudyTable.Parse(text, "s.csv", options);
}
