using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Weighted least squares with block-diagonal weights W that are not the inverse of the working covariance Φ, and its cluster-robust inference (CR2): β = (X'WX)⁻¹X'Wy with the covariance
/// M Σ X'W A e e' A'W X M, M = (X'WX)⁻¹, A = D'B^-½D, Φ = D'D, B = D[(I - H)Φ(I - H)']D', H = XMX'W (Pustejovsky &amp; Tipton 2018, Journal of Business &amp; Economic Statistics 36, 672-683, section 2). Degrees of
/// freedom by Satterthwaite from the working covariances of the clusters' parts.
/// </summary>
internal sealed class GivenWeightSandwich
{
    /// <summary>Less than this share of what is largest is what rounding leaves of nothing.</summary>
    private const double Nothing = 1e-11;

    private readonly Matrix<double> _bread;
    private readonly Matrix<double> _model;
    private readonly Vector<double> _beta;
    private readonly Cluster[] _clusters;
    private readonly double _level;
    private readonly double _rounding;
    private readonly Func<double[], double[]> _turn;

    /// <param name="design">The columns of X, each of length k.</param>
    /// <param name="y">The effects.</param>
    /// <param name="rows">The rows of each cluster.</param>
    /// <param name="weights">W of each cluster.</param>
    /// <param name="working">Φ of each cluster.</param>
    /// <param name="level">The level of intervals.</param>
    /// <param name="turn">From a combination of the reader's coefficients to one of the columns given.</param>
    public GivenWeightSandwich(double[][] design, double[] y, int[][] rows, Matrix<double>[] weights, Matrix<double>[] working, double level, Func<double[], double[]> turn)
    {
        var p = design.Length;
        (_level, _turn) = (level, turn);
        if (rows.Length < 2) throw new InsufficientStudiesException("Cluster-robust inference", 2, rows.Length, StudyCount.Clusters);
        Matrix<double>[] x = [.. rows.Select(r => (Matrix<double>)DenseMatrix.Create(r.Length, p, (i, j) => design[j][r[i]]))];
        Vector<double>[] effects = [.. rows.Select(r => (Vector<double>)DenseVector.Create(r.Length, i => y[r[i]]))];
        Matrix<double> information = new DenseMatrix(p, p);
        Vector<double> right = new DenseVector(p);
        for (var c = 0; c < rows.Length; c++)
        {
            var xw = x[c].TransposeThisAndMultiply(weights[c]);
            information += xw * x[c];
            right += xw * effects[c];
        }
        _bread = Symmetric(Symmetric(information).Inverse());
        _beta = _bread * right;
        Matrix<double> middle = new DenseMatrix(p, p);
        for (var c = 0; c < rows.Length; c++)
        {
            var wx = weights[c] * x[c];
            middle += wx.TransposeThisAndMultiply(working[c] * wx);
        }
        _model = Symmetric(_bread * middle * _bread);
        if (_beta.Concat(_model.Enumerate()).Any(v => !double.IsFinite(v))) throw new ConvergenceException("The robust variance", "the variances are too large or too small for double precision", 0, NonConvergence.Precision);
        _clusters = [.. rows.Select((_, c) => new Cluster(x[c], effects[c] - x[c] * _beta, weights[c], working[c], _bread, _model))];
        var size = 2e-14 * y.Max(Math.Abs);
        _rounding = size * size / working.Min(w => w.Diagonal().Minimum());
    }

    public int ClusterCount => _clusters.Length;

    /// <summary>The coefficients of a fitted model with the weights of its sampling covariance, V⁻¹, whatever the heterogeneity; the fitted covariance is the working model.</summary>
    public static GivenWeightSandwich OfSamplingCovariance(DependentFit fit)
    {
        var (groups, names) = fit.ClustersOf(null);
        if (new MixedSource(fit).Crossing(groups) is { } crossing)
        {
            throw new StudyDataException($"does not contain {crossing}, which ties its values together: robust inference needs independent clusters", fit.OutermostCluster, column: "cluster");
        }
        int[][] rows = [.. Enumerable.Range(0, groups.Length).GroupBy(i => groups[i]).OrderBy(g => g.Key).Select(g => g.ToArray())];
        var errors = fit.Model with { Terms = [] };
        Matrix<double>[] weights = [.. rows.Select(r => Symmetric(Symmetric(Square(errors.CovarianceOf(r, []))).Cholesky().Solve(DenseMatrix.CreateIdentity(r.Length))))];
        Matrix<double>[] working = [.. rows.Select(r => Symmetric(Square(fit.Model.CovarianceOf(r, fit.Elements))))];
        var matrix = fit.Data.Matrix;
        double[][] columns = [.. Enumerable.Range(0, matrix.Parameters).Select(j => matrix.Orthonormal.AsSpan(j * matrix.Count, matrix.Count).ToArray())];
        return new GivenWeightSandwich(columns, [.. fit.Effects.Effects], rows, weights, working, fit.ConfidenceLevel, row => matrix.ToOrthonormal(row));
    }

    /// <summary>A linear combination of the reader's coefficients.</summary>
    public Coefficient Combination(string name, double[] row)
    {
        Vector<double> q = new DenseVector(_turn(row));
        var estimate = q * _beta;
        var model = q * (_model * q);
        double variance = 0, trace = 0, squares = 0;
        var parts = _clusters.Select(c => c.Part(q, _bread)).ToArray();
        foreach (var part in parts) variance += part.Score * part.Score;
        for (var i = 0; i < parts.Length; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                // g_i'Φg_j with g = (I - H)'a.
                var covariance = (i == j ? parts[i].Own : 0) - parts[i].Across * (_bread * parts[j].Sum) - parts[j].Across * (_bread * parts[i].Sum) + parts[i].Sum * (_model * parts[j].Sum);
                if (i == j) trace += covariance;
                squares += (i == j ? 1 : 2) * covariance * covariance;
            }
        }
        if (!(trace > Nothing * model)) return Coefficient.Without(name, estimate, "One cluster alone determines it, which the weighted fit goes through exactly, so that no residual shows how uncertain the estimate is.");
        if (!(variance > _rounding * trace)) return Coefficient.Without(name, estimate, "The effects lie exactly on the fitted ones, so that the robust standard error would be 0, which says nothing about how uncertain the estimate is.");
        var (se, df) = (Math.Sqrt(variance), trace * trace / squares);
        return new Coefficient(name, estimate, se, estimate / se, df, Distributions.TwoSided(estimate / se, df), Distributions.Interval(estimate, se, df, _level));
    }

    /// <summary>The standard error of a combination if the working model holds.</summary>
    public double ModelStandardError(double[] row)
    {
        Vector<double> q = new DenseVector(_turn(row));
        return Math.Sqrt(q * (_model * q));
    }

    /// <summary>The weight of each effect in a combination, in the order of the clusters' rows.</summary>
    public IEnumerable<double> WeightsIn(double[] row)
    {
        Vector<double> q = new DenseVector(_turn(row));
        return _clusters.SelectMany(c => c.WeightedDesign * (_bread * q));
    }

    private static Matrix<double> Square(double[] flat)
    {
        var m = (int)Math.Round(Math.Sqrt(flat.Length));
        return DenseMatrix.Create(m, m, (i, j) => flat[i * m + j]);
    }

    private static Matrix<double> Symmetric(Matrix<double> a) => (a + a.Transpose()) / 2;

    /// <summary>What a cluster adds to a combination: a'e, a'Φa, X'WΦa and X'a with a = AWXMq.</summary>
    private readonly record struct ClusterPart(double Score, double Own, Vector<double> Across, Vector<double> Sum);

    private sealed class Cluster
    {
        private readonly Matrix<double> _x;
        private readonly Vector<double> _residuals;
        private readonly Matrix<double> _adjusted;
        private readonly Matrix<double> _working;

        public Cluster(Matrix<double> x, Vector<double> residuals, Matrix<double> weights, Matrix<double> working, Matrix<double> bread, Matrix<double> model)
        {
            (_x, _residuals, _working) = (x, residuals, working);
            WeightedDesign = weights * x;
            var d = working.Cholesky().Factor.Transpose();
            var crossed = x * bread * WeightedDesign.TransposeThisAndMultiply(working);
            var left = working - crossed - crossed.Transpose() + x * model * x.Transpose();
            var evd = Symmetric(d * left * d.Transpose()).Evd(Symmetricity.Symmetric);
            var largest = (d * working * d.Transpose()).Diagonal().Maximum();
            var root = evd.EigenValues.Map(v => v.Real > Nothing * largest ? 1 / Math.Sqrt(v.Real) : 0);
            var half = evd.EigenVectors * DenseMatrix.OfDiagonalVector(root) * evd.EigenVectors.Transpose();
            _adjusted = d.TransposeThisAndMultiply(half * d) * WeightedDesign;
        }

        /// <summary>WX.</summary>
        public Matrix<double> WeightedDesign { get; }

        public ClusterPart Part(Vector<double> q, Matrix<double> bread)
        {
            var a = _adjusted * (bread * q);
            var workingA = _working * a;
            return new ClusterPart(a * _residuals, a * workingA, WeightedDesign.TransposeThisAndMultiply(workingA), _x.TransposeThisAndMultiply(a));
        }
    }
}
