using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>The mean of the studies that had the power to find it.</summary>
internal sealed class AdequatePowerQuestion : BiasQuestion
{
    public override string Name => "weighted average of the adequately powered (WAAP)";

    internal override string Schema =>
        """
        "waap": {
          "type": "object",
          "properties": { "estimate": { "$ref": "#/$defs/number" }, "lower": { "$ref": "#/$defs/number" }, "upper": { "$ref": "#/$defs/number" }, "k": { "type": "integer", "minimum": 2 } },
          "required": ["estimate", "lower", "upper", "k"],
          "additionalProperties": false
        }
        """;

    internal override IEnumerable<Saying> Sayings => [Saying.Of<AdequatelyPoweredMean>(Words.Of)];

    private protected override Answer Independent(IModelFit fit, Inquiry inquiry)
    {
        var mean = AdjustedMeans.Pooled(fit).Waap();
        var power = mean.FallsBack
            ? "fewer than two studies have 80% power to find the mean by precision alone, so that WAAP falls back on that mean"
            : $"{StatisticText.Count(mean.AdequateCount)} of {StatisticText.Count(mean.All.Count)} studies have 80% power to find the mean by precision alone";
        return new Answer(AdjustedMeans.Table("Mean of the adequately powered", inquiry.Measure, inquiry.Level).Row(mean.FallsBack ? "WAAP (UWLS)" : "WAAP", inquiry.Measure, mean.Estimate, mean.Count)
            .Note($"{char.ToUpperInvariant(power[0])}{power[1..]}; that power needs a standard error of at most {StatisticText.Significant(mean.ThresholdStandardError, 3)}."))
        {
            Sentence = $"{ApaText.Capital(power)}; the weighted average of the adequately powered (WAAP) is {BiasSentences.Adjusted(inquiry.Measure, mean.Estimate)}.",
            Warnings = mean.Warnings,
            Json = json => json.Object("waap", mean, _ =>
            {
                json.EstimateAndInterval(mean.Estimate);
                json.WriteNumber("k", mean.Count);
            }),
        };
    }
}
