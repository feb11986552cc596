namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// A standardized mean difference from what a paper reports instead of means and standard deviations. The result is Hedges' g
/// with its large-sample variance, or Cohen's d with <see cref="BiasCorrection.None"/>; <see cref="EffectSize.Note"/> says what
/// was assumed. Compute it from means and standard deviations whenever a paper has them.
/// </summary>
public static class MeanDifferenceFrom
{
    /// <summary>
    /// From an independent-samples t: d = t·√(1/n1 + 1/n2). Exact. When not to use it: with Welch's t or a t from a model with
    /// covariates.
    /// </summary>
    /// <remarks>$$d = t\sqrt{\frac{1}{n_1} + \frac{1}{n_2}}, \qquad g = J(n_1 + n_2 - 2)\,d$$</remarks>
    /// <param name="t">The t-value, positive when the first group is higher.</param>
    /// <param name="n1">The size of the first group, at least 2.</param>
    /// <param name="n2">The size of the second group.</param>
    /// <param name="correction">How d is corrected for bias.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static EffectSize T(double t, double n1, double n2, BiasCorrection correction = BiasCorrection.Exact) =>
        MeanDifferences.FromT(t, n1, n2, correction: correction) with { Note = "d from Student's t (exact)." };

    /// <summary>
    /// From the F of a one-way analysis of variance with two groups: t = ±√F. When not to use it: with an adjusted F, whose error
    /// variance covariates have made smaller.
    /// </summary>
    /// <remarks>$$d = \pm\sqrt{F\left(\frac{1}{n_1} + \frac{1}{n_2}\right)}$$</remarks>
    /// <inheritdoc cref="T"/>
    /// <param name="f">F(1, n1 + n2 - 2), 0 or more.</param>
    /// <param name="n1">The size of the first group, at least 2.</param>
    /// <param name="n2">The size of the second group.</param>
    /// <param name="direction">The sign, which F does not have.</param>
    /// <param name="correction">How d is corrected for bias.</param>
    public static EffectSize F(double f, double n1, double n2, EffectDirection direction,
        BiasCorrection correction = BiasCorrection.Exact) =>
        T(Sign.Of(direction) * Math.Sqrt(Check.NotNegative(f, nameof(f))), n1, n2, correction)
            with { Note = "d from F of two groups, sign as coded (exact)." };

    /// <summary>
    /// From the p-value of an independent-samples t-test. When not to use it: with p &lt; .05 or n.s. instead of a number.
    /// </summary>
    /// <remarks>
    /// $$d = t\sqrt{\frac{1}{n_1} + \frac{1}{n_2}}, \qquad t = \pm t_{1 - p/2;\,n_1 + n_2 - 2}$$
    /// with $1 - p$ in place of $1 - p/2$ for a one-sided $p$.
    /// </remarks>
    /// <inheritdoc cref="T"/>
    /// <param name="p">The p-value, above 0.</param>
    /// <param name="n1">The size of the first group, at least 2.</param>
    /// <param name="n2">The size of the second group.</param>
    /// <param name="direction">The sign of the effect; for a one-sided test that of the hypothesis.</param>
    /// <param name="tails">Two-sided or one-sided.</param>
    /// <param name="correction">How d is corrected for bias.</param>
    public static EffectSize PValue(double p, double n1, double n2, EffectDirection direction, Tails tails = Tails.Two,
        BiasCorrection correction = BiasCorrection.Exact)
    {
        CheckSizes(n1, n2);
        return T(Sign.TOfP(p, n1 + n2 - 2, direction, tails), n1, n2, correction) with
        {
            Note = $"d from a {(tails == Tails.Two ? "two" : "one")}-sided p of Student's t; a rounded p makes it inexact.",
        };
    }

    /// <summary>
    /// From chi² of a two-by-two table: φ = ±√(χ²/N), then d = φ/√((1 - φ²)·pq), p = n1/N. When not to use it: if the table can
    /// be had; <see cref="TwoByTwoTables.StandardizedFromOdds"/> is better. Source: Lipsey &amp; Wilson (2001), Practical
    /// Meta-Analysis, app. B.
    /// </summary>
    /// <remarks>$$d = \pm\sqrt{\frac{\varphi^2}{1 - \varphi^2}\cdot\frac{N^2}{n_1n_2}}, \qquad \varphi^2 = \frac{\chi^2}{N}$$</remarks>
    /// <inheritdoc cref="T"/>
    /// <param name="chiSquared">χ² with 1 degree of freedom, below N.</param>
    /// <param name="n1">The size of the first group, at least 2.</param>
    /// <param name="n2">The size of the second group.</param>
    /// <param name="direction">The sign, which χ² does not have.</param>
    /// <param name="correction">How d is corrected for bias.</param>
    public static EffectSize ChiSquared(double chiSquared, double n1, double n2, EffectDirection direction,
        BiasCorrection correction = BiasCorrection.Exact)
    {
        CheckSizes(n1, n2);
        var n = n1 + n2;
        if (Check.NotNegative(chiSquared, nameof(chiSquared)) >= n)
        {
            throw ArgumentFault.OutOfRange(nameof(chiSquared), chiSquared,
                "chi² with 1 degree of freedom is below the sample size.");
        }
        var square = chiSquared / n;
        var d = Sign.Of(direction) * Math.Sqrt(square / (1 - square) * n / n1 * n / n2);
        return MeanDifferences.FromD(d, n1, n2, correction: correction) with
        {
            Note = "d from the phi coefficient of a two-by-two table: the outcome is treated as if it were a score.",
        };
    }

