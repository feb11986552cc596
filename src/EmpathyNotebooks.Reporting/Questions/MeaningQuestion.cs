using System.Collections.Immutable;
using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>What the mean effect means: success rates, numbers needed to treat, shares of people, each with what must hold for it.</summary>
internal sealed class MeaningQuestion : Question
{
    private const string ByName = "--meaning";
    public const string BaseRate = "--base-rate";
    private const string Important = "--important";

    public override string Name => "what the effect means";

    public override ImmutableArray<QuestionOption> Options =>
    [
        new(ByName, OptionKind.Flag, "What the mean effect means: success rates, numbers needed to treat, U3, overlap, common-language effect size, each with what it assumes."),
        new(BaseRate, OptionKind.Number, "How many succeed anyhow, between 0 and 1, for --meaning and --battery: in the comparison group, or of all people for a correlation.")
        {
            HelpName = "RATE", Example = "0.3", Needs = $"{ByName} or {BatteryQuestion.ByName}", IsUsable = said => said.Has(ByName) || said.Has(BatteryQuestion.ByName),
        },
        new(Important, OptionKind.Number, "The smallest effect that matters, on the scale a reader knows, for --meaning: how many true effects lie beyond it.") { HelpName = "EFFECT", Example = "0.1", Needs = ByName, IsUsable = said => said.Has(ByName) },
    ];

    internal override string Schema =>
        """
        "meaning": {
          "type": "object",
          "properties": {
            "symbol": { "type": "string" }, "estimate": { "$ref": "#/$defs/number" }, "lower": { "$ref": "#/$defs/number" }, "upper": { "$ref": "#/$defs/number" }, "baseRate": { "$ref": "#/$defs/probability" },
            "statements": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": {
                  "kind": { "enum": ["standardizedDifference", "u3", "overlap", "commonLanguage", "firstRate", "secondRate", "rateDifference", "numberNeeded", "varianceExplained", "shareBeyond"] },
                  "model": { "enum": ["twoNormalGroups", "bivariateNormal", "twoBinaryVariables", "twoRates", "trueEffects"] },
                  "name": { "type": "string" }, "value": { "$ref": "#/$defs/number" }, "lower": { "$ref": "#/$defs/number" }, "upper": { "$ref": "#/$defs/number" }, "baseRate": { "$ref": "#/$defs/probability" },
                  "assumption": { "type": "string" }
                },
                "required": ["kind", "model", "name", "value", "lower", "upper", "baseRate", "assumption"],
                "additionalProperties": false
              }
            }
          },
          "required": ["symbol", "estimate", "lower", "upper", "baseRate", "statements"],
          "additionalProperties": false
        }
        """;

    internal override IEnumerable<Saying> Sayings => [Saying.Of<EffectMeaning>(Say)];

    private protected override Answer AnswerTo(Inquiry inquiry)
    {
        if (inquiry.Fit is not { } fit || fit.Mean is null) throw Inquiry.Undefined(ByName, "models of effects with one mean, without moderators");
        var meaning = Of(fit, inquiry.Said);
        return new Answer(Say(meaning))
        {
            Sentence = FurtherSentences.Meaning(meaning),
            Warnings = meaning.Warnings,
            Json = json => json.Object("meaning", meaning, _ => Write(json, meaning)),
        };
    }

    internal static QuestionException WrongRate(double? rate) => new(BaseRate, FormattableString.Invariant($"{BaseRate} {rate}: a base rate lies between 0 and 1, both excluded; 0.3 where 30% succeed anyhow."));

    private static EffectMeaning Of(IModelFit fit, OptionValues said)
    {
        double? rate = said.Number(BaseRate), least = said.Number(Important);
        if (rate is not (null or (> 0 and < 1))) throw WrongRate(rate);
        try
        {
            return EffectMeaning.Of(fit, new() { BaseRate = rate, MinimalImportantDifference = least });
        }
        catch (ImpossibleChoiceException fault) when (fault.Kind == ChoiceFault.Incomplete)
        {
            throw new QuestionException(ByName, $"{ByName}: {fault.Problem}; give one by {BaseRate}.") { Reason = $"{fault.Problem}." };
        }
        catch (ImpossibleChoiceException fault)
        {
            throw new QuestionException(ByName, $"{ByName}: {fault.Problem}.") { Reason = $"{fault.Problem}." };
        }
        catch (ArgumentOutOfRangeException fault) when (rate is not null || least is not null)
        {
            throw new QuestionException(least is null ? BaseRate : Important, FormattableString.Invariant($"{(least is null ? $"{BaseRate} {rate}" : $"{Important} {least}")}: {fault.Sentence()}."));
        }
    }

    private static void Write(Utf8JsonWriter json, EffectMeaning meaning)
    {
        json.WriteString("symbol", meaning.Measure.Symbol);
        json.Number("estimate", meaning.Estimate);
        json.Number("lower", meaning.Interval?.Lower);
        json.Number("upper", meaning.Interval?.Upper);
        json.Number("baseRate", meaning.Options.BaseRate);
        json.Array("statements", meaning.Statements, (_, statement) =>
        {
            json.WriteString("kind", Camel(statement.Kind.ToString()));
            json.WriteString("model", Camel(statement.Model.ToString()));
            json.WriteString("name", statement.Name);
            json.Number("value", statement.Value);
            json.Number("lower", statement.Lower);
            json.Number("upper", statement.Upper);
            json.Number("baseRate", statement.BaseRate);
            json.WriteString("assumption", statement.Assumption);
        });
    }

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static Table Say(EffectMeaning meaning)
    {
        var hasInterval = meaning.Interval is not null;
        (string, Align)[] columns = [("", Align.Left), ("", Align.Right), .. hasInterval ? [($"{StatisticText.Level(meaning.Interval!.Value.Level)} CI", Align.Right)] : ((string, Align)[])[]];
        var table = new Table($"What {meaning.Measure.Symbol} = {meaning.Measure.Format(meaning.Estimate)} means", columns);
        table.DataLabel(meaning.Origin);
        foreach (var group in meaning.Statements.GroupBy(s => s.Assumption))
        {
            var name = $"If {group.Key}:";
            table.Row(hasInterval ? [name, "", ""] : [name, ""]);
            foreach (var statement in group)
            {
                var row = "  " + statement.Name;
                table.Row(hasInterval ? [row, statement.Shown, statement.ShownInterval] : [row, statement.Shown]);
            }
        }
        foreach (var warning in meaning.Warnings) table.Note("Note: " + warning);
        return table;
    }
}
