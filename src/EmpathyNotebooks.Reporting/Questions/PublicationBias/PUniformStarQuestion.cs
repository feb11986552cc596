using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>Mean and heterogeneity from effects given on which side of significance they lie.</summary>
internal sealed class PUniformStarQuestion : BiasQuestion
{
    public override string Name => "p-uniform*";

    internal override string Schema =>
        """
        "pUniformStar": {
          "type": "object",
          "properties": {
            "estimate": { "$ref": "#/$defs/number" }, "lower": { "$ref": "#/$defs/number" }, "upper": { "$ref": "#/$defs/number" }, "tauSquared": { "type": "number", "minimum": 0 },
            "pEffect": { "$ref": "#/$defs/probability" }, "pBias": { "$ref": "#/$defs/probability" }
          },
          "required": ["estimate", "lower", "upper", "tauSquared", "pEffect", "pBias"],
          "additionalProperties": false
        }
        """;

    internal override IEnumerable<Saying> Sayings => [Saying.Of<PUniformStar>(Words.Of)];

    private protected override Answer Independent(IModelFit fit, Inquiry inquiry)
    {
        var side = SignificantResults.OneSide(inquiry, Name);
        var result = PUniformStar.Fit(SignificantResults.Effects(fit), new() { Alternative = side, ConfidenceLevel = inquiry.Level });
        var measure = inquiry.Measure;
        var level = StatisticText.Level(inquiry.Level);
        var table = new Table("p-uniform*", (measure.Symbol, Align.Right), ($"{level} CI", Align.Right), ("effect p", Align.Right), ("τ²", Align.Right), ($"{level} CI", Align.Right), ("τ² p", Align.Right), ("bias p", Align.Right), ("significant", Align.Right));
        table.Row(measure.Format(measure.ToDisplay(result.Estimate), 3), Numbers.Interval(result.ConfidenceInterval.Transform(measure.ToDisplay), measure), StatisticText.PValue(result.EffectTest.PValue),
            StatisticText.Significant(result.TauSquared), $"[{StatisticText.Significant(result.TauSquaredInterval.Lower)}, {StatisticText.Significant(result.TauSquaredInterval.Upper)}]", StatisticText.PValue(result.HeterogeneityTest.PValue),
            StatisticText.PValue(result.BiasTest.PValue), $"{StatisticText.Count(result.SignificantCount)} of {StatisticText.Count(result.Effects.Count)}");
        table.Note($"Significant means significant and {SignificantResults.Where(side)}. Profile-likelihood intervals, likelihood-ratio tests; that of bias compares with the random-effects model, and is little studied.");
        return new Answer(table)
        {
            Sentence = $"p-uniform* (τ² = {StatisticText.Significant(result.TauSquared, 3)}) adjusts the mean to {BiasSentences.Adjusted(measure, result.Estimate, result.ConfidenceInterval)}.",
            Warnings = [.. result.Warnings, .. SignificantResults.OtherSide(fit, side)],
            Json = json => json.Object("pUniformStar", result, _ =>
            {
                json.Number("estimate", result.Estimate);
                json.Number("lower", result.ConfidenceInterval.Lower);
                json.Number("upper", result.ConfidenceInterval.Upper);
                json.Number("tauSquared", result.TauSquared);
                json.Number("pEffect", result.EffectTest.PValue);
                json.Number("pBias", result.BiasTest.PValue);
            }),
        };
    }
}
