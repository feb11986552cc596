using System.Collections.Immutable;
using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>How likely such studies, and a meta-analysis of them, find an effect of interest.</summary>
internal sealed class PowerQuestion : Question
{
    private const string ByName = "--power";
    private const string Effect = "--power-effect";
    private const string Tau2 = "--power-tau2";
    private const string AtLevel = "--power-level";
    private const string Target = "--power-target";
    private const string Next = "--power-next";
    private const int MostStudies = 2000;

    public override string Name => "power";

    public override ImmutableArray<QuestionOption> Options =>
    [
        new(ByName, OptionKind.Flag, "The power of the studies, of the meta-analysis and of the tests of heterogeneity and moderators to find an effect of interest; how many studies are needed."),
        Refining(Effect, OptionKind.Number, "The smallest effect of interest, on the scale a reader knows. Default: r = .10, d = 0.20, an odds ratio of 1.44, other ratios 1.25; of other measures the mean that was found, with a warning. With moderators: "
            + "by how much effects differ between the lowest and the highest value of the moderator, or the two most different groups.", "EFFECT", "0.1"),
        Refining(Tau2, OptionKind.Number, "The variance of true effects that power is computed with, 0 or more, between studies where there are several variances; as it was estimated if not said.", "VARIANCE", "0.02"),
        Refining(AtLevel, OptionKind.Number, "The level of significance, between 0 and 1; if not said, 1 less the level of the intervals.", "ALPHA", "0.05"),
        Refining(Target, OptionKind.Number, "The power to be reached, between the level of significance and 1; 0.8 if not said.", "POWER", "0.8"),
        Refining(Next, OptionKind.WholeNumber, "What one more study of so many people would add.", "PEOPLE", "100"),
    ];

    internal override string Schema =>
        """
        "power": {
          "type": "object",
          "properties": {
            "effect": { "$ref": "#/$defs/probability" }, "heterogeneity": { "$ref": "#/$defs/probability" }, "moderators": { "$ref": "#/$defs/probability" }, "model": { "type": "string" }, "test": { "type": "string" },
            "studies": {
              "type": "array",
              "items": { "type": "object", "properties": { "label": { "type": "string" }, "power": { "$ref": "#/$defs/probability" } }, "required": ["label", "power"], "additionalProperties": false }
            },
            "medianPower": { "$ref": "#/$defs/probability" }, "studiesNeeded": { "type": ["integer", "null"], "minimum": 1 },
            "assumed": {
              "type": "object",
              "properties": {
                "effect": { "$ref": "#/$defs/number" }, "backTransformed": { "$ref": "#/$defs/number" }, "isEstimate": { "type": "boolean" },
                "effectIs": { "enum": ["mean", "difference"] }, "slope": { "$ref": "#/$defs/number" }, "tauSquared": { "$ref": "#/$defs/number" }, "omegaSquared": { "$ref": "#/$defs/number" },
                "samplingCorrelation": { "$ref": "#/$defs/probability" }, "level": { "$ref": "#/$defs/probability" }, "target": { "$ref": "#/$defs/probability" }
              },
              "required": ["effect", "backTransformed", "isEstimate", "effectIs", "slope", "tauSquared", "omegaSquared", "samplingCorrelation", "level", "target"],
              "additionalProperties": false
            },
            "smallestEffect": { "$ref": "#/$defs/number" }, "smallestEffectIs": { "enum": ["mean", "difference", "slope"] }, "smallestDifference": { "$ref": "#/$defs/number" }, "adequate": { "type": "integer", "minimum": 0 }, "rIndex": { "$ref": "#/$defs/number" },
            "nextStudy": {
              "type": "object",
              "properties": {
                "people": { "type": "integer", "minimum": 1 }, "variance": { "$ref": "#/$defs/number" }, "width": { "$ref": "#/$defs/number" }, "expectedWidth": { "$ref": "#/$defs/number" },
                "probabilitySignificant": { "$ref": "#/$defs/probability" }, "probabilityOfChange": { "$ref": "#/$defs/probability" }, "conditionalPower": { "$ref": "#/$defs/probability" },
                "valueOfSample": { "$ref": "#/$defs/number" }, "valueOfPerfect": { "$ref": "#/$defs/number" }
              },
              "required": ["people", "variance", "width", "expectedWidth", "probabilitySignificant", "probabilityOfChange", "conditionalPower", "valueOfSample", "valueOfPerfect"],
              "additionalProperties": false
            }
          },
          "required": ["effect", "heterogeneity", "moderators", "model", "test", "studies", "medianPower", "studiesNeeded", "assumed", "smallestEffect", "smallestEffectIs", "smallestDifference", "adequate", "rIndex"],
          "additionalProperties": false
        }
        """;

