using System.CommandLine;
using EmpathyNotebooks.Reporting;

namespace EmpathyNotebooks.Cli.Analyze;

/// <summary>What is there already is replaced by <c>--force</c> alone, whatever writes it.</summary>
internal sealed class ForceOption
{
    private readonly Option<bool> _force = OptionOf.Flag("--force", "Replace the files of --r-code and --multiverse-csv, if they are there, and the folder of --report, if it holds a report and nothing else.");

    public IEnumerable<Option> All => [_force];

    /// <summary>Whether files may be replaced; an option that would change nothing is a misunderstanding.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="others">The options that write files.</param>
    public bool Read(ParseResult parsed, IReadOnlyList<Option> others)
    {
        parsed.Needs(_force, others.Any(parsed.Said), string.Join(" or ", others.Select(o => o.Name)));
        return parsed.GetValue(_force);
    }

    /// <summary>Refuses to replace the files that questions write.</summary>
    public static void RequireFree(OptionValues said, bool replaces)
    {
        foreach (var option in Questions.All.SelectMany(q => q.Options).Where(o => o.HelpName == "FILE"))
        {
            if (said.Text(option.Name) is { Length: > 0 } path) RequireFree(path, option.Name, replaces);
        }
    }

    /// <summary>Refuses a folder, and a file that is there. A device such as /dev/stdout is there to be written to.</summary>
    /// <exception cref="BadInputException">It is there, and may not be replaced.</exception>
    public static void RequireFree(string path, string option, bool replaces)
    {
        if (Directory.Exists(path)) throw new BadInputException($"{option} {path}: this is a folder; name a file.");
        if (!replaces && File.Exists(path) && !Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal))
        {
            throw new BadInputException($"{path}: this file is there already; add --force to replace it, or name another with {option}.");
        }
    }
}
