using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>
/// A meta-analysis to try out: forest plot, funnel, Baujat's plot and study table that know of one another. Studies can be left out, the model, the
/// estimator of tau² and the test switched, and tau² moved by hand, while the result follows beside that of the start. It shows how much a
/// conclusion hangs on choices. When not to use it: to look for the choices that give the result one likes; say beforehand what the analysis will be.
/// </summary>
public sealed class MetaAnalysisExplorer : Explorer<MetaAnalysisExplorerModel>
{
    private MetaAnalysisExplorer(MetaAnalysisExplorerModel model)
        : base("metaAnalysis", model)
    {
    }

    /// <summary>Sets up the explorer.</summary>
    /// <param name="effects">Independent effects: at least two, or one for the equal-effects model with normal inference.</param>
    /// <param name="options">What it starts with; REML and Hartung-Knapp if not said.</param>
    /// <exception cref="InsufficientStudiesException">There are too few effects.</exception>
    /// <exception cref="ConvergenceException">The numbers are too large or too small for double precision.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], EffectMeasure.FisherZ);
    /// var explorer = MetaAnalysisExplorer.Create(effects, new() { Inference = Inference.Normal });
    /// </code></example>
    public static MetaAnalysisExplorer Create(StudyEffects effects, MetaAnalysisExplorerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(effects);
        options ??= new MetaAnalysisExplorerOptions();
        var fit = options.TauSquared is { } estimator
            ? RandomEffects.Fit(effects, new() { TauSquared = estimator, Inference = options.Inference, ConfidenceLevel = options.ConfidenceLevel })
            : EqualEffects.Fit(effects, new() { Inference = options.Inference, ConfidenceLevel = options.ConfidenceLevel });
        var texts = new StudyTexts(effects, options.ConfidenceLevel, options.Digits);
        var model = fit.IsRandomEffects ? $"random effects by {fit.MethodCode}" : "equal effects";
        var finding = $"Meta-analysis of {StudyTexts.Studies(effects.Count)} to try out. {char.ToUpperInvariant(model[0]) + model[1..]}: {texts.Pooled(fit.Mean)}"
            + (fit.PredictionInterval is { } prediction ? $", prediction interval {texts.Shown(prediction)}" : "") + ".";
        return new MetaAnalysisExplorer(new MetaAnalysisExplorerModel
        {
            Title = options.Title,
            Finding = texts.Finding(finding),
            Origin = effects.Origin,
            Notes = effects.Measure.DisplayNote is { } display ? [.. fit.Warnings, display] : fit.Warnings,
            Effects = effects,
            Fit = fit,
            Digits = options.Digits,
            ForestAxis = Forest(fit, texts),
            FunnelAxis = Funnel(fit, texts),
            LargestStandardError = 1.06 * Math.Sqrt(effects.Variances.Max()),
            LargestTauSquared = LargestTauSquared(effects),
        });
    }

    private static PlotAxis Forest(PooledFit fit, StudyTexts texts)
    {
        var measure = texts.Measure;
        var isRatio = DisplayScale.IsRatio(measure);
        double At(double value) => isRatio ? value : measure.ToDisplay(value);
        (double, double) Ends(ConfidenceInterval interval) => (At(interval.Lower), At(interval.Upper));
        var effects = fit.Effects;
        var studies = Enumerable.Range(0, effects.Count).Select(i =>
        {
            double Own(double value) => isRatio ? value : effects.MeasureOf(i).ToDisplay(value);
            return (Own(texts.Interval(i).Lower), Own(effects.Effects[i]), Own(texts.Interval(i).Upper));
        }).ToArray();
        // Logarithms have no ends, and their null value is 0.
        var (minimum, maximum) = ForestAxis.Choose(studies, [Ends(fit.ConfidenceInterval), Ends(fit.PredictionInterval ?? fit.ConfidenceInterval)],
            isRatio ? EffectMeasure.Generic : measure);
        return new PlotAxis(texts.MeasureTitle, minimum, maximum, measure.HasLeadingZero);
    }

    /// <summary>Room for all studies and for the limits around the pooled effect, with some to spare, since it moves.</summary>
    private static PlotAxis Funnel(PooledFit fit, StudyTexts texts)
    {
        var effects = fit.Effects;
        var reach = 1.96 * 1.06 * Math.Sqrt(effects.Variances.Max());
        double[] values = [.. effects.Effects, fit.Estimate - reach, fit.Estimate + reach];
        var room = 0.06 * (values.Max() - values.Min());
        return new PlotAxis(texts.MeasureTitle, values.Min() - room, values.Max() + room, texts.Measure.HasLeadingZero);
    }

    /// <summary>Well above every estimate: two and a half times the largest, or the variance of the effects if that is more.</summary>
    private static double LargestTauSquared(StudyEffects effects)
    {
        var largest = effects.Variances.Average();
        if (effects.Count > 1)
        {
            var mean = effects.Effects.Average();
            largest = Math.Max(largest, effects.Effects.Sum(y => (y - mean) * (y - mean)) / (effects.Count - 1));
            foreach (var estimator in MetaAnalysisExplorerModel.Methods.Keys)
            {
                largest = Math.Max(largest, 2.5 * RandomEffects.Fit(effects, new() { TauSquared = estimator }).TauSquared);
            }
        }
        return PlotAxis.Step(largest).Step;
    }
}
