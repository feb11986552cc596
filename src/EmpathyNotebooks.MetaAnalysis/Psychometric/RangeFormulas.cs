namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>How correlations and reliabilities go from a restricted range to the whole one and back. The letters are those of the field: qx = √rxx, u of observed scores, uT of true scores, i in the sample, a in the population.</summary>
internal static class RangeFormulas
{
    /// <summary>r in the whole range from that in a range restricted on the variable itself: r/(u√(1 + r²(1/u² - 1))).</summary>
    public static double Unrestrict(double r, double u) => r / (u * Math.Sqrt(Inner(r, u)));

    /// <summary>The way back: ur/√(1 + r²(u² - 1)).</summary>
    public static double Restrict(double r, double u) => u * r / Math.Sqrt((u * u - 1) * r * r + 1);

    /// <summary>1 + r²(1/u² - 1); not positive where no correlation of the whole range gives r, as can be with u above 1.</summary>
    public static double Inner(double r, double u) => (1 / (u * u) - 1) * r * r + 1;

    /// <summary>The reliability of the predictor in the whole range from that in the sample: 1 - u²(1 - rxx), since error variance is not restricted.</summary>
    public static double UnrestrictReliability(double rxxi, double u) => 1 - u * u * (1 - rxxi);

    /// <summary>uT², the ratio of variances of true scores; not positive where u and rxx contradict each other.</summary>
    public static double TrueRatioSquared(double u, double rxxi) => rxxi * u * u / (1 + rxxi * u * u - u * u);

    /// <summary>The derivative of uT by u.</summary>
    public static double TrueRatioSlope(double u, double rxxi)
    {
        var rest = (rxxi - 1) * u * u + 1;
        return rxxi * u / (Math.Sqrt(rxxi * u * u / rest) * rest * rest);
    }

    /// <summary>The reliability of the outcome in the whole range, where selection on the other variable restricts it: 1 - (1 - ryy)/(1 - r²(1 - 1/u²)), r the correlation in the sample with what was selected on.</summary>
    public static double UnrestrictOutcome(double ryyi, double r, double u) => 1 - (1 - ryyi) / (1 - r * r * (1 - 1 / (u * u)));
}
