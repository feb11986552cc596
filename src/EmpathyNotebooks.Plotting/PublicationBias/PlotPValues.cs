using EmpathyNotebooks.MetaAnalysis;
using MathNet.Numerics.Distributions;

namespace EmpathyNotebooks.Plotting;

/// <summary>p-values of studies by z = y/√v, as the methods that look at significance take them.</summary>
internal static class PlotPValues
{
    public static double TwoSided(double effect, double standardError) => 2 * Normal.CDF(0, 1, -Math.Abs(effect) / standardError);

    /// <summary>The p-value of the side that is selected: small where the result is far on that side.</summary>
    public static double OfSide(double effect, double standardError, Alternative side) => side switch
    {
        Alternative.Greater => Normal.CDF(0, 1, -effect / standardError),
        Alternative.Less => Normal.CDF(0, 1, effect / standardError),
        _ => TwoSided(effect, standardError),
    };
}
