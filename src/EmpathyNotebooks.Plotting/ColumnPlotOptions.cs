using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What can be chosen in every plot that shows columns of the data.</summary>
public abstract record ColumnPlotOptions : PlotOptions
{
    /// <summary>What columns are called in the plot, by their names in the data: <c>{ ["meanage"] = "Mean age in years" }</c> names an axis, a text column, subgroups. A column that
    /// is not here keeps its name.</summary>
    public IReadOnlyDictionary<string, string> ColumnNames { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>What the plot calls a column.</summary>
    internal string NameOf(string column) => ColumnNames.TryGetValue(column, out var name) ? name : column;
}

/// <summary>What can be chosen in every plot that shows the categories of a column.</summary>
public abstract record CategoryPlotOptions : ColumnPlotOptions
{
    /// <summary>The groups of a plot from top to bottom, by their names in the data; those not named follow as they would stand without this. In the order of the data or of their names if
    /// not said.</summary>
    public IReadOnlyList<string> CategoryOrder { get; init; } = [];

    /// <summary>Groups in the order asked for.</summary>
    /// <exception cref="StudyDataException">A category is named that no group has.</exception>
    internal IEnumerable<T> InOrder<T>(IReadOnlyCollection<T> groups, Func<T, string?> name, string column)
    {
        foreach (var category in CategoryOrder.Where(c => groups.All(g => name(g) != c)))
        {
            throw new StudyDataException($"is no category, but CategoryOrder names it; there are {string.Join(", ", groups.Select(name))}", category, column: column);
        }
        int Rank(T group) => CategoryOrder.Index().Where(c => c.Item == name(group)).Select(c => c.Index).DefaultIfEmpty(CategoryOrder.Count).First();
        return groups.OrderBy(Rank);
    }
}
