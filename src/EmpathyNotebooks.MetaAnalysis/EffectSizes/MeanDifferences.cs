namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Whether the two groups of a study are taken to have the same variance of scores.</summary>
/// <example><code>
/// Console.WriteLine(MeanDifferences.Raw(10.2, 2.1, 25, 8.9, 2.6, 28, GroupVariances.Equal));
/// </code></example>
public enum GroupVariances
{
    /// <summary>Each group has its own (metafor's vtype LS). The default.</summary>
    Unequal,

    /// <summary>Both have the pooled variance (metafor's vtype HO).</summary>
    Equal,
}

/// <summary>
/// How the sampling variance of a standardized mean difference is estimated; J is the bias correction, g = J·d.
/// </summary>
/// <example><code>
/// Console.WriteLine(MeanDifferences.Standardized(10.2, 2.1, 25, 8.9, 2.6, 28, StandardizedVariance.Unbiased).Variance);
/// </code></example>
public enum StandardizedVariance
{
    /// <summary>
    /// The large-sample formula with g in it: for two groups 1/n1 + 1/n2 + g²/(2N) (Hedges 1982, eq. 8; metafor's LS). The
    /// default.
    /// </summary>
    /// <remarks>$$v = \frac{1}{n_1} + \frac{1}{n_2} + \frac{g^2}{2N}$$</remarks>
    LargeSample,

    /// <summary>
    /// J² times the large-sample formula with d in it (Borenstein et al. 2009, eq. 4.20 and 4.24; metafor's LS2).
    /// </summary>
    /// <remarks>$$v = J^2\left(\frac{1}{n_1} + \frac{1}{n_2} + \frac{d^2}{2N}\right)$$</remarks>
    Corrected,

    /// <summary>
    /// Unbiased: 1/n1 + 1/n2 + (1 - (m - 2)/(m·J²))·g² (Hedges 1983, eq. 9; metafor's UB). For two groups only.
    /// </summary>
    /// <remarks>$$v = \frac{1}{n_1} + \frac{1}{n_2} + \left(1 - \frac{m - 2}{mJ^2}\right)g^2$$</remarks>
    Unbiased,
}

/// <summary>How the people of a study came into its two groups.</summary>
/// <example><code>
/// Console.WriteLine(TwoByTwoTables.Phi(new TwoByTwo(12, 88, 25, 75), SamplingDesign.Stratified));
/// </code></example>
public enum SamplingDesign
{
    /// <summary>The group sizes were fixed beforehand, as in an experiment or case-control study (metafor's ST).</summary>
    Stratified,

    /// <summary>One sample was drawn and the group sizes came out by chance (metafor's CS).</summary>
    CrossSectional,
}

/// <summary>The shape of the scores behind a dichotomous outcome, which decides how d and a log odds ratio convert.</summary>
/// <example><code>
/// Console.WriteLine(TwoByTwoTables.StandardizedFromOdds(new TwoByTwo(12, 88, 25, 75), ScoreDistribution.Normal));
/// </code></example>
public enum ScoreDistribution
{
    /// <summary>Logistic: ln(OR) = (π/√3)·d (Hasselblad &amp; Hedges 1995; Chinn 2000).</summary>
    Logistic,

    /// <summary>Normal: ln(OR) = 1.65·d (Cox &amp; Snell 1989; Sánchez-Meca et al. 2003).</summary>
    Normal,
}

/// <summary>
/// Effect sizes from the means, standard deviations and sizes of two independent groups. A positive effect means that the first
/// group has the higher mean. Standardized differences are Hedges' g unless <see cref="BiasCorrection.None"/> asks for Cohen's d.
/// </summary>
public static partial class MeanDifferences
{
    /// <summary>
    /// The mean difference m1 - m2 with variance SD1²/n1 + SD2²/n2, or SDp²(1/n1 + 1/n2) for equal variances (metafor's MD).
    /// Source: Borenstein (2009), Handbook of Research Synthesis, eq. 12.5 and 12.3. When not to use it: across studies with
    /// different scales.
    /// </summary>
    /// <remarks>
    /// $$\mathrm{MD} = m_1 - m_2$$
    /// $$v = \frac{s_1^2}{n_1} + \frac{s_2^2}{n_2} \qquad\text{or}\qquad v = s_p^2\left(\frac{1}{n_1} + \frac{1}{n_2}\right)$$
    /// $$s_p^2 = \frac{(n_1 - 1)s_1^2 + (n_2 - 1)s_2^2}{n_1 + n_2 - 2}$$
    /// </remarks>
    /// <param name="m1">The mean of the first group.</param>
    /// <param name="sd1">Its standard deviation, 0 or more.</param>
    /// <param name="n1">Its size, at least 2.</param>
    /// <param name="m2">The mean of the second group.</param>
    /// <param name="sd2">Its standard deviation.</param>
    /// <param name="n2">Its size.</param>
    /// <param name="variances">Whether the groups are taken to have one variance.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="ArgumentException">Both standard deviations are 0.</exception>
    public static EffectSize Raw(double m1, double sd1, double n1, double m2, double sd2, double n2,
        GroupVariances variances = GroupVariances.Unequal)
    {
        CheckGroups(m1, sd1, n1, m2, sd2, n2);
        var v = variances switch
        {
            GroupVariances.Unequal => sd1 * sd1 / n1 + sd2 * sd2 / n2,
            GroupVariances.Equal => PooledVariance(sd1, n1, sd2, n2) * (1 / n1 + 1 / n2),
            _ => throw Check.Unknown(variances, nameof(variances)),
        };
        return EffectSize.Of(m1 - m2, v, EffectMeasure.MeanDifference);
    }

