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
        new(ByName, OptionKind.OptionalText, "The fit of the first study, the first two and so on, in the order of a column, or of the file without one; with --cluster a whole cluster at a time.") { HelpName = "COLUMN" },
        new("--collapse", OptionKind.Flag, "With --cumulative COLUMN: studies of one value are added together.")
        {
            Needs = "--cumulative COLUMN", IsUsable = said => !string.IsNullOrEmpty(said.Text(ByName)),
        },
    ];

    internal override string Schema =>
        """
        "cumulative": { "type": "array", "items": { "$ref": "#/$defs/coefficient", "required": ["label", "k", "tauSquared"] } }
        """;

    internal override IEnumerable<Saying> Sayings => [Saying.Of<IEnumerable<CumulativeRow>>(Say), Saying.Of<IEnumerable<FitStep>>(Say)];

    private protected override Answer AnswerTo(Inquiry inquiry)
    {
        var fit = inquiry.Fit!;
        var cluster = fit.Clusters is null ? null : EffectClusters.OfFit;
        var column = inquiry.Said.Text(ByName);
        if (fit is PooledFit pooled) return Of(string.IsNullOrEmpty(column) ? pooled.Cumulative() : pooled.CumulativeBy(column, inquiry.Said.Has("--collapse")));
        var steps = string.IsNullOrEmpty(column) ? fit.Cumulative(null, cluster) : fit.CumulativeBy(column, inquiry.Said.Has("--collapse"), cluster);
        return new Answer(Say(steps))
        {
            Sentence = FurtherSentences.Cumulative([.. steps.Select(s => (s.Name, s.Count, s.Fit))]),
            Json = json => json.Array("cumulative", steps, (_, step) =>
            {
                json.WriteString("label", step.Name);
                json.WriteNumber("k", step.Count);
                if (step.Fit is not { } refit) json.NoCoefficient(step.Absence!);
                else if (refit.Mean is { } mean) json.Coefficient(mean);
                else
                {
                    json.NoCoefficient("The mean depends on moderators.");
                    json.Coefficients("coefficients", refit.Coefficients, FitQuestion.MeansOf(inquiry));
                }
                if (step.Fit?.Mean is { } one) json.BackTransformed(step.Fit.Measure, one);
                else json.WriteNull("backTransformed");
                json.Number("tauSquared", step.Fit?.TauSquared);
            }),
        };
    }

    private static Answer Of(ImmutableArray<CumulativeRow> rows) => new(Say(rows))
    {
        Sentence = FurtherSentences.Cumulative([.. rows.Select(r => (r.Label, r.Count, (IModelFit?)r.Fit))]),
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

    private static Table Say(IEnumerable<FitStep> steps) => RefitTables.Of("Cumulative", "with", steps.Select(s => ("+ " + s.Name, s.Count, s.Fit, s.Absence)));

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
