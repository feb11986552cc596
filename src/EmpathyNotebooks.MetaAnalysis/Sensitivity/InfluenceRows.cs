using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What leaving out does, from the fits with and without, for any kind of model. In the orthonormal basis of the full design, where coefficients with and without can be compared.</summary>
internal sealed class InfluenceRows
{
    private readonly IModelFit _fit;
    private readonly IFitGeometry _geometry;
    private readonly DesignMatrix _design;
    private readonly double[] _gamma;
    private readonly double[] _covariance;
    private readonly double[]? _factor;
    private readonly double[] _hat;
    private readonly double[] _weights;
    private readonly double[][] _coordinates;
    private double[]? _unscaled;

    public InfluenceRows(IModelFit fit)
    {
        _fit = fit;
        _geometry = (IFitGeometry)fit;
        _design = _geometry.Matrix;
        (_gamma, _covariance) = InBasis(fit);
        double[] factor = [.. _covariance];
        _factor = SmallMatrix.TryCholesky(factor, _design.Parameters) ? factor : null;
        _coordinates = [.. Enumerable.Range(0, fit.Count).Select(i => Enumerable.Range(0, _design.Parameters).Select(j => _design.Orthonormal[j * fit.Count + i]).ToArray())];
        _weights = [.. fit.Weights];
        _hat = Leverages();
    }

    public IEnumerable<FitInfluenceRow> Of(IEnumerable<FitDeletion> deletions) => deletions.Select(Row);

    /// <summary>The squared change of the mean fitted value of some rows, over that value's variance without them; null where it has none.</summary>
    public double? MeanShift(int[] rows, IModelFit without)
    {
        var (gamma, covariance) = InBasis(without);
        var mean = new double[_design.Parameters];
        foreach (var i in rows) BlockMatrix.AddScaled(mean, _coordinates[i], 1.0 / rows.Length);
        double[] change = [.. _gamma.Zip(gamma, (with, less) => with - less)];
        var moved = BlockMatrix.Dot(mean, change);
        var variance = Between(mean, covariance, mean);
        return variance > 0 ? moved * moved / variance : null;
    }

    /// <summary>e'M⁻¹e of the residuals of some rows; null where the model has no marginal covariance, or it has no inverse.</summary>
    public double? PearsonSum(int[] rows)
    {
        if (_geometry.MarginalCovariance(rows, _fit) is not { } marginal) return null;
        return Quadratic(marginal, [.. rows.Select(i => _fit.Effects.Effects[i] - BlockMatrix.Dot(_coordinates[i], _gamma))]);
    }

    private FitInfluenceRow Row(FitDeletion deletion)
    {
        int[] rows = [.. deletion.Rows];
        var row = new FitInfluenceRow(deletion.Name, deletion.Rows, rows.Sum(i => _hat[i]), rows.Sum(i => _weights[i])) { Absence = deletion.Absence };
        if (deletion.Fit is not { } without) return row;
        var p = _design.Parameters;
        var (gamma, covariance) = InBasis(without);
        double[] change = [.. _gamma.Zip(gamma, (with, less) => with - less)], lost = [.. covariance];
        row = row with
        {
            EstimatesWithout = [.. without.Coefficients.Select(c => c.Estimate)],
            TauSquaredWithout = without.TauSquared,
            QWithout = without.Q?.Statistic,
        };
        if (_factor is not null)
        {
            double[] moved = [.. change];
            SmallMatrix.SolveLower(_factor, moved);
            row = row with
            {
                CookDistance = BlockMatrix.Dot(moved, moved),
                CovarianceRatio = SmallMatrix.TryCholesky(lost, p) ? Math.Exp(SmallMatrix.LogDeterminant(lost, p) - SmallMatrix.LogDeterminant(_factor, p)) : null,
            };
        }
        var scale = ((IFitGeometry)without).Scale;
        if (_geometry.CovarianceAt(without) is { } spread && scale > 0) row = row with { DfBetas = DfBetas(change, [.. spread.Select(s => scale * s)]) };
        return _geometry.MarginalCovariance(rows, without) is { } marginal ? Deleted(row, rows, without, gamma, change, covariance, [.. marginal.Select(m => scale * m)]) : row;
    }

