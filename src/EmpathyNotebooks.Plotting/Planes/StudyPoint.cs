using System.Collections.Immutable;

namespace EmpathyNotebooks.Plotting;

/// <summary>A study as a point of a plane.</summary>
public sealed record StudyPoint
{
    /// <summary>The study's row in the data, counted from 0.</summary>
    public required int Study { get; init; }

    /// <summary>Its label in full.</summary>
    public required string Label { get; init; }

    /// <summary>Where it stands on the horizontal axis.</summary>
    public required double X { get; init; }

    /// <summary>Where it stands on the vertical axis.</summary>
    public required double Y { get; init; }

    /// <summary>The diameter of its mark as a fraction of the largest.</summary>
    public double Size { get; init; } = 1;

    /// <summary>True when its label stands beside it where there is room.</summary>
    public bool IsNamed { get; init; }

    /// <summary>Everything known of the study, for its hover.</summary>
    public ImmutableArray<PlotDetail> Details { get; init; } = [];
}

/// <summary>A line through points of a plane.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Points">Its points in order.</param>
public sealed record PlotLine(string Name, ImmutableArray<PlotPoint> Points);

/// <summary>Draws studies as points.</summary>
internal static class StudyMarks
{
    public static Scatter Trace(IEnumerable<StudyPoint> points, string name, double largest, ThemeColor color, string symbol = "circle",
        double opacity = 0.75, bool legend = false)
    {
        StudyPoint[] all = [.. points];
        return new Scatter
        {
            Name = name, Mode = "markers", ShowLegend = legend,
            X = [.. all.Select(p => (double?)p.X)],
            Y = [.. all.Select(p => (double?)p.Y)],
            MarkerSizes = [.. all.Select(p => Math.Max(5, p.Size * largest))],
            MarkerSymbol = symbol, MarkerColor = color, MarkerOpacity = opacity,
            // The edges of hundreds of small points would hide the points.
            MarkerLineWidth = all.Length > 300 ? 0.4 : 1, MarkerLineColor = Theme.Surface,
            Hover = [.. all.Select(p => PlotText.Hover(p.Label, p.Details))],
        };
    }

    /// <summary>The same where the axis may be shorter than the data: a study beyond it is an arrow at its end that answers as the study does.</summary>
    public static Scatter Within(PlotAxis axis, IEnumerable<StudyPoint> points, string name, double largest, ThemeColor color, double opacity)
    {
        StudyPoint[] all = [.. points];
        var trace = Trace(all.Select(p => p with { X = Math.Clamp(p.X, axis.Minimum, axis.Maximum) }), name, largest, color, opacity: opacity) with { MarkerLineWidth = 0 };
        return all.All(p => axis.Contains(p.X)) ? trace : trace with
        {
            MarkerSymbols = [.. all.Select(p => p.X < axis.Minimum ? "triangle-left" : p.X > axis.Maximum ? "triangle-right" : "circle")],
            MarkerSizes = [.. all.Zip(trace.MarkerSizes!, (p, size) => axis.Contains(p.X) ? size : Math.Max(size, 9))],
        };
    }

    public static ImmutableArray<PlaneLabel> Labels(IEnumerable<StudyPoint> points, double largest) =>
        [.. points.Where(p => p.IsNamed).Select(p => new PlaneLabel(p.Label, p.X, p.Y, Math.Max(5, p.Size * largest) / 2))];

    /// <summary>Points get smaller where there are many, so that they do not hide one another.</summary>
    public static double Largest(int count) => count switch { <= 30 => 16, <= 90 => 13, <= 300 => 10, _ => 8 };
}

/// <summary>What a filled area is, for the legend: a square in its colour with its edge, which a narrow strip under a line would hardly show where the colour is near that of the page.</summary>
internal static class AreaKey
{
    public static Scatter Of(string name, ThemeColor fill, ThemeColor edge) => new()
    {
        Name = name, Mode = "markers", ShowLegend = true, MarkerSymbol = "square", MarkerSize = 13, MarkerColor = fill, MarkerLineWidth = 1, MarkerLineColor = edge, X = [null], Y = [null],
    };
}
