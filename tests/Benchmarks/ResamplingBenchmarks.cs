using BenchmarkDotNet.Attributes;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Benchmarks;

/// <summary>Refits by the hundred thousand, on 82 studies and all cores.</summary>
[MemoryDiagnoser]
public class ResamplingBenchmarks
{
    private PooledFit _fit = null!;

    [GlobalSetup]
    public void Setup() => _fit = RandomEffects.Fit(Inputs.Repeat(82));

    [Benchmark]
    public double BootstrapByCase() => _fit.Bootstrap(new FitBootstrapOptions { Replicates = 100_000 }).Statistics[0].Interval.Upper;

    [Benchmark]
    public double ParametricBootstrap() => _fit.Bootstrap(new FitBootstrapOptions { Replicates = 100_000, Kind = BootstrapKind.Parametric }).Statistics[0].Interval.Upper;

    [Benchmark]
    public double Permutations() => _fit.PermutationTest(new PermutationOptions { Permutations = 1_000_000 }).Coefficients[0].PValue;
}
