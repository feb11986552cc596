using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>Are more studies significant than their power lets expect?</summary>
internal sealed class ExcessSignificanceQuestion : BiasQuestion
{
    public override string Name => "excess significance";

    public override bool NeedsIndependence => true;

    internal override string Schema =>
        """
        "excessSignificance": {
          "type": "object",
          "properties": {
            "observed": { "type": "integer", "minimum": 0 }, "expected": { "$ref": "#/$defs/number" }, "ratio": { "$ref": "#/$defs/number" }, "chiSquared": { "$ref": "#/$defs/number" },
            "pValue": { "$ref": "#/$defs/probability" }, "test": { "enum": ["exact", "chi2", "binom"] }, "alternative": { "enum": ["greater", "less", "two.sided"] }, "mean": { "$ref": "#/$defs/number" },
            "limit": { "$ref": "#/$defs/number" }, "power": { "type": "array", "items": { "$ref": "#/$defs/probability" } },
            "withHeterogeneity": {
              "type": ["object", "null"],
              "properties": {
                "expected": { "$ref": "#/$defs/number" }, "ratio": { "$ref": "#/$defs/number" }, "chiSquared": { "$ref": "#/$defs/number" }, "pValue": { "$ref": "#/$defs/probability" }, "mean": { "$ref": "#/$defs/number" },
                "limit": { "$ref": "#/$defs/number" }, "power": { "type": "array", "items": { "$ref": "#/$defs/probability" } }
              },
              "required": ["expected", "ratio", "chiSquared", "pValue", "mean", "limit", "power"],
              "additionalProperties": false
            }
          },
          "required": ["observed", "expected", "ratio", "chiSquared", "pValue", "test", "alternative", "mean", "limit", "power", "withHeterogeneity"],
          "additionalProperties": false
        }
        """;

    internal override IEnumerable<Saying> Sayings => [Saying.Of<ExcessSignificance>(test => Say(test, null))];

    private protected override Answer Independent(IModelFit fit, Inquiry inquiry)
    {
        if (fit is LocationScaleFit) throw Inquiry.Undefined(All, "models without moderators of scale");
        var options = new ExcessSignificanceOptions { Significance = inquiry.Said.Has("--alternative") ? TriangulationQuestion.SideOf(inquiry.Said) : Alternative.TwoSided };
        // The test as it was published takes studies to have one true effect; with τ² of the model it stands beside.
        var test = (fit is PooledFit ? EqualEffects.Fit(fit.Effects) : fit).ExcessSignificance(options);
        var random = fit is PooledFit { TauSquared: > 0 } ? fit.ExcessSignificance(options) : null;
        return new Answer(Say(test, random))
        {
            Sentence = BiasSentences.Excess(test, fit.ConfidenceLevel),
            Warnings = [.. test.Warnings.Concat(random?.Warnings ?? []).Distinct()],
            Json = json => json.Object("excessSignificance", test, _ =>
            {
                json.WriteNumber("observed", test.Observed);
                Numbers(test);
                json.WriteString("test", test.Test switch { ExcessTest.Exact => "exact", ExcessTest.Binomial => "binom", _ => "chi2" });
                json.WriteString("alternative", options.Significance switch { Alternative.Greater => "greater", Alternative.Less => "less", _ => "two.sided" });
                json.Object("withHeterogeneity", random, Numbers);

                void Numbers(ExcessSignificance which)
                {
                    json.Number("expected", which.Expected);
                    json.Number("ratio", which.Ratio);
                    json.Number("chiSquared", which.ChiSquared);
                    json.Number("pValue", which.PValue);
                    json.Number("mean", which.Mean);
                    json.Number("limit", which.ExcessLimit);
                    json.WriteStartArray("power");
                    foreach (var power in which.Power) json.WriteNumberValue(power);
                    json.WriteEndArray();
                }
            }),
        };
    }

    private static Table Say(ExcessSignificance test, ExcessSignificance? random)
    {
        var table = new Table("Excess significance", ("true effects", Align.Left), ("k", Align.Right), ("significant", Align.Right), ("expected", Align.Right), ("ratio", Align.Right), ("p", Align.Right), ("mean power", Align.Right));
        foreach (var (name, row) in new[] { (random is null ? "as in the model" : "one", test), ("with τ²", random) })
        {
            if (row is null) continue;
            table.Row(name, StatisticText.Count(row.Count), StatisticText.Count(row.Observed), StatisticText.Number(row.Expected), double.IsFinite(row.Ratio) ? StatisticText.Number(row.Ratio) : "", StatisticText.PValue(row.PValue),
                StatisticText.Percent(row.Expected / row.Count));
        }
        var how = test.Test switch { ExcessTest.Exact => "exactly", ExcessTest.Binomial => "by the binomial distribution", _ => "by chi-squared" };
        var side = test.Options.Significance switch { Alternative.Greater => " above 0, one-sided", Alternative.Less => " below 0, one-sided", _ => ", two-sided" };
        return table.Note($"Significant at {StatisticText.Number(test.Options.Alpha, 2, leadingZero: false)}{side}; tested {how}. The mean that the power is computed with is itself too large where results were selected, so that the test errs to the safe side.");
    }
}
