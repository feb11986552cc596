using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>How the result came about: the fit of the first study, the first two and so on.</summary>
internal sealed class CumulativeQuestion : Question
{
    private const string ByName = "--cumulative";

    public override string Name => "cumulative";

    public override ImmutableArray<QuestionOption> Options =>
    [
        new(ByName, OptionKind.OptionalText, "The fit of the first study, the first two and so on, in the order of a column, or of the file without one.") { HelpName = "COLUMN" },
        new("--collapse", OptionKind.Flag, "With --cumulative COLUMN: studies of one value are added together.")
        {
            Needs = "--cumulative COLUMN", IsUsable = said => !string.IsNullOrEmpty(said.Text(ByName)),
        },
    ];

    internal override string Schema =>
        """
        "cumulative": { "type": "array", "items": { "$ref": "#/$defs/coefficient", "required": ["label", "k", "tauSquared"] } }
        """;

    internal override IEnumerable<Saying> Sayings => [Saying.Of<IEnumerable<CumulativeRow>>(Say)];

    public override bool NeedsIndependence => true;

    private protected override Answer AnswerTo(Inquiry inquiry)
    {
        var fit = inquiry.Fit as PooledFit ?? throw Inquiry.Undefined(ByName, "models without moderators and without --cluster, except after --model aggregate");
        var column = inquiry.Said.Text(ByName);
        var rows = string.IsNullOrEmpty(column) ? fit.Cumulative() : fit.CumulativeBy(column, inquiry.Said.Has("--collapse"));
        return new Answer(Say(rows))
        {
            Json = json => json.Array("cumulative", rows, (_, row) =>
            {
                json.WriteString("label", row.Label);
                json.WriteNumber("k", row.Count);
                json.Number("estimate", row.Fit.Estimate);
                json.Number("standardError", row.Fit.StandardError);
                json.Number("lower", row.Fit.ConfidenceInterval.Lower);
                json.Number("upper", row.Fit.ConfidenceInterval.Upper);
                json.BackTransformed(row.Fit.Effects.Measure, row.Fit.Mean);
                json.Number("tauSquared", row.Fit.IsRandomEffects ? row.Fit.TauSquared : null);
            }),
        };
    }

    private static Table Say(IEnumerable<CumulativeRow> rows)
    {
        var table = new Table("Cumulative", ("with", Align.Left), ("k", Align.Right), ("estimate", Align.Right), ("CI", Align.Right), ("τ²", Align.Right));
        foreach (var row in rows)
        {
            var measure = row.Fit.Effects.Measure;
            var shown = row.Fit.BackTransformed;
            table.DataLabel(row.Fit.Effects.Origin);
            table.Row("+ " + row.Label, StatisticText.Count(row.Count), measure.Format(shown.Estimate, 3), Numbers.Interval(shown.ConfidenceInterval, measure),
                StatisticText.Significant(row.Fit.TauSquared));
        }
        return table;
    }
}
