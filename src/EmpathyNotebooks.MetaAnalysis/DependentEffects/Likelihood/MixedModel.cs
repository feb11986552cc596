namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// What a model with dependent effects is made of: y = Xβ + Zu + e with sampling errors e ~ N(0, V), V known, and random terms. Rows are in the order of
/// the effects.
/// </summary>
internal sealed record MixedModel(double[] Effects, DesignMatrix Design, SamplingErrors Errors, IReadOnlyList<RandomTerm> Terms, bool IsRestricted)
{
    private Partition? _partition;

    /// <summary>Variance parameters near which those of this model are looked for alone, as for a replicate of one that was fitted; null, the default, to look everywhere.</summary>
    public double[]? Start { get; init; }

    public int Count => Effects.Length;

    public int Parameters => Design.Parameters;

    public int VarianceParameters => Terms.Sum(t => t.ParameterCount);

    public Partition Partition => _partition ??= Partition.Of(Count, Errors, Terms);

    /// <summary>The same model of other effects, for example simulated ones.</summary>
    public MixedModel WithEffects(double[] effects) => this with { Effects = effects };

    /// <summary>The same model for some of the rows; null when they no longer determine the coefficients.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="draws">Where they are drawn with replacement, with which draw each came. Else empty.</param>
    public MixedModel? Select(ReadOnlySpan<int> rows, ReadOnlySpan<int> draws = default)
    {
        var (k, p) = (rows.Length, Parameters);
        if (k <= p) return null;
        var columns = new double[k * p];
        var effects = new double[k];
        for (var i = 0; i < k; i++)
        {
            effects[i] = Effects[rows[i]];
            for (var j = 0; j < p; j++) columns[j * k + i] = Design.Columns[j * Count + rows[i]];
        }
        if (DesignOf(columns, k, p) is not { } design) return null;
        var terms = new RandomTerm[Terms.Count];
        for (var t = 0; t < terms.Length; t++) terms[t] = Terms[t].Select(rows, draws);
        return new MixedModel(effects, design, Errors.Select(rows, draws), terms, IsRestricted);
    }

    /// <summary>The design of some columns of k rows, or null when one depends on those before it.</summary>
    public static DesignMatrix? DesignOf(double[] columns, int k, int p)
    {
        var basis = new List<double[]>();
        for (var j = 0; j < p; j++)
        {
            if (!DesignMatrix.TryExtend(basis, columns.AsSpan(j * k, k))) return null;
        }
        return DesignMatrix.Of(columns, basis);
    }

    /// <summary>The elements of all terms, one after the other.</summary>
    public double[] ElementsAt(ReadOnlySpan<double> theta)
    {
        var elements = new double[Terms.Sum(t => t.ElementCount)];
        int e = 0, n = 0;
        foreach (var term in Terms)
        {
            term.Elements(theta.Slice(n, term.ParameterCount), elements.AsSpan(e, term.ElementCount));
            e += term.ElementCount;
            n += term.ParameterCount;
        }
        return elements;
    }

    /// <summary>The covariance matrix of some rows, in row order.</summary>
    public double[] CovarianceOf(ReadOnlySpan<int> rows, ReadOnlySpan<double> elements)
    {
        var m = rows.Length;
        var matrix = new double[m * m];
        for (var i = 0; i < m; i++) matrix[i * m + i] = Errors.Variances[rows[i]];
        var place = new Dictionary<int, int>();
        for (var i = 0; i < m; i++) place[rows[i]] = i;
        foreach (var (inside, known) in ClustersTouching(rows))
        {
            for (var a = 0; a < inside.Length; a++)
            {
                for (var b = 0; b < inside.Length; b++)
                {
                    if (a != b && place.TryGetValue(inside[a], out var i) && place.TryGetValue(inside[b], out var j))
                    {
                        matrix[i * m + j] = known[a * inside.Length + b];
                    }
                }
            }
        }
        var first = 0;
        foreach (var term in Terms)
        {
            var (relation, d) = (term.Relation, term.Dimension);
            for (var i = 0; i < m; i++)
            {
                for (var j = 0; j < m; j++)
                {
                    if (term.Groups[rows[i]] != term.Groups[rows[j]]) continue;
                    var e = term.ElementOf(term.Inner[rows[i]], term.Inner[rows[j]]);
                    if (e >= 0) matrix[i * m + j] += elements[first + e] * (relation?[term.Inner[rows[i]] * d + term.Inner[rows[j]]] ?? 1);
                }
            }
            first += term.ElementCount;
        }
        return matrix;
    }

    private int[]? _clusterOfRow;

    private List<(int[] Rows, double[] Matrix)> ClustersTouching(ReadOnlySpan<int> rows)
    {
        if (_clusterOfRow is null)
        {
            var clusters = new int[Count];
            Array.Fill(clusters, -1);
            for (var c = 0; c < Errors.Clusters.Count; c++)
            {
                foreach (var row in Errors.Clusters[c].Rows) clusters[row] = c;
            }
            _clusterOfRow = clusters;
        }
        var found = new SortedSet<int>();
        foreach (var row in rows)
        {
            if (_clusterOfRow[row] >= 0) found.Add(_clusterOfRow[row]);
        }
        return [.. found.Select(c => Errors.Clusters[c])];
    }
}
