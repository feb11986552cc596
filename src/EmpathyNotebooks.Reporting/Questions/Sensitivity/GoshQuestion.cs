using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>Do a few studies carry the result? The model fitted to all subsets of them, or to many random ones.</summary>
internal sealed class GoshQuestion : SensitivityQuestion
{
    public const string ByName = "--gosh";

    /// <summary>Of more studies than this the table has those that do most.</summary>
    private const int MostRows = 10;

    private static readonly ImmutableArray<double> Probabilities = [0, 0.025, 0.25, 0.5, 0.75, 0.975, 1];

    public override string Name => "subsets of studies (GOSH)";

    public override ImmutableArray<QuestionOption> Options =>
    [
        new(All, OptionKind.Flag, "How far the result depends on single studies and on the assumptions of its test: all that --gosh, --permutations and --bootstrap ask, and why what has no answer has none."),
        new(ByName, OptionKind.Flag, "The model fitted to all subsets of the studies, or to many random ones where there are too many (GOSH), and the studies that divide the cloud."),
    ];

    internal override string Schema =>
        """
        "gosh": {
          "type": "object",
          "properties": {
            "subsets": { "type": "integer", "minimum": 1 }, "exhaustive": { "type": "boolean" }, "undetermined": { "type": "integer", "minimum": 0 }, "coefficient": { "type": "string" },
            "estimate": {
              "type": "object",
              "properties": {
                "mean": { "$ref": "#/$defs/number" },
                "quantiles": {
                  "type": "object",
                  "properties": {
                    "0": { "$ref": "#/$defs/number" }, "0.025": { "$ref": "#/$defs/number" }, "0.25": { "$ref": "#/$defs/number" }, "0.5": { "$ref": "#/$defs/number" },
                    "0.75": { "$ref": "#/$defs/number" }, "0.975": { "$ref": "#/$defs/number" }, "1": { "$ref": "#/$defs/number" }
                  },
                  "required": ["0", "0.025", "0.25", "0.5", "0.75", "0.975", "1"],
                  "additionalProperties": false
                }
              },
              "required": ["mean", "quantiles"],
              "additionalProperties": false
            },
            "tauSquaredMean": { "$ref": "#/$defs/number" }, "iSquaredMean": { "$ref": "#/$defs/number" }, "outlying": { "type": "array", "items": { "type": "string" } }
          },
          "required": ["subsets", "exhaustive", "undetermined", "coefficient", "estimate", "tauSquaredMean", "iSquaredMean", "outlying"],
          "additionalProperties": false
        }
        """;

    internal override IEnumerable<Saying> Sayings => [Saying.Of<GoshResult>(Summary)];

    private protected override string Alone => ByName;

    private protected override Answer Of(IModelFit fit, Inquiry inquiry)
    {
        if (fit is not (PooledFit or MetaRegressionFit or DependentFit)) throw Undefined(inquiry, "pooled, regression, multilevel and multivariate models");
        if (fit.Options is RandomEffectsOptions { Weights: not null } or RandomEffectsOptions { TauSquared: TauSquaredEstimator.GeneralizedQ } or EqualEffectsOptions { Weights: not null } or MetaRegressionOptions { Weights: not null }) throw Undefined(inquiry, "the model's own weights");
        var options = new GoshOptions();
        if (inquiry.Said.WholeNumber("--seed") is { } seed) options = options with { Seed = seed };
        var gosh = fit.Gosh(options, inquiry.ProgressOf(Name), inquiry.Cancellation);
        return new Answer(Summary(gosh), Members(gosh))
        {
            Sentence = Sentence(gosh),
            Warnings = [.. Warnings(gosh)],
            Json = json => json.Object("gosh", gosh, _ => Write(json, gosh)),
        };
    }

    private static string Sentence(GoshResult gosh)
    {
        var shown = Shown(gosh.Fit, 2);
        var (symbol, which) = (gosh.Fit.Mean is null ? gosh.Coefficient : gosh.Fit.Measure.Symbol, gosh.Outlying.IsEmpty ? "no study divided them"
            : $"{ApaText.List([.. gosh.Outlying])} divided them into two clouds, which is a reason to look at {(gosh.Outlying.Length == 1 ? "it" : "them")}, not to leave {(gosh.Outlying.Length == 1 ? "it" : "them")} out");
        return $"Over {(gosh.IsExhaustive ? "all " : "")}{StatisticText.Count(gosh.Subsets)} {(gosh.IsExhaustive ? "" : "random ")}subsets of studies the median was {symbol} = {shown(gosh.Estimate.Median)}, and 95% of them lay between {shown(gosh.Estimate.Quantile(0.025))} and {shown(gosh.Estimate.Quantile(0.975))}; {which}.";
    }

