using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>What the mean would be under each story of publication bias, side by side.</summary>
internal sealed class TriangulationQuestion : BiasQuestion
{
    private const string Side = "--alternative";

    public override string Name => "estimates adjusted for publication bias";

    public override ImmutableArray<QuestionOption> Options =>
    [
        new(All, OptionKind.Flag, "Publication bias and small-study effects: tests, and the mean as it would be under each story of bias."),
        new(Side, OptionKind.Choice, "Which results are thought to be published more readily: significant ones above 0, below 0, or on either side; greater if not said, whatever the sign of the mean.")
        {
            Choices = ["greater", "less", "two.sided"], Needs = All, IsUsable = said => said.Has(All) || said.Has("--selection"),
        },
    ];

    internal override string Schema =>
        """
        "adjusted": {
          "type": "array",
          "items": {
            "type": "object",
            "properties": {
              "method": { "type": "string" }, "estimate": { "$ref": "#/$defs/number" }, "lower": { "$ref": "#/$defs/number" }, "upper": { "$ref": "#/$defs/number" }, "k": { "type": "integer", "minimum": 0 },
              "backTransformed": { "$ref": "#/$defs/backTransformed" }, "assumption": { "type": "string" }, "warnings": { "type": "array", "items": { "type": "string" } }
            },
            "required": ["method", "estimate", "lower", "upper", "k", "backTransformed", "assumption", "warnings"],
            "additionalProperties": false
          }
        }
        """;

    internal override IEnumerable<Saying> Sayings => [Saying.Of<BiasAdjustments>(adjustments => Say(adjustments).DataLabel(adjustments.Fit.Effects.Origin))];

    /// <summary>The side that was said.</summary>
    public static Alternative SideOf(OptionValues said) => said.Text(Side) switch
    {
        "less" => Alternative.Less,
        "two.sided" => Alternative.TwoSided,
        _ => Alternative.Greater,
    };

    private protected override Answer Independent(IModelFit fit, Inquiry inquiry) => Of(fit, inquiry);

    private protected override Answer Clustered(IModelFit fit, Inquiry inquiry) => Of(fit, inquiry);

    private static Answer Of(IModelFit fit, Inquiry inquiry)
    {
        var adjustments = inquiry.Adjustments;
        return new Answer(Say(adjustments))
        {
            IsClustered = fit.Clusters is not null,
            Sentence = BiasSentences.Adjustments(adjustments),
            Warnings = [.. SignificantResults.OtherSide(fit, adjustments.Options.Alternative)],
            Json = json => json.Array("adjusted", adjustments.Estimates, (_, row) =>
            {
                json.WriteString("method", row.Method);
                json.Number("estimate", row.Estimate);
                json.Number("lower", row.ConfidenceInterval?.Lower);
                json.Number("upper", row.ConfidenceInterval?.Upper);
                json.WriteNumber("k", row.Count);
                json.BackTransformed(fit.Measure, row.Estimate, row.ConfidenceInterval);
                json.WriteString("assumption", row.Assumption);
                json.Texts("warnings", row.Warnings);
            }),
        };
    }

    private static Table Say(BiasAdjustments adjustments)
    {
        var (fit, measure) = (adjustments.Fit, adjustments.Fit.Measure);
        var table = new Table("Mean under each story of bias", ("", Align.Left), (measure.Symbol, Align.Right), ($"{StatisticText.Level(fit.ConfidenceLevel)} CI", Align.Right), ("k", Align.Right), ("is right if", Align.Left));
        table.Row("as it stands", Shown(adjustments.Unadjusted.Estimate), Interval(adjustments.Unadjusted.HasStandardError ? adjustments.Unadjusted.ConfidenceInterval : null), StatisticText.Count(fit.Count), "Results held back, if any, are like the others.");
        foreach (var row in adjustments.Estimates) table.Row(row.Method, Shown(row.Estimate), Interval(row.ConfidenceInterval), StatisticText.Count(row.Count), row.Assumption);
        if (adjustments.WithoutEstimate.Length > 0) table.Note($"Without an estimate here: {string.Join("; ", adjustments.WithoutEstimate.Select(m => m.Method))}.");
        return table.Note("No method is right under every story of bias: read what they agree on, not one of them.");

        string Shown(double value) => measure.Format(measure.ToDisplay(value), 3);
        string Interval(ConfidenceInterval? interval) => interval is { } known ? Numbers.Interval(known.Transform(measure.ToDisplay), measure) : Numbers.None;
    }
}
