using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>
/// How much a Bayesian result hangs on the scale of a prior. What holds over all scales that somebody might hold is a result of the data. When not to use it: to look for the scale that gives the result one wants.
/// </summary>
public static class PriorSensitivityPlot
{
    /// <summary>The mean with its credible interval over the scale of a prior, on the scale a reader knows.</summary>
    /// <param name="fit">The model with the prior that was chosen.</param>
    /// <param name="target">The prior whose scale is varied.</param>
    /// <param name="factors">What its scale is multiplied with, rising; <see cref="PriorSensitivity.Factors"/> if not said.</param>
    /// <param name="title">The title; none if not said.</param>
    /// <exception cref="ImpossibleChoiceException">The prior of μ is flat and has no scale.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.010, 0.022, 0.015, 0.008], EffectMeasure.FisherZ);
    /// PriorSensitivityPlot.OfMean(BayesianModel.Fit(effects), PriorTarget.Heterogeneity)
    /// </code></example>
    public static CurvePlot OfMean(BayesianFit fit, PriorTarget target, IReadOnlyList<double>? factors = null, string title = "")
    {
        ArgumentNullException.ThrowIfNull(fit);
        var scales = fit.OverScales(target, factors);
        var measure = fit.Measure;
        double[] x = [.. scales.Select(s => Math.Log2(s.Factor))];
        CurveSeries Line(string name, Func<BayesianFit, double> of) => new(name, x, [.. scales.Select(s => measure.ToDisplay(of(s.Fit)))]);
        var level = StatisticText.Level(fit.Options.CredibleLevel);
        var median = Line($"{measure.Symbol} (median)", f => f.Mean.Median) with { HasDots = true };
        return CurvePlot.Create([median, Line($"upper limit, {level} CrI", f => f.Mean.CredibleInterval.Upper), Line("lower limit", f => f.Mean.CredibleInterval.Lower)], new CurvePlotOptions
        {
            Title = title,
            XTitle = XTitle(fit, target),
            XMinimum = x.Length == 1 ? x[0] - 0.5 : null,
            XMaximum = x.Length == 1 ? x[0] + 0.5 : null,
            YTitle = measure.Symbol,
            YHasLeadingZero = measure.HasLeadingZero,
            Origin = fit.Effects.Origin,
            References = [new CurveReference(0, "chosen", IsVertical: true)],
            Finding = $"Over {Of(target)} from {Shown(scales[0])} to {Shown(scales[^1])} times the chosen, {measure.Symbol} goes from {measure.Format(median.Y.Min(), 3)} to {measure.Format(median.Y.Max(), 3)}.",
        });
    }

    /// <summary>The Bayes factors over the scale of a prior, by their decimal logarithms: 0 is no evidence either way, 1 ten to one.</summary>
    /// <param name="fit">The model with the prior that was chosen.</param>
    /// <param name="target">The prior whose scale is varied.</param>
    /// <param name="factors">What its scale is multiplied with, rising; <see cref="PriorSensitivity.Factors"/> if not said.</param>
    /// <param name="title">The title; none if not said.</param>
    /// <exception cref="ImpossibleChoiceException">The prior of μ is flat, so that there are no Bayes factors.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.010, 0.022, 0.015, 0.008], EffectMeasure.FisherZ);
    /// PriorSensitivityPlot.OfBayesFactors(BayesianModel.Fit(effects), PriorTarget.Effect)
    /// </code></example>
    public static CurvePlot OfBayesFactors(BayesianFit fit, PriorTarget target, IReadOnlyList<double>? factors = null, string title = "")
    {
        ArgumentNullException.ThrowIfNull(fit);
        if (!fit.EffectPrior.IsProper) throw new ImpossibleChoiceException("With a flat prior of μ there are no Bayes factors", ChoiceFault.Incomplete) { Choices = ["EffectPrior = EffectPrior.Normal or EffectPrior.Student"] };
        var scales = fit.OverScales(target, factors);
        double[] x = [.. scales.Select(s => Math.Log2(s.Factor))];
        List<CurveSeries> series = [];
        if (fit.Measure.HasNullValue) series.Add(new CurveSeries("for an effect", x, [.. scales.Select(s => s.Fit.EffectBayesFactor!.Value.Log / Math.Log(10))]) { HasDots = true });
        series.Add(new CurveSeries("for heterogeneity", x, [.. scales.Select(s => s.Fit.HeterogeneityBayesFactor!.Value.Log / Math.Log(10))]) { HasDots = true });
        string Range(string of, Func<BayesianFit, double> log) => $"the Bayes factor for {of} from {PriorPosteriorPlot.Ratio(scales.Min(s => log(s.Fit)))} to {PriorPosteriorPlot.Ratio(scales.Max(s => log(s.Fit)))}";
        return CurvePlot.Create(series, new CurvePlotOptions
        {
            Title = title,
            XTitle = XTitle(fit, target),
            XMinimum = x.Length == 1 ? x[0] - 0.5 : null,
            XMaximum = x.Length == 1 ? x[0] + 0.5 : null,
            YTitle = "log₁₀ Bayes factor",
            Origin = fit.Effects.Origin,
            References = [new CurveReference(0, "no evidence"), new CurveReference(0, "chosen", IsVertical: true)],
            Finding = $"Over {Of(target)} from {Shown(scales[0])} to {Shown(scales[^1])} times the chosen, {(fit.Measure.HasNullValue ? Range("an effect", f => f.EffectBayesFactor!.Value.Log) + " and " : "")}{Range("heterogeneity", f => f.HeterogeneityBayesFactor!.Value.Log)}.",
        });
    }

    private static string Of(PriorTarget target) => target == PriorTarget.Effect ? "scales of the prior of μ" : "scales of the prior of τ";

    private static string XTitle(BayesianFit fit, PriorTarget target) => $"doublings of the scale of the prior {(target == PriorTarget.Effect ? $"μ ~ {fit.EffectPrior}" : $"τ ~ {fit.HeterogeneityPrior}")}";

    private static string Shown(PriorScale scale) => scale.Factor.ToString("0.###", System.Globalization.CultureInfo.InvariantCulture);
}
