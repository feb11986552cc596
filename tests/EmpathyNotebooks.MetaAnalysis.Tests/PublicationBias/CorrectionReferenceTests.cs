using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis.Tests.Golden;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace EmpathyNotebooks.MetaAnalysis.Tests.PublicationBias;

/// <summary>Corrections for small-study effects against what the authority of each method gives on the data sets.</summary>
public sealed class CorrectionReferenceTests
{
    public static TheoryData<string> Datasets => [.. Reference.Datasets];

    private static List<JsonElement> Cases(string file, string dataset, string method) => [.. Reference.Cases(file)
        .Where(c => c.GetProperty("dataset").GetString() == dataset && c.GetProperty("method").GetString() == method)];

    [Theory]
    [MemberData(nameof(Datasets))]
    public void Regressions_and_means_by_precision_agree_with_lm(string dataset)
    {
        const string file = "../lm/pet-peese-waap.json";
        var fit = RandomEffects.Fit(Reference.Load(dataset));
        foreach (var (method, ours) in new[] { ("pet", fit.Pet()), ("peese", fit.Peese()) })
        {
            var expected = Assert.Single(Cases(file, dataset, method)).GetProperty("results");
            Coefficient[] coefficients = [ours.Intercept, ours.Slope];
            Reference.AgreeAll([.. coefficients.Select(c => c.Estimate)], expected.GetProperty("coef"), 1e-9, method);
            Reference.AgreeAll([.. coefficients.Select(c => c.StandardError)], expected.GetProperty("se"), 1e-9, method + " se");
            Reference.AgreeAll([.. coefficients.Select(c => c.Statistic)], expected.GetProperty("t"), 1e-9, method + " t");
            Reference.AgreeAll([.. coefficients.Select(c => c.PValue)], expected.GetProperty("p"), 1e-8, method + " p");
            for (var j = 0; j < 2; j++) Reference.AgreeAll([coefficients[j].ConfidenceInterval.Lower, coefficients[j].ConfidenceInterval.Upper], expected.GetProperty("ci")[j], 1e-8, method + " ci");
            Reference.Agree(ours.ResidualVariance!.Value, expected.GetProperty("sigma2_phi"), 1e-9, method + " phi");
        }

        Agree(fit.Uwls(), Assert.Single(Cases(file, dataset, "uwls")).GetProperty("results"), "uwls");
        var waaps = Cases(file, dataset, "waap");
        Assert.Equal(2, waaps.Count);
        foreach (var expected in waaps)
        {
            var exact = expected.GetProperty("options").GetProperty("rule").GetString()!.StartsWith("as above", StringComparison.Ordinal);
            var ours = fit.Waap(exact ? Distributions.NormalQuantile(0.975) + Distributions.NormalQuantile(0.8) : UnrestrictedWeights.StandardErrorsOfPower);
            var results = expected.GetProperty("results");
            Agree(ours.Mean, results, "waap");
            Assert.Equal(results.GetProperty("k_adequate").GetInt32(), ours.AdequateCount);
            Assert.Equal(results.GetProperty("fallback").GetBoolean(), ours.FallsBack);
            if (results.TryGetProperty("threshold_se", out var threshold)) Reference.Agree(ours.ThresholdStandardError, threshold, 1e-9, "threshold");
        }
    }

