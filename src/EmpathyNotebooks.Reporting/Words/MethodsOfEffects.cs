using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>On which scale effects were pooled, with the source of the measure.</summary>
internal static class MethodsOfEffects
{
    public static string Of(EffectMeasure measure, PassageWriter writer)
    {
        var noun = ApaText.Noun(measure);
        return measure.Code switch
        {
            "ZCOR" => $"Correlations were pooled as Fisher's z{writer.Cite("fisher1921")} and transformed back to r for display.",
            "COR" => $"Correlations were pooled as they are, without a transformation{writer.Cite("hedges1985")}.",
            "UCOR" => $"Correlations were corrected for their bias in small samples{writer.Cite("olkin1958")} and pooled on the scale of r.",
            "SMD" => $"Effects were standardized mean differences with the correction for small samples{writer.Cite("hedges1981")}.",
            "SMDH" => $"Effects were standardized mean differences that allow for unequal variances{writer.Cite("bonett2008")}.",
            "SMCC" or "SMCR" or "SMCRH" or "SMCRP" or "SMCRPH" => $"Effects were {Plural(noun)}{writer.Cite("becker1988")}.",
            "ROM" or "ROMC" => $"Ratios of means were pooled as their logarithms{writer.Cite("hedges1999")} and transformed back for display.",
            "VR" or "CVR" or "VRC" or "CVRC" or "SDLN" or "CVLN" => $"{ApaText.Capital(Plural(noun))} were pooled as their logarithms{writer.Cite("nakagawa2015")} and transformed back for display.",
            "PFT" => $"Proportions were pooled as their Freeman-Tukey double arcsine{writer.Cite("freeman1950")} and transformed back for display ({measure.DisplayNote}).",
            "D2ORN" or "D2ORL" or "OR2DN" or "OR2DL" => $"{ApaText.Capital(Plural(noun))} were converted from the other scale{writer.Cite("hasselblad1995")}.",
            "ABT" => $"Values of Cronbach's alpha were pooled as Bonett's transformation{writer.Cite("bonett2002")} and transformed back for display.",
            "PETO" => $"Effects were log odds ratios by the method of Peto{writer.Cite("yusuf1985")}, transformed back for display.",
            "GEN" => "Effects and their sampling variances were analysed as they were given.",
            _ when measure.IsTransformed => $"{ApaText.Capital(Plural(noun))} were pooled on the scale of {measure.AnalysisSymbol} and transformed back for display.",
            _ => $"Effects were {Plural(noun)} ({measure.Symbol}).",
        };
    }

    private static string Plural(string noun) => noun.EndsWith("ratio of means", StringComparison.Ordinal) ? "ratios of means" : noun.Contains(" of ", StringComparison.Ordinal) || noun.EndsWith("alpha", StringComparison.Ordinal) || noun.EndsWith("delta", StringComparison.Ordinal)
        ? "values of " + noun : noun.EndsWith('y') ? noun[..^1] + "ies" : noun.EndsWith('s') ? noun : noun + "s";
}