    private static void Write(Utf8JsonWriter json, GoshResult gosh)
    {
        json.WriteNumber("subsets", gosh.Subsets);
        json.WriteBoolean("exhaustive", gosh.IsExhaustive);
        json.WriteNumber("undetermined", gosh.Undetermined);
        json.WriteString("coefficient", gosh.Coefficient);
        json.WriteStartObject("estimate");
        json.Number("mean", gosh.Estimate.Mean);
        json.WriteStartObject("quantiles");
        foreach (var probability in Probabilities) json.Number(probability.ToString(CultureInfo.InvariantCulture), gosh.Estimate.Quantile(probability));
        json.WriteEndObject();
        json.WriteEndObject();
        json.Number("tauSquaredMean", gosh.TauSquared.Mean);
        json.Number("iSquaredMean", gosh.ISquared.Mean);
        json.Texts("outlying", gosh.Outlying);
    }

    private static IEnumerable<string> Warnings(GoshResult gosh)
    {
        var shown = Shown(gosh.Fit, 2);
        if (gosh.Outlying is [var first, ..])
        {
            var study = gosh.Studies.First(s => s.Label == first);
            yield return $"{string.Join(", ", gosh.Outlying)} {(gosh.Outlying.Length == 1 ? "divides" : "divide")} the cloud of subsets: over those with {first} the estimate averages {shown(study.MeanWith)}, over those without {shown(study.MeanWithout)}, "
                + $"and that explains {StatisticText.Percent(study.EstimateExplained, 0)} of the variance of the estimates and {StatisticText.Percent(study.HeterogeneityExplained, 0)} of that of I². Look for what is special about it before anything is left out.";
        }
        if (gosh.Undetermined > 0) yield return $"{StatisticText.Count(gosh.Undetermined)} of {StatisticText.Count(gosh.Subsets + gosh.Undetermined)} subsets do not determine {Followed(gosh)}, and were left out.";
    }

    private static Table Summary(GoshResult gosh)
    {
        var table = new Table("The model fitted to subsets of the studies (GOSH)", ("", Align.Left), ("mean", Align.Right), ("smallest", Align.Right), ("2.5%", Align.Right), ("median", Align.Right), ("97.5%", Align.Right), ("largest", Align.Right));
        table.DataLabel(gosh.Fit.Effects.Origin);
        Add(gosh.Fit.Mean is null ? gosh.Coefficient : gosh.Fit.Measure.Symbol, gosh.Estimate, Shown(gosh.Fit));
        Add("τ²", gosh.TauSquared, v => StatisticText.Significant(v));
        Add("I²", gosh.ISquared, v => StatisticText.Percent(v));
        Add("Q", gosh.Q, v => StatisticText.Number(v));
        return table.Note($"{(gosh.IsExhaustive ? "All " : "")}{StatisticText.Count(gosh.Subsets)} {(gosh.IsExhaustive ? "" : "random ")}subsets of {StatisticText.Count(gosh.Studies.Length)} {Noun(gosh)}{(gosh.Undetermined > 0 ? $" that determine {Followed(gosh)}" : "")}. "
            + (gosh.Outlying.IsEmpty ? "No study divides the cloud." : $"Outlying: {string.Join(", ", gosh.Outlying)}.") + " The quantiles describe the cloud; they are no confidence interval.");

        void Add(string name, SubsetSummary summary, Func<double, string> text) =>
            table.Row([name, text(summary.Mean), .. ((double[])[0, 0.025, 0.5, 0.975, 1]).Select(p => text(summary.Quantile(p)))]);
    }

    private static Table Members(GoshResult gosh)
    {
        var shown = Shown(gosh.Fit);
        var table = new Table("What having a study does to the cloud", ("", Align.Left), ("mean with it", Align.Right), ("without it", Align.Right), ("variance explained", Align.Right), ("of I²", Align.Right), ("outlying", Align.Left)).Names(0);
        var most = gosh.Studies.OrderByDescending(s => Math.Max(s.EstimateExplained, s.HeterogeneityExplained)).Take(MostRows).ToArray();
        foreach (var study in most)
        {
            table.Row(study.Label, Mean(study.MeanWith), Mean(study.MeanWithout), StatisticText.Percent(study.EstimateExplained), StatisticText.Percent(study.HeterogeneityExplained), study.IsOutlying ? "yes" : "");
        }
        return table.Note((most.Length < gosh.Studies.Length ? $"The {StatisticText.Count(most.Length)} of {StatisticText.Count(gosh.Studies.Length)} {Noun(gosh)} that do most. " : "")
            + $"Outlying: explains at least {StatisticText.Percent(Math.Max(0.25, 3.0 / gosh.Studies.Length), 0)} of the variance of the estimates or of I² over the subsets.");

        // Where every subset that determines the coefficient has a study, there is no mean without it.
        string Mean(double value) => double.IsFinite(value) ? shown(value) : Numbers.None;
    }

    private static string Followed(GoshResult gosh) => gosh.Fit.Mean is null ? gosh.Coefficient : "the mean";

    private static string Noun(GoshResult gosh) => gosh.Fit.Clusters is { } clusters ? $"clusters of {clusters.Column}" : "studies";
}
