namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// A sum of whole multiples of 2⁻⁶⁰. Each number is rounded once, to a unit far below the precision of a double near 1, and then added without any rounding: the sum is the same in whatever order and parts
/// it is made, which sums of doubles are not.
/// </summary>
internal static class ExactSum
{
    private const double Units = 1L << 60;

    /// <summary>The number in units.</summary>
    public static Int128 Of(double value) => (Int128)Math.Round(value * Units);

    /// <summary>The sum as a number.</summary>
    public static double Value(Int128 units) => (double)units / Units;
}
