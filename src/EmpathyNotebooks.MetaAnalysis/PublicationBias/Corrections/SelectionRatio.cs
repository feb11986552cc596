namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Whether some selection would move a result to its target.</summary>
public enum SelectionRatioOutcome
{
    /// <summary>A selection ratio does; see <see cref="SelectionRatio.Value"/>.</summary>
    Found,

    /// <summary>No selection of this kind does, however strong: the result is robust against it.</summary>
    NoneSuffices,

    /// <summary>The result is at the target or beyond it without any selection.</summary>
    AlreadyThere,

    /// <summary>The result has no interval that could be moved.</summary>
    NoInterval,
}

/// <summary>How many times likelier affirmative results would have to be published than others to move a result to its target (Mathur and VanderWeele's S-value).</summary>
/// <param name="Outcome">Whether there is such a ratio.</param>
/// <param name="Value">The ratio, at least 1; null unless found.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.51, 0.12, 0.45, 0.20, 0.38, 0.05], [0.020, 0.014, 0.025, 0.012, 0.020, 0.016], EffectMeasure.FisherZ);
/// SelectionRatio ratio = RandomEffects.Fit(effects).MathurVanderWeele(new() { Target = 0.15 }).RatioOfEstimate;
/// Console.WriteLine(ratio.Outcome == SelectionRatioOutcome.Found ? $"a selection {ratio.Value:F1}-fold" : ratio.ToString());
/// </code></example>
public readonly record struct SelectionRatio(SelectionRatioOutcome Outcome, double? Value)
{
    /// <inheritdoc/>
    public override string ToString() => Outcome switch
    {
        SelectionRatioOutcome.Found => StatisticText.Number(Value!.Value),
        SelectionRatioOutcome.NoneSuffices => "no selection suffices",
        SelectionRatioOutcome.AlreadyThere => "there without selection",
        _ => "no interval",
    };
}

/// <summary>What to choose in Mathur and VanderWeele's sensitivity analysis.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([-0.51, -0.12, -0.45, -0.20, -0.38, -0.05], [0.020, 0.014, 0.025, 0.012, 0.020, 0.016]);
/// var options = new MathurVanderWeeleOptions { Alternative = Alternative.Less, Target = -0.1 };
/// Console.WriteLine(RandomEffects.Fit(effects).MathurVanderWeele(options));
/// </code></example>
public sealed record MathurVanderWeeleOptions
{
    /// <summary>Which results are affirmative: significant and above 0 by default (greater), significant and below 0 (less), or significant on either side (two-sided).</summary>
    public Alternative Alternative { get; init; } = Alternative.Greater;

    /// <summary>The two-sided level of significance at which results are selected, in (0, 1); .05 by default, also for one direction.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The level is not in (0, 1).</exception>
    public double Alpha
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Alpha), value, "A level of significance lies between 0 and 1, both excluded; 0.05 is usual.");
    } = 0.05;

    /// <summary>The value q to which a selection ratio should move the result, on the scale that is pooled; 0, no effect, by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not finite.</exception>
    public double Target
    {
        get;
        init => field = double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(Target), value, "The target is a finite effect.");
    }

    /// <summary>True, the default, for standard errors that allow for few clusters (CR2 with Satterthwaite's degrees of freedom; with an equal-effects model t with k - 1); false for the plain ones (CR1 with one degree of
    /// freedom fewer than clusters; z).</summary>
    public bool SmallSample { get; init; } = true;

    /// <summary>The column of clusters for a pooled fit whose effects share samples; null, the default, for independent effects. A model for dependent effects has clusters of its own.</summary>
    public string? Cluster { get; init; }
}
