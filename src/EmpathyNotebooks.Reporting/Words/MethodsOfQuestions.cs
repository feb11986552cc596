using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>The methods of further questions, each with its source.</summary>
internal static class MethodsOfQuestions
{
    /// <summary>A sentence, or null where the methods of the model have said it.</summary>
    public static string? Of(string question, Inquiry inquiry, PassageWriter writer) => question switch
    {
        "subgroups" => $"Subgroups by {inquiry.Said.Text("--subgroup")} were compared by a test between their means{writer.Cite("borenstein2009")}, with {(inquiry.Said.Has("--common-tau") ? "one variance of true effects for all groups" : "variances of true effects of their own")}.",
        "Henmi-Copas" => $"The interval of {writer.Named("henmi2010")} stands beside that of the model.",
        "share beyond a cut-off" => $"The share of true effects beyond a cut-off was estimated{writer.Cite("mathur2019")}.",
        "Bayesian model" => $"A Bayesian random-effects model{writer.Cite("rover2020")} was fitted beside, with {(inquiry.Said.Has("--prior-tau") ? "a prior of τ that was chosen" : Prior(inquiry.Measure, writer))}; Bayes factors are read by the bounds of {writer.Named("jeffreys1961")}.",
        "cumulative" => $"A cumulative meta-analysis added one study after the other{writer.Cite("lau1992")}.",
        "predicted true effects" => $"True effects of the studies were predicted by empirical Bayes{writer.Cite("raudenbush1985")}.",
        "Egger's regression" => $"Asymmetry of the funnel was tested by Egger's regression{(inquiry.Fit?.Clusters is null ? writer.Cite("egger1997", "sterne2005") : writer.Cite("egger1997", "rodgers2021") + ", with cluster-robust standard errors")}.",
        "Begg and Mazumdar's rank test" => $"The rank correlation of effects with their variances was tested{writer.Cite("begg1994")}.",
        "tests of asymmetry by counts and group sizes" => $"Tests of asymmetry that use counts or group sizes were added{writer.Cite("harbord2006", "peters2006")}.",
        "trim and fill" => $"Missing studies were estimated by trim and fill{writer.Cite("duval2000")}.",
        "fail-safe N" => $"Fail-safe numbers were computed{writer.Cite("rosenthal1979", "orwin1983", "rosenberg2005")}.",
        "PET-PEESE" => $"The mean was adjusted for small-study effects by PET-PEESE{writer.Cite("stanley2014")}.",
        "mean by precision alone (UWLS)" => inquiry.Fit?.Clusters is null ? $"The mean was weighted by precision alone{writer.Cite("stanley2015")}." : "The mean was weighted by the inverse of the sampling covariances alone.",
        "weighted average of the adequately powered (WAAP)" => $"The mean of adequately powered studies was computed{writer.Cite("stanley2017")}.",
        "limit meta-analysis" => $"A limit meta-analysis was computed{writer.Cite("rucker2011")}.",
        "sensitivity to selection of affirmative results (Mathur-VanderWeele)" => $"Sensitivity to a selection of affirmative results was computed{writer.Cite("mathur2020")}.",
        "excess significance" => $"The number of significant results was compared with the one expected{writer.Cite("ioannidis2007")}.",
        "selection models" when inquiry.Fit is not SelectionFit => $"Selection models were fitted{writer.Cite("hedges1992", "vevea1995", "vevea2005", "citkowicz2017", "mcshane2016")}.",
        "p-curve" => $"The p-curve of significant results was computed, with the power it suggests{writer.Cite("simonsohn2014", "simonsohn2014b")}.",
        "p-uniform" => $"The mean was estimated from significant results by p-uniform{writer.Cite("vanassen2015", "vanaert2016")}.",
        "p-uniform*" => $"The mean was estimated by p-uniform*{writer.Cite("vanaert2018")}.",
        "z-curve" => $"Rates of replication and discovery were estimated by z-curve{writer.Cite("brunner2020", "bartos2022")}.",
        "Copas selection model" => $"The selection model of {writer.Named("copas2000")} was fitted.",
        "model-averaged bias adjustment (RoBMA)" => $"Bayesian models with and without an effect, heterogeneity and publication bias were averaged{writer.Cite("maier2023", "bartos2023")}.",
        "subsets of studies (GOSH)" => $"The model was fitted to subsets of the studies{writer.Cite("olkin2012")}.",
        "permutation test" => inquiry.Fit?.Moderators is null ? $"The mean was tested by permutation{writer.Cite("follmann1999")}." : $"Moderators were tested by permutation{writer.Cite("higgins2004")}.",
        "bootstrap" => $"Intervals were computed by bootstrap{writer.Cite("efron1993", "diciccio1996")}.",
        "power" => $"Power was computed for an effect of interest{(inquiry.Fit?.Moderators is null ? writer.Cite("hedges2001", "jackson2017b") : writer.Cite("hedges2004"))}.",
        "battery of analyses" => $"Analyses that reviews report were run side by side on the same effects{writer.Cite("harrer2022")}.",
        "multiverse" => $"All defensible analyses were run as a multiverse{writer.Cite("steegen2016", "voracek2019")}.",
        "psychometric meta-analysis" => $"A psychometric meta-analysis was computed{writer.Cite("schmidt2015")}.",
        "what the effect means" => Meaning(inquiry.Measure, writer),
        _ => null,
    };

    /// <summary>Where the default of τ comes from: the distribution of heterogeneity in psychology, or a weakly informative one for log ratios.</summary>
    private static string Prior(EffectMeasure measure, PassageWriter writer) => DefaultPriors.Of(measure).Heterogeneity?.ToString().StartsWith("inverse-gamma", StringComparison.Ordinal) == true
        ? $"the inverse-gamma prior of τ that describes heterogeneity in psychology{writer.Cite("gronau2017", "bartos2023")}" : $"a weakly informative half-normal prior of τ{writer.Cite("rover2021")}";

    private static string Meaning(EffectMeasure measure, PassageWriter writer) => measure.Code switch
    {
        "SMD" or "SMDH" or "SMD1" or "SMD1H" or "OR2DN" or "OR2DL" or "PBIT" => $"Effects were translated to common-language effect sizes{writer.Cite("mcgraw1992")} and numbers needed to treat{writer.Cite("kraemer2006", "furukawa2011")}.",
        "OR" or "PETO" or "D2ORN" or "D2ORL" => $"Odds ratios were translated to rates and to differences of a normal outcome{writer.Cite("hasselblad1995")}.",
        "RR" or "RD" => "Effects were translated to rates at a base rate.",
        _ => $"Correlations were translated to common-language effect sizes{writer.Cite("mcgraw1992")} and to a binomial display{writer.Cite("rosenthal1982")}.",
    };
}
