using System.Globalization;
using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis.Tests.PublicationBias;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.MetaAnalysis.Tests.PsychometricTests;

/// <summary>psychmeta 2.7.0, the authority of the method, with its roundings redone where it rounds (see tests/golden/psychmeta/README.md).</summary>
public sealed class PsychmetaTests
{
    private static readonly IReadOnlyList<JsonElement> Cases = PValueReference.Cases("psychmeta", "psychmeta.json");

    private static readonly (string Name, PsychometricTarget Target)[] Targets =
        [("true_score", PsychometricTarget.TrueScores), ("validity_x", PsychometricTarget.PredictorAsMeasured), ("validity_y", PsychometricTarget.OutcomeAsMeasured)];

    public static StudyEffects Studies(string dataset)
    {
        string[][] rows = [.. File.ReadLines(Repository.PathTo("tests", "golden", "psychmeta", dataset + ".csv")).Skip(1).Select(line => line.Split(','))];
        double?[] Column(int c) => [.. rows.Select(r => r[c].Length == 0 ? (double?)null : double.Parse(r[c], CultureInfo.InvariantCulture))];
        int[] n = [.. Column(1).Select(v => (int)v!.Value)];
        double[] r = [.. Column(2).Select(v => v!.Value)];
        return StudyEffects.Create(r, [.. r.Select((x, i) => (1 - x * x) * (1 - x * x) / (n[i] - 1))], EffectMeasure.Correlation, sampleSizes: n,
            columns: [StudyColumn.OfNumbers("rxx", Column(3)), StudyColumn.OfNumbers("ryy", Column(4)), StudyColumn.OfNumbers("ux", Column(5))]);
    }

    private static PsychometricOptions Options(JsonElement options) => new()
    {
        CorrectsSmallSampleBias = options.GetProperty("correct_bias").GetBoolean(),
        SamplingError = options.GetProperty("error_type").GetString() == "mean" ? SamplingErrorFormula.MeanEffect : SamplingErrorFormula.EachEffect,
        NormalIntervals = options.TryGetProperty("interval", out var interval) && interval.GetString() == "norm",
        Weights = options.TryGetProperty("wt_type", out var weights) && weights.GetString() == "REML" ? TauSquaredEstimator.RestrictedMaximumLikelihood : null,
    };

    private static PsychometricOptions Corrected(JsonElement options, ArtifactMethod method, PsychometricTarget target)
    {
        var restriction = Enum.Parse<RangeRestrictionKind>(options.GetProperty("range_restriction_x").GetString()!, ignoreCase: true);
        return Options(options) with { PredictorReliability = "rxx", OutcomeReliability = "ryy", RangeRatio = restriction == RangeRestrictionKind.None ? null : "ux", RangeRestriction = restriction, Method = method, Target = target };
    }

    private static void Same(PsychometricEstimate estimate, JsonElement expected, string c, double tolerance, string what)
    {
        void Near(double actual, string name) => PValueReference.Near(actual, expected.GetProperty(name), tolerance, $"{what} {name}");
        Near(estimate.Mean, c.Length == 0 ? "mean_r" : "mean_rho");
        Near(estimate.Variance.Observed, "var_r" + c);
        Near(estimate.Variance.SamplingError, "var_e" + c);
        PValueReference.Near(estimate.Variance.Residual, Math.Max(0, expected.GetProperty(c.Length == 0 ? "var_res" : "var_rho").GetDouble()), tolerance, what + " residual");
        if (!expected.TryGetProperty("CI_LL_95", out _)) return;
        Near(estimate.StandardError, "se_r" + c);
        Near(estimate.ConfidenceInterval.Lower, "CI_LL_95");
        Near(estimate.ConfidenceInterval.Upper, "CI_UL_95");
        Near(estimate.CredibilityInterval.Lower, "CR_LL_80");
        Near(estimate.CredibilityInterval.Upper, "CR_UL_80");
        if (c.Length > 0 && expected.TryGetProperty("var_art_c", out _)) Near(estimate.Variance.Artifacts, "var_art_c");
    }

    private static double Tolerance(PsychometricOptions options) => options.Weights is null ? 1e-9 : 2e-5;

    private static IEnumerable<(string Dataset, JsonElement Options, JsonElement Results)> Of(params string[] methods)
    {
        var cases = Cases.Where(c => methods.Contains(c.GetProperty("method").GetString())).ToArray();
        Assert.NotEmpty(cases);
        return cases.Select(c => (c.GetProperty("dataset").GetString()!, c.GetProperty("options"), c.GetProperty("results")));
    }

    [Fact]
    public void No_case_of_the_reference_is_left_out() =>
        Assert.Equal(116, Cases.Count(c => c.GetProperty("method").GetString() is "psychmeta-bare-bones" or "psychmeta-individual-correction" or "psychmeta-artifact-distribution" or "hunter-schmidt-by-hand"));

