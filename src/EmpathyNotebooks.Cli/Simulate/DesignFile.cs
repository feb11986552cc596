using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Cli.Simulate;

/// <summary>Reads the design of a simulation study from JSON, and writes it in one form, whose hash says whether two designs are the same.</summary>
internal static class DesignFile
{
    private static readonly (string, SimulatedMeasure)[] Measures =
        [("ZCOR", SimulatedMeasure.FisherZ), ("COR", SimulatedMeasure.Correlation), ("SMD", SimulatedMeasure.StandardizedMeanDifference), ("GEN", SimulatedMeasure.Generic)];

    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The JSON schema of design files.</summary>
    public static string Schema { get; } = ReadSchema();

    /// <summary>Reads a design.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">There is none, or something in it is wrong.</exception>
    public static SimulationDesign Read(string path)
    {
        Paths.RequireFile(path);
        return Parse(File.ReadAllText(path, Encoding.UTF8), path);
    }

    /// <summary>Reads a design.</summary>
    /// <param name="json">The text.</param>
    /// <param name="file">The name that faults give.</param>
    public static SimulationDesign Parse(string json, string file)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            return Design(new DesignNode(document.RootElement, "$", file), file);
        }
        catch (JsonException fault)
        {
            var place = fault.LineNumber is { } line ? FormattableString.Invariant($", line {line + 1}, character {fault.BytePositionInLine + 1}") : "";
            throw new BadInputException(place.Length > 0 ? $"{file}{place}: this is no JSON. Look there, and just before, for a comma, a quotation mark or a bracket." : $"{file}: a member stands there twice.");
        }
    }

    /// <summary>The design in its one form, lists written as lists, without what is only said for readers.</summary>
    public static byte[] Write(SimulationDesign design)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            var sizes = design.Measure == SimulatedMeasure.Generic ? "v" : "n";
            json.WriteStartObject();
            json.WriteNumber("seed", design.Seed);
            json.WriteNumber("replicates", design.Replicates);
            json.WriteString("measure", Measures.First(m => m.Item2 == design.Measure).Item1);
            json.WriteNumber("level", design.ConfidenceLevel);
            List("k", design.Studies, k => json.WriteNumberValue(k));
            List("tau2", design.TausSquared, json.WriteNumberValue);
            List("mean", design.Means, json.WriteNumberValue);
            List(sizes, design.Sizes, size =>
            {
                if (size is { IsRange: false, Values.Length: 1 })
                {
                    json.WriteNumberValue(size.Smallest);
                    return;
                }
                json.WriteStartObject();
                if (size.IsRange)
                {
                    json.WriteNumber("from", size.Smallest);
                    json.WriteNumber("to", size.Largest);
                }
                else
                {
                    List("each", size.Values, json.WriteNumberValue);
                }
                json.WriteEndObject();
            });
            List("selection", design.Selections, step =>
            {
                if (step is null)
                {
                    json.WriteNullValue();
                    return;
                }
                json.WriteStartObject();
                json.WriteNumber("p", step.P);
                json.WriteNumber("weight", step.Weight);
                json.WriteEndObject();
            });
            // Not where each study has one: designs of before keep their form and its hash.
            if (design.Effects is not [null])
            {
                List("effects", design.Effects, effects =>
                {
                    if (effects is null)
                    {
                        json.WriteNullValue();
                        return;
                    }
                    json.WriteStartObject();
                    List("each", effects.Counts, count => json.WriteNumberValue(count));
                    json.WriteNumber("rho", effects.Correlation);
                    json.WriteEndObject();
                });
            }
            json.WritePropertyName("methods");
            MethodNames.Write(json, design.Methods);
            json.WriteEndObject();

            void List<T>(string name, ImmutableArray<T> values, Action<T> write)
            {
                json.WriteStartArray(name);
                foreach (var value in values) write(value);
                json.WriteEndArray();
            }
        }
        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private static SimulationDesign Design(DesignNode root, string file)
    {
        root.Object("$schema", "title", "seed", "replicates", "measure", "level", "k", "tau2", "tau", "mean", "n", "v", "selection", "effects", "methods");
        var measure = root.Member("measure", "\"ZCOR\", \"COR\", \"SMD\" or \"GEN\"").Choice(Measures);
        var (sizes, other) = measure == SimulatedMeasure.Generic ? ("v", "n") : ("n", "v");
        if (root.Find(other) is { } wrong) throw wrong.Fault($"has no place with this measure; give \"{sizes}\", {(sizes == "v" ? "sampling variances" : "numbers of people")}, in place of \"{other}\"");
        if (root.Find("tau2") is not null && root.Find("tau") is { } twice) throw twice.Fault("stands beside \"tau2\"; give one of the two");
        var tau = root.Find("tau") is not null;
        var design = new SimulationDesign
        {
            Seed = root.Member("seed", "a whole number, for example 1").Unsigned("a whole number from 0 to 18446744073709551615"),
            Replicates = root.Member("replicates", "how many meta-analyses are drawn for each cell, for example 10000").Whole(2, SimulationDesign.MostReplicates, "a whole number from 2 to 100000000"),
            Measure = measure,
            ConfidenceLevel = root.Find("level")?.Number(level => level is > 0 and < 1, "a level between 0 and 1, for example 0.95") ?? 0.95,
            Studies = All("k", "numbers of studies, for example [5, 10]", node => node.Whole(2, 100_000, "a whole number from 2 to 100000")),
            TausSquared = All(tau ? "tau" : "tau2", "variances of true effects, for example [0, 0.02]", node => node.Number(value => value >= 0, "a number that is not negative") is var value && tau ? value * value : value),
            Means = All("mean", "mean true effects, for example [0, 0.2]", node => node.Number(_ => true, "a number")),
            Sizes = All(sizes, sizes == "v" ? "sampling variances, for example [0.1, {\"from\": 0.02, \"to\": 0.2}]" : "numbers of people, for example [50, {\"from\": 20, \"to\": 200}]", node => Size(node, sizes == "v")),
            Selections = root.Find("selection") is { } selection ? [.. Once(selection.List("null, or {\"p\": 0.025, \"weight\": 0.2}")).Select(Selection)] : [null],
            Effects = root.Find("effects") is { } effects ? [.. Once(effects.List("null, or {\"each\": [1, 2, 6], \"rho\": 0.6}")).Select(Effects)] : [null],
            Methods = MethodNames.Read(root.Member("methods", "an object with \"mean\", \"robust\", \"tau2\", \"prediction\" or \"bias\"")),
        };
        try
        {
            design.Check();
        }
        catch (SimulationDesignException fault)
        {
            var member = fault.Part switch
            {
                nameof(SimulationDesign.Studies) => ".k",
                nameof(SimulationDesign.TausSquared) => tau ? ".tau" : ".tau2",
                nameof(SimulationDesign.Means) => ".mean",
                nameof(SimulationDesign.Sizes) => "." + sizes,
                nameof(SimulationDesign.Effects) => ".effects",
                nameof(SimulationDesign.Methods) => ".methods",
                _ => "",
            };
            throw new BadInputException($"{file}, ${member}: {fault.Value} {fault.Problem}.");
        }
        return design;

        ImmutableArray<T> All<T>(string name, string right, Func<DesignNode, T> read) => [.. Once(root.Member(name, right).List(right)).Select(read)];
    }

    // A value that stands there twice would make the same cells again, from other random numbers, as if they were others.
    private static List<DesignNode> Once(List<DesignNode> values)
    {
        for (var i = 1; i < values.Count; i++)
        {
            var value = values[i];
            if (values.FindIndex(other => JsonElement.DeepEquals(other.Element, value.Element)) is var first && first < i)
                throw value.Fault($"stands there twice, as {values[first].Path}, too; once is enough. More replicates are asked for by \"replicates\"");
        }
        return values;
    }

    private static StudySizes Size(DesignNode node, bool isVariance)
    {
        double Value(DesignNode value) => value.Number(v => isVariance ? v > 0 : v is >= 4 and <= 1e9 && v == Math.Truncate(v), isVariance ? "a sampling variance above 0" : "a whole number of people from 4 to 1000000000");
        if (node.Element.ValueKind != JsonValueKind.Object) return StudySizes.Same(Value(node));
        node.Object("from", "to", "each");
        if (node.Find("each") is { } each)
        {
            return node.Find("from") is null && node.Find("to") is null ? StudySizes.Each(each.List("one size or more").Select(Value)) : throw node.Fault("has sizes and a range; give {\"each\": [...]} or {\"from\": ..., \"to\": ...}");
        }
        var (from, to) = (Value(node.Member("from", "the smallest size")), Value(node.Member("to", "the largest size")));
        return from < to ? StudySizes.Between(from, to) : throw node.Fault("must have a \"to\" above \"from\"; sizes that are all alike are one number");
    }

    private static PublicationStep? Selection(DesignNode node)
    {
        if (node.Element.ValueKind == JsonValueKind.Null) return null;
        node.Object("p", "weight");
        return new PublicationStep(
            node.Member("p", "the limit of the one-sided p, for example 0.025").Number(p => p is > 0 and < 1, "a probability between 0 and 1, for example 0.025"),
            node.Member("weight", "the share of the others that is published, for example 0.2").Number(w => w is >= 0.01 and <= 1, "a share from 0.01 to 1"));
    }

    private static EffectsPerStudy? Effects(DesignNode node)
    {
        if (node.Element.ValueKind == JsonValueKind.Null) return null;
        node.Object("each", "rho");
        return EffectsPerStudy.Each(
            node.Member("rho", "the correlation of sampling errors within a study, for example 0.6").Number(rho => rho is >= 0 and <= 1, "a correlation from 0 to 1, for example 0.6"),
            node.Member("each", "how many effects the studies have in turn, for example [1, 2, 6]").List("one count or more").Select(count => count.Whole(1, EffectsPerStudy.Most, "a whole number of effects from 1 to 100")));
    }

    private static string ReadSchema()
    {
        using var reader = new StreamReader(typeof(DesignFile).Assembly.GetManifestResourceStream("simulation.schema.json")!, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
