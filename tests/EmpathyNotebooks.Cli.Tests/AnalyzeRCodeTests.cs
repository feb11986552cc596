using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Cli.Tests;

/// <summary><c>empathy analyze --r-code</c>.</summary>
public sealed class AnalyzeRCodeTests : IDisposable
{
    private static readonly string Data = Repository.PathTo("data", "molloy2014.csv");
    private readonly string _folder = Directory.CreateTempSubdirectory("empathy-r-code-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    private string Script => Path.Combine(_folder, "twin.R");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<int> Run(params string[] arguments) => EmpathyCommand.InvokeAsync(["analyze", Data, "--ri", "ri", "--ni", "ni", "--independent", .. arguments], _output, _error);

    [Fact]
    public async Task The_script_is_written_beside_the_tables_the_same_twice()
    {
        Assert.Equal(EmpathyCommand.Success, await Run("--r-code", Script));
        var first = File.ReadAllText(Script);
        Assert.Contains("rma(yi, vi, data = dat, method = \"REML\", test = \"knha\", level = 95", first, StringComparison.Ordinal);
        Assert.Contains("95% CI", _output.ToString(), StringComparison.Ordinal);

        Assert.Equal(EmpathyCommand.Success, await Run("--r-code", Script, "--force"));
        Assert.Equal(first, File.ReadAllText(Script));
    }

    [Fact]
    public async Task Nothing_is_overwritten_without_force()
    {
        File.WriteAllText(Script, "mine");

        Assert.Equal(EmpathyCommand.BadInput, await Run("--r-code", Script));

        Assert.Equal("mine", File.ReadAllText(Script));
        Assert.Contains("--force", _error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_output.ToString());
    }

    [Fact]
    public async Task A_dash_prints_the_script_alone()
    {
        Assert.Equal(EmpathyCommand.Success, await Run("--r-code", "-"));

        Assert.StartsWith("# The R twin", _output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("95% CI", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Kenward-Roger", "--test", "kr", "--r-code")]
    [InlineData("this is a folder", "--r-code")]
    [InlineData("--force needs --r-code", "--force")]
    [InlineData("both print on standard output", "--json", "--r-code", "-")]
    public async Task What_cannot_be_is_said_and_nothing_is_written(string problem, params string[] arguments)
    {
        var path = problem.Contains("folder", StringComparison.Ordinal) ? _folder : Script;

        Assert.Equal(EmpathyCommand.BadInput, await Run(arguments[^1] == "--r-code" ? [.. arguments, path] : arguments));

        Assert.Contains(problem, _error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_output.ToString());
        Assert.False(File.Exists(Script));
    }
}
