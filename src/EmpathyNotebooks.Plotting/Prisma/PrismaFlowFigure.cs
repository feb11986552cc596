using System.Collections.Immutable;

namespace EmpathyNotebooks.Plotting;

/// <summary>Draws a flow diagram: boxes with texts, arrows between them, the names of the phases above their rows.</summary>
internal static class PrismaFlowFigure
{
    private const double ColumnGap = 26, RowGap = 26, Lane = 14, Padding = 7, PhaseLine = 20, LineHeight = 1.32;

    private static readonly string[] Phases = ["Identification", "Screening", "Included"];

    public static PlotlyFigure Create(PrismaFlowPlot plot)
    {
        var isWide = plot.Model.Flow.HasOtherMethods;
        List<FigureForm> forms = [Draw(plot, double.PositiveInfinity, isWide ? 760 : 560, isWide)];
        if (isWide) forms.Add(Draw(plot, 760, 560, false));
        forms.Add(Draw(plot, 560, 430, false));
        forms.Add(Draw(plot, 430, 340, false));
        return new PlotlyFigure(plot, forms, plot.Model.Notes);
    }

    private static FigureForm Draw(PrismaFlowPlot plot, double below, double designWidth, bool isBeside)
    {
        var font = designWidth < 430 ? 11.0 : designWidth < 560 ? 12 : Theme.TextSize;
        var width = designWidth - 2 * Theme.Side;
        var columns = isBeside ? 4 : 2;
        var isStacked = plot.Model.Flow.HasOtherMethods && !isBeside;
        var hasPrevious = plot.Model.Boxes.Any(b => b.Phase == -1);
        // What goes past other boxes runs left of them, each on a way of its own.
        var gutter = Lane * ((isStacked ? 1 : 0) + (hasPrevious ? 1 : 0));
        var boxWidth = (width - gutter - (columns - 1) * ColumnGap) / columns;
        var placed = Place(plot.Model.Boxes, isBeside, boxWidth, gutter, font, out var phases, out var height);

        var arrows = new List<(double X, double Y)[]>();
        Placed? At(int column, int phase) => placed.FirstOrDefault(b => b.Box.Column == column && b.Box.Phase == phase);
        foreach (var way in new[] { 0, 2 })
        {
            Placed? before = null;
            for (var phase = -1; phase <= 5; phase++)
            {
                if (At(way, phase) is not { } box) continue;
                // The version before joins the new studies at the end, past all that stands between; so do databases where other methods stand below them.
                if (before is not null && before.Box.Phase >= 0 && !(isStacked && way == 0 && phase == 4)) arrows.Add([(before.Middle, before.Bottom), (box.Middle, box.Top)]);
                if (At(way + 1, phase) is { } side) arrows.Add([(box.Right, Math.Min(box.Centre, side.Centre)), (side.Left, Math.Min(box.Centre, side.Centre))]);
                before = box;
            }
        }
        var included = At(0, 4)!;
        if (isBeside && At(2, 3) is { } other) arrows.Add([(other.Middle, other.Bottom), (other.Middle, included.Centre), (included.Right, included.Centre)]);
        if (isStacked)
        {
            arrows.Add([(At(2, 3)!.Middle, At(2, 3)!.Bottom), (included.Middle, included.Top)]);
            Past(At(0, 3)!, included, gutter - Lane / 2);
        }
        if (hasPrevious) Past(At(0, -1)!, At(0, 5) ?? included, Lane / 2);

        void Past(Placed from, Placed to, double x) => arrows.Add([(from.Left, from.Centre), (x, from.Centre), (x, to.Centre), (to.Left, to.Centre)]);

        var lines = new List<double?[]>();
        var heads = new List<(double X, double Y)[]>();
        const double head = 7;
        foreach (var way in arrows)
        {
            var ((x0, _), (x1, y1)) = (way[^2], way[^1]);
            lines.Add([.. way.SelectMany(p => new double?[] { p.X, p.Y })]);
            heads.Add(Math.Abs(x1 - x0) < 1e-9 ? [(x1, y1), (x1 - head / 2, y1 - head), (x1 + head / 2, y1 - head)] : x1 > x0 ? [(x1, y1), (x1 - head, y1 - head / 2), (x1 - head, y1 + head / 2)] : [(x1, y1), (x1 + head, y1 - head / 2), (x1 + head, y1 + head / 2)]);
        }
        Scatter[] traces =
        [
            new()
            {
                Name = "arrows", Mode = "lines", LineColor = Theme.Line, LineWidth = 1.3,
                X = [.. lines.SelectMany(l => l.Where((_, i) => i % 2 == 0).Append(null))], Y = [.. lines.SelectMany(l => l.Where((_, i) => i % 2 == 1).Append(null))],
            },
            Filled("heads", Theme.Line, Theme.Line, 1, heads),
            Filled("boxes", Theme.Regions[0], Theme.Line, 1, placed.Select(b => new[] { (b.Left, b.Top), (b.Right, b.Top), (b.Right, b.Bottom), (b.Left, b.Bottom) })),
            new()
            {
                Name = "texts", Mode = "text", TextPosition = "middle right", FontSize = font, FontColor = Theme.Ink,
                X = [.. placed.Select(b => (double?)(b.Left + Padding))], Y = [.. placed.Select(b => (double?)b.Centre)],
                Text = [.. placed.Select(b => string.Join("<br>", b.Lines.Select((line, i) => i < b.HeadingLines ? $"<b>{PlotText.Escape(line)}</b>" : PlotText.Escape(line))))],
                Hover = [.. placed.Select(b => PlotText.Hover(b.Box.Heading, b.Box.Lines.Select(l => new PlotDetail("", l.Trim()))))],
            },
            new()
            {
                Name = "phases", Mode = "text", TextPosition = "middle right", FontSize = font, FontColor = Theme.Muted,
                X = [.. phases.Select(_ => (double?)gutter)], Y = [.. phases.Select(p => (double?)p.Y)], Text = [.. phases.Select(p => $"<b>{PlotText.Escape(p.Name)}</b>")],
            },
        ];
        var title = PlotText.Wrap(plot.Title, font + Theme.TitleStep, designWidth - 80);
        var simulated = plot.Origin.IsSimulated ? Theme.SimulatedLine : 0;
        var above = title.Count * Theme.TitleLine + simulated;
        var notes = new List<FigureNote>();
        if (plot.Origin.IsSimulated) notes.Add(new FigureNote("<b>Simulated data</b>", "paper", 0, "left", "paper", 1, "bottom") { Color = Theme.Simulated, FontSize = Theme.TextSize, YShift = 2 });
        if (title.Count > 0)
        {
            notes.Add(new FigureNote(string.Join("<br>", title.Select(l => $"<b>{PlotText.Escape(l)}</b>")), "paper", 0, "left", "paper", 1, "bottom") { FontSize = font + Theme.TitleStep, YShift = simulated + 2 });
        }
        var top = Math.Max(30, 12 + above);
        return new FigureForm(below, [.. traces], new FigureLayout
        {
            Height = Math.Round(top + height + 10), Top = top, TopInPrint = above == 0 ? 4 : above + 6, Bottom = 10, FontSize = font, Notes = notes,
            XAxes = [new FigureAxis { From = 0, To = width, Visible = false }], YAxis = new FigureAxis { From = height, To = 0, Visible = false },
        }, []);
    }

