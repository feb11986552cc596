using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>Several Bayesian fits one under the other: what another prior, or one more study, changes.</summary>
internal static class BayesTables
{
    /// <summary>Fits of the same effects, each named by its priors.</summary>
    public static Table Compared(IEnumerable<BayesianFit> fits) => Of("Bayesian models compared", "priors", fits.Select(fit => (Priors(fit), fit)));

    /// <summary>What was known after each study.</summary>
    public static Table Sequence(IEnumerable<SequentialPosterior> steps) => Of("Study by study", "up to", steps.Select(step => (step.Label, step.Fit)));

    /// <summary>The same effects with a prior of other scales.</summary>
    public static Table Scales(IEnumerable<PriorScale> scales) => Of("Over scales of a prior", "priors", scales.Select(scale => (Priors(scale.Fit), scale.Fit)));

    private static Table Of(string title, string first, IEnumerable<(string Name, BayesianFit Fit)> fits)
    {
        var rows = fits.ToList();
        var level = rows.Count == 0 ? "" : StatisticText.Level(rows[0].Fit.Options.CredibleLevel) + " ";
        var table = new Table(title, (first, Align.Left), ("k", Align.Right), ("median", Align.Right), ($"{level}CrI", Align.Right), ("new study", Align.Right), ("τ", Align.Right), ("P(μ > 0)", Align.Right), ("BF of an effect", Align.Right));
        foreach (var (name, fit) in rows)
        {
            var measure = fit.Measure;
            table.DataLabel(fit.Effects.Origin);
            table.Row(name, StatisticText.Count(fit.Count), Text(measure, measure.ToDisplay(fit.Mean.Median), Shown(fit, fit.Mean)), Interval(fit, fit.Mean), Interval(fit, fit.Predictive), Numbers.Number(fit.Tau.Median, BayesQuestion.Digits(fit.Tau)),
                measure.HasNullValue ? BayesQuestion.Probability(fit.Mean.ProbabilityAbove(measure.NullValue)) : Numbers.None, fit.EffectBayesFactor is { } factor ? BayesQuestion.Factor(factor.Log) : Numbers.None);
        }
        return rows.Count == 0 ? table : table.Note($"Medians and equal-tailed intervals of the posterior; τ is on the scale that is pooled, the mean and a new study are shown as {rows[0].Fit.Measure.Symbol}.");
    }

    private static string Priors(BayesianFit fit) => $"μ {fit.EffectPrior}, τ {fit.HeterogeneityPrior}";

    private static ConfidenceInterval Shown(BayesianFit fit, PosteriorDistribution posterior) => posterior.CredibleInterval.Transform(fit.Measure.ToDisplay);

    /// <summary>Three digits after the point, and more where an interval is narrow.</summary>
    private static int Digits(EffectMeasure measure, ConfidenceInterval shown) => Math.Max(3, ApaText.Digits(measure, shown) + 1);

    private static string Interval(BayesianFit fit, PosteriorDistribution posterior)
    {
        var shown = Shown(fit, posterior);
        return $"[{Text(fit.Measure, shown.Lower, shown)}, {Text(fit.Measure, shown.Upper, shown)}]";
    }

    private static string Text(EffectMeasure measure, double value, ConfidenceInterval shown) => BayesQuestion.IsTiny(shown) ? BayesQuestion.Tiny(measure, value, shown) : measure.Format(value, Digits(measure, shown));
}
