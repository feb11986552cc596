namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The standard deviation within two groups, the same for both. Stands wherever a standard deviation is wanted.</summary>
/// <param name="StandardDeviation">The standard deviation, positive.</param>
/// <param name="DegreesOfFreedom">Its degrees of freedom, n1 + n2 - 2.</param>
/// <param name="Note">The approximation used.</param>
/// <example><code>
/// PooledStandardDeviation sd = SdFromDifference.StandardError(0.8, n1: 30, n2: 28);
/// Console.WriteLine($"{sd.StandardDeviation} (SE {sd.StandardError}): {sd.Note}");
/// </code></example>
public readonly record struct PooledStandardDeviation(double StandardDeviation, double DegreesOfFreedom, string Note)
{
    /// <summary>The sampling variance of the standard deviation, SD²/(2df), for normal scores.</summary>
    public double Variance => StandardDeviation * StandardDeviation / (2 * DegreesOfFreedom);

    /// <summary>The standard error of the standard deviation.</summary>
    public double StandardError => Math.Sqrt(Variance);

    /// <summary>The standard deviation alone.</summary>
    /// <param name="sd">The standard deviation with its degrees of freedom.</param>
    public static implicit operator double(PooledStandardDeviation sd) => sd.StandardDeviation;
}

/// <summary>
/// The standard deviation within two groups (the same for both) from what a paper says of the difference of their means. Source:
/// Cochrane Handbook for Systematic Reviews of Interventions, 6.5.2.3. When not to use it: with results adjusted for covariates,
/// whose standard error is smaller.
/// </summary>
/// <example><code>
/// var sd = SdFromDifference.Interval(lower: 0.4, upper: 3.6, n1: 30, n2: 28);
/// Console.WriteLine(MeanDifferences.Standardized(12, sd, 30, 10, sd, 28));
/// </code></example>
public static class SdFromDifference
{
    /// <summary>From the standard error of the difference: SD = SE/√(1/n1 + 1/n2).</summary>
    /// <remarks>$$s_p = \frac{\mathrm{SE}}{\sqrt{1/n_1 + 1/n_2}}$$</remarks>
    /// <param name="standardError">The standard error of the difference, positive.</param>
    /// <param name="n1">The size of the first group, at least 2.</param>
    /// <param name="n2">The size of the second group.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static PooledStandardDeviation StandardError(double standardError, double n1, double n2) =>
        FromStandardError(Check.Positive(standardError, nameof(standardError)), Check.Size(n1, 2, nameof(n1)), Check.Size(n2, 2, nameof(n2)),
            "SD from the standard error of the difference (exact where both groups' SDs were pooled).");

    /// <summary>From the confidence interval of the difference, made with t.</summary>
    /// <remarks>$$s_p = \frac{u - l}{2t_{1 - \alpha/2;\,n_1 + n_2 - 2}\sqrt{1/n_1 + 1/n_2}}$$</remarks>
    /// <param name="lower">The lower limit.</param>
    /// <param name="upper">The upper limit, above the lower.</param>
    /// <param name="n1">The size of the first group, at least 2.</param>
    /// <param name="n2">The size of the second group.</param>
    /// <param name="level">The level of the interval, 0.95 if not said.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static PooledStandardDeviation Interval(double lower, double upper, double n1, double n2, double level = 0.95)
    {
        Check.Size(n1, 2, nameof(n1));
        Check.Size(n2, 2, nameof(n2));
        var t = Distributions.StudentQuantile(Level.UpperTail(level), n1 + n2 - 2);
        return FromStandardError(MeanAndSdFrom.Half(lower, upper) / t, n1, n2,
            "SD from the interval of the difference, taken as made with t (exact if it was, and both groups' SDs were pooled).");
    }

    /// <summary>From the difference and its t: SE = difference/t.</summary>
    /// <remarks>$$s_p = \frac{m_1 - m_2}{t\sqrt{1/n_1 + 1/n_2}}$$</remarks>
    /// <param name="difference">The difference of the means, not 0.</param>
    /// <param name="t">Its t, not 0, with the same sign.</param>
    /// <param name="n1">The size of the first group, at least 2.</param>
    /// <param name="n2">The size of the second group.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static PooledStandardDeviation T(double difference, double t, double n1, double n2)
    {
        Check.Finite(difference, nameof(difference));
        return Check.Finite(t, nameof(t)) * difference > 0
            ? FromStandardError(difference / t, Check.Size(n1, 2, nameof(n1)), Check.Size(n2, 2, nameof(n2)),
                "SD from the difference and its t (exact for the t-test that pools both groups' SDs).")
            : throw ArgumentFault.OutOfRange(nameof(t), t,
                "The difference and its t must have the same sign and not be 0.");
    }

    /// <summary>From the difference and the two-sided p of its t-test.</summary>
    /// <remarks>$$s_p = \frac{|m_1 - m_2|}{t\sqrt{1/n_1 + 1/n_2}}, \qquad t = t_{1 - p/2;\,n_1 + n_2 - 2}$$</remarks>
    /// <param name="difference">The difference of the means, not 0.</param>
    /// <param name="p">The two-sided p, above 0 and below 1.</param>
    /// <param name="n1">The size of the first group, at least 2.</param>
    /// <param name="n2">The size of the second group.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static PooledStandardDeviation PValue(double difference, double p, double n1, double n2)
    {
        Check.Size(n1, 2, nameof(n1));
        Check.Size(n2, 2, nameof(n2));
        var t = ReportedTest.TOfP(p, n1 + n2 - 2);
        return T(difference, Math.CopySign(t, difference), n1, n2) with
        {
            Note = "SD from the difference and its two-sided p (as exact as the p was printed, for the t-test that pools both groups' SDs).",
        };
    }

    private static PooledStandardDeviation FromStandardError(double standardError, double n1, double n2, string note) =>
        new(standardError / Math.Sqrt(1 / n1 + 1 / n2), n1 + n2 - 2, note);
}
