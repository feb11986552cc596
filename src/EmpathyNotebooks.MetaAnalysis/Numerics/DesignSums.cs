using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The model with moderators, O(k p²) at each tau². The design is given as k x p orthonormal columns, one after the other; the sums are made over all
/// but p heavy rows that are kept apart (<see cref="PivotRows"/>), so that nothing cancels. With D the weights of those, A = X'WX seen from them is
/// D½(I + S)D½; of N, the rest, only sums of positive terms are needed. All room is given once by the caller.
/// </summary>
internal ref struct DesignSums : IModelSums
{
    private readonly ReadOnlySpan<double> _yi;
    private readonly ReadOnlySpan<double> _vi;
    private readonly int _p;
    private readonly PivotRows _pivots;
    private readonly ReadOnlySpan<double> _x;
    private readonly Span<double> _u;
    private readonly Span<double> _w;
    private readonly Span<double> _wx;
    private readonly Span<double> _residuals;
    private readonly Span<double> _factor;
    private readonly Span<double> _inverse;
    private readonly Span<double> _t;
    private readonly Span<double> _m2;
    private readonly Span<double> _m3;
    private readonly Span<double> _more;
    private readonly Span<double> _roots;
    private readonly Span<double> _shift;
    private readonly Span<double> _g;
    private readonly Span<double> _coefficients;
    private double _tau2;

    public DesignSums(ReadOnlySpan<double> yi, ReadOnlySpan<double> vi, ReadOnlySpan<double> columns, int parameters, Span<double> scratch)
    {
        int k = yi.Length, p = parameters;
        _yi = yi;
        _vi = vi;
        _p = p;
        var pivotRoom = PivotRows.ScratchLength(k, p);
        _pivots = new PivotRows(columns[..(k * p)], k, p, scratch[..pivotRoom]);
        _x = _pivots.Combinations;
        var rest = scratch[pivotRoom..];
        _u = rest[..k];
        _w = rest.Slice(k, k);
        _wx = rest.Slice(2 * k, k);
        _residuals = rest.Slice(3 * k, k);
        rest = rest[(4 * k)..];
        _factor = rest[..(p * p)];
        _inverse = rest.Slice(p * p, p * p);
        _t = rest.Slice(2 * p * p, p * p);
        _m2 = rest.Slice(3 * p * p, p * p);
        _m3 = rest.Slice(4 * p * p, p * p);
        _more = rest.Slice(5 * p * p, p * p);
        rest = rest[(6 * p * p)..];
        _roots = rest[..p];
        _shift = rest.Slice(p, p);
        _g = rest.Slice(2 * p, p);
        _coefficients = rest.Slice(3 * p, p);
        TensorPrimitives.Divide(1.0, _vi, _w);
        Choose();
    }

    /// <summary>How many numbers of scratch room a model of this size takes.</summary>
    public static int ScratchLength(int count, int parameters) =>
        PivotRows.ScratchLength(count, parameters) + 4 * count + 6 * parameters * parameters + 4 * parameters;

    public readonly int Count => _yi.Length;

    public readonly int Parameters => _p;

    public readonly double SmallestVariance => TensorPrimitives.Min(_vi);

    public readonly double LargestVariance => TensorPrimitives.Max(_vi);

    public double SumOfWeights { get; private set; }

    public double SumOfSquaredWeights { get; private set; }

    public double Q { get; private set; }

    public double YPPY { get; private set; }

    public double YPPPY { get; private set; }

    public double TraceP { get; private set; }

    public double TracePP { get; private set; }

    public double LogInformation { get; private set; }

    /// <summary>The coefficients of the orthonormal columns.</summary>
    public readonly ReadOnlySpan<double> Coefficients => _coefficients;

    /// <summary>y less the fitted values.</summary>
    public readonly ReadOnlySpan<double> Residuals => _residuals;

    /// <summary>w = 1/(v + tau²).</summary>
    public readonly ReadOnlySpan<double> Weights => _w;

    public void MoveTo(double tau2)
    {
        _tau2 = tau2;
        int k = _yi.Length, p = _p;
        TensorPrimitives.Add(_vi, tau2, _w);
        TensorPrimitives.Divide(1.0, _w, _w);
        SumOfWeights = TensorPrimitives.Sum<double>(_w);
        SumOfSquaredWeights = TensorPrimitives.SumOfSquares<double>(_w);
        Solve();

        double r1 = 0, r2 = 0, q = 0, yppy = 0;
        for (var i = 0; i < k; i++)
        {
            double w = _w[i], we = w * _residuals[i];
            r1 += w;
            r2 += w * w;
            q += we * _residuals[i];
            yppy += we * we;
            _wx[i] = we;
        }
        // y'PPPy is what a regression of g = We with weights w leaves of it, taken as differences from the pivots' g.
        for (var b = 0; b < p; b++)
        {
            var g = -_roots[b] * _roots[b] * _shift[b];
            q -= g * _shift[b];
            yppy += g * g;
            TensorPrimitives.MultiplyAdd(Column(b), -g, _wx, _wx);
        }
        double spread = 0;
        for (var i = 0; i < k; i++)
        {
            spread += _w[i] * _wx[i] * _wx[i];
            _wx[i] *= _w[i];
        }
        for (var b = 0; b < p; b++) _g[b] = TensorPrimitives.Dot(Column(b), _wx) / _roots[b];
        SmallMatrix.SolveLower(_factor, _g);
        (Q, YPPY, YPPPY) = (q, yppy, spread - TensorPrimitives.SumOfSquares<double>(_g));

        // tr(P) and tr(PP) by blocks: the rest, the pivots, and what is between them.
        double traceP = r1 - SmallMatrix.TraceOfProduct(_inverse, _m2), tracePP = r2 - 2 * SmallMatrix.TraceOfProduct(_inverse, _m3);
        SmallMatrix.Multiply(_inverse, _m2, _m3, p);
        tracePP += SmallMatrix.TraceOfSquare(_m3, p);
        SmallMatrix.Multiply(_m3, _inverse, _m2, p);
        double logWeights = 0;
        for (var b = 0; b < p; b++)
        {
            var d = _roots[b] * _roots[b];
            traceP += d * _t[b * p + b];
            tracePP += 2 * d * _m2[b * p + b];
            for (var c = 0; c < p; c++) tracePP += d * _roots[c] * _roots[c] * _t[b * p + c] * _t[b * p + c];
            logWeights += Math.Log(d);
        }
        (TraceP, TracePP) = (traceP, tracePP);
        LogInformation = logWeights + SmallMatrix.LogDeterminant(_factor, p) + _pivots.LogSquaredDeterminant();

        for (var b = 0; b < p; b++)
        {
            _w[_pivots.Rows[b]] = 1 / (_vi[_pivots.Rows[b]] + tau2);
            _g[b] = _yi[_pivots.Rows[b]] + _shift[b];
        }
        _pivots.ToCoefficients(_g, _coefficients);
    }

    /// <summary>(X'WX)⁻¹ for the orthonormal columns.</summary>
    public readonly void CopyCovariance(Span<double> covariance)
    {
        // EE' with one column of E for each column of D^-½ L⁻ᵀ.
        var p = _p;
        covariance.Clear();
        for (var j = 0; j < p; j++)
        {
            _g.Clear();
            _g[j] = 1;
            SmallMatrix.SolveLowerTransposed(_factor, _g);
            for (var b = 0; b < p; b++) _g[b] /= _roots[b];
            var column = _more[..p];
            _pivots.ToCoefficients(_g, column);
            for (var a = 0; a < p; a++)
            {
                for (var b = 0; b < p; b++) covariance[a * p + b] += column[a] * column[b];
            }
        }
    }

    public readonly double LogVariances() => WeightedSums.LogDeterminant(_tau2, _vi);

    /// <summary>Overwrites the state at tau²; the next <see cref="MoveTo"/> makes it anew.</summary>
    public readonly Moments MomentsWith(in MomentWeights weights)
    {
        int k = _yi.Length, p = _p;
        double total = 0;
        for (var i = 0; i < k; i++)
        {
            _w[i] = weights.At(i, _vi[i]);
            total += _w[i];
        }
        Choose();
        Solve();
        double q = 0, a1 = 0, a2 = 0, av = 0, a2v = 0, a2v2 = 0;
        for (var i = 0; i < k; i++)
        {
            double a = _w[i], v = _vi[i];
            q += a * _residuals[i] * _residuals[i];
            a1 += a;
            a2 += a * a;
            av += a * v;
            a2v += a * a * v;
            a2v2 += a * a * v * v;
        }
        // Products of the rest with V, of which M⁻¹ takes the traces.
        double traceP = a1 - SmallMatrix.TraceOfProduct(_inverse, _m2), tracePP = a2 - 2 * SmallMatrix.TraceOfProduct(_inverse, _m3);
        WeightedProduct(power: 3, ofVariance: 1, _more);
        var tracePVP = a2v - 2 * SmallMatrix.TraceOfProduct(_inverse, _more);
        WeightedProduct(power: 3, ofVariance: 2, _more);
        var tracePVPV = a2v2 - 2 * SmallMatrix.TraceOfProduct(_inverse, _more);
        WeightedProduct(power: 2, ofVariance: 1, _more);
        var tracePV = av - SmallMatrix.TraceOfProduct(_inverse, _more);
        SmallMatrix.Multiply(_inverse, _m2, _m3, p);
        SmallMatrix.Multiply(_inverse, _more, _m2, p);
        tracePP += SmallMatrix.TraceOfSquare(_m3, p);
        tracePVP += SmallMatrix.TraceOfGeneralProduct(_m3, _m2, p);
        tracePVPV += SmallMatrix.TraceOfSquare(_m2, p);
        for (var b = 0; b < p; b++)
        {
            double d = _roots[b] * _roots[b], v = _vi[_pivots.Rows[b]], between = 0, betweenV = 0;
            for (var c = 0; c < p; c++)
            {
                between += _m3[b * p + c] * _inverse[c * p + b];
                betweenV += _m2[b * p + c] * _inverse[c * p + b];
                double square = d * _roots[c] * _roots[c] * _t[b * p + c] * _t[b * p + c], vc = _vi[_pivots.Rows[c]];
                tracePP += square;
                tracePVP += v * square;
                tracePVPV += v * vc * square;
            }
            q += d * _shift[b] * _shift[b];
            traceP += d * _t[b * p + b];
            tracePV += v * d * _t[b * p + b];
            tracePP += 2 * d * between;
            tracePVP += d * betweenV + v * d * between;
            tracePVPV += 2 * v * d * betweenV;
        }
        TensorPrimitives.Divide(1.0, _vi, _w);
        Choose();
        return new Moments(q, traceP, tracePP, tracePV, tracePVP, tracePVPV, total);
    }

    public readonly (double OfEffects, double OfSampling) MeanVariances() => InterceptSums.MeanVariances(_yi, _vi);

    /// <summary>Chooses the pivots for the weights and takes all effects as differences from what those alone would predict.</summary>
    private readonly void Choose()
    {
        if (!_pivots.TryChoose(_w, _wx)) throw Degenerate();
        _yi.CopyTo(_u);
        for (var b = 0; b < _p; b++) TensorPrimitives.MultiplyAdd(Column(b), -_yi[_pivots.Rows[b]], _u, _u);
        foreach (var row in _pivots.Rows) _u[row] = 0;
    }

    /// <summary>
    /// Coefficients, residuals and matrices for the weights w, from which those of the pivots are taken out: sums over w are then sums over the rest.
    /// </summary>
    private readonly void Solve()
    {
        var p = _p;
        for (var b = 0; b < p; b++)
        {
            var row = _pivots.Rows[b];
            _roots[b] = Math.Sqrt(_w[row]);
            _w[row] = 0;
        }
        Products();
        // M = I + S; T = I - M⁻¹ = M⁻¹S without the difference.
        _factor.CopyTo(_more);
        for (var b = 0; b < p; b++) _factor[b * p + b] += 1;
        if (!SmallMatrix.TryCholesky(_factor, p)) throw Degenerate();
        SmallMatrix.Invert(_factor, _inverse, p);
        SmallMatrix.Multiply(_inverse, _more, _t, p);
        TensorPrimitives.Multiply(_w, _u, _wx);
        for (var b = 0; b < p; b++) _shift[b] = TensorPrimitives.Dot(Column(b), _wx) / _roots[b];
        SmallMatrix.SolveLower(_factor, _shift);
        SmallMatrix.SolveLowerTransposed(_factor, _shift);
        _u.CopyTo(_residuals);
        for (var b = 0; b < p; b++)
        {
            _shift[b] /= _roots[b];
            TensorPrimitives.MultiplyAdd(Column(b), -_shift[b], _residuals, _residuals);
        }
    }

    /// <summary>S, and X'W²X and X'W³X of the rest scaled alike, in one pass over each pair of columns.</summary>
    private readonly void Products()
    {
        var k = _yi.Length;
        var w = MemoryMarshal.Cast<double, Vector<double>>(_w);
        for (var a = 0; a < _p; a++)
        {
            var left = Column(a);
            var ls = MemoryMarshal.Cast<double, Vector<double>>(left);
            for (var b = 0; b <= a; b++)
            {
                var right = Column(b);
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
                double m1 = Vector.Sum(s1), m2 = Vector.Sum(s2), m3 = Vector.Sum(s3), scale = _roots[a] * _roots[b];
                for (var i = w.Length * Vector<double>.Count; i < k; i++)
                {
                    var t = _w[i] * left[i] * right[i];
                    m1 += t;
                    m2 += t * _w[i];
                    m3 += t * _w[i] * _w[i];
                }
                _factor[a * _p + b] = _factor[b * _p + a] = m1 / scale;
                _m2[a * _p + b] = _m2[b * _p + a] = m2 / scale;
                _m3[a * _p + b] = _m3[b * _p + a] = m3 / scale;
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
                for (var i = 0; i < k; i++) sum += _wx[i] * _x[a * k + i] * _x[b * k + i];
                target[a * _p + b] = target[b * _p + a] = sum / (_roots[a] * _roots[b]);
            }
        }
    }

    private readonly ReadOnlySpan<double> Column(int b) => _x.Slice(b * _yi.Length, _yi.Length);

    private static ConvergenceException Degenerate() => new("The regression on the moderators",
        "the weights of the studies differ so much, or are zero for so many, that the coefficients are not determined", 0, NonConvergence.Precision);
}
