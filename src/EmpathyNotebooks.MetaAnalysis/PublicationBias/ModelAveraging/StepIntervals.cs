using MathNet.Numerics;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The intervals of p-values of a step weight function and the probability with which each study's effect falls into each, at a mean and a τ. The first interval holds the smallest p-values.
/// </summary>
internal sealed class StepIntervals
{
    private readonly double[] _critical;
    private readonly double[] _standardErrors;
    private readonly bool _twoSided;

    /// <param name="effects">The effects, in the direction in which they are selected.</param>
    /// <param name="standardErrors">Their standard errors.</param>
    /// <param name="steps">The cut-points of p, increasing.</param>
    /// <param name="twoSided">Whether p is two-sided.</param>
    public StepIntervals(double[] effects, double[] standardErrors, ReadOnlySpan<double> steps, bool twoSided)
    {
        (_standardErrors, _twoSided) = (standardErrors, twoSided);
        _critical = new double[steps.Length];
        for (var j = 0; j < steps.Length; j++) _critical[j] = Distributions.NormalQuantile(1 - (twoSided ? steps[j] / 2 : steps[j]));
        Counts = new int[steps.Length + 1];
        // In whole vectors; a study beyond the last has the first interval alone, which multiplies by 1.
        Padded = (effects.Length + 7) / 8 * 8;
        Probabilities = [.. steps.ToArray().Append(0).Select(_ => new double[Padded])];
        Logarithms = [.. Probabilities.Select(_ => new double[effects.Length])];
        Array.Fill(Probabilities[0], 1);
        for (var i = 0; i < effects.Length; i++)
        {
            var z = effects[i] / standardErrors[i];
            if (twoSided) z = Math.Abs(z);
            var j = 0;
            while (j < _critical.Length && z < _critical[j]) j++;
            Counts[j]++;
        }
    }

    /// <summary>How many studies lie in each interval.</summary>
    public int[] Counts { get; }

    /// <summary>The probability of each interval (first index) for each study.</summary>
    public double[][] Probabilities { get; }

    /// <summary>Their logarithms, where <see cref="Set"/> found some probability of the first interval too small for double precision.</summary>
    public double[][] Logarithms { get; }

    public int Padded { get; }

    public int Studies => _standardErrors.Length;

    /// <summary>The smallest probability of the first interval.</summary>
    public double Smallest { get; private set; }

    /// <summary>Computes the probabilities at a mean, for studies of the standard deviations √(v + τ²).</summary>
    public void Set(double mean, ReadOnlySpan<double> deviations)
    {
        Smallest = 1;
        var last = _critical.Length;
        for (var i = 0; i < _standardErrors.Length; i++)
        {
            // What lies beyond each critical value, on both sides where p is two-sided; an interval is what lies between two of them.
            double rest = 0;
            for (var j = 0; j < last; j++)
            {
                var t = (_critical[j] * _standardErrors[i] - mean) / deviations[i];
                var other = (-_critical[j] * _standardErrors[i] - mean) / deviations[i];
                var inside = j == 0 ? Tail(t) + (_twoSided ? Tail(-other) : 0)
                    : Between(t, (_critical[j - 1] * _standardErrors[i] - mean) / deviations[i]) + (_twoSided ? Between((-_critical[j - 1] * _standardErrors[i] - mean) / deviations[i], other) : 0);
                Probabilities[j][i] = inside;
                if (j == last - 1) rest = _twoSided ? Between(other, t) : Tail(-t);
            }
            Probabilities[last][i] = rest;
            Smallest = Math.Min(Smallest, Probabilities[0][i]);
        }
    }

    /// <summary>The same in logarithms, which hold where a probability is no longer a positive number.</summary>
    public void SetLogarithms(double mean, ReadOnlySpan<double> deviations)
    {
        var last = _critical.Length;
        for (var i = 0; i < _standardErrors.Length; i++)
        {
            for (var j = 0; j <= last; j++)
            {
                // From the critical value of the interval itself (none for the last) to that of the one before (none for the first).
                var to = j == 0 ? double.PositiveInfinity : _critical[j - 1] * _standardErrors[i];
                var from = j == last ? double.NegativeInfinity : _critical[j] * _standardErrors[i];
                if (_twoSided && j == last) from = -to;
                var value = LogBetween((from - mean) / deviations[i], (to - mean) / deviations[i]);
                if (_twoSided && j < last) value = LogAdd(value, LogBetween((-to - mean) / deviations[i], (-from - mean) / deviations[i]));
                Logarithms[j][i] = value;
            }
        }
    }

    public static double LogAdd(double a, double b)
    {
        if (a < b) (a, b) = (b, a);
        return double.IsNegativeInfinity(a) ? a : a + Math.Log(1 + Math.Exp(b - a));
    }

    private static double Tail(double z) => SpecialFunctions.Erfc(z / Math.Sqrt(2)) / 2;

    /// <summary>The probability between two values, from the tail in which they lie.</summary>
    private static double Between(double from, double to) => from >= 0 ? Tail(from) - Tail(to) : to <= 0 ? Tail(-to) - Tail(-from) : 1 - Tail(-from) - Tail(to);

    private static double LogBetween(double from, double to)
    {
        if (from < 0 && to <= 0) (from, to) = (-to, -from);
        if (from < 0) return Math.Log(1 - Tail(-from) - Tail(to));
        double low = LogTail(from), high = LogTail(to);
        return low + Math.Log(1 - Math.Exp(high - low));
    }

    /// <summary>log(1 - Φ(z)); far out by the asymptotic series, whose error is below 1e-15 from 25 on.</summary>
    private static double LogTail(double z)
    {
        if (double.IsPositiveInfinity(z)) return double.NegativeInfinity;
        if (z < 25) return Math.Log(Tail(z));
        var r = 1 / (z * z);
        return -z * z / 2 - Math.Log(2 * Math.PI) / 2 - Math.Log(z) + Math.Log(1 - r * (1 - r * (3 - r * (15 - r * (105 - 945 * r)))));
    }
}
