namespace EmpathyNotebooks.DotNetInteractive.Tests;

/// <summary>The notebooks in the genuine .NET Interactive, as its tool runs them for VS Code and Jupyter.</summary>
[Collection("one console")]
public sealed class InstalledToolTests
{
    public static TheoryData<string> Notebooks() =>
        new(Directory.EnumerateFiles(OwnRuns.Folder, "*.ipynb").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Notebooks))]
    public async Task A_notebook_shows_the_same_in_the_genuine_NET_Interactive(string name)
    {
        using var tool = Start();
        var stop = TestContext.Current.CancellationToken;
        foreach (var cell in await OwnRuns.OfAsync(name))
        {
            Agreement.Check($"{name}, cell {cell.Number}", cell.Outputs, await tool.RunAsync(cell.Source, stop));
        }
    }

    [Fact]
    public async Task What_a_reader_makes_shows_the_same_in_the_genuine_NET_Interactive()
    {
        using var tool = Start();
        var stop = TestContext.Current.CancellationToken;
        foreach (var ((code, form), ours) in Samples.Cells.Zip(await OwnRuns.SamplesAsync()))
        {
            var theirs = await tool.RunAsync(code, stop);
            if (form is not null) Assert.Contains(form, theirs.Forms[^1].Keys);
            Agreement.Check(code, ours, theirs);
        }
    }

    private static GenuineTool Start()
    {
        if (GenuineTool.Path is { } path) return new GenuineTool(path, OwnRuns.Folder);
        const string Reason = "The tool dotnet-interactive is not in artifacts/dotnet-interactive; .ci/run installs it there.";
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", Reason);
        Assert.Skip(Reason);
        throw new InvalidOperationException(Reason);
    }
}
