namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Where the variance of effects comes from, on one scale: that of the effects as observed, or as corrected.</summary>
/// <param name="Observed">The weighted variance of the effects, times k/(k - 1).</param>
/// <param name="SamplingError">What sampling error explains of it.</param>
/// <param name="Artifacts">What differences of artifacts between studies explain; 0 where effects are corrected one by one, whose variance holds none of it any more, and for bare bones.</param>
/// <param name="Residual">What is left, the variance of true effects; 0 where sampling error and artifacts explain more than there is.</param>
/// <example><code>
/// PsychometricVariance variance = Psychometric.Fit(StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.01, 0.02, 0.01, 0.01], EffectMeasure.Correlation, sampleSizes: [90, 48, 70, 110])).Observed.Variance;
/// Console.WriteLine($"{variance.SamplingError:F4} of {variance.Observed:F4}");
/// </code></example>
public readonly record struct PsychometricVariance(double Observed, double SamplingError, double Artifacts, double Residual);

/// <summary>A mean effect with what is known of its precision and of the spread of true effects.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="StandardError">Its standard error, the standard deviation of the effects over √k.</param>
/// <param name="ConfidenceInterval">Where the mean lies. By distributions it is the interval of the observed mean, corrected, and need not be symmetric.</param>
/// <param name="Variance">Where the variance of the effects comes from.</param>
/// <param name="CredibilityInterval">
/// Where the true effects of the studies lie: the mean ± a quantile times <see cref="StandardDeviation"/>. Unlike a prediction interval it takes the mean as known, so that it is too narrow with few studies.
/// </param>
/// <example><code>
/// PsychometricEstimate observed = Psychometric.Fit(StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.01, 0.02, 0.01, 0.01], EffectMeasure.Correlation, sampleSizes: [90, 48, 70, 110])).Observed;
/// Console.WriteLine($"{observed.Mean:F3}, SD of true correlations {observed.StandardDeviation:F3}");
/// </code></example>
public sealed record PsychometricEstimate(double Mean, double StandardError, ConfidenceInterval ConfidenceInterval, PsychometricVariance Variance, ConfidenceInterval CredibilityInterval)
{
    /// <summary>The standard deviation of true effects, SDρ for corrected correlations.</summary>
    public double StandardDeviation => Math.Sqrt(Variance.Residual);
}

/// <summary>One study in a psychometric meta-analysis.</summary>
/// <param name="Label">Its label.</param>
/// <param name="SampleSize">Its sample size.</param>
/// <param name="Observed">Its effect, corrected for small samples where that was asked for.</param>
/// <param name="ObservedVariance">The sampling variance of that.</param>
/// <param name="Corrected">Its effect corrected for artifacts: by its own, or where distributions are used by the mean artifacts.</param>
/// <param name="CorrectedVariance">The sampling variance of that.</param>
/// <param name="Weight">Its share in the corrected mean, as a fraction of 1.</param>
/// <example><code>
/// var fit = Psychometric.Fit(StudyEffects.Create([0.31, 0.12, 0.45], [0.01, 0.02, 0.01], EffectMeasure.Correlation, sampleSizes: [90, 48, 70],
///     columns: [StudyColumn.OfNumbers("ryy", [0.8, 0.7, 0.9])]), new() { OutcomeReliability = "ryy" });
/// foreach (PsychometricStudy study in fit.Studies) Console.WriteLine($"{study.Label}: {study.Observed:F2}, corrected {study.Corrected:F2}, weight {study.Weight:P0}");
/// </code></example>
public sealed record PsychometricStudy(string Label, double SampleSize, double Observed, double ObservedVariance, double Corrected, double CorrectedVariance, double Weight);
