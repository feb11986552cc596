using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Sensitivity of a mean effect to selection of affirmative results: if these were η times likelier to be published than others, the mean is that with the others weighted η times as much. No η is estimated: the worst case,
/// η without limit, leaves the nonaffirmative results alone, and the selection ratio says how strong selection would have to be. Source: Mathur &amp; VanderWeele 2020, Journal of the Royal Statistical Society C 69, 1091-1119.
/// All numbers are on the scale that is pooled.
/// </summary>
/// <remarks>
/// $$\hat\mu_\eta = \frac{\eta\sum_{N}w_iy_i + \sum_{A}w_iy_i}{\eta\sum_{N}w_i + \sum_{A}w_i}, \qquad w_i = \frac{1}{v_i + \hat\tau^2}$$
/// over nonaffirmative results $N$ and affirmative ones $A$; the worst case is $\eta \to \infty$.
/// With random effects the mean rests on weights 1/(v + τ²) with τ² of the uncorrected model, and inference is cluster-robust, so that it needs neither normal effects nor a right model of dependence; with equal effects on
/// weights 1/v. It assumes that selection works on significance alone, and that authors did not bend results until they were significant; it misleads where they did, or where selection went for large effects.
/// </remarks>
/// <example><code>
/// var effects = StudyEffects.Create([0.51, 0.12, 0.45, 0.20, 0.38, 0.05], [0.020, 0.014, 0.025, 0.012, 0.020, 0.016], EffectMeasure.FisherZ);
/// MathurVanderWeele analysis = RandomEffects.Fit(effects).MathurVanderWeele();
/// Console.WriteLine($"worst case {analysis.WorstCase}; with a selection 4-fold {analysis.Corrected(4)}");
/// Console.WriteLine($"to move the interval to 0: {analysis.RatioOfInterval}");
/// Console.WriteLine($"{analysis.AffirmativeCount} affirmative, beyond {analysis.BorderAt(0.1):F3} at a standard error of 0.1");
/// </code></example>
public sealed class MathurVanderWeele
{
    private readonly SelectionWeights _weights;
    private readonly MathurVanderWeeleOptions _options;

    internal MathurVanderWeele(StudyEffects effects, SelectionWeights weights, MathurVanderWeeleOptions options, ImmutableArray<string> warnings)
    {
        Effects = effects;
        _weights = weights;
        _options = options;
        IsAffirmative = [.. weights.IsAffirmative];
        Uncorrected = weights.Corrected(1);
        WorstCase = weights.WorstCase();
        Warnings = warnings;
        (RatioOfEstimate, RatioOfInterval) = weights.RatiosTo(options.Target);
    }

    /// <summary>The effects.</summary>
    public StudyEffects Effects { get; }

    /// <summary>Which results count as affirmative.</summary>
    public Alternative Alternative => _options.Alternative;

    /// <summary>The two-sided level at which results are affirmative.</summary>
    public double Alpha => _options.Alpha;

    /// <summary>q, to which the selection ratios move the result.</summary>
    public double Target => _options.Target;

    /// <summary>Which effects are affirmative.</summary>
    public ImmutableArray<bool> IsAffirmative { get; }

    /// <summary>The level of all intervals.</summary>
    public double ConfidenceLevel => _weights.Level;

    /// <summary>How many are.</summary>
    public int AffirmativeCount => IsAffirmative.Count(affirmative => affirmative);

    /// <summary>How many are not.</summary>
    public int NonaffirmativeCount => IsAffirmative.Length - AffirmativeCount;

    /// <summary>The mean if there were no selection, η = 1.</summary>
    public Coefficient Uncorrected { get; }

    /// <summary>The mean of the nonaffirmative effects alone, in the worst case of selection. Of a single one its own effect and interval; without a standard error where they come from one cluster.</summary>
    public Coefficient WorstCase { get; }

    /// <summary>The selection ratio that moves the mean to the target.</summary>
    public SelectionRatio RatioOfEstimate { get; }

    /// <summary>The selection ratio that moves the limit of the mean's interval to the target, the smallest if there are several.</summary>
    public SelectionRatio RatioOfInterval { get; }

    /// <summary>What a careful reader should know.</summary>
    public ImmutableArray<string> Warnings { get; }

    /// <summary>The mean if affirmative results are that many times likelier to be published than others.</summary>
    /// <param name="selectionRatio">η, at least 1 and finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">The ratio is below 1 or not finite.</exception>
    public Coefficient Corrected(double selectionRatio) => selectionRatio >= 1 && double.IsFinite(selectionRatio) ? _weights.Corrected(selectionRatio)
        : throw new ArgumentOutOfRangeException(nameof(selectionRatio), selectionRatio, "A selection ratio is at least 1, which means no selection, and finite; WorstCase has the mean of endless selection.");

    /// <summary>Where results begin to be affirmative in the significance funnel: the effect at that standard error, z·SE. Below 0 for effects selected below; on both sides for two-sided selection, of which this is the upper.</summary>
    /// <param name="standardError">The standard error, not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public double BorderAt(double standardError)
    {
        if (!(standardError >= 0) || !double.IsFinite(standardError)) throw new ArgumentOutOfRangeException(nameof(standardError), standardError, "A standard error is finite and not negative.");
        return (Alternative == Alternative.Less ? -1 : 1) * Distributions.NormalQuantile(1 - Alpha / 2) * standardError;
    }

    /// <summary>The worst case as a row beside other methods.</summary>
    public AdjustedEstimate Adjusted => new("worst case of selection (Mathur-VanderWeele)", WorstCase.Estimate, WorstCase.HasStandardError ? WorstCase.ConfidenceInterval : null, NonaffirmativeCount,
        "Affirmative results are endlessly likelier to be published: a bound.", Warnings);

    /// <inheritdoc/>
    public override string ToString() => $"Mathur-VanderWeele: worst case {WorstCase}; selection ratio to {StatisticText.Significant(Target)}: estimate {RatioOfEstimate}, interval {RatioOfInterval} "
        + $"({StatisticText.Count(AffirmativeCount)} of {StatisticText.Count(IsAffirmative.Length)} affirmative)";
}