    [Theory]
    [MemberData(nameof(Datasets))]
    public void Each_rule_chooses_as_in_the_reference(string dataset)
    {
        var fit = RandomEffects.Fit(Reference.Load(dataset));
        var cases = Cases("../lm/pet-peese-waap.json", dataset, "pet-peese");
        Assert.Equal(4, cases.Count);
        foreach (var expected in cases)
        {
            var rule = expected.GetProperty("options").GetProperty("rule").GetString()!;
            var ours = fit.PetPeese(new() { Alternative = rule.Contains("two-sided") ? Alternative.TwoSided : null, Alpha = rule.Contains(".10") ? 0.10 : 0.05 });
            var results = expected.GetProperty("results");
            Assert.Equal(results.GetProperty("chosen").GetString(), ours.Chosen.Method);
            Reference.Agree(ours.Estimate.Estimate, results.GetProperty("estimate"), 1e-9, "estimate");
            Reference.Agree(ours.Estimate.StandardError, results.GetProperty("se"), 1e-9, "se");
            Reference.Agree(ours.Estimate.PValue, results.GetProperty("p"), 1e-8, "p");
            Reference.Agree(ours.Pet.Intercept.Estimate, results.GetProperty("pet_intercept"), 1e-9, "PET");
            if (ours.Alternative != Alternative.TwoSided) Reference.Agree(ours.PValue, results.GetProperty("pet_p_one_sided_in_direction_of_uwls"), 1e-8, "one-sided p");
            // The default, one-sided above 0, is the rule in the direction of the mean wherever that is above 0.
            if (rule.Contains("one-sided p < .05") && fit.Uwls().Estimate.Estimate > 0) Assert.Equal(ours.Chosen.Method, fit.PetPeese().Chosen.Method);
        }
    }

    /// <summary>PET by lm with clubSandwich: CR2 with weights 1/v, which are not the inverse of its working covariance, the identity.</summary>
    [Theory]
    [InlineData("tannersmith2016", "studyid")]
    [InlineData("konstantopoulos2011", "district")]
    public void Given_weights_have_the_robust_errors_of_clubSandwich(string dataset, string cluster)
    {
        var effects = Reference.Load(dataset);
        var found = 0;
        foreach (var expected in Cases("../lm/pet-peese-waap.json", dataset, "pet-peese-cluster-robust"))
        {
            var options = expected.GetProperty("options");
            if (options.GetProperty("vcov").GetString() != "CR2") continue;
            found++;
            Assert.Equal(cluster, options.GetProperty("cluster").GetString());
            double[] x = [.. effects.Variances.Select(v => options.GetProperty("predictor").GetString() == "se" ? Math.Sqrt(v) : v)];
            int[][] rows = [.. effects.RowsBy(cluster).Select(g => g.Value.ToArray())];
            var sandwich = new GivenWeightSandwich([[.. x.Select(_ => 1.0)], x], [.. effects.Effects], rows,
                [.. rows.Select(r => (Matrix<double>)DenseMatrix.OfDiagonalArray([.. r.Select(i => 1 / effects.Variances[i])]))], [.. rows.Select(r => (Matrix<double>)DenseMatrix.CreateIdentity(r.Length))], 0.95, q => q);
            Coefficient[] ours = [sandwich.Combination("Intercept", [1, 0]), sandwich.Combination("x", [0, 1])];
            var results = expected.GetProperty("results");
            Reference.AgreeAll([.. ours.Select(c => c.Estimate)], results.GetProperty("coef"), 1e-9, "coef");
            Reference.AgreeAll([.. ours.Select(c => c.StandardError)], results.GetProperty("se"), 1e-8, "se");
            Reference.AgreeAll([.. ours.Select(c => c.DegreesOfFreedom!.Value)], results.GetProperty("df"), 1e-8, "df");
            Reference.AgreeAll([.. ours.Select(c => c.PValue)], results.GetProperty("p"), 1e-7, "p");
        }
        Assert.Equal(2, found);
    }