    private ImmutableArray<double> DfBetas(double[] change, double[] spread)
    {
        double[] reader = [.. change];
        _design.ToCoefficients(reader);
        _design.ToCovariance(spread);
        return [.. reader.Select((c, j) => c / Math.Sqrt(spread[j * _design.Parameters + j]))];
    }

    private FitInfluenceRow Deleted(FitInfluenceRow row, int[] rows, IModelFit without, double[] gamma, double[] change, double[] covariance, double[] marginal)
    {
        var m = rows.Length;
        var own = marginal[0];
        var d = new double[m];
        for (var a = 0; a < m; a++)
        {
            d[a] = _fit.Effects.Effects[rows[a]] - BlockMatrix.Dot(_coordinates[rows[a]], gamma);
            for (var b = 0; b < m; b++) marginal[a * m + b] += Between(_coordinates[rows[a]], covariance, _coordinates[rows[b]]);
        }
        ImmutableArray<double> studentized = [.. d.Select((e, a) => e / Math.Sqrt(marginal[a * m + a]))];
        if (studentized.Any(s => !double.IsFinite(s))) return row;
        var fitted = m == 1 ? FittedVariance(rows[0], own, without) : 0;
        return row with
        {
            StudentizedResiduals = studentized,
            ChiSquared = Quadratic(marginal, d),
            Dffits = fitted > 0 ? BlockMatrix.Dot(_coordinates[rows[0]], change) / Math.Sqrt(fitted) : null,
        };
    }

    /// <summary>x'Sx·M₋/M without the factor of Hartung and Knapp in S, which M₋ has; with given weights, which stay as they are, x'S₋x at the variances found without it. 0 where not defined.</summary>
    private double FittedVariance(int i, double marginalWithout, IModelFit without)
    {
        var x = _coordinates[i];
        if (_geometry.HasGivenWeights) return _geometry.CovarianceAt(without) is { } at ? ((IFitGeometry)without).Scale * Between(x, at, x) : 0;
        return (_unscaled ??= _geometry.CovarianceAt(_fit)) is { } unscaled ? Between(x, unscaled, x) * marginalWithout / _geometry.MarginalCovariance([i], _fit)![0] : 0;
    }

    private double[] Leverages()
    {
        if (_fit is DependentFit dependent && !_geometry.HasGivenWeights) return [.. dependent.HatValues];
        var bread = IndependentGeometry.Bread(_design, _weights)
            ?? throw new ConvergenceException("The leverages", "the weights leave the coefficients undetermined in double precision", 0);
        return [.. _coordinates.Select((q, i) => _weights[i] * Between(q, bread, q))];
    }

    private (double[] Gamma, double[] Covariance) InBasis(IModelFit fit)
    {
        var p = _design.Parameters;
        var matrix = fit.CovarianceMatrix();
        var flat = new double[p * p];
        for (var i = 0; i < p; i++)
        {
            for (var j = 0; j < p; j++) flat[i * p + j] = matrix[i, j];
        }
        return (_design.FromCoefficients([.. fit.Coefficients.Select(c => c.Estimate)]), _design.FromCovariance(flat));
    }

    private static double Between(double[] a, double[] matrix, double[] b)
    {
        var p = a.Length;
        double sum = 0;
        for (var i = 0; i < p; i++) sum += a[i] * BlockMatrix.Dot(matrix.AsSpan(i * p, p), b);
        return sum;
    }

    private static double? Quadratic(double[] covariance, double[] e)
    {
        double[] factor = [.. covariance], solved = [.. e];
        if (!BlockMatrix.TryCholesky(factor, e.Length)) return null;
        BlockMatrix.SolveLower(factor, solved, e.Length, 1);
        return BlockMatrix.Dot(solved, solved);
    }
}
