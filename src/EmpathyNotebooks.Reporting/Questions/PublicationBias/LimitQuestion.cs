using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>The mean of studies whose precision is raised without limit.</summary>
internal sealed class LimitQuestion : BiasQuestion
{
    public override string Name => "limit meta-analysis";

    internal override string Schema =>
        """
        "limit": {
          "type": "object",
          "properties": {
            "estimate": { "$ref": "#/$defs/number" }, "standardError": { "$ref": "#/$defs/number" }, "lower": { "$ref": "#/$defs/number" }, "upper": { "$ref": "#/$defs/number" },
            "gSquared": { "type": "number", "minimum": 0, "maximum": 1 }
          },
          "required": ["estimate", "standardError", "lower", "upper", "gSquared"],
          "additionalProperties": false
        }
        """;

    internal override IEnumerable<Saying> Sayings => [Saying.Of<LimitMetaAnalysis>(Words.Of)];

    private protected override Answer Independent(IModelFit fit, Inquiry inquiry)
    {
        var limit = AdjustedMeans.Pooled(fit).LimitMetaAnalysis();
        var measure = inquiry.Measure;
        var table = AdjustedMeans.Table("Limit meta-analysis", measure, inquiry.Level)
            .Row("expected limit (beta0)", measure, limit.Of(LimitAdjustment.ExpectedLimit), limit.Count)
            .Row("slope of the limit radial plot (betalim)", measure, limit.Of(LimitAdjustment.LimitSlope), limit.Count)
            .Row("mean of the shrunken effects (mulim)", measure, limit.Of(LimitAdjustment.LimitMean), limit.Count)
            .Note($"Effect of small studies: {limit.SmallStudyTest}; heterogeneity beyond it: {limit.ResidualTest}, G² = {StatisticText.Percent(limit.GSquared)}.");
        return new Answer(table)
        {
            Sentence = $"A limit meta-analysis (G² = {StatisticText.Percent(limit.GSquared)}) adjusts the mean to {BiasSentences.Adjusted(measure, limit.Estimate)}.",
            Warnings = limit.Warnings,
            Json = json => json.Object("limit", limit, _ =>
            {
                json.Number("estimate", limit.Estimate.Estimate);
                json.Number("standardError", limit.Estimate.StandardError);
                json.Number("lower", limit.Estimate.ConfidenceInterval.Lower);
                json.Number("upper", limit.Estimate.ConfidenceInterval.Upper);
                json.Number("gSquared", limit.GSquared);
            }),
        };
    }
}