    [Theory]
    [InlineData("bcg")]
    [InlineData("hackshaw1998")]
    [InlineData("mcdaniel1994")]
    [InlineData("molloy2014")]
    [InlineData("normand1999")]
    [InlineData("raudenbush1985")]
    public void Limit_meta_analysis_agrees_with_metasens(string dataset)
    {
        var cases = Cases("../metasens/limitmeta.json", dataset, "limitmeta");
        Assert.Equal(12, cases.Count);
        foreach (var expected in cases)
        {
            var (options, results) = (expected.GetProperty("options"), expected.GetProperty("results"));
            var adjustment = options.GetProperty("method_adjust").GetString() switch
            {
                "beta0" => LimitAdjustment.ExpectedLimit,
                "betalim" => LimitAdjustment.LimitSlope,
                _ => LimitAdjustment.LimitMean,
            };
            // At the τ of the reference: metagen ends its search for τ² at some 1e-5.
            var tau = results.GetProperty("tau").GetDouble();
            var ours = LimitCorrection.Of(Reference.Load(dataset), tau * tau, adjustment, 0.95, []);
            const double tolerance = 1e-9;
            if (options.GetProperty("tau2_method").GetString() == "DL")
            {
                var whole = RandomEffects.Fit(Reference.Load(dataset), new() { TauSquared = TauSquaredEstimator.DerSimonianLaird }).LimitMetaAnalysis(adjustment);
                Reference.Agree(whole.Estimate.Estimate, results.GetProperty("estimate"), tolerance, "estimate with our own τ²");
            }
            Reference.Agree(ours.Estimate.Estimate, results.GetProperty("estimate"), tolerance, "estimate");
            Reference.Agree(ours.Estimate.StandardError, results.GetProperty("se"), tolerance, "se");
            Reference.AgreeAll([ours.Estimate.ConfidenceInterval.Lower, ours.Estimate.ConfidenceInterval.Upper], results.GetProperty("ci"), 10 * tolerance, "ci");
            Reference.Agree(ours.Estimate.PValue, results.GetProperty("p"), 10 * tolerance, "p");
            Reference.Agree(ours.Bias, results.GetProperty("alpha_r"), tolerance, "alpha");
            Reference.Agree(ours.Slope, results.GetProperty("beta_r"), tolerance, "beta");
            Reference.Agree(ours.Q.Statistic, results.GetProperty("Q"), 1e-9, "Q");
            Reference.Agree(ours.SmallStudyTest.Statistic, results.GetProperty("Q_small"), 1e-8, "Q small");
            Reference.Agree(ours.ResidualTest.Statistic, results.GetProperty("Q_resid"), 1e-9, "Q resid");
            Reference.Agree(ours.GSquared, results.GetProperty("G_squared"), tolerance, "G squared");
            if (results.TryGetProperty("TE_limit", out var shrunken) && shrunken.ValueKind == JsonValueKind.Array && shrunken.GetArrayLength() == ours.Count) Reference.AgreeAll(ours.ShrunkenEffects, shrunken, 10 * tolerance, "TE_limit");
            Reference.Agree(ours.At(0), ours.Of(LimitAdjustment.ExpectedLimit).Estimate, 1e-12, "the curve begins at the expected limit");
        }
    }

