using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data;

/// <summary>What the values of a column must be like for a name to mean what it seems to.</summary>
internal enum SlotValues
{
    /// <summary>Numbers.</summary>
    Numbers,

    /// <summary>Whole numbers of 0 or more.</summary>
    Counts,

    /// <summary>Numbers below 1.</summary>
    BelowOne,
}

/// <summary>A column that a recogniser looks for.</summary>
/// <param name="Key">What the ways call it.</param>
/// <param name="Names">Its names, in letters and digits of lower case.</param>
/// <param name="Values">What its values must be like.</param>
internal sealed record Slot(string Key, IReadOnlyList<string> Names, SlotValues Values = SlotValues.Numbers);

/// <summary>One way to read the columns: a measure, and the slot behind each ingredient.</summary>
/// <param name="Measure">The measure's code.</param>
/// <param name="Ingredients">Ingredient and slot; a slot alone where both have one name.</param>
internal sealed record Way(string Measure, params string[] Ingredients);

/// <summary>One kind of table: its columns, and the ways to read them.</summary>
/// <param name="Meaning">What the columns are, in words.</param>
/// <param name="Slots">The columns; all must be there.</param>
/// <param name="Ways">The ways to read them, the usual one first.</param>
internal sealed record Recogniser(string Meaning, IReadOnlyList<Slot> Slots, params IReadOnlyList<Way> Ways)
{
    /// <summary>Why the reader must choose a way himself; empty where the first is what a careful reader takes.</summary>
    public string Doubt { get; init; } = "";

    /// <summary>True where estimates and limits of intervals are on the scale shown, such as ratios.</summary>
    public bool AsShown { get; init; }

    /// <summary>What the columns together must be like.</summary>
    public Func<StudyTable, IReadOnlyDictionary<string, string>, bool> Holds { get; init; } = static (_, _) => true;
}

/// <summary>Every kind of table that is recognised by the names of its columns; one row a kind.</summary>
internal static class Recognisers
{
    private static readonly string[] Mean = ["mean", "m", "avg", "average"];
    private static readonly string[] Sd = ["sd", "s", "std", "stdev", "stddev"];
    private static readonly string[] Size = ["n", "total", "size", "samplesize", "sampsize", "samplen", "sampn", "nsample", "ntotal", "ntot", "nobs", "participants", "patients", "subjects"];
    private static readonly string[] Events = ["event", "events", "ev", "e", "nevent", "nevents", "pos", "cases", "deaths", "responders", "successes"];
    private static readonly string[] Others = ["noevent", "noevents", "nonevent", "nonevents", "noev", "neg", "no", "none", "survivors", "failures"];
    private static readonly string[] Time = ["t", "time", "persontime", "py", "personyears", "pyears", "exposure"];
    private static readonly string[] OneSize = ["ni", "n", "samplesize", "total", "ntotal", "totaln", "nobs", "size", "samplen", "ntot", "totn", "sampsize", "sampn", "nsample", "ssize", "totalsample", "totalsamplesize", "nsize", "sampletotal"];
    private static readonly string[] Correlation = ["ri", "r", "cor", "corr", "correlation", "pearson", "pearsonr", "rxy", "rvalue", "zeroorderr", "pearsonsr", "pearsoncorrelation", "correlationcoefficient", "corrcoef", "corcoef", "rcoefficient"];
    private static readonly string[] Variance = ["vi", "v", "var", "variance", "samplingvariance", "esvar", "varianceeffect", "samplingvar", "sampvar", "errorvariance", "errorvar", "samplingerrorvariance"];
    private static readonly string[] Error = ["sei", "se", "stderr", "standarderror", "sete", "esse", "stderror", "seeffect", "givse", "sterr", "serror", "standarderr", "stde"];
    private static readonly string[] Generic = ["yi", "y", "effect", "es", "estimate", "est", "effectsize", "te", "b", "beta", "coef", "coefficient", "pointestimate", "givmean", "effectestimate", "effsize", "esize", "effectsizeestimate"];

