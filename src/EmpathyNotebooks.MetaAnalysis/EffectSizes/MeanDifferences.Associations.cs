namespace EmpathyNotebooks.MetaAnalysis;

public static partial class MeanDifferences
{
    /// <summary>
    /// The point-biserial correlation of the score with group membership, r = d/√(d² + h), h = m/n1 + m/n2, m = n1 + n2 - 2
    /// (metafor's RPB). Variance for fixed group sizes h²/(h + d²)³·(1/n1 + 1/n2 + d²/(2N)); for one sample (1 -
    /// r²)²·(Nr²/(4n1n2) + (2 - 3r²)/(2N)). Source: Tate (1954), Annals of Mathematical Statistics 25, 603-607; Jacobs &amp;
    /// Viechtbauer (2017), Research Synthesis Methods 8, 161-180. When not to use it: to pool with correlations of two continuous
    /// variables; its largest possible value is below 1 (<see cref="Biserial"/> estimates the correlation behind the cut).
    /// </summary>
    /// <remarks>
    /// $$r = \frac{d}{\sqrt{d^2 + h}}, \qquad h = \frac{m}{n_1} + \frac{m}{n_2}, \qquad m = n_1 + n_2 - 2$$
    /// $$v = \frac{h^2}{(h + d^2)^3}\left(\frac{1}{n_1} + \frac{1}{n_2} + \frac{d^2}{2N}\right)$$
    /// and for one sample
    /// $$v = (1 - r^2)^2\left(\frac{Nr^2}{4n_1n_2} + \frac{2 - 3r^2}{2N}\right)$$
    /// </remarks>
    /// <inheritdoc cref="Raw" path="/exception"/>
    /// <param name="m1">The mean of the first group.</param>
    /// <param name="sd1">Its standard deviation, 0 or more.</param>
    /// <param name="n1">Its size, at least 2.</param>
    /// <param name="m2">The mean of the second group.</param>
    /// <param name="sd2">Its standard deviation.</param>
    /// <param name="n2">Its size.</param>
    /// <param name="design">How people came into the groups.</param>
    public static EffectSize PointBiserial(double m1, double sd1, double n1, double m2, double sd2, double n2,
        SamplingDesign design = SamplingDesign.Stratified)
    {
        CheckGroups(m1, sd1, n1, m2, sd2, n2);
        var d = CohenD(m1, sd1, n1, m2, sd2, n2);
        double n = n1 + n2, m = n - 2, h = m / n1 + m / n2;
        var r = d / Math.Sqrt(d * d + h);
        var v = design switch
        {
            SamplingDesign.Stratified => h * h / Math.Pow(h + d * d, 3) * (1 / n1 + 1 / n2 + d * d / (2 * n)),
            SamplingDesign.CrossSectional => (1 - r * r) * (1 - r * r) * (n * r * r / (4 * n1 * n2) + (2 - 3 * r * r) / (2 * n)),
            _ => throw Check.Unknown(design, nameof(design)),
        };
        return EffectSize.Of(r, v, EffectMeasure.PointBiserial);
    }

