using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>How strong a selection of affirmative results would have to be to explain the mean away.</summary>
internal sealed class MathurVanderWeeleQuestion : BiasQuestion
{
    public override string Name => "sensitivity to selection of affirmative results (Mathur-VanderWeele)";

    internal override string Schema =>
        """
        "mathurVanderWeele": {
          "type": "object",
          "properties": { "worstCase": { "$ref": "#/$defs/number" }, "selectionRatioToNull": { "type": ["number", "null"], "minimum": 1 } },
          "required": ["worstCase", "selectionRatioToNull"],
          "additionalProperties": false
        }
        """;

    internal override IEnumerable<Saying> Sayings => [Saying.Of<MathurVanderWeele>(analysis => Say(analysis, "Selection of affirmative results").DataLabel(analysis.Effects.Origin))];

    private protected override Answer Independent(IModelFit fit, Inquiry inquiry) => Of(inquiry, AdjustedMeans.Pooled(fit).MathurVanderWeele(new() { Alternative = TriangulationQuestion.SideOf(inquiry.Said) }), isClustered: false);

    private protected override Answer Clustered(IModelFit fit, Inquiry inquiry)
    {
        var options = new MathurVanderWeeleOptions { Alternative = TriangulationQuestion.SideOf(inquiry.Said) };
        return Of(inquiry, fit is RobustVarianceFit robust ? robust.MathurVanderWeele(options) : AdjustedMeans.Dependent(fit).MathurVanderWeele(options), isClustered: true);
    }

    private static Answer Of(Inquiry inquiry, MathurVanderWeele analysis, bool isClustered)
    {
        var measure = inquiry.Measure;
        return new Answer(Say(analysis, isClustered ? "Selection of affirmative results, cluster-robust" : "Selection of affirmative results"))
        {
            IsClustered = isClustered,
            Sentence = $"If only nonaffirmative results counted, the mean would be {BiasSentences.Adjusted(measure, analysis.WorstCase)}. {MovedBy(analysis.RatioOfEstimate)}.",
            Warnings = [.. analysis.Warnings, .. SignificantResults.OtherSide(inquiry.Fit!, analysis.Alternative)],
            Json = json => json.Object("mathurVanderWeele", analysis, _ =>
            {
                json.Number("worstCase", analysis.WorstCase.Estimate);
                json.Number("selectionRatioToNull", analysis.RatioOfEstimate.Value);
            }),
        };
    }

    private static Table Say(MathurVanderWeele analysis, string title)
    {
        var (measure, count) = (analysis.Effects.Measure, analysis.IsAffirmative.Length);
        var table = AdjustedMeans.Table(title, measure, analysis.ConfidenceLevel);
        table.Row("no selection", measure, analysis.Uncorrected, count);
        foreach (var ratio in (double[])[2, 5, 10]) table.Row($"{StatisticText.Number(ratio, 0)} times likelier", measure, analysis.Corrected(ratio), count);
        return table.Row("worst case: nonaffirmative alone", measure, analysis.WorstCase, analysis.NonaffirmativeCount)
            .Note($"{StatisticText.Count(analysis.AffirmativeCount)} of {StatisticText.Count(count)} results {(analysis.AffirmativeCount == 1 ? "is" : "are")} affirmative: {Affirmative(analysis)}.")
            .Note($"To move the mean to {Target(analysis)}: {Needed(analysis.RatioOfEstimate)}. To move its interval there: {Needed(analysis.RatioOfInterval)}.");
    }

    private static string Target(MathurVanderWeele analysis) => analysis.Target == 0 ? "no effect"
        : $"{analysis.Effects.Measure.Symbol} = {analysis.Effects.Measure.Format(analysis.Effects.Measure.ToDisplay(analysis.Target))}";

    private static string Affirmative(MathurVanderWeele analysis) => $"significant at {StatisticText.Number(analysis.Alpha, 2, leadingZero: false)} two-sided" + analysis.Alternative switch
    {
        Alternative.Greater => " and above no effect",
        Alternative.Less => " and below no effect",
        _ => ", on either side",
    };

    private static string MovedBy(SelectionRatio ratio) => ratio.Outcome switch
    {
        SelectionRatioOutcome.Found => $"To move the mean to no effect, {Needed(ratio)}",
        SelectionRatioOutcome.NoneSuffices => "No such selection, however strong, moves the mean to no effect",
        SelectionRatioOutcome.AlreadyThere => "The mean is at no effect, or beyond it, without any selection",
        _ => "How much selection would move the mean to no effect cannot be said",
    };

    private static string Needed(SelectionRatio ratio) => ratio.Outcome switch
    {
        SelectionRatioOutcome.Found => $"affirmative results would have to be published {StatisticText.Number(ratio.Value!.Value, 1)} times as readily as others",
        SelectionRatioOutcome.NoneSuffices => "no such selection suffices",
        SelectionRatioOutcome.AlreadyThere => "no selection is needed",
        _ => "there is no interval",
    };
}
