namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// What imperfect measures and third variables do to a correlation: unreliability makes it smaller, a method that both ratings share makes it larger, and a variable related to both can make it out of nothing. Each formula
/// holds for linear relations and known artifacts; <see cref="Psychometric"/> corrects a whole meta-analysis, with what the correction costs in precision.
/// </summary>
/// <example><code>
/// Console.WriteLine(MeasurementArtifacts.Attenuated(0.35, 0.80, 0.80));    // 0.28: what is seen of .35
/// Console.WriteLine(MeasurementArtifacts.Disattenuated(0.28, 0.80, 0.80)); // 0.35
/// Console.WriteLine(MeasurementArtifacts.WithoutSharedMethod(0.28, 0.10)); // 0.20
/// </code></example>
public static class MeasurementArtifacts
{
    /// <summary>
    /// The correlation that is seen of a true one: ρ·√(rxx·ryy). Source: Spearman (1904), American Journal of Psychology 15, 72-101. Assumes that errors are independent of each other and of the true values.
    /// </summary>
    /// <remarks>$$r = \rho\sqrt{r_{xx}r_{yy}}$$</remarks>
    /// <param name="correlation">The correlation ρ of what was meant to be measured, in [-1, 1].</param>
    /// <param name="rxx">The reliability of the one measure, in (0, 1].</param>
    /// <param name="ryy">The reliability of the other, in (0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">A value lies outside its range.</exception>
    public static double Attenuated(double correlation, double rxx, double ryy) => Correlation(correlation, nameof(correlation)) * Attenuation(rxx, ryy);

    /// <summary>
    /// The correlation that an observed one would be without error of measurement: r / √(rxx·ryy). Source: Spearman (1904). When not to use it: as if nothing were lost; the interval widens by the same factor, and where the
    /// ratings share a method the quotient is too large.
    /// </summary>
    /// <remarks>$$\rho = \frac{r}{\sqrt{r_{xx}r_{yy}}}$$</remarks>
    /// <param name="r">The observed correlation, in [-1, 1].</param>
    /// <param name="rxx">The reliability of the one measure, in (0, 1].</param>
    /// <param name="ryy">The reliability of the other, in (0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">A value lies outside its range, or measures so unreliable cannot correlate as much as r: the quotient exceeds 1.</exception>
    public static double Disattenuated(double r, double rxx, double ryy)
    {
        var quotient = Correlation(r, nameof(r)) / Attenuation(rxx, ryy);
        return Math.Abs(quotient) <= 1 ? quotient : throw ArgumentFault.OutOfRange(nameof(r), r, $"Measures with reliabilities of {Text(rxx)} and {Text(ryy)} correlate {Text(Attenuation(rxx, ryy))} at most.");
    }

    /// <summary>
    /// The correlation of two ratings that share a method: m + (1 - m)·ρ, where the method, such as the mood or the leniency of one rater, makes up the share m of the variance of each and the rest correlates ρ. Two ratings
    /// with nothing else in common correlate m. Source: the model of Podsakoff, MacKenzie, Lee &amp; Podsakoff (2003), Journal of Applied Psychology 88, 879-903, with equal shares. Assumes that the method works in the same
    /// direction on both.
    /// </summary>
    /// <remarks>$$r = m + (1 - m)\rho$$</remarks>
    /// <param name="correlation">The correlation ρ of what is left without the method, in [-1, 1].</param>
    /// <param name="share">The share m of the variance of each rating that is the method's, in [0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A value lies outside its range.</exception>
    public static double WithSharedMethod(double correlation, double share) => Share(share) + (1 - share) * Correlation(correlation, nameof(correlation));

