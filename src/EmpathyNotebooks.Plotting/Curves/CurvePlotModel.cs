using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>A named line through points.</summary>
public sealed record CurveSeries
{
    /// <summary>A line through points that are already known.</summary>
    /// <param name="name">What it is, for the legend.</param>
    /// <param name="x">The horizontal values, finite.</param>
    /// <param name="y">The vertical values, finite, as many.</param>
    /// <exception cref="ArgumentException">There are no points, the counts differ, or a value is not finite.</exception>
    public CurveSeries(string name, IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.Count != y.Count || x.Count == 0)
        {
            throw new ArgumentException(FormattableString.Invariant($"Series \"{name}\" has {x.Count} x and {y.Count} y; each point needs both."), nameof(y));
        }
        for (var i = 0; i < x.Count; i++)
        {
            if (!double.IsFinite(x[i]) || !double.IsFinite(y[i]))
            {
                throw new ArgumentException(FormattableString.Invariant($"Series \"{name}\", point {i + 1}: ({x[i]}, {y[i]}) must be finite numbers."), nameof(y));
            }
        }
        Name = name;
        X = [.. x];
        Y = [.. y];
    }

    /// <summary>What it is, for the legend.</summary>
    public string Name { get; }

    /// <summary>The horizontal values.</summary>
    public ImmutableArray<double> X { get; }

    /// <summary>The vertical values.</summary>
    public ImmutableArray<double> Y { get; }

    /// <summary>True draws a dot at every point.</summary>
    public bool HasDots { get; init; }

    /// <summary>True fills the area down to zero, as for a density.</summary>
    public bool IsFilled { get; init; }

    /// <summary>The line of a function, at evenly spaced points.</summary>
    /// <param name="name">What it is, for the legend.</param>
    /// <param name="function">The function, finite in the range.</param>
    /// <param name="from">Where the line begins.</param>
    /// <param name="to">Where it ends, above <paramref name="from"/>.</param>
    /// <param name="points">How many points, at least 2.</param>
    /// <exception cref="ArgumentException">The range is empty or the function is not finite somewhere.</exception>
    public static CurveSeries Of(string name, Func<double, double> function, double from, double to, int points = 201)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 2);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(to, from);
        double[] x = [.. Enumerable.Range(0, points).Select(i => i == points - 1 ? to : from + (to - from) * i / (points - 1))];
        return new CurveSeries(name, x, [.. x.Select(function)]);
    }
}

/// <summary>A point that the reader is to look at.</summary>
/// <param name="X">Its horizontal value.</param>
/// <param name="Y">Its vertical value.</param>
/// <param name="Label">A few words beside it.</param>
public sealed record CurveMark(double X, double Y, string Label);

/// <summary>A straight line over the whole plot.</summary>
/// <param name="Value">Where it crosses the axis.</param>
/// <param name="Label">A few words at its end; empty for none.</param>
/// <param name="IsVertical">True for a line at a horizontal value.</param>
public sealed record CurveReference(double Value, string Label = "", bool IsVertical = false);

/// <summary>A dotted line from one place to another, to lead the eye.</summary>
/// <param name="From">Where it begins.</param>
/// <param name="To">Where it ends.</param>
public sealed record CurveGuide(PlotPoint From, PlotPoint To);

/// <summary>What to choose in a plot of curves.</summary>
public sealed record CurvePlotOptions
{
    /// <summary>The title; none by default.</summary>
    public string Title { get; init; } = "";

    /// <summary>The title of the horizontal axis.</summary>
    public string XTitle { get; init; } = "";

    /// <summary>The title of the vertical axis.</summary>
    public string YTitle { get; init; } = "";

    /// <summary>What the plot shows, in words; from the axis titles and series if not said.</summary>
    public string? Finding { get; init; }

    /// <summary>Points to look at.</summary>
    public IReadOnlyList<CurveMark> Marks { get; init; } = [];

    /// <summary>Lines over the whole plot.</summary>
    public IReadOnlyList<CurveReference> References { get; init; } = [];

    /// <summary>Dotted lines that lead the eye.</summary>
    public IReadOnlyList<CurveGuide> Guides { get; init; } = [];

    /// <summary>Where the horizontal axis begins; at the data if not said.</summary>
    public double? XMinimum { get; init; }

    /// <summary>Where the horizontal axis ends; at the data if not said.</summary>
    public double? XMaximum { get; init; }

    /// <summary>Where the vertical axis begins; a little below the data if not said, at zero for filled areas.</summary>
    public double? YMinimum { get; init; }

    /// <summary>Where the vertical axis ends; a little above the data if not said.</summary>
    public double? YMaximum { get; init; }

    /// <summary>False drops the zero before the point on the horizontal axis, for correlations and probabilities.</summary>
    public bool XHasLeadingZero { get; init; } = true;

    /// <summary>False drops the zero before the point on the vertical axis, for correlations and probabilities.</summary>
    public bool YHasLeadingZero { get; init; } = true;

    /// <summary>Where the numbers come from; nothing is claimed if not said.</summary>
    public DataOrigin Origin { get; init; } = DataOrigin.Own;
}

/// <summary>A plot of curves as plain numbers and texts.</summary>
/// <param name="Title">The title; empty when there is none.</param>
/// <param name="Finding">What the plot shows, in words.</param>
/// <param name="Origin">Where the numbers come from.</param>
/// <param name="XAxis">The horizontal axis.</param>
/// <param name="YAxis">The vertical axis.</param>
/// <param name="Series">The curves.</param>
/// <param name="Marks">Points to look at.</param>
/// <param name="References">Lines over the whole plot.</param>
/// <param name="Guides">Dotted lines that lead the eye.</param>
public sealed record CurvePlotModel(string Title, string Finding, DataOrigin Origin, PlotAxis XAxis, PlotAxis YAxis,
    ImmutableArray<CurveSeries> Series, ImmutableArray<CurveMark> Marks, ImmutableArray<CurveReference> References,
    ImmutableArray<CurveGuide> Guides);
