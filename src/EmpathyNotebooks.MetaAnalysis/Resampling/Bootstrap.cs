using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>How replicates of a bootstrap are made.</summary>
public enum BootstrapKind
{
    /// <summary>
    /// Studies are drawn with replacement, each with its effect, variance and moderators: the default of independent effects, which takes studies to be a random sample and no model to be right. With fewer than about twenty
    /// studies its intervals are too narrow.
    /// </summary>
    Case,

    /// <summary>Whole clusters are drawn with replacement, each draw a cluster of its own: the default where effects share samples.</summary>
    Cluster,

    /// <summary>New effects are drawn from the fitted model, N(Xβ, M): it keeps the studies as they are and takes the model to be right.</summary>
    Parametric,

    /// <summary>
    /// Standardised residuals less their mean are drawn with replacement and put to the fitted values, ŷ + √(v + τ²)·r*: it takes the model to be right but for the shape of the distribution. Of independent effects.
    /// </summary>
    Residual,
}

/// <summary>How an interval follows from the replicates.</summary>
public enum BootstrapIntervalKind
{
    /// <summary>Bias-corrected and accelerated: the default. Between quantiles of the replicates that allow for bias and for a standard error that varies with the parameter (Efron 1987, Journal of the American Statistical Association 82, 171-185).</summary>
    /// <remarks>
    /// $$\alpha^* = \Phi\!\left(z_0 + \frac{z_0 + z_\alpha}{1 - a(z_0 + z_\alpha)}\right), \qquad z_0 = \Phi^{-1}\!\left(\frac{\#\{\theta_b &lt; \hat\theta\}}{B}\right), \qquad a = \frac{\sum_il_i^3}{6(\sum_il_i^2)^{3/2}}$$
    /// between the $\alpha^*$ quantiles of $\theta_b$, with the influence $l_i$ of each study.
    /// </remarks>
    BiasCorrectedAccelerated,

    /// <summary>Between the quantiles of the replicates.</summary>
    /// <remarks>$$[\theta_{(\alpha/2)},\;\theta_{(1 - \alpha/2)}]$$</remarks>
    Percentile,

    /// <summary>Those quantiles mirrored at the estimate.</summary>
    /// <remarks>$$[2\hat\theta - \theta_{(1 - \alpha/2)},\;2\hat\theta - \theta_{(\alpha/2)}]$$</remarks>
    Basic,

    /// <summary>From the quantiles of (θ* - θ)/SE*, each replicate with its own standard error; of what has one.</summary>
    /// <remarks>
    /// $$[\hat\theta - \mathrm{SE}\,t_{(1 - \alpha/2)},\;\hat\theta - \mathrm{SE}\,t_{(\alpha/2)}], \qquad t_b = \frac{\theta_b - \hat\theta}{\mathrm{SE}_b}$$
    /// </remarks>
    Studentised,
}

/// <summary>What to choose in a bootstrap.</summary>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ));
/// var options = new FitBootstrapOptions { Replicates = 2_000, Kind = BootstrapKind.Parametric, Interval = BootstrapIntervalKind.Percentile, Seed = 5 };
/// Console.WriteLine(fit.Bootstrap(options));
/// </code></example>
public sealed record FitBootstrapOptions
{
    /// <summary>How many replicates, from 99 to 10,000,000; 10,000 by default, enough for the ends of a BCa interval at 95%.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer or more.</exception>
    public int Replicates
    {
        get;
        init => field = value is >= 99 and <= 10_000_000 ? value : throw new ArgumentOutOfRangeException(nameof(Replicates), value, "A bootstrap needs 99 to 10,000,000 replicates.");
    } = 10_000;

    /// <summary>How replicates are made; null, the default, for clusters where effects share samples and for studies elsewhere.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such kind.</exception>
    public BootstrapKind? Kind
    {
        get;
        init => field = value is null || Enum.IsDefined(value.Value) ? value : throw new ArgumentOutOfRangeException(nameof(Kind), value, "There is no such kind of bootstrap.");
    }

    /// <summary>The interval; BCa by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such interval.</exception>
    public BootstrapIntervalKind Interval
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(Interval), value, "There is no such bootstrap interval.");
    } = BootstrapIntervalKind.BiasCorrectedAccelerated;

    /// <summary>The column of clusters for <see cref="BootstrapKind.Cluster"/>; null, the default, for those of the fit.</summary>
    public string? Cluster { get; init; }

    /// <summary>The seed: the same seed gives the same replicates, on one processor or many.</summary>
    public ulong Seed { get; init; } = 20190601;
}

/// <summary>A number of a fit whose uncertainty is asked for.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">The number, from a fit of the kind that was bootstrapped.</param>
/// <param name="StandardError">Its standard error in a fit, for <see cref="BootstrapIntervalKind.Studentised"/>; null, the default, where it has none.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52, 0.38], [0.006, 0.010, 0.009, 0.005, 0.012, 0.011], EffectMeasure.FisherZ);
/// // How well is the upper end of the prediction interval known?
/// BootstrapStatistic upper = new("upper end of the prediction interval", fit => fit.Predict()!.Value.PredictionInterval!.Value.Upper);
/// Console.WriteLine(RandomEffects.Fit(effects).Bootstrap([upper], new() { Replicates = 999 }));
/// </code></example>
public sealed record BootstrapStatistic(string Name, Func<IModelFit, double> Value, Func<IModelFit, double>? StandardError = null)
{
    /// <summary>The coefficients, τ² and I² as far as a fit has them: what is bootstrapped if nothing else is said.</summary>
    /// <param name="fit">A fit of any kind.</param>
    public static ImmutableArray<BootstrapStatistic> Usual(IModelFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var statistics = ImmutableArray.CreateBuilder<BootstrapStatistic>();
        for (var j = 0; j < fit.Coefficients.Length; j++)
        {
            var place = j;
            statistics.Add(new(fit.Coefficients[j].Name, f => f.Coefficients[place].Estimate, fit.Coefficients[j].HasStandardError ? f => ErrorOf(f.Coefficients[place]) : null));
        }
        if (fit is LocationScaleFit { Scale: not null } scaled)
        {
            for (var j = 0; j < scaled.ScaleCoefficients.Length; j++)
            {
                var place = j;
                statistics.Add(new($"ln τ²: {scaled.ScaleCoefficients[j].Name}", f => ((LocationScaleFit)f).ScaleCoefficients[place].Estimate, f => ErrorOf(((LocationScaleFit)f).ScaleCoefficients[place])));
            }
        }
        if (fit.TauSquared is not null) statistics.Add(new("τ²", f => f.TauSquared ?? double.NaN));
        if (fit.ISquared is not null) statistics.Add(new("I²", f => f.ISquared ?? double.NaN));
        return statistics.ToImmutable();

        static double ErrorOf(Coefficient coefficient) => coefficient.HasStandardError ? coefficient.StandardError : double.NaN;
    }
}

