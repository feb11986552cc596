using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>Do moderators matter: all together, each term, and how far they say the same. Said with the model where there are moderators.</summary>
internal sealed class ModeratorsQuestion : Question
{
    public override string Name => "moderators";

    internal override string Schema =>
        """
        "moderatorTest": { "$ref": "#/$defs/test" },
        "termTests": { "type": "array", "items": { "$ref": "#/$defs/test", "required": ["name"] } },
        "varianceInflation": {
          "type": "array",
          "items": { "type": "object", "properties": { "name": { "type": "string" }, "factor": { "$ref": "#/$defs/number" } }, "required": ["name", "factor"], "additionalProperties": false }
        }
        """;

    internal override IEnumerable<Saying> Sayings =>
    [
        Saying.Of<IEnumerable<VarianceInflation>>(Say), Saying.Of<IEnumerable<PairwiseContrast>>(MeansTables.Contrasts), Saying.Of<IEnumerable<Prediction>>(MeansTables.Predictions),
        Saying.Of<ModeratorTest>(Words.Of), Saying.Of<TermTest>(Words.Of), Saying.Of<LikelihoodRatioTest>(Words.Of),
    ];

    private protected override Answer AnswerTo(Inquiry inquiry)
    {
        var fit = inquiry.Fit;
        var test = fit is RobustVarianceFit ? inquiry.Robust!.ModeratorTest : fit?.ModeratorTest;
        if (fit?.Moderators is null) test = null;
        return new Answer
        {
            Sentence = ModeratorsSentence.Of(inquiry, test),
            Json = json =>
            {
                json.Test("moderatorTest", test);
                if (fit is MetaRegressionFit or MultilevelFit && fit.Moderators is not null)
                {
                    json.Array("termTests", fit.TermTests, (_, term) =>
                    {
                        json.WriteString("name", term.Term);
                        json.TestNumbers(term.Test);
                    });
                }
                if (fit is not MetaRegressionFit regression) return;
                json.Array("varianceInflation", regression.VarianceInflationFactors(), (_, factor) =>
                {
                    json.WriteString("name", factor.Name);
                    json.Number("factor", factor.Factor);
                });
            },
        };
    }

    private static Table Say(IEnumerable<VarianceInflation> factors)
    {
        var table = new Table("Variance inflation", ("", Align.Left), ("coefficients", Align.Right), ("VIF", Align.Right), ("SE ×", Align.Right));
        foreach (var factor in factors)
        {
            table.Row(factor.Name, StatisticText.Count(factor.CoefficientCount), StatisticText.Number(factor.Factor), StatisticText.Number(factor.StandardErrorInflation));
        }
        return table.Note("1 where moderators do not go together.");
    }
}
