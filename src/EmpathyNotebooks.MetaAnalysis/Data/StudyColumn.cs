using System.Collections.Immutable;
using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// One further column of the data, either of numbers or of texts: what a study's hover shows, what clusters, subgroups and
/// moderators are taken from. A value that is not known is null; it is never replaced by a guess.
/// </summary>
public sealed class StudyColumn
{
    private readonly ImmutableArray<double?> _numbers;
    private readonly ImmutableArray<string?> _texts;

    private StudyColumn(string name, ImmutableArray<double?> numbers, ImmutableArray<string?> texts)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
        _numbers = numbers;
        _texts = texts;
    }

    /// <summary>A column of numbers, one a study.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="values">Finite numbers, or null where unknown.</param>
    /// <exception cref="StudyDataException">A value is not finite.</exception>
    public static StudyColumn OfNumbers(string name, IEnumerable<double?> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        // What cannot change need not be copied.
        var copy = values is ImmutableArray<double?> { IsDefault: false } given ? given : [.. values];
        for (var i = 0; i < copy.Length; i++)
        {
            if (copy[i] is { } number && !double.IsFinite(number))
            {
                throw new StudyDataException("must be a finite number, or null where it is not known",
                    number.ToString(CultureInfo.InvariantCulture), i + 1, column: name);
            }
        }
        return new StudyColumn(name, copy, default);
    }

    /// <summary>A column of texts, one a study.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="values">The texts, or null where unknown.</param>
    public static StudyColumn OfTexts(string name, IEnumerable<string?> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new StudyColumn(name, default, values is ImmutableArray<string?> { IsDefault: false } given ? given : [.. values]);
    }

    /// <summary>The column's name.</summary>
    public string Name { get; }

    /// <summary>True for a column of numbers.</summary>
    public bool IsNumeric => !_numbers.IsDefault;

    /// <summary>The values in the order in which they are meant, where that is not the one of their names or sizes; else empty. See <see cref="InOrder"/>.</summary>
    public ImmutableArray<string> Levels { get; private init; } = [];

    /// <summary>The same column, whose values as categories (moderators, subgroups) come in an order of their own. The first is the reference with which a moderator compares the others.</summary>
    /// <param name="levels">Every value of the column, and perhaps others, once each.</param>
    /// <exception cref="StudyDataException">A value of the column is not among them, or one is named twice.</exception>
    /// <example><code>
    /// var severity = StudyColumn.OfTexts("severity", ["severe", "mild", "moderate"]).InOrder("mild", "moderate", "severe");
    /// </code></example>
    public StudyColumn InOrder(params IReadOnlyList<string> levels)
    {
        ArgumentNullException.ThrowIfNull(levels);
        if (levels.GroupBy(l => l, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new StudyDataException("is named twice in the order of the categories", twice.Key, column: Name, kind: StudyDataFault.NoSuchName);
        }
        for (var i = 0; i < Count; i++)
        {
            if (Text(i) is { } value && !levels.Contains(value, StringComparer.Ordinal))
            {
                throw new StudyDataException($"is not among the categories in order ({string.Join(", ", levels)}): name every value of the column", value, i + 1, column: Name, kind: StudyDataFault.NoSuchName) { Choices = [.. levels] };
            }
        }
        return new StudyColumn(Name, _numbers, _texts) { Levels = [.. levels] };
    }

    /// <summary>The values given, each once, in the order of <see cref="Levels"/>; where there is none numbers by size and texts by name.</summary>
    /// <param name="values">Values of the column, as texts.</param>
    public ImmutableArray<string> Sorted(IEnumerable<string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var distinct = values.Distinct(StringComparer.Ordinal);
        if (!Levels.IsEmpty) return [.. distinct.OrderBy(v => Levels.IndexOf(v))];
        return IsNumeric ? [.. distinct.OrderBy(v => double.Parse(v, CultureInfo.InvariantCulture))] : [.. distinct.Order(StringComparer.Ordinal)];
    }

    /// <summary>How many values there are, known or not.</summary>
    public int Count => IsNumeric ? _numbers.Length : _texts.Length;

    /// <summary>The number at a row counted from 0, or null where it is not known.</summary>
    /// <exception cref="InvalidOperationException">The column holds texts.</exception>
    public double? Number(int index) => IsNumeric
        ? _numbers[index]
        : throw new InvalidOperationException($"Column {Name} holds texts; it has no numbers.");

    /// <summary>The value at a row counted from 0 as text (numbers in invariant culture), or null where it is not known.</summary>
    public string? Text(int index) => IsNumeric
        ? _numbers[index]?.ToString("G15", CultureInfo.InvariantCulture)
        : _texts[index];

    /// <summary>The same column with only the rows given, in the order given.</summary>
    internal StudyColumn Select(ReadOnlySpan<int> rows)
    {
        if (IsNumeric)
        {
            var numbers = new double?[rows.Length];
            for (var i = 0; i < rows.Length; i++) numbers[i] = _numbers[rows[i]];
            return new StudyColumn(Name, [.. numbers], default) { Levels = Levels };
        }
        var texts = new string?[rows.Length];
        for (var i = 0; i < rows.Length; i++) texts[i] = _texts[rows[i]];
        return new StudyColumn(Name, default, [.. texts]) { Levels = Levels };
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({(IsNumeric ? "numbers" : "texts")}, {Count.ToString(CultureInfo.InvariantCulture)} rows)";
}
