using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>The mean of which the significant results have uniform p-values.</summary>
internal sealed class PUniformQuestion : BiasQuestion
{
    public override string Name => "p-uniform";

    internal override string Schema =>
        """
        "pUniform": {
          "type": "object",
          "properties": { "estimate": { "$ref": "#/$defs/number" }, "lower": { "$ref": "#/$defs/number" }, "upper": { "$ref": "#/$defs/number" }, "pValue": { "$ref": "#/$defs/probability" } },
          "required": ["estimate", "lower", "upper", "pValue"],
          "additionalProperties": false
        }
        """;

    internal override IEnumerable<Saying> Sayings => [Saying.Of<PUniform>(Words.Of)];

    private protected override Answer Independent(IModelFit fit, Inquiry inquiry)
    {
        var side = SignificantResults.OneSide(inquiry, Name);
        var result = PUniform.Fit(SignificantResults.Effects(fit), new() { Alternative = side, ConfidenceLevel = inquiry.Level });
        var measure = inquiry.Measure;
        var table = new Table("p-uniform", (measure.Symbol, Align.Right), ($"{StatisticText.Level(inquiry.Level)} CI", Align.Right), ("effect p", Align.Right), ("bias p", Align.Right), ("significant", Align.Right));
        table.Row(measure.Format(measure.ToDisplay(result.Estimate), 3), Numbers.Interval(result.ConfidenceInterval.Transform(measure.ToDisplay), measure), StatisticText.PValue(result.EffectTest.PValue),
            StatisticText.PValue(result.BiasTest.PValue), $"{StatisticText.Count(result.Count)} of {StatisticText.Count(result.Effects.Count)}");
        table.Note($"From effects that are significant and {SignificantResults.Where(side)}, one-sided tests; the equal-effects mean of all is {measure.Symbol} = {measure.Format(measure.ToDisplay(result.CommonEffect), 3)}.");
        return new Answer(table)
        {
            Sentence = $"p-uniform, from {StatisticText.Count(result.Count)} significant {(result.Count == 1 ? "effect" : "effects")} {SignificantResults.Where(side)}, adjusts the mean to {BiasSentences.Adjusted(measure, result.Estimate, result.ConfidenceInterval)}.",
            Warnings = [.. result.Warnings, .. SignificantResults.OtherSide(fit, side)],
            Json = json => json.Object("pUniform", result, _ =>
            {
                json.Number("estimate", result.Estimate);
                json.Number("lower", result.ConfidenceInterval.Lower);
                json.Number("upper", result.ConfidenceInterval.Upper);
                json.Number("pValue", result.EffectTest.PValue);
            }),
        };
    }
}
