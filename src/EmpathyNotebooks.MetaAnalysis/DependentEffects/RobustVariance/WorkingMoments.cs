using MathNet.Numerics.LinearAlgebra.Double;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What the method of moments finds: τ², ω² of hierarchical weights, the weighted sum of squares Q it comes from, and I² of correlated weights as a fraction.</summary>
internal readonly record struct WorkingVariances(double TauSquared, double? OmegaSquared, double Q, double? ISquared);

/// <summary>
/// The moment estimates of τ² (and ω²) from weighted least squares with the weights of no heterogeneity, and the weights that follow (Hedges, Tipton &amp; Johnson 2010, Research Synthesis Methods
/// 1, 39-65, equation 15 and appendix B). Sums are kept cluster by cluster: nothing is of the size of all effects squared. For orthonormal columns.
/// </summary>
internal sealed class WorkingMoments(WorkingModel model, double[] variances, int[] clusters, int clusterCount, double correlation)
{
    private readonly int[] _sizes = Sizes(clusters, clusterCount);
    private readonly double[] _means = Means(variances, clusters, clusterCount);

    /// <summary>The weights at τ² and ω².</summary>
    public double[] Weights(double tau2, double omega2)
    {
        var weights = new double[clusters.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            var c = clusters[i];
            weights[i] = model == WorkingModel.Correlated ? 1 / (_sizes[c] * (_means[c] + tau2)) : 1 / (variances[i] + tau2 + omega2);
        }
        return weights;
    }

    /// <summary>Coefficients and (X'WX)⁻¹ by weighted least squares.</summary>
    public static (double[] Gamma, double[] Bread) LeastSquares(DesignMatrix design, ReadOnlySpan<double> effects, ReadOnlySpan<double> weights)
    {
        var (k, p) = (design.Count, design.Parameters);
        var (factor, gamma) = (new double[p * p], new double[p]);
        for (var i = 0; i < p; i++)
        {
            var column = design.Orthonormal.AsSpan(i * k, k);
            for (var r = 0; r < k; r++) gamma[i] += weights[r] * column[r] * effects[r];
            for (var j = 0; j <= i; j++)
            {
                var other = design.Orthonormal.AsSpan(j * k, k);
                double sum = 0;
                for (var r = 0; r < k; r++) sum += weights[r] * column[r] * other[r];
                factor[i * p + j] = factor[j * p + i] = sum;
            }
        }
        if (!SmallMatrix.TryCholesky(factor, p))
        {
            throw new ConvergenceException("Robust variance estimation", "the variances are too large or too small for double precision", 0, NonConvergence.Precision);
        }
        SmallMatrix.SolveLower(factor, gamma);
        SmallMatrix.SolveLowerTransposed(factor, gamma);
        var bread = new double[p * p];
        SmallMatrix.Invert(factor, bread, p);
        return (gamma, bread);
    }

