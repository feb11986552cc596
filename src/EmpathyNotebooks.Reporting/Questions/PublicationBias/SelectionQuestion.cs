using System.Collections.Immutable;
using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>What the mean would be under models of which results are published.</summary>
internal sealed class SelectionQuestion : BiasQuestion
{
    public const string ByName = "--selection";

    private static readonly SelectionFunction[] Default =
    [
        SelectionFunction.Step(0.025), SelectionFunction.Step(0.025, 0.5), SelectionFunction.Beta(),
        SelectionFunction.HalfNormal(SelectionPrecision.StandardError), SelectionFunction.NegativeExponential(), SelectionFunction.Logistic(), SelectionFunction.Power(),
    ];

    // Of effects that share samples: those whose composite likelihood has been studied.
    private static readonly SelectionFunction[] DefaultOfClusters = [.. Default[..3]];

    public override string Name => "selection models";

    public override ImmutableArray<QuestionOption> Options =>
    [
        new(ByName, OptionKind.Text, "Further selection models, with semicolons between them: step:0.025,0.5 (cut-points of p), beta, halfnorm, negexp, logistic, power (these four also with precision, as in halfnorm:sei or power:vi), trunc or trunc:0.1 (a value), truncest.")
        {
            HelpName = "MODELS", Example = "step:0.025,0.5",
        },
    ];

    private protected override string Alone => ByName;

    internal override string Schema =>
        """
        "selectionModels": {
          "type": "array",
          "items": {
            "type": "object",
            "properties": {
              "type": { "enum": ["step", "beta", "halfnorm", "negexp", "logistic", "power", "trunc", "truncest"] }, "steps": { "type": "array", "items": { "type": "number" } }, "precision": { "enum": ["sei", "vi", null] },
              "estimate": { "$ref": "#/$defs/number" }, "standardError": { "$ref": "#/$defs/number" }, "lower": { "$ref": "#/$defs/number" }, "upper": { "$ref": "#/$defs/number" },
              "tauSquared": { "$ref": "#/$defs/number" }, "deltas": { "type": "array", "items": { "type": "number" } },
              "likelihoodRatio": {
                "type": ["object", "null"],
                "properties": { "statistic": { "$ref": "#/$defs/number" }, "degreesOfFreedom": { "type": "integer" }, "pValue": { "$ref": "#/$defs/probability" } },
                "required": ["statistic", "degreesOfFreedom", "pValue"],
                "additionalProperties": false
              },
              "logLikelihood": { "$ref": "#/$defs/number" }, "alternative": { "enum": ["greater", "less", "two.sided"] }, "reason": { "type": "string" },
              "bootstrap": {
                "type": ["object", "null"],
                "properties": { "lower": { "$ref": "#/$defs/number" }, "upper": { "$ref": "#/$defs/number" }, "replications": { "type": "integer" } },
                "required": ["lower", "upper", "replications"],
                "additionalProperties": false
              },
              "warnings": { "type": "array", "items": { "type": "string" } }
            },
            "required": ["type", "steps", "precision", "estimate", "standardError", "lower", "upper", "tauSquared", "deltas", "likelihoodRatio", "logLikelihood", "alternative"],
            "additionalProperties": false
          }
        },
        "selectionWithGivenWeights": {
          "type": "array",
          "items": {
            "type": "object",
            "properties": {
              "story": { "type": "string" }, "estimate": { "$ref": "#/$defs/number" }, "standardError": { "$ref": "#/$defs/number" }, "lower": { "$ref": "#/$defs/number" }, "upper": { "$ref": "#/$defs/number" },
              "tauSquared": { "$ref": "#/$defs/number" }, "change": { "$ref": "#/$defs/number" }
            },
            "required": ["story", "estimate", "standardError", "lower", "upper", "tauSquared", "change"],
            "additionalProperties": false
          }
        }
        """;

    internal override IEnumerable<Saying> Sayings => [Saying.Of<SelectionFit>(fit => SelectionTable.Of([new(fit.Function, fit, null, null)], fit.Effects.Measure).DataLabel(fit.Effects.Origin)), Saying.Of<SelectionSensitivity>(sensitivity => SelectionTable.Of(sensitivity, sensitivity.Stories[0].Fit.Effects.Measure).DataLabel(sensitivity.Stories[0].Fit.Effects.Origin))];

    /// <summary>The adjusted estimates of the models that have one, for a table of all methods.</summary>
    internal static IEnumerable<AdjustedEstimate> Adjusted(IEnumerable<SelectionRow> rows) => rows.Select(r => r.Fit?.Adjusted).OfType<AdjustedEstimate>();

    private protected override Answer Independent(IModelFit fit, Inquiry inquiry) => Of(fit, inquiry, fit is LocationScaleFit ? throw Inquiry.Undefined(ByName, "models with one variance of true effects") : Default);