    /// <summary>
    /// What is left of an observed correlation without the method that both ratings share: (r - m)/(1 - m), the inverse of <see cref="WithSharedMethod"/>. The share is rarely known; try several.
    /// </summary>
    /// <remarks>$$\rho = \frac{r - m}{1 - m}$$</remarks>
    /// <param name="r">The observed correlation, in [-1, 1].</param>
    /// <param name="share">The share m of the variance of each rating that is the method's, in [0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A value lies outside its range, or no correlation with this share comes out as low as r.</exception>
    public static double WithoutSharedMethod(double r, double share)
    {
        var left = (Correlation(r, nameof(r)) - Share(share)) / (1 - share);
        return left >= -1 ? left : throw ArgumentFault.OutOfRange(nameof(r), r, $"With a share of {Text(share)} no correlation is lower than {Text(2 * share - 1)}.");
    }

    /// <summary>
    /// The correlation of two variables with the third held constant: (rxy - rxz·ryz) / √((1 - rxz²)(1 - ryz²)). Source: Yule (1907), Proceedings of the Royal Society A 79, 182-193. When not to use it: where the third
    /// variable is a consequence of both.
    /// </summary>
    /// <remarks>$$r_{xy\cdot z} = \frac{r_{xy} - r_{xz}r_{yz}}{\sqrt{(1 - r_{xz}^2)(1 - r_{yz}^2)}}$$</remarks>
    /// <param name="rxy">The correlation of the two, in [-1, 1].</param>
    /// <param name="rxz">The correlation of the one with the third, in (-1, 1).</param>
    /// <param name="ryz">The correlation of the other with the third, in (-1, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A value lies outside its range, or three variables cannot have these correlations.</exception>
    public static double Partial(double rxy, double rxz, double ryz)
    {
        Correlation(rxy, nameof(rxy));
        Check.Correlation(rxz, nameof(rxz));
        Check.Correlation(ryz, nameof(ryz));
        var partial = (rxy - rxz * ryz) / Math.Sqrt((1 - rxz * rxz) * (1 - ryz * ryz));
        return Math.Abs(partial) <= 1 + 1e-12 ? Math.Clamp(partial, -1, 1) : throw ArgumentFault.OutOfRange(nameof(rxy), rxy, $"Three variables of which two correlate {Text(rxz)} and {Text(ryz)} with the third do not correlate {Text(rxy)}.");
    }

    /// <summary>
    /// How strongly a third variable would have to correlate with both to make all of an observed correlation: √|r|, since two variables that have only a third in common correlate rxz·ryz.
    /// </summary>
    /// <remarks>$$|r_{xz}| = |r_{yz}| = \sqrt{|r|}$$</remarks>
    /// <param name="r">The observed correlation, in [-1, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">r lies outside [-1, 1].</exception>
    public static double ThirdVariableNeeded(double r) => Math.Sqrt(Math.Abs(Correlation(r, nameof(r))));

    /// <summary>
    /// The mean of absolute differences |d| where nothing differs and only chance is seen: SE·√(2/π) with SE = √(2/n) of a difference between two groups of n people. So an average of absolute values lies above zero always. The
    /// approximation holds for n of some 10 and more.
    /// </summary>
    /// <param name="perGroup">People n in each group, at least 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than two people.</exception>
    public static double MeanAbsoluteDifferenceOfChance(double perGroup) => Math.Sqrt(2 / Check.Size(perGroup, 2, nameof(perGroup), "a standard deviation needs them")) * Math.Sqrt(2 / Math.PI);

    private static double Attenuation(double rxx, double ryy) => Math.Sqrt(Reliability(rxx, nameof(rxx)) * Reliability(ryy, nameof(ryy)));

    private static double Correlation(double r, string name) => r is >= -1 and <= 1 ? r : throw ArgumentFault.OutOfRange(name, r, "A correlation lies between -1 and 1.");

    private static double Reliability(double value, string name) => value is > 0 and <= 1 ? value : throw ArgumentFault.OutOfRange(name, value, "A reliability lies above 0 and is at most 1.");

    private static double Share(double share) => share is >= 0 and < 1 ? share : throw ArgumentFault.OutOfRange(nameof(share), share, "A share of the variance is at least 0 and below 1.");

    private static string Text(double value) => StatisticText.Number(value, leadingZero: false);
}
