using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis.Tests.Golden;

namespace EmpathyNotebooks.MetaAnalysis.Tests.PublicationBias;

/// <summary>Small and awkward random designs of 3 to 12 studies against metafor 3.8: ties, variances that differ by eight decades, all effects of one sign, every inference.</summary>
public sealed class BiasDesignTests
{
    private static readonly IReadOnlyList<JsonElement> Designs = Reference.Cases(Environment.GetEnvironmentVariable("EMPATHY_BIAS_DESIGNS") ?? "bias-designs.json");

    private static readonly Dictionary<string, TauSquaredEstimator?> Estimators = new()
    {
        ["EE"] = null, ["DL"] = TauSquaredEstimator.DerSimonianLaird, ["HE"] = TauSquaredEstimator.Hedges, ["SJ"] = TauSquaredEstimator.SidikJonkman, ["REML"] = TauSquaredEstimator.RestrictedMaximumLikelihood,
        ["ML"] = TauSquaredEstimator.MaximumLikelihood, ["PM"] = TauSquaredEstimator.PauleMandel,
    };

    [Fact]
    public void Egger_s_regression_agrees_by_meta_regression_and_least_squares()
    {
        var compared = 0;
        Each((design, fit, name) =>
        {
            foreach (var expected in design.GetProperty("egger").EnumerateArray())
            {
                var model = expected.GetProperty("model").GetString() == "lm" ? EggerModel.WeightedLeastSquares : EggerModel.MetaRegression;
                var predictor = Enum.GetValues<SmallStudyPredictor>().Single(p => SmallStudyPredictors.Code(p) == expected.GetProperty("predictor").GetString());
                var statistic = expected.GetProperty("statistic").GetDouble();
                EggerTest test;
                try
                {
                    test = fit.EggerTest(predictor, model);
                }
                catch (UndeterminedException)
                {
                    // R's statistics of a line that fits to rounding are of rounding.
                    Assert.True(Math.Abs(statistic) > 1e6, $"{name} {predictor} {model}: {statistic}");
                    continue;
                }
                compared++;
                Close(test.Statistic, statistic, 2e-6, $"{name} {test}");
                Close(test.PValue, expected.GetProperty("p").GetDouble(), 2e-6, $"{name} {test} p");
                Assert.Equal(expected.GetProperty("df").ValueKind == JsonValueKind.Number ? expected.GetProperty("df").GetDouble() : null, test.DegreesOfFreedom);
                Assert.Equal(expected.GetProperty("est").ValueKind == JsonValueKind.Number, test.Limit is not null);
                if (test.Limit is not { } limit) continue;
                var size = Math.Max(Math.Abs(limit.Estimate), limit.ConfidenceInterval.Width);
                Assert.Equal(expected.GetProperty("est").GetDouble(), limit.Estimate, 2e-6 * size);
                Assert.Equal(expected.GetProperty("lower").GetDouble(), limit.ConfidenceInterval.Lower, 2e-6 * size);
                Assert.Equal(expected.GetProperty("upper").GetDouble(), limit.ConfidenceInterval.Upper, 2e-6 * size);
            }
        });
        Assert.True(compared > 10 * Designs.Count, $"{compared} compared");
    }

    [Fact]
    public void The_rank_test_agrees_exact_and_with_ties()
    {
        var (exact, normal) = (0, 0);
        Each((design, fit, name) =>
        {
            if (!design.TryGetProperty("rank", out var expected) || expected.GetProperty("tau").ValueKind != JsonValueKind.Number)
            {
                Assert.Throws<UndeterminedException>(() => fit.RankTest());
                return;
            }
            var test = fit.RankTest();
            Close(test.Tau, expected.GetProperty("tau").GetDouble(), 1e-10, $"{name} tau");
            Close(test.PValue, expected.GetProperty("p").GetDouble(), 1e-8, $"{name} p");
            if (test.IsExact) exact++;
            else normal++;
        });
        Assert.True(exact > 20 && normal > 20, $"{exact} exact, {normal} normal");
    }

