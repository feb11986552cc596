namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The correction of one correlation by known artifacts, with its way back.</summary>
/// <param name="Restriction">How the range was restricted.</param>
/// <param name="Qx">√rxx: with direct restriction in the whole range, else in the sample.</param>
/// <param name="Qy">√ryy in the sample.</param>
/// <param name="U">With direct restriction u of observed scores, with indirect uT of true scores; else 1.</param>
internal readonly record struct Correction(RangeRestrictionKind Restriction, double Qx, double Qy, double U)
{
    /// <summary>The correlation in the sample without error of all that selection did not act on.</summary>
    private double Selected(double r) => Restriction == RangeRestrictionKind.Direct ? r / Qy : r / (Qx * Qy);

    private double Inner(double r) => Restriction == RangeRestrictionKind.None ? 1 : RangeFormulas.Inner(Selected(r), U);

    /// <summary>False where no correlation of the whole range gives r.</summary>
    public bool IsDefinedAt(double r) => Inner(r) > 0;

    public double Correct(double r) => r / Factor(r);

    /// <summary>What r is over the corrected correlation, the compound attenuation factor A; by its formula, so that it is right at r = 0 too.</summary>
    public double Factor(double r) => Qx * Qy * (Restriction == RangeRestrictionKind.None ? 1 : U) * Math.Sqrt(Inner(r));

    /// <summary>The derivative of <see cref="Correct"/>.</summary>
    public double Slope(double r) => 1 / (Factor(r) * Inner(r));

    /// <summary>The refinement of the sampling variance of a correlation corrected for its range, a = 1/(1 + r²(1/u² - 1)), by the r observed (Schmidt &amp; Hunter 2015, ch. 3).</summary>
    public double Refinement(double r) => Restriction == RangeRestrictionKind.None ? 1 : 1 / RangeFormulas.Inner(r, U);

    public double Attenuate(double rho) => Restriction switch
    {
        RangeRestrictionKind.Direct => RangeFormulas.Restrict(rho * Qx, U) * Qy,
        RangeRestrictionKind.Indirect => RangeFormulas.Restrict(rho, U) * Qx * Qy,
        _ => rho * Qx * Qy,
    };
}
