namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The models without selection: y_i ~ N(μ + b x_i, v_i + τ²) with x the standard error (PET), its square (PEESE) or nothing. Given τ and b the mean is integrated in closed form; b, half-Cauchy, by the rule
/// over b = scale·exp(x - e^(-x)).
/// </summary>
internal sealed class NormalIntegral(AveragingData data, BiasMechanism mechanism, bool hasEffect) : ModelIntegral(data, hasEffect)
{
    // Coefficients that the prior expects lie nearer, and a peak wider than this is not stepped over.
    private const double FarFactor = 20;
    private const double NarrowDeviations = 4;

    // Below it there is next to nothing of the prior in the rule's variable.
    private const double LeastValley = -2;

    private readonly double[] _predictor = mechanism == BiasMechanism.Pet ? data.StandardErrors : mechanism == BiasMechanism.Peese ? data.Variances : new double[data.Effects.Length];
    private readonly double _scale = mechanism == BiasMechanism.Pet ? data.PetScale : data.PeeseScale;
    private readonly LineQuadrature _rule = new("The marginal likelihood over the coefficient of PET or PEESE", 1e-5, 0, 1);
    private readonly LineQuadrature _far = new("The marginal likelihood over the coefficient of PET or PEESE", 1e-5, 0, 1);
    private readonly List<Moments> _moments = [];

    // The mean of the data, from which effects are counted so that sums of squares keep their digits.
    private readonly double _centre = Centre(data);
    private double _end = double.PositiveInfinity;
    private double _logNormal;
    private double _w;
    private double _wr;
    private double _wrr;
    private double _wx;
    private double _wxx;
    private double _wrx;

    protected override (double Log, PosteriorRow Row) Given(double tau, double reference)
    {
        Sums();
        if (mechanism == BiasMechanism.None)
        {
            var (log, only) = AtSlope(0);
            return (log, new PosteriorRow { Tau = tau, Normals = HasEffect ? [(1, only.Mean, only.Deviation)] : [], Mean = only.Mean, Square = only.Mean * only.Mean + only.Deviation * only.Deviation });
        }
        if (FarPeak() is { } peak)
        {
            // Its own rule, and another for what lies near 0 where the valley between them is so deep that the first did not cross it.
            _far.StartAt(peak.Place, peak.Width);
            var far = Over(_far, double.PositiveInfinity, reference);
            var end = _far.Node(0);
            if (!(end > LeastValley)) return (far, Row(tau, (_far, _moments, 1)));
            var atFar = _moments.ToArray();
            _rule.StartAt(Math.Min(0, end - 1), 1);
            var near = Over(_rule, end, Math.Max(reference, far));
            var all = StepIntervals.LogAdd(far, near);
            return (all, Row(tau, (_far, atFar, Math.Exp(far - all)), (_rule, _moments, Math.Exp(near - all))));
        }
        var marginal = Over(_rule, double.PositiveInfinity, reference);
        return (marginal, Row(tau, (_rule, _moments, 1)));
    }

    /// <summary>The integral over the coefficient up to a value of its variable.</summary>
    private double Over(LineQuadrature rule, double end, double reference)
    {
        _moments.Clear();
        _end = end;
        return rule.LogIntegral(Integrand, reference);
    }

    /// <summary>
    /// The likelihood of the coefficient is a normal curve. Where its peak lies far beyond the scale of the prior and is narrow, a rule that comes from the prior's own peak steps over it: it is given its place and width in the rule's variable.
    /// </summary>
    private (double Place, double Width)? FarPeak()
    {
        double a = _wxx, b = _wrx + _centre * _wx;
        if (HasEffect)
        {
            var given = 1 / _w + Data.PriorDeviation * Data.PriorDeviation;
            a = _wxx - _wx * _wx / _w + _wx / _w * (_wx / _w) / given;
            b = _wrx - _wr * _wx / _w + (_wr / _w + _centre - Data.PriorMean) * (_wx / _w) / given;
        }
        var (best, deviations) = (b / a / _scale, b / Math.Sqrt(a));
        // With exp(-x) as small as it is there, x is log(b/scale).
        return best > FarFactor && deviations > NarrowDeviations && double.IsFinite(best) ? (Math.Log(best), 1 / deviations) : null;
    }

