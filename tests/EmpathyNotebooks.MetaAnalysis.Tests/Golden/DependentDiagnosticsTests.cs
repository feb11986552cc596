using System.Text.Json;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Golden;

/// <summary>dependent-diagnostics.json: residuals, leverages, weights, deletions and robust predictions of awkward random designs; dependent-diagnostics.R says how each is computed.</summary>
public sealed class DependentDiagnosticsTests
{
    private const double Tolerance = 1e-6;

    private static readonly JsonElement File = Reference.Root("dependent-diagnostics.json");

    private static readonly IReadOnlyList<(JsonElement Expected, MultilevelFit Fit)> Designs = [.. File.GetProperty("held").EnumerateArray().Select(d => (d, Fit(d)))];

    [Fact]
    public void There_are_hundreds_of_designs_and_the_variances_agree()
    {
        Assert.Equal(240, Designs.Count);
        Assert.True(Designs.Count(d => d.Expected.GetProperty("crossed").GetBoolean()) >= 15);
        Assert.True(Designs.Count(d => d.Expected.TryGetProperty("checked", out _)) >= 10);
        Each((expected, fit) =>
        {
            Reference.AgreeAll([.. fit.VarianceComponents.Select(c => c.SigmaSquared)], expected.GetProperty("sigma2"), Tolerance, "sigma2");
            Reference.AgreeAll([.. fit.Coefficients.Select(c => c.Estimate)], expected.GetProperty("beta"), Tolerance, "beta");
        });
    }

    [Fact]
    public void Residuals_agree() => Each((expected, fit) =>
    {
        var rows = fit.EffectResiduals();
        Reference.AgreeAll([.. rows.Select(r => r.Residual)], expected.GetProperty("resid"), Tolerance, "residual");
        Reference.AgreeAll([.. rows.Select(r => r.Pearson)], expected.GetProperty("pearson"), Tolerance, "Pearson");
        Reference.AgreeAll([.. rows.Select(r => r.Cholesky)], expected.GetProperty("cholesky"), Tolerance, "Cholesky");
        for (var i = 0; i < rows.Length; i++)
        {
            // An effect that alone determines a coefficient has no standard error; metafor's is what rounding leaves.
            var se = expected.GetProperty("standardSe")[i];
            if (rows[i].StandardError is not { } ours) Assert.True(se.ValueKind == JsonValueKind.Null || se.GetDouble() < 1e-5, $"standard error [{i + 1}]");
            else Reference.Agree(ours, se, Tolerance, $"standard error [{i + 1}]");
        }
    });

    [Fact]
    public void Chi_squared_of_the_residuals_of_clusters_agrees() => Each((expected, fit) =>
    {
        foreach (var cluster in fit.ClusterResiduals())
        {
            var at = expected.GetProperty("clusters").EnumerateArray().ToList().FindIndex(c => c.ToString() == cluster.Cluster);
            // Where the cluster alone determines a coefficient metafor either gives nothing or divides by what rounding leaves.
            if (cluster.ChiSquared is { } ours && expected.GetProperty("standardX2")[at].ValueKind == JsonValueKind.Number) Reference.Agree(ours, expected.GetProperty("standardX2")[at], 1e-5, "X2");
        }
    });

    [Fact]
    public void Leverages_and_weights_agree() => Each((expected, fit) =>
    {
        // metafor caps leverages at 1, which holds for independent effects only.
        Reference.AgreeAll([.. fit.HatValues.Select(h => Math.Min(1, h))], expected.GetProperty("hat"), Tolerance, "hat");
        Assert.Equal(fit.CoefficientCount, fit.HatValues.Sum(), 1e-9);
        Reference.AgreeAll(fit.DiagonalWeights, expected.GetProperty("diagonal"), Tolerance, "diagonal weight");
        if (expected.TryGetProperty("rowsum", out var rows)) Reference.AgreeAll(fit.RowSumWeights!.Value, rows, Tolerance, "row-sum weight");
        else Assert.Null(fit.RowSumWeights);
        var h = fit.HatMatrix();
        var w = fit.WeightMatrix();
        for (var i = 0; i < fit.Count; i++)
        {
            Assert.Equal(fit.HatValues[i], h[i, i], 1e-12);
            Assert.Equal(fit.FittedValues[i], Enumerable.Range(0, fit.Count).Sum(j => h[i, j] * fit.Effects.Effects[j]), 1e-9);
            Assert.Equal(fit.DiagonalWeights[i], w[i, i] / Enumerable.Range(0, fit.Count).Sum(j => w[j, j]), 1e-12);
        }
    });