    internal override IEnumerable<Saying> Sayings =>
    [
        Saying.Of<PowerResult>(PowerTables.Of), Saying.Of<StudyPowers>(PowerTables.Of), Saying.Of<NextStudyResult>(PowerTables.Of), Saying.Of<Firepower>(PowerTables.Of),
        Saying.Of<PowerCurve>(PowerTables.Of), Saying.Of<PowerPlan>(plan => PowerTables.Of(plan.Power())), Saying.Of<StudiesNeeded>(Words.Of),
    ];

    private protected override Answer AnswerTo(Inquiry inquiry)
    {
        var fit = inquiry.Fit ?? throw Inquiry.Undefined(ByName, "models of effects; take another method than Mantel-Haenszel or Peto");
        var measure = fit.Measure;
        if (!measure.HasNullValue) throw Inquiry.Undefined(ByName, $"measures with a value that means no effect, and {measure.Name} has none");
        var alpha = Fraction(inquiry, AtLevel, Math.Round(1 - inquiry.Level, 12), 0, "0.05");
        var target = Fraction(inquiry, Target, 0.8, alpha, "0.8");
        var (effect, isEstimate) = Assumed(inquiry, fit);
        var distance = effect - measure.NullValue;
        var powers = fit.StudyPower(new StudyPowerOptions { TrueEffect = effect, Alpha = alpha });

        PowerPlan? mean, moderators, heterogeneity;
        var inference = Test(inquiry);
        try
        {
            mean = fit.Moderators is null ? Given(inquiry, fit.Mean is null ? null : fit.PlanOfMean(distance, inference: inference), alpha) : null;
            heterogeneity = fit.Clusters is null && fit.IsRandomEffects && fit.Moderators is null && fit.TauSquared is not null ? Given(inquiry, fit.PlanOfHeterogeneity(), alpha) : null;
        }
        catch (ImpossibleChoiceException)
        {
            throw Inquiry.Undefined(ByName, fit is DependentFit && inference == DependentInference.Model
                ? "robust tests with CR2, and of the tests of a multilevel model itself for Student's t with the number of clusters less 1 degrees of freedom"
                : "models with one variance of true effects or variances of levels, weighted by them");
        }
        // To find no difference of true effects is no question.
        if (heterogeneity is { EffectOfInterest: 0 }) heterogeneity = null;
        string? why = null;
        try
        {
            moderators = fit.Moderators is null ? null : Given(inquiry, fit.PlanOfModerator(distance, inference: inference), alpha);
        }
        catch (Exception fault) when (fault is ImpossibleChoiceException or UndeterminedException)
        {
            (moderators, why) = (null, fault.Message);
        }
        var main = mean ?? moderators;
        var result = Result(main, ref why);
        var (power, ofQ) = (result, heterogeneity?.Power());
        var needed = result is null || distance == 0 ? null : main!.StudiesNeeded(target, MostStudies);
        var smallest = result is null || result.Power >= 1 && distance == 0 ? null : Smallest(main!, target, mean is null ? null : measure);
        var tau2 = PowerTables.Variances.Of(result is null ? null : main, fit);
        var next = inquiry.Said.WholeNumber(Next) is { } people ? NextStudy(fit, people) : null;
        var said = new PowerTables.Summary(fit, powers, distance, isEstimate, mean is null ? null : power, moderators is null ? null : power, ofQ, needed, smallest, target, result is null ? null : main, tau2, next, why);
        ImmutableArray<string> warnings =
        [
            .. isEstimate ? (ImmutableArray<string>)[$"Power: no smallest effect of interest was given ({Effect}), and {measure.Name} has none by convention. Power at the mean that was found only says its p-value in other words, and is too large where results were selected."] : [],
            .. fit.IsRandomEffects && main is not null && tau2 is { TauSquared: 0, OmegaSquared: null or 0 } && !inquiry.Said.Has(Tau2)
                ? (ImmutableArray<string>)[$"Power: the variance of true effects was estimated as 0, which few studies often do where effects differ; power is then that of the best case. Give a variance by {Tau2} beside."] : [],
            .. result is not null && main is DependentPlan { Model: DependentModel.Multilevel, SamplingCorrelation: > 0 and var rho }
                ? (ImmutableArray<string>)[$"Power: the multilevel model takes sampling errors as independent, so that its variances hold part of their correlation already; with ρ = {StatisticText.Number(rho, 2, leadingZero: false)} beside them power is too low. CHE parts the two."] : [],
            .. fit.Inference == Inference.KenwardRoger && main is not null
                ? (ImmutableArray<string>)["Power: Kenward and Roger's test is taken as t with k − p degrees of freedom, which it is where studies are equally precise."] : [],
            .. mean is not null && power is not null && distance != 0 && smallest is null
                ? (ImmutableArray<string>)[$"Power: no value that {measure.Symbol} can have is found with {StatisticText.Percent(target, 0)}."] : [],
            .. powers.Warnings, .. power?.Warnings ?? [], .. next?.Warnings ?? [],
        ];
        var table = PowerTables.Of(said);
        foreach (var warning in warnings) table.Note("Note: " + warning);
        return new Answer(table)
        {
            Sentence = PowerTables.Sentence(said),
            Warnings = warnings,
            Json = json => json.Object("power", said, _ => Write(json, said, alpha)),
        };
    }

