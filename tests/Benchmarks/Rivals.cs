using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Benchmarks;

/// <summary>What other programs take for the same numbers, each in its own process, which prints lines of a name, a tab and milliseconds of processor time.</summary>
internal sealed class Rivals(StudyEffects drawn)
{
    /// <summary>What a reader must know of those that could not run.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>metafor.R, or nothing where R or metafor is missing.</summary>
    public Dictionary<string, double> Metafor()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(file, ["study,sample,effect,rater,yi,vi", .. Enumerable.Range(0, drawn.Count).Select(i => string.Create(CultureInfo.InvariantCulture,
                $"{drawn.Column("study").Number(i)},{drawn.Column("sample").Number(i)},{drawn.Column("effect").Number(i)},{drawn.Column("rater").Number(i)},{drawn.Effects[i]:R},{drawn.Variances[i]:R}"))]);
            return Lines("Rscript", [Beside("metafor.R"), file], "metafor");
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>A module of the reader's own with functions dl(y, v) and reml(y, v), run in node, where EMPATHY_RIVAL_JS names one.</summary>
    public Dictionary<string, double> Module() => Environment.GetEnvironmentVariable("EMPATHY_RIVAL_JS") is { Length: > 0 } path
        ? Lines("node", [Beside("rival.mjs"), Path.GetFullPath(path)], "JavaScript")
        : [];

    private Dictionary<string, double> Lines(string program, string[] arguments, string name)
    {
        var found = new Dictionary<string, double>(StringComparer.Ordinal);
        try
        {
            Console.Error.WriteLine($"{name} runs ...");
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, WorkingDirectory = Path.GetDirectoryName(Beside("metafor.R")) })!;
            while (process.StandardOutput.ReadLine() is { } line)
            {
                if (line.Split('\t') is [var what, var time] && double.TryParse(time, CultureInfo.InvariantCulture, out var milliseconds)) found[what] = milliseconds;
            }
            process.WaitForExit();
            if (process.ExitCode != 0) Notes.Add($"{name}: {program} ended with code {process.ExitCode}; what it said stands above the table.");
        }
        catch (Win32Exception)
        {
            Notes.Add($"{name}: no times, since {program} was not found.");
        }
        return found;
    }

    /// <summary>A script of this folder, wherever the program was built to.</summary>
    private static string Beside(string name)
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var path = Path.Combine(folder, "tests", "Benchmarks", name);
            if (File.Exists(path)) return path;
        }
        throw new FileNotFoundException($"{name} stands in tests/Benchmarks of the repository; run the program from its build there.", name);
    }
}
