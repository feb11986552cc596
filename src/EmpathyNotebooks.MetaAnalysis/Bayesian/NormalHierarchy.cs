namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>A part of the posterior: given τ, and the mixing variable of a t prior where there is one, coefficients are normal.</summary>
/// <param name="Tau">τ.</param>
/// <param name="Weight">The part's share of the posterior.</param>
/// <param name="Mean">The means of the coefficients.</param>
/// <param name="Covariance">Their covariance matrix in row order.</param>
internal readonly record struct PosteriorPart(double Tau, double Weight, double[] Mean, double[] Covariance);

/// <summary>
/// The model y = Xβ + u + e, u ~ N(0, τ²), e ~ N(0, v), with independent flat or normal priors of the coefficients or, where there is the mean alone, a t prior, which is a normal one whose precision is multiplied
/// with λ ~ gamma(ν/2, ν/2). Given τ (and λ) everything is normal (Gelman et al. 2014, Bayesian Data Analysis, 3rd ed., ch. 5.4 and 14.8; Röver 2020, Journal of Statistical Software 93(6)), so that one
/// integral over τ, inside it one over log λ, is all that is left.
/// </summary>
internal sealed class NormalHierarchy
{
    /// <summary>What is farther below the largest density than this is left out: e^-40 is far beyond double precision.</summary>
    public const double Negligible = 40;

    private const double LogTwoPi = 1.8378770664093454836;

    private readonly double[] _r;
    private readonly double[] _v;
    private readonly double[] _x;
    private readonly double[] _centre;
    private readonly double _equalEffects;
    private readonly EffectPrior[] _priors;
    private readonly double[] _a;
    private readonly double[] _b;
    private readonly double[] _mean;
    private readonly double[] _precisions;
    private readonly double[] _offsets;
    private readonly double _logPriors;
    private readonly LineQuadrature? _mixing;
    private readonly List<(double Mean, double Variance)> _mixed = [];

    /// <param name="effects">The effects.</param>
    /// <param name="design">X in row order, k x p.</param>
    /// <param name="priors">The priors of the coefficients, one a column; t with one column alone.</param>
    /// <param name="heterogeneity">The prior of τ; null for τ = 0.</param>
    public NormalHierarchy(StudyEffects effects, double[] design, EffectPrior[] priors, HeterogeneityPrior? heterogeneity)
    {
        var (k, p) = (effects.Count, priors.Length);
        var yi = effects.Effects.AsSpan();
        (_v, _x, _priors, Heterogeneity) = ([.. effects.Variances], design, priors, heterogeneity);
        (_a, _b, _mean, _precisions, _offsets) = (new double[p * p], new double[p], new double[p], new double[p], new double[p]);
        for (var j = 0; j < p; j++)
        {
            // A prior as narrow as that is a point, which leaves the posterior no width.
            if (priors[j].IsProper && double.IsInfinity(1 / (priors[j].Scale * priors[j].Scale))) throw TooNarrow(priors[j]);
            if (priors[j].Family == EffectPriorFamily.Normal) (_precisions[j], _logPriors) = (1 / (priors[j].Scale * priors[j].Scale), _logPriors - Math.Log(priors[j].Scale));
        }
        if (p == 1 && priors[0].Family == EffectPriorFamily.Student) _mixing = new LineQuadrature("The marginal likelihood over the mean", 1e-6, 0, 1, Negligible);
        _centre = new double[p];
        // Effects are counted from a fit by inverse variances, so that sums of squares keep their digits.
        _r = yi.ToArray();
        var centre = new double[p];
        if (Moments(0, null, centre))
        {
            if (p > 0) _equalEffects = centre[0];
            // A prior that says more than the data is the better place to count from: its precision multiplies the square of what is left of the distance.
            for (var j = 0; j < p; j++)
            {
                double information = 0;
                for (var i = 0; i < k; i++) information += _x[i * p + j] * _x[i * p + j] / _v[i];
                if (_precisions[j] > information) centre[j] = priors[j].Location;
            }
            _centre = centre;
            for (var i = 0; i < k; i++) _r[i] = yi[i] - Dot(i, centre);
        }
        var (low, high) = (yi[0], yi[0]);
        foreach (var y in yi) (low, high) = (Math.Min(low, y), Math.Max(high, y));
        Reach = high - low;
        foreach (var residual in _r) Reach = Math.Max(Reach, Math.Abs(residual));
        if (p == 1 && priors[0].IsProper) Reach = Math.Max(Reach, Math.Max(Math.Abs(high - priors[0].Location), Math.Abs(low - priors[0].Location)));
        for (var j = 0; j < p; j++) _offsets[j] = priors[j].IsProper ? priors[j].Location - _centre[j] : 0;
    }

