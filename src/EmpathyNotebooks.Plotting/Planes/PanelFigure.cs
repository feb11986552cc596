using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>One of several small charts above one another.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="YAxis">Its vertical axis.</param>
/// <param name="Traces">Its traces; their vertical axis is set here.</param>
/// <param name="Levels">Horizontal lines: a value, a colour and a dash.</param>
internal sealed record Panel(string Title, PlotAxis YAxis, ImmutableArray<Scatter> Traces, ImmutableArray<(double Value, ThemeColor Color, string? Dash)> Levels);

/// <summary>Small multiples with one horizontal axis.</summary>
internal sealed record PanelChart
{
    public required IPlot Plot { get; init; }
    public required PlotAxis XAxis { get; init; }

    /// <summary>From top to bottom.</summary>
    public required ImmutableArray<Panel> Panels { get; init; }

    /// <summary>Ticks of the horizontal axis where it does not count studies.</summary>
    public TickMaker? XTicks { get; init; }
    public ImmutableArray<string> Summary { get; init; } = [];
    public ImmutableArray<string> Remarks { get; init; } = [];
    public double PanelHeight { get; init; } = 74;

    /// <summary>Points of the topmost panel that are named.</summary>
    public ImmutableArray<(double X, double Y, string Text)> Names { get; init; } = [];
}

/// <summary>Draws small multiples above one another.</summary>
internal static class PanelFigure
{
    private const double TitleHeight = 26;

    public static PlotlyFigure Create(PanelChart chart) => new(chart.Plot,
        [Draw(chart, double.PositiveInfinity, 620, Theme.TextSize), Draw(chart, 620, 430, Theme.TextSize), Draw(chart, 430, 340, Theme.SmallSize)], chart.Remarks);

    private static FigureForm Draw(PanelChart chart, double below, double designWidth, double font)
    {
        var count = chart.Panels.Length;
        var ticks = chart.Panels.Select(p => TwoOrMore(p.YAxis)).ToArray();
        var left = Math.Ceiling(ticks.SelectMany(t => t).Select(t => PlotText.Width(t.Text, font - 1)).DefaultIfEmpty(0).Max() + 18);
        const double right = 16;
        var title = PlotText.Wrap(chart.Plot.Title, font + Theme.TitleStep, designWidth - 90);
        var summary = chart.Summary.SelectMany(l => PlotText.Wrap(PlotText.KeepTogether(l), Theme.SmallSize, designWidth - 24)).ToArray();
        var simulatedHeight = chart.Plot.Origin.IsSimulated ? Theme.SimulatedLine : 0;
        var above = title.Count * Theme.TitleLine + simulatedHeight;
        var top = Math.Max(32, 14 + above);
        var bottom = Theme.SummaryTop + 2 + summary.Length * Theme.SummaryLine + (summary.Length > 0 ? 6 : 0);
        var plotHeight = count * (chart.PanelHeight + TitleHeight);
        (double From, double To)[] domains = [.. Enumerable.Range(0, count).Select(i =>
            (1 - (i + 1.0) / count, 1 - (i + TitleHeight / (chart.PanelHeight + TitleHeight)) / count))];
        // The horizontal axis belongs to the first vertical one, which is therefore that of the lowest panel.
        string Axis(int panel) => panel == count - 1 ? "y" : FormattableString.Invariant($"y{panel + 2}");
        FigureAxis Vertical(int panel) => new()
        {
            From = chart.Panels[panel].YAxis.Minimum, To = chart.Panels[panel].YAxis.Maximum, Ticks = ticks[panel], IsVertical = true,
            DomainFrom = Math.Max(0, domains[panel].From), DomainTo = domains[panel].To,
        };
        var xTicks = chart.XTicks?.Invoke(designWidth - left - right, font - 1) ?? chart.XAxis.TicksFor(designWidth - left - right, font - 1);
        // Panels count along their axis where nothing else is said, and there is no half a study.
        if (chart.XTicks is null && xTicks.Any(t => t.Value % 1 != 0))
        {
            var first = (int)Math.Ceiling(chart.XAxis.Minimum);
            xTicks = [.. Enumerable.Range(first, (int)Math.Floor(chart.XAxis.Maximum) - first + 1).Select(i => new AxisTick(i, StatisticText.Count(i)))];
        }

        var notes = chart.Panels.Select((p, i) => new FigureNote($"<b>{PlotText.Escape(p.Title)}</b>", "paper", 0, "left", "paper", domains[i].To, "bottom")
        {
            FontSize = font - 1, YShift = 2,
        }).ToList();
        var middle = (chart.XAxis.Minimum + chart.XAxis.Maximum) / 2;
        notes.AddRange(chart.Names.Select(n => new FigureNote(PlotText.Escape(PlotText.Cut(n.Text, font - 2, designWidth / 2.6)), "x", n.X, n.X < middle ? "left" : "right", Axis(0), n.Y, "middle")
        {
            FontSize = font - 2, XShift = n.X < middle ? 9 : -9, OnSurface = true,
        }));
        if (simulatedHeight > 0)
        {
            notes.Add(new FigureNote("<b>Simulated data</b>", "paper", 0, "left", "paper", 1, "bottom") { Color = Theme.Simulated, FontSize = Theme.TextSize, YShift = 2, XShift = Theme.Side - left });
        }
        if (title.Count > 0)
        {
            notes.Add(new FigureNote(string.Join("<br>", title.Select(l => $"<b>{PlotText.Escape(l)}</b>")), "paper", 0, "left", "paper", 1, "bottom")
            {
                FontSize = font + Theme.TitleStep, YShift = simulatedHeight + 4, XShift = Theme.Side - left,
            });
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
            Height = Math.Round(top + plotHeight + bottom),
            Top = top,
            TopInPrint = above + 4,
            Bottom = bottom,
            Left = left,
            Right = right,
            FontSize = font,
            XAxes = [new FigureAxis { From = chart.XAxis.Minimum, To = chart.XAxis.Maximum, Title = chart.XAxis.Title, Ticks = xTicks }],
            YAxis = Vertical(count - 1),
            MoreYAxes = [.. Enumerable.Range(0, count - 1).Select(Vertical)],
            Lines = [.. chart.Panels.SelectMany((p, i) => ticks[i].Select(t => new FigureLine("paper", 0, 1, Axis(i), t.Value, t.Value, Theme.Grid, 1))
                .Concat(p.Levels.Select(l => new FigureLine("paper", 0, 1, Axis(i), l.Value, l.Value, l.Color, 1.3, l.Dash))))],
            Notes = notes,
        };
        return new FigureForm(below, [.. chart.Panels.SelectMany((p, i) => p.Traces.Select(t => t with { YAxis = Axis(i) }))], layout, []);
    }
    /// <summary>Few ticks, since the panels are low, but a scale can only be read from two.</summary>
    private static ImmutableArray<AxisTick> TwoOrMore(PlotAxis axis)
    {
        for (var most = 3; ; most++)
        {
            if (axis.Ticks(most) is { Length: >= 2 } ticks) return ticks;
        }
    }
}
