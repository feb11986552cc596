using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;
using MathNet.Numerics.Distributions;

namespace EmpathyNotebooks.Plotting;

/// <summary>How the axis of p-values is divided.</summary>
public enum PValueSpacing
{
    /// <summary>By normal quantiles, so that both ends of one-sided p-values can be read.</summary>
    Probability,

    /// <summary>By logarithms, so that small p-values can be read; for two-sided ones, whose other end is of no interest.</summary>
    Logarithmic,

    /// <summary>Evenly.</summary>
    Linear,
}

/// <summary>What to choose in a plot of a weight function.</summary>
public sealed record SelectionWeightOptions : PlotOptions
{
    /// <summary>How the axis of p is divided; by normal quantiles for one-sided selection and by logarithms for two-sided if not said.</summary>
    public PValueSpacing? Spacing { get; init; }
}

/// <summary>A weight function as plain numbers and texts.</summary>
public sealed record SelectionWeightModel : PlotModel
{
    /// <summary>The smallest p-value of axes that do not begin at 0, and as far from 1 where they do not end there.</summary>
    public const double Least = 0.0005;

    /// <summary>The side that is selected, whose p-values these are.</summary>
    public required Alternative Alternative { get; init; }

    /// <summary>How the axis of p is divided.</summary>
    public required PValueSpacing Spacing { get; init; }

    /// <summary>Places of p-values: see <see cref="PlaceOf"/>.</summary>
    public required PlotAxis XAxis { get; init; }

    /// <summary>Weights; below 0 stand the studies.</summary>
    public required PlotAxis YAxis { get; init; }

    /// <summary>The weights along the axis, relative to that of a p-value named in the summary, with their pointwise intervals; at a cut-point both that of the step before and of the step after.</summary>
    public required ImmutableArray<SelectionWeight> Weights { get; init; }

    /// <summary>The cut-points of a step function; empty for the others.</summary>
    public required ImmutableArray<double> CutPoints { get; init; }

    /// <summary>The studies at their p-values. Those beyond the axis stand at its end.</summary>
    public required ImmutableArray<StudyPoint> Studies { get; init; }

    /// <summary>Where a p-value stands on the axis: Φ⁻¹(p), ln p or p; p-values beyond its ends at them.</summary>
    /// <param name="p">A p-value in [0, 1].</param>
    public double PlaceOf(double p) => Spacing switch
    {
        PValueSpacing.Probability => Normal.InvCDF(0, 1, Math.Clamp(p, Least, 1 - Least)),
        PValueSpacing.Logarithmic => Math.Log(Math.Max(p, Least)),
        _ => p,
    };
}
