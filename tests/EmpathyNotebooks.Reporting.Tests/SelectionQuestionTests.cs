using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting.Tests;

/// <summary>Selection models as they are asked for and said.</summary>
public sealed class SelectionQuestionTests
{
    [Fact]
    public void All_shapes_are_asked_with_the_others_and_further_ones_by_name()
    {
        var json = Json(Fits.Ask("random effects", ("--bias", true), ("--selection", "step:0.05; trunc:0.1")));
        var models = json.GetProperty("publicationBias").GetProperty("selectionModels").EnumerateArray().ToList();

        Assert.Equal(["step", "step", "beta", "halfnorm", "negexp", "logistic", "power", "step", "trunc"], models.Select(m => m.GetProperty("type").GetString()));
        Assert.Equal([0.025, 0.5], models[1].GetProperty("steps").EnumerateArray().Select(s => s.GetDouble()));
        var fit = SelectionModel.Fit(Fits.Effects, SelectionFunction.Step(0.025));
        Assert.Equal(fit.Mean!.Value.Estimate, models[0].GetProperty("estimate").GetDouble(), 1e-12);
        Assert.Equal(fit.Mean.Value.StandardError, models[0].GetProperty("standardError").GetDouble(), 1e-12);
        Assert.Equal(fit.TauSquared, models[0].GetProperty("tauSquared").GetDouble(), 1e-12);
        Assert.Equal([1, fit.Parameters[0].Estimate], models[0].GetProperty("deltas").EnumerateArray().Select(s => s.GetDouble()));
        Assert.Equal(fit.LikelihoodRatio!.Statistic, models[0].GetProperty("likelihoodRatio").GetProperty("statistic").GetDouble(), 1e-12);
        Assert.Equal("greater", models[0].GetProperty("alternative").GetString());
    }

    [Fact]
    public void What_has_no_maximum_is_a_row_with_its_reason()
    {
        var fit = RandomEffects.Fit(StudyEffects.Create([0.6, 0.7, 0.5, 0.9, 0.8, 0.75], [0.01, 0.02, 0.01, 0.03, 0.02, 0.015]));
        var inquiry = Inquiry.Of(fit) with { Said = new OptionValues(new Dictionary<string, object> { ["--selection"] = "step:0.025; negexp" }) };
        var models = Json(inquiry).GetProperty("publicationBias").GetProperty("selectionModels");

        Assert.Equal(2, models.GetArrayLength());
        Assert.Equal(JsonValueKind.Null, models[0].GetProperty("estimate").ValueKind);
        Assert.Contains("falls to 0", models[0].GetProperty("reason").GetString(), StringComparison.Ordinal);
        var text = PlainTextWriter.Write(new Document(Questions.Ask(inquiry).SelectMany(a => a.Blocks)));
        Assert.Contains("falls to 0", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Effects_that_share_samples_have_robust_errors_and_a_bootstrap_in_an_object_of_their_own()
    {
        var models = Json(Fits.Ask("multilevel", ("--selection", "step:0.025"))).GetProperty("publicationBias").GetProperty("clustered").GetProperty("selectionModels");

        var fit = SelectionModel.Fit(Fits.Effects, SelectionFunction.Step(0.025), new() { Cluster = "sample" });
        Assert.Equal(fit.Mean!.Value.StandardError, models[0].GetProperty("standardError").GetDouble(), 1e-12);
        Assert.Equal(JsonValueKind.Null, models[0].GetProperty("likelihoodRatio").ValueKind);
        Assert.True(models[0].GetProperty("bootstrap").GetProperty("lower").GetDouble() < models[0].GetProperty("bootstrap").GetProperty("upper").GetDouble());
    }

    [Theory]
    [InlineData("step")]
    [InlineData("step:2")]
    [InlineData("step:x")]
    [InlineData("bell")]
    [InlineData("beta:0.9,0.1")]
    public void What_is_no_model_is_refused_with_what_would_be(string said)
    {
        var fault = Assert.Throws<QuestionException>(() => Questions.Ask(Fits.Ask("random effects", ("--selection", said))));
        Assert.StartsWith("--selection " + said, fault.Message, StringComparison.Ordinal);
        Assert.Contains("step:0.025,0.5", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("beta", SelectionShape.Beta, null)]
    [InlineData("beta:0.05,0.95", SelectionShape.Beta, null)]
    [InlineData("halfnorm:sei", SelectionShape.HalfNormal, "sei")]
    [InlineData("negexp:vi", SelectionShape.NegativeExponential, "vi")]
    [InlineData("logistic", SelectionShape.Logistic, null)]
    [InlineData("power:vi", SelectionShape.Power, "vi")]
    [InlineData("trunc", SelectionShape.Truncated, null)]
    [InlineData("truncest", SelectionShape.TruncatedAtEstimate, null)]
    public void A_model_that_is_said_is_the_model_that_is_fitted(string said, SelectionShape shape, string? precision)
    {
        var given = precision switch { "sei" => SelectionPrecision.StandardError, "vi" => SelectionPrecision.Variance, _ => SelectionPrecision.None };
        var function = shape switch
        {
            SelectionShape.Beta => said == "beta" ? SelectionFunction.Beta() : SelectionFunction.Beta(0.05, 0.95),
            SelectionShape.HalfNormal => SelectionFunction.HalfNormal(given),
            SelectionShape.NegativeExponential => SelectionFunction.NegativeExponential(given),
            SelectionShape.Logistic => SelectionFunction.Logistic(given),
            SelectionShape.Power => SelectionFunction.Power(given),
            SelectionShape.Truncated => SelectionFunction.Truncated(),
            _ => SelectionFunction.TruncatedAtEstimate(),
        };
        // The first effects of each sample: a model of its own has no bootstrap to wait for.
        var independent = Fits.Effects.Select([0, 2, 4, 6, 7, 8, 10, 11]);
        var inquiry = Inquiry.Of(RandomEffects.Fit(independent)) with { Said = new OptionValues(new Dictionary<string, object> { ["--selection"] = said }) };
        var model = Assert.Single(Json(inquiry).GetProperty("publicationBias").GetProperty("selectionModels").EnumerateArray());
        Assert.Equal((function.Code, precision), (model.GetProperty("type").GetString(), model.GetProperty("precision").GetString()));
        double? expected;
        try
        {
            expected = SelectionModel.Fit(independent, function).Mean!.Value.Estimate;
        }
        catch (UndeterminedException)
        {
            expected = null;
        }
        Assert.Equal(expected is null, model.GetProperty("estimate").ValueKind == JsonValueKind.Null);
        if (expected is { } mean) Assert.Equal(mean, model.GetProperty("estimate").GetDouble(), 1e-12);
    }

    [Fact]
    public void Precision_is_said_only_of_what_has_one() =>
        Assert.Contains("sei is no number", Assert.Throws<QuestionException>(() => Questions.Ask(Fits.Ask("random effects", ("--selection", "beta:sei")))).Message, StringComparison.Ordinal);

    private static JsonElement Json(Inquiry inquiry)
    {
        using var output = new StringWriter();
        JsonReport.Write(Questions.Ask(inquiry), [], output);
        return JsonDocument.Parse(output.ToString()).RootElement;
    }
}
