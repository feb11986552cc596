namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The models with a step weight function: y_i ~ N(μ, v_i + τ²), taken into the literature with the weight of the interval of its p-value.</summary>
internal sealed class SelectionIntegral : ModelIntegral
{
    private const double NearDeviations = 8;

    private readonly WeightIntegral _weights;
    private readonly LineQuadrature _rule;
    private readonly List<double[]> _means = [];
    private double _logNormal;

    public SelectionIntegral(AveragingData data, BiasAssumption bias, bool hasEffect) : base(data, hasEffect)
    {
        _weights = new WeightIntegral(new StepIntervals(data.Effects, data.StandardErrors, bias.Steps.AsSpan(), bias.IsTwoSided));
        double w = 1 / (data.PriorDeviation * data.PriorDeviation), wy = data.PriorMean * w;
        for (var i = 0; i < data.Effects.Length; i++)
        {
            w += 1 / data.Variances[i];
            wy += data.Effects[i] / data.Variances[i];
        }
        _rule = new LineQuadrature("The marginal likelihood over the mean of a selection model", 1e-5, wy / w, 2 / Math.Sqrt(w));
    }

    protected override (double Log, PosteriorRow Row) Given(double tau, double reference)
    {
        _logNormal = -0.5 * Deviations.Length * Math.Log(2 * Math.PI);
        foreach (var deviation in Deviations) _logNormal -= Math.Log(deviation);
        if (!HasEffect) return (AtMean(0, reference), new PosteriorRow { Tau = tau, MeanWeights = _weights.MeanWeights });
        if (FarPeak() is { } far) _rule.StartAt(far.Mean, far.Deviation);
        _means.Clear();
        var marginal = _rule.LogIntegral(Integrand, reference);
        var weights = new double[_means[0].Length];
        double square = 0;
        for (var i = 0; i < _rule.Count; i++)
        {
            var (weight, at) = (_rule.Weights[i], _means[_rule.Slots[i]]);
            square += weight * _rule.Node(i) * _rule.Node(i);
            for (var j = 0; j < weights.Length; j++) weights[j] += weight * at[j];
        }
        return (marginal, new PosteriorRow { Tau = tau, Grid = new GridDensity(_rule), Mean = _rule.Mean, Square = square, MeanWeights = weights });
    }

    /// <summary>
    /// Where effects lie far from critical values the mean may lie hundreds of its standard deviations from that of the data. The integrand's logarithm is concave in mean and weights together (the density is of an exponential family), so that
    /// a search by its largest value over the weights finds it; null where it is near, from where the rule walks.
    /// </summary>
    private (double Mean, double Deviation)? FarPeak()
    {
        double w = 1 / (Data.PriorDeviation * Data.PriorDeviation), wy = Data.PriorMean * w;
        for (var i = 0; i < Deviations.Length; i++)
        {
            var own = 1 / (Deviations[i] * Deviations[i]);
            w += own;
            wy += own * Data.Effects[i];
        }
        var (start, deviation) = (wy / w, 1 / Math.Sqrt(w));
        if (!_weights.IsFar(start, Deviations)) return null;
        double Height(double mean) => -(mean - start) * (mean - start) * w / 2 + _weights.LogPeak(mean, Deviations);
        double here = Height(start), step = deviation;
        if (!(Height(start + step) > here)) step = -step;
        double before = start, at = start;
        while (Height(at + step) is var next && next > here) (before, at, here, step) = (at, at + step, next, 2 * step);
        if (Math.Abs(at - start) < NearDeviations * deviation) return null;
        // Thirds of the bracket, concave as it is, down to the width of the peak.
        var (low, high) = (Math.Min(before, at + step), Math.Max(before, at + step));
        while (high - low > deviation)
        {
            double one = low + (high - low) / 3, two = high - (high - low) / 3;
            if (Height(one) < Height(two)) low = one;
            else high = two;
        }
        return ((low + high) / 2, deviation);
    }

    private double Integrand(double mean, int slot)
    {
        var z = (mean - Data.PriorMean) / Data.PriorDeviation;
        var prior = -z * z / 2 - Math.Log(2 * Math.PI) / 2 - Math.Log(Data.PriorDeviation);
        var value = prior + AtMean(mean, _rule.Peak - prior);
        _means.Add(_weights.MeanWeights);
        return value;
    }

    private double AtMean(double mean, double reference)
    {
        double squares = 0;
        for (var i = 0; i < Deviations.Length; i++)
        {
            var z = (Data.Effects[i] - mean) / Deviations[i];
            squares += z * z;
        }
        var normal = _logNormal - squares / 2;
        return normal + _weights.LogMean(mean, Deviations, reference - normal);
    }
}