    public WorkingVariances Estimate(DesignMatrix design, ReadOnlySpan<double> effects)
    {
        var (k, p) = (design.Count, design.Parameters);
        var weights = Weights(0, 0);
        var (gamma, bread) = LeastSquares(design, effects, weights);
        double q = 0, total = 0;
        var residuals = new double[k];
        for (var i = 0; i < k; i++)
        {
            residuals[i] = effects[i];
            for (var j = 0; j < p; j++) residuals[i] -= design.Orthonormal[j * k + i] * gamma[j];
            q += weights[i] * residuals[i] * residuals[i];
            total += weights[i];
        }
        // Of each cluster the sums of x and of wx.
        var (plain, weighted) = (new double[clusterCount * p], new double[clusterCount * p]);
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < k; i++)
            {
                var x = design.Orthonormal[j * k + i];
                plain[clusters[i] * p + j] += x;
                weighted[clusters[i] * p + j] += weights[i] * x;
            }
        }
        var v = new DenseMatrix(p, p, bread);
        return model == WorkingModel.Correlated
            ? Correlated(design, v, weights, plain, weighted, q, total)
            : Hierarchical(design, v, weights, plain, weighted, residuals, q, total);
    }

    private WorkingVariances Correlated(DesignMatrix design, DenseMatrix v, double[] weights, double[] plain, double[] weighted, double q, double total)
    {
        var p = design.Parameters;
        var (own, together, outer) = (new double[p * p], new double[p * p], new double[p * p]);
        var perEffect = new double[clusterCount];
        for (var i = 0; i < clusters.Length; i++) perEffect[clusters[i]] = weights[i] / _sizes[clusters[i]];
        Add(own, design, i => perEffect[clusters[i]]);
        for (var c = 0; c < clusterCount; c++)
        {
            AddProduct(together, plain.AsSpan(c * p, p), plain.AsSpan(c * p, p), perEffect[c]);
            AddProduct(outer, weighted.AsSpan(c * p, p), weighted.AsSpan(c * p, p), 1);
        }
        var a = Trace(v, own);
        var b = Trace(v, together) - a;
        var denominator = total - Trace(v, outer);
        Check(denominator, total);
        var expected = clusterCount - a - correlation * b;
        return new WorkingVariances(Math.Max(0, (q - expected) / denominator), null, q, q > 0 ? Math.Max(0, (q - expected) / q) : 0);
    }

    private WorkingVariances Hierarchical(DesignMatrix design, DenseMatrix v, double[] weights, double[] plain, double[] weighted, double[] residuals, double q, double total)
    {
        var (k, p) = (design.Count, design.Parameters);
        double[] xjx = new double[p * p], xwjjx = new double[p * p], xwwx = new double[p * p], xwjx = new double[p * p], xwjwx = new double[p * p];
        Add(xwwx, design, i => weights[i] * weights[i]);
        var sums = new double[clusterCount];
        double squares = 0, variance = 0, qa = 0;
        for (var i = 0; i < k; i++)
        {
            sums[clusters[i]] += residuals[i];
            variance += variances[i];
        }
        for (var c = 0; c < clusterCount; c++)
        {
            var s = plain.AsSpan(c * p, p);
            var w = weighted.AsSpan(c * p, p);
            AddProduct(xjx, s, s, 1);
            AddProduct(xwjjx, w, s, _sizes[c]);
            AddProduct(xwjx, w, s, 1);
            AddProduct(xwjwx, w, w, 1);
            squares += (double)_sizes[c] * _sizes[c];
            qa += sums[c] * sums[c];
        }
        var middle = v * new DenseMatrix(p, p, xjx) * v;
        // V is symmetric, so that the traces of a product and of its transpose are the same.
        var a1 = squares - 2 * Trace(v, xwjjx) + Trace(middle, xwjwx);
        var b1 = k - 2 * Trace(v, xwjx) + Trace(middle, xwwx);
        var c1 = variance - Trace(v, xjx);
        var a2 = total - Trace(v, xwjwx);
        var b2 = total - Trace(v, xwwx);
        var c2 = k - p;
        Check(a2, total);
        var determinant = b1 * a2 - b2 * a1;
        if (!(Math.Abs(determinant) > 1e-9 * (Math.Abs(b1 * a2) + Math.Abs(b2 * a1))))
        {
            throw new StudyDataException("leaves too few clusters with several effects to tell differences between clusters from those within them",
                "hierarchical weights", kind: StudyDataFault.FewRepeatedClusters);
        }
        // What rounding leaves of 0 is no variance.
        var least = 1e-14 * variance / k;
        double AboveRounding(double value) => value > least ? value : 0;
        var omega2 = AboveRounding(((qa - c1) * a2 - (q - c2) * a1) / determinant);
        var tau2 = AboveRounding((q - c2 - omega2 * b2) / a2);
        return new WorkingVariances(tau2, omega2, q, null);
    }

    private static void Check(double denominator, double total)
    {
        if (!(denominator > 1e-10 * total))
        {
            throw new StudyDataException("cannot be estimated: the moderators tell the clusters apart completely", "tau squared", column: "cluster", kind: StudyDataFault.Undetermined);
        }
    }

    private static void Add(double[] matrix, DesignMatrix design, Func<int, double> factor)
    {
        var (k, p) = (design.Count, design.Parameters);
        var row = new double[p];
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < p; j++) row[j] = design.Orthonormal[j * k + i];
            AddProduct(matrix, row, row, factor(i));
        }
    }

    private static void AddProduct(double[] matrix, ReadOnlySpan<double> a, ReadOnlySpan<double> b, double factor)
    {
        var p = a.Length;
        for (var i = 0; i < p; i++) BlockMatrix.AddScaled(matrix.AsSpan(i * p, p), b, factor * a[i]);
    }

    private static double Trace(MathNet.Numerics.LinearAlgebra.Matrix<double> symmetric, double[] b)
    {
        var p = symmetric.RowCount;
        double sum = 0;
        for (var i = 0; i < p; i++)
        {
            for (var j = 0; j < p; j++) sum += symmetric[i, j] * b[i * p + j];
        }
        return sum;
    }

    private static int[] Sizes(int[] clusters, int count)
    {
        var sizes = new int[count];
        foreach (var c in clusters) sizes[c]++;
        return sizes;
    }

    private static double[] Means(double[] variances, int[] clusters, int count)
    {
        var (means, sizes) = (new double[count], Sizes(clusters, count));
        for (var i = 0; i < clusters.Length; i++) means[clusters[i]] += variances[i] / sizes[clusters[i]];
        return means;
    }
}

/// <summary>Weighted least squares with weights that are a working model only, M = diag(1/w).</summary>
internal sealed class MomentSource(DependentData data, WorkingMoments moments, double[] weights, double level)
    : RobustSource(data.Effects, data.Matrix, data.Columns, data.HasIntercept, level)
{
    public override double[] CovarianceOf(int[] rows)
    {
        var m = rows.Length;
        var matrix = new double[m * m];
        for (var i = 0; i < m; i++) matrix[i * m + i] = 1 / weights[rows[i]];
        return matrix;
    }

    public override string? Crossing(int[] clusters) => null;

    public override Func<double[], WorkingFit> NewFitter(bool reestimate) => effects => Fit(effects, reestimate);

    private WorkingFit Fit(double[] effects, bool reestimate)
    {
        var used = reestimate ? WeightsFor(Design, effects) : weights;
        var (gamma, bread) = WorkingMoments.LeastSquares(Design, effects, used);
        double[] weighted = [.. effects];
        var fitted = Fitted(Design, gamma);
        for (var i = 0; i < weighted.Length; i++) weighted[i] = used[i] * (weighted[i] - fitted[i]);
        return new WorkingFit(gamma, weighted, bread);
    }

    public override double[] FittedUnder(DesignMatrix design)
    {
        var effects = Effects.Effects.AsSpan();
        return Fitted(design, WorkingMoments.LeastSquares(design, effects, WeightsFor(design, effects)).Gamma);
    }

    private double[] WeightsFor(DesignMatrix design, ReadOnlySpan<double> effects)
    {
        var found = moments.Estimate(design, effects);
        return moments.Weights(found.TauSquared, found.OmegaSquared ?? 0);
    }
}
