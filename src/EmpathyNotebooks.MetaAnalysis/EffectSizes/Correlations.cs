using System.Globalization;
using MathNet.Numerics.Integration;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>How the sampling variance of a bias-corrected correlation is estimated.</summary>
/// <example><code>
/// Console.WriteLine(Correlations.BiasCorrected(0.28, 45, CorrelationVariance.Unbiased).Variance);
/// </code></example>
public enum CorrelationVariance
{
    /// <summary>The large-sample formula (1 - r²)² / (n - 1), with the corrected correlation (metafor's vtype LS).</summary>
    LargeSample,

    /// <summary>The unbiased estimator of Hedges (1989); can be negative at small n (metafor's vtype UB).</summary>
    Unbiased,
}

/// <summary>Effect sizes from a correlation r and the number n of people it was computed on.</summary>
public static class Correlations
{
    /// <summary>
    /// Fisher's z = artanh(r) = ½ ln((1 + r) / (1 - r)).
    /// Source: Fisher (1921), On the "probable error" of a coefficient of correlation, Metron 1, 3-32.
    /// </summary>
    /// <remarks>$$z = \operatorname{artanh} r = \frac{1}{2}\ln\frac{1 + r}{1 - r}$$</remarks>
    /// <param name="r">A correlation in (-1, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">r lies outside (-1, 1): z would be infinite.</exception>
    public static double ToFisherZ(double r) => Math.Atanh(Check.Correlation(r));

    /// <summary>Back from Fisher's z: r = tanh(z).</summary>
    /// <remarks>$$r = \tanh z = \frac{e^{2z} - 1}{e^{2z} + 1}$$</remarks>
    /// <param name="z">Any finite number.</param>
    /// <exception cref="ArgumentOutOfRangeException">z is not finite.</exception>
    public static double FromFisherZ(double z) => double.IsFinite(z)
        ? Math.Tanh(z)
        : throw ArgumentFault.OutOfRange(nameof(z), z, "Fisher's z must be a finite number.");

    /// <summary>
    /// Fisher's z with its variance 1 / (n - 3), ready to pool. When not to use it: for partial correlations, whose variance
    /// has fewer degrees of freedom.
    /// Source: Fisher (1921).
    /// </summary>
    /// <remarks>$$z = \frac{1}{2}\ln\frac{1 + r}{1 - r}, \qquad v = \frac{1}{n - 3}$$</remarks>
    /// <param name="r">A correlation in (-1, 1).</param>
    /// <param name="n">The sample size, at least 4.</param>
    /// <exception cref="ArgumentOutOfRangeException">r lies outside (-1, 1) or n is below 4.</exception>
    public static EffectSize FisherZ(double r, double n)
    {
        Check.Size(n, 4, nameof(n), "the variance of Fisher's z is 1 / (n - 3)");
        return EffectSize.Of(ToFisherZ(r), 1.0 / (n - 3), EffectMeasure.FisherZ);
    }

    /// <summary>
    /// The raw correlation with its large-sample variance (1 - r²)² / (n - 1) (metafor's COR). When not to use it: for pooling,
    /// unless a method asks for it; the variance depends on r, and large correlations get too much weight.
    /// Source: Hunter &amp; Schmidt (2004), ch. 3.
    /// </summary>
    /// <remarks>$$y = r, \qquad v = \frac{(1 - r^2)^2}{n - 1}$$</remarks>
    /// <param name="r">A correlation in (-1, 1).</param>
    /// <param name="n">The sample size, at least 4.</param>
    /// <exception cref="ArgumentOutOfRangeException">r lies outside (-1, 1) or n is below 4.</exception>
    public static EffectSize Raw(double r, double n)
    {
        Check.Size(n, 4, nameof(n), "fewer people give no usable correlation");
        return EffectSize.Of(Check.Correlation(r), LargeSampleVariance(r, n), EffectMeasure.Correlation);
    }