    private protected override Answer Clustered(IModelFit fit, Inquiry inquiry) => Of(fit, inquiry, DefaultOfClusters);

    private static Answer Of(IModelFit fit, Inquiry inquiry, IEnumerable<SelectionFunction> functions)
    {
        if (fit.Moderators is not null) throw Inquiry.Undefined(ByName, "models without moderators");
        if (fit.Mean is null) throw Inquiry.Undefined(ByName, "models with one mean");
        if (!inquiry.Measure.HasNullValue) throw Inquiry.Undefined(ByName, $"measures with a value that means no effect, and {inquiry.Measure.Name} has none");
        var side = TriangulationQuestion.SideOf(inquiry.Said);
        SelectionFunction[] said = [.. Read(inquiry.Said.Text(ByName) ?? "")];
        SelectionFunction[] all = [.. (inquiry.Said.Has(All) ? functions : []).Concat(said).Distinct()];
        ImmutableArray<SelectionRow> rows = [.. all.Select(function => Fit(fit, function, side, inquiry))];
        var first = rows.FirstOrDefault(r => r.Fit is not null);
        // Given weights are part of what is asked together, and for one side.
        var given = inquiry.Said.Has(All) && side != Alternative.TwoSided && fit.Count > 2 ? fit.SelectionSensitivity(side) : null;
        ImmutableArray<Block> blocks = given is null ? [SelectionTable.Of(rows, inquiry.Measure)] : [SelectionTable.Of(rows, inquiry.Measure), SelectionTable.Of(given, inquiry.Measure)];
        return new Answer(blocks)
        {
            IsClustered = fit.Clusters is not null,
            Warnings = [.. SignificantResults.OtherSide(fit, side), .. inquiry.Said.Has(All) && side == Alternative.TwoSided ? ["Given weights of selection are for one side: say --alternative greater or --alternative less for them."] : (string[])[]],
            Sentence = first?.Fit is { } one ? SentenceOf(one, inquiry.Measure, rows.Count(r => r.Fit is not null)) : null,
            Json = json =>
            {
                json.Array("selectionModels", rows, (_, row) => Write(json, row, side));
                if (given is null) return;
                json.Array("selectionWithGivenWeights", given.Stories, (_, story) =>
                {
                    json.WriteString("story", story.Story);
                    var mean = story.Fit.Mean!.Value;
                    json.Number("estimate", mean.Estimate);
                    json.Number("standardError", mean.StandardError);
                    json.Number("lower", mean.ConfidenceInterval.Lower);
                    json.Number("upper", mean.ConfidenceInterval.Upper);
                    json.Number("tauSquared", story.Fit.TauSquared);
                    json.Number("change", story.Change);
                });
            },
        };
    }

    private static SelectionRow Fit(IModelFit fit, SelectionFunction function, Alternative side, Inquiry inquiry)
    {
        try
        {
            var selection = fit.WithSelection(function, new() { Alternative = side });
            return new SelectionRow(function, selection, selection.Clusters is not null && function.Shape == SelectionShape.Step ? Draw(selection, inquiry) : null, null);
        }
        catch (Exception fault) when (fault is UndeterminedException or InsufficientStudiesException or ConvergenceException or ImpossibleChoiceException)
        {
            return new SelectionRow(function, null, null, fault.Message);
        }
    }

    private static SelectionBootstrap? Draw(SelectionFit fit, Inquiry inquiry)
    {
        var options = new SelectionBootstrapOptions { Replications = 499, Resampling = ClusterResampling.Exponential };
        if (inquiry.Said.WholeNumber("--seed") is { } said) options = options with { Seed = said };
        try
        {
            return fit.Bootstrap(options, inquiry.ProgressOf($"selection model, {fit.Function}"), inquiry.Cancellation);
        }
        catch (UndeterminedException)
        {
            // The sandwich stands beside it, and the column of the bootstrap is empty.
            return null;
        }
    }

