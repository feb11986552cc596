using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The battery of analyses that meta-analyses of psychotherapy trials report (as R's
/// metapsyTools, <c>runMetaAnalysis()</c>): all effects, one effect a study, without outlying or influential ones, low risk of bias, models with levels, adjusted for publication bias.
/// </summary>
/// <remarks>
/// It differs from metapsyTools in what is better known today: CHE keeps the variance of each effect where metapsyTools takes the mean of a study's; adjustments for publication bias are of one average a study, since their
/// methods take effects as independent; of equal lowest effects the first is taken, not one by chance.
/// </remarks>
public static class Battery
{
    /// <summary>All analyses of these effects.</summary>
    /// <param name="effects">The effects, with the columns that the options name.</param>
    /// <param name="options">Study, correlation, low risk of bias, base rate; the defaults if not said.</param>
    /// <exception cref="StudyDataException">There is no such column or value.</exception>
    /// <exception cref="InsufficientStudiesException">There are fewer than two effects, of which nothing can be said.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52, 0.44], [0.06, 0.10, 0.09, 0.05, 0.12, 0.08], EffectMeasure.StandardizedMeanDifference,
    ///     columns: [StudyColumn.OfTexts("study", ["A", "A", "B", "C", "D", "E"])]);
    /// Console.WriteLine(Battery.Of(effects, new() { Study = "study", Correlation = 0.5, BaseRate = 0.17 }));
    /// </code></example>
    public static BatteryResult Of(StudyEffects effects, BatteryOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(effects);
        options ??= new BatteryOptions();
        if (effects.Count < 2) throw new InsufficientStudiesException("A battery of analyses", 2, effects.Count);
        return new BatteryRun(effects, options).Run();
    }

    /// <summary>All analyses of the effects of a fit, with its level; of independent effects with its estimator and inference too, and of effects that share samples with these as studies and the correlation assumed.</summary>
    /// <param name="fit">A pooled mean, a multilevel model or robust variance estimation, without moderators.</param>
    /// <param name="options">What else to choose; the defaults if not said.</param>
    /// <exception cref="ImpossibleChoiceException">The fit has moderators, weights of one's own, or takes effects as equal.</exception>
    /// <exception cref="StudyDataException">There is no such column or value.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.06, 0.10, 0.09, 0.05, 0.12], EffectMeasure.StandardizedMeanDifference);
    /// Console.WriteLine(Battery.Of(RandomEffects.Fit(effects)));
    /// </code></example>
    public static BatteryResult Of(IModelFit fit, BatteryOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        options ??= new BatteryOptions();
        if (fit is not (PooledFit or MultilevelFit or RobustVarianceFit) || fit.Mean is null) throw Undefined("one mean, without moderators: pooled means, multilevel models and robust variance estimation");
        if (fit.Options is RandomEffectsOptions { Weights: not null } or EqualEffectsOptions { Weights: not null } or DependentOptions { Weights: not null }) throw Undefined("the model's own weights");
        if (fit is PooledFit { Estimator: null }) throw Undefined("random effects: its analyses are of true effects that differ");
        options = options with { ConfidenceLevel = fit.ConfidenceLevel };
        if (fit is PooledFit { Estimator: { } estimator } pooled) options = options with { TauSquared = estimator, Inference = pooled.Inference };
        if (fit.Clusters is { } clusters)
        {
            options = options with { Study = options.Study ?? clusters.Column };
            if (fit is MultilevelFit { Options: { SamplingCovariance: null, SamplingCorrelation: > 0 and var rho } }) options = options with { Correlation = rho };
            if (fit is RobustVarianceFit { WorkingModel: WorkingModel.Correlated, Options.SamplingCorrelation: var assumed }) options = options with { Correlation = assumed };
        }
        return Of(fit.Effects, options);
    }

    private static ImpossibleChoiceException Undefined(string what) => new($"A battery of analyses is defined for {what}", ChoiceFault.UndefinedForFit, "fit");
}
