using System.Diagnostics;
using EmpathyNotebooks.Host.Running;
using Spectre.Console;

namespace EmpathyNotebooks.Cli;

/// <summary>Shows how far the run is: bars in a terminal, a line a notebook elsewhere.</summary>
internal sealed class RunDisplay(TextWriter output)
{
    public Task ShowAsync(IReadOnlyList<string> notebooks, Func<IProgress<CellProgress>, Task> run)
    {
        // A log or a pipe takes no moving bars.
        return ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected
            ? ShowBarsAsync(notebooks, run)
            : run(new Lines(output));
    }

    private async Task ShowBarsAsync(IReadOnlyList<string> notebooks, Func<IProgress<CellProgress>, Task> run)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        await console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn(), new SpinnerColumn())
            .StartAsync(async context =>
            {
                var tasks = notebooks.ToDictionary(name => name, name => context.AddTask(Markup.Escape(name), autoStart: false));
                await run(new Callback(progress =>
                {
                    // Reported from several threads, each for its own notebook.
                    var task = tasks[progress.Notebook];
                    if (!task.IsStarted) task.StartTask();
                    task.MaxValue = Math.Max(1, progress.Total);
                    task.Value = progress.Done;
                }));
            });
    }

    /// <summary>Unlike <see cref="Progress{T}"/> it reports at once, on the thread that runs the cell.</summary>
    private sealed class Callback(Action<CellProgress> report) : IProgress<CellProgress>
    {
        public void Report(CellProgress value) => report(value);
    }

    private sealed class Lines(TextWriter output) : IProgress<CellProgress>
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<string, long> _starts = new(StringComparer.Ordinal);

        public void Report(CellProgress value)
        {
            lock (_lock)
            {
                if (value.Done == 0) _starts[value.Notebook] = Stopwatch.GetTimestamp();
                if (value.Done < value.Total || value.Total == 0) return;
                output.WriteLine(FormattableString.Invariant(
                    $"{value.Notebook}: {value.Total} {(value.Total == 1 ? "cell" : "cells")} in {Stopwatch.GetElapsedTime(_starts[value.Notebook]).TotalSeconds:F1} s"));
            }
        }
    }
}
