using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Why combinations of options are no specifications.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ);
/// var result = Multiverse.Of(effects)
///     .ChooseEstimator("All are in use.", Equivalence.Uncertain, TauSquaredEstimator.RestrictedMaximumLikelihood, TauSquaredEstimator.DerSimonianLaird)
///     .ChooseTest("So are these.", Equivalence.Uncertain, Inference.KenwardRoger, Inference.Normal)
///     .Run();
/// foreach (ImpossibleCombination combination in result.Impossible)
///     if (combination.Kind == ImpossibilityKind.Contradiction) Console.WriteLine(combination); // REML alone has Kenward-Roger inference
/// </code></example>
public enum ImpossibilityKind
{
    /// <summary>The options do not go together, whatever the data.</summary>
    Contradiction,

    /// <summary>These data do not determine it: too few studies are left, a likelihood has no maximum.</summary>
    Data,

    /// <summary>It is the same specification as another, since a choice makes no difference there. Counted once, it does not weigh more than others.</summary>
    Redundant,
}

/// <summary>Combinations that have an option of each of these choices in common, and are no specifications for one reason.</summary>
/// <param name="Choices">The choices and the options, by name, that all of them share: the fewest that say it, not always all.</param>
/// <param name="Reason">Why, as a sentence.</param>
/// <param name="Kind">What kind of reason it is.</param>
/// <param name="Combinations">How many combinations it is about.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ);
/// var result = Multiverse.Of(effects).Choose("studies", "Few are large.", Equivalence.Uncertain, Specify.AllStudies, Specify.Studies("the most precise", used => [used.Variances.IndexOf(used.Variances.Min())])).Run();
/// foreach (ImpossibleCombination combination in result.Impossible) Console.WriteLine($"{combination}: {combination.Combinations}");
/// </code></example>
public sealed record ImpossibleCombination(ImmutableDictionary<string, string> Choices, string Reason, ImpossibilityKind Kind, int Combinations)
{
    /// <inheritdoc/>
    public override string ToString() => $"{string.Join(", ", Choices.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key} {c.Value}"))}: {Reason}";
}

/// <summary>Says of combinations without an estimate which options they have in common.</summary>
internal static class ImpossibleCombinations
{
    /// <summary>How many choices together are tried as a reason before all are named; of very many combinations fewer, which take less room.</summary>
    private const int MostTogether = 3, MostTogetherOfMany = 2, Many = 200_000;

    /// <summary>Stands for combinations with an estimate, and for those of several reasons.</summary>
    private const int Estimated = -1, Several = -2;

    /// <summary>
    /// The fewest options that say it, single ones before pairs and threes: those under which every combination has this one reason, then those under which none has an estimate; what is left stands one by one.
    /// </summary>
    public static ImmutableArray<ImpossibleCombination> Of(MultiverseGrid grid, Outcome[] outcomes)
    {
        var found = ImmutableArray.CreateBuilder<ImpossibleCombination>();
        var reasons = new Dictionary<(string Reason, ImpossibilityKind Kind), int>();
        // What is redundant could be computed, so that to other reasons it is as good as an estimate; to "the same studies" so is what is redundant for another reason.
        int[] reasonOf = new int[grid.Count], toOthers = new int[grid.Count], toStudies = new int[grid.Count];
        var members = new List<List<int>>();
        for (var n = 0; n < reasonOf.Length; n++)
        {
            reasonOf[n] = Estimated;
            if (outcomes[n].Reason is { } text)
            {
                if (!reasons.TryGetValue((text, outcomes[n].Kind), out var reason))
                {
                    reasons[(text, outcomes[n].Kind)] = reason = members.Count;
                    members.Add([]);
                }
                reasonOf[n] = reason;
                members[reason].Add(n);
            }
            toOthers[n] = outcomes[n].Kind == ImpossibilityKind.Redundant ? Estimated : reasonOf[n];
            toStudies[n] = outcomes[n].IsUnused ? Estimated : reasonOf[n];
        }
        var choices = grid.Sizes.Length;
        int[][] sets = [.. Enumerable.Range(1, Math.Min(grid.Count > Many ? MostTogetherOfMany : MostTogether, choices)).SelectMany(size => Sets(choices, size))];
        var known = new Dictionary<(bool OfStudies, int Set), Dictionary<int, int>>();
        int[] all = [.. Enumerable.Range(0, choices)];
        foreach (var (reason, left) in members.Index())
        {
            if (outcomes[left[0]].IsUnused)
            {
                // One of them is a specification: what they share says which they are.
                foreach (var group in left.GroupBy(n => (grid.OptionOf(n, grid.Model)?.Name, grid.OptionOf(n, grid.Adjustment)?.Name)).Select(g => g.ToList()))
                {
                    found.Add(Combination(group[0], [.. all.Where(c => group.TrueForAll(n => grid.Digit(n, c) == grid.Digit(group[0], c)))], group.Count));
                }
                continue;
            }
            var ofStudies = outcomes[left[0]].Kind == ImpossibilityKind.Redundant;
            for (var size = 1; size <= sets[^1].Length; size++)
            {
                foreach (var isStrict in (bool[])[true, false])
                {
                    for (var s = 0; s < sets.Length && left.Count > 0; s++)
                    {
                        if (sets[s].Length != size) continue;
                        if (!known.TryGetValue((ofStudies, s), out var under)) known[(ofStudies, s)] = under = Under(sets[s], ofStudies ? toStudies : toOthers);
                        bool Says(int n) => under[Key(n, sets[s])] is var what && (what == reason || !isStrict && what != Estimated);
                        found.AddRange(left.Where(Says).GroupBy(n => Key(n, sets[s])).Select(g => Combination(g.First(), sets[s], g.Count())));
                        left.RemoveAll(Says);
                    }
                }
            }
            found.AddRange(left.Select(n => Combination(n, all, 1)));
        }
        return found.ToImmutable();

        int Key(int number, int[] set)
        {
            var key = 0;
            foreach (var choice in set) key += grid.Digit(number, choice) * grid.Strides[choice];
            return key;
        }

        // The one reason of all combinations with some options, or that there are several, or an estimate.
        Dictionary<int, int> Under(int[] set, int[] statuses)
        {
            var under = new Dictionary<int, int>();
            for (var n = 0; n < statuses.Length; n++)
            {
                var key = Key(n, set);
                under[key] = !under.TryGetValue(key, out var before) || before == statuses[n] ? statuses[n] : before == Estimated || statuses[n] == Estimated ? Estimated : Several;
            }
            return under;
        }

        ImpossibleCombination Combination(int number, int[] set, int count) => new(
            set.ToImmutableDictionary(c => grid.Multiverse.Choices[c].Name, c => grid.OptionOf(number, c)!.Name, StringComparer.Ordinal), outcomes[number].Reason!, outcomes[number].Kind, count);
    }

    private static IEnumerable<int[]> Sets(int choices, int size)
    {
        if (size == 1)
        {
            for (var c = 0; c < choices; c++) yield return [c];
            yield break;
        }
        foreach (var set in Sets(choices, size - 1))
        {
            for (var c = set[^1] + 1; c < choices; c++) yield return [.. set, c];
        }
    }
}
