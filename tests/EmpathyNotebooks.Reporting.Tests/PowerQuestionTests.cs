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
