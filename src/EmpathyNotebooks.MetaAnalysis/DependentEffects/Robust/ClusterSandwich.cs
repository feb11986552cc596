using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The sandwich (X'WX)⁻¹ Σ X'WAee'A'WX (X'WX)⁻¹ over clusters, W = Φ⁻¹ the inverse of the working covariance, and what its degrees of freedom need. For CR2 A = D'B^-½D with Φ = D'D
/// and B = D(Φ - X(X'WX)⁻¹X')D' (Pustejovsky &amp; Tipton 2018, equation 5). Everything per cluster is kept as p x p matrices, so that any contrast costs J p². For the orthonormal columns.
/// </summary>
internal sealed class ClusterSandwich
{
    /// <summary>Less than this share of a variance is what rounding leaves of nothing.</summary>
    private const double NothingLeft = 1e-11;

    private readonly int _p;
    private readonly double[] _bread;
    private readonly double[][] _information;
    private readonly double[][] _own;
    private readonly double[][] _crossed;
    private readonly List<int> _high = [];
    private readonly double _rounding;

    public ClusterSandwich(RobustSource source, WorkingFit fit, int[] clusters, int count, SmallSampleCorrection correction)
    {
        _p = source.Design.Parameters;
        _bread = fit.Bread;
        ClusterCount = count;
        int[][] rowsOf = [.. Enumerable.Range(0, clusters.Length).GroupBy(i => clusters[i]).OrderBy(g => g.Key).Select(g => g.ToArray())];
        double[] fitted = new double[clusters.Length];
        for (var j = 0; j < _p; j++) BlockMatrix.AddScaled(fitted, source.Design.Orthonormal.AsSpan(j * clusters.Length, clusters.Length), fit.Gamma[j]);
        var smallest = double.PositiveInfinity;
        var factors = new double[count][];
        var designs = new double[count][];
        _information = new double[count][];
        for (var c = 0; c < count; c++)
        {
            var m = rowsOf[c].Length;
            factors[c] = source.CovarianceOf(rowsOf[c]);
            for (var i = 0; i < m; i++) smallest = Math.Min(smallest, factors[c][i * m + i]);
            if (!BlockMatrix.TryCholesky(factors[c], m))
            {
                throw new ConvergenceException("The robust variance", "the covariance of a cluster is too close to singular for double precision", 0, NonConvergence.Precision);
            }
            designs[c] = Design(source.Design, rowsOf[c]);
            BlockMatrix.SolveLower(factors[c], designs[c], m, _p);
            _information[c] = Product(designs[c], designs[c], m);
        }

        // What a residual can be by rounding alone, beside what the model expects.
        var size = 2e-14 * TensorPrimitives.MaxMagnitude<double>(source.Effects.Effects.AsSpan());
        _rounding = size * size / smallest;
        var leverage = new ClusterLeverage(source.Design, clusters, _bread, _information);
        var meat = new double[_p * _p];
        _own = new double[count][];
        _crossed = new double[count][];
        for (var c = 0; c < count; c++)
        {
            var (rows, l, z) = (rowsOf[c], factors[c], designs[c]);
            var m = rows.Length;
            var (root, share, nullity) = leverage.Of(c, rows, z);
            if (share > 0.5) _high.Add(c);
            var adjusted = Adjusted(l, z, root, m, correction == SmallSampleCorrection.CR2 ? nullity : null);
            var score = new double[_p];
            for (var i = 0; i < m; i++) BlockMatrix.AddScaled(score, adjusted.AsSpan(i * _p, _p), source.Effects.Effects[rows[i]] - fitted[rows[i]]);
            for (var i = 0; i < _p; i++) BlockMatrix.AddScaled(meat.AsSpan(i * _p, _p), score, score[i]);
            // a'(Φ - X(X'WX)⁻¹X')a = |T^½L'a|², which cannot cancel.
            var left = Multiply(root, LowerTransposed(l, adjusted, m), m);
            _own[c] = Product(left, left, m);
            _crossed[c] = Product(Design(source.Design, rows), adjusted, m);
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

    /// <summary>
    /// False when the residuals say nothing about q'γ: the variance that the sandwich is expected to have is nothing beside the one of the model, since the fit goes through whatever the
    /// clusters have that determine it.
    /// </summary>
    public bool Determines(ReadOnlySpan<double> q)
    {
        var parts = Parts([q.ToArray()]);
        return Trace(parts) > NothingLeft * parts.ModelVariance(0, 0);
    }

    /// <summary>False when the residuals that speak about q'γ are all 0 but for rounding.</summary>
    public bool HasScatter(ReadOnlySpan<double> q, double variance) => variance > _rounding * Trace(Parts([q.ToArray()]));

    /// <summary>The cluster that weighs most in q'γ, and its share.</summary>
    public (int Cluster, double Share) Heaviest(ReadOnlySpan<double> q)
    {
        var mq = new double[_p];
        for (var i = 0; i < _p; i++) mq[i] = BlockMatrix.Dot(_bread.AsSpan(i * _p, _p), q);
        var (heaviest, most, total) = (0, -1.0, 0.0);
        for (var c = 0; c < ClusterCount; c++)
        {
            double own = 0;
            for (var i = 0; i < _p; i++) own += mq[i] * BlockMatrix.Dot(_information[c].AsSpan(i * _p, _p), mq);
            total += own;
            if (own > most) (heaviest, most) = (c, own);
        }
        return (heaviest, most / total);
    }

    /// <summary>Satterthwaite's degrees of freedom of q'γ: (tr P)²/ΣP², where P holds the covariances between the clusters' parts.</summary>
    public double DegreesOfFreedom(ReadOnlySpan<double> q)
    {
        var parts = Parts([q.ToArray()]);
        var trace = Trace(parts);
        return trace * trace / (Paired(parts, 0, 0) / 2);
    }

    /// <summary>
    /// η of the approximate Hotelling test (HTZ; Pustejovsky &amp; Tipton 2018, section 3.2): m(m + 1) over the sum of the variances of the elements of Ω^-½ S Ω^-½. Null when the residuals say
    /// nothing about some combination of the rows.
    /// </summary>
    public double? HotellingDegreesOfFreedom(IReadOnlyList<double[]> rows)
    {
        var m = rows.Count;
        var parts = Parts(rows);
        // Columns of the model's L⁻¹ turned until Ω is diagonal: unit variance by the model on one side, the share that the residuals show on the other.
        var model = new double[m * m];
        var omega = new double[m * m];
        for (var s = 0; s < m; s++)
        {
            for (var t = 0; t < m; t++)
            {
                model[s * m + t] = parts.ModelVariance(s, t);
                for (var c = 0; c < ClusterCount; c++) omega[s * m + t] += parts.Diagonal(c, s, t);
            }
        }
        if (!BlockMatrix.TryCholesky(model, m)) return null;
        var shares = new DenseMatrix(m, m, [.. omega]);
        var inverse = DenseMatrix.Create(m, m, (i, j) => j <= i ? model[i * m + j] : 0).Inverse();
        var evd = Symmetric(inverse * shares * inverse.Transpose()).Evd(Symmetricity.Symmetric);
        if (evd.EigenValues.Min(v => v.Real) <= NothingLeft) return null;
        var turned = new double[m][];
        for (var s = 0; s < m; s++)
        {
            var combination = inverse.TransposeThisAndMultiply(evd.EigenVectors.Column(s)) / Math.Sqrt(evd.EigenValues[s].Real);
            turned[s] = new double[_p];
            for (var t = 0; t < m; t++) BlockMatrix.AddScaled(turned[s], rows[t], combination[t]);
        }
        parts = Parts(turned);
        double variances = 0;
        for (var s = 0; s < m; s++)
        {
            for (var t = 0; t < m; t++) variances += Paired(parts, s, t);
        }
        return m * (m + 1) / variances;
    }

    private double Trace(ContrastParts parts)
    {
        double trace = 0;
        for (var c = 0; c < ClusterCount; c++) trace += parts.Diagonal(c, 0, 0);
        return trace;
    }

    /// <summary>
    /// Σ over pairs of clusters of P_ss P_tt + P_st P_ts, where P_ii is known and P_ij = -u_i'(X'WX)⁻¹u_j. Pairs with one of the few clusters of high leverage one by one, all others without a loop
    /// over pairs, by what all together have less their own.
    /// </summary>
    private double Paired(ContrastParts parts, int s, int t)
    {
        double sum = 0;
        var st = Moment(parts, s, t);
        // Σ_ij (u_is'Mu_js)(u_it'Mu_jt) and Σ_ij (u_is'Mu_jt)(u_it'Mu_js).
        sum += TraceOfProducts(st, st, transposed: true) + TraceOfProducts(st, st, transposed: false);
        for (var c = 0; c < ClusterCount; c++)
        {
            if (!_high.Contains(c))
            {
                double ms = parts.Overlap(c, c, s, s), mt = parts.Overlap(c, c, t, t), mst = parts.Overlap(c, c, s, t);
                sum -= ms * mt + mst * mst;
            }
            double ps = parts.Diagonal(c, s, s), pt = parts.Diagonal(c, t, t), pst = parts.Diagonal(c, s, t);
            sum += ps * pt + pst * pst;
        }
        for (var h = 0; h < _high.Count; h++)
        {
            for (var c = 0; c < ClusterCount; c++)
            {
                var place = _high.IndexOf(c);
                if (place >= 0 && place <= h) continue;
                sum += 2 * (parts.Overlap(_high[h], c, s, s) * parts.Overlap(_high[h], c, t, t) + parts.Overlap(_high[h], c, s, t) * parts.Overlap(_high[h], c, t, s));
            }
        }
        return sum;
    }

    /// <summary>M^½-free form of Σ_j u_js u_jt', without clusters of high leverage.</summary>
    private double[] Moment(ContrastParts parts, int s, int t)
    {
        var k = new double[_p * _p];
        for (var c = 0; c < ClusterCount; c++)
        {
            if (_high.Contains(c)) continue;
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

    /// <summary>A'WX, m x p, from Φ = LL', z = L⁻¹X and T^½; with a nullity for CR2, otherwise A is the identity.</summary>
    private double[] Adjusted(double[] l, double[] z, double[] root, int m, int? nullity)
    {
        if (nullity is not { } none)
        {
            double[] plain = [.. z];
            BlockMatrix.SolveLowerTransposed(l, plain, m, _p);
            return plain;
        }
        // D = L', so that A'WX = LB^-½z with B = GG', G = L'LT^½: from the singular values of G, without its null space.
        var g = Transposed(LowerTransposed(l, Multiply(LowerOf(l, m), root, m, m), m, m), m);
        OrthogonalColumns.Turn(g, m, m);
        var squares = new double[m];
        for (var i = 0; i < m; i++) squares[i] = TensorPrimitives.SumOfSquares<double>(g.AsSpan(i * m, m));
        if (none > 0)
        {
            int[] ascending = [.. Enumerable.Range(0, m).OrderBy(i => squares[i])];
            foreach (var i in ascending.AsSpan(0, Math.Min(none, m))) squares[i] = 0;
        }
        var result = new double[m * _p];
        var along = new double[_p];
        for (var i = 0; i < m; i++)
        {
            if (squares[i] == 0) continue;
            var column = g.AsSpan(i * m, m);
            Array.Clear(along);
            for (var r = 0; r < m; r++) BlockMatrix.AddScaled(along, z.AsSpan(r * _p, _p), column[r]);
            var scale = 1 / (squares[i] * Math.Sqrt(squares[i]));
            for (var r = 0; r < m; r++) BlockMatrix.AddScaled(result.AsSpan(r * _p, _p), along, column[r] * scale);
        }
        return Multiply(LowerOf(l, m), result, m);
    }

    private double[] Design(DesignMatrix design, int[] rows)
    {
        var x = new double[rows.Length * _p];
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = 0; j < _p; j++) x[i * _p + j] = design.Orthonormal[j * design.Count + rows[i]];
        }
        return x;
    }

    /// <summary>L alone: what stands above the diagonal after a factorisation is no part of it.</summary>
    private static double[] LowerOf(double[] l, int m)
    {
        double[] lower = [.. l];
        for (var i = 0; i < m; i++) lower.AsSpan(i * m + i + 1, m - i - 1).Clear();
        return lower;
    }

    private static double[] Transposed(double[] a, int m)
    {
        var result = new double[m * m];
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < m; j++) result[j * m + i] = a[i * m + j];
        }
        return result;
    }

    /// <summary>L'B for m x n numbers in row order.</summary>
    private static double[] LowerTransposed(double[] l, double[] b, int m, int n)
    {
        var result = new double[m * n];
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j <= i; j++) BlockMatrix.AddScaled(result.AsSpan(j * n, n), b.AsSpan(i * n, n), l[i * m + j]);
        }
        return result;
    }

    private double[] LowerTransposed(double[] l, double[] b, int m) => LowerTransposed(l, b, m, _p);

    private static double[] Multiply(double[] a, double[] b, int m, int n)
    {
        var result = new double[m * n];
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < m; j++) BlockMatrix.AddScaled(result.AsSpan(i * n, n), b.AsSpan(j * n, n), a[i * m + j]);
        }
        return result;
    }

    private double[] Multiply(double[] a, double[] b, int m) => Multiply(a, b, m, _p);

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

    private static Matrix<double> Symmetric(Matrix<double> a) => (a + a.Transpose()) / 2;

    private double[] Sandwich(double[] meat, double factor)
    {
        var bread = new DenseMatrix(_p, _p, [.. _bread]);
        return (factor * (bread * new DenseMatrix(_p, _p, meat) * bread)).ToColumnMajorArray();
    }

    /// <summary>For some contrasts q, cluster by cluster: a = A'WX(X'WX)⁻¹q, its variance P_ii = a'(Φ - X(X'WX)⁻¹X')a, and u = X'a.</summary>
    private sealed class ContrastParts
    {
        private readonly IReadOnlyList<double[]> _rows;
        private readonly double[][] _mq;
        private readonly double[][] _u;
        private readonly double[][] _mu;
        private readonly double[] _d;
        private readonly int _m;

        public ContrastParts(IReadOnlyList<double[]> rows, int p, double[] bread, double[][] own, double[][] crossed)
        {
            _rows = rows;
            _m = rows.Count;
            _u = new double[own.Length * _m][];
            _mu = new double[own.Length * _m][];
            _d = new double[own.Length * _m * _m];
            _mq = [.. rows.Select(q => Multiply(bread, q, p))];
            for (var c = 0; c < own.Length; c++)
            {
                for (var s = 0; s < _m; s++)
                {
                    var dq = Multiply(own[c], _mq[s], p);
                    for (var t = 0; t < _m; t++) _d[(c * _m + s) * _m + t] = BlockMatrix.Dot(dq, _mq[t]);
                    _u[c * _m + s] = Multiply(crossed[c], _mq[s], p);
                    _mu[c * _m + s] = Multiply(bread, _u[c * _m + s], p);
                }
            }
        }

        public double[] U(int cluster, int s) => _u[cluster * _m + s];

        /// <summary>q_s'(X'WX)⁻¹q_t.</summary>
        public double ModelVariance(int s, int t) => BlockMatrix.Dot(_mq[s], _rows[t]);

        /// <summary>u_is'(X'WX)⁻¹u_jt.</summary>
        public double Overlap(int i, int j, int s, int t) => BlockMatrix.Dot(_mu[i * _m + s], _u[j * _m + t]);

        /// <summary>P_ii for the contrasts s and t.</summary>
        public double Diagonal(int cluster, int s, int t) => _d[(cluster * _m + s) * _m + t];

        private static double[] Multiply(double[] matrix, double[] vector, int p)
        {
            var result = new double[p];
            for (var i = 0; i < p; i++) result[i] = BlockMatrix.Dot(matrix.AsSpan(i * p, p), vector);
            return result;
        }
    }
}
