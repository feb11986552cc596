using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The best linear unbiased prediction of one study's true effect: its own effect drawn towards what the model expects, the more so the less
/// precise the study is.
/// </summary>
/// <remarks>$$\tilde\theta_i = \lambda_iy_i + (1 - \lambda_i)x_i^\top\hat\beta, \qquad \lambda_i = \frac{\hat\tau^2}{\hat\tau^2 + v_i}$$</remarks>
/// <param name="Index">The row of the study, counted from 0.</param>
/// <param name="Label">Its label.</param>
/// <param name="Estimate">λy + (1 - λ)x'β with λ = tau²/(tau² + v).</param>
/// <param name="StandardError">√(λv + (1 - λ)² Var(x'β)).</param>
/// <param name="Interval">The interval of its true effect.</param>
/// <param name="Shrinkage">1 - λ: 0 leaves the study's effect as it is, 1 replaces it by what the model expects.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ);
/// foreach (Blup blup in RandomEffects.Fit(effects).Blups())
///     Console.WriteLine($"{blup.Label}: {blup.Estimate:F2} {blup.Interval}, drawn in by {blup.Shrinkage:P0}");
/// </code></example>
public readonly record struct Blup(int Index, string Label, double Estimate, double StandardError, ConfidenceInterval Interval, double Shrinkage) : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin { get => field ?? DataOrigin.Own; internal init => field = value == DataOrigin.Own ? null : value; }
}

/// <summary>Where a study lies in Baujat's plot.</summary>
/// <remarks>
/// $$x_i = \frac{(y_i - \hat y_i)^2}{v_i + \hat\tau^2}, \qquad y_i^{\mathrm{infl}} = \frac{(\hat y_i - \hat y_{i(-i)})^2}{\operatorname{Var}(\hat y_{i(-i)})}$$
/// </remarks>
/// <param name="Index">The row of the study, counted from 0.</param>
/// <param name="Label">Its label.</param>
/// <param name="HeterogeneityContribution">Its squared Pearson residual e²/(v + tau²); for an equal-effects model its part of Q.</param>
/// <param name="Influence">The squared change of its fitted value when it is left out, over that value's variance without it; null where not determined.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ);
/// foreach (BaujatPoint study in RandomEffects.Fit(effects).Baujat())
///     Console.WriteLine($"{study.Label}: heterogeneity {study.HeterogeneityContribution:F2}, influence {study.Influence:F2}");
/// </code></example>
public readonly record struct BaujatPoint(int Index, string Label, double HeterogeneityContribution, double? Influence) : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin { get => field ?? DataOrigin.Own; internal init => field = value == DataOrigin.Own ? null : value; }
}

/// <summary>Computes both for any model.</summary>
internal static class StudyPredictions
{
    public static ImmutableArray<Blup> Blups(Deletions data, double? degreesOfFreedom)
    {
        var core = data.Full;
        if (data.Model.Estimator is null)
        {
            throw new ImpossibleChoiceException("Best linear unbiased predictions need a random-effects model: without tau squared no true effect differs from what is expected", ChoiceFault.NeedsRandomEffects);
        }
        if (core.FitWeights is not null)
        {
            throw new ImpossibleChoiceException("Best linear unbiased predictions are defined for the model's own weights, not for given ones", ChoiceFault.NeedsOwnWeights);
        }
        var rows = ImmutableArray.CreateBuilder<Blup>(data.Effects.Count);
        var linear = new LinearInference(data.Design, core.Gamma, core.Covariance, degreesOfFreedom, data.Model.Level) { Origin = data.Effects.Origin };
        for (var i = 0; i < data.Effects.Count; i++) rows.Add(Blup(data.Effects, i, core.TauSquared, data.Row(i), linear));
        return rows.MoveToImmutable();
    }

    /// <summary>The prediction of one study's true effect.</summary>
    public static Blup Blup(StudyEffects effects, int i, double tau2, double[] orthonormalRow, LinearInference linear)
    {
        var (expected, variance) = linear.AtOrthonormal(orthonormalRow);
        var v = effects.Variances[i];
        var lambda = tau2 / (tau2 + v);
        var estimate = lambda * effects.Effects[i] + (1 - lambda) * expected;
        var se = Math.Sqrt(lambda * v + (1 - lambda) * (1 - lambda) * variance);
        return new Blup(i, effects.Labels[i], estimate, se, Distributions.Interval(estimate, se, linear.DegreesOfFreedom, linear.Level), 1 - lambda) { Origin = effects.Origin };
    }

    public static ImmutableArray<BaujatPoint> Baujat(Deletions data)
    {
        var rows = ImmutableArray.CreateBuilder<BaujatPoint>(data.Effects.Count);
        var p = data.Design.Parameters;
        for (var i = 0; i < data.Effects.Count; i++)
        {
            var q = data.Row(i);
            var fitted = 0.0;
            for (var a = 0; a < p; a++) fitted += q[a] * data.Full.Gamma[a];
            var residual = data.Effects.Effects[i] - fitted;
            double? influence = null;
            if (data.Without(i) is { } without)
            {
                double moved = -fitted, variance = 0;
                for (var a = 0; a < p; a++)
                {
                    moved += q[a] * without.Core.Gamma[a];
                    for (var b = 0; b < p; b++) variance += q[a] * without.Core.Covariance[a * p + b] * q[b];
                }
                if (variance > 0) influence = moved * moved / variance;
            }
            rows.Add(new BaujatPoint(i, data.Effects.Labels[i],
                residual * residual / (data.Effects.Variances[i] + data.Full.TauSquared), influence) { Origin = data.Effects.Origin });
        }
        return rows.MoveToImmutable();
    }
}
