namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The rates that weights of z-curve's components imply.</summary>
internal readonly record struct ZCurveRates(double Replication, double Discovery);

/// <summary>z-curve's components, absolute normal values around 0 to 6, cut off at the limit of significance a and at 6, and the rates that follow from their weights.</summary>
internal sealed class ZCurveKernel
{
    /// <summary>Values from here on count as having power 1, outside the mixture.</summary>
    public const double End = 6;

    /// <summary>What the weight of a component has at least where the fit of a bootstrap sample starts: from 0 it could not rise.</summary>
    private const double Floor = 0.001;

    /// <summary>How many components there are, with means from 0 on.</summary>
    public const int Components = 7;

    private readonly double[] _z;
    private readonly int[] _point;
    private readonly double _start;
    private readonly double[] _mass = new double[Components];
    private readonly double[] _power = new double[Components];
    private readonly double[] _right = new double[Components];
    private readonly MixtureWeights _mixture;

    /// <summary>Takes absolute z values.</summary>
    public ZCurveKernel(double[] z, double alpha)
    {
        _z = z;
        _start = -Distributions.NormalQuantile(alpha / 2);
        for (var j = 0; j < Components; j++)
        {
            double beyond = Distributions.NormalCumulative(j - End) + Distributions.NormalCumulative(-j - End);
            _right[j] = Distributions.NormalCumulative(j - _start);
            _power[j] = _right[j] + Distributions.NormalCumulative(-j - _start);
            _mass[j] = _power[j] - beyond;
        }
        _point = new int[z.Length];
        var fitted = new List<double>();
        for (var i = 0; i < z.Length; i++)
        {
            _point[i] = z[i] > _start && z[i] < End ? fitted.Count : z[i] >= End ? -1 : -2;
            if (_point[i] >= 0) fitted.Add(z[i]);
            if (_point[i] > -2) SignificantCount++;
        }
        FittedCount = fitted.Count;
        var densities = new double[FittedCount * Components];
        for (var i = 0; i < FittedCount; i++)
        {
            for (var j = 0; j < Components; j++) densities[i * Components + j] = Density(fitted[i], j);
        }
        _mixture = new MixtureWeights(densities, FittedCount, Components);
    }

    /// <summary>How many values lie between the limit of significance and 6.</summary>
    public int FittedCount { get; }

    /// <summary>How many values are significant.</summary>
    public int SignificantCount { get; }

    /// <summary>The density of a component at an absolute z between the limit of significance and 6, given that it lies there.</summary>
    public double Density(double z, int component) => (NormalTail.Density(z - component) + NormalTail.Density(z + component)) / _mass[component];

    /// <summary>Fills in the weights of the values as they are.</summary>
    public double Fit(Span<double> weights)
    {
        var counts = new int[FittedCount];
        counts.AsSpan().Fill(1);
        return _mixture.Maximise(counts, weights);
    }

    /// <summary>
    /// The rates of a bootstrap sample: all values are drawn anew, also those that are not significant, so that the number of significant ones varies. A sample without any to fit is drawn again.
    /// Its fit is that of the R package: from the weights of the data the EM algorithm goes on until the likelihood rises by less than 1e-5 a step, and 1000 steps at most.
    /// </summary>
    public ZCurveRates Resample(Philox random, Span<int> counts, ReadOnlySpan<double> start, Span<double> weights)
    {
        int fitted, beyond;
        do
        {
            counts.Clear();
            (fitted, beyond) = (0, 0);
            for (var i = 0; i < _z.Length; i++)
            {
                var point = _point[random.NextBelow(_z.Length)];
                if (point >= 0)
                {
                    counts[point]++;
                    fitted++;
                }
                else if (point == -1)
                {
                    beyond++;
                }
            }
        }
        while (fitted == 0);
        for (var j = 0; j < Components; j++) weights[j] = (1 - Components * Floor) * start[j] + Floor;
        _mixture.Climb(counts, weights, 1e-5, 1000);
        return Rates(weights, (double)beyond / (fitted + beyond));
    }

    /// <summary>
    /// ERR and EDR of the weights of the significant values below 6, and the share of significant values beyond, whose power is 1. Weights before selection are w/power; a replication has to be
    /// significant in the same direction.
    /// </summary>
    public ZCurveRates Rates(ReadOnlySpan<double> weights, double beyond)
    {
        double before = beyond, discovered = beyond, replicated = beyond;
        for (var j = 0; j < Components; j++)
        {
            var weight = weights[j] * (1 - beyond) / _power[j];
            double wrong = _power[j] - _right[j];
            before += weight;
            discovered += weight * _power[j];
            replicated += weight * (_right[j] * _right[j] + wrong * wrong);
        }
        return new ZCurveRates(replicated / discovered, discovered / before);
    }
}
