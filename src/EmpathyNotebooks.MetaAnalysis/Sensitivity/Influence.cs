using System.Collections.Immutable;
using MathNet.Numerics.LinearAlgebra.Double;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// What one study does to a fit. Numbers that need a refit without the study are null where the coefficients are then not determined, as
/// without the only study of a category.
/// </summary>
/// <param name="Index">The row of the study among the effects of the fit, counted from 0.</param>
/// <param name="Label">Its label.</param>
/// <param name="StudentizedResidual">The externally studentized residual: its effect less what the others predict, over the standard error of that difference. Beyond ±2 is unusual.</param>
/// <param name="Dffits">How many standard errors its fitted value moves when it is left out.</param>
/// <param name="CookDistance">Cook's distance: how far all coefficients move together.</param>
/// <param name="CovarianceRatio">The determinant of the coefficients' covariance without it over that with it; below 1 says that leaving it out makes them more precise.</param>
/// <param name="TauSquaredWithout">tau² without it.</param>
/// <param name="QWithout">Cochran's (residual) Q without it.</param>
/// <param name="Hat">Its leverage, 0 to 1; they sum to the number of coefficients.</param>
/// <param name="Weight">Its share of the weights.</param>
/// <param name="DfBetas">How many standard errors each coefficient moves; empty where not determined.</param>
/// <param name="EstimatesWithout">The coefficients without it: one, the pooled effect, for a model without moderators; empty where not determined.</param>
/// <param name="IsInfluential">True when one of metafor's limits is passed; see <see cref="InfluenceAnalysis"/>.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ);
/// foreach (InfluenceRow row in RandomEffects.Fit(effects).Influence().Rows)
///     Console.WriteLine($"{row.Label}: residual {row.StudentizedResidual:F2}, Cook's D {row.CookDistance:F2}, tau² without it {row.TauSquaredWithout:F4}");
/// </code></example>
public sealed record InfluenceRow(int Index, string Label, double? StudentizedResidual, double? Dffits, double? CookDistance,
    double? CovarianceRatio, double? TauSquaredWithout, double? QWithout, double Hat, double Weight, ImmutableArray<double> DfBetas,
    ImmutableArray<double> EstimatesWithout, bool IsInfluential);

/// <summary>
/// How much each study drives a fit (Viechtbauer &amp; Cheung 2010, Research Synthesis Methods 1, 112-125; metafor's influence()). A study is marked when
/// |DFFITS| exceeds 3√(p/(k - p)), Cook's distance the median of chi² with p degrees of freedom, its leverage 3p/k, or a DFBETAS 1. An
/// influential study deserves a look, it need not be wrong; when not to use it: as a rule for dropping studies.
/// </summary>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45, 0.95], [0.010, 0.022, 0.015, 0.012]));
/// InfluenceAnalysis influence = fit.Influence();
/// foreach (var row in influence.Influential) Console.WriteLine($"{row.Label}: {row.CookDistance}");
/// </code></example>
public sealed class InfluenceAnalysis : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin { get; private init; } = DataOrigin.Own;

    private InfluenceAnalysis(ImmutableArray<InfluenceRow> rows, int count, int parameters)
    {
        Rows = rows;
        DffitsLimit = 3 * Math.Sqrt((double)parameters / (count - parameters));
        CookLimit = Distributions.ChiSquaredQuantile(0.5, parameters);
        HatLimit = 3.0 * parameters / count;
    }

    /// <summary>One row a study, in the order of the effects.</summary>
    public ImmutableArray<InfluenceRow> Rows { get; }

    /// <summary>The limit of |DFFITS|, 3√(p/(k - p)).</summary>
    public double DffitsLimit { get; }

    /// <summary>The limit of Cook's distance, the median of chi² with p degrees of freedom.</summary>
    public double CookLimit { get; }

    /// <summary>The limit of the leverage, 3p/k.</summary>
    public double HatLimit { get; }

    /// <summary>The limit of |DFBETAS|.</summary>
    public double DfBetasLimit => 1;

    /// <summary>The studies marked as influential.</summary>
    public ImmutableArray<InfluenceRow> Influential => [.. Rows.Where(r => r.IsInfluential)];

    internal static InfluenceAnalysis Of(PooledFit fit)
    {
        if (!InterceptInfluence.Suits(fit)) return Of(Deletions.Of(fit));
        return new InfluenceAnalysis(InterceptInfluence.Rows(fit, new InfluenceAnalysis([], fit.Count, 1)), fit.Count, 1) { Origin = fit.Effects.Origin };
    }

    internal static InfluenceAnalysis Of(Deletions deletions)
    {
        var design = deletions.Design;
        int k = design.Count, p = design.Parameters;
        var analysis = new InfluenceAnalysis([], k, p);
        var rows = ImmutableArray.CreateBuilder<InfluenceRow>(k);
        var study = new StudyGeometry(deletions);
        var full = deletions.Full;
        var inverse = new DenseMatrix(p, p, [.. full.Covariance]).Inverse();
        var determinant = new DenseMatrix(p, p, [.. full.Covariance]).Determinant();
        for (var i = 0; i < k; i++)
        {
            var q = deletions.Row(i);
            double hat = study.Hat(i), weight = study.Weight(i);
            if (deletions.Without(i) is not { } without)
            {
                rows.Add(new InfluenceRow(i, deletions.Effects.Labels[i], null, null, null, null, null, null, hat, weight, [], [], hat > analysis.HatLimit));
                continue;
            }
            var core = without.Core;
            var v = deletions.Effects.Variances[i];
            double residual = deletions.Effects.Effects[i], moved = 0, predictionVariance = 0;
            for (var a = 0; a < p; a++)
            {
                residual -= q[a] * core.Gamma[a];
                moved += q[a] * (full.Gamma[a] - core.Gamma[a]);
                for (var b = 0; b < p; b++) predictionVariance += q[a] * core.Covariance[a * p + b] * q[b];
            }
            var difference = new DenseVector([.. full.Gamma.Zip(core.Gamma, (x, y) => x - y)]);
            var student = Ratio(residual, (v + core.TauSquared) * core.Scale + predictionVariance);
            var dffits = Ratio(moved, core.Scale * study.FittedVariance(i, core.TauSquared));
            var cook = difference * (inverse * difference);
            var covarianceRatio = determinant == 0 ? (double?)null : new DenseMatrix(p, p, [.. core.Covariance]).Determinant() / determinant;

            double[] change = [.. difference], spread = study.CovarianceAt(core.TauSquared), estimates = [.. core.Gamma];
            design.ToCoefficients(change);
            design.ToCoefficients(estimates);
            design.ToCovariance(spread);
            ImmutableArray<double> dfbetas = [.. change.Select((c, j) => Ratio(c, core.Scale * spread[j * p + j]) ?? 0)];
            var influential = Math.Abs(dffits ?? 0) > analysis.DffitsLimit || cook > analysis.CookLimit || hat > analysis.HatLimit
                || dfbetas.Any(d => Math.Abs(d) > analysis.DfBetasLimit);
            rows.Add(new InfluenceRow(i, deletions.Effects.Labels[i], student, dffits, double.IsFinite(cook) ? cook : null, covarianceRatio,
                core.TauSquared, without.Q, hat, weight, dfbetas, [.. estimates], influential));
        }
        return new InfluenceAnalysis(rows.MoveToImmutable(), k, p) { Origin = deletions.Effects.Origin };
    }

    /// <summary>Null where effects without any scatter leave no standard error to compare with; 0 where nothing moved.</summary>
    internal static double? Ratio(double difference, double variance) =>
        variance > 0 ? difference / Math.Sqrt(variance) : Math.Abs(difference) < 1e-14 ? 0 : null;
}

