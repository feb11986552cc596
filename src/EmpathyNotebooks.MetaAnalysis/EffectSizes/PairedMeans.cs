namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Effect sizes from two means of the same people (before and after) or of matched pairs; r is the correlation between the two
/// occasions. A positive effect means that the first mean given is the higher one, so give the later occasion first to see gains
/// as positive. When not to use them: as the effect of a treatment without a control group, since time, regression to the mean
/// and retesting are in them too (Cuijpers et al. 2017). Where r is not reported, try several values and say so.
/// </summary>
/// <example><code>
/// Console.WriteLine(PairedMeans.StandardizedByAverage(24, 5, 21, 6, n: 30, r: 0.7));
/// </code></example>
public static class PairedMeans
{
    /// <summary>
    /// The mean change m1 - m2 with variance (SD1² + SD2² - 2r·SD1·SD2)/n (metafor's MC). Source: Morris &amp; DeShon (2002),
    /// Psychological Methods 7, 105-125.
    /// When not to use it: across studies with different scales.
    /// </summary>
    /// <remarks>$$\mathrm{MC} = m_1 - m_2, \qquad v = \frac{s_D^2}{n}, \qquad s_D^2 = s_1^2 + s_2^2 - 2rs_1s_2$$</remarks>
    /// <param name="m1">The mean of the first occasion given.</param>
    /// <param name="sd1">Its standard deviation, 0 or more.</param>
    /// <param name="m2">The mean of the second occasion given.</param>
    /// <param name="sd2">Its standard deviation.</param>
    /// <param name="n">The number of people or pairs, at least 2.</param>
    /// <param name="r">The correlation between the occasions, in (-1, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="ArgumentException">The numbers give no positive variance.</exception>
    public static EffectSize Change(double m1, double sd1, double m2, double sd2, double n, double r)
    {
        CheckPair(m1, sd1, m2, sd2, n, r);
        return EffectSize.Of(m1 - m2, ChangeVariance(sd1, sd2, r) / n, EffectMeasure.MeanChange);
    }

    /// <summary>
    /// The change in standard deviations of the change, g = J(n - 1)·(m1 - m2)/SDd (metafor's SMCC), variance 1/n + g²/(2n).
    /// Source: Gibbons, Hedeker &amp; Davis (1993), Journal of Educational Statistics 18, 271-279. When not to use it: pooled
    /// with differences between groups; its unit is the spread of changes, not of people.
    /// </summary>
    /// <remarks>
    /// $$g = J(n - 1)\,\frac{m_1 - m_2}{s_D}, \qquad s_D^2 = s_1^2 + s_2^2 - 2rs_1s_2$$
    /// $$v = \frac{1}{n} + \frac{g^2}{2n}$$
    /// </remarks>
    /// <inheritdoc cref="Change"/>
    /// <param name="m1">The mean of the first occasion given.</param>
    /// <param name="sd1">Its standard deviation, 0 or more.</param>
    /// <param name="m2">The mean of the second occasion given.</param>
    /// <param name="sd2">Its standard deviation.</param>
    /// <param name="n">The number of people or pairs, at least 3.</param>
    /// <param name="r">The correlation between the occasions, in (-1, 1).</param>
    /// <param name="variance"><see cref="StandardizedVariance.LargeSample"/> or
    /// <see cref="StandardizedVariance.Corrected"/>.</param>
    /// <param name="correction">How the change is corrected for bias.</param>
    public static EffectSize StandardizedByChange(double m1, double sd1, double m2, double sd2, double n, double r,
        StandardizedVariance variance = StandardizedVariance.LargeSample, BiasCorrection correction = BiasCorrection.Exact)
    {
        CheckPair(m1, sd1, m2, sd2, n, r);
        return FromChangeD((m1 - m2) / Math.Sqrt(ChangeVariance(sd1, sd2, r)), n, variance, correction);
    }

