namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The model without moderators: every answer from a few sums, O(k).</summary>
internal ref struct InterceptSums(ReadOnlySpan<double> yi, ReadOnlySpan<double> vi) : IModelSums
{
    private readonly ReadOnlySpan<double> _yi = yi;
    private readonly ReadOnlySpan<double> _vi = vi;
    private double _tau2;

    public WeightedSums Sums { get; private set; }

    public readonly int Count => _yi.Length;

    public readonly int Parameters => 1;

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
        _tau2 = tau2;
        Sums = WeightedSums.At(tau2, _yi, _vi);
    }

    public readonly double LogVariances() => WeightedSums.LogDeterminant(_tau2, _vi);

    public readonly Moments MomentsWith(in MomentWeights weights)
    {
        double a1 = 0, a2 = 0, a3 = 0, av = 0, a2v = 0, a3v = 0, a2v2 = 0, a3v2 = 0, ay = 0;
        for (var i = 0; i < _yi.Length; i++)
        {
            var v = _vi[i];
            var a = weights.At(i, v);
            var aa = a * a;
            a1 += a;
            a2 += aa;
            a3 += aa * a;
            av += a * v;
            a2v += aa * v;
            a3v += aa * a * v;
            a2v2 += aa * v * v;
            a3v2 += aa * a * v * v;
            ay += a * _yi[i];
        }
        var mean = ay / a1;
        double q = 0;
        for (var i = 0; i < _yi.Length; i++)
        {
            var e = _yi[i] - mean;
            q += weights.At(i, _vi[i]) * e * e;
        }
        return new Moments(q, a1 - a2 / a1, a2 - 2 * a3 / a1 + a2 * a2 / (a1 * a1), av - a2v / a1,
            a2v - 2 * a3v / a1 + a2 * a2v / (a1 * a1), a2v2 - 2 * a3v2 / a1 + a2v * a2v / (a1 * a1), a1);
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
