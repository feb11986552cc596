using System.Text.Json;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Golden;

/// <summary>Moderators, three nested levels, crossed factors, time, Cook's distance and more against generate-dependent.R.</summary>
public sealed class DependentFurtherTests
{
    private const double Tolerance = 1e-7;

    [Theory]
    [InlineData("REML", 0.0)]
    [InlineData("REML", 0.6)]
    [InlineData("ML", 0.0)]
    [InlineData("ML", 0.6)]
    public void Moderators_with_contained_degrees_of_freedom_agree(string method, double rho)
    {
        var expected = DependentReference.Further(FormattableString.Invariant($"deltype + year {method} {rho}"));
        var fit = MultilevelModel.Fit(Reference.Load("assink2016"), ["study", "esid"], Moderator.Category("deltype") + Moderator.Number("year"), rho,
            new() { Method = method == "ML" ? LikelihoodMethod.Full : LikelihoodMethod.Restricted });
        Assert.Equal(expected.GetProperty("ddf").EnumerateArray().Select(d => d.GetDouble()), fit.Coefficients.Select(c => c.DegreesOfFreedom!.Value));
        Assert.Equal(expected.GetProperty("QMdf")[1].GetDouble(), fit.ModeratorTest.DenominatorDegreesOfFreedom);
        DependentReference.AgreeWithCoefficients(fit, expected, Tolerance);
        Reference.AgreeAll([.. fit.VarianceComponents.Select(c => c.SigmaSquared)], expected.GetProperty("sigma2"), Tolerance, "sigma2");
        DependentReference.AgreeWithRobust(c => fit.Robust(c, "study"), expected.GetProperty("robust"), Tolerance);
        DependentReference.AgreeWithWald(fit.Robust(), expected.GetProperty("wald"), Tolerance);
        DependentReference.AgreeWithWald(fit.Robust(), expected.GetProperty("wald3"), Tolerance);
    }

    [Fact]
    public void A_crossed_factor_agrees()
    {
        var expected = DependentReference.Further("crossed deltype");
        var fit = MultilevelModel.Fit(Reference.Load("assink2016"), ["study", "esid"],
            options: new() { CrossedFactors = ["deltype"], Inference = Inference.Normal });
        DependentReference.AgreeWithCoefficients(fit, expected, Tolerance);
        Reference.AgreeAll([.. fit.VarianceComponents.Select(c => c.SigmaSquared)], expected.GetProperty("sigma2"), Tolerance, "sigma2");
        for (var i = 0; i < 3; i++)
        {
            Reference.Agree(fit.VarianceComponents[i].SigmaSquaredInterval.Lower, expected.GetProperty("interval")[i][0], 1e-6, "lower");
            Reference.Agree(fit.VarianceComponents[i].SigmaSquaredInterval.Upper, expected.GetProperty("interval")[i][1], 1e-6, "upper");
        }
    }

    [Fact]
    public void A_crossed_factor_without_variance_agrees()
    {
        var expected = DependentReference.Further("crossed year");
        var fit = MultilevelModel.Fit(Reference.Load("konstantopoulos2011"), ["district", "school"],
            options: new() { CrossedFactors = ["year"], Inference = Inference.Normal });
        DependentReference.AgreeWithCoefficients(fit, expected, Tolerance);
        Reference.AgreeAll([.. fit.VarianceComponents.Select(c => c.SigmaSquared)], expected.GetProperty("sigma2"), Tolerance, "sigma2");
        Assert.Equal(0.0, fit.Component("year").SigmaSquared);
        Assert.Contains(fit.Warnings, w => w.Contains("\"year\" is estimated as 0", StringComparison.Ordinal));
        var districts = fit.GroupEffects("district");
        Reference.AgreeAll([.. districts.Select(g => g.Estimate)], expected.GetProperty("ranef")[0].GetProperty("intrcpt"), Tolerance, "district");
        Reference.AgreeAll([.. districts.Select(g => g.StandardError)], expected.GetProperty("ranef")[0].GetProperty("se"), Tolerance, "se of district");
        Assert.All(fit.GroupEffects("year"), g => Assert.Equal(0, g.Estimate));
    }