    public HeterogeneityPrior? Heterogeneity { get; }

    /// <summary>The farthest that effects lie from each other and from the centre of a prior.</summary>
    public double Reach { get; }

    /// <summary>The smallest and the largest sampling variance.</summary>
    public (double Least, double Most) Variances => (_v.Min(), _v.Max());

    public int Count => _r.Length;

    public int Parameters => _priors.Length;

    /// <summary>The mean of one-mean models by inverse variances, and its standard error.</summary>
    public (double Mean, double StandardError) EqualEffects => (_equalEffects, 1 / Math.Sqrt(_v.Sum(v => 1 / v)));

    /// <summary>True where no coefficient has a flat prior.</summary>
    public bool IsProper => _priors.All(prior => prior.IsProper);

    /// <summary>
    /// The power by which the posterior density of τ falls off: τ^(-power). Infinite where the prior's tail is exponential or ends.
    /// </summary>
    public double TailPower => Heterogeneity is null ? double.PositiveInfinity
        : Heterogeneity.TailPower + Count - _priors.Count(prior => !prior.IsProper);

    /// <summary>How far below the peak the integrand is followed, so that second moments of what falls off by a power of τ keep their digits.</summary>
    public double Depth
    {
        get
        {
            var power = TailPower;
            if (double.IsInfinity(power)) return Negligible;
            double Needed(int order) => power - order > 1 ? 32 * (power - 1) / (power - order - 1) : 0;
            return Math.Clamp(Math.Max(Needed(2) is > 0 and < 700 and var second ? second : 0, Needed(1)), Negligible, 700);
        }
    }

    /// <summary>True where the posterior of τ, and of what depends on it in the same way, has moments of this order to the digits promised.</summary>
    public bool HasMoment(int order) => double.IsInfinity(TailPower) || TailPower - order > 1 && 32 * (TailPower - 1) / (TailPower - order - 1) <= 700;

    /// <summary>The logarithm of the likelihood at a τ, averaged over the priors of the coefficients; flat priors count as a density of 1.</summary>
    /// <param name="tau">τ, 0 or more.</param>
    /// <param name="parts">Takes the parts of the posterior at this τ, if given, with weights that sum to 1.</param>
    public double LogAt(double tau, List<PosteriorPart>? parts = null) => _mixing is null ? Normal(tau, parts) : Student(tau, parts);

    /// <summary>The logarithm of prior times likelihood at a τ above 0.</summary>
    public double LogJointAt(double tau) => Heterogeneity!.LogDensity(tau) is var prior && double.IsNegativeInfinity(prior) ? prior : prior + LogAt(tau);

    /// <summary>The logarithm of the likelihood of coefficients that are all given, at a τ.</summary>
    public double LogLikelihood(double tau, params ReadOnlySpan<double> coefficients)
    {
        double sum = 0;
        var tau2 = tau * tau;
        for (var i = 0; i < Count; i++)
        {
            var v = _v[i] + tau2;
            var e = _r[i];
            for (var j = 0; j < Parameters; j++) e -= _x[i * Parameters + j] * (coefficients[j] - _centre[j]);
            sum -= Math.Log(v) + e * e / v;
        }
        return (sum - Count * LogTwoPi) / 2;
    }

    private double Dot(int i, double[] coefficients)
    {
        double sum = 0;
        for (var j = 0; j < coefficients.Length; j++) sum += _x[i * coefficients.Length + j] * coefficients[j];
        return sum;
    }

