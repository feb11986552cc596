using System.Text.Json;

namespace EmpathyNotebooks.Cli.Tests;

/// <summary><c>analyze --report</c>: a folder whole or not at all, the same twice, and nothing replaced unasked.</summary>
public sealed class AnalyzeReportTests : IDisposable
{
    private const string Table = "study,ri,ni\nA,.31,60\nB,.12,85\nC,.45,40\nD,.20,110\nE,-.05,52\n";

    /// <summary>So few replicates take no time.</summary>
    private static readonly string[] Few = ["--permutations", "99", "--bootstrap", "99"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("analyze-report");

    public void Dispose() => _folder.Delete(recursive: true);

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private async Task<(int Code, string Output, string Error)> Run(params string[] words)
    {
        await File.WriteAllTextAsync(At("studies.csv"), Table, TestContext.Current.CancellationToken);
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await EmpathyCommand.InvokeAsync(["analyze", At("studies.csv"), .. words], output, error);
        return (code, output.ToString(), error.ToString());
    }

    [Fact]
    public async Task The_folder_is_whole_the_same_twice_and_names_no_place()
    {
        var (code, output, error) = await Run(["--report", At("one"), "--report-title", "Five studies", "--report-format", "html,md,qmd", .. Few]);
        Assert.Equal((0, true), (code, output.Contains("Random-effects model", StringComparison.Ordinal)));
        Assert.Contains("report.html", error, StringComparison.Ordinal);
        Assert.Equal(0, (await Run(["--report", At("two"), "--report-title", "Five studies", "--report-format", "html,md,qmd", .. Few])).Code);

        var files = Directory.EnumerateFiles(At("one"), "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(At("one"), f)).Order(StringComparer.Ordinal).ToArray();
        Assert.Contains("report.md", files);
        Assert.DoesNotContain("report.docx", files);
        foreach (var file in files)
        {
            var bytes = await File.ReadAllBytesAsync(Path.Combine(At("one"), file), TestContext.Current.CancellationToken);
            var again = await File.ReadAllBytesAsync(Path.Combine(At("two"), file), TestContext.Current.CancellationToken);
            Assert.True(bytes.SequenceEqual(again), file);
            Assert.True(bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(_folder.FullName)) < 0, file);
        }
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(At("one"), "results.json"), TestContext.Current.CancellationToken));
        var provenance = json.RootElement.GetProperty("provenance");
        Assert.Equal(System.Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Table))), provenance.GetProperty("dataSha256").GetString());
        Assert.Equal(["studies.csv", "--report-title", "Five studies", "--report-format", "html,md,qmd", .. Few], provenance.GetProperty("command").EnumerateArray().Select(w => w.GetString()));
        Assert.Equal(5, json.RootElement.GetProperty("analysis").GetProperty("k").GetInt32());
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(_folder.FullName), path => path.EndsWith(".part", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_is_replaced_without_force()
    {
        Directory.CreateDirectory(At("there"));
        await File.WriteAllTextAsync(At("there/mine.txt"), "mine", TestContext.Current.CancellationToken);
        var refused = await Run("--report", At("there"), "--report-format", "md");
        Assert.Equal(2, refused.Code);
        Assert.Contains("--force", refused.Error, StringComparison.Ordinal);
        Assert.Equal([At("there/mine.txt")], Directory.EnumerateFileSystemEntries(At("there")));

        // What no report wrote is not replaced by one.
        var other = await Run("--report", At("there"), "--report-format", "md", "--force");
        Assert.Equal((2, ""), (other.Code, other.Output));
        Assert.Contains("no report", other.Error, StringComparison.Ordinal);
        Assert.Equal([At("there/mine.txt")], Directory.EnumerateFileSystemEntries(At("there")));

        await File.WriteAllTextAsync(At("table.csv"), "mine", TestContext.Current.CancellationToken);
        var table = await Run("--multiverse", "--multiverse-csv", At("table.csv"));
        Assert.Equal(2, table.Code);
        Assert.Contains("--force", table.Error, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(At("table.csv"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("--report-title needs --report.", "--report-title", "x")]
    [InlineData("there is no such form. There are: html, docx, tex, qmd, md", "--report", "{new}", "--report-format", "pdf")]
    [InlineData("this is a file", "--report", "{file}")]
    [InlineData("there is no folder", "--report", "{new}/deep/er")]
    [InlineData("--force needs --r-code or --report or --multiverse-csv.", "--force")]
    public async Task What_cannot_be_is_said_before_anything_is_computed(string message, params string[] words)
    {
        var (code, output, error) = await Run([.. words.Select(w => w.Replace("{new}", At("new"), StringComparison.Ordinal).Replace("{file}", At("studies.csv"), StringComparison.Ordinal))]);

        Assert.Equal((2, ""), (code, output));
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(At("new")));
    }
}