    [Fact]
    public void Deletions_of_clusters_and_effects_with_variances_kept_agree() => Each((expected, fit) =>
    {
        AgreeWithDeletions(fit.Influence("study", reestimate: false), expected.GetProperty("cluster"), Tolerance);
        AgreeWithDeletions(fit.Influence(MultilevelModel.EachEffect, reestimate: false), expected.GetProperty("single"), Tolerance);
    });

    [Fact]
    public void Deletions_of_clusters_with_variances_estimated_anew_agree()
    {
        var seen = 0;
        Each((expected, fit) =>
        {
            if (!expected.TryGetProperty("anew", out var anew)) return;
            seen++;
            AgreeWithDeletions(fit.Influence("study"), anew, 1e-5, IsLastWithSeveral);

            // Without it every study has one effect: the sum of the two variances is determined, how it divides is not.
            bool IsLastWithSeveral(string study) => fit.ClusterResiduals("study").All(c => c.Cluster == study || c.EffectCount == 1);
        });
        Assert.True(seen >= 30, $"{seen} designs");
    }

    [Fact]
    public void Robust_predictions_agree()
    {
        var seen = 0;
        Each((expected, fit) =>
        {
            foreach (var (name, correction) in new[] { ("robust", SmallSampleCorrection.CR2), ("robust1p", SmallSampleCorrection.CR1p) })
            {
                if (!expected.TryGetProperty(name, out var reference) || !IsShared(expected)) continue;
                seen++;
                var robust = fit.Robust(correction, "study");
                for (var i = 0; i < (fit.Moderators is null ? 1 : 2); i++)
                {
                    ModeratorValues? at = fit.Moderators is null ? null : fit.CoefficientCount == 2 ? new() { ["x"] = i == 0 ? 0 : 0.7 } : new() { ["g"] = i, ["x"] = i == 0 ? 0.7 : -0.4 };
                    var prediction = at is null ? robust.Predict() : robust.Predict(at);
                    double Value(string property) => reference.GetProperty(property) is { ValueKind: JsonValueKind.Array } values ? values[i].GetDouble() : reference.GetProperty(property).GetDouble();
                    Reference.Agree(prediction.Estimate, Value("pred"), Tolerance, name + " estimate");
                    Reference.Agree(prediction.StandardError, Value("se"), Tolerance, name + " se");
                    Reference.Agree(prediction.ConfidenceInterval.Lower, Value("ci_lb"), 1e-5, name + " lower");
                    Reference.Agree(prediction.ConfidenceInterval.Upper, Value("ci_ub"), 1e-5, name + " upper");
                    Reference.Agree(prediction.PredictionInterval!.Value.Lower, Value("pi_lb"), 1e-5, name + " lower of a new effect");
                    Reference.Agree(prediction.PredictionInterval!.Value.Upper, Value("pi_ub"), 1e-5, name + " upper of a new effect");
                }
            }
        });
        Assert.True(seen >= 200, $"{seen} robust fits");
    }

