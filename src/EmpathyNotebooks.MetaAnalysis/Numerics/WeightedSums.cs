using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The sums that every model without moderators is made of, at one value of tau²: weights w = 1/(v + tau²), their mean, and powers of
/// the residuals e = y - mean. One pass over the data with one division an effect, no allocation. The most precise effect, the pivot, is kept apart and all others are
/// summed without it: however much it outweighs them, what they say about tau² is then never lost to rounding.
/// </summary>
internal readonly struct WeightedSums
{
    // The weight of the pivot, and the sums of powers of weights over all others.
    private readonly double _w;
    private readonly double _r1;
    private readonly double _r2;
    private readonly double _r3;

    private WeightedSums(double w, double d, double origin, in Pass others)
    {
        (_w, _r1, _r2, _r3) = (w, others.R1, others.R2, others.R3);
        W1 = w + others.R1;
        var shift = (w * d + others.M1) / W1;
        Mean = origin + shift;
        // d - shift, without the weight of the pivot in the difference.
        var e = (others.R1 * d - others.M1) / W1;
        var g = w * e;
        var first = others.Q1 - shift * (2 * others.M1 - shift * others.R1);
        var second = others.Q2 - shift * (2 * others.M2 - shift * others.R2);
        var third = others.Q3 - shift * (2 * others.M3 - shift * others.R3);
        We2 = Math.Max(0, first) + g * e;
        W2e2 = Math.Max(0, second) + g * g;
        // y'PPPy is the scatter of we with weights w, summed as differences from the pivot's.
        var turned = others.M2 - shift * others.R2;
        var lean = turned - g * others.R1;
        var spread = third - g * (2 * turned - g * others.R1);
        YPPPY = Math.Max(0, spread - lean * lean / W1);
        var square = shift * shift;
        IsFar = square * others.R1 > Far * first || square * others.R2 > Far * second || square * others.R3 > Far * third;
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
    public double TracePP
    {
        get
        {
            // In units of the sum of weights, whose fourth power may leave double precision; a power of 2 changes no digit.
            var unit = Math.ScaleB(1, -Math.ILogB(W1));
            double sum = W1 * unit, w = _w * unit, r1 = _r1 * unit, r2 = _r2 * unit * unit, r3 = _r3 * unit * unit * unit;
            return (sum * sum * r2 - 2 * sum * r3 + w * w * (r1 * r1 + 2 * r2) + r2 * r2) / (sum * sum) / unit / unit;
        }
    }

    /// <summary>Σw³ - (Σw²)²/Σw, how much the weights differ.</summary>
    public double WeightSpread
    {
        get
        {
            var unit = Math.ScaleB(1, -Math.ILogB(W1));
            var lean = (_r2 - _w * _r1) * unit;
            return Math.Max(0, _r3 - 2 * _w * _r2 + _w * _w * _r1 - lean * lean / (W1 * unit) / unit);
        }
    }

    // Powers about an origin far from the mean, measured by the residuals, lose digits.
    private const double Far = 4;

    /// <summary>True where the origin of the powers is so far from the mean that they lose digits.</summary>
    public bool IsFar { get; }

    /// <param name="tau2">tau².</param>
    /// <param name="yi">Effects.</param>
    /// <param name="vi">Their variances.</param>
    /// <param name="pivot">The row with the smallest variance.</param>
    /// <param name="origin">Where differences are taken from, <see cref="OriginOf"/>.</param>
    public static WeightedSums At(double tau2, ReadOnlySpan<double> yi, ReadOnlySpan<double> vi, int pivot, double origin)
    {
        var sums = About(origin, tau2, yi, vi, pivot);
        return sums.IsFar ? About(sums.Mean, tau2, yi, vi, pivot) : sums;
    }

    /// <summary>The same from the powers of all but the pivot, however they were found.</summary>
    /// <param name="w">The weight of the pivot.</param>
    /// <param name="d">Its effect less the origin.</param>
    /// <param name="origin">Where differences are taken from.</param>
    /// <param name="others">The powers.</param>
    public static WeightedSums Of(double w, double d, double origin, in Pass others) => new(w, d, origin, others);

    /// <summary>The first row with the smallest variance.</summary>
    public static int PivotOf(ReadOnlySpan<double> vi)
    {
        var least = TensorPrimitives.Min(vi);
        var vs = MemoryMarshal.Cast<double, Vector<double>>(vi);
        var at = 0;
        for (Vector<double> sought = new(least); at < vs.Length && !Vector.EqualsAny(vs[at], sought); at++)
        {
        }
        for (at *= Vector<double>.Count; at < vi.Length; at++)
        {
            if (vi[at] == least) return at;
        }
        return 0;
    }

    /// <summary>The plain mean of the effects; exactly their value where they are equal. It does not depend on tau², so that the sums at one tau² are the same whatever was asked before.</summary>
    public static double OriginOf(ReadOnlySpan<double> yi, int pivot)
    {
        var ys = MemoryMarshal.Cast<double, Vector<double>>(yi);
        Vector<double> zero = new(yi[pivot]), total = default;
        for (var i = 0; i < ys.Length; i++) total += ys[i] - zero;
        var sum = Vector.Sum(total);
        for (var i = ys.Length * Vector<double>.Count; i < yi.Length; i++) sum += yi[i] - yi[pivot];
        return yi[pivot] + sum / yi.Length;
    }

    private static WeightedSums About(double origin, double tau2, ReadOnlySpan<double> yi, ReadOnlySpan<double> vi, int pivot)
    {
        var others = new Pass();
        others.Add(tau2, origin, yi, vi, pivot);
        return new WeightedSums(1 / (vi[pivot] + tau2), yi[pivot] - origin, origin, others);
    }

    /// <summary>Σ ln(v + tau²), which only the likelihood itself needs.</summary>
    public static double LogDeterminant(double tau2, ReadOnlySpan<double> vi)
    {
        double sum = 0;
        foreach (var v in vi) sum += Math.Log(v + tau2);
        return sum;
    }

    /// <summary>With d = y - origin: sums of w, w², w³, the same times d, and the same times d².</summary>
    public struct Pass
    {
        /// <summary>Sums of w, w² and w³; times d; times d².</summary>
        public double R1, R2, R3, M1, M2, M3, Q1, Q2, Q3;

        /// <summary>The nine as they stand one after another.</summary>
        public static Pass Of(ReadOnlySpan<double> nine) => new()
        {
            R1 = nine[0], R2 = nine[1], R3 = nine[2], M1 = nine[3], M2 = nine[4], M3 = nine[5], Q1 = nine[6], Q2 = nine[7], Q3 = nine[8],
        };

        /// <summary>The same the other way.</summary>
        public readonly void CopyTo(Span<double> nine)
        {
            (nine[0], nine[1], nine[2]) = (R1, R2, R3);
            (nine[3], nine[4], nine[5]) = (M1, M2, M3);
            (nine[6], nine[7], nine[8]) = (Q1, Q2, Q3);
        }

        /// <summary>Takes a row out again; false, and nothing is changed, where it is more than half of a sum of positive terms.</summary>
        /// <param name="w">Its weight.</param>
        /// <param name="d">Its effect less the origin.</param>
        public bool TrySubtract(double w, double d)
        {
            double ww = w * w, www = ww * w, dd = d * d;
            if (2 * w > R1 || 2 * ww > R2 || 2 * www > R3 || 2 * w * dd > Q1 || 2 * ww * dd > Q2 || 2 * www * dd > Q3) return false;
            (R1, R2, R3) = (R1 - w, R2 - ww, R3 - www);
            (M1, M2, M3) = (M1 - w * d, M2 - ww * d, M3 - www * d);
            (Q1, Q2, Q3) = (Q1 - w * dd, Q2 - ww * dd, Q3 - www * dd);
            return true;
        }

        /// <summary>Adds all rows but the pivot.</summary>
        public void Add(double tau2, double origin, ReadOnlySpan<double> yi, ReadOnlySpan<double> vi, int pivot)
        {
            var width = Vector<double>.Count;
            if (vi.Length < width)
            {
                for (var i = 0; i < vi.Length; i++)
                {
                    if (i != pivot) Add(1 / (vi[i] + tau2), yi[i] - origin);
                }
                return;
            }
            ref var y = ref MemoryMarshal.GetReference(yi);
            ref var v = ref MemoryMarshal.GetReference(vi[..yi.Length]);
            Vector<double> tau = new(tau2), zero = new(origin), r1 = default, r2 = default, r3 = default, m1 = default, m2 = default, m3 = default, q1 = default, q2 = default, q3 = default;
            // In runs: up to the vector with the pivot, that one, those behind it, and the last rows, whose vector reaches back over rows that are done.
            int whole = vi.Length - vi.Length % width, before = Math.Min(pivot - pivot % width, whole), behind = Math.Min(before + width, whole);
            for (var run = 0; run < 4; run++)
            {
                var (at, end) = run switch { 0 => (0, before), 1 => (before, behind), 2 => (behind, whole), _ => (whole == vi.Length ? whole : vi.Length - width, whole == vi.Length ? whole : vi.Length - width + 1) };
                var kept = run is 0 or 2 ? Vector<double>.AllBitsSet : Kept(run == 3 ? whole - at : 0, pivot - at);
                for (; at < end; at += width)
                {
                    var w = Vector.BitwiseAnd(Vector<double>.One / (Vector.LoadUnsafe(ref v, (nuint)at) + tau), kept);
                    var d = Vector.LoadUnsafe(ref y, (nuint)at) - zero;
                    var ww = w * w;
                    var wd = w * d;
                    var wwd = w * wd;
                    r1 += w;
                    r2 += ww;
                    r3 = Vector.FusedMultiplyAdd(ww, w, r3);
                    m1 += wd;
                    m2 += wwd;
                    m3 = Vector.FusedMultiplyAdd(wwd, w, m3);
                    q1 = Vector.FusedMultiplyAdd(wd, d, q1);
                    q2 = Vector.FusedMultiplyAdd(wd, wd, q2);
                    q3 = Vector.FusedMultiplyAdd(wwd, wd, q3);
                }
            }
            (R1, R2, R3) = (Vector.Sum(r1), Vector.Sum(r2), Vector.Sum(r3));
            (M1, M2, M3) = (Vector.Sum(m1), Vector.Sum(m2), Vector.Sum(m3));
            (Q1, Q2, Q3) = (Vector.Sum(q1), Vector.Sum(q2), Vector.Sum(q3));
        }

        /// <summary>The bits of the lanes that count: from one on, but for one more.</summary>
        private static Vector<double> Kept(int from, int except) => Vector.AndNot(
            Vector.GreaterThanOrEqual<double>(Vector<double>.Indices, new Vector<double>(from)), Vector.Equals<double>(Vector<double>.Indices, new Vector<double>(except)));

        /// <summary>Adds one row.</summary>
        /// <param name="w">Its weight.</param>
        /// <param name="d">Its effect less the origin.</param>
        public void Add(double w, double d)
        {
            double ww = w * w, wd = w * d, wwd = w * wd;
            R1 += w;
            R2 += ww;
            R3 += ww * w;
            M1 += wd;
            M2 += wwd;
            M3 += wwd * w;
            Q1 += wd * d;
            Q2 += wd * wd;
            Q3 += wwd * wd;
        }
    }
}
