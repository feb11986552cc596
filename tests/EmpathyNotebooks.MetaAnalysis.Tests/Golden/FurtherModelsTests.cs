using System.Text.Json;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Golden;

/// <summary>models.json: models without moderators that fits.json does not have.</summary>
public sealed class FurtherModelsTests
{
    [Fact]
    public void The_grids_of_cases_are_complete()
    {
        Assert.Equal(Reference.Datasets, Reference.Models("twoStep").Select(Text("dataset")));
        Assert.Equal(from d in Reference.Datasets from m in new[] { "DL", "REML" } select (d, m),
            Reference.Models("adHoc").Select(c => (Text("dataset")(c), Text("method")(c))));
        Assert.Equal(from d in Reference.Datasets from m in new[] { "EE", "DL", "REML", "GENQ" } from t in new[] { "z", "knha" } select (d, m, t),
            Reference.Models("weights").Select(c => (Text("dataset")(c), Text("method")(c), Text("test")(c))));
        Assert.Equal(Reference.Datasets, Reference.Models("kenwardRoger").Where(WithoutModerators).Select(Text("dataset")));
    }

    [Fact]
    public void Two_step_DerSimonian_Laird_agrees_with_metafor() => Assert.All(Reference.Models("twoStep"), expected =>
    {
        var fit = RandomEffects.Fit(Reference.Load(Text("dataset")(expected)),
            new() { TauSquared = TauSquaredEstimator.TwoStepDerSimonianLaird, Inference = Inference.Normal });
        Assert.Equal("DL2", fit.MethodCode);
        Reference.Agree(fit.TauSquared, expected.GetProperty("tau2"), 1e-8, "tau2");
        Reference.Agree(fit.TauSquaredStandardError!.Value, expected.GetProperty("se_tau2"), 1e-8, "se of tau2");
        Reference.Agree(fit.Estimate, expected.GetProperty("beta"), 1e-8, "estimate");
        Reference.Agree(fit.StandardError, expected.GetProperty("se"), 1e-8, "se");
    });

    [Fact]
    public void Hartung_Knapp_ad_hoc_agrees_with_metafor() => Assert.All(Reference.Models("adHoc"), expected =>
        Check(FitsTests.Fit(Reference.Load(Text("dataset")(expected)), Text("method")(expected), "adhoc"), expected));

    [Fact]
    public void Own_weights_agree_with_metafor() => Assert.All(Reference.Models("weights"), expected =>
    {
        var effects = Reference.Load(Text("dataset")(expected));
        double[] weights = [.. effects.Variances.Select(v => 1 / Math.Sqrt(v))];
        var inference = FitsTests.InferenceOf(Text("test")(expected));
        var fit = FitsTests.EstimatorOf(Text("method")(expected)) is { } estimator
            ? RandomEffects.Fit(effects, new() { TauSquared = estimator, Inference = inference, Weights = weights })
            : EqualEffects.Fit(effects, new() { Inference = inference, Weights = weights });
        Check(fit, expected);
        Assert.Equal(1, fit.Weights.Sum(), 1e-12);
    });

    [Fact]
    public void Kenward_Roger_agrees_with_its_matrix_form() => Assert.All(Reference.Models("kenwardRoger").Where(WithoutModerators), expected =>
    {
        var fit = RandomEffects.Fit(Reference.Load(Text("dataset")(expected)), new() { Inference = Inference.KenwardRoger });
        Reference.Agree(fit.StandardError, expected.GetProperty("se"), 1e-8, "se");
        Reference.Agree(fit.DegreesOfFreedom!.Value, expected.GetProperty("df"), 1e-7, "df");
        Reference.Agree(fit.PValue, expected.GetProperty("pval"), 1e-6, "p");
    });

    [Fact]
    public void Fixed_effects_have_the_numbers_of_equal_effects_and_their_own_name()
    {
        var effects = Reference.Load("bcg");
        var (equal, fixedEffects) = (EqualEffects.Fit(effects), FixedEffects.Fit(effects));
        Assert.Equal(equal.ConfidenceInterval, fixedEffects.ConfidenceInterval);
        Assert.Equal(("EE", "FE"), (equal.MethodCode, fixedEffects.MethodCode));
        Assert.Equal("FE", fixedEffects.LeaveOneOut()[0].Fit.MethodCode);
    }

    private static void Check(PooledFit fit, JsonElement expected)
    {
        Reference.Agree(fit.TauSquared, expected.GetProperty("tau2"), 1e-7, "tau2");
        if (fit.IsRandomEffects) Reference.Agree(fit.TauSquaredStandardError!.Value, expected.GetProperty("se_tau2"), 1e-7, "se of tau2");
        Reference.Agree(fit.Estimate, expected.GetProperty("beta"), 1e-8, "estimate");
        Reference.Agree(fit.StandardError, expected.GetProperty("se"), 1e-8, "se");
        Reference.Agree(fit.PValue, expected.GetProperty("pval"), 1e-7, "p");
        Reference.Agree(fit.ConfidenceInterval.Lower, expected.GetProperty("ci_lb"), 1e-8, "ci.lb");
        Reference.Agree(fit.ConfidenceInterval.Upper, expected.GetProperty("ci_ub"), 1e-8, "ci.ub");
        Reference.Agree(fit.FitStatistics.LogLikelihood, expected.GetProperty("logLik"), 1e-8, "log-likelihood");
    }

    internal static Func<JsonElement, string> Text(string property) => c => c.GetProperty(property).GetString()!;

    internal static bool WithoutModerators(JsonElement c) => c.GetProperty("mods").ValueKind == JsonValueKind.Null;
}
