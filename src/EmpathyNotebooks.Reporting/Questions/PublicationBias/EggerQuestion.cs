using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>Do small studies find other effects than large ones, by a line through the funnel?</summary>
internal sealed class EggerQuestion : BiasQuestion
{
    public override string Name => "Egger's regression";

    internal override string Schema =>
        """
        "egger": {
          "type": "array",
          "items": {
            "type": "object",
            "properties": {
              "predictor": { "enum": ["sei", "vi", "ni", "ninv", "sqrtni", "sqrtninv"] }, "model": { "enum": ["rma", "lm"] }, "statistic": { "$ref": "#/$defs/number" },
              "degreesOfFreedom": { "$ref": "#/$defs/number" }, "pValue": { "$ref": "#/$defs/probability" }, "limitEstimate": { "$ref": "#/$defs/number" }, "lower": { "$ref": "#/$defs/number" }, "upper": { "$ref": "#/$defs/number" }
            },
            "required": ["predictor", "model", "statistic", "degreesOfFreedom", "pValue", "limitEstimate", "lower", "upper"],
            "additionalProperties": false
          }
        }
        """;

    internal override IEnumerable<Saying> Sayings => [Saying.Of<EggerTest>(test => Labelled([test])), Saying.Of<IEnumerable<EggerTest>>(tests => Labelled([.. tests]))];

    private protected override Answer Independent(IModelFit fit, Inquiry inquiry) => Of(fit, clustered: false);

    private protected override Answer Clustered(IModelFit fit, Inquiry inquiry) => Of(fit, clustered: true);

    private static Answer Of(IModelFit fit, bool clustered)
    {
        var tests = fit.EggerTests();
        return new Answer(Say(tests))
        {
            IsClustered = clustered,
            Sentence = BiasSentences.Egger(tests[0], fit.ConfidenceLevel),
            Warnings = [.. tests.SelectMany(t => t.Warnings).Distinct()],
            Json = json => json.Array("egger", tests, (_, test) =>
            {
                json.WriteString("predictor", SmallStudyPredictors.Code(test.Predictor));
                json.WriteString("model", test.Model == EggerModel.WeightedLeastSquares ? "lm" : "rma");
                json.Number("statistic", test.Statistic);
                json.Number("degreesOfFreedom", test.DegreesOfFreedom);
                json.Number("pValue", test.PValue);
                json.Number("limitEstimate", test.Limit?.Estimate);
                json.Number("lower", test.Limit?.ConfidenceInterval.Lower);
                json.Number("upper", test.Limit?.ConfidenceInterval.Upper);
            }),
        };
    }

    private static Table Labelled(ImmutableArray<EggerTest> tests) => Say(tests).DataLabel(tests[0].Regression.Effects.Origin);

    private static Table Say(ImmutableArray<EggerTest> tests)
    {
        var first = tests[0];
        var measure = first.Regression.Effects.Measure;
        var table = new Table("Egger's regression: do small studies find other effects?", ("predictor", Align.Left), ("line", Align.Left), ("slope", Align.Right), (first.DegreesOfFreedom is null ? "z" : "t", Align.Right),
            ("df", Align.Right), ("p", Align.Right), ("limit " + measure.Symbol, Align.Right), (StatisticText.Level(first.Regression.ConfidenceLevel) + " CI", Align.Right));
        foreach (var test in tests)
        {
            table.Row(SmallStudyPredictors.Name(test.Predictor), test.Model == EggerModel.WeightedLeastSquares ? "least squares" : test.Regression.MethodCode, StatisticText.Significant(test.Slope.Estimate),
                StatisticText.Number(test.Statistic), test.DegreesOfFreedom is { } df ? StatisticText.DegreesOfFreedom(df) : "", StatisticText.PValue(test.PValue),
                test.Limit is { } limit ? measure.Format(measure.ToDisplay(limit.Estimate), 3) : "", test.Limit is { } around ? Numbers.Interval(around.ConfidenceInterval.Transform(measure.ToDisplay), measure) : "");
        }
        if (first.Robust is { } robust) table.Note($"Standard errors are cluster-robust ({robust.Correction}, {StatisticText.Count(robust.ClusterCount)} clusters of {robust.Cluster}).");
        return table.Note("The limit is the mean that an endlessly large study would find if the line holds. Asymmetry is not bias: small studies can differ for other reasons, and chance makes lines.");
    }
}
