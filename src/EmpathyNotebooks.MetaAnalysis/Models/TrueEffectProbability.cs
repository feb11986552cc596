namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// How likely the true effect of a new study lies beyond a cut-off, in two answers. The share takes μ and tau as if they were known: the proportion
/// of true effects there (Mathur &amp; VanderWeele 2019, Statistics in Medicine 38, 1336-1342). The predictive probability allows for not knowing μ, as the
/// prediction interval does. When not to use it: with fewer than ten studies, where tau is hardly known.
/// </summary>
/// <remarks>
/// Above a cut-off $c$:
/// $$\text{share} = \Phi\!\left(\frac{\hat\mu - c}{\hat\tau}\right), \qquad \text{predictive} = F_t\!\left(\frac{\hat\mu - c}{\sqrt{\mathrm{SE}^2 + \hat\tau^2}}\right)$$
/// with $F_t$ the distribution that the inference of the fit takes.
/// </remarks>
/// <param name="Cutoff">The cut-off on the scale that is pooled.</param>
/// <param name="Share">1 - Φ((c - μ)/tau) above, Φ((c - μ)/tau) below; 0, ½ or 1 where tau² is 0.</param>
/// <param name="ShareStandardError">Its standard error by the delta method; null where tau² is 0, or the model gives its variance no standard error. Not to be trusted for shares below 0.15 or above 0.85.</param>
/// <param name="PredictiveProbability">The same with t and √(SE² + tau²), as in the prediction interval.</param>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.08, 0.45, 0.20], [0.006, 0.010, 0.009, 0.005], EffectMeasure.FisherZ));
/// // How many true correlations exceed .10?
/// TrueEffectProbability above = fit.ProbabilityAbove(fit.Effects.Measure.FromDisplay(0.10));
/// Console.WriteLine($"{above.Share:P0} of true effects; a new one with probability {above.PredictiveProbability:F2}");
/// </code></example>
public readonly record struct TrueEffectProbability(double Cutoff, double Share, double? ShareStandardError, double PredictiveProbability) : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin { get => field ?? DataOrigin.Own; internal init => field = value == DataOrigin.Own ? null : value; }
}

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
    /// <inheritdoc cref="ProbabilityAbove(PooledFit, double)"/>
    public static TrueEffectProbability ProbabilityBelow(this PooledFit fit, double cutoff) => Beyond(fit, cutoff, -1);

    /// <summary>
    /// How likely a new true effect lies above a cut-off, for a fit of any kind: with the variance of all levels for a new effect, or that of the outermost for the mean of a new study.
    /// </summary>
    /// <param name="fit">A fit of any kind.</param>
    /// <param name="cutoff">Finite, on the scale that is pooled: <c>fit.Measure.FromDisplay(0.10)</c> for r = .10.</param>
    /// <param name="of">A new effect, the default, or the mean of a new study.</param>
    /// <param name="values">One value for each column of the moderators; null for a model without.</param>
    /// <returns>Null where it is not defined: true effects do not differ, the mean depends on values that are not given or has no standard error, or outcomes have variances of their own.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The cut-off is not finite.</exception>
    /// <exception cref="StudyDataException">A column has no value, is not in the model, or has a value or combination that no study has.</exception>
    public static TrueEffectProbability? ProbabilityAbove(this IModelFit fit, double cutoff, NewTrueEffect of = NewTrueEffect.Effect, ModeratorValues? values = null) =>
        Beyond(fit, cutoff, of, values, 1);

    /// <summary>How likely a new true effect lies below a cut-off, for a fit of any kind.</summary>
    /// <inheritdoc cref="ProbabilityAbove(IModelFit, double, NewTrueEffect, ModeratorValues?)"/>
    public static TrueEffectProbability? ProbabilityBelow(this IModelFit fit, double cutoff, NewTrueEffect of = NewTrueEffect.Effect, ModeratorValues? values = null) =>
        Beyond(fit, cutoff, of, values, -1);

    /// <summary>
    /// The mean effect with its interval, and the prediction interval of a new effect or of the mean of a new study: μ ± q·√(SE² + variance), with the quantile q of the confidence interval.
    /// The variance of a new effect is that of all levels together (metafor's <c>predict()</c>), of a study's mean that of the outermost level. When not to use it: with few studies the
    /// variances are hardly known, and the interval is too narrow.
    /// </summary>
    /// <param name="fit">A fit of any kind.</param>
    /// <param name="of">A new effect, the default, or the mean of a new study.</param>
    /// <param name="values">One value for each column of the moderators; null for a model without.</param>
    /// <returns>Null where the mean depends on values that are not given or has no standard error; without a prediction interval where true effects do not differ, or where outcomes have variances of
    /// their own and the values do not say whose, as always for the mean of a study over several outcomes.</returns>
    /// <exception cref="StudyDataException">A column has no value, is not in the model, or has a value or combination that no study has.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52],
    ///     [0.004, 0.004, 0.006, 0.005, 0.006, 0.006, 0.004, 0.007], EffectMeasure.FisherZ,
    ///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F"])]);
    /// IModelFit fit = MultilevelModel.Fit(effects, ["sample", MultilevelModel.EachEffect], samplingCorrelation: 0.6);
    /// Console.WriteLine($"a new effect {fit.PredictNew()?.PredictionInterval}, the mean of a new sample {fit.PredictNew(NewTrueEffect.StudyMean)?.PredictionInterval}");
    /// Console.WriteLine(fit.ProbabilityAbove(0.10, NewTrueEffect.StudyMean)?.PredictiveProbability);
    /// </code></example>
    public static Prediction? PredictNew(this IModelFit fit, NewTrueEffect of = NewTrueEffect.Effect, ModeratorValues? values = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var predictions = (IFitPredictions)fit;
        return predictions.MeanAt(values) is { HasStandardError: true } mean ? NewTrueEffects.Predict(mean, predictions.VarianceOfNew(of, values), fit.ConfidenceLevel) : null;
    }

    private static TrueEffectProbability? Beyond(IModelFit fit, double cutoff, NewTrueEffect of, ModeratorValues? values, int direction)
    {
        ArgumentNullException.ThrowIfNull(fit);
        NewTrueEffects.Check(cutoff);
        var predictions = (IFitPredictions)fit;
        return predictions.MeanAt(values) is { HasStandardError: true } mean && predictions.VarianceOfNew(of, values) is { } variance
            ? NewTrueEffects.Beyond(mean, variance, predictions.StandardErrorOfVariance(of, values), cutoff, direction) : null;
    }

    private static TrueEffectProbability Beyond(PooledFit fit, double cutoff, int direction)
    {
        ArgumentNullException.ThrowIfNull(fit);
        if (!fit.IsRandomEffects) throw new ImpossibleChoiceException("The share of true effects needs a random-effects model: without tau squared they do not differ", ChoiceFault.NeedsRandomEffects);
        NewTrueEffects.Check(cutoff);
        return NewTrueEffects.Beyond(fit.Mean, fit.TauSquared, fit.TauSquaredStandardError, cutoff, direction);
    }
}
