namespace EmpathyNotebooks.Cli.New;

/// <summary>A test of funnel asymmetry as a template has it.</summary>
/// <param name="Argument">The argument of the call, empty for the standard error.</param>
/// <param name="Name">For the preregistration.</param>
/// <param name="Words">What it asks, a clause for the notebook.</param>
internal sealed record AsymmetryWords(string Argument, string Name, string Words)
{
    public static AsymmetryWords StandardError { get; } = new("", "Egger's regression on the standard error", "Egger's regression asks whether effects go with their standard errors.");

    public static AsymmetryWords InverseRoot { get; } = new("SmallStudyPredictor.InverseSquareRootSampleSize",
        "regression on 1/√n (Pustejovsky & Rodgers, 2019, *Research Synthesis Methods, 10*, 57–71)",
        "the regression asks whether effects go with $1/\\sqrt{n}$, and not with the standard error, which for this measure is computed from the effect itself.");

    public static AsymmetryWords Inverse { get; } = new("SmallStudyPredictor.InverseSampleSize", "regression on 1/n (Peters et al., 2006, *JAMA, 295*, 676–680)",
        "the regression asks whether effects go with $1/n$, and not with the standard error, which for this measure is computed from the events themselves.");
}

/// <summary>A measure for which there is a template: its columns, and what is said of it to somebody who uses it for the first time.</summary>
/// <param name="Code">metafor's abbreviation.</param>
/// <param name="Holds">What is pooled, in the plural.</param>
/// <param name="Table">The file of made-up rows, without its ending.</param>
/// <param name="Call">The lines that make <c>effects</c> of <c>table</c>.</param>
internal sealed partial record TemplateMeasure(string Code, string Holds, string Table, string Call)
{
    private const string ZeroWords = "A row from which no logarithm can be computed, as without events, stops the run until you decide what to do with it (`ZeroCells` of `EffectSizeOptions`).";
    private const string RatioWords = "Ratios are pooled as logarithms and shown as ratios, where 1 means no effect.";

    /// <summary>Rows of the codebook for the columns that the effects are computed from.</summary>
    public required string Columns { get; init; }

    /// <summary>Why one would take the measure, with its price.</summary>
    public required string Why { get; init; }

    /// <summary>What a positive effect means, and what the reader has to fill in.</summary>
    public required string Direction { get; init; }

    /// <summary>What to do with a study that is the other way round.</summary>
    public required string Reversal { get; init; }

    /// <summary>How a row becomes an effect.</summary>
    public required string EffectWords { get; init; }

    /// <summary>What else to know of the mean; may be empty.</summary>
    public string MeanWords { get; init; } = "";

    /// <summary>A row of the preregistration on rows without events; may be empty.</summary>
    public string ZeroRow { get; init; } = "";

    /// <summary>The test of asymmetry that suits the measure.</summary>
    public AsymmetryWords Asymmetry { get; init; } = AsymmetryWords.StandardError;

    /// <summary>The names of the columns, for a sentence.</summary>
    public string Needed => string.Join(", ", Columns.Split('\n').Select(row => row.Split('|')[1].Trim()));

