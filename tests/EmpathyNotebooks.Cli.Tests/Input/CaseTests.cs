using System.Text.Json;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Cli.Tests.Input;

/// <summary>Tables as they come from spreadsheets and other programs, from the file to the result; numbers are metafor's of the same files.</summary>
public sealed class CaseTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("empathy-cases-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("c01-win1252", "was read as Windows-1252, for example \"Müller\"", "holds \"?\" within a word")]
    [InlineData("c11-trailing-rows", "Rows 7 to 9 at the end are empty.")]
    [InlineData("c12-trailing-cols", "2 columns have neither name nor values.")]
    [InlineData("c14-title-row", "Row 1 above the names of the columns was passed over: \"Table 1. Studies\".")]
    [InlineData("c32-writetable", "counts the rows, as R writes row numbers")]
    [InlineData("lab", "label = {author} ({year})")]
    public async Task A_table_with_something_around_it_is_pooled_and_the_rest_is_said(string name, params string[] said)
    {
        Assert.Equal(EmpathyCommand.Success, await Run(Case(name), "--json"));
        foreach (var sentence in said) Assert.Contains(sentence, _error.ToString(), StringComparison.Ordinal);
        var json = JsonDocument.Parse(_output.ToString()).RootElement;
        var expected = JsonDocument.Parse(File.ReadAllText(Repository.PathTo("tests", "golden", "metafor", "real-tables.json"))).RootElement.EnumerateArray().Single(c => c.GetProperty("case").GetString() == name);
        Assert.Equal(expected.GetProperty("k").GetInt32(), json.GetProperty("k").GetInt32());
        Assert.Equal(expected.GetProperty("beta").GetDouble(), json.GetProperty("coefficients")[0].GetProperty("estimate").GetDouble(), 1e-8);
        Assert.Equal(expected.GetProperty("se").GetDouble(), json.GetProperty("coefficients")[0].GetProperty("standardError").GetDouble(), 1e-8);
        Assert.Equal(expected.GetProperty("tau2").GetDouble(), json.GetProperty("heterogeneity").GetProperty("tauSquared").GetDouble(), 1e-8);
        Assert.Equal(_error.ToString().TrimEnd().Split('\n').Select(l => l.TrimEnd('\r')), json.GetProperty("notes").EnumerateArray().Select(n => n.GetString()!));
    }

    [Theory]
    [InlineData("c07-german-thousands", "c07-german-thousands.csv, row 2 (\"A\"), column n: \"1.200\" must be written without thousands separators: 1200.")]
    [InlineData("d9", "is not the square of the standard error sei = .2: both columns are the same, and one has the wrong name")]
    [InlineData("th", "th.csv, row 2 (\"A\"), column bi: \"1.000\" is read as 1, and looks like 1000 with a separator of thousands; write the count without one.")]
    [InlineData("total", "total.csv, row 4: \"Total\" seems to sum up other rows (its sample size 205 is the sum of theirs)")]
    public async Task A_table_that_says_two_things_is_not_pooled(string name, string fault)
    {
        Assert.Equal(EmpathyCommand.BadInput, await Run(Case(name)));
        Assert.Contains(fault, _error.ToString(), StringComparison.Ordinal);
        Assert.Equal("", _output.ToString());
    }

    [Fact]
    public async Task Thousands_written_without_separators_give_the_odds_ratio_of_thousands()
    {
        var json = await Json(Write("study,ai,bi,ci,di\nA,5,1000,4,1200\nB,6,900,3,800\nC,7,850,9,870\n"), "--measure", "OR");
        Assert.Equal(1.15284382804529, json.GetProperty("backTransformed").GetProperty("estimate").GetDouble(), 1e-8);
    }

    [Theory]
    [InlineData("--vi")]
    [InlineData("--sei")]
    public async Task Variances_or_standard_errors_that_disagree_can_be_chosen(string option)
    {
        var json = await Json(Case("d9"), "--yi", "yi", option, option[2..]);
        var spread = option == "--vi" ? .2 : .04;
        Assert.Equal(spread, json.GetProperty("studies")[0].GetProperty("vi").GetDouble(), 1e-12);
    }

    [Fact]
    public async Task What_was_added_to_cells_is_said_with_its_rows()
    {
        await Json(Write("study,ai,bi,ci,di\na,0,10,4,6\nb,2,8,5,5\nc,3,7,0,6\n"), "--zero-cells", "where-zero");
        Assert.Contains("0.5 was added to", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains(": a (row 2), c (row 4).", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Categories_that_differ_by_case_are_said_where_they_are_used()
    {
        var file = Write("study,yi,vi,pop,other\nA,.1,.1,Asia,u\nB,.2,.1,asia,v\nC,.3,.2,Asia,U\nD,.3,.2,asia,u\n");
        await Json(file, "--moderator", "pop");
        Assert.Contains("\"Asia\" (2 rows) and \"asia\" (2 rows) differ only by case", _error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Column other", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_column_of_numbers_and_texts_stops_only_who_uses_it()
    {
        var file = Write("\"\",study,yi,vi,ba,es\n1,A,.1,.1,1,1\n2,B,.2,.1,sr,2\n5,C,.3,.2,1,\n6,D,.3,.2,1,7\n");
        await Json(file);
        Assert.DoesNotContain("Column ba", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(EmpathyCommand.BadInput, await Run(file, "--moderator", "ba"));
        Assert.Contains("row 3 (\"B\"), column ba: \"sr\" must be a number like other values of the column", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("; if the column holds texts, name it in --text-column", _error.ToString(), StringComparison.Ordinal);
        await Json(file, "--moderator", "factor(ba)");
        await Json(file, "--moderator", "ba", "--text-column", "ba");
    }

    [Fact]
    public async Task Clusters_need_no_column_that_tells_effects_apart()
    {
        var json = await Json(Write("study,r,n\na,.1,50\na,.4,30\nb,.2,90\nb,.3,40\nc,.25,60\nd,.1,70\n"), "--cluster", "study");
        Assert.Equal(["a, effect 1", "a, effect 2", "b, effect 1", "b, effect 2", "c", "d"], json.GetProperty("studies").EnumerateArray().Select(s => s.GetProperty("label").GetString()));
    }

    [Fact]
    public async Task Rows_that_share_a_study_are_dependent_unless_it_is_said_that_they_are_not()
    {
        var file = Write("study_id,outcome,yi,vi\n1,a,.1,.02\n1,b,.3,.03\n2,a,.25,.02\n2,b,.2,.04\n3,a,.5,.03\n4,a,.15,.02\n");
        var taken = await Json(file);
        var said = await Json(file, "--cluster", "study_id");
        Assert.Equal(said.GetProperty("coefficients").GetRawText(), taken.GetProperty("coefficients").GetRawText());
        Assert.Equal(said.GetProperty("robust").GetRawText(), taken.GetProperty("robust").GetRawText());
        Assert.False((await Json(file, "--independent")).TryGetProperty("robust", out _));
        Assert.Equal(EmpathyCommand.BadInput, await Run(file, "--independent", "--cluster", "study_id"));
        // What can be asked of dependent effects is.
        foreach (var option in (string[][])[["--subgroup", "outcome"], ["--cumulative"], ["--blups"], ["--beyond", "0.1"], ["--prediction", "study"]])
        {
            Assert.Equal("study_id", (await Json(file, option)).GetProperty("varianceComponents")[0].GetProperty("level").GetString());
        }
        // What takes effects as independent is not computed without a word.
        foreach (var option in (string[][])[["--method", "DL"], ["--test", "knha"], ["--weights", "vi"], ["--scale", "outcome"], ["--henmi-copas"]])
        {
            _error.GetStringBuilder().Clear();
            Assert.Equal(EmpathyCommand.BadInput, await Run([file, .. option]));
            Assert.Contains("Rows share a study: study_id names 4 studies in 6 rows.", _error.ToString(), StringComparison.Ordinal);
            foreach (var proposal in HeaderTests.Proposals(_error.ToString()).Where(p => !p.Contains("--scale"))) await Json(proposal[0], [.. proposal.Skip(1)]);
        }
    }

    [Fact]
    public async Task Author_and_year_that_repeat_are_a_cluster_without_a_column_of_their_own()
    {
        var json = await Json(Write("author,year,r,n\nLee,2001,.1,50\nLee,2001,.4,30\nLee,2005,.2,90\nKim,NA,.3,40\nKim,NA,.25,60\nDoe,2010,.1,70\n"));
        Assert.Equal("{author} ({year})", json.GetProperty("varianceComponents")[0].GetProperty("level").GetString());
        Assert.Equal(4, json.GetProperty("varianceComponents")[0].GetProperty("groups").GetInt32());
    }

    [Fact]
    public async Task Results_stand_in_JSON_on_the_scale_a_reader_knows()
    {
        var json = await Json(Write("study,r,n\na,.1,50\nb,.4,30\nc,.2,90\nd,.3,40\n"));
        var mean = json.GetProperty("coefficients")[0];
        var shown = json.GetProperty("backTransformed");
        foreach (var name in new[] { "estimate", "lower", "upper" }) Assert.Equal(Math.Tanh(mean.GetProperty(name).GetDouble()), shown.GetProperty(name).GetDouble(), 1e-14);
        Assert.Equal(Math.Tanh(json.GetProperty("predictionInterval").GetProperty("lower").GetDouble()), shown.GetProperty("predictionInterval").GetProperty("lower").GetDouble(), 1e-14);
        var study = json.GetProperty("studies")[1];
        Assert.Equal(.4, study.GetProperty("backTransformed").GetProperty("estimate").GetDouble(), 1e-14);
        Assert.Equal(Math.Tanh(Math.Atanh(.4) - 1.959963984540054 / Math.Sqrt(27)), study.GetProperty("backTransformed").GetProperty("lower").GetDouble(), 1e-12);
    }

    [Fact]
    public async Task Robust_inference_has_its_test_of_all_moderators_in_JSON()
    {
        var file = Repository.PathTo("tests", "golden", "metafor", "data", "konstantopoulos2011.csv");
        var json = await Json(file, "--yi", "yi", "--vi", "vi", "--cluster", "district", "--moderator", "year");
        var test = json.GetProperty("robust").GetProperty("test");
        var year = json.GetProperty("robust").GetProperty("coefficients")[1];
        // One moderator: HTZ is the square of its t.
        Assert.Equal(Math.Pow(year.GetProperty("statistic").GetDouble(), 2), test.GetProperty("statistic").GetDouble(), 1e-8);
        Assert.Equal(year.GetProperty("pValue").GetDouble(), test.GetProperty("pValue").GetDouble(), 1e-8);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("robust").GetProperty("testReason").ValueKind);
    }

    [Fact]
    public async Task Logarithms_with_intervals_can_be_said_to_be_such()
    {
        var file = Write("study,l,low,high\na,0.4055,-0.2877,1.0986\nb,0.6931,0.0000,1.3863\nc,0.5,-0.1,1.1\n");
        var logs = await Json(file, "--measure", "OR", "--yi", "l", "--lower", "low", "--upper", "high", "--pooled-scale");
        Assert.Equal(0.4055, logs.GetProperty("studies")[0].GetProperty("yi").GetDouble());
        var wide = await Json(file, "--measure", "GEN", "--yi", "l", "--lower", "low", "--upper", "high", "--interval-level", "90");
        Assert.Equal(logs.GetProperty("studies")[0].GetProperty("vi").GetDouble() * Math.Pow(1.959963984540054 / 1.6448536269514722, 2), wide.GetProperty("studies")[0].GetProperty("vi").GetDouble(), 1e-12);
        Assert.Equal(EmpathyCommand.BadInput, await Run(file, "--pooled-scale"));
    }

    private static string Case(string name) => Repository.PathTo("tests", "EmpathyNotebooks.Cli.Tests", "Input", "Cases", name + ".csv");

    private Task<int> Run(params string[] arguments) => EmpathyCommand.InvokeAsync(["analyze", .. arguments], _output, _error);

    private async Task<JsonElement> Json(string file, params string[] arguments)
    {
        _output.GetStringBuilder().Clear();
        Assert.True(await Run([file, .. arguments.Contains("--json") ? arguments : [.. arguments, "--json"]]) == EmpathyCommand.Success, _error.ToString());
        return JsonDocument.Parse(_output.ToString()).RootElement;
    }

    private string Write(string text)
    {
        var file = Path.Combine(_folder, "s.csv");
        File.WriteAllText(file, text);
        return file;
    }
}
