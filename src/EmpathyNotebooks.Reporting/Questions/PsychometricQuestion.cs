using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>What the correlation of the constructs would be: the psychometric meta-analysis of Hunter and Schmidt.</summary>
internal sealed class PsychometricQuestion : Question
{
    private const string ByName = "--psychometric";
    private const string Predictor = "--rxx";
    private const string Outcome = "--ryy";
    private const string Range = "--ux";
    private const string Restriction = "--restriction";
    private const string Method = "--artifacts";
    private const string Target = "--validity";

    /// <summary>Of more studies than this none changes the mean, and leaving out each takes long.</summary>
    private const int MostLeftOut = 300;

    public override string Name => "psychometric meta-analysis";

    public override bool NeedsIndependence => true;

    public override ImmutableArray<QuestionOption> Options =>
    [
        new(ByName, OptionKind.Flag, "Psychometric meta-analysis (Hunter and Schmidt) of correlations or standardized mean differences: weighted by sample size, for sampling error alone, or corrected for the artifacts that are named beside it."),
        Refine(Predictor, OptionKind.Text, "Column with the reliability of the predictor in each sample, for --psychometric.") with { HelpName = "COLUMN" },
        Refine(Outcome, OptionKind.Text, "Column with the reliability of the outcome in each sample, for --psychometric.") with { HelpName = "COLUMN" },
        Refine(Range, OptionKind.Text, "Column with u, the predictor's standard deviation in the sample over that in the population, for --psychometric.") with { HelpName = "COLUMN" },
        new(Restriction, OptionKind.Choice, "How people were selected: indirect, on something that goes with the predictor (the default with --ux), or direct, on the predictor itself.")
        {
            Choices = ["indirect", "direct"], Needs = Range, IsUsable = said => said.Has(Range),
        },
        new(Method, OptionKind.Choice, "How artifacts are corrected for: individual, taylor (distributions by a Taylor series) or interactive (distributions crossed); individual where all are known, else taylor.")
        {
            Choices = ["individual", "taylor", "interactive"], Needs = $"{Predictor}, {Outcome} or {Range}", IsUsable = said => said.Has(Predictor) || said.Has(Outcome) || said.Has(Range),
        },
        new(Target, OptionKind.Choice, "Between what the corrected correlation holds: true (the constructs, the default), x (the predictor as it is measured) or y (the outcome as it is measured).")
        {
            Choices = ["true", "x", "y"], Needs = $"{Predictor}, {Outcome} or {Range}", IsUsable = said => said.Has(Predictor) || said.Has(Outcome) || said.Has(Range),
        },
        Refine("--raw-r", OptionKind.Flag, "Correlations as they are, without the correction for small samples, for --psychometric."),
    ];

    internal override string Schema =>
        """
        "psychometric": {
          "type": "object",
          "properties": {
            "meanR": { "$ref": "#/$defs/number" }, "varianceObserved": { "$ref": "#/$defs/number" }, "varianceError": { "$ref": "#/$defs/number" },
            "meanRho": { "$ref": "#/$defs/number" }, "sdRho": { "$ref": "#/$defs/number" }, "credibility": { "$ref": "#/$defs/interval" },
            "lower": { "$ref": "#/$defs/number" }, "upper": { "$ref": "#/$defs/number" }, "percentExplained": { "$ref": "#/$defs/number" }
          },
          "required": ["meanR", "varianceObserved", "varianceError", "meanRho", "sdRho", "credibility", "lower", "upper", "percentExplained"],
          "additionalProperties": false
        }
        """;

    internal override IEnumerable<Saying> Sayings => [Saying.Of<PsychometricFit>(Say), Saying.Of<PsychometricSubgroups>(Say)];

