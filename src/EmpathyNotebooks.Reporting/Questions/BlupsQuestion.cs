using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>The predicted true effect of each study.</summary>
internal sealed class BlupsQuestion : Question
{
    private const string ByName = "--blups";

    public override string Name => "predicted true effects";

    public override ImmutableArray<QuestionOption> Options => [new(ByName, OptionKind.Flag, "The predicted true effect of each study.")];

    internal override string Schema =>
        """
        "blups": { "type": "array", "items": { "$ref": "#/$defs/coefficient", "required": ["label"] } }
        """;

    internal override IEnumerable<Saying> Sayings => [Saying.Of<IEnumerable<Blup>>(Say)];

    public override bool NeedsIndependence => true;

    private protected override Answer AnswerTo(Inquiry inquiry)
    {
        IReadOnlyList<Blup> blups = inquiry.Fit switch
        {
            PooledFit { IsRandomEffects: true } fit => fit.Blups(),
            MetaRegressionFit { IsRandomEffects: true } fit => fit.Blups(),
            _ => throw Inquiry.Undefined(ByName, "random-effects models of independent effects"),
        };
        return new Answer(Say(blups))
        {
            Json = json => json.Array("blups", blups, (_, blup) =>
            {
                json.WriteString("label", blup.Label);
                json.Number("estimate", blup.Estimate);
                json.Number("standardError", blup.StandardError);
                json.Number("lower", blup.Interval.Lower);
                json.Number("upper", blup.Interval.Upper);
                json.BackTransformed(inquiry.Measure, blup.Estimate, blup.Interval);
            }),
        };
    }

    private static Table Say(IEnumerable<Blup> blups)
    {
        var table = new Table("True effects of the studies (BLUP)", ("", Align.Left), ("estimate", Align.Right), ("SE", Align.Right), ("interval", Align.Right));
        foreach (var blup in blups)
        {
            table.Row(blup.Label, StatisticText.Number(blup.Estimate, 4), StatisticText.Number(blup.StandardError, 4), Numbers.Interval(blup.Interval, 4));
        }
        return table.Note("On the scale that is pooled.");
    }
}
