using System.CommandLine;
using System.Globalization;
using EmpathyNotebooks.Reporting;

namespace EmpathyNotebooks.Cli.Analyze;

/// <summary>Options that check what they are given and say what would be right.</summary>
internal static class OptionOf
{
    /// <summary>One of several words, in any case.</summary>
    public static Option<string?> Choice(string name, string description, IReadOnlyList<string> values, string? usual, string? helpName = null)
    {
        var option = new Option<string?>(name)
        {
            Description = description,
            HelpName = helpName ?? name[2..].Replace("-", "", StringComparison.Ordinal).ToUpperInvariant(),
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                // HSk and HS differ in case only by accident of spelling; nobody means another one by writing reml.
                var value = values.FirstOrDefault(v => v == text) ?? values.FirstOrDefault(v => v.Equals(text, StringComparison.OrdinalIgnoreCase));
                if (value is null) result.AddError($"{name} {text}: there is no such value. There are: {string.Join(", ", values)}.");
                return value;
            },
        };
        if (usual is not null) option.DefaultValueFactory = _ => usual;
        return option;
    }

    /// <summary>A confidence level, in percent or as a fraction.</summary>
    public static Option<double> Level(string name, string description) => Number(name, description, "LEVEL", 0.95, given => given is > 0 and < 100 && given != 1,
        "give a percentage such as 95, or a fraction such as 0.95.", given => given > 1 ? given / 100 : given);

    /// <summary>A number of some kind.</summary>
    public static Option<double> Number(string name, string description, string helpName, double usual, Func<double, bool> isRight, string right, Func<double, double>? read = null) => new(name)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => usual,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (double.TryParse(text, CultureInfo.InvariantCulture, out var given) && isRight(given)) return read is null ? given : read(given);
            result.AddError($"{name} {text}: {right}");
            return usual;
        },
    };

    /// <summary>A whole number; thousands may be set apart by commas, as messages write them.</summary>
    public static Option<ulong?> WholeNumber(string name, string description, string helpName, string example, ulong least, ulong most) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (ulong.TryParse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var given) && given >= least && given <= most) return given;
            result.AddError($"{name} {text}: give a whole number{(most < ulong.MaxValue ? string.Create(CultureInfo.InvariantCulture, $" from {least} to {most:N0}") : "")}, without a sign or an exponent{(example.Length > 0 ? $", such as {example}" : "")}.");
            return null;
        },
    };

    public static Option<string?> Text(string name, string description, string helpName = "COLUMN") => new(name) { Description = description, HelpName = helpName };

    public static Option<string[]> Texts(string name, string description, string helpName = "COLUMN") => new(name) { Description = description, HelpName = helpName };

    public static Option<bool> Flag(string name, string description) => new(name) { Description = description };

    /// <summary>The option of a question.</summary>
    public static Option Of(QuestionOption option) => option.Kind switch
    {
        OptionKind.Flag => Flag(option.Name, option.Description),
        OptionKind.Text => Text(option.Name, option.Description, option.HelpName),
        OptionKind.OptionalText => new Option<string?>(option.Name) { Description = option.Description, HelpName = option.HelpName, Arity = ArgumentArity.ZeroOrOne },
        OptionKind.Choice => Choice(option.Name, option.Description, option.Choices, null, option.HelpName),
        OptionKind.WholeNumber => WholeNumber(option.Name, option.Description, option.HelpName, option.Example, 0, ulong.MaxValue),
        OptionKind.Number => new Option<double?>(option.Name)
        {
            Description = option.Description,
            HelpName = option.HelpName,
            CustomParser = result =>
            {
                if (double.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var given) && double.IsFinite(given)) return given;
                result.AddError($"{option.Name} {result.Tokens[0].Value}: give a number such as {option.Example}.");
                return null;
            },
        },
        _ => throw new ArgumentOutOfRangeException(nameof(option), option.Kind, "There is no such kind of option."),
    };

    /// <summary>True where an option was typed.</summary>
    public static bool Said(this ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>An option that would change nothing is a misunderstanding, and better said than swallowed.</summary>
    public static void Needs(this ParseResult parsed, Option option, bool isThere, string other)
    {
        if (!isThere && parsed.Said(option)) throw new BadInputException($"{option.Name} needs {other}.");
    }
}
