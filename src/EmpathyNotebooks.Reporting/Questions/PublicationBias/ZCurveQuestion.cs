using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>How many significant results would replicate, and how many of all studies done are significant.</summary>
internal sealed class ZCurveQuestion : BiasQuestion
{
    public override string Name => "z-curve";

    private protected override string IfTooFew => "p-curve needs fewer, and takes results of any z.";

    internal override string Schema =>
        """
        "zCurve": {
          "type": "object",
          "properties": {
            "err": { "$ref": "#/$defs/probability" }, "edr": { "$ref": "#/$defs/probability" }, "errLower": { "$ref": "#/$defs/probability" }, "errUpper": { "$ref": "#/$defs/probability" },
            "edrLower": { "$ref": "#/$defs/probability" }, "edrUpper": { "$ref": "#/$defs/probability" }
          },
          "required": ["err", "edr", "errLower", "errUpper", "edrLower", "edrUpper"],
          "additionalProperties": false
        }
        """;

    internal override IEnumerable<Saying> Sayings => [Saying.Of<ZCurve>(Say)];

    private protected override Answer Independent(IModelFit fit, Inquiry inquiry)
    {
        var options = new ZCurveOptions { ConfidenceLevel = inquiry.Level };
        if (inquiry.Said.WholeNumber("--seed") is { } seed) options = options with { Seed = seed };
        var curve = ZCurve.Fit(SignificantResults.Effects(fit), options);
        return new Answer(Say(curve))
        {
            Sentence = BiasSentences.ZCurve(curve),
            Warnings = curve.Warnings,
            Json = json => json.Object("zCurve", curve, _ =>
            {
                json.Number("err", curve.ExpectedReplicationRate);
                json.Number("edr", curve.ExpectedDiscoveryRate);
                json.Number("errLower", curve.ReplicationInterval?.Lower);
                json.Number("errUpper", curve.ReplicationInterval?.Upper);
                json.Number("edrLower", curve.DiscoveryInterval?.Lower);
                json.Number("edrUpper", curve.DiscoveryInterval?.Upper);
            }),
        };
    }

    private static Table Say(ZCurve curve)
    {
        var table = new Table("z-curve", ("", Align.Left), ("estimate", Align.Right), ($"{StatisticText.Level(curve.Options.ConfidenceLevel)} CI", Align.Right));
        table.Row("expected replication rate (ERR)", StatisticText.Percent(curve.ExpectedReplicationRate), Numbers.Interval(curve.ReplicationInterval, value => StatisticText.Percent(value)));
        table.Row("expected discovery rate (EDR)", StatisticText.Percent(curve.ExpectedDiscoveryRate), Numbers.Interval(curve.DiscoveryInterval, value => StatisticText.Percent(value)));
        table.Row("observed discovery rate", StatisticText.Percent(curve.ObservedDiscoveryRate), Numbers.None);
        table.Note($"{StatisticText.Count(curve.SignificantCount)} of {StatisticText.Count(curve.Count)} results are significant, {StatisticText.Count(curve.FittedCount)} of them with z below 6.");
        if (curve.ReplicationInterval is { }) table.Note($"Intervals from {StatisticText.Count(curve.Options.Bootstraps)} bootstrap samples, seed {curve.Options.Seed}, widened by 3 (ERR) and 5 (EDR) percentage points as its authors advise.");
        return table.Note($"At most {StatisticText.Percent(Math.Min(1, curve.LargestFalseDiscoveryRate))} of the significant results are false (Sorić); a file drawer of {StatisticText.Number(curve.FileDrawerRatio, 1)} studies to a significant one.");
    }
}
