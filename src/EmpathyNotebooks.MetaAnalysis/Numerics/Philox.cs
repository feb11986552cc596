namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The counter-based generator Philox4x32-10 (Salmon, Moraes, Dror &amp; Shaw 2011, Parallel random numbers: as easy as 1, 2, 3, SC'11). A draw is a function of seed, stream and place and of
/// nothing drawn before, so that replicate r, which takes stream r, is the same whichever thread makes it and in whatever order. All that this library draws is drawn by it; it serves simulations of one's own,
/// wherever a <see cref="Random"/> is taken. When not to use it: for secrets.
/// </summary>
/// <param name="seed">The key.</param>
/// <param name="stream">Which of the 2^64 streams of that key.</param>
/// <example><code>
/// var random = new Philox(seed: 7);
/// for (ulong study = 0; study &lt; 3; study++)
/// {
///     random.MoveTo(study);
///     Console.WriteLine($"study {study}: {random.NextDouble()}, {random.Next(100)}");
/// }
/// </code></example>
public sealed class Philox(ulong seed, ulong stream = 0) : Random
{
    private const int Rounds = 10;

    private ulong _stream = stream;
    private ulong _block;
    private ulong _waiting;
    private bool _hasWaiting;

    /// <summary>Begins another stream of the same seed.</summary>
    /// <param name="stream">Its number.</param>
    public void MoveTo(ulong stream)
    {
        _stream = stream;
        _block = 0;
        _hasWaiting = false;
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        if (_hasWaiting)
        {
            _hasWaiting = false;
            return _waiting;
        }
        (var bits, _waiting) = Block(seed, _block++, _stream);
        _hasWaiting = true;
        return bits;
    }

    /// <summary>A whole number from 0 to below <paramref name="count"/>, each equally likely (Lemire 2019, ACM Transactions on Modeling and Computer Simulation 29, 3).</summary>
    /// <param name="count">How many there are, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are none.</exception>
    public int NextBelow(int count)
    {
        if (count < 1) throw new ArgumentOutOfRangeException(nameof(count), count, "There is nothing to choose from.");
        return (int)Below((ulong)count);
    }

    /// <summary>A number from 0 to below 1, of 53 bits.</summary>
    public override double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number from 0 to below 1, of 24 bits.</summary>
    public override float NextSingle() => (NextBits() >> 40) * (1f / (1 << 24));

    /// <inheritdoc/>
    public override int Next() => (int)Below(int.MaxValue);

    /// <inheritdoc/>
    public override int Next(int maxValue) => Next(0, maxValue);

    /// <inheritdoc/>
    public override int Next(int minValue, int maxValue) => (int)NextInt64(minValue, maxValue);

    /// <inheritdoc/>
    public override long NextInt64() => (long)Below(long.MaxValue);

    /// <inheritdoc/>
    public override long NextInt64(long maxValue) => NextInt64(0, maxValue);

    /// <inheritdoc/>
    public override long NextInt64(long minValue, long maxValue)
    {
        if (minValue > maxValue) throw new ArgumentOutOfRangeException(nameof(maxValue), maxValue, "It must not be below the smallest value.");
        return minValue == maxValue ? minValue : unchecked(minValue + (long)Below((ulong)(maxValue - minValue)));
    }

    /// <inheritdoc/>
    public override void NextBytes(byte[] buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        NextBytes(buffer.AsSpan());
    }

    /// <inheritdoc/>
    public override void NextBytes(Span<byte> buffer)
    {
        for (var i = 0; i < buffer.Length; i += 8)
        {
            var bits = NextBits();
            for (var j = i; j < Math.Min(buffer.Length, i + 8); j++, bits >>= 8) buffer[j] = (byte)bits;
        }
    }

    /// <inheritdoc/>
    protected override double Sample() => NextDouble();

    private ulong Below(ulong count)
    {
        while (true)
        {
            var high = Math.BigMul(NextBits(), count, out var low);
            if (low >= count || low >= unchecked(0UL - count) % count) return high;
        }
    }

    /// <summary>The 128 bits at a counter, whose lower half is the block and whose upper half is the stream.</summary>
    internal static (ulong Low, ulong High) Block(ulong key, ulong low, ulong high)
    {
        uint c0 = (uint)low, c1 = (uint)(low >> 32), c2 = (uint)high, c3 = (uint)(high >> 32), k0 = (uint)key, k1 = (uint)(key >> 32);
        for (var round = 0; round < Rounds; round++)
        {
            ulong p0 = 0xD2511F53UL * c0, p1 = 0xCD9E8D57UL * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            unchecked
            {
                k0 += 0x9E3779B9;
                k1 += 0xBB67AE85;
            }
        }
        return (c0 | (ulong)c1 << 32, c2 | (ulong)c3 << 32);
    }
}
