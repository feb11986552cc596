using System.Numerics;
using System.Runtime.InteropServices;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The sums that every model without moderators is made of, at one value of tau²: weights w = 1/(v + tau²), their mean, and powers of
/// the residuals e = y - mean. Two passes over the data, no allocation.
/// </summary>
internal readonly struct WeightedSums
{
    private WeightedSums(double w1, double w2, double w3, double mean, double we2, double w2e, double w2e2, double w3e2)
    {
        W1 = w1;
        W2 = w2;
        W3 = w3;
        Mean = mean;
        We2 = we2;
        W2e = w2e;
        W2e2 = w2e2;
        W3e2 = w3e2;
    }

    /// <summary>Σw.</summary>
    public double W1 { get; }

    /// <summary>Σw².</summary>
    public double W2 { get; }

    /// <summary>Σw³.</summary>
    public double W3 { get; }

    /// <summary>Σwy / Σw.</summary>
    public double Mean { get; }

    /// <summary>Σwe², the generalised Q.</summary>
    public double We2 { get; }

    /// <summary>Σw²e.</summary>
    public double W2e { get; }

    /// <summary>Σw²e².</summary>
    public double W2e2 { get; }

    /// <summary>Σw³e².</summary>
    public double W3e2 { get; }

    /// <summary>The smallest difference in tau² that rounding lets these sums tell: a few units in the last place of v + tau².</summary>
    public double Resolution => 1e-14 * W1 / W2;

    /// <summary>tr(P), P = W - W11'W/Σw.</summary>
    public double TraceP => W1 - W2 / W1;

    /// <summary>tr(PP).</summary>
    public double TracePP => W2 - 2 * W3 / W1 + W2 * W2 / (W1 * W1);

    /// <summary>y'PPPy.</summary>
    public double YPPPY => W3e2 - W2e * W2e / W1;

    public static WeightedSums At(double tau2, ReadOnlySpan<double> yi, ReadOnlySpan<double> vi)
    {
        var ys = MemoryMarshal.Cast<double, Vector<double>>(yi);
        var vs = MemoryMarshal.Cast<double, Vector<double>>(vi);
        var rest = ys.Length * Vector<double>.Count;
        var tau = new Vector<double>(tau2);
        Vector<double> a1 = default, a2 = default, a3 = default, ay = default;
        for (var i = 0; i < ys.Length; i++)
        {
            var w = Vector<double>.One / (vs[i] + tau);
            var ww = w * w;
            a1 += w;
            a2 += ww;
            a3 += ww * w;
            ay += w * ys[i];
        }
        double w1 = Vector.Sum(a1), w2 = Vector.Sum(a2), w3 = Vector.Sum(a3), wy = Vector.Sum(ay);
        for (var i = rest; i < yi.Length; i++)
        {
            var w = 1 / (vi[i] + tau2);
            w1 += w;
            w2 += w * w;
            w3 += w * w * w;
            wy += w * yi[i];
        }

        var mean = wy / w1;
        var centre = new Vector<double>(mean);
        Vector<double> b1 = default, b2 = default, b3 = default, b4 = default;
        for (var i = 0; i < ys.Length; i++)
        {
            var w = Vector<double>.One / (vs[i] + tau);
            var e = ys[i] - centre;
            var we = w * e;
            var wwe = w * we;
            b1 += we * e;
            b2 += wwe;
            b3 += we * we;
            b4 += we * wwe;
        }
        double we2 = Vector.Sum(b1), w2e = Vector.Sum(b2), w2e2 = Vector.Sum(b3), w3e2 = Vector.Sum(b4);
        for (var i = rest; i < yi.Length; i++)
        {
            var w = 1 / (vi[i] + tau2);
            var e = yi[i] - mean;
            we2 += w * e * e;
            w2e += w * w * e;
            w2e2 += w * w * e * e;
            w3e2 += w * w * w * e * e;
        }
        return new WeightedSums(w1, w2, w3, mean, we2, w2e, w2e2, w3e2);
    }

    /// <summary>Σ ln(v + tau²), which only the likelihood itself needs.</summary>
    public static double LogDeterminant(double tau2, ReadOnlySpan<double> vi)
    {
        double sum = 0;
        foreach (var v in vi) sum += Math.Log(v + tau2);
        return sum;
    }
}
