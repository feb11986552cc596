using System.Text.Encodings.Web;
using System.Text.Json;

namespace EmpathyNotebooks.Reporting;

/// <summary>An analysis as one JSON object. Numbers read back as the same doubles; what is not defined is null. <see cref="Schema"/> says what may stand in it.</summary>
public static class JsonReport
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The version of this library, as every object has it.</summary>
    public static string Version { get; } = typeof(JsonReport).Assembly.GetName().Version!.ToString(3);

    /// <summary>The JSON schema (draft 2020-12) that every object satisfies, each question with its part. No property stands in an object that it does not name.</summary>
    public static string Schema { get; } =
        $$"""
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "title": "An analysis by EmpathyNotebooks",
          "type": "object",
          "properties": {
            "version": { "type": "string", "pattern": "^[0-9]+[.][0-9]+[.][0-9]+$" },
        {{string.Join(",\n", [.. Parts(null), .. Questions.All.Select(q => q.Section).OfType<string>().Distinct().Select(SectionSchema)])}},
            "warnings": { "type": "array", "items": { "type": "string" } },
            "sentences": { "type": "array", "items": { "type": "string" } },
            "notes": { "type": "array", "items": { "type": "string" } }
          },
          "required": ["version", "measure", "method", "test", "level", "k", "p", "coefficients", "predictionInterval", "backTransformed", "heterogeneity", "moderatorTest", "fitStatistics", "studies", "warnings", "sentences", "notes"],
          "additionalProperties": false,
          "$defs": {
            "number": { "type": ["number", "null"] },
            "probability": { "type": ["number", "null"], "minimum": 0, "maximum": 1 },
            "interval": {
              "type": ["object", "null"],
              "properties": { "lower": { "$ref": "#/$defs/number" }, "upper": { "$ref": "#/$defs/number" } },
              "required": ["lower", "upper"],
              "additionalProperties": false
            },
            "backTransformed": {
              "type": ["object", "null"],
              "properties": {
                "symbol": { "type": "string" }, "estimate": { "$ref": "#/$defs/number" }, "lower": { "$ref": "#/$defs/number" }, "upper": { "$ref": "#/$defs/number" },
                "predictionInterval": { "$ref": "#/$defs/interval" }
              },
              "required": ["estimate", "lower", "upper"],
              "additionalProperties": false
            },
            "coefficient": {
              "type": "object",
              "properties": {
                "name": { "type": "string" }, "displayName": { "type": "string" }, "label": { "type": "string" }, "k": { "type": "integer", "minimum": 0 },
                "estimate": { "$ref": "#/$defs/number" }, "standardError": { "$ref": "#/$defs/number" }, "statistic": { "$ref": "#/$defs/number" },
                "degreesOfFreedom": { "$ref": "#/$defs/number" }, "pValue": { "$ref": "#/$defs/probability" }, "lower": { "$ref": "#/$defs/number" }, "upper": { "$ref": "#/$defs/number" },
                "whyNoStandardError": { "type": "string" }, "whyNone": { "type": "string" }, "coefficients": { "type": "array", "items": { "$ref": "#/$defs/coefficient" } }, "tauSquared": { "$ref": "#/$defs/number" },
                "predictionInterval": { "$ref": "#/$defs/interval" }, "backTransformed": { "$ref": "#/$defs/backTransformed" }
              },
              "required": ["estimate", "standardError", "lower", "upper", "backTransformed"],
              "additionalProperties": false
            },
            "posterior": {
              "type": "object",
              "properties": {
                "mean": { "$ref": "#/$defs/number" }, "median": { "$ref": "#/$defs/number" }, "mode": { "$ref": "#/$defs/number" }, "sd": { "$ref": "#/$defs/number" },
                "lower": { "$ref": "#/$defs/number" }, "upper": { "$ref": "#/$defs/number" }, "shortestLower": { "$ref": "#/$defs/number" }, "shortestUpper": { "$ref": "#/$defs/number" }
              },
              "required": ["mean", "median", "mode", "sd", "lower", "upper", "shortestLower", "shortestUpper"],
              "additionalProperties": false
            },
            "test": {
              "type": ["object", "null"],
              "properties": {
                "name": { "type": "string" }, "statistic": { "$ref": "#/$defs/number" }, "degreesOfFreedom": { "type": "array", "items": { "type": "number" }, "minItems": 1, "maxItems": 2 },
                "pValue": { "$ref": "#/$defs/probability" }, "whyNone": { "type": "string" }
              },
              "required": ["statistic", "degreesOfFreedom", "pValue"],
              "additionalProperties": false
            }
          }
        }
        """;

    /// <summary>Writes the object and a line end, piece by piece: a million studies are never in memory as text.</summary>
    /// <param name="answers">The answers, in their order.</param>
    /// <param name="notes">What was taken from the table without being said, and what a reader should know of it.</param>
    /// <param name="output">Takes the text.</param>
    public static void Write(IReadOnlyList<Answer> answers, IReadOnlyList<string> notes, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(answers);
        ArgumentNullException.ThrowIfNull(notes);
        ArgumentNullException.ThrowIfNull(output);
        foreach (var answer in answers) answer.Prepare();
        using (var stream = new Utf8ToText(output))
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            json.WriteString("version", Version);
            foreach (var answer in answers.Where(a => a.Section is null)) answer.Json(json);
            foreach (var section in answers.Where(a => a.Section is not null).GroupBy(a => a.Section!)) WriteSection(json, section.Key, [.. section]);
            json.Texts("warnings", answers.SelectMany(a => a.Warnings).Distinct());
            json.Texts("sentences", answers.Select(a => a.Sentence).OfType<string>());
            json.Texts("notes", notes);
            json.WriteEndObject();
        }
        output.WriteLine();
    }

    /// <summary>The schemas of the questions of a section.</summary>
    private static IEnumerable<string> Parts(string? section) => Questions.All.Where(q => q.Section == section).Select(q => q.Schema).Where(part => part.Length > 0);

    private static string SectionSchema(string section)
    {
        var parts = string.Join(",\n", Parts(section));
        return $$"""
            "{{section}}": {
              "type": "object",
              "properties": {
            {{parts}},
                "clustered": {
                  "type": "object",
                  "properties": {
            {{parts}}
                  },
                  "additionalProperties": false
                },
                "notComputed": {
                  "type": "array",
                  "items": { "type": "object", "properties": { "method": { "type": "string" }, "reason": { "type": "string" } }, "required": ["method", "reason"], "additionalProperties": false }
                }
              },
              "additionalProperties": false
            }
            """;
    }

    /// <summary>The answers of questions that belong together, those of effects that share samples in an object of their own, and which of them have none.</summary>
    private static void WriteSection(Utf8JsonWriter json, string section, IReadOnlyList<Answer> answers)
    {
        json.WriteStartObject(section);
        foreach (var answer in answers.Where(a => !a.IsClustered)) answer.Json(json);
        if (answers.Any(a => a.IsClustered))
        {
            json.WriteStartObject("clustered");
            foreach (var answer in answers.Where(a => a.IsClustered)) answer.Json(json);
            json.WriteEndObject();
        }
        json.Array("notComputed", answers.Select(a => a.Unanswered).OfType<Unanswered>(), (_, unanswered) =>
        {
            json.WriteString("method", unanswered.Method);
            json.WriteString("reason", unanswered.Reason);
        });
        json.WriteEndObject();
    }
}
