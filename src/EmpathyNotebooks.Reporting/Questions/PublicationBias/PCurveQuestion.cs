using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>How the significant p-values are distributed.</summary>
internal sealed class PCurveQuestion : BiasQuestion
{
    public override string Name => "p-curve";

    internal override string Schema =>
        """
        "pCurve": {
          "type": "object",
          "properties": {
            "k": { "type": "integer", "minimum": 1 }, "fullZ": { "$ref": "#/$defs/number" }, "fullP": { "$ref": "#/$defs/probability" }, "halfZ": { "$ref": "#/$defs/number" }, "halfP": { "$ref": "#/$defs/probability" },
            "flatP": { "$ref": "#/$defs/probability" }, "power": { "$ref": "#/$defs/probability" }
          },
          "required": ["k", "fullZ", "fullP", "halfZ", "halfP", "flatP", "power"],
          "additionalProperties": false
        }
        """;

    internal override IEnumerable<Saying> Sayings => [Saying.Of<PCurve>(Say)];

    private protected override Answer Independent(IModelFit fit, Inquiry inquiry)
    {
        var curve = PCurve.Fit(SignificantResults.Effects(fit));
        return new Answer(Say(curve))
        {
            Sentence = BiasSentences.PCurve(curve),
            Warnings = curve.Warnings,
            Json = json => json.Object("pCurve", curve, _ =>
            {
                json.WriteNumber("k", curve.Count);
                json.Number("fullZ", curve.FullRightSkew.Z);
                json.Number("fullP", curve.FullRightSkew.PValue);
                json.Number("halfZ", curve.HalfRightSkew?.Z);
                json.Number("halfP", curve.HalfRightSkew?.PValue);
                json.Number("flatP", curve.FullFlatness.PValue);
                json.Number("power", curve.Power);
            }),
        };
    }

    private static Table Say(PCurve curve)
    {
        var table = new Table("p-curve", ("", Align.Left), ("full, p < .05", Align.Right), ("p", Align.Right), ("half, p < .025", Align.Right), ("p", Align.Right), ("binomial p", Align.Right));
        table.Row("right skew: not all effects are 0", Z(curve.FullRightSkew), P(curve.FullRightSkew), Z(curve.HalfRightSkew), P(curve.HalfRightSkew), StatisticText.PValue(curve.BinomialRightSkew));
        table.Row("flatter than at 33% power", Z(curve.FullFlatness), P(curve.FullFlatness), Z(curve.HalfFlatness), P(curve.HalfFlatness), StatisticText.PValue(curve.BinomialFlatness));
        table.Note($"Shares of the {StatisticText.Count(curve.Count, "significant result")} (of {StatisticText.Count(curve.GivenCount)}) with p up to .01, .02, .03, .04, .05: "
            + $"{string.Join(", ", curve.Steps.Select(s => StatisticText.Percent(s.Observed, 0)))}; at 33% power {string.Join(", ", curve.Steps.Select(s => StatisticText.Percent(s.AtThirdPower, 0)))}.");
        table.Note($"Power of the tests: {StatisticText.Percent(curve.Power, 0)}, 90% CI [{StatisticText.Percent(curve.PowerInterval.Lower, 0)}, {StatisticText.Percent(curve.PowerInterval.Upper, 0)}]; too high where power differs between studies.");
        return table.Note(curve.HasEvidentialValue ? "By the authors' rule the set has evidential value: not all of its effects are 0."
            : curve.LacksEvidentialValue ? "By the authors' rule evidential value is absent or inadequate." : "By the authors' rules neither evidential value nor its lack is shown.");
    }

    private static string Z(PCurveTest? test) => test is { } known ? "z = " + StatisticText.Number(known.Z) : Numbers.None;

    private static string P(PCurveTest? test) => test is { } known ? StatisticText.PValue(known.PValue) : Numbers.None;
}
