using System.Net;
using SkiaSharp;

namespace EmpathyNotebooks.Plotting;

/// <summary>Where a block of text stands from its point.</summary>
internal enum TextPlace
{
    Before,
    Middle,
    After,
}

/// <summary>Lines of text with the little markup that figures use: bold, breaks and entities.</summary>
internal sealed class PrintText
{
    /// <summary>The height of a line in sizes of the font.</summary>
    private const double LineHeight = 1.3;

    /// <summary>Around the number of a line that is kept as text.</summary>
    public const char KeptMark = '¤';

    private readonly List<List<(string Text, SKTypeface Typeface, float Width)>> _lines = [];
    private readonly float _size;

    public PrintText(string markup, double size)
    {
        _size = (float)size;
        var bold = false;
        foreach (var line in markup.Split("<br>"))
        {
            var runs = new List<(string, SKTypeface, float)>();
            for (var rest = line; rest.Length > 0;)
            {
                var tag = bold ? "</b>" : "<b>";
                var end = rest.IndexOf(tag, StringComparison.Ordinal);
                var text = end < 0 ? rest : rest[..end];
                foreach (var (part, typeface) in PrintFonts.Parts(WebUtility.HtmlDecode(text), bold))
                {
                    using var font = Font(typeface);
                    runs.Add((part, typeface, font.MeasureText(part)));
                }
                if (end >= 0) bold = !bold;
                rest = end < 0 ? "" : rest[(end + tag.Length)..];
            }
            _lines.Add(runs);
        }
        Width = _lines.Max(l => l.Sum(r => r.Width));
    }

    /// <summary>The width of the longest line.</summary>
    public float Width { get; }

    public double Height => _lines.Count * LineHeight * _size;

    /// <summary>Draws the block beside, over or around a point.</summary>
    /// <param name="canvas">What it is drawn on.</param>
    /// <param name="kept">In an SVG, takes the lines that whoever shows it must lay out; a mark with their number is drawn. Null elsewhere.</param>
    /// <param name="x">The point.</param>
    /// <param name="y">The point.</param>
    /// <param name="across">Whether the block stands left of the point, around it, or right of it; lines align with that side.</param>
    /// <param name="down">Whether it stands above the point, around it, or below it.</param>
    /// <param name="paint">Its colour.</param>
    public void Draw(SKCanvas canvas, List<string>? kept, double x, double y, TextPlace across, TextPlace down, SKPaint paint)
    {
        var top = Top(y, down);
        foreach (var (index, line) in _lines.Index())
        {
            var at = (float)Left(x, line.Sum(r => r.Width), across);
            // The letters of the font reach from 0.905 above to 0.212 below the base line.
            var baseline = (float)(top + (index + 0.5) * LineHeight * _size + (0.905 - 0.212) / 2 * _size);
            if (kept is not null && line.Any(r => PrintFonts.NeedsLayout(r.Text, r.Typeface)))
            {
                using var own = Font(PrintFonts.Own(line[0].Typeface.IsBold));
                canvas.DrawText(FormattableString.Invariant($"{KeptMark}{kept.Count}{KeptMark}"), at, baseline, SKTextAlign.Left, own, paint);
                kept.Add(string.Concat(line.Select(r => r.Text)));
                continue;
            }
            foreach (var (text, typeface, width) in line)
            {
                using var font = Font(typeface);
                canvas.DrawText(text, at, baseline, SKTextAlign.Left, font, paint);
                at += width;
            }
        }
    }

    /// <summary>The box the block takes.</summary>
    public SKRect Box(double x, double y, TextPlace across, TextPlace down)
    {
        var (left, top) = (Left(x, Width, across), Top(y, down));
        return new SKRect((float)left, (float)top, (float)left + Width, (float)(top + Height));
    }

    private static double Left(double x, double width, TextPlace across) => across switch
    {
        TextPlace.Before => x - width,
        TextPlace.Middle => x - width / 2,
        _ => x,
    };

    private double Top(double y, TextPlace down) => down switch
    {
        TextPlace.Before => y - Height,
        TextPlace.Middle => y - Height / 2,
        _ => y,
    };

    // Letters are placed by their widths in the font, whatever the grid of the output.
    private SKFont Font(SKTypeface typeface) => new(typeface, _size) { Subpixel = true, Hinting = SKFontHinting.None, LinearMetrics = true };
}
