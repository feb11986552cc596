namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Effect sizes from Cronbach's alpha, for a reliability generalization. When not to use them: for samples whose spread differs
/// much, since alpha depends on it; model the spread as a moderator then.
/// </summary>
/// <example><code>
/// Console.WriteLine(Reliabilities.Bonett(alpha: 0.85, items: 10, n: 120));
/// </code></example>
public static class Reliabilities
{
    /// <summary>
    /// Alpha as it stands with variance 2m(1 - α)²/((m - 1)(n - 2)) (metafor's ARAW). Source: Bonett (2010), Psychological
    /// Methods 15, 368-385.
    /// When not to use it: near 1, where its sampling distribution is skewed; see <see cref="Bonett"/>.
    /// </summary>
    /// <remarks>$$y = \alpha, \qquad v = \frac{2m(1 - \alpha)^2}{(m - 1)(n - 2)}$$</remarks>
    /// <param name="alpha">Cronbach's alpha, below 1; a negative one is possible.</param>
    /// <param name="items">m, the number of items or raters, at least 2.</param>
    /// <param name="n">The sample size, at least 3.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static EffectSize Raw(double alpha, int items, double n)
    {
        CheckAlpha(alpha, items, n);
        return EffectSize.Of(alpha, 2.0 * items * (1 - alpha) * (1 - alpha) / ((items - 1) * (n - 2)), EffectMeasure.Alpha);
    }

    /// <summary>
    /// 1 - (1 - α)^⅓ with variance 18m(n - 1)(1 - α)^⅔/((m - 1)(9n - 11)²) (metafor's AHW): Hakstian and Whalen's cube root,
    /// turned so that it rises with alpha. Source: Hakstian &amp; Whalen (1976), Psychometrika 41, 219-231.
    /// When not to use it: to compare with most generalizations of today, which pool as <see cref="Bonett"/> does.
    /// </summary>
    /// <remarks>$$y = 1 - (1 - \alpha)^{1/3}, \qquad v = \frac{18m(n - 1)(1 - \alpha)^{2/3}}{(m - 1)(9n - 11)^2}$$</remarks>
    /// <inheritdoc cref="Raw"/>
    public static EffectSize HakstianWhalen(double alpha, int items, double n)
    {
        CheckAlpha(alpha, items, n);
        var root = Math.Cbrt(1 - alpha);
        return EffectSize.Of(1 - root, 18.0 * items * (n - 1) * root * root / ((items - 1) * (9 * n - 11) * (9 * n - 11)),
            EffectMeasure.AlphaHakstianWhalen);
    }

    /// <summary>
    /// -ln(1 - α) with variance 2m/((m - 1)(n - 2)), which does not depend on alpha (metafor's ABT). The choice for pooling.
    /// Source: Bonett (2002), Journal of Educational and Behavioral Statistics 27, 335-340, turned so that it rises with alpha.
    /// When not to use it: for alphas corrected to another length of the test.
    /// </summary>
    /// <remarks>$$y = -\ln(1 - \alpha), \qquad v = \frac{2m}{(m - 1)(n - 2)}$$</remarks>
    /// <inheritdoc cref="Raw"/>
    public static EffectSize Bonett(double alpha, int items, double n)
    {
        CheckAlpha(alpha, items, n);
        return EffectSize.Of(-Math.Log(1 - alpha), 2.0 * items / ((items - 1) * (n - 2)), EffectMeasure.AlphaBonett);
    }

    private static void CheckAlpha(double alpha, int items, double n)
    {
        if (!(alpha < 1) || !double.IsFinite(alpha))
        {
            throw ArgumentFault.OutOfRange(nameof(alpha), alpha, "Cronbach's alpha is a finite number below 1.");
        }
        if (items < 2) throw ArgumentFault.OutOfRange(nameof(items), items, "Cronbach's alpha needs at least two items.");
        Check.Size(n, 3, nameof(n), "the variance has n - 2 in its denominator");
    }
}
