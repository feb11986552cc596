using System.Globalization;
using System.Text.Json;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Cli.Tests;

/// <summary>The table of a multiverse as a file.</summary>
public sealed class AnalyzeMultiverseTests : IDisposable
{
    private static readonly string Bcg = Repository.PathTo("tests", "golden", "metafor", "data", "bcg.csv");

    private readonly string _folder = Directory.CreateTempSubdirectory("empathy-multiverse-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_combination_is_a_line_of_the_table_with_the_numbers_of_JSON()
    {
        var file = Path.Combine(_folder, "table.csv");
        Assert.Equal(EmpathyCommand.Success, await Run("--multiverse", "--multiverse-csv", file, "--permutations", "99", "--json"));
        using var json = JsonDocument.Parse(_output.ToString());
        var multiverse = json.RootElement.GetProperty("sensitivity").GetProperty("multiverse");
        var lines = await File.ReadAllLinesAsync(file, Token);
        Assert.Equal(1 + multiverse.GetProperty("combinations").GetInt32(), lines.Length);
        Assert.Equal(multiverse.GetProperty("specifications").GetInt32(), lines.Count(l => l.EndsWith(",specification,", StringComparison.Ordinal)));
        var head = lines[0].Split(',');
        var first = lines[1].Split(',');
        // Commas stand in the name of the part alone, which is quoted.
        Assert.Equal(json.RootElement.GetProperty("coefficients")[0].GetProperty("estimate").GetDouble(), double.Parse(first[Array.IndexOf(head, "estimate")], CultureInfo.InvariantCulture), 1e-9);
        Assert.Equal([Path.GetFileName(file)], Directory.GetFiles(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_table_that_cannot_be_written_is_no_half_answer()
    {
        var file = Path.Combine(_folder, "nowhere", "table.csv");
        Assert.Equal(EmpathyCommand.BadInput, await Run("--multiverse", "--multiverse-csv", file, "--permutations", "99", "--json"));
        Assert.Empty(_output.ToString());
        Assert.Contains("was not written", _error.ToString(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
        Assert.Equal(EmpathyCommand.BadInput, await Run("--multiverse-csv", file));
        Assert.Contains("--multiverse", _error.ToString(), StringComparison.Ordinal);
    }

    private Task<int> Run(params string[] arguments) => EmpathyCommand.InvokeAsync(["analyze", Bcg, "--measure", "RR", "--yi", "yi", "--vi", "vi", .. arguments], _output, _error);
}
