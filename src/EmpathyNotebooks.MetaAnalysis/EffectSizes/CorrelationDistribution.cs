using MathNet.Numerics;
using MathNet.Numerics.Integration;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Where the results of many samples would lie: their mean, standard deviation and skewness.</summary>
/// <param name="Mean">Their mean.</param>
/// <param name="StandardDeviation">Their standard deviation.</param>
/// <param name="Skewness">The mean of their standardised third powers: 0 where they scatter alike to both sides, negative where the long tail lies below.</param>
/// <example><code>
/// SamplingMoments found = CorrelationDistribution.Of(0.80, n: 20).R;
/// Console.WriteLine(found.Skewness); // below 0: a long tail towards zero
/// </code></example>
public readonly record struct SamplingMoments(double Mean, double StandardDeviation, double Skewness);

/// <summary>
/// How the correlation r of n people scatters around a true correlation ρ, and its Fisher's z with it: exactly, for two variables that are normal together. The density of r is
/// (n - 2)·Γ(n - 1)·(1 - ρ²)^((n - 1)/2)·(1 - r²)^((n - 4)/2) / (√(2π)·Γ(n - ½)·(1 - ρr)^(n - 3/2)) · ₂F₁(½, ½; n - ½; (1 + ρr)/2).
/// Source: Fisher (1915), Biometrika 10, 507-521, in the form of Hotelling (1953), Journal of the Royal Statistical Society B 15, 193-232. It shows what the approximation by which correlations are pooled, z normal with variance
/// 1/(n - 3), leaves out. When not to use it: for rank or partial correlations, or where variables are far from normal.
/// </summary>
/// <example><code>
/// var found = CorrelationDistribution.Of(0.50, n: 20);
/// Console.WriteLine($"r: {found.R.StandardDeviation:F3}, skewness {found.R.Skewness:F2}"); // leans to the left
/// Console.WriteLine($"z: {found.Z.StandardDeviation:F3}, skewness {found.Z.Skewness:F2}"); // hardly, and about 1/√17
/// Console.WriteLine(found.Share(0.07, 0.77));                                              // about .95
/// </code></example>
public sealed class CorrelationDistribution
{
    private readonly double _logConstant, _middle, _reach;

    private CorrelationDistribution(double correlation, double n)
    {
        Correlation = correlation;
        SampleSize = n;
        _logConstant = Math.Log(n - 2) - Math.Log(2 * Math.PI) / 2 + SpecialFunctions.GammaLn(n - 1) - SpecialFunctions.GammaLn(n - 0.5)
            + (n - 1) / 2 * Math.Log((1 - correlation) * (1 + correlation));
        _middle = Math.Atanh(correlation);
        // Beyond it nothing is left that a sum in double precision could notice: the tails of z fall like those of a normal curve, and in the end like exp(-(n - 2)|z|).
        _reach = Math.Max(11 / Math.Sqrt(n - 3), 44 / (n - 2));
        R = Moments(Math.Tanh);
        Z = Moments(z => z);
    }

    /// <summary>The true correlation ρ.</summary>
    public double Correlation { get; }

    /// <summary>The number n of people in each sample.</summary>
    public double SampleSize { get; }

    /// <summary>Of the correlations themselves. Their mean is a little nearer to zero than ρ.</summary>
    public SamplingMoments R { get; }

    /// <summary>Of their Fisher's z.</summary>
    public SamplingMoments Z { get; }

    /// <summary>The distribution around a true correlation.</summary>
    /// <param name="correlation">The true correlation ρ, in (-1, 1).</param>
    /// <param name="n">The number of people in each sample, at least 4.</param>
    /// <remarks>
    /// $$f(r) = \frac{(n - 2)\,\Gamma(n - 1)\,(1 - \rho^2)^{(n - 1)/2}(1 - r^2)^{(n - 4)/2}}{\sqrt{2\pi}\,\Gamma(n - \frac{1}{2})\,(1 - \rho r)^{n - 3/2}}\,F(r)$$
    /// $$F(r) = {}_2F_1\!\left(\tfrac{1}{2}, \tfrac{1}{2};\,n - \tfrac{1}{2};\,\frac{1 + \rho r}{2}\right)$$
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">A value lies outside its range.</exception>
    public static CorrelationDistribution Of(double correlation, double n) =>
        new(Check.Correlation(correlation, nameof(correlation)), Check.Size(n, 4, nameof(n), "with fewer people the curve has no top"));

    /// <summary>The density at a correlation.</summary>
    /// <param name="r">A correlation in (-1, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">r lies outside (-1, 1).</exception>
    public double Density(double r) => DensityOfZ(Math.Atanh(Check.Correlation(r))) / ((1 - r) * (1 + r));

    /// <summary>The density of Fisher's z.</summary>
    /// <param name="z">Any finite number.</param>
    /// <exception cref="ArgumentOutOfRangeException">z is not finite.</exception>
    public double DensityOfZ(double z)
    {
        var product = Correlation * Math.Tanh(Check.Finite(z, nameof(z)));
        // ln cosh z, which does not overflow: dr/dz = 1 - r² = 1/cosh²z.
        var logCosh = Math.Abs(z) + Math.Log((1 + Math.Exp(-2 * Math.Abs(z))) / 2);
        return Math.Exp(_logConstant - (SampleSize - 2) * logCosh - (SampleSize - 1.5) * Math.Log(1 - product)) * Series((1 + product) / 2);
    }

    /// <summary>The share of samples whose correlation lies between two values.</summary>
    /// <param name="lower">The lower value, in (-1, 1).</param>
    /// <param name="upper">The upper value, in (-1, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A value lies outside its range, or the lower one is not below the upper.</exception>
    public double Share(double lower, double upper)
    {
        var (from, to) = (Math.Atanh(Check.Correlation(lower, nameof(lower))), Math.Atanh(Check.Correlation(upper, nameof(upper))));
        if (from >= to) throw ArgumentFault.OutOfRange(nameof(lower), lower, "The lower value must be below the upper.");
        // In two parts, so that no part has a peak in its inside that a rule could step over.
        double Part(double start, double end) => Math.Max(start, from) is var a && Math.Min(end, to) is var b && a < b ? DoubleExponentialTransformation.Integrate(DensityOfZ, a, b, 1e-12) : 0;
        return Part(_middle - _reach, _middle) + Part(_middle, _middle + _reach);
    }

    /// <summary>₂F₁(½, ½; n - ½; x). All terms are positive and fall at least like those of a geometric series in x &lt; 1.</summary>
    private double Series(double x)
    {
        double term = 1, sum = 1;
        for (var j = 0; term > sum * 1e-17; j++)
        {
            term *= (j + 0.5) * (j + 0.5) / ((SampleSize - 0.5 + j) * (j + 1)) * x;
            sum += term;
        }
        return sum;
    }

    /// <summary>By the trapezoidal rule in z, which is exact to the last digits for a smooth curve that falls to nothing at both ends.</summary>
    private SamplingMoments Moments(Func<double, double> value)
    {
        var step = 1 / Math.Sqrt(SampleSize - 3) / 8;
        var count = (int)Math.Ceiling(_reach / step);
        var points = Enumerable.Range(-count, 2 * count + 1).Select(i => _middle + i * step).Select(z => (Value: value(z), Weight: step * DensityOfZ(z))).ToArray();
        var mean = points.Sum(p => p.Weight * p.Value);
        double Central(int power) => points.Sum(p => p.Weight * Math.Pow(p.Value - mean, power));
        var variance = Central(2);
        return new SamplingMoments(mean, Math.Sqrt(variance), Central(3) / Math.Pow(variance, 1.5));
    }
}
