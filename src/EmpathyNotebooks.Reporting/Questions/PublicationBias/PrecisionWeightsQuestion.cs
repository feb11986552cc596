using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>The mean by precision alone: UWLS, or where effects share samples CHE-ISCW.</summary>
internal sealed class PrecisionWeightsQuestion : BiasQuestion
{
    public override string Name => "mean by precision alone (UWLS)";

    internal override string Schema =>
        """
        "uwls": {
          "type": "object",
          "properties": { "estimate": { "$ref": "#/$defs/number" }, "lower": { "$ref": "#/$defs/number" }, "upper": { "$ref": "#/$defs/number" }, "k": { "type": "integer", "minimum": 2 } },
          "required": ["estimate", "lower", "upper", "k"],
          "additionalProperties": false
        },
        "cheIscw": {
          "type": "object",
          "properties": { "estimate": { "$ref": "#/$defs/number" }, "lower": { "$ref": "#/$defs/number" }, "upper": { "$ref": "#/$defs/number" }, "k": { "type": "integer", "minimum": 2 } },
          "required": ["estimate", "lower", "upper", "k"],
          "additionalProperties": false
        }
        """;

    internal override IEnumerable<Saying> Sayings => [Saying.Of<UnrestrictedWeightedMean>(Words.Of), Saying.Of<InverseCovarianceMean>(Words.Of)];

    private protected override Answer Independent(IModelFit fit, Inquiry inquiry)
    {
        var mean = AdjustedMeans.Pooled(fit).Uwls();
        return Of(inquiry, "UWLS", "uwls", mean.Adjusted, mean.Estimate, isClustered: false);
    }

    private protected override Answer Clustered(IModelFit fit, Inquiry inquiry)
    {
        var mean = AdjustedMeans.Dependent(fit).InverseSamplingCovarianceMean();
        return Of(inquiry, "CHE-ISCW", "cheIscw", mean.Adjusted, mean.Estimate, isClustered: true);
    }

    private static Answer Of(Inquiry inquiry, string method, string property, AdjustedEstimate row, Coefficient mean, bool isClustered) =>
        new(AdjustedMeans.Table("Mean by precision alone", inquiry.Measure, inquiry.Level).Row(method, inquiry.Measure, mean, row.Count)
            .Note("Small studies, which suffer most from selection, weigh least, whatever the heterogeneity."))
        {
            IsClustered = isClustered,
            Sentence = $"Weighted by precision alone ({method}), the mean is {BiasSentences.Adjusted(inquiry.Measure, mean)}.",
            Warnings = row.Warnings,
            Json = json => json.Object(property, row, _ =>
            {
                json.EstimateAndInterval(mean);
                json.WriteNumber("k", row.Count);
            }),
        };
}
