using System.Collections.Concurrent;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Kernels;
using EmpathyNotebooks.Host.Running;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.DotNetInteractive.Tests;

/// <summary>What our kernel shows, run once for both of the genuine ones.</summary>
internal static class OwnRuns
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<IReadOnlyList<NotebookCell>>>> Notebooks = new();
    private static readonly Lazy<Task<IReadOnlyList<IReadOnlyList<NotebookOutput>>>> OfSamples = new(RunSamplesAsync);

    /// <summary>Where the notebooks are.</summary>
    public static string Folder { get; } = Repository.PathTo("notebooks");

    /// <summary>The code cells of a notebook with their outputs.</summary>
    public static Task<IReadOnlyList<NotebookCell>> OfAsync(string name) => Notebooks.GetOrAdd(name, n => new(() => RunAsync(n))).Value;

    /// <summary>The outputs of each of the <see cref="Samples"/>.</summary>
    public static Task<IReadOnlyList<IReadOnlyList<NotebookOutput>>> SamplesAsync() => OfSamples.Value;

    private static async Task<IReadOnlyList<NotebookCell>> RunAsync(string name)
    {
        var run = await new NotebookRunner().RunAsync(NotebookDocument.Load(Path.Combine(Folder, name)), Folder);
        Assert.Empty(run.Failures);
        return [.. run.Document.Cells.Where(cell => cell.Type == NotebookCellType.Code)];
    }

    private static async Task<IReadOnlyList<IReadOnlyList<NotebookOutput>>> RunSamplesAsync()
    {
        var kernel = new CSharpKernel(new CSharpKernelOptions { Folder = Folder });
        var outputs = new List<IReadOnlyList<NotebookOutput>>();
        foreach (var (code, _) in Samples.Cells)
        {
            var ours = await kernel.ExecuteAsync(code);
            Assert.True(ours.Error is null, $"{code}: {ours.Error}");
            outputs.Add(ours.Outputs);
        }

        return outputs;
    }
}
