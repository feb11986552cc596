using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>Draws a curve above its dashboard.</summary>
internal static class SpecificationCurveFigure
{
    private const double CurveHeight = 230, Gap = 14, HeadingHeight = 18;

    /// <summary>Of more specifications intervals are an area, and marks smaller.</summary>
    private const int FewEnoughForIntervals = 250;

    public static PlotlyFigure Create(SpecificationCurvePlot plot) => new(plot,
        [Draw(plot, double.PositiveInfinity, 620, Theme.TextSize), Draw(plot, 620, 430, Theme.TextSize), Draw(plot, 430, 340, Theme.SmallSize)], plot.Model.Notes);

    private static FigureForm Draw(SpecificationCurvePlot plot, double below, double designWidth, double font)
    {
        var model = plot.Model;
        var rowHeight = font + 4;
        var small = font - 1;
        var rows = Lay(model.Rows, rowHeight, out var dashboardHeight);
        var most = designWidth * (designWidth > 500 ? 0.3 : 0.34);
        var names = rows.ToDictionary(r => r.Row, r => PlotText.Cut(r.Row.Option, small, most));
        var curveHeight = designWidth > 500 ? CurveHeight : CurveHeight * 0.85;
        var ticks = model.IsOnShownScale ? model.YAxis.Ticks(5) : MeasureTicks.Create(model.Measure, model.YAxis, curveHeight, small, vertical: true);
        var left = Math.Ceiling(names.Values.Concat(ticks.Select(t => t.Text)).Select(t => PlotText.Width(t, small)).Max() + 18);
        const double right = 14;
        var title = PlotText.Wrap(plot.Title, font + Theme.TitleStep, designWidth - 90);
        var summary = model.Summary.SelectMany(l => PlotText.Wrap(PlotText.KeepTogether(l), Theme.SmallSize, designWidth - 24)).ToArray();
        var simulatedHeight = plot.Origin.IsSimulated ? Theme.SimulatedLine : 0;
        var above = title.Count * Theme.TitleLine + simulatedHeight + HeadingHeight;
        var top = Math.Max(32, 14 + above);
        var bottom = Theme.SummaryTop + 2 + summary.Length * Theme.SummaryLine + 6;
        var plotHeight = curveHeight + (rows.Length == 0 ? 0 : Gap + dashboardHeight);
        var end = rows.Length == 0 ? 0 : dashboardHeight / plotHeight;
        var split = rows.Length == 0 ? 0 : (dashboardHeight + Gap) / plotHeight;
        // The dashboard counts pixels from its upper edge downwards.
        double Down(double pixels) => dashboardHeight - pixels;
        var notes = new List<FigureNote>
        {
            new($"<b>{PlotText.Escape(PlotText.Cut(model.Measure.Symbol + " of each specification with its interval", small, designWidth - 40))}</b>", "paper", 0, "left", "paper", 1, "bottom") { FontSize = small, YShift = 2, XShift = Theme.Side - left },
        };
        // Names of rows are no ticks: several choices may have "all studies".
        notes.AddRange(rows.Select(r => new FigureNote(PlotText.Escape(names[r.Row]), "paper", 0, "right", "y", Down(r.Middle), "middle") { FontSize = small, XShift = -8, Color = Theme.Muted }));
        foreach (var group in rows.GroupBy(r => r.Row.Choice))
        {
            notes.Add(new($"<b>{PlotText.Escape(PlotText.Cut(group.Key, small, designWidth - 24))}</b>", "paper", 0, "left", "y", Down(group.First().Middle - rowHeight / 2 - HeadingHeight / 2 + 1), "middle") { FontSize = small, XShift = Theme.Side - left });
        }
        if (simulatedHeight > 0) notes.Add(new("<b>Simulated data</b>", "paper", 0, "left", "paper", 1, "bottom") { Color = Theme.Simulated, FontSize = Theme.TextSize, YShift = HeadingHeight + 2, XShift = Theme.Side - left });
        if (title.Count > 0)
        {
            notes.Add(new(string.Join("<br>", title.Select(l => $"<b>{PlotText.Escape(l)}</b>")), "paper", 0, "left", "paper", 1, "bottom") { FontSize = font + Theme.TitleStep, YShift = HeadingHeight + simulatedHeight + 4, XShift = Theme.Side - left });
        }
        notes.Add(new(string.Join("<br>", summary.Select(PlotText.Escape)), "paper", 0, "left", "paper", 0, "top") { XShift = Theme.Side - left, YShift = -Theme.SummaryTop, FontSize = Theme.SmallSize });

        var curve = rows.Length == 0 ? "y" : "y2";
        var curveAxis = new FigureAxis { From = model.YAxis.Minimum, To = model.YAxis.Maximum, Ticks = ticks, IsVertical = true, DomainFrom = split, DomainTo = 1 };
        var layout = new FigureLayout
        {
            Height = Math.Round(top + plotHeight + bottom),
            Top = top,
            TopInPrint = above + 4,
            Bottom = bottom,
            Left = left,
            Right = right,
            FontSize = font,
            XAxes = [new FigureAxis { From = model.XAxis.Minimum, To = model.XAxis.Maximum, Title = model.XAxis.Title, Ticks = Counts(model, designWidth - left - right, small) }],
            YAxis = rows.Length == 0 ? curveAxis : new FigureAxis
            {
                From = 0, To = dashboardHeight, IsVertical = true, DomainFrom = 0, DomainTo = end, Visible = false, Ticks = [],
            },
            MoreYAxes = rows.Length == 0 ? [] : [curveAxis],
            Lines =
            [
                .. ticks.Select(t => new FigureLine("paper", 0, 1, curve, t.Value, t.Value, Theme.Grid, 1)),
                .. rows.Select(r => new FigureLine("paper", 0, 1, "y", Down(r.Middle), Down(r.Middle), Theme.Grid, 1)),
            ],
            Notes = notes,
        };
        return new FigureForm(below, [.. Curve(model, curve, designWidth - left - right), .. rows.Select(r => Bar(r.Row, Down(r.Middle), rowHeight, model, (designWidth - left - right) / model.Count))], layout, []);
    }

