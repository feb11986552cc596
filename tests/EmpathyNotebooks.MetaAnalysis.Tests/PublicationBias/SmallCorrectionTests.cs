using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis.Tests.Golden;

namespace EmpathyNotebooks.MetaAnalysis.Tests.PublicationBias;

/// <summary>Corrections for small-study effects on random small awkward designs, against base R and full matrices; see tests/golden/lm/README.md.</summary>
public sealed class SmallCorrectionTests
{
    private const string File = "../lm/small-corrections.json";

    [Fact]
    public void Independent_designs_agree_with_lm()
    {
        var designs = Reference.Root(File).GetProperty("independent").EnumerateArray().ToList();
        Assert.Equal(240, designs.Count);
        foreach (var design in designs)
        {
            var seed = $"design {design.GetProperty("seed")}";
            var fit = RandomEffects.Fit(Effects(design), new() { TauSquared = TauSquaredEstimator.DerSimonianLaird });
            AgreeLine([fit.Pet().Intercept, fit.Pet().Slope], fit.Pet().ResidualVariance!.Value, design.GetProperty("pet"), seed + " PET");
            AgreeLine([fit.Peese().Intercept, fit.Peese().Slope], fit.Peese().ResidualVariance!.Value, design.GetProperty("peese"), seed + " PEESE");
            AgreeLine([fit.Uwls().Estimate], fit.Uwls().ResidualVariance, design.GetProperty("uwls"), seed + " UWLS");
            var waap = fit.Waap();
            Assert.Equal(design.GetProperty("adequate").GetInt32(), waap.AdequateCount);
            AgreeLine([waap.Estimate], waap.Mean.ResidualVariance, design.GetProperty(waap.FallsBack ? "uwls" : "waap"), seed + " WAAP");
        }
    }

    [Fact]
    public void Limit_meta_analyses_agree_with_their_definition()
    {
        foreach (var design in Reference.Root(File).GetProperty("independent").EnumerateArray())
        {
            var seed = $"design {design.GetProperty("seed")}";
            var fit = RandomEffects.Fit(Effects(design), new() { TauSquared = TauSquaredEstimator.DerSimonianLaird });
            var expected = design.GetProperty("limit");
            var ours = fit.LimitMetaAnalysis();
            var estimates = Enum.GetValues<LimitAdjustment>().Select(ours.Of).ToList();
            for (var i = 0; i < 3; i++)
            {
                Close(estimates[i].Estimate, expected.GetProperty("estimates")[i], 1e-8, estimates[i].StandardError, $"{seed} limit {i}");
                Close(estimates[i].StandardError, expected.GetProperty("se")[i], 1e-8, 0, $"{seed} limit se {i}");
            }
            double[] q = [ours.Q.Statistic, ours.SmallStudyTest.Statistic, ours.ResidualTest.Statistic];
            for (var i = 0; i < 3; i++) Close(q[i], expected.GetProperty("q")[i], 1e-9, q[0], $"{seed} Q {i}");
            // G² is 1 less a share near 1 where effects lie close to the line.
            Close(ours.GSquared, expected.GetProperty("g2"), 1e-9, 1, seed + " G²");
        }
    }

