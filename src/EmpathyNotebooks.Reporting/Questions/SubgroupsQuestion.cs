using System.Collections.Immutable;
using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>The mean effect in each group of studies, and the test whether groups differ.</summary>
internal sealed class SubgroupsQuestion : Question
{
    private const string ByName = "--subgroup";

    public override string Name => "subgroups";

    public override ImmutableArray<QuestionOption> Options =>
    [
        new(ByName, OptionKind.Text, "A column whose values make subgroups, each with a tau squared of its own, and the test between them.") { HelpName = "COLUMN" },
        new("--common-tau", OptionKind.Flag, "One tau squared for all subgroups.") { Needs = ByName, IsUsable = said => said.Has(ByName) },
    ];

    internal override string Schema =>
        """
        "subgroups": {
          "type": "array",
          "items": { "$ref": "#/$defs/coefficient", "required": ["name", "displayName", "k", "tauSquared", "predictionInterval"] }
        },
        "betweenGroups": { "$ref": "#/$defs/test" },
        "subgroupWarnings": { "type": "array", "items": { "type": "string" } }
        """;

    internal override IEnumerable<Saying> Sayings => [Saying.Of<SubgroupAnalysis>(Say)];

    public override bool NeedsIndependence => true;

    private protected override Answer AnswerTo(Inquiry inquiry)
    {
        var fit = inquiry.Fit as PooledFit ?? throw Inquiry.Undefined(ByName, "models without moderators and without --cluster, except after --model aggregate");
        var analysis = SubgroupAnalysis.Fit(fit.Effects, inquiry.Said.Text(ByName)!, new SubgroupOptions
        {
            CommonTauSquared = inquiry.Said.Has("--common-tau"),
            TauSquared = fit.Estimator,
            Inference = fit.Inference,
            ConfidenceLevel = fit.ConfidenceLevel,
        });
        return new Answer(Say(analysis)) { Sentence = analysis + ".", Json = json => Write(json, analysis) };
    }

    private static void Write(Utf8JsonWriter json, SubgroupAnalysis analysis)
    {
        json.Array("subgroups", analysis.Groups, (_, group) =>
        {
            var measure = analysis.MeasureOf(group);
            json.WriteString("name", group.Name);
            json.WriteString("displayName", $"{analysis.Column}: {group.Name}");
            json.WriteNumber("k", group.Count);
            json.Coefficient(group.Estimate);
            json.Number("tauSquared", group.TauSquared);
            json.Interval("predictionInterval", group.PredictionInterval);
            var shown = group.Estimate.ConfidenceInterval.Transform(measure.ToDisplay);
            json.WriteStartObject("backTransformed");
            json.WriteString("symbol", measure.Symbol);
            json.Number("estimate", measure.ToDisplay(group.Estimate.Estimate));
            json.Number("lower", shown.Lower);
            json.Number("upper", shown.Upper);
            json.Interval("predictionInterval", group.PredictionInterval?.Transform(measure.ToDisplay));
            json.WriteEndObject();
        });
        json.Test("betweenGroups", analysis.Between);
        json.Texts("subgroupWarnings", analysis.Warnings);
    }

    private static Table Say(SubgroupAnalysis analysis)
    {
        var measure = analysis.Effects.Measure;
        var level = StatisticText.Level(analysis.Options.ConfidenceLevel);
        var table = new Table($"Subgroups by {analysis.Column}", ("", Align.Left), ("k", Align.Right), (measure.Symbol, Align.Right), ($"{level} CI", Align.Right),
            ($"{level} prediction interval", Align.Right), ("τ²", Align.Right));
        table.DataLabel(analysis.Effects.Origin);
        foreach (var group in analysis.Groups)
        {
            var own = analysis.MeasureOf(group);
            table.Row($"{analysis.Column}: {group.Name}", StatisticText.Count(group.Count), own.Format(own.ToDisplay(group.Estimate.Estimate), 3),
                Numbers.Interval(group.Estimate.ConfidenceInterval.Transform(own.ToDisplay), own),
                group.PredictionInterval is { } prediction ? Numbers.Interval(prediction.Transform(own.ToDisplay), own) : Numbers.None,
                group.TauSquared is { } tau2 ? StatisticText.Significant(tau2) : Numbers.None);
        }
        if (analysis.Between is { } between) table.Note($"Between groups: {between}.");
        if (measure.DisplayNote is not null) table.Note("Shown by the inverse of Miller (1978), each group with the harmonic mean of its own sizes.");
        foreach (var warning in analysis.Warnings) table.Note("Note: " + warning);
        if (analysis.Omitted.Length > 0)
        {
            table.Note($"Left out, {StatisticText.Count(analysis.Omitted.Length)} without a value of {analysis.Column}: "
                + string.Join("; ", analysis.Omitted.Select(o => o.Label)) + ".");
        }
        return table;
    }
}
