using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>
/// What was believed before the data and after: the densities of prior and posterior of the mean or of heterogeneity. Where the posterior is hardly narrower than the prior, the data said little. When not to use it: to judge
/// a result by the heights of densities of two different scales; a density changes with the scale, a probability does not.
/// </summary>
public static class PriorPosteriorPlot
{
    /// <summary>Prior and posterior of the mean μ on the scale that is pooled. The two dots at no effect are the heights whose ratio is the Bayes factor of Savage and Dickey.</summary>
    /// <param name="fit">The model.</param>
    /// <param name="title">The title; none if not said.</param>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.010, 0.022, 0.015, 0.008], EffectMeasure.FisherZ);
    /// PriorPosteriorPlot.OfMean(BayesianModel.Fit(effects))
    /// </code></example>
    public static CurvePlot OfMean(BayesianFit fit, string title = "")
    {
        ArgumentNullException.ThrowIfNull(fit);
        var (measure, level) = (fit.Measure, StatisticText.Level(fit.Options.CredibleLevel));
        double low = fit.Mean.Quantile(0.0005), high = fit.Mean.Quantile(0.9995);
        var zero = measure.HasNullValue && fit.EffectPrior.IsProper ? measure.NullValue : (double?)null;
        if (zero is { } at && at > low - 2 * (high - low) && at < high + 2 * (high - low)) (low, high) = (Math.Min(low, at), Math.Max(high, at));
        else zero = null;
        (low, high) = (low - 0.1 * (high - low), high + 0.1 * (high - low));
        List<CurveSeries> series = [CurveSeries.Of("posterior", fit.Mean.Density, low, high, 301) with { IsFilled = true }];
        if (fit.EffectPrior.IsProper) series.Add(CurveSeries.Of($"prior {fit.EffectPrior}", x => Math.Exp(fit.EffectPrior.LogDensity(x)), low, high, 301));
        var factor = fit.EffectBayesFactor;
        // Words beside a dot on the axis would stand on its numbers.
        string Beside(string words, double height) => height > 0.1 * fit.Mean.Density(fit.Mean.Median) ? words : "";
        string Shown(double value) => measure.Format(measure.ToDisplay(value), 2);
        var interval = fit.Mean.CredibleInterval;
        return CurvePlot.Create(series, new CurvePlotOptions
        {
            Title = title,
            XTitle = $"mean effect μ ({measure.AnalysisSymbol})",
            YTitle = "density",
            YMinimum = 0,
            Origin = fit.Effects.Origin,
            Marks = zero is { } none && factor is not null ? 
            [
                new(none, Math.Exp(fit.EffectPrior.LogDensity(none)), Beside("prior at no effect", Math.Exp(fit.EffectPrior.LogDensity(none)))), new(none, fit.Mean.Density(none), Beside("posterior at no effect", fit.Mean.Density(none))),
            ] : [],
            Finding = $"Prior and posterior of the mean, {StatisticText.Count(fit.Count, "study", "studies")}: {measure.Symbol} = {Shown(fit.Mean.Median)}, {level} credible interval [{Shown(interval.Lower)}, {Shown(interval.Upper)}]; prior {fit.EffectPrior}"
                + (factor is { } known ? $". The data are {Ratio(known.Log)} times as likely with an effect as without." : "."),
        });
    }

    /// <summary>Prior and posterior of τ, the standard deviation of true effects.</summary>
    /// <param name="fit">The model.</param>
    /// <param name="title">The title; none if not said.</param>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.010, 0.022, 0.015, 0.008], EffectMeasure.FisherZ);
    /// PriorPosteriorPlot.OfHeterogeneity(BayesianModel.Fit(effects))
    /// </code></example>
    public static CurvePlot OfHeterogeneity(BayesianFit fit, string title = "")
    {
        ArgumentNullException.ThrowIfNull(fit);
        var high = Math.Min(fit.Tau.Quantile(0.995) * 1.1, fit.HeterogeneityPrior.Largest);
        // A prior whose density is infinite at 0 is cut where it leaves the picture.
        var low = high / 400;
        var posterior = CurveSeries.Of("posterior", fit.Tau.Density, low, high, 301) with { IsFilled = true };
        var prior = CurveSeries.Of($"prior {fit.HeterogeneityPrior}", x => Math.Exp(fit.HeterogeneityPrior.LogDensity(x)), low, high, 301);
        var peak = 1.6 * Math.Max(fit.Tau.Density(fit.Tau.Median), posterior.Y.Skip(30).Max());
        var interval = fit.Tau.CredibleInterval;
        return CurvePlot.Create([posterior, prior], new CurvePlotOptions
        {
            Title = title,
            XTitle = $"heterogeneity τ ({fit.Measure.AnalysisSymbol})",
            YTitle = "density",
            XMinimum = 0,
            YMinimum = 0,
            YMaximum = prior.Y.Concat(posterior.Y).Max() > peak ? peak : null,
            Origin = fit.Effects.Origin,
            Finding = $"Prior and posterior of heterogeneity, {StatisticText.Count(fit.Count, "study", "studies")}: τ = {StatisticText.Number(fit.Tau.Median, 3)} (median), {StatisticText.Level(fit.Options.CredibleLevel)} credible interval "
                + $"[{StatisticText.Number(interval.Lower, 3)}, {StatisticText.Number(interval.Upper, 3)}]; prior {fit.HeterogeneityPrior}"
                + (fit.HeterogeneityBayesFactor is { } known ? $". The data are {Ratio(known.Log)} times as likely with heterogeneity as without." : "."),
        });
    }

    internal static string Ratio(double log) => log > Math.Log(9999) ? "more than 9,999" : log < -Math.Log(9999) ? "less than 1/9,999" : StatisticText.Significant(Math.Exp(log), 3);
}
