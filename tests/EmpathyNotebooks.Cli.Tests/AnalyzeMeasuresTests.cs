using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Cli.Tests;

/// <summary>Measures and models of the command line that need more than effects and variances.</summary>
public sealed class AnalyzeMeasuresTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("empathy-measures-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_partial_correlation_and_its_z_take_the_same_columns()
    {
        const string table = "study,ri,ni,mi\nA,.3,50,2\nB,.4,60,2\nC,.2,80,3\n";
        foreach (var measure in new[] { "PCOR", "ZPCOR" }) Assert.Equal(3, (await Json(table, "--measure", measure, "--ri", "ri", "--ni", "ni", "--mi", "mi")).GetProperty("k").GetInt32());
    }

    [Fact]
    public async Task A_Freeman_Tukey_proportion_is_shown_with_the_harmonic_mean_and_that_is_said()
    {
        const string table = "study,xi,ni\nA,0,25\nB,3,1500\nC,12,12\nD,4,110\nE,0,3\nF,1,900\n";
        var json = await Json(table, "--measure", "PFT", "--test", "z");
        Assert.Contains("Miller (1978)", json.GetProperty("backTransformation").GetString(), StringComparison.Ordinal);
        Assert.Equal(12.833, json.GetProperty("backTransformationSize").GetDouble(), 1e-3);
        Assert.Equal(EmpathyCommand.Success, await Run(table, "--measure", "PFT", "--test", "z"));
        Assert.Contains(".083", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("harmonic mean of the sample sizes, 12.833", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Groups_of_one_study_do_not_stop_the_analysis()
    {
        const string table = "study,yi,vi,pop\nA,0.31,0.01,Eu\nB,0.12,0.02,Eu\nC,0.45,0.03,Asia\nD,0.22,0.01,Asia\nE,0.05,0.02,other\nG,0.33,0.02,Asia\n";
        var json = await Json(table, "--subgroup", "pop");
        // With two studies REML is half the squared difference less the mean variance, .19²/2 - .015.
        Assert.Equal([0.0, 0.00305, -1], json.GetProperty("subgroups").EnumerateArray().Select(g =>
            g.GetProperty("tauSquared").ValueKind == JsonValueKind.Null ? -1 : Math.Round(g.GetProperty("tauSquared").GetDouble(), 6)));
        Assert.Equal(1, json.GetProperty("betweenGroups").GetProperty("degreesOfFreedom")[0].GetInt32());
        Assert.All(json.GetProperty("subgroups").EnumerateArray(), g => Assert.Equal(g.GetProperty("estimate").GetDouble(), g.GetProperty("backTransformed").GetProperty("estimate").GetDouble()));
        string[] warnings = [.. json.GetProperty("subgroupWarnings").EnumerateArray().Select(w => w.GetString()!)];
        Assert.Equal(2, warnings.Length);
        Assert.Contains("not pooled", warnings[0], StringComparison.Ordinal);
        Assert.Contains("finds differences too easily", warnings[1], StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, (await Json(table, "--subgroup", "study")).GetProperty("betweenGroups").ValueKind);
    }

    [Fact]
    public async Task Rates_are_pooled_by_Mantel_and_Haenszel()
    {
        const string table = "study,x1i,t1i,x2i,t2i\nA,7,1344,11,1988\nB,8,1600,8,1461\n";
        LabelledRates[] rates = [new("A", 7, 1344, 11, 1988), new("B", 8, 1600, 8, 1461)];
        foreach (var (measure, fit) in new[] { ("IRR", MantelHaenszel.RateRatio(rates)), ("IRD", MantelHaenszel.RateDifference(rates)) })
        {
            var json = await Json(table, "--method", "MH", "--measure", measure);
            Assert.Equal(fit.Estimate, json.GetProperty("coefficients")[0].GetProperty("estimate").GetDouble());
            Assert.Equal("B", json.GetProperty("studies")[1].GetProperty("label").GetString());
        }
        Assert.Equal(EmpathyCommand.Success, await Run(table, "--method", "MH", "--measure", "IRR"));
        Assert.Contains("k = 2 studies", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal(EmpathyCommand.BadInput, await Run(table, "--method", "PETO", "--measure", "IRR"));
    }

    [Fact]
    public async Task Studies_of_one_year_are_added_together()
    {
        const string table = "study,yi,vi,year\nA,.1,.1,2001\nB,.2,.1,2001\nC,.3,.2,2004\n";
        var rows = (await Json(table, "--cumulative", "year", "--collapse")).GetProperty("cumulative").EnumerateArray().ToList();
        Assert.Equal([("2001", 2), ("2004", 3)], rows.Select(r => (r.GetProperty("label").GetString(), r.GetProperty("k").GetInt32())));
    }

    private async Task<JsonElement> Json(string table, params string[] options)
    {
        _output.GetStringBuilder().Clear();
        var code = await Run(table, [.. options, "--json"]);
        Assert.True(code == EmpathyCommand.Success, _error.ToString());
        return JsonDocument.Parse(_output.ToString()).RootElement;
    }

    private async Task<int> Run(string table, params string[] options)
    {
        var file = Path.Combine(_folder, "table.csv");
        await File.WriteAllTextAsync(file, table, TestContext.Current.CancellationToken);
        return await EmpathyCommand.InvokeAsync(["analyze", file, .. options], _output, _error);
    }
}
