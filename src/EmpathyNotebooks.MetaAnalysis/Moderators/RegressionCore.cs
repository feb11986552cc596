using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra.Double;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The numbers of one regression, for the orthonormal columns of its design: what a fit shows and what each of k refits without a study is
/// reduced to.
/// </summary>
internal sealed class RegressionCore
{
    public required TauSquaredEstimate? Estimate { get; init; }

    public double TauSquared => Estimate?.Value ?? 0;

    /// <summary>The coefficients.</summary>
    public required double[] Gamma { get; init; }

    /// <summary>Their covariance as inference has it, the scale of Hartung and Knapp included.</summary>
    public required double[] Covariance { get; init; }

    /// <summary>The covariance before scaling.</summary>
    public required double[] UnscaledCovariance { get; init; }

    /// <summary>What Hartung and Knapp multiply with; 1 for other inference.</summary>
    public required double Scale { get; init; }

    /// <summary>Σe²/(v + tau²) with the residuals of these coefficients.</summary>
    public required double ResidualSum { get; init; }

    /// <summary>ln|X'WX| - ln|X'X|.</summary>
    public required double LogInformation { get; init; }

    public KenwardRoger? KenwardRoger { get; init; }

    /// <summary>Weights in place of 1/(v + tau²) that the coefficients have, or null.</summary>
    public double[]? FitWeights { get; init; }

    public static RegressionCore Fit(PooledModel model, ReadOnlySpan<double> yi, ReadOnlySpan<double> vi, ReadOnlySpan<double> columns, int p,
        Span<double> scratch)
    {
        var sums = new DesignSums(yi, vi, columns, p, scratch);
        TauSquaredEstimate? tau2 = model.Estimator is { } estimator ? TauSquaredEstimate.Of(estimator, ref sums, model.Weights) : null;
        sums.MoveTo(tau2?.Value ?? 0);
        var df = yi.Length - p;
        var scale = Inferences.Scale(model.Inference, df <= 0 ? 1 : IsExact(yi, sums.Residuals) ? 0 : sums.Q / df);
        var covariance = new double[p * p];
        sums.CopyCovariance(covariance);

        var weights = model.PoolingWeights(vi);
        var core = weights is null
            ? FromModelWeights(model, ref sums, columns, tau2, scale, covariance)
            : FromGivenWeights(weights, ref sums, yi, vi, columns, tau2, scale);
        if (!double.IsFinite(core.TauSquared) || !double.IsFinite(core.ResidualSum) || Array.Exists(core.Gamma, c => !double.IsFinite(c)) || !HasVariances(core.Covariance, p))
        {
            throw new ConvergenceException("The meta-regression",
                "the effects or variances are too large or too small for double precision", tau2?.Iterations ?? 0, NonConvergence.Precision);
        }
        return core;
    }

    /// <summary>True where a covariance is finite, and no variance is negative: weights too far apart leave rounding alone of an inverse.</summary>
    private static bool HasVariances(double[] covariance, int p)
    {
        for (var j = 0; j < p; j++) if (!(covariance[j * p + j] >= 0)) return false;
        return Array.TrueForAll(covariance, double.IsFinite);
    }

    private static RegressionCore FromModelWeights(PooledModel model, ref DesignSums sums, ReadOnlySpan<double> columns, TauSquaredEstimate? tau2,
        double scale, double[] covariance)
    {
        KenwardRoger? kenwardRoger = null;
        var unscaled = covariance;
        if (model.Inference == Inference.KenwardRoger)
        {
            var p = sums.Parameters;
            var phi = new DenseMatrix(p, p, [.. covariance]);
            var m2 = Product(sums.Weights, 2, columns, p);
            kenwardRoger = new KenwardRoger(phi, m2, Spread(sums.Weights, phi * m2, columns), 2 / sums.TracePP);
            covariance = kenwardRoger.Covariance.ToColumnMajorArray();
        }
        return new RegressionCore
        {
            Estimate = tau2,
            Gamma = sums.Coefficients.ToArray(),
            Covariance = scale == 1 ? covariance : [.. covariance.Select(c => c * scale)],
            UnscaledCovariance = unscaled,
            Scale = scale,
            ResidualSum = sums.Q,
            LogInformation = sums.LogInformation,
            KenwardRoger = kenwardRoger,
        };
    }

