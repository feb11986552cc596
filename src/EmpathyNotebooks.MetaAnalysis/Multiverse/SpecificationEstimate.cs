namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What a specification comes to, on the scale that its measure is pooled on. What a method does not give is null.</summary>
/// <param name="Estimate">The mean effect.</param>
/// <param name="StandardError">Its standard error.</param>
/// <param name="Interval">Its confidence interval.</param>
/// <param name="PValue">Two-sided, of the hypothesis that it is 0.</param>
/// <param name="TauSquared">The variance of true effects, over all levels together; null for equal effects.</param>
/// <param name="Count">How many effects it rests on, k.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ);
/// SpecificationEstimate mean = SpecificationEstimate.Of(RandomEffects.Fit(effects));
/// MultiverseOption shrunken = Specify.Adjusted("half the mean", fit => mean with { Estimate = fit.Mean!.Value.Estimate / 2 });
/// Console.WriteLine(mean);
/// </code></example>
public readonly record struct SpecificationEstimate(double Estimate, double? StandardError, ConfidenceInterval? Interval, double? PValue, double? TauSquared, int Count)
{
    /// <summary>The mean of a fit.</summary>
    /// <param name="fit">A fit with one mean.</param>
    /// <exception cref="ImpossibleChoiceException">The fit has moderators or several means.</exception>
    public static SpecificationEstimate Of(IModelFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var mean = fit.Mean ?? throw new ImpossibleChoiceException("A multiverse compares means: its models have no moderators", ChoiceFault.UndefinedForFit, nameof(fit));
        return Of(mean, fit.TauSquared, fit.Count);
    }

    /// <summary>A coefficient that is a mean effect.</summary>
    /// <param name="mean">The mean.</param>
    /// <param name="tauSquared">The variance of true effects; null where there is none.</param>
    /// <param name="count">How many effects it rests on.</param>
    public static SpecificationEstimate Of(Coefficient mean, double? tauSquared, int count) => mean.HasStandardError
        ? new(mean.Estimate, mean.StandardError, mean.ConfidenceInterval, mean.PValue, tauSquared, count) : new(mean.Estimate, null, null, null, tauSquared, count);

    /// <summary>A mean adjusted for publication bias, of which there may be no more than an interval.</summary>
    /// <param name="mean">The mean.</param>
    public static SpecificationEstimate Of(AdjustedEstimate mean)
    {
        ArgumentNullException.ThrowIfNull(mean);
        return new(mean.Estimate, null, mean.ConfidenceInterval, null, null, mean.Count);
    }

    /// <summary>True where the interval, or p, says that the mean is not 0.</summary>
    /// <param name="level">The level of the intervals.</param>
    internal bool IsSignificant(double level) => PValue is { } p ? p < 1 - level : Interval is { } interval && !interval.Contains(0);
}

/// <summary>What the choices of a specification say to a model of one's own; what no choice is about is null.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ);
/// var result = Multiverse.Of(effects)
///     .ChooseEstimator("They differ little here.", Equivalence.Equivalent, TauSquaredEstimator.RestrictedMaximumLikelihood, TauSquaredEstimator.DerSimonianLaird)
///     .Choose("weights", "Equal weights do not let one large study decide.", Equivalence.Uncertain, Specify.Independent(),
///         Specify.Model("equal weights", (SpecificationSettings settings, StudyEffects used) => RandomEffects.Fit(used, new() { TauSquared = settings.Estimator!.Value, Weights = [.. used.Effects.Select(_ => 1.0)] })))
///     .Run();
/// Console.WriteLine(result);
/// </code></example>
public sealed record SpecificationSettings
{
    /// <summary>True where the choice of the estimator is equal effects.</summary>
    public bool TakesEffectsAsEqual { get; init; }

    /// <summary>The estimator of tau².</summary>
    public TauSquaredEstimator? Estimator { get; init; }

    /// <summary>Standard error, test and interval.</summary>
    public Inference? Inference { get; init; }

    /// <summary>Cluster-robust inference, where that was chosen in place of <see cref="Inference"/>.</summary>
    public SmallSampleCorrection? Robust { get; init; }

    /// <summary>The assumed correlation of sampling errors within samples.</summary>
    public double? Correlation { get; init; }

    /// <summary>The level of intervals.</summary>
    public double ConfidenceLevel { get; init; } = 0.95;
}
