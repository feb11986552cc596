namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>How the sampling variance of a proportion is estimated.</summary>
/// <example><code>
/// Console.WriteLine(Proportions.Raw(12, 60, variance: BinomialVariance.Unbiased).Variance);
/// </code></example>
public enum BinomialVariance
{
    /// <summary>p(1 - p)/n (metafor's LS). The default.</summary>
    LargeSample,

    /// <summary>p(1 - p)/(n - 1), unbiased (metafor's UB).</summary>
    Unbiased,
}

/// <summary>
/// Effect sizes from one proportion p = x/n: x people of n with the event. When not to use them: to compare two groups
/// (<see cref="TwoByTwoTables"/>); and with very rare events prefer a model of the counts themselves.
/// </summary>
/// <example><code>
/// Console.WriteLine(Proportions.Logit(x: 12, n: 60));
/// </code></example>
public static class Proportions
{
    /// <summary>
    /// The proportion with variance p(1 - p)/n (metafor's PR). When not to use it: near 0 or 1, where the interval leaves the
    /// possible range.
    /// Source: Agresti (2013), Categorical Data Analysis, ch. 1.
    /// </summary>
    /// <remarks>
    /// $$p = \frac{x}{n}, \qquad v = \frac{p(1 - p)}{n}$$
    /// with $n - 1$ below for the unbiased variance.
    /// </remarks>
    /// <param name="x">How many have the event, from 0 to n.</param>
    /// <param name="n">How many there are, positive.</param>
    /// <param name="zeroCells">What to do when nobody or everybody has the event; <see cref="ZeroCells.Keep"/> if not
    /// said.</param>
    /// <param name="variance">Which estimator of the variance.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range, or nobody or everybody has the event and no
    /// rule says what to do.</exception>
    public static EffectSize Raw(double x, double n, ZeroCells? zeroCells = null,
        BinomialVariance variance = BinomialVariance.LargeSample)
    {
        var (cases, size, note) = Counts(x, n, zeroCells, mustVary: true);
        var p = cases / size;
        var v = p * (1 - p) / variance switch
        {
            BinomialVariance.LargeSample => size,
            BinomialVariance.Unbiased => Check.Size(size, 1.5, nameof(n)) - 1,
            _ => throw Check.Unknown(variance, nameof(variance)),
        };
        return EffectSize.Of(p, v, EffectMeasure.Proportion, note);
    }

    /// <summary>
    /// ln(p) with variance 1/x - 1/n (metafor's PLN).
    /// Source: Agresti (2013), ch. 16 (delta method). When not to use it: for common events, where the interval of a proportion can pass 1.
    /// </summary>
    /// <remarks>$$y = \ln\frac{x}{n}, \qquad v = \frac{1}{x} - \frac{1}{n}$$</remarks>
    /// <inheritdoc cref="Raw"/>
    public static EffectSize Log(double x, double n, ZeroCells? zeroCells = null)
    {
        var (cases, size, note) = Counts(x, n, zeroCells, mustVary: true);
        return EffectSize.Of(Math.Log(cases / size), 1 / cases - 1 / size, EffectMeasure.ProportionLog, note);
    }

    /// <summary>
    /// The log odds ln(p/(1 - p)) with variance 1/x + 1/(n - x) (metafor's PLO). The usual choice where no group has all or none.
    /// Source: Agresti (2013), ch. 16 (delta method). When not to use it: where many groups have all or none.
    /// </summary>
    /// <remarks>$$y = \ln\frac{x}{n - x}, \qquad v = \frac{1}{x} + \frac{1}{n - x}$$</remarks>
    /// <inheritdoc cref="Raw"/>
    public static EffectSize Logit(double x, double n, ZeroCells? zeroCells = null)
    {
        var (cases, size, note) = Counts(x, n, zeroCells, mustVary: true);
        return EffectSize.Of(Math.Log(cases / (size - cases)), 1 / cases + 1 / (size - cases), EffectMeasure.ProportionLogit,
            note);
    }

