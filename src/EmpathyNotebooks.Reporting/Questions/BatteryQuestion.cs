using System.Collections.Immutable;
using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>What do the analyses say side by side that reviews of psychotherapy report?</summary>
internal sealed class BatteryQuestion : Question
{
    public const string ByName = "--battery";

    private const string LowRisk = "--low-risk";

    public override string Name => "battery of analyses";

    public override ImmutableArray<QuestionOption> Options =>
    [
        new(ByName, OptionKind.Flag, "The analyses that reviews of psychotherapy report side by side: all effects, one a study (average, lowest, highest), without outlying or influential ones, low risk of bias, three levels, CHE, adjusted for "
            + "publication bias; with prediction intervals and numbers needed to treat (--base-rate). --cluster names the study of each effect."),
        new(LowRisk, OptionKind.Text, "What makes a study one of low risk of bias, for --battery: rob=low, rob!=high or quality>=3.")
        {
            HelpName = "CONDITION", Example = "rob=low", Needs = ByName, IsUsable = said => said.Has(ByName), ColumnIn = text => ConditionOf(text)?.Column,
        },
    ];

    internal override string Schema =>
        """
        "battery": {
          "type": "object",
          "properties": {
            "study": { "type": ["string", "null"] }, "correlation": { "$ref": "#/$defs/probability" }, "baseRate": { "$ref": "#/$defs/probability" }, "lowRisk": { "type": ["string", "null"] },
            "removedFrom": { "enum": ["overall", "combined"] },
            "analyses": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": {
                  "analysis": { "enum": ["overall", "combined", "lowest", "highest", "withoutOutliers", "withoutInfluential", "lowRiskOfBias", "threeLevel", "correlatedAndHierarchical", "trimAndFill", "limit", "selection"] },
                  "name": { "type": "string" }, "k": { "type": "integer", "minimum": 1 }, "studies": { "type": "integer", "minimum": 1 }, "participants": { "type": ["integer", "null"], "minimum": 0 },
                  "estimate": { "$ref": "#/$defs/number" }, "standardError": { "$ref": "#/$defs/number" }, "statistic": { "$ref": "#/$defs/number" }, "degreesOfFreedom": { "$ref": "#/$defs/number" },
                  "pValue": { "$ref": "#/$defs/probability" }, "lower": { "$ref": "#/$defs/number" }, "upper": { "$ref": "#/$defs/number" }, "backTransformed": { "$ref": "#/$defs/backTransformed" },
                  "iSquared": { "$ref": "#/$defs/probability" }, "iSquaredInterval": { "$ref": "#/$defs/interval" }, "predictionInterval": { "$ref": "#/$defs/interval" },
                  "numberNeeded": {
                    "type": ["object", "null"],
                    "properties": { "value": { "$ref": "#/$defs/number" }, "lower": { "$ref": "#/$defs/number" }, "upper": { "$ref": "#/$defs/number" }, "name": { "type": "string" }, "assumption": { "type": "string" } },
                    "required": ["value", "lower", "upper", "name", "assumption"],
                    "additionalProperties": false
                  },
                  "leftOut": { "type": "array", "items": { "type": "string" } }, "note": { "type": "string" }
                },
                "required": ["analysis", "name", "k", "studies", "participants", "estimate", "standardError", "lower", "upper", "pValue", "backTransformed", "iSquared", "iSquaredInterval", "predictionInterval", "numberNeeded", "leftOut", "note"],
                "additionalProperties": false
              }
            },
            "notComputed": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": { "method": { "type": "string" }, "reason": { "type": "string" } },
                "required": ["method", "reason"],
                "additionalProperties": false
              }
            }
          },
          "required": ["study", "correlation", "baseRate", "lowRisk", "removedFrom", "analyses", "notComputed"],
          "additionalProperties": false
        }
        """;

    internal override IEnumerable<Saying> Sayings => [Saying.Of<BatteryResult>(BatteryTable.Of)];

