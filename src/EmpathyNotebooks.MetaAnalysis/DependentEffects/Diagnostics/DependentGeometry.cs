namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// M, M⁻¹X and M⁻¹ of a fitted model block by block, and what residuals, leverages and deletions need of them. For the orthonormal columns. Effects that nothing ties together are in different
/// blocks; levels that cross make one block of all.
/// </summary>
internal sealed class DependentGeometry
{
    private readonly MixedModel _model;
    private readonly double[] _elements;
    private readonly int _p;
    private readonly List<int[]> _blocks = [];
    private readonly List<double[]> _factors = [];
    private readonly List<double[]?> _inverses = [];
    private readonly int[] _blockOf;
    private readonly int[] _place;

    public DependentGeometry(MixedModel model, double[] elements, double[] gamma, double[] covariance)
    {
        _model = model;
        _elements = elements;
        _p = model.Parameters;
        Covariance = covariance;
        var k = model.Count;
        (_blockOf, _place) = (new int[k], new int[k]);
        (Diagonal, Residuals, CholeskyResiduals) = (new double[k], [.. model.Effects], new double[k]);
        (Coordinates, Solved) = (new double[k * _p], new double[k * _p]);
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < _p; j++) Coordinates[i * _p + j] = model.Design.Orthonormal[j * k + i];
            Residuals[i] -= BlockMatrix.Dot(Row(i), gamma);
        }
        var partition = model.Partition;
        if (partition.IsLowRank.Contains(true))
        {
            Add([.. Enumerable.Range(0, k)]);
            return;
        }
        for (var c = 0; c < partition.BlockCount; c++) Add(partition.Order[partition.Starts[c]..partition.Starts[c + 1]]);
    }

    /// <summary>S = (X'M⁻¹X)⁻¹ in row order.</summary>
    public double[] Covariance { get; }

    /// <summary>M_ii.</summary>
    public double[] Diagonal { get; }

    /// <summary>y - Xβ.</summary>
    public double[] Residuals { get; }

    /// <summary>L(y - Xβ), L'L = M⁻¹, L upper triangular.</summary>
    public double[] CholeskyResiduals { get; }

    /// <summary>X, k x p in row order.</summary>
    public double[] Coordinates { get; }

    /// <summary>M⁻¹X, k x p in row order.</summary>
    public double[] Solved { get; }

    public ReadOnlySpan<double> Row(int i) => Coordinates.AsSpan(i * _p, _p);

    public ReadOnlySpan<double> SolvedRow(int i) => Solved.AsSpan(i * _p, _p);

    /// <summary>a'Sb.</summary>
    public double Between(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (var i = 0; i < _p; i++) sum += a[i] * BlockMatrix.Dot(Covariance.AsSpan(i * _p, _p), b);
        return sum;
    }

    /// <summary>An element of M⁻¹.</summary>
    public double Inverse(int i, int j)
    {
        var c = _blockOf[i];
        return c == _blockOf[j] ? InverseOf(c)[_place[i] * _blocks[c].Length + _place[j]] : 0;
    }

    /// <summary>P = M⁻¹ - M⁻¹XSX'M⁻¹ for some rows, in row order.</summary>
    public double[] PrecisionOf(ReadOnlySpan<int> rows)
    {
        var m = rows.Length;
        var p = new double[m * m];
        for (var a = 0; a < m; a++)
        {
            for (var b = 0; b <= a; b++)
            {
                p[a * m + b] = p[b * m + a] = Inverse(rows[a], rows[b]) - Between(SolvedRow(rows[a]), SolvedRow(rows[b]));
            }
        }
        return p;
    }

    /// <summary>The covariance of the residuals of some rows, M - XSX'.</summary>
    public double[] ResidualCovarianceOf(ReadOnlySpan<int> rows)
    {
        var m = rows.Length;
        var c = _model.CovarianceOf(rows, _elements);
        for (var a = 0; a < m; a++)
        {
            for (var b = 0; b < m; b++) c[a * m + b] -= Between(Row(rows[a]), Row(rows[b]));
        }
        return c;
    }

    /// <summary>
    /// The lower triangle of a covariance becomes L, A = LL'; false where next to nothing of a variance is left beside the rows before it. What counts as nothing is judged by other variances
    /// than its own, those without the terms taken away, since a difference that ought to be 0 is rounding.
    /// </summary>
    public static bool TryFactor(Span<double> a, ReadOnlySpan<double> sizes)
    {
        var m = sizes.Length;
        for (var i = 0; i < m; i++)
        {
            var row = a.Slice(i * m, i + 1);
            for (var j = 0; j < i; j++)
            {
                var left = a.Slice(j * m, j + 1);
                row[j] = (row[j] - BlockMatrix.Dot(row[..j], left[..j])) / left[j];
            }
            var pivot = row[i] - BlockMatrix.Dot(row[..i], row[..i]);
            if (!(pivot > 1e-10 * sizes[i])) return false;
            row[i] = Math.Sqrt(pivot);
        }
        return true;
    }

    private void Add(int[] rows)
    {
        // From the last row to the first: the lower factor of M so ordered is the inverse of the upper factor of M⁻¹.
        Array.Sort(rows);
        Array.Reverse(rows);
        var m = rows.Length;
        var factor = _model.CovarianceOf(rows, _elements);
        for (var i = 0; i < m; i++)
        {
            Diagonal[rows[i]] = factor[i * m + i];
            (_blockOf[rows[i]], _place[rows[i]]) = (_blocks.Count, i);
        }
        if (!BlockMatrix.TryCholesky(factor, m))
        {
            throw new ConvergenceException("What single effects do", "the covariance of the effects is too close to singular for double precision", 0, NonConvergence.Precision);
        }
        var (residuals, solved) = (new double[m], new double[m * _p]);
        for (var i = 0; i < m; i++)
        {
            residuals[i] = Residuals[rows[i]];
            Row(rows[i]).CopyTo(solved.AsSpan(i * _p));
        }
        BlockMatrix.SolveLower(factor, residuals, m, 1);
        BlockMatrix.SolveLower(factor, solved, m, _p);
        BlockMatrix.SolveLowerTransposed(factor, solved, m, _p);
        for (var i = 0; i < m; i++)
        {
            CholeskyResiduals[rows[i]] = residuals[i];
            solved.AsSpan(i * _p, _p).CopyTo(Solved.AsSpan(rows[i] * _p));
        }
        _blocks.Add(rows);
        _factors.Add(factor);
        _inverses.Add(null);
    }

    private double[] InverseOf(int block)
    {
        if (_inverses[block] is { } known) return known;
        var m = _blocks[block].Length;
        var inverse = new double[m * m];
        BlockMatrix.Invert(_factors[block], inverse, new double[m * m], m);
        return _inverses[block] = inverse;
    }
}