    /// <summary>
    /// The standardized change (SMCC) from a reported d_z, mean change over its standard deviation; from a paired t it is d_z =
    /// t/√n.
    /// Source: Gibbons et al. (1993). When not to use it: with a d whose unit is the spread of people.
    /// </summary>
    /// <remarks>$$g = J(n - 1)\,d_z, \qquad v = \frac{1}{n} + \frac{g^2}{2n}$$</remarks>
    /// <param name="d">The mean change divided by the standard deviation of the changes, not corrected for bias.</param>
    /// <param name="n">The number of people or pairs, at least 3.</param>
    /// <param name="variance"><see cref="StandardizedVariance.LargeSample"/> or
    /// <see cref="StandardizedVariance.Corrected"/>.</param>
    /// <param name="correction">How the change is corrected for bias.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static EffectSize FromChangeD(double d, double n, StandardizedVariance variance = StandardizedVariance.LargeSample,
        BiasCorrection correction = BiasCorrection.Exact)
    {
        Check.Size(n, 3, nameof(n));
        if (!double.IsFinite(d))
            throw ArgumentFault.Together("Every change is the same: its standard deviation is 0, and there is nothing to standardize by.");
        return WithVariance(d, SmallSample.Factor(n - 1, correction), 1 / n, n, variance, EffectMeasure.StandardizedMeanChange);
    }

    /// <summary>
    /// The change in standard deviations of the first occasion given, g = J(n - 1)·(m1 - m2)/SD1 (metafor's SMCR), variance 2(1 -
    /// r)/n + g²/(2n). Give the occasion before treatment first if that is the standard deviation wanted; gains are then
    /// negative. Source: Becker (1988), British Journal of Mathematical and Statistical Psychology 41, 257-278. It takes both
    /// occasions as equally variable.
    /// When not to use it: where a treatment changes the spread; see <see cref="StandardizedByFirstUnequalVariances"/>.
    /// </summary>
    /// <remarks>$$g = J(n - 1)\,\frac{m_1 - m_2}{s_1}, \qquad v = \frac{2(1 - r)}{n} + \frac{g^2}{2n}$$</remarks>
    /// <param name="m1">The mean of the occasion whose standard deviation is the unit.</param>
    /// <param name="sd1">Its standard deviation, positive.</param>
    /// <param name="m2">The mean of the other occasion.</param>
    /// <param name="n">The number of people or pairs, at least 3.</param>
    /// <param name="r">The correlation between the occasions, in (-1, 1).</param>
    /// <param name="variance"><see cref="StandardizedVariance.LargeSample"/> or
    /// <see cref="StandardizedVariance.Corrected"/>.</param>
    /// <param name="correction">How the change is corrected for bias.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static EffectSize StandardizedByFirst(double m1, double sd1, double m2, double n, double r,
        StandardizedVariance variance = StandardizedVariance.LargeSample, BiasCorrection correction = BiasCorrection.Exact)
    {
        CheckPair(m1, Check.Positive(sd1, nameof(sd1)), m2, sd1, n, r);
        Check.Size(n, 3, nameof(n));
        return WithVariance((m1 - m2) / sd1, SmallSample.Factor(n - 1, correction), 2 * (1 - r) / n, n, variance,
            EffectMeasure.StandardizedMeanChangeRaw);
    }

    /// <summary>
    /// As <see cref="StandardizedByFirst"/>, with variance SDd²/(SD1²(n - 1)) + g²/(2(n - 1)), which lets the occasions differ in
    /// spread (metafor's SMCRH). Source: Bonett (2008), Psychological Methods 13, 99-109; metafor 3.8 multiplied the variance by
    /// J².
    /// When not to use it: where only the first standard deviation is reported.
    /// </summary>
    /// <remarks>
    /// $$g = J(n - 1)\,\frac{m_1 - m_2}{s_1}, \qquad v = \frac{s_D^2}{s_1^2(n - 1)} + \frac{g^2}{2(n - 1)}$$
    /// with $s_D^2 = s_1^2 + s_2^2 - 2rs_1s_2$.
    /// </remarks>
    /// <inheritdoc cref="Change"/>
    /// <param name="m1">The mean of the occasion whose standard deviation is the unit.</param>
    /// <param name="sd1">Its standard deviation, positive.</param>
    /// <param name="m2">The mean of the other occasion.</param>
    /// <param name="sd2">Its standard deviation, 0 or more.</param>
    /// <param name="n">The number of people or pairs, at least 3.</param>
    /// <param name="r">The correlation between the occasions, in (-1, 1).</param>
    /// <param name="correction">How the change is corrected for bias.</param>
    public static EffectSize StandardizedByFirstUnequalVariances(double m1, double sd1, double m2, double sd2, double n, double r,
        BiasCorrection correction = BiasCorrection.Exact)
    {
        CheckPair(m1, Check.Positive(sd1, nameof(sd1)), m2, sd2, n, r);
        Check.Size(n, 3, nameof(n));
        var g = SmallSample.Factor(n - 1, correction) * (m1 - m2) / sd1;
        return EffectSize.Of(g, ChangeVariance(sd1, sd2, r) / (sd1 * sd1 * (n - 1)) + g * g / (2 * (n - 1)),
            EffectMeasure.StandardizedMeanChangeRawUnequal);
    }

    /// <summary>
    /// The change in units of √((SD1² + SD2²)/2), g = J(m)·(m1 - m2)/s with m = 2(n - 1)/(1 + r²) (metafor's SMCRP), variance 2(1
    /// - r)/n + g²(1 + r²)/(4n). On the scale of differences between groups. Source: Cousineau (2020), Quantitative Methods for
    /// Psychology 16, 418-421; Dunlap et al. (1996). It takes both occasions as equally variable.
    /// When not to use it: where the spread of one occasion is the norm readers know.
    /// </summary>
    /// <remarks>
    /// $$g = J\!\left(\frac{2(n - 1)}{1 + r^2}\right)\frac{m_1 - m_2}{s}, \qquad s^2 = \frac{s_1^2 + s_2^2}{2}$$
    /// $$v = \frac{2(1 - r)}{n} + \frac{g^2(1 + r^2)}{4n}$$
    /// </remarks>
    /// <inheritdoc cref="Change"/>
    /// <param name="m1">The mean of the first occasion given.</param>
    /// <param name="sd1">Its standard deviation, 0 or more.</param>
    /// <param name="m2">The mean of the second occasion given.</param>
    /// <param name="sd2">Its standard deviation.</param>
    /// <param name="n">The number of people or pairs, at least 3.</param>
    /// <param name="r">The correlation between the occasions, in (-1, 1).</param>
    /// <param name="correction">How the change is corrected for bias.</param>
    public static EffectSize StandardizedByAverage(double m1, double sd1, double m2, double sd2, double n, double r,
        BiasCorrection correction = BiasCorrection.Exact)
    {
        var (g, _) = ByAverage(m1, sd1, m2, sd2, n, r, correction);
        return EffectSize.Of(g, 2 * (1 - r) / n + g * g * (1 + r * r) / (4 * n), EffectMeasure.StandardizedMeanChangePooled);
    }

    /// <summary>
    /// As <see cref="StandardizedByAverage"/>, with variance SDd²/(s²(n - 1)) + g²(SD1⁴ + SD2⁴ + 2r²SD1²SD2²)/(8s⁴(n - 1)), which
    /// lets the occasions differ in spread (metafor's SMCRPH). Source: Bonett (2008).
    /// When not to use it: with few people; the variances of variances are then hardly known.
    /// </summary>
    /// <remarks>
    /// $$g = J\!\left(\frac{2(n - 1)}{1 + r^2}\right)\frac{m_1 - m_2}{s}, \qquad s^2 = \frac{s_1^2 + s_2^2}{2}$$
    /// $$v = \frac{s_D^2}{s^2(n - 1)} + \frac{g^2(s_1^4 + s_2^4 + 2r^2s_1^2s_2^2)}{8s^4(n - 1)}$$
    /// with $s_D^2 = s_1^2 + s_2^2 - 2rs_1s_2$.
    /// </remarks>
    /// <inheritdoc cref="StandardizedByAverage"/>
    public static EffectSize StandardizedByAverageUnequalVariances(double m1, double sd1, double m2, double sd2, double n,
        double r,
        BiasCorrection correction = BiasCorrection.Exact)
    {
        var (g, average) = ByAverage(m1, sd1, m2, sd2, n, r, correction);
        double v1 = sd1 * sd1, v2 = sd2 * sd2;
        var v = ChangeVariance(sd1, sd2, r) / (average * (n - 1))
            + g * g * (v1 * v1 + v2 * v2 + 2 * r * r * v1 * v2) / (8 * average * average * (n - 1));
        return EffectSize.Of(g, v, EffectMeasure.StandardizedMeanChangePooledUnequal);
    }

    /// <summary>
    /// The log ratio of paired means ln(m1/m2), corrected for bias by half of SD1²/(n·m1²) - SD2²/(n·m2²), with the variance of
    /// independent groups less 2r·SD1·SD2/(n·m1·m2) (metafor's ROMC). Source: Lajeunesse (2011), Ecology 92, 2049-2055;
    /// correction: Lajeunesse (2015).
    /// When not to use it: on scales without a true zero.
    /// </summary>
    /// <remarks>
    /// $$y = \ln\frac{m_1}{m_2} + \frac{1}{2}\left(\frac{s_1^2}{nm_1^2} - \frac{s_2^2}{nm_2^2}\right)$$
    /// $$v = \frac{s_1^2}{nm_1^2} + \frac{s_2^2}{nm_2^2} - \frac{2rs_1s_2}{nm_1m_2}$$
    /// </remarks>
    /// <inheritdoc cref="Change"/>
    /// <param name="m1">The mean of the first occasion given; both means have the same sign.</param>
    /// <param name="sd1">Its standard deviation, 0 or more.</param>
    /// <param name="m2">The mean of the second occasion given.</param>
    /// <param name="sd2">Its standard deviation.</param>
    /// <param name="n">The number of people or pairs, at least 2.</param>
    /// <param name="r">The correlation between the occasions, in (-1, 1).</param>
    /// <param name="corrected">False leaves the bias in.</param>
    public static EffectSize RatioOfMeans(double m1, double sd1, double m2, double sd2, double n, double r, bool corrected = true)
    {
        CheckPair(m1, sd1, m2, sd2, n, r);
        MeanRatios.CheckMeans(m1, m2);
        double first = MeanRatios.SquaredRelative(m1, sd1, n), second = MeanRatios.SquaredRelative(m2, sd2, n);
        return EffectSize.Of(Math.Log(m1 / m2) + (corrected ? (first - second) / 2 : 0),
            first + second - 2 * r * sd1 * sd2 / (m1 * m2 * n),
            EffectMeasure.RatioOfMeansPaired);
    }

    /// <summary>
    /// The log ratio of paired standard deviations ln(SD1/SD2) with variance (1 - r²)/(n - 1) (metafor's VRC). Source: Nakagawa
    /// et al. (2015), Methods in Ecology and Evolution 6, 143-152, for paired normal scores.
    /// When not to use it: where the spread grows with the mean; see <see cref="CoefficientOfVariationRatio"/>.
    /// </summary>
    /// <remarks>$$y = \ln\frac{s_1}{s_2}, \qquad v = \frac{1 - r^2}{n - 1}$$</remarks>
    /// <param name="sd1">The standard deviation of the first occasion given, positive.</param>
    /// <param name="sd2">That of the second.</param>
    /// <param name="n">The number of people or pairs, at least 2.</param>
    /// <param name="r">The correlation between the occasions, in (-1, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static EffectSize VariabilityRatio(double sd1, double sd2, double n, double r)
    {
        CheckPair(0, Check.Positive(sd1, nameof(sd1)), 0, Check.Positive(sd2, nameof(sd2)), n, r);
        return EffectSize.Of(Math.Log(sd1 / sd2), (1 - r * r) / (n - 1), EffectMeasure.VariabilityRatioPaired);
    }

    /// <summary>
    /// The log ratio of paired coefficients of variation: the log variability ratio less the log ratio of means; the variances
    /// add (metafor's CVRC). Source: Nakagawa et al. (2015), for paired normal scores.
    /// When not to use it: on scales without a true zero.
    /// </summary>
    /// <remarks>
    /// $$y = y_{\mathrm{VR}} - y_{\mathrm{ROM}}, \qquad v = v_{\mathrm{VR}} + v_{\mathrm{ROM}}$$
    /// of <see cref="VariabilityRatio"/> and <see cref="RatioOfMeans"/>.
    /// </remarks>
    /// <inheritdoc cref="RatioOfMeans"/>
    public static EffectSize CoefficientOfVariationRatio(double m1, double sd1, double m2, double sd2, double n, double r,
        bool corrected = true)
    {
        Check.Positive(m1, nameof(m1));
        Check.Positive(m2, nameof(m2));
        var spread = VariabilityRatio(sd1, sd2, n, r);
        var means = RatioOfMeans(m1, sd1, m2, sd2, n, r, corrected);
        return EffectSize.Of(spread.Value - means.Value, spread.Variance + means.Variance,
            EffectMeasure.CoefficientOfVariationRatioPaired);
    }

    private static (double G, double Average) ByAverage(double m1, double sd1, double m2, double sd2, double n, double r,
        BiasCorrection correction)
    {
        CheckPair(m1, sd1, m2, sd2, n, r);
        Check.Size(n, 3, nameof(n));
        var average = (sd1 * sd1 + sd2 * sd2) / 2;
        if (average == 0) throw ArgumentFault.Together("Both standard deviations are 0: there is nothing to standardize by.");
        return (SmallSample.Factor(2 * (n - 1) / (1 + r * r), correction) * (m1 - m2) / Math.Sqrt(average), average);
    }

    private static EffectSize WithVariance(double d, double j, double fromMeans, double n, StandardizedVariance variance,
        EffectMeasure measure)
    {
        var g = j * d;
        var v = variance switch
        {
            StandardizedVariance.LargeSample => fromMeans + g * g / (2 * n),
            StandardizedVariance.Corrected => j * j * (fromMeans + d * d / (2 * n)),
            _ => throw ArgumentFault.OutOfRange(nameof(variance), variance,
                "For a standardized change the variance is LargeSample or Corrected."),
        };
        return EffectSize.Of(g, v, measure);
    }

    private static double ChangeVariance(double sd1, double sd2, double r) => sd1 * sd1 + sd2 * sd2 - 2 * r * sd1 * sd2;

    private static void CheckPair(double m1, double sd1, double m2, double sd2, double n, double r)
    {
        Check.Finite(m1, nameof(m1));
        Check.Finite(m2, nameof(m2));
        Check.NotNegative(sd1, nameof(sd1));
        Check.NotNegative(sd2, nameof(sd2));
        Check.Size(n, 2, nameof(n));
        Check.Correlation(r);
    }
}
