namespace EmpathyNotebooks.Plotting;

/// <summary>The traces of a chart of rows. Those that move hold one point for each moving row, so that one list of positions orders them all.</summary>
internal static class RowTraces
{
    /// <summary>A mark any smaller could not be seen.</summary>
    private const double SmallestMark = 3;

    public static IReadOnlyList<(Scatter Trace, bool Moves)> Create(RowChart chart, RowColumns columns)
    {
        var traces = new List<(Scatter, bool)>();
        foreach (var moves in (ReadOnlySpan<bool>)[true, false])
        {
            var rows = chart.Rows.Index().Where(r => r.Item.Moves == moves).ToArray();
            if (rows.Length == 0) continue;
            var items = rows.Select(r => r.Item).ToArray();
            if (!moves) traces.AddRange(Pooled(chart, items).Select(t => (t, false)));
            traces.AddRange(Marks(chart, items).Select(t => (t, moves)));
            if (!moves) continue;
            traces.AddRange(columns.Columns.Where(c => c.Column.HasSigns).Select(c => (Grounds(chart, c, rows), true)));
            traces.AddRange(columns.Columns.Select((c, i) => (StudyTexts(columns, c, i == 0, rows), true)));
        }
        traces.Add((FixedTexts(chart, columns, ColumnSide.Left), false));
        traces.Add((FixedTexts(chart, columns, ColumnSide.Right), false));
        return traces;
    }

    /// <summary>True for the traces whose hover texts stand for whole rows.</summary>
    public static bool AnswersForRow(Scatter trace) => trace.XAxis == "x" && trace.Hover is not null;

    private static IEnumerable<Scatter> Marks(RowChart chart, RowItem[] items)
    {
        var axis = chart.Axis;
        double?[] y = [.. items.Select(i => (double?)i.Position)];
        string[] hover = [.. items.Select(i => i.Hover)];
        var points = items.Where(IsPoint).ToArray();
        if (points.Length > 0)
        {
            yield return new Scatter
            {
                Name = "estimates", Mode = "markers", Y = y, Hover = hover,
                // An estimate off the axis answers to the pointer at its end, unseen: the arrow shows where it is.
                X = [.. items.Select(i => IsPoint(i) && i.Estimate is { } e ? Math.Clamp(e, axis.Minimum, axis.Maximum) : (double?)null)],
                MarkerSizes = [.. items.Select(i => Math.Max(SmallestMark, i.Size * chart.LargestMark))],
                MarkerSymbols = [.. items.Select(Symbol)],
                MarkerColors = [.. items.Select(i => i.Color)],
                MarkerOpacities = [.. items.Select(i => i.Estimate is { } e && axis.Contains(e) ? 1.0 : 0.0)], MarkerLineWidth = 0,
            };
            // The bars are drawn around the middle of what is on the axis, so that an interval shows even where its estimate is off it.
            var spans = items.Select(i => IsPoint(i) ? Visible(axis, i) : null).ToArray();
            yield return new Scatter
            {
                Name = "intervals", Mode = "markers", Y = y,
                X = [.. spans.Select(s => s is { } v ? (v.From + v.To) / 2 : (double?)null)],
                Spread = [.. spans.Select(s => s is { } v ? (v.To - v.From) / 2 : (double?)null)],
                SpreadColor = Theme.Ink, MarkerSize = 1, MarkerOpacity = 0, MarkerColor = Theme.Ink,
            };
        }
        if (items.Any(i => i.Expected is not null))
        {
            yield return new Scatter
            {
                Name = "expected", Mode = "markers", Y = y, MarkerSymbol = "diamond", MarkerSize = 7, MarkerColor = Theme.Pooled, MarkerLineWidth = 0,
                X = [.. items.Select(i => i.Expected is { } e && axis.Contains(e) ? e : (double?)null)],
            };
        }
        foreach (var left in (bool[])[true, false])
        {
            bool Leaves(RowItem i) => left
                ? i.Lower < axis.Minimum || i.Estimate < axis.Minimum
                : i.Upper > axis.Maximum || i.Estimate > axis.Maximum;
            if (!items.Any(Leaves)) continue;
            yield return new Scatter
            {
                Name = left ? "beyond the axis, left" : "beyond the axis, right", Mode = "markers", Y = y,
                X = [.. items.Select(i => Leaves(i) ? left ? axis.Minimum : axis.Maximum : (double?)null)],
                MarkerSymbol = left ? "triangle-left" : "triangle-right", MarkerSize = 9,
                MarkerColors = [.. items.Select(i => IsPoint(i) ? Theme.Ink : i.Color)],
            };
        }
    }

