using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Which prior is made wider and narrower.</summary>
public enum PriorTarget
{
    /// <summary>That of μ, around the same centre.</summary>
    Effect,

    /// <summary>That of τ.</summary>
    Heterogeneity,
}

/// <summary>The model with a prior of another scale.</summary>
/// <param name="Factor">What the scale was multiplied with; 1 is the prior that was chosen.</param>
/// <param name="Fit">The model.</param>
/// <example><code>
/// var fit = BayesianModel.Fit(StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ));
/// foreach (PriorScale scale in fit.OverScales(PriorTarget.Effect)) Console.WriteLine($"{scale.Fit.EffectPrior}: BF {scale.Fit.EffectBayesFactor}");
/// </code></example>
public readonly record struct PriorScale(double Factor, BayesianFit Fit);

/// <summary>
/// How much a result hangs on the scale of a prior: the model fitted over a range of scales (Gelman et al. 2014, Bayesian Data Analysis, 3rd ed., ch. 6.3). A conclusion that holds over all scales that somebody might hold
/// is one of the data. The Bayes factor for an effect falls to 0 as the prior of μ grows ever wider, whatever the data: that range tells nothing.
/// </summary>
public static class PriorSensitivity
{
    /// <summary>Thirteen factors from 1/8 to 8, each 2^(1/2) times the one before.</summary>
    public static ImmutableArray<double> Factors { get; } = [.. Enumerable.Range(-6, 13).Select(i => Math.Pow(2, i / 2.0))];

    /// <summary>The model with one prior of other scales.</summary>
    /// <param name="fit">The model.</param>
    /// <param name="target">Which prior.</param>
    /// <param name="factors">What its scale is multiplied with, positive; <see cref="Factors"/> if not said.</param>
    /// <exception cref="ImpossibleChoiceException">The prior of μ is flat and has no scale.</exception>
    /// <example><code>
    /// var fit = BayesianModel.Fit(StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ));
    /// foreach (var scale in fit.OverScales(PriorTarget.Heterogeneity, [0.5, 1, 2])) Console.WriteLine($"{scale.Fit.HeterogeneityPrior}: {scale.Fit.Mean}");
    /// </code></example>
    public static ImmutableArray<PriorScale> OverScales(this BayesianFit fit, PriorTarget target, IReadOnlyList<double>? factors = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        if (!Enum.IsDefined(target)) throw Check.Unknown(target, nameof(target));
        if (target == PriorTarget.Effect && !fit.EffectPrior.IsProper) throw new ImpossibleChoiceException("A flat prior of μ has no scale that could be another", ChoiceFault.Incomplete) { Choices = ["EffectPrior = EffectPrior.Normal or EffectPrior.Student"] };
        factors ??= Factors;
        foreach (var factor in factors) Check.Positive(factor, nameof(factors));
        return [.. factors.Select(factor => new PriorScale(factor, factor == 1 ? fit : BayesianModel.Fit(fit.Effects, target == PriorTarget.Effect
            ? fit.Options with { EffectPrior = fit.EffectPrior.WithScaleTimes(factor) }
            : fit.Options with { HeterogeneityPrior = fit.HeterogeneityPrior.ScaledBy(factor) })))];
    }
}
