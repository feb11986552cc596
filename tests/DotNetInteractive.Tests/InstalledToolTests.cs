namespace EmpathyNotebooks.DotNetInteractive.Tests;

/// <summary>The tool, started once for all that is run in it: its start takes longer than a lesson.</summary>
public sealed class StartedTool : IAsyncLifetime
{
    private GenuineTool? _tool;

    /// <summary>Starts it as a reader has it who came here from other work: what that opened stays open in all cells.</summary>
    public async ValueTask InitializeAsync()
    {
        if (GenuineTool.Path is not { } path) return;
        _tool = new GenuineTool(path, OwnRuns.Folder);
        foreach (var code in new[] { "#r \"../artifacts/lib/EmpathyNotebooks.Interactive.dll\"", "using Deedle; using MathNet.Numerics; using MathNet.Numerics.Statistics; using Plotly.NET;" })
        {
            var opened = await _tool.RunAsync(code, TestContext.Current.CancellationToken);
            Assert.True(opened.Error is null, opened.Error);
        }
    }

    public ValueTask DisposeAsync()
    {
        _tool?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The tool. Skips the test where it is not installed; on the build machine that is a failure.</summary>
    internal GenuineTool Get()
    {
        if (_tool is { } tool) return tool;
        const string Reason = "The tool dotnet-interactive is not in artifacts/dotnet-interactive; .ci/run installs it there.";
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", Reason);
        Assert.Skip(Reason);
        throw new InvalidOperationException(Reason);
    }
}

/// <summary>
/// The notebooks in the genuine .NET Interactive, as its tool runs them for VS Code and Jupyter: one after the other in one kernel, where each shows what it
/// shows alone.
/// </summary>
[Collection("one console")]
public sealed class InstalledToolTests(StartedTool started) : IClassFixture<StartedTool>
{
    public static TheoryData<string> Notebooks() =>
        new(Directory.EnumerateFiles(OwnRuns.Folder, "*.ipynb").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Notebooks))]
    public async Task A_notebook_shows_the_same_in_the_genuine_NET_Interactive(string name)
    {
        var tool = started.Get();
        var stop = TestContext.Current.CancellationToken;
        foreach (var cell in await OwnRuns.OfAsync(name))
        {
            Agreement.Check($"{name}, cell {cell.Number}", cell.Outputs, await tool.RunAsync(cell.Source, stop));
        }
    }

    [Fact]
    public async Task What_a_reader_makes_shows_the_same_in_the_genuine_NET_Interactive()
    {
        var tool = started.Get();
        var stop = TestContext.Current.CancellationToken;
        foreach (var ((code, form), ours) in Samples.Cells.Zip(await OwnRuns.SamplesAsync()))
        {
            var theirs = await tool.RunAsync(code, stop);
            if (form is not null) Assert.Contains(form, theirs.Forms[^1].Keys);
            Agreement.Check(code, ours, theirs);
        }
    }
}
