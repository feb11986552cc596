using System.CommandLine;
using EmpathyNotebooks.Reporting;

namespace EmpathyNotebooks.Cli.Analyze;

/// <summary>What is asked of the fit: the options of all questions, and in which form the answers come.</summary>
internal sealed class QuestionOptions
{
    private readonly Option<bool> _json = OptionOf.Flag("--json", "Print one JSON object on standard output and nothing else.");
    private readonly IReadOnlyList<(QuestionOption Asked, Option Option)> _options = [.. Questions.All.SelectMany(q => q.Options).Select(o => (o, OptionOf.Of(o)))];

    public IEnumerable<Option> All => [.. _options.Select(o => o.Option), _json];

    /// <summary>Those that write a file.</summary>
    public IEnumerable<Option> Files => _options.Where(o => o.Asked.HelpName == "FILE").Select(o => o.Option);

    public OptionValues Read(ParseResult parsed)
    {
        var values = new Dictionary<string, object>();
        foreach (var (_, option) in _options.Where(o => parsed.Said(o.Option) && (o.Option is not Option<bool> flag || parsed.GetValue(flag))))
        {
            values[option.Name] = option switch
            {
                Option<bool> => true,
                Option<double?> number => parsed.GetValue(number)!,
                Option<ulong?> whole => parsed.GetValue(whole)!,
                Option<string?> text => parsed.GetValue(text) ?? "",
                _ => throw new InvalidOperationException($"{option.Name} is of a kind that cannot be read."),
            };
        }
        if (parsed.GetValue(_json)) values[_json.Name] = true;
        var said = new OptionValues(values);
        foreach (var (asked, option) in _options) parsed.Needs(option, asked.IsUsable(said), asked.Needs);
        return said;
    }

    /// <summary>True where the answers come as JSON.</summary>
    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);
}
