using System.Collections.Immutable;
using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>The single studies or effects: what they found, how much they count, and what the fit would be without each. In JSON always; in notebooks as tables of their own.</summary>
internal sealed class StudiesQuestion : Question
{
    /// <summary>Up to here what each study does is told unasked: with moderators a few seconds, without them hardly any time, but each study has some ten numbers more.</summary>
    private const int InfluenceLimit = 5000;

    /// <summary>The same for models with dependent effects, whose fits take longer.</summary>
    private const int DependentInfluenceLimit = 100;

    private const string ByName = "--influence";

    public override string Name => "studies";

    public override ImmutableArray<QuestionOption> Options =>
    [
        new(ByName, OptionKind.Flag,
            $"With --json: what each study does to the fit, also for more than {InfluenceLimit} studies ({DependentInfluenceLimit} with --cluster), where it is null without this; with moderators or --cluster it then takes a fit for each.")
        {
            Needs = "--json", IsUsable = said => said.Has("--json"),
        },
    ];

    internal override string Schema =>
        """
        "studies": {
          "type": "array",
          "items": {
            "type": "object",
            "properties": {
              "label": { "type": "string" }, "yi": { "$ref": "#/$defs/number" }, "vi": { "$ref": "#/$defs/number" }, "backTransformed": { "$ref": "#/$defs/backTransformed" },
              "weight": { "$ref": "#/$defs/number" }, "rStudent": { "$ref": "#/$defs/number" }, "cookDistance": { "$ref": "#/$defs/number" }, "hat": { "$ref": "#/$defs/number" },
              "leaveOneOutEstimate": { "$ref": "#/$defs/number" }, "leaveOneOutBackTransformed": { "$ref": "#/$defs/number" }, "leaveOneOutTauSquared": { "$ref": "#/$defs/number" },
              "whyNoInfluence": { "type": "string" },
              "leaveOneOutQ": { "$ref": "#/$defs/number" }, "dffits": { "$ref": "#/$defs/number" }, "covarianceRatio": { "$ref": "#/$defs/number" },
              "dfBetas": { "type": "array", "items": { "$ref": "#/$defs/number" } }, "influential": { "type": ["boolean", "null"] }
            },
            "required": ["label", "yi", "vi", "backTransformed", "weight", "dfBetas", "influential"],
            "additionalProperties": false
          }
        }
        """;

    internal override IEnumerable<Saying> Sayings =>
    [
        Saying.Of<InfluenceAnalysis>(Say), Saying.Of<FitInfluence>(Say), Saying.Of<IEnumerable<ClusterInfluence>>(Say), Saying.Of<IEnumerable<LeaveOneOutRow>>(Say), Saying.Of<IEnumerable<FitDeletion>>(Say), Saying.Of<IEnumerable<BaujatPoint>>(Say), Saying.Of<IEnumerable<FitBaujatPoint>>(Say),
        Saying.Of<IEnumerable<EffectResidual>>(ResidualTables.Effects), Saying.Of<IEnumerable<ClusterResidual>>(ResidualTables.Clusters),
    ];

    private protected override bool IsAlwaysAsked => true;

    private protected override Answer AnswerTo(Inquiry inquiry)
    {
        var isAsked = IsInfluenceAsked(inquiry, out var limit);
        // Only JSON has the numbers, and they take as many fits as there are studies.
        Lazy<IReadOnlyList<Study>> studies = new(() => Studies(inquiry, isAsked));
        return new Answer
        {
            Sentence = FurtherSentences.Weights(inquiry),
            Prepare = () => _ = studies.Value,
            Asides = isAsked ? [] : [$"What each study does to the fit is null, since there are more than {limit} studies. Ask for it with {ByName}."],
            Json = json => json.Array("studies", studies.Value, (_, study) => Write(json, inquiry, study)),
        };
    }

    /// <summary>True where leaving out each study takes seconds, or was asked for.</summary>
    internal static bool IsInfluenceAsked(Inquiry inquiry, out int limit)
    {
        limit = inquiry.Fit is PooledFit or MetaRegressionFit ? InfluenceLimit : DependentInfluenceLimit;
        return inquiry.Said.Has(ByName) || inquiry.Fit is not { } fit || fit.Count <= limit;
    }

