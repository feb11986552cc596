using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>Do effects go with their variances, by ranks?</summary>
internal sealed class RankTestQuestion : BiasQuestion
{
    public override string Name => "Begg and Mazumdar's rank test";

    internal override string Schema =>
        """
        "rankTest": {
          "type": "object",
          "properties": { "tau": { "$ref": "#/$defs/number" }, "pValue": { "$ref": "#/$defs/probability" }, "exact": { "type": "boolean" }, "normalPValue": { "$ref": "#/$defs/probability" } },
          "required": ["tau", "pValue", "exact", "normalPValue"],
          "additionalProperties": false
        }
        """;

    internal override IEnumerable<Saying> Sayings => [Saying.Of<RankTest>(test => new Paragraph(test + "."))];

    private protected override Answer Independent(IModelFit fit, Inquiry inquiry) => Of(fit, clustered: false);

    private protected override Answer Clustered(IModelFit fit, Inquiry inquiry) => Of(fit, clustered: true);

    private static Answer Of(IModelFit fit, bool clustered)
    {
        var test = fit.RankTest();
        return new Answer(new Paragraph(test + "."))
        {
            IsClustered = clustered,
            Sentence = BiasSentences.Rank(test, fit.ConfidenceLevel),
            Warnings = test.Warnings,
            Json = json => json.Object("rankTest", test, _ =>
            {
                json.Number("tau", test.Tau);
                json.Number("pValue", test.PValue);
                json.WriteBoolean("exact", test.IsExact);
                json.Number("normalPValue", test.NormalPValue);
            }),
        };
    }
}
