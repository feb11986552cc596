using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Climbs the (restricted) likelihood of α in ln tau²ᵢ = z'α, β being at its best for each α: Newton's steps where the likelihood is concave, else
/// Fisher scoring, halved until the likelihood rises. With D = diag(tau² z) the derivatives are -½ tr(PD) + ½ y'PDPy and so on. Each iteration is
/// O(k(p + q)²).
/// </summary>
internal sealed class ScaleSearch
{
    private const int MaxIterations = 500;

    private readonly double[] _yi;
    private readonly double[] _vi;
    private readonly DesignMatrix _x;
    private readonly DesignMatrix _z;
    private readonly bool _restricted;
    private readonly double[] _w;
    private readonly double[] _residuals;
    private readonly double[] _leverages;
    private readonly double[] _tau2;

    public ScaleSearch(StudyEffects effects, DesignMatrix x, DesignMatrix z, bool restricted)
    {
        _yi = [.. effects.Effects];
        _vi = [.. effects.Variances];
        (_x, _z, _restricted) = (x, z, restricted);
        var k = _yi.Length;
        (_w, _residuals, _leverages, _tau2) = (new double[k], new double[k], new double[k], new double[k]);
        Alpha = new double[z.Parameters];
        Gamma = new double[x.Parameters];
    }

    /// <summary>α for the orthonormal columns of the scale design.</summary>
    public double[] Alpha { get; private set; }

    /// <summary>The inverse of the observed information of α.</summary>
    public double[] AlphaCovariance { get; private set; } = [];

    /// <summary>The coefficients of the orthonormal columns of the location design.</summary>
    public double[] Gamma { get; private set; }

    /// <summary>(X'WX)⁻¹.</summary>
    public double[] Covariance { get; private set; } = [];

    /// <summary>tau² of each study.</summary>
    public IReadOnlyList<double> TauSquared => _tau2;

    /// <summary>Σe²/(v + tau²).</summary>
    public double ResidualSum { get; private set; }

    public double LogLikelihood { get; private set; }

    /// <summary>The log-likelihood with one tau² for all.</summary>
    public double LogLikelihoodWithoutScale { get; private set; }

    public int Iterations { get; private set; }

    public void Maximize()
    {
        Start();
        for (Iterations = 1; Iterations <= MaxIterations; Iterations++)
        {
            var (gradient, observed, expected) = Derivatives();
            var (step, isNewton) = Step(gradient, observed, expected);
            // The rise a full step promises; below rounding of the likelihood there is nothing left to climb.
            var promise = gradient * step;
            var before = (Alpha, LogLikelihood);
            var factor = 1.0;
            while (true)
            {
                Move([.. before.Alpha.Select((a, j) => a + factor * step[j])]);
                if (LogLikelihood >= before.LogLikelihood || factor < 1e-12) break;
                factor /= 2;
            }
            if (LogLikelihood < before.LogLikelihood) Move(before.Alpha);
            if (isNewton && promise < 1e-13 * (1 + Math.Abs(LogLikelihood)) && step.L2Norm() < 1e-7 * (1 + Math.Sqrt(Alpha.Sum(a => a * a))))
            {
                AlphaCovariance = Derivatives().Observed.Inverse().ToColumnMajorArray();
                return;
            }
        }
        throw new ConvergenceException("The location-scale model",
            "its likelihood has no maximum: the variance of true effects falls to 0 for some studies. Try fewer moderators of the scale", MaxIterations);
    }

    /// <summary>One tau² for all, not at 0, where the logarithm ends.</summary>
    private void Start()
    {
        var scratch = new double[DesignSums.ScratchLength(_yi.Length, _x.Parameters)];
        var model = new DesignSums(_yi, _vi, _x.Orthonormal, _x.Parameters, scratch);
        var tau2 = (_restricted ? RestrictedMaximumLikelihood.Estimate(ref model) : MaximumLikelihood.Estimate(ref model)).Value;
        model.MoveTo(tau2);
        LogLikelihoodWithoutScale = _restricted ? RestrictedMaximumLikelihood.Value(model) : MaximumLikelihood.Value(model);
        Span<double> column = new double[_yi.Length];
        column.Fill(Math.Log(Math.Max(tau2, 0.05 * _vi.Average())));
        var alpha = _z.Regress(column);
        // Regress answers for the reader's columns; the search works on orthonormal ones.
        for (var i = 0; i < alpha.Length; i++)
        {
            double sum = 0;
            for (var j = i; j < alpha.Length; j++) sum += _z.Triangle[i * alpha.Length + j] * alpha[j];
            Alpha[i] = sum;
        }
        Move(Alpha);
    }