    [Fact]
    public void Three_nested_levels_agree()
    {
        var expected = DependentReference.Further("three nested levels");
        var data = Reference.Load("konstantopoulos2011");
        var region = StudyColumn.OfNumbers("region", Enumerable.Range(0, data.Count).Select(i => data.Column("district").Number(i) % 4));
        var effects = StudyEffects.Create(data.Effects, data.Variances, columns: [.. data.Columns, region]);
        var fit = MultilevelModel.Fit(effects, ["region", "district", "school"], options: new() { Method = LikelihoodMethod.Full, Inference = Inference.Normal });
        DependentReference.AgreeWithCoefficients(fit, expected, Tolerance);
        Reference.AgreeAll([.. fit.VarianceComponents.Select(c => c.SigmaSquared)], expected.GetProperty("sigma2"), Tolerance, "sigma2");
        Reference.AgreeAll([.. fit.VarianceComponents.Select(c => (double)c.GroupCount)], expected.GetProperty("nlevels"), 0, "groups");
    }

    [Fact]
    public void Autoregressive_errors_in_a_model_agree()
    {
        var expected = DependentReference.Of("ar");
        var fit = MultilevelModel.Fit(Reference.Load("ishak2007"), ["study", "time"], Moderator.Number("time"), options: new()
        {
            SamplingCovariance = SamplingCovariance.Within("study", 1).OverTime("time", autocorrelation: 0.9),
            Inference = Inference.Normal,
        });
        DependentReference.AgreeWithCoefficients(fit, expected, Tolerance);
        Reference.AgreeAll([.. fit.VarianceComponents.Select(c => c.SigmaSquared)], expected.GetProperty("sigma2"), Tolerance, "sigma2");
    }

