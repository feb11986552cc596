using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Kernels;

namespace EmpathyNotebooks.Host.Running;

/// <summary>How notebooks are run.</summary>
public sealed record NotebookRunnerOptions
{
    /// <summary>How long one cell may run; 60 seconds unless given.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public TimeSpan TimeLimit
    {
        get;
        init => field = value > TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(nameof(TimeLimit), value, "The time limit of a cell must be positive.");
    } = TimeSpan.FromSeconds(60);

    /// <summary>True to run the cells after one that failed, too.</summary>
    public bool KeepGoing { get; init; }
}

/// <summary>A cell that did not run to its end.</summary>
/// <param name="Notebook">The name of the notebook.</param>
/// <param name="Cell">The number of the cell, from 1 over all cells.</param>
/// <param name="Error">The line and the exception.</param>
public sealed record CellFailure(string Notebook, int Cell, CellError Error)
{
    /// <summary>Notebook, cell, line of code and exception, in three lines.</summary>
    public override string ToString()
    {
        var line = Error.Line is { } number ? FormattableString.Invariant($", line {number}") : "";
        return FormattableString.Invariant($"{Notebook}, cell {Cell}{line}") + $"\n    {Error.LineText}\n{Error.ExceptionType}: {Error.Message}";
    }
}

/// <summary>What running a notebook gave.</summary>
/// <param name="Document">The notebook with its outputs; the one that was given is unchanged.</param>
/// <param name="Failures">The cells that failed, in order; empty when all ran to their end.</param>
public sealed record NotebookRun(NotebookDocument Document, IReadOnlyList<CellFailure> Failures)
{
    /// <summary>True when every cell ran to its end.</summary>
    public bool Succeeded => Failures.Count == 0;

    /// <summary>The kernel in which the cells ran, with their variables: to run more, or to ask for values.</summary>
    public required CSharpKernel Kernel { get; init; }
}

/// <summary>How far a run is.</summary>
/// <param name="Notebook">The name of the notebook.</param>
/// <param name="Done">How many code cells have run.</param>
/// <param name="Total">How many there are.</param>
public readonly record struct CellProgress(string Notebook, int Done, int Total);

/// <summary>Runs the code cells of notebooks from top to bottom, each notebook in a fresh kernel in this process.</summary>
/// <param name="options">How they are run; the defaults when null.</param>
public sealed class NotebookRunner(NotebookRunnerOptions? options = null)
{
    private readonly NotebookRunnerOptions _options = options ?? new NotebookRunnerOptions();

    /// <summary>Runs one notebook.</summary>
    /// <param name="document">The notebook. Old outputs are left out of the result.</param>
    /// <param name="folder">The folder that relative paths in its cells start from.</param>
    /// <param name="progress">Is told after every code cell.</param>
    /// <param name="interrupt">Stops the running cell, which then counts as failed, and the run.</param>
    public async Task<NotebookRun> RunAsync(NotebookDocument document, string folder, IProgress<CellProgress>? progress = null,
        CancellationToken interrupt = default)
    {
        ArgumentNullException.ThrowIfNull(document);
        var run = document.Clone();
        var displays = new EarlierDisplays();
        var kernel = new CSharpKernel(new CSharpKernelOptions { Folder = folder, TimeLimit = _options.TimeLimit, Listener = displays });
        var code = run.Cells.Where(cell => cell.Type == NotebookCellType.Code).ToList();
        foreach (var cell in code) cell.ClearOutputs();

        var failures = new List<CellFailure>();
        for (var i = 0; i < code.Count; i++)
        {
            var cell = code[i];
            var result = await kernel.ExecuteAsync(cell.Source, FormattableString.Invariant($"cell {cell.Number}"), interrupt).ConfigureAwait(false);
            displays.Set(cell, result.Outputs);
            cell.ExecutionCount = result.ExecutionCount;
            progress?.Report(new CellProgress(document.Name, i + 1, code.Count));
            if (result.Error is null) continue;
            failures.Add(new CellFailure(document.Name, cell.Number, result.Error));
            if (!_options.KeepGoing || interrupt.IsCancellationRequested) break;
        }
        displays.Close();
        return new NotebookRun(run, failures) { Kernel = kernel };
    }

    /// <summary>Finds the place of a value that a later cell replaces.</summary>
    private sealed class EarlierDisplays : ICellListener
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<string, DisplayOutput> _places = new(StringComparer.Ordinal);

        public void Set(NotebookCell cell, IReadOnlyList<NotebookOutput> outputs)
        {
            lock (_lock)
            {
                cell.SetOutputs(outputs);
                foreach (var (kept, output) in cell.Outputs.Zip(outputs))
                {
                    if (output is DisplayOutput { DisplayId: { } id }) _places[id] = (DisplayOutput)kept;
                }
            }
        }

        /// <summary>What a cell has left running changes nothing any more.</summary>
        public void Close()
        {
            lock (_lock)
            {
                _places.Clear();
            }
        }

        public void Wrote(string stream, string text)
        {
        }

        public void Showed(string displayId, IReadOnlyDictionary<string, string> bundle, int? executionCount)
        {
        }

        public void Replaced(string displayId, IReadOnlyDictionary<string, string> bundle)
        {
            lock (_lock)
            {
                if (_places.TryGetValue(displayId, out var place)) place.Replace(bundle);
            }
        }
    }
}
