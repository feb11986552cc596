using MathNet.Numerics.Distributions;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>How the interval of a new study's true effect is found.</summary>
public enum PredictionIntervalMethod
{
    /// <summary>
    /// μ ± t(k - 1)·√(SE² + tau²) with Hartung and Knapp's standard error; metafor's with test="knha". That of <see cref="PooledFit.PredictionInterval"/> with
    /// the default inference.
    /// </summary>
    /// <remarks>$$\hat\mu \pm t_{1 - \alpha/2;\,k - 1}\sqrt{\mathrm{SE}_{\mathrm{HK}}^2 + \hat\tau^2}$$</remarks>
    HartungKnapp,

    /// <summary>
    /// μ ± t(k - 2)·√(SE² + tau²) with the usual standard error: Higgins, Thompson &amp; Spiegelhalter (2009), JRSS A 172, 137-159, their equation 12. Too
    /// narrow with few studies. metafor: pi.type="riley".
    /// </summary>
    /// <remarks>$$\hat\mu \pm t_{1 - \alpha/2;\,k - 2}\sqrt{\mathrm{SE}^2 + \hat\tau^2}$$</remarks>
    HigginsThompsonSpiegelhalter,

    /// <summary>
    /// The parametric bootstrap of Nagashima, Noma &amp; Furukawa (2019), Statistical Methods in Medical Research 28, 1689-1702, which draws tau² from its
    /// confidence distribution and so keeps its coverage with few studies. Random, but the same for the same seed.
    /// </summary>
    /// <remarks>
    /// $$\theta_{\mathrm{new}} = \hat\mu(\tau_b^2) + \tau_bz_b - \mathrm{SE}_{\mathrm{HK}}(\tau_b^2)\,t_b$$
    /// over draws $b$, with $\tau_b^2$ from its confidence distribution, $z_b$ normal and $t_b$ with $k - 1$ degrees of freedom.
    /// </remarks>
    Nagashima,
}

/// <summary>The random draws of a bootstrap.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ);
/// var bootstrap = new BootstrapOptions { Draws = 5_000, Seed = 42 };
/// Console.WriteLine(RandomEffects.Fit(effects).PredictionIntervalBy(PredictionIntervalMethod.Nagashima, bootstrap));
/// </code></example>
public sealed record BootstrapOptions
{
    /// <summary>How many draws, at least 1,000; 25,000 by default, as in the R package pimeta.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 1,000.</exception>
    public int Draws
    {
        get;
        init => field = value >= 1000 ? value : throw new ArgumentOutOfRangeException(nameof(Draws), value, "The ends of an interval need at least 1,000 draws.");
    } = 25_000;

    /// <summary>The seed; the same seed gives the same result.</summary>
    public ulong Seed { get; init; } = 20190601;
}

/// <summary>Where the true effect of a new study would lie, by the method of one's choice.</summary>
/// <remarks>Formulas: <see cref="PredictionIntervalMethod"/>.</remarks>
public static class PredictionIntervals
{
    /// <summary>The prediction interval by one method, on the scale that is pooled and at the level of the fit.</summary>
    /// <param name="fit">A random-effects fit with the model's own weights.</param>
    /// <param name="method">The method.</param>
    /// <param name="bootstrap">Draws and seed of <see cref="PredictionIntervalMethod.Nagashima"/>; the defaults if not said.</param>
    /// <exception cref="ArgumentException">The fit is not a random-effects model, or has weights of its own.</exception>
    /// <exception cref="InsufficientStudiesException">Higgins, Thompson and Spiegelhalter's interval needs three studies.</exception>
    /// <example><code>
    /// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.010, 0.022, 0.015, 0.012], EffectMeasure.FisherZ));
    /// var interval = fit.PredictionIntervalBy(PredictionIntervalMethod.Nagashima).Transform(fit.Effects.Measure.ToDisplay);
    /// </code></example>
    public static ConfidenceInterval PredictionIntervalBy(this PooledFit fit, PredictionIntervalMethod method, BootstrapOptions? bootstrap = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        if (!fit.IsRandomEffects) throw new ImpossibleChoiceException("A prediction interval needs a random-effects model: without tau squared true effects do not differ", ChoiceFault.NeedsRandomEffects);
        if (fit.PoolingWeights is not null) throw new ImpossibleChoiceException("These prediction intervals are defined for the model's own weights, not for given ones", ChoiceFault.NeedsOwnWeights);
        var sums = new InterceptSums(fit.Effects.Effects.AsSpan(), fit.Effects.Variances.AsSpan());
        sums.MoveTo(fit.TauSquared);
        double k = fit.Count, variance = 1 / sums.SumOfWeights;
        switch (method)
        {
            case PredictionIntervalMethod.HartungKnapp:
                return Distributions.Interval(fit.Estimate, Math.Sqrt(variance * sums.Q / (k - 1) + fit.TauSquared), k - 1, fit.ConfidenceLevel);
            case PredictionIntervalMethod.HigginsThompsonSpiegelhalter:
                if (k < 3) throw new InsufficientStudiesException("The interval of Higgins, Thompson and Spiegelhalter", 3, fit.Count);
                return Distributions.Interval(fit.Estimate, Math.Sqrt(variance + fit.TauSquared), k - 2, fit.ConfidenceLevel);
            case PredictionIntervalMethod.Nagashima:
                return Bootstrap(fit, bootstrap ?? new BootstrapOptions());
            default:
                throw new ArgumentOutOfRangeException(nameof(method), method, "There is no such prediction interval.");
        }
    }

