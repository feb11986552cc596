namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What is left out or added together: each effect by itself, or all effects of a cluster.</summary>
internal sealed record EffectGroups(string[] Names, int[][] Rows, bool IsEachEffect)
{
    public int Count => Names.Length;

    /// <param name="fit">The fit.</param>
    /// <param name="cluster">A column; <see cref="EffectClusters.OfFit"/>; null or <see cref="MultilevelModel.EachEffect"/> for each effect.</param>
    public static EffectGroups Of(IModelFit fit, string? cluster)
    {
        if (cluster is null or MultilevelModel.EachEffect) return new([.. fit.Effects.Labels], [.. Enumerable.Range(0, fit.Count).Select(i => new[] { i })], true);
        int[] groups;
        string[] names;
        if (cluster == EffectClusters.OfFit)
        {
            var own = fit.Clusters ?? throw new ArgumentException("This fit takes effects as independent and has no clusters of its own: name the column of clusters.", nameof(cluster));
            (groups, names) = ([.. own.Groups], [.. own.Names]);
        }
        else (groups, names) = LevelReader.Code(LevelReader.Keys(fit.Effects, cluster));
        var rows = new List<int>[names.Length];
        for (var c = 0; c < rows.Length; c++) rows[c] = [];
        for (var i = 0; i < groups.Length; i++) rows[groups[i]].Add(i);
        return new(names, [.. rows.Select(r => r.ToArray())], false);
    }
}
