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
    public SamplingErrors Select(ReadOnlySpan<int> rows)
    {
        var place = new Dictionary<int, int>();
        var variances = new double[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            place[rows[i]] = i;
            variances[i] = Variances[rows[i]];
        }
        var kept = new List<(int[], double[])>();
        foreach (var (old, matrix) in Clusters)
        {
            int[] inside = [.. Enumerable.Range(0, old.Length).Where(j => place.ContainsKey(old[j]))];
            if (inside.Length < 2) continue;
            var smaller = new double[inside.Length * inside.Length];
            for (var a = 0; a < inside.Length; a++)
            {
                for (var b = 0; b < inside.Length; b++) smaller[a * inside.Length + b] = matrix[inside[a] * old.Length + inside[b]];
            }
            kept.Add(([.. inside.Select(j => place[old[j]])], smaller));
        }
        return new SamplingErrors(variances, kept);
    }
}
