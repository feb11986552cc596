using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>What the mean would be if no one story of bias were taken for granted: RoBMA-PSMA.</summary>
internal sealed class ModelAveragingQuestion : BiasQuestion
{
    public override string Name => "model-averaged bias adjustment (RoBMA)";

    internal override string Schema =>
        """
        "robma": {
          "type": "object",
          "properties": {
            "estimate": { "$ref": "#/$defs/number" }, "lower": { "$ref": "#/$defs/number" }, "upper": { "$ref": "#/$defs/number" },
            "bayesFactors": {
              "type": "object",
              "properties": { "effect": { "$ref": "#/$defs/number" }, "heterogeneity": { "$ref": "#/$defs/number" }, "bias": { "$ref": "#/$defs/number" } },
              "required": ["effect", "heterogeneity", "bias"],
              "additionalProperties": false
            }
          },
          "required": ["estimate", "lower", "upper", "bayesFactors"],
          "additionalProperties": false
        }
        """;

    internal override IEnumerable<Saying> Sayings => [Saying.Of<ModelAveragedBiasAdjustment>(robma => Say(robma, robma.Effects.Measure))];

    private protected override Answer Independent(IModelFit fit, Inquiry inquiry)
    {
        var side = SignificantResults.OneSide(inquiry, "Model averaging");
        _ = AdjustedMeans.Pooled(fit);
        var robma = inquiry.Adjustments.ModelAveraged;
        return new Answer(Say(robma, inquiry.Measure))
        {
            Sentence = $"Averaged over {robma.Models.Length} models with and without an effect, heterogeneity and publication bias ({robma.Adjusted.Method}), {inquiry.Measure.Symbol} = {Shown(robma.Mean.Mean, inquiry.Measure, 2)}, "
                + $"{StatisticText.Level(inquiry.Level)} credible interval {Interval(robma.Mean, inquiry.Measure, 2)}; Bayes factors: effect {Factor(robma.Effect)}, heterogeneity {Factor(robma.Heterogeneity)}, publication bias {Factor(robma.Bias)}.",
            Warnings = [.. robma.Warnings, .. SignificantResults.OtherSide(fit, side)],
            Json = json => json.Object("robma", robma, _ =>
            {
                json.Number("estimate", robma.Mean.Mean);
                json.Number("lower", robma.Mean.CredibleInterval.Lower);
                json.Number("upper", robma.Mean.CredibleInterval.Upper);
                json.WriteStartObject("bayesFactors");
                json.Number("effect", robma.Effect.BayesFactor);
                json.Number("heterogeneity", robma.Heterogeneity.BayesFactor);
                json.Number("bias", robma.Bias.BayesFactor);
                json.WriteEndObject();
            }),
        };
    }

    private static Table Say(ModelAveragedBiasAdjustment robma, EffectMeasure measure)
    {
        var table = new Table("Model-averaged bias adjustment", ("averaged over", Align.Left), ("P before", Align.Right), ("P after", Align.Right), ("BF", Align.Right), (measure.Symbol, Align.Right), ($"{StatisticText.Level(robma.Options.CredibleLevel)} CrI", Align.Right)).DataLabel(robma.Effects.Origin);
        table.Row("all models", "1", "1", Numbers.None, Shown(robma.Mean.Mean, measure, 3), Interval(robma.Mean, measure, 3));
        table.Row("with an effect", Probability(robma.Effect.PriorProbability), Probability(robma.Effect.PosteriorProbability), Factor(robma.Effect), Shown(robma.MeanWithEffect.Mean, measure, 3), Interval(robma.MeanWithEffect, measure, 3));
        Evidence("with heterogeneity", robma.Heterogeneity);
        Evidence("with publication bias", robma.Bias);
        Evidence("selection by p-value", robma.Selection);
        Evidence("PET and PEESE", robma.SmallStudyEffects);
        return table.Note($"BF: how much more likely the data are where there is one than where there is none. τ = {StatisticText.Number(robma.Tau.Mean, 3)} "
            + $"{Numbers.Interval(robma.Tau.CredibleInterval, 3)} over all models. Priors on the scale of d: mean N({StatisticText.Significant(robma.Options.EffectPriorMean, 2)}, {StatisticText.Significant(robma.Options.EffectPriorStandardDeviation, 2)}), "
            + $"τ {robma.Options.HeterogeneityPrior}; a unit of d is {StatisticText.Significant(robma.PriorScale, 3)} here.");

        void Evidence(string name, InclusionEvidence evidence) => table.Row(name, Probability(evidence.PriorProbability), Probability(evidence.PosteriorProbability), Factor(evidence), Numbers.None, Numbers.None);
    }

    private static string Shown(double mean, EffectMeasure measure, int digits) => measure.Format(measure.ToDisplay(mean), digits);

    private static string Interval(in PosteriorSummary posterior, EffectMeasure measure, int digits) => Numbers.Interval(posterior.CredibleInterval.Transform(measure.ToDisplay), measure, digits);

    private static string Probability(double p) => StatisticText.Number(p, 3, leadingZero: false);

    private static string Factor(in InclusionEvidence evidence) => evidence.BayesFactor switch
    {
        null => Numbers.None,
        > 9999 => "> 9,999",
        { } factor => StatisticText.Significant(factor, 3),
    };
}
