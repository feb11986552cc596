using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>A word or two at a place of a plane.</summary>
/// <param name="Text">The words.</param>
/// <param name="X">Where, on the horizontal axis.</param>
/// <param name="Y">Where, on the vertical axis.</param>
/// <param name="XAnchor">left, center or right.</param>
/// <param name="YAnchor">top, middle or bottom.</param>
/// <param name="Color">The colour of the words.</param>
internal sealed record PlaneNote(string Text, double X, double Y, string XAnchor, string YAnchor, ThemeColor Color);

/// <summary>The name of a point, drawn beside it where there is room; those named first have the first choice.</summary>
/// <param name="Text">The name, cut where it is long.</param>
/// <param name="X">Where the point is, on the horizontal axis.</param>
/// <param name="Y">Where it is, on the vertical axis.</param>
/// <param name="Radius">The radius of its mark in pixels.</param>
internal sealed record PlaneLabel(string Text, double X, double Y, double Radius);

/// <summary>Ticks for an axis of so many pixels with labels of a size.</summary>
internal delegate ImmutableArray<AxisTick> TickMaker(double pixels, double fontSize);

/// <summary>A chart with two numeric axes.</summary>
internal sealed record PlaneChart
{
    public required IPlot Plot { get; init; }
    public required PlotAxis XAxis { get; init; }
    public required PlotAxis YAxis { get; init; }
    public required ImmutableArray<Scatter> Traces { get; init; }
    public ImmutableArray<FigureLine> Lines { get; init; } = [];
    public ImmutableArray<PlaneNote> Notes { get; init; } = [];
    public ImmutableArray<PlaneLabel> Labels { get; init; } = [];
    public ImmutableArray<string> Summary { get; init; } = [];

    /// <summary>What a careful reader should know, shown below the chart as text.</summary>
    public ImmutableArray<string> Remarks { get; init; } = [];

    /// <summary>Ticks of the horizontal axis where round numbers of its own scale are not what a reader knows.</summary>
    public TickMaker? XTicks { get; init; }

    /// <summary>The same for the vertical axis.</summary>
    public TickMaker? YTicks { get; init; }

    /// <summary>True for a vertical axis that grows downwards.</summary>
    public bool YIsInverted { get; init; }
    public bool Grid { get; init; } = true;
    public double Height { get; init; } = 380;
}

/// <summary>Draws a chart with two numeric axes.</summary>
internal static class PlaneFigure
{
    public static PlotlyFigure Create(PlaneChart chart) => new(chart.Plot,
    [
        Draw(chart, double.PositiveInfinity, 620, 1, Theme.TextSize),
        Draw(chart, 620, 430, 0.9, Theme.TextSize),
        Draw(chart, 430, 340, 0.82, Theme.SmallSize),
    ], chart.Remarks);

    /// <summary>From a point to the words beside it, with what surrounds them.</summary>
    private const double NoteRoom = 11;

