using System.Diagnostics;
using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Fuzz;

/// <summary>
/// Runs a check over many seeds and gathers what is wrong by its kind. A build takes few sets; <c>EMPATHY_FUZZ=1000000</c> takes as many of the quick checks, and a share of the slow ones, from the seed
/// <c>EMPATHY_FUZZ_FROM</c> on.
/// </summary>
internal static class FuzzRun
{
    /// <summary>How long one set may take of the processor, so that other work on the machine makes no finding. A search without an end is a fault, and so is to wait for what does not come.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90), LongestWait = TimeSpan.FromMinutes(15);

    /// <param name="few">How many sets a build takes.</param>
    /// <param name="share">One of so many sets of a long run.</param>
    /// <param name="check">Checks the set of a seed and hands over what is wrong.</param>
    public static void Of(int few, int share, Action<ulong, Findings> check)
    {
        var first = Number("EMPATHY_FUZZ_FROM") ?? 1;
        var sets = Number("EMPATHY_FUZZ") is { } many ? Math.Max(1, many / (ulong)share) : (ulong)few;
        var findings = new Findings();
        ulong now = first;
        long began = Stopwatch.GetTimestamp(), worked = Processor.Ticks;
        var work = Task.Run(() =>
        {
            for (var seed = first; seed < first + sets; seed++)
            {
                Volatile.Write(ref now, seed);
                Volatile.Write(ref began, Stopwatch.GetTimestamp());
                Volatile.Write(ref worked, Processor.Ticks);
                try
                {
                    check(seed, findings);
                }
                catch (Exception fault) when (fault is not OutOfMemoryException)
                {
                    findings.Wrong(fault.GetType().Name + At(fault), string.Create(CultureInfo.InvariantCulture, $"#{seed}: {fault}"));
                }
            }
        }, TestContext.Current.CancellationToken);
        while (!work.Wait(TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken))
        {
            if (Processor.Ticks - Volatile.Read(ref worked) > Limit.Ticks || Stopwatch.GetElapsedTime(Volatile.Read(ref began)) > LongestWait) Assert.Fail($"The set of seed {Volatile.Read(ref now)} takes longer than {Limit.TotalSeconds} s of the processor, or {LongestWait.TotalMinutes} minutes.\n{findings.Words(int.MaxValue)}");
        }
        foreach (var line in findings.Answers) TestContext.Current.TestOutputHelper?.WriteLine(line);
        var words = findings.Words(fewest: 100);
        Assert.True(words.Length == 0, $"{sets} sets\n{words}");
    }

    /// <summary>What this process has had of the processor.</summary>
    public static TimeSpan Processor => Environment.CpuUsage.TotalTime;

    /// <summary>What a documented exception is: one that says in its type what is wrong.</summary>
    public static bool IsDocumented(Exception fault) =>
        fault is InsufficientStudiesException or StudyDataException or ConvergenceException or ImpossibleChoiceException or UndeterminedException;

    private static string At(Exception fault) => new StackTrace(fault).GetFrame(0)?.GetMethod() is { } method ? $" in {method.DeclaringType?.Name}.{method.Name}" : "";

    private static ulong? Number(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? ulong.Parse(text, CultureInfo.InvariantCulture) : null;
}