    [Fact]
    public void Bare_bones_agree()
    {
        foreach (var (dataset, options, results) in Of("psychmeta-bare-bones", "hunter-schmidt-by-hand"))
        {
            var chosen = Options(options);
            var fit = Psychometric.Fit(Studies(dataset), chosen);

            Same(fit.Observed, results, "", Tolerance(chosen), dataset + options);
            Assert.Equal(results.GetProperty("N").GetDouble(), fit.TotalSampleSize);
            Assert.Equal(ArtifactMethod.BareBones, fit.Method);
        }
    }

    /// <summary>The package lets rma() stop early; with a threshold of 1e-14 metafor gives these.</summary>
    [Theory]
    [InlineData("psych-complete", 0.354422039207, 0.410792064874)]
    [InlineData("psych-sparse", 0.255884541025, 0.304232027109)]
    public void Random_effects_weights_agree_with_metafor(string dataset, double mean, double upper)
    {
        var observed = Psychometric.Fit(Studies(dataset), new() { Weights = TauSquaredEstimator.RestrictedMaximumLikelihood }).Observed;

        PValueReference.Near(observed.Mean, mean, 1e-10, dataset);
        PValueReference.Near(observed.ConfidenceInterval.Upper, upper, 1e-10, dataset);
    }

    [Fact]
    public void Corrections_of_single_correlations_agree()
    {
        foreach (var (dataset, options, results) in Of("psychmeta-individual-correction"))
        {
            foreach (var (name, target) in Targets)
            {
                var chosen = Corrected(options, ArtifactMethod.Individual, target);
                var (fit, tolerance) = (Psychometric.Fit(Studies(dataset), chosen), Tolerance(Options(options)));

                Same(fit.Corrected, results.GetProperty(name), "_c", tolerance, $"{dataset}{options} {name}");
                var (observed, error) = (results.GetProperty(name).GetProperty("var_r_c").GetDouble(), results.GetProperty(name).GetProperty("var_e_c").GetDouble());
                PValueReference.Near(fit.PercentExplained!.Value, 100 * error / observed, tolerance, $"{dataset}{options} {name} share");
                Assert.Equal(error > observed, fit.Warnings.Any(w => w.Contains("more than all", StringComparison.Ordinal)));
                if (target != PsychometricTarget.TrueScores) continue;
                var weights = results.GetProperty("weight").EnumerateArray().Sum(w => w.GetDouble());
                for (var i = 0; i < fit.Count; i++)
                {
                    PValueReference.Near(fit.Studies[i].Corrected, results.GetProperty("corrected_r")[i], tolerance, "r");
                    PValueReference.Near(fit.Studies[i].CorrectedVariance, results.GetProperty("corrected_var")[i], tolerance, "variance");
                    PValueReference.Near(fit.Studies[i].Weight, results.GetProperty("weight")[i].GetDouble() / weights, tolerance, "weight");
                }
            }
        }
    }

    [Fact]
    public void Distributions_of_artifacts_agree()
    {
        foreach (var (dataset, options, results) in Of("psychmeta-artifact-distribution"))
        {
            foreach (var (name, target) in Targets)
            {
                var method = options.GetProperty("ad_type").GetString() == "tsa" ? ArtifactMethod.TaylorSeries : ArtifactMethod.Interactive;
                var data = Artifacts.Of(Studies(dataset), Corrected(options, method, target));
                var moments = ArtifactMoments.Of(data);
                var rounded = method == ArtifactMethod.TaylorSeries ? Zapped(moments, data) : Rounded(moments, data);
                var fit = Psychometric.Fit(BareBones.Of(data), method, rounded);

                var expected = results.GetProperty(name);
                // The package integrates with a relative tolerance of 1e-4 by default.
                Same(fit.Corrected, expected, "_c", 1e-9, $"{dataset}{options} {name}");
                PValueReference.Near(fit.PercentExplained!.Value, 100 * expected.GetProperty("var_pre").GetDouble() / expected.GetProperty("var_r").GetDouble(), 1e-9, "share");
                // Without its roundings little changes.
                PValueReference.Near(Psychometric.Fit(BareBones.Of(data), method, moments).Corrected.Mean, fit.Corrected.Mean, 0.002, "unrounded");
            }
        }
    }

