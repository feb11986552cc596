using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>How the mean depends on the strength of selection in the Copas model, and the mean that it chooses.</summary>
internal sealed class CopasQuestion : BiasQuestion
{
    public override string Name => "Copas selection model";

    internal override string Schema =>
        """
        "copas": {
          "type": "object",
          "properties": { "estimate": { "$ref": "#/$defs/number" }, "standardError": { "$ref": "#/$defs/number" }, "lower": { "$ref": "#/$defs/number" }, "upper": { "$ref": "#/$defs/number" } },
          "required": ["estimate", "standardError", "lower", "upper"],
          "additionalProperties": false
        }
        """;

    internal override IEnumerable<Saying> Sayings => [Saying.Of<CopasSelection>(copas => Say(copas, copas.Effects.Measure))];

    private protected override Answer Independent(IModelFit fit, Inquiry inquiry)
    {
        _ = AdjustedMeans.Pooled(fit);
        var copas = inquiry.Adjustments.Copas;
        return new Answer(Say(copas, inquiry.Measure))
        {
            Sentence = copas.Selected is { } selected
                ? $"The Copas selection model adjusts the mean to {BiasSentences.Adjusted(inquiry.Measure, selected.Estimate, copas.ConfidenceInterval)}."
                : "The Copas selection model chooses no estimate: its test of residual selection bias is significant at every strength of selection.",
            Warnings = copas.Warnings,
            Json = json => json.Object("copas", copas, _ =>
            {
                json.Number("estimate", copas.Selected?.Estimate);
                json.Number("standardError", copas.Selected?.StandardError);
                json.Number("lower", copas.ConfidenceInterval?.Lower);
                json.Number("upper", copas.ConfidenceInterval?.Upper);
            }),
        };
    }

    private static Table Say(CopasSelection copas, EffectMeasure measure)
    {
        var table = new Table("Copas selection model", ("P(published) at the largest SE", Align.Right), (measure.Symbol, Align.Right), ($"{StatisticText.Level(copas.Options.ConfidenceLevel)} CI", Align.Right), ("residual bias p", Align.Right), ("unpublished", Align.Right), ("", Align.Left)).DataLabel(copas.Effects.Origin);
        string? last = null;
        foreach (var point in copas.Path)
        {
            // Points that a reader could not tell apart stand once.
            var published = StatisticText.Percent(point.PublicationProbability, 0);
            if (published == last && point != copas.Selected && point != copas.Path[^1]) continue;
            last = published;
            table.Row(published, measure.Format(measure.ToDisplay(point.Estimate), 3),
                copas.IntervalOf(point) is { } interval ? Numbers.Interval(interval.Transform(measure.ToDisplay), measure) : Numbers.None, StatisticText.PValue(point.ResidualBiasPValue),
                StatisticText.Number(point.Unpublished, 0), point == copas.Selected ? "chosen" : "");
        }
        return table.Note($"From no selection to strong selection of effects {SignificantResults.Where(copas.Side)}{(copas.Options.Side is null ? ", the side to which small studies lean" : "")}. Chosen is the least selection that leaves no small-study effects, p above {StatisticText.Number(copas.Options.Significance, 2, leadingZero: false)}.");
    }
}