    /// <summary>Fills the Cholesky factor of X'WX + P and solves for the coefficients; false where they are not determined.</summary>
    private bool Moments(double tau, double[]? precisions, double[] mean)
    {
        var (k, p) = (Count, Parameters);
        Array.Clear(_a);
        Array.Clear(_b);
        var tau2 = tau * tau;
        for (var i = 0; i < k; i++)
        {
            var w = 1 / (_v[i] + tau2);
            if (p == 1)
            {
                var x = _x[i];
                _a[0] += w * x * x;
                _b[0] += w * x * _r[i];
                continue;
            }
            for (var j = 0; j < p; j++)
            {
                var wx = w * _x[i * p + j];
                _b[j] += wx * _r[i];
                for (var l = 0; l <= j; l++) _a[j * p + l] += wx * _x[i * p + l];
            }
        }
        if (precisions is not null)
        {
            for (var j = 0; j < p; j++)
            {
                _a[j * p + j] += precisions[j];
                _b[j] += precisions[j] * _offsets[j];
            }
        }
        if (!SmallMatrix.TryCholesky(_a, p)) return false;
        _b.CopyTo(mean, 0);
        SmallMatrix.SolveLower(_a, mean);
        SmallMatrix.SolveLowerTransposed(_a, mean);
        return true;
    }

    private double Normal(double tau, List<PosteriorPart>? parts)
    {
        var p = Parameters;
        var mean = parts is null ? _mean : new double[p];
        if (!Moments(tau, _precisions, mean)) throw Undetermined();
        // The logarithms of variances by products, as long as they stay in range.
        double squares = 0, logs = 0, product = 1;
        var tau2 = tau * tau;
        for (var i = 0; i < Count; i++)
        {
            var v = _v[i] + tau2;
            var e = _r[i];
            for (var j = 0; j < p; j++) e -= _x[i * p + j] * mean[j];
            squares += e * e / v;
            product *= v;
            if (product is > 1e-200 and < 1e200) continue;
            logs += Math.Log(product / v) + Math.Log(v);
            product = 1;
        }
        logs += Math.Log(product);
        for (var j = 0; j < p; j++) squares += _precisions[j] * (mean[j] - _offsets[j]) * (mean[j] - _offsets[j]);
        if (parts is not null)
        {
            var covariance = new double[p * p];
            SmallMatrix.Invert(_a, covariance, p);
            for (var j = 0; j < p; j++) mean[j] += _centre[j];
            parts.Add(new PosteriorPart(tau, 1, mean, covariance));
        }
        var flat = 0;
        foreach (var prior in _priors) if (!prior.IsProper) flat++;
        return -((Count - flat) * LogTwoPi + logs + squares + SmallMatrix.LogDeterminant(_a, p)) / 2 + _logPriors;
    }

    private static ConvergenceException Undetermined() => new("The marginal likelihood over τ", "the coefficients are not determined in double precision", 0, NonConvergence.Precision);

    private static ConvergenceException TooNarrow(EffectPrior prior) => new("The posterior of the mean", $"the prior {prior} is a point for double precision: choose a wider one", 0, NonConvergence.Precision);

    private double Student(double tau, List<PosteriorPart>? parts)
    {
        // Around its generalised least squares mean the likelihood is normal in the mean.
        var best = new double[1];
        _ = Moments(tau, null, best);
        var likelihood = LogLikelihood(tau, best[0] + _centre[0]);
        var variance = 1 / (_a[0] * _a[0]);
        var prior = _priors[0];
        var (half, square) = (prior.DegreesOfFreedom / 2, prior.Scale * prior.Scale);
        var distance = best[0] - _offsets[0];
        var constant = half * Math.Log(half) - MathNet.Numerics.SpecialFunctions.GammaLn(half);
        _mixed.Clear();
        var log = _mixing!.LogIntegral((u, _) =>
        {
            var lambda = Math.Exp(u);
            var given = square / lambda;
            var total = variance + given;
            // Where λ is so small that the prior is endlessly wide, or so large that it is a point.
            if (double.IsInfinity(total) || !(lambda > 0) || double.IsInfinity(lambda))
            {
                _mixed.Add(default);
                return double.NegativeInfinity;
            }
            _mixed.Add((_offsets[0] + distance * (given / total), variance * (given / total)));
            return constant + half * (u - lambda) - (LogTwoPi + Math.Log(total) + distance * distance / total) / 2;
        });
        if (parts is not null)
        {
            for (var i = 0; i < _mixing.Count; i++)
            {
                if (_mixing.Weights[i] < 1e-20) continue;
                var (mean, spread) = _mixed[_mixing.Slots[i]];
                parts.Add(new PosteriorPart(tau, _mixing.Weights[i], [mean + _centre[0]], [spread]));
            }
        }
        // The likelihood at its best mean is a normal density of that mean times a rest.
        return likelihood + (LogTwoPi + Math.Log(variance)) / 2 + log;
    }
}
