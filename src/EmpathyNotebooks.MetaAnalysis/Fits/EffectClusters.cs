using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Which effects share a sample and so depend on each other.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012],
///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D"])]);
/// EffectClusters samples = MultilevelModel.Fit(effects, ["sample"]).Clusters;
/// Console.WriteLine($"{effects.Count} effects of {samples.Count} values of {samples.Column}; {samples.Names[0]} has rows {string.Join(", ", samples.Rows(0))}");
/// </code></example>
public sealed class EffectClusters
{
    internal EffectClusters(string column, int[] groups, string[] names)
    {
        Column = column;
        Names = [.. names];
        Groups = [.. groups];
    }

    /// <summary>What stands for the fit's own clusters where a column of clusters can be named: <c>fit.LeaveOneOut(EffectClusters.OfFit)</c>.</summary>
    public const string OfFit = "(clusters of the fit)";

    /// <summary>The column that names the clusters.</summary>
    public string Column { get; }

    /// <summary>The clusters, in order of first appearance.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>The place in <see cref="Names"/> of each effect's cluster.</summary>
    public ImmutableArray<int> Groups { get; }

    /// <summary>How many clusters there are.</summary>
    public int Count => Names.Length;

    /// <summary>The effects of a cluster, counted from 0.</summary>
    /// <param name="cluster">The place of the cluster in <see cref="Names"/>.</param>
    public ImmutableArray<int> Rows(int cluster) => [.. Enumerable.Range(0, Groups.Length).Where(i => Groups[i] == cluster)];

    /// <inheritdoc/>
    public override string ToString() => $"{StatisticText.Count(Groups.Length, "effect")} in {StatisticText.Count(Count, "group")} of {Column}";
}