    /// <summary>
    /// From a standard normal test statistic, for example of a Mann-Whitney test: d ≈ z·√(1/n1 + 1/n2). For large samples.
    /// </summary>
    /// <remarks>$$d = z\sqrt{\frac{1}{n_1} + \frac{1}{n_2}}$$</remarks>
    /// <inheritdoc cref="T"/>
    /// <param name="z">The z-value of the test.</param>
    /// <param name="n1">The size of the first group, at least 2.</param>
    /// <param name="n2">The size of the second group.</param>
    /// <param name="correction">How d is corrected for bias.</param>
    public static EffectSize Z(double z, double n1, double n2, BiasCorrection correction = BiasCorrection.Exact) =>
        MeanDifferences.FromT(Check.Finite(z, nameof(z)), n1, n2, correction: correction) with
        {
            Note = "d from a normal test statistic taken as t: an approximation for large samples.",
        };

    /// <summary>From eta² of two groups: F = η²(N - 2)/(1 - η²).</summary>
    /// <remarks>$$d = \pm\sqrt{F\left(\frac{1}{n_1} + \frac{1}{n_2}\right)}, \qquad F = \frac{\eta^2}{1 - \eta^2}(n_1 + n_2 - 2)$$</remarks>
    /// <inheritdoc cref="T"/>
    /// <param name="etaSquared">η² as a fraction in [0, 1).</param>
    /// <param name="n1">The size of the first group, at least 2.</param>
    /// <param name="n2">The size of the second group.</param>
    /// <param name="direction">The sign, which η² does not have.</param>
    /// <param name="correction">How d is corrected for bias.</param>
    public static EffectSize EtaSquared(double etaSquared, double n1, double n2, EffectDirection direction,
        BiasCorrection correction = BiasCorrection.Exact)
    {
        CorrelationFrom.CheckEta(etaSquared);
        CheckSizes(n1, n2);
        return F(etaSquared / (1 - etaSquared) * (n1 + n2 - 2), n1, n2, direction, correction)
            with { Note = "d from eta² of two groups, sign as coded (exact when eta² is not partial)." };
    }

    /// <summary>
    /// From the coefficient of group membership in a regression and its standard error: t = b/SE. With covariates in the model d
    /// is conditional on them and usually too large.
    /// </summary>
    /// <remarks>$$d = \frac{b}{\mathrm{SE}(b)}\sqrt{\frac{1}{n_1} + \frac{1}{n_2}}$$</remarks>
    /// <inheritdoc cref="T"/>
    /// <param name="coefficient">The coefficient b of membership in the first group.</param>
    /// <param name="standardError">Its standard error, positive.</param>
    /// <param name="n1">The size of the first group, at least 2.</param>
    /// <param name="n2">The size of the second group.</param>
    /// <param name="correction">How d is corrected for bias.</param>
    public static EffectSize Regression(double coefficient, double standardError, double n1, double n2,
        BiasCorrection correction = BiasCorrection.Exact) =>
        T(Check.Finite(coefficient, nameof(coefficient)) / Check.Positive(standardError, nameof(standardError)), n1, n2, correction)
        with
        {
            Note = "d from a coefficient and its standard error: exact without covariates, conditional on them (and usually too large) with any.",
        };

    /// <summary>
    /// From a paired t, on the scale of differences between groups: d = t·√(2(1 - r)/n), variance (1/n + d²/(2n))·2(1 - r), both
    /// then with J(n - 1). Source: Borenstein et al. (2009), eq. 4.26 to 4.28. The correlation between occasions is needed; with
    /// a guess, try several and say so.
    /// </summary>
    /// <remarks>
    /// $$d = t\sqrt{\frac{2(1 - r)}{n}}, \qquad g = J(n - 1)\,d$$
    /// $$v = J^2\left(\frac{1}{n} + \frac{d^2}{2n}\right)2(1 - r)$$
    /// </remarks>
    /// <param name="t">The paired t, positive when the first occasion given is higher.</param>
    /// <param name="n">The number of people or pairs, at least 3.</param>
    /// <param name="r">The correlation between the occasions, in (-1, 1).</param>
    /// <param name="correction">How d is corrected for bias.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static EffectSize PairedT(double t, double n, double r, BiasCorrection correction = BiasCorrection.Exact)
    {
        Check.Size(n, 3, nameof(n));
        var unit = 2 * (1 - Check.Correlation(r));
        var d = Check.Finite(t, nameof(t)) * Math.Sqrt(unit / n);
        var j = SmallSample.Factor(n - 1, correction);
        return EffectSize.Of(j * d, j * j * (1 / n + d * d / (2 * n)) * unit, EffectMeasure.StandardizedMeanDifference,
            "d from a paired t and the correlation between the occasions, both equally variable.");
    }

    private static void CheckSizes(double n1, double n2)
    {
        Check.Size(n1, 2, nameof(n1));
        Check.Size(n2, 2, nameof(n2));
    }
}
