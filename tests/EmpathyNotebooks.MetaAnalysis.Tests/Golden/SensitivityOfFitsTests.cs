using System.Text.Json;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Golden;

/// <summary>sensitivity.json: what can be asked of any fit, of small random designs; sensitivity.R says how each is computed.</summary>
public sealed class SensitivityOfFitsTests
{
    private const double Tolerance = 1e-6;

    private static readonly IReadOnlyList<(JsonElement Expected, MultilevelFit Fit)> Designs =
        [.. Reference.Root("sensitivity.json").GetProperty("designs").EnumerateArray().Select(d => (d, Fit(d)))];

    [Fact]
    public void There_are_a_hundred_and_forty_designs_and_the_fits_agree()
    {
        Assert.Equal(140, Designs.Count);
        Assert.True(Designs.Count(d => d.Expected.TryGetProperty("checked", out _)) >= 25);
        Each((expected, fit) =>
        {
            Reference.AgreeAll([.. fit.VarianceComponents.Select(c => c.SigmaSquared)], expected.GetProperty("sigma2"), Tolerance, "sigma2");
            Agree(fit, expected);
        });
    }

    [Fact]
    public void Fits_without_effects_and_clusters_agree() => Each((expected, fit) =>
    {
        AgreeEach([.. fit.LeaveOneOut().Select(r => (r.Fit, r.Absence))], expected.GetProperty("rows"));
        AgreeEach([.. fit.LeaveOneOut("study").Select(r => (r.Fit, r.Absence))], expected.GetProperty("studies"));
    });

    [Fact]
    public void Cumulative_fits_agree() => Each((expected, fit) =>
    {
        AgreeEach([.. fit.CumulativeBy("year").Select(r => (r.Fit, r.Absence))], expected.GetProperty("cumulRows"));
        AgreeEach([.. fit.CumulativeBy("year", cluster: EffectClusters.OfFit).Select(r => (r.Fit, r.Absence))], expected.GetProperty("cumulStudies"));
    });

    [Fact]
    public void Fits_of_independent_effects_without_effects_and_clusters_agree_with_metafor() => Each((expected, fit) =>
    {
        var uni = expected.GetProperty("uni");
        var independent = Independent(expected, fit);
        AgreeEach([.. independent.LeaveOneOut().Select(r => (r.Fit, r.Absence))], uni.GetProperty("rows"));
        AgreeEach([.. independent.LeaveOneOut("study").Select(r => (r.Fit, r.Absence))], uni.GetProperty("studies"));
    });

    [Fact]
    public void Influence_on_fits_of_independent_effects_agrees_with_metafor()
    {
        var seen = 0;
        Each((expected, fit) =>
        {
            if (!expected.GetProperty("uni").TryGetProperty("influence", out var influence)) return;
            seen++;
            // By a column of which each value has one effect the numbers come from refits and not from the faster way of single studies.
            foreach (var cluster in new[] { null, "row" })
            {
                var rows = Independent(expected, fit).InfluenceOf(cluster).Rows;
                Reference.AgreeAll([.. rows.Select(r => r.CookDistance!.Value)], influence.GetProperty("cook"), 1e-5, "Cook's distance");
                Reference.AgreeAll([.. rows.Select(r => r.Dffits!.Value)], influence.GetProperty("dffits"), 1e-5, "DFFITS");
                Reference.AgreeAll([.. rows.Select(r => r.CovarianceRatio!.Value)], influence.GetProperty("ratio"), 1e-5, "covariance ratio");
                Reference.AgreeAll([.. rows.Select(r => r.Hat)], influence.GetProperty("hat"), 1e-5, "hat");
                Reference.AgreeAll([.. rows.Select(r => r.StudentizedResidual!.Value)], influence.GetProperty("rstudent"), 1e-5, "studentised residual");
                Reference.AgreeAll([.. rows.Select(r => r.QWithout!.Value)], influence.GetProperty("q"), 1e-5, "Q without");
            }
        });
        Assert.True(seen >= 130, $"{seen} designs");
    }

