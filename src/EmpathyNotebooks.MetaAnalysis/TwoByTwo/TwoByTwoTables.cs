namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Effect sizes from a two-by-two table. A positive effect means more events in the first group. Where a zero leaves a measure
/// undefined, a <see cref="ZeroCells"/> rule must be chosen; nothing is added in silence.
/// </summary>
public static partial class TwoByTwoTables
{
    /// <summary>
    /// The log odds ratio ln(ad/(bc)) with variance 1/a + 1/b + 1/c + 1/d (metafor's OR). Source: Woolf (1955), Annals of Human
    /// Genetics 19, 251-253. When not to use it: read as a ratio of risks; with common events it lies further from 1.
    /// </summary>
    /// <remarks>$$y = \ln\frac{ad}{bc}, \qquad v = \frac{1}{a} + \frac{1}{b} + \frac{1}{c} + \frac{1}{d}$$</remarks>
    /// <param name="table">The counts.</param>
    /// <param name="zeroCells">What to do with zeros; <see cref="ZeroCells.Keep"/> if not said.</param>
    /// <exception cref="ArgumentException">A zero leaves the measure or its variance undefined and no rule says what to
    /// do.</exception>
    public static EffectSize LogOddsRatio(TwoByTwo table, ZeroCells? zeroCells = null)
    {
        var (t, note) = Ready(table, zeroCells, table.HasZero, EffectMeasure.OddsRatio);
        return EffectSize.Of(LogOdds(t), InverseSum(t), EffectMeasure.OddsRatio, note);
    }

    /// <summary>
    /// The log risk ratio ln((a/n1)/(c/n2)) with variance 1/a - 1/n1 + 1/c - 1/n2 (metafor's RR). Source: Katz et al. (1978),
    /// Biometrics 34, 469-474. When not to use it: for case-control studies, in which risks cannot be seen. The ratio for the
    /// other outcome is another number.
    /// </summary>
    /// <remarks>$$y = \ln\frac{a/n_1}{c/n_2}, \qquad v = \frac{1}{a} - \frac{1}{n_1} + \frac{1}{c} - \frac{1}{n_2}$$</remarks>
    /// <inheritdoc cref="LogOddsRatio"/>
    public static EffectSize LogRiskRatio(TwoByTwo table, ZeroCells? zeroCells = null)
    {
        var (t, note) = Ready(table, zeroCells, table.A == 0 || table.C == 0 || (table.B == 0 && table.D == 0),
            EffectMeasure.RiskRatio);
        return EffectSize.Of(Math.Log(t.A / t.N1) - Math.Log(t.C / t.N2), 1 / t.A - 1 / t.N1 + 1 / t.C - 1 / t.N2,
            EffectMeasure.RiskRatio, note);
    }

    /// <summary>
    /// The risk difference a/n1 - c/n2 with variance p1(1 - p1)/n1 + p2(1 - p2)/n2 (metafor's RD). When not to use it: pooled
    /// over studies with very different base risks; a ratio is then often more alike.
    /// Source: Fleiss &amp; Berlin (2009), Handbook of Research Synthesis, ch. 13.
    /// </summary>
    /// <remarks>
    /// $$y = p_1 - p_2, \qquad v = \frac{p_1(1 - p_1)}{n_1} + \frac{p_2(1 - p_2)}{n_2}$$
    /// with $p_1 = a/n_1$, $p_2 = c/n_2$, and $n_i - 1$ below for the unbiased variance.
    /// </remarks>
    /// <inheritdoc cref="LogOddsRatio"/>
    /// <param name="table">The counts.</param>
    /// <param name="zeroCells">What to do with zeros; <see cref="ZeroCells.Keep"/> if not said.</param>
    /// <param name="variance">Which estimator of the variance.</param>
    public static EffectSize RiskDifference(TwoByTwo table, ZeroCells? zeroCells = null,
        BinomialVariance variance = BinomialVariance.LargeSample)
    {
        var undefined = (table.A == 0 || table.B == 0) && (table.C == 0 || table.D == 0);
        var (t, note) = Ready(table, zeroCells, undefined, EffectMeasure.RiskDifference);
        double p1 = t.A / t.N1, p2 = t.C / t.N2;
        var less = variance switch
        {
            BinomialVariance.LargeSample => 0,
            BinomialVariance.Unbiased => 1,
            _ => throw Check.Unknown(variance, nameof(variance)),
        };
        return EffectSize.Of(p1 - p2, p1 * (1 - p1) / (t.N1 - less) + p2 * (1 - p2) / (t.N2 - less), EffectMeasure.RiskDifference,
            note);
    }

    /// <summary>
    /// The arcsine difference arcsin(√p1) - arcsin(√p2) with variance 1/(4n1) + 1/(4n2), defined with any zeros (metafor's AS).
    /// Twice this is Cohen's h. Source: Rücker, Schwarzer, Carpenter &amp; Olkin (2009), Statistics in Medicine 28, 721-738. When
    /// not to use it: to tell a reader the size of an effect; it has no way back to risks.
    /// </summary>
    /// <remarks>$$y = \arcsin\sqrt{a/n_1} - \arcsin\sqrt{c/n_2}, \qquad v = \frac{1}{4n_1} + \frac{1}{4n_2}$$</remarks>
    /// <param name="table">The counts.</param>
    public static EffectSize ArcsineDifference(TwoByTwo table) => EffectSize.Of(
        Math.Asin(Math.Sqrt(table.A / table.N1)) - Math.Asin(Math.Sqrt(table.C / table.N2)),
        1 / (4 * table.N1) + 1 / (4 * table.N2), EffectMeasure.ArcsineDifference);

