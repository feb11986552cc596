using System.Text.Json;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Golden;

/// <summary>models.json: subgroup analyses and location-scale models.</summary>
public sealed class GroupsAndScaleTests
{
    private static readonly Dictionary<string, (Moderator? Location, Moderator? Scale)> Models = new()
    {
        ["bcg"] = (Moderator.Number("ablat"), Moderator.Number("year")),
        ["mcdaniel1994"] = (null, Moderator.Category("struct")),
        ["konstantopoulos2011"] = (null, Moderator.Number("year").CenteredAt(1990)),
        ["raudenbush1985"] = (Moderator.Number("weeks"), null),
        ["tannersmith2016"] = (Moderator.Category("sexmix"), Moderator.Number("aget1")),
    };

    [Fact]
    public void The_grids_of_cases_are_complete()
    {
        Assert.Equal(
            from g in new[] { ("bcg", "alloc"), ("raudenbush1985", "setting"), ("mcdaniel1994", "type"), ("hackshaw1998", "design") }
            from t in new[] { "z", "knha" }
            select (g.Item1, g.Item2, t),
            Reference.Models("subgroups").Select(c => (Text(c, "dataset"), Text(c, "column"), Text(c, "test"))));
        Assert.Equal(
            from d in Models.Keys from m in new[] { "REML", "ML" } from t in new[] { "z", "knha" } select (d, m, t),
            Reference.Models("locationScale").Select(c => (Text(c, "dataset"), Text(c, "method"), Text(c, "test"))));
    }

    [Fact]
    public void Groups_with_a_tau_squared_each_agree() => Assert.All(Reference.Models("subgroups"), expected =>
    {
        var groups = Fit(expected, common: false);
        var separate = expected.GetProperty("separate");
        Assert.Equal(expected.GetProperty("levels").EnumerateArray().Select(l => l.GetString()), groups.Groups.Select(g => g.Name));
        Check(groups, separate);
        Reference.Agree(groups.Between!.Value.Statistic, separate.GetProperty("QB"), 1e-7, "Q between");
        Reference.Agree(groups.Between!.Value.PValue, separate.GetProperty("p"), 1e-7, "p");
        Assert.Equal(groups.Effects.Count, groups.Groups.Sum(g => g.Count));
        Assert.All(groups.Groups, g => Assert.Equal(g.Fit!.PredictionInterval, g.PredictionInterval));
    });

    [Fact]
    public void Groups_with_a_common_tau_squared_agree() => Assert.All(Reference.Models("subgroups"), expected =>
    {
        var groups = Fit(expected, common: true);
        var common = expected.GetProperty("common");
        Check(groups, JsonSerializer.SerializeToElement(new
        {
            tau2 = groups.Groups.Select(_ => common.GetProperty("tau2").GetDouble()),
            beta = common.GetProperty("beta"),
            se = common.GetProperty("se"),
        }));
        Reference.Agree(groups.Between!.Value.Statistic, common.GetProperty("QM"), 1e-7, "QM");
        Reference.Agree(groups.Between!.Value.PValue, common.GetProperty("p"), 1e-7, "p");
    });

    [Fact]
    public void Location_scale_models_agree() => Assert.All(Reference.Models("locationScale"), expected =>
    {
        var dataset = Text(expected, "dataset");
        var (location, scale) = Models[dataset];
        var fit = LocationScale.Fit(Reference.Load(dataset), location, scale,
            new() { Method = Text(expected, "method") == "REML" ? LikelihoodMethod.Restricted : LikelihoodMethod.Full, Inference = FitsTests.InferenceOf(Text(expected, "test")) });
        Assert.Equal(expected.GetProperty("k").GetInt32(), fit.Count);
        // Numerical derivatives brought the reference to some 1e-8.
        AgreeAll(fit.ScaleCoefficients.Select(c => c.Estimate), "alpha", 1e-6);
        AgreeAll(fit.ScaleCoefficients.Select(c => c.StandardError), "se_alpha", 1e-6);
        AgreeAll(fit.LocationCoefficients.Select(c => c.Estimate), "beta", 1e-6);
        AgreeAll(fit.LocationCoefficients.Select(c => c.StandardError), "se", 1e-6);
        Reference.Agree(fit.FitStatistics.LogLikelihood, expected.GetProperty("logLik"), 1e-8, "log-likelihood");
        if (scale is not null)
        {
            var test = fit.ScaleTest!.Value;
            Reference.Agree(test.Statistic * (test.DenominatorDegreesOfFreedom is null ? 1 : test.DegreesOfFreedom), expected.GetProperty("QS"), 1e-5, "QS");
        }
        else
        {
            // One variance for all: the model of MetaRegression.
            var plain = MetaRegression.Fit(Reference.Load(dataset), location!, new()
            {
                TauSquared = FitsTests.EstimatorOf(Text(expected, "method")),
                Inference = FitsTests.InferenceOf(Text(expected, "test")),
            });
            Assert.All(fit.TauSquared, t => Assert.Equal(plain.TauSquared, t, 1e-9));
            Assert.Equal(plain.Coefficients[1].PValue, fit.LocationCoefficients[1].PValue, 1e-7);
        }
        // metafor itself, whose optimiser stops early; see the README of the reference files.
        AgreeAll(fit.ScaleCoefficients.Select(c => c.Estimate), "metafor_alpha", 1e-4);
        AgreeAll(fit.ScaleCoefficients.Select(c => c.StandardError), "metafor_se_alpha", 1e-4);
        AgreeAll(fit.LocationCoefficients.Select(c => c.Estimate), "metafor_beta", 1e-4);
        AgreeAll(fit.LocationCoefficients.Select(c => c.StandardError), "metafor_se", 1e-4);

        void AgreeAll(IEnumerable<double> actual, string property, double tolerance) =>
            Reference.AgreeAll([.. actual], expected.GetProperty(property), tolerance, $"{dataset} {property}");
    });

    private static SubgroupAnalysis Fit(JsonElement expected, bool common) => SubgroupAnalysis.Fit(Reference.Load(Text(expected, "dataset")),
        Text(expected, "column"), new() { CommonTauSquared = common, Inference = FitsTests.InferenceOf(Text(expected, "test")) });

    private static void Check(SubgroupAnalysis groups, JsonElement expected)
    {
        Reference.AgreeAll([.. groups.Groups.Select(g => g.TauSquared!.Value)], expected.GetProperty("tau2"), 1e-7, "tau2");
        Reference.AgreeAll([.. groups.Groups.Select(g => g.Estimate.Estimate)], expected.GetProperty("beta"), 1e-8, "estimate");
        Reference.AgreeAll([.. groups.Groups.Select(g => g.Estimate.StandardError)], expected.GetProperty("se"), 1e-8, "se");
    }

    private static string Text(JsonElement c, string property) => c.GetProperty(property).GetString()!;
}
