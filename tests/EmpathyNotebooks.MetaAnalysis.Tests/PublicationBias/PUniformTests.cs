using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis.Tests.Golden;
using MathNet.Numerics.Distributions;

namespace EmpathyNotebooks.MetaAnalysis.Tests.PublicationBias;

/// <summary>p-uniform and p-uniform* against puniform 0.2.7, a tight maximum of the likelihood, brute force, and at their edges.</summary>
public sealed class PUniformTests
{
    public static TheoryData<string, PUniformMethod> Cases => [.. PValueReference.Datasets.SelectMany(d => Enum.GetValues<PUniformMethod>().Select(m => (d, m)))];

    public static TheoryData<string> Datasets => [.. PValueReference.Datasets];

    [Theory]
    [MemberData(nameof(Cases))]
    public void P_uniform_agrees_with_puniform(string dataset, PUniformMethod method)
    {
        var code = method switch { PUniformMethod.Sum => "P", PUniformMethod.LogSum => "LNP", PUniformMethod.LogComplementSum => "LN1MINP", _ => "ML" };
        var expected = PValueReference.Results("puniform", "puniform.json", dataset, "puniform", ("method", code));
        var result = PUniform.Fit(Reference.Load(dataset), new() { Method = method, Alternative = Side(dataset) });

        // The package bisects to 1e-4, and its table of critical values of Σq ends at k = 100: 1e-3 as its own accuracy.
        Assert.Equal(expected.GetProperty("k_sig").GetInt32(), result.Count);
        PValueReference.Near(result.Estimate, expected.GetProperty("estimate"), 1e-3, "estimate");
        PValueReference.Near(result.ConfidenceInterval.Lower, expected.GetProperty("ci")[0], 1e-3, "lower");
        PValueReference.Near(result.ConfidenceInterval.Upper, expected.GetProperty("ci")[1], 1e-3, "upper");
        // The tests need no search, but with maximum likelihood one for the maximum.
        var exact = method == PUniformMethod.MaximumLikelihood ? 1e-6 : 1e-9;
        PValueReference.Near(result.EffectTest.Statistic, expected.GetProperty("test_effect"), exact, "effect");
        PValueReference.Near(result.EffectTest.PValue, expected.GetProperty("test_effect_p"), exact, "p of effect");
        PValueReference.Near(result.BiasTest.Statistic, expected.GetProperty("test_bias"), exact, "bias");
        PValueReference.Near(result.BiasTest.PValue, expected.GetProperty("test_bias_p"), exact, "p of bias");
        PValueReference.Near(result.CommonEffect, expected.GetProperty("common_effect"), 1e-12, "common effect");
        Assert.Equal((result.Estimate, result.Count), (result.Adjusted.Estimate, result.Adjusted.Count));
    }

    [Theory]
    [MemberData(nameof(Datasets))]
    public void P_uniform_star_agrees_with_the_tight_maximum(string dataset)
    {
        var expected = PValueReference.Results("puniform", "punistar-tight.json", dataset, "puni_star-ML-tight-optimum");
        var result = PUniformStar.Fit(Reference.Load(dataset), new() { Alternative = Side(dataset) });

        PValueReference.Near(result.LogLikelihood, expected.GetProperty("loglik"), 1e-9, "likelihood");
        PValueReference.Near(result.Estimate, expected.GetProperty("estimate"), 1e-6, "estimate");
        PValueReference.Near(result.TauSquared, expected.GetProperty("tau2"), 1e-6, "tau2");
        PValueReference.Near(result.ConfidenceInterval.Lower, expected.GetProperty("ci")[0], 1e-6, "lower");
        PValueReference.Near(result.ConfidenceInterval.Upper, expected.GetProperty("ci")[1], 1e-6, "upper");
        PValueReference.Near(result.TauSquaredInterval.Lower, expected.GetProperty("tau2_ci")[0], 1e-6, "lower tau2");
        PValueReference.Near(result.TauSquaredInterval.Upper, expected.GetProperty("tau2_ci")[1], 1e-6, "upper tau2");
        PValueReference.Near(result.EffectTest.Statistic, expected.GetProperty("LR_mu0"), 1e-6, "LR of the mean");
        PValueReference.Near(result.EffectTest.PValue, expected.GetProperty("LR_mu0_p"), 1e-6, "p of the mean");
        PValueReference.Near(result.HeterogeneityTest.Statistic, expected.GetProperty("LR_tau0"), 1e-6, "LR of tau2");
        PValueReference.Near(result.HeterogeneityTest.PValue, expected.GetProperty("LR_tau0_p_mixture"), 1e-6, "p of tau2");

        var package = PValueReference.Results("puniform", "puniform.json", dataset, "puni_star", ("method", "ML"), ("tol", "1e-08"));
        Assert.Equal(package.GetProperty("k_sig").GetInt32(), result.SignificantCount);
        PValueReference.Near(result.Estimate, package.GetProperty("estimate"), 2e-5, "estimate of the package");
        PValueReference.Near(result.EffectTest.PValue, package.GetProperty("test_effect_p"), 1e-6, "p of the package");
    }

