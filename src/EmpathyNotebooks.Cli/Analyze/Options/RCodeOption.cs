using System.CommandLine;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting.Files;
using EmpathyNotebooks.Reporting;

namespace EmpathyNotebooks.Cli.Analyze;

/// <summary>The R twin of an analysis as a file.</summary>
internal sealed class RCodeOption
{
    private readonly Option<string?> _file = OptionOf.Text("--r-code",
        "Write a script of R that makes the same numbers with metafor, clubSandwich or robumeta, data included, for a reviewer to run. - prints it in place of the tables.", "FILE");

    public IEnumerable<Option> All => [_file];

    /// <summary>What was said; null for no script.</summary>
    /// <exception cref="BadInputException">The file is there already, is a folder, or its folder is missing.</exception>
    public RCodeFile? Read(ParseResult parsed, bool isJson, bool replaces)
    {
        var path = parsed.GetValue(_file);
        if (path is null) return null;
        if (path == "-") return isJson ? throw new BadInputException("--r-code - and --json both print on standard output: give one, or name a file.") : new RCodeFile(null);
        ForceOption.RequireFree(path, "--r-code", replaces);
        return new RCodeFile(path);
    }
}

/// <summary>Where the script goes; null to standard output.</summary>
internal sealed record RCodeFile(string? Path)
{
    /// <summary>The script of an analysis.</summary>
    public static string Of(Inquiry inquiry) => inquiry.Fit is { } fit ? fit.ToR(fit is DependentFit ? inquiry.Robust : null) : inquiry.Counts!.ToR();

    /// <summary>Writes it whole or not at all.</summary>
    public void Write(string script, TextWriter output, TextWriter error)
    {
        if (Path is null)
        {
            output.Write(script);
            return;
        }
        WholeFile.Write(Path, script);
        error.WriteLine($"Wrote {Path}");
    }
}
