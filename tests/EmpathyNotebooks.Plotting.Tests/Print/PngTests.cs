using EmpathyNotebooks.Tests;
using SkiaSharp;

namespace EmpathyNotebooks.Plotting.Tests.Print;

/// <summary>The pixels of a PNG are those that Skia's own writer would have written, to the last bit, and figures are smaller on the whole.</summary>
public class PngTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Pixels_of_any_size_come_back(bool isOpaque)
    {
        var random = new Random(20261129);
        for (var width = 1; width <= 37; width++)
        {
            using var bitmap = new SKBitmap(new SKImageInfo(width, 1 + width % 5, SKColorType.Rgba8888, SKAlphaType.Premul));
            var pixels = bitmap.GetPixelSpan();
            random.NextBytes(pixels);
            for (var i = 0; i < pixels.Length; i += 4)
            {
                if (isOpaque) pixels[i + 3] = 255;
                // Multiplied by how opaque it is, no colour is brighter.
                for (var j = 0; j < 3; j++) pixels[i + j] = Math.Min(pixels[i + j], pixels[i + 3]);
            }
            // One pixel that is not opaque, wherever it stands, asks for a file that can tell.
            if (!isOpaque && width % 2 == 0) pixels[^1] = 254;
            using var skia = bitmap.Encode(SKEncodedImageFormat.Png, 100);
            var png = PngFile.Of(bitmap, 300);
            Assert.Equal(isOpaque ? 2 : 6, png[25]);
            using var expected = SKBitmap.Decode(skia);
            using var found = SKBitmap.Decode(png);
            Assert.Equal(expected.Pixels, found.Pixels);
        }
    }

    [Fact]
    public void Figures_are_smaller_than_by_the_writer_of_the_drawing_library()
    {
        var (sum, former) = (0L, 0L);
        foreach (var plot in (IPlot[])[ForestPlot.Create(Samples.Fit()), FunnelPlot.Create(Samples.Fit()), BaujatPlot.Create(Samples.Fit())])
        {
            var png = plot.ToPng();
            using var decoded = SKBitmap.Decode(png);
            // As it is drawn: with room for what shines through.
            using var bitmap = new SKBitmap(new SKImageInfo(decoded.Width, decoded.Height, SKColorType.Rgba8888, SKAlphaType.Premul));
            Assert.True(decoded.PeekPixels().ReadPixels(bitmap.Info, bitmap.GetPixels(), bitmap.RowBytes));
            using var skia = bitmap.Encode(SKEncodedImageFormat.Png, 100);
            sum += png.Length;
            former += skia.Size;
        }
        Assert.InRange(sum, 10_000, 0.9 * former);
    }
}
