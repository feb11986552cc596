using System.Collections;
using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>A value of a moderator: a number or a category. Made from either without a word.</summary>
/// <example><code>
/// ModeratorValue year = 2010, rater = "client";
/// ModeratorValues at = new() { ["year"] = year, ["rater"] = rater };
/// Console.WriteLine(at); // year = 2010, rater = client
/// </code></example>
public readonly record struct ModeratorValue
{
    private ModeratorValue(double? number, string? text)
    {
        Number = number;
        Text = text;
    }

    /// <summary>The number, or null for a category.</summary>
    public double? Number { get; }

    /// <summary>The category, or null for a number.</summary>
    public string? Text { get; }

    /// <summary>A number.</summary>
    public static implicit operator ModeratorValue(double number) => new(number, null);

    /// <summary>A category.</summary>
    public static implicit operator ModeratorValue(string category)
    {
        ArgumentNullException.ThrowIfNull(category);
        return new(null, category);
    }

    /// <inheritdoc/>
    public override string ToString() => Text ?? Number?.ToString("G15", CultureInfo.InvariantCulture) ?? "";
}

/// <summary>One value for each column of a model, to predict an effect at: <c>new() { ["rater"] = "client", ["year"] = 2010 }</c>.</summary>
/// <example><code>
/// ModeratorValues at = new() { ["rater"] = "client", ["year"] = 2010 };
/// </code></example>
public sealed class ModeratorValues : IEnumerable<KeyValuePair<string, ModeratorValue>>
{
    private readonly Dictionary<string, ModeratorValue> _values = new(StringComparer.Ordinal);

    /// <summary>The value of a column.</summary>
    /// <param name="column">The column's name.</param>
    /// <exception cref="KeyNotFoundException">The column has no value here.</exception>
    public ModeratorValue this[string column]
    {
        get => _values[column];
        set => _values[column] = value;
    }

    /// <summary>How many columns have a value.</summary>
    public int Count => _values.Count;

    /// <summary>True when the column has a value here.</summary>
    public bool Contains(string column) => _values.ContainsKey(column);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, ModeratorValue>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", _values.Select(v => $"{v.Key} = {v.Value}"));
}