    private static FigureForm Draw(PlaneChart chart, double below, double designWidth, double scale, double font)
    {
        var plotHeight = Math.Round(chart.Height * scale);
        var yTicks = chart.YTicks?.Invoke(plotHeight, font - 1) ?? chart.YAxis.Ticks(Math.Clamp((int)(plotHeight / 45), 2, 9));
        var left = Math.Ceiling(yTicks.Select(t => PlotText.Width(t.Text, font - 1)).DefaultIfEmpty(0).Max() + (chart.YAxis.Title.Length > 0 ? 42 : 18));
        double right = 16;
        var width = designWidth - left - right;
        var xTicks = chart.XTicks?.Invoke(width, font - 1) ?? chart.XAxis.TicksFor(width, font - 1);
        // Words at an end of the plot may need more room than it leaves.
        double Place(double value) => (value - chart.XAxis.Minimum) / (chart.XAxis.Maximum - chart.XAxis.Minimum) * width;
        double[] halves = [.. xTicks.Select(t => PlotText.Width(t.Text, font - 1) / 2)];
        var over = xTicks.Zip(halves, (t, half) => Place(t.Value) + half)
            .Concat(chart.Notes.Where(n => n.XAnchor == "left").Select(n => Place(n.X) + PlotText.Width(n.Text, Theme.SmallSize) + NoteRoom)).Select(end => end - width);
        right = Math.Ceiling(Math.Max(right, over.DefaultIfEmpty(0).Max() + 2));
        left = Math.Ceiling(Math.Max(left, xTicks.Zip(halves, (t, half) => half - Place(t.Value)).DefaultIfEmpty(0).Max() + 2));
        width = designWidth - left - right;

        var title = PlotText.Wrap(chart.Plot.Title, font + Theme.TitleStep, designWidth - 90);
        var names = chart.Traces.Where(t => t.ShowLegend).Select(t => t.Name!).ToArray();
        var legendHeight = names.Length == 0 ? 0 : LegendLines(names, font, width) * (font + 9) + 6;
        var simulatedHeight = chart.Plot.Origin.IsSimulated ? Theme.SimulatedLine : 0;
        var above = title.Count * Theme.TitleLine + simulatedHeight + legendHeight;
        var top = Math.Max(32, 14 + above);
        var (xTitle, yTitle) = (PlotText.Cut(chart.XAxis.Title, font, width + right), PlotText.Cut(chart.YAxis.Title, font, plotHeight + top));
        var summary = PlotText.WithWholeTitles(chart.Summary, (chart.XAxis.Title, xTitle), (chart.YAxis.Title, yTitle))
            .SelectMany(l => PlotText.Wrap(PlotText.KeepTogether(l), Theme.SmallSize, designWidth - 24)).ToArray();
        var bottom = Theme.SummaryTop + 2 + summary.Length * Theme.SummaryLine + (summary.Length > 0 ? 6 : 0);

        var notes = chart.Notes.Select(n => new FigureNote(PlotText.Escape(n.Text), "x", n.X, n.XAnchor, "y", n.Y, n.YAnchor)
        {
            Color = n.Color, FontSize = Theme.SmallSize, OnSurface = true,
            XShift = n.XAnchor switch { "left" => 7, "right" => -7, _ => 0 },
            YShift = n.YAnchor switch { "top" => -3, "bottom" => 3, _ => 0 },
        }).Concat(PlaneLabels.Place(chart, width, plotHeight, font - 1)).ToList();
        if (chart.Plot.Origin.IsSimulated)
        {
            notes.Add(Above("<b>Simulated data</b>", legendHeight + 2, Theme.Simulated, Theme.TextSize));
        }
        if (title.Count > 0)
        {
            notes.Add(Above(string.Join("<br>", title.Select(l => $"<b>{PlotText.Escape(l)}</b>")), legendHeight + simulatedHeight + 4, Theme.Ink, font + Theme.TitleStep));
        }
        if (summary.Length > 0)
        {
            notes.Add(new FigureNote(string.Join("<br>", summary.Select(PlotText.Escape)), "paper", 0, "left", "paper", 0, "top")
            {
                XShift = Theme.Side - left, YShift = -Theme.SummaryTop, FontSize = Theme.SmallSize,
            });
        }
        var layout = new FigureLayout
        {
            Height = top + plotHeight + bottom,
            Top = top,
            TopInPrint = above + 8,
            Bottom = bottom,
            Left = left,
            Right = right,
            FontSize = font,
            XAxes = [new FigureAxis { From = chart.XAxis.Minimum, To = chart.XAxis.Maximum, Title = xTitle, Ticks = xTicks }],
            YAxis = new FigureAxis
            {
                From = chart.YIsInverted ? chart.YAxis.Maximum : chart.YAxis.Minimum,
                To = chart.YIsInverted ? chart.YAxis.Minimum : chart.YAxis.Maximum,
                Title = yTitle.Length > 0 ? yTitle : null,
                Ticks = yTicks, IsVertical = true,
            },
            Lines = [.. Grid(), .. chart.Lines],
            Notes = notes,
            ShowLegend = names.Length > 0,
        };
        return new FigureForm(below, chart.Traces, layout, []);

        // Plotly would draw its own grid over lines that lie below the data.
        IEnumerable<FigureLine> Grid() => !chart.Grid ? [] : xTicks
            .Select(t => new FigureLine("x", t.Value, t.Value, "paper", 0, 1, Theme.Grid, 1))
            .Concat(yTicks.Select(t => new FigureLine("paper", 0, 1, "y", t.Value, t.Value, Theme.Grid, 1)));

        FigureNote Above(string markup, double shift, ThemeColor color, double size) =>
            new(markup, "paper", 0, "left", "paper", 1, "bottom") { Color = color, FontSize = size, YShift = shift, XShift = Theme.Side - left };
    }

    /// <summary>Plotly gives every entry of a horizontal legend the width of the widest.</summary>
    private static int LegendLines(string[] names, double font, double width)
    {
        var entry = names.Max(n => PlotText.Width(n, font)) + 54;
        var perLine = Math.Max(1, (int)(width / entry));
        return (names.Length + perLine - 1) / perLine;
    }
}
