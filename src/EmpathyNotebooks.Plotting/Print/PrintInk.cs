using System.Globalization;
using SkiaSharp;

namespace EmpathyNotebooks.Plotting;

/// <summary>The colours of print.</summary>
/// <param name="isGrayscale">True for shades of grey.</param>
internal sealed class PrintInk(bool isGrayscale)
{
    public SKColor Of(ThemeColor color, double opacity = 1)
    {
        var parsed = Parse(isGrayscale ? color.Gray : color.Light);
        return parsed.WithAlpha((byte)Math.Round(parsed.Alpha * opacity));
    }

    public SKPaint Fill(ThemeColor color, double opacity = 1) => new() { IsAntialias = true, Style = SKPaintStyle.Fill, Color = Of(color, opacity) };

    public SKPaint Stroke(ThemeColor color, double width, string? dash = null, double opacity = 1) => new()
    {
        IsAntialias = true, Style = SKPaintStyle.Stroke, Color = Of(color, opacity), StrokeWidth = (float)width, StrokeJoin = SKStrokeJoin.Miter,
        PathEffect = Dashes(dash, Math.Max(width, 3)),
    };

    /// <summary>Plotly's dashes, in multiples of the line's width or of 3 pixels.</summary>
    private static SKPathEffect? Dashes(string? dash, double unit)
    {
        float[]? lengths = dash switch
        {
            null or "solid" => null,
            "dot" => [1, 1],
            "dash" => [3, 3],
            "longdash" => [5, 5],
            "dashdot" => [3, 1, 1, 1],
            "longdashdot" => [5, 2, 1, 2],
            _ => throw new ArgumentException($"No dash is called {dash}.", nameof(dash)),
        };
        return lengths is null ? null : SKPathEffect.CreateDash([.. lengths.Select(l => l * (float)unit)], 0);
    }

    /// <summary>Reads #rrggbb and rgba(r,g,b,a), the two forms of <see cref="Theme"/>.</summary>
    private static SKColor Parse(string css)
    {
        if (css[0] == '#') return SKColor.Parse(css);
        var parts = css["rgba(".Length..^1].Split(',');
        byte Part(int index) => byte.Parse(parts[index], CultureInfo.InvariantCulture);
        return new SKColor(Part(0), Part(1), Part(2), (byte)Math.Round(255 * double.Parse(parts[3], CultureInfo.InvariantCulture)));
    }
}
