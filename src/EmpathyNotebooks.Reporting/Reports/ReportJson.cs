using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EmpathyNotebooks.Reporting;

/// <summary>The numbers of a report with all digits, and what they were made by: results.json.</summary>
internal static class ReportJson
{
    public static string Write(ReportBuilder report)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteStartObject("provenance");
            json.WriteString("program", "EmpathyNotebooks");
            json.WriteString("version", JsonReport.Version);
            json.WriteString("runtime", ".NET " + Environment.Version.ToString());
            json.Texts("command", report.Options.Command);
            json.WriteString("dataFile", report.Options.DataFile);
            json.WriteString("dataSha256", report.Options.DataHash);
            json.WriteString("data", report.Origin.Kind.ToString().ToLowerInvariant());
            if (report.Seed is { } seed) json.WriteNumber("seed", seed);
            else json.WriteNull("seed");
            json.WriteEndObject();
            json.WriteStartArray("leftOut");
            foreach (var (method, reason) in report.LeftOut)
            {
                json.WriteStartObject();
                json.WriteString("method", method);
                json.WriteString("reason", reason);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WritePropertyName("analysis");
            using var analysis = new StringWriter(CultureInfo.InvariantCulture);
            JsonReport.Write(report.Answers, report.Inquiry.Notes, analysis);
            json.WriteRawValue(analysis.ToString().TrimEnd().Replace("\n", "\n  ", StringComparison.Ordinal));
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray()).ReplaceLineEndings("\n") + "\n";
    }
}