    private void Move(double[] alpha)
    {
        Alpha = alpha;
        int k = _yi.Length, p = _x.Parameters, q = _z.Parameters;
        for (var i = 0; i < k; i++)
        {
            double log = 0;
            for (var j = 0; j < q; j++) log += _z.Orthonormal[j * k + i] * alpha[j];
            _tau2[i] = Math.Exp(log);
            _w[i] = 1 / (_vi[i] + _tau2[i]);
        }
        var information = Product(_x, _x, _w);
        var factor = information.ToColumnMajorArray();
        if (!SmallMatrix.TryCholesky(factor, p))
        {
            // So far from any maximum that the weights overflow: the search halves its step.
            LogLikelihood = double.NegativeInfinity;
            return;
        }
        var inverse = new double[p * p];
        SmallMatrix.Invert(factor, inverse, p);
        Covariance = inverse;
        var gamma = new double[p];
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < k; i++) gamma[j] += _x.Orthonormal[j * k + i] * _w[i] * _yi[i];
        }
        SmallMatrix.SolveLower(factor, gamma);
        SmallMatrix.SolveLowerTransposed(factor, gamma);
        Gamma = gamma;
        double rss = 0, logs = 0;
        for (var i = 0; i < k; i++)
        {
            double e = _yi[i], h = 0;
            for (var a = 0; a < p; a++)
            {
                var xa = _x.Orthonormal[a * k + i];
                e -= gamma[a] * xa;
                for (var b = 0; b < p; b++) h += xa * inverse[a * p + b] * _x.Orthonormal[b * k + i];
            }
            _residuals[i] = e;
            _leverages[i] = h;
            rss += _w[i] * e * e;
            logs -= Math.Log(_w[i]);
        }
        ResidualSum = rss;
        var value = FitStatistics.LogLikelihoodOf(_restricted, k, p, logs, SmallMatrix.LogDeterminant(factor, p), rss);
        LogLikelihood = double.IsFinite(value) ? value : double.NegativeInfinity;
    }

    private (Vector<double> Gradient, Matrix<double> Observed, Matrix<double> Expected) Derivatives()
    {
        int k = _yi.Length, q = _z.Parameters;
        var gradient = new DenseVector(q);
        var observed = new DenseMatrix(q, q);
        var expected = new DenseMatrix(q, q);
        var s = new DenseMatrix(_x.Parameters, _x.Parameters, Covariance);
        var weighted = new double[k];
        var g = new Matrix<double>[q];
        var f = new Vector<double>[q];
        for (var a = 0; a < q; a++)
        {
            var za = _z.Orthonormal.AsSpan(a * k, k);
            var crossed = new DenseVector(_x.Parameters);
            for (var i = 0; i < k; i++)
            {
                var d = _tau2[i] * za[i];
                var pi = _restricted ? _w[i] - _w[i] * _w[i] * _leverages[i] : _w[i];
                gradient[a] += 0.5 * d * (_w[i] * _w[i] * _residuals[i] * _residuals[i] - pi);
                weighted[i] = _w[i] * _w[i] * d;
                for (var j = 0; j < crossed.Count; j++) crossed[j] += _x.Orthonormal[j * k + i] * weighted[i] * _residuals[i];
            }
            // X'W²DX and X'WDPy.
            g[a] = Product(_x, _x, weighted);
            f[a] = crossed;
        }
        for (var a = 0; a < q; a++)
        {
            for (var b = 0; b <= a; b++)
            {
                double traceOfSecond = 0, traceOfSquare = 0, second = 0, square = 0;
                for (var i = 0; i < k; i++)
                {
                    double zz = _z.Orthonormal[a * k + i] * _z.Orthonormal[b * k + i], t = _tau2[i], w = _w[i], h = _leverages[i];
                    var wr = w * _residuals[i];
                    traceOfSecond += t * zz * (_restricted ? w - w * w * h : w);
                    traceOfSquare += t * t * zz * (_restricted ? w * w - 2 * w * w * w * h : w * w);
                    second += t * zz * wr * wr;
                    square += t * t * zz * w * wr * wr;
                }
                if (_restricted) traceOfSquare += (s * g[a] * s * g[b]).Trace();
                square -= f[a] * (s * f[b]);
                observed[a, b] = observed[b, a] = 0.5 * (traceOfSecond - traceOfSquare) - 0.5 * (second - 2 * square);
                expected[a, b] = expected[b, a] = 0.5 * traceOfSquare;
            }
        }
        return (gradient, observed, expected);
    }

    private static (Vector<double> Step, bool IsNewton) Step(Vector<double> gradient, Matrix<double> observed, Matrix<double> expected)
    {
        double[] factor = observed.ToColumnMajorArray();
        var isNewton = SmallMatrix.TryCholesky(factor, gradient.Count);
        if (!isNewton)
        {
            factor = expected.ToColumnMajorArray();
            if (!SmallMatrix.TryCholesky(factor, gradient.Count)) return (gradient, false);
        }
        double[] step = [.. gradient];
        SmallMatrix.SolveLower(factor, step);
        SmallMatrix.SolveLowerTransposed(factor, step);
        return (new DenseVector(step), isNewton);
    }

    private static DenseMatrix Product(DesignMatrix left, DesignMatrix right, double[] weights)
    {
        var k = weights.Length;
        var product = new DenseMatrix(left.Parameters, right.Parameters);
        for (var a = 0; a < left.Parameters; a++)
        {
            for (var b = 0; b <= a; b++)
            {
                double sum = 0;
                for (var i = 0; i < k; i++) sum += weights[i] * left.Orthonormal[a * k + i] * right.Orthonormal[b * k + i];
                product[a, b] = product[b, a] = sum;
            }
        }
        return product;
    }
}
