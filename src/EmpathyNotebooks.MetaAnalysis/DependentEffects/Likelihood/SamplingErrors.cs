namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// V, the known covariance of the sampling errors: the variances, and for clusters whose errors go together the whole m x m matrix.
/// </summary>
internal sealed class SamplingErrors(double[] variances, IReadOnlyList<(int[] Rows, double[] Matrix)> clusters)
{
    public static SamplingErrors Independent(double[] variances) => new(variances, []);

    public double[] Variances { get; } = variances;

    /// <summary>Rows counted from 0 and their covariance matrix in row order. A row is in one cluster at most.</summary>
    public IReadOnlyList<(int[] Rows, double[] Matrix)> Clusters { get; } = clusters;

    /// <summary>The same for some of the rows, in the order given.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="draws">Where they are drawn with replacement, with which draw each came: errors of different draws are independent. Else empty.</param>
    public SamplingErrors Select(ReadOnlySpan<int> rows, ReadOnlySpan<int> draws = default)
    {
        var clusterOf = new Dictionary<int, (int Cluster, int Place)>();
        for (var c = 0; c < Clusters.Count; c++)
        {
            for (var j = 0; j < Clusters[c].Rows.Length; j++) clusterOf[Clusters[c].Rows[j]] = (c, j);
        }
        var variances = new double[rows.Length];
        var members = new SortedDictionary<(int Draw, int Cluster), List<(int Place, int Position)>>();
        for (var i = 0; i < rows.Length; i++)
        {
            variances[i] = Variances[rows[i]];
            if (!clusterOf.TryGetValue(rows[i], out var at)) continue;
            var key = (draws.IsEmpty ? 0 : draws[i], at.Cluster);
            if (!members.TryGetValue(key, out var inside)) members[key] = inside = [];
            inside.Add((at.Place, i));
        }
        var kept = new List<(int[], double[])>();
        foreach (var ((_, cluster), inside) in members)
        {
            if (inside.Count < 2) continue;
            var (old, matrix) = Clusters[cluster];
            inside.Sort();
            var smaller = new double[inside.Count * inside.Count];
            for (var a = 0; a < inside.Count; a++)
            {
                for (var b = 0; b < inside.Count; b++) smaller[a * inside.Count + b] = matrix[inside[a].Place * old.Length + inside[b].Place];
            }
            kept.Add(([.. inside.Select(m => m.Position)], smaller));
        }
        return new SamplingErrors(variances, kept);
    }
}
