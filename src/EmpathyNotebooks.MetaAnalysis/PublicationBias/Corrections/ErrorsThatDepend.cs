namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Which measures have standard errors that depend on the effect itself, so that small studies differ from large ones without any bias.</summary>
internal static class ErrorsThatDepend
{
    /// <summary>What a careful reader should know about a regression on standard errors, or weights made of them, with this measure; null where nothing.</summary>
    public static string? Warning(EffectMeasure measure) => measure.Code switch
    {
        "COR" or "UCOR" or "PCOR" or "SPCOR" or "RPB" or "PHI" or "RTET" or "YUQ" or "YUY" or "RBIS" => Text(measure, "pool Fisher's z"),
        "SMD" or "SMDH" or "SMD1" or "SMD1H" or "SMCC" or "SMCR" or "SMCRH" or "SMCRP" or "SMCRPH" or "SMN" or "OR2DN" or "OR2DL" or "PBIT" or "RBISZ" =>
            Text(measure, "take √(1/n₁ + 1/n₂) as the standard error on which effects are regressed (Pustejovsky & Rodgers 2019, Research Synthesis Methods 10, 57-71)"),
        "OR" or "RR" or "RD" or "PETO" or "D2ORN" or "D2ORL" or "MPRR" or "MPOR" or "MPRD" or "MPORC" or "MPPETO" or "IRR" or "IRD" =>
            Text(measure, "take tests made for two-by-two tables, or arcsine differences (Rücker, Schwarzer & Carpenter 2008, Statistics in Medicine 27, 746-763)"),
        "PR" or "PLN" or "PLO" or "IR" or "IRLN" => Text(measure, "take a transformation that steadies the variance, such as the arcsine or the square root"),
        _ => null,
    };

    private static string Text(EffectMeasure measure, string better) =>
        $"The standard error of this measure ({measure.Name}) depends on the effect itself, so that effects and standard errors go together without any bias. Better: {better}.";
}
