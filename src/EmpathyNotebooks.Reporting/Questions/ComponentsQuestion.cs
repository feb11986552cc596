using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>How much true effects differ at each level. Said in the table of a model with levels.</summary>
internal sealed class ComponentsQuestion : Question
{
    public override string Name => "variance components";

    internal override string Schema =>
        """
        "varianceComponents": {
          "type": "array",
          "items": {
            "type": "object",
            "properties": {
              "level": { "type": "string" }, "sigmaSquared": { "$ref": "#/$defs/number" }, "lower": { "$ref": "#/$defs/number" }, "upper": { "$ref": "#/$defs/number" },
              "groups": { "type": "integer", "minimum": 1 }
            },
            "required": ["level", "sigmaSquared", "lower", "upper", "groups"],
            "additionalProperties": false
          }
        }
        """;

    internal override IEnumerable<Saying> Sayings => [Saying.Of<VarianceComponent>(Words.Of), Saying.Of<OutcomeVariance>(Words.Of)];

    private protected override Answer? AnswerTo(Inquiry inquiry) => !inquiry.HasClusters ? null : new Answer
    {
        Sentence = ComponentsSentence.Of(inquiry),
        Json = json => json.Array("varianceComponents", inquiry.Fit!.VarianceComponents, (_, component) =>
        {
            json.WriteString("level", component.Level);
            json.Number("sigmaSquared", component.SigmaSquared);
            json.Number("lower", component.SigmaSquaredInterval.Lower);
            json.Number("upper", component.SigmaSquaredInterval.Upper);
            json.WriteNumber("groups", component.GroupCount);
        }),
    };
}