    [Fact]
    public void Residuals_of_independent_effects_agree()
    {
        var cases = File.GetProperty("independent").EnumerateArray().ToList();
        Assert.Equal(60, cases.Count);
        foreach (var expected in cases)
        {
            double[]? weights = expected.TryGetProperty("weights", out var own) && own.ValueKind == JsonValueKind.Array ? Numbers(own) : null;
            var effects = StudyEffects.Create(Numbers(expected.GetProperty("yi")), Numbers(expected.GetProperty("vi")), columns: [StudyColumn.OfNumbers("x", Numbers(expected.GetProperty("x")).Select(v => (double?)v))]);
            TauSquaredEstimator? estimator = expected.GetProperty("method").GetString() == "EE" ? null : TauSquaredEstimator.DerSimonianLaird;
            var rows = expected.GetProperty("moderator").GetBoolean()
                ? MetaRegression.Fit(effects, Moderator.Number("x"), new() { TauSquared = estimator, Weights = weights }).EffectResiduals()
                : estimator is null ? EqualEffects.Fit(effects, new() { Weights = weights }).EffectResiduals()
                : RandomEffects.Fit(effects, new() { TauSquared = estimator.Value, Weights = weights }).EffectResiduals();
            Reference.AgreeAll([.. rows.Select(r => r.Residual)], expected.GetProperty("resid"), 1e-8, "residual");
            Reference.AgreeAll([.. rows.Select(r => r.Pearson)], expected.GetProperty("pearson"), 1e-8, "Pearson");
            Reference.AgreeAll([.. rows.Select(r => r.Cholesky)], expected.GetProperty("cholesky"), 1e-8, "Cholesky");
            Reference.AgreeAll([.. rows.Select(r => r.StandardError!.Value)], expected.GetProperty("se"), 1e-8, "se");
            Reference.AgreeAll([.. rows.Select(r => r.Standardized!.Value)], expected.GetProperty("z"), 1e-8, "z");
        }
    }

    [Fact]
    public void The_higher_of_two_peaks_far_apart_is_found()
    {
        // At a between-study variance of 0 the restricted likelihood has a peak 0.10 below that at 1.22.
        string[] studies = ["1", "4", "4", "1", "4", "4", "2", "3", "1", "1", "1", "1", "4", "3"];
        double[] yi = [1.0541, 0.6049, 0.7503, 0.7125, 0.5554, 0.3695, 3.6507, -0.0648, 0.7754, 1.1708, 0.7495, 1.067, 0.8868, 0.1552];
        double[] vi = [0.2883, 0.007795, 0.01144, 0.008963, 0.03249, 0.004605, 1.057, 0.1086, 0.02415, 0.2316, 0.002579, 1.483, 0.02004, 0.3185];
        var design = Assert.Single(Designs, d => d.Expected.GetProperty("yi")[0].GetDouble() == 1.0541 && d.Expected.GetProperty("yi").GetArrayLength() == 14);
        var effects = StudyEffects.Create(yi, vi, columns: [StudyColumn.OfTexts("study", studies), design.Fit.Effects.Column("x")]);
        var fit = MultilevelModel.Fit(effects, ["study", MultilevelModel.EachEffect], Moderator.Number("x"), 0.6);
        Assert.Equal(1.219156, fit.VarianceComponents[0].SigmaSquared, 1e-5);
        Assert.Equal(0.020251, fit.VarianceComponents[1].SigmaSquared, 1e-6);
    }

    [Fact]
    public void A_cluster_that_alone_determines_a_coefficient_says_so_in_place_of_numbers()
    {
        var effects = StudyEffects.Create([0.1, 0.3, 0.2, 0.5, 0.9, 0.7], [0.01, 0.02, 0.015, 0.01, 0.02, 0.03],
            columns: [StudyColumn.OfTexts("study", ["A", "A", "B", "C", "D", "D"]), StudyColumn.OfTexts("kind", ["a", "a", "a", "a", "b", "b"])]);
        var fit = MultilevelModel.Fit(effects, ["study"], Moderator.Category("kind"));
        foreach (var reestimate in new[] { true, false })
        {
            var alone = fit.Influence(reestimate: reestimate)[3];
            Assert.Null(alone.CookDistance);
            Assert.Null(alone.ChiSquared);
            Assert.Empty(alone.Residuals);
            Assert.Equal("Without it the coefficients are not determined.", alone.Absence);
            Assert.Null(fit.Influence(reestimate: reestimate)[0].Absence);
        }
        Assert.Null(fit.ClusterResiduals()[3].ChiSquared);
        Assert.NotNull(fit.EffectResiduals()[4].Standardized);
    }

    [Fact]
    public void Influence_of_each_effect_names_the_effects()
    {
        var effects = StudyEffects.Create([0.1, 0.3, 0.2, 0.5, 0.9, 0.7], [0.01, 0.02, 0.015, 0.01, 0.02, 0.03], labels: ["a1", "a2", "b", "c", "d1", "d2"],
            columns: [StudyColumn.OfTexts("study", ["A", "A", "B", "C", "D", "D"])]);
        var rows = MultilevelModel.Fit(effects, ["study", MultilevelModel.EachEffect]).Influence(MultilevelModel.EachEffect);
        Assert.Equal(effects.Labels, rows.Select(r => r.Cluster));
        Assert.All(rows, r => Assert.Equal(r.ChiSquared!.Value, r.Residuals[0].Studentized * r.Residuals[0].Studentized, 1e-12));
    }

