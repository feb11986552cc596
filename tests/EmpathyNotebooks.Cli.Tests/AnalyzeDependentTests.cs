using System.Text.Json;
using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Cli.Tests;

/// <summary>Robust variance estimation and the studies of multilevel models on the command line.</summary>
public sealed class AnalyzeDependentTests
{
    private static readonly string TannerSmith = Repository.PathTo("tests", "golden", "metafor", "data", "tannersmith2016.csv");
    private static readonly string Konstantopoulos = Repository.PathTo("tests", "golden", "metafor", "data", "konstantopoulos2011.csv");
    private static readonly string[] Given = ["--yi", "yi", "--vi", "vi"];

    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    [Theory]
    [InlineData("corr", 0.8)]
    [InlineData("corr", 0.3)]
    [InlineData("hier", 0.8)]
    public async Task Weights_of_robumeta_are_a_model(string model, double rho)
    {
        var kind = model == "corr" ? "CORR" : "HIER";
        string[] assumed = rho == 0.8 ? [] : ["--rho", "0.3"];
        var json = await Json([TannerSmith, .. Given, "--cluster", "studyid", "--model", model, .. assumed]);
        var fit = RobustVarianceModel.Fit(StudyTable.Read(TannerSmith).Effects("yi", vi: "vi", label: StudyLabel.Numbered), "studyid",
            model == "corr" ? WorkingModel.Correlated : WorkingModel.Hierarchical, options: new() { SamplingCorrelation = rho });
        Assert.Equal(kind, json.GetProperty("method").GetString());
        Assert.Equal(fit.Coefficients[0].StandardError, Number(json.GetProperty("coefficients")[0], "standardError"));
        Assert.Equal(fit.Coefficients[0].DegreesOfFreedom, Number(json.GetProperty("coefficients")[0], "degreesOfFreedom"));
        Assert.Equal(fit.TauSquared, Number(json.GetProperty("heterogeneity"), "tauSquared"));
        Assert.Equal(fit.OmegaSquared is not null, json.GetProperty("heterogeneity").TryGetProperty("omegaSquared", out _));
        Assert.Equal(fit.Robust.Predict().PredictionInterval!.Value.Lower, Number(json.GetProperty("predictionInterval"), "lower"));
        Assert.Equal("CR2", json.GetProperty("robust").GetProperty("type").GetString());
        Assert.Equal(1, json.GetProperty("studies").EnumerateArray().Sum(s => Number(s, "weight")!.Value), 1e-12);
    }

    [Fact]
    public async Task Robust_variance_estimation_has_one_table_for_people()
    {
        Assert.Equal(EmpathyCommand.Success, await Run([TannerSmith, .. Given, "--cluster", "studyid", "--model", "hier", "--moderator", "propmale"]));
        var text = _output.ToString();
        Assert.Contains("Robust variance estimation (hierarchical effects, CR2)", text, StringComparison.Ordinal);
        Assert.Contains("propmale", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Cluster-robust inference", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--method DL is not defined for --model corr", "--model", "corr", "--method", "DL")]
    [InlineData("--test knha is not defined for --model hier", "--model", "hier", "--test", "knha")]
    [InlineData("has no other inference than the robust one", "--model", "corr", "--robust", "none")]
    [InlineData("--rho needs --model che, corr or aggregate", "--model", "hier", "--rho", "0.5")]
    [InlineData("--rho needs --model che, corr or aggregate", "--model", "multilevel", "--rho", "0.5")]
    [InlineData("--robust needs --model multilevel, che, corr or hier", "--model", "aggregate", "--robust", "none")]
    [InlineData("give one --cluster, whose values are independent", "--model", "corr", "--cluster", "propmale")]
    public async Task A_choice_that_robust_variance_estimation_does_not_have_is_named(string expected, params string[] options)
    {
        Assert.Equal(EmpathyCommand.BadInput, await Run([TannerSmith, .. Given, "--cluster", "studyid", .. options]));
        Assert.Contains(expected, _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Studies_of_multilevel_models_have_weights_leverages_and_deletions()
    {
        var json = await Json([Konstantopoulos, .. Given, "--cluster", "district", "--model", "multilevel"]);
        var fit = MultilevelModel.Fit(StudyTable.Read(Konstantopoulos).Effects("yi", vi: "vi"), ["district", MultilevelModel.EachEffect]);
        var rows = fit.Influence(MultilevelModel.EachEffect);
        var studies = json.GetProperty("studies").EnumerateArray().ToList();
        Assert.Equal(fit.Count, studies.Count);
        Assert.Equal(fit.Estimate!.Value, studies.Sum(s => Number(s, "weight")!.Value * Number(s, "yi")!.Value), 1e-12);
        for (var i = 0; i < studies.Count; i++)
        {
            Assert.Equal(fit.HatValues[i], Number(studies[i], "hat")!.Value, 1e-12);
            Assert.Equal(rows[i].CookDistance!.Value, Number(studies[i], "cookDistance")!.Value, 1e-10);
            Assert.Equal(rows[i].Residuals[0].Studentized, Number(studies[i], "rStudent")!.Value, 1e-10);
            Assert.Equal(rows[i].Coefficients[0], Number(studies[i], "leaveOneOutEstimate")!.Value, 1e-10);
            Assert.Equal(rows[i].DfBetas[0], studies[i].GetProperty("dfBetas")[0].GetDouble(), 1e-10);
        }
    }

    [Fact]
    public async Task Many_effects_of_a_multilevel_model_are_left_out_one_by_one_only_when_asked()
    {
        var json = await Json([TannerSmith, .. Given, "--cluster", "studyid"]);
        Assert.Null(Number(json.GetProperty("studies")[0], "cookDistance"));
        Assert.NotNull(Number(json.GetProperty("studies")[0], "weight"));
        Assert.Contains("Ask for it with --influence", _error.ToString(), StringComparison.Ordinal);
    }

    private static double? Number(JsonElement element, string name) => element.GetProperty(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;

    private Task<int> Run(params string[] arguments) => EmpathyCommand.InvokeAsync(["analyze", .. arguments], _output, _error);

    private async Task<JsonElement> Json(params string[] arguments)
    {
        var code = await Run([.. arguments, "--json"]);
        Assert.True(code == EmpathyCommand.Success, _error.ToString());
        return JsonDocument.Parse(_output.ToString()).RootElement;
    }
}
