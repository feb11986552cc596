namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// What a correlation means in other terms: a standardized mean difference, explained variance, success rates, a probability.
/// <see cref="EffectMeaning"/> says them together, with intervals, base rates and what each assumes.
/// </summary>
/// <example><code>
/// Console.WriteLine(EffectSizeConversion.RToD(0.28));
/// </code></example>
public static class EffectSizeConversion
{
    /// <summary>
    /// The standardized mean difference d = 2r / √(1 - r²) between two groups of equal size whose membership correlates r with
    /// the outcome. Source: Borenstein, Hedges, Higgins &amp; Rothstein (2009), Introduction to Meta-Analysis, eq. 7.5. When not
    /// to use it: it treats a continuous predictor as if it were two groups.
    /// </summary>
    /// <remarks>$$d = \frac{2r}{\sqrt{1 - r^2}}$$</remarks>
    /// <param name="r">A correlation in (-1, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">r lies outside (-1, 1).</exception>
    public static double RToD(double r)
    {
        Check(r);
        return 2 * r / Math.Sqrt(1 - r * r);
    }

    /// <summary>
    /// The point-biserial correlation r = d / √(d² + a), a = (n1 + n2)² / (n1·n2), which is 4 for equal groups. Source:
    /// Borenstein et al. (2009), eq. 7.7 and 7.8.
    /// </summary>
    /// <remarks>$$r = \frac{d}{\sqrt{d^2 + a}}, \qquad a = \frac{(n_1 + n_2)^2}{n_1n_2}$$</remarks>
    /// <param name="d">A standardized mean difference, any finite number.</param>
    /// <param name="n1">The size of the first group; only its ratio to the second matters.</param>
    /// <param name="n2">The size of the second group.</param>
    /// <exception cref="ArgumentOutOfRangeException">d is not finite or a group has no member.</exception>
    public static double DToR(double d, double n1 = 1, double n2 = 1)
    {
        if (!double.IsFinite(d)) throw ArgumentFault.OutOfRange(nameof(d), d, "d must be a finite number.");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(n1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(n2);
        var a = (n1 + n2) * (n1 + n2) / (n1 * n2);
        return d / Math.Sqrt(d * d + a);
    }

    /// <summary>
    /// The share of variance explained, r², as a fraction. When not to use it: to call an effect small; r² hides how much r
    /// matters in practice (Rosenthal &amp; Rubin 1982).
    /// </summary>
    /// <remarks>$$r^2$$</remarks>
    /// <param name="r">A correlation in [-1, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">r lies outside [-1, 1].</exception>
    public static double VarianceExplained(double r) => r is >= -1 and <= 1
        ? r * r
        : throw ArgumentFault.OutOfRange(nameof(r), r, "A correlation lies between -1 and 1.");

    /// <summary>
    /// The binomial effect size display: the success rates 0.5 + r/2 and 0.5 - r/2 of two equally large groups, high and low on
    /// the predictor, when half of all people succeed. Source: Rosenthal &amp; Rubin (1982), Journal of Educational Psychology
    /// 74, 166-169. When not to use it: as a forecast for real groups whose overall success rate is not one half, or for two
    /// continuous variables that are split; it holds where both have two values only, each taken by half of the people. For
    /// continuous ones see <see cref="MedianSplit"/>.
    /// </summary>
    /// <remarks>$$\frac{1}{2} + \frac{r}{2} \quad\text{and}\quad \frac{1}{2} - \frac{r}{2}$$</remarks>
    /// <param name="r">A correlation in (-1, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">r lies outside (-1, 1).</exception>
    public static BinomialEffectSizeDisplay BinomialEffectSizeDisplay(double r)
    {
        Check(r);
        return new BinomialEffectSizeDisplay(0.5 + r / 2, 0.5 - r / 2);
    }

    /// <summary>
    /// The common-language effect size of a correlation, ½ + arcsin(r)/π: the probability that someone above the mean on one
    /// variable is above it on the other, or that of two people the one higher on one is higher on the other. Bivariate normal
    /// data are assumed. Source: Dunlap (1994), Psychological Bulletin 116, 509-511.
    /// </summary>
    /// <remarks>$$\frac{1}{2} + \frac{\arcsin r}{\pi}$$</remarks>
    /// <param name="r">A correlation in (-1, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">r lies outside (-1, 1).</exception>
    public static double CommonLanguageFromR(double r)
    {
        Check(r);
        return 0.5 + Math.Asin(r) / Math.PI;
    }

    /// <summary>
    /// What two normally distributed variables with correlation r show when each is split at its median: of those in the upper half of
    /// one, ½ + arcsin(r)/π are in the upper half of the other, of those in the lower half ½ - arcsin(r)/π. The two halves of the first
    /// variable differ in the second by d = 2r√(2/π) / √(1 - 2r²/π), which is less than <see cref="RToD"/>, since a half holds people near
    /// the middle. Source: Sheppard (1899), Philosophical Transactions of the Royal Society A 192, 101-167, for the quadrants; d from the
    /// mean ±√(2/π) of a half of a normal distribution. When not to use it: to split data; that throws information away.
    /// </summary>
    /// <remarks>$$\frac{1}{2} \pm \frac{\arcsin r}{\pi}, \qquad d = \frac{2r\sqrt{2/\pi}}{\sqrt{1 - 2r^2/\pi}}$$</remarks>
    /// <param name="r">A correlation in (-1, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">r lies outside (-1, 1).</exception>
    public static MedianSplit MedianSplit(double r)
    {
        var upper = CommonLanguageFromR(r);
        return new MedianSplit(upper, 1 - upper, 2 * r * Math.Sqrt(2 / Math.PI) / Math.Sqrt(1 - 2 * r * r / Math.PI));
    }

    /// <summary>
    /// The common-language effect size of a mean difference, Φ(d/√2): the probability that a random member of the first group
    /// scores higher than one of the second. Normal data with equal variances are assumed. Source: McGraw &amp; Wong (1992),
    /// Psychological Bulletin 111, 361-365.
    /// </summary>
    /// <remarks>$$\Phi\!\left(\frac{d}{\sqrt{2}}\right)$$</remarks>
    /// <param name="d">A standardized mean difference, any finite number.</param>
    /// <exception cref="ArgumentOutOfRangeException">d is not finite.</exception>
    public static double CommonLanguageFromD(double d) => double.IsFinite(d)
        ? MathNet.Numerics.Distributions.Normal.CDF(0, 1, d / Math.Sqrt(2))
        : throw ArgumentFault.OutOfRange(nameof(d), d, "d must be a finite number.");

    private static void Check(double r)
    {
        if (r is not (> -1 and < 1))
            throw ArgumentFault.OutOfRange(nameof(r), r, "A correlation lies between -1 and 1, both excluded.");
    }
}

/// <summary>
/// Success rates of two equally large groups; see <see cref="EffectSizeConversion.BinomialEffectSizeDisplay"/>.
/// </summary>
/// <param name="HighGroupSuccess">The success rate among those high on the predictor, as a fraction.</param>
/// <param name="LowGroupSuccess">The success rate among those low on it, as a fraction.</param>
/// <example><code>
/// BinomialEffectSizeDisplay display = EffectSizeConversion.BinomialEffectSizeDisplay(0.28);
/// Console.WriteLine(display);
/// </code></example>
public readonly record struct BinomialEffectSizeDisplay(double HighGroupSuccess, double LowGroupSuccess)
{
    /// <summary>High minus low rate, which is r.</summary>
    public double Difference => HighGroupSuccess - LowGroupSuccess;

    /// <inheritdoc/>
    public override string ToString() =>
        $"success {StatisticText.Percent(HighGroupSuccess)} (high) against {StatisticText.Percent(LowGroupSuccess)} (low)";
}

/// <summary>
/// Two correlated normal variables, each split at its median; see <see cref="EffectSizeConversion.MedianSplit"/>.
/// </summary>
/// <param name="UpperHalf">Of those in the upper half of the predictor, the share in the upper half of the outcome, as a fraction.</param>
/// <param name="LowerHalf">Of those in the lower half of the predictor, the share in the upper half of the outcome.</param>
/// <param name="StandardizedDifference">How far the means of the two halves lie apart in the outcome, d, in standard deviations within a half.</param>
/// <example><code>
/// MedianSplit halves = EffectSizeConversion.MedianSplit(0.28);
/// Console.WriteLine(halves);
/// </code></example>
public readonly record struct MedianSplit(double UpperHalf, double LowerHalf, double StandardizedDifference)
{
    /// <inheritdoc/>
    public override string ToString() => $"above the median of outcome: {StatisticText.Percent(UpperHalf)} of the upper half, "
        + $"{StatisticText.Percent(LowerHalf)} of the lower half; d = {StatisticText.Number(StandardizedDifference)} between the halves";
}
