using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>Would other defensible analyses have found the same? All of them, side by side.</summary>
internal sealed class MultiverseQuestion : Question
{
    public const string ByName = "--multiverse";

    private const string Table = "--multiverse-csv";

    /// <summary>Of models of dependent effects each pattern of signs takes hundreds of fits.</summary>
    private const int PatternsOfDependent = 199;

    /// <summary>What computing the specifications takes of the time, about; their test takes the rest.</summary>
    private const double ShareOfRun = 0.2;

    private static readonly ImmutableArray<double> Probabilities = [0, 0.025, 0.25, 0.5, 0.75, 0.975, 1];

    public override string Name => "multiverse";

    public override ImmutableArray<QuestionOption> Options =>
    [
        new(ByName, OptionKind.Flag, "All defensible analyses side by side (multiverse, specification curve): estimator, test, outlying studies, the values of --subgroup, publication bias; with --cluster model and correlation. "
            + "With --permutations NUMBER as many patterns of signs in its test."),
        new(Table, OptionKind.Text, "A file for the table of every specification, as CSV, the impossible ones with their reason.") { HelpName = "FILE", Needs = ByName, IsUsable = said => said.Has(ByName), Example = "specifications.csv" },
    ];

    internal override string Section => "sensitivity";

    internal override string Schema =>
        """
        "multiverse": {
          "type": "object",
          "properties": {
            "specifications": { "type": "integer", "minimum": 1 }, "combinations": { "type": "integer", "minimum": 1 },
            "choices": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": {
                  "choice": { "type": "string" }, "reason": { "type": "string" }, "equivalence": { "enum": ["equivalent", "uncertain", "non-equivalent"] }, "options": { "type": "array", "items": { "type": "string" } }
                },
                "required": ["choice", "reason", "equivalence", "options"],
                "additionalProperties": false
              }
            },
            "impossible": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": {
                  "choices": { "type": "object", "additionalProperties": { "type": "string" } }, "reason": { "type": "string" }, "kind": { "enum": ["contradiction", "data", "redundant"] }, "combinations": { "type": "integer", "minimum": 1 }
                },
                "required": ["choices", "reason", "kind", "combinations"],
                "additionalProperties": false
              }
            },
            "part": { "type": "object", "additionalProperties": { "type": "string" } },
            "estimate": { "$ref": "#/properties/sensitivity/properties/multiverse/$defs/estimate" }, "sharePositive": { "$ref": "#/$defs/probability" }, "shareSignificant": { "$ref": "#/$defs/probability" },
            "influence": { "$ref": "#/properties/sensitivity/properties/multiverse/$defs/influence" },
            "test": {
              "type": ["object", "null"],
              "properties": {
                "permutations": { "type": "integer", "minimum": 1 }, "exact": { "type": "boolean" }, "units": { "type": "string" }, "undetermined": { "type": "integer", "minimum": 0 },
                "median": { "$ref": "#/properties/sensitivity/properties/multiverse/$defs/statistic" }, "shareSignificant": { "$ref": "#/properties/sensitivity/properties/multiverse/$defs/statistic" },
                "stouffer": { "$ref": "#/properties/sensitivity/properties/multiverse/$defs/statistic" }
              },
              "required": ["permutations", "exact", "units", "undetermined", "median", "shareSignificant", "stouffer"],
              "additionalProperties": false
            },
            "parts": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": {
                  "choices": { "type": "object", "additionalProperties": { "type": "string" } }, "specifications": { "type": "integer", "minimum": 1 },
                  "estimate": { "$ref": "#/properties/sensitivity/properties/multiverse/$defs/estimate" }, "sharePositive": { "$ref": "#/$defs/probability" }, "shareSignificant": { "$ref": "#/$defs/probability" },
                  "influence": { "$ref": "#/properties/sensitivity/properties/multiverse/$defs/influence" }
                },
                "required": ["choices", "specifications", "estimate", "sharePositive", "shareSignificant", "influence"],
                "additionalProperties": false
              }
            }
          },
          "required": ["specifications", "combinations", "choices", "impossible", "part", "estimate", "sharePositive", "shareSignificant", "influence", "test", "parts"],
          "additionalProperties": false,
          "$defs": {
            "estimate": {
              "type": "object",
              "properties": {
                "median": { "$ref": "#/$defs/number" }, "mean": { "$ref": "#/$defs/number" }, "backTransformedMedian": { "$ref": "#/$defs/number" },
                "quantiles": {
                  "type": "object",
                  "properties": {
                    "0": { "$ref": "#/$defs/number" }, "0.025": { "$ref": "#/$defs/number" }, "0.25": { "$ref": "#/$defs/number" }, "0.5": { "$ref": "#/$defs/number" },
                    "0.75": { "$ref": "#/$defs/number" }, "0.975": { "$ref": "#/$defs/number" }, "1": { "$ref": "#/$defs/number" }
                  },
                  "required": ["0", "0.025", "0.25", "0.5", "0.75", "0.975", "1"],
                  "additionalProperties": false
                }
              },
              "required": ["median", "mean", "backTransformedMedian", "quantiles"],
              "additionalProperties": false
            },
            "influence": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": { "choice": { "type": "string" }, "share": { "$ref": "#/$defs/probability" }, "totalShare": { "$ref": "#/$defs/probability" } },
                "required": ["choice", "share", "totalShare"],
                "additionalProperties": false
              }
            },
            "statistic": {
              "type": "object",
              "properties": { "observed": { "$ref": "#/$defs/number" }, "pValue": { "$ref": "#/$defs/probability" }, "standardError": { "$ref": "#/$defs/number" } },
              "required": ["observed", "pValue", "standardError"],
              "additionalProperties": false
            }
          }
        }
        """;