    /// <summary>
    /// Each draw takes tau² from the confidence distribution H(tau²) = Pr(Q > observed | tau²), then the effect of a new study from
    /// μ(tau²) + tau·z - SE(tau²)·t with k - 1 degrees of freedom and Hartung and Knapp's standard error.
    /// </summary>
    private static ConfidenceInterval Bootstrap(PooledFit fit, BootstrapOptions options)
    {
        var distribution = new ConfidenceDistribution(fit.Data);
        var random = new Philox(options.Seed);
        var sums = new InterceptSums(fit.Effects.Effects.AsSpan(), fit.Effects.Variances.AsSpan());
        var df = fit.Count - 1;
        var draws = new double[options.Draws];
        for (var b = 0; b < draws.Length; b++)
        {
            random.MoveTo((ulong)b);
            var tau2 = distribution.TauSquaredAt(random.NextDouble());
            sums.MoveTo(tau2);
            var z = Normal.Sample(random, 0, 1);
            var t = Normal.Sample(random, 0, 1) / Math.Sqrt(ChiSquared.Sample(random, df) / df);
            draws[b] = sums.Sums.Mean + Math.Sqrt(tau2) * z - Math.Sqrt(sums.Q / df / sums.SumOfWeights) * t;
        }
        var upper = Level.UpperTail(fit.ConfidenceLevel);
        var ends = OrderStatistics.Quantiles(draws, [1 - upper, upper]);
        return new ConfidenceInterval(ends[0], ends[1], fit.ConfidenceLevel);
    }

    /// <summary>
    /// The inverse of H on a grid: ln(tau² + s²) is nearly a straight line in ln(1 - H) far out, so that few points and linear pieces serve both ends.
    /// </summary>
    private sealed class ConfidenceDistribution
    {
        private const int Points = 300;
        private const double FurthestTail = 1e-6;

        private readonly double _typicalVariance;
        private readonly List<double> _logTails = [];
        private readonly List<double> _logTau2 = [];

        public ConfidenceDistribution(ModelData data)
        {
            var distribution = new GeneralizedQDistribution(data, [.. data.Effects.Variances.Select(v => 1 / v)]);
            _typicalVariance = data.Effects.Variances.Average();
            var last = distribution.TauSquaredAt(FurthestTail);
            for (var i = 0; i <= Points && last > 0; i++)
            {
                var tau2 = _typicalVariance * (Math.Exp(Math.Log(1 + last / _typicalVariance) * i / Points) - 1);
                var tail = distribution.LowerTail(distribution.Observed, tau2);
                // Rounding may end the fall early; the line beyond is drawn from the last two points.
                if (_logTails.Count > 0 && !(Math.Log(tail) < _logTails[^1])) continue;
                _logTails.Add(Math.Log(tail));
                _logTau2.Add(Math.Log(tau2 + _typicalVariance));
            }
        }

        public double TauSquaredAt(double probability)
        {
            var tail = Math.Log(1 - probability);
            if (_logTails.Count < 2 || tail >= _logTails[0]) return 0;
            int low = 0, high = _logTails.Count - 1;
            while (high - low > 1)
            {
                var middle = (low + high) / 2;
                if (_logTails[middle] >= tail) low = middle;
                else high = middle;
            }
            var share = (tail - _logTails[low]) / (_logTails[high] - _logTails[low]);
            return Math.Max(0, Math.Exp(_logTau2[low] + share * (_logTau2[high] - _logTau2[low])) - _typicalVariance);
        }
    }
}
