using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Reporting;

namespace EmpathyNotebooks.Cli.Simulate;

/// <summary>Which part of a study a process computes: blocks whose number leaves <c>Index - 1</c> when divided by <c>Count</c>, so that every shard has its share of dear and of cheap cells.</summary>
internal readonly record struct Shard(int Index, int Count)
{
    public const int Most = 1_000_000;

    /// <summary>Reads <c>3/8</c>.</summary>
    public static Shard? Parse(string text) => text.Split('/') is [var i, var n] && int.TryParse(i, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var index)
        && int.TryParse(n, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var count) && index >= 1 && index <= count && count <= Most ? new Shard(index, count) : null;

    /// <summary>How many blocks it has.</summary>
    public long Blocks(SimulationDesign design) => (design.BlockCount - Index) / Count + 1;

    /// <summary>The name of its file, without the ending.</summary>
    public string Name => FormattableString.Invariant($"shard-{Index}-of-{Count}");

    public override string ToString() => FormattableString.Invariant($"{Index}/{Count}");
}

/// <summary>What stands before the sums of a shard: whose they are.</summary>
/// <param name="Design">The study.</param>
/// <param name="Shard">The part of it.</param>
/// <param name="Version">Of the library that computed it; another may compute another last digit.</param>
/// <param name="Processor">Its kind, and how many numbers it adds at a time: sums of weights are made in that many parts, so that last digits hang on it.</param>
internal sealed record ShardHeader(SimulationDesign Design, Shard Shard, string Version, string Processor)
{
    private static readonly byte[] Magic = "EMPSIM1\n"u8.ToArray();

    /// <summary>Of a shard that is computed here.</summary>
    public static ShardHeader Here(SimulationDesign design, Shard shard) => new(design, shard, JsonReport.Version, FormattableString.Invariant($"{RuntimeInformation.ProcessArchitecture}, {Vector<double>.Count} numbers at a time"));

    /// <summary>What tells designs apart.</summary>
    public string Fingerprint => System.Convert.ToHexStringLower(SHA256.HashData(DesignFile.Write(Design)));

    public byte[] ToBytes()
    {
        var json = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { shard = Shard.ToString(), version = Version, processor = Processor }) + "\n");
        var design = DesignFile.Write(Design);
        return [.. Magic, .. BitConverter.GetBytes(json.Length), .. BitConverter.GetBytes(design.Length), .. json, .. design];
    }

    /// <summary>Reads a header and says how long it is; null where there is none.</summary>
    public static (ShardHeader Header, int Length)? Read(ReadOnlySpan<byte> bytes, string file)
    {
        const int start = 16;
        if (bytes.Length < start || !bytes[..8].SequenceEqual(Magic)) return null;
        var (json, design) = (BitConverter.ToInt32(bytes[8..]), BitConverter.ToInt32(bytes[12..]));
        if (json < 0 || design < 0 || (long)start + json + design > bytes.Length) return null;
        try
        {
            using var said = JsonDocument.Parse(bytes.Slice(start, json).ToArray());
            var root = said.RootElement;
            if (Shard.Parse(root.GetProperty("shard").GetString()!) is not { } shard) return null;
            var read = DesignFile.Parse(Encoding.UTF8.GetString(bytes.Slice(start + json, design)), file);
            return (new ShardHeader(read, shard, root.GetProperty("version").GetString()!, root.GetProperty("processor").GetString()!), start + json + design);
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}

/// <summary>A finished shard: its header, the tally of every cell, and a hash of all that.</summary>
internal sealed record ShardFile(ShardHeader Header, SimulationTally[] Tallies)
{
    public const string Ending = ".sums";

    public byte[] ToBytes()
    {
        var size = new SimulationTally(Header.Design).Size;
        var header = Header.ToBytes();
        var bytes = new byte[header.LongLength + (long)size * Tallies.Length + SHA256.HashSizeInBytes];
        header.CopyTo(bytes, 0);
        for (var c = 0; c < Tallies.Length; c++) Tallies[c].Write(bytes.AsSpan(header.Length + c * size, size));
        SHA256.HashData(bytes.AsSpan(..^SHA256.HashSizeInBytes), bytes.AsSpan(bytes.Length - SHA256.HashSizeInBytes));
        return bytes;
    }

    /// <summary>Reads a shard.</summary>
    /// <exception cref="BadInputException">It is damaged.</exception>
    public static ShardFile Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var damaged = new BadInputException($"{path}: this is no whole shard; remove it and run the shard again.");
        if (ShardHeader.Read(bytes, path) is not var (header, length)) throw damaged;
        var size = new SimulationTally(header.Design).Size;
        if (bytes.LongLength != length + (long)size * header.Design.CellCount + SHA256.HashSizeInBytes
            || !SHA256.HashData(bytes.AsSpan(..^SHA256.HashSizeInBytes)).AsSpan().SequenceEqual(bytes.AsSpan(^SHA256.HashSizeInBytes..))) throw damaged;
        var tallies = new SimulationTally[header.Design.CellCount];
        for (var c = 0; c < tallies.Length; c++)
        {
            tallies[c] = new SimulationTally(header.Design);
            tallies[c].Read(bytes.AsSpan(length + c * size, size));
        }
        return new ShardFile(header, tallies);
    }
}