    private protected override Answer AnswerTo(Inquiry inquiry)
    {
        if (inquiry.Fit is not { Moderators: null, Clusters: null } fit) throw Inquiry.Undefined(ByName, "independent correlations or standardized mean differences without moderators");
        PsychometricFit psychometric;
        try
        {
            psychometric = Psychometric.Fit(fit.Effects, Chosen(inquiry.Said) with { ConfidenceLevel = fit.ConfidenceLevel });
        }
        catch (ImpossibleChoiceException fault) when (fault.Kind == ChoiceFault.UndefinedForFit)
        {
            throw new QuestionException(ByName, $"{ByName}: {fault.Problem}.");
        }
        catch (StudyDataException fault) when (fault is { Row: null, Column: "n" })
        {
            throw Inquiry.Undefined(ByName, "studies whose sample sizes are known (--ni), by which it weights them");
        }
        catch (UndeterminedException fault)
        {
            throw new QuestionException(ByName, $"{ByName}: {fault.Message}");
        }
        catch (ImpossibleChoiceException) when (inquiry.Said.Has(Method))
        {
            throw new QuestionException(Method, $"{Method} needs artifacts to correct for: name their columns by {Predictor}, {Outcome} or {Range}.");
        }
        var groups = inquiry.Said.Text("--subgroup") is { } column && fit.Effects.GroupBy(column).Count(g => g.Value.Count >= 2) >= 2 ? psychometric.Subgroups(column) : null;
        return new Answer([Say(psychometric), .. groups is null ? [] : (Block[])[Say(groups)]])
        {
            Sentence = FurtherSentences.Psychometric(psychometric),
            Warnings = psychometric.Warnings,
            Json = json => json.Object("psychometric", psychometric, _ =>
            {
                var (observed, corrected) = (psychometric.Observed, psychometric.Corrected);
                json.Number("meanR", observed.Mean);
                json.Number("varianceObserved", observed.Variance.Observed);
                json.Number("varianceError", observed.Variance.SamplingError);
                json.Number("meanRho", corrected.Mean);
                json.Number("sdRho", corrected.StandardDeviation);
                json.Interval("credibility", corrected.CredibilityInterval);
                json.Number("lower", corrected.ConfidenceInterval.Lower);
                json.Number("upper", corrected.ConfidenceInterval.Upper);
                json.Number("percentExplained", psychometric.PercentExplained);
            }),
        };
    }

    private static QuestionOption Refine(string name, OptionKind kind, string description) => new(name, kind, description) { Needs = ByName, IsUsable = said => said.Has(ByName) };

    private static PsychometricOptions Chosen(OptionValues said) => new()
    {
        PredictorReliability = said.Text(Predictor),
        OutcomeReliability = said.Text(Outcome),
        RangeRatio = said.Text(Range),
        RangeRestriction = !said.Has(Range) ? RangeRestrictionKind.None : said.Text(Restriction) == "direct" ? RangeRestrictionKind.Direct : RangeRestrictionKind.Indirect,
        Method = said.Text(Method) switch { "individual" => ArtifactMethod.Individual, "taylor" => ArtifactMethod.TaylorSeries, "interactive" => ArtifactMethod.Interactive, _ => null },
        Target = said.Text(Target) switch { "x" => PsychometricTarget.PredictorAsMeasured, "y" => PsychometricTarget.OutcomeAsMeasured, _ => PsychometricTarget.TrueScores },
        CorrectsSmallSampleBias = !said.Has("--raw-r"),
    };

    private static Table Say(PsychometricFit fit)
    {
        var (level, credibility, symbol) = (StatisticText.Level(fit.Options.ConfidenceLevel), StatisticText.Level(fit.Options.CredibilityLevel), fit.Measure == EffectMeasure.Correlation ? "ρ" : "δ");
        var table = new Table("Psychometric meta-analysis", ("", Align.Left), ($"mean {fit.Measure.Symbol}", Align.Right), ($"{level} CI", Align.Right), ($"SD of true {fit.Measure.Symbol}", Align.Right), ($"{credibility} credibility interval", Align.Right),
            ("variance", Align.Right), ("by sampling error", Align.Right), ("by artifacts", Align.Right));
        table.DataLabel(fit.Effects.Origin);
        Row("bare bones", fit.Observed);
        if (fit.Method != ArtifactMethod.BareBones) Row($"corrected, {symbol}", fit.Corrected);
        table.Note($"k = {StatisticText.Count(fit.Count)}, N = {StatisticText.Count((long)fit.TotalSampleSize)}. {How(fit)}");
        if (fit.PercentExplained is { } share)
        {
            table.Note($"{StatisticText.Number(share, 0)}% of the variance{(fit.Method == ArtifactMethod.Individual ? " of corrected effects" : "")} is explained by {fit.ExplainedBy}"
                + (share >= 75 ? "; by the rule of 75% of Hunter and Schmidt little is left for moderators. The rule is no test: with few studies the share is hardly known." : "."));
        }
        // With distributions, those of fewer studies would change too.
        if (fit.Count is >= 3 and <= MostLeftOut && fit.Method is (ArtifactMethod.BareBones or ArtifactMethod.Individual))
        {
            var without = fit.LeaveOneOut();
            var (least, most) = (without.MinBy(w => w.Fit.Corrected.Mean)!, without.MaxBy(w => w.Fit.Corrected.Mean)!);
            table.Note($"Without one study the {(fit.Method == ArtifactMethod.BareBones ? "mean" : "corrected mean")} lies between {fit.Measure.Format(least.Fit.Corrected.Mean, 3)} (without {least.Label}) and {fit.Measure.Format(most.Fit.Corrected.Mean, 3)} (without {most.Label}).");
        }
        foreach (var warning in fit.Warnings) table.Note("Note: " + warning);
        return table;

        void Row(string name, PsychometricEstimate estimate) => table.Row(name, fit.Measure.Format(estimate.Mean, 3), Numbers.Interval(estimate.ConfidenceInterval, fit.Measure), fit.Measure.Format(estimate.StandardDeviation, 3),
            Numbers.Interval(estimate.CredibilityInterval, fit.Measure), StatisticText.Significant(estimate.Variance.Observed), StatisticText.Significant(estimate.Variance.SamplingError),
            estimate.Variance.Artifacts > 0 ? StatisticText.Significant(estimate.Variance.Artifacts) : Numbers.None);
    }

