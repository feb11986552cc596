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
        var left = new int[]?[grid.Selections];
        var engine = new MultiverseEngine(grid, sets, faults, left: left);
        var outcomes = new Outcome[grid.Count];
        var done = 0;
        InParallel(grid.Cells, cancellation, cell =>
        {
            engine.Compute(cell, outcomes, null);
            progress?.Report(Interlocked.Increment(ref done) / (double)grid.Cells);
        });
        var firstAlike = SameStudies(grid, left);
        for (var n = 0; n < outcomes.Length; n++) outcomes[n].Canonical = grid.WithStudiesOf(outcomes[n].Canonical, firstAlike[grid.SelectionOf(n)]);
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

    /// <summary>The first selection that leaves the same studies, for each.</summary>
    private static int[] SameStudies(MultiverseGrid grid, int[]?[] left)
    {
        var perSource = grid.Source < 0 ? left.Length : left.Length / grid.Sizes[grid.Source];
        var known = new Dictionary<(int Source, string Rows), int>();
        var first = new int[left.Length];
        for (var place = 0; place < left.Length; place++)
        {
            // As text, which compares by value.
            first[place] = left[place] is not { } rows ? place : known.TryGetValue((place / perSource, string.Join(' ', rows)), out var same) ? same : known[(place / perSource, string.Join(' ', rows))] = place;
        }
        return first;
    }

    private static void MarkRedundant(MultiverseGrid grid, Outcome[] outcomes)
    {
        // The first of those that are one specification stands for all; that with the first option of every choice may itself have no estimate.
        var alike = new Dictionary<int, List<int>>();
        for (var n = 0; n < outcomes.Length; n++)
        {
            if (outcomes[n].Reason is not null) continue;
            if (!alike.TryGetValue(outcomes[n].Canonical, out var numbers)) alike[outcomes[n].Canonical] = numbers = [];
            numbers.Add(n);
        }
        foreach (var numbers in alike.Values)
        {
            if (numbers.Count == 1) continue;
            var first = numbers[0];
            string? unused = null;
            foreach (var number in numbers[1..])
            {
                int[] studies = [.. grid.Studies.Where(c => grid.Digit(number, c) != grid.Digit(first, c))];
                ref var outcome = ref outcomes[number];
                outcome.Reason = studies.Length > 0 ? AsWith(grid, first, studies) : unused ??= Unused(grid, numbers);
                (outcome.Kind, outcome.IsUnused) = (ImpossibilityKind.Redundant, studies.Length == 0);
            }
        }
    }

    private static string AsWith(MultiverseGrid grid, int first, int[] studies) =>
        $"The same studies are left as with {Listed(studies.Select(c => $"{grid.Multiverse.Choices[c].Name}: {grid.OptionOf(first, c)}"))}, so that it is the same specification, counted once.";

    private static string Unused(MultiverseGrid grid, List<int> numbers)
    {
        int[] choices = [.. Enumerable.Range(0, grid.Sizes.Length).Where(c => !grid.Studies.Contains(c) && numbers.Exists(n => grid.Digit(n, c) != grid.Digit(numbers[0], c)))];
        return $"Whatever is chosen of {Listed(choices.Select(c => grid.Multiverse.Choices[c].Name))} makes no difference there; it is one specification, counted with {Listed(choices.Select(c => grid.OptionOf(numbers[0], c)!.Name))}.";
    }

    private static string Listed(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return all.Length == 1 ? all[0] : $"{string.Join(", ", all[..^1])} and {all[^1]}";
    }
}
