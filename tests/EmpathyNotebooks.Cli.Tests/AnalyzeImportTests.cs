using System.Text;
using System.Text.Json;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Cli.Tests;

/// <summary>How <c>analyze</c> comes to its rows: files of other kinds, rows chosen, left out or turned round.</summary>
public sealed class AnalyzeImportTests : IDisposable
{
    private const string Effects = "study,yi,vi,rater,scored\nA,.1,.02,client,high\nB,-.3,.03,observer,low\nC,,.02,client,high\nD,.4,.02,client,high\nE,.2,NA,observer,high\nF,.3,.05,observer,high\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("empathy-rows-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<JsonElement> Analyze(string file, params string[] arguments)
    {
        _output.GetStringBuilder().Clear();
        _error.GetStringBuilder().Clear();
        var code = await EmpathyCommand.InvokeAsync(["analyze", file, "--json", .. arguments], _output, _error);
        Assert.True(code == EmpathyCommand.Success, _error.ToString());
        return JsonDocument.Parse(_output.ToString()).RootElement;
    }

    private string Write(string name, string text, Encoding? encoding = null)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text, encoding ?? new UTF8Encoding(false));
        return path;
    }

    private static double Estimate(JsonElement report) => report.GetProperty("coefficients")[0].GetProperty("estimate").GetDouble();

    [Fact]
    public async Task Rows_without_an_effect_are_refused_and_left_out_by_name_when_asked_to()
    {
        var file = Write("s.csv", Effects);
        Assert.Equal(EmpathyCommand.BadInput, await EmpathyCommand.InvokeAsync(["analyze", file], _output, _error));
        Assert.Contains("row 4 (\"C\"), column yi: an empty cell must be an effect", _error.ToString());

        var report = await Analyze(file, "--omit-missing");

        Assert.Equal(4, report.GetProperty("k").GetInt32());
        Assert.Contains("2 rows without an effect are left out (--omit-missing): row 4 has no yi; row 6 has no vi.", _error.ToString());
    }

    [Fact]
    public async Task Effects_are_turned_round_all_or_some()
    {
        var file = Write("s.csv", Effects);
        var plain = Estimate(await Analyze(file, "--omit-missing", "--method", "EE"));
        Assert.Equal(-plain, Estimate(await Analyze(file, "--omit-missing", "--method", "EE", "--reverse", "all")), 12);

        var some = Estimate(await Analyze(file, "--omit-missing", "--method", "EE", "--reverse", "scored=low"));
        double[] y = [.1, .3, .4, .3], v = [.02, .03, .02, .05];
        Assert.Equal(y.Zip(v, (a, b) => a / b).Sum() / v.Sum(b => 1 / b), some, 12);
        Assert.Contains("The sign of 1 effect with scored = low is turned round (--reverse).", _error.ToString());

        Assert.Equal(EmpathyCommand.BadInput, await EmpathyCommand.InvokeAsync(["analyze", file, "--omit-missing", "--reverse", "scored=lo"], _output, _error));
        Assert.Contains("\"lo\" is the value of no row: did you mean \"low\"?", _error.ToString());
        Assert.Equal(EmpathyCommand.BadInput, await EmpathyCommand.InvokeAsync(["analyze", Write("p.csv", "study,xi,ni\nA,3,20\nB,4,30\n"), "--measure", "PLO", "--reverse", "all"], _output, _error));
        Assert.Contains("has no value of no effect about which it could be turned round", _error.ToString());
    }

    [Fact]
    public async Task Rows_are_chosen_by_their_values_and_categories_put_in_order()
    {
        var file = Write("s.csv", Effects);
        Assert.Equal(2, (await Analyze(file, "--omit-missing", "--where", "rater=client")).GetProperty("k").GetInt32());
        Assert.Equal(1 + 1, (await Analyze(file, "--omit-missing", "--where", "rater=client", "--where", "scored=high")).GetProperty("k").GetInt32());

        var report = await Analyze(file, "--omit-missing", "--levels", "rater=observer, client", "--moderator", "factor(rater)");
        Assert.Contains("rater: client", report.GetProperty("coefficients").EnumerateArray().Select(c => c.GetProperty("name").GetString()));

        Assert.Equal(EmpathyCommand.BadInput, await EmpathyCommand.InvokeAsync(["analyze", file, "--where", "rater"], _output, _error));
        Assert.Contains("--where rater: give a column and what is meant of it, for example --where study=...", _error.ToString());
        Assert.Equal(EmpathyCommand.BadInput, await EmpathyCommand.InvokeAsync(["analyze", file, "--levels", "rater=client"], _output, _error));
        Assert.Contains("row 3, column rater: \"observer\" is not among the categories in order (client)", _error.ToString());
    }

    [Fact]
    public async Task A_workbook_and_JSON_are_analysed_like_CSV()
    {
        var workbook = await Analyze(Repository.PathTo("tests/golden/import/studies.xls"));
        var csv = await Analyze(Write("s.csv", "study,yi,vi\nA,.5,.04\nB,.25,.01\nC,.125,.02\n"));
        var json = await Analyze(Write("s.json", """[{"study":"A","yi":0.5,"vi":0.04},{"study":"B","yi":0.25,"vi":0.01},{"study":"C","yi":0.125,"vi":0.02}]"""));
        Assert.Equal(Estimate(csv), Estimate(workbook));
        Assert.Equal(Estimate(csv), Estimate(json));
    }

    [Fact]
    public async Task An_encoding_is_said_by_its_name()
    {
        var file = Write("s.csv", "study,yi,vi\nDvořák,.5,.04\nŁuk,.25,.01\n", CodePagesEncodingProvider.Instance.GetEncoding("iso-8859-2"));
        var report = await Analyze(file, "--encoding", "iso-8859-2");
        Assert.Equal("Dvořák", report.GetProperty("studies")[0].GetProperty("label").GetString());

        Assert.Equal(EmpathyCommand.BadInput, await EmpathyCommand.InvokeAsync(["analyze", file, "--encoding", "latin-99"], _output, _error));
        Assert.Contains("--encoding latin-99: there is no such encoding. Usual ones are utf-8", _error.ToString());
    }
}
