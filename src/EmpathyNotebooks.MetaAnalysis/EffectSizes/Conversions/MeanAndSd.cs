namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The mean and standard deviation of a group, found from what a paper reports instead.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="StandardDeviation">The standard deviation.</param>
/// <param name="SampleSize">The sample size.</param>
/// <param name="Note">The approximation used, and what speaks against it here.</param>
/// <example><code>
/// MeanAndSd treated = MeanAndSdFrom.Quartiles(q1: 9, median: 12, q3: 16, n: 50);
/// Console.WriteLine($"{treated.Mean} ({treated.StandardDeviation}): {treated.Note}");
/// </code></example>
public readonly record struct MeanAndSd(double Mean, double StandardDeviation, double SampleSize, string Note)
{
    /// <summary>
    /// The sampling variance of the mean, SD²/n. For a mean found from a median it is too small: medians vary more.
    /// </summary>
    public double Variance => StandardDeviation * StandardDeviation / SampleSize;

    /// <summary>The standard error of the mean.</summary>
    public double StandardError => Math.Sqrt(Variance);

    /// <summary>
    /// The two groups as one, with the mean and standard deviation of all their people. Exact. Source: Cochrane Handbook
    /// 6.5.2.10.
    /// </summary>
    /// <remarks>
    /// $$m = \frac{n_1m_1 + n_2m_2}{n}, \qquad s^2 = \frac{(n_1 - 1)s_1^2 + (n_2 - 1)s_2^2 + \frac{n_1n_2}{n}(m_1 - m_2)^2}{n - 1}$$
    /// </remarks>
    /// <param name="other">The other group.</param>
    public MeanAndSd CombineWith(MeanAndSd other)
    {
        double n = SampleSize + other.SampleSize, gap = Mean - other.Mean;
        var squares = (SampleSize - 1) * StandardDeviation * StandardDeviation
            + (other.SampleSize - 1) * other.StandardDeviation * other.StandardDeviation + SampleSize * other.SampleSize / n * gap * gap;
        return new MeanAndSd((SampleSize * Mean + other.SampleSize * other.Mean) / n, Math.Sqrt(squares / (n - 1)), n,
            "Two groups combined (exact).");
    }
}

/// <summary>Which estimator of the standard deviation is used when range and quartiles are both reported.</summary>
/// <example><code>
/// Console.WriteLine(MeanAndSdFrom.FiveNumbers(2, 9, 12, 16, 30, n: 50, FiveNumberMethod.Wan).StandardDeviation);
/// </code></example>
public enum FiveNumberMethod
{
    /// <summary>
    /// Weights that depend on the sample size (Shi et al. 2020, Research Synthesis Methods 11, 641-654, eq. 10). The default, as
    /// in metafor's conv.fivenum.
    /// </summary>
    Shi,

    /// <summary>The mean of the estimates from range and quartiles (Wan et al. 2014, scenario C2).</summary>
    Wan,
}

/// <summary>
/// Mean and standard deviation from medians, quartiles and ranges, from standard errors or from intervals. The methods for
/// medians assume normal scores; papers report medians because scores are skewed, so the notes carry the test of skewness by Shi
/// et al. (2023), Statistical Methods in Medical Research. When not to use them: for clearly skewed scores, and never without a
/// sensitivity analysis that leaves these studies out.
/// </summary>
public static class MeanAndSdFrom
{
    /// <summary>
    /// From minimum, median and maximum: mean w(a + b)/2 + (1 - w)m, w = 4/(4 + n^¾) (Luo, Wan, Liu &amp; Tong 2018, Statistical
    /// Methods in Medical Research 27, 1785-1805, eq. 7); SD (b - a)/(2Φ⁻¹((n - .375)/(n + .25))) (Wan, Wang, Liu &amp; Tong
    /// 2014, BMC Medical Research Methodology 14, 135, eq. 9). The least dependable of the three: it rests on the two most
    /// extreme people.
    /// </summary>
    /// <remarks>
    /// $$m = w\,\frac{a + b}{2} + (1 - w)\,\tilde m, \qquad w = \frac{4}{4 + n^{3/4}}$$
    /// $$s = \frac{b - a}{2\Phi^{-1}\!\left(\frac{n - 0.375}{n + 0.25}\right)}$$
    /// </remarks>
    /// <param name="minimum">The smallest value.</param>
    /// <param name="median">The median.</param>
    /// <param name="maximum">The largest value, above the smallest.</param>
    /// <param name="n">The sample size, at least 5.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not finite, the order is wrong, or n is below 5.</exception>
    public static MeanAndSd Range(double minimum, double median, double maximum, double n)
    {
        Ordered(n, (nameof(minimum), minimum), (nameof(median), median), (nameof(maximum), maximum));
        var w = 4 / (4 + Math.Pow(n, 0.75));
        var skew = Math.Abs((minimum + maximum - 2 * median) / (maximum - minimum));
        return new MeanAndSd(w * (minimum + maximum) / 2 + (1 - w) * median, (maximum - minimum) / RangeInSds(n), n,
            Note("Mean from median and range (Luo et al. 2018, eq. 7), SD from range (Wan et al. 2014, eq. 9)", skew,
                1 / Math.Log(n + 9) + 2.5 / (n + 1)));
    }