    private static double Centre(AveragingData data)
    {
        double w = 0, wy = 0;
        for (var i = 0; i < data.Effects.Length; i++)
        {
            w += 1 / data.Variances[i];
            wy += data.Effects[i] / data.Variances[i];
        }
        return wy / w;
    }

    private double Integrand(double x, int slot)
    {
        var shrink = Math.Exp(-x);
        var relative = Math.Exp(x - shrink);
        var b = _scale * relative;
        // Half-Cauchy in b/scale, and the derivative of b/scale.
        var log = Math.Log(2 / Math.PI) - Math.Log(1 + relative * relative) + x - shrink + Math.Log(1 + shrink);
        if (!double.IsFinite(log) || double.IsInfinity(b * b) || x >= _end)
        {
            _moments.Add(default);
            return double.NegativeInfinity;
        }
        var (likelihood, moments) = AtSlope(b);
        _moments.Add(moments);
        return log + likelihood;
    }

    /// <summary>The likelihood at a coefficient, averaged over the mean, and the posterior of the mean.</summary>
    private (double Log, Moments Moments) AtSlope(double b)
    {
        var (wr, wrr) = (_wr - b * _wx, _wrr - 2 * b * _wrx + b * b * _wxx);
        if (!HasEffect) return (_logNormal - (wrr + 2 * _centre * wr + _centre * _centre * _w) / 2, new Moments(0, 0, b));
        // Around the generalised least squares mean the likelihood is normal in μ, and so is the prior.
        var (best, prior) = (wr / _w, Data.PriorMean - _centre);
        var (variance, priorVariance) = (1 / _w, Data.PriorDeviation * Data.PriorDeviation);
        var log = _logNormal - (wrr - wr * best) / 2 - (best - prior) * (best - prior) / (2 * (variance + priorVariance)) - Math.Log(_w * (variance + priorVariance)) / 2;
        var mean = (best * priorVariance + prior * variance) / (variance + priorVariance);
        return (log, new Moments(_centre + mean, Math.Sqrt(variance * priorVariance / (variance + priorVariance)), b));
    }

    private void Sums()
    {
        _logNormal = -0.5 * Deviations.Length * Math.Log(2 * Math.PI);
        _w = _wr = _wrr = _wx = _wxx = _wrx = 0;
        for (var i = 0; i < Deviations.Length; i++)
        {
            var w = 1 / (Deviations[i] * Deviations[i]);
            var r = Data.Effects[i] - _centre;
            var x = _predictor[i];
            _logNormal -= Math.Log(Deviations[i]);
            _w += w;
            _wr += w * r;
            _wrr += w * r * r;
            _wx += w * x;
            _wxx += w * x * x;
            _wrx += w * r * x;
        }
    }

    private readonly record struct Moments(double Mean, double Deviation, double Slope);

    /// <summary>Puts the points of one rule or two together.</summary>
    private PosteriorRow Row(double tau, params ReadOnlySpan<(LineQuadrature Rule, IReadOnlyList<Moments> Moments, double Share)> parts)
    {
        var normals = new List<(double, double, double)>();
        double mean = 0, square = 0, slope = 0;
        foreach (var (rule, moments, share) in parts)
        {
            for (var i = 0; i < rule.Count; i++)
            {
                var (weight, at) = (share * rule.Weights[i], moments[rule.Slots[i]]);
                if (HasEffect) normals.Add((weight, at.Mean, at.Deviation));
                mean += weight * at.Mean;
                square += weight * (at.Mean * at.Mean + at.Deviation * at.Deviation);
                slope += weight * at.Slope;
            }
        }
        return new PosteriorRow { Tau = tau, Normals = [.. normals], Mean = mean, Square = square, Slope = slope };
    }
}