    private static string How(PsychometricFit fit)
    {
        if (fit.Method == ArtifactMethod.BareBones) return $"For sampling error alone; unreliable measures and a restricted range make {(fit.Measure == EffectMeasure.Correlation ? "correlations" : "differences")} smaller than those of the constructs.";
        var options = fit.Options;
        string[] corrected =
        [
            .. options.PredictorReliability is null && options.PredictorReliabilities is null ? [] : (string[])["unreliability of the predictor"],
            .. options.OutcomeReliability is null && options.OutcomeReliabilities is null ? [] : (string[])["unreliability of the outcome"],
            .. options.RangeRestriction switch { RangeRestrictionKind.Direct => ["direct restriction of the range (case II)"], RangeRestrictionKind.Indirect => ["indirect restriction of the range (case IV)"], _ => (string[])[] },
        ];
        return $"Corrected for {(corrected.Length < 3 ? string.Join(" and ", corrected) : string.Join(", ", corrected[..^1]) + " and " + corrected[^1])}, {fit.Method switch { ArtifactMethod.Individual => "study by study", ArtifactMethod.TaylorSeries => "by distributions of artifacts (Taylor series)", _ => "by distributions of artifacts (interactive)" }}"
            + options.Target switch
            {
                PsychometricTarget.PredictorAsMeasured => "; with the predictor as it is measured.",
                PsychometricTarget.OutcomeAsMeasured => "; with the outcome as it is measured.",
                _ => ".",
            };
    }

    private static Table Say(PsychometricSubgroups groups)
    {
        var (all, measure) = (groups.All, groups.All.Measure);
        var table = new Table($"Psychometric meta-analysis by {groups.Column}", ("", Align.Left), ("k", Align.Right), ("N", Align.Right), ($"mean {measure.Symbol}", Align.Right), ("corrected", Align.Right),
            ($"{StatisticText.Level(all.Options.ConfidenceLevel)} CI", Align.Right), ("SD of true effects", Align.Right), ($"{StatisticText.Level(all.Options.CredibilityLevel)} credibility interval", Align.Right));
        table.DataLabel(all.Effects.Origin);
        foreach (var (name, fit) in groups.Groups.Select(g => ($"{groups.Column}: {g.Name}", g.Fit)).Append(("all", all)))
        {
            table.Row(name, StatisticText.Count(fit.Count), StatisticText.Count((long)fit.TotalSampleSize), measure.Format(fit.Observed.Mean, 3), measure.Format(fit.Corrected.Mean, 3), Numbers.Interval(fit.Corrected.ConfidenceInterval, measure),
                measure.Format(fit.Corrected.StandardDeviation, 3), Numbers.Interval(fit.Corrected.CredibilityInterval, measure));
        }
        table.Note((groups.Between is { } test ? $"Between groups: {test}. " : "") + $"True effects have a standard deviation of {measure.Format(groups.WithinStandardDeviation, 3)} within groups; where that is well below the one over all, the groups explain some of it.");
        foreach (var warning in groups.Warnings) table.Note("Note: " + warning);
        return table;
    }
}