    [Fact]
    public void Distributions_with_direct_restriction_agree()
    {
        foreach (var expected in PValueReference.Cases("psychmeta", "direct-distributions.json"))
        {
            var method = expected.GetProperty("type").GetString() == "tsa" ? ArtifactMethod.TaylorSeries : ArtifactMethod.Interactive;
            var target = Targets.Single(t => t.Name == expected.GetProperty("target").GetString()).Target;
            var estimate = Psychometric.Fit(Studies(expected.GetProperty("dataset").GetString()!),
                new() { PredictorReliability = "rxx", OutcomeReliability = "ryy", RangeRatio = "ux", RangeRestriction = RangeRestrictionKind.Direct, Method = method, Target = target }).Corrected;

            void Near(double actual, string name) => PValueReference.Near(actual, expected.GetProperty(name), 1e-9, $"{expected.GetProperty("dataset")} {method} {target} {name}");
            Near(estimate.Mean, "mean");
            Near(estimate.StandardError, "se");
            Near(estimate.ConfidenceInterval.Lower, "lower");
            Near(estimate.ConfidenceInterval.Upper, "upper");
            Near(estimate.Variance.Observed, "var_r");
            Near(estimate.Variance.SamplingError, "var_e");
            Near(estimate.Variance.Artifacts, "var_art");
            Near(estimate.Variance.Residual, "var_rho");
        }
    }

    /// <summary>Mean and variance of uT as zapsmall() leaves them in one vector with the people whose u is known.</summary>
    private static ArtifactMoments Zapped(ArtifactMoments moments, Artifacts data)
    {
        if (moments.Restriction != RangeRestrictionKind.Indirect) return moments;
        int[] known = [.. Enumerable.Range(0, data.Count).Where(i => !double.IsNaN(data.U[i]))];
        double[] u = [.. known.Select(i => data.U[i])], n = [.. known.Select(i => data.Sizes[i])];
        double mean = ArtifactDistribution.WeightedMean(u, n), variance = ArtifactDistribution.WeightedVariance(u, n), error = ArtifactDistribution.WeightedMean([.. n.Select(s => mean * mean / (2 * (s - 1)))], n);
        var perUnit = moments.U.Variance / (variance - error);
        var digits = (int)Math.Floor(Math.Max(0, 7 - Math.Log10(n.Sum())) + 0.5);
        return moments with { U = new ArtifactSpread(Math.Round(moments.U.Mean, digits), Math.Max(0, Math.Round(perUnit * variance, digits) - Math.Round(perUnit * error, digits))) };
    }

    /// <summary>Artifacts of two decimals, with the variances of unrounded ones.</summary>
    private static ArtifactMoments Rounded(ArtifactMoments moments, Artifacts data)
    {
        ArtifactGrid Grid(double[] values, Func<double, double> of, Func<double, double> error)
        {
            int[] known = [.. Enumerable.Range(0, data.Count).Where(i => !double.IsNaN(values[i]))];
            double[] n = [.. known.Select(i => data.Sizes[i])], artifacts = [.. known.Select(i => of(values[i]))];
            var distinct = artifacts.Select((a, i) => (Value: Math.Round(a, 2), Size: n[i])).GroupBy(p => p.Value, p => p.Size).OrderBy(g => g.Key).ToArray();
            var given = values == data.U ? [.. known.Select(i => values[i])] : artifacts;
            var mean = ArtifactDistribution.WeightedMean(given, n);
            return ArtifactGrid.Of([.. distinct.Select(g => g.Key)], [.. distinct.Select(g => g.Sum() / n.Sum())], ArtifactDistribution.WeightedVariance(artifacts, n),
                ArtifactDistribution.WeightedMean([.. n.Select(s => error(mean) / (s - 1))], n));
        }
        static double Correlation(double q) => (1 - q * q) * (1 - q * q);
        var rounded = moments with { GridX = Grid(data.Rxx, Math.Sqrt, Correlation), GridY = Grid(data.Ryy, Math.Sqrt, Correlation) };
        if (moments.Restriction == RangeRestrictionKind.None) return rounded;
        int[] rows = [.. Enumerable.Range(0, data.Count)];
        int[] ofU = [.. rows.Where(i => !double.IsNaN(data.U[i]))], ofX = [.. rows.Where(i => !double.IsNaN(data.Rxx[i]))];
        double[] n = [.. ofX.Select(i => data.Sizes[i])], rxx = [.. ofX.Select(i => data.Rxx[i])];
        double mean = ArtifactDistribution.WeightedMean([.. ofU.Select(i => data.U[i])], [.. ofU.Select(i => data.Sizes[i])]), reliability = ArtifactDistribution.WeightedMean(rxx, n);
        var slope = RangeFormulas.TrueRatioSlope(mean, reliability);
        return rounded with
        {
            GridU = Grid(data.U, u => Math.Sqrt(RangeFormulas.TrueRatioSquared(u, reliability)), u => slope * slope * u * u / 2),
            MeanWhole = ArtifactDistribution.WeightedMean([.. rxx.Select(r => Math.Round(Math.Sqrt(RangeFormulas.UnrestrictReliability(r, mean)), 2))], n),
        };
    }
}
