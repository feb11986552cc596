using System.Text.Json;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Golden;

/// <summary>models.json: what is asked of a meta-regression beside its coefficients.</summary>
public sealed class RegressionQuestionsTests
{
    [Fact]
    public void The_grids_of_cases_are_complete()
    {
        Assert.Equal(10, Reference.Models("regression").Count);
        Assert.Equal(["z", "t", "knha"], Reference.Models("predict").Select(Text("test")));
        Assert.Equal(Codings.Keys.Order(), Reference.Models("codings").Select(Text("what")).Order());
        Assert.Equal(["z", "knha"], Reference.Models("marginal").Select(Text("test")));
        Assert.Equal(3, Reference.Models("likelihoodRatio").Count);
        Assert.Equal(["EE", "REML", "GENQ"], Reference.Models("regressionWeights").Select(Text("method")));
        Assert.Equal(["HE", "HS", "HSk", "SJ", "PMM", "GENQ"], Reference.Models("regressionEstimators").Select(Text("method")));
        Assert.Equal(4, Reference.Models("kenwardRoger").Count(c => !FurtherModelsTests.WithoutModerators(c)));
    }

    [Fact]
    public void Term_tests_inflation_factors_and_predictions_agree() => Assert.All(Reference.Models("regression"), expected =>
    {
        var fit = MetaRegressionTests.Fit(Text("dataset")(expected), Text("mods")(expected), "REML", Text("test")(expected));
        // The reference's columns are R's, ours the same; its variance inflation is that of the covariance without Hartung and Knapp's scale, which cancels.
        Reference.AgreeAll([.. fit.VarianceInflationFactors().Select(v => v.Factor)], expected.GetProperty("vif"), 1e-7, "VIF");
        Reference.AgreeAll([.. fit.TermInflationFactors().Select(v => v.Factor)], expected.GetProperty("gvif"), 1e-7, "GVIF");
        Reference.AgreeAll([.. fit.TermTests.Select(t => t.Test.Statistic)], Values(expected, "terms", "QM"), 1e-7, "QM of terms");
        Reference.AgreeAll([.. fit.TermTests.Select(t => t.Test.PValue)], Values(expected, "terms", "p"), 1e-7, "p of terms");
        var predictions = fit.Predictions();
        Reference.AgreeAll([.. predictions.Select(p => p.Estimate)], expected.GetProperty("pred"), 1e-8, "predicted");
        Reference.AgreeAll([.. predictions.Select(p => p.Estimate)], JsonSerializer.SerializeToElement(fit.FittedValues), 1e-15, "fitted");
        Reference.AgreeAll([.. predictions.Select(p => p.StandardError)], expected.GetProperty("se"), 1e-7, "se");
        Check(predictions, expected, 1e-7);
    });

    [Fact]
    public void A_prediction_at_new_values_agrees() => Assert.All(Reference.Models("predict"), expected =>
    {
        var fit = MetaRegressionTests.Fit("bcg", "~ ablat + year", "REML", Text("test")(expected));
        var prediction = fit.Predict(new() { ["ablat"] = 30, ["year"] = 1970 });
        Reference.Agree(prediction.Estimate, expected.GetProperty("pred"), 1e-8, "predicted");
        Reference.Agree(prediction.StandardError, expected.GetProperty("se"), 1e-8, "se");
        Check([prediction], expected, 1e-8);
        // The same at a centred and scaled moderator, asked in the column's own units.
        var moderators = Moderator.Number("ablat").Centered().Scaled() + Moderator.Number("year").CenteredAt(1948).ScaledBy(10);
        var same = MetaRegression.Fit(Reference.Load("bcg"), moderators, new() { Inference = FitsTests.InferenceOf(Text("test")(expected)) })
            .Predict(new() { ["ablat"] = 30, ["year"] = 1970 });
        Check([same], expected, 1e-8);
    });

    private static readonly Dictionary<string, Moderator> Codings = new()
    {
        ["sum"] = Moderator.Category("type").SumContrasts() + Moderator.Category("struct").SumContrasts(),
        ["reference s"] = Moderator.Category("type", reference: "s"),
        ["centred, scaled"] = Moderator.Number("ablat").Centered().Scaled() + Moderator.Number("year").CenteredAt(1970),
        ["quadratic"] = Moderator.Number("ablat").Centered().Polynomial(2),
        ["alloc * ablat"] = Moderator.Category("alloc").Times(Moderator.Number("ablat").Centered()),
        ["spline 4"] = Moderator.Number("meanage").Spline(4),
        ["spline at 30 45 55"] = Moderator.Number("meanage").SplineAt(30, 45, 55),
    };

