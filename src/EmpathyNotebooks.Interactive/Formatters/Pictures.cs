using System.Globalization;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Reporting;
using Microsoft.DotNet.Interactive.Formatting;
using SkiaSharp;

namespace EmpathyNotebooks;

/// <summary>Pictures: of SkiaSharp, and bytes that begin as those of a picture's file do.</summary>
internal static class Pictures
{
    private static readonly (string MediaType, string Name, byte[] Begin)[] Kinds =
    [
        ("image/png", "PNG", [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]),
        ("image/jpeg", "JPEG", [0xFF, 0xD8, 0xFF]),
        ("image/gif", "GIF", [(byte)'G', (byte)'I', (byte)'F', (byte)'8']),
    ];

    public static string Html(byte[] bytes) => Kind(bytes) is { } kind ? Image(kind.MediaType, bytes, Text(bytes)) : List(bytes).ToDisplayString("text/html");

    public static string Text(byte[] bytes) => Kind(bytes) is not { } kind ? List(bytes).ToDisplayString("text/plain")
        : $"{kind.Name} picture{Size(bytes)}, {StatisticText.Count(bytes.Length)} bytes";

    public static string Html(SKImage image)
    {
        using var png = image.Encode(SKEncodedImageFormat.Png, 100);
        return png is null ? $"<p>{Text(image)}</p>" : Image("image/png", png.ToArray(), Text(image));
    }

    public static string Text(SKImage image) => string.Create(CultureInfo.InvariantCulture, $"Picture, {image.Width} × {image.Height} pixels");

    public static string Html(SKBitmap bitmap)
    {
        using var image = SKImage.FromBitmap(bitmap);
        return image is null ? $"<p>{Text(bitmap)}</p>" : Html(image);
    }

    public static string Text(SKBitmap bitmap) => string.Create(CultureInfo.InvariantCulture, $"Picture, {bitmap.Width} × {bitmap.Height} pixels");

    private static (string MediaType, string Name, byte[] Begin)? Kind(byte[] bytes)
    {
        foreach (var kind in Kinds)
        {
            if (bytes.AsSpan().StartsWith(kind.Begin)) return kind;
        }
        return null;
    }

    private static string Image(string mediaType, byte[] bytes, string words) =>
        $"<img src=\"data:{mediaType};base64,{Convert.ToBase64String(bytes)}\" alt=\"{HtmlWriter.Escape(words)}\" style=\"max-width:100%\">";

    private static string Size(byte[] bytes)
    {
        var bounds = SKBitmap.DecodeBounds(bytes);
        return bounds.IsEmpty ? "" : string.Create(CultureInfo.InvariantCulture, $", {bounds.Width} × {bounds.Height} pixels");
    }

    // Other bytes are what they are without us: a list of numbers.
    private static IEnumerable<byte> List(byte[] bytes) => bytes.Select(b => b);
}
