namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The tests of Breslow-Day and Tarone that all odds ratios are equal: each table against the one with its margins and the common odds ratio.
/// </summary>
internal static class BreslowDayTest
{
    /// <summary>Both null with fewer than two informative tables, or where the common odds ratio leaves the range of numbers.</summary>
    public static (ChiSquaredTest? BreslowDay, ChiSquaredTest? Tarone) Of(IReadOnlyList<LabelledTable> tables, double oddsRatio)
    {
        if (!(oddsRatio > 0) || !double.IsFinite(oddsRatio)) return (null, null);
        double statistic = 0, difference = 0, variance = 0;
        var informative = 0;
        foreach (var (_, t) in tables)
        {
            if (t.IsUninformative) continue;
            informative++;
            var (d, v) = Expected(t, oddsRatio);
            statistic += d * d / v;
            difference += d;
            variance += v;
        }
        if (informative < 2 || !double.IsFinite(statistic) || !(variance > 0)) return (null, null);
        return (ChiSquaredTest.Of(statistic, informative - 1),
            ChiSquaredTest.Of(Math.Max(0, statistic - difference * difference / variance), informative - 1));
    }

    /// <summary>
    /// How far the first cell is from the fitted one, and its variance 1/Σ(1/cell). In a lopsided table a cell got as a margin less another one has no
    /// digits left, so each is solved for by itself, and the distance is taken where the fitted cell is smallest: it is the same in all four but for the sign.
    /// </summary>
    private static (double Difference, double Variance) Expected(TwoByTwo t, double oddsRatio)
    {
        var a = FittedFirst(t, oddsRatio);
        var b = FittedFirst(t.SwapOutcomes(), 1 / oddsRatio);
        var c = FittedFirst(t.SwapGroups(), 1 / oddsRatio);
        var d = FittedFirst(t.SwapGroups().SwapOutcomes(), oddsRatio);
        var smallest = Math.Min(Math.Min(a, b), Math.Min(c, d));
        var difference = smallest == a ? t.A - a : smallest == b ? b - t.B : smallest == c ? c - t.C : t.D - d;
        return (difference, 1 / (1 / a + 1 / b + 1 / c + 1 / d));
    }

    /// <summary>
    /// The first cell that has this odds ratio ψ with the margins of the table, from (ψ - 1)a² - La + n₁eψ = 0 with L = ψ(n₁ + e) + n₂ - e. All terms under
    /// the root are positive, and of the two forms of the solution the one is taken that subtracts nothing.
    /// </summary>
    private static double FittedFirst(TwoByTwo t, double oddsRatio)
    {
        double n1 = t.N1, n2 = t.N2, e = t.Events;
        var linear = oddsRatio * (n1 + e) + (n2 - e);
        double left = oddsRatio * (n1 - e), right = n2 - e;
        var root = Math.Sqrt(left * left + right * right + 2 * oddsRatio * (n1 * n2 + e * t.NonEvents));
        return linear >= 0 ? 2 * n1 * oddsRatio * e / (linear + root) : (root - linear) / (2 * (1 - oddsRatio));
    }
}