    [Fact]
    public void Points_of_Baujats_plot_agree() => Each((expected, fit) =>
    {
        foreach (var (cluster, name, without) in new[] { (MultilevelModel.EachEffect, "baujatRows", "rows"), (EffectClusters.OfFit, "baujatStudies", "studies") })
        {
            var points = fit.Baujat(cluster);
            var reference = expected.GetProperty(name);
            Assert.Equal(reference.GetArrayLength(), points.Length);
            for (var n = 0; n < points.Length; n++)
            {
                Reference.Agree(points[n].HeterogeneityContribution!.Value, reference[n].GetProperty("q"), Tolerance, "heterogeneity");
                var deletion = expected.GetProperty(without)[n];
                if (IsNone(deletion)) Assert.NotNull(points[n].Absence);
                else if (!IsWeak(deletion)) Reference.Agree(points[n].Influence!.Value, reference[n].GetProperty("influence"), 1e-5, "influence");
            }
        }
    });

    [Fact]
    public void Predicted_true_effects_and_cluster_means_agree() => Each((expected, fit) =>
    {
        AgreeAll(fit.Blups(), expected.GetProperty("blup"));
        AgreeAll(fit.ClusterBlups(), expected.GetProperty("groups"));
        if (expected.GetProperty("uni").TryGetProperty("blup", out var independent)) AgreeAll(Independent(expected, fit).Blups(), independent);

        static void AgreeAll(FitBlups ours, JsonElement reference)
        {
            Assert.Null(ours.Absence);
            Reference.AgreeAll([.. ours.Rows.Select(r => r.Estimate)], reference.GetProperty("pred"), Tolerance, "prediction");
            Reference.AgreeAll([.. ours.Rows.Select(r => r.StandardError)], reference.GetProperty("se"), Tolerance, "se of a prediction");
        }
    });

    [Fact]
    public void Prediction_intervals_agree()
    {
        var seen = 0;
        Each((expected, fit) =>
        {
            if (!expected.TryGetProperty("pi", out var interval)) return;
            seen++;
            var effect = fit.PredictNew()!.Value.PredictionInterval!.Value;
            Reference.AgreeAll([effect.Lower, effect.Upper], interval, Tolerance, "prediction interval of an effect");
            // Of a study's mean: the same with the outermost variance alone.
            var mean = fit.PredictNew(NewTrueEffect.StudyMean)!.Value.PredictionInterval!.Value;
            var se = expected.GetProperty("se").GetDouble();
            var q = Distributions.StudentQuantile(0.975, expected.GetProperty("ddf").GetDouble());
            var sigma2 = expected.GetProperty("sigma2") is { ValueKind: JsonValueKind.Array } several ? several[0].GetDouble() : expected.GetProperty("sigma2").GetDouble();
            Reference.Agree(mean.Width / 2, q * Math.Sqrt(se * se + sigma2), Tolerance, "prediction interval of a mean");
        });
        Assert.True(seen >= 10, $"{seen} designs");
    }

    [Fact]
    public void Subgroups_agree()
    {
        var (apart, together, robust) = (0, 0, 0);
        Each((expected, fit) =>
        {
            if (!expected.TryGetProperty("subgroups", out var reference)) return;
            var own = fit.Subgroups("g");
            Assert.Equal(["a", "b"], own.Groups.Select(g => g.Name));
            AgreeEach([.. own.Groups.Select(g => (g.Fit, g.Absence))], reference);
            if (own.Groups.All(g => g.Fit is not null))
            {
                apart++;
                var (a, b) = (own.Groups[0].Estimate!.Value, own.Groups[1].Estimate!.Value);
                var difference = a.Estimate - b.Estimate;
                Assert.Equal(difference * difference / (a.StandardError * a.StandardError + b.StandardError * b.StandardError), own.Between!.Value.Statistic, 1e-9 * Math.Max(1, own.Between.Value.Statistic));
            }
            if (!expected.TryGetProperty("common", out var common)) return;
            together++;
            var shared = fit.Subgroups("g", common: true);
            Reference.AgreeAll([.. shared.Groups.Select(g => g.Estimate!.Value.Estimate)], common.GetProperty("beta"), Tolerance, "mean of a group");
            Reference.AgreeAll([.. shared.Groups.Select(g => g.Estimate!.Value.StandardError)], common.GetProperty("se"), Tolerance, "se of a group");
            Reference.Agree(shared.Between!.Value.Statistic, common.GetProperty("q"), 1e-5, "F between groups");
            if (!common.TryGetProperty("htz", out var htz) || shared.RobustBetween is not { Exists: true } ours) return;
            robust++;
            Reference.Agree(ours.Statistic, htz.GetProperty("f"), 1e-5, "HTZ");
            Reference.Agree(ours.DenominatorDegreesOfFreedom!.Value, htz.GetProperty("df"), 1e-5, "degrees of freedom of HTZ");
            Reference.Agree(ours.PValue, htz.GetProperty("p"), 1e-5, "p of HTZ");
        });
        Assert.True(apart >= 45 && together >= 60 && robust >= 60, $"{apart} apart, {together} together, {robust} robust");
    }

