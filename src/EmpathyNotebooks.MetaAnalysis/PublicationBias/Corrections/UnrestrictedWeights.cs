using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The unrestricted weighted least squares estimate (UWLS): the mean with weights 1/v, whose variance is multiplied by φ = Q/(k - 1), also where that is below 1, and tested by t with k - 1 degrees of freedom. Heterogeneity widens
/// its interval, but gives small studies no more weight. Source: Stanley &amp; Doucouliagos 2015, Statistics in Medicine 34, 2116-2127. All numbers are on the scale that is pooled.
/// </summary>
/// <remarks>
/// $$\hat\mu = \frac{\sum_iw_iy_i}{\sum_iw_i}, \qquad \mathrm{SE}^2 = \frac{\hat\varphi}{\sum_iw_i}, \qquad \hat\varphi = \frac{\sum_iw_i(y_i - \hat\mu)^2}{k - 1}, \qquad w_i = \frac{1}{v_i}$$
/// <para>It adjusts for nothing by itself: it suffers less from small-study effects than a random-effects mean, since small studies weigh less. Where one study is far larger than all others it is little else than that study.</para>
/// </remarks>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.51, 0.12, 0.45, 0.20, 0.38, 0.15], [0.040, 0.004, 0.025, 0.012, 0.020, 0.006], EffectMeasure.FisherZ));
/// UnrestrictedWeightedMean mean = fit.Uwls();
/// Console.WriteLine($"{mean}, φ = {mean.ResidualVariance:F2}");
/// </code></example>
public sealed class UnrestrictedWeightedMean : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin { get => field ?? DataOrigin.Own; internal init => field = value == DataOrigin.Own ? null : value; }

    internal UnrestrictedWeightedMean(Coefficient estimate, double residualVariance, int count, ImmutableArray<string> warnings)
    {
        Estimate = estimate;
        ResidualVariance = residualVariance;
        Count = count;
        Warnings = warnings;
    }

    /// <summary>The mean.</summary>
    public Coefficient Estimate { get; }

    /// <summary>φ = Q/(k - 1), by which sampling variances are multiplied.</summary>
    public double ResidualVariance { get; }

    /// <summary>How many studies it rests on.</summary>
    public int Count { get; }

    /// <summary>What a careful reader should know.</summary>
    public ImmutableArray<string> Warnings { get; }

    /// <summary>The mean as a row beside other methods.</summary>
    public AdjustedEstimate Adjusted => new("UWLS", Estimate.Estimate, Estimate.ConfidenceInterval, Count, "Large studies suffer little from selection.", Warnings);

    /// <inheritdoc/>
    public override string ToString() => $"UWLS: {Estimate} (k = {StatisticText.Count(Count)})";
}

/// <summary>
/// The weighted average of the adequately powered (WAAP): UWLS of the studies that had 80% power to find the UWLS mean of all. Source: Stanley, Doucouliagos &amp; Ioannidis 2017, Statistics in Medicine 36, 1580-1598. Where
/// fewer than two had, it falls back on UWLS of all and says so.
/// </summary>
/// <remarks>
/// UWLS of the studies with
/// $$\sqrt{v_i} \le \frac{|\hat\mu_{\mathrm{UWLS}}|}{2.8}$$
/// <para>It assumes that well powered studies were published whatever they found. It misleads where the first mean, by which power is judged, is itself far too large: too many studies then count as adequate.</para>
/// </remarks>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.51, 0.22, 0.45, 0.30, 0.38, 0.25], [0.040, 0.004, 0.025, 0.005, 0.020, 0.006], EffectMeasure.FisherZ));
/// AdequatelyPoweredMean mean = fit.Waap();
/// Console.WriteLine($"{mean.AdequateCount} of {fit.Count} had 80% power: {mean.Estimate}");
/// Console.WriteLine(mean.FallsBack);
/// </code></example>
public sealed class AdequatelyPoweredMean : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin => All.Origin;

    internal AdequatelyPoweredMean(UnrestrictedWeightedMean all, UnrestrictedWeightedMean? adequate, double threshold, ImmutableArray<bool> isAdequate)
    {
        All = all;
        Mean = adequate ?? all;
        FallsBack = adequate is null;
        ThresholdStandardError = threshold;
        IsAdequate = isAdequate;
    }

    /// <summary>UWLS of all studies.</summary>
    public UnrestrictedWeightedMean All { get; }

    /// <summary>UWLS of those adequately powered, or of all where it falls back.</summary>
    public UnrestrictedWeightedMean Mean { get; }

    /// <summary>The mean.</summary>
    public Coefficient Estimate => Mean.Estimate;

    /// <summary>True where fewer than two studies are adequately powered, so that the mean is that of all.</summary>
    public bool FallsBack { get; }

    /// <summary>The largest standard error with which a study counts as adequately powered: |UWLS|/2.8.</summary>
    public double ThresholdStandardError { get; }

    /// <summary>Which studies are adequately powered.</summary>
    public ImmutableArray<bool> IsAdequate { get; }

    /// <summary>How many are.</summary>
    public int AdequateCount => IsAdequate.Count(adequate => adequate);

    /// <summary>How many studies the mean rests on.</summary>
    public int Count => Mean.Count;

    /// <summary>What a careful reader should know.</summary>
    public ImmutableArray<string> Warnings =>
    [
        .. FallsBack ? (ImmutableArray<string>)[$"{(AdequateCount == 0 ? "No study is" : "One study alone is")} adequately powered to find the UWLS mean: WAAP needs two and falls back on UWLS of all {StatisticText.Count(All.Count)}."] : [],
        .. Mean.Warnings,
    ];

    /// <summary>The mean as a row beside other methods.</summary>
    public AdjustedEstimate Adjusted => Mean.Adjusted with
    {
        Method = FallsBack ? "WAAP (falls back on UWLS)" : "WAAP",
        Assumption = "Studies with 80% power are published whatever they find.",
        Warnings = Warnings,
    };

    /// <inheritdoc/>
    public override string ToString() => $"WAAP: {Estimate} ({(FallsBack ? $"falls back on UWLS, {StatisticText.Count(AdequateCount)} adequately powered" : $"{StatisticText.Count(AdequateCount)} of {StatisticText.Count(All.Count)} adequately powered")})";
}

