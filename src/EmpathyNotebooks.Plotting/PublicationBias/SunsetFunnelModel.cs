using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a sunset funnel.</summary>
public sealed record SunsetFunnelOptions : PlotOptions
{
    /// <summary>What a point is where effects share samples: each effect, or the mean of each cluster.</summary>
    public PlotPoints Points { get; init; }

    /// <summary>
    /// The true effect whose detection is asked about, on the scale that readers know, for example .20 for r; the mean of the fit if not said. That mean is too large where results were
    /// selected, and power with it: try an adjusted estimate, or the smallest effect of interest, too.
    /// </summary>
    public double? TrueEffect { get; init; }

    /// <summary>The level of the studies' two-sided tests; .05 by default.</summary>
    public double Alpha
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Alpha), value, "A level of significance lies between 0 and 1, both excluded; 0.05 is usual.");
    } = 0.05;
}

/// <summary>Standard errors with which studies have a power between two values.</summary>
/// <param name="Name">The powers there, for the legend.</param>
/// <param name="SmallestPower">The power at its lower edge.</param>
/// <param name="LargestPower">The power at its upper edge.</param>
/// <param name="SmallestError">The standard error at its upper edge.</param>
/// <param name="LargestError">The standard error at its lower edge, or where the axis ends.</param>
public sealed record PowerBand(string Name, double SmallestPower, double LargestPower, double SmallestError, double LargestError);

/// <summary>A sunset funnel as plain numbers and texts. The horizontal axis is divided as effects are pooled, and labelled as readers know them.</summary>
public sealed record SunsetFunnelModel : PlotModel
{
    /// <summary>What the effects measure.</summary>
    public required EffectMeasure Measure { get; init; }

    /// <summary>Effects, on the scale that is pooled.</summary>
    public required PlotAxis XAxis { get; init; }

    /// <summary>Standard errors, growing downwards.</summary>
    public required PlotAxis YAxis { get; init; }

    /// <summary>The studies, effects or means of clusters in the order of the data.</summary>
    public required ImmutableArray<StudyPoint> Studies { get; init; }

    /// <summary>The power of each to detect the true effect, as fractions.</summary>
    public required ImmutableArray<double> Powers { get; init; }

    /// <summary>The bands that the axis shows, the one of the most precise studies first.</summary>
    public required ImmutableArray<PowerBand> Bands { get; init; }

    /// <summary>Where a result is just significant, left and right of the null value.</summary>
    public required ImmutableArray<PlotLine> Significance { get; init; }

    /// <summary>The true effect assumed, on the scale that is pooled.</summary>
    public required double TrueEffect { get; init; }

    /// <summary>The level of the two-sided tests.</summary>
    public required double Alpha { get; init; }

    /// <summary>The median of <see cref="Powers"/>.</summary>
    public required double MedianPower { get; init; }

    /// <summary>How many have a power of 80% or more (Cohen's convention).</summary>
    public required int Adequate { get; init; }

    /// <summary>How many are significant.</summary>
    public required int Significant { get; init; }

    /// <summary>How many would be on average if all had the true effect assumed: the sum of <see cref="Powers"/>.</summary>
    public double ExpectedSignificant => Powers.Sum();

    /// <summary>The replicability index, the median power less what the share of significant results exceeds it by (Schimmack 2016): 2·median power - share, held to 0 and 1.</summary>
    public double RIndex => Math.Clamp(2 * MedianPower - (double)Significant / Powers.Length, 0, 1);

    /// <summary>The true effect, on the side of the one assumed, with which the median power would be 33%, on the scale that is pooled; null where α is larger.</summary>
    public required double? EffectForMedian33 { get; init; }

    /// <summary>The same for 66%.</summary>
    public required double? EffectForMedian66 { get; init; }
}
