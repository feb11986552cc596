using System.Collections.Immutable;
using EmpathyNotebooks.Cli.Analyze;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Cli.Tests;

/// <summary>Every kind of fault is worded with the options of the command line, and in no words of C#.</summary>
public sealed class FaultWordsTests : IDisposable
{
    private const string Correlations = "study,ri,ni,year,w\nA,.1,30,2001,1\nB,.2,40,2002,1\nC,.3,50,2003,2\nD,.4,50,2003,2\n";
    private const string Effects = "study,yi,vi,rater\nA,.1,.02,x\nA,.3,.03,y\nB,.2,.02,x\nB,.1,.04,y\nC,.4,.02,x\n";
    private const string Tables = "trial,ai,bi,ci,di\nA,0,10,5,5\nB,2,20,3,19\nC,4,30,8,40\n";

    // What helps is in the fault itself, and no option of the command line is concerned.
    private static readonly StudyDataFault[] WordlessData =
    [
        StudyDataFault.Value, StudyDataFault.Form, StudyDataFault.Header, StudyDataFault.NoSuchName, StudyDataFault.SummaryRow, StudyDataFault.Disagreement, StudyDataFault.Thousands,
        StudyDataFault.SharedName, StudyDataFault.Undetermined,
    ];

    private static readonly ChoiceFault[] WordlessChoices = [ChoiceFault.UndefinedEstimate, ChoiceFault.GivenTwice, ChoiceFault.NotComparable, ChoiceFault.UndefinedForFit];
    private static readonly StudyCount[] WordlessCounts = [StudyCount.Studies, StudyCount.Effects];

    // A message of these has the method and what was seen; no choice of an option is sure to help.
    private static readonly NonConvergence[] WordlessConvergence = [NonConvergence.Search, NonConvergence.Precision];

    // No command line leads there: it fits no multivariate model, names every label and column itself, and makes no number of a text.
    private static readonly StudyDataFault[] UnreachedData =
    [
        StudyDataFault.NoSuchLevel, StudyDataFault.TextForNumber, StudyDataFault.NoLabel, StudyDataFault.NotRecognised, StudyDataFault.SeveralReadings, StudyDataFault.OneOutcome,
        StudyDataFault.LoneOutcome,
    ];

