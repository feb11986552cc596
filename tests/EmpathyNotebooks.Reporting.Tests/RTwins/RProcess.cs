using System.Diagnostics;
using System.Globalization;
using System.Text;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Reporting.Tests;

/// <summary>One process of R for all scripts of a test run: to start it and load its packages takes seconds.</summary>
internal static class RProcess
{
    private static readonly string[] Packages = ["metafor", "clubSandwich", "numDeriv", "robumeta"];

    private const string Done = "@@done", Failed = "@@failed ";

    // Runs the file that each line of its input names, till there is no more input.
    private const string Loop = $$"""
        input <- file("stdin", "r")
        while (length(name <- readLines(input, 1)) > 0) {
          tryCatch(source(name, local = new.env()), error = function(e) cat("\n{{Failed}}", conditionMessage(e), "\n"))
          cat("\n{{Done}}\n")
          flush(stdout())
        }
        """;

    private static readonly Lock OneAtATime = new();

    // Null without R.
    private static readonly Lazy<Process?> R = new(Start);

    // The packages that are not there.
    private static readonly Lazy<string[]> NotThere = new(() =>
        Run($"cat(Filter(function(p) !nzchar(system.file(package = p)), c({string.Join(", ", Packages.Select(p => $"\"{p}\""))})))").Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Skips a test where R or a package is missing; on the build machine that is a failure.</summary>
    /// <param name="packages">The packages that the scripts need.</param>
    public static void Need(params string[] packages)
    {
        var missing = R.Value is null ? "There is no Rscript on the path"
            : packages.Intersect(NotThere.Value).ToList() is { Count: > 0 } absent ? $"R is here without {string.Join(" and ", absent)}" : null;
        if (missing is null) return;
        missing += "; on Debian: apt-get install r-cran-metafor r-cran-clubsandwich r-cran-numderiv r-cran-robumeta.";
        Assert.False(Repository.IsContinuousIntegration, missing);
        Assert.Skip(missing);
    }

    /// <summary>The numbers that each script prints, with all digits; or the error with which it ended.</summary>
    public static IReadOnlyList<(double[] Numbers, string? Error)> Numbers(IReadOnlyList<RTwin> twins)
    {
        var folder = Directory.CreateTempSubdirectory("rtwin").FullName;
        try
        {
            for (var i = 0; i < twins.Count; i++)
            {
                // The script as it is, but for the digits.
                var script = twins[i].Script.Split('\n').Select(l => l.StartsWith("say <- ", StringComparison.Ordinal) ? "say <- function(what, value) cat(\"@@\", sprintf(\"%.17g\", value), \"\\n\")" : l);
                File.WriteAllText(Path.Combine(folder, $"{i}.R"), string.Join('\n', script), Encoding.ASCII);
            }
            var run = $$"""
                for (i in 0:{{twins.Count - 1}}) { cat("\n@@script", i, "\n"); tryCatch(suppressWarnings(source(file.path("{{folder}}", paste0(i, ".R")), local = new.env())),
                  error = function(e) cat("\n@@error", gsub("\n", " ", conditionMessage(e)), "\n")) }
                """;
            var output = Run(run);
            var found = new List<(double[], string?)>();
            foreach (var part in output.Split("\n@@script ")[1..])
            {
                var lines = part.Split('\n');
                found.Add(([.. lines.Where(l => l.StartsWith("@@ ", StringComparison.Ordinal)).Select(l => Parse(l[3..].Trim()))],
                    lines.FirstOrDefault(l => l.StartsWith("@@error", StringComparison.Ordinal))));
            }
            return found;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Parse(string text) => text switch
    {
        "Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        "NA" => double.NaN,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    private static Process? Start()
    {
        var start = new ProcessStartInfo("Rscript", ["--vanilla", "-e", Loop]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            var process = ChildProcess.Start(start);
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            return process;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>What R prints for the code.</summary>
    private static string Run(string code)
    {
        lock (OneAtATime)
        {
            var process = R.Value ?? throw new InvalidOperationException("There is no R.");
            var file = Path.GetTempFileName();
            try
            {
                File.WriteAllText(file, code);
                process.StandardInput.WriteLine(file.Replace('\\', '/'));
                process.StandardInput.Flush();
                var output = new StringBuilder();
                string? line, fault = null;
                while ((line = process.StandardOutput.ReadLine()) != Done)
                {
                    if (line is null) throw new InvalidOperationException("R ended: " + output);
                    if (line.StartsWith(Failed, StringComparison.Ordinal)) fault = line;
                    output.Append(line).Append('\n');
                }
                return fault is null ? output.ToString() : throw new InvalidOperationException(fault);
            }
            finally
            {
                File.Delete(file);
            }
        }
    }
}
