using EmpathyNotebooks.Tests;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Events;
using Genuine = Microsoft.DotNet.Interactive.CSharp.CSharpKernel;

namespace EmpathyNotebooks.DotNetInteractive.Tests;

/// <summary>The genuine C# kernel of .NET Interactive, from its packages, in this process.</summary>
// Our kernel and the genuine one both redirect the console of the process: one after the other.
[Collection("one console")]
public sealed class InProcessTests : IDisposable
{
    private readonly CompositeKernel _composite = new() { new Genuine().UseKernelHelpers() };

    /// <summary>The tool takes every lesson; the newer packages of the same kernel take a few.</summary>
    public static TheoryData<string> Notebooks() => new(Repository.FewLessons);

    public void Dispose() => _composite.Dispose();

    [Theory]
    [MemberData(nameof(Notebooks))]
    public async Task A_notebook_shows_the_same_in_the_genuine_kernel(string name)
    {
        foreach (var cell in await OwnRuns.OfAsync(name))
        {
            Agreement.Check($"{name}, cell {cell.Number}", cell.Outputs, await RunAsync(cell.Source));
        }
    }

    [Fact]
    public async Task What_a_reader_makes_shows_the_same_in_the_genuine_kernel()
    {
        foreach (var ((code, form), ours) in Samples.Cells.Zip(await OwnRuns.SamplesAsync()))
        {
            var theirs = await RunAsync(code);
            if (form is not null) Assert.Contains(form, theirs.Forms[^1].Keys);
            Agreement.Check(code, ours, theirs);
        }
    }

    /// <summary>A progress bar is one value of that kernel, too, which is updated in its place until it ends.</summary>
    [Fact]
    public async Task A_progress_bar_is_updated_in_its_place()
    {
        Assert.Null((await RunAsync(Samples.Cells[0].Code)).Error);
        var result = await SendAsync("{ var bar = Notebook.Progress(\"drawing\"); bar.Report(0.5); bar.Report(1); }");
        Assert.Empty(result.Events.OfType<CommandFailed>());
        var shown = Assert.Single(result.Events.OfType<DisplayedValueProduced>());
        var ended = result.Events.OfType<DisplayedValueUpdated>().Last();
        Assert.Equal(shown.ValueId, ended.ValueId);
        Assert.Contains(ended.FormattedValues, form => form.Value.Contains("drawing: done in ", StringComparison.Ordinal));
    }

    private Task<KernelCommandResult> SendAsync(string code) => _composite.SendAsync(new SubmitCode(code), TestContext.Current.CancellationToken);

    private async Task<GenuineResult> RunAsync(string code)
    {
        // In this process no folder is the notebook's.
        code = code.Replace("#r \"../", $"#r \"{Repository.PathTo("artifacts")[..^"artifacts".Length].Replace('\\', '/')}", StringComparison.Ordinal);
        var result = await SendAsync(code);
        var shown = result.Events.OfType<DisplayEvent>().Where(one => one is ReturnValueProduced or DisplayedValueProduced);
        return new GenuineResult(
            result.Events.OfType<CommandFailed>().FirstOrDefault()?.Message,
            string.Concat(result.Events.OfType<StandardOutputValueProduced>().SelectMany(one => one.FormattedValues).Select(form => form.Value)),
            [.. shown.Select(one => (IReadOnlyDictionary<string, string>)one.FormattedValues.ToDictionary(form => form.MimeType, form => form.Value, StringComparer.Ordinal))]);
    }
}