    [Fact]
    public void Sensitivity_to_selection_agrees_with_full_matrices()
    {
        var found = 0;
        foreach (var design in Reference.Root(File).GetProperty("independent").EnumerateArray())
        {
            foreach (var (kind, cluster) in new[] { ("mathur", (string?)null), ("clustered", "cluster") })
            {
                var seed = $"design {design.GetProperty("seed")} {kind}";
                var fit = RandomEffects.Fit(Effects(design), new() { TauSquared = TauSquaredEstimator.DerSimonianLaird });
                var expected = design.GetProperty(kind);
                if (expected.ValueKind != JsonValueKind.Object)
                {
                    Assert.Throws<UndeterminedException>(() => fit.MathurVanderWeele(new() { Cluster = cluster }));
                    continue;
                }
                found++;
                var q = expected.GetProperty("q").GetDouble();
                var ours = fit.MathurVanderWeele(new() { Cluster = cluster, Target = q });
                var plain = fit.MathurVanderWeele(new() { Cluster = cluster, SmallSample = false });
                var equal = EqualEffects.Fit(fit.Effects).MathurVanderWeele();
                double[] ratios = [1, 3, 25];
                for (var i = 0; i < 3; i++)
                {
                    AgreeRobust(ours.Corrected(ratios[i]), plain.Corrected(ratios[i]), expected.GetProperty("corrected")[i], seed);
                    Close(equal.Corrected(ratios[i]).Estimate, expected.GetProperty("fixed")[i][0], 1e-9, 0, seed + " equal effects");
                    Close(equal.Corrected(ratios[i]).StandardError, expected.GetProperty("fixed")[i][1], 1e-9, 0, seed + " equal effects se");
                }
                var worst = expected.GetProperty("worst");
                if (worst.ValueKind == JsonValueKind.Number)
                {
                    Close(ours.WorstCase.Estimate, worst, 1e-9, 0, seed + " worst");
                    Assert.False(ours.WorstCase.HasStandardError);
                }
                else if (worst.GetArrayLength() == 2) Close(ours.WorstCase.StandardError, worst[1], 1e-12, 0, seed + " single");
                else AgreeRobust(ours.WorstCase, plain.WorstCase, worst, seed + " worst");

                var ratio = expected.GetProperty("ratio");
                if (ratio.ValueKind == JsonValueKind.Number) Close(ours.RatioOfEstimate.Value!.Value, ratio, 1e-9, 0, seed + " ratio");
                else Assert.Equal(ratio.GetString() == "there" ? SelectionRatioOutcome.AlreadyThere : SelectionRatioOutcome.NoneSuffices, ours.RatioOfEstimate.Outcome);
                // What the ratios promise.
                if (ours.RatioOfEstimate.Value is { } moves) Close(ours.Corrected(moves).Estimate, q, 1e-9, Math.Abs(ours.Uncorrected.Estimate), seed + " moved");
                if (ours.RatioOfInterval.Value is { } touches)
                {
                    Assert.True(ours.Corrected(touches).ConfidenceInterval.Lower <= q + 1e-9 && ours.Uncorrected.ConfidenceInterval.Lower > q, seed + " interval");
                    if (ours.RatioOfEstimate.Value is { } further) Assert.True(touches <= further * (1 + 1e-9), seed + " order");
                }
            }
        }
        Assert.True(found > 300, $"{found} analyses");
    }

    [Fact]
    public void Dependent_designs_agree_with_metafor_and_clubSandwich()
    {
        var designs = Reference.Root(File).GetProperty("dependent").EnumerateArray().ToList();
        Assert.Equal(120, designs.Count);
        foreach (var design in designs)
        {
            var seed = $"design {design.GetProperty("seed")}";
            var effects = Effects(design);
            var fit = MultilevelModel.Fit(effects, ["cluster", MultilevelModel.EachEffect], design.GetProperty("rho").GetDouble(), new()
            {
                FixedSigmaSquared = new Dictionary<string, double> { ["cluster"] = design.GetProperty("sigma2")[0].GetDouble(), [MultilevelModel.EachEffect] = design.GetProperty("sigma2")[1].GetDouble() },
            });
            var mean = fit.InverseSamplingCovarianceMean();
            AgreeRobust([mean.Estimate], design.GetProperty("iscw"), seed + " ISCW");
            Close(mean.ModelStandardError, design.GetProperty("iscw").GetProperty("model_se"), 1e-8, 0, seed + " ISCW by the model");
            var weighted = new PetPeeseOptions { Weighting = DependentWeighting.InverseSamplingCovariance };
            foreach (var (name, ours) in new[] { ("pet", fit.Pet()), ("peese", fit.Peese()), ("pet_iscw", fit.Pet(weighted)), ("peese_iscw", fit.Peese(weighted)) })
            {
                AgreeRobust([ours.Intercept, ours.Slope], design.GetProperty(name), $"{seed} {name}");
                if (ours.Intercept.HasStandardError) Assert.Equal(ours.Intercept.StandardError, ours.At(0).StandardError);
            }
        }
    }

