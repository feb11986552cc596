using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>Draws a chart of rows as a Plotly figure. Positions grow downwards; the heading stands at -1.</summary>
internal static class RowFigure
{
    private const double NarrowBelow = 560;
    private const double NarrowestBelow = 430;

    /// <summary>What the drawing between the columns should have at least.</summary>
    private const double PlotPixels = 290;

    private const double TitleSize = Theme.TextSize + Theme.TitleStep;

    public static PlotlyFigure Create(RowChart chart)
    {
        // The page's script folds rows of one height in all forms.
        if (!chart.Folds.IsEmpty) chart = chart with { RowHeight = Enum.GetValues<RowForm>().Max(form => new RowColumns(chart, form).RowHeight) };
        var wideColumns = new RowColumns(chart, RowForm.Wide);
        var mediumBelow = wideColumns.LeftPixels + wideColumns.RightPixels + PlotPixels + 2 * Theme.Side;
        var forms = new List<FigureForm> { Draw(chart, RowForm.Wide, double.PositiveInfinity, Math.Max(mediumBelow, NarrowBelow)) };
        if (mediumBelow > NarrowBelow) forms.Add(Draw(chart, RowForm.Medium, mediumBelow, NarrowBelow));
        forms.Add(Draw(chart, RowForm.Narrow, NarrowBelow, NarrowestBelow));
        forms.Add(Draw(chart, RowForm.Narrowest, NarrowestBelow, 340));
        var traces = RowTraces.Create(chart, wideColumns);
        var answering = traces.Index().Where(t => RowTraces.AnswersForRow(t.Item.Trace)).Select(t => t.Index);
        var folds = chart.Folds.IsEmpty ? null : new FigureFolds([.. traces.Index().Where(t => t.Item.Moves).Select(t => t.Index)],
            traces.Index().First(t => t.Item.Moves && t.Item.Trace.Mode == "text").Index, chart.RowHeight, chart.Folds, chart.IsFolded);
        return new PlotlyFigure(chart.Plot, forms, chart.Notes, answering, folds);
    }

    private static FigureForm Draw(RowChart chart, RowForm form, double below, double designWidth)
    {
        var columns = new RowColumns(chart, form);
        var drawn = chart.OnEvenAxis().WithDiamondsAsHighAs(chart.RowHeight / columns.RowHeight);
        var traces = RowTraces.Create(drawn, columns);
        var moving = traces.Index().Where(t => t.Item.Moves).Select(t => t.Index).ToArray();

        var textWidth = designWidth - 2 * Theme.Side;
        var title = PlotText.Wrap(chart.Plot.Title, TitleSize, textWidth - 64);
        var plotWidth = designWidth - 2 * Theme.Side - columns.LeftPixels - columns.RightPixels;
        var axisTitle = PlotText.Cut(chart.Axis.Title, Theme.TextSize, plotWidth + 2 * Math.Min(columns.LeftPixels, columns.RightPixels));
        var summary = PlotText.WithWholeTitles(chart.Summary, (chart.Axis.Title, axisTitle)).SelectMany(line => PlotText.Wrap(PlotText.KeepTogether(line), Theme.SmallSize, textWidth)).ToArray();
        var simulated = chart.Plot.Origin.IsSimulated;
        var menu = chart.Orders.Length < 2 ? null : new FigureMenu("Order", chart.ActiveOrder, moving,
            [.. chart.Orders.Select(o => (o.Name, (IReadOnlyList<double>)o.Positions))]);

        var bottomPosition = chart.Rows.Max(r => r.Position) + 0.7;
        const double topPosition = -1.6;
        var plotHeight = (bottomPosition - topPosition) * columns.RowHeight;
        var simulatedHeight = simulated ? Theme.SimulatedLine : 0;
        var titleHeight = title.Count * Theme.TitleLine;
        var above = titleHeight + simulatedHeight;
        var top = Math.Max(30, 12 + above) + (menu is null ? 0 : FigureMenu.Height);
        var bottom = Theme.SummaryTop + summary.Length * Theme.SummaryLine + 6;

        AxisTick[] ticks = [.. chart.Axis.TicksFor(plotWidth - 12, form == RowForm.Narrowest ? 11 : Theme.SmallSize).Select(t => t with { Value = chart.Axis.Place(t.Value) })];

        var lines = new List<FigureLine>();
        lines.AddRange(ticks.Select(t => new FigureLine("x", t.Value, t.Value, "y", -0.5, bottomPosition, Theme.Grid, 1)));
        lines.AddRange(drawn.Lines.Select(l => new FigureLine("x", l.Value, l.Value, "y", l.FromPosition, l.ToPosition, l.Color, l.Width, l.Dash)));
        lines.Add(new FigureLine("paper", 0, 1, "y", -0.5, -0.5, Theme.Line, 1));

        var notes = new List<FigureNote>();
        if (simulated)
        {
            notes.Add(new FigureNote("<b>Simulated data</b>", "paper", 0, "left", "paper", 1, "bottom")
            {
                Color = Theme.Simulated, FontSize = Theme.TextSize, YShift = 2,
            });
        }
        if (title.Count > 0)
        {
            notes.Add(new FigureNote(string.Join("<br>", title.Select(l => $"<b>{PlotText.Escape(l)}</b>")), "paper", 0, "left", "paper", 1, "bottom")
            {
                FontSize = TitleSize, YShift = simulatedHeight + 2,
            });
        }
        if (summary.Length > 0)
        {
            notes.Add(new FigureNote(string.Join("<br>", summary.Select(PlotText.Escape)), "paper", 0, "left", "paper", 0, "top")
            {
                FontSize = Theme.SmallSize, YShift = 2 - Theme.SummaryTop,
            });
        }

        var inner = designWidth - 2 * Theme.Side;
        var layout = new FigureLayout
        {
            Height = Math.Round(top + plotHeight + bottom),
            Top = top,
            TopInPrint = above == 0 ? 0 : above + 6,
            Bottom = bottom,
            Left = Theme.Side,
            Right = Theme.Side,
            XAxes =
            [
                new FigureAxis
                {
                    From = drawn.Axis.Minimum, To = drawn.Axis.Maximum, Title = axisTitle, Ticks = ticks,
                    DomainFrom = (columns.LeftPixels + 6) / inner, DomainTo = 1 - (columns.RightPixels + 6) / inner,
                },
                new FigureAxis { From = 0, To = columns.LeftPixels, Visible = false, DomainTo = columns.LeftPixels / inner },
                new FigureAxis { From = 0, To = columns.RightPixels, Visible = false, DomainFrom = 1 - columns.RightPixels / inner },
            ],
            YAxis = new FigureAxis { From = bottomPosition, To = topPosition, Visible = false },
            Lines = lines,
            Notes = notes,
            FontSize = form == RowForm.Narrowest ? Theme.SmallSize : Theme.TextSize,
            Menu = menu,
            MenuAbove = above + 8,
        };
        return new FigureForm(below, [.. traces.Select(t => t.Trace)], layout,
            [("xaxis2", columns.LeftPixels), ("xaxis", null), ("xaxis3", columns.RightPixels)]);
    }
}
