using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>The orders in which the studies of a forest plot can stand.</summary>
internal static class ForestOrders
{
    public static string Name(ForestOrder order) => order switch
    {
        ForestOrder.AsGiven => "as given",
        ForestOrder.Name => "by name",
        ForestOrder.Year => "by year",
        ForestOrder.Effect => "by effect",
        ForestOrder.Precision => "by precision",
        _ => throw new ArgumentOutOfRangeException(nameof(order), order, "There is no such order."),
    };

    /// <summary>The column of years, or null when there is none.</summary>
    public static StudyColumn? Years(StudyEffects effects, string? column)
    {
        if (column is null) return effects.Columns.FirstOrDefault(c => c.IsNumeric && c.Name.Equals("year", StringComparison.OrdinalIgnoreCase));
        var years = effects.Column(column);
        return years.IsNumeric ? years : throw new StudyDataException("must be a column of numbers to order by year", column: column);
    }

    /// <summary>The rows of the data in that order; studies that tie stay as they were given.</summary>
    public static int[] Rows(StudyEffects effects, StudyColumn? years, ForestOrder order)
    {
        var rows = Enumerable.Range(0, effects.Count);
        return order switch
        {
            ForestOrder.Name => [.. rows.OrderBy(i => effects.Labels[i], NaturalOrder.Instance)],
            ForestOrder.Year => [.. rows.OrderBy(i => years?.Number(i) ?? double.PositiveInfinity)],
            ForestOrder.Effect => [.. rows.OrderBy(i => effects.Effects[i])],
            ForestOrder.Precision => [.. rows.OrderBy(i => effects.Variances[i])],
            _ => [.. rows],
        };
    }

    /// <summary>Gives the studies of each group the places the group has, in the order asked for.</summary>
    /// <param name="sorted">The rows of the data in that order.</param>
    /// <param name="groupOf">The group of each row of the data.</param>
    /// <param name="places">The positions each group's studies take, from top to bottom.</param>
    public static ImmutableArray<double> Positions(int[] sorted, ReadOnlySpan<int> groupOf, IReadOnlyList<IReadOnlyList<double>> places)
    {
        var next = new int[places.Count];
        var positions = new double[sorted.Length];
        foreach (var row in sorted)
        {
            var group = groupOf[row];
            positions[row] = places[group][next[group]++];
        }
        return [.. positions];
    }
}

/// <summary>Compares texts without regard to case, and runs of digits by their value.</summary>
internal sealed class NaturalOrder : IComparer<string>
{
    public static NaturalOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        x ??= "";
        y ??= "";
        int i = 0, j = 0;
        while (i < x.Length && j < y.Length)
        {
            if (char.IsAsciiDigit(x[i]) && char.IsAsciiDigit(y[j]))
            {
                var a = Digits(x, ref i);
                var b = Digits(y, ref j);
                var byValue = a.Length != b.Length ? a.Length.CompareTo(b.Length) : a.SequenceCompareTo(b);
                if (byValue != 0) return byValue;
                continue;
            }
            var byLetter = char.ToUpperInvariant(x[i++]).CompareTo(char.ToUpperInvariant(y[j++]));
            if (byLetter != 0) return byLetter;
        }
        return (x.Length - i).CompareTo(y.Length - j);
    }

    private static ReadOnlySpan<char> Digits(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        return text.AsSpan(start, at - start).TrimStart('0');
    }
}