    /// <summary>
    /// From the quartiles: mean w(q1 + q3)/2 + (1 - w)m, w = .7 + .39/n (Luo et al. 2018, eq. 11); SD (q3 - q1)/(2Φ⁻¹((.75n -
    /// .125)/(n + .25))) (Wan et al. 2014, eq. 16).
    /// </summary>
    /// <remarks>
    /// $$m = w\,\frac{q_1 + q_3}{2} + (1 - w)\,\tilde m, \qquad w = 0.7 + \frac{0.39}{n}$$
    /// $$s = \frac{q_3 - q_1}{2\Phi^{-1}\!\left(\frac{0.75n - 0.125}{n + 0.25}\right)}$$
    /// </remarks>
    /// <param name="q1">The first quartile.</param>
    /// <param name="median">The median.</param>
    /// <param name="q3">The third quartile, above the first.</param>
    /// <param name="n">The sample size, at least 5.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not finite, the order is wrong, or n is below 5.</exception>
    public static MeanAndSd Quartiles(double q1, double median, double q3, double n)
    {
        Ordered(n, (nameof(q1), q1), (nameof(median), median), (nameof(q3), q3));
        var w = 0.7 + 0.39 / n;
        var skew = Math.Abs((q1 + q3 - 2 * median) / (q3 - q1));
        return new MeanAndSd(w * (q1 + q3) / 2 + (1 - w) * median, (q3 - q1) / QuartilesInSds(n), n,
            Note("Mean from median and quartiles (Luo et al. 2018, eq. 11), SD from quartiles (Wan et al. 2014, eq. 16)", skew,
                2.65 / Math.Sqrt(n) - 6 / (n * n)));
    }

    /// <summary>
    /// From all five numbers: mean w₁(a + b)/2 + w₂(q1 + q3)/2 + (1 - w₁ - w₂)m, w₁ = 2.2/(2.2 + n^¾), w₂ = .7 - .72/n^.55 (Luo
    /// et al. 2018, eq. 15); SD from range and quartiles (Shi et al. 2020, eq. 10, or Wan et al. 2014, scenario C2).
    /// </summary>
    /// <remarks>
    /// $$m = w_1\frac{a + b}{2} + w_2\frac{q_1 + q_3}{2} + w_3\,\tilde m, \qquad w_3 = 1 - w_1 - w_2$$
    /// $$w_1 = \frac{2.2}{2.2 + n^{3/4}}, \qquad w_2 = 0.7 - \frac{0.72}{n^{0.55}}$$
    /// $$s = \lambda s_R + (1 - \lambda)s_Q$$
    /// with $s_R$ of <see cref="Range"/>, $s_Q$ of <see cref="Quartiles"/>, and $\lambda = 1/(1 + 0.07n^{0.6})$ (Shi et al.) or $\lambda = 1/2$ (Wan et al.).
    /// </remarks>
    /// <param name="minimum">The smallest value.</param>
    /// <param name="q1">The first quartile.</param>
    /// <param name="median">The median.</param>
    /// <param name="q3">The third quartile.</param>
    /// <param name="maximum">The largest value.</param>
    /// <param name="n">The sample size, at least 5.</param>
    /// <param name="method">Which estimator of the standard deviation.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not finite, the order is wrong, or n is below 5.</exception>
    public static MeanAndSd FiveNumbers(double minimum, double q1, double median, double q3, double maximum, double n,
        FiveNumberMethod method = FiveNumberMethod.Shi)
    {
        Ordered(n, (nameof(minimum), minimum), (nameof(q1), q1), (nameof(median), median), (nameof(q3), q3),
            (nameof(maximum), maximum));
        if (q3 == q1) throw ArgumentFault.OutOfRange(nameof(q3), q3, "The third quartile must lie above the first.");
        double w1 = 2.2 / (2.2 + Math.Pow(n, 0.75)), w2 = 0.7 - 0.72 / Math.Pow(n, 0.55);
        var share = method switch
        {
            FiveNumberMethod.Shi => 1 / (1 + 0.07 * Math.Pow(n, 0.6)),
            FiveNumberMethod.Wan => 0.5,
            _ => throw Check.Unknown(method, nameof(method)),
        };
        var skew = Math.Max(2.65 * Math.Log(0.6 * n) / Math.Sqrt(n) * Math.Abs((minimum + maximum - 2 * median) / (maximum - minimum)),
            Math.Abs((q1 + q3 - 2 * median) / (q3 - q1)));
        return new MeanAndSd(w1 * (minimum + maximum) / 2 + w2 * (q1 + q3) / 2 + (1 - w1 - w2) * median,
            share * (maximum - minimum) / RangeInSds(n) + (1 - share) * (q3 - q1) / QuartilesInSds(n), n,
            Note($"Mean from the five numbers (Luo et al. 2018, eq. 15), SD from range and quartiles ({(method == FiveNumberMethod.Shi ? "Shi et al. 2020, eq. 10" : "Wan et al. 2014, scenario C2")})",
                skew, 3 / Math.Sqrt(n) - 40 / (n * n * n)));
    }

