using System.Numerics.Tensors;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// What the fit takes from the residuals of each cluster: with Φ = LL' the working covariance of the cluster, T = I - L⁻¹X(X'WX)⁻¹X'L⁻ᵀ, so that its residuals have the covariance LTL'. A cluster
/// that alone determines coefficients has directions in which T is 0. Which these are is read from the design of the other clusters, without weights: eigenvalues of T itself are rounding
/// there, and no limit tells rounding from small.
/// </summary>
internal sealed class ClusterLeverage
{
    /// <summary>Less than this of an orthonormal column outside a cluster counts as nothing, as in the design itself.</summary>
    private const double DependenceTolerance = 1e-7;

    private readonly int _p;
    private readonly DesignMatrix _design;
    private readonly int[] _clusters;
    private readonly double[] _half;
    private readonly double[][] _before;
    private readonly double[][] _after;

    /// <param name="design">The design.</param>
    /// <param name="clusters">The cluster of each row.</param>
    /// <param name="bread">(X'WX)⁻¹ for the orthonormal columns.</param>
    /// <param name="information">X'WX of each cluster.</param>
    public ClusterLeverage(DesignMatrix design, int[] clusters, double[] bread, IReadOnlyList<double[]> information)
    {
        _design = design;
        _clusters = clusters;
        _p = design.Parameters;
        _half = [.. bread];
        if (!SmallMatrix.TryCholesky(_half, _p))
        {
            throw new ConvergenceException("The robust variance", "the weights of the effects are too far apart for double precision", 0, NonConvergence.Precision);
        }
        // Sums before and after each cluster, since the total less its own would cancel.
        var count = information.Count;
        _before = new double[count + 1][];
        _after = new double[count + 1][];
        _before[0] = new double[_p * _p];
        _after[count] = new double[_p * _p];
        for (var c = 0; c < count; c++)
        {
            _before[c + 1] = [.. _before[c]];
            BlockMatrix.AddScaled(_before[c + 1], information[c], 1);
            _after[count - 1 - c] = [.. _after[count - c]];
            BlockMatrix.AddScaled(_after[count - 1 - c], information[count - 1 - c], 1);
        }
    }

    /// <summary>T^½ in row order, its trace of leverages Σλ, and how many directions the cluster alone determines.</summary>
    /// <param name="cluster">Which cluster.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="z">L⁻¹X, m x p.</param>
    public (double[] Root, double Leverage, int Nullity) Of(int cluster, int[] rows, double[] z)
    {
        int m = rows.Length, length = m + _p;
        // K = L⁻¹XH over H, HH' = (X'WX)⁻¹, turned until the columns of K are √λ u.
        var columns = new double[_p * length];
        for (var j = 0; j < _p; j++)
        {
            var column = columns.AsSpan(j * length, length);
            for (var i = 0; i < m; i++)
            {
                double sum = 0;
                for (var a = j; a < _p; a++) sum += z[i * _p + a] * _half[a * _p + j];
                column[i] = sum;
            }
            for (var a = j; a < _p; a++) column[m + a] = _half[a * _p + j];
        }
        OrthogonalColumns.Turn(columns, length, m);
        var lambda = new double[_p];
        for (var j = 0; j < _p; j++) lambda[j] = TensorPrimitives.SumOfSquares<double>(columns.AsSpan(j * length, m));
        var nullity = Nullity(cluster, rows);
        var root = new double[m * m];
        for (var i = 0; i < m; i++) root[i * m + i] = 1;
        for (var j = 0; j < _p; j++)
        {
            var k = columns.AsSpan(j * length, m);
            var isNull = nullity > 0 && lambda.Count(l => l > lambda[j]) < nullity;
            if (isNull) TensorPrimitives.Divide(k, Math.Sqrt(lambda[j]), k);
            var s = isNull ? 0 : Math.Sqrt(lambda[j] < 0.9 ? 1 - lambda[j] : Math.Clamp(Others(cluster, columns.AsSpan(j * length + m, _p)), 0, 1));
            // I - (1 - √(1 - λ))uu' with √λ u = k.
            for (var i = 0; i < m; i++) BlockMatrix.AddScaled(root.AsSpan(i * m, m), k, -k[i] / (1 + s));
        }
        return (root, TensorPrimitives.Sum<double>(lambda), nullity);
    }

    /// <summary>1 - λ from the other clusters, without cancellation where λ is near 1: h'X'WXh over them.</summary>
    private double Others(int cluster, ReadOnlySpan<double> h)
    {
        double sum = 0;
        for (var i = 0; i < _p; i++)
        {
            for (var j = 0; j < _p; j++) sum += h[i] * h[j] * (_before[cluster][i * _p + j] + _after[cluster + 1][i * _p + j]);
        }
        return sum;
    }

    /// <summary>How many coefficients the other clusters leave undetermined.</summary>
    private int Nullity(int cluster, int[] rows)
    {
        var k = _design.Count;
        double own = 0;
        foreach (var row in rows)
        {
            for (var j = 0; j < _p; j++) own += _design.Orthonormal[j * k + row] * _design.Orthonormal[j * k + row];
        }
        if (own < 0.99) return 0;
        var columns = new double[_p * k];
        _design.Orthonormal.AsSpan().CopyTo(columns);
        for (var i = 0; i < k; i++)
        {
            if (_clusters[i] != cluster) continue;
            for (var j = 0; j < _p; j++) columns[j * k + i] = 0;
        }
        OrthogonalColumns.Turn(columns, k, k);
        var nullity = 0;
        for (var j = 0; j < _p; j++)
        {
            if (TensorPrimitives.Norm<double>(columns.AsSpan(j * k, k)) < DependenceTolerance) nullity++;
        }
        return nullity;
    }
}
