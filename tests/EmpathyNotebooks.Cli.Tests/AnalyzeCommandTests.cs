using System.Text.Json;
using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Cli.Tests;

/// <summary>The verb <c>analyze</c>: what it prints for people, for programs, and when the input is at fault.</summary>
public sealed class AnalyzeCommandTests : IDisposable
{
    private static readonly string Molloy = Repository.PathTo("data", "molloy2014.csv");
    private static readonly string Bcg = Repository.PathTo("tests", "golden", "metafor", "data", "bcg.csv");

    private readonly string _folder = Directory.CreateTempSubdirectory("empathy-analyze-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Json_is_one_object_with_the_numbers_of_the_library()
    {
        var json = await Json(Molloy, "--ri", "ri", "--ni", "ni", "--measure", "ZCOR");
        var fit = RandomEffects.Fit(Datasets.Molloy2014().Correlations());
        var influence = fit.Influence();

        Assert.Equal(("ZCOR", "REML", "knha"), (Text(json, "measure"), Text(json, "method"), Text(json, "test")));
        Assert.Equal((0.95, 16, 1), (Number(json, "level"), Number(json, "k"), Number(json, "p")));
        var coefficient = Assert.Single(json.GetProperty("coefficients").EnumerateArray());
        Assert.Equal(fit.Estimate, Number(coefficient, "estimate"));
        Assert.Equal(fit.StandardError, Number(coefficient, "standardError"));
        Assert.Equal(fit.Statistic, Number(coefficient, "statistic"));
        Assert.Equal(15, Number(coefficient, "degreesOfFreedom"));
        Assert.Equal(fit.PValue, Number(coefficient, "pValue"));
        Assert.Equal(fit.ConfidenceInterval.Lower, Number(coefficient, "lower"));
        Assert.Equal(fit.ConfidenceInterval.Upper, Number(coefficient, "upper"));
        Assert.Equal(fit.PredictionInterval!.Value.Upper, Number(json.GetProperty("predictionInterval"), "upper"));

        var heterogeneity = json.GetProperty("heterogeneity");
        Assert.Equal(fit.TauSquared, Number(heterogeneity, "tauSquared"));
        Assert.Equal(fit.TauSquaredStandardError, Number(heterogeneity, "tauSquaredStandardError"));
        Assert.Equal(fit.Heterogeneity.ISquared, Number(heterogeneity, "iSquared"));
        Assert.Equal(fit.Heterogeneity.HSquared, Number(heterogeneity, "hSquared"));
        Assert.Equal(fit.Heterogeneity.Q.Statistic, Number(heterogeneity, "q"));
        Assert.Equal(15, Number(heterogeneity, "qDegreesOfFreedom"));
        Assert.Equal(fit.Heterogeneity.Q.PValue, Number(heterogeneity, "qPValue"));
        Assert.Null(Number(heterogeneity, "rSquared"));
        Assert.Equal(fit.Heterogeneity.TauSquaredInterval!.Value.Lower, Number(heterogeneity.GetProperty("tauSquaredInterval"), "lower"));
        Assert.Equal(fit.Heterogeneity.ISquaredInterval!.Value.Upper, Number(heterogeneity.GetProperty("iSquaredInterval"), "upper"));
        Assert.Equal(JsonValueKind.Null, json.GetProperty("moderatorTest").ValueKind);
        var statistics = json.GetProperty("fitStatistics");
        Assert.Equal((fit.FitStatistics.LogLikelihood, fit.FitStatistics.Aic, fit.FitStatistics.Bic, fit.FitStatistics.Aicc),
            (Number(statistics, "logLikelihood"), Number(statistics, "aic"), Number(statistics, "bic"), Number(statistics, "aicc")));

        var studies = json.GetProperty("studies").EnumerateArray().ToList();
        Assert.Equal(16, studies.Count);
        for (var i = 0; i < studies.Count; i++)
        {
            Assert.Equal(fit.Effects.Labels[i], Text(studies[i], "label"));
            Assert.Equal((fit.Effects.Effects[i], fit.Effects.Variances[i]), (Number(studies[i], "yi"), Number(studies[i], "vi")));
            Assert.Equal(fit.Weights[i], Number(studies[i], "weight"));
            Assert.Equal(influence.Rows[i].StudentizedResidual, Number(studies[i], "rStudent"));
            Assert.Equal(influence.Rows[i].CookDistance, Number(studies[i], "cookDistance"));
            Assert.Equal(influence.Rows[i].Hat, Number(studies[i], "hat"));
            Assert.Equal(influence.Rows[i].EstimatesWithout[0], Number(studies[i], "leaveOneOutEstimate"));
            Assert.Equal(influence.Rows[i].TauSquaredWithout, Number(studies[i], "leaveOneOutTauSquared"));
        }
    }

    [Fact]
    public async Task Moderators_are_categories_or_numbers_by_what_they_hold()
    {
        var json = await Json(Bcg, "--yi", "yi", "--vi", "vi", "--method", "ML", "--test", "z", "--moderator", "alloc", "--moderator", "ablat");
        var fit = MetaRegression.Fit(StudyTable.Read(Bcg).Effects("yi", vi: "vi", label: "trial"),
            Moderator.Category("alloc") + Moderator.Number("ablat"),
            new() { TauSquared = TauSquaredEstimator.MaximumLikelihood, Inference = Inference.Normal });
        Assert.Equal(fit.Coefficients.Select(c => (c.Name, (double?)c.Estimate)),
            json.GetProperty("coefficients").EnumerateArray().Select(c => (Text(c, "name"), Number(c, "estimate"))));
        Assert.Equal(4, Number(json, "p"));
        Assert.Equal(JsonValueKind.Null, json.GetProperty("predictionInterval").ValueKind);
        Assert.Equal(fit.RSquared, Number(json.GetProperty("heterogeneity"), "rSquared"));
        Assert.Equal(fit.ModeratorTest.Statistic, Number(json.GetProperty("moderatorTest"), "statistic"));
        Assert.Equal([3], json.GetProperty("moderatorTest").GetProperty("degreesOfFreedom").EnumerateArray().Select(d => d.GetInt32()));
        Assert.Null(Number(json.GetProperty("studies")[0], "leaveOneOutEstimate"));
        Assert.Equal(fit.TermTests.Select(t => (t.Term, (double?)t.Test.Statistic)), json.GetProperty("termTests").EnumerateArray().Select(t => (Text(t, "name"), Number(t, "statistic"))));
        Assert.Equal(fit.VarianceInflationFactors().Select(f => (double?)f.Factor), json.GetProperty("varianceInflation").EnumerateArray().Select(f => Number(f, "factor")));
    }

    [Fact]
    public async Task What_an_equal_effects_model_has_not_is_null()
    {
        var json = await Json(Bcg, "--yi", "yi", "--vi", "vi", "--method", "EE");
        Assert.Equal("z", Text(json, "test"));
        Assert.Equal(JsonValueKind.Null, json.GetProperty("predictionInterval").ValueKind);
        Assert.Null(Number(json.GetProperty("heterogeneity"), "tauSquaredStandardError"));
        Assert.Null(Number(json.GetProperty("studies")[0], "leaveOneOutTauSquared"));
        Assert.NotNull(Number(json.GetProperty("studies")[0], "leaveOneOutEstimate"));
    }

    [Fact]
    public async Task Two_studies_have_a_fit_but_nothing_to_leave_out()
    {
        var json = await Json(Write("study,r,n\na,0.1,50\nb,0.4,80\n"));
        Assert.Equal(2, Number(json, "k"));
        Assert.Null(Number(json.GetProperty("studies")[0], "cookDistance"));
        Assert.Contains("measure ZCOR", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("ri = column r", _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OR")]
    [InlineData("RR")]
    [InlineData("RD")]
    public async Task Effects_are_computed_from_named_columns(string measure)
    {
        var file = Repository.PathTo("tests", "golden", "metafor", "data", "bcg-2x2.csv");
        var json = await Json(file, "--measure", measure);
        var table = StudyTable.Read(file);
        var effects = table.EffectSizes(EffectMeasure.FromCode(measure),
            new Dictionary<string, string> { ["ai"] = "ai", ["bi"] = "bi", ["ci"] = "ci", ["di"] = "di" }, StudyLabel.Numbered);
        Assert.Equal(RandomEffects.Fit(effects).Estimate, Number(json.GetProperty("coefficients")[0], "estimate"));
        Assert.Equal("Study 1", Text(json.GetProperty("studies")[0], "label"));
    }

    [Theory]
    [InlineData("multilevel", 0)]
    [InlineData("che", 0.6, "--rho", "0.6")]
    public async Task Clusters_have_variances_and_robust_inference(string model, double rho, params string[] said)
    {
        var file = Repository.PathTo("tests", "golden", "metafor", "data", "konstantopoulos2011.csv");
        var json = await Json([file, "--yi", "yi", "--vi", "vi", "--cluster", "district", "--model", model, .. said, "--test", "z", "--robust", "CR1"]);
        var effects = StudyTable.Read(file).Effects("yi", vi: "vi", label: "study");
        var fit = MultilevelModel.Fit(effects, ["district", MultilevelModel.EachEffect], rho, new() { Inference = Inference.Normal });
        Assert.Equal(fit.Coefficients[0].Estimate, Number(json.GetProperty("coefficients")[0], "estimate"));
        var components = json.GetProperty("varianceComponents").EnumerateArray().ToList();
        Assert.Equal(fit.VarianceComponents.Select(c => (c.Level, (double?)c.SigmaSquared, (double?)c.SigmaSquaredInterval.Lower, (double?)c.GroupCount)),
            components.Select(c => (Text(c, "level"), Number(c, "sigmaSquared"), Number(c, "lower"), Number(c, "groups"))));
        var robust = json.GetProperty("robust");
        Assert.Equal("CR1", Text(robust, "type"));
        Assert.Equal(fit.Robust(SmallSampleCorrection.CR1).Coefficients[0].StandardError, Number(robust.GetProperty("coefficients")[0], "standardError"));
        Assert.Null(Number(json.GetProperty("heterogeneity"), "tauSquared"));
    }

    [Fact]
    public async Task A_mean_below_every_effect_is_said_with_the_reason_for_people_and_in_json()
    {
        var file = Write("id,es,yi,vi\nA,1,0.20,0.001\nA,2,0.60,0.100\nB,3,0.25,0.002\nB,4,0.70,0.150\nC,5,0.22,0.001\nC,6,0.80,0.090\nD,7,0.24,0.002\nD,8,0.90,0.120\n");
        var json = await Json(file, "--cluster", "id", "--effect", "es");
        const string Note = "The mean effect lies below every one of its effects";
        Assert.Contains(json.GetProperty("warnings").EnumerateArray(), w => w.GetString()!.StartsWith(Note, StringComparison.Ordinal));
        Assert.Equal(EmpathyCommand.Success, await Run(file, "--cluster", "id", "--effect", "es"));
        Assert.Contains(Note, _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("count negatively", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clusters_can_be_averaged_first()
    {
        var file = Repository.PathTo("data", "empathy-effects-simulated.csv");
        var json = await Json(file, "--ri", "r", "--ni", "n", "--cluster", "sample", "--model", "aggregate", "--rho", "0.5");
        var fit = RandomEffects.Fit(Datasets.EmpathyEffectsSimulated().Correlations().AverageWithin("sample", 0.5));
        Assert.Equal(fit.Estimate, Number(json.GetProperty("coefficients")[0], "estimate"));
        Assert.Equal(82, Number(json, "k"));
        Assert.Contains("effects of one sample numbered", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("robust").ValueKind);
        Assert.Empty(json.GetProperty("varianceComponents").EnumerateArray());
    }

    [Fact]
    public async Task Shown_for_people_clusters_have_their_tables()
    {
        Assert.Equal(EmpathyCommand.Success, await Run(Repository.PathTo("data", "empathy-effects-simulated.csv"), "--ri", "r", "--ni", "n", "--cluster", "sample"));
        Assert.Contains("Multilevel model (REML), 263 effects in 82 groups of sample", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("Cluster-robust inference (CR2), 82 clusters of sample", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Zero_cells_need_a_rule_that_is_asked_for()
    {
        var file = Write("study,ai,bi,ci,di\na,0,10,4,6\nb,2,8,5,5\nc,3,7,4,6\n");
        Assert.Equal(EmpathyCommand.BadInput, await Run(file, "--measure", "OR"));
        Assert.Contains("studies.csv, row 2 (\"a\")", _error.ToString(), StringComparison.Ordinal);
        var json = await Json(file, "--measure", "OR", "--zero-cells", "where-zero");
        Assert.Equal(Math.Log(0.5 * 6.5 / (10.5 * 4.5)), Number(json.GetProperty("studies")[0], "yi")!.Value, 1e-12);
        Assert.Equal(Math.Log(2.0 * 5 / (8 * 5)), Number(json.GetProperty("studies")[1], "yi")!.Value, 1e-12);
    }

    [Fact]
    public async Task Shown_for_people_it_is_a_table()
    {
        Assert.Equal(EmpathyCommand.Success, await Run(Molloy, "--level", "90"));
        Assert.Contains("Random-effects model (REML, Hartung-Knapp inference), k = 16, N = 3,509", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("90% CI", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("Heterogeneity", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("Taken from the header: measure ZCOR", _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("study,r,n\na,0.1,50\nb,1.4,80\n", "studies.csv, row 3 (\"b\"), column r: \"1.4\" must be a correlation between -1 and 1, both excluded")]
    [InlineData("study,r,n\na,0.1,50\nb,0.4,3\n", "column n: \"3\" must be a sample size of at least 4")]
    [InlineData("study,r,n\na,0.1,50\na,0.4,30\n", "Rows share a study: study names 1 study in 2 rows.")]
    [InlineData("study,r,n\na,0.1,50\na,0.4,30\n", "--independent if no two rows share people")]
    [InlineData("study,r,n\na,0.1,50\n", "A random-effects model needs at least 2 studies; there is 1.")]
    [InlineData("study,x,w\na,0.1,50\nb,0.2,20\n", "The columns do not show what to pool")]
    public async Task A_fault_of_the_data_is_named(string text, string expected)
    {
        Assert.Equal(EmpathyCommand.BadInput, await Run(Write(text), "--json"));
        Assert.Equal("", _output.ToString());
        Assert.Contains(expected, _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("there is no such value. There are: EE, FE, REML", "--method", "MLE")]
    [InlineData("there is no such value. There are: z, t, knha", "--test", "chi")]
    [InlineData("give a percentage such as 95", "--level", "100")]
    [InlineData("did you mean \"quality\"?", "--moderator", "qualty")]
    [InlineData("did you mean \"ri\"?", "--ri", "rii")]
    [InlineData("ZKOR", "--measure", "ZKOR")]
    [InlineData("SMD needs the columns", "--measure", "SMD")]
    [InlineData("give a correlation from 0 to below 1", "--cluster", "authors", "--rho", "1")]
    [InlineData("multilevel models are fitted by REML or ML", "--cluster", "authors", "--method", "DL")]
    [InlineData("give one --cluster", "--cluster", "authors", "--cluster", "year", "--model", "aggregate")]
    public async Task A_fault_of_an_option_is_named(string expected, params string[] options)
    {
        Assert.Equal(EmpathyCommand.BadInput, await Run([Molloy, .. options]));
        Assert.Contains(expected, _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named()
    {
        Assert.Equal(EmpathyCommand.BadInput, await Run("nowhere.csv"));
        Assert.Equal("nowhere.csv: there is no such file.", _error.ToString().Trim());
    }

    private Task<int> Run(params string[] arguments) => EmpathyCommand.InvokeAsync(["analyze", .. arguments], _output, _error);

    private async Task<JsonElement> Json(params string[] arguments)
    {
        var code = await Run([.. arguments, "--json"]);
        Assert.True(code == EmpathyCommand.Success, _error.ToString());
        return JsonDocument.Parse(_output.ToString()).RootElement;
    }

    private string Write(string text)
    {
        var file = Path.Combine(_folder, "studies.csv");
        File.WriteAllText(file, text);
        return file;
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static double? Number(JsonElement element, string name) =>
        element.GetProperty(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;
}