    /// <summary>Those that can be chosen; the first is the default.</summary>
    public static IReadOnlyList<TemplateMeasure> All { get; } =
    [
        new("ZCOR", "correlations", "correlations", """var effects = table.Correlations(r: "r", n: "n", label: "study", effect: "outcome");""")
        {
            Columns = "| `r` | correlation of the two variables of the question | – | above -1 and below 1 | as printed, not corrected for unreliability, without other variables held constant |\n"
                + "| `n` | people on whom the correlation rests | people | whole number, at least 4 | those of this correlation, not of the whole study |",
            Why = "Fisher's z has a sampling variance that depends on the sample size alone; results are shown as correlations",
            Direction = "Positive: people with more of the one variable have more of the other. Name the two variables here, and which end of each counts as more.",
            Reversal = "A study that scored one variable the other way gets the other sign of `r`, and its `source` says so.",
            EffectWords = "A correlation becomes Fisher's $z$ with $v = 1/(n - 3)$; results are turned back into correlations where they are shown.",
        },
        new("SMD", "standardized mean differences", "means", Means("StandardizedMeanDifference"))
        {
            Columns = MeanColumns,
            Why = "makes different scales comparable by dividing by the pooled standard deviation (Hedges' g, corrected for bias); whether they measure the same thing has to be judged",
            Direction = MeanDirection,
            Reversal = MeanReversal,
            EffectWords = "The difference of the means is divided by the pooled standard deviation and corrected for bias (Hedges' $g$). It compares different scales only as far as they measure the same thing, and people differ alike on them.",
            Asymmetry = AsymmetryWords.InverseRoot,
        },
        new("MD", "mean differences", "means", Means("MeanDifference"))
        {
            Columns = MeanColumns,
            Why = "keeps the unit of the scale, which readers know; all studies must have measured on the same scale",
            Direction = MeanDirection,
            Reversal = MeanReversal,
            EffectWords = "The difference of the means stays in the unit of the scale. All rows must be on the same one: nothing in the numbers shows whether they are.",
        },
        new("OR", "odds ratios", "tables", Tables("OddsRatio"))
        {
            Columns = TableColumns,
            Why = "is only turned over (1/OR) when the absence of the event is counted in its place; readers tend to take it for a risk ratio, which lies nearer to 1",
            Direction = TableDirection,
            Reversal = TableReversal,
            EffectWords = $"{RatioWords} {ZeroWords}",
            MeanWords = "An odds ratio lies further from 1 than the risk ratio of the same table, the more so the commoner the event: do not read one as the other.",
            ZeroRow = ZeroRowOf("or pool the counts themselves (`empathy analyze --method MH`, where every study has one row)"),
            Asymmetry = AsymmetryWords.Inverse,
        },
        new("RR", "risk ratios", "tables", Tables("RiskRatio"))
        {
            Columns = TableColumns,
            Why = "is what most readers take a ratio to be; it depends on whether the event or its absence is counted, so fix that first",
            Direction = TableDirection,
            Reversal = TableReversal,
            EffectWords = $"{RatioWords} {ZeroWords}",
            MeanWords = "A risk ratio says nothing about the size of the risks: report these, too.",
            ZeroRow = ZeroRowOf("or pool the counts themselves (`empathy analyze --method MH`, where every study has one row)"),
            Asymmetry = AsymmetryWords.Inverse,
        },
        new("IRR", "rate ratios", "rates", Lines("RateRatio", ("x1i", "events1"), ("t1i", "time1"), ("x2i", "events2"), ("t2i", "time2")))
        {
            Columns = "| `events1` | events in group 1 | events | whole number, 0 or more | all events, where a person can have several |\n| `time1` | time under observation in group 1, summed over people | the same in all rows, such as person-years | above 0 | as printed, or people times mean follow-up, which `source` says |\n"
                + "| `events2` | events in group 2, the comparison | events | whole number, 0 or more | as `events1` |\n| `time2` | time under observation in group 2 | as `time1` | above 0 | as `time1` |",
            Why = "takes account of how long people were observed; assumes that within a group events come at one rate",
            Direction = "Above 1: more events in group 1 for the same time. Write here which group is 1, and whether the event is wanted.",
            Reversal = "A study that names its groups the other way round is entered in this order.",
            EffectWords = $"{RatioWords} {ZeroWords}",
            ZeroRow = ZeroRowOf("or pool the counts themselves (`empathy analyze --method MH`, where every study has one row)"),
            Asymmetry = AsymmetryWords.StandardError with
            {
                Words = "Egger's regression asks whether effects go with their standard errors, which for this measure are computed from the events themselves, so that chance alone ties the two together: read it with care.",
            },
        },
        new("PLO", "proportions", "proportions", Lines("ProportionLogit", ("xi", "events"), ("ni", "n")))
        {
            Columns = "| `events` | people with the event | people | whole number, 0 to `n` | by the definition of the event above |\n| `n` | people in whom it could be seen | people | whole number, at least 1 | without those for whom it is not known |",
            Why = "the logit keeps means and intervals between 0 and 1; results are shown as proportions",
            Direction = "More: a larger share of people has the event. Define the event here.",
            Reversal = "A study that counted the opposite is entered as `n` less its count, and its `source` says so.",
            EffectWords = $"A proportion becomes its log odds, and results are turned back into proportions where they are shown. {ZeroWords}",
            MeanWords = "The test of the mean asks whether the proportion is one half, which is seldom a question: read the interval.",
            ZeroRow = ZeroRowOf("or choose another transformation"),
            Asymmetry = AsymmetryWords.Inverse,
        },
        new("GEN", "effects that are given with their standard errors", "effects", """var effects = table.Effects("yi", sei: "sei", label: "study", effect: "outcome");""")
        {
            Columns = "| `yi` | effect, on the scale on which it is pooled: a ratio as its logarithm | write the unit here | number | as printed or converted, which `source` says |\n| `sei` | its standard error, on the same scale | as `yi` | above 0 | as printed, or from the interval: its width over 3.92, if it is a 95% interval of the normal distribution |",
            Why = "for estimates that papers print with their standard errors, such as adjusted coefficients; all rows must mean the same thing",
            Direction = "Positive: write here what it means.",
            Reversal = "A study that is the other way round gets the other sign of `yi`, and its `source` says so.",
            EffectWords = "Effects and standard errors are taken as they stand, so ratios must have been entered as logarithms. Nothing in the numbers shows whether all rows mean the same thing: adjusted for the same, in the same unit.",
            Asymmetry = AsymmetryWords.StandardError with
            {
                Words = "Egger's regression asks whether effects go with their standard errors; where these are computed from the effects, as with standardized differences or odds ratios, chance alone ties the two together.",
            },
        },
    ];
}
