using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>What explains how much effects differ. Said of location-scale models, whose table has it.</summary>
internal sealed class ScaleQuestion : Question
{
    public override string Name => "scale";

    internal override string Schema =>
        """
        "scale": {
          "type": "object",
          "properties": { "coefficients": { "type": "array", "items": { "$ref": "#/$defs/coefficient" } }, "test": { "$ref": "#/$defs/test" }, "likelihoodRatio": { "$ref": "#/$defs/test" } },
          "required": ["coefficients", "test", "likelihoodRatio"],
          "additionalProperties": false
        }
        """;

    private protected override Answer? AnswerTo(Inquiry inquiry) => inquiry.Fit is not LocationScaleFit scale ? null : new Answer
    {
        Sentence = FurtherSentences.Scale(scale),
        Json = json => json.Object("scale", scale, _ =>
        {
            json.Coefficients("coefficients", scale.ScaleCoefficients);
            json.Test("test", scale.ScaleTest);
            json.Test("likelihoodRatio", scale.ScaleLikelihoodRatio);
        }),
    };
}
