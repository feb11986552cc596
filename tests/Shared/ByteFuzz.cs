using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace EmpathyNotebooks.Tests;

/// <summary>
/// Bytes that once were a file: samples with bits turned, ranges cut out, doubled and mixed, tokens put in. A seed leads back to each. A build takes few; <c>EMPATHY_FUZZ=1000000</c> as many, from the seed
/// <c>EMPATHY_FUZZ_FROM</c> on.
/// </summary>
internal static class ByteFuzz
{
    /// <summary>How long a file of a few kilobytes may take.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly byte[][] Tokens =
    [
        .. ((string[])["\"", "\"\"", ",", ";", "\t", "\n", "\r", "\r\n", "\0", "\uFEFF", "\u200B", "\u2212", "1e999", "-0", "NaN", "1,5", "1.234,5", "99999999999999999999", "{", "}", "[", "]", "[[[[[[[[", ":", "null", "true", "\\ud800",
            "#!", "#!csharp", "#!meta", "<", ">", "</", "<!--", "&#x0;", "&", "{}", "[]", "\"\":", "TY  - ", "ER  - ", "@article{", "-", "0", "=", "'", new string('[', 2000), new string('9', 400), new string('"', 33), "1900-01-01"]).Select(Encoding.UTF8.GetBytes),
        [0xED, 0xA0, 0x80], [0xFF, 0xFE], [0xFE, 0xFF], [0xFF, 0xFF, 0xFF, 0xFF], [0x80], [0xC0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x7F, 0xFF, 0xFF, 0xFF], [0, 0, 0, 0], [0, 0, 0, 0x80],
    ];

    /// <param name="few">How many a build takes.</param>
    /// <param name="share">One of so many of a long run.</param>
    /// <param name="samples">What is changed, by name.</param>
    /// <param name="read">Reads what became of a sample of that name.</param>
    /// <param name="isDocumented">True for an exception that says what is wrong with the file.</param>
    /// <param name="change">Changes a sample in its own way; by bytes if not said.</param>
    public static void Run(int few, int share, IReadOnlyList<(string Name, byte[] Bytes)> samples, Action<string, byte[]> read, Func<Exception, bool> isDocumented, Func<Random, byte[], byte[]>? change = null)
    {
        var first = Number("EMPATHY_FUZZ_FROM") ?? 1;
        var last = first + (Number("EMPATHY_FUZZ") is { } many ? Math.Max(1, many / share) : few);
        var wrong = new Dictionary<string, (int Count, string Example)>(StringComparer.Ordinal);
        int readWhole = 0, refused = 0, now = first;
        var began = Stopwatch.GetTimestamp();
        var work = Task.Run(() =>
        {
            for (var seed = first; seed < last; seed++)
            {
                Volatile.Write(ref now, seed);
                Volatile.Write(ref began, Stopwatch.GetTimestamp());
                var random = new Random(seed);
                var (name, bytes) = samples[random.Next(samples.Count)];
                var changed = bytes;
                for (var n = random.Next(4); n >= 0; n--) changed = change is not null && random.Next(3) > 0 ? change(random, changed) : Change(random, changed, samples);
                try
                {
                    read(name, changed);
                    readWhole++;
                }
                catch (Exception fault) when (isDocumented(fault))
                {
                    refused++;
                }
                catch (Exception fault) when (fault is not OutOfMemoryException)
                {
                    var kind = $"{name[(name.LastIndexOf('.') + 1)..]}: {fault.GetType().Name} {string.Join(" < ", (fault.StackTrace ?? "").Split('\n').Where(l => l.Contains("EmpathyNotebooks", StringComparison.Ordinal)).Take(3).Select(l => l.Trim().Split('(')[0]))}";
                    wrong[kind] = wrong.TryGetValue(kind, out var old) ? (old.Count + 1, old.Example) : (1, string.Create(CultureInfo.InvariantCulture, $"seed {seed}, {name}: {fault.Message}\n{fault.StackTrace}"));
                }
            }
        }, TestContext.Current.CancellationToken);
        while (!work.Wait(TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken))
        {
            var seed = Volatile.Read(ref now);
            if (Stopwatch.GetElapsedTime(Volatile.Read(ref began)) > Limit && seed == Volatile.Read(ref now)) Assert.Fail($"The file of seed {seed} takes longer than {Limit.TotalSeconds} s.");
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{readWhole} read, {refused} refused");
        Assert.True(wrong.Count == 0, string.Join("\n", wrong.Select(w => $"{w.Value.Count} times {w.Key}: {w.Value.Example}")));
        Assert.True(refused > 0, "Nothing was refused.");
    }

    /// <summary>One change by bytes.</summary>
    public static byte[] Change(Random random, byte[] bytes, IReadOnlyList<(string Name, byte[] Bytes)> samples)
    {
        int Place() => random.Next(bytes.Length + 1);
        if (bytes.Length == 0) return Tokens[random.Next(Tokens.Length)];
        var (from, length) = (random.Next(bytes.Length), 1 + random.Next(random.Next(2) == 0 ? 8 : Math.Min(bytes.Length, 400)));
        var range = bytes.AsSpan(from, Math.Min(length, bytes.Length - from));
        switch (random.Next(9))
        {
            case 0:
                byte[] turned = [.. bytes];
                for (var n = random.Next(4); n >= 0; n--) turned[random.Next(turned.Length)] ^= (byte)(1 << random.Next(8));
                return turned;
            case 1:
                byte[] replaced = [.. bytes];
                replaced[from] = (byte)random.Next(256);
                return replaced;
            case 2:
                return [.. bytes[..from], .. bytes[(from + range.Length)..]];
            case 3:
                return Insert(bytes, Place(), range);
            case 4 or 5:
                return Insert(bytes, Place(), Tokens[random.Next(Tokens.Length)]);
            case 6:
                return bytes[..Place()];
            case 7:
                var other = samples[random.Next(samples.Count)].Bytes;
                return [.. bytes[..Place()], .. other[random.Next(other.Length + 1)..]];
            default:
                // Another token in the place of one: numbers and names that are near each other in the file.
                return [.. bytes[..from], .. Tokens[random.Next(Tokens.Length)], .. bytes[(from + range.Length)..]];
        }
    }

    private static byte[] Insert(byte[] bytes, int at, ReadOnlySpan<byte> what) => [.. bytes.AsSpan(0, at), .. what, .. bytes.AsSpan(at)];

    private static int? Number(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
