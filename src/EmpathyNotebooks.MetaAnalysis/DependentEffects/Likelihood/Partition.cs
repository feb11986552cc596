namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// How the effects fall into blocks that share nothing. Levels inside one another make small blocks. A level that crosses them (raters
/// who rated many samples) would tie everything into one; it is then treated as a few columns of low rank instead, whichever is cheaper.
/// </summary>
internal sealed class Partition
{
    private Partition(int[] order, int[] starts, bool[] isLowRank)
    {
        Order = order;
        Starts = starts;
        IsLowRank = isLowRank;
    }

    /// <summary>The effects, one block after the other.</summary>
    public int[] Order { get; }

    /// <summary>Where each block begins in that order, and at the end the number of effects.</summary>
    public int[] Starts { get; }

    /// <summary>For each term whether it is treated as columns of low rank.</summary>
    public bool[] IsLowRank { get; }

    public int BlockCount => Starts.Length - 1;

    public static Partition Of(int count, SamplingErrors errors, IReadOnlyList<RandomTerm> terms)
    {
        int[] candidates = [.. Enumerable.Range(0, terms.Count).Where(t => terms[t].IsScaled).Take(8)];
        bool[] best = [];
        int[] roots = [];
        var cheapest = double.PositiveInfinity;
        for (var subset = 0; subset < 1 << candidates.Length; subset++)
        {
            var low = new bool[terms.Count];
            for (var c = 0; c < candidates.Length; c++) low[candidates[c]] = (subset >> c & 1) == 1;
            var trial = Roots(count, errors, terms, low);
            var cost = Cost(trial, terms, low);
            // Strictly: of equal ways the one with fewer columns of low rank, which comes first.
            if (cost < cheapest) (cheapest, best, roots) = (cost, low, trial);
        }
        return Create(roots, best);
    }

    /// <summary>True when each block lies inside one group.</summary>
    public bool IsInside(ReadOnlySpan<int> groups)
    {
        for (var c = 0; c < BlockCount; c++)
        {
            for (var i = Starts[c] + 1; i < Starts[c + 1]; i++)
            {
                if (groups[Order[i]] != groups[Order[Starts[c]]]) return false;
            }
        }
        return true;
    }

    private static Partition Create(int[] roots, bool[] low)
    {
        var blocks = new List<List<int>>();
        var place = new Dictionary<int, int>();
        for (var i = 0; i < roots.Length; i++)
        {
            if (!place.TryGetValue(roots[i], out var block))
            {
                place[roots[i]] = block = blocks.Count;
                blocks.Add([]);
            }
            blocks[block].Add(i);
        }
        var starts = new int[blocks.Count + 1];
        for (var c = 0; c < blocks.Count; c++) starts[c + 1] = starts[c] + blocks[c].Count;
        return new Partition([.. blocks.SelectMany(b => b)], starts, low);
    }

    /// <summary>Multiplications of one evaluation, roughly: m³ for a block, and the products with q columns of low rank.</summary>
    private static double Cost(int[] roots, IReadOnlyList<RandomTerm> terms, bool[] low)
    {
        double q = 0;
        for (var t = 0; t < terms.Count; t++) q += low[t] ? terms[t].GroupNames.Length * terms[t].Dimension : 0;
        var sizes = new double[roots.Length];
        foreach (var root in roots) sizes[root]++;
        var cost = q * q * q;
        foreach (var m in sizes) cost += m * m * m + 2 * m * m * q + m * q * q;
        return cost;
    }

    private static int[] Roots(int count, SamplingErrors errors, IReadOnlyList<RandomTerm> terms, bool[] low)
    {
        var parent = new int[count];
        for (var i = 0; i < count; i++) parent[i] = i;
        foreach (var (rows, _) in errors.Clusters)
        {
            foreach (var row in rows) Join(row, rows[0]);
        }
        for (var t = 0; t < terms.Count; t++)
        {
            if (low[t]) continue;
            var first = new int[terms[t].GroupNames.Length];
            Array.Fill(first, -1);
            for (var i = 0; i < count; i++)
            {
                ref var other = ref first[terms[t].Groups[i]];
                if (other < 0) other = i;
                else Join(i, other);
            }
        }
        for (var i = 0; i < count; i++) parent[i] = Find(i);
        return parent;

        int Find(int i)
        {
            while (parent[i] != i) i = parent[i] = parent[parent[i]];
            return i;
        }

        void Join(int a, int b)
        {
            (a, b) = (Find(a), Find(b));
            if (a < b) parent[b] = a;
            else parent[a] = b;
        }
    }
}