    private static readonly string[] Lower = ["lower", "low", "lb", "ll", "lo", "lcl", "lci", "lcb", "cilower", "cilow", "cilb", "cill", "cil", "lowerci", "lower95", "l95", "lcl95", "ci95lower", "cilower95",
        "lowerci95", "lower95ci", "ci95low", "lowerlimit", "lowerbound", "ci95l", "ciinf", "inf"];
    private static readonly string[] Upper = ["upper", "upp", "ub", "ul", "up", "ucl", "uci", "ucb", "ciupper", "ciupp", "ciub", "ciul", "ciu", "upperci", "upper95", "u95", "ucl95", "ci95upper", "ciupper95",
        "upperci95", "upper95ci", "ci95upp", "upperlimit", "upperbound", "ci95u", "cisup", "sup", "high", "hi", "cihigh", "hcl"];

    /// <summary>Every kind, those with more columns first; of two that read the same measure the earlier one is taken.</summary>
    public static IReadOnlyList<Recogniser> All { get; } =
    [
        .. ColumnNames.Groups.SelectMany(g => TwoGroups(g.One, g.Two)),
        new("cells of two-by-two tables", Letters("ai", "bi", "ci", "di", SlotValues.Counts), Tables("ai", "bi", "ci", "di")),
        new("cells of two-by-two tables", [Count("ai", "a"), Count("bi", "b"), Count("ci", "c"), Count("di", "d")], Tables("ai", "bi", "ci", "di")),
        new("true and false positives and negatives of a diagnostic test", [Count("tp", "tp", "truepositive", "truepositives", "truepos"), Count("fp", "fp", "falsepositive", "falsepositives", "falsepos"),
            Count("fn", "fn", "falsenegative", "falsenegatives", "falseneg"), Count("tn", "tn", "truenegative", "truenegatives", "trueneg")],
            new Way("OR", "ai=tp", "bi=fn", "ci=fp", "di=tn"), new Way("PLO", "xi=tp", "mi=fn"), new Way("PLO", "xi=tn", "mi=fp"))
            { Doubt = "pooling sensitivity and specificity together (bivariate or HSROC models) is not supported; what can be pooled are the diagnostic odds ratio, the sensitivity alone, or the specificity alone" },
        Change("m_post", "sd_post", "m_pre", "sd_pre"),
        new("Cronbach's alpha with numbers of items and people", [new("ai", ["alpha", "cronbachalpha", "cronbachsalpha", "alphai", "rel", "reliability"], SlotValues.BelowOne),
            Count("mi", "k", "items", "nitems", "numitems", "mi"), Count("ni", OneSize)], new Way("ABT", "ai", "mi", "ni"), new Way("AHW", "ai", "mi", "ni"), new Way("ARAW", "ai", "mi", "ni")),
        new("means of one group", [new("mi", ["mi", .. Mean]), new("sdi", ["sdi", .. Sd]), Count("ni", OneSize)], new Way("MN", "mi", "sdi", "ni"), new Way("MNLN", "mi", "sdi", "ni")),
        new("correlations with sample sizes and numbers of predictors", [new("ri", Correlation), new("ni", OneSize), Count("mi", "mi", "npred", "predictors", "npredictors")],
            new Way("PCOR", "ri", "ni", "mi"), new Way("ZCOR", "ri", "ni")) { Doubt = "with numbers of predictors they may be partial correlations, or plain ones with the predictors for information" },
        new("correlations with sample sizes", [new("ri", Correlation), new("ni", OneSize)],
            new Way("ZCOR", "ri", "ni"), new Way("COR", "ri", "ni"), new Way("UCOR", "ri", "ni")),
        new("events of one group", [Count("xi", "xi", "x", "events", "event", "cases", "successes", "numerator"), Count("ni", [.. OneSize, "denominator"])],
            new Way("PLO", "xi", "ni"), new Way("PFT", "xi", "ni"), new Way("PAS", "xi", "ni"), new Way("PR", "xi", "ni"))
            { Holds = (table, columns) => table.NoneAbove(columns["xi"], columns["ni"]) },
        new("events of one group with their person-time", [Count("xi", "xi", "x", "events", "event", "cases"), new("ti", ["ti", .. Time])], new Way("IRLN", "xi", "ti"), new Way("IR", "xi", "ti")),
        .. Given("Fisher's z", "ZCOR", ["zi", "fisherz", "fishersz", "zcor", "zr", "ztransformed"], ["z", "esz", "yiz", "zr"]),
        .. new[] { ("vi", Variance, "variances"), ("sei", Error, "standard errors") }.Select(s => new Recogniser($"z with {s.Item3}", [new("yi", ["z"]), new(s.Item1, s.Item2)],
            new Way("ZCOR", "yi", s.Item1), new Way("GEN", "yi", s.Item1)) { Doubt = "z may be Fisher's z of a correlation, or another effect" }),
        .. Given("log odds ratios", "OR", ["lor", "logor", "lnor", "logoddsratio", "logodds"], []),
        .. Given("log risk ratios", "RR", ["logrr", "lnrr", "logriskratio", "lrr"], []).Select(r => r with
            { Ways = [.. r.Ways, r.Ways[0] with { Measure = "ROM" }], Doubt = "the names may mean logarithms of risk ratios or of ratios of means (response ratios)" }),
        .. Given("log hazard ratios", "HR", ["loghr", "lnhr", "loghazardratio", "lhr"], []),
        .. Given("log rate ratios", "IRR", ["logirr", "lnirr", "lograteratio"], []),
        .. Given("standardized mean differences", "SMD", ["g", "gi", "hedgesg", "hedgessg", "hedgeg", "smd", "stddiffinmeans", "stdmeandiff", "stdmeandifference", "d", "cohend", "cohensd", "esg", "esd"], []),
        .. Given("mean differences", "MD", ["md", "meandiff", "meandifference"], []),
        .. Given("risk differences", "RD", ["rd", "riskdiff", "riskdifference"], []),
        .. Given("effects", "GEN", Generic, []),
        Interval("odds ratios", "OR", ["or", "oddsratio", "ors", "aor"]),
        Interval("risk ratios", "RR", ["rr", "riskratio", "relativerisk", "arr"]),
        Interval("hazard ratios", "HR", ["hr", "hazardratio", "ahr"]),
        Interval("rate ratios", "IRR", ["irr", "rateratio", "incidencerateratio"]),
        Interval("correlations", "ZCOR", ["r", "ri", "cor", "correlation"]),
        Interval("standardized mean differences", "SMD", ["g", "smd", "d", "hedgesg", "cohend", "cohensd"]),
        Interval("mean differences", "MD", ["md", "meandiff", "meandifference"]),
        Interval("risk differences", "RD", ["rd", "riskdiff", "riskdifference"]),
        Interval("effects", "GEN", Generic) with { Holds = (table, columns) => table.IsMiddle(columns, static x => x) || !table.IsMiddle(columns, Math.Log) },
        Interval("effects", "OR", Generic) with
        {
            Holds = (table, columns) => !table.IsMiddle(columns, static x => x) && table.IsMiddle(columns, Math.Log),
            Ways = [new Way("OR", "yi", "lower", "upper"), new Way("RR", "yi", "lower", "upper"), new Way("HR", "yi", "lower", "upper"), new Way("IRR", "yi", "lower", "upper")],
            Doubt = "the estimates lie in the middle of their intervals on the log scale, so they are ratios, and the names do not say which",
        },
    ];

