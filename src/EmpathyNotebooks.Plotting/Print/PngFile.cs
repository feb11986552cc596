using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SkiaSharp;

namespace EmpathyNotebooks.Plotting;

/// <summary>
/// Pixels as PNG (Portable Network Graphics, second edition, W3C 2003). Lines and letters on white are best left as they are: Skia's own writer tries five filters on each row, which takes five times as long and makes most files larger.
/// </summary>
internal static class PngFile
{
    private const byte WithoutFilter = 0;

    /// <summary>One below the usual level: two thirds of its time, and three in a thousand larger.</summary>
    private static readonly ZLibCompressionOptions Compression = new() { CompressionLevel = 5 };

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The file.</summary>
    /// <param name="bitmap">Four bytes a pixel: red, green, blue, and how opaque.</param>
    /// <param name="dotsPerInch">Pixels an inch, which the file tells.</param>
    public static byte[] Of(SKBitmap bitmap, double dotsPerInch)
    {
        var isOpaque = IsOpaque(bitmap.GetPixelSpan());
        using var file = new MemoryStream();
        file.Write(Signature);
        WriteChunk(file, "IHDR"u8, Header(bitmap, isOpaque));
        WriteChunk(file, "pHYs"u8, Density(dotsPerInch));
        using var data = new MemoryStream();
        using (var packed = new ZLibStream(data, Compression, leaveOpen: true))
        {
            if (isOpaque) WriteColours(packed, bitmap);
            else WriteColoursWithOpacity(packed, bitmap);
        }
        WriteChunk(file, "IDAT"u8, data.GetBuffer().AsSpan(0, (int)data.Length));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static byte[] Header(SKBitmap bitmap, bool isOpaque)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, bitmap.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), bitmap.Height);
        header[8] = 8;
        header[9] = (byte)(isOpaque ? 2 : 6);
        return header;
    }

    /// <summary>Pixels a metre.</summary>
    private static byte[] Density(double dotsPerInch)
    {
        var density = new byte[9];
        var perMetre = (int)Math.Round(dotsPerInch / 0.0254);
        BinaryPrimitives.WriteInt32BigEndian(density, perMetre);
        BinaryPrimitives.WriteInt32BigEndian(density.AsSpan(4), perMetre);
        density[8] = 1;
        return density;
    }

    private static bool IsOpaque(ReadOnlySpan<byte> pixels)
    {
        var together = Vector256<uint>.AllBitsSet;
        var vectors = MemoryMarshal.Cast<byte, Vector256<uint>>(pixels);
        foreach (var vector in vectors) together &= vector;
        var opaque = uint.MaxValue;
        for (var i = 0; i < Vector256<uint>.Count; i++) opaque &= together[i];
        foreach (var pixel in MemoryMarshal.Cast<byte, uint>(pixels[(vectors.Length * Vector256<byte>.Count)..])) opaque &= pixel;
        return BitConverter.IsLittleEndian ? opaque >> 24 == 0xFF : (opaque & 0xFF) == 0xFF;
    }

    private static void WriteColours(Stream packed, SKBitmap bitmap)
    {
        // Four pixels at a time; the last bytes of what is stored are written over by the next.
        var threeOfFour = Vector128.Create((byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 15, 15, 15, 15);
        var row = new byte[1 + 3 * bitmap.Width + 4];
        row[0] = WithoutFilter;
        for (var y = 0; y < bitmap.Height; y++)
        {
            var pixels = bitmap.GetPixelSpan().Slice(y * bitmap.RowBytes, 4 * bitmap.Width);
            var (x, to) = (0, 1);
            for (; x + 16 <= pixels.Length; x += 16, to += 12) Vector128.Shuffle(Vector128.Create(pixels[x..]), threeOfFour).CopyTo(row.AsSpan(to));
            for (; x < pixels.Length; x += 4, to += 3) pixels.Slice(x, 3).CopyTo(row.AsSpan(to));
            packed.Write(row, 0, 1 + 3 * bitmap.Width);
        }
    }

    /// <summary>PNG keeps colours as they are without what shines through.</summary>
    private static void WriteColoursWithOpacity(Stream packed, SKBitmap bitmap)
    {
        var row = new byte[1 + 4 * bitmap.Width];
        row[0] = WithoutFilter;
        using var pixels = bitmap.PeekPixels();
        using var line = new SKBitmap(new SKImageInfo(bitmap.Width, 1, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        using var target = line.PeekPixels();
        for (var y = 0; y < bitmap.Height; y++)
        {
            if (!pixels.ReadPixels(target.Info, target.GetPixels(), target.RowBytes, 0, y)) throw new InvalidOperationException("The pixels cannot be read.");
            line.GetPixelSpan()[..(4 * bitmap.Width)].CopyTo(row.AsSpan(1));
            packed.Write(row);
        }
    }

    private static void WriteChunk(Stream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        var sum = new Crc32();
        sum.Append(type);
        sum.Append(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, sum.GetCurrentHashAsUInt32());
        file.Write(number);
    }
}
