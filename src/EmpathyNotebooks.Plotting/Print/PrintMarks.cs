using SkiaSharp;

namespace EmpathyNotebooks.Plotting;

/// <summary>The symbols of marks, as large as Plotly draws them.</summary>
internal static class PrintMarks
{
    public static void Draw(SKCanvas canvas, string symbol, float x, float y, double size, SKPaint fill, SKPaint? outline)
    {
        if (symbol.EndsWith("-open", StringComparison.Ordinal))
        {
            symbol = symbol[..^"-open".Length];
            using var stroke = fill.Clone();
            stroke.Style = SKPaintStyle.Stroke;
            stroke.StrokeWidth = outline is { StrokeWidth: > 0 } ? outline.StrokeWidth : 1;
            Shape(canvas, symbol, x, y, (float)size / 2, stroke);
            return;
        }
        Shape(canvas, symbol, x, y, (float)size / 2, fill);
        if (outline is not null) Shape(canvas, symbol, x, y, (float)size / 2, outline);
    }

    private static void Shape(SKCanvas canvas, string symbol, float x, float y, float r, SKPaint paint)
    {
        var long_ = 2 * r / MathF.Sqrt(3);
        switch (symbol)
        {
            case "circle":
                canvas.DrawCircle(x, y, r, paint);
                break;
            case "square":
                canvas.DrawRect(x - r, y - r, 2 * r, 2 * r, paint);
                break;
            case "diamond":
                Polygon(canvas, paint, (x - 1.3f * r, y), (x, y - 1.3f * r), (x + 1.3f * r, y), (x, y + 1.3f * r));
                break;
            case "triangle-left":
                Polygon(canvas, paint, (x - r, y), (x + r / 2, y - long_), (x + r / 2, y + long_));
                break;
            case "triangle-right":
                Polygon(canvas, paint, (x + r, y), (x - r / 2, y - long_), (x - r / 2, y + long_));
                break;
            default:
                throw new ArgumentException($"No mark is called {symbol}.", nameof(symbol));
        }
    }

    private static void Polygon(SKCanvas canvas, SKPaint paint, params ReadOnlySpan<(float X, float Y)> corners)
    {
        using var builder = new SKPathBuilder();
        builder.MoveTo(corners[0].X, corners[0].Y);
        foreach (var (x, y) in corners[1..]) builder.LineTo(x, y);
        builder.Close();
        using var path = builder.Detach();
        canvas.DrawPath(path, paint);
    }
}
