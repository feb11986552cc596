using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>
/// What was known after each study: posteriors and Bayes factors as studies are added. Unlike a cumulative meta-analysis by p-values it needs no correction for looking often. When not to use it: to claim that studies could have
/// been stopped earlier, where their order in the data is not that in time.
/// </summary>
public static class SequentialPosteriorPlot
{
    /// <summary>The posterior of the mean after each study, on the scale a reader knows.</summary>
    /// <param name="fit">The model of all studies.</param>
    /// <param name="column">A column of numbers by which studies are added; the order of the data if not said.</param>
    /// <param name="title">The title; none if not said.</param>
    /// <exception cref="StudyDataException">There is no such column, or a study has no number there.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.010, 0.022, 0.015, 0.008], EffectMeasure.FisherZ);
    /// SequentialPosteriorPlot.OfMean(BayesianModel.Fit(effects))
    /// </code></example>
    public static CurvePlot OfMean(BayesianFit fit, string? column = null, string title = "")
    {
        ArgumentNullException.ThrowIfNull(fit);
        var steps = fit.Sequential(column);
        var measure = fit.Measure;
        CurveSeries Line(string name, Func<BayesianFit, double> of) => new(name, [.. steps.Select(s => (double)s.Fit.Count)], [.. steps.Select(s => measure.ToDisplay(of(s.Fit)))]) { HasDots = steps.Length <= 60 };
        var level = StatisticText.Level(fit.Options.CredibleLevel);
        string Shown(BayesianFit of) => $"{measure.Symbol} = {measure.Format(measure.ToDisplay(of.Mean.Median), 2)} [{measure.Format(measure.ToDisplay(of.Mean.CredibleInterval.Lower), 2)}, {measure.Format(measure.ToDisplay(of.Mean.CredibleInterval.Upper), 2)}]";
        var (from, to) = Ends(steps.Length);
        return CurvePlot.Create([Line($"{measure.Symbol} (median)", f => f.Mean.Median), Line($"upper limit, {level} CrI", f => f.Mean.CredibleInterval.Upper), Line("lower limit", f => f.Mean.CredibleInterval.Lower)], new CurvePlotOptions
        {
            Title = title,
            XTitle = XTitle(column),
            YTitle = measure.Symbol,
            YHasLeadingZero = measure.HasLeadingZero,
            XMinimum = from,
            XMaximum = to,
            Origin = fit.Effects.Origin,
            References = measure.HasNullValue ? [new CurveReference(measure.DisplayNullValue)] : [],
            Finding = $"Study by study: after {steps[0].Label} {Shown(steps[0].Fit)}, after all {StatisticText.Count(steps.Length)} {Shown(steps[^1].Fit)}, {level} credible intervals.",
        });
    }

    /// <summary>The Bayes factors after each study, by their decimal logarithms: 0 is no evidence either way, 1 ten to one.</summary>
    /// <param name="fit">The model of all studies, with a proper prior of μ.</param>
    /// <param name="column">A column of numbers by which studies are added; the order of the data if not said.</param>
    /// <param name="title">The title; none if not said.</param>
    /// <exception cref="ImpossibleChoiceException">The prior of μ is flat, so that there are no Bayes factors.</exception>
    /// <exception cref="StudyDataException">There is no such column, or a study has no number there.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.010, 0.022, 0.015, 0.008], EffectMeasure.FisherZ);
    /// SequentialPosteriorPlot.OfBayesFactors(BayesianModel.Fit(effects))
    /// </code></example>
    public static CurvePlot OfBayesFactors(BayesianFit fit, string? column = null, string title = "")
    {
        ArgumentNullException.ThrowIfNull(fit);
        if (!fit.EffectPrior.IsProper) throw new ImpossibleChoiceException("With a flat prior of μ there are no Bayes factors", ChoiceFault.Incomplete) { Choices = ["EffectPrior = EffectPrior.Normal or EffectPrior.Student"] };
        var steps = fit.Sequential(column);
        CurveSeries Line(string name, Func<BayesianFit, double> log) => new(name, [.. steps.Select(s => (double)s.Fit.Count)], [.. steps.Select(s => log(s.Fit) / Math.Log(10))]) { HasDots = steps.Length <= 60 };
        List<CurveSeries> series = [];
        if (fit.Measure.HasNullValue) series.Add(Line("for an effect", f => f.EffectBayesFactor!.Value.Log));
        series.Add(Line("for heterogeneity", f => f.HeterogeneityBayesFactor!.Value.Log));
        var (from, to) = Ends(steps.Length);
        return CurvePlot.Create(series, new CurvePlotOptions
        {
            Title = title,
            XTitle = XTitle(column),
            YTitle = "log₁₀ Bayes factor",
            XMinimum = from,
            XMaximum = to,
            Origin = fit.Effects.Origin,
            References = [new CurveReference(0, "no evidence")],
            Finding = $"Study by study, after all {StatisticText.Count(steps.Length)}: "
                + (fit.EffectBayesFactor is { } effect ? $"Bayes factor for an effect {PriorPosteriorPlot.Ratio(effect.Log)}, " : "") + $"for heterogeneity {PriorPosteriorPlot.Ratio(fit.HeterogeneityBayesFactor!.Value.Log)}.",
        });
    }

    private static string XTitle(string? column) => column is null ? "studies, in the order of the data" : $"studies, by {column}";

    private static (double From, double To) Ends(int count) => (1 - 0.02 * count, count + 0.02 * count);
}
