using System.CommandLine;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using EmpathyNotebooks.Data;
using EmpathyNotebooks.Plotting.Files;
using EmpathyNotebooks.Reporting;

namespace EmpathyNotebooks.Cli.Analyze;

/// <summary>The analysis as a report: a folder with pages, figures, data and code.</summary>
internal sealed class ReportOption
{
    private static readonly Dictionary<string, ReportFormat> Formats = new(StringComparer.OrdinalIgnoreCase)
    {
        ["html"] = ReportFormat.Html, ["docx"] = ReportFormat.Word, ["tex"] = ReportFormat.Latex, ["qmd"] = ReportFormat.Quarto, ["md"] = ReportFormat.Markdown,
    };

    private readonly Option<string?> _folder = OptionOf.Text("--report",
        "Write the whole analysis into a new folder: the report as a page, for Word, LaTeX, Quarto and as Markdown, its figures, sources, data as analysed, code of R and all numbers (results.json). It asks --bias, --sensitivity and --meaning, too. "
        + "The folder appears whole or not at all, and the same table, options and version give the same bytes.", "DIR");

    private readonly Option<string?> _title = OptionOf.Text("--report-title", "The title of the report. Default: made of the name of the data.", "TEXT");
    private readonly Option<string?> _formats = OptionOf.Text("--report-format", $"The forms of the report, with commas between: {string.Join(", ", Formats.Keys)}. Default: all.", "FORMS");

    public IEnumerable<Option> All => [_folder, _title, _formats];

    /// <summary>What was said; null for no report.</summary>
    /// <exception cref="BadInputException">The place is taken, or a form is none.</exception>
    public ReportFolder? Read(ParseResult parsed, string file, bool replaces)
    {
        var folder = parsed.GetValue(_folder);
        parsed.Needs(_title, folder is not null, _folder.Name);
        parsed.Needs(_formats, folder is not null, _folder.Name);
        if (folder is null) return null;
        if (Path.GetDirectoryName(Path.GetFullPath(folder)) is { } parent && !Directory.Exists(parent)) throw new BadInputException($"--report {folder}: there is no folder {parent}.");
        RequireFree(folder, replaces);
        return new ReportFolder(folder, replaces)
        {
            Title = parsed.GetValue(_title),
            Formats = parsed.GetValue(_formats) is { } said ? [.. said.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(FormatOf)] : [.. Formats.Values],
            File = file,
            Command = WithoutFolders([.. parsed.Tokens.Select(t => t.Value).SkipWhile(t => t == "analyze")], file),
        };

        static ReportFormat FormatOf(string name) => Formats.TryGetValue(name, out var format) ? format
            : throw new BadInputException($"--report-format {name}: there is no such form. There are: {string.Join(", ", Formats.Keys)}.");
    }

    /// <summary>Refuses a place that is taken; with --force, one that holds anything but a report.</summary>
    private static void RequireFree(string folder, bool replaces)
    {
        try
        {
            if (replaces) Report.RequireReplaceable(folder);
            else if (WholeFolder.Holds(folder) is { } there) throw new BadInputException($"{folder}: this folder is there already and holds {there}. Give another name, or add --force to replace a report.");
        }
        catch (IOException fault)
        {
            throw new BadInputException(fault.Message);
        }
    }

    /// <summary>The words of the command line that say what was analysed: names of files without their folders, and nothing of where the report goes.</summary>
    private string[] WithoutFolders(IReadOnlyList<string> words, string file)
    {
        List<string> kept = [];
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i] == _folder.Name) i++;
            else if (words[i] == file || Path.IsPathRooted(words[i])) kept.Add(Path.GetFileName(words[i]));
            else if (words[i] != "--force") kept.Add(words[i]);
        }
        return [.. kept];
    }
}

/// <summary>Where a report goes, and what it has in it.</summary>
internal sealed partial record ReportFolder(string Path, bool Replaces)
{
    public string? Title { get; init; }

    public required IReadOnlyList<ReportFormat> Formats { get; init; }

    /// <summary>The file of data.</summary>
    public required string File { get; init; }

    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>The files of the report of an analysis, with the answers that are there already.</summary>
    public IReadOnlyList<(string Path, ReadOnlyMemory<byte> Content)> Of(Inquiry inquiry, IReadOnlyList<Answer> answers, StudyTable table, TableCheckOptions check)
    {
        var options = new ReportOptions { Title = Title, Table = table, Check = check, Command = [.. Command], DataFile = System.IO.Path.GetFileName(File), DataHash = Hash(), Answers = [.. answers] };
        // How to say it otherwise on the command line concerns nobody who reads the report.
        return Report.Of(inquiry with { Notes = [.. inquiry.Notes.Select(note => OtherWords().Replace(note, ""))] }, options).Files(Formats, inquiry.Cancellation);
    }

    /// <summary>Writes the folder whole or not at all.</summary>
    public void Write(IReadOnlyList<(string Path, ReadOnlyMemory<byte> Content)> files, TextWriter error, CancellationToken interrupt)
    {
        if (Replaces) Report.Replace(Path, files, interrupt);
        else WholeFolder.Write(Path, files, replaces: false, interrupt);
        error.WriteLine($"Wrote {Path}: {string.Join(", ", files.Select(f => f.Path).Where(p => !p.Contains('/', StringComparison.Ordinal)))}, and {files.Count(f => f.Path.Contains('/', StringComparison.Ordinal))} files of figures");
    }

    [GeneratedRegex("; --[^;]* for another")]
    private static partial Regex OtherWords();

    private string Hash()
    {
        using var stream = System.IO.File.OpenRead(File);
        return System.Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
