using System.Diagnostics;
using EmpathyNotebooks.MetaAnalysis.Tests.Golden;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Integration;

namespace EmpathyNotebooks.MetaAnalysis.Tests.PublicationBias;

/// <summary>z-curve against zcurve 2.4.5, against the EM algorithm run to its end, against data whose rates are known, and at its edges.</summary>
public sealed class ZCurveTests
{
    [Fact]
    public void Agrees_with_the_package()
    {
        var expected = PValueReference.Results("zcurve", "zcurve.json", "mcdaniel1994", "zcurve");
        var curve = ZCurve.Fit(Reference.Load("mcdaniel1994"));

        Assert.Equal((expected.GetProperty("k").GetInt32(), expected.GetProperty("k_sig").GetInt32(), expected.GetProperty("k_fit").GetInt32()), (curve.Count, curve.SignificantCount, curve.FittedCount));
        PValueReference.Near(curve.ShareBeyond, expected.GetProperty("prop_high"), 1e-14, "share beyond 6");
        // The package stops its EM algorithm where the likelihood rises by less than 1e-6 a step; the maximum lies a little higher.
        Assert.InRange(curve.LogLikelihood, expected.GetProperty("loglik").GetDouble(), expected.GetProperty("loglik").GetDouble() + 1e-3);
        var estimates = expected.GetProperty("estimates");
        PValueReference.Near(curve.ExpectedReplicationRate, estimates[0], 1e-3, "ERR");
        PValueReference.Near(curve.ExpectedDiscoveryRate, estimates[1], 2e-3, "EDR");
        PValueReference.Near(curve.LargestFalseDiscoveryRate, estimates[2], 1e-3, "FDR");
        PValueReference.Near(curve.FileDrawerRatio, estimates[3], 0.015, "file drawer");
        PValueReference.Near(curve.ExpectedCount, estimates[4], 0.01, "expected count");
        Assert.Equal(curve.ExpectedCount - 160, curve.MissingCount, 1e-10);
        Assert.Equal(81 / 160.0, curve.ObservedDiscoveryRate);
        // The package's limits are of 100 samples: they lie where ours of 100 samples lie, whose seeds tell how far such limits vary.
        double[] lower = [.. expected.GetProperty("bootstrap_ci_lb").EnumerateArray().Select(e => e.GetDouble())], upper = [.. expected.GetProperty("bootstrap_ci_ub").EnumerateArray().Select(e => e.GetDouble())];
        var again = Enumerable.Range(1, 30).Select(seed => ZCurve.Fit(Reference.Load("mcdaniel1994"), new() { Bootstraps = 100, Seed = (ulong)seed })).ToList();
        Assert.InRange(lower[0], again.Min(c => c.ReplicationInterval!.Value.Lower), again.Max(c => c.ReplicationInterval!.Value.Lower));
        Assert.InRange(upper[0], again.Min(c => c.ReplicationInterval!.Value.Upper), again.Max(c => c.ReplicationInterval!.Value.Upper));
        Assert.InRange(lower[1], again.Min(c => c.DiscoveryInterval!.Value.Lower), again.Max(c => c.DiscoveryInterval!.Value.Lower));
        Assert.InRange(upper[1], again.Min(c => c.DiscoveryInterval!.Value.Upper), again.Max(c => c.DiscoveryInterval!.Value.Upper));
        // 2,000 samples fitted in R as the package does: .504, .837; .076, .727. Of 400 samples the last lies between .71 and .75.
        Assert.Equal(0.504, curve.ReplicationInterval!.Value.Lower, 0.02);
        Assert.Equal(0.837, curve.ReplicationInterval!.Value.Upper, 0.02);
        Assert.Equal(0.076, curve.DiscoveryInterval!.Value.Lower, 0.02);
        Assert.Equal(0.727, curve.DiscoveryInterval!.Value.Upper, 0.04);
    }

    /// <summary>60,000 steps of the EM algorithm in R: what the package would reach if it went on.</summary>
    [Fact]
    public void Is_where_the_EM_algorithm_ends()
    {
        var curve = ZCurve.Fit(Reference.Load("mcdaniel1994"), new() { Bootstraps = 0 });

        Assert.Equal(-75.5205089174518, curve.LogLikelihood, 1e-9);
        Assert.Equal(0.673449259877972, curve.ExpectedReplicationRate, 1e-7);
        Assert.Equal(0.385273840541524, curve.ExpectedDiscoveryRate, 1e-7);
        double[] weights = [0, 0.354521407720102, 0, 0.497262249626157, 0.148216342653741, 0, 0];
        for (var j = 0; j < 7; j++) Assert.Equal(weights[j], curve.Weights[j], 1e-7);
        Assert.Null(curve.ReplicationInterval);
    }