    private static IEnumerable<Recogniser> TwoGroups(string[] one, string[] two)
    {
        Slot Of(string key, string[] words, string[] group, SlotValues values = SlotValues.Numbers) => new(key, ColumnNames.Both(words, group), values);
        string[] x = ["x", .. Events];
        yield return new("means of two groups", [Of("m1i", Mean, one), Of("sd1i", Sd, one), Of("n1i", Size, one), Of("m2i", Mean, two), Of("sd2i", Sd, two), Of("n2i", Size, two)],
            new Way("SMD", "m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i"), new Way("MD", "m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i"), new Way("ROM", "m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i"));
        yield return new("events of person-time in two groups", [Of("x1i", x, one, SlotValues.Counts), Of("t1i", Time, one), Of("x2i", x, two, SlotValues.Counts), Of("t2i", Time, two)],
            new Way("IRR", "x1i", "t1i", "x2i", "t2i"), new Way("IRD", "x1i", "t1i", "x2i", "t2i"));
        yield return new("events of totals in two groups", [Of("ai", x, one, SlotValues.Counts), Of("n1i", Size, one), Of("ci", x, two, SlotValues.Counts), Of("n2i", Size, two)],
            Tables("ai", "n1i", "ci", "n2i"));
        yield return new("cells of two-by-two tables", [Of("ai", x, one, SlotValues.Counts), Of("bi", Others, one, SlotValues.Counts), Of("ci", x, two, SlotValues.Counts), Of("di", Others, two, SlotValues.Counts)],
            Tables("ai", "bi", "ci", "di"));
    }