    /// <summary>
    /// Hedges' g = J(n1 + n2 - 2)·(m1 - m2)/SDp (metafor's SMD). Source: Hedges (1981), Journal of Educational Statistics 6,
    /// 107-128; variances: <see cref="StandardizedVariance"/>. When not to use it: where the standard deviations differ because
    /// of the treatment (Glass's Δ) or by nature (<see cref="StandardizedUnequalVariances"/>), or where samples were selected so
    /// that their spread is not comparable.
    /// </summary>
    /// <remarks>
    /// $$g = J(n_1 + n_2 - 2)\,\frac{m_1 - m_2}{s_p}$$
    /// $$v = \frac{1}{n_1} + \frac{1}{n_2} + \frac{g^2}{2(n_1 + n_2)}$$
    /// with $s_p$ the pooled standard deviation and $J$ of <see cref="SmallSample.Factor"/>.
    /// </remarks>
    /// <param name="m1">The mean of the first group.</param>
    /// <param name="sd1">Its standard deviation, 0 or more.</param>
    /// <param name="n1">Its size, at least 2.</param>
    /// <param name="m2">The mean of the second group.</param>
    /// <param name="sd2">Its standard deviation.</param>
    /// <param name="n2">Its size.</param>
    /// <param name="variance">Which formula for the sampling variance.</param>
    /// <param name="correction">How d is corrected for bias.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="ArgumentException">Both standard deviations are 0.</exception>
    public static EffectSize Standardized(double m1, double sd1, double n1, double m2, double sd2, double n2,
        StandardizedVariance variance = StandardizedVariance.LargeSample, BiasCorrection correction = BiasCorrection.Exact)
    {
        CheckGroups(m1, sd1, n1, m2, sd2, n2);
        return FromD(CohenD(m1, sd1, n1, m2, sd2, n2), n1, n2, variance, correction);
    }

