using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EmpathyNotebooks.Cli.Tests;

/// <summary>What a hurried user of <c>analyze</c> gets wrong, and what he is told.</summary>
public sealed class AnalyzeFaultTests : IDisposable
{
    private const string Correlations = "study,ri,ni,year,w\nA,.1,30,2001,1\nB,.2,40,2002,1\nC,.3,50,2003,-2\n";
    private const string Tables = "trial,ai,bi,ci,di\nA,0,10,5,5\nB,2,20,3,19\nC,4,30,8,40\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("empathy-faults-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(Correlations, "--ri ri --ni ni --vi w", "--vi has no part in ZCOR as asked for, which is computed from ri, ni: give --yi with --vi or --sei, or neither.")]
    [InlineData(Correlations, "--measure ZCOR --m1 year", "--m1i has no part in ZCOR as asked for, which is computed from ri, ni: leave it out, or say another --measure.")]
    [InlineData(Correlations, "--measure GEN --yi ri --vi ni --sei year", "--sei has no part in GEN as asked for, which is computed from yi, vi: give --yi with --vi or --sei, or neither.")]
    [InlineData(Correlations, "--permutations 1e3", "--permutations 1e3: give a whole number, without a sign or an exponent, such as 10000.")]
    [InlineData(Correlations, "--bootstrap -1", "--bootstrap -1: give a whole number, without a sign or an exponent, such as 10000.")]
    [InlineData(Correlations, "--seed 1.5 --sensitivity", "--seed 1.5: give a whole number, without a sign or an exponent")]
    [InlineData(Correlations, "--where ri=", "column ri: an empty cell is the value of no row: there are: ")]
    [InlineData(Correlations, "--add 1", "--add needs --zero-cells.")]
    [InlineData(Correlations, "--influence", "--influence needs --json.")]
    [InlineData(Tables, "--measure OR --zero-cells all --add nan", "--add nan: give a positive number such as 0.5.")]
    [InlineData(Tables, "--measure OR --method MH --yi ai", "--yi has no part in OR as asked for, which is computed from ai, bi, ci, di: give --yi with --vi or --sei, or neither.")]
    [InlineData(Tables, "--measure OR", "for example --zero-cells where-zero, or a method that needs none")]
    [InlineData(Correlations, "--beyond 2", "--beyond 2: give a value that r can have, between -1 and 1.")]
    [InlineData(Correlations, "--moderator year+", "--moderator year+: a term is missing.")]
    [InlineData(Correlations, "--moderator yaer", "s.csv: \"yaer\" is not a column: did you mean \"year\"?")]
    [InlineData(Correlations, "--text-column stduy", "s.csv: \"stduy\" is not a column: did you mean \"study\"? There are: study, ri, ni, year, w (--text-column names it).")]
    [InlineData(Correlations, "--weights w", "s.csv, row 4 (\"C\"), column w: \"-2\" must be a weight, a number of 0 or more.")]
    [InlineData("study,ri,ni,w\nA,.1,30,-1\nB,.2,30,1\nC,.2,30,-3\n", "--weights w", "column w: \"-1\" must be a weight, a number of 0 or more.\ns.csv, row 4 (\"C\"), column w: \"-3\" must be a weight, a number of 0 or more.")]
    [InlineData("study,ri,ni\nA,x,30\nB,.2,2\nC,y,30\nD,.3,30\n", "", "name it in --text-column.\ns.csv, row 3 (\"B\"), column ni: \"2\" must be a sample size of at least 4: Fisher's z has the variance 1 / (n - 3).\ns.csv, row 4 (\"C\"), column ri: \"y\" must be a number like")]
    [InlineData("study,ri,ni\nA,.1,30\n", "", "s.csv: A random-effects model needs at least 2 studies; there is 1.")]
    [InlineData(Correlations, "--moderator study", "s.csv: A meta-regression with 3 coefficients needs at least 4 studies; there are 3.")]
    public async Task A_fault_is_named_with_what_would_be_right(string table, string arguments, string message)
    {
        var file = Path.Combine(_folder, "s.csv");
        File.WriteAllText(file, table);
        Assert.Equal(EmpathyCommand.BadInput, await EmpathyCommand.InvokeAsync(["analyze", file, .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)], _output, _error));
        Assert.Contains(message, _error.ToString(), StringComparison.Ordinal);
        Assert.Equal("", _output.ToString());
    }

    [Fact]
    public async Task Correlations_come_from_t_too()
    {
        var json = await Json("study,t,n\nA,1.2,30\nB,2.2,40\nC,2.9,50\n", "--measure", "ZCOR", "--ti", "t", "--ni", "n");
        var first = json.GetProperty("studies")[0];
        Assert.Equal(Math.Atanh(1.2 / Math.Sqrt(1.2 * 1.2 + 28)), first.GetProperty("yi").GetDouble(), 1e-12);
        Assert.Equal(1.0 / 27, first.GetProperty("vi").GetDouble(), 1e-12);
    }

    [Fact]
    public async Task What_is_said_comes_before_what_the_header_allows()
    {
        var json = await Json("trial,ai,bi,ci,di,treated,controls\nA,2,10,5,15,40,40\nB,4,20,3,19,40,40\n", "--measure", "RR", "--n1", "treated", "--n2", "controls");
        Assert.Equal(Math.Log(2.0 / 40 / (5.0 / 40)), json.GetProperty("studies")[0].GetProperty("yi").GetDouble(), 1e-12);
    }

    [Fact]
    public async Task A_huge_table_is_answered_at_once_and_what_is_left_out_is_said()
    {
        var table = new StringBuilder("study,ri,ni\n");
        for (var i = 0; i < 20_000; i++) table.Append(CultureInfo.InvariantCulture, $"S{i},{0.2 + 0.1 * Math.Sin(i):F4},{20 + i % 280}\n");
        var json = await Json(table.ToString());

        Assert.Contains("more than 5000 studies. Ask for it with --influence.", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(20_000, json.GetProperty("k").GetInt32());
        var last = json.GetProperty("studies")[19_999];
        Assert.Equal(JsonValueKind.Number, last.GetProperty("weight").ValueKind);
        Assert.Equal(JsonValueKind.Null, last.GetProperty("leaveOneOutEstimate").ValueKind);
    }

    private async Task<JsonElement> Json(string table, params string[] arguments)
    {
        var file = Path.Combine(_folder, "s.csv");
        File.WriteAllText(file, table);
        Assert.True(await EmpathyCommand.InvokeAsync(["analyze", file, .. arguments, "--json"], _output, _error) == EmpathyCommand.Success, _error.ToString());
        return JsonDocument.Parse(_output.ToString()).RootElement;
    }
}
