using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>How many studies would make the funnel symmetric, and what the mean is with them.</summary>
internal sealed class TrimAndFillQuestion : BiasQuestion
{
    public override string Name => "trim and fill";

    internal override string Schema =>
        """
        "trimAndFill": {
          "type": "array",
          "items": {
            "type": "object",
            "properties": {
              "estimator": { "enum": ["L0", "R0", "Q0"] }, "side": { "enum": ["left", "right"] }, "missing": { "type": "integer", "minimum": 0 }, "missingStandardError": { "$ref": "#/$defs/number" },
              "estimate": { "$ref": "#/$defs/number" }, "lower": { "$ref": "#/$defs/number" }, "upper": { "$ref": "#/$defs/number" }, "tauSquared": { "$ref": "#/$defs/number" },
              "filled": {
                "type": "array",
                "items": { "type": "object", "properties": { "effect": { "$ref": "#/$defs/number" }, "variance": { "$ref": "#/$defs/number" } }, "required": ["effect", "variance"], "additionalProperties": false }
              }
            },
            "required": ["estimator", "side", "missing", "missingStandardError", "estimate", "lower", "upper", "tauSquared", "filled"],
            "additionalProperties": false
          }
        }
        """;

    internal override IEnumerable<Saying> Sayings => [Saying.Of<TrimAndFillResult>(result => Say([result], "Trim and fill").DataLabel(result.Original.Effects.Origin))];

    private protected override Answer Independent(IModelFit fit, Inquiry inquiry) => fit is PooledFit ? Of(fit, clustered: false) : throw Inquiry.Undefined(All, "models without moderators: it has one mean to mirror effects around");

    private protected override Answer Clustered(IModelFit fit, Inquiry inquiry) => Of(fit, clustered: true);

    private static Answer Of(IModelFit fit, bool clustered)
    {
        var results = ImmutableArray.CreateBuilder<TrimAndFillResult>();
        List<Exception> faults = [];
        foreach (var estimator in Enum.GetValues<TrimAndFillEstimator>())
        {
            try
            {
                results.Add(fit.TrimAndFill(estimator, null, null));
            }
            catch (Exception fault) when (fault is UndeterminedException or ConvergenceException)
            {
                faults.Add(fault);
            }
        }
        if (results.Count == 0) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(faults[0]);
        return new Answer(Say(results.ToImmutable(), clustered ? "Trim and fill of cluster means" : "Trim and fill"))
        {
            IsClustered = clustered,
            Sentence = BiasSentences.TrimAndFill(results[0]),
            Warnings = [.. results.SelectMany(r => r.Warnings).Concat(faults.Select(f => f.Message)).Distinct()],
            Json = json => json.Array("trimAndFill", results, (_, result) =>
            {
                json.WriteString("estimator", result.Estimator.ToString());
                json.WriteString("side", Side(result));
                json.WriteNumber("missing", result.Missing);
                json.Number("missingStandardError", result.MissingStandardError);
                json.Number("estimate", result.Fit.Estimate);
                json.Number("lower", result.Fit.ConfidenceInterval.Lower);
                json.Number("upper", result.Fit.ConfidenceInterval.Upper);
                json.Number("tauSquared", result.Fit.TauSquared);
                json.Array("filled", result.Filled, (_, study) =>
                {
                    json.Number("effect", study.Effect);
                    json.Number("variance", study.Variance);
                });
            }),
        };
    }

    private static string Side(TrimAndFillResult result) => result.Side == FunnelSide.Left ? "left" : "right";

    private static Table Say(ImmutableArray<TrimAndFillResult> results, string title)
    {
        var measure = results[0].Fit.Effects.Measure;
        var table = new Table(title, ("number of missing studies", Align.Left), ("side", Align.Left), ("missing", Align.Right), ("SE", Align.Right), (measure.Symbol, Align.Right),
            (StatisticText.Level(results[0].Fit.ConfidenceLevel) + " CI", Align.Right), ("τ²", Align.Right));
        var before = results[0].Original;
        table.Row("as observed", "", "", "", measure.Format(before.BackTransformed.Estimate, 3), Numbers.Interval(before.BackTransformed.ConfidenceInterval, measure), StatisticText.Significant(before.TauSquared));
        foreach (var result in results)
        {
            var shown = result.Fit.BackTransformed;
            table.Row(result.Estimator.ToString(), Side(result), StatisticText.Count(result.Missing), Numbers.Number(result.MissingStandardError), measure.Format(shown.Estimate, 3), Numbers.Interval(shown.ConfidenceInterval, measure),
                StatisticText.Significant(result.Fit.TauSquared));
        }
        return table.Note("Filled studies are mirror images, not data: the mean with them is what symmetry would give, and its interval is too narrow. Where significant results are selected it corrects too little.");
    }
}