    /// <summary>
    /// The correlation corrected for bias, G(r) = r · ₂F₁(½, ½; (n - 2)/2; 1 - r²) (metafor's UCOR).
    /// Source: Olkin &amp; Pratt (1958), Annals of Mathematical Statistics 29, 201-211; variance UB: Hedges (1989).
    /// When not to use it: beside uncorrected correlations; the correction is slight with more than 20 people.
    /// </summary>
    /// <remarks>
    /// $$G = r\;{}_2F_1\!\left(\tfrac12, \tfrac12; \tfrac{n - 2}{2}; 1 - r^2\right), \qquad v = \frac{(1 - G^2)^2}{n - 1}$$
    /// and, unbiased,
    /// $$v = G^2 - 1 + \frac{n - 3}{n - 2}(1 - r^2)\;{}_2F_1\!\left(1, 1; \tfrac{n}{2}; 1 - r^2\right)$$
    /// </remarks>
    /// <param name="r">A correlation in (-1, 1).</param>
    /// <param name="n">The sample size, at least 5.</param>
    /// <param name="variance">Which estimator of the sampling variance.</param>
    /// <exception cref="ArgumentOutOfRangeException">r lies outside (-1, 1), n is below 5, or the unbiased variance comes out
    /// negative.</exception>
    public static EffectSize BiasCorrected(double r, double n, CorrelationVariance variance = CorrelationVariance.LargeSample)
    {
        Check.Size(n, 5, nameof(n), "the correction needs more than four people");
        var square = Check.Correlation(r) * r;
        var corrected = r * Hypergeometric(0.5, 0.5, (n - 2) / 2.0, square);
        var v = variance switch
        {
            CorrelationVariance.LargeSample => LargeSampleVariance(corrected, n),
            CorrelationVariance.Unbiased =>
                corrected * corrected - 1 + (n - 3.0) / (n - 2) * (1 - square) * Hypergeometric(1, 1, n / 2.0, square),
            _ => throw ArgumentFault.OutOfRange(nameof(variance), variance, "There is no such variance estimator."),
        };
        if (v <= 0)
        {
            throw ArgumentFault.OutOfRange(nameof(variance), variance, string.Create(CultureInfo.InvariantCulture,
                $"The unbiased variance is {v:G6} for r = {r} and n = {n}; use the large-sample one for so few people."));
        }
        return EffectSize.Of(corrected, v, EffectMeasure.BiasCorrectedCorrelation);
    }

    private static double LargeSampleVariance(double r, double n) => (1 - r * r) * (1 - r * r) / (n - 1);

    /// <summary>Gauss's ₂F₁(a, b; c; 1 - rest) for 0 ≤ rest &lt; 1 and c > a + b.</summary>
    private static double Hypergeometric(double a, double b, double c, double rest)
    {
        var x = 1 - rest;
        // The power series converges like x^j · j^(a+b-c-1): quickly unless c is small and x is near 1.
        if (c >= 10)
        {
            double term = 1, sum = 1;
            for (var j = 0; j < 100_000 && term > sum * 1e-18; j++)
            {
                term *= (a + j) * (b + j) / ((c + j) * (j + 1)) * x;
                sum += term;
            }
            return sum;
        }
        // Euler's integral with t = sin²(θ), normalised by its value at x = 0 so that no Gamma function is needed.
        var power = 2 * (c - b) - 1;
        double Weight(double angle) => Math.Pow(Math.Sin(angle), 2 * b - 1) * Math.Pow(Math.Cos(angle), power);
        double Kernel(double angle)
        {
            // 1 - x·sin²(θ) as a sum, since the difference is 0 at the right end of x = 1, where the weight is 0 too.
            var cosine = Math.Cos(angle);
            return Weight(angle) * Math.Pow(rest + x * cosine * cosine, -a);
        }
        return DoubleExponentialTransformation.Integrate(Kernel, 0, Math.PI / 2, 1e-14)
            / DoubleExponentialTransformation.Integrate(Weight, 0, Math.PI / 2, 1e-14);
    }
}