    private static Way[] Tables(params string[] ingredients) => [new("OR", ingredients), new("RR", ingredients), new("RD", ingredients)];

    private static Recogniser Change(string m1, string sd1, string m2, string sd2)
    {
        var (after, before) = ColumnNames.Occasions;
        string[] pair = [$"m1i={m1}", $"sd1i={sd1}", $"m2i={m2}", $"sd2i={sd2}", "ni", "ri"];
        return new("means before and after with their correlation", [new(m1, ColumnNames.Both(Mean, after)), new(sd1, ColumnNames.Both(Sd, after)), new(m2, ColumnNames.Both(Mean, before)),
            new(sd2, ColumnNames.Both(Sd, before)), Count("ni", OneSize), new("ri", ["ri", "r", "rprepost", "cor", "corr", "correlation", "rpp"])],
            new Way("SMCR", $"m1i={m1}", $"sd1i={sd2}", $"m2i={m2}", "ni", "ri"), new Way("SMCC", pair), new Way("MC", pair))
        {
            Doubt = "the change (after less before) can be standardized by the deviation before (SMCR), by that of the change (SMCC), or not at all (MC), and these are different effects",
        };
    }

    /// <summary>Effects as they are with variances, and with standard errors.</summary>
    /// <param name="meaning">What they are.</param>
    /// <param name="measure">The measure.</param>
    /// <param name="stems">Names of the effects; with them the spread may be called by any name.</param>
    /// <param name="only">Names of effects that mean this only where the spread is named after them, as z and vz.</param>
    private static IEnumerable<Recogniser> Given(string meaning, string measure, string[] stems, string[] only)
    {
        string[] all = [.. stems, .. only];
        foreach (var (key, words, what) in new[] { ("vi", Variance, "variances"), ("sei", Error, "standard errors") })
        {
            yield return new($"{meaning} with {what}", [new("yi", stems), new(key, [.. words, .. ColumnNames.Both(words, all)])], new Way(measure, "yi", key));
            if (only.Length > 0) yield return new($"{meaning} with {what}", [new("yi", only), new(key, ColumnNames.Both([.. words, .. (string[])(key == "vi" ? ["viz"] : ["sez"])], [.. only, "z"]))], new Way(measure, "yi", key));
        }
    }

    private static Recogniser Interval(string meaning, string measure, string[] stems) =>
        new($"{meaning} with the limits of their 95% intervals", [new("yi", stems), new("lower", [.. Lower, .. ColumnNames.Both(Lower, stems)]), new("upper", [.. Upper, .. ColumnNames.Both(Upper, stems)])],
            new Way(measure, "yi", "lower", "upper")) { AsShown = true };

    private static Slot[] Letters(string a, string b, string c, string d, SlotValues values) => [new(a, [a], values), new(b, [b], values), new(c, [c], values), new(d, [d], values)];

    private static Slot Count(string key, params string[] names) => new(key, names, SlotValues.Counts);
}
