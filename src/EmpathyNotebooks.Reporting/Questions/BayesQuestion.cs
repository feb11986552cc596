using System.Collections.Immutable;
using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>What is to be believed after these studies by somebody who believed the prior before?</summary>
internal sealed class BayesQuestion : Question
{
    private const string ByName = "--bayes";
    private const string PriorOfTau = "--prior-tau";
    private const string PriorOfMu = "--prior-mu";

    public override string Name => "Bayesian model";

    public override ImmutableArray<QuestionOption> Options =>
    [
        new(ByName, OptionKind.Flag, "A Bayesian random-effects model beside: posterior of mean and heterogeneity, Bayes factors."),
        new(PriorOfTau, OptionKind.Text, "The prior of τ on the scale that is pooled: halfnormal:0.5, halfcauchy:0.5, halft:0.5,4, uniform:0,4, exponential:0.3, inversegamma:1,0.15, lognormal:-2.56,1.74 or logt:-3.44,2.59,5; that of the measure if not said.")
        {
            HelpName = "PRIOR", Example = "halfnormal:0.5", Needs = ByName, IsUsable = said => said.Has(ByName),
        },
        new(PriorOfMu, OptionKind.Text, "The prior of the mean on the scale that is pooled: flat, normal:0,1, t:0,1,4 or cauchy:0,0.707; that of the measure if not said.")
        {
            HelpName = "PRIOR", Example = "normal:0,1", Needs = ByName, IsUsable = said => said.Has(ByName),
        },
    ];

    public override bool NeedsIndependence => true;

    internal override string Schema =>
        """
        "bayes": {
          "type": "object",
          "properties": {
            "mu": { "$ref": "#/$defs/posterior" }, "tau": { "$ref": "#/$defs/posterior" }, "predictive": { "$ref": "#/$defs/posterior" },
            "bayesFactors": {
              "type": "object",
              "properties": { "effect": { "$ref": "#/$defs/number" }, "heterogeneity": { "$ref": "#/$defs/number" } },
              "required": ["effect", "heterogeneity"],
              "additionalProperties": false
            },
            "logMarginalLikelihood": { "$ref": "#/$defs/number" },
            "studies": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": { "label": { "type": "string" }, "mean": { "$ref": "#/$defs/number" }, "sd": { "$ref": "#/$defs/number" } },
                "required": ["label", "mean", "sd"],
                "additionalProperties": false
              }
            }
          },
          "required": ["mu", "tau", "predictive", "bayesFactors", "logMarginalLikelihood", "studies"],
          "additionalProperties": false
        }
        """;

    internal override IEnumerable<Saying> Sayings =>
    [
        Saying.Of<BayesianFit>(fit => Say(fit)), Saying.Of<BayesianModelAverage>(average => Say(average)), Saying.Of<BayesianRegressionFit>(Say),
        Saying.Of<IEnumerable<BayesianFit>>(BayesTables.Compared), Saying.Of<IEnumerable<SequentialPosterior>>(BayesTables.Sequence), Saying.Of<IEnumerable<PriorScale>>(BayesTables.Scales),
    ];

    private protected override Answer AnswerTo(Inquiry inquiry)
    {
        var pooled = inquiry.Fit as PooledFit ?? throw Inquiry.Undefined(ByName, "models without moderators and without --cluster, except after --model aggregate");
        var options = new BayesianOptions
        {
            CredibleLevel = inquiry.Level,
            HeterogeneityPrior = inquiry.Said.Text(PriorOfTau) is { } tau ? PriorTexts.Tau(PriorOfTau, tau) : null,
            EffectPrior = inquiry.Said.Text(PriorOfMu) is { } mu ? PriorTexts.Mu(PriorOfMu, mu) : null,
        };
        if (options.HeterogeneityPrior is null && DefaultPriors.Of(inquiry.Measure).Heterogeneity is null)
        {
            throw new QuestionException(PriorOfTau, $"{ByName} needs {PriorOfTau} here: for the measure {inquiry.Measure.Code} there is no default, since what is much heterogeneity hangs on the unit. Say one, for example {PriorOfTau} halfnormal:0.5.");
        }
        var fit = BayesianModel.Fit(pooled.Effects, options);
        var average = fit.EffectPrior.IsProper && fit.Measure.HasNullValue ? fit.Average() : null;
        return new Answer(average is null ? [Say(fit)] : [Say(fit), Say(average)])
        {
            Sentence = Sentence(fit),
            Warnings = fit.Warnings,
            Json = json => json.Object("bayes", fit, _ => Write(json, fit)),
        };
    }