    private static QuestionOption Refining(string name, OptionKind kind, string description, string helpName, string example) =>
        new(name, kind, description) { HelpName = helpName, Example = example, Needs = ByName, IsUsable = said => said.Has(ByName) };

    private static double Fraction(Inquiry inquiry, string option, double otherwise, double above, string example) => inquiry.Said.Number(option) is not { } number ? otherwise
        : number > above && number < 1 ? number : throw new QuestionException(option, FormattableString.Invariant($"{option} {number}: give a number between {above} and 1, for example {example}."));

    /// <summary>The effect of interest on the scale that is pooled, and whether it is the mean that was found.</summary>
    private static (double Effect, bool IsEstimate) Assumed(Inquiry inquiry, IModelFit fit)
    {
        var measure = fit.Measure;
        if (inquiry.Said.Number(Effect) is { } asked)
        {
            var effect = asked >= measure.DisplayMinimum && asked <= measure.DisplayMaximum ? measure.FromDisplay(asked) : double.NaN;
            if (double.IsFinite(effect) && effect != measure.NullValue) return (effect, false);
            throw new QuestionException(Effect, FormattableString.Invariant($"{Effect} {asked}: give an effect that {measure.Symbol} can have, other than {measure.DisplayNullValue}, which means none."));
        }
        if (Conventional(measure) is { } small) return (measure.FromDisplay(small), false);
        if (fit.Mean is { } mean && mean.Estimate != measure.NullValue) return (mean.Estimate, true);
        throw new QuestionException(Effect, $"{Effect}: say which effect is to be found; {measure.Name} has no smallest effect of interest by convention, and this model no one mean.");
    }

    /// <summary>What is small by convention (Cohen 1988, Statistical Power Analysis, chapters 2 and 3), on the scale a reader knows; an odds ratio is d by π/√3.</summary>
    private static double? Conventional(EffectMeasure measure) => measure.Code switch
    {
        "ZCOR" or "COR" or "UCOR" or "ZPCOR" or "PCOR" or "ZSPCOR" or "SPCOR" or "RPB" or "RBIS" or "PHI" or "RTET" => 0.1,
        "SMD" or "SMDH" or "SMD1" or "SMD1H" or "SMCC" or "SMCR" or "SMCRH" or "SMCRP" or "SMCRPH" or "D2ORN" or "D2ORL" or "OR2DN" or "OR2DL" or "PBIT" => measure.AxisSpacing == AxisSpacing.Logarithmic ? 1.44 : 0.2,
        "OR" or "PETO" or "MPOR" or "MPORC" or "MPPETO" => 1.44,
        _ => measure.AxisSpacing == AxisSpacing.Logarithmic ? 1.25 : null,
    };

    private static PowerPlan? Given(Inquiry inquiry, PowerPlan? plan, double alpha)
    {
        if (plan is null) return null;
        plan = plan with { Alpha = alpha };
        if (inquiry.Said.Number(Tau2) is not { } tau2) return plan;
        if (!(tau2 >= 0)) throw new QuestionException(Tau2, FormattableString.Invariant($"{Tau2} {tau2}: give a variance, 0 or more."));
        return plan.WithTauSquared(tau2);
    }

    private static PowerResult? Result(PowerPlan? plan, ref string? why)
    {
        try
        {
            return plan?.Power();
        }
        catch (Exception fault) when (fault is UndeterminedException or InsufficientStudiesException)
        {
            why = fault.Message;
            return null;
        }
    }

