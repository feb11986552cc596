using System.Collections.Immutable;
using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>The predicted true effect of each study.</summary>
internal sealed class BlupsQuestion : Question
{
    private const string ByName = "--blups";

    public override string Name => "predicted true effects";

    public override ImmutableArray<QuestionOption> Options => [new(ByName, OptionKind.Flag, "The predicted true effect of each study; with --cluster of each effect and of each cluster.")];

    internal override string Schema =>
        """
        "blups": { "type": "array", "items": { "$ref": "#/$defs/coefficient", "required": ["label"] } },
        "clusterBlups": { "type": "array", "items": { "$ref": "#/$defs/coefficient", "required": ["label"] } }
        """;

    internal override IEnumerable<Saying> Sayings => [Saying.Of<IEnumerable<Blup>>(Say), Saying.Of<FitBlups>(Say)];

    private protected override Answer AnswerTo(Inquiry inquiry)
    {
        var fit = inquiry.Fit!;
        var blups = fit.Blups();
        if (blups.Absence is { } why) throw new QuestionException(ByName, $"{ByName} is defined for random-effects models with their own weights. {why}");
        var clusters = fit.Clusters is null ? null : fit.ClusterBlups();
        return new Answer(clusters is { Absence: null } ? [Say(blups), Say(clusters)] : [Say(blups)])
        {
            Sentence = FurtherSentences.Predicted(blups, fit.Measure, FitQuestion.MeansOf(inquiry) is not null),
            Json = json =>
            {
                Write(json, "blups", inquiry, blups);
                if (clusters is { Absence: null }) Write(json, "clusterBlups", inquiry, clusters);
            },
        };
    }

    private static void Write(Utf8JsonWriter json, string name, Inquiry inquiry, FitBlups blups) => json.Array(name, blups.Rows, (_, blup) =>
    {
        json.WriteString("label", blup.Name);
        json.Number("estimate", blup.Estimate);
        json.Number("standardError", blup.StandardError);
        json.Number("lower", blup.Interval.Lower);
        json.Number("upper", blup.Interval.Upper);
        json.BackTransformed(inquiry.Measure, blup.Estimate, blup.Interval);
    });

    private static Table Say(FitBlups blups)
    {
        var ofClusters = blups.Rows.Any(r => r.Rows.Length > 1);
        return Say(ofClusters ? "Means of the true effects of the clusters (BLUP)" : "True effects of the studies (BLUP)", blups.Rows.Select(r => (r.Name, r.Estimate, r.StandardError, r.Interval)))
            .Note(blups.Absence ?? "");
    }

    private static Table Say(IEnumerable<Blup> blups) => Say("True effects of the studies (BLUP)", blups.Select(b => (b.Label, b.Estimate, b.StandardError, b.Interval)));

    private static Table Say(string title, IEnumerable<(string Name, double Estimate, double StandardError, ConfidenceInterval Interval)> rows)
    {
        var table = new Table(title, ("", Align.Left), ("estimate", Align.Right), ("SE", Align.Right), ("interval", Align.Right));
        foreach (var (name, estimate, standardError, interval) in rows)
        {
            table.Row(name, StatisticText.Number(estimate, 4), StatisticText.Number(standardError, 4), Numbers.Interval(interval, 4));
        }
        return table.Note("On the scale that is pooled.");
    }
}