    private static void Write(Utf8JsonWriter json, BayesianFit fit)
    {
        Posterior("mu", fit.Mean);
        Posterior("tau", fit.Tau);
        Posterior("predictive", fit.Predictive);
        json.WriteStartObject("bayesFactors");
        json.Number("effect", Finite(fit.EffectBayesFactor));
        json.Number("heterogeneity", Finite(fit.HeterogeneityBayesFactor));
        json.WriteEndObject();
        json.Number("logMarginalLikelihood", fit.LogMarginalLikelihood);
        json.Array("studies", fit.Studies, (_, study) =>
        {
            json.WriteString("label", study.Label);
            json.Number("mean", study.Posterior.Mean);
            json.Number("sd", study.Posterior.StandardDeviation);
        });

        // Null means that there is none; one beyond the largest number is that number.
        static double? Finite(BayesFactor? factor) => factor is { } found ? Math.Min(found.Value, double.MaxValue) : null;

        void Posterior(string name, PosteriorDistribution posterior)
        {
            json.WriteStartObject(name);
            json.Number("mean", posterior.Mean);
            json.Number("median", posterior.Median);
            json.Number("mode", posterior.Mode);
            json.Number("sd", posterior.StandardDeviation);
            json.Number("lower", posterior.CredibleInterval.Lower);
            json.Number("upper", posterior.CredibleInterval.Upper);
            json.Number("shortestLower", posterior.ShortestInterval.Lower);
            json.Number("shortestUpper", posterior.ShortestInterval.Upper);
            json.WriteEndObject();
        }
    }

    private static string Sentence(BayesianFit fit)
    {
        var level = StatisticText.Level(fit.Options.CredibleLevel);
        var text = $"In a Bayesian random-effects model with the priors μ ~ {fit.EffectPrior} and τ ~ {fit.HeterogeneityPrior}, {fit.Measure.Symbol} = {Shown(fit, fit.Mean.Median)} (posterior median), {level} credible interval {Interval(fit, fit.Mean)}; "
            + $"the true effect of a new study lies in {Interval(fit, fit.Predictive)} with the same probability.";
        if (fit.Measure.HasNullValue)
        {
            var above = fit.Mean.ProbabilityAbove(fit.Measure.NullValue);
            text += $" The mean lies {(above >= 0.5 ? "above" : "below")} {fit.Measure.Format(fit.Measure.DisplayNullValue, 0)} with probability {Probability(Math.Max(above, 1 - above))}.";
        }
        return text + Evidence(fit.EffectBayesFactor, "an effect") + Evidence(fit.HeterogeneityBayesFactor, "heterogeneity");
    }

    /// <summary>What a Bayes factor says, in words no stronger than it: between 1/3 and 3 next to nothing (Jeffreys 1961, Theory of Probability, app. B).</summary>
    private static string Evidence(BayesFactor? found, string of)
    {
        if (found is not { } factor) return "";
        return factor.Log switch
        {
            > 1.0986122886681098 => $" The data are {Times(factor.Log)} times as likely with {of} as without (BF = {Factor(factor.Log)}).",
            < -1.0986122886681098 => $" The data are {Times(-factor.Log)} times as likely without {of} as with it (BF = {Factor(factor.Log)}).",
            _ => $" The data hardly tell whether there is {of} (BF = {Factor(factor.Log)}).",
        };

        static string Times(double log) => log > Math.Log(9999) ? "more than 9,999" : StatisticText.Significant(Math.Exp(log), 3);
    }

    private static Table Say(BayesianFit fit)
    {
        var level = StatisticText.Level(fit.Options.CredibleLevel);
        var table = new Table($"Bayesian random-effects model ({StatisticText.Count(fit.Count, "study", "studies")})", ("", Align.Left), ("mean", Align.Right), ("median", Align.Right), ("mode", Align.Right), ("SD", Align.Right), ($"{level} CrI", Align.Right), ("shortest", Align.Right)).DataLabel(fit.Effects.Origin);
        Row("μ", fit.Mean);
        Row("new study", fit.Predictive);
        Row("τ", fit.Tau);
        // A share of 1 has the same digits whatever is measured.
        if (fit.ISquared is { } share) Row("I²", share, 3);
        var evidence = (fit.EffectBayesFactor, fit.HeterogeneityBayesFactor) switch
        {
            ({ } effect, { } heterogeneity) => $" Bayes factors: effect {Factor(effect.Log)}, heterogeneity {Factor(heterogeneity.Log)}.",
            (null, { } heterogeneity) => $" Bayes factor: heterogeneity {Factor(heterogeneity.Log)}.",
            _ => " With a flat prior of μ there are no Bayes factors.",
        };
        table.Note($"Priors: μ {fit.EffectPrior}, τ {fit.HeterogeneityPrior}. On the scale that is pooled; shown as {fit.Measure.Symbol}, the median is {Shown(fit, fit.Mean.Median)}, {level} CrI {Interval(fit, fit.Mean)}, of a new study {Interval(fit, fit.Predictive)}.{evidence}");
        foreach (var warning in fit.Warnings) table.Note("Note: " + warning);
        return table;

        void Row(string name, PosteriorDistribution d, int? share = null)
        {
            var digits = share ?? Digits(d);
            table.Row(name, Numbers.Number(d.Mean, digits), Numbers.Number(d.Median, digits), Numbers.Number(d.Mode, digits), Numbers.Number(d.StandardDeviation, digits), Numbers.Interval(d.CredibleInterval, digits), Numbers.Interval(d.ShortestInterval, digits));
        }
    }