    private protected override Answer AnswerTo(Inquiry inquiry)
    {
        if (inquiry.Fit is not { } fit) throw Inquiry.Undefined(ByName, "models of effects; take another method than Mantel-Haenszel or Peto");
        var options = new BatteryOptions { LowRisk = inquiry.Said.Text(LowRisk) is { } text ? ConditionOf(text) ?? throw Wrong(text) : null };
        if (inquiry.Said.Number(MeaningQuestion.BaseRate) is { } rate)
        {
            options = rate is > 0 and < 1 ? options with { BaseRate = rate } : throw MeaningQuestion.WrongRate(rate);
        }
        BatteryResult result;
        try
        {
            result = Battery.Of(fit, options);
        }
        catch (ImpossibleChoiceException fault) when (fault.Kind == ChoiceFault.UndefinedForFit)
        {
            throw new QuestionException(ByName, $"{ByName}: {fault.Problem}.");
        }
        Block[] without = result.NotComputed.IsEmpty ? [] : [UnansweredTable.Of(result.NotComputed.Select(n => new Unanswered(n.Method, n.Reason)), "Analyses of the battery that were not computed")];
        return new Answer([BatteryTable.Of(result), .. without])
        {
            Sentence = Sentence(result),
            Warnings = result.Warnings,
            Json = json => json.Object("battery", result, _ => Write(json, result)),
        };
    }

    private static StudyCondition? ConditionOf(string text)
    {
        try
        {
            return StudyCondition.Parse(text);
        }
        catch (FormatException)
        {
            // Whoever answers says what is wrong with it.
            return null;
        }
    }

    private static QuestionException Wrong(string text)
    {
        try
        {
            StudyCondition.Parse(text);
        }
        catch (FormatException fault)
        {
            return new QuestionException(LowRisk, $"{LowRisk}: {fault.Message}");
        }
        throw new InvalidOperationException($"{text} is a condition after all.");
    }

    private static string Sentence(BatteryResult result)
    {
        if (result.Rows.IsEmpty) return "Not one analysis of the battery could be computed.";
        string Shown(BatteryRow row) => row.Measure.Format(row.Measure.ToDisplay(row.Mean.Estimate));
        var (low, high) = (result.Rows.MinBy(r => r.Mean.Estimate)!, result.Rows.MaxBy(r => r.Mean.Estimate)!);
        var measure = result.Rows[0].Measure;
        var without = result.Rows.Count(r => r.Mean.ConfidenceInterval.Contains(measure.NullValue));
        return $"Over {StatisticText.Count(result.Rows.Length, "analysis", "analyses")} the mean lies between {measure.Symbol} = {Shown(low)} ({low.Name}) and {Shown(high)} ({high.Name})"
            + (measure.HasNullValue ? $"; {(without == 0 ? "no interval includes" : without == 1 ? "one interval includes" : $"{StatisticText.Count(without)} intervals include")} the value of no effect." : ".");
    }

    private static void Write(Utf8JsonWriter json, BatteryResult result)
    {
        json.WriteString("study", result.Options.Study);
        json.Number("correlation", result.Options.Correlation);
        json.Number("baseRate", result.Options.BaseRate);
        json.WriteString("lowRisk", result.Options.LowRisk?.ToString());
        json.WriteString("removedFrom", result.Options.RemoveFrom == BatteryBase.Overall ? "overall" : "combined");
        json.Array("analyses", result.Rows, (_, row) =>
        {
            json.WriteString("analysis", JsonNamingPolicy.CamelCase.ConvertName(row.Variant.ToString()));
            json.WriteString("name", row.Name);
            json.WriteNumber("k", row.Count);
            json.WriteNumber("studies", row.StudyCount);
            json.Number("participants", row.Participants);
            json.Coefficient(row.Mean);
            json.BackTransformed(row.Measure, row.Mean);
            json.Number("iSquared", row.ISquared);
            json.Interval("iSquaredInterval", row.ISquaredInterval);
            json.Interval("predictionInterval", row.PredictionInterval);
            json.Object("numberNeeded", row.NumberNeeded, needed =>
            {
                json.Number("value", needed.Value);
                json.Number("lower", needed.Lower);
                json.Number("upper", needed.Upper);
                json.WriteString("name", needed.Name);
                json.WriteString("assumption", needed.Assumption);
            });
            json.Texts("leftOut", row.LeftOut);
            json.WriteString("note", row.Note);
        });
        json.Array("notComputed", result.NotComputed, (_, method) =>
        {
            json.WriteString("method", method.Method);
            json.WriteString("reason", method.Reason);
        });
    }
}