    /// <summary>
    /// Hedges' g from a Cohen's d that a paper reports (pooled standard deviation, not yet corrected for bias).
    /// Source: Hedges (1981). When not to use it: with a d that is g already, or whose unit is the spread of changes.
    /// </summary>
    /// <remarks>
    /// $$g = J(n_1 + n_2 - 2)\,d$$
    /// $$v = \frac{1}{n_1} + \frac{1}{n_2} + \frac{g^2}{2(n_1 + n_2)}$$
    /// </remarks>
    /// <param name="d">Cohen's d.</param>
    /// <param name="n1">The size of the first group, at least 2.</param>
    /// <param name="n2">The size of the second group.</param>
    /// <param name="variance">Which formula for the sampling variance.</param>
    /// <param name="correction">How d is corrected for bias; <see cref="BiasCorrection.None"/> leaves it as it is, for a g that
    /// is already corrected.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static EffectSize FromD(double d, double n1, double n2,
        StandardizedVariance variance = StandardizedVariance.LargeSample,
        BiasCorrection correction = BiasCorrection.Exact)
    {
        CheckSizes(n1, n2);
        var m = n1 + n2 - 2;
        return WithVariance(Check.Finite(d, nameof(d)), m, n1, n2, n1 + n2, variance, correction,
            EffectMeasure.StandardizedMeanDifference);
    }

    /// <summary>
    /// Hedges' g from an independent-samples t: d = t·√(1/n1 + 1/n2). When not to use it: with Welch's t, or a t from a model
    /// with covariates.
    /// Source: Borenstein (2009), Handbook of Research Synthesis, ch. 12.
    /// </summary>
    /// <remarks>$$d = t\sqrt{\frac{1}{n_1} + \frac{1}{n_2}}, \qquad g = J(n_1 + n_2 - 2)\,d$$</remarks>
    /// <inheritdoc cref="FromD"/>
    /// <param name="t">Student's t with n1 + n2 - 2 degrees of freedom, positive when the first group is higher.</param>
    /// <param name="n1">The size of the first group, at least 2.</param>
    /// <param name="n2">The size of the second group.</param>
    /// <param name="variance">Which formula for the sampling variance.</param>
    /// <param name="correction">How d is corrected for bias.</param>
    public static EffectSize FromT(double t, double n1, double n2,
        StandardizedVariance variance = StandardizedVariance.LargeSample,
        BiasCorrection correction = BiasCorrection.Exact)
    {
        CheckSizes(n1, n2);
        return FromD(Check.Finite(t, nameof(t)) * Math.Sqrt(1 / n1 + 1 / n2), n1, n2, variance, correction);
    }

    /// <summary>
    /// The difference in units of the average standard deviation √((SD1² + SD2²)/2), with a variance that lets the groups differ
    /// in spread (metafor's SMDH): g²(SD1⁴/(n1 - 1) + SD2⁴/(n2 - 1))/(8s⁴) + (SD1²/(n1 - 1) + SD2²/(n2 - 1))/s², s² the average
    /// variance. Source: Bonett (2008), Psychological Methods 13, 99-109; (2009), 14, 225-238. The variance is that of metafor
    /// 5.1; metafor 3.8 multiplied it by J².
    /// When not to use it: pooled with g where spreads differ much; the unit is another.
    /// </summary>
    /// <remarks>
    /// $$g = J(n_1 + n_2 - 2)\,\frac{m_1 - m_2}{s}, \qquad s^2 = \frac{s_1^2 + s_2^2}{2}$$
    /// $$v = \frac{g^2a}{8s^4} + \frac{b}{s^2}, \qquad a = \frac{s_1^4}{n_1 - 1} + \frac{s_2^4}{n_2 - 1}, \qquad b = \frac{s_1^2}{n_1 - 1} + \frac{s_2^2}{n_2 - 1}$$
    /// </remarks>
    /// <inheritdoc cref="Raw" path="/exception"/>
    /// <param name="m1">The mean of the first group.</param>
    /// <param name="sd1">Its standard deviation, 0 or more.</param>
    /// <param name="n1">Its size, at least 2.</param>
    /// <param name="m2">The mean of the second group.</param>
    /// <param name="sd2">Its standard deviation.</param>
    /// <param name="n2">Its size.</param>
    /// <param name="correction">How the difference is corrected for bias, with m = n1 + n2 - 2.</param>
    public static EffectSize StandardizedUnequalVariances(double m1, double sd1, double n1, double m2, double sd2, double n2,
        BiasCorrection correction = BiasCorrection.Exact)
    {
        CheckGroups(m1, sd1, n1, m2, sd2, n2);
        double v1 = sd1 * sd1, v2 = sd2 * sd2, average = (v1 + v2) / 2;
        var g = SmallSample.Factor(n1 + n2 - 2, correction) * (m1 - m2) / Math.Sqrt(average);
        var v = g * g * (v1 * v1 / (n1 - 1) + v2 * v2 / (n2 - 1)) / (8 * average * average)
            + (v1 / (n1 - 1) + v2 / (n2 - 1)) / average;
        return EffectSize.Of(g, v, EffectMeasure.StandardizedMeanDifferenceUnequal);
    }

    /// <summary>
    /// Glass's Δ = J(n2 - 1)·(m1 - m2)/SD2, in standard deviations of the second group (metafor's SMD1), with variance 1/n1 +
    /// 1/n2 + Δ²/(2n2). Source: Glass (1976); Hedges (1981). It takes the group variances as equal for its sampling variance;
    /// where they are not, use <see cref="GlassUnequalVariances"/>.
    /// When not to use it: where the second group is no control group, or small.
    /// </summary>
    /// <remarks>
    /// $$\Delta = J(n_2 - 1)\,\frac{m_1 - m_2}{s_2}$$
    /// $$v = \frac{1}{n_1} + \frac{1}{n_2} + \frac{\Delta^2}{2n_2}$$
    /// </remarks>
    /// <param name="m1">The mean of the first group, the treated one.</param>
    /// <param name="n1">Its size, at least 2.</param>
    /// <param name="m2">The mean of the second group, the controls.</param>
    /// <param name="sd2">Its standard deviation, positive.</param>
    /// <param name="n2">Its size, at least 3.</param>
    /// <param name="variance">Which formula for the sampling variance.</param>
    /// <param name="correction">How the difference is corrected for bias.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static EffectSize Glass(double m1, double n1, double m2, double sd2, double n2,
        StandardizedVariance variance = StandardizedVariance.LargeSample, BiasCorrection correction = BiasCorrection.Exact)
    {
        var d = GlassD(m1, n1, m2, sd2, n2);
        return WithVariance(d, n2 - 1, n1, n2, n2, variance, correction, EffectMeasure.GlassDelta);
    }

    /// <summary>
    /// Glass's Δ with variance (SD1²/SD2²)/(n1 - 1) + 1/(n2 - 1) + Δ²/(2(n2 - 1)), which lets the groups differ in spread
    /// (metafor's SMD1H). Source: Bonett (2008), as metafor 5.1 has it; metafor 3.8 divided by n1, n2 and 2n2.
    /// When not to use it: where the second group is no control group, or small.
    /// </summary>
    /// <remarks>
    /// $$\Delta = J(n_2 - 1)\,\frac{m_1 - m_2}{s_2}$$
    /// $$v = \frac{s_1^2}{s_2^2(n_1 - 1)} + \frac{1}{n_2 - 1} + \frac{\Delta^2}{2(n_2 - 1)}$$
    /// </remarks>
    /// <param name="m1">The mean of the first group, the treated one.</param>
    /// <param name="sd1">Its standard deviation, 0 or more.</param>
    /// <param name="n1">Its size, at least 2.</param>
    /// <param name="m2">The mean of the second group, the controls.</param>
    /// <param name="sd2">Its standard deviation, positive.</param>
    /// <param name="n2">Its size, at least 3.</param>
    /// <param name="correction">How the difference is corrected for bias.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static EffectSize GlassUnequalVariances(double m1, double sd1, double n1, double m2, double sd2, double n2,
        BiasCorrection correction = BiasCorrection.Exact)
    {
        Check.NotNegative(sd1, nameof(sd1));
        var g = SmallSample.Factor(n2 - 1, correction) * GlassD(m1, n1, m2, sd2, n2);
        var v = sd1 * sd1 / (sd2 * sd2) / (n1 - 1) + 1 / (n2 - 1) + g * g / (2 * (n2 - 1));
        return EffectSize.Of(g, v, EffectMeasure.GlassDeltaUnequal);
    }

    private static double GlassD(double m1, double n1, double m2, double sd2, double n2)
    {
        Check.Size(n1, 2, nameof(n1));
        Check.Size(n2, 3, nameof(n2), "the standard deviation of the second group needs two degrees of freedom");
        return (Check.Finite(m1, nameof(m1)) - Check.Finite(m2, nameof(m2))) / Check.Positive(sd2, nameof(sd2));
    }

    private static EffectSize WithVariance(double d, double m, double n1, double n2, double np, StandardizedVariance variance,
        BiasCorrection correction, EffectMeasure measure)
    {
        var j = SmallSample.Factor(m, correction);
        var g = j * d;
        var sizes = 1 / n1 + 1 / n2;
        var v = variance switch
        {
            StandardizedVariance.LargeSample => sizes + g * g / (2 * np),
            StandardizedVariance.Corrected => j * j * (sizes + d * d / (2 * np)),
            StandardizedVariance.Unbiased => sizes + (1 - (m - 2) / (m * j * j)) * g * g,
            _ => throw Check.Unknown(variance, nameof(variance)),
        };
        return EffectSize.Of(g, v, measure);
    }

    private static double PooledVariance(double sd1, double n1, double sd2, double n2) =>
        ((n1 - 1) * sd1 * sd1 + (n2 - 1) * sd2 * sd2) / (n1 + n2 - 2);

    private static double CohenD(double m1, double sd1, double n1, double m2, double sd2, double n2)
    {
        var pooled = PooledVariance(sd1, n1, sd2, n2);
        return pooled > 0
            ? (m1 - m2) / Math.Sqrt(pooled)
            : throw ArgumentFault.Together("Both standard deviations are 0: there is nothing to standardize by.");
    }

    private static void CheckSizes(double n1, double n2)
    {
        Check.Size(n1, 2, nameof(n1));
        Check.Size(n2, 2, nameof(n2));
    }

    private static void CheckGroups(double m1, double sd1, double n1, double m2, double sd2, double n2)
    {
        Check.Finite(m1, nameof(m1));
        Check.Finite(m2, nameof(m2));
        Check.NotNegative(sd1, nameof(sd1));
        Check.NotNegative(sd2, nameof(sd2));
        CheckSizes(n1, n2);
    }
}
