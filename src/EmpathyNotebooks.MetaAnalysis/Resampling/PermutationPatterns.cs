namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>All permutations of something, numbered, and random ones.</summary>
internal abstract class PermutationPatterns
{
    /// <summary>How many there are; infinity beyond what a double counts.</summary>
    public abstract double Count { get; }

    /// <summary>How many of them have the same statistic as each that <see cref="Number"/> gives.</summary>
    public virtual int Symmetry => 1;

    /// <summary>A permutation by its number, from 0 to below <see cref="Count"/>/<see cref="Symmetry"/>; 0 is the data as they are.</summary>
    public abstract void Number(long number, Span<int> pattern);

    /// <summary>A random permutation.</summary>
    public abstract void Draw(Philox random, Span<int> pattern);
}

/// <summary>Signs: -1 for what is changed, 1 for what is not. A statistic without a sign is the same with all of them changed, so that half of the patterns are enough.</summary>
internal sealed class SignPatterns(int units) : PermutationPatterns
{
    public override double Count => Math.Pow(2, units);

    public override int Symmetry => 2;

    public override void Number(long number, Span<int> pattern)
    {
        for (var i = 0; i < units; i++) pattern[i] = i < 62 && (number >> i & 1) == 1 ? -1 : 1;
    }

    public override void Draw(Philox random, Span<int> pattern)
    {
        ulong bits = 0;
        for (var i = 0; i < units; i++)
        {
            bits = i % 64 == 0 ? random.NextBits() : bits >> 1;
            pattern[i] = (bits & 1) == 0 ? 1 : -1;
        }
    }
}

/// <summary>Rows dealt anew: which row stands at each place. Rows that are alike are not told apart.</summary>
internal sealed class DealPatterns : PermutationPatterns
{
    private readonly int[] _kinds;
    private readonly int[][] _rowsOfKind;

    public DealPatterns(int[] kinds)
    {
        _kinds = kinds;
        _rowsOfKind = [.. kinds.Index().GroupBy(k => k.Item).OrderBy(g => g.Key).Select(g => g.Select(k => k.Index).ToArray())];
        Count = Ways([.. _rowsOfKind.Select(r => r.Length)]);
        FirstNumber = Count < 1L << 53 ? NumberOf(kinds) : 0;
    }

    public override double Count { get; }

    /// <summary>The lexicographic number of the data as they are, which is counted as 0.</summary>
    private long FirstNumber { get; }

    public override void Number(long number, Span<int> pattern)
    {
        var left = _rowsOfKind.Select(r => r.Length).ToArray();
        var rest = (number + FirstNumber) % (long)Count;
        for (var i = 0; i < _kinds.Length; i++)
        {
            for (var kind = 0; kind < left.Length; kind++)
            {
                if (left[kind] == 0) continue;
                left[kind]--;
                var ways = (long)Ways(left);
                if (rest < ways)
                {
                    pattern[i] = _rowsOfKind[kind][left[kind]];
                    break;
                }
                rest -= ways;
                left[kind]++;
            }
        }
    }

    public override void Draw(Philox random, Span<int> pattern)
    {
        for (var i = 0; i < pattern.Length; i++) pattern[i] = i;
        for (var i = pattern.Length - 1; i > 0; i--)
        {
            var j = random.NextBelow(i + 1);
            (pattern[i], pattern[j]) = (pattern[j], pattern[i]);
        }
    }

    private long NumberOf(int[] kinds)
    {
        var left = _rowsOfKind.Select(r => r.Length).ToArray();
        long number = 0;
        foreach (var kind in kinds)
        {
            for (var before = 0; before < kind; before++)
            {
                if (left[before] == 0) continue;
                left[before]--;
                number += (long)Ways(left);
                left[before]++;
            }
            left[kind]--;
        }
        return number;
    }

    /// <summary>n!/Πnᵢ!, by binomial coefficients, which are whole numbers at every step.</summary>
    private static double Ways(int[] counts)
    {
        double ways = 1;
        var n = 0;
        foreach (var count in counts)
        {
            for (var i = 1; i <= count; i++) ways = ways * ++n / i;
        }
        return ways;
    }
}