    // Refused before by the name of the option, or no command line asks for it: fits are not compared, and options are made from what is said once.
    private static readonly ChoiceFault[] UnreachedChoices =
    [
        ChoiceFault.NeedsRandomEffects, ChoiceFault.NeedsFullLikelihood, ChoiceFault.NotComparable, ChoiceFault.GivenTwice, ChoiceFault.Incomplete, ChoiceFault.UndefinedForFit,
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("empathy-words-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string, string, string, string> Cases => new()
    {
        // Kind, table, arguments, the words.
        { "Value", "study,ri,ni\nA,.1,30\nB,1.2,40\n", "", "s.csv, row 3 (\"B\"), column ri: \"1.2\" must be a correlation" },
        { "Form", "study,ri,ni\nA,.1,30\nB,.2\n", "", "s.csv, row 3: has 2 cells where the header has 3" },
        { "Header", "A,.1,20\nB,.2,30\nC,.3,40\n", "", "\".1\" must be the name of a column, not a number" },
        { "NoSuchColumn", Correlations, "--text-column stduy", "s.csv: \"stduy\" is not a column: did you mean \"study\"? There are: study, ri, ni, year, w (--text-column names it)." },
        { "NoSuchColumn", Correlations, "--moderator yeer", "s.csv: \"yeer\" is not a column: did you mean \"year\"? There are: study, ri, ni, year, w." },
        { "SharedName", "study,ri,ni,ni\nA,.1,30,31\nB,.2,40,41\n", "--ni ni", "s.csv: \"ni\" is the name of 2 columns, called \"ni (column 3)\" and \"ni (column 4)\" here: say which by that name, or give each column a name of its own in the file." },
        { "Encoding", "shift-jis.csv", "", "shift-jis.csv, row 3: is neither in UTF-8 nor in Windows-1252, where it would hold the control character U+008D; save it as UTF-8, or name its encoding, for example --encoding shift_jis." },
        { "NoSuchSheet", "studies.xlsx", "--sheet Date", "\"Date\" is not a sheet: did you mean \"Data\"? There are: Data, Codebook, Old (--sheet)." },
        { "OptionOfOtherFile", "studies.xlsx", "--encoding utf-8", "studies.xlsx: is an Excel workbook, which has no encoding to choose: leave --encoding out." },
        { "OptionOfOtherFile", Correlations, "--sheet Data", "s.csv: is text, which has no sheets to choose: leave --sheet out." },
        { "NoSuchName", Effects, "--independent --label {study}-{rater} --moderator rater --reference rater=z", "\"z\" is the reference but the value of no row used: did you mean \"x\"? There are: x, y." },
        { "AveragedAway", Effects, "--cluster study --model aggregate --moderator rater",
            "\"rater\" is no longer a column: it was left out when effects were averaged, since it varies within study \"A\" (x, y). For a moderator take --model che, multilevel, corr or hier, which keep every effect." },
        { "Delimiter", "study;a,yi;vi,b\nA;1,2;3,4\nB;2,3;4,5\nC;4,5;6,7\n", "", "and the lines do not settle which; set --delimiter." },
        { "DecimalMark", "study;yi;vi\nA;\"1,234\";\"1,001\"\nB;2;1\nC;3;2\n", "", "write it without a thousands separator, or set --decimal." },
        { "MixedDecimalMarks", "study;ri;ni\nA;0.1;20\nB;0,2;30\n", "", "write one mark throughout, or set --decimal to learn which cells are wrong." },
        { "OtherDecimalMark", "study;ri;ni\nA;0.1;20\nB;0,2;30\n", "--decimal point", "\"0,2\" must have a decimal point, as this file is read; if it has decimal commas, set --decimal." },
        { "MixedColumn", "study,ri,ni\nA,.1,20\nB,o.2,30\n", "--ri ri --ni ni", "or empty or NA where it is not known; if the column holds texts, name it in --text-column." },
        { "RepeatedLabel", "study,rater,yi,vi\nA,x,.1,.02\nA,x,.2,.02\nB,y,.3,.02\n", "--label {study}-{rater} --independent", "(--effect COLUMN; --label \"{a} ({b})\"; or --cluster COLUMN, where effects share a sample)." },
        { "SummaryRow", "study,ri,ni\nA,.1,20\nB,.2,30\nTotal,.15,50\n", "", "delete the row, or give the study its name." },
        { "Disagreement", "study,or,lower,upper\nA,1.50,0.75,3.00\nB,2.00,1.00,9.00\n", "", "must lie at the middle of its interval" },
        { "Thousands", "study;ri;ni\nA;0.1;1.200\nB;0.2;300\nC;0.3;400\n", "", "write the count without one." },
        { "ZeroCount", Tables, "--measure OR", ": choose a zero-cell rule, for example --zero-cells where-zero, or a method that needs none (Mantel-Haenszel, Peto)." },
        { "ZeroCount", "study,ai,bi,ci,di\nA,10,0,5,12\nB,12,4,6,14\n", "--measure MPORC", ": choose a zero-cell rule, for example --zero-cells where-zero." },
        { "EqualKnots", Correlations, "--moderator rcs(year,5)", "column year: has too many equal values for 5 knots at its quantiles: take fewer knots, or --moderator \"poly(year, 2)\"." },
        { "FewRepeatedClusters", "study,s,yi,vi\nA,1,.1,.02\nB,2,.3,.03\nC,3,.2,.02\n", "--cluster s --model hier", "from those within them: take --model corr, che or multilevel." },
        { "Undetermined", Correlations, "--moderator year --moderator year*w --moderator w --moderator factor(year)", "cannot be told from the terms before it" },
        { "NoSuchMeasure", Correlations, "--measure ZCORR", "\"ZCORR\" is not a measure: did you mean \"ZCOR\"?" },
        { "NoSuchFormula", Correlations, "--measure COR --vtype HO", "COR has no variance formula HO; it has --vtype LS, AV." },
        { "LabelPattern", Correlations, "--label {study", "The label pattern \"{study\" has a brace without its partner; write it as {authors} ({year}) (--label)." },
        { "UndefinedInference", Correlations, "--scale year --test kr", "Kenward-Roger inference is not defined for a location-scale model: choose --test z, t, knha, adhoc." },
        { "NeedsRestrictedLikelihood", Correlations, "--test kr --method DL", "is defined for REML, not for DL: choose Hartung-Knapp inference, or REML (--test knha, or --method REML)." },
        { "NeedsLikelihood", Correlations, "--tau-ci PL --method DL", "not by DL: choose --method REML or ML, or --tau-ci QP." },
        { "NeedsOwnWeights", Correlations, "--test kr --weights w", "not for given ones: leave out --weights, and take another --method than GENQ." },
        { "NeedsOwnWeights", Correlations, "--method GENQ --prediction hts", "not for given ones: leave out --weights, and take another --method than GENQ." },
        { "UndefinedEstimate", "trial,ai,bi,ci,di\nA,0,10,5,5\nB,0,20,3,19\n", "--measure RR --method MH", "The Mantel-Haenszel risk ratio is not defined: one of the groups has no event in any table." },
        { "Studies", "study,ri,ni\nA,.1,30\n", "", "s.csv: A random-effects model needs at least 2 studies; there is 1." },
        { "Effects", "study,s,yi,vi\nA,1,.1,.02\n", "--cluster s", "s.csv: A model with dependent effects needs at least 2 effects; there is 1." },
        { "Clusters", "study,s,x,yi,vi\nA,1,1,.1,.02\nB,1,2,.3,.03\nC,2,3,.2,.02\nD,2,4,.2,.02\n", "--cluster s --model corr --moderator x",
            "needs at least 3 clusters; there are 2. Name in --cluster the column of samples, and take fewer --moderator terms where they are many." },
        { "Groups", "study,s,yi,vi\nA,1,.1,.02\nB,1,.3,.03\nC,1,.2,.02\n", "--cluster s", "A variance between the groups of \"s\" needs at least 2 groups; there is 1. Name in --cluster a column with several values." },
        { "Precision", "study,yi,vi\nA,.1,1e-320\nB,.2,.1\n", "--method EE", "too large or too small for double precision." },
        { "Search", "study,yi,vi,x\nA,.30,.01,1\nB,.31,.02,2\nC,.29,.01,3\nD,.30,.02,4\nE,.305,.01,5\nF,.295,.02,6\n", "--scale x", "its likelihood has no maximum" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_kind_of_fault_is_said_in_the_words_of_the_command_line(string kind, string table, string arguments, string words)
    {
        var file = Path.Combine(_folder, "s.csv");
        if (!table.Contains('\n')) file = Repository.PathTo($"tests/golden/import/{table}");
        else await File.WriteAllTextAsync(file, table, TestContext.Current.CancellationToken);
        Assert.Equal(EmpathyCommand.BadInput, await EmpathyCommand.InvokeAsync(["analyze", file, .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)], _output, _error));
        Assert.True(_error.ToString().Contains(words, StringComparison.Ordinal), $"{kind}: {_error}");
        Assert.DoesNotMatch(CSharp, _error.ToString());
        Assert.Equal("", _output.ToString());
    }

    [Fact]
    public void Every_kind_has_words_or_needs_none()
    {
        Complete(RemedyWords.OfData.Keys, WordlessData);
        Complete(RemedyWords.OfChoices.Keys, WordlessChoices);
        Complete(RemedyWords.OfCounts.Keys, WordlessCounts);
        Complete([], WordlessConvergence);

        static void Complete<T>(IEnumerable<T> worded, IEnumerable<T> wordless) where T : struct, Enum => Assert.Equal(Enum.GetValues<T>(), worded.Concat(wordless).Order());
    }

    [Fact]
    public void Every_kind_that_a_command_line_leads_to_is_shown_above()
    {
        var shown = Cases.Select(c => c.Data.Item1).ToHashSet();
        var expected = Enum.GetValues<StudyDataFault>().Except(UnreachedData).Select(k => k.ToString()).Concat(Enum.GetValues<ChoiceFault>().Except(UnreachedChoices).Select(k => k.ToString()))
            .Concat(Enum.GetNames<StudyCount>()).Concat(Enum.GetNames<NonConvergence>());
        Assert.Equal(expected.Order(), shown.Order());
    }

    [Theory]
    [MemberData(nameof(DataKinds))]
    public void A_fault_of_the_data_is_advised_on_without_words_of_CSharp(StudyDataFault kind)
    {
        foreach (var fault in (StudyDataException[])
        [
            new("is wrong", "v", column: "c", file: "s.csv", kind: kind) { Choices = ["a", "b"] },
            new("is wrong", "v", column: "c", file: "s.csv", kind: kind) { Choices = ["a", "b"], Option = "TextColumns", Alternative = "decimal commas" },
        ])
        {
            var said = Assert.Throws<StudyDataException>(() => RemedyWords.OfTheCommandLine(() => throw fault));
            Assert.DoesNotMatch(CSharp, said.Message);
            Assert.Equal((kind, fault.Expected, fault.Value, fault.File), (said.Kind, said.Expected, said.Value, said.File));
            // Where the command line has no words, the library has none either.
            if (!RemedyWords.OfData.ContainsKey(kind)) Assert.Equal("", said.Remedy);
        }
    }

    [Theory]
    [MemberData(nameof(ChoiceKinds))]
    public void A_choice_is_advised_on_without_words_of_CSharp(ChoiceFault kind)
    {
        var fault = new ImpossibleChoiceException("This cannot be", kind, "options") { Inferences = [Inference.StudentT, Inference.HartungKnappAdHoc], Formulas = [VarianceFormula.EqualVariances] };
        var said = Assert.Throws<BadInputException>(() => RemedyWords.OfTheCommandLine(() => throw fault)).Message;
        Assert.StartsWith("This cannot be", said, StringComparison.Ordinal);
        Assert.DoesNotMatch(CSharp, said);
        if (!RemedyWords.OfChoices.ContainsKey(kind)) Assert.Equal("", fault.Remedy);
    }

    [Theory]
    [InlineData("--measure IRR --method MH --zero-cells where-zero", "--zero-cells")]
    [InlineData("--measure IRD --method MH --vtype UB", "--vtype")]
    [InlineData("--measure OR --method MH --zero-cells all", "--zero-cells")]
    [InlineData("--method PETO --bias-correction none", "--bias-correction")]
    [InlineData("--measure OR --method MH --effect trial", "--effect")]
    public async Task What_has_no_part_in_pooled_counts_is_refused(string arguments, string option)
    {
        var file = Path.Combine(_folder, "s.csv");
        await File.WriteAllTextAsync(file, arguments.Contains("IR", StringComparison.Ordinal) ? "study,x1i,t1i,x2i,t2i\nA,0,10,5,15\nB,2,20,3,19\n" : Tables, TestContext.Current.CancellationToken);
        Assert.Equal(EmpathyCommand.BadInput, await EmpathyCommand.InvokeAsync(["analyze", file, .. arguments.Split(' ')], _output, _error));
        Assert.Equal($"{option} needs another --method than MH and PETO, which pool counts as they are.", _error.ToString().Trim());
    }

    [Theory]
    [InlineData("--independent --label {study}-{rater}")]
    [InlineData("--independent --label {study}-{rater} --test kr")]
    [InlineData("--independent --label {study}-{rater} --subgroup rater")]
    [InlineData("--cluster study")]
    [InlineData("--cluster study --model corr --json")]
    public async Task Warnings_and_notes_have_no_words_of_CSharp(string arguments)
    {
        var file = Path.Combine(_folder, "s.csv");
        await File.WriteAllTextAsync(file, Effects, TestContext.Current.CancellationToken);
        Assert.True(await EmpathyCommand.InvokeAsync(["analyze", file, .. arguments.Split(' ')], _output, _error) == EmpathyCommand.Success, _error.ToString());
        Assert.DoesNotMatch(CSharp, _error.ToString());
        Assert.DoesNotMatch(CSharp, _output.ToString());
    }

    public static TheoryData<StudyDataFault> DataKinds => [.. Enum.GetValues<StudyDataFault>()];

    public static TheoryData<ChoiceFault> ChoiceKinds => [.. Enum.GetValues<ChoiceFault>()];

    /// <summary>Names of C#, as the library's advice has them. EqualVariances is also what the formula is called.</summary>
    private const string CSharp = @"\b(?!EqualVariances)[A-Z][a-z]+[A-Z][a-z]\w*|\w\.[A-Z]|\w\(\.\.\.\)|: "".*?: ""\.\.\.""|Parameter '";
}
