using System.Numerics.Tensors;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The model without moderators: every answer from a few sums, O(k).</summary>
internal ref struct InterceptSums(ReadOnlySpan<double> yi, ReadOnlySpan<double> vi) : IInterceptSums
{
    private readonly ReadOnlySpan<double> _yi = yi;
    private readonly ReadOnlySpan<double> _vi = vi;
    private readonly int _pivot = WeightedSums.PivotOf(vi);
    private double _tau2 = double.NaN;
    private double _origin = double.NaN;
    private double _largest = double.NaN;

    public WeightedSums Sums { get; private set; }

    /// <summary>Cochran's Q and tr(P), where the model has been at tau² = 0.</summary>
    public (double Q, double TraceP)? AtZero { get; private set; }

    public readonly int Count => _yi.Length;

    public readonly int Parameters => 1;

    public readonly double SmallestVariance => _vi[_pivot];

    public double LargestVariance => double.IsNaN(_largest) ? _largest = TensorPrimitives.Max(_vi) : _largest;

    public readonly double SumOfWeights => Sums.W1;

    public readonly double SumOfSquaredWeights => Sums.W2;

    public readonly double Q => Sums.We2;

    public readonly double YPPY => Sums.W2e2;

    public readonly double YPPPY => Sums.YPPPY;

    public readonly double TraceP => Sums.TraceP;

    public readonly double TracePP => Sums.TracePP;

    public readonly double LogInformation => Math.Log(Sums.W1) - Math.Log(_yi.Length);

    public void MoveTo(double tau2)
    {
        if (tau2 == _tau2) return;
        _tau2 = tau2;
        if (double.IsNaN(_origin)) _origin = WeightedSums.OriginOf(_yi, _pivot);
        Sums = WeightedSums.At(tau2, _yi, _vi, _pivot, _origin);
        if (tau2 == 0) AtZero = (Q, TraceP);
    }

    public readonly double LogVariances() => WeightedSums.LogDeterminant(_tau2, _vi);

    /// <summary>With the heaviest effect kept apart, as in <see cref="WeightedSums"/>: ratios are those of the others' sums to its weight.</summary>
    public readonly Moments MomentsWith(in MomentWeights weights)
    {
        var pivot = 0;
        for (var i = 1; i < _yi.Length; i++)
        {
            if (weights.At(i, _vi[i]) > weights.At(pivot, _vi[pivot])) pivot = i;
        }
        double b = weights.At(pivot, _vi[pivot]), u = _vi[pivot];
        double a1 = 0, a2 = 0, a2v = 0, ay = 0;
        for (var i = 0; i < _yi.Length; i++)
        {
            if (i == pivot) continue;
            var a = weights.At(i, _vi[i]);
            a1 += a;
            a2 += a * a;
            a2v += a * a * _vi[i];
            ay += a * (_yi[i] - _yi[pivot]);
        }
        var total = b + a1;
        var shift = ay / total;
        // P_ii = a(1 - a/Σa) and P_ij = -aᵢaⱼ/Σa; first the pivot's own terms.
        double share = a1 / total, own = b * share, square = own * own, cross = b * b / (total * total);
        double q = b * shift * shift, p = own, pv = u * own;
        double pp = square + 2 * cross * a2, pvp = u * square + cross * (a2v + u * a2), pvpv = u * u * square + 2 * u * cross * a2v;
        for (var i = 0; i < _yi.Length; i++)
        {
            if (i == pivot) continue;
            double v = _vi[i], a = weights.At(i, v), e = _yi[i] - _yi[pivot] - shift, aa = a * a;
            var diagonal = a * (1 - a / total);
            q += a * e * e;
            p += diagonal;
            pv += v * diagonal;
            pp += diagonal * diagonal + aa * (a2 - aa) / (total * total);
            pvp += v * (diagonal * diagonal + aa * (a2 - aa) / (total * total));
            pvpv += v * (v * diagonal * diagonal + aa * (a2v - aa * v) / (total * total));
        }
        return new Moments(q, p, pp, pv, pvp, pvpv, total);
    }

    public readonly (double OfEffects, double OfSampling) MeanVariances() => MeanVariances(_yi, _vi);

    public static (double OfEffects, double OfSampling) MeanVariances(ReadOnlySpan<double> yi, ReadOnlySpan<double> vi)
    {
        double mean = 0, sampling = 0, squares = 0;
        for (var i = 0; i < yi.Length; i++)
        {
            mean += yi[i];
            sampling += vi[i];
        }
        mean /= yi.Length;
        foreach (var y in yi) squares += (y - mean) * (y - mean);
        return (squares / yi.Length, sampling / yi.Length);
    }
}
