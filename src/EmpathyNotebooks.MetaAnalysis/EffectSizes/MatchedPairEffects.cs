namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Effect sizes from matched pairs or people seen twice. A positive effect means more events in the first. The marginal ones compare the two shares with the event
/// and allow for their correlation; the conditional ones look at the pairs that differ alone. Where a zero leaves a measure undefined, a
/// <see cref="ZeroCells"/> rule must be chosen.
/// </summary>
/// <example><code>
/// Console.WriteLine(MatchedPairEffects.LogRiskRatio(new MatchedPairs(both: 20, firstOnly: 14, secondOnly: 6, neither: 60)));
/// </code></example>
public static class MatchedPairEffects
{
    /// <summary>
    /// The marginal log risk ratio ln((a + b)/(a + c)) with variance (b + c)/((a + b)(a + c)) (metafor's MPRR). Source: Zou (2007), Statistics in Medicine 26,
    /// 3385-3389; Curtin, Elbourne &amp; Altman (2002), ibid. 21, 2131-2144. When not to use it: for two independent groups
    /// (<see cref="TwoByTwoTables.LogRiskRatio"/>).
    /// </summary>
    /// <remarks>$$y = \ln\frac{a + b}{a + c}, \qquad v = \frac{b + c}{(a + b)(a + c)}$$</remarks>
    /// <param name="pairs">The counts.</param>
    /// <param name="zeroCells">What to do with zeros; <see cref="ZeroCells.Keep"/> if not said.</param>
    /// <exception cref="ArgumentException">A zero leaves the measure or its variance undefined and no rule says what to do.</exception>
    public static EffectSize LogRiskRatio(MatchedPairs pairs, ZeroCells? zeroCells = null)
    {
        var (p, note) = Ready(pairs, zeroCells, AreAlike(pairs) || pairs.Both + pairs.FirstOnly == 0 || pairs.Both + pairs.SecondOnly == 0,
            EffectMeasure.MatchedRiskRatio);
        double first = p.Both + p.FirstOnly, second = p.Both + p.SecondOnly;
        return EffectSize.Of(Math.Log(first / second), (p.FirstOnly + p.SecondOnly) / first / second, EffectMeasure.MatchedRiskRatio, note);
    }

    /// <summary>
    /// The marginal log odds ratio ln((a + b)(b + d)/((c + d)(a + c))) with variance (p₁₂(1 - p₁₂) + p₂₁(1 - p₂₁) + 2p₁₂p₂₁)/(n·p₁(1 - p₁)p₂(1 - p₂)), p₁₂ = b/n,
    /// p₂₁ = c/n, p₁ = (a + b)/n, p₂ = (a + c)/n (metafor's MPOR). Source: Becker &amp; Balagtas (1993), Biometrics 49, 997-1009; the formula is metafor's.
    /// When not to use it: to ask how a person's odds change; that is the conditional one.
    /// </summary>
    /// <remarks>
    /// $$y = \ln\frac{p_1/q_1}{p_2/q_2}, \qquad p_1 = \frac{a + b}{n}, \quad p_2 = \frac{a + c}{n}, \quad q_i = 1 - p_i$$
    /// $$v = \frac{\pi_b(1 - \pi_b) + \pi_c(1 - \pi_c) + 2\pi_b\pi_c}{n\,p_1q_1p_2q_2}, \qquad \pi_b = \frac{b}{n}, \quad \pi_c = \frac{c}{n}$$
    /// </remarks>
    /// <inheritdoc cref="LogRiskRatio"/>
    public static EffectSize LogOddsRatio(MatchedPairs pairs, ZeroCells? zeroCells = null)
    {
        var (p, note) = Ready(pairs, zeroCells, AreAlike(pairs) || pairs.Both + pairs.FirstOnly == 0 || pairs.Both + pairs.SecondOnly == 0
            || pairs.SecondOnly + pairs.Neither == 0 || pairs.FirstOnly + pairs.Neither == 0, EffectMeasure.MatchedOddsRatio);
        double n = p.Total, only1 = p.FirstOnly / n, only2 = p.SecondOnly / n;
        double p1 = (p.Both + p.FirstOnly) / n, q1 = (p.SecondOnly + p.Neither) / n, p2 = (p.Both + p.SecondOnly) / n, q2 = (p.FirstOnly + p.Neither) / n;
        return EffectSize.Of(Math.Log(p1 / q1) - Math.Log(p2 / q2), (only1 * (1 - only1) + only2 * (1 - only2) + 2 * only1 * only2) / (n * p1 * q1 * p2 * q2),
            EffectMeasure.MatchedOddsRatio, note);
    }

