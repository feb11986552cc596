using System.Collections.Immutable;

namespace EmpathyNotebooks.Reporting;

/// <summary>What an option of the command line takes.</summary>
public enum OptionKind
{
    /// <summary>Nothing: it is there or not.</summary>
    Flag,

    /// <summary>A text, such as the name of a column.</summary>
    Text,

    /// <summary>A text, or nothing.</summary>
    OptionalText,

    /// <summary>A finite number.</summary>
    Number,

    /// <summary>A whole number of 0 or more.</summary>
    WholeNumber,

    /// <summary>One of several words.</summary>
    Choice,
}

/// <summary>An option by which a question is asked or refined, with its name on the command line.</summary>
/// <param name="Name">Its name, with the dashes.</param>
/// <param name="Kind">What it takes.</param>
/// <param name="Description">What it does, for the help.</param>
public sealed record QuestionOption(string Name, OptionKind Kind, string Description)
{
    /// <summary>What stands for its value in the help.</summary>
    public string HelpName { get; init; } = "";

    /// <summary>The words of a <see cref="OptionKind.Choice"/>.</summary>
    public ImmutableArray<string> Choices { get; init; } = [];

    /// <summary>A value that would be right, for messages.</summary>
    public string Example { get; init; } = "";

    /// <summary>True where its value is the name of a column.</summary>
    public bool TakesColumn => HelpName == "COLUMN";

    /// <summary>The column that a value names, where the value is more than the name of a column; null for none.</summary>
    public Func<string, string?> ColumnIn { get; init; } = _ => null;

    /// <summary>What must be said beside it, for messages; empty where nothing must.</summary>
    public string Needs { get; init; } = "";

    /// <summary>True where what it needs was said. An option that would change nothing is a misunderstanding, and better said than swallowed.</summary>
    public Func<OptionValues, bool> IsUsable { get; init; } = _ => true;
}

/// <summary>What was said of options, by their names.</summary>
/// <param name="values">The values of the options that were said: true of a flag, else a text, a double or an unsigned long.</param>
public sealed class OptionValues(IReadOnlyDictionary<string, object> values)
{
    /// <summary>Nothing was said.</summary>
    public static OptionValues None { get; } = new(ImmutableDictionary<string, object>.Empty);

    /// <summary>True where the option was said.</summary>
    /// <param name="name">Its name, with the dashes.</param>
    public bool Has(string name) => values.ContainsKey(name);

    /// <summary>The same with further options; what was said already stays.</summary>
    /// <param name="further">Names with the dashes, and values.</param>
    internal OptionValues With(IEnumerable<(string Name, object Value)> further)
    {
        var all = new Dictionary<string, object>(values);
        foreach (var (name, value) in further) all.TryAdd(name, value);
        return new OptionValues(all);
    }

    /// <summary>The text that was given; null where the option was not said, empty where it stands without a text.</summary>
    /// <param name="name">Its name, with the dashes.</param>
    public string? Text(string name) => values.GetValueOrDefault(name) as string;

    /// <summary>The number that was given, or null.</summary>
    /// <param name="name">Its name, with the dashes.</param>
    public double? Number(string name) => values.GetValueOrDefault(name) as double?;

    /// <summary>The whole number that was given, or null.</summary>
    /// <param name="name">Its name, with the dashes.</param>
    public ulong? WholeNumber(string name) => values.GetValueOrDefault(name) as ulong?;
}