    [Fact]
    public void Trim_and_fill_agrees_on_every_side()
    {
        var filled = 0;
        Each((design, fit, name) =>
        {
            if (fit is not PooledFit pooled) return;
            foreach (var expected in design.GetProperty("trimfill").EnumerateArray())
            {
                var estimator = Enum.Parse<TrimAndFillEstimator>(expected.GetProperty("estimator").GetString()!);
                FunnelSide? given = expected.GetProperty("given").GetString() switch { "left" => FunnelSide.Left, "right" => FunnelSide.Right, _ => null };
                TrimAndFillResult result;
                try
                {
                    result = pooled.TrimAndFill(estimator, given);
                }
                catch (UndeterminedException fault)
                {
                    // metafor then takes the left, from a slope that it drops as redundant.
                    Assert.True(given is null && fault.Because.Contains("alike", StringComparison.Ordinal), $"{name} {estimator}: {fault.Message}");
                    continue;
                }
                var what = $"{name} {expected.GetProperty("given")} {result}";
                Assert.Equal(expected.GetProperty("side").GetString(), result.Side == FunnelSide.Left ? "left" : "right");
                Assert.True(expected.GetProperty("k0").GetInt32() == result.Missing, what);
                // With one study left its mean is its effect; in R that is so but for rounding, whose sign then has a rank.
                if (result.Missing == design.GetProperty("yi").GetArrayLength() - 1) continue;
                if (expected.GetProperty("se").ValueKind == JsonValueKind.Number) Close(result.MissingStandardError!.Value, expected.GetProperty("se").GetDouble(), 1e-9, what + " se");
                else Assert.Null(result.MissingStandardError);
                if (expected.GetProperty("p").ValueKind == JsonValueKind.Number) Close(result.PValue!.Value, expected.GetProperty("p").GetDouble(), 1e-9, what + " p");
                else Assert.Null(result.PValue);
                var size = Math.Max(Math.Abs(result.Fit.Estimate), result.Fit.ConfidenceInterval.Width);
                Assert.Equal(expected.GetProperty("beta").GetDouble(), result.Fit.Estimate, 1e-6 * size);
                Assert.Equal(expected.GetProperty("lower").GetDouble(), result.Fit.ConfidenceInterval.Lower, 1e-6 * size);
                Assert.Equal(expected.GetProperty("upper").GetDouble(), result.Fit.ConfidenceInterval.Upper, 1e-6 * size);
                Assert.Equal(Values(expected, "filledVariances"), result.Filled.Select(f => f.Variance));
                foreach (var (ours, theirs) in result.Filled.Select(f => f.Effect).Zip(Values(expected, "filled"))) Assert.Equal(theirs, ours, 1e-6 * size);
                filled += result.Missing;
            }
        });
        Assert.True(filled > 50, $"{filled} filled");
    }