    /// <summary>The mirror image has the mirrored result: sides are alike.</summary>
    [Fact]
    public void The_other_side_is_the_mirror_image()
    {
        var effects = Reference.Load("molloy2014");
        var mirrored = StudyEffects.Create([.. effects.Effects.Select(y => -y)], effects.Variances);

        foreach (var method in Enum.GetValues<PUniformMethod>())
        {
            var (here, there) = (PUniform.Fit(effects, new() { Method = method }), PUniform.Fit(mirrored, new() { Method = method, Alternative = Alternative.Less }));
            Assert.Equal((here.Estimate, here.ConfidenceInterval.Upper, here.BiasTest), (-there.Estimate, -there.ConfidenceInterval.Lower, there.BiasTest));
        }
        var (star, mirror) = (PUniformStar.Fit(effects), PUniformStar.Fit(mirrored, new() { Alternative = Alternative.Less }));
        Assert.Equal((star.Estimate, star.ConfidenceInterval.Upper, star.TauSquared), (-mirror.Estimate, -mirror.ConfidenceInterval.Lower, mirror.TauSquared));
    }

    /// <summary>Every estimate solves its equation, written with plain normal tails.</summary>
    [Fact]
    public void The_estimate_solves_its_equation()
    {
        var effects = Reference.Load("hackshaw1998");
        var c = Normal.InvCDF(0, 1, 0.975);

        foreach (var method in Enum.GetValues<PUniformMethod>())
        {
            var result = PUniform.Fit(effects, new() { Method = method });
            double sum = 0, log = 0, complement = 0;
            for (var i = 0; i < effects.Count; i++)
            {
                double s = Math.Sqrt(effects.Variances[i]), y = effects.Effects[i];
                if (y / s <= c) continue;
                var q = Normal.CDF(0, 1, (result.Estimate - y) / s) / Normal.CDF(0, 1, result.Estimate / s - c);
                (sum, log, complement) = (sum + q, log - Math.Log(q), complement - Math.Log(1 - q));
            }
            if (method == PUniformMethod.Sum) Assert.Equal(result.Count / 2.0, sum, 1e-9);
            if (method == PUniformMethod.LogSum) Assert.Equal(result.Count, log, 1e-9);
            if (method == PUniformMethod.LogComplementSum) Assert.Equal(result.Count, complement, 1e-9);
        }
    }