    /// <summary>
    /// arcsin(√p) with variance 1/(4n), defined for 0 and n events too (metafor's PAS). Source: Freeman &amp; Tukey (1950), p.
    /// 607.
    /// When not to use it: where readers compare odds; differences of arcsines have no name.
    /// </summary>
    /// <remarks>$$y = \arcsin\sqrt{x/n}, \qquad v = \frac{1}{4n}$$</remarks>
    /// <param name="x">How many have the event, from 0 to n.</param>
    /// <param name="n">How many there are, positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static EffectSize Arcsine(double x, double n)
    {
        var (cases, size, _) = Counts(x, n, null, mustVary: false);
        return EffectSize.Of(Math.Asin(Math.Sqrt(cases / size)), 1 / (4 * size), EffectMeasure.ProportionArcsine);
    }

    /// <summary>
    /// The double arcsine ½(arcsin √(x/(n + 1)) + arcsin √((x + 1)/(n + 1))) with variance 1/(4n + 2) (metafor's PFT). Source:
    /// Freeman &amp; Tukey (1950), Annals of Mathematical Statistics 21, 607-611. When not to use it: with sample sizes that
    /// differ much; its way back needs one sample size, and the pooled proportion can be badly off (Schwarzer et al. 2019,
    /// Research Synthesis Methods 10, 476-483).
    /// </summary>
    /// <remarks>
    /// $$y = \frac{1}{2}\left(\arcsin\sqrt{\frac{x}{n + 1}} + \arcsin\sqrt{\frac{x + 1}{n + 1}}\right), \qquad v = \frac{1}{4n + 2}$$
    /// </remarks>
    /// <inheritdoc cref="Arcsine"/>
    public static EffectSize FreemanTukey(double x, double n)
    {
        var (cases, size, _) = Counts(x, n, null, mustVary: false);
        return EffectSize.Of(DoubleArcsine(cases, size), 1 / (4 * size + 2), EffectMeasure.ProportionFreemanTukey.ForSize(size));
    }

    /// <summary>
    /// The proportion of a double arcsine for one sample size. Source: Miller (1978), The American Statistician 32, 138.
    /// </summary>
    /// <remarks>
    /// $$p = \frac{1}{2}\left(1 - \operatorname{sgn}(\cos 2y)\sqrt{1 - u^2}\right), \qquad u = \sin 2y + \frac{\sin 2y - 1/\sin 2y}{n}$$
    /// </remarks>
    /// <param name="y">The double arcsine.</param>
    /// <param name="n">The sample size, positive.</param>
    /// <returns>The proportion; 0 or 1 where y lies beyond what 0 or n events give.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static double FromFreemanTukey(double y, double n)
    {
        Check.Finite(y, nameof(y));
        Check.Positive(n, nameof(n));
        return InverseDoubleArcsine(y, n);
    }

    internal static double DoubleArcsine(double x, double n) =>
        (Math.Asin(Math.Sqrt(x / (n + 1))) + Math.Asin(Math.Sqrt((x + 1) / (n + 1)))) / 2;

    /// <summary>
    /// Miller's p = ½(1 - sgn(cos 2y)·√(1 - u²)), u = s + (s - 1/s)/n, s = sin 2y. The root is written without 1 - u, which loses its digits near p = ½.
    /// </summary>
    internal static double InverseDoubleArcsine(double y, double n)
    {
        if (y <= DoubleArcsine(0, n)) return 0;
        if (y >= DoubleArcsine(n, n)) return 1;
        double s = Math.Sin(2 * y), u = s + (s - 1 / s) / n;
        var p = (1 - Math.Cos(2 * y) * Math.Sqrt(Math.Max(0, 1 + u) / (1 + s) * (1 + (1 + s) / (s * n)))) / 2;
        return Math.Clamp(p, 0, 1);
    }

    private static (double Cases, double Size, string? Note) Counts(double x, double n, ZeroCells? zeroCells, bool mustVary)
    {
        Check.Positive(n, nameof(n));
        Check.NotNegative(x, nameof(x));
        if (x > n) throw ArgumentFault.OutOfRange(nameof(x), x, "No more people can have the event than there are.");
        var add = (zeroCells ?? ZeroCells.Keep).AmountFor(x, n - x);
        if (mustVary && add == 0 && (x == 0 || x == n))
        {
            throw ZeroCells.Undefined("Nobody or everybody has the event, so that this measure or its variance is not defined",
                text => new ArgumentOutOfRangeException(nameof(x), x, text), "the arcsine transformation");
        }
        return (x + add, n + 2 * add, ZeroCells.NoteFor(add, "the people with and without the event"));
    }
}