    private static IEnumerable<Scatter> Pooled(RowChart chart, RowItem[] items)
    {
        var bars = items.Where(i => i.Mark == RowMark.Bar).Select(i => (Item: i, Span: Visible(chart.Axis, i))).Where(b => b.Span is not null).ToArray();
        if (bars.Length > 0)
        {
            yield return new Scatter
            {
                Name = "prediction interval", Mode = "lines", ClipOnAxis = true, LineColor = bars[0].Item.Color, LineWidth = 7,
                X = [.. bars.SelectMany(b => new double?[] { b.Span!.Value.From, b.Span.Value.To, null })],
                Y = [.. bars.SelectMany(b => new double?[] { b.Item.Position, b.Item.Position, null })],
            };
        }
        var diamonds = items.Where(i => i.Diamond.Length > 0).ToArray();
        if (diamonds.Length > 0)
        {
            yield return new Scatter
            {
                Name = "pooled estimates", Mode = "lines", ClipOnAxis = true, Fill = "toself", FillColor = diamonds[0].Color, LineColor = diamonds[0].Color, LineWidth = 1,
                X = [.. diamonds.SelectMany(d => d.Diamond.Append(d.Diamond[0]).Select(p => (double?)p.X).Append(null))],
                Y = [.. diamonds.SelectMany(d => d.Diamond.Append(d.Diamond[0]).Select(p => (double?)p.Y).Append(null))],
            };
        }
        // A filled shape does not answer to the pointer with a text of its own; a point one cannot see does.
        var anchors = items.Where(i => i.Mark is RowMark.Diamond or RowMark.Bar).ToArray();
        if (anchors.Length == 0) yield break;
        yield return new Scatter
        {
            Name = "pooled values", Mode = "markers", MarkerSize = 16, MarkerOpacity = 0, MarkerColor = Theme.Pooled,
            X = [.. anchors.Select(i => (double?)Math.Clamp(i.Estimate ?? 0, chart.Axis.Minimum, chart.Axis.Maximum))],
            Y = [.. anchors.Select(i => (double?)i.Position)],
            Hover = [.. anchors.Select(i => i.Hover)],
        };
    }

    /// <summary>The coloured grounds of signs.</summary>
    private static Scatter Grounds(RowChart chart, PlacedColumn column, (int Index, RowItem Item)[] rows)
    {
        ThemeColor?[] colors = [.. rows.Select(r => RiskMarks.Color(column.Texts[r.Index]))];
        return new Scatter
        {
            Name = column.Column.Header + ", grounds", Mode = "markers", XAxis = Axis(column.Column.Side), Visible = column.Visible, MarkerSymbol = "circle", MarkerSize = Math.Min(17, chart.RowHeight - 2), MarkerLineWidth = 0,
            X = [.. rows.Select(_ => (double?)column.X)],
            Y = [.. rows.Select(r => (double?)r.Item.Position)],
            MarkerColors = [.. colors.Select(c => c ?? Theme.Surface)],
        };
    }

    private static Scatter StudyTexts(RowColumns columns, PlacedColumn column, bool answers, (int Index, RowItem Item)[] rows) => new()
    {
        Name = column.Column.Header, Mode = "text", XAxis = Axis(column.Column.Side), Visible = column.Visible,
        X = [.. rows.Select(_ => (double?)column.X)],
        Y = [.. rows.Select(r => (double?)r.Item.Position)],
        Text = [.. rows.Select(r => PlotText.EscapeLines(column.Texts[r.Index]))],
        TextPosition = column.TextPosition, FontSize = columns.FontSize, FontColor = Theme.Ink,
        FontColors = column.Column.HasSigns ? [.. rows.Select(r => RiskMarks.Color(column.Texts[r.Index]) is null ? Theme.Muted : Theme.Surface)] : rows.All(r => r.Item.TextColor == Theme.Ink) ? null : [.. rows.Select(r => r.Item.TextColor)],
        Hover = answers ? [.. rows.Select(r => r.Item.Hover)] : null,
    };

    private static Scatter FixedTexts(RowChart chart, RowColumns columns, ColumnSide side)
    {
        var cells = new List<(double X, double Y, string Text, string Position, ThemeColor Color, string Hover, bool Answers)>();
        foreach (var (index, column) in columns.Columns.Index())
        {
            if (column.Column.Side != side || !column.Visible) continue;
            var answers = side == ColumnSide.Left && cells.Count == 0;
            var whole = column.Header.EndsWith('…') ? PlotText.Hover(column.Column.Header, []) : "";
            cells.Add((column.X, -1, $"<b>{PlotText.Escape(column.Header)}</b>", column.TextPosition, Theme.Ink, whole, true));
            foreach (var (row, item) in chart.Rows.Index())
            {
                if (item.Moves || column.Texts[row].Length == 0) continue;
                var text = PlotText.EscapeLines(column.Texts[row]);
                cells.Add((column.X, item.Position, item.Bold ? $"<b>{text}</b>" : text, column.TextPosition, item.TextColor, item.Hover, answers));
            }
        }
        return new Scatter
        {
            Name = side == ColumnSide.Left ? "texts, left" : "texts, right", Mode = "text", XAxis = Axis(side),
            X = [.. cells.Select(c => (double?)c.X)],
            Y = [.. cells.Select(c => (double?)c.Y)],
            Text = [.. cells.Select(c => c.Text)],
            TextPositions = [.. cells.Select(c => c.Position)],
            FontSize = columns.FontSize,
            FontColors = [.. cells.Select(c => c.Color)],
            Hover = side == ColumnSide.Left || cells.Any(c => c is { Answers: true, Hover.Length: > 0 }) ? [.. cells.Select(c => c.Answers ? c.Hover : "")] : null,
        };
    }

    /// <summary>The part of an interval that lies on the axis.</summary>
    private static (double From, double To)? Visible(PlotAxis axis, RowItem item)
    {
        if (item.Lower is not { } lower || item.Upper is not { } upper) return null;
        var from = Math.Max(lower, axis.Minimum);
        var to = Math.Min(upper, axis.Maximum);
        return from <= to ? (from, to) : null;
    }

    private static bool IsPoint(RowItem item) => item.Mark is RowMark.Square or RowMark.Circle or RowMark.OpenCircle;

    private static string Symbol(RowItem item) => item.Mark switch
    {
        RowMark.Circle => "circle",
        RowMark.OpenCircle => "circle-open",
        _ => "square",
    };

    private static string Axis(ColumnSide side) => side == ColumnSide.Left ? "x2" : "x3";
}
