using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// z-curve 2.0 (Bartoš &amp; Schimmack 2022, Meta-Psychology 6, MP.2021.2720; Brunner &amp; Schimmack 2020, ibid. 4, MP.2018.874): the significant |z| are a mixture of seven components around 0, 1, ... 6, cut off at
/// significance and at 6. From their weights follow the expected replication rate ERR, the share of the significant results that would be significant again in the same direction, and the expected discovery rate EDR, the share
/// of all studies done, published or not, that would be significant. An EDR far below the observed discovery rate speaks of selection. The likelihood is concave in the weights, and its maximum is
/// found exactly: no random starts, where the R package stops its EM algorithm by a tolerance and EDR differs by some .002 from start to start. Intervals are percentiles of a bootstrap of all z, widened by
/// <see cref="ReplicationWidening"/> (ERR) and <see cref="DiscoveryWidening"/> (EDR) on each side and kept within [α/2, 1] and [α, 1], as in the package;
/// the widths were found by simulation with fits of the samples by an EM algorithm that stops early, so that samples are fitted in that way here too.
/// It assumes independent results, selected by significance alone, each with the power that its z tells on average.
/// When it misleads: few results (below 100 or so), dependent ones, or results pushed below .05, which look like low power. EDR rests on the weight of the component around 0, of which one result in
/// twenty is seen, and is very imprecise. Critics doubt that average power of completed studies tells of evidence or replication at all (McShane, Böckenholt &amp; Hansen 2020, Advances in Methods and Practices in Psychological Science 3, 185-199; Pek,
/// Hoisington-Shaw &amp; Wegener 2024, Psychological Methods); its authors answer with simulations in which intervals cover as they should and ERR predicts rates of replication from above, EDR from below (Bartoš &amp; Schimmack 2022).
/// </summary>
/// <remarks>
/// $$f(z) = \sum_{j = 0}^{6}\pi_j\,\frac{\varphi(z - j) + \varphi(z + j)}{P_j(z_{1 - \alpha/2} &lt; |z| &lt; 6)}$$
/// $$\omega_j = \frac{\pi_j/P_j}{\sum_l\pi_l/P_l}, \qquad \mathrm{EDR} = \sum_j\omega_jP_j, \qquad \mathrm{ERR} = \frac{\sum_j\omega_j(R_j^2 + L_j^2)}{\sum_j\omega_jP_j}$$
/// with the power $P_j = R_j + L_j$ of the component around $j$ in its own and in the other direction; results beyond 6 count as of power 1.
/// </remarks>
/// <example><code>
/// double[] z = [2.1, 2.3, 2.0, 3.5, 2.8, 4.1, 2.2, 2.5, 3.0, 2.4, 2.6, 5.0, 0.3, 1.2, 1.5, 7.2];
/// ZCurve curve = ZCurve.Fit(z, new ZCurveOptions { Bootstraps = 200, Seed = 7 });
/// Console.WriteLine($"{curve}, EDR {curve.ExpectedDiscoveryRate} {curve.DiscoveryInterval}");
/// </code></example>
public sealed class ZCurve : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin { get => field ?? DataOrigin.Own; internal init => field = value == DataOrigin.Own ? null : value; }

    /// <summary>By how much the interval of ERR is widened on each side.</summary>
    public const double ReplicationWidening = 0.03;

    /// <summary>By how much the interval of EDR is widened on each side.</summary>
    public const double DiscoveryWidening = 0.05;

    /// <summary>Fewer significant results with |z| below 6 are not fitted, as in the package.</summary>
    public const int FewestResults = 10;

    private readonly ZCurveKernel _kernel;

    private ZCurve(ZCurveKernel kernel, ZCurveOptions options, int count, double[] weights, double logLikelihood, ImmutableArray<string> warnings)
    {
        _kernel = kernel;
        Options = options;
        Count = count;
        Weights = [.. weights];
        LogLikelihood = logLikelihood;
        var rates = kernel.Rates(weights, ShareBeyond);
        ExpectedReplicationRate = rates.Replication;
        ExpectedDiscoveryRate = rates.Discovery;
        if (options.Bootstraps > 0) (ReplicationInterval, DiscoveryInterval) = Bootstrap(weights);
        Warnings = kernel.FittedCount < 100
            ? warnings.Add($"z-curve rests on {StatisticText.Count(kernel.FittedCount)} significant results with z below 6; its authors advise a hundred and more.")
            : warnings;
    }

    /// <summary>The choices made.</summary>
    public ZCurveOptions Options { get; }

    /// <summary>How many results were given, significant or not.</summary>
    public int Count { get; }

    /// <summary>How many are significant.</summary>
    public int SignificantCount => _kernel.SignificantCount;

    /// <summary>How many of those have |z| below 6: those the mixture is fitted to.</summary>
    public int FittedCount => _kernel.FittedCount;

    /// <summary>The share of the significant results with |z| of 6 and more, which count as having power 1.</summary>
    public double ShareBeyond => (double)(SignificantCount - FittedCount) / SignificantCount;

    /// <summary>The weights of the components around 0, 1, ... 6 among the significant results below 6; they sum to 1.</summary>
    public ImmutableArray<double> Weights { get; }

    /// <summary>The log-likelihood of the mixture at its maximum.</summary>
    public double LogLikelihood { get; }

    /// <summary>ERR, the share of the significant results that exact replications would find significant in the same direction.</summary>
    public double ExpectedReplicationRate { get; }

    /// <summary>EDR, the share of all studies done that would be significant: the mean power before selection.</summary>
    public double ExpectedDiscoveryRate { get; }

    /// <summary>The widened bootstrap interval of ERR; null without a bootstrap.</summary>
    public ConfidenceInterval? ReplicationInterval { get; }

    /// <summary>The widened bootstrap interval of EDR; null without a bootstrap.</summary>
    public ConfidenceInterval? DiscoveryInterval { get; }

    /// <summary>The share of the results given that are significant: above the interval of EDR it speaks of selection.</summary>
    public double ObservedDiscoveryRate => (double)SignificantCount / Count;

    /// <summary>Sorić's largest false discovery rate, (1/EDR - 1)α/(1 - α) (Sorić 1989, Journal of the American Statistical Association 84, 608-610).</summary>
    public double LargestFalseDiscoveryRate => (1 / ExpectedDiscoveryRate - 1) * Options.Alpha / (1 - Options.Alpha);

    /// <summary>The file drawer ratio: studies that are not significant to one that is, (1 - EDR)/EDR.</summary>
    public double FileDrawerRatio => (1 - ExpectedDiscoveryRate) / ExpectedDiscoveryRate;

    /// <summary>How many studies were done if EDR is right: significant ones over EDR.</summary>
    public double ExpectedCount => SignificantCount / ExpectedDiscoveryRate;

    /// <summary>How many of them were not given; below 0 where more are there than EDR says.</summary>
    public double MissingCount => ExpectedCount - Count;

    /// <summary>What speaks against relying on it with these data.</summary>
    public ImmutableArray<string> Warnings { get; }

    /// <summary>The z-curve of effects: of |y|/√v.</summary>
    /// <param name="effects">Independent effects of a measure for which 0 means no effect, of which at least 10 are significant with |z| below 6.</param>
    /// <param name="options">Level of significance, bootstrap and seed.</param>
    /// <exception cref="InsufficientStudiesException">Fewer than 10 are.</exception>
    /// <exception cref="ImpossibleChoiceException">The measure has no value that means no effect.</exception>
    public static ZCurve Fit(StudyEffects effects, ZCurveOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(effects);
        PValueChecks.NeedNullValue(effects, "a z-curve");
        var z = new double[effects.Count];
        for (var i = 0; i < z.Length; i++) z[i] = Math.Abs(effects.Effects[i]) / Math.Sqrt(effects.Variances[i]);
        return Of(z, options, effects.SharingWarning is { } sharing ? [sharing] : [], effects.Origin);
    }

    /// <summary>The z-curve of z values, one a study.</summary>
    /// <param name="z">z values, whose signs are dropped, finite; of a two-sided p, the normal quantile of 1 - p/2. At least 10 are significant with |z| below 6.</param>
    /// <param name="options">Level of significance, bootstrap and seed.</param>
    /// <exception cref="InsufficientStudiesException">Fewer than 10 are.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value is not finite.</exception>
    public static ZCurve Fit(IReadOnlyList<double> z, ZCurveOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(z);
        var values = new double[z.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = double.IsFinite(z[i]) ? Math.Abs(z[i]) : throw new ArgumentOutOfRangeException(nameof(z), z[i], "A z value is finite.");
        }
        return Of(values, options, [], DataOrigin.Own);
    }

    /// <summary>The fitted density of significant |z| given that it lies between significance and 6: the curve over a histogram. 0 elsewhere.</summary>
    /// <param name="z">An absolute z.</param>
    public double DensityAt(double z)
    {
        if (!(z > -Distributions.NormalQuantile(Options.Alpha / 2) && z < ZCurveKernel.End)) return 0;
        double sum = 0;
        for (var j = 0; j < Weights.Length; j++) sum += Weights[j] * _kernel.Density(z, j);
        return sum;
    }

    /// <summary>One line, for example <c>z-curve of 81 significant of 160 results: ERR 67%, 95% CI [52%, 83%]; EDR 38%, 95% CI [8%, 62%]</c>.</summary>
    public override string ToString()
    {
        return $"z-curve of {StatisticText.Count(SignificantCount)} significant of {StatisticText.Count(Count)} results: ERR {StatisticText.Percent(ExpectedReplicationRate, 0)}{Text(ReplicationInterval)}; "
            + $"EDR {StatisticText.Percent(ExpectedDiscoveryRate, 0)}{Text(DiscoveryInterval)}{(Origin.IsSimulated ? " [simulated data]" : "")}";

        static string Text(ConfidenceInterval? interval) => interval is { } shown
            ? $", {StatisticText.Level(shown.Level)} CI [{StatisticText.Percent(shown.Lower, 0)}, {StatisticText.Percent(shown.Upper, 0)}]"
            : "";
    }

    private static ZCurve Of(double[] z, ZCurveOptions? options, ImmutableArray<string> warnings, DataOrigin origin)
    {
        options ??= new ZCurveOptions();
        var kernel = new ZCurveKernel(z, options.Alpha);
        if (kernel.FittedCount < FewestResults)
        {
            throw new InsufficientStudiesException("z-curve, which looks at significant results with z below 6,", FewestResults, kernel.FittedCount);
        }
        var weights = new double[ZCurveKernel.Components];
        var likelihood = kernel.Fit(weights);
        return new ZCurve(kernel, options, z.Length, weights, likelihood, warnings) { Origin = origin };
    }

    private (ConfidenceInterval Replication, ConfidenceInterval Discovery) Bootstrap(double[] fitted)
    {
        var random = new Philox(Options.Seed);
        double[] replication = new double[Options.Bootstraps], discovery = new double[Options.Bootstraps], weights = new double[fitted.Length];
        var counts = new int[FittedCount];
        for (var b = 0; b < replication.Length; b++)
        {
            random.MoveTo((ulong)b);
            (replication[b], discovery[b]) = _kernel.Resample(random, counts, fitted, weights);
        }
        return (Interval(replication, ReplicationWidening, Options.Alpha / 2), Interval(discovery, DiscoveryWidening, Options.Alpha));

        ConfidenceInterval Interval(double[] values, double widening, double least)
        {
            Array.Sort(values);
            var tail = (1 - Options.ConfidenceLevel) / 2;
            return new ConfidenceInterval(Math.Max(least, At(tail) - widening), Math.Min(1, At(1 - tail) + widening), Options.ConfidenceLevel);

            // The quantile that R's quantile() has by default.
            double At(double share)
            {
                var position = share * (values.Length - 1);
                var below = (int)position;
                return below + 1 < values.Length ? values[below] + (position - below) * (values[below + 1] - values[below]) : values[below];
            }
        }
    }
}
