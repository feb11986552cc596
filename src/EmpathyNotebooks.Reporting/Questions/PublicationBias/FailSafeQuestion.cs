using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>How many studies without an effect would change the result.</summary>
internal sealed class FailSafeQuestion : BiasQuestion
{
    private const string ByName = "--fail-safe-n";

    public override string Name => "fail-safe N";

    public override ImmutableArray<QuestionOption> Options =>
    [
        new(ByName, OptionKind.Flag, "How many studies without an effect would change the result (Rosenthal, Orwin, Rosenberg, and for the model fitted). No evidence against publication bias."),
        new("--fail-safe-target", OptionKind.Number, "The mean that Orwin's number leads to, on the scale a reader knows; half the mean if not said.")
        {
            HelpName = "TARGET", Example = "0.1", Needs = $"{ByName} or {All}", IsUsable = said => said.Has(ByName) || said.Has(All),
        },
    ];

    public override bool NeedsIndependence => true;

    private protected override string Alone => ByName;

    internal override string Schema =>
        """
        "failSafeN": {
          "type": "array",
          "items": {
            "type": "object",
            "properties": { "type": { "enum": ["Rosenthal", "Orwin", "Rosenberg", "General"] }, "n": { "type": ["integer", "null"], "minimum": 0 }, "target": { "$ref": "#/$defs/number" }, "pValue": { "$ref": "#/$defs/probability" } },
            "required": ["type", "n", "target", "pValue"],
            "additionalProperties": false
          }
        }
        """;

    internal override IEnumerable<Saying> Sayings => [Saying.Of<IEnumerable<FailSafeN>>(numbers => Say(numbers, null))];

    private protected override Answer Independent(IModelFit fit, Inquiry inquiry) => Of(fit as PooledFit ?? throw Inquiry.Undefined(ByName, "models without moderators and without --cluster, except after --model aggregate"), inquiry);

    private protected override Answer Clustered(IModelFit fit, Inquiry inquiry) => Independent(fit, inquiry);

    private static Answer Of(PooledFit fit, Inquiry inquiry)
    {
        if (!inquiry.Measure.HasNullValue) throw Inquiry.Undefined(ByName, $"measures with a value that means no effect, and {inquiry.Measure.Name} has none");
        if (fit.Options is RandomEffectsOptions { Weights: not null } or RandomEffectsOptions { TauSquared: TauSquaredEstimator.GeneralizedQ } or EqualEffectsOptions { Weights: not null })
        {
            throw Inquiry.Undefined(ByName, "the model's own weights");
        }
        var target = inquiry.Said.Number("--fail-safe-target") is { } shown ? inquiry.Measure.FromDisplay(shown) : (double?)null;
        if (target is { } given && (given == 0 || !double.IsFinite(given)))
        {
            throw new QuestionException("--fail-safe-target", $"--fail-safe-target: give a value of {inquiry.Measure.Symbol} that means an effect, for example half the mean.");
        }
        var numbers = fit.FailSafeNumbers(target: target);
        return new Answer(Say(numbers, inquiry.Measure))
        {
            Sentence = BiasSentences.FailSafe(numbers),
            Json = json => json.Array("failSafeN", numbers, (_, number) =>
            {
                json.WriteString("type", number.Kind.ToString());
                json.Number("n", number.Count);
                json.Number("target", number.Target);
                json.Number("pValue", number.PValue);
            }),
        };
    }

    private static string CountOf(FailSafeN number) => number.Count is { } n ? StatisticText.Count(n) : "more than " + StatisticText.Count(FailSafeN.Largest);

    private static Table Say(IEnumerable<FailSafeN> numbers, EffectMeasure? measure)
    {
        var table = new Table("Fail-safe N", ("", Align.Left), ("studies without an effect", Align.Right), ("until", Align.Left));
        foreach (var number in numbers)
        {
            var until = number.Kind switch
            {
                FailSafeKind.Rosenthal => "Stouffer's test is not significant",
                FailSafeKind.Orwin => measure is null ? $"the mean is {StatisticText.Number(number.Target!.Value, 4)}" : $"{measure.Symbol} = {measure.Format(measure.ToDisplay(number.Target!.Value), 3)}",
                FailSafeKind.Rosenberg => "the equal-effects mean is not significant",
                _ => "the mean of this model is not significant, by z",
            };
            table.Row(number.Kind.ToString(), CountOf(number), until);
        }
        return table.Note("A large number is no evidence against publication bias: studies held back need not average no effect, and a significant mean can be too large.");
    }
}
