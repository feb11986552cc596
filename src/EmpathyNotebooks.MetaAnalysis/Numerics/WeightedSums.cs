using System.Numerics;
using System.Runtime.InteropServices;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The sums that every model without moderators is made of, at one value of tau²: weights w = 1/(v + tau²), their mean, and powers of
/// the residuals e = y - mean. Two passes over the data, no allocation. The most precise effect, the pivot, is kept apart and all others are taken as
/// differences from it: however much it outweighs them, what they say about tau² is then never lost to rounding.
/// </summary>
internal readonly struct WeightedSums
{
    // Sums over all but the pivot, whose weight is _w.
    private readonly double _w;
    private readonly double _r1;
    private readonly double _r2;
    private readonly double _r3;

    private WeightedSums(double pivot, double origin, in First first)
    {
        (_w, _r1, _r2, _r3) = (pivot, first.R1, first.R2, first.R3);
        W1 = pivot + first.R1;
        Shift = first.Ry / W1;
        Mean = origin + Shift;
    }

    private WeightedSums(in WeightedSums first, in Second second)
    {
        this = first;
        // The residual of the pivot is -shift.
        var we = _w * Shift;
        We2 = second.Q + we * Shift;
        W2e2 = second.Squares + we * we;
        YPPPY = second.Spread - second.Lean * second.Lean / W1;
    }

    /// <summary>Σw.</summary>
    public double W1 { get; }

    /// <summary>Σw².</summary>
    public double W2 => _w * _w + _r2;

    /// <summary>Σw³.</summary>
    public double W3 => _w * _w * _w + _r3;

    /// <summary>Σwy / Σw.</summary>
    public double Mean { get; }

    /// <summary>Σwe², the generalised Q.</summary>
    public double We2 { get; }

    /// <summary>Σw²e², y'PPy.</summary>
    public double W2e2 { get; }

    /// <summary>y'PPPy.</summary>
    public double YPPPY { get; }

    /// <summary>tr(P) = Σw - Σw²/Σw, P = W - W11'W/Σw, without its cancellation.</summary>
    public double TraceP => (2 * _w * _r1 + Math.Max(0, _r1 * _r1 - _r2)) / W1;

    /// <summary>tr(PP) = Σw² - 2Σw³/Σw + (Σw²/Σw)².</summary>
    public double TracePP =>
        (W1 * W1 * _r2 - 2 * W1 * _r3 + _w * _w * (_r1 * _r1 + 2 * _r2) + _r2 * _r2) / (W1 * W1);

    /// <summary>Σw³ - (Σw²)²/Σw, how much the weights differ.</summary>
    public double WeightSpread
    {
        get
        {
            var lean = _r2 - _w * _r1;
            return Math.Max(0, _r3 - 2 * _w * _r2 + _w * _w * _r1 - lean * lean / W1);
        }
    }

    private double Shift { get; }

    /// <param name="tau2">tau².</param>
    /// <param name="yi">Effects.</param>
    /// <param name="vi">Their variances.</param>
    /// <param name="pivot">The row with the smallest variance.</param>
    public static WeightedSums At(double tau2, ReadOnlySpan<double> yi, ReadOnlySpan<double> vi, int pivot)
    {
        var origin = yi[pivot];
        var before = new First();
        before.Add(tau2, origin, yi[..pivot], vi[..pivot]);
        before.Add(tau2, origin, yi[(pivot + 1)..], vi[(pivot + 1)..]);
        var sums = new WeightedSums(1 / (vi[pivot] + tau2), origin, before);

        var second = new Second(origin, sums.Shift, -sums._w * sums.Shift);
        second.Add(tau2, yi[..pivot], vi[..pivot]);
        second.Add(tau2, yi[(pivot + 1)..], vi[(pivot + 1)..]);
        return new WeightedSums(sums, second);
    }

    /// <summary>Σ ln(v + tau²), which only the likelihood itself needs.</summary>
    public static double LogDeterminant(double tau2, ReadOnlySpan<double> vi)
    {
        double sum = 0;
        foreach (var v in vi) sum += Math.Log(v + tau2);
        return sum;
    }

    /// <summary>Powers of the weights, and Σw(y - origin).</summary>
    private struct First
    {
        public double R1, R2, R3, Ry;

        public void Add(double tau2, double origin, ReadOnlySpan<double> yi, ReadOnlySpan<double> vi)
        {
            var ys = MemoryMarshal.Cast<double, Vector<double>>(yi);
            var vs = MemoryMarshal.Cast<double, Vector<double>>(vi);
            Vector<double> tau = new(tau2), zero = new(origin), a1 = default, a2 = default, a3 = default, ay = default;
            for (var i = 0; i < ys.Length; i++)
            {
                var w = Vector<double>.One / (vs[i] + tau);
                var ww = w * w;
                a1 += w;
                a2 += ww;
                a3 += ww * w;
                ay += w * (ys[i] - zero);
            }
            R1 += Vector.Sum(a1);
            R2 += Vector.Sum(a2);
            R3 += Vector.Sum(a3);
            Ry += Vector.Sum(ay);
            for (var i = ys.Length * Vector<double>.Count; i < yi.Length; i++)
            {
                var w = 1 / (vi[i] + tau2);
                R1 += w;
                R2 += w * w;
                R3 += w * w * w;
                Ry += w * (yi[i] - origin);
            }
        }
    }

    /// <summary>Squares of the residuals e; y'PPPy is the scatter of g = we with weights w, summed as differences from the pivot's.</summary>
    private struct Second(double origin, double shift, double pivot)
    {
        public double Q, Squares, Lean, Spread;

        public void Add(double tau2, ReadOnlySpan<double> yi, ReadOnlySpan<double> vi)
        {
            var ys = MemoryMarshal.Cast<double, Vector<double>>(yi);
            var vs = MemoryMarshal.Cast<double, Vector<double>>(vi);
            Vector<double> tau = new(tau2), zero = new(origin), centre = new(shift), g0 = new(pivot), b1 = default, b2 = default, b3 = default, b4 = default;
            for (var i = 0; i < ys.Length; i++)
            {
                var w = Vector<double>.One / (vs[i] + tau);
                var e = ys[i] - zero - centre;
                var g = w * e;
                var wh = w * (g - g0);
                b1 += g * e;
                b2 += g * g;
                b3 += wh;
                b4 += wh * (g - g0);
            }
            Q += Vector.Sum(b1);
            Squares += Vector.Sum(b2);
            Lean += Vector.Sum(b3);
            Spread += Vector.Sum(b4);
            for (var i = ys.Length * Vector<double>.Count; i < yi.Length; i++)
            {
                var w = 1 / (vi[i] + tau2);
                var e = yi[i] - origin - shift;
                var g = w * e;
                Q += g * e;
                Squares += g * g;
                Lean += w * (g - pivot);
                Spread += w * (g - pivot) * (g - pivot);
            }
        }
    }
}
