using BenchmarkDotNet.Attributes;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Benchmarks;

/// <summary>Selection models of 160 studies with standard errors, weights and the test of selection.</summary>
[MemoryDiagnoser]
public class SelectionBenchmarks
{
    private StudyEffects _effects = null!;

    [GlobalSetup]
    public void Setup() => _effects = Inputs.Repeat(160);

    [Benchmark]
    public double Step() => Fit(SelectionFunction.Step(0.025));

    [Benchmark]
    public double TwoSteps() => Fit(SelectionFunction.Step(0.025, 0.5));

    [Benchmark]
    public double Beta() => Fit(SelectionFunction.Beta());

    [Benchmark]
    public double HalfNormal() => Fit(SelectionFunction.HalfNormal());

    private double Fit(SelectionFunction function)
    {
        var fit = SelectionModel.Fit(_effects, function);
        return fit.Mean!.Value.ConfidenceInterval.Upper + fit.Parameters[0].Estimate + fit.LikelihoodRatio!.PValue;
    }
}
