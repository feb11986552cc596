using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data;

/// <summary>
/// What names a study: a column, or a pattern over several, such as <c>"{authors} ({year})"</c>. A string becomes one by
/// itself: with braces it is a pattern, without it is the name of a column.
/// </summary>
/// <example><code>
/// var effects = Datasets.Molloy2014().Correlations(r: "ri", n: "ni", label: "{authors} ({year})");
/// </code></example>
public sealed partial class StudyLabel
{
    private static readonly string[] LabelNames = ["label", "slab", "study", "sample"];
    private static readonly string[] AuthorNames = ["authors", "author"];

    private readonly ImmutableArray<Part> _parts;

    private StudyLabel(ImmutableArray<Part> parts) => _parts = parts;

    private readonly record struct Part(string Text, bool IsColumn);

    /// <summary>Labels by position: <c>Study 1</c>, <c>Study 2</c> and so on, for data without names.</summary>
    public static StudyLabel Numbered { get; } = new([]);

    /// <summary>The columns it is made of.</summary>
    public IReadOnlyList<string> Columns => [.. _parts.Where(p => p.IsColumn).Select(p => p.Text).Distinct()];

    /// <summary>The text of one column.</summary>
    /// <param name="column">The name of the column; braces have no meaning here.</param>
    public static StudyLabel FromColumn(string column)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(column);
        return new StudyLabel([new Part(column, true)]);
    }

    /// <summary>A pattern in which <c>{name}</c> stands for the text of a column.</summary>
    /// <param name="pattern">For example <c>{authors} ({year})</c>.</param>
    /// <exception cref="ArgumentException">The pattern names no column, or a brace has no partner.</exception>
    public static StudyLabel FromPattern(string pattern)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(pattern);
        var parts = ImmutableArray.CreateBuilder<Part>();
        var start = 0;
        while (start < pattern.Length)
        {
            var open = pattern.IndexOf('{', start);
            var end = open < 0 ? pattern.Length : open;
            if (pattern.AsSpan(start, end - start).Contains('}')) throw Unbalanced();
            if (end > start) parts.Add(new Part(pattern[start..end], false));
            if (open < 0) break;
            var close = pattern.IndexOf('}', open);
            if (close < 0 || pattern.AsSpan(open + 1, close - open - 1).Contains('{')) throw Unbalanced();
            var name = pattern[(open + 1)..close].Trim();
            if (name.Length == 0)
            {
                throw new ImpossibleChoiceException($"The label pattern \"{pattern}\" has braces with no column name in them", ChoiceFault.LabelPattern, nameof(pattern));
            }
            parts.Add(new Part(name, true));
            start = close + 1;
        }
        return parts.Any(p => p.IsColumn)
            ? new StudyLabel(parts.ToImmutable())
            : throw new ImpossibleChoiceException($"The label pattern \"{pattern}\" names no column; write it as {{authors}} ({{year}})", ChoiceFault.LabelPattern, nameof(pattern));

        ImpossibleChoiceException Unbalanced() =>
            new($"The label pattern \"{pattern}\" has a brace without its partner; write it as {{authors}} ({{year}})", ChoiceFault.LabelPattern, nameof(pattern));
    }

    /// <summary>A pattern where the text has braces, else the name of a column.</summary>
    public static implicit operator StudyLabel(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.AsSpan().ContainsAny('{', '}') ? FromPattern(text) : FromColumn(text);
    }

    /// <summary>
    /// The label that a header lets expect without doubt: exactly one of the columns <c>label</c>, <c>slab</c>, <c>study</c>,
    /// <c>sample</c>, or <c>authors</c> (<c>author</c>), the latter with <c>year</c> where there is one: <c>Smith (2011)</c>, and where the year is not known <c>Smith</c>.
    /// Case does not matter.
    /// </summary>
    /// <param name="columns">The names of the columns.</param>
    /// <returns>The label, or null when none or more than one of those columns is there.</returns>
    public static StudyLabel? Guess(IEnumerable<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        string[] names = [.. columns];
        var candidates = names.Where(name => Is(name, LabelNames) || Is(name, AuthorNames)).ToList();
        if (candidates.Count != 1) return null;
        var year = names.Where(name => Is(name, ["year"])).ToList();
        return Is(candidates[0], AuthorNames) && year.Count == 1
            ? new StudyLabel([new Part(candidates[0], true), new Part(" (", false), new Part(year[0], true), new Part(")", false)]) { IsOptional = true }
            : FromColumn(candidates[0]);

        static bool Is(string name, string[] known) => known.Contains(name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The pattern as one writes it.</summary>
    public override string ToString() => _parts.Length switch
    {
        0 => "Study 1, Study 2, ...",
        1 => _parts[0].Text,
        _ => string.Concat(_parts.Select(p => p.IsColumn ? $"{{{p.Text}}}" : p.Text)),
    };

    /// <summary>The label of a row counted from 0.</summary>
    /// <param name="index">The row.</param>
    /// <param name="cell">Gives the text of a column, or throws where it is missing.</param>
    internal string At(int index, Func<string, string> cell)
    {
        if (_parts.IsEmpty) return string.Create(CultureInfo.InvariantCulture, $"Study {index + 1}");
        var text = new StringBuilder();
        foreach (var part in _parts) text.Append(part.IsColumn ? cell(part.Text) : part.Text);
        return IsOptional ? text.Replace(" ()", "").Replace("()", "").ToString().Trim() : text.ToString();
    }

    /// <summary>What <see cref="Guess"/> knows, for messages.</summary>
    internal static string GuessedFrom => string.Join(", ", LabelNames.Concat(AuthorNames));
}