    private static Table Say(BayesianModelAverage average)
    {
        var table = new Table("Averaged over models", ("model", Align.Left), ("P before", Align.Right), ("P after", Align.Right), ("log marginal likelihood", Align.Right)).DataLabel(average.Origin);
        foreach (var model in average.Models)
        {
            table.Row($"{(model.HasEffect ? "an effect" : "no effect")}, {(model.HasHeterogeneity ? "heterogeneity" : "no heterogeneity")}", Probability(model.PriorProbability), Probability(model.PosteriorProbability), StatisticText.Number(model.LogMarginalLikelihood, 2));
        }
        return table.Note($"Inclusion Bayes factors: effect {Factor(average.Effect.LogBayesFactor!.Value)}, heterogeneity {Factor(average.Heterogeneity.LogBayesFactor!.Value)}. Over all models μ = {Summary(average.Mean)} "
            + $"on the scale that is pooled, τ = {Summary(average.Tau)}; models without one put their probability on 0.");
    }

    private static Table Say(BayesianRegressionFit fit)
    {
        var table = new Table($"Bayesian meta-regression ({StatisticText.Count(fit.Count, "study", "studies")})", ("", Align.Left), ("prior", Align.Left), ("mean", Align.Right), ("SD", Align.Right), ($"{StatisticText.Level(fit.Options.CredibleLevel)} CrI", Align.Right), ("BF", Align.Right)).DataLabel(fit.Effects.Origin);
        foreach (var c in fit.Coefficients) Row(c.Name, c.Prior.ToString(), c.Posterior, c.BayesFactor is { } factor ? Factor(factor.Log) : Numbers.None);
        Row("τ", fit.Options.HeterogeneityPrior!.ToString(), fit.Tau, fit.HeterogeneityBayesFactor is { } heterogeneity ? Factor(heterogeneity.Log) : Numbers.None);
        return table.Note("On the scale that is pooled." + (fit.ModeratorLogBayesFactor is { } moderators ? $" All moderators against the intercept alone: BF = {Factor(moderators)}." : ""));

        void Row(string name, string prior, PosteriorDistribution d, string factor) =>
            table.Row(name, prior, Numbers.Number(d.Mean, Digits(d)), Numbers.Number(d.StandardDeviation, Digits(d)), Numbers.Interval(d.CredibleInterval, Digits(d)), factor);
    }

    /// <summary>Decimals that show three digits of the standard deviation, or of what takes its place where the tails are so heavy that there is none.</summary>
    internal static int Digits(PosteriorDistribution d) => Numbers.Digits(d.StandardDeviation ?? d.CredibleInterval.Width / 4);

    private static string Summary(PosteriorSummary summary)
    {
        var digits = Numbers.Digits(summary.StandardDeviation);
        return $"{Numbers.Number(summary.Mean, digits)} {Numbers.Interval(summary.CredibleInterval, digits)}";
    }

    /// <summary>The digits of an interval are those of a paper: two, more where it would look empty.</summary>
    private static string Shown(BayesianFit fit, double value)
    {
        var shown = fit.Mean.CredibleInterval.Transform(fit.Measure.ToDisplay);
        return Text(fit.Measure, fit.Measure.ToDisplay(value), shown);
    }

    private static string Interval(BayesianFit fit, PosteriorDistribution posterior)
    {
        var shown = posterior.CredibleInterval.Transform(fit.Measure.ToDisplay);
        return $"[{Text(fit.Measure, shown.Lower, shown)}, {Text(fit.Measure, shown.Upper, shown)}]";
    }

    private static string Text(EffectMeasure measure, double value, ConfidenceInterval shown) => IsTiny(shown) ? Tiny(measure, value, shown) : measure.Format(value, ApaText.Digits(measure, shown));

    /// <summary>True of an interval that six decimals, the most that a paper has, would show as one number.</summary>
    internal static bool IsTiny(ConfidenceInterval shown) => shown.Width is > 0 and < 3e-6;

    /// <summary>A number of such an interval with the digits that tell its ends apart.</summary>
    internal static string Tiny(EffectMeasure measure, double value, ConfidenceInterval shown)
    {
        var text = Numbers.Number(value, Numbers.Digits(shown.Width / 4));
        return measure.HasLeadingZero ? text : text.Replace("0.", ".", StringComparison.Ordinal);
    }

    internal static string Probability(double p) => p > 0.9995 ? "> .999" : p < 0.0005 ? "< .001" : StatisticText.Number(p, 3, leadingZero: false);

    internal static string Factor(double log) => log > Math.Log(9999) ? "> 9,999" : log < -Math.Log(9999) ? "< 1/9,999" : StatisticText.Significant(Math.Exp(log), 3);
}
