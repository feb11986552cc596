using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Benchmarks;

/// <summary>A whole fit with estimate, standard error, interval, test and weights, by number of studies; and one pass of the divisions that a look at one tau² takes, of which DerSimonian-Laird needs two and REML some six.</summary>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
public class FitBenchmarks
{
    private StudyEffects _effects = null!;

    [Params(16, 82, 160, 1_000, 100_000, 1_000_000)]
    public int K { get; set; }

    [GlobalSetup]
    public void Setup() => _effects = Inputs.Repeat(K);

    [Benchmark]
    public double DerSimonianLaird() => Fit(TauSquaredEstimator.DerSimonianLaird);

    [Benchmark]
    public double Reml() => Fit(TauSquaredEstimator.RestrictedMaximumLikelihood);

    [Benchmark]
    public double Divisions256() => Divisions.By256(_effects.Variances.AsSpan(), 0.03);

    /// <summary>Left out where the processor has no such instructions.</summary>
    [Benchmark]
    public double Divisions512() => Divisions.By512(_effects.Variances.AsSpan(), 0.03);

    private double Fit(TauSquaredEstimator estimator)
    {
        var fit = RandomEffects.Fit(_effects, new RandomEffectsOptions { TauSquared = estimator, Inference = Inference.Normal });
        return fit.ConfidenceInterval.Upper + fit.PValue + fit.Heterogeneity.ISquared;
    }
}

/// <summary>What refits many times, on 160 studies.</summary>
[MemoryDiagnoser]
public class RefitBenchmarks
{
    private PooledFit _fit = null!;

    [GlobalSetup]
    public void Setup() => _fit = RandomEffects.Fit(Inputs.Repeat(160));

    [Benchmark]
    public double LeaveOneOutReml() => _fit.LeaveOneOut()[^1].Fit.Estimate;

    [Benchmark]
    public double QProfile() => RandomEffects.Fit(_fit.Effects).Heterogeneity.TauSquaredInterval!.Value.Upper;
}

internal static class Inputs
{
    /// <summary>The 160 real correlations of McDaniel et al. (1994), cut or repeated to k studies.</summary>
    public static StudyEffects Repeat(int k)
    {
        var effects = Datasets.McDaniel1994().Correlations();
        return effects.Select([.. Enumerable.Range(0, k).Select(i => i % effects.Count)]);
    }
}
