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
    /// <summary>How many choices together are tried as a reason before all are named.</summary>
    private const int MostTogether = 3;

    /// <summary>The fewest options that tell the combinations of one reason from those with an estimate: single ones first, then pairs, then threes; what is left stands one by one.</summary>
    public static ImmutableArray<ImpossibleCombination> Of(MultiverseGrid grid, Outcome[] outcomes)
    {
        var found = ImmutableArray.CreateBuilder<ImpossibleCombination>();
        var byReason = Enumerable.Range(0, grid.Count).Where(n => outcomes[n].Reason is not null).GroupBy(n => (Reason: outcomes[n].Reason!, outcomes[n].Kind)).ToList();
        if (byReason.Count == 0) return [];
        var choices = grid.Sizes.Length;
        var good = new Dictionary<int, HashSet<int>>();
        foreach (var reason in byReason)
        {
            List<int> left = [.. reason];
            for (var size = 1; size <= Math.Min(MostTogether, choices) && left.Count > 0; size++)
            {
                foreach (var set in Sets(choices, size))
                {
                    if (left.Count == 0) break;
                    var withEstimate = Good(set);
                    var groups = left.Where(n => !withEstimate.Contains(Key(n, set))).GroupBy(n => Key(n, set)).ToList();
                    if (groups.Count == 0) continue;
                    found.AddRange(groups.Select(g => Combination(g.First(), set, g.Count())));
                    left.RemoveAll(n => !withEstimate.Contains(Key(n, set)));
                }
            }
            int[] all = [.. Enumerable.Range(0, choices)];
            found.AddRange(left.Select(n => Combination(n, all, 1)));
        }
        return found.ToImmutable();

        int Key(int number, int[] set)
        {
            var key = 0;
            foreach (var choice in set) key += grid.Digit(number, choice) * grid.Strides[choice];
            return key;
        }

        // The options that some combination with an estimate has.
        HashSet<int> Good(int[] set)
        {
            var name = set.Aggregate(0, (bits, choice) => bits | 1 << choice);
            if (good.TryGetValue(name, out var known)) return known;
            known = [];
            for (var n = 0; n < grid.Count; n++)
            {
                if (outcomes[n].Reason is null) known.Add(Key(n, set));
            }
            return good[name] = known;
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
