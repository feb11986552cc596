using MathNet.Numerics.Distributions;

namespace EmpathyNotebooks.Plotting;

/// <summary>The power of a study's two-sided z test: Φ(δ/SE - z) + Φ(-δ/SE - z) with z the 1 - α/2 quantile.</summary>
internal sealed class StudyPower(double alpha)
{
    /// <summary>The |z| from which a study is significant.</summary>
    public double Critical { get; } = -Normal.InvCDF(0, 1, alpha / 2);

    /// <summary>The power where the true effect lies so many standard errors from the null value.</summary>
    public double Of(double distance) => Normal.CDF(0, 1, Math.Abs(distance) - Critical) + Normal.CDF(0, 1, -Math.Abs(distance) - Critical);

    /// <summary>How many standard errors away the true effect must lie for a power above α and below 1: the inverse of <see cref="Of"/>.</summary>
    public double DistanceFor(double power) => Increasing(Of, power, Critical + 10);

    /// <summary>The true effect, as its distance from the null value, with which the median power of studies is as asked.</summary>
    public double EffectForMedian(double power, double[] errors) => Increasing(effect => Median([.. errors.Select(se => Of(effect / se))]), power, (Critical + 10) * errors.Max());

    public static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Where an increasing function of positive numbers takes a value, by bisection to the last digit.</summary>
    private static double Increasing(Func<double, double> function, double value, double upper)
    {
        var lower = 0.0;
        while (true)
        {
            var middle = lower + (upper - lower) / 2;
            if (middle <= lower || middle >= upper) return middle;
            if (function(middle) < value) lower = middle;
            else upper = middle;
        }
    }
}
