using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Effect sizes that compare two independent groups by ratios: of means, of standard deviations, of coefficients of variation.
/// All are natural logarithms. When not to use them: on scales without a true zero, where a ratio of means or a coefficient of
/// variation means nothing.
/// </summary>
/// <example><code>
/// Console.WriteLine(MeanRatios.RatioOfMeans(10.2, 2.1, 25, 8.9, 2.6, 28));
/// </code></example>
public static class MeanRatios
{
    /// <summary>
    /// The log ratio of means ln(m1/m2) with variance SD1²/(n1·m1²) + SD2²/(n2·m2²), corrected for bias by half the difference of
    /// the two terms (metafor's ROM; uncorrected in metafor 3.8). Source: Hedges, Gurevitch &amp; Curtis (1999), Ecology 80,
    /// 1150-1156, eq. 1; correction: Lajeunesse (2015), Ecology 96, 2056-2063.
    /// When not to use it: with means near zero beside their standard errors.
    /// </summary>
    /// <remarks>
    /// $$y = \ln\frac{m_1}{m_2} + \frac{1}{2}\left(\frac{s_1^2}{n_1m_1^2} - \frac{s_2^2}{n_2m_2^2}\right)$$
    /// $$v = \frac{s_1^2}{n_1m_1^2} + \frac{s_2^2}{n_2m_2^2}$$
    /// </remarks>
    /// <param name="m1">The mean of the first group; both means have the same sign.</param>
    /// <param name="sd1">Its standard deviation, 0 or more.</param>
    /// <param name="n1">Its size, at least 2.</param>
    /// <param name="m2">The mean of the second group.</param>
    /// <param name="sd2">Its standard deviation.</param>
    /// <param name="n2">Its size.</param>
    /// <param name="variances">Whether the groups are taken to have one variance of scores.</param>
    /// <param name="corrected">False leaves the bias in.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range, or the means differ in sign.</exception>
    /// <exception cref="ArgumentException">Both standard deviations are 0.</exception>
    public static EffectSize RatioOfMeans(double m1, double sd1, double n1, double m2, double sd2, double n2,
        GroupVariances variances = GroupVariances.Unequal, bool corrected = true)
    {
        CheckMeans(m1, m2);
        Check.NotNegative(sd1, nameof(sd1));
        Check.NotNegative(sd2, nameof(sd2));
        CheckSizes(n1, n2);
        double first = SquaredRelative(m1, sd1, n1), second = SquaredRelative(m2, sd2, n2);
        var v = variances switch
        {
            GroupVariances.Unequal => first + second,
            GroupVariances.Equal => ((n1 - 1) * sd1 * sd1 + (n2 - 1) * sd2 * sd2) / (n1 + n2 - 2) * (1 / (n1 * m1 * m1) + 1 / (n2 * m2 * m2)),
            _ => throw Check.Unknown(variances, nameof(variances)),
        };
        return EffectSize.Of(Math.Log(m1 / m2) + (corrected ? (first - second) / 2 : 0), v, EffectMeasure.RatioOfMeans);
    }

    /// <summary>
    /// The log variability ratio ln(SD1/SD2) + 1/(2(n1 - 1)) - 1/(2(n2 - 1)) with variance 1/(2(n1 - 1)) + 1/(2(n2 - 1))
    /// (metafor's VR). Source: Nakagawa et al. (2015), Methods in Ecology and Evolution 6, 143-152. Normal scores are assumed.
    /// When not to use it: where the spread grows with the mean; see <see cref="CoefficientOfVariationRatio"/>.
    /// </summary>
    /// <remarks>
    /// $$y = \ln\frac{s_1}{s_2} + \frac{1}{2(n_1 - 1)} - \frac{1}{2(n_2 - 1)}$$
    /// $$v = \frac{1}{2(n_1 - 1)} + \frac{1}{2(n_2 - 1)}$$
    /// </remarks>
    /// <param name="sd1">The standard deviation of the first group, positive.</param>
    /// <param name="n1">Its size, at least 2.</param>
    /// <param name="sd2">The standard deviation of the second group.</param>
    /// <param name="n2">Its size.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static EffectSize VariabilityRatio(double sd1, double n1, double sd2, double n2)
    {
        Check.Positive(sd1, nameof(sd1));
        Check.Positive(sd2, nameof(sd2));
        CheckSizes(n1, n2);
        double first = 1 / (2 * (n1 - 1)), second = 1 / (2 * (n2 - 1));
        return EffectSize.Of(Math.Log(sd1 / sd2) + first - second, first + second, EffectMeasure.VariabilityRatio);
    }

    /// <summary>
    /// The log ratio of coefficients of variation: the log variability ratio less the (bias-corrected) log ratio of means; the
    /// variances add (metafor's CVR; metafor 3.8 has no correction of the means). Source: Nakagawa et al. (2015), eq. 12, without
    /// the term of the correlation of mean and standard deviation, which is 0 for normal scores; Senior, Viechtbauer &amp;
    /// Nakagawa (2020), Research Synthesis Methods 11, 553-567.
    /// When not to use it: on scales without a true zero.
    /// </summary>
    /// <remarks>
    /// $$y = y_{\mathrm{VR}} - y_{\mathrm{ROM}}, \qquad v = v_{\mathrm{VR}} + v_{\mathrm{ROM}}$$
    /// of <see cref="VariabilityRatio"/> and <see cref="RatioOfMeans"/>.
    /// </remarks>
    /// <param name="m1">The mean of the first group, positive.</param>
    /// <param name="sd1">Its standard deviation, positive.</param>
    /// <param name="n1">Its size, at least 2.</param>
    /// <param name="m2">The mean of the second group.</param>
    /// <param name="sd2">Its standard deviation.</param>
    /// <param name="n2">Its size.</param>
    /// <param name="corrected">False leaves out the correction of the means.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static EffectSize CoefficientOfVariationRatio(double m1, double sd1, double n1, double m2, double sd2, double n2,
        bool corrected = true)
    {
        Check.Positive(m1, nameof(m1));
        Check.Positive(m2, nameof(m2));
        var spread = VariabilityRatio(sd1, n1, sd2, n2);
        var means = RatioOfMeans(m1, sd1, n1, m2, sd2, n2, corrected: corrected);
        return EffectSize.Of(spread.Value - means.Value, spread.Variance + means.Variance,
            EffectMeasure.CoefficientOfVariationRatio);
    }

    internal static double SquaredRelative(double m, double sd, double n) => sd * sd / (n * m * m);

    internal static void CheckMeans(double m1, double m2)
    {
        Check.Finite(m1, nameof(m1));
        Check.Finite(m2, nameof(m2));
        if (m1 * m2 <= 0)
        {
            throw ArgumentFault.OutOfRange(nameof(m1), m1, string.Create(CultureInfo.InvariantCulture,
                $"A ratio of means needs two means of the same sign, neither of them 0; the other mean is {m2}."));
        }
    }

    private static void CheckSizes(double n1, double n2)
    {
        Check.Size(n1, 2, nameof(n1));
        Check.Size(n2, 2, nameof(n2));
    }
}
