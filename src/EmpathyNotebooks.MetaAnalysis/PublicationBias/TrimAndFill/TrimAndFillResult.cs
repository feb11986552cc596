using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>How trim and fill estimates the number of missing studies, from the ranks of the distances to the mean.</summary>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38, 0.70], [0.010, 0.022, 0.015, 0.012, 0.020, 0.060], EffectMeasure.FisherZ));
/// foreach (var estimator in Enum.GetValues&lt;TrimAndFillEstimator&gt;()) Console.WriteLine(fit.TrimAndFill(estimator));
/// </code></example>
public enum TrimAndFillEstimator
{
    /// <summary>(4T - k(k + 1))/(2k - 1) with the rank sum T of the effects on the far side: the default, the least variable of the three (Duval &amp; Tweedie 2000b, Biometrics 56, 455-463).</summary>
    /// <remarks>
    /// $$L_0 = \frac{4T - k(k + 1)}{2k - 1}$$
    /// with $T$ the sum of the ranks of $|y_i - \hat\mu|$ of the effects beyond $\hat\mu$.
    /// </remarks>
    L0,

    /// <summary>The longest run of extreme ranks on the far side, less 1. It comes with a test that no study is missing, and is fooled by one aberrant study.</summary>
    /// <remarks>
    /// $$R_0 = \gamma^* - 1$$
    /// with $\gamma^*$ the number of ranks of $|y_i - \hat\mu|$ above the largest of an effect on the near side.
    /// </remarks>
    R0,

    /// <summary>k - ½ - √(2k² - 4T + ¼): as L0, more variable.</summary>
    /// <remarks>$$Q_0 = k - \tfrac{1}{2} - \sqrt{2k^2 - 4T + \tfrac{1}{4}}$$</remarks>
    Q0,
}

/// <summary>Where studies are thought to be missing.</summary>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38, 0.70], [0.010, 0.022, 0.015, 0.012, 0.020, 0.060], EffectMeasure.FisherZ));
/// Console.WriteLine(fit.TrimAndFill(side: FunnelSide.Left).Missing);
/// </code></example>
public enum FunnelSide
{
    /// <summary>Studies with small effects are missing.</summary>
    Left,

    /// <summary>Studies with large effects are missing.</summary>
    Right,
}

/// <summary>A study that trim and fill put in: the mirror image of one that is there, with its variance.</summary>
/// <param name="Source">The row that it mirrors, counted from 0, among the effects trimmed.</param>
/// <param name="Label">A name: <c>Filled 1</c>.</param>
/// <param name="Effect">Its effect, on the scale that is pooled.</param>
/// <param name="Variance">The sampling variance of the study it mirrors.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38, 0.70], [0.010, 0.022, 0.015, 0.012, 0.020, 0.060], EffectMeasure.FisherZ);
/// foreach (FilledStudy study in RandomEffects.Fit(effects).TrimAndFill().Filled) Console.WriteLine($"{study.Label} mirrors {effects.Labels[study.Source]}: {study.Effect:F2}");
/// </code></example>
public sealed record FilledStudy(int Source, string Label, double Effect, double Variance);

/// <summary>What trim and fill found: how many studies are missing, where, and the mean with them put in.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38, 0.70], [0.010, 0.022, 0.015, 0.012, 0.020, 0.060], EffectMeasure.FisherZ);
/// TrimAndFillResult result = RandomEffects.Fit(effects).TrimAndFill();
/// Console.WriteLine($"{result}; {result.Missing} missing on the {result.Side}");
/// AdjustedEstimate adjusted = result.Adjusted;
/// Console.WriteLine($"{adjusted.Method}: {adjusted.Estimate:F3} in place of {result.Original.Estimate:F3}. It holds if: {adjusted.Assumption}");
/// </code></example>
public sealed class TrimAndFillResult
{
    internal TrimAndFillResult(TrimAndFillEstimator estimator, FunnelSide side, bool sideWasEstimated, PooledFit original, PooledFit adjustedFit, ImmutableArray<FilledStudy> filled,
        double? standardError, double centre, int iterations, string? averagedWithin, ImmutableArray<string> warnings)
    {
        (Estimator, Side, SideWasEstimated, Original, Fit, Filled) = (estimator, side, sideWasEstimated, original, adjustedFit, filled);
        (MissingStandardError, Centre, Iterations, AveragedWithin, Warnings) = (standardError, centre, iterations, averagedWithin, warnings);
    }

    /// <summary>How the number was estimated.</summary>
    public TrimAndFillEstimator Estimator { get; }

    /// <summary>Where studies are thought to be missing.</summary>
    public FunnelSide Side { get; }

    /// <summary>True where the side was not said: it is the left where effects rise with the standard error in the model of the fit, else the right.</summary>
    public bool SideWasEstimated { get; }

    /// <summary>The fit as it was, of the averages of clusters where there are clusters.</summary>
    public PooledFit Original { get; }

    /// <summary>The same model with the missing studies put in; <see cref="Original"/> where none is missing.</summary>
    public PooledFit Fit { get; }

    /// <summary>The studies put in, for the filled funnel; the most extreme study's image last.</summary>
    public ImmutableArray<FilledStudy> Filled { get; }

    /// <summary>How many studies are missing, k₀.</summary>
    public int Missing => Filled.Length;

    /// <summary>The standard error of k₀ (Duval &amp; Tweedie 2000b); null where its approximation gives a negative variance.</summary>
    public double? MissingStandardError { get; }

    /// <summary>The p-value of the hypothesis that no study is missing, 2^-(k₀ + 1) (Duval &amp; Tweedie 2000b); only R0 has one.</summary>
    public double? PValue => Estimator == TrimAndFillEstimator.R0 ? Math.Pow(0.5, Missing + 1) : null;

    /// <summary>The mean of the studies that were not trimmed, around which the others are mirrored.</summary>
    public double Centre { get; }

    /// <summary>How often it was trimmed until the number stayed.</summary>
    public int Iterations { get; }

    /// <summary>The column of clusters whose averages were trimmed, since effects that share people are not independent; null where effects were taken as they are.</summary>
    public string? AveragedWithin { get; }

    /// <summary>What a careful reader should know about this result.</summary>
    public ImmutableArray<string> Warnings { get; }

    /// <summary>The mean with the missing studies put in, as a row of a table of such estimates.</summary>
    public AdjustedEstimate Adjusted => new($"trim and fill ({Estimator})", Fit.Estimate, Fit.ConfidenceInterval, Original.Count,
        "The most extreme effects on one side were held back, whatever their p.", Warnings);

    /// <summary>One line, for example <c>Trim and fill (L0): 3 studies missing on the left (SE 2.72), z = 0.108 [0.0754, 0.1398]</c>.</summary>
    public override string ToString()
    {
        var measure = Fit.Effects.Measure;
        var error = MissingStandardError is { } se ? $" (SE {StatisticText.Number(se)})" : "";
        return $"Trim and fill ({Estimator}): {StatisticText.Count(Missing)} {(Missing == 1 ? "study" : "studies")} missing on the {(Side == FunnelSide.Left ? "left" : "right")}{error}, "
            + Fit.BackTransformed.Sentence(measure, Fit.ConfidenceLevel, Fit.PValue) + (Original.Effects.Origin.IsSimulated ? " [simulated data]" : "");
    }
}
