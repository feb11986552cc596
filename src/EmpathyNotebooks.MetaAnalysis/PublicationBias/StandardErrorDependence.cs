namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Measures whose standard error depends on the effect itself, so that a funnel leans without any bias: tests of asymmetry err too often, and corrections by the standard error correct what is no bias.
/// </summary>
internal static class StandardErrorDependence
{
    /// <summary>What a careful reader should know about a regression on standard errors, or weights made of them, with this measure; null where the measure has no such dependence, or it is not known.</summary>
    public static string? Warning(EffectMeasure measure) => measure.Code switch
    {
        "COR" or "UCOR" or "PCOR" or "SPCOR" or "ZSPCOR" or "RPB" or "RBIS" or "PHI" or "RTET" or "YUQ" or "YUY" or "R2" => Text(measure, "pool Fisher's z, or take 1/√n in place of the standard error"),
        "SMD" or "SMDH" or "SMD1" or "SMD1H" or "SMCC" or "SMCR" or "SMCRH" or "SMCRP" or "SMCRPH" or "SMN" or "OR2DN" or "OR2DL" or "D2ORN" or "D2ORL" or "PBIT" or "RBISZ" =>
            Text(measure, "take √(1/n₁ + 1/n₂) or 1/√n in place of the standard error (Pustejovsky & Rodgers 2019, Research Synthesis Methods 10, 57-71)"),
        "OR" or "RR" or "RD" or "PETO" or "MPRR" or "MPOR" or "MPRD" or "MPORC" or "MPPETO" or "IRR" or "IRD" =>
            Text(measure, "take tests made for counts (Harbord's, Peters', Rücker's), 1/n in place of the standard error, or arcsine differences (Rücker, Schwarzer & Carpenter 2008, Statistics in Medicine 27, 746-763)"),
        "PR" or "PLN" or "PLO" or "IR" or "IRLN" => Text(measure, "take a transformation that steadies the variance, such as the arcsine or the square root"),
        _ => null,
    };

    private static string Text(EffectMeasure measure, string better) =>
        $"The standard error of {measure.Name} ({measure.Code}) depends on the effect itself, so that effects and standard errors go together without any bias, and small-study effects are found too often. Better: {better}.";
}
