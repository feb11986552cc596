using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>Cluster-robust inference beside a model of dependent effects. Said where effects share samples.</summary>
internal sealed class RobustQuestion : Question
{
    public override string Name => "robust inference";

    internal override string Schema =>
        """
        "robust": {
          "type": ["object", "null"],
          "properties": {
            "type": { "type": "string" }, "coefficients": { "type": "array", "items": { "$ref": "#/$defs/coefficient" } },
            "test": { "$ref": "#/$defs/test" }, "testReason": { "type": ["string", "null"] }
          },
          "required": ["type", "coefficients", "test", "testReason"],
          "additionalProperties": false
        }
        """;

    internal override IEnumerable<Saying> Sayings =>
    [
        Saying.Of<RobustFit>(Say), Saying.Of<BootstrapTest>(Words.Of), Saying.Of<IEnumerable<CorrelationSensitivityRow>>(CorrelationSensitivityTable.Of),
    ];

    private protected override Answer? AnswerTo(Inquiry inquiry)
    {
        if (!inquiry.HasClusters) return null;
        var robust = inquiry.Robust;
        // Robust variance estimation has no other coefficients than these, which its own table shows.
        return new Answer(robust is null || inquiry.Fit is RobustVarianceFit ? [] : [Say(robust)])
        {
            Sentence = robust is null || inquiry.Fit is RobustVarianceFit ? null : RobustSentence.Of(inquiry, robust),
            Warnings = robust?.Warnings ?? [],
            Json = json =>
            {
                json.Object("robust", robust, known =>
                {
                    json.WriteString("type", known.Correction.ToString());
                    json.Coefficients("coefficients", known.Coefficients, FitQuestion.MeansOf(inquiry));
                    // HTZ under CR2; null with the reason where there are too few clusters for it.
                    var test = known.ModeratorTest;
                    json.Test("test", test);
                    json.WriteString("testReason", test.WhyNone);
                });
            },
        };
    }

    private static Table Say(RobustFit fit)
    {
        var table = CoefficientTable.Of(
            $"Cluster-robust inference ({fit.Correction}), {StatisticText.Count(fit.ClusterCount, "cluster")} of {fit.Cluster}", fit.Coefficients);
        table.DataLabel(fit.Effects.Origin);
        if (fit.Coefficients.Length > 1)
        {
            var together = fit.ModeratorTest;
            var (all, none) = fit.Coefficients[0].Name == "Intercept" ? ("All but the intercept", "all but the intercept") : ("All coefficients", "all coefficients");
            table.Note(together.WhyNone is { } why ? $"Note: no test of {none} together. " + why
                : $"{all} together{(fit.Correction == SmallSampleCorrection.CR2 ? " (HTZ)" : "")}: {together}.");
        }
        foreach (var warning in fit.Warnings) table.Note("Note: " + warning);
        return table.Note("Standard errors hold even where the model of the dependence is wrong. With fewer than 4 degrees of freedom do not trust p.");
    }
}