    [Fact]
    public void Codings_and_curves_agree() => Assert.All(Reference.Models("codings"), expected =>
    {
        var what = Text("what")(expected);
        var effects = Reference.Load(Text("dataset")(expected));
        // The reference dropped the rows without either moderator first.
        if (what == "reference s") effects = MetaRegression.Fit(effects, Codings["sum"]).Effects;
        var fit = MetaRegression.Fit(effects, Codings[what]);
        Reference.AgreeAll([.. fit.Coefficients.Select(c => c.Estimate)], expected.GetProperty("beta"), 1e-8, what + " beta");
        Reference.AgreeAll([.. fit.Coefficients.Select(c => c.StandardError)], expected.GetProperty("se"), 1e-8, what + " se");
        Reference.Agree(fit.ModeratorTest.Statistic, expected.GetProperty("QM"), 1e-7, what + " QM");
    });

    [Fact]
    public void Marginal_means_and_their_differences_agree() => Assert.All(Reference.Models("marginal"), expected =>
    {
        var fit = MetaRegression.Fit(Reference.Load("bcg"), Moderator.Category("alloc") + Moderator.Number("ablat"),
            new() { Inference = FitsTests.InferenceOf(Text("test")(expected)) });
        var means = fit.MarginalMeans("alloc");
        Assert.Equal(["alternate", "random", "systematic"], means.Select(m => m.Name));
        Ask(means, expected.GetProperty("means"));
        var pairs = fit.PairwiseContrasts("alloc");
        Assert.Equal(["random − alternate", "systematic − alternate", "systematic − random"], pairs.Select(p => p.Difference.Name));
        Ask([.. pairs.Select(p => p.Difference)], expected.GetProperty("differences"));
        Reference.AgreeAll([.. pairs.Select(p => p.AdjustedPValue)], expected.GetProperty("differences").GetProperty("holm"), 1e-7, "Holm");
        var contrast = fit.Contrast(new() { ["alloc"] = "random", ["ablat"] = 20 }, new() { ["alloc"] = "alternate", ["ablat"] = 20 });
        Reference.Agree(contrast.PValue, pairs[0].Difference.PValue, 1e-9, "contrast");

        static void Ask(IReadOnlyList<Coefficient> actual, JsonElement expected)
        {
            Reference.AgreeAll([.. actual.Select(c => c.Estimate)], expected.GetProperty("estimate"), 1e-8, "estimate");
            Reference.AgreeAll([.. actual.Select(c => c.StandardError)], expected.GetProperty("se"), 1e-8, "se");
            Reference.AgreeAll([.. actual.Select(c => c.PValue)], expected.GetProperty("p"), 1e-7, "p");
        }
    });

    [Fact]
    public void Likelihood_ratio_tests_agree() => Assert.All(Reference.Models("likelihoodRatio"), expected =>
    {
        var dataset = Text("dataset")(expected);
        var full = MetaRegressionTests.Fit(dataset, Text("full")(expected), "ML", "z");
        var test = Text("reduced")(expected) == "~ 1"
            ? full.CompareWith(FitsTests.Fit(full.Effects, "ML"))
            : full.CompareWith(MetaRegressionTests.Fit(dataset, Text("reduced")(expected), "ML", "z"));
        Reference.Agree(test.Statistic, expected.GetProperty("LRT"), 1e-7, "LRT");
        Assert.Equal(expected.GetProperty("df").GetInt32(), test.DegreesOfFreedom);
        Reference.Agree(test.PValue, expected.GetProperty("p"), 1e-7, "p");
    });