    private static void AgreeEach(IReadOnlyList<(IModelFit? Fit, string? Absence)> ours, JsonElement expected)
    {
        Assert.Equal(expected.GetArrayLength(), ours.Count);
        for (var n = 0; n < ours.Count; n++)
        {
            var reference = expected[n];
            if (IsWeak(reference)) continue;
            if (IsNone(reference))
            {
                Assert.True(ours[n].Fit is null, $"[{n + 1}]: there should be no fit");
                Assert.NotNull(ours[n].Absence);
                continue;
            }
            Assert.True(ours[n].Fit is not null, $"[{n + 1}]: {ours[n].Absence}");
            Agree(ours[n].Fit!, reference);
        }
    }

    private static bool IsNone(JsonElement fit) => fit.ValueKind != JsonValueKind.Object || !fit.EnumerateObject().Any();

    /// <summary>Of variances that cannot be told apart the reference says nothing.</summary>
    private static bool IsWeak(JsonElement fit) => !IsNone(fit) && fit.TryGetProperty("weak", out var weak) && weak.GetBoolean();

    private static void Agree(IModelFit fit, JsonElement expected)
    {
        Reference.AgreeAll([.. fit.Coefficients.Select(c => c.Estimate)], expected.GetProperty("beta"), Tolerance, "beta");
        Reference.AgreeAll([.. fit.Coefficients.Select(c => c.StandardError)], expected.GetProperty("se"), Tolerance, "se");
        if (expected.TryGetProperty("tau2", out var tau2)) Assert.Equal(tau2.GetDouble(), fit.TauSquared!.Value, 1e-7);
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

    private static IModelFit Independent(JsonElement design, MultilevelFit fit) => fit.Moderators is { } moderators
        ? MetaRegression.Fit(fit.Effects, moderators) : RandomEffects.Fit(fit.Effects);

    private static MultilevelFit Fit(JsonElement design)
    {
        double[] Numbers(string name) => [.. design.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];
        StudyColumn Texts(string name) => StudyColumn.OfTexts(name, design.GetProperty(name).EnumerateArray().Select(v => v.ToString()));
        StudyColumn OfNumbers(string name) => StudyColumn.OfNumbers(name, Numbers(name).Select(v => (double?)v));
        var k = design.GetProperty("yi").GetArrayLength();
        var effects = StudyEffects.Create(Numbers("yi"), Numbers("vi"),
            columns: [Texts("study"), Texts("g"), OfNumbers("x"), OfNumbers("year"), StudyColumn.OfNumbers("row", Enumerable.Range(1, k).Select(i => (double?)i))]);
        return MultilevelModel.Fit(effects, new()
        {
            Levels = design.GetProperty("levels").GetInt32() == 1 ? ["study"] : ["study", MultilevelModel.EachEffect],
            SamplingCorrelation = design.GetProperty("rho").GetDouble(),
            Moderators = design.GetProperty("kind").GetString() switch
            {
                "x" => Moderator.Number("x"),
                "g" => Moderator.Category("g"),
                _ => null,
            },
        });
    }
}