    internal override IEnumerable<Saying> Sayings =>
        [
            Saying.Of<Multiverse>(MultiverseTables.Planned), Saying.Of<MultiverseResult>(MultiverseTables.Parts), Saying.Of<MultiversePart>(MultiverseTables.Part), Saying.Of<MultiverseTest>(MultiverseTables.Test),
            Saying.Of<IEnumerable<ChoiceInfluence>>(MultiverseTables.Influence),
        ];

    private protected override Answer AnswerTo(Inquiry inquiry)
    {
        if (inquiry.Fit is not { } fit) throw Inquiry.Undefined(ByName, "models of effects; take another method than Mantel-Haenszel or Peto");
        if (fit is not (PooledFit or MultilevelFit or RobustVarianceFit) || fit.Mean is null) throw Inquiry.Undefined(ByName, "one mean, without moderators: pooled means, multilevel models and robust variance estimation");
        if (fit.Options is RandomEffectsOptions { Weights: not null } or EqualEffectsOptions { Weights: not null } or DependentOptions { Weights: not null }) throw Inquiry.Undefined(ByName, "the model's own weights");
        Alternative? side = inquiry.Said.Has("--alternative") ? TriangulationQuestion.SideOf(inquiry.Said) : null;
        var result = MultiverseChoices.Of(fit, inquiry.Said.Text("--subgroup"), side).Run(Phase.Of(inquiry.ProgressOf(Name), 0, ShareOfRun), inquiry.Cancellation);
        var options = new MultiverseTestOptions();
        if (fit.Clusters is not null) options = options with { Permutations = PatternsOfDependent };
        if (inquiry.Said.WholeNumber(PermutationQuestion.ByName) is { } number and >= 99 and <= 10_000_000) options = options with { Permutations = (int)number };
        if (inquiry.Said.WholeNumber("--seed") is { } seed) options = options with { Seed = seed };
        var test = fit.Measure.HasNullValue ? result.Main.Test(options, Phase.Of(inquiry.ProgressOf(Name), ShareOfRun, 1), inquiry.Cancellation) : null;
        return new Answer([MultiverseTables.Choices(result), MultiverseTables.Parts(result), .. test is null ? Array.Empty<Block>() : [MultiverseTables.Test(test)], .. MultiverseTables.Impossible(result) is { } table ? [table] : Array.Empty<Block>()])
        {
            Sentence = Sentence(result, test),
            Warnings = [.. result.Warnings, .. test?.Warnings ?? []],
            Files = inquiry.Said.Text(Table) is { } path ? [(path, Csv(result))] : [],
            Json = json => json.Object("multiverse", result, _ => Write(json, result, test)),
        };
    }

