using System.Collections.Concurrent;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Running;

namespace EmpathyNotebooks.Cli;

/// <summary>
/// Watches a run for a cell that ends the whole program, as by <c>Environment.Exit(0)</c>: that is a failure with the name of the cell, and not a success without results.
/// </summary>
internal sealed class EarlyEnd : IProgress<CellProgress>, IDisposable
{
    private readonly TextWriter _error;
    private readonly IProgress<CellProgress>? _progress;
    private readonly CancellationToken _interrupt;
    // Several run at a time; the thread on which a cell ends the program belongs to the flow of one of them.
    private readonly AsyncLocal<NotebookDocument?> _here = new();
    private readonly ConcurrentDictionary<string, (NotebookDocument Document, int Done)> _running = new(StringComparer.Ordinal);

    public EarlyEnd(TextWriter error, IProgress<CellProgress>? progress, CancellationToken interrupt)
    {
        (_error, _progress, _interrupt) = (error, progress, interrupt);
        AppDomain.CurrentDomain.ProcessExit += Say;
    }

    /// <summary>The cells that the calling flow runs from here on are those of a notebook.</summary>
    public void Start(NotebookDocument document)
    {
        _here.Value = document;
        _running[document.Name] = (document, 0);
        _progress?.Report(new CellProgress(document.Name, 0, document.Cells.Count(cell => cell.Type == NotebookCellType.Code)));
    }

    /// <summary>A notebook has run.</summary>
    public void Done(NotebookDocument document) => _running.TryRemove(document.Name, out _);

    public void Report(CellProgress value)
    {
        if (_running.TryGetValue(value.Notebook, out var run)) _running[value.Notebook] = (run.Document, value.Done);
        _progress?.Report(value);
    }

    public void Dispose() => AppDomain.CurrentDomain.ProcessExit -= Say;

    private void Say(object? sender, EventArgs e)
    {
        if (_interrupt.IsCancellationRequested) return;
        var running = _here.Value is { } here && _running.TryGetValue(here.Name, out var one) ? [one] : _running.Values.OrderBy(run => run.Document.Name, StringComparer.Ordinal).ToList();
        if (running.Count == 0) return;
        foreach (var (document, done) in running)
        {
            var cell = document.Cells.Where(cell => cell.Type == NotebookCellType.Code).ElementAtOrDefault(done);
            _error.WriteLine(FormattableString.Invariant($"{document.Name}, cell {cell?.Number ?? document.Cells.Count}: the cell ended the whole program. Take out its Environment.Exit."));
        }

        _error.Flush();
        Environment.ExitCode = EmpathyCommand.CellFailed;
    }
}
