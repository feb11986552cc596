using MathNet.Numerics;
using MathNet.Numerics.Integration;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The standard normal distribution, also in two dimensions, to full precision.</summary>
internal static class NormalCurve
{
    public static double Density(double z) => Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);

    public static double Probability(double z) => SpecialFunctions.Erfc(-z / Math.Sqrt(2)) / 2;

    public static double Quantile(double p)
    {
        if (p > 0.5) return -Quantile(1 - p);
        var z = Distributions.NormalQuantile(p);
        // One step of Halley's method brings the last digits.
        var error = (Probability(z) - p) / Density(z);
        return z - error / (1 + z * error / 2);
    }

    /// <summary>The density of two standard normal variables that correlate ρ.</summary>
    public static double Density(double h, double k, double rho)
    {
        var rest = 1 - rho * rho;
        return Math.Exp(-(h * h - 2 * h * k * rho + k * k) / (2 * rest)) / (2 * Math.PI * Math.Sqrt(rest));
    }

    /// <summary>
    /// The probability that both are below h and k, by Plackett's (1954) integral over the correlation, ρ = sin(angle).
    /// </summary>
    public static double Probability(double h, double k, double angle)
    {
        double Kernel(double a)
        {
            var cosine = Math.Cos(a);
            return Math.Exp(-(h * h - 2 * h * k * Math.Sin(a) + k * k) / (2 * cosine * cosine));
        }
        var integral = DoubleExponentialTransformation.Integrate(Kernel, 0, angle, 1e-14);
        return Probability(h) * Probability(k) + integral / (2 * Math.PI);
    }
}
