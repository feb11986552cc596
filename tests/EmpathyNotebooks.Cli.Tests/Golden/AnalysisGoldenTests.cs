using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using EmpathyNotebooks.Reporting;
using EmpathyNotebooks.Tests;
using Json.Schema;

namespace EmpathyNotebooks.Cli.Tests.Golden;

/// <summary>
/// What <c>analyze --json</c> printed in version 0.1 for the command lines of <c>commands.txt</c> (of studies and the like the first three): programs that read it go on to find every property
/// with its value. New properties may stand beside them. And every object satisfies the published schema.
/// </summary>
public sealed class AnalysisGoldenTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "EmpathyNotebooks.Cli.Tests", "Golden");

    private static readonly JsonSchema Schema = JsonSchema.FromText(JsonReport.Schema);

    private static readonly Dictionary<string, string> Commands = File.ReadLines(Path.Combine(Folder, "commands.txt"))
        .Select(line => line.Split(' ', 2)).ToDictionary(parts => parts[0], parts => parts[1]);

    // Both theories look at what a command printed: it is asked for once.
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Printed = new(StringComparer.Ordinal);

    public static TheoryData<string> Names => [.. Commands.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_program_finds_what_it_found_before(string name)
    {
        var golden = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, name + ".json"), TestContext.Current.CancellationToken))!;

        AssertHas(golden, JsonNode.Parse(await Print(name)), "");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_object_satisfies_the_schema(string name)
    {
        using var document = JsonDocument.Parse(await Print(name));

        var result = Schema.Evaluate(document.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });

        Assert.True(result.IsValid, string.Join('\n', (result.Details ?? []).Where(d => d.Errors is not null).SelectMany(d => d.Errors!.Select(e => $"{d.InstanceLocation}: {e.Value}"))));
    }

    [Fact]
    public void The_schema_refuses_what_no_analysis_prints()
    {
        using var document = JsonDocument.Parse("""{ "version": "0.1.0", "measure": 3 }""");

        Assert.False(Schema.Evaluate(document.RootElement).IsValid);
    }

    private static Task<string> Print(string name) => Printed.GetOrAdd(name, one => new(() => Analyze(Commands[one]))).Value;

    private static async Task<string> Analyze(string command)
    {
        var words = command.Replace("GOLDEN", "tests/golden/metafor/data", StringComparison.Ordinal).Split(' ');
        words[0] = Path.Combine(Repository.Root, words[0]);
        using StringWriter output = new(), error = new();
        var code = await EmpathyCommand.InvokeAsync(["analyze", .. words, "--json"], output, error);
        Assert.True(code == EmpathyCommand.Success, error.ToString());
        return output.ToString();
    }

    private static void AssertHas(JsonNode? expected, JsonNode? actual, string path)
    {
        switch (expected)
        {
            // What was not defined may be by now.
            case null:
                break;
            case JsonObject properties:
                foreach (var (name, value) in properties)
                {
                    Assert.True(actual is JsonObject found && found.ContainsKey(name), $"{path}/{name} is gone");
                    AssertHas(value, actual![name], $"{path}/{name}");
                }
                break;
            case JsonArray items when path is "/warnings":
                Assert.Superset(new HashSet<string>(items.Select(i => i!.GetValue<string>())), new HashSet<string>(actual!.AsArray().Select(i => i!.GetValue<string>())));
                break;
            case JsonArray items:
                Assert.True(actual is JsonArray, path);
                for (var i = 0; i < items.Count; i++) AssertHas(items[i], actual!.AsArray()[i], $"{path}/{i}");
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.Number:
                var number = value.GetValue<double>();
                Assert.True(actual is JsonValue, $"{path}: {actual?.ToJsonString() ?? "null"} where {number} was");
                Assert.True(Math.Abs(number - actual!.GetValue<double>()) <= 1e-9 * Math.Max(1, Math.Abs(number)), $"{path}: {actual.ToJsonString()} where {value.ToJsonString()} was");
                break;
            default:
                Assert.True(JsonNode.DeepEquals(expected, actual), $"{path}: {actual?.ToJsonString() ?? "null"} where {expected?.ToJsonString() ?? "null"} was");
                break;
        }
    }
}
