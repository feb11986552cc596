namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Counts and group sizes behind effects, where they are known.</summary>
public static class GroupCounts
{
    /// <summary>The two-by-two tables behind the effects: from the ingredients ai, bi, ci, di, or ai, n1i, ci, n2i, or columns of these names; null where they are not known or are no counts.</summary>
    /// <param name="effects">The effects.</param>
    /// <example><code>
    /// var effects = StudyEffects.Create([TwoByTwoTables.LogOddsRatio(new TwoByTwo(4, 119, 11, 128)), TwoByTwoTables.LogOddsRatio(new TwoByTwo(6, 300, 29, 274))])
    ///     .WithIngredients([StudyColumn.OfNumbers("ai", [4, 6]), StudyColumn.OfNumbers("bi", [119, 300]), StudyColumn.OfNumbers("ci", [11, 29]), StudyColumn.OfNumbers("di", [128, 274])]);
    /// foreach (var table in GroupCounts.Tables(effects)!) Console.WriteLine($"{table.Label}: {table.Table}");
    /// </code></example>
    public static IReadOnlyList<LabelledTable>? Tables(StudyEffects effects)
    {
        ArgumentNullException.ThrowIfNull(effects);
        if (Values(effects, "ai") is not { } a || Values(effects, "ci") is not { } c) return null;
        var b = Values(effects, "bi") ?? Less(Values(effects, "n1i"), a);
        var d = Values(effects, "di") ?? Less(Values(effects, "n2i"), c);
        // Numbers of items and of people of a reliability have these names too.
        if (b is null || d is null || Values(effects, "mi") is not null) return null;
        for (var i = 0; i < a.Length; i++)
        {
            if (!(a[i] >= 0 && b[i] >= 0 && c[i] >= 0 && d[i] >= 0 && a[i] + b[i] > 0 && c[i] + d[i] > 0)) return null;
        }
        return [.. a.Select((_, i) => new LabelledTable(effects.Labels[i], new TwoByTwo(a[i], b[i], c[i], d[i])))];
    }

    /// <summary>The sizes of both groups of each study, n1i and n2i or the sums of the tables; null where they are not known.</summary>
    /// <param name="effects">The effects.</param>
    public static (IReadOnlyList<double> First, IReadOnlyList<double> Second)? Sizes(StudyEffects effects)
    {
        ArgumentNullException.ThrowIfNull(effects);
        if (Values(effects, "n1i") is { } first && Values(effects, "n2i") is { } second && first.Concat(second).All(n => n > 0)) return (first, second);
        return Tables(effects) is { } tables ? ([.. tables.Select(t => t.Table.N1)], [.. tables.Select(t => t.Table.N2)]) : null;
    }

    /// <summary>How many people are behind each effect: its sample size, or both groups together; null where that is not known.</summary>
    internal static double[]? SampleSizes(StudyEffects effects)
    {
        if (effects.HasSampleSizes) return [.. effects.SampleSizes.Select(n => (double)n)];
        if (Sizes(effects) is var (first, second)) return [.. first.Zip(second, (n1, n2) => n1 + n2)];
        return effects.Ingredients.Any(c => c.Name == "ni") && Values(effects, "ni") is { } n && n.All(size => size > 0) ? n : null;
    }

    private static double[]? Values(StudyEffects effects, string name)
    {
        var column = effects.Ingredients.FirstOrDefault(c => c.Name == name) ?? effects.Columns.FirstOrDefault(c => c.Name == name);
        if (column is not { IsNumeric: true }) return null;
        double?[] values = [.. Enumerable.Range(0, effects.Count).Select(i => column.Number(i))];
        return values.All(v => v is not null) ? [.. values.Select(v => v!.Value)] : null;
    }

    private static double[]? Less(double[]? sizes, double[] events) => sizes is null ? null : [.. sizes.Zip(events, (n, e) => n - e)];
}
