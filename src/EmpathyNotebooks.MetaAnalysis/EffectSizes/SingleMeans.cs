namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Effect sizes that describe the scores of one group. When not to use them: to compare groups, which the differences and ratios
/// do.
/// </summary>
/// <example><code>
/// Console.WriteLine(SingleMeans.Log(m: 12.5, sd: 3.1, n: 44));
/// </code></example>
public static class SingleMeans
{
    /// <summary>
    /// The mean with variance SD²/n (metafor's MN).
    /// The variance is that of any mean. When not to use it: across different scales.
    /// </summary>
    /// <remarks>$$y = m, \qquad v = \frac{s^2}{n}$$</remarks>
    /// <param name="m">The mean.</param>
    /// <param name="sd">The standard deviation, positive.</param>
    /// <param name="n">The sample size, at least 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static EffectSize Raw(double m, double sd, double n)
    {
        CheckGroup(sd, n);
        return EffectSize.Of(Check.Finite(m, nameof(m)), sd * sd / n, EffectMeasure.Mean);
    }

    /// <summary>
    /// The log mean ln(m) with variance SD²/(n·m²) by the delta method (metafor's MNLN).
    /// Source: Lajeunesse (2015), Ecology 96, 2056-2063. When not to use it: on scales without a true zero.
    /// </summary>
    /// <remarks>$$y = \ln m, \qquad v = \frac{s^2}{nm^2}$$</remarks>
    /// <inheritdoc cref="Raw"/>
    /// <param name="m">The mean, positive.</param>
    /// <param name="sd">The standard deviation, positive.</param>
    /// <param name="n">The sample size, at least 2.</param>
    public static EffectSize Log(double m, double sd, double n)
    {
        CheckGroup(sd, n);
        return EffectSize.Of(Math.Log(Check.Positive(m, nameof(m))), sd * sd / (n * m * m), EffectMeasure.MeanLog);
    }

    /// <summary>
    /// The mean in standard deviations, g = J(n - 1)·m/SD, with variance 1/n + g²/(2n) (metafor's SMN). Source: Hedges (1981),
    /// for one group.
    /// When not to use it: where zero of the scale means nothing.
    /// </summary>
    /// <remarks>$$g = J(n - 1)\,\frac{m}{s}, \qquad v = \frac{1}{n} + \frac{g^2}{2n}$$</remarks>
    /// <inheritdoc cref="Raw"/>
    /// <param name="m">The mean, as a distance from the value of interest.</param>
    /// <param name="sd">The standard deviation, positive.</param>
    /// <param name="n">The sample size, at least 3.</param>
    /// <param name="correction">How the mean is corrected for bias.</param>
    public static EffectSize Standardized(double m, double sd, double n, BiasCorrection correction = BiasCorrection.Exact)
    {
        CheckGroup(sd, n);
        Check.Size(n, 3, nameof(n));
        var g = SmallSample.Factor(n - 1, correction) * Check.Finite(m, nameof(m)) / sd;
        return EffectSize.Of(g, 1 / n + g * g / (2 * n), EffectMeasure.StandardizedMean);
    }

    /// <summary>
    /// The log standard deviation ln(SD) + 1/(2(n - 1)) with variance 1/(2(n - 1)) (metafor's SDLN). Source: Raudenbush &amp;
    /// Bryk (1987), Journal of Educational Statistics 12, 241-269.
    /// When not to use it: for scores far from normal, whose standard deviations vary more.
    /// </summary>
    /// <remarks>$$y = \ln s + \frac{1}{2(n - 1)}, \qquad v = \frac{1}{2(n - 1)}$$</remarks>
    /// <param name="sd">The standard deviation, positive.</param>
    /// <param name="n">The sample size, at least 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static EffectSize LogStandardDeviation(double sd, double n)
    {
        CheckGroup(sd, n);
        var correction = 1 / (2 * (n - 1));
        return EffectSize.Of(Math.Log(sd) + correction, correction, EffectMeasure.StandardDeviationLog);
    }

    /// <summary>
    /// The log coefficient of variation ln(SD/m) + 1/(2(n - 1)) with variance 1/(2(n - 1)) + SD²/(n·m²) (metafor's CVLN). Source:
    /// Nakagawa et al. (2015).
    /// When not to use it: on scales without a true zero.
    /// </summary>
    /// <remarks>$$y = \ln\frac{s}{m} + \frac{1}{2(n - 1)}, \qquad v = \frac{1}{2(n - 1)} + \frac{s^2}{nm^2}$$</remarks>
    /// <inheritdoc cref="Log"/>
    public static EffectSize LogCoefficientOfVariation(double m, double sd, double n)
    {
        var mean = Log(m, sd, n);
        var spread = LogStandardDeviation(sd, n);
        return EffectSize.Of(spread.Value - mean.Value, spread.Variance + mean.Variance, EffectMeasure.CoefficientOfVariationLog);
    }

    private static void CheckGroup(double sd, double n)
    {
        Check.Positive(sd, nameof(sd));
        Check.Size(n, 2, nameof(n));
    }
}
