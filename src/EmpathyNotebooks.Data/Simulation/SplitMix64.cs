namespace EmpathyNotebooks.Data;

/// <summary>
/// A small random number generator that is fully specified here, so that a seed gives the same numbers on every machine and in
/// every version of .NET, which <see cref="Random"/> does not promise. Source: Steele, Lea &amp; Flood (2014), Fast splittable
/// pseudorandom number generators, OOPSLA '14.
/// </summary>
internal sealed class SplitMix64(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in [0, 1), a multiple of 2⁻⁵³.</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>
    /// Nearly normal with mean 0 and variance 1: the sum of twelve uniform numbers less six. It takes only additions, which
    /// IEEE 754 fixes to the last bit; logarithms and cosines differ between machines. Its tails are a little light and end at
    /// ±6.
    /// </summary>
    public double Normal()
    {
        var sum = -6.0;
        for (var i = 0; i < 12; i++) sum += Uniform();
        return sum;
    }

    /// <summary>The index of one of the weights, drawn in proportion to them; they sum to 1.</summary>
    public int Choice(ReadOnlySpan<double> weights)
    {
        var left = Uniform();
        for (var i = 0; i < weights.Length - 1; i++)
        {
            left -= weights[i];
            if (left < 0) return i;
        }
        return weights.Length - 1;
    }
}
