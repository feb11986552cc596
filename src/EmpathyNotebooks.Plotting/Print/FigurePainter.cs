using SkiaSharp;

namespace EmpathyNotebooks.Plotting;

/// <summary>
/// Draws a figure on a page, the same as plotly.js does in a browser: from the typed traces and layout that are written for it, too. So every plot
/// prints that is made of these.
/// </summary>
internal sealed class FigurePainter
{
    /// <summary>What Plotly leaves around a note.</summary>
    private const float NotePadding = 2;

    private readonly SKCanvas _canvas;
    private readonly PrintPage _page;
    private readonly PrintInk _ink;
    private readonly PrintScales _scales;
    private readonly List<string>? _kept;

    private FigurePainter(SKCanvas canvas, PrintPage page, PrintInk ink, List<string>? kept)
    {
        _kept = kept;
        _canvas = canvas;
        _page = page;
        _ink = ink;
        _scales = new PrintScales(page);
    }

    private FigureLayout Layout => _page.Form.Layout;

    /// <summary>Draws the page, one unit of the canvas a pixel.</summary>
    /// <param name="canvas">What it is drawn on.</param>
    /// <param name="page">The page.</param>
    /// <param name="options">Its colours.</param>
    /// <param name="kept">See <see cref="PrintText.Draw"/>.</param>
    public static void Paint(SKCanvas canvas, PrintPage page, PrintOptions options, List<string>? kept = null)
    {
        var painter = new FigurePainter(canvas, page, new PrintInk(options.IsGrayscale), kept);
        if (!options.IsTransparent)
        {
            using var white = painter._ink.Fill(Theme.Surface);
            canvas.DrawRect(0, 0, (float)page.Width, (float)page.Height, white);
        }
        foreach (var line in painter.Layout.Lines) painter.Line(line);
        foreach (var trace in page.Form.Traces.Where(t => t.Visible)) painter.Trace(trace);
        foreach (var scale in painter._scales.Horizontal.Where(s => s.Axis.Visible)) painter.HorizontalAxis(scale);
        foreach (var scale in painter._scales.Vertical.Where(s => s.Axis.Visible)) painter.VerticalAxis(scale);
        if (painter.Layout.ShowLegend) painter.Legend();
        foreach (var note in painter.Layout.Notes) painter.Note(note);
    }

    private void Line(FigureLine line)
    {
        using var paint = _ink.Stroke(line.Color, line.Width, line.Dash);
        _canvas.DrawLine((float)_scales.X(line.XAxis, line.X0), (float)_scales.Y(line.YAxis, line.Y0),
            (float)_scales.X(line.XAxis, line.X1), (float)_scales.Y(line.YAxis, line.Y1), paint);
    }

    private void Note(FigureNote note)
    {
        var text = new PrintText(note.Markup, note.FontSize);
        var across = note.XAnchor switch { "left" => TextPlace.After, "right" => TextPlace.Before, _ => TextPlace.Middle };
        var down = note.YAnchor switch { "top" => TextPlace.After, "bottom" => TextPlace.Before, _ => TextPlace.Middle };
        var x = _scales.X(note.XAxis, note.X) + note.XShift + Padding(across);
        var y = _scales.Y(note.YAxis, note.Y) - note.YShift + Padding(down);
        if (note.OnSurface)
        {
            var box = text.Box(x, y, across, down);
            box.Inflate(NotePadding, NotePadding);
            using var behind = _ink.Fill(Theme.Surface, 0.92);
            _canvas.DrawRect(box, behind);
        }
        using var paint = _ink.Fill(note.Color);
        text.Draw(_canvas, _kept, x, y, across, down, paint);

        static double Padding(TextPlace place) => place switch { TextPlace.After => NotePadding, TextPlace.Before => -NotePadding, _ => 0 };
    }

    private void HorizontalAxis(PrintScale scale)
    {
        var size = Layout.FontSize - 1;
        var y = _scales.Plot.Bottom;
        using var line = _ink.Stroke(Theme.Line, 1);
        using var muted = _ink.Fill(Theme.Muted);
        _canvas.DrawLine((float)scale.Start, y, (float)scale.End, y, line);
        foreach (var tick in Ticks(scale))
        {
            var x = (float)scale.Place(tick.Value);
            _canvas.DrawLine(x, y, x, y + 4, line);
            new PrintText(PlotText.Escape(tick.Text), size).Draw(_canvas, _kept, x, y + 5, TextPlace.Middle, TextPlace.After, muted);
        }
        if (scale.Axis.Title is not { Length: > 0 } title) return;
        using var ink = _ink.Fill(Theme.Ink);
        new PrintText(PlotText.Escape(title), size + 1).Draw(_canvas, _kept, (scale.Start + scale.End) / 2, y + 7 + 1.3 * size + 3, TextPlace.Middle, TextPlace.After, ink);
    }