    private static void AgreeRobust(IReadOnlyList<Coefficient> ours, JsonElement expected, string what)
    {
        for (var j = 0; j < ours.Count; j++)
        {
            double At(string name) => expected.GetProperty(name) is { ValueKind: JsonValueKind.Array } all ? all[j].GetDouble() : expected.GetProperty(name).GetDouble();
            Close(ours[j].Estimate, At("beta"), 1e-8, Math.Abs(ours[0].Estimate), what);
            if (!ours[j].HasStandardError)
            {
                // One cluster alone determines it; what clubSandwich then gives is rounding or the rest of a pseudo-inverse.
                Assert.True(At("se") < 1e-6 * At("model_se") || At("df") < 1 + 1e-6, what + " without se");
                continue;
            }
            Close(ours[j].StandardError, At("se"), 1e-7, 0, what + " se");
            Close(ours[j].DegreesOfFreedom!.Value, At("df"), 1e-7, 0, what + " df");
            Close(ours[j].PValue, At("p"), 1e-6, 0, what + " p");
        }
    }

    private static void AgreeRobust(Coefficient small, Coefficient plain, JsonElement expected, string what)
    {
        Close(small.Estimate, expected[0], 1e-9, 0, what);
        if (!small.HasStandardError)
        {
            // All effects that count are equal: nothing scatters.
            Assert.True(expected[1].GetDouble() <= 1e-14 * Math.Abs(small.Estimate), what + " without se");
            Assert.False(plain.HasStandardError);
            return;
        }
        Close(small.StandardError, expected[1], 1e-8, 0, what + " se");
        Close(small.DegreesOfFreedom!.Value, expected[2], 1e-8, 0, what + " df");
        Close(plain.StandardError, expected[3], 1e-8, 0, what + " CR1");
    }

    private static void AgreeLine(Coefficient[] ours, double phi, JsonElement expected, string what)
    {
        for (var j = 0; j < ours.Length; j++)
        {
            double At(string name) => expected.GetProperty(name) is { ValueKind: JsonValueKind.Array } all ? all[j].GetDouble() : expected.GetProperty(name).GetDouble();
            Close(ours[j].Estimate, At("coef"), 1e-9, At("se"), what);
            Close(ours[j].StandardError, At("se"), 1e-9, 0, what + " se");
            Close(ours[j].PValue, At("p"), 1e-8, 0, what + " p");
            Close(ours[j].ConfidenceInterval.Lower, At("lower"), 1e-9, At("se"), what + " lower");
            Close(ours[j].ConfidenceInterval.Upper, At("upper"), 1e-9, At("se"), what + " upper");
        }
        Close(phi, expected.GetProperty("phi").GetDouble(), 1e-9, 0, what + " phi");
    }

    private static void Close(double actual, JsonElement expected, double tolerance, double scale, string what) => Close(actual, expected.GetDouble(), tolerance, scale, what);

    private static void Close(double actual, double expected, double tolerance, double scale, string what) =>
        Assert.True(Math.Abs(actual - expected) <= tolerance * Math.Max(Math.Abs(expected), scale) + 1e-300, FormattableString.Invariant($"{what}: {actual:R}, reference {expected:R}"));

    private static StudyEffects Effects(JsonElement design) => StudyEffects.Create([.. design.GetProperty("y").EnumerateArray().Select(y => y.GetDouble())], [.. design.GetProperty("v").EnumerateArray().Select(v => v.GetDouble())],
        columns: [StudyColumn.OfTexts("cluster", design.GetProperty("cl").EnumerateArray().Select(c => c.ToString()))]);
}