    /// <summary>One study in numbers; null where a model does not define one.</summary>
    /// <param name="Label">Its label.</param>
    /// <param name="Effect">Its effect; null where its table alone has none.</param>
    /// <param name="Variance">Its sampling variance.</param>
    /// <param name="Weight">Its share of the weights, as a fraction.</param>
    private readonly record struct Study(string Label, double? Effect, double? Variance, double? Weight)
    {
        /// <summary>What it does to the fit; null where that was not computed.</summary>
        public FitInfluenceRow? Influence { get; init; }

        /// <summary>Its leverage where that takes no fit without it; null for others.</summary>
        public double? Hat { get; init; }
    }

    private static IReadOnlyList<Study> Studies(Inquiry inquiry, bool influence)
    {
        if (inquiry.Counts is { } counts)
        {
            return [.. counts.Labels.Select((label, i) => new Study(label, counts.TableEffects[i]?.Value, counts.TableEffects[i]?.Variance, counts.Weights[i]))];
        }
        var (fit, effects) = (inquiry.Fit!, inquiry.Fit!.Effects);
        IReadOnlyList<FitInfluenceRow>? rows = influence ? fit.InfluenceOf().Rows : null;
        IReadOnlyList<double> weights = fit.Weights;
        IReadOnlyList<double>? hats = rows is null && fit is DependentFit dependent && (fit.Options as DependentOptions)?.Weights is null ? dependent.HatValues : null;
        return [.. effects.Labels.Select((label, i) => new Study(label, effects.Effects[i], effects.Variances[i], weights[i]) { Influence = rows?[i], Hat = hats?[i] })];
    }

    private static void Write(Utf8JsonWriter json, Inquiry inquiry, Study study)
    {
        var (influence, measure) = (study.Influence, inquiry.Measure);
        var own = study is { Effect: { } y, Variance: { } v } ? new EffectSize(y, v, measure).Interval(inquiry.Level) : (ConfidenceInterval?)null;
        json.WriteString("label", study.Label);
        json.Number("yi", study.Effect);
        json.Number("vi", study.Variance);
        json.WriteStartObject("backTransformed");
        json.Number("estimate", study.Effect is { } effect ? measure.ToDisplay(effect) : null);
        json.Number("lower", own?.Transform(measure.ToDisplay).Lower);
        json.Number("upper", own?.Transform(measure.ToDisplay).Upper);
        json.WriteEndObject();
        json.Number("weight", study.Weight);
        json.Number("rStudent", influence?.StudentizedResidual);
        json.Influence(influence, FitQuestion.MeansOf(inquiry), study.Hat);
    }

    private static Table Say(InfluenceAnalysis analysis)
    {
        var table = new Table("Influence", ("", Align.Left), ("rstudent", Align.Right), ("DFFITS", Align.Right), ("Cook's D", Align.Right),
            ("cov. ratio", Align.Right), ("τ² without", Align.Right), ("Q without", Align.Right), ("hat", Align.Right), ("weight", Align.Right), ("", Align.Left));
        foreach (var row in analysis.Rows)
        {
            table.Row(row.Label, Numbers.Number(row.StudentizedResidual), Numbers.Number(row.Dffits), Numbers.Number(row.CookDistance, 3), Numbers.Number(row.CovarianceRatio),
                row.TauSquaredWithout is { } tau2 ? StatisticText.Significant(tau2) : Numbers.None, Numbers.Number(row.QWithout), StatisticText.Number(row.Hat, 3),
                StatisticText.Percent(row.Weight), row.IsInfluential ? "influential" : "");
        }
        return table.Note($"Limits: |DFFITS| {StatisticText.Number(analysis.DffitsLimit)}, Cook's D {StatisticText.Number(analysis.CookLimit)}, "
            + $"hat {StatisticText.Number(analysis.HatLimit, 3)}, |DFBETAS| {StatisticText.Number(analysis.DfBetasLimit, 0)}. A marked study deserves a look; it need not be wrong.");
    }

    private static Table Say(IEnumerable<ClusterInfluence> clusters)
    {
        ClusterInfluence[] rows = [.. clusters];
        var single = rows.Length > 0 && Array.TrueForAll(rows, r => r.EffectCount == 1);
        var table = new Table(single ? "Influence of effects" : "Influence of clusters", ("", Align.Left), ("effects", Align.Right), (single ? "rstudent" : "X² deleted", Align.Right),
            ("Cook's D", Align.Right), ("largest |DFBETAS|", Align.Right), ("cov. ratio", Align.Right));
        foreach (var row in rows)
        {
            var deleted = single ? row.Residuals is [var residual] ? residual.Studentized : (double?)null : row.ChiSquared;
            double? largest = row.DfBetas.IsEmpty ? null : row.DfBetas.Max(Math.Abs);
            table.Row(row.Cluster, StatisticText.Count(row.EffectCount), Numbers.Number(deleted), Numbers.Number(row.CookDistance, 3), Numbers.Number(largest), Numbers.Number(row.CovarianceRatio));
        }
        foreach (var group in rows.Where(r => r.Absence is not null).GroupBy(r => r.Absence)) table.Note($"{string.Join(", ", group.Select(r => r.Cluster))}: {group.Key}");
        return table;
    }

