using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using EmpathyNotebooks.Cli.Analyze;
using EmpathyNotebooks.Data;
using EmpathyNotebooks.Plotting.Files;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Reporting;

namespace EmpathyNotebooks.Cli.Check;

/// <summary>The verb <c>check</c>: everything that is wrong or doubtful in a table, at once.</summary>
internal static class CheckCommand
{
    /// <summary>Something is doubtful, and nothing wrong.</summary>
    private const int Doubtful = 1;

    public static Command Create(TextWriter output, TextWriter error)
    {
        var (tables, effects) = (new TableOptions(), new EffectOptions());
        var wholes = OptionOf.Texts("--integer", "A column of means of whole numbers (items of a scale, counts), checked by GRIM and, with its standard deviations, by GRIMMER.");
        var items = OptionOf.WholeNumber("--items", "Of how many items each score of --integer is the mean; 1 if not said, for single items and sums.", "COUNT", "7", 1, 1_000_000);
        var isJson = OptionOf.Flag("--json", "Print one JSON object.");
        var page = OptionOf.Text("--page", "Write a page with the findings and a plot of every column, too.", "FILE");
        var force = OptionOf.Flag("--force", "Replace the page, if there is one.");
        var command = new Command("check",
            """
            Lists everything in a table that is wrong, doubtful or worth knowing before it is pooled, with row, column, value and what to do.

            Examples:
              empathy check studies.xlsx
              empathy check studies.csv --page check.html
              empathy check trials.csv --measure SMD --integer m1i --integer m2i --json

            Exit codes: 0 nothing is doubtful, 1 there are warnings, 2 there are errors.
            """)
        {
            tables.File, wholes, items, page, force, isJson,
        };
        foreach (var option in (Option[])[.. effects.Names, .. tables.All, .. effects.Columns]) command.Add(option);
        command.SetAction(parsed =>
        {
            var code = EmpathyCommand.Success;
            RemedyWords.OfTheCommandLine(() =>
            {
                var table = tables.Read(parsed);
                var (measure, label, said) = effects.ReadNames(parsed);
                ColumnReading? reading = null;
                if (measure is not null || said.Count > 0)
                {
                    var columns = new EffectColumns(table, said, new CommandLine([.. parsed.Tokens.Select(t => t.Value).SkipWhile(t => t == "check")], "check"));
                    columns.Measure(measure);
                    columns.RequireAllUsed();
                    reading = columns.Reading;
                }
                var check = table.Check(new TableCheckOptions { Reading = reading, Label = label, WholeNumbers = parsed.GetValue(wholes) ?? [], Items = (int)(parsed.GetValue(items) ?? 1), LatestYear = DateTime.UtcNow.Year + 1 });
                if (parsed.GetValue(page) is { } path) WriteFile(path, CheckPage.Of(check, tables.FileName(parsed)), parsed.GetValue(force));
                else parsed.Needs(force, false, "--page");
                if (parsed.GetValue(isJson)) WriteJson(check, tables.FileName(parsed), output);
                else Print(check, tables.FileName(parsed), output);
                code = check.Worst switch { CheckSeverity.Error => EmpathyCommand.BadInput, CheckSeverity.Warning => Doubtful, _ => EmpathyCommand.Success };
            });
            return code;
        });
        return command;
    }

    private static void WriteFile(string path, string text, bool replaces)
    {
        ForceOption.RequireFree(path, "--page", replaces);
        WholeFile.Write(path, text);
    }

    private static void Print(TableCheck check, string file, TextWriter output)
    {
        output.WriteLine($"{file}: {check.Summary}.");
        if (check.Reading is { } reading)
        {
            output.WriteLine($"Read as {reading.Measure.Code} ({reading.Measure.Name}) of {reading.Meaning}: {string.Join(", ", reading.Columns.Select(c => c.Key == c.Value ? c.Key : $"{c.Key} = {c.Value}"))}.");
        }
        foreach (var severity in check.Findings.GroupBy(f => f.Severity))
        {
            output.WriteLine();
            output.WriteLine(severity.Key switch { CheckSeverity.Error => "Errors", CheckSeverity.Warning => "Warnings: look at the paper again; none is a reason to leave a study out", _ => "Notes" });
            foreach (var finding in severity) output.WriteLine("  " + finding);
        }
    }

    private static void WriteJson(TableCheck check, string file, TextWriter output)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("version", JsonReport.Version);
            json.WriteString("file", file);
            json.WriteNumber("rows", check.Table.Count);
            json.WriteString("measure", check.Reading?.Measure.Code);
            json.WriteStartObject("columns");
            foreach (var (ingredient, column) in check.Reading?.Columns.AsEnumerable() ?? []) json.WriteString(ingredient, column);
            json.WriteEndObject();
            json.WriteNumber("errors", check.CountOf(CheckSeverity.Error));
            json.WriteNumber("warnings", check.CountOf(CheckSeverity.Warning));
            json.WriteNumber("notes", check.CountOf(CheckSeverity.Note));
            json.WriteStartArray("findings");
            foreach (var finding in check.Findings)
            {
                json.WriteStartObject();
                json.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName(finding.Kind.ToString()));
                json.WriteString("severity", JsonNamingPolicy.CamelCase.ConvertName(finding.Severity.ToString()));
                if (finding.Row is { } row) json.WriteNumber("row", row);
                else json.WriteNull("row");
                json.WriteString("study", finding.Study);
                json.WriteString("column", finding.Column);
                json.WriteString("value", finding.Value);
                json.WriteString("problem", finding.Problem);
                json.WriteString("suggestion", finding.Suggestion);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        output.WriteLine(System.Text.Encoding.UTF8.GetString(stream.ToArray()));
    }
}
