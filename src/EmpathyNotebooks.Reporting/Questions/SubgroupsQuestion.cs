using System.Collections.Immutable;
using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>The mean effect in each group of effects, by the model of the fit, and the test whether groups differ.</summary>
internal sealed class SubgroupsQuestion : Question
{
    private const string ByName = "--subgroup";

    public override string Name => "subgroups";

    public override ImmutableArray<QuestionOption> Options =>
    [
        new(ByName, OptionKind.Text, "A column whose values make subgroups, each with variances of true effects of its own, and the test between them.") { HelpName = "COLUMN" },
        new("--common-tau", OptionKind.Flag, "The same variances of true effects for all subgroups.") { Needs = ByName, IsUsable = said => said.Has(ByName) },
    ];

    internal override string Schema =>
        """
        "subgroups": {
          "type": "array",
          "items": { "$ref": "#/$defs/coefficient", "required": ["name", "displayName", "k", "tauSquared", "predictionInterval"] }
        },
        "betweenGroups": { "$ref": "#/$defs/test" },
        "robustBetweenGroups": { "$ref": "#/$defs/test" },
        "subgroupWarnings": { "type": "array", "items": { "type": "string" } }
        """;

    internal override IEnumerable<Saying> Sayings => [Saying.Of<SubgroupAnalysis>(Say), Saying.Of<FitSubgroups>(Say)];

    private protected override Answer AnswerTo(Inquiry inquiry)
    {
        var groups = inquiry.Fit!.Subgroups(inquiry.Said.Text(ByName)!, inquiry.Said.Has("--common-tau"));
        return new Answer(Say(groups)) { Sentence = SubgroupsSentence.Of(groups), Json = json => Write(json, groups) };
    }

    private static void Write(Utf8JsonWriter json, FitSubgroups groups)
    {
        json.Array("subgroups", groups.Groups, (_, group) =>
        {
            json.WriteString("name", group.Name);
            json.WriteString("displayName", $"{groups.Column}: {group.Name}");
            json.WriteNumber("k", group.Rows.Length);
            if (group.Estimate is { } mean) json.Coefficient(mean);
            else json.NoCoefficient(group.Absence ?? "The mean depends on further moderators.");
            // A model without tau² has said 0 here since the first version.
            json.Number("tauSquared", group.TauSquared ?? (groups.Fit is PooledFit { IsRandomEffects: false } ? 0 : null));
            json.Interval("predictionInterval", group.PredictionInterval);
            var measure = MeasureOf(groups, group);
            var shown = group.Estimate is { HasStandardError: true } known ? known.ConfidenceInterval.Transform(measure.ToDisplay) : (ConfidenceInterval?)null;
            json.WriteStartObject("backTransformed");
            json.WriteString("symbol", measure.Symbol);
            json.Number("estimate", group.Estimate is { } estimate ? measure.ToDisplay(estimate.Estimate) : null);
            json.Number("lower", shown?.Lower);
            json.Number("upper", shown?.Upper);
            json.Interval("predictionInterval", group.PredictionInterval?.Transform(measure.ToDisplay));
            json.WriteEndObject();
        });
        json.Test("betweenGroups", groups.Between);
        if (groups.RobustBetween is not null) json.Test("robustBetweenGroups", groups.RobustBetween);
        json.Texts("subgroupWarnings", groups.Warnings);
    }

    /// <summary>Where values go back by sample sizes, by those of the group.</summary>
    private static EffectMeasure MeasureOf(FitSubgroups groups, FitSubgroup group) => groups.Fit.Effects.Select(group.Rows).Measure;

    /// <summary>One group as a row.</summary>
    private readonly record struct Line(string Name, int Count, EffectMeasure Measure, Coefficient? Mean, ConfidenceInterval? Prediction, double? TauSquared);

    private static Table Say(FitSubgroups groups) => Say(groups.Fit.Effects, groups.Column, groups.Fit.ConfidenceLevel,
        groups.Groups.Select(g => new Line(g.Name, g.Rows.Length, MeasureOf(groups, g), g.Estimate, g.PredictionInterval, g.TauSquared)),
        groups.Between, groups.RobustBetween, groups.Warnings, groups.Omitted);

    private static Table Say(SubgroupAnalysis analysis) => Say(analysis.Effects, analysis.Column, analysis.Options.ConfidenceLevel,
        analysis.Groups.Select(g => new Line(g.Name, g.Count, analysis.MeasureOf(g), g.Estimate, g.PredictionInterval, g.TauSquared)), analysis.Between, null, analysis.Warnings, analysis.Omitted);

    private static Table Say(StudyEffects effects, string column, double confidence, IEnumerable<Line> lines, ModeratorTest? between, ModeratorTest? robust, ImmutableArray<string> warnings,
        ImmutableArray<OmittedStudy> omitted)
    {
        var level = StatisticText.Level(confidence);
        var table = new Table($"Subgroups by {column}", ("", Align.Left), ("k", Align.Right), (effects.Measure.Symbol, Align.Right), ($"{level} CI", Align.Right),
            ($"{level} prediction interval", Align.Right), ("τ²", Align.Right));
        table.DataLabel(effects.Origin);
        foreach (var line in lines)
        {
            var own = line.Measure;
            table.Row($"{column}: {line.Name}", StatisticText.Count(line.Count), line.Mean is { } mean ? own.Format(own.ToDisplay(mean.Estimate), 3) : Numbers.None,
                line.Mean is { HasStandardError: true } known ? Numbers.Interval(known.ConfidenceInterval.Transform(own.ToDisplay), own) : Numbers.None,
                line.Prediction is { } prediction ? Numbers.Interval(prediction.Transform(own.ToDisplay), own) : Numbers.None,
                line.TauSquared is { } tau2 ? StatisticText.Significant(tau2) : Numbers.None);
        }
        if (between is { } test) table.Note($"Between groups: {test}.");
        if (robust is { } alike) table.Note($"Between groups with cluster-robust errors (HTZ): {alike}.");
        if (effects.Measure.DisplayNote is not null) table.Note("Shown by the inverse of Miller (1978), each group with the harmonic mean of its own sizes.");
        foreach (var warning in warnings) table.Note("Note: " + warning);
        if (omitted.Length > 0)
        {
            table.Note($"Left out, {StatisticText.Count(omitted.Length)} without a value of {column}: {string.Join("; ", omitted.Select(o => o.Label))}.");
        }
        return table;
    }
}
