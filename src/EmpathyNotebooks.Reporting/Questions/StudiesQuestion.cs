using System.Collections.Immutable;
using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>The single studies or effects: what they found, how much they count, and what the fit would be without each. In JSON always; in notebooks as tables of their own.</summary>
internal sealed class StudiesQuestion : Question
{
    /// <summary>Leaving each study out takes as many fits as there are studies, each as long as all of them: a few seconds up to here.</summary>
    private const int InfluenceLimit = 5000;

    /// <summary>The same for models with dependent effects, whose fits take longer.</summary>
    private const int DependentInfluenceLimit = 100;

    private const string ByName = "--influence";

    public override string Name => "studies";

    public override ImmutableArray<QuestionOption> Options =>
    [
        new(ByName, OptionKind.Flag,
            $"With --json: what each study does to the fit, also for more than {InfluenceLimit} studies ({DependentInfluenceLimit} with --cluster), where it takes minutes and is null without this.")
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
        Saying.Of<InfluenceAnalysis>(Say), Saying.Of<IEnumerable<ClusterInfluence>>(Say), Saying.Of<IEnumerable<LeaveOneOutRow>>(Say), Saying.Of<IEnumerable<BaujatPoint>>(Say),
        Saying.Of<IEnumerable<EffectResidual>>(ResidualTables.Effects), Saying.Of<IEnumerable<ClusterResidual>>(ResidualTables.Clusters),
    ];

    private protected override bool IsAlwaysAsked => true;

    private protected override Answer AnswerTo(Inquiry inquiry)
    {
        var limit = inquiry.Fit is DependentFit ? DependentInfluenceLimit : InfluenceLimit;
        var asked = inquiry.Said.Has(ByName) || inquiry.Fit is not { Count: var count } || count <= limit;
        // Only JSON has the numbers, and they take as many fits as there are studies.
        Lazy<IReadOnlyList<Study>> studies = new(() => Studies(inquiry, asked));
        return new Answer
        {
            Prepare = () => _ = studies.Value,
            Asides = asked || inquiry.Fit is not (PooledFit or MetaRegressionFit or MultilevelFit) ? []
                : [$"What each study does to the fit is null: it takes a fit for each, and there are more than {limit} studies. Ask for it with {ByName}."],
            Json = json => json.Array("studies", studies.Value, (_, study) => Write(json, inquiry, study)),
        };
    }

    /// <summary>One study in numbers; null where a model does not define one.</summary>
    /// <param name="Label">Its label.</param>
    /// <param name="Effect">Its effect; null where its table alone has none.</param>
    /// <param name="Variance">Its sampling variance.</param>
    /// <param name="Weight">Its share of the weights, as a fraction.</param>
    private readonly record struct Study(string Label, double? Effect, double? Variance, double? Weight)
    {
        /// <summary>What it does to the fit; null where too few would be left without it.</summary>
        public InfluenceRow? Influence { get; init; }

        /// <summary>What leaving it out does to a model with dependent effects; null for other models, and where that was not computed.</summary>
        public ClusterInfluence? Deletion { get; init; }

        /// <summary>Its leverage in a model with dependent effects.</summary>
        public double? Hat { get; init; }

        public double? DeletedResidual => Influence?.StudentizedResidual ?? (Deletion is { Residuals: [var residual] } ? residual.Studentized : null);

        /// <summary>The only coefficient without it; with moderators there are several, not one.</summary>
        public double? EstimateWithout => Influence is { EstimatesWithout: [var estimate] } ? estimate : Deletion is { Coefficients: [var coefficient] } ? coefficient : null;

        public IReadOnlyList<double> DfBetas => Influence is { } row ? row.DfBetas : Deletion is { } deletion ? deletion.DfBetas : [];
    }

    private static IReadOnlyList<Study> Studies(Inquiry inquiry, bool influence)
    {
        if (inquiry.Counts is { } counts)
        {
            return [.. counts.Labels.Select((label, i) => new Study(label, counts.TableEffects[i]?.Value, counts.TableEffects[i]?.Variance, counts.Weights[i]))];
        }
        var fit = inquiry.Fit!;
        var effects = fit.Effects;
        IReadOnlyList<InfluenceRow>? rows = influence ? Influence(fit) : null;
        IReadOnlyList<ClusterInfluence>? deletions = influence && fit is MultilevelFit multilevel ? multilevel.Influence(MultilevelModel.EachEffect) : null;
        IReadOnlyList<double>? hats = fit is MultilevelFit leveraged ? leveraged.HatValues : null;
        // A model whose variance differs between studies has no one weight of each in its mean.
        IReadOnlyList<double>? weights = fit is LocationScaleFit ? null : fit.Weights;
        return [.. effects.Labels.Select((label, i) => new Study(label, effects.Effects[i], effects.Variances[i], weights?[i]) { Influence = rows?[i], Deletion = deletions?[i], Hat = hats?[i] })];
    }

    private static IReadOnlyList<InfluenceRow>? Influence(IModelFit fit)
    {
        try
        {
            return fit switch { PooledFit pooled => pooled.Influence().Rows, MetaRegressionFit regression => regression.Influence().Rows, _ => null };
        }
        catch (InsufficientStudiesException)
        {
            // The fit stands; only the questions about leaving a study out have no answer.
            return null;
        }
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
        json.Number("rStudent", study.DeletedResidual);
        json.Number("cookDistance", influence?.CookDistance ?? study.Deletion?.CookDistance);
        json.Number("hat", influence?.Hat ?? study.Hat);
        json.Number("leaveOneOutEstimate", study.EstimateWithout);
        json.Number("leaveOneOutBackTransformed", study.EstimateWithout is { } without && FitQuestion.MeansOf(inquiry) is not null ? measure.ToDisplay(without) : null);
        json.Number("leaveOneOutTauSquared", inquiry.Fit is { IsRandomEffects: true } ? influence?.TauSquaredWithout : null);
        json.Number("leaveOneOutQ", influence?.QWithout);
        json.Number("dffits", influence?.Dffits);
        json.Number("covarianceRatio", influence?.CovarianceRatio ?? study.Deletion?.CovarianceRatio);
        json.WriteStartArray("dfBetas");
        foreach (var value in study.DfBetas)
        {
            if (double.IsFinite(value)) json.WriteNumberValue(value);
            else json.WriteNullValue();
        }
        json.WriteEndArray();
        if (influence is null) json.WriteNull("influential");
        else json.WriteBoolean("influential", influence.IsInfluential);
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
