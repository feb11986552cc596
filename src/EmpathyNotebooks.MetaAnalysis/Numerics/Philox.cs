using MathNet.Numerics.Random;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The counter-based generator Philox4x32-10 (Salmon, Moraes, Dror &amp; Shaw 2011, Parallel random numbers: as easy as 1, 2, 3, SC'11). A draw is a function of seed, stream and place and of
/// nothing drawn before, so that replicate r, which takes stream r, is the same whichever thread makes it and in whatever order.
/// </summary>
/// <param name="seed">The key.</param>
/// <param name="stream">Which of the 2^64 streams of that key.</param>
internal sealed class Philox(ulong seed, ulong stream = 0) : RandomSource(threadSafe: false)
{
    private const int Rounds = 10;

    private ulong _stream = stream;
    private ulong _block;
    private ulong _waiting;
    private bool _hasWaiting;

    /// <summary>Begins another stream of the same seed.</summary>
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
    public int NextBelow(int count)
    {
        while (true)
        {
            var high = Math.BigMul(NextBits(), (ulong)count, out var low);
            if (low >= (ulong)count || low >= unchecked(0UL - (ulong)count) % (ulong)count) return (int)high;
        }
    }

    /// <inheritdoc/>
    protected override double DoSample() => (NextBits() >> 11) * (1.0 / (1UL << 53));

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