    [Theory]
    [InlineData("ar", "ishak2007")]
    [InlineData("subgroup", "assink2016")]
    [InlineData("kinds", "assink2016")]
    [InlineData("rcalc", "craft2003")]
    public void Sampling_covariances_agree(string kind, string dataset)
    {
        var data = Reference.Load(dataset);
        if (kind == "subgroup")
        {
            var half = StudyColumn.OfTexts("half", Enumerable.Range(0, data.Count).Select(i => data.Column("esid").Number(i) % 2 == 1 ? "odd" : "even"));
            data = StudyEffects.Create(data.Effects, data.Variances, columns: [.. data.Columns, half]);
        }
        if (kind == "rcalc") data = StudyEffects.Create(data.Effects, data.Variances, EffectMeasure.FisherZ, columns: data.Columns);
        SamplingCovariance covariance = kind switch
        {
            "ar" => SamplingCovariance.Within("study", 1).OverTime("time", autocorrelation: 0.9),
            "subgroup" => SamplingCovariance.Within("study", 0.6).IndependentBetween("half"),
            "kinds" => SamplingCovariance.Within("study", 0.7).BetweenKinds("deltype", 0.4),
            _ => SamplingCovariance.FromCorrelations("study", "var1", "var2"),
        };
        var expected = DependentReference.Of("covariance").GetProperty(kind);
        var values = new Dictionary<(int, int), double>();
        for (var i = 0; i < expected.GetProperty("row").GetArrayLength(); i++)
        {
            values[(expected.GetProperty("row")[i].GetInt32() - 1, expected.GetProperty("col")[i].GetInt32() - 1)] = expected.GetProperty("value")[i].GetDouble();
        }
        var found = 0;
        foreach (var (rows, matrix) in covariance.Create(data).Clusters)
        {
            for (var a = 0; a < rows.Length; a++)
            {
                Assert.Equal(data.Variances[rows[a]], matrix[a * rows.Length + a]);
                for (var b = a + 1; b < rows.Length; b++)
                {
                    var known = values.GetValueOrDefault((rows[a], rows[b]));
                    if (known != 0) found++;
                    Assert.Equal(known, matrix[a * rows.Length + b], 1e-12);
                }
            }
        }
        Assert.Equal(values.Count, found);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Distances_of_Cook_by_cluster_agree(bool reestimate)
    {
        var expected = DependentReference.Of("cook");
        var fit = MultilevelModel.Fit(Reference.Load("assink2016"), ["study", "esid"], Moderator.Number("year"), 0.6);
        var influence = fit.Influence(reestimate: reestimate);
        Assert.Equal(expected.GetProperty("names").EnumerateArray().Select(n => n.ToString()), influence.Select(c => c.Cluster));
        Reference.AgreeAll([.. influence.Select(c => c.CookDistance!.Value)], expected.GetProperty(reestimate ? "reestimated" : "held"), 1e-6, "Cook's distance");
    }

    [Fact]
    public void The_likelihood_ratio_of_levels_agrees()
    {
        var data = Reference.Load("assink2016");
        var test = MultilevelModel.Fit(data, ["study", "esid"]).CompareWith(MultilevelModel.Fit(data, ["study"]));
        Reference.Agree(test.Statistic, DependentReference.Of("anova").GetProperty("LRT"), Tolerance, "LRT");
        Assert.Equal(1, test.DegreesOfFreedom);
    }

    [Fact]
    public void Robust_inference_for_independent_effects_agrees()
    {
        var data = Reference.Load("tannersmith2016");
        var expected = DependentReference.Of("univariate");
        var pooled = RandomEffects.Fit(data);
        DependentReference.AgreeWithRobust(c => pooled.Robust("studyid", c), expected.GetProperty("pooled"), Tolerance);
        var dl = RandomEffects.Fit(data, new() { TauSquared = TauSquaredEstimator.DerSimonianLaird });
        DependentReference.AgreeWithRobust(c => dl.Robust("studyid", c), expected.GetProperty("dl"), Tolerance);
        var equal = EqualEffects.Fit(data);
        DependentReference.AgreeWithRobust(c => equal.Robust("studyid", c), expected.GetProperty("ee"), Tolerance);
        var slope = MetaRegression.Fit(data, Moderator.Number("aget1") + Moderator.Number("propmale"));
        DependentReference.AgreeWithRobust(c => slope.Robust("studyid", c), expected.GetProperty("slope"), Tolerance);
        DependentReference.AgreeWithWald(slope.Robust("studyid"), expected.GetProperty("wald"), Tolerance);
    }

    [Theory]
    [InlineData(true, "p")]
    [InlineData(false, "pHeld")]
    public void The_wild_bootstrap_over_all_patterns_agrees(bool reestimate, string name)
    {
        var expected = DependentReference.Of("bootstrap");
        var data = Reference.Load("konstantopoulos2011");
        double[] districts = [11, 12, 18, 27, 56, 58, 71];
        var some = data.Select([.. Enumerable.Range(0, data.Count).Where(i => districts.Contains(data.Column("district").Number(i)!.Value))]);
        var fit = MultilevelModel.Fit(some, ["district", "school"], Moderator.Number("year"));
        var test = fit.Robust().WildBootstrap(options: new() { Reestimate = reestimate }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((1, 128, true), (test.DegreesOfFreedom, test.Replications, test.IsExhaustive));
        Reference.Agree(test.Statistic, expected.GetProperty("F"), Tolerance, "F");
        Reference.Agree(test.PValue, expected.GetProperty(name), 1e-12, name);
    }

    /// <summary>A draw belongs to its number, not to the thread that computes it: the p-values that one thread gave, one draw after the other.</summary>
    [Theory]
    [InlineData(WildWeights.Rademacher, 0.0355)]
    [InlineData(WildWeights.Webb, 0.0305)]
    [InlineData(WildWeights.Mammen, 0.123)]
    public void A_seed_gives_the_same_wild_bootstrap_with_any_number_of_threads(WildWeights weights, double expected)
    {
        var robust = MultilevelModel.Fit(Reference.Load("konstantopoulos2011"), ["district", "school"]).Robust();
        for (var again = 0; again < 3; again++)
        {
            Assert.Equal(expected, robust.WildBootstrap(options: new() { Weights = weights }, cancellation: TestContext.Current.CancellationToken).PValue, 1e-12);
        }
    }

    [Fact]
    public void Every_further_case_has_a_test() => Assert.Equal(
        ["deltype + year REML 0", "deltype + year REML 0.6", "deltype + year ML 0", "deltype + year ML 0.6", "crossed deltype", "crossed year", "three nested levels"],
        DependentReference.Cases("further").Select(c => c.GetProperty("name").GetString()));
}