    /// <summary>
    /// Peto's log odds ratio (a - E)/V with variance 1/V; E = n1(a + c)/N, V = n1·n2(a + c)(b + d)/(N²(N - 1)) (metafor's PETO).
    /// It needs no addition to zeros unless nobody or everybody has the event. Source: Yusuf, Peto, Lewis, Collins &amp; Sleight
    /// (1985), Progress in Cardiovascular Diseases 27, 335-371. When not to use it: with large effects or very unequal groups,
    /// where it is biased.
    /// </summary>
    /// <remarks>
    /// $$y = \frac{a - E}{V}, \qquad v = \frac{1}{V}$$
    /// $$E = \frac{n_1(a + c)}{N}, \qquad V = \frac{n_1n_2(a + c)(b + d)}{N^2(N - 1)}$$
    /// </remarks>
    /// <inheritdoc cref="LogOddsRatio"/>
    public static EffectSize PetoLogOddsRatio(TwoByTwo table, ZeroCells? zeroCells = null)
    {
        var (t, note) = Ready(table, zeroCells, table.IsUninformative, EffectMeasure.PetoOddsRatio);
        var (difference, v) = Peto(t);
        return EffectSize.Of(difference / v, 1 / v, EffectMeasure.PetoOddsRatio, note);
    }

    /// <summary>
    /// The probit difference z(p1) - z(p2), a standardized mean difference of the normal scores behind the outcome (metafor's
    /// PBIT), with variance Σ 2π·p(1 - p)·exp(z²)/n. Source: Sánchez-Meca, Marín-Martínez &amp; Chacón-Moscoso (2003),
    /// Psychological Methods 8, 448-467.
    /// When not to use it: for outcomes that are no cut of a continuum.
    /// </summary>
    /// <remarks>
    /// $$y = \Phi^{-1}(p_1) - \Phi^{-1}(p_2), \qquad z_i = \Phi^{-1}(p_i)$$
    /// $$v = 2\pi\left(\frac{p_1(1 - p_1)e^{z_1^2}}{n_1} + \frac{p_2(1 - p_2)e^{z_2^2}}{n_2}\right)$$
    /// </remarks>
    /// <inheritdoc cref="LogOddsRatio"/>
    public static EffectSize ProbitDifference(TwoByTwo table, ZeroCells? zeroCells = null)
    {
        var (t, note) = Ready(table, zeroCells, table.HasZero, EffectMeasure.ProbitDifference);
        double p1 = t.A / t.N1, p2 = t.C / t.N2;
        double z1 = NormalCurve.Quantile(p1), z2 = NormalCurve.Quantile(p2);
        var v = 2 * Math.PI * (p1 * (1 - p1) * Math.Exp(z1 * z1) / t.N1 + p2 * (1 - p2) * Math.Exp(z2 * z2) / t.N2);
        return EffectSize.Of(z1 - z2, v, EffectMeasure.ProbitDifference, note);
    }

    /// <summary>
    /// The standardized mean difference that an odds ratio stands for: (√3/π)·ln(OR) for logistic scores, ln(OR)/1.65 for normal
    /// ones (metafor's OR2DL and OR2DN), the variance times the square of the factor. Source: Hasselblad &amp; Hedges (1995),
    /// Psychological Bulletin 117, 167-178; Cox &amp; Snell (1989). When not to use it: for outcomes that are no cut of a
    /// continuum (death, birth).
    /// </summary>
    /// <remarks>
    /// $$d = \frac{\sqrt{3}}{\pi}\ln\frac{ad}{bc}, \qquad v = \frac{3}{\pi^2}\left(\frac{1}{a} + \frac{1}{b} + \frac{1}{c} + \frac{1}{d}\right)$$
    /// with 1.65 in place of $\pi/\sqrt{3}$ for normal scores.
    /// </remarks>
    /// <inheritdoc cref="LogOddsRatio"/>
    /// <param name="table">The counts.</param>
    /// <param name="scores">The shape of the scores behind the outcome.</param>
    /// <param name="zeroCells">What to do with zeros; <see cref="ZeroCells.Keep"/> if not said.</param>
    public static EffectSize StandardizedFromOdds(TwoByTwo table, ScoreDistribution scores = ScoreDistribution.Logistic,
        ZeroCells? zeroCells = null)
    {
        var odds = LogOddsRatio(table, zeroCells);
        var factor = MeanDifferences.OddsFactor(scores);
        return EffectSize.Of(odds.Value / factor, odds.Variance / (factor * factor),
            scores == ScoreDistribution.Normal ? EffectMeasure.StandardizedFromOddsNormal
                : EffectMeasure.StandardizedFromOddsLogistic, odds.Note);
    }

    /// <summary>a less what is expected with no effect, and the hypergeometric variance of a.</summary>
    internal static (double Difference, double Variance) Peto(TwoByTwo t)
    {
        var n = t.Total;
        return (t.A - t.N1 / n * t.Events, t.N1 / n * (t.N2 / n) * t.Events * t.NonEvents / (n - 1));
    }

    private static double LogOdds(TwoByTwo t) => Math.Log(t.A / t.B) - Math.Log(t.C / t.D);

    private static double InverseSum(TwoByTwo t) => 1 / t.A + 1 / t.B + 1 / t.C + 1 / t.D;

    private static (TwoByTwo Table, string? Note) Ready(TwoByTwo table, ZeroCells? zeroCells, bool undefined,
        EffectMeasure measure)
    {
        if (undefined && (zeroCells ?? ZeroCells.Keep).Rule == ZeroCellRule.Keep)
        {
            throw ZeroCells.Undefined($"The {measure.Name.ToLowerInvariant()} of {table} or its variance is not defined with these zeros",
                text => new ArgumentException(text, nameof(table)));
        }
        return table.With(zeroCells);
    }
}