    private static void Write(Utf8JsonWriter json, SelectionRow row, Alternative side)
    {
        json.WriteString("type", row.Function.Code);
        json.WriteStartArray("steps");
        foreach (var step in row.Function.Steps) json.WriteNumberValue(step);
        json.WriteEndArray();
        json.WriteString("precision", row.Function.Precision switch { SelectionPrecision.StandardError => "sei", SelectionPrecision.Variance => "vi", _ => null });
        var mean = row.Fit?.Mean;
        json.Number("estimate", mean?.Estimate);
        json.Number("standardError", mean?.StandardError);
        json.Number("lower", mean?.ConfidenceInterval.Lower);
        json.Number("upper", mean?.ConfidenceInterval.Upper);
        json.Number("tauSquared", row.Fit?.TauSquared);
        json.WriteStartArray("deltas");
        // As metafor has them: of a step function the first weight is 1, of a truncated distribution the second is the value.
        if (row.Fit is not null && row.Function.Shape == SelectionShape.Step) json.WriteNumberValue(1);
        foreach (var parameter in row.Fit?.Parameters ?? []) json.WriteNumberValue(parameter.Estimate);
        if (row.Fit?.CutValue is { } cut && row.Function.Shape == SelectionShape.TruncatedAtEstimate) json.WriteNumberValue(cut);
        json.WriteEndArray();
        json.Object("likelihoodRatio", row.Fit?.LikelihoodRatio, test =>
        {
            json.Number("statistic", test.Statistic);
            json.WriteNumber("degreesOfFreedom", test.DegreesOfFreedom);
            json.Number("pValue", test.PValue);
        });
        json.Number("logLikelihood", row.Fit?.LogLikelihood);
        json.WriteString("alternative", side switch { Alternative.Less => "less", Alternative.TwoSided => "two.sided", _ => "greater" });
        if (row.Reason is { } reason) json.WriteString("reason", reason);
        if (row.Fit is null) return;
        if (row.Bootstrap is { } bootstrap)
        {
            json.WriteStartObject("bootstrap");
            json.Number("lower", bootstrap.Intervals[0].Percentile.Lower);
            json.Number("upper", bootstrap.Intervals[0].Percentile.Upper);
            json.WriteNumber("replications", bootstrap.Replications);
            json.WriteEndObject();
        }
        json.Texts("warnings", row.Fit.Warnings);
    }

    private static string SentenceOf(SelectionFit fit, EffectMeasure measure, int count)
    {
        var mean = fit.Mean is { } known ? $"the mean is {BiasSentences.Adjusted(measure, known)}" : "the mean depends on moderators";
        var test = fit.LikelihoodRatio is not { } ratio ? "" : ApaText.IsFound(ratio.PValue, fit.ConfidenceLevel) ? $"; the data speak for selection, {ratio}" : $"; selection was not detected, {ratio}, which does not show that there was none";
        return $"Under a selection model with a {fit.Function} {mean}{test}." + (count > 1 ? $" It is one of {StatisticText.Count(count)} selection models that were fitted." : "");
    }

    /// <summary>Reads models as they are said, for example <c>step:0.025,0.5; beta</c>.</summary>
    private static IEnumerable<SelectionFunction> Read(string text)
    {
        foreach (var part in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = part.IndexOf(':');
            var name = (colon < 0 ? part : part[..colon]).Trim();
            List<double> numbers = [];
            var precision = SelectionPrecision.None;
            foreach (var number in colon < 0 ? [] : part[(colon + 1)..].Split(',', StringSplitOptions.TrimEntries))
            {
                if (number is "sei" or "vi" && name is "halfnorm" or "negexp" or "logistic" or "power" && precision == SelectionPrecision.None)
                {
                    precision = number == "sei" ? SelectionPrecision.StandardError : SelectionPrecision.Variance;
                    continue;
                }
                if (!double.TryParse(number, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var value)) throw Wrong(part, $"{number} is no number");
                numbers.Add(value);
            }
            SelectionFunction function;
            try
            {
                function = (name, numbers) switch
                {
                    ("step", { Count: > 0 }) => SelectionFunction.Step([.. numbers]),
                    ("beta", []) => SelectionFunction.Beta(),
                    ("beta", [var lower, var upper]) => SelectionFunction.Beta(lower, upper),
                    ("halfnorm", []) => SelectionFunction.HalfNormal(precision),
                    ("negexp", []) => SelectionFunction.NegativeExponential(precision),
                    ("logistic", []) => SelectionFunction.Logistic(precision),
                    ("power", []) => SelectionFunction.Power(precision),
                    ("trunc", []) => SelectionFunction.Truncated(),
                    ("trunc", [var at]) => SelectionFunction.Truncated(at),
                    ("truncest", []) => SelectionFunction.TruncatedAtEstimate(),
                    _ => throw Wrong(part, "there is no such model"),
                };
            }
            catch (ArgumentException)
            {
                throw Wrong(part, "its numbers are out of range, or do not ascend");
            }
            yield return function;
        }
    }

    private static QuestionException Wrong(string part, string why) =>
        new(ByName, $"{ByName} {part}: {why}; give step:0.025,0.5 (cut-points of p in (0, 1)), beta, halfnorm, negexp, logistic, power (these four also with precision, as in halfnorm:sei or power:vi), trunc or truncest, with semicolons between several.");
}

/// <summary>A selection model that was asked for.</summary>
/// <param name="Function">The selection function.</param>
/// <param name="Fit">The fit; null where there is none.</param>
/// <param name="Bootstrap">Its cluster bootstrap; null without.</param>
/// <param name="Reason">Why there is no fit; null where there is one.</param>
internal sealed record SelectionRow(SelectionFunction Function, SelectionFit? Fit, SelectionBootstrap? Bootstrap, string? Reason);