/// <summary>Leverages, weights and the covariances that all studies would give at the tau² found without one.</summary>
internal sealed class StudyGeometry
{
    private readonly Deletions _data;
    private readonly double[] _weights;
    private readonly DenseMatrix _q;
    private readonly MathNet.Numerics.LinearAlgebra.Matrix<double> _inverse;
    private readonly double _total;
    private readonly bool _given;

    public StudyGeometry(Deletions data)
    {
        _data = data;
        var design = data.Design;
        _given = data.Full.FitWeights is not null;
        _weights = data.Full.FitWeights ?? [.. data.Effects.Variances.Select(v => 1 / (v + data.Full.TauSquared))];
        _total = _weights.Sum();
        _q = new DenseMatrix(design.Count, design.Parameters, design.Orthonormal);
        _inverse = Product(_weights).Inverse();
    }

    /// <summary>a x'(X'AX)⁻¹x.</summary>
    public double Hat(int i) => _weights[i] * (_q.Row(i) * (_inverse * _q.Row(i)));

    public double Weight(int i) => _weights[i] / _total;

    /// <summary>The variance of the fitted value: hat (v + tau²), or ΣH²(v + tau²) with weights given.</summary>
    public double FittedVariance(int i, double tau2)
    {
        if (!_given) return Hat(i) * (tau2 + _data.Effects.Variances[i]);
        var direction = _inverse * _q.Row(i);
        double sum = 0;
        for (var j = 0; j < _weights.Length; j++)
        {
            var h = _weights[j] * (_q.Row(j) * direction);
            sum += h * h * (_data.Effects.Variances[j] + tau2);
        }
        return sum;
    }

    /// <summary>The covariance of the coefficients of all studies at some tau², in row order.</summary>
    public double[] CovarianceAt(double tau2)
    {
        if (!_given) return Product([.. _data.Effects.Variances.Select(v => 1 / (v + tau2))]).Inverse().ToColumnMajorArray();
        var middle = Product([.. _weights.Select((a, i) => a * a * (_data.Effects.Variances[i] + tau2))]);
        return (_inverse * middle * _inverse).ToColumnMajorArray();
    }

    private DenseMatrix Product(double[] weights)
    {
        var p = _data.Design.Parameters;
        var product = new DenseMatrix(p, p);
        for (var a = 0; a < p; a++)
        {
            for (var b = 0; b <= a; b++)
            {
                double sum = 0;
                for (var i = 0; i < weights.Length; i++) sum += weights[i] * _q[i, a] * _q[i, b];
                product[a, b] = product[b, a] = sum;
            }
        }
        return product;
    }
}