    private static Scatter Filled(string name, ThemeColor fill, ThemeColor line, double width, IEnumerable<(double X, double Y)[]> shapes)
    {
        (double X, double Y)[][] all = [.. shapes];
        return new Scatter
        {
            Name = name, Mode = "lines", Fill = "toself", FillColor = fill, LineColor = line, LineWidth = width,
            X = [.. all.SelectMany(s => s.Append(s[0]).Select(p => (double?)p.X).Append(null))], Y = [.. all.SelectMany(s => s.Append(s[0]).Select(p => (double?)p.Y).Append(null))],
        };
    }

    /// <summary>Places the boxes from top to bottom; where other methods do not stand beside, theirs come after those of databases and before what was included.</summary>
    private static ImmutableArray<Placed> Place(ImmutableArray<PrismaBox> boxes, bool isBeside, double boxWidth, double gutter, double font, out List<(string Name, double Y)> phases, out double height)
    {
        phases = [];
        var placed = ImmutableArray.CreateBuilder<Placed>();
        double y = 0;
        var rows = boxes.GroupBy(b => (Below: !isBeside && b.Column >= 2 ? 1 : b.Phase >= 4 ? 2 : 0, b.Phase)).OrderBy(g => g.Key.Below).ThenBy(g => g.Key.Phase);
        string? named = null;
        foreach (var row in rows)
        {
            var phase = Phases[row.Key.Phase switch { <= 0 => 0, <= 3 => 1, _ => 2 }];
            var name = row.Key.Phase == -1 ? "Previous studies" : row.Key.Below == 1 ? "Other methods" : phase;
            if (name != named)
            {
                if (named is not null) y += 4;
                phases.Add((name, y + PhaseLine / 2));
                y += PhaseLine;
                named = name;
            }
            var those = row.Select(box =>
            {
                var heading = PlotText.Wrap(box.Heading, font * 1.06, boxWidth - 2 * Padding);
                return (box, heading, Lines: box.Lines.SelectMany(l => PlotText.Wrap(l.Trim(), font, boxWidth - 2 * Padding)).ToArray());
            }).ToArray();
            var tallest = those.Max(t => (t.heading.Count + t.Lines.Length) * font * LineHeight + 2 * Padding);
            foreach (var (box, heading, lines) in those)
            {
                var left = gutter + (isBeside ? box.Column : box.Column % 2) * (boxWidth + ColumnGap);
                placed.Add(new(box, left, left + boxWidth, y, y + tallest, [.. heading, .. lines], heading.Count));
            }
            y += tallest + RowGap;
        }
        height = y - RowGap + 6;
        return placed.ToImmutable();
    }

    private sealed record Placed(PrismaBox Box, double Left, double Right, double Top, double Bottom, ImmutableArray<string> Lines, int HeadingLines)
    {
        public double Middle => (Left + Right) / 2;

        public double Centre => (Top + Bottom) / 2;
    }
}
