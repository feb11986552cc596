using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Kernels;
using EmpathyNotebooks.Host.Running;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.DotNetInteractive.Tests;

/// <summary>The notebooks in the genuine .NET Interactive, as its tool runs them for VS Code and Jupyter.</summary>
[Collection("one console")]
public sealed class InstalledToolTests
{
    private static readonly string Folder = Repository.PathTo("notebooks");

    public static TheoryData<string> Notebooks() =>
        new(Directory.EnumerateFiles(Folder, "*.ipynb").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Notebooks))]
    public async Task A_notebook_shows_the_same_in_the_genuine_NET_Interactive(string name)
    {
        using var tool = Start();
        var stop = TestContext.Current.CancellationToken;
        var run = await new NotebookRunner().RunAsync(NotebookDocument.Load(Path.Combine(Folder, name)), Folder, interrupt: stop);
        Assert.Empty(run.Failures);
        foreach (var cell in run.Document.Cells.Where(cell => cell.Type == NotebookCellType.Code))
        {
            Agreement.Check($"{name}, cell {cell.Number}", cell.Outputs, await tool.RunAsync(cell.Source, stop));
        }
    }

    [Fact]
    public async Task What_a_reader_makes_shows_the_same_in_the_genuine_NET_Interactive()
    {
        using var tool = Start();
        var stop = TestContext.Current.CancellationToken;
        var kernel = new CSharpKernel(new CSharpKernelOptions { Folder = Folder });
        foreach (var (code, form) in Samples.Cells)
        {
            var ours = await kernel.ExecuteAsync(code, null, stop);
            Assert.True(ours.Error is null, $"{code}: {ours.Error}");
            var theirs = await tool.RunAsync(code, stop);
            if (form is not null) Assert.Contains(form, theirs.Forms[^1].Keys);
            Agreement.Check(code, ours.Outputs, theirs);
        }
    }

    private static GenuineTool Start()
    {
        if (GenuineTool.Path is { } path) return new GenuineTool(path, Folder);
        const string Reason = "The tool dotnet-interactive is not in artifacts/dotnet-interactive; .ci/run installs it there.";
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", Reason);
        Assert.Skip(Reason);
        throw new InvalidOperationException(Reason);
    }
}