    private static (DashboardRow Row, double Middle)[] Lay(ImmutableArray<DashboardRow> rows, double rowHeight, out double height)
    {
        var laid = new List<(DashboardRow, double)>();
        height = 0;
        foreach (var group in rows.GroupBy(r => r.Choice))
        {
            height += HeadingHeight;
            foreach (var row in group)
            {
                laid.Add((row, height + rowHeight / 2));
                height += rowHeight;
            }
            height += 5;
        }
        return [.. laid];
    }

    /// <summary>Whole numbers, since there is no half a specification.</summary>
    private static ImmutableArray<AxisTick> Counts(SpecificationCurveModel model, double pixels, double font)
    {
        if (model.Count == 1) return [new AxisTick(1, "1")];
        var ticks = model.XAxis.TicksFor(pixels, font);
        ImmutableArray<AxisTick> whole = [.. ticks.Where(t => t.Value % 1 == 0 && t.Value >= 1).Select(t => t with { Text = StatisticText.Count((long)t.Value) })];
        return whole.IsEmpty ? [new AxisTick(1, "1"), new AxisTick(model.Count, StatisticText.Count(model.Count))] : whole;
    }

    private static IEnumerable<Scatter> Curve(SpecificationCurveModel model, string axis, double pixels)
    {
        var drawn = model.Specifications;
        if (!model.Band.IsEmpty)
        {
            yield return Area("if there is no effect", [.. drawn.Select(s => (double)s.Place)], [.. model.Band.Select(b => b.Lower)], [.. model.Band.Select(b => b.Upper)], Theme.Fills[2], axis);
        }
        var known = drawn.Where(s => s.Lower is not null && double.IsFinite(s.Lower.Value) && double.IsFinite(s.Upper!.Value)).ToArray();
        var isDense = drawn.Length > FewEnoughForIntervals;
        if (known.Length > 0)
        {
            yield return new Scatter
            {
                Name = "intervals", Mode = "lines", LineColor = isDense ? Theme.Regions[1] : Theme.Faint, LineWidth = Math.Clamp(0.6 * pixels / drawn.Length, 0.6, 1.6), YAxis = axis, ClipOnAxis = true,
                X = [.. known.SelectMany(s => new double?[] { s.Place, s.Place, null })],
                Y = [.. known.SelectMany(s => new double?[] { Math.Max(s.Lower!.Value, model.YAxis.Minimum), Math.Min(s.Upper!.Value, model.YAxis.Maximum), null })],
            };
        }
        // Above the intervals, which would hide them.
        if (model.NullValue is { } none) yield return Level("no effect", model, none, axis, Theme.Line, 1.3, "solid");
        if (model.Median is { } median) yield return Level("median", model, median, axis, Theme.Ink, 1.4, "dot");
        foreach (var isSignificant in (bool[])[false, true])
        {
            var marks = drawn.Where(s => s.IsSignificant == isSignificant).ToArray();
            if (marks.Length == 0) continue;
            yield return new Scatter
            {
                Name = isSignificant ? "significant" : "not significant", Mode = "markers", YAxis = axis, MarkerSymbol = isSignificant ? "circle" : "circle-open", MarkerColor = isSignificant ? Theme.Pooled : Theme.Study,
                MarkerSize = Math.Clamp(0.9 * pixels / drawn.Length, 3, 7), MarkerLineWidth = isSignificant ? 0 : 1.2, MarkerLineColor = isSignificant ? Theme.Pooled : Theme.Study,
                X = [.. marks.Select(s => (double?)s.Place)], Y = [.. marks.Select(s => (double?)s.Estimate)], Hover = [.. marks.Select(s => Hover(model, s))],
            };
        }
    }

