using MathNet.Numerics.LinearAlgebra.Double;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The sandwich (X'WX)⁻¹ Σ X'WAee'A'WX (X'WX)⁻¹ over clusters, W = Φ⁻¹ the inverse of the working covariance, and what its degrees of freedom need. For CR2 A = D'B^-½D with Φ = D'D
/// and B = D(Φ - X(X'WX)⁻¹X')D' (Pustejovsky &amp; Tipton 2018, equation 5). Everything per cluster is kept as p x p matrices, so that any contrast costs J p². For the orthonormal columns.
/// </summary>
internal sealed class ClusterSandwich
{
    private readonly int _p;
    private readonly double[] _bread;
    private readonly List<double[]> _own = [];
    private readonly List<double[]> _crossed = [];

    public ClusterSandwich(RobustSource source, WorkingFit fit, int[] clusters, int count, SmallSampleCorrection correction)
    {
        _p = source.Design.Parameters;
        _bread = fit.Bread;
        ClusterCount = count;
        var meat = new double[_p * _p];
        var rowsOf = Enumerable.Range(0, clusters.Length).GroupBy(i => clusters[i]).OrderBy(g => g.Key).Select(g => g.ToArray());
        double[] fitted = new double[clusters.Length];
        for (var j = 0; j < _p; j++) BlockMatrix.AddScaled(fitted, source.Design.Orthonormal.AsSpan(j * clusters.Length, clusters.Length), fit.Gamma[j]);
        foreach (var rows in rowsOf)
        {
            var m = rows.Length;
            var phi = source.CovarianceOf(rows);
            var x = new double[m * _p];
            var e = new double[m];
            for (var i = 0; i < m; i++)
            {
                for (var j = 0; j < _p; j++) x[i * _p + j] = source.Design.Orthonormal[j * clusters.Length + rows[i]];
                e[i] = source.Effects.Effects[rows[i]] - fitted[rows[i]];
            }
            var adjusted = Adjusted(phi, x, m, correction);
            var score = new double[_p];
            for (var i = 0; i < m; i++) BlockMatrix.AddScaled(score, adjusted.AsSpan(i * _p, _p), e[i]);
            for (var i = 0; i < _p; i++) BlockMatrix.AddScaled(meat.AsSpan(i * _p, _p), score, score[i]);
            _own.Add(Product(adjusted, Multiply(phi, adjusted, m), m));
            _crossed.Add(Product(x, adjusted, m));
        }
        var factor = correction switch
        {
            SmallSampleCorrection.CR1 => count / (count - 1.0),
            SmallSampleCorrection.CR1p => count / (double)(count - _p),
            _ => 1,
        };
        Covariance = Sandwich(meat, factor);
    }

    public int ClusterCount { get; }

    /// <summary>The robust covariance of γ in row order.</summary>
    public double[] Covariance { get; }

    /// <summary>Satterthwaite's degrees of freedom of q'γ: (tr P)²/ΣP², where P holds the covariances between the clusters' parts.</summary>
    public double DegreesOfFreedom(ReadOnlySpan<double> q)
    {
        var parts = Parts([q.ToArray()]);
        var (trace, squares) = (0.0, Paired(parts, 0, 0) / 2);
        for (var c = 0; c < ClusterCount; c++) trace += parts.Diagonal(c, 0, 0);
        return trace * trace / squares;
    }

    /// <summary>η of the approximate Hotelling test (HTZ; Pustejovsky &amp; Tipton 2018, section 3.2): m(m + 1) over the sum of the variances of the elements of Ω^-½ S Ω^-½.</summary>
    public double HotellingDegreesOfFreedom(IReadOnlyList<double[]> rows)
    {
        var m = rows.Count;
        var parts = Parts(rows);
        var omega = new DenseMatrix(m, m);
        for (var s = 0; s < m; s++)
        {
            for (var t = 0; t < m; t++)
            {
                for (var c = 0; c < ClusterCount; c++) omega[s, t] += parts.Diagonal(c, s, t);
            }
        }
        var root = Power(omega, -0.5);
        var turned = new double[m][];
        for (var s = 0; s < m; s++)
        {
            turned[s] = new double[_p];
            for (var t = 0; t < m; t++) BlockMatrix.AddScaled(turned[s], rows[t], root[s, t]);
        }
        parts = Parts(turned);
        double variances = 0;
        for (var s = 0; s < m; s++)
        {
            for (var t = 0; t < m; t++) variances += Paired(parts, s, t);
        }
        return m * (m + 1) / variances;
    }

    /// <summary>Σ over pairs of clusters of P_ss P_tt + P_st P_ts, P_ij = [i = j] d_i - u_i'(X'WX)⁻¹u_j, without a loop over pairs.</summary>
    private double Paired(ContrastParts parts, int s, int t)
    {
        double sum = 0;
        var ss = Moment(parts, s, s);
        var st = s == t ? ss : Moment(parts, s, t);
        // Σ_ij (u_is'Mu_js)(u_it'Mu_jt) and Σ_ij (u_is'Mu_jt)(u_it'Mu_js), first with all pairs as if there were no d.
        sum += TraceOfProducts(st, st, transposed: true) + TraceOfProducts(st, st, transposed: false);
        for (var c = 0; c < ClusterCount; c++)
        {
            double ms = parts.Overlap(c, s, s), mt = parts.Overlap(c, t, t), mst = parts.Overlap(c, s, t);
            sum -= ms * mt + mst * mst;
            double ps = parts.Diagonal(c, s, s), pt = parts.Diagonal(c, t, t), pst = parts.Diagonal(c, s, t);
            sum += ps * pt + pst * pst;
        }
        return sum;
    }

    /// <summary>M^½-free form of Σ_j u_js u_jt'.</summary>
    private double[] Moment(ContrastParts parts, int s, int t)
    {
        var k = new double[_p * _p];
        for (var c = 0; c < ClusterCount; c++)
        {
            for (var i = 0; i < _p; i++) BlockMatrix.AddScaled(k.AsSpan(i * _p, _p), parts.U(c, t), parts.U(c, s)[i]);
        }
        return k;
    }

    /// <summary>tr(M A M B') or tr(M A M B).</summary>
    private double TraceOfProducts(double[] a, double[] b, bool transposed)
    {
        var ma = new DenseMatrix(_p, _p, [.. Transpose(_bread)]) * new DenseMatrix(_p, _p, [.. Transpose(a)]);
        var mb = new DenseMatrix(_p, _p, [.. Transpose(_bread)]) * new DenseMatrix(_p, _p, transposed ? [.. b] : [.. Transpose(b)]);
        return (ma * mb).Trace();
    }

    private double[] Transpose(double[] a)
    {
        var result = new double[a.Length];
        for (var i = 0; i < _p; i++)
        {
            for (var j = 0; j < _p; j++) result[j * _p + i] = a[i * _p + j];
        }
        return result;
    }

    private ContrastParts Parts(IReadOnlyList<double[]> rows) => new(rows, _p, _bread, _own, _crossed);

    /// <summary>A'WX, m x p.</summary>
    private double[] Adjusted(double[] phi, double[] x, int m, SmallSampleCorrection correction)
    {
        double[] l = [.. phi];
        if (!BlockMatrix.TryCholesky(l, m))
        {
            throw new NonConvergenceException("The robust variance", "the covariance of a cluster is too close to singular for double precision", 0);
        }
        double[] result = [.. x];
        BlockMatrix.SolveLower(l, result, m, _p);
        if (correction != SmallSampleCorrection.CR2)
        {
            BlockMatrix.SolveLowerTransposed(l, result, m, _p);
            return result;
        }
        // With Φ = LL', D = L' and WX = L⁻ᵀL⁻¹X: A'WX = L B^-½ L⁻¹X, B = (L'L)² - L'X(X'WX)⁻¹X'L.
        var lower = DenseMatrix.Create(m, m, (i, j) => j <= i ? l[i * m + j] : 0);
        var design = DenseMatrix.Create(m, _p, (i, j) => x[i * _p + j]);
        var bread = DenseMatrix.Create(_p, _p, (i, j) => _bread[i * _p + j]);
        var square = lower.TransposeThisAndMultiply(lower);
        var turned = lower.TransposeThisAndMultiply(design);
        var b = square * square - turned * bread * turned.Transpose();
        var product = lower * Power(b, -0.5) * DenseMatrix.Create(m, _p, (i, j) => result[i * _p + j]);
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < _p; j++) result[i * _p + j] = product[i, j];
        }
        return result;
    }

    /// <summary>A power of a symmetric matrix without its null space, which a cluster has that alone determines a coefficient.</summary>
    private static MathNet.Numerics.LinearAlgebra.Matrix<double> Power(MathNet.Numerics.LinearAlgebra.Matrix<double> a, double power)
    {
        var evd = ((a + a.Transpose()) / 2).Evd(MathNet.Numerics.LinearAlgebra.Symmetricity.Symmetric);
        var largest = evd.EigenValues.Max(v => v.Real);
        var scaled = evd.EigenVectors.Clone();
        for (var j = 0; j < a.ColumnCount; j++)
        {
            var value = evd.EigenValues[j].Real;
            scaled.SetColumn(j, scaled.Column(j) * (value > 1e-12 * largest ? Math.Pow(value, power) : 0));
        }
        return scaled * evd.EigenVectors.Transpose();
    }

    private double[] Multiply(double[] phi, double[] b, int m)
    {
        var result = new double[m * _p];
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < m; j++) BlockMatrix.AddScaled(result.AsSpan(i * _p, _p), b.AsSpan(j * _p, _p), phi[i * m + j]);
        }
        return result;
    }

    /// <summary>A'B of m x p matrices.</summary>
    private double[] Product(double[] a, double[] b, int m)
    {
        var result = new double[_p * _p];
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < _p; j++) BlockMatrix.AddScaled(result.AsSpan(j * _p, _p), b.AsSpan(i * _p, _p), a[i * _p + j]);
        }
        return result;
    }

    private double[] Sandwich(double[] meat, double factor)
    {
        var bread = new DenseMatrix(_p, _p, [.. _bread]);
        return (factor * (bread * new DenseMatrix(_p, _p, meat) * bread)).ToColumnMajorArray();
    }

    /// <summary>For some contrasts q, cluster by cluster: a = A'WX(X'WX)⁻¹q, its variance d = a'Φa, and u = X'a.</summary>
    private sealed class ContrastParts
    {
        private readonly double[][] _u;
        private readonly double[][] _mu;
        private readonly double[] _d;
        private readonly int _m;

        public ContrastParts(IReadOnlyList<double[]> rows, int p, double[] bread, List<double[]> own, List<double[]> crossed)
        {
            _m = rows.Count;
            _u = new double[own.Count * _m][];
            _mu = new double[own.Count * _m][];
            _d = new double[own.Count * _m * _m];
            double[][] mq = [.. rows.Select(q => Multiply(bread, q, p))];
            for (var c = 0; c < own.Count; c++)
            {
                for (var s = 0; s < _m; s++)
                {
                    var dq = Multiply(own[c], mq[s], p);
                    for (var t = 0; t < _m; t++) _d[(c * _m + s) * _m + t] = BlockMatrix.Dot(dq, mq[t]);
                    _u[c * _m + s] = Multiply(crossed[c], mq[s], p);
                    _mu[c * _m + s] = Multiply(bread, _u[c * _m + s], p);
                }
            }
        }

        public double[] U(int cluster, int s) => _u[cluster * _m + s];

        /// <summary>u_s'(X'WX)⁻¹u_t.</summary>
        public double Overlap(int cluster, int s, int t) => BlockMatrix.Dot(_mu[cluster * _m + s], _u[cluster * _m + t]);

        /// <summary>P_ii for the contrasts s and t.</summary>
        public double Diagonal(int cluster, int s, int t) => _d[(cluster * _m + s) * _m + t] - Overlap(cluster, s, t);

        private static double[] Multiply(double[] matrix, double[] vector, int p)
        {
            var result = new double[p];
            for (var i = 0; i < p; i++) result[i] = BlockMatrix.Dot(matrix.AsSpan(i * p, p), vector);
            return result;
        }
    }
}
