using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Turns columns of the data into the groups of random terms, and refuses what cannot be estimated.</summary>
internal static class LevelReader
{
    /// <summary>The levels, each inside the one before, then the crossed factors.</summary>
    public static List<RandomTerm> Read(StudyEffects effects, IReadOnlyList<string> levels, IReadOnlyList<string> crossed)
    {
        if (levels.Concat(crossed).GroupBy(n => n, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"The level \"{twice.Key}\" is named twice; one variance belongs to each level.", nameof(levels));
        }
        var terms = new List<RandomTerm>();
        string[]? outer = null;
        foreach (var level in levels)
        {
            var keys = Keys(effects, level);
            // Effect 1 of sample A is not effect 1 of sample B.
            if (outer is not null) keys = [.. keys.Select((key, i) => outer[i] + " / " + key)];
            outer = keys;
            terms.Add(Intercept(level, keys));
        }
        terms.AddRange(crossed.Select(factor => Intercept(factor, Keys(effects, factor))));
        Check(terms);
        return terms;
    }

    /// <summary>Group numbers in order of first appearance, and the groups' names.</summary>
    public static (int[] Groups, string[] Names) Code(string[] keys)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var groups = new int[keys.Length];
        var names = new List<string>();
        for (var i = 0; i < keys.Length; i++)
        {
            if (!places.TryGetValue(keys[i], out groups[i]))
            {
                places[keys[i]] = groups[i] = names.Count;
                names.Add(keys[i]);
            }
        }
        return (groups, [.. names]);
    }

    public static string[] Keys(StudyEffects effects, string level)
    {
        if (level == MultilevelModel.EachEffect)
        {
            return [.. Enumerable.Range(1, effects.Count).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        }
        if (effects.Columns.All(c => c.Name != level))
        {
            throw effects.NoColumn(level, StudyDataFault.NoSuchLevel);
        }
        var column = effects.Column(level);
        var keys = new string[effects.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = column.Text(i) ?? throw new StudyDataException("must have a value: it says which effects belong together", "", i + 1,
                effects.Labels[i], level);
        }
        return keys;
    }

    /// <summary>A level needs two groups, and groups other than those of every other level.</summary>
    public static void Check(IReadOnlyList<RandomTerm> terms)
    {
        for (var t = 0; t < terms.Count; t++)
        {
            if (terms[t].LevelCount < 2)
            {
                throw new InsufficientStudiesException($"A variance between the groups of \"{terms[t].Name}\"", 2, terms[t].LevelCount, StudyCount.Groups);
            }
            for (var s = 0; s < t; s++)
            {
                if (terms[s].Dimension == 1 && terms[t].Dimension == 1 && terms[s].Groups.AsSpan().SequenceEqual(terms[t].Groups))
                {
                    throw new StudyDataException(
                        $"makes the same groups as \"{terms[s].Name}\", so that their two variances cannot be told apart: leave one out", terms[t].Name, column: "levels", kind: StudyDataFault.Undetermined);
                }
            }
        }
    }

    private static InterceptTerm Intercept(string level, string[] keys)
    {
        var (groups, names) = Code(keys);
        return new InterceptTerm(level, groups, names);
    }
}