    private void VerticalAxis(PrintScale scale)
    {
        var size = Layout.FontSize - 1;
        var x = _scales.Plot.Left;
        using var line = _ink.Stroke(Theme.Line, 1);
        using var muted = _ink.Fill(Theme.Muted);
        _canvas.DrawLine(x, (float)scale.Start, x, (float)scale.End, line);
        float widest = 0;
        foreach (var tick in Ticks(scale))
        {
            var y = (float)scale.Place(tick.Value);
            var text = new PrintText(PlotText.Escape(tick.Text), size);
            _canvas.DrawLine(x - 4, y, x, y, line);
            text.Draw(_canvas, _kept, x - 7, y, TextPlace.Before, TextPlace.Middle, muted);
            widest = Math.Max(widest, text.Width);
        }
        if (scale.Axis.Title is not { Length: > 0 } title) return;
        using var ink = _ink.Fill(Theme.Ink);
        _canvas.Save();
        _canvas.Translate(x - 7 - widest - 6, (float)(scale.Start + scale.End) / 2);
        _canvas.RotateDegrees(-90);
        new PrintText(PlotText.Escape(title), size + 1).Draw(_canvas, _kept, 0, 0, TextPlace.Middle, TextPlace.Before, ink);
        _canvas.Restore();
    }

    private static IEnumerable<AxisTick> Ticks(PrintScale scale)
    {
        var ticks = scale.Axis.Ticks ?? throw new InvalidOperationException("A figure that is printed names its ticks.");
        var (low, high) = (Math.Min(scale.Axis.From, scale.Axis.To), Math.Max(scale.Axis.From, scale.Axis.To));
        return ticks.Where(t => low <= t.Value && t.Value <= high);
    }

    private void Trace(Scatter trace)
    {
        var area = _scales.Area(trace.XAxis, trace.YAxis);
        _canvas.Save();
        if (trace.ClipOnAxis) _canvas.ClipRect(area, antialias: true);
        var segments = Segments(trace);
        if (trace.Fill is not null) Fill(trace, segments);
        if (trace.Mode.Contains("lines", StringComparison.Ordinal) && trace is { LineColor: { } color, LineWidth: not 0 })
        {
            using var paint = _ink.Stroke(color, trace.LineWidth ?? 2, trace.Dash);
            foreach (var segment in segments.Where(s => s.Length > 1))
            {
                using var path = Path(segment);
                _canvas.DrawPath(path, paint);
            }
        }
        if (trace.Spread is not null) Spreads(trace);
        if (trace.Mode.Contains("markers", StringComparison.Ordinal)) Marks(trace);
        if (trace.Mode.Contains("text", StringComparison.Ordinal)) Texts(trace);
        _canvas.Restore();
    }

    /// <summary>The points of a trace between its gaps.</summary>
    private List<SKPoint[]> Segments(Scatter trace)
    {
        var segments = new List<SKPoint[]>();
        var open = new List<SKPoint>();
        for (var i = 0; i <= trace.X.Count; i++)
        {
            if (i < trace.X.Count && trace.X[i] is { } x && trace.Y[i] is { } y)
            {
                open.Add(new SKPoint((float)_scales.X(trace.XAxis, x), (float)_scales.Y(trace.YAxis, y)));
            }
            else if (open.Count > 0)
            {
                segments.Add([.. open]);
                open.Clear();
            }
        }
        return segments;
    }

    private void Fill(Scatter trace, List<SKPoint[]> segments)
    {
        using var paint = _ink.Fill(trace.FillColor ?? throw new InvalidOperationException("A fill has a colour."));
        foreach (var segment in segments)
        {
            var zero = (float)_scales.Y(trace.YAxis, 0);
            SKPoint[] corners = trace.Fill switch
            {
                "toself" => segment,
                "tozeroy" => [new(segment[0].X, zero), .. segment, new(segment[^1].X, zero)],
                _ => throw new ArgumentException($"No fill is called {trace.Fill}.", nameof(trace)),
            };
            using var path = Path(corners);
            _canvas.DrawPath(path, paint);
        }
    }

    private static SKPath Path(SKPoint[] points)
    {
        using var builder = new SKPathBuilder();
        builder.AddPoly(points, close: false);
        return builder.Detach();
    }

    private void Spreads(Scatter trace)
    {
        using var paint = _ink.Stroke(trace.SpreadColor ?? Theme.Ink, trace.SpreadWidth);
        for (var i = 0; i < trace.X.Count; i++)
        {
            if (trace.X[i] is not { } x || trace.Y[i] is not { } y || trace.Spread![i] is not { } half) continue;
            var at = (float)_scales.Y(trace.YAxis, y);
            _canvas.DrawLine((float)_scales.X(trace.XAxis, x - half), at, (float)_scales.X(trace.XAxis, x + half), at, paint);
        }
    }