    /// <summary>The smallest effect that is found so often; null where that is none that the measure can have.</summary>
    private static double? Smallest(PowerPlan plan, double target, EffectMeasure? measure)
    {
        try
        {
            var found = plan.SmallestEffect(target);
            var shown = measure?.ToDisplay(found + measure.NullValue);
            return shown < measure?.DisplayMinimum || shown > measure?.DisplayMaximum ? null : found;
        }
        catch (UndeterminedException)
        {
            // An analysis that takes effects as equal where they differ is significant that often without any.
            return null;
        }
    }

    /// <summary>The test of dependent effects that was asked for; what has no formula of power is refused, and no other test takes its place.</summary>
    private static DependentInference Test(Inquiry inquiry)
    {
        if (inquiry.Fit is RobustVarianceFit { WorkingModel: WorkingModel.Hierarchical }) throw Inquiry.Undefined(ByName, "correlated effects, CHE and multilevel models, and hierarchical weights have no formula of it");
        if (inquiry.Robust is { Correction: var correction }) return correction == SmallSampleCorrection.CR2 ? DependentInference.Robust : throw Inquiry.Undefined(ByName, $"robust tests with CR2, and {correction} has no formula of it");
        return inquiry.Fit is DependentFit ? DependentInference.Model : DependentInference.Robust;
    }

    private static NextStudyResult NextStudy(IModelFit fit, ulong people)
    {
        if (people is < 1 or > 100_000_000) throw new QuestionException(Next, $"{Next} {people}: give a number of people, for example 100.");
        try
        {
            return fit.NextStudy((int)people);
        }
        catch (ArgumentOutOfRangeException fault)
        {
            throw new QuestionException(Next, $"{Next} {people}: {fault.Sentence()}.");
        }
        catch (ImpossibleChoiceException fault) when (fault.Kind == ChoiceFault.Incomplete)
        {
            throw Inquiry.Undefined(Next, "studies whose numbers of people are known");
        }
        catch (ImpossibleChoiceException)
        {
            throw Inquiry.Undefined(Next, "models with one mean and one variance of true effects, weighted by it");
        }
    }

    private static void Write(Utf8JsonWriter json, PowerTables.Summary said, double alpha)
    {
        json.Number("effect", said.Mean?.Power);
        json.Number("heterogeneity", said.Heterogeneity?.Power);
        json.Number("moderators", said.Moderators?.Power);
        json.WriteString("model", said.Model);
        json.WriteString("test", said.Test);
        json.Array("studies", said.Powers.Labels.Zip(said.Powers.Power), (_, study) =>
        {
            json.WriteString("label", study.First);
            json.Number("power", study.Second);
        });
        json.Number("medianPower", said.Powers.MedianPower);
        if (said.Needed?.Count is { } count) json.WriteNumber("studiesNeeded", count);
        else json.WriteNull("studiesNeeded");
        json.WriteStartObject("assumed");
        json.Number("effect", said.Distance + said.Fit.Measure.NullValue);
        json.Number("backTransformed", said.Fit.Measure.ToDisplay(said.Distance + said.Fit.Measure.NullValue));
        json.WriteBoolean("isEstimate", said.IsEstimate);
        json.WriteString("effectIs", said.IsDifference ? "difference" : "mean");
        json.Number("slope", said.Range is null ? null : said.Plan!.EffectOfInterest);
        json.Number("tauSquared", said.Assumed.TauSquared);
        json.Number("omegaSquared", said.Assumed.OmegaSquared);
        json.Number("samplingCorrelation", said.Assumed.SamplingCorrelation);
        json.Number("level", alpha);
        json.Number("target", said.Target);
        json.WriteEndObject();
        json.Number("smallestEffect", said.Smallest);
        json.WriteString("smallestEffectIs", said.Range is not null ? "slope" : said.IsDifference ? "difference" : "mean");
        json.Number("smallestDifference", said.IsDifference ? said.SmallestEffect : null);
        json.WriteNumber("adequate", said.Powers.AdequateCount);
        json.Number("rIndex", said.Powers.RIndex);
        if (said.Next is not { } next) return;
        json.WriteStartObject("nextStudy");
        json.WriteNumber("people", (long)next.People!.Value);
        json.Number("variance", next.Variance);
        json.Number("width", next.Width);
        json.Number("expectedWidth", next.ExpectedWidth);
        json.Number("probabilitySignificant", next.ProbabilitySignificant);
        json.Number("probabilityOfChange", next.ProbabilityOfChange);
        json.Number("conditionalPower", next.ConditionalPower);
        json.Number("valueOfSample", next.ValueOfSample);
        json.Number("valueOfPerfect", next.ValueOfPerfect);
        json.WriteEndObject();
    }
}
