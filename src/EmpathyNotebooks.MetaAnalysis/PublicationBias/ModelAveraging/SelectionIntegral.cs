namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The models with a step weight function: y_i ~ N(μ, v_i + τ²), taken into the literature with the weight of the interval of its p-value.</summary>
internal sealed class SelectionIntegral : ModelIntegral
{
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
