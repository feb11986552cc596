namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// How likely the true effect of a new study lies beyond a cut-off, in two answers. The share takes μ and tau as if they were known: the proportion
/// of true effects there (Mathur &amp; VanderWeele 2019, Statistics in Medicine 38, 1336-1342). The predictive probability allows for not knowing μ, as the
/// prediction interval does. When not to use it: with fewer than ten studies, where tau is hardly known.
/// </summary>
/// <param name="Cutoff">The cut-off on the scale that is pooled.</param>
/// <param name="Share">1 - Φ((c - μ)/tau) above, Φ((c - μ)/tau) below; 0, ½ or 1 where tau² is 0.</param>
/// <param name="ShareStandardError">Its standard error by the delta method; null where tau² is 0. Not to be trusted for shares below 0.15 or above 0.85.</param>
/// <param name="PredictiveProbability">The same with t and √(SE² + tau²), as in the prediction interval.</param>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.08, 0.45, 0.20], [0.006, 0.010, 0.009, 0.005], EffectMeasure.FisherZ));
/// // How many true correlations exceed .10?
/// TrueEffectProbability above = fit.ProbabilityAbove(fit.Effects.Measure.FromDisplay(0.10));
/// Console.WriteLine($"{above.Share:P0} of true effects; a new one with probability {above.PredictiveProbability:F2}");
/// </code></example>
public readonly record struct TrueEffectProbability(double Cutoff, double Share, double? ShareStandardError, double PredictiveProbability);

/// <summary>Questions about true effects beyond a cut-off.</summary>
public static class TrueEffects
{
    /// <summary>How likely a new true effect lies above a cut-off.</summary>
    /// <param name="fit">A random-effects fit.</param>
    /// <param name="cutoff">Finite, on the scale that is pooled: <c>fit.Effects.Measure.FromDisplay(0.10)</c> for r = .10.</param>
    /// <exception cref="ArgumentException">The fit is not a random-effects model.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The cut-off is not finite.</exception>
    public static TrueEffectProbability ProbabilityAbove(this PooledFit fit, double cutoff) => Beyond(fit, cutoff, 1);

    /// <summary>How likely a new true effect lies below a cut-off.</summary>
    /// <inheritdoc cref="ProbabilityAbove"/>
    public static TrueEffectProbability ProbabilityBelow(this PooledFit fit, double cutoff) => Beyond(fit, cutoff, -1);

    private static TrueEffectProbability Beyond(PooledFit fit, double cutoff, int direction)
    {
        ArgumentNullException.ThrowIfNull(fit);
        if (!fit.IsRandomEffects) throw new ImpossibleChoiceException("The share of true effects needs a random-effects model: without tau squared they do not differ", ChoiceFault.NeedsRandomEffects);
        if (!double.IsFinite(cutoff)) throw new ArgumentOutOfRangeException(nameof(cutoff), cutoff, "The cut-off must be finite, on the scale that is pooled.");
        var distance = direction * (fit.Estimate - cutoff);
        double tau2 = fit.TauSquared, se = fit.StandardError;
        var share = tau2 > 0 ? Distributions.NormalCumulative(distance / fit.Tau) : distance == 0 ? 0.5 : distance > 0 ? 1 : 0;
        double? standardError = null;
        if (tau2 > 0)
        {
            var density = Math.Exp(-0.5 * distance * distance / tau2) / Math.Sqrt(2 * Math.PI);
            var ofTau2 = fit.TauSquaredStandardError!.Value;
            standardError = density * Math.Sqrt(se * se / tau2 + ofTau2 * ofTau2 * distance * distance / (4 * tau2 * tau2 * tau2));
        }
        var spread = Math.Sqrt(se * se + tau2);
        var outside = spread == 0 ? (distance == 0 ? 1 : 0) : Distributions.TwoSided(distance / spread, fit.DegreesOfFreedom);
        return new TrueEffectProbability(cutoff, share, standardError, distance >= 0 ? 1 - outside / 2 : outside / 2);
    }
}
