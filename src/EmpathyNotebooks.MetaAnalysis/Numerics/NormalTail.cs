namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Upper tails of the standard normal distribution on the logarithmic scale, as selection by significance needs them: exact to the last digits also where the tail itself is below the smallest double.
/// </summary>
internal static class NormalTail
{
    private const double LogRootTwoPi = 0.91893853320467274178;

    /// <summary>From here on the continued fraction has all digits with the terms taken.</summary>
    private const double Far = 4;

    /// <summary>ln Φ(-x).</summary>
    public static double LogUpper(double x) => x switch
    {
        < -1 => LogOfOnePlus(-Distributions.NormalCumulative(x)),
        < Far => Math.Log(Distributions.NormalCumulative(-x)),
        _ => -x * x / 2 - LogRootTwoPi + Math.Log(MillsRatio(x)),
    };

    /// <summary>ln Φ(x).</summary>
    public static double LogLower(double x) => LogUpper(-x);

    /// <summary>ln Φ(x) with φ(x)/Φ(x), for little more than the cost of one.</summary>
    public static double LogLower(double x, out double hazard)
    {
        if (x <= -Far)
        {
            var ratio = MillsRatio(-x);
            hazard = 1 / ratio;
            return -x * x / 2 - LogRootTwoPi + Math.Log(ratio);
        }
        if (x > 1)
        {
            var rest = Distributions.NormalCumulative(-x);
            hazard = Density(x) / (1 - rest);
            return LogOfOnePlus(-rest);
        }
        var below = Distributions.NormalCumulative(x);
        hazard = Density(x) / below;
        return Math.Log(below);
    }

    /// <summary>φ(x)/Φ(-x), the hazard: near 0 far below, near x far above.</summary>
    public static double Hazard(double x) => x < Far ? Density(x) / Distributions.NormalCumulative(-x) : 1 / MillsRatio(x);

    /// <summary>φ(x).</summary>
    public static double Density(double x) => Math.Exp(-x * x / 2 - LogRootTwoPi);

    /// <summary>ln φ(x).</summary>
    public static double LogDensity(double x) => -x * x / 2 - LogRootTwoPi;

    /// <summary>ln(Φ(-far)/Φ(-near)) for far ≥ near: the logarithm of a p-value within the tail that starts at near. 0 where they are the same, and precise where both tails are tiny.</summary>
    public static double LogRatio(double far, double near) => near < Far
        ? LogUpper(far) - LogUpper(near)
        // The squares of two large numbers nearly cancel: their difference is taken as a product.
        : -(far - near) * (far + near) / 2 + Math.Log(MillsRatio(far) / MillsRatio(near));

    /// <summary>Φ(-x)/φ(x) by the continued fraction 1/(x + 1/(x + 2/(x + 3/...))).</summary>
    private static double MillsRatio(double x)
    {
        if (double.IsPositiveInfinity(x)) return 0;
        var tail = x;
        for (var i = x > 20 ? 8 : 26; i > 0; i--) tail = x + i / tail;
        return 1 / tail;
    }

    /// <summary>ln(1 + x) with all digits where x is small.</summary>
    private static double LogOfOnePlus(double x)
    {
        var sum = 1 + x;
        return sum == 1 ? x : Math.Log(sum) * (x / (sum - 1));
    }
}