    private static string Csv(MultiverseResult result)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        result.WriteCsv(writer);
        return writer.ToString();
    }

    private static string Sentence(MultiverseResult result, MultiverseTest? test)
    {
        var part = result.Main;
        string Shown(double value) => part.Measure.Format(part.Shown(value));
        return $"Over {StatisticText.Count(part.Specifications.Length, "defensible specification")}{(part.Choices.IsEmpty ? "" : $" ({part.Name})")} the median is {part.Measure.Symbol} = {Shown(part.Median)}, from {Shown(part.Quantile(0))} to {Shown(part.Quantile(1))}"
            + (part.Measure.HasNullValue ? $"; {StatisticText.Percent(part.ShareSignificant, 0)} are significant {(part.Direction > 0 ? "above" : "below")} no effect" : "")
            + (test is null ? "" : $" (by patterns of signs, median {StatisticText.PValueWithSymbol(test.Median.PValue)}, share significant {StatisticText.PValueWithSymbol(test.ShareSignificant.PValue)})") + ".";
    }

    private static void Write(Utf8JsonWriter json, MultiverseResult result, MultiverseTest? test)
    {
        json.WriteNumber("specifications", result.Specifications.Length);
        json.WriteNumber("combinations", result.Combinations);
        json.Array("choices", result.Multiverse.Choices, (_, choice) =>
        {
            json.WriteString("choice", choice.Name);
            json.WriteString("reason", choice.Reason);
            json.WriteString("equivalence", choice.Equivalence switch { Equivalence.Equivalent => "equivalent", Equivalence.Uncertain => "uncertain", _ => "non-equivalent" });
            json.Texts("options", choice.Options.Select(o => o.Name));
        });
        json.Array("impossible", result.Impossible, (_, impossible) =>
        {
            Named(json, "choices", impossible.Choices);
            json.WriteString("reason", impossible.Reason);
            json.WriteString("kind", impossible.Kind switch { ImpossibilityKind.Contradiction => "contradiction", ImpossibilityKind.Data => "data", _ => "redundant" });
            json.WriteNumber("combinations", impossible.Combinations);
        });
        Named(json, "part", result.Main.Choices);
        Numbers(json, result.Main);
        Influence(json, result.Influence ?? result.Main.Influence);
        json.Object("test", test, known =>
        {
            json.WriteNumber("permutations", known.Permutations);
            json.WriteBoolean("exact", known.IsExact);
            json.WriteString("units", known.Units);
            json.WriteNumber("undetermined", known.Undetermined);
            Statistic("median", known.Median);
            Statistic("shareSignificant", known.ShareSignificant);
            Statistic("stouffer", known.Stouffer);
        });
        json.Array("parts", result.Parts, (_, part) =>
        {
            Named(json, "choices", part.Choices);
            json.WriteNumber("specifications", part.Specifications.Length);
            Numbers(json, part);
            Influence(json, part.Influence);
        });

        void Statistic(string name, MultiverseStatistic statistic)
        {
            json.WriteStartObject(name);
            json.Number("observed", statistic.Observed);
            json.Number("pValue", statistic.PValue);
            json.Number("standardError", statistic.StandardError);
            json.WriteEndObject();
        }
    }

    private static void Numbers(Utf8JsonWriter json, MultiversePart part)
    {
        json.WriteStartObject("estimate");
        json.Number("median", part.Median);
        json.Number("mean", part.Mean);
        json.Number("backTransformedMedian", part.Shown(part.Median));
        json.WriteStartObject("quantiles");
        foreach (var probability in Probabilities) json.Number(probability.ToString(CultureInfo.InvariantCulture), part.Quantile(probability));
        json.WriteEndObject();
        json.WriteEndObject();
        // Where no value means no effect, there is nothing to be positive or significant.
        json.Number("sharePositive", part.Measure.HasNullValue ? part.SharePositive : null);
        json.Number("shareSignificant", part.Measure.HasNullValue ? part.ShareSignificant : null);
    }

    private static void Influence(Utf8JsonWriter json, ImmutableArray<ChoiceInfluence> influences) => json.Array("influence", influences, (_, influence) =>
    {
        json.WriteString("choice", influence.Choice);
        json.Number("share", influence.Share);
        json.Number("totalShare", influence.TotalShare);
    });

    private static void Named(Utf8JsonWriter json, string name, ImmutableDictionary<string, string> choices)
    {
        json.WriteStartObject(name);
        foreach (var (choice, option) in choices.OrderBy(c => c.Key, StringComparer.Ordinal)) json.WriteString(choice, option);
        json.WriteEndObject();
    }

    /// <summary>One of two runs, whose progress is part of the whole.</summary>
    private sealed class Phase(IProgress<double> whole, double from, double to) : IProgress<double>
    {
        public static Phase? Of(IProgress<double>? whole, double from, double to) => whole is null ? null : new Phase(whole, from, to);

        public void Report(double value) => whole.Report(from + value * (to - from));
    }
}