    /// <summary>Sums of uniform values: exact polynomials for two and three, puniform's table from Mathematica (k = 20, 100), and symmetry.</summary>
    [Fact]
    public void Sums_of_uniform_values_have_their_distribution()
    {
        Assert.Equal(0.32, IrwinHall.Cumulative(0.8, 2), 1e-14);
        Assert.Equal(1 - 0.32, IrwinHall.Cumulative(1.2, 2), 1e-14);
        Assert.Equal(0.5, IrwinHall.Cumulative(1.5, 3), 1e-14);
        Assert.Equal(0.7 * 0.7 * 0.7 / 6, IrwinHall.Cumulative(0.7, 3), 1e-14);
        Assert.Equal(7.4750896, IrwinHall.Quantile(0.025, 20), 1e-6);
        Assert.Equal(44.3444582, IrwinHall.Quantile(0.025, 100), 1e-6);
        Assert.Equal(100 - 44.3444582, IrwinHall.Quantile(0.975, 100), 1e-6);
        Assert.Equal(0.025, IrwinHall.Quantile(0.025, 1), 1e-12);
        // Where the exact distribution gives way to the normal one with kurtosis the two agree.
        Assert.Equal(IrwinHall.Exact / 2.0 + Math.Sqrt(IrwinHall.Exact / 12.0) * (Normal.InvCDF(0, 1, 0.025) - (Math.Pow(Normal.InvCDF(0, 1, 0.025), 3) - 3 * Normal.InvCDF(0, 1, 0.025)) / (20.0 * IrwinHall.Exact)),
            IrwinHall.Quantile(0.025, IrwinHall.Exact), 1e-5);
    }

    /// <summary>No point of a wide grid has a higher likelihood than the maximum, and the limits are where it has fallen by half a χ² quantile.</summary>
    [Fact]
    public void P_uniform_star_is_at_the_top_on_ugly_data_or_has_a_reason()
    {
        int fits = 0, reasons = 0;
        var c = Normal.InvCDF(0, 1, 0.975);
        foreach (var effects in PValueReference.Ugly(250, 3))
        {
            double range = effects.Effects.Max() - effects.Effects.Min() + Math.Sqrt(effects.Variances.Max());
            try
            {
                var result = PUniformStar.Fit(effects);
                fits++;
                Assert.Equal(result.LogLikelihood, At(result.Estimate, result.TauSquared), 1e-7);
                for (var i = -40; i <= 40; i++)
                {
                    for (var j = 0; j <= 20; j++)
                    {
                        var tau2 = j == 0 ? 0 : range * range * Math.Pow(10, (j - 15) / 3.0);
                        Assert.True(At(result.Estimate + i * range / 10, tau2) <= result.LogLikelihood + 1e-7);
                    }
                }
                Assert.True(result.ConfidenceInterval.Lower <= result.Estimate && result.Estimate <= result.ConfidenceInterval.Upper);
                Assert.True(result.TauSquaredInterval.Lower <= result.TauSquared && result.TauSquared <= result.TauSquaredInterval.Upper);
                Assert.All([result.EffectTest.PValue, result.HeterogeneityTest.PValue, result.BiasTest.PValue], p => Assert.InRange(p, 0, 1));
                // An interval that leaves out 0 and a test of 0 agree.
                Assert.Equal(result.EffectTest.PValue < 0.05, !result.ConfidenceInterval.Contains(0));
            }
            catch (UndeterminedException reason)
            {
                reasons++;
                Assert.Equal("p-uniform*", reason.Method);
                // It rises: with τ² a hundred times larger there is a mean with a higher likelihood than the best at the usual size.
                Assert.True(Best(1e4 * range * range) > Best(range * range));
            }

            double Best(double tau2) => Enumerable.Range(-20000, 40001).Max(i => At(i * Math.Sqrt(tau2) / 4, tau2));

            double At(double mu, double tau2)
            {
                double sum = 0;
                for (var i = 0; i < effects.Count; i++)
                {
                    double y = effects.Effects[i], sd = Math.Sqrt(effects.Variances[i] + tau2), limit = (c * Math.Sqrt(effects.Variances[i]) - mu) / sd;
                    sum += Normal.PDFLn(0, 1, (y - mu) / sd) - Math.Log(sd) - LogUpper(y / Math.Sqrt(effects.Variances[i]) > c ? limit : -limit);
                }
                return sum;
            }
        }
        Assert.True(fits > 100 && reasons > 0, $"{fits} fits, {reasons} reasons");
    }