    private void Marks(Scatter trace)
    {
        using var outline = trace is { MarkerLineWidth: > 0, MarkerLineColor: { } edge } ? _ink.Stroke(edge, trace.MarkerLineWidth.Value, opacity: Opacity(trace, null)) : null;
        for (var i = 0; i < trace.X.Count; i++)
        {
            if (trace.X[i] is not { } x || trace.Y[i] is not { } y || Opacity(trace, i) is not (> 0 and var opacity)) continue;
            using var fill = _ink.Fill(trace.MarkerColors?[i] ?? trace.MarkerColor ?? Theme.Study, opacity);
            PrintMarks.Draw(_canvas, trace.MarkerSymbols?[i] ?? trace.MarkerSymbol ?? "circle", (float)_scales.X(trace.XAxis, x),
                (float)_scales.Y(trace.YAxis, y), trace.MarkerSizes?[i] ?? trace.MarkerSize ?? 6, fill, outline);
        }
    }

    private static double Opacity(Scatter trace, int? point) => (point is { } i ? trace.MarkerOpacities?[i] : null) ?? trace.MarkerOpacity ?? 1;

    private void Texts(Scatter trace)
    {
        for (var i = 0; i < trace.X.Count; i++)
        {
            if (trace.X[i] is not { } x || trace.Y[i] is not { } y || trace.Text![i].Length == 0) continue;
            var place = (trace.TextPositions?[i] ?? trace.TextPosition ?? "middle center").Split(' ');
            var across = place[1] switch { "right" => TextPlace.After, "left" => TextPlace.Before, _ => TextPlace.Middle };
            var down = place[0] switch { "top" => TextPlace.Before, "bottom" => TextPlace.After, _ => TextPlace.Middle };
            using var paint = _ink.Fill(trace.FontColors?[i] ?? trace.FontColor ?? Theme.Ink);
            new PrintText(trace.Text[i], trace.FontSize ?? Layout.FontSize).Draw(_canvas, _kept, _scales.X(trace.XAxis, x), _scales.Y(trace.YAxis, y), across, down, paint);
        }
    }

    /// <summary>The names of traces above the plot, in columns as wide as the widest.</summary>
    private void Legend()
    {
        const double Sample = 30;
        Scatter[] traces = [.. _page.Form.Traces.Where(t => t is { ShowLegend: true, Visible: true })];
        PrintText[] texts = [.. traces.Select(t => new PrintText(t.Name!, Layout.FontSize))];
        var column = texts.Max(t => t.Width) + Sample + 24;
        var columns = Math.Clamp((int)(_scales.Plot.Width / column), 1, traces.Length);
        var lines = (traces.Length + columns - 1) / columns;
        var height = Layout.FontSize + 9;
        using var ink = _ink.Fill(Theme.Ink);
        foreach (var (index, trace) in traces.Index())
        {
            var left = (float)(_scales.Plot.Left + index % columns * column);
            var middle = (float)(_scales.Plot.Top - 3 - (lines - 1 - index / columns + 0.5) * height);
            var box = new SKRect(left + 2, middle - 5, left + (float)Sample - 2, middle + 5);
            if (trace.Fill is not null && trace.FillColor is { } filled)
            {
                using var fill = _ink.Fill(filled);
                _canvas.DrawRect(box, fill);
            }
            if (trace is { LineColor: { } color, LineWidth: not 0 } && trace.Mode.Contains("lines", StringComparison.Ordinal))
            {
                using var paint = _ink.Stroke(color, trace.LineWidth ?? 2, trace.Dash);
                if (trace.Fill == "toself") _canvas.DrawRect(box, paint);
                else _canvas.DrawLine(box.Left, middle, box.Right, middle, paint);
            }
            if (trace.Mode.Contains("markers", StringComparison.Ordinal))
            {
                using var fill = _ink.Fill(trace.MarkerColor ?? Theme.Study, Opacity(trace, null));
                using var outline = trace is { MarkerLineWidth: > 0, MarkerLineColor: { } edge } ? _ink.Stroke(edge, trace.MarkerLineWidth.Value, opacity: Opacity(trace, null)) : null;
                PrintMarks.Draw(_canvas, trace.MarkerSymbol ?? "circle", box.MidX, middle, Math.Min(12, trace.MarkerSize ?? trace.MarkerSizes?[0] ?? 6), fill, outline);
            }
            texts[index].Draw(_canvas, _kept, left + Sample + 4, middle, TextPlace.After, TextPlace.Middle, ink);
        }
    }
}