    /// <summary>γ = (X'AX)⁻¹X'Ay with covariance (X'AX)⁻¹X'A(V + tau² I)AX(X'AX)⁻¹.</summary>
    private static RegressionCore FromGivenWeights(double[] weights, ref DesignSums sums, ReadOnlySpan<double> yi, ReadOnlySpan<double> vi,
        ReadOnlySpan<double> columns, TauSquaredEstimate? tau2, double scale)
    {
        int k = yi.Length, p = sums.Parameters;
        StudyWeights.NeedFullRank(weights, columns, p);
        var middle = new double[k];
        for (var i = 0; i < k; i++) middle[i] = weights[i] * weights[i] * (vi[i] + (tau2?.Value ?? 0));
        var information = Product(weights, 1, columns, p);
        var inverse = information.Inverse();
        var xay = new double[p];
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < k; i++) xay[j] += columns[j * k + i] * weights[i] * yi[i];
        }
        var gamma = inverse * new DenseVector(xay);
        var covariance = inverse * Product(middle, 1, columns, p) * inverse;
        double residual = 0;
        for (var i = 0; i < k; i++)
        {
            var e = yi[i];
            for (var j = 0; j < p; j++) e -= gamma[j] * columns[j * k + i];
            residual += e * e / (vi[i] + (tau2?.Value ?? 0));
        }
        return new RegressionCore
        {
            Estimate = tau2,
            Gamma = gamma.AsArray() ?? [.. gamma],
            Covariance = (scale * covariance).ToColumnMajorArray(),
            UnscaledCovariance = covariance.ToColumnMajorArray(),
            Scale = scale,
            ResidualSum = residual,
            LogInformation = sums.LogInformation,
            FitWeights = weights,
        };
    }

    /// <summary>True when the effects lie on the fitted ones but for rounding, so that their scatter is 0.</summary>
    private static bool IsExact(ReadOnlySpan<double> yi, ReadOnlySpan<double> residuals) =>
        Math.Abs(TensorPrimitives.MaxMagnitude(residuals)) <= 2e-14 * Math.Abs(TensorPrimitives.MaxMagnitude(yi));

    /// <summary>X'W³X - X'W²XΦX'W²X as Σwrr' with what a regression of WX on X leaves, which cannot fall below 0.</summary>
    private static DenseMatrix Spread(ReadOnlySpan<double> weights, MathNet.Numerics.LinearAlgebra.Matrix<double> slopes, ReadOnlySpan<double> columns)
    {
        var (k, p) = (weights.Length, slopes.RowCount);
        var spread = new DenseMatrix(p, p);
        var rest = new double[p];
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < p; j++)
            {
                var left = weights[i] * columns[j * k + i];
                for (var a = 0; a < p; a++) left -= columns[a * k + i] * slopes[a, j];
                rest[j] = left;
            }
            for (var a = 0; a < p; a++)
            {
                for (var b = 0; b < p; b++) spread[a, b] += weights[i] * rest[a] * rest[b];
            }
        }
        return spread;
    }

    /// <summary>X'AᵐX.</summary>
    private static DenseMatrix Product(ReadOnlySpan<double> weights, int power, ReadOnlySpan<double> columns, int p)
    {
        var k = weights.Length;
        var product = new DenseMatrix(p, p);
        for (var a = 0; a < p; a++)
        {
            for (var b = 0; b <= a; b++)
            {
                double sum = 0;
                for (var i = 0; i < k; i++)
                {
                    var w = weights[i];
                    sum += (power == 1 ? w : power == 2 ? w * w : w * w * w) * columns[a * k + i] * columns[b * k + i];
                }
                product[a, b] = product[b, a] = sum;
            }
        }
        return product;
    }
}
