using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <content>Residuals, leverages and weights of single effects.</content>
public abstract partial class DependentFit
{
    private DependentGeometry? _geometry;

    /// <summary>The residuals of the effects: raw, Pearson, internally standardised and Cholesky (metafor's <c>residuals</c> and <c>rstandard</c>).</summary>
    public ImmutableArray<EffectResidual> EffectResiduals()
    {
        var rows = ImmutableArray.CreateBuilder<EffectResidual>(Count);
        for (var i = 0; i < Count; i++)
        {
            var (residual, size) = (Geometry.Residuals[i], Geometry.Diagonal[i]);
            var variance = size - Geometry.Between(Geometry.Row(i), Geometry.Row(i));
            double? se = variance > 1e-10 * size ? Math.Sqrt(variance) : null;
            rows.Add(new EffectResidual(i, Effects.Labels[i], residual, residual / Math.Sqrt(size), se, residual / se, Geometry.CholeskyResiduals[i]) { Origin = Effects.Origin });
        }
        return rows.MoveToImmutable();
    }

    /// <summary>X² of the standardised residuals of each cluster together (metafor's <c>rstandard(cluster=)</c>).</summary>
    /// <param name="cluster">The column of clusters; the outermost level if not said.</param>
    /// <exception cref="StudyDataException">There is no such column, or a row has no cluster.</exception>
    public ImmutableArray<ClusterResidual> ClusterResiduals(string? cluster = null)
    {
        var (groups, names) = ClustersOf(cluster);
        var found = ImmutableArray.CreateBuilder<ClusterResidual>(names.Length);
        foreach (var (c, rows) in RowsOf(groups, names.Length).Index())
        {
            double[] e = [.. rows.Select(i => Geometry.Residuals[i])], sizes = [.. rows.Select(i => Geometry.Diagonal[i])];
            found.Add(new ClusterResidual(names[c], rows.Length, ChiSquared(Geometry.ResidualCovarianceOf(rows), sizes, e)) { Origin = Effects.Origin });
        }
        return found.MoveToImmutable();
    }

    /// <summary>V and M of some rows: the covariance of their sampling errors, and that of the effects in the model.</summary>
    internal (double[] V, double[] M) CovariancesOf(int[] rows) => ((Model with { Terms = [] }).CovarianceOf(rows, []), Model.CovarianceOf(rows, Elements));

    /// <summary>The variance of a linear combination of the residuals of some rows; null where nothing is left of it beside the fitted values.</summary>
    internal double? ResidualVarianceOf(int[] rows, double[] shares) =>
        ClusterAverages.Quadratic(Geometry.ResidualCovarianceOf(rows), shares) is var variance && variance > 1e-10 * ClusterAverages.Quadratic(Model.CovarianceOf(rows, Elements), shares) ? variance : null;

    /// <summary>The leverages, the diagonal of H = X(X'M⁻¹X)⁻¹X'M⁻¹; they add up to the number of coefficients. With effects that go together one can lie outside [0, 1].</summary>
    public ImmutableArray<double> HatValues => [.. Enumerable.Range(0, Count).Select(i => Geometry.Between(Geometry.Row(i), Geometry.SolvedRow(i)))];

    /// <summary>H = X(X'M⁻¹X)⁻¹X'M⁻¹, k x k: the fitted values are Hy. A new array.</summary>
    public double[,] HatMatrix()
    {
        var h = new double[Count, Count];
        for (var i = 0; i < Count; i++)
        {
            for (var j = 0; j < Count; j++) h[i, j] = Geometry.Between(Geometry.Row(i), Geometry.SolvedRow(j));
        }
        return h;
    }

    /// <summary>The share of each effect in the diagonal of the weight matrix M⁻¹, as fractions of 1 (metafor's <c>weights(type="diagonal")</c>): how precise the effect is beside what goes with it.</summary>
    public ImmutableArray<double> DiagonalWeights
    {
        get
        {
            double[] weights = [.. Enumerable.Range(0, Count).Select(i => Geometry.Inverse(i, i))];
            var total = weights.Sum();
            return [.. weights.Select(w => w / total)];
        }
    }

    /// <summary>
    /// The share of each effect in the mean effect, μ = Σwy, as fractions of 1: the row sums of M⁻¹ over their sum (metafor's <c>weights(type="rowsum")</c>). Where effects of a cluster go
    /// closely together, an imprecise one can have a negative weight, and μ then need not lie among them. Null with moderators, where there is no one mean.
    /// </summary>
    public ImmutableArray<double>? RowSumWeights
    {
        get
        {
            if (Moderators is not null || CoefficientCount != 1) return null;
            var total = Geometry.Solved.Sum();
            return [.. Geometry.Solved.Select(w => w / total)];
        }
    }

    /// <summary>The weight matrix M⁻¹, k x k (metafor's <c>weights(type="matrix")</c>). A new array.</summary>
    public double[,] WeightMatrix()
    {
        var w = new double[Count, Count];
        for (var i = 0; i < Count; i++)
        {
            for (var j = 0; j < Count; j++) w[i, j] = Geometry.Inverse(i, j);
        }
        return w;
    }

    private protected DependentGeometry Geometry
    {
        get
        {
            NeedOwnWeights("Residuals, leverages, weights and influence of effects");
            return _geometry ??= new DependentGeometry(Model, Elements, _gamma, _covariance);
        }
    }

    private protected static int[][] RowsOf(int[] groups, int count)
    {
        var rows = new List<int>[count];
        for (var c = 0; c < count; c++) rows[c] = [];
        for (var i = 0; i < groups.Length; i++) rows[groups[i]].Add(i);
        return [.. rows.Select(r => r.ToArray())];
    }

    /// <summary>e'C⁻¹e, or null where C is singular.</summary>
    private static double? ChiSquared(double[] covariance, double[] sizes, double[] e)
    {
        if (!DependentGeometry.TryFactor(covariance, sizes)) return null;
        BlockMatrix.SolveLower(covariance, e, sizes.Length, 1);
        return BlockMatrix.Dot(e, e);
    }
}
