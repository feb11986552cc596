using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <remarks>The part on measures whose way back to the scale shown needs a sample size: the Freeman-Tukey transformations.</remarks>
public sealed partial class EffectMeasure
{
    private SizedWay? _sized;

    /// <summary>
    /// True for the Freeman-Tukey transformations (PFT, IRFT): the way back to a proportion or a rate needs a sample size or a person-time. A study is
    /// shown with its own (<see cref="StudyEffects.MeasureOf"/>), a pooled value with the harmonic mean of them (<see cref="StudyEffects.Measure"/>), as
    /// Miller (1978) and metafor's <c>transf.ipft.hm</c> do.
    /// </summary>
    public bool NeedsSize => _sized is not null;

    /// <summary>
    /// The sample size (PFT) or person-time (IRFT) that the way back to the scale shown uses; null for measures that need none, and where none is known:
    /// then the way back is the one for large samples, sin²(y) or y².
    /// </summary>
    public double? Size { get; private init; }

    /// <summary>Which way back is used, for the foot of a table; null for measures whose way back needs no sample size.</summary>
    public string? DisplayNote => _sized is null ? null : Size is { } size
        ? string.Create(CultureInfo.InvariantCulture, $"Shown by {_sized.Source}: pooled values with the harmonic mean of the {_sized.What}, {size:G5}, each study with its own.")
        : $"Shown by the way back for large samples, since the {_sized.What} are not known.";

    /// <summary>The same measure with the way back for one sample size or person-time.</summary>
    /// <param name="size">The sample size (PFT) or person-time (IRFT), positive and finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is not positive and finite.</exception>
    /// <exception cref="InvalidOperationException">The way back of the measure needs no size.</exception>
    /// <example><code>
    /// var measure = EffectMeasure.ProportionFreemanTukey.ForSize(25);
    /// Console.WriteLine(measure.ToDisplay(Proportions.FreemanTukey(0, 25).Value)); // 0
    /// </code></example>
    public EffectMeasure ForSize(double size) => NeedsSize
        ? new EffectMeasure(this, Check.Positive(size, nameof(size)))
        : throw new InvalidOperationException($"The way back of {Code} needs no sample size.");

    /// <summary>The measure for one study, whose size its sampling variance tells: 1/(4n + 2) or 1/(4t).</summary>
    internal EffectMeasure ForVariance(double variance) => ForVariances([variance]);

    /// <summary>The measure for values pooled over these studies, with the harmonic mean of their sizes.</summary>
    internal EffectMeasure ForVariances(ReadOnlySpan<double> variances)
    {
        double inverse = 0;
        foreach (var variance in variances) inverse += 1 / Math.Max(0, _sized!.SizeOf(variance));
        var size = variances.Length / inverse;
        return size > 0 && double.IsFinite(size) ? ForSize(size) : FromCode(Code);
    }

    /// <summary>Two measures are the same when they measure the same, with whatever sample size they are shown.</summary>
    public bool Equals(EffectMeasure? other) => other is not null && Code == other.Code;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EffectMeasure);

    /// <inheritdoc/>
    public override int GetHashCode() => Code.GetHashCode(StringComparison.Ordinal);

    /// <summary>True when both measure the same, with whatever sample size they are shown.</summary>
    public static bool operator ==(EffectMeasure? left, EffectMeasure? right) => left?.Code == right?.Code;

    /// <summary>True when they measure something else.</summary>
    public static bool operator !=(EffectMeasure? left, EffectMeasure? right) => !(left == right);

    /// <param name="ToDisplay">From the pooled scale and a size to the scale shown.</param>
    /// <param name="FromDisplay">And back.</param>
    /// <param name="SizeOf">The size behind a sampling variance; not positive where there is none.</param>
    /// <param name="Source">Whose way back it is.</param>
    /// <param name="What">What the sizes are.</param>
    private sealed record SizedWay(Func<double, double, double> ToDisplay, Func<double, double, double> FromDisplay, Func<double, double> SizeOf,
        string Source, string What);
}
