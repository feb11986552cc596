using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting.Tests;

/// <summary>Methods of p-values, the Copas model and model averaging: <c>--bias</c> says the numbers of the engine, at the level of the analysis.</summary>
public sealed class PValueQuestionTests
{
    private static readonly JsonElement Bias = Section(Inquiry.Of(Fit));

    private static PooledFit Fit => RandomEffects.Fit(Fits.Effects, new() { ConfidenceLevel = 0.9 });

    [Fact]
    public void A_p_curve_has_the_numbers_of_the_engine()
    {
        var curve = PCurve.Fit(Fits.Effects);
        var json = Bias.GetProperty("pCurve");

        Assert.Equal(curve.Count, json.GetProperty("k").GetInt32());
        Equal(curve.FullRightSkew.Z, json, "fullZ");
        Equal(curve.FullRightSkew.PValue, json, "fullP");
        Equal(curve.HalfRightSkew!.Value.Z, json, "halfZ");
        Equal(curve.HalfRightSkew!.Value.PValue, json, "halfP");
        Equal(curve.FullFlatness.PValue, json, "flatP");
        Equal(curve.Power, json, "power");
    }

    [Fact]
    public void P_uniform_and_its_successor_have_the_level_of_the_analysis()
    {
        var uniform = PUniform.Fit(Fits.Effects, new() { ConfidenceLevel = 0.9 });
        var star = PUniformStar.Fit(Fits.Effects, new() { ConfidenceLevel = 0.9 });

        Interval(uniform.Estimate, uniform.ConfidenceInterval, Bias.GetProperty("pUniform"));
        Equal(uniform.EffectTest.PValue, Bias.GetProperty("pUniform"), "pValue");
        Interval(star.Estimate, star.ConfidenceInterval, Bias.GetProperty("pUniformStar"));
        Equal(star.TauSquared, Bias.GetProperty("pUniformStar"), "tauSquared");
        Equal(star.EffectTest.PValue, Bias.GetProperty("pUniformStar"), "pEffect");
        Equal(star.BiasTest.PValue, Bias.GetProperty("pUniformStar"), "pBias");
    }

    [Fact]
    public void The_Copas_model_and_model_averaging_have_the_numbers_of_the_engine()
    {
        var copas = CopasSelection.Fit(Fits.Effects, new() { ConfidenceLevel = 0.9 });
        var robma = Fit.ModelAveragedAdjustment(new() { CredibleLevel = 0.9 });
        var json = Bias.GetProperty("robma");

        Interval(copas.Selected!.Estimate, copas.ConfidenceInterval!.Value, Bias.GetProperty("copas"));
        Equal(copas.Selected.StandardError!.Value, Bias.GetProperty("copas"), "standardError");
        Interval(robma.Mean.Mean, robma.Mean.CredibleInterval, json);
        Equal(robma.Effect.BayesFactor!.Value, json.GetProperty("bayesFactors"), "effect");
        Equal(robma.Heterogeneity.BayesFactor!.Value, json.GetProperty("bayesFactors"), "heterogeneity");
        Equal(robma.Bias.BayesFactor!.Value, json.GetProperty("bayesFactors"), "bias");
    }

    /// <summary>The table of all methods has each mean as the method itself says it, whatever the level.</summary>
    [Theory]
    [InlineData("PET-PEESE", "petPeese")]
    [InlineData("limit meta-analysis", "limit")]
    [InlineData("UWLS", "uwls")]
    [InlineData("WAAP", "waap")]
    [InlineData("p-uniform", "pUniform")]
    [InlineData("p-uniform*", "pUniformStar")]
    [InlineData("Copas selection model", "copas")]
    [InlineData("RoBMA-PSMA", "robma")]
    public void Methods_side_by_side_say_what_each_says_alone(string method, string property)
    {
        var row = Bias.GetProperty("adjusted").EnumerateArray().Single(r => r.GetProperty("method").GetString() is { } name && (name == method || name.StartsWith(method + " (", StringComparison.Ordinal)));
        var alone = Bias.GetProperty(property);

        foreach (var name in (string[])["estimate", "lower", "upper"]) Equal(alone.GetProperty(name).GetDouble(), row, name);
    }

    [Fact]
    public void What_few_studies_cannot_show_says_what_is_better()
    {
        var few = StudyEffects.Create([0.30, 0.10], [0.01, 0.02], EffectMeasure.FisherZ);

        var without = Section(Inquiry.Of(RandomEffects.Fit(few))).GetProperty("notComputed").EnumerateArray().ToList();

        Assert.Contains(without, n => n.GetProperty("method").GetString() == "Egger's regression");
        Assert.All(without.Where(n => n.GetProperty("reason").GetString()!.Contains("needs at least", StringComparison.Ordinal)),
            n => Assert.Contains(n.GetProperty("method").GetString() == "z-curve" ? "p-curve needs fewer" : "search registers", n.GetProperty("reason").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Readers_of_the_text_find_the_warnings_of_the_object()
    {
        var effects = StudyEffects.Create([0.30, 0.05, 0.42, 0.08, 0.51], [0.01, 0.02, 0.03, 0.025, 0.04], EffectMeasure.StandardizedMeanDifference);
        var answers = Questions.Ask(Inquiry.Of(RandomEffects.Fit(effects)) with { Said = Everything });
        var text = PlainTextWriter.Write(new Document(answers.SelectMany(a => a.Blocks)));

        foreach (var warning in answers.Where(a => a.Section is not null).SelectMany(a => a.Warnings)) Assert.Contains(warning, text, StringComparison.Ordinal);
        // Once, with every method that it belongs to.
        Assert.Equal(2, text.Split("The standard error of Standardized mean difference (SMD) depends on the effect itself").Length);
    }

    [Fact]
    public void Words_agree_with_their_numbers()
    {
        var effects = StudyEffects.Create([0.30, 0.05, 0.02, 0.08], [0.01, 0.02, 0.03, 0.025], EffectMeasure.FisherZ);
        var text = PlainTextWriter.Write(new Document(Questions.Ask(Inquiry.Of(RandomEffects.Fit(effects)) with { Said = Everything }).SelectMany(a => a.Blocks)));

        Assert.Contains("1 of 4 results is affirmative", text, StringComparison.Ordinal);
        Assert.Contains("Shares of the 1 significant result (of 4)", text, StringComparison.Ordinal);
    }

    private static OptionValues Everything => new(new Dictionary<string, object> { ["--bias"] = true });

    private static JsonElement Section(Inquiry inquiry)
    {
        using var output = new StringWriter();
        JsonReport.Write(Questions.Ask(inquiry with { Said = Everything }), [], output);
        return JsonDocument.Parse(output.ToString()).RootElement.GetProperty("publicationBias");
    }

    private static void Equal(double expected, JsonElement json, string name) => Assert.Equal(expected, json.GetProperty(name).GetDouble(), 1e-12 * Math.Max(1, Math.Abs(expected)));

    private static void Interval(double estimate, ConfidenceInterval interval, JsonElement json)
    {
        Equal(estimate, json, "estimate");
        Equal(interval.Lower, json, "lower");
        Equal(interval.Upper, json, "upper");
    }
}