/// <summary>Means by precision alone, of all studies or of those adequately powered.</summary>
public static class UnrestrictedWeights
{
    /// <summary>Standard errors that a mean must be away from 0 for 80% power at .05 two-sided: 1.96 + 0.84, rounded as in the papers.</summary>
    public const double StandardErrorsOfPower = 2.8;

    /// <summary>The unrestricted weighted least squares estimate.</summary>
    /// <remarks>Formula: <see cref="UnrestrictedWeightedMean"/>.</remarks>
    /// <param name="fit">A pooled fit, for its effects and level; its weights and τ² are not used.</param>
    /// <exception cref="InsufficientStudiesException">There are fewer than two studies.</exception>
    /// <exception cref="UndeterminedException">All effects are equal.</exception>
    /// <exception cref="ConvergenceException">The numbers are too large or too small for double precision.</exception>
    public static UnrestrictedWeightedMean Uwls(this PooledFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return Mean("UWLS", fit, [.. Enumerable.Range(0, fit.Count)]);
    }

    /// <summary>The weighted average of the adequately powered.</summary>
    /// <remarks>Formula: <see cref="AdequatelyPoweredMean"/>.</remarks>
    /// <inheritdoc cref="Uwls(PooledFit)"/>
    /// <param name="fit">A pooled fit, for its effects and level; its weights and τ² are not used.</param>
    /// <param name="standardErrorsOfPower">How many standard errors the mean must be away from 0 for a study to count as adequately powered, positive; 2.8 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of standard errors is not positive and finite.</exception>
    /// <exception cref="ImpossibleChoiceException">No value of the measure means no effect, so that power is not defined.</exception>
    public static AdequatelyPoweredMean Waap(this PooledFit fit, double standardErrorsOfPower = StandardErrorsOfPower)
    {
        ArgumentNullException.ThrowIfNull(fit);
        if (!(standardErrorsOfPower > 0) || !double.IsFinite(standardErrorsOfPower))
        {
            throw new ArgumentOutOfRangeException(nameof(standardErrorsOfPower), standardErrorsOfPower, "The number of standard errors is positive and finite; 2.8 gives 80% power at .05.");
        }
        if (!fit.Effects.Measure.HasNullValue) throw new ImpossibleChoiceException($"No value of {fit.Effects.Measure.Name} means no effect, so that no study has power to find one: take UWLS", ChoiceFault.UndefinedEstimate);
        var all = fit.Uwls();
        var threshold = Math.Abs(all.Estimate.Estimate) / standardErrorsOfPower;
        ImmutableArray<bool> adequate = [.. fit.Effects.Variances.Select(v => Math.Sqrt(v) <= threshold)];
        int[] rows = [.. Enumerable.Range(0, fit.Count).Where(i => adequate[i])];
        return new AdequatelyPoweredMean(all, rows.Length < 2 ? null : Mean("WAAP", fit, rows), threshold, adequate);
    }

    private static UnrestrictedWeightedMean Mean(string method, PooledFit fit, int[] rows)
    {
        var k = rows.Length;
        if (k < 2) throw new InsufficientStudiesException(method, 2, k);
        double[] y = [.. rows.Select(i => fit.Effects.Effects[i])];
        double[] w = [.. rows.Select(i => 1 / fit.Effects.Variances[i])];
        // Differences from one effect, so that equal effects have exactly their value as mean.
        double origin = y[0], weight = 0, sum = 0, q = 0;
        for (var i = 0; i < k; i++)
        {
            weight += w[i];
            sum += w[i] * (y[i] - origin);
        }
        var mean = origin + sum / weight;
        for (var i = 0; i < k; i++) q += w[i] * (y[i] - mean) * (y[i] - mean);
        if (!double.IsFinite(mean) || !double.IsFinite(q)) throw new ConvergenceException(method, "the effects or variances are too large or too small for double precision", 0, NonConvergence.Precision);
        if (WeightedLine.IsExact(q, y, w))
        {
            throw new UndeterminedException(method, $"all {(k < fit.Count ? "adequately powered " : "")}effects are equal, so that its standard error would be 0, which says nothing about how uncertain it is",
                k < fit.Count ? "UWLS of all studies" : "an equal-effects model has a standard error from sampling variances alone");
        }
        double phi = q / (k - 1), se = Math.Sqrt(phi / weight), df = k - 1;
        var estimate = new Coefficient("Mean", mean, se, mean / se, df, Distributions.StudentTwoSided(mean / se, df), Distributions.Interval(mean, se, df, fit.ConfidenceLevel)) { Origin = fit.Effects.Origin };
        return new UnrestrictedWeightedMean(estimate, phi, k, [.. Warn(fit, w, weight)]) { Origin = fit.Effects.Origin };
    }

    private static IEnumerable<string> Warn(PooledFit fit, double[] w, double weight)
    {
        var largest = w.Max() / weight;
        if (largest > 0.5) yield return $"One study has {StatisticText.Percent(largest, 0)} of the weight: the mean is little else than that study.";
        if (StandardErrorDependence.Warning(fit.Effects.Measure) is { } warning) yield return warning;
        if (fit.Effects.SharingWarning is { } sharing) yield return sharing;
    }
}