    /// <summary>
    /// The biserial correlation: what the correlation would be had the grouping variable, taken as normal, not been cut in two,
    /// r_bis = r_pb·√(pq)/φ(z_p) (metafor's RBIS). Variance (pq/φ² - (3/2 + (1 - pz/φ)(1 + qz/φ))·r² + r⁴)/(n - 1), with r held
    /// within [-1, 1]. Source: Soper (1914), Biometrika 10, 384-390; Jacobs &amp; Viechtbauer (2017). When not to use it: for
    /// groups that are no cut of a continuum, such as treated and untreated people.
    /// </summary>
    /// <remarks>
    /// $$r_b = \frac{\sqrt{pq}}{\varphi(z)}\,r_{pb}, \qquad p = n_1/N, \quad q = n_2/N, \quad z = \Phi^{-1}(q)$$
    /// $$v = \frac{1}{N - 1}\left(\frac{pq}{\varphi^2} - \left(\frac{3}{2} + \left(1 - \frac{pz}{\varphi}\right)\left(1 + \frac{qz}{\varphi}\right)\right)r_b^2 + r_b^4\right)$$
    /// </remarks>
    /// <inheritdoc cref="PointBiserial"/>
    public static EffectSize Biserial(double m1, double sd1, double n1, double m2, double sd2, double n2)
    {
        var pointBiserial = PointBiserial(m1, sd1, n1, m2, sd2, n2).Value;
        double n = n1 + n2, p = n1 / n, q = n2 / n;
        var z = -NormalCurve.Quantile(p);
        var height = NormalCurve.Density(z);
        var r = Math.Sqrt(p * q) / height * pointBiserial;
        var held = Math.Clamp(r, -1, 1);
        var square = held * held;
        var v = (p * q / (height * height) - (1.5 + (1 - p * z / height) * (1 + q * z / height)) * square + square * square) / (n - 1);
        return EffectSize.Of(r, v, EffectMeasure.Biserial,
            r is < -1 or > 1 ? "The estimate lies outside [-1, 1]; its variance was computed at the limit." : null);
    }

    /// <summary>
    /// The log odds ratio that a mean difference stands for, if the score were cut in two: (π/√3)·d with variance π²/3·(1/n1 +
    /// 1/n2 + d²/(2N)), or 1.65·d with 1.65² in place of π²/3 (metafor's D2ORL and D2ORN). d is not corrected for bias, as in
    /// metafor. Source: Hasselblad &amp; Hedges (1995), Psychological Bulletin 117, 167-178; Chinn (2000); Sánchez-Meca,
    /// Marín-Martínez &amp; Chacón-Moscoso (2003). When not to use it: where most studies report means; turn the few tables into
    /// d instead (<see cref="TwoByTwoTables.StandardizedFromOdds"/>).
    /// </summary>
    /// <remarks>
    /// $$\ln\mathrm{OR} = \frac{\pi}{\sqrt{3}}\,d, \qquad v = \frac{\pi^2}{3}\left(\frac{1}{n_1} + \frac{1}{n_2} + \frac{d^2}{2(n_1 + n_2)}\right)$$
    /// with 1.65 in place of $\pi/\sqrt{3}$ for normal scores.
    /// </remarks>
    /// <inheritdoc cref="Raw" path="/exception"/>
    /// <param name="m1">The mean of the first group.</param>
    /// <param name="sd1">Its standard deviation, 0 or more.</param>
    /// <param name="n1">Its size, at least 2.</param>
    /// <param name="m2">The mean of the second group.</param>
    /// <param name="sd2">Its standard deviation.</param>
    /// <param name="n2">Its size.</param>
    /// <param name="scores">The shape of the scores.</param>
    public static EffectSize LogOddsRatio(double m1, double sd1, double n1, double m2, double sd2, double n2,
        ScoreDistribution scores = ScoreDistribution.Logistic)
    {
        CheckGroups(m1, sd1, n1, m2, sd2, n2);
        var d = CohenD(m1, sd1, n1, m2, sd2, n2);
        var factor = OddsFactor(scores);
        return EffectSize.Of(factor * d, factor * factor * (1 / n1 + 1 / n2 + d * d / (2 * (n1 + n2))),
            scores == ScoreDistribution.Normal ? EffectMeasure.OddsRatioFromNormal : EffectMeasure.OddsRatioFromLogistic);
    }

    /// <summary>How many units of ln(OR) one unit of d is.</summary>
    internal static double OddsFactor(ScoreDistribution scores) => scores switch
    {
        ScoreDistribution.Logistic => Math.PI / Math.Sqrt(3),
        ScoreDistribution.Normal => 1.65,
        _ => throw Check.Unknown(scores, nameof(scores)),
    };
}