    private static Table Say(FitInfluence influence)
    {
        var table = new Table(influence.Cluster is null ? "Influence" : $"Influence of {influence.Cluster}", ("", Align.Left), ("effects", Align.Right), ("rstudent", Align.Right), ("X² deleted", Align.Right),
            ("DFFITS", Align.Right), ("Cook's D", Align.Right), ("largest |DFBETAS|", Align.Right), ("cov. ratio", Align.Right), ("τ² without", Align.Right), ("hat", Align.Right), ("weight", Align.Right),
            ("", Align.Left));
        table.DataLabel(influence.Fit.Effects.Origin);
        foreach (var row in influence.Rows)
        {
            double? largest = row.DfBetas.IsEmpty ? null : row.DfBetas.Max(Math.Abs);
            table.Row(row.Name, StatisticText.Count(row.Rows.Length), Numbers.Number(row.StudentizedResidual), Numbers.Number(row.ChiSquared), Numbers.Number(row.Dffits), Numbers.Number(row.CookDistance, 3),
                Numbers.Number(largest), Numbers.Number(row.CovarianceRatio), row.TauSquaredWithout is { } tau2 ? StatisticText.Significant(tau2) : Numbers.None, StatisticText.Number(row.Hat, 3),
                StatisticText.Percent(row.Weight), row.IsInfluential ? "influential" : "");
        }
        foreach (var group in influence.Rows.Where(r => r.Absence is not null).GroupBy(r => r.Absence)) table.Note($"{string.Join(", ", group.Select(r => r.Name))}: {group.Key}");
        return table.Note($"Limits: Cook's D {StatisticText.Number(influence.CookLimit)}, |DFBETAS| {StatisticText.Number(influence.DfBetasLimit, 0)}"
            + (influence.DffitsLimit is { } dffits ? $", |DFFITS| {StatisticText.Number(dffits)}" : "") + (influence.HatLimit is { } hat ? $", hat {StatisticText.Number(hat, 3)}" : "")
            + ". What is marked deserves a look; it need not be wrong.");
    }

    private static Table Say(IEnumerable<FitDeletion> deletions) => RefitTables.Of("Leave one out", "without", deletions.Select(d => (d.Name, d.Fit?.Count ?? 0, d.Fit, d.Absence)));

    private static Table Say(IEnumerable<FitBaujatPoint> points)
    {
        var table = new Table("Baujat", ("", Align.Left), ("effects", Align.Right), ("to heterogeneity", Align.Right), ("on the result", Align.Right));
        foreach (var point in points) table.Row(point.Name, StatisticText.Count(point.Rows.Length), Numbers.Number(point.HeterogeneityContribution), Numbers.Number(point.Influence));
        return table;
    }

    private static Table Say(IEnumerable<LeaveOneOutRow> rows)
    {
        var table = new Table("Leave one out", ("without", Align.Left), ("estimate", Align.Right), ("CI", Align.Right), ("τ²", Align.Right), ("I²", Align.Right), ("Q", Align.Right));
        foreach (var row in rows)
        {
            var measure = row.Fit.Effects.Measure;
            var shown = row.Fit.BackTransformed;
            table.DataLabel(row.Fit.Effects.Origin);
            table.Row(row.Label, measure.Format(shown.Estimate, 3), Numbers.Interval(shown.ConfidenceInterval, measure),
                StatisticText.Significant(row.Fit.TauSquared), StatisticText.Percent(row.Fit.Heterogeneity.ISquared), StatisticText.Number(row.Fit.Heterogeneity.Q.Statistic));
        }
        return table;
    }

    private static Table Say(IEnumerable<BaujatPoint> points)
    {
        var table = new Table("Baujat", ("", Align.Left), ("to heterogeneity", Align.Right), ("on the result", Align.Right));
        foreach (var point in points) table.Row(point.Label, StatisticText.Number(point.HeterogeneityContribution), Numbers.Number(point.Influence));
        return table;
    }
}
