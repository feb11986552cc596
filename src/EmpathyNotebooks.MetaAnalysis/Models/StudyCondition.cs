using System.Collections.Immutable;
using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// A condition on a column by which studies are kept, as a person writes it: <c>rob=low</c>, <c>rob=low,some concerns</c>, <c>rob!=high</c>, <c>quality&gt;=3</c>, <c>year&lt;2010</c>. Texts are compared whole and without
/// regard to case; with &lt;, &lt;=, &gt; and &gt;= the column must hold numbers. A study without a value does not meet it.
/// </summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], columns: [StudyColumn.OfTexts("rob", ["low", "high", "low"]), StudyColumn.OfNumbers("quality", [4, 1, 3])]);
/// StudyCondition low = StudyCondition.Parse("rob=low");
/// Console.WriteLine($"{low}: {effects.Where(low).Count}, quality from 3: {effects.Where(StudyCondition.Parse("quality>=3")).Count}");
/// </code></example>
public sealed class StudyCondition
{
    private static readonly ImmutableArray<string> Signs = ["!=", ">=", "<=", "=", ">", "<"];

    private readonly string _sign;
    private readonly ImmutableArray<string> _values;
    private readonly double _number;

    private StudyCondition(string column, string sign, ImmutableArray<string> values, double number) => (Column, _sign, _values, _number) = (column, sign, values, number);

    /// <summary>The column.</summary>
    public string Column { get; }

    /// <summary>Reads a condition.</summary>
    /// <param name="text">A column, one of =, !=, &gt;, &gt;=, &lt;, &lt;=, and a value; with = and != several values separated by commas.</param>
    /// <exception cref="FormatException">It is no condition; the message says what would be.</exception>
    public static StudyCondition Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var place = text.IndexOfAny(['=', '!', '<', '>']);
        var sign = place < 1 ? null : Signs.FirstOrDefault(s => string.CompareOrdinal(text, place, s, 0, s.Length) == 0);
        if (sign is null) throw Fault(text, "a column, a sign and a value, as in rob=low, rob!=high or quality>=3");
        var column = text[..place].Trim();
        var value = text[(place + sign.Length)..].Trim();
        if (column.Length == 0 || value.Length == 0) throw Fault(text, "a column before the sign and a value after it, as in rob=low");
        if (sign is "=" or "!=")
        {
            ImmutableArray<string> values = [.. value.Split(',', StringSplitOptions.TrimEntries)];
            return values.Contains("") ? throw Fault(text, "a value between any two commas, as in rob=low,some concerns") : new StudyCondition(column, sign, values, double.NaN);
        }
        return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? new StudyCondition(column, sign, [value], number)
            : throw Fault(text, $"a number after {sign}, as in quality{sign}3; texts take = or !=");
    }

    /// <summary>The rows that meet it, counted from 0.</summary>
    /// <param name="effects">Effects with the column.</param>
    /// <exception cref="StudyDataException">There is no such column, it holds texts where numbers are compared, or a value after = is that of no study.</exception>
    public ImmutableArray<int> Rows(StudyEffects effects)
    {
        ArgumentNullException.ThrowIfNull(effects);
        var column = effects.Column(Column);
        if (!double.IsNaN(_number))
        {
            if (!column.IsNumeric) throw new StudyDataException($"holds texts, and {_sign} compares numbers; texts take = or !=", column: Column, kind: StudyDataFault.TextForNumber);
            return [.. Enumerable.Range(0, effects.Count).Where(i => column.Number(i) is { } x && _sign switch { ">=" => x >= _number, "<=" => x <= _number, ">" => x > _number, _ => x < _number })];
        }
        string[] known = [.. Enumerable.Range(0, effects.Count).Select(column.Text).OfType<string>().Distinct()];
        foreach (var value in _values)
        {
            if (!known.Any(k => Same(k, value))) throw new StudyDataException("is the value of no study: " + NearestName.Hint(value, known), value, column: Column, kind: StudyDataFault.NoSuchName) { Choices = [.. known] };
        }
        return [.. Enumerable.Range(0, effects.Count).Where(i => column.Text(i) is { } text && _values.Any(v => Same(text, v)) == (_sign == "="))];
    }

    /// <summary>The condition as it is written.</summary>
    public override string ToString() => _sign is "=" or "!=" ? $"{Column} {_sign} {string.Join(" or ", _values)}" : $"{Column} {_sign} {_values[0]}";

    // A number in the condition and the same number in the data may be written differently: 1 and 1.0.
    private static bool Same(string text, string value) => text.Trim().Equals(value, StringComparison.OrdinalIgnoreCase)
        || double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var a) && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var b) && a == b;

    private static FormatException Fault(string text, string expected) => new($"\"{StudyDataException.Visible(text)}\" is no condition: it needs {expected}.");
}
