using System.Collections.Immutable;
using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>How much effects differ: Q, I², H², τ² with their intervals. Always said; other intervals of τ² by name.</summary>
internal sealed class HeterogeneityQuestion : Question
{
    private const string ByName = "--tau-ci";

    public override string Name => "heterogeneity";

    public override ImmutableArray<QuestionOption> Options =>
    [
        new(ByName, OptionKind.Choice, "The interval of tau squared: QP (Q-profile), PL (profile likelihood, with REML or ML), GENQ (generalised Q), WALD (estimate and standard error; for many studies only).")
        {
            HelpName = "TAUCI", Choices = ["QP", "PL", "GENQ", "WALD"],
        },
    ];

    internal override string Schema =>
        """
        "heterogeneity": {
          "type": "object",
          "properties": {
            "tauSquared": { "$ref": "#/$defs/number" }, "tauSquaredStandardError": { "$ref": "#/$defs/number" }, "omegaSquared": { "$ref": "#/$defs/number" },
            "iSquared": { "$ref": "#/$defs/number" }, "hSquared": { "$ref": "#/$defs/number" }, "q": { "$ref": "#/$defs/number" }, "qDegreesOfFreedom": { "$ref": "#/$defs/number" },
            "qPValue": { "$ref": "#/$defs/probability" }, "rSquared": { "$ref": "#/$defs/number" },
            "tauSquaredInterval": { "$ref": "#/$defs/interval" }, "iSquaredInterval": { "$ref": "#/$defs/interval" }
          },
          "required": ["tauSquared", "tauSquaredStandardError", "iSquared", "hSquared", "q", "qDegreesOfFreedom", "qPValue", "rSquared", "tauSquaredInterval", "iSquaredInterval"],
          "additionalProperties": false
        },
        "tauSquaredIntervalMethod": { "type": "string" }
        """;

    internal override IEnumerable<Saying> Sayings => [Saying.Of<HeterogeneityMeasures>(Say), Saying.Of<HeterogeneityIntervals>(Say)];

    public override bool NeedsIndependence => true;

    private protected override bool IsAlwaysAsked => true;

    private protected override Answer AnswerTo(Inquiry inquiry)
    {
        var measures = inquiry.Fit?.Heterogeneity;
        var intervals = Intervals(inquiry, measures);
        return new Answer(measures is null ? [] : intervals is null ? [Say(measures)] : [Say(measures), Say(intervals)])
        {
            Sentence = HeterogeneitySentence.Of(inquiry, intervals),
            Json = json =>
            {
                Write(json, inquiry, measures, intervals);
                if (intervals is not null) json.WriteString("tauSquaredIntervalMethod", intervals.Method);
            },
        };
    }

    private static HeterogeneityIntervals? Intervals(Inquiry inquiry, HeterogeneityMeasures? measures)
    {
        if (inquiry.Said.Text(ByName) is not { } method) return null;
        if (measures is not { IsRandomEffects: true, TauSquaredInterval: not null }) throw Inquiry.Undefined(ByName, "models with one tau squared");
        return method switch
        {
            "PL" => measures.ProfileLikelihoodIntervals(),
            "WALD" => measures.WaldIntervals(),
            "GENQ" => measures.GeneralizedQIntervals((inquiry.Fit!.Options as RandomEffectsOptions)?.Weights),
            _ => null,
        };
    }

    private static void Write(Utf8JsonWriter json, Inquiry inquiry, HeterogeneityMeasures? measures, HeterogeneityIntervals? intervals)
    {
        var (fit, counts) = (inquiry.Fit, inquiry.Counts);
        double? standardError = fit switch { PooledFit pooled => pooled.TauSquaredStandardError, MetaRegressionFit regression => regression.TauSquaredStandardError, _ => null };
        var robust = fit as RobustVarianceFit;
        var q = counts?.Q ?? fit!.Q;
        json.WriteStartObject("heterogeneity");
        json.Number("tauSquared", measures?.TauSquared ?? robust?.TauSquared);
        json.Number("tauSquaredStandardError", standardError);
        if (robust?.OmegaSquared is { } omega2) json.Number("omegaSquared", omega2);
        json.Number("iSquared", counts?.ISquared ?? fit!.ISquared);
        json.Number("hSquared", counts?.HSquared ?? measures?.HSquared);
        json.Number("q", q?.Statistic);
        json.Number("qDegreesOfFreedom", q?.DegreesOfFreedom);
        json.Number("qPValue", q?.PValue);
        json.Number("rSquared", (fit as MetaRegressionFit)?.RSquared);
        // A model without tau² has no interval of it either.
        json.Interval("tauSquaredInterval", standardError is null ? null : intervals?.TauSquared ?? measures?.TauSquaredInterval);
        json.Interval("iSquaredInterval", standardError is null ? null : intervals?.ISquared ?? measures?.ISquaredInterval);
        json.WriteEndObject();
    }

    private static Table Say(HeterogeneityMeasures heterogeneity)
    {
        var effects = heterogeneity switch
        {
            Heterogeneity pooled => pooled.Fit.Effects,
            ResidualHeterogeneity residual => residual.Fit.Effects,
            _ => throw new ArgumentException($"There is no table for {heterogeneity.GetType().Name}.", nameof(heterogeneity)),
        };
        var table = new Table("Heterogeneity", ("", Align.Left), ("estimate", Align.Right),
            ($"{StatisticText.Level(heterogeneity.ConfidenceLevel)} CI (Q-profile)", Align.Right), ("what it says", Align.Left));
        table.DataLabel(effects.Origin);
        table.Row($"Q({StatisticText.Count(heterogeneity.Q.DegreesOfFreedom)})", StatisticText.Number(heterogeneity.Q.Statistic), "",
            $"{StatisticText.PValueWithSymbol(heterogeneity.Q.PValue)}: could one true effect give effects this different?");
        if (heterogeneity.IsRandomEffects)
        {
            table.Row("τ²", StatisticText.Significant(heterogeneity.TauSquared), Numbers.Interval(heterogeneity.TauSquaredInterval, v => StatisticText.Significant(v)),
                "variance of true effects");
            table.Row("τ", StatisticText.Significant(heterogeneity.Tau), Numbers.Interval(heterogeneity.TauInterval, v => StatisticText.Significant(v)),
                "standard deviation of true effects");
        }
        table.Row("I²", StatisticText.Percent(heterogeneity.ISquared), Numbers.Interval(heterogeneity.ISquaredInterval, v => StatisticText.Percent(v)),
            "share of the variance that is not sampling error");
        table.Row("H²", StatisticText.Number(heterogeneity.HSquared), Numbers.Interval(heterogeneity.HSquaredInterval, v => StatisticText.Number(v)),
            "total over sampling variance");
        return table;
    }

    private static Table Say(HeterogeneityIntervals intervals)
    {
        var table = new Table($"{intervals.Method} intervals", ("", Align.Left), ($"{StatisticText.Level(intervals.TauSquared.Level)} CI", Align.Right));
        table.Row("τ²", Numbers.Interval(intervals.TauSquared, v => StatisticText.Significant(v)));
        table.Row("τ", Numbers.Interval(intervals.Tau, v => StatisticText.Significant(v)));
        table.Row("I²", Numbers.Interval(intervals.ISquared, v => StatisticText.Percent(v)));
        return table.Row("H²", Numbers.Interval(intervals.HSquared, v => StatisticText.Number(v)));
    }
}
