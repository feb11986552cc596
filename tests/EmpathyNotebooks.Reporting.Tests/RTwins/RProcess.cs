using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace EmpathyNotebooks.Reporting.Tests;

/// <summary>Runs many scripts in one process of R, whose start takes seconds.</summary>
internal static class RProcess
{
    private static readonly string[] Packages = ["metafor", "clubSandwich", "numDeriv", "robumeta"];

    // The packages that are not there; null without R.
    private static readonly Lazy<string[]?> NotThere = new(() =>
    {
        try
        {
            var (output, error) = Run($"cat(Filter(function(p) !nzchar(system.file(package = p)), c({string.Join(", ", Packages.Select(p => $"\"{p}\""))})))");
            return error is null ? output.Split(' ', StringSplitOptions.RemoveEmptyEntries) : throw new InvalidOperationException("Rscript is there but does not run: " + error);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    });

    /// <summary>Skips a test where R or a package is missing. Continuous integration does not install R for now, so tests are skipped there too.</summary>
    /// <param name="packages">The packages that the scripts need.</param>
    public static void Need(params string[] packages)
    {
        Assert.SkipWhen(NotThere.Value is null, "Rscript is not on this machine; continuous integration does not install R for now.");
        var missing = packages.Intersect(NotThere.Value!);
        Assert.SkipWhen(missing.Any(), $"R is here without {string.Join(" and ", missing)}; continuous integration does not install R for now.");
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
            var (output, error) = Run(run);
            if (error is not null) throw new InvalidOperationException(error);
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

    private static (string Output, string? Error) Run(string code)
    {
        var start = new ProcessStartInfo("Rscript") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-e");
        start.ArgumentList.Add(code);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (output, process.ExitCode == 0 ? null : error.Result);
    }
}