/// <summary>Bootstraps and jackknives of fits.</summary>
public static partial class Bootstraps
{
    /// <summary>
    /// Bootstraps the coefficients, τ² and I²: the model is fitted again to many replicates of the data (Efron &amp; Tibshirani 1993, An Introduction to the Bootstrap; of meta-analyses Van den Noortgate &amp; Onghena
    /// 2005, Behavior Research Methods 37, 11-22). When not to use it: with few studies in place of the interval of the model. In 600 simulated sets of 10 studies (REML, 95%) intervals of the mean held it in 87% by case and BCa, 90% parametric and BCa,
    /// 93% parametric and studentised, and 92% by the model; of 30 studies in 94%, 95%, 96% and 96%. Nor of τ² where it is estimated as 0, a bound at which no bootstrap interval keeps its level (Andrews 2000, Econometrica 68, 399-405).
    /// </summary>
    /// <param name="fit">A fit of any kind.</param>
    /// <param name="options">Number, kind, interval and seed; the defaults if not said.</param>
    /// <param name="progress">Takes the share that is done, from 0 to 1; null for nobody.</param>
    /// <param name="cancellation">Ends the bootstrap early, without a result.</param>
    /// <exception cref="ImpossibleChoiceException">The kind of bootstrap is not defined for this fit.</exception>
    /// <exception cref="InsufficientStudiesException">There are fewer than two studies or clusters to draw.</exception>
    /// <exception cref="UndeterminedException">Fewer than half of the replicates determine the model.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52, 0.38], [0.006, 0.010, 0.009, 0.005, 0.012, 0.011], EffectMeasure.FisherZ);
    /// FitBootstrap bootstrap = RandomEffects.Fit(effects).Bootstrap();
    /// foreach (BootstrappedStatistic statistic in bootstrap.Statistics) Console.WriteLine($"{statistic.Name}: {statistic.Estimate}, bias {statistic.Bias}, SE {statistic.StandardError}, {statistic.Interval}");
    /// </code></example>
    public static FitBootstrap Bootstrap(this IModelFit fit, FitBootstrapOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return new BootstrapRun(fit, BootstrapStatistic.Usual(fit), true, options ?? new FitBootstrapOptions()).Run(progress, cancellation);
    }

    /// <summary>Bootstraps numbers of one's own: the end of a prediction interval, a difference of two means, what a reader computes from a fit.</summary>
    /// <inheritdoc cref="Bootstrap(IModelFit, FitBootstrapOptions?, IProgress{double}?, CancellationToken)"/>
    /// <param name="statistics">The numbers. A replicate in which one of them is not finite counts as failed.</param>
    /// <param name="fit">A fit of any kind.</param>
    /// <param name="options">Number, kind, interval and seed; null for the defaults.</param>
    /// <param name="progress">Takes the share that is done, from 0 to 1; null for nobody.</param>
    /// <param name="cancellation">Ends the bootstrap early, without a result.</param>
    public static FitBootstrap Bootstrap(this IModelFit fit, IEnumerable<BootstrapStatistic> statistics, FitBootstrapOptions? options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(statistics);
        return new BootstrapRun(fit, Checked([.. statistics]), false, options ?? new FitBootstrapOptions()).Run(progress, cancellation);
    }

    /// <summary>Bootstraps one number of one's own.</summary>
    /// <inheritdoc cref="Bootstrap(IModelFit, FitBootstrapOptions?, IProgress{double}?, CancellationToken)"/>
    /// <param name="statistic">The number, for example <c>f => f.TauSquared!.Value</c>.</param>
    /// <param name="fit">A fit of any kind.</param>
    /// <param name="options">Number, kind, interval and seed; null for the defaults.</param>
    /// <param name="progress">Takes the share that is done, from 0 to 1; null for nobody.</param>
    /// <param name="cancellation">Ends the bootstrap early, without a result.</param>
    public static FitBootstrap Bootstrap(this IModelFit fit, Func<IModelFit, double> statistic, FitBootstrapOptions? options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(statistic);
        return Bootstrap(fit, [new BootstrapStatistic("statistic", statistic)], options, progress, cancellation);
    }

    private static ImmutableArray<BootstrapStatistic> Checked(ImmutableArray<BootstrapStatistic> statistics)
    {
        if (statistics.IsEmpty) throw new ArgumentException("Say at least one statistic.", nameof(statistics));
        return statistics.GroupBy(s => s.Name).FirstOrDefault(g => g.Count() > 1) is { } twice ? throw new ArgumentException($"Two statistics have the name \"{twice.Key}\"; each needs a name of its own.", nameof(statistics)) : statistics;
    }
}
