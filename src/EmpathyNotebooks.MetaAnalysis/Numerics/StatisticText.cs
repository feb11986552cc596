using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Prints statistics as APA style has them: a true minus sign, no zero before the point of what cannot exceed 1.</summary>
/// <example><code>
/// Console.WriteLine($"r = {StatisticText.Number(0.283, 2, leadingZero: false)}, {StatisticText.PValueWithSymbol(0.0312)}"); // r = .28, p = .031
/// </code></example>
public static class StatisticText
{
    // Of a double some 15 digits are known. So many are taken first: .175 stands for 0.17499999999999999, and back from Fisher's z it is
    // 0.17499999999999996, but a reader who knows it as .175 expects .18.
    private const double MostInDecimal = 1e15;

    /// <summary>A number with a fixed count of decimals, from a quadrillion on as a power of ten; halves rounded away from zero: .175 prints as .18 with two.</summary>
    /// <param name="value">The number; infinities print as ∞.</param>
    /// <param name="digits">Decimal places, 0 to 15.</param>
    /// <param name="leadingZero">False drops the zero of 0.28.</param>
    public static string Number(double value, int digits = 2, bool leadingZero = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(digits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(digits, 15);
        if (double.IsInfinity(value)) return value > 0 ? "∞" : "−∞";
        if (double.IsNaN(value)) throw new ArgumentException("There is no text for a number that is not one.", nameof(value));
        var format = "F" + digits.ToString(CultureInfo.InvariantCulture);
        var size = Math.Abs(value);
        var text = size < MostInDecimal
            ? Math.Round((decimal)size, digits, MidpointRounding.AwayFromZero).ToString(format, CultureInfo.InvariantCulture)
            : size.ToString("0.00E+0", CultureInfo.InvariantCulture);
        if (!leadingZero && text.StartsWith("0.", StringComparison.Ordinal)) text = text[1..];
        // A negative number that rounds to zero is printed as zero, without a sign.
        return value < 0 && text.AsSpan().ContainsAnyInRange('1', '9') ? "−" + text : text;
    }

    /// <summary>A probability: <c>.032</c>, or <c>&lt; .001</c>. Put <c>p</c> before it with <see cref="PValueWithSymbol"/>.</summary>
    public static string PValue(double p) => p < 0.001 ? "< .001" : Number(p, 3, leadingZero: false);

    /// <summary>A probability with its symbol: <c>p = .032</c> or <c>p &lt; .001</c>.</summary>
    public static string PValueWithSymbol(double p) => p < 0.001 ? "p < .001" : $"p = {PValue(p)}";

    /// <summary>Degrees of freedom: whole ones without decimals, others with one, those below 0.05 with a significant digit so that they do not print as 0.0.</summary>
    /// <param name="degreesOfFreedom">The degrees of freedom, positive.</param>
    public static string DegreesOfFreedom(double degreesOfFreedom) => degreesOfFreedom is > 0 and < 0.05
        ? Significant(degreesOfFreedom, 1)
        : Number(degreesOfFreedom, degreesOfFreedom == Math.Floor(degreesOfFreedom) ? 0 : 1);

    /// <summary>A fraction as a percentage: 0.617 becomes <c>61.7%</c>.</summary>
    public static string Percent(double fraction, int digits = 1) => Number(100 * fraction, digits) + "%";

    /// <summary>
    /// A share as a percentage that is 0% or 100% only where the share is none or all: with one decimal, more where it lies closer, and beyond a thousandth of a percent as <c>&lt; 0.001%</c> or <c>&gt; 99.999%</c>, as p-values are.
    /// </summary>
    /// <param name="fraction">The share as a fraction; of a difference of shares it can be negative.</param>
    public static string Share(double fraction)
    {
        var nearest = Math.Round(fraction);
        if (fraction == nearest) return Percent(fraction);
        for (var digits = 1; digits <= 3; digits++)
        {
            if (Percent(fraction, digits) is var text && text != Percent(nearest, digits)) return text;
        }
        return (fraction > nearest ? "< " : "> ") + (nearest == 0 ? Percent(fraction > 0 ? 0.00001 : -0.00001, 3) : Percent(nearest > 0 ? 0.99999 : -0.99999, 3));
    }

    /// <summary>The level of an interval with the decimals it has: 0.95 becomes <c>95%</c>, 0.999 becomes <c>99.9%</c>.</summary>
    /// <param name="level">The level as a fraction.</param>
    public static string Level(double level) => Math.Round(100 * level, 6).ToString(CultureInfo.InvariantCulture) + "%";

    /// <summary>A number with as many decimals as show so many significant digits, for quantities of any size such as tau squared.</summary>
    /// <param name="value">The number.</param>
    /// <param name="significant">Significant digits, 1 to 15.</param>
    public static string Significant(double value, int significant = 4)
    {
        if (value == 0 || !double.IsFinite(value)) return Number(value, 0);
        var magnitude = (int)Math.Floor(Math.Log10(Math.Abs(value)));
        if (magnitude is > 9 or < -9)
        {
            return value.ToString("0." + new string('#', significant - 1) + "E+0", CultureInfo.InvariantCulture).Replace('-', '−');
        }
        return Number(value, Math.Clamp(significant - 1 - magnitude, 0, 15));
    }

    /// <summary>A whole number with thousands separators: <c>6,138</c>.</summary>
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A whole number with what it counts: <c>1 cluster</c>, <c>82 clusters</c>.</summary>
    /// <param name="value">The number.</param>
    /// <param name="one">What is counted, for one.</param>
    /// <param name="several">The same for none or several; with an s behind it if not said.</param>
    public static string Count(long value, string one, string? several = null) => Count(value) + " " + (value == 1 ? one : several ?? one + "s");
}