    private static void Each(Action<JsonElement, MultilevelFit> check)
    {
        for (var i = 0; i < Designs.Count; i++)
        {
            try
            {
                check(Designs[i].Expected, Designs[i].Fit);
            }
            catch (Exception fault)
            {
                throw new InvalidOperationException($"Design {i + 1}: {fault.Message}", fault);
            }
        }
    }

    private static void AgreeWithDeletions(IReadOnlyList<ClusterInfluence> ours, JsonElement expected, double tolerance, Func<string, bool>? isInseparable = null)
    {
        if (expected.TryGetProperty("ids", out var ids)) Assert.Equal(ids.EnumerateArray().Select(c => c.ToString()), ours.Select(c => c.Cluster));
        for (var c = 0; c < ours.Count; c++)
        {
            var cook = expected.GetProperty("cook")[c];
            if (cook.ValueKind == JsonValueKind.Null || isInseparable?.Invoke(ours[c].Cluster) == true)
            {
                Assert.NotNull(ours[c].Absence);
                continue;
            }
            Assert.True(ours[c].Absence is null, $"{ours[c].Cluster}: {ours[c].Absence}");
            Reference.Agree(ours[c].CookDistance!.Value, cook, tolerance, "Cook's distance");
            Reference.Agree(ours[c].CovarianceRatio!.Value, expected.GetProperty("ratio")[c], tolerance, "covariance ratio");
            if (expected.TryGetProperty("X2", out var x2)) Reference.Agree(ours[c].ChiSquared!.Value, x2[c], tolerance, "X2");
            Reference.AgreeAll(ours[c].DfBetas, expected.GetProperty("dfbetas")[c], tolerance, "dfbetas");
            foreach (var row in ours[c].Residuals)
            {
                Reference.Agree(row.Residual, expected.GetProperty("resid")[row.Index], tolerance, "deleted residual");
                Reference.Agree(row.StandardError, expected.GetProperty("se")[row.Index], tolerance, "se of a deleted residual");
            }
        }
    }

    /// <summary>True unless one study alone has a value of g: its coefficient then has no robust standard error.</summary>
    private static bool IsShared(JsonElement expected)
    {
        if (!expected.GetProperty("mods").GetString()!.Contains('g', StringComparison.Ordinal)) return true;
        var studies = expected.GetProperty("study").EnumerateArray().Zip(expected.GetProperty("g").EnumerateArray(), (s, g) => (s.GetInt32(), g.GetInt32())).Distinct().ToList();
        return studies.Count(s => s.Item2 == 0) > 1 && studies.Count(s => s.Item2 == 1) > 1;
    }

    private static double[] Numbers(JsonElement values) => [.. values.EnumerateArray().Select(v => v.GetDouble())];

    private static MultilevelFit Fit(JsonElement design)
    {
        StudyColumn Texts(string name) => StudyColumn.OfTexts(name, design.GetProperty(name).EnumerateArray().Select(v => v.ToString()));
        StudyColumn Values(string name) => StudyColumn.OfNumbers(name, Numbers(design.GetProperty(name)).Select(v => (double?)v));
        var effects = StudyEffects.Create(Numbers(design.GetProperty("yi")), Numbers(design.GetProperty("vi")), columns: [Texts("study"), Texts("c"), Values("x"), Values("g")]);
        var options = new MultilevelOptions { CrossedFactors = design.GetProperty("crossed").GetBoolean() ? ["c"] : [] };
        string[] levels = ["study", MultilevelModel.EachEffect];
        var rho = design.GetProperty("rho").GetDouble();
        return design.GetProperty("mods").GetString() switch
        {
            "~1" => MultilevelModel.Fit(effects, levels, rho, options),
            "~x" => MultilevelModel.Fit(effects, levels, Moderator.Number("x"), rho, options),
            _ => MultilevelModel.Fit(effects, levels, Moderator.Number("g") + Moderator.Number("x"), rho, options),
        };
    }
}