    private static Scatter Level(string name, SpecificationCurveModel model, double value, string axis, ThemeColor color, double width, string dash) => new()
    {
        Name = name, Mode = "lines", LineColor = color, LineWidth = width, Dash = dash, YAxis = axis, ClipOnAxis = true, X = [model.XAxis.Minimum, model.XAxis.Maximum], Y = [value, value],
    };

    private static Scatter Area(string name, double[] x, double[] low, double[] high, ThemeColor color, string axis) => new()
    {
        Name = name, Mode = "none", Fill = "toself", FillColor = color, YAxis = axis, ClipOnAxis = true,
        X = [.. x.Select(v => (double?)v), .. x.Reverse().Select(v => (double?)v)], Y = [.. low.Select(v => (double?)v), .. high.Reverse().Select(v => (double?)v)],
    };

    /// <summary>The stretches of an option as a broken bar; of few specifications each has a piece of its own.</summary>
    private static Scatter Bar(DashboardRow row, double y, double rowHeight, SpecificationCurveModel model, double unit)
    {
        // One specification among thousands still is to be seen.
        var half = Math.Max(model.Count <= 60 ? 0.36 : 0.5, 0.35 / unit);
        return new Scatter
        {
            Name = $"{PlotText.Escape(row.Choice)}: {PlotText.Escape(row.Option)}", Mode = "lines", LineColor = Theme.Study, LineWidth = rowHeight * 0.5, ClipOnAxis = true,
            X = [.. row.Stretches.SelectMany(s => model.Count <= 60 ? Enumerable.Range(s.From, s.To - s.From + 1).SelectMany(p => new double?[] { p - half, p + half, null }) : [s.From - half, s.To + half, null])],
            Y = [.. row.Stretches.SelectMany(s => Enumerable.Repeat<double?[]>([y, y, null], model.Count <= 60 ? s.To - s.From + 1 : 1).SelectMany(v => v))],
        };
    }

    private static string Hover(SpecificationCurveModel model, CurveSpecification one)
    {
        string Shown(double value) => model.Measure.Format(model.IsOnShownScale ? value : model.Measure.ToDisplay(value), 3);
        var interval = one.Lower is { } low && one.Upper is { } high ? $" [{Shown(low)}, {Shown(high)}]" : "";
        return PlotText.Hover($"{StatisticText.Count(one.Place)} of {StatisticText.Count(model.Count)}",
            [new(model.Measure.Symbol, Shown(one.Estimate) + interval), .. one.PValue is { } p ? [new PlotDetail("p", StatisticText.PValue(p))] : Array.Empty<PlotDetail>(), new("k", StatisticText.Count(one.Count)), .. one.Options.Select(o => new PlotDetail(o.Key, o.Value))]);
    }
}