    [Fact]
    public void P_uniform_on_ugly_data_has_an_estimate_within_its_interval_or_a_reason()
    {
        var fits = 0;
        foreach (var effects in PValueReference.Ugly(250, 5))
        {
            foreach (var method in Enum.GetValues<PUniformMethod>())
            {
                try
                {
                    var result = PUniform.Fit(effects, new() { Method = method });
                    fits++;
                    Assert.True(double.IsFinite(result.Estimate));
                    Assert.True(result.ConfidenceInterval.Lower < result.Estimate && result.Estimate < result.ConfidenceInterval.Upper);
                    Assert.All([result.EffectTest.PValue, result.BiasTest.PValue], p => Assert.InRange(p, 0, 1));
                }
                catch (UndeterminedException reason)
                {
                    Assert.Equal("p-uniform", reason.Method);
                }
            }
        }
        Assert.True(fits > 400);
    }

    [Fact]
    public void Tails_far_out_keep_their_digits()
    {
        // log Φ(-x) in 50-digit arithmetic: mpmath 1.3.
        Assert.Equal(-53.23128515051247, NormalTail.LogUpper(10), 1e-12);
        Assert.Equal(-804.608442013754, NormalTail.LogUpper(40), 1e-10);
        Assert.Equal(-0.17275377902344988, NormalTail.LogUpper(-1), 1e-15);
        Assert.Equal(-7.619853024160527e-24, NormalTail.LogUpper(-10), 1e-36);
        Assert.Equal(NormalTail.LogUpper(4 - 1e-12), NormalTail.LogUpper(4), 1e-11);
        Assert.Equal(10.098093233962512, NormalTail.Hazard(10), 1e-13);
        Assert.Equal(NormalTail.LogUpper(31) - NormalTail.LogUpper(30), NormalTail.LogRatio(31, 30), 1e-11);
    }

    [Fact]
    public void What_does_not_apply_is_said()
    {
        var none = StudyEffects.Create([-0.1, 0.1], [0.04, 0.04]);

        Assert.Throws<UndeterminedException>(() => PUniform.Fit(none));
        Assert.Throws<ImpossibleChoiceException>(() => PUniform.Fit(none, new() { Alternative = Alternative.TwoSided }));
        Assert.Throws<ImpossibleChoiceException>(() => PUniformStar.Fit(none, new() { Alternative = Alternative.TwoSided }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PUniformOptions { Alpha = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PUniformStarOptions { ConfidenceLevel = 0 });
        Assert.Throws<InsufficientStudiesException>(() => PUniformStar.Fit(none.Select([0])));
        Assert.Throws<ImpossibleChoiceException>(() => PUniformStar.Fit(StudyEffects.Create([-1.0, -1.2], [0.1, 0.1], EffectMeasure.FromCode("PLO"))));
        var rising = Assert.Throws<UndeterminedException>(() => PUniformStar.Fit(StudyEffects.Create([0.057, 0.0052], [0.00097, 5.1e-5])));
        Assert.Contains("no effect is significant", rising.Because, StringComparison.Ordinal);
        Assert.Contains("all effects are significant", Assert.Throws<UndeterminedException>(() => PUniformStar.Fit(StudyEffects.Create([0.40, 0.40, 2.0], [0.04, 0.04, 0.04]))).Because, StringComparison.Ordinal);
        Assert.Contains(PUniform.Fit(StudyEffects.Create([0.41, 0.1], [0.04, 0.04])).Warnings, w => w.Contains("set the estimate to 0", StringComparison.Ordinal));
    }

    private static double LogUpper(double x) => x < 30 ? Math.Log(Normal.CDF(0, 1, -x)) : Normal.PDFLn(0, 1, x) - Math.Log(x) - 1 / (x * x) + 2.5 / Math.Pow(x, 4);

    private static Alternative Side(string dataset) => dataset is "bcg" or "normand1999" ? Alternative.Less : Alternative.Greater;
}