    [Fact]
    public void The_test_of_excess_significance_agrees()
    {
        var (tests, limits, missed) = (0, 0, 0);
        Each((design, fit, name) =>
        {
            foreach (var expected in design.GetProperty("tes").EnumerateArray())
            {
                var test = fit.ExcessSignificance(new()
                {
                    Significance = Side(expected, "alternative"), Excess = Side(expected, "excess"),
                    Test = expected.GetProperty("test").GetString() switch { "chi2" => ExcessTest.ChiSquared, "binom" => ExcessTest.Binomial, _ => ExcessTest.Exact },
                });
                var what = $"{name} {test.Options} {test}";
                Assert.Equal(expected.GetProperty("O").GetInt32(), test.Observed);
                // metafor integrates the power with τ² numerically from five τ below to five above, which leaves out 6e-7, and where a standard error is small beside τ its rule can miss the step altogether. Ours is
                // in closed form, and held to a fine rule in ExcessSignificanceReferenceTests. What is compared here is where E agrees; how often it does not is counted.
                // Where ours is 0, its search stops short of 0 and integrates all the same.
                var random = fit.IsRandomEffects;
                if (random && Math.Abs(expected.GetProperty("E").GetDouble() - test.Expected) > 2e-6 * test.Count)
                {
                    missed++;
                    continue;
                }
                var tolerance = random ? 2e-6 : 1e-7;
                Assert.Equal(expected.GetProperty("E").GetDouble(), test.Expected, tolerance * test.Count);
                if (expected.GetProperty("power").ValueKind == JsonValueKind.Array)
                {
                    foreach (var (ours, theirs) in test.Power.Zip(Values(expected, "power"))) Assert.Equal(theirs, ours, tolerance);
                }
                // Near 0 expected events chi-squared multiplies what the integral left out.
                var difficult = test.Expected < 0.01 || test.Count - test.Expected < 0.01;
                if (!difficult) Assert.True(Math.Abs(expected.GetProperty("p").GetDouble() - test.PValue) < 50 * tolerance, $"{what}: {test.PValue}, reference {expected.GetProperty("p").GetDouble()}");
                tests++;
                foreach (var (ours, theirs) in new[] { (test.ExcessLimit, expected.GetProperty("excessLimit")), (test.DeficitLimit, expected.GetProperty("deficitLimit")) })
                {
                    if (theirs.ValueKind != JsonValueKind.Number || ours is not { } limit) continue;
                    Assert.True(Math.Abs(limit - theirs.GetDouble()) < 5e-3 * Math.Max(1, Math.Abs(limit)), $"{what}: limit {limit}, reference {theirs}");
                    limits++;
                }
            }
        });
        Assert.True(tests > 5 * Designs.Count && limits > 30 && missed < tests / 10, $"{tests} tests, {limits} limits, {missed} missed by the integral");
    }

    private static void Each(Action<JsonElement, IModelFit, string> check)
    {
        for (var i = 0; i < Designs.Count; i++)
        {
            var design = Designs[i];
            var estimator = Estimators[design.GetProperty("method").GetString()!];
            var inference = design.GetProperty("test").GetString() switch { "z" => Inference.Normal, "t" => Inference.StudentT, _ => Inference.HartungKnapp };
            double[] y = Values(design, "yi"), v = Values(design, "vi");
            var moderated = design.TryGetProperty("mod", out var mod) && mod.ValueKind == JsonValueKind.Array;
            var effects = StudyEffects.Create(y, v, sampleSizes: [.. Values(design, "ni").Select(n => (int)n)], columns: moderated ? [StudyColumn.OfNumbers("x", Values(design, "mod").Select(x => (double?)x))] : null);
            IModelFit fit = moderated ? MetaRegression.Fit(effects, Moderator.Number("x"), new() { TauSquared = estimator, Inference = inference })
                : estimator is { } tau2 ? RandomEffects.Fit(effects, new() { TauSquared = tau2, Inference = inference }) : EqualEffects.Fit(effects, new() { Inference = inference });
            // Where the likelihood has two peaks, or metafor stops beside the bound, τ² tells.
            var theirs = design.GetProperty("tau2").GetDouble();
            var ours = fit.TrueEffectVariances[0];
            if (Math.Abs(theirs - ours) > 1e-6 * Math.Max(theirs, v.Min())) continue;
            check(design, fit, $"design {i + 1} ({design.GetProperty("method").GetString()}, {inference}, k = {y.Length})");
        }
    }

    private static double[] Values(JsonElement element, string name) => element.GetProperty(name) switch
    {
        { ValueKind: JsonValueKind.Array } array => [.. array.EnumerateArray().Select(x => x.GetDouble())],
        { ValueKind: JsonValueKind.Number } one => [one.GetDouble()],
        _ => [],
    };

    private static Alternative Side(JsonElement element, string name) => element.GetProperty(name).GetString() switch { "greater" => Alternative.Greater, "less" => Alternative.Less, _ => Alternative.TwoSided };

    private static void Close(double actual, double expected, double tolerance, string what) =>
        Assert.True(Math.Abs(actual - expected) <= tolerance * Math.Max(Math.Abs(expected), 1e-3), $"{what}: {actual:R}, reference {expected:R}");
}
