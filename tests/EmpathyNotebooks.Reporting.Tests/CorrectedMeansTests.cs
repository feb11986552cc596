using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting.Tests;

/// <summary>Means corrected for small-study effects and selection, as <c>--bias</c> says them.</summary>
public sealed class CorrectedMeansTests
{
    [Fact]
    public void Independent_effects_have_the_numbers_of_the_engine()
    {
        var inquiry = Fits.Ask("random effects", ("--bias", true));
        var fit = (PooledFit)inquiry.Fit!;
        var (bias, text) = Said(inquiry);

        Regression(fit.Pet(), bias.GetProperty("pet"));
        Regression(fit.Peese(), bias.GetProperty("peese"));
        var chosen = fit.PetPeese();
        Assert.Equal(chosen.Chosen.Method, bias.GetProperty("petPeese").GetProperty("chosen").GetString());
        Interval(chosen.Estimate, bias.GetProperty("petPeese"));
        Interval(fit.Uwls().Estimate, bias.GetProperty("uwls"));
        Assert.Equal(12, bias.GetProperty("uwls").GetProperty("k").GetInt32());
        Interval(fit.Waap().Estimate, bias.GetProperty("waap"));
        Assert.Equal(fit.Waap().Count, bias.GetProperty("waap").GetProperty("k").GetInt32());
        var limit = fit.LimitMetaAnalysis();
        Interval(limit.Estimate, bias.GetProperty("limit"));
        Assert.Equal(limit.Estimate.StandardError, bias.GetProperty("limit").GetProperty("standardError").GetDouble());
        Assert.Equal(limit.GSquared, bias.GetProperty("limit").GetProperty("gSquared").GetDouble());
        var analysis = fit.MathurVanderWeele();
        Assert.Equal(analysis.WorstCase.Estimate, bias.GetProperty("mathurVanderWeele").GetProperty("worstCase").GetDouble());
        var ratio = bias.GetProperty("mathurVanderWeele").GetProperty("selectionRatioToNull");
        Assert.Equal(analysis.RatioOfEstimate.Value, ratio.ValueKind == JsonValueKind.Null ? null : ratio.GetDouble());
        Assert.Contains(Math.Tanh(chosen.Estimate.Estimate).ToString(".00", System.Globalization.CultureInfo.InvariantCulture), text, StringComparison.Ordinal);
        Assert.False(bias.TryGetProperty("cheIscw", out _));
    }

    [Fact]
    public void Effects_that_share_samples_have_theirs_among_the_clustered()
    {
        var inquiry = Fits.Ask("multilevel", ("--bias", true));
        var fit = (MultilevelFit)inquiry.Fit!;
        var clustered = Said(inquiry).Bias.GetProperty("clustered");

        Regression(fit.Pet(), clustered.GetProperty("pet"));
        Regression(fit.Peese(), clustered.GetProperty("peese"));
        Interval(fit.PetPeese().Estimate, clustered.GetProperty("petPeese"));
        Interval(fit.InverseSamplingCovarianceMean().Estimate, clustered.GetProperty("cheIscw"));
        Assert.Equal(fit.MathurVanderWeele().WorstCase.Estimate, clustered.GetProperty("mathurVanderWeele").GetProperty("worstCase").GetDouble());
        Assert.False(clustered.TryGetProperty("uwls", out _));
    }

    /// <summary>At the end of a cell nothing else says where the data come from, and on which scale.</summary>
    [Fact]
    public void What_stands_alone_is_a_table_with_the_label_of_its_data_on_the_scale_that_readers_know()
    {
        var effects = StudyEffects.Create([0.61, 0.45, 0.52, 0.20, 0.38, 0.05, 0.33, 0.12, 0.28, 0.02], [0.040, 0.022, 0.055, 0.012, 0.020, 0.018, 0.015, 0.020, 0.014, 0.011], EffectMeasure.OddsRatio, origin: new DataOrigin(DataKind.Simulated, "ten trials"));
        var fit = RandomEffects.Fit(effects);
        var analysis = fit.MathurVanderWeele(new() { Target = Math.Log(1.1) });
        object[] results = [fit.EggerTest(), fit.TrimAndFill(), fit.WithSelection(SelectionFunction.Step(0.025)), fit.SelectionSensitivity(), fit.AdjustForBias(new() { AveragesModels = false }), analysis];
        Assert.All(results, result => Assert.Equal("Simulated data: ten trials", Assert.IsType<Table>(Answers.Say(result)).Label));

        var text = PlainTextWriter.Write(new Document([Answers.Say(analysis)]));
        Assert.Contains(EffectMeasure.OddsRatio.Format(Math.Exp(analysis.WorstCase.Estimate), 3), text, StringComparison.Ordinal);
        Assert.Contains("To move the mean to OR = 1.10", text, StringComparison.Ordinal);
        Assert.Equal(0.95, analysis.ConfidenceLevel);
    }

    [Fact]
    public void The_side_said_is_the_side_taken()
    {
        var inquiry = Fits.Ask("random effects", ("--bias", true), ("--alternative", "less"));
        var (bias, _) = Said(inquiry);
        var fit = (PooledFit)inquiry.Fit!;

        Assert.Equal(fit.PetPeese(new() { Alternative = Alternative.Less }).Chosen.Method, bias.GetProperty("petPeese").GetProperty("chosen").GetString());
        // No result is significant and below 0, which is said in place of an answer.
        Assert.Contains(bias.GetProperty("notComputed").EnumerateArray(), n => n.GetProperty("reason").GetString()!.Contains("no result is affirmative", StringComparison.Ordinal));
    }

    [Fact]
    public void An_equal_effects_model_says_why_it_has_no_limit_meta_analysis()
    {
        var (bias, _) = Said(Fits.Ask("equal effects", ("--bias", true)));

        Assert.Contains(bias.GetProperty("notComputed").EnumerateArray(), n => n.GetProperty("method").GetString() == "limit meta-analysis");
        Assert.True(bias.TryGetProperty("pet", out _));
    }

    private static (JsonElement Bias, string Text) Said(Inquiry inquiry)
    {
        var answers = Questions.Ask(inquiry);
        using var output = new StringWriter();
        JsonReport.Write(answers, [], output);
        return (JsonDocument.Parse(output.ToString()).RootElement.GetProperty("publicationBias"), PlainTextWriter.Write(new Document(answers.SelectMany(a => a.Blocks))));
    }

    private static void Regression(FunnelRegression expected, JsonElement json)
    {
        Assert.Equal(expected.Intercept.Estimate, json.GetProperty("estimate").GetDouble());
        Assert.Equal(expected.Intercept.StandardError, json.GetProperty("standardError").GetDouble());
        Assert.Equal(expected.Intercept.Statistic, json.GetProperty("statistic").GetDouble());
        Assert.Equal(expected.Intercept.PValue, json.GetProperty("pValue").GetDouble());
        Assert.Equal(expected.Slope.Estimate, json.GetProperty("slope").GetDouble());
        Assert.Equal(expected.Slope.StandardError, json.GetProperty("slopeStandardError").GetDouble());
        Assert.Equal(expected.Slope.PValue, json.GetProperty("slopePValue").GetDouble());
    }

    private static void Interval(Coefficient expected, JsonElement json)
    {
        Assert.Equal(expected.Estimate, json.GetProperty("estimate").GetDouble());
        Assert.Equal(expected.ConfidenceInterval.Lower, json.GetProperty("lower").GetDouble());
        Assert.Equal(expected.ConfidenceInterval.Upper, json.GetProperty("upper").GetDouble());
    }
}
