using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The model with moderators, O(k p²) at each tau². The design is given as k x p orthonormal columns, one after the other, so that
/// X'WX is as well conditioned as the weights allow, whatever the units of the moderators. All room is given once by the caller.
/// </summary>
internal ref struct DesignSums : IModelSums
{
    private readonly ReadOnlySpan<double> _yi;
    private readonly ReadOnlySpan<double> _vi;
    private readonly ReadOnlySpan<double> _columns;
    private readonly int _p;
    private readonly Span<double> _w;
    private readonly Span<double> _wx;
    private readonly Span<double> _residuals;
    private readonly Span<double> _factor;
    private readonly Span<double> _m2;
    private readonly Span<double> _m3;
    private readonly Span<double> _coefficients;
    private readonly Span<double> _g;
    private double _tau2;

    public DesignSums(ReadOnlySpan<double> yi, ReadOnlySpan<double> vi, ReadOnlySpan<double> columns, int parameters, Span<double> scratch)
    {
        int k = yi.Length, p = parameters;
        _yi = yi;
        _vi = vi;
        _columns = columns[..(k * p)];
        _p = p;
        _w = scratch[..k];
        _wx = scratch.Slice(k, k);
        _residuals = scratch.Slice(2 * k, k);
        var rest = scratch[(3 * k)..];
        _factor = rest[..(p * p)];
        _m2 = rest.Slice(p * p, p * p);
        _m3 = rest.Slice(2 * p * p, p * p);
        _coefficients = rest.Slice(3 * p * p, p);
        _g = rest.Slice(3 * p * p + p, p);
    }

    /// <summary>How many numbers of scratch room a model of this size takes.</summary>
    public static int ScratchLength(int count, int parameters) => 3 * count + 3 * parameters * parameters + 2 * parameters;

    public readonly int Count => _yi.Length;

    public readonly int Parameters => _p;

    public double SumOfWeights { get; private set; }

    public double SumOfSquaredWeights { get; private set; }

    public double Q { get; private set; }

    public double YPPY { get; private set; }

    public double YPPPY { get; private set; }

    public double TraceP { get; private set; }

    public double TracePP { get; private set; }

    /// <summary>The coefficients of the orthonormal columns.</summary>
    public readonly ReadOnlySpan<double> Coefficients => _coefficients;

    /// <summary>y less the fitted values.</summary>
    public readonly ReadOnlySpan<double> Residuals => _residuals;

    /// <summary>L of X'WX = LL' with the orthonormal columns.</summary>
    public readonly ReadOnlySpan<double> Factor => _factor;

    /// <summary>w = 1/(v + tau²).</summary>
    public readonly ReadOnlySpan<double> Weights => _w;

    public readonly double LogInformation => SmallMatrix.LogDeterminant(_factor, _p);

    public void MoveTo(double tau2)
    {
        _tau2 = tau2;
        TensorPrimitives.Add(_vi, tau2, _w);
        TensorPrimitives.Divide(1.0, _w, _w);
        SumOfWeights = TensorPrimitives.Sum<double>(_w);
        SumOfSquaredWeights = TensorPrimitives.SumOfSquares<double>(_w);
        Products();
        if (!SmallMatrix.TryCholesky(_factor, _p)) throw Degenerate();
        SolveCoefficients(_w, _coefficients);

        double q = 0, yppy = 0, w3e2 = 0;
        for (var i = 0; i < _yi.Length; i++)
        {
            var we = _w[i] * _residuals[i];
            q += we * _residuals[i];
            yppy += we * we;
            w3e2 += _w[i] * we * we;
            _wx[i] = _w[i] * we;
        }
        var k = _yi.Length;
        for (var j = 0; j < _p; j++) _g[j] = TensorPrimitives.Dot(_columns.Slice(j * k, k), _wx);
        SmallMatrix.SolveLower(_factor, _g);
        Q = q;
        YPPY = yppy;
        YPPPY = w3e2 - TensorPrimitives.SumOfSquares<double>(_g);

        SmallMatrix.Whiten(_factor, _m2, _p);
        SmallMatrix.Whiten(_factor, _m3, _p);
        TraceP = SumOfWeights - SmallMatrix.Trace(_m2, _p);
        TracePP = SumOfSquaredWeights - 2 * SmallMatrix.Trace(_m3, _p) + SmallMatrix.TraceOfProduct(_m2, _m2);
    }

    public readonly double LogVariances() => WeightedSums.LogDeterminant(_tau2, _vi);

    /// <summary>Overwrites the state at tau²; the next <see cref="MoveTo"/> makes it anew.</summary>
    public readonly Moments MomentsWith(in MomentWeights weights)
    {
        var k = _yi.Length;
        double a1 = 0, a2 = 0, av = 0, a2v = 0, a2v2 = 0;
        for (var i = 0; i < k; i++)
        {
            var v = _vi[i];
            var a = weights.At(i, v);
            _w[i] = a;
            a1 += a;
            a2 += a * a;
            av += a * v;
            a2v += a * a * v;
            a2v2 += a * a * v * v;
        }
        Products();
        if (!SmallMatrix.TryCholesky(_factor, _p)) throw Degenerate();
        SolveCoefficients(_w, _coefficients);
        double q = 0;
        for (var i = 0; i < k; i++) q += _w[i] * _residuals[i] * _residuals[i];

        SmallMatrix.Whiten(_factor, _m2, _p);
        SmallMatrix.Whiten(_factor, _m3, _p);
        var traceP = a1 - SmallMatrix.Trace(_m2, _p);
        var tracePP = a2 - 2 * SmallMatrix.Trace(_m3, _p) + SmallMatrix.TraceOfProduct(_m2, _m2);

        // The products with V: X'A²VX beside X'A²X first, then X'A³VX and X'A³V²X, of which only traces are needed.
        WeightedProduct(power: 2, ofVariance: 1, _m3);
        SmallMatrix.Whiten(_factor, _m3, _p);
        var tracePV = av - SmallMatrix.Trace(_m3, _p);
        var pvp = SmallMatrix.TraceOfProduct(_m2, _m3);
        var pvpv = SmallMatrix.TraceOfProduct(_m3, _m3);
        WeightedProduct(power: 3, ofVariance: 1, _m2);
        SmallMatrix.Whiten(_factor, _m2, _p);
        var tracePVP = a2v - 2 * SmallMatrix.Trace(_m2, _p) + pvp;
        WeightedProduct(power: 3, ofVariance: 2, _m2);
        SmallMatrix.Whiten(_factor, _m2, _p);
        var tracePVPV = a2v2 - 2 * SmallMatrix.Trace(_m2, _p) + pvpv;
        return new Moments(q, traceP, tracePP, tracePV, tracePVP, tracePVPV, a1);
    }

    public readonly (double OfEffects, double OfSampling) MeanVariances() => InterceptSums.MeanVariances(_yi, _vi);

    /// <summary>Coefficients and residuals of the regression with these weights, whose X'WX has the present factor.</summary>
    private readonly void SolveCoefficients(ReadOnlySpan<double> weights, Span<double> coefficients)
    {
        var k = _yi.Length;
        TensorPrimitives.Multiply(weights, _yi, _wx);
        for (var j = 0; j < _p; j++) coefficients[j] = TensorPrimitives.Dot(_columns.Slice(j * k, k), _wx);
        SmallMatrix.SolveLower(_factor, coefficients);
        SmallMatrix.SolveLowerTransposed(_factor, coefficients);
        _yi.CopyTo(_residuals);
        for (var j = 0; j < _p; j++)
        {
            TensorPrimitives.MultiplyAdd(_columns.Slice(j * k, k), -coefficients[j], _residuals, _residuals);
        }
    }

    /// <summary>X'WX, X'W²X and X'W³X in one pass over each pair of columns.</summary>
    private readonly void Products()
    {
        var k = _yi.Length;
        var w = MemoryMarshal.Cast<double, Vector<double>>(_w);
        for (var a = 0; a < _p; a++)
        {
            var left = _columns.Slice(a * k, k);
            var ls = MemoryMarshal.Cast<double, Vector<double>>(left);
            for (var b = 0; b <= a; b++)
            {
                var right = _columns.Slice(b * k, k);
                var rs = MemoryMarshal.Cast<double, Vector<double>>(right);
                Vector<double> s1 = default, s2 = default, s3 = default;
                for (var i = 0; i < w.Length; i++)
                {
                    var t = w[i] * ls[i] * rs[i];
                    s1 += t;
                    t *= w[i];
                    s2 += t;
                    s3 += t * w[i];
                }
                double m1 = Vector.Sum(s1), m2 = Vector.Sum(s2), m3 = Vector.Sum(s3);
                for (var i = w.Length * Vector<double>.Count; i < k; i++)
                {
                    var t = _w[i] * left[i] * right[i];
                    m1 += t;
                    m2 += t * _w[i];
                    m3 += t * _w[i] * _w[i];
                }
                _factor[a * _p + b] = _factor[b * _p + a] = m1;
                _m2[a * _p + b] = _m2[b * _p + a] = m2;
                _m3[a * _p + b] = _m3[b * _p + a] = m3;
            }
        }
    }

    private readonly void WeightedProduct(int power, int ofVariance, Span<double> target)
    {
        var k = _yi.Length;
        for (var i = 0; i < k; i++)
        {
            _wx[i] = _w[i] * _w[i] * (power == 3 ? _w[i] : 1) * (ofVariance == 2 ? _vi[i] * _vi[i] : _vi[i]);
        }
        for (var a = 0; a < _p; a++)
        {
            for (var b = 0; b <= a; b++)
            {
                double sum = 0;
                for (var i = 0; i < k; i++) sum += _wx[i] * _columns[a * k + i] * _columns[b * k + i];
                target[a * _p + b] = target[b * _p + a] = sum;
            }
        }
    }

    private static NonConvergenceException Degenerate() => new("The regression on the moderators",
        "the weights of the studies differ so much, or are zero for so many, that the coefficients are not determined", 0);
}
