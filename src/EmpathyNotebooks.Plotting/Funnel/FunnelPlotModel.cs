using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>How precise a study is, as the vertical axis of a funnel plot has it. The most precise studies always stand at the top.</summary>
public enum FunnelScale
{
    /// <summary>The standard error √v, growing downwards; the limits are then straight lines (Sterne &amp; Egger 2001).</summary>
    StandardError,

    /// <summary>The sampling variance v, growing downwards.</summary>
    Variance,

    /// <summary>1/√v.</summary>
    Precision,

    /// <summary>The sample size, which shows no limits, since the variance does not follow from it alone.</summary>
    SampleSize,
}

/// <summary>What to choose in a funnel plot.</summary>
public sealed record FunnelPlotOptions : PlotOptions
{
    /// <summary>What a point is where effects share samples: each effect, or the mean of each cluster.</summary>
    public PlotPoints Points { get; init; }

    /// <summary>The vertical axis; the standard error by default.</summary>
    public FunnelScale Scale { get; init; }

    /// <summary>
    /// True shades where a study alone has p below .10, .05 and .01: gaps where results are not significant speak for publication bias, gaps
    /// elsewhere for other reasons (Peters et al. 2008, Journal of Clinical Epidemiology 61, 991-996).
    /// </summary>
    public bool ShowContours { get; init; }

    /// <summary>
    /// True draws Egger's regression of the effects on their standard errors, by the model and inference of the fit (Egger et al. 1997; Sterne &amp;
    /// Egger 2005; for effects that share samples the standard error becomes the moderator of the multilevel model, Rodgers &amp; Pustejovsky 2021). Means of clusters are regressed as
    /// independent, by REML with Hartung-Knapp. When not to use it: with fewer than ten studies.
    /// </summary>
    public bool ShowRegression { get; init; }

    /// <summary>
    /// Trim and fill of the effects shown, whose filled studies are drawn as open marks, with the mean that they lead to; none if not said. Where effects share samples it fills averages: draw the funnel of
    /// <see cref="TrimAndFillResult.Original"/>.
    /// </summary>
    public TrimAndFillResult? Filled { get; init; }

    /// <summary>Curves of regressions, at most four: results of PET, PEESE, Egger's test and limit meta-analysis, or functions of one's own; none if not said.</summary>
    public IReadOnlyList<FunnelCurve> Curves { get; init; } = [];
}

/// <summary>The region of a contour-enhanced funnel plot on both sides of the null value.</summary>
/// <param name="Name">The p-values there, for example <c>p .05 to .10</c>.</param>
/// <param name="LargestP">The largest two-sided p-value there.</param>
/// <param name="Left">The corners of its left part.</param>
/// <param name="Right">The corners of its right part.</param>
public sealed record FunnelRegion(string Name, double LargestP, ImmutableArray<PlotPoint> Left, ImmutableArray<PlotPoint> Right);

/// <summary>A funnel plot as plain numbers and texts. The horizontal axis is divided as effects are pooled, and labelled as readers know them.</summary>
public sealed record FunnelPlotModel : PlotModel
{
    /// <summary>What the effects measure.</summary>
    public required EffectMeasure Measure { get; init; }

    /// <summary>What stands on the vertical axis.</summary>
    public required FunnelScale Scale { get; init; }

    /// <summary>True where points are residuals, since the model has moderators.</summary>
    public bool IsResidual { get; init; }

    /// <summary>Effects or residuals, on the scale that is pooled.</summary>
    public required PlotAxis XAxis { get; init; }

    /// <summary>Precision; for standard errors and variances it grows downwards.</summary>
    public required PlotAxis YAxis { get; init; }

    /// <summary>The studies, effects or means of clusters in the order of the data.</summary>
    public required ImmutableArray<StudyPoint> Studies { get; init; }

    /// <summary>The pooled effect, where the dashed line stands; 0 for residuals.</summary>
    public required double Estimate { get; init; }

    /// <summary>
    /// Estimate ± z√v: where studies of one true effect would lie with the probability of the confidence level; left, then right. Empty for sample sizes.
    /// </summary>
    public required ImmutableArray<PlotLine> Limits { get; init; }

    /// <summary>How many studies lie outside the limits; null where there are none.</summary>
    public required int? Outside { get; init; }

    /// <summary>The shaded regions, the one of the smallest p first; empty unless asked for.</summary>
    public required ImmutableArray<FunnelRegion> Regions { get; init; }

    /// <summary>The studies that trim and fill put in; empty unless asked for. Their <see cref="StudyPoint.Study"/> is that whose image they are.</summary>
    public ImmutableArray<StudyPoint> Filled { get; init; } = [];

    /// <summary>The mean with the filled studies; null unless asked for.</summary>
    public double? FilledEstimate { get; init; }

    /// <summary>The curves asked for.</summary>
    public ImmutableArray<PlotLine> Curves { get; init; } = [];

    /// <summary>Egger's regression; null unless asked for.</summary>
    public required PlotLine? Regression { get; init; }

    /// <summary>The slope of Egger's regression with its test; null unless asked for.</summary>
    public required Coefficient? Slope { get; init; }
}