    /// <summary>No direction from the maximum rises: the conditions of Karush, Kuhn and Tucker on random data, also with ties.</summary>
    [Fact]
    public void Weights_are_at_the_maximum()
    {
        var random = new Random(8);
        for (var n = 0; n < 200; n++)
        {
            var z = Enumerable.Range(0, random.Next(10, 80)).Select(_ => n % 3 == 0 ? 2 + Math.Floor(8 * random.NextDouble()) / 2 : 1.97 + 4 * Math.Pow(random.NextDouble(), 1 + n % 4)).ToArray();
            if (z.Count(value => value < 6) < 10) continue;
            var curve = ZCurve.Fit(z, new() { Bootstraps = 0 });
            Assert.Equal(1, curve.Weights.Sum(), 1e-12);
            Assert.All(curve.Weights, w => Assert.InRange(w, 0, 1));
            var fitted = z.Where(value => value < 6).ToArray();
            for (var j = 0; j < 7; j++)
            {
                var slope = fitted.Sum(value => Component(value, j) / curve.DensityAt(value)) / fitted.Length;
                Assert.True(slope < 1 + 1e-7, $"set {n}, component {j}: {slope}");
                if (curve.Weights[j] > 1e-6) Assert.Equal(1, slope, 1e-6);
            }
            Assert.InRange(curve.ExpectedDiscoveryRate, 0.05, 1);
            Assert.InRange(curve.ExpectedReplicationRate, 0.025, 1);
        }
    }

    /// <summary>Simulated studies, power 50% and selection for significance: both rates are 50%, and the density is one.</summary>
    [Fact]
    public void Known_rates_are_found()
    {
        var random = new Random(20);
        List<double> z = [];
        while (z.Count < 2000)
        {
            var value = 1.96 + Normal.Sample(random, 0, 1);
            if (Math.Abs(value) > 1.96) z.Add(value);
        }
        var curve = ZCurve.Fit(z, new() { Bootstraps = 20 });

        Assert.Equal(0.5, curve.ExpectedReplicationRate, 0.03);
        Assert.Equal(0.5, curve.ExpectedDiscoveryRate, 0.1);
        Assert.True(curve.DiscoveryInterval!.Value.Contains(0.5) && curve.ReplicationInterval!.Value.Contains(0.5));
        Assert.Equal(1, GaussLegendreRule.Integrate(curve.DensityAt, 1.959964, 6, 64), 1e-5);
        Assert.Equal((0, 0), (curve.DensityAt(1.9), curve.DensityAt(6.1)));
    }

    [Fact]
    public void The_same_seed_gives_the_same_interval_and_a_thousand_samples_take_no_time()
    {
        var effects = Reference.Load("mcdaniel1994");
        var (clock, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var first = ZCurve.Fit(effects);
        // Where other programs keep the machine busy, the clock tells of them; the processor's time is that of these tests alone.
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(3) || Environment.CpuUsage.TotalTime - before < TimeSpan.FromSeconds(3));

        Assert.Equal((first.ReplicationInterval, first.DiscoveryInterval), (ZCurve.Fit(effects).ReplicationInterval, ZCurve.Fit(effects).DiscoveryInterval));
        Assert.NotEqual(first.DiscoveryInterval, ZCurve.Fit(effects, new() { Seed = 2 }).DiscoveryInterval);
        // Narrower levels lie within.
        var narrow = ZCurve.Fit(effects, new() { ConfidenceLevel = 0.8 });
        Assert.True(narrow.DiscoveryInterval!.Value.Lower >= first.DiscoveryInterval!.Value.Lower && narrow.DiscoveryInterval!.Value.Upper <= first.DiscoveryInterval!.Value.Upper);
    }

    [Fact]
    public void What_does_not_apply_is_said()
    {
        var few = Assert.Throws<InsufficientStudiesException>(() => ZCurve.Fit([2.5, 2.6, 0.1, 7]));
        Assert.Equal((10, 2), (few.Required, few.Actual));
        Assert.Throws<ArgumentOutOfRangeException>(() => ZCurve.Fit([double.NaN]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ZCurveOptions { Bootstraps = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ZCurveOptions { Alpha = 0 });
        Assert.Throws<ImpossibleChoiceException>(() => ZCurve.Fit(StudyEffects.Create([-1.0, -1.2], [0.1, 0.1], EffectMeasure.FromCode("PLO"))));
        // Ten results that are all alike, the least that is fitted.
        Assert.InRange(ZCurve.Fit([.. Enumerable.Repeat(3.0, 10)], new() { Bootstraps = 20 }).ExpectedReplicationRate, 0.5, 1);
    }

    private static double Component(double z, int mean) => (Normal.PDF(0, 1, z - mean) + Normal.PDF(0, 1, z + mean))
        / (Normal.CDF(0, 1, 6 - mean) - Normal.CDF(0, 1, 1.959963984540054 - mean) + Normal.CDF(0, 1, -1.959963984540054 - mean) - Normal.CDF(0, 1, -6 - mean));
}
