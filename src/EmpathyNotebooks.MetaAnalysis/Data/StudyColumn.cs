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
        ImmutableArray<double?> copy = [.. values];
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
        return new StudyColumn(name, default, [.. values]);
    }

    /// <summary>The column's name.</summary>
    public string Name { get; }

    /// <summary>True for a column of numbers.</summary>
    public bool IsNumeric => !_numbers.IsDefault;

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
            return OfNumbers(Name, numbers);
        }
        var texts = new string?[rows.Length];
        for (var i = 0; i < rows.Length; i++) texts[i] = _texts[rows[i]];
        return OfTexts(Name, texts);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({(IsNumeric ? "numbers" : "texts")}, {Count.ToString(CultureInfo.InvariantCulture)} rows)";
}
