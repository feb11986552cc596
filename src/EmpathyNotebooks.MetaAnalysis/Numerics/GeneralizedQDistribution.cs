using System.Numerics;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The distribution of Q = y'Py with any weights A in P when y ~ N(Xβ, V + tau² I): a sum of chi² variables weighted by the eigenvalues λ of
/// (V + tau² I)P. Instead of finding eigenvalues, O(k³), the transform Π(1 + 2λs)^-½ = |I + 2s(V + tau² I)P|^-½ is taken from the determinant lemma,
/// O(k p²), and inverted along a parabola through its saddle point that opens to the left, where all singularities lie; the trapezoidal
/// rule then converges geometrically. Absolute accuracy about 1e-13.
/// </summary>
internal sealed class GeneralizedQDistribution
{
    private const double WidestStep = 0.15;
    private const double Negligible = -42;
    private const int MaxPoints = 4000;

    private readonly double[] _vi;
    private readonly double[] _a;
    private readonly double[] _columns;
    private readonly int _p;
    private readonly Moments _moments;
    private readonly double _logInformation;
    private readonly Complex[] _matrix;

    public GeneralizedQDistribution(ModelData data, ReadOnlySpan<double> weights)
    {
        var design = data.Design ?? DesignMatrix.Constant(data.Count);
        _vi = [.. data.Effects.Variances];
        _a = weights.ToArray();
        _columns = design.Orthonormal;
        _p = design.Parameters;
        _matrix = new Complex[_p * _p];
        var sums = new DesignSums(data.Effects.Effects.AsSpan(), _vi, _columns, _p, new double[DesignSums.ScratchLength(_vi.Length, _p)]);
        _moments = sums.MomentsWith(MomentWeights.Of(_a));
        _logInformation = LogDeterminant(0, 0).Real;
    }

    /// <summary>Q of the effects.</summary>
    public double Observed => _moments.Q;

    /// <summary>Pr(Q ≤ q) at some tau².</summary>
    public double LowerTail(double q, double tau2)
    {
        if (q <= 0) return 0;
        // A single weighted chi² with the same mean and variance tells where the saddle is; the integral itself is exact.
        var mean = _moments.TracePV + tau2 * _moments.TraceP;
        var squares = _moments.TracePVPV + 2 * tau2 * _moments.TracePVP + tau2 * tau2 * _moments.TracePP;
        var lambda = squares / mean;
        var b = q - mean - 2 * lambda;
        var root = Math.Sqrt(b * b + 8 * lambda * q);
        // The roots of 2λq c² + b c - 1 = 0 in the form that does not cancel: right of the pole at 0 for the lower tail, left of it, but right of all
        // other singularities, for the upper one, so that neither tail is 1 less almost 1.
        var upper = q > mean;
        var leftmost = -0.5 / LargestEigenvalueBound(tau2);
        var c = !upper ? (b > 0 ? 2 / (b + root) : (root - b) / (4 * lambda * q))
            : Math.Max(b > 0 ? -(b + root) / (4 * lambda * q) : -2 / (root - b), 0.9 * leftmost);
        var at = 1 + 2 * lambda * c;
        var curvature = 2 * squares / (at * at) + 1 / (c * c);
        var width = 1 / Math.Sqrt(curvature);
        // The path of steepest descent of the transform itself: with many effects nearly upright, with few bent to the left. More bend, which the
        // pole at 0 would suggest, leads to where the transform grows again.
        var bend = 2 * lambda / (3 * at) * width;

        // The rule's error is e^(-2π d/step) with the nearest singularity d widths away: where one effect outweighs the others, that is near.
        var room = upper ? Math.Min(-c, c - leftmost) : c;
        var step = Math.Min(WidestStep, 0.18 * room / width);

        var sum = 0.0;
        for (var n = 0; n < MaxPoints; n++)
        {
            // Midpoints: the lower half of the contour mirrors the upper.
            var u = (n + 0.5) * step;
            var s = new Complex(c - bend * width * u * u, width * u);
            var exponent = s * q - 0.5 * (LogDeterminant(s, tau2) - _logInformation);
            if (exponent.Real < Negligible) return Math.Clamp((upper ? 1 : 0) + sum * step / Math.PI, 0, 1);
            var slope = new Complex(-2 * bend * width * u, width);
            sum += (Complex.Exp(exponent) / s * slope).Imaginary;
        }
        // Eigenvalues many decades apart with few effects: the transform falls as a power only.
        return AlongHyperbola(q, tau2, c, upper);
    }