    /// <summary>
    /// The marginal risk difference (b - c)/n with variance (p₁₂(1 - p₁₂) + 2p₁₂p₂₁ + p₂₁(1 - p₂₁))/n, p₁₂ = b/n and p₂₁ = c/n (metafor's MPRD). Source: May &amp;
    /// Johnson (1997), Statistics in Medicine 16, 2127-2136. When not to use it: pooled over studies with very different base risks.
    /// </summary>
    /// <remarks>
    /// $$y = \frac{b - c}{n}, \qquad v = \frac{\pi_b(1 - \pi_b) + 2\pi_b\pi_c + \pi_c(1 - \pi_c)}{n}, \qquad \pi_b = \frac{b}{n}, \quad \pi_c = \frac{c}{n}$$
    /// </remarks>
    /// <inheritdoc cref="LogRiskRatio"/>
    public static EffectSize RiskDifference(MatchedPairs pairs, ZeroCells? zeroCells = null)
    {
        var undefined = AreAlike(pairs) || pairs.FirstOnly == pairs.Total || pairs.SecondOnly == pairs.Total;
        var (p, note) = Ready(pairs, zeroCells, undefined, EffectMeasure.MatchedRiskDifference);
        double n = p.Total, only1 = p.FirstOnly / n, only2 = p.SecondOnly / n;
        return EffectSize.Of((p.FirstOnly - p.SecondOnly) / n, (only1 * (1 - only1) + 2 * only1 * only2 + only2 * (1 - only2)) / n,
            EffectMeasure.MatchedRiskDifference, note);
    }

    /// <summary>
    /// The conditional log odds ratio ln(b/c) with variance 1/b + 1/c (metafor's MPORC). Source: McNemar (1947), Psychometrika 12, 153-157; Curtin et al. (2002).
    /// When not to use it: pooled with odds ratios of independent groups, which are marginal.
    /// </summary>
    /// <remarks>$$y = \ln\frac{b}{c}, \qquad v = \frac{1}{b} + \frac{1}{c}$$</remarks>
    /// <inheritdoc cref="LogRiskRatio"/>
    public static EffectSize ConditionalLogOddsRatio(MatchedPairs pairs, ZeroCells? zeroCells = null)
    {
        var (p, note) = Ready(pairs, zeroCells, pairs.FirstOnly == 0 || pairs.SecondOnly == 0, EffectMeasure.MatchedConditionalOddsRatio);
        return EffectSize.Of(Math.Log(p.FirstOnly / p.SecondOnly), 1 / p.FirstOnly + 1 / p.SecondOnly, EffectMeasure.MatchedConditionalOddsRatio, note);
    }

    /// <summary>
    /// The conditional log odds ratio by Peto's method, 2(b - c)/(b + c) with variance 4/(b + c) (metafor's MPPETO). Source: Curtin et al. (2002). When not to use it:
    /// with large effects, where it is biased toward none.
    /// </summary>
    /// <remarks>$$y = \frac{2(b - c)}{b + c}, \qquad v = \frac{4}{b + c}$$</remarks>
    /// <inheritdoc cref="LogRiskRatio"/>
    public static EffectSize PetoLogOddsRatio(MatchedPairs pairs, ZeroCells? zeroCells = null)
    {
        var (p, note) = Ready(pairs, zeroCells, AreAlike(pairs), EffectMeasure.MatchedPetoOddsRatio);
        var differing = p.FirstOnly + p.SecondOnly;
        return EffectSize.Of(2 * (p.FirstOnly - p.SecondOnly) / differing, 4 / differing, EffectMeasure.MatchedPetoOddsRatio, note);
    }

    /// <summary>True when the members of no pair differ.</summary>
    private static bool AreAlike(MatchedPairs pairs) => pairs.FirstOnly + pairs.SecondOnly == 0;

    private static (MatchedPairs Pairs, string? Note) Ready(MatchedPairs pairs, ZeroCells? zeroCells, bool undefined, EffectMeasure measure) =>
        undefined && (zeroCells ?? ZeroCells.Keep).Rule == ZeroCellRule.Keep
            ? throw ZeroCells.Undefined($"The {measure.Name.ToLowerInvariant()} of {pairs} or its variance is not defined with these zeros",
                text => new ArgumentException(text, nameof(pairs)), otherwise: null)
            : pairs.With(zeroCells);
}