    /// <summary>
    /// From the mean and its standard error: SD = SE·√n. Exact. Source: Cochrane Handbook 6.5.2.2. Make sure it is the standard
    /// error, not the standard deviation.
    /// </summary>
    /// <remarks>$$s = \mathrm{SE}\sqrt{n}$$</remarks>
    /// <param name="mean">The mean.</param>
    /// <param name="standardError">Its standard error, positive.</param>
    /// <param name="n">The sample size, at least 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static MeanAndSd StandardError(double mean, double standardError, double n) => new(Check.Finite(mean, nameof(mean)),
        Check.Positive(standardError, nameof(standardError)) * Math.Sqrt(Check.Size(n, 2, nameof(n))), n,
            "SD from the standard error of the mean (exact).");

    /// <summary>
    /// From the confidence interval of one mean, made with t: SD = √n·(upper - lower)/(2t). Source: Cochrane Handbook 6.5.2.2.
    /// </summary>
    /// <remarks>$$m = \frac{l + u}{2}, \qquad s = \sqrt{n}\,\frac{u - l}{2t_{1 - \alpha/2;\,n - 1}}$$</remarks>
    /// <param name="lower">The lower limit.</param>
    /// <param name="upper">The upper limit, above the lower.</param>
    /// <param name="n">The sample size, at least 2.</param>
    /// <param name="level">The level of the interval, 0.95 if not said.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static MeanAndSd Interval(double lower, double upper, double n, double level = 0.95)
    {
        Check.Size(n, 2, nameof(n));
        var half = Half(lower, upper) / Distributions.StudentQuantile(Level.UpperTail(level), n - 1);
        return new MeanAndSd((lower + upper) / 2, half * Math.Sqrt(n), n,
            "SD from the interval of the mean, taken as made with t (exact if it was).");
    }

    internal static double Half(double lower, double upper)
    {
        Check.Finite(lower, nameof(lower));
        Check.Finite(upper, nameof(upper));
        return upper > lower
            ? (upper - lower) / 2
            : throw ArgumentFault.OutOfRange(nameof(upper), upper, "The upper limit must lie above the lower one.");
    }

    private static double RangeInSds(double n) => 2 * NormalCurve.Quantile((n - 0.375) / (n + 0.25));

    private static double QuartilesInSds(double n) => 2 * NormalCurve.Quantile((0.75 * n - 0.125) / (n + 0.25));

    private static string Note(string method, double skew, double critical) => skew < critical
        ? method + "; normal scores assumed."
        : method + $"; normal scores assumed, but these numbers speak of skew (test by Shi et al. 2023, {StatisticText.Number(skew)} against {StatisticText.Number(critical)}): better leave the study out, or model the medians.";

    private static void Ordered(double n, params ReadOnlySpan<(string Name, double Value)> numbers)
    {
        foreach (var (name, value) in numbers) Check.Finite(value, name);
        for (var i = 1; i < numbers.Length; i++)
        {
            if (numbers[i].Value < numbers[i - 1].Value)
            {
                throw ArgumentFault.OutOfRange(numbers[i].Name, numbers[i].Value,
                    $"It must not lie below the {numbers[i - 1].Name}.");
            }
        }
        if (numbers[^1].Value == numbers[0].Value)
            throw ArgumentFault.OutOfRange(numbers[^1].Name, numbers[^1].Value,
                "The numbers are all the same: there is no spread.");
        Check.Size(n, 5, nameof(n), "the methods were made for five people and more");
    }
}
