using System.Runtime.ExceptionServices;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Goes through all combinations on every core, and finds those that are the same specification.</summary>
internal static class MultiverseRun
{
    public static MultiverseResult Of(Multiverse multiverse, IProgress<double>? progress, CancellationToken cancellation)
    {
        var grid = new MultiverseGrid(multiverse);
        var (sets, faults) = Sets(grid);
        CheckScales(multiverse, sets);
        var engine = new MultiverseEngine(grid, sets, faults);
        var outcomes = new Outcome[grid.Count];
        var done = 0;
        InParallel(grid.Cells, cancellation, cell =>
        {
            engine.Compute(cell, outcomes, null);
            progress?.Report(Interlocked.Increment(ref done) / (double)grid.Cells);
        });
        MarkRedundant(grid, outcomes);
        if (Array.TrueForAll(outcomes, o => o.Reason is not null))
        {
            throw new UndeterminedException("A multiverse", $"none of its {StatisticText.Count(grid.Count, "combination")} of options has an estimate; the first: {outcomes[0].Reason!.TrimEnd('.')}");
        }
        return new MultiverseResult(grid, outcomes, sets, faults);
    }

    /// <summary>Runs pieces on every core; the fault of a piece is thrown as it is.</summary>
    public static void InParallel(int pieces, CancellationToken cancellation, Action<int> run)
    {
        try
        {
            Parallel.For(0, pieces, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, run);
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Capture(several.Flatten().InnerExceptions[0]).Throw();
        }
    }

    private static (StudyEffects?[] Sets, (string Reason, ImpossibilityKind Kind)?[] Faults) Sets(MultiverseGrid grid)
    {
        if (grid.Source < 0) return ([grid.Multiverse.Effects], [null]);
        var options = grid.Multiverse.Choices[grid.Source].Options;
        var sets = new StudyEffects?[options.Length];
        var faults = new (string Reason, ImpossibilityKind Kind)?[options.Length];
        for (var i = 0; i < sets.Length; i++)
        {
            try
            {
                sets[i] = options[i].Source!(grid.Multiverse.Effects);
            }
            catch (Exception fault) when (MultiverseEngine.ReasonOf(fault) is { } reason)
            {
                faults[i] = reason;
            }
        }
        return (sets, faults);
    }

    /// <summary>An odds ratio and a difference have no average.</summary>
    private static void CheckScales(Multiverse multiverse, StudyEffects?[] sets)
    {
        var symbols = sets.OfType<StudyEffects>().Select(s => s.Measure.Symbol).Distinct().ToList();
        if (symbols.Count < 2) return;
        var choice = multiverse.Choices.First(c => c.Stage == MultiverseStage.Effects);
        if (choice.Equivalence == Equivalence.NonEquivalent) return;
        throw new ImpossibleChoiceException($"Estimates stand on different scales ({string.Join(", ", symbols)}) and have no average: mark the choice of {choice.Name} as not equivalent, or bring the measures to one scale by ConvertTo", ChoiceFault.NotComparable);
    }

    private static void MarkRedundant(MultiverseGrid grid, Outcome[] outcomes)
    {
        // The first of those that are one specification stands for all; that with the first option of every choice may itself have no estimate.
        var first = new Dictionary<int, int>();
        for (var n = 0; n < outcomes.Length; n++)
        {
            if (outcomes[n].Reason is null) first.TryAdd(outcomes[n].Canonical, n);
        }
        for (var n = 0; n < outcomes.Length; n++)
        {
            ref var outcome = ref outcomes[n];
            if (outcome.Reason is not null || first[outcome.Canonical] is var same && same == n) continue;
            outcome.Reason = Same(grid, n, same);
            outcome.Kind = ImpossibilityKind.Redundant;
        }
    }

    private static string Same(MultiverseGrid grid, int number, int same)
    {
        string[] differences = [.. Enumerable.Range(0, grid.Sizes.Length).Where(c => grid.Digit(number, c) != grid.Digit(same, c)).Select(c => $"{grid.Multiverse.Choices[c].Name} {grid.OptionOf(same, c)}")];
        return $"It is the same specification as with {string.Join(" and ", differences)}, and counted once.";
    }
}
