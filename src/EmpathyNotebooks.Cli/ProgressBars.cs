using System.Collections.Concurrent;
using EmpathyNotebooks.Reporting;
using Spectre.Console;

namespace EmpathyNotebooks.Cli;

/// <summary>Shows on standard error how far long answers have come, where it is a terminal: a log or a pipe takes no moving bars. They are gone when the answers are there.</summary>
internal static class ProgressBars
{
    /// <summary>What is done sooner has no bar.</summary>
    private const int Patience = 400;

    private const int Step = 100;

    /// <summary>Does some work that reports its progress.</summary>
    /// <param name="error">Standard error.</param>
    /// <param name="work">The work; it prints nothing, which a bar would overwrite.</param>
    public static Task<T> RunAsync<T>(TextWriter error, Func<IProgress<AnswerProgress>?, T> work)
    {
        // A thread of its own, so that signals are answered meanwhile.
        if (!ReferenceEquals(error, Console.Error) || Console.IsErrorRedirected) return Task.Run(() => work(null));
        var reports = new Reports();
        var running = Task.Run(() => work(reports));
        return Task.Run(async () =>
        {
            Task.WaitAny([running], Patience);
            while (reports.Shares.IsEmpty && Task.WaitAny([running], Step) < 0)
            {
                // Nothing that takes long has begun yet.
            }
            if (!running.IsCompleted) Show(error, running, reports);
            return await running;
        });
    }

    private static void Show(TextWriter error, Task running, Reports reports) => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error), Interactive = InteractionSupport.Yes })
        .Progress().AutoClear(true)
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
        .Start(context =>
        {
            var bars = new Dictionary<string, ProgressTask>();
            while (Task.WaitAny([running], Step) < 0)
            {
                foreach (var (question, share) in reports.Shares)
                {
                    if (!bars.TryGetValue(question, out var bar)) bars[question] = bar = context.AddTask(Markup.Escape(question), maxValue: 1);
                    bar.Value = share;
                }
            }
        });

    private sealed class Reports : IProgress<AnswerProgress>
    {
        public ConcurrentDictionary<string, double> Shares { get; } = [];

        // Threads overtake one another.
        public void Report(AnswerProgress value) => Shares.AddOrUpdate(value.Question, value.Share, (_, before) => Math.Max(before, value.Share));
    }
}
