using System.Collections.Immutable;
using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>What was fitted, and its coefficients: the mean effect, or what it depends on. Always said.</summary>
internal sealed class FitQuestion : Question
{
    public override string Name => "the model";

    internal override string Schema =>
        """
        "measure": { "type": "string" },
        "backTransformationSize": { "$ref": "#/$defs/number" },
        "backTransformation": { "type": "string" },
        "method": { "type": "string" },
        "test": { "enum": ["z", "t", "knha", "adhoc", "kr"] },
        "level": { "type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1 },
        "k": { "type": "integer", "minimum": 0 },
        "p": { "type": "integer", "minimum": 1 },
        "coefficients": { "type": "array", "items": { "$ref": "#/$defs/coefficient" } }
        """;

    internal override IEnumerable<Saying> Sayings =>
    [
        Saying.Of<PooledFit>(PooledTable.Of), Saying.Of<MetaRegressionFit>(RegressionTable.Of), Saying.Of<MultilevelFit>(MultilevelTable.Of), Saying.Of<MultivariateFit>(MultivariateTable.Of),
        Saying.Of<LocationScaleFit>(LocationScaleTable.Of), Saying.Of<RobustVarianceFit>(RobustVarianceTable.Of), Saying.Of<TwoByTwoFit>(CountsTable.Of),
        Saying.Of<IEnumerable<Coefficient>>(CoefficientTable.Of), Saying.Of<IEnumerable<PooledFit>>(ComparisonTable.Of),
        Saying.Of<IEnumerable<KeyValuePair<string, PooledFit>>>(ComparisonTable.Of), Saying.Of<StudyEffects>(EffectsTable.Of),
    ];

    private protected override Answer AnswerTo(Inquiry inquiry)
    {
        var result = (object?)inquiry.Fit ?? inquiry.Counts!;
        return new Answer(Answers.Say(result))
        {
            Sentence = ModelSentence.Of(inquiry),
            // Counts say theirs in their table alone.
            Warnings = inquiry.Fit?.Warnings ?? [],
            Json = json => Write(json, inquiry),
        };
    }

    private static void Write(Utf8JsonWriter json, Inquiry inquiry)
    {
        var measure = inquiry.Measure;
        json.WriteString("measure", measure.Code);
        if (measure.DisplayNote is { } note)
        {
            json.Number("backTransformationSize", measure.Size);
            json.WriteString("backTransformation", note);
        }
        json.WriteString("method", inquiry.Fit?.MethodCode ?? inquiry.Counts!.MethodCode);
        json.WriteString("test", inquiry.Fit is { } fit ? Numbers.Code(fit.Inference) : "z");
        json.Number("level", inquiry.Level);
        json.WriteNumber("k", inquiry.Fit?.Count ?? inquiry.Counts!.Count);
        json.WriteNumber("p", inquiry.Coefficients.Count);
        json.Coefficients("coefficients", inquiry.Coefficients, MeansOf(inquiry));
    }

    /// <summary>The measure by which coefficients go back to the scale a reader knows; null where they are differences.</summary>
    internal static EffectMeasure? MeansOf(Inquiry inquiry) =>
        inquiry.Fit?.Moderators is { GivesMeans: false } ? null : inquiry.Measure;
}