    [Theory]
    [MemberData(nameof(Datasets))]
    public void Selection_ratios_agree_with_PublicationBias(string dataset)
    {
        const string file = "../publicationbias/publicationbias.json";
        var found = 0;
        foreach (var expected in Cases(file, dataset, "pubbias_meta").Concat(Cases(file, dataset, "pubbias_svalue")))
        {
            found++;
            var (options, results) = (expected.GetProperty("options"), expected.GetProperty("results"));
            var isRobust = options.GetProperty("model_type").GetString() == "robust";
            var target = options.TryGetProperty("q", out var q) ? q.GetDouble() : 0;
            var choices = new MathurVanderWeeleOptions
            {
                Alternative = options.GetProperty("favor_positive").GetBoolean() ? Alternative.Greater : Alternative.Less,
                SmallSample = options.GetProperty("small").GetBoolean(),
                Cluster = options.GetProperty("cluster").GetString(),
                Target = target,
            };
            var effects = Reference.Load(dataset);
            var whole = (isRobust ? RandomEffects.Fit(effects) : EqualEffects.Fit(effects)).MathurVanderWeele(choices);
            // metafor's default threshold leaves τ² off by up to 1e-4 of itself: where the reference's own τ is known, the analysis is held to it.
            var known = isRobust ? Tau(dataset) : null;
            int[] clusters = choices.Cluster is { } column ? LevelReader.Code(LevelReader.Keys(effects, column)).Groups : [.. Enumerable.Range(0, effects.Count)];
            var ours = known is { } tau ? new MathurVanderWeele(effects, new SelectionWeights(effects, clusters, tau * tau, choices, 0.95), choices, []) : whole;
            var tolerance = isRobust && known is null ? 1e-5 : 1e-8;
            Reference.Agree(whole.Uncorrected.Estimate, ours.Uncorrected.Estimate, 2e-4, "with our own τ²");
            if (options.TryGetProperty("selection_ratio", out var ratio))
            {
                Assert.Equal(results.GetProperty("k_affirmative").GetInt32(), ours.AffirmativeCount);
                Assert.Equal(results.GetProperty("k_nonaffirmative").GetInt32(), ours.NonaffirmativeCount);
                Agree(ours.Corrected(ratio.GetDouble()), results.GetProperty("corrected"), tolerance, $"corrected {ratio}");
                Agree(ours.WorstCase, results.GetProperty("worst_case"), tolerance, "worst case");
            }
            else
            {
                Agree(ours.RatioOfEstimate, results.GetProperty("sval_est"), $"ratio of the estimate to {target}");
                Agree(ours.RatioOfInterval, results.GetProperty("sval_ci"), $"ratio of the interval to {target}");
            }
        }
        Assert.True(found >= 12, $"{found} cases");
    }

    /// <summary>τ by REML as metafor's default threshold leaves it, from the reference of limit meta-analysis.</summary>
    private static double? Tau(string dataset) => Cases("../metasens/limitmeta.json", dataset, "limitmeta") is [var first, ..] ? first.GetProperty("results").GetProperty("tau").GetDouble() : null;

    private static void Agree(Coefficient ours, JsonElement expected, double tolerance, string what)
    {
        Reference.Agree(ours.Estimate, expected.GetProperty("estimate"), tolerance, what);
        Reference.Agree(ours.StandardError, expected.GetProperty("se"), tolerance, what + " se");
        Reference.Agree(ours.ConfidenceInterval.Lower, expected.GetProperty("ci_lower"), 10 * tolerance, what + " lower");
        Reference.Agree(ours.ConfidenceInterval.Upper, expected.GetProperty("ci_upper"), 10 * tolerance, what + " upper");
        // p = 2(1 - pnorm(|z|)) loses its digits in the tail, where ours has them.
        Assert.True(Math.Abs(ours.PValue - expected.GetProperty("p_value").GetDouble()) <= Math.Max(1e-15, 20 * tolerance * ours.PValue), what + " p");
    }

    private static void Agree(SelectionRatio ours, JsonElement expected, string what)
    {
        if (expected.ValueKind == JsonValueKind.Number) Reference.Agree(ours.Value ?? double.NaN, expected, 1e-3, what);
        else Assert.Equal(expected.GetString() == "--" ? SelectionRatioOutcome.AlreadyThere : SelectionRatioOutcome.NoneSuffices, ours.Outcome);
    }

    private static void Agree(UnrestrictedWeightedMean ours, JsonElement expected, string what)
    {
        Reference.Agree(ours.Estimate.Estimate, expected.GetProperty("coef"), 1e-9, what);
        Reference.Agree(ours.Estimate.StandardError, expected.GetProperty("se"), 1e-9, what + " se");
        Reference.Agree(ours.Estimate.PValue, expected.GetProperty("p"), 1e-8, what + " p");
        Reference.AgreeAll([ours.Estimate.ConfidenceInterval.Lower, ours.Estimate.ConfidenceInterval.Upper], expected.GetProperty("ci")[0], 1e-8, what + " ci");
        Reference.Agree(ours.ResidualVariance, expected.GetProperty("sigma2_phi"), 1e-9, what + " phi");
        Assert.Equal(expected.GetProperty("df").GetInt32(), ours.Count - 1);
    }
}