    /// <summary>Pr(Q ≤ q) along a hyperbola around all singularities, at whose arms e^(sq) falls doubly exponentially whatever their scales (Weideman &amp; Trefethen 2007).</summary>
    /// <param name="q">Q.</param>
    /// <param name="tau2">tau².</param>
    /// <param name="c">Where it crosses the real axis.</param>
    /// <param name="upper">True for c left of the pole at 0: the upper tail.</param>
    internal double AlongHyperbola(double q, double tau2, double c, bool upper)
    {
        const double angle = 0.7, step = 0.05;
        var nearest = upper ? -0.5 / LargestEigenvalueBound(tau2) : 0;
        var size = (c - nearest) / (1 - Math.Sin(angle));
        var sum = 0.0;
        for (var n = 0; n < MaxPoints; n++)
        {
            var x = (n + 0.5) * step;
            var s = new Complex(c + size * Math.Sin(angle) * (1 - Math.Cosh(x)), size * Math.Cos(angle) * Math.Sinh(x));
            var exponent = s * q - 0.5 * (LogDeterminant(s, tau2) - _logInformation);
            if (exponent.Real < Negligible) return Math.Clamp((upper ? 1 : 0) + sum * step / Math.PI, 0, 1);
            var slope = new Complex(-size * Math.Sin(angle) * Math.Sinh(x), size * Math.Cos(angle) * Math.Cosh(x));
            sum += (Complex.Exp(exponent) / s * slope).Imaginary;
        }
        throw new ConvergenceException("The distribution of the generalised Q statistic",
            "its integral does not end; the effects or variances are too large or too small for double precision", MaxPoints);
    }

    /// <summary>The tau² at which Q's lower tail at the observed value equals a probability; 0 where it is below that already at 0. It falls in tau².</summary>
    public double TauSquaredAt(double lowerTail)
    {
        if (LowerTail(Observed, 0) <= lowerTail) return 0;
        var high = Math.Max(_moments.Q / _moments.TraceP, 1e-300);
        for (var i = 0; LowerTail(Observed, high) > lowerTail; i++)
        {
            high *= 2;
            if (i > 1000 || !double.IsFinite(high))
            {
                throw new ConvergenceException("The search for tau squared by the generalised Q statistic",
                    "the effects or variances are too large or too small for double precision", i, NonConvergence.Precision);
            }
        }
        return Roots.Find(t => LowerTail(Observed, t) - lowerTail, 0, high, "The search for tau squared by the generalised Q statistic");
    }

    /// <summary>P ≤ A, so no eigenvalue of (V + tau² I)P exceeds the largest (v + tau²)a.</summary>
    private double LargestEigenvalueBound(double tau2)
    {
        double largest = 0;
        for (var i = 0; i < _vi.Length; i++) largest = Math.Max(largest, (_vi[i] + tau2) * _a[i]);
        return largest;
    }

    /// <summary>Σ ln(1 + 2s(v + tau²)a) + ln|X'A(I + 2s(V + tau² I)A)⁻¹X|, each logarithm continuous off the negative axis.</summary>
    private Complex LogDeterminant(Complex s, double tau2)
    {
        Array.Clear(_matrix);
        var log = Complex.Zero;
        double real = 1, imaginary = 0;
        var k = _vi.Length;
        for (var i = 0; i < k; i++)
        {
            // In real numbers, since the division of complex ones guards against overflow that cannot come here.
            var size = 2 * (_vi[i] + tau2) * _a[i];
            double x = 1 + size * s.Real, y = size * s.Imaginary, norm = x * x + y * y;
            // Logarithms are dear, so factors are multiplied until their argument could pass π: each turns by less than that.
            double re = real * x - imaginary * y, im = real * y + imaginary * x;
            if (im < 0 || re < 0 || Math.Max(re, im) is < 1e-150 or > 1e150)
            {
                log += Complex.Log(new Complex(real, imaginary));
                (real, imaginary) = (x, y);
            }
            else
            {
                (real, imaginary) = (re, im);
            }
            var w = new Complex(_a[i] * x / norm, -_a[i] * y / norm);
            for (var a = 0; a < _p; a++)
            {
                for (var b = 0; b <= a; b++) _matrix[a * _p + b] += w * (_columns[a * k + i] * _columns[b * k + i]);
            }
        }
        log += Complex.Log(new Complex(real, imaginary));

        // Pivots of a symmetric matrix whose imaginary part is definite keep the sign of theirs, so principal logarithms add up.
        for (var j = 0; j < _p; j++)
        {
            var pivot = _matrix[j * _p + j];
            log += Complex.Log(pivot);
            for (var a = j + 1; a < _p; a++)
            {
                var factor = _matrix[a * _p + j] / pivot;
                for (var b = j + 1; b <= a; b++) _matrix[a * _p + b] -= factor * _matrix[b * _p + j];
            }
        }
        return log;
    }
}
