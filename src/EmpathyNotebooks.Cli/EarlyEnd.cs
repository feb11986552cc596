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
    private NotebookDocument? _document;
    private int _done;

    public EarlyEnd(TextWriter error, IProgress<CellProgress>? progress, CancellationToken interrupt)
    {
        (_error, _progress, _interrupt) = (error, progress, interrupt);
        AppDomain.CurrentDomain.ProcessExit += Say;
    }

    /// <summary>The cells that run from here on are those of a notebook.</summary>
    public void Start(NotebookDocument document) => (_document, _done) = (document, 0);

    public void Report(CellProgress value)
    {
        _done = value.Done;
        _progress?.Report(value);
    }

    public void Dispose() => AppDomain.CurrentDomain.ProcessExit -= Say;

    private void Say(object? sender, EventArgs e)
    {
        if (_interrupt.IsCancellationRequested || _document is null) return;
        var cell = _document.Cells.Where(cell => cell.Type == NotebookCellType.Code).ElementAtOrDefault(_done);
        _error.WriteLine(FormattableString.Invariant($"{_document.Name}, cell {cell?.Number ?? _document.Cells.Count}: the cell ended the whole program. Take out its Environment.Exit."));
        _error.Flush();
        Environment.ExitCode = EmpathyCommand.CellFailed;
    }
}
