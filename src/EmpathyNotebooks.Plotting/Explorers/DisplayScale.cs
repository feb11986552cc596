using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>How the script goes from the scale that is pooled to the one a reader knows.</summary>
internal static class DisplayScale
{
    /// <summary>A measure as the script reads it.</summary>
    public static object Describe(EffectMeasure measure, int digits) => new
    {
        display = NameOf(measure),
        symbol = measure.Symbol,
        leadingZero = measure.HasLeadingZero,
        isRatio = IsRatio(measure),
        size = measure.Size,
        digits,
    };

    /// <summary>True where an axis is divided by ratios.</summary>
    public static bool IsRatio(EffectMeasure measure) => measure.AxisSpacing == AxisSpacing.Logarithmic;

    /// <summary>The name of the function in texts.js that does what <see cref="EffectMeasure.ToDisplay"/> does.</summary>
    public static string NameOf(EffectMeasure measure) => measure.Code switch
    {
        _ when !measure.IsTransformed => "identity",
        _ when IsRatio(measure) => "exp",
        "ZCOR" or "ZPCOR" or "ZSPCOR" => "tanh",
        "PFT" when measure.Size is not null => "doubleArcsine",
        "IRFT" when measure.Size is not null => "freemanTukeyRate",
        "ZR2" => "squaredTanh",
        "PLN" => "expUpTo1",
        "PLO" => "logistic",
        "PAS" or "PFT" => "squaredSine",
        "IRS" or "IRFT" => "positiveSquare",
        "AHW" => "hakstianWhalen",
        "ABT" => "bonett",
        _ => throw new NotSupportedException($"Explorers do not know how {measure} is shown."),
    };
}
