using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting.Tests;

/// <summary>Power as it is asked for and said.</summary>
public sealed class PowerQuestionTests
{
    [Fact]
    public void The_numbers_are_those_of_the_library()
    {
        var inquiry = Fits.Ask("random effects", ("--power", true), ("--power-effect", 0.2), ("--power-target", 0.9), ("--power-next", 50UL));
        var (power, text) = Ask(inquiry);
        var fit = (PooledFit)inquiry.Fit!;
        var plan = fit.PlanOfMean(Math.Atanh(0.2));
        var studies = fit.StudyPower(new() { TrueEffect = Math.Atanh(0.2) });

        Assert.Equal(plan.Power().Power, power.GetProperty("effect").GetDouble());
        Assert.Equal(fit.PlanOfHeterogeneity().Power().Power, power.GetProperty("heterogeneity").GetDouble());
        Assert.Equal(JsonValueKind.Null, power.GetProperty("moderators").ValueKind);
        Assert.Equal(plan.StudiesNeeded(0.9).Count, power.GetProperty("studiesNeeded").GetInt32());
        Assert.Equal(plan.SmallestEffect(0.9), power.GetProperty("smallestEffect").GetDouble());
        Assert.Equal(studies.MedianPower, power.GetProperty("medianPower").GetDouble());
        Assert.Equal(studies.RIndex, power.GetProperty("rIndex").GetDouble());
        Assert.Equal(studies.Power, power.GetProperty("studies").EnumerateArray().Select(s => s.GetProperty("power").GetDouble()));
        Assert.Equal(fit.Effects.Labels, power.GetProperty("studies").EnumerateArray().Select(s => s.GetProperty("label").GetString()!));
        var assumed = power.GetProperty("assumed");
        Assert.Equal(0.2, assumed.GetProperty("backTransformed").GetDouble(), 1e-14);
        Assert.False(assumed.GetProperty("isEstimate").GetBoolean());
        Assert.Equal(fit.TauSquared, assumed.GetProperty("tauSquared").GetDouble());
        Assert.Equal(fit.NextStudy(50).ProbabilityOfChange, power.GetProperty("nextStudy").GetProperty("probabilityOfChange").GetDouble());
        Assert.Contains("R-index is no power", text, StringComparison.Ordinal);
        Assert.Contains("r = .20", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_assumed_can_be_said()
    {
        var said = Ask(Fits.Ask("random effects", ("--power", true), ("--power-tau2", 0.5), ("--power-level", 0.01))).Power;
        // r = .10 by convention.
        Assert.Equal(0.1, said.GetProperty("assumed").GetProperty("backTransformed").GetDouble(), 1e-14);
        Assert.Equal(0.5, said.GetProperty("assumed").GetProperty("tauSquared").GetDouble());
        var plan = (MeanPlan)((PooledFit)Fits.Ask("random effects").Fit!).PlanOfMean(Math.Atanh(0.1));
        Assert.Equal((plan with { TauSquared = 0.5, Alpha = 0.01 }).Power().Power, said.GetProperty("effect").GetDouble());
    }

    [Theory]
    [InlineData("multilevel", "CHE-RVE")]
    [InlineData("correlated effects", "CE-RVE")]
    public void Effects_that_share_samples_are_planned_as_they_were_analysed(string kind, string model)
    {
        var power = Ask(Fits.Ask(kind, ("--power", true))).Power;
        Assert.Contains(model, power.GetProperty("model").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, power.GetProperty("heterogeneity").ValueKind);
        Assert.Equal(12, power.GetProperty("studies").GetArrayLength());
    }

    [Theory]
    [InlineData("multilevel", "cluster-robust with CR2", 0.6)]
    [InlineData("correlated effects", "cluster-robust with CR2", 0.8)]
    public void Test_and_variances_of_dependent_effects_are_said_everywhere(string kind, string test, double rho)
    {
        var inquiry = Fits.Ask(kind, ("--power", true));
        var (power, text) = Ask(inquiry);
        var plan = (DependentPlan)inquiry.Fit!.PlanOfMean(Math.Atanh(0.1));
        var assumed = power.GetProperty("assumed");
        Assert.Equal(rho, plan.SamplingCorrelation);
        Assert.Equal([plan.TauSquared, plan.OmegaSquared, rho], [assumed.GetProperty("tauSquared").GetDouble(), assumed.GetProperty("omegaSquared").GetDouble(), assumed.GetProperty("samplingCorrelation").GetDouble()]);
        Assert.Contains(test, power.GetProperty("test").GetString(), StringComparison.Ordinal);
        var sentence = Questions.Ask(inquiry).Single(a => a.Sentence?.StartsWith("To find", StringComparison.Ordinal) == true).Sentence!;
        foreach (var said in new[] { text, sentence })
        {
            Assert.Contains(test, said, StringComparison.Ordinal);
            Assert.Contains($"ω² = {StatisticText.Significant(plan.OmegaSquared, 3)} within", said, StringComparison.Ordinal);
            Assert.Contains($"ρ = .{10 * rho}0", said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_power_is_that_of_the_test_that_was_made()
    {
        var robust = Fits.Ask("multilevel", ("--power", true));
        var alone = robust with { Correction = null };
        var (power, text) = Ask(alone);
        Assert.Equal(alone.Fit!.PlanOfMean(Math.Atanh(0.1), inference: DependentInference.Model).Power().Power, power.GetProperty("effect").GetDouble());
        Assert.NotEqual(Ask(robust).Power.GetProperty("effect").GetDouble(), power.GetProperty("effect").GetDouble());
        Assert.Contains("CHE-Model: correlated and hierarchical effects, Student's t)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_test_without_a_formula_of_its_power_is_refused_and_no_other_takes_its_place()
    {
        Assert.Contains("hierarchical weights", Assert.Throws<QuestionException>(() => Ask(Fits.Ask("hierarchical effects", ("--power", true)))).Message, StringComparison.Ordinal);
        Assert.Contains("CR1", Assert.Throws<QuestionException>(() => Ask(Fits.Ask("multilevel", ("--power", true)) with { Correction = SmallSampleCorrection.CR1 })).Message, StringComparison.Ordinal);
        foreach (var options in new[] { new MultilevelOptions { Inference = Inference.Normal }, new MultilevelOptions { DegreesOfFreedom = DegreesOfFreedomMethod.Residual } })
        {
            var fit = (options with { Levels = ["sample", MultilevelModel.EachEffect] }).FitTo(Fits.Effects);
            var fault = Assert.Throws<QuestionException>(() => Ask(Inquiry.Of(fit) with { Said = new OptionValues(new Dictionary<string, object> { ["--power"] = true }) }));
            Assert.Contains("Student's t with the number of clusters less 1", fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Of_a_moderator_what_is_asked_and_what_is_found_are_in_one_unit()
    {
        var fit = MetaRegression.Fit(Fits.Effects, Moderator.Number("order"));
        var inquiry = Inquiry.Of(fit) with { Said = new OptionValues(new Dictionary<string, object> { ["--power"] = true, ["--power-effect"] = 0.3 }) };
        var (power, text) = Ask(inquiry);
        var plan = (ModeratorPlan)fit.PlanOfModerator(Math.Atanh(0.3));
        var slope = plan.SmallestEffect();
        Assert.Equal("difference", power.GetProperty("assumed").GetProperty("effectIs").GetString());
        Assert.Equal(Math.Atanh(0.3) / 11, power.GetProperty("assumed").GetProperty("slope").GetDouble(), 1e-15);
        Assert.Equal(("slope", slope), (power.GetProperty("smallestEffectIs").GetString(), power.GetProperty("smallestEffect").GetDouble()));
        Assert.Equal(11 * slope, power.GetProperty("smallestDifference").GetDouble(), 1e-14);
        Assert.Contains($"smallest difference found with 80%   {StatisticText.Significant(11 * slope, 3)} in z", string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Replace("80% ", "80%   ", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains($"the smallest that is found {StatisticText.Significant(slope, 3)}", text, StringComparison.Ordinal);
        Assert.Contains("median power of the studies, to find r = .30 each", text, StringComparison.Ordinal);
        var sentence = Questions.Ask(inquiry).Single(a => a.Sentence?.StartsWith("To find", StringComparison.Ordinal) == true).Sentence!;
        Assert.Contains("between the lowest and the highest value of the moderator, the test of a moderator (", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_moderator_has_power_and_the_mean_none()
    {
        var power = Ask(Fits.Ask("means of categories", ("--power", true))).Power;
        Assert.Equal(JsonValueKind.Null, power.GetProperty("effect").ValueKind);
        Assert.InRange(power.GetProperty("moderators").GetDouble(), 0.04, 1);
        // Two moderators at once have none, and the table says so.
        var (several, text) = Ask(Fits.Ask("regression", ("--power", true)));
        Assert.Equal(JsonValueKind.Null, several.GetProperty("moderators").ValueKind);
        Assert.Contains("No power of the moderators", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_smallest_effect_by_convention_the_mean_is_taken_with_a_warning()
    {
        var effects = StudyEffects.Create([0.3, 0.1, 0.5, 0.2], [0.01, 0.02, 0.03, 0.02]);
        var inquiry = Inquiry.Of(RandomEffects.Fit(effects)) with { Said = new OptionValues(new Dictionary<string, object> { ["--power"] = true }) };
        var answer = Questions.Ask(inquiry).Single(a => a.Sentence?.StartsWith("To find", StringComparison.Ordinal) == true);
        Assert.Contains(answer.Warnings, w => w.Contains("--power-effect", StringComparison.Ordinal));
        Assert.Contains("only repeats the p-value", answer.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variance_of_true_effects_of_0_is_the_best_case_and_said_to_be()
    {
        var effects = StudyEffects.Create([0.20, 0.21, 0.19], [0.01, 0.02, 0.03], EffectMeasure.FisherZ);
        var inquiry = Inquiry.Of(RandomEffects.Fit(effects, new() { Inference = Inference.KenwardRoger })) with { Said = new OptionValues(new Dictionary<string, object> { ["--power"] = true }) };
        var answer = Questions.Ask(inquiry).Single(a => a.Sentence?.StartsWith("To find", StringComparison.Ordinal) == true);
        Assert.Contains(answer.Warnings, w => w.Contains("best case", StringComparison.Ordinal));
        Assert.Contains(answer.Warnings, w => w.Contains("Kenward", StringComparison.Ordinal));
        Assert.Equal(JsonValueKind.Null, Ask(inquiry).Power.GetProperty("heterogeneity").ValueKind);
        var given = Inquiry.Of(inquiry.Fit!) with { Said = new OptionValues(new Dictionary<string, object> { ["--power"] = true, ["--power-tau2"] = 0.02 }) };
        Assert.Equal(new HeterogeneityPlan(PlannedStudies.Of(inquiry.Fit!), 0.02).Power().Power, Ask(given).Power.GetProperty("heterogeneity").GetDouble());
    }

    [Theory]
    [InlineData("--power-effect", 1.5)]
    [InlineData("--power-effect", 0.0)]
    [InlineData("--power-tau2", -1.0)]
    [InlineData("--power-level", 1.0)]
    [InlineData("--power-target", 0.01)]
    public void What_is_impossible_is_refused_by_the_name_of_its_option(string option, double value)
    {
        var fault = Assert.Throws<QuestionException>(() => Ask(Fits.Ask("random effects", ("--power", true), (option, value))));
        Assert.StartsWith(option + " ", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("random effects with given weights")]
    [InlineData("location-scale")]
    public void What_has_no_power_says_where_there_is(string kind)
    {
        Assert.NotNull(Assert.Throws<QuestionException>(() => Ask(Fits.Ask(kind, ("--power", true)))).Where);
    }

    private static (JsonElement Power, string Text) Ask(Inquiry inquiry)
    {
        var answers = Questions.Ask(inquiry);
        using var output = new StringWriter();
        JsonReport.Write(answers, [], output);
        return (JsonDocument.Parse(output.ToString()).RootElement.GetProperty("power"), PlainTextWriter.Write(new Document(answers.SelectMany(a => a.Blocks))));
    }
}