    [Fact]
    public void Own_weights_agree() => Assert.All(Reference.Models("regressionWeights"), expected =>
    {
        var effects = Reference.Load("bcg");
        var fit = MetaRegression.Fit(effects, MetaRegressionTests.ModeratorsOf("bcg", "~ ablat + year"), new()
        {
            TauSquared = FitsTests.EstimatorOf(Text("method")(expected)),
            Weights = [.. effects.Variances.Select(v => 1 / Math.Sqrt(v))],
        });
        Reference.Agree(fit.TauSquared, expected.GetProperty("tau2"), 1e-7, "tau2");
        Reference.AgreeAll([.. fit.Coefficients.Select(c => c.Estimate)], expected.GetProperty("beta"), 1e-8, "beta");
        Reference.AgreeAll([.. fit.Coefficients.Select(c => c.StandardError)], expected.GetProperty("se"), 1e-8, "se");
        Reference.Agree(fit.ModeratorTest.Statistic, expected.GetProperty("QM"), 1e-7, "QM");
        Reference.Agree(100 * fit.RSquared!.Value, expected.GetProperty("R2"), 1e-6, "R2");
        Reference.Agree(fit.FitStatistics.LogLikelihood, expected.GetProperty("logLik"), 1e-8, "log-likelihood");
    });

    [Fact]
    public void Every_estimator_agrees_with_moderators() => Assert.All(Reference.Models("regressionEstimators"), expected =>
    {
        var fit = MetaRegressionTests.Fit("bcg", "~ ablat + year", Text("method")(expected), "z");
        Reference.Agree(fit.TauSquared, expected.GetProperty("tau2"), 1e-7, "tau2");
        Reference.Agree(fit.TauSquaredStandardError!.Value, expected.GetProperty("se_tau2"), 1e-7, "se of tau2");
        Reference.AgreeAll([.. fit.Coefficients.Select(c => c.Estimate)], expected.GetProperty("beta"), 1e-8, "beta");
        Reference.AgreeAll([.. fit.Coefficients.Select(c => c.StandardError)], expected.GetProperty("se"), 1e-8, "se");
    });

    [Fact]
    public void Kenward_Roger_agrees_with_its_matrix_form() =>
        Assert.All(Reference.Models("kenwardRoger").Where(c => !FurtherModelsTests.WithoutModerators(c)), expected =>
        {
            var moderators = MetaRegressionTests.ModeratorsOf(Text("dataset")(expected), Text("mods")(expected));
            var fit = MetaRegression.Fit(Reference.Load(Text("dataset")(expected)), moderators, new() { Inference = Inference.KenwardRoger });
            Reference.AgreeAll([.. fit.Coefficients.Select(c => c.StandardError)], expected.GetProperty("se"), 1e-7, "se");
            Reference.AgreeAll([.. fit.Coefficients.Select(c => c.DegreesOfFreedom!.Value)], expected.GetProperty("df"), 1e-6, "df");
            Reference.AgreeAll([.. fit.Coefficients.Select(c => c.PValue)], expected.GetProperty("pval"), 1e-6, "p");
            var omnibus = expected.GetProperty("omnibus");
            Reference.Agree(fit.ModeratorTest.Statistic, omnibus.GetProperty("F"), 1e-6, "F");
            Reference.Agree(fit.ModeratorTest.DenominatorDegreesOfFreedom!.Value, omnibus.GetProperty("df2"), 1e-6, "df2");
            Reference.Agree(fit.ModeratorTest.PValue, omnibus.GetProperty("p"), 1e-6, "p of F");
        });

    private static void Check(IReadOnlyList<Prediction> actual, JsonElement expected, double tolerance)
    {
        Reference.AgreeAll([.. actual.Select(p => p.ConfidenceInterval.Lower)], expected.GetProperty("ci_lb"), tolerance, "ci.lb");
        Reference.AgreeAll([.. actual.Select(p => p.ConfidenceInterval.Upper)], expected.GetProperty("ci_ub"), tolerance, "ci.ub");
        Reference.AgreeAll([.. actual.Select(p => p.PredictionInterval!.Value.Lower)], expected.GetProperty("pi_lb"), tolerance, "pi.lb");
        Reference.AgreeAll([.. actual.Select(p => p.PredictionInterval!.Value.Upper)], expected.GetProperty("pi_ub"), tolerance, "pi.ub");
    }

    private static JsonElement Values(JsonElement element, string list, string property) =>
        JsonSerializer.SerializeToElement(element.GetProperty(list).EnumerateArray().Select(e => e.GetProperty(property).GetDouble()));

    private static Func<JsonElement, string> Text(string property) => FurtherModelsTests.Text(property);
}
