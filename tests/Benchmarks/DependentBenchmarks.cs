using BenchmarkDotNet.Attributes;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Benchmarks;

/// <summary>Whole fits of models with dependent effects, on drawn numbers of the size of large syntheses.</summary>
[MemoryDiagnoser]
public class DependentBenchmarks
{
    private StudyEffects _effects = null!;

    /// <summary>Samples with a handful of effects each, in studies of three samples.</summary>
    [Params(113, 2_000)]
    public int Samples { get; set; }

    /// <summary>Effects: 678 in 113 samples, 10,000 in 2,000.</summary>
    [GlobalSetup]
    public void Setup() => _effects = DependentInputs.Draw(Samples, Samples == 113 ? 6 : 5);

    [Benchmark]
    public double ThreeLevels() => MultilevelModel.Fit(_effects, ["study", "sample", "effect"]).LogLikelihood;

    [Benchmark]
    public double CorrelatedAndHierarchical() => MultilevelModel.Fit(_effects, ["sample", "effect"], samplingCorrelation: 0.6).LogLikelihood;

    [Benchmark]
    public double RobustCR2() => MultilevelModel.Fit(_effects, ["sample", "effect"], samplingCorrelation: 0.6).Robust().Coefficients[0].StandardError;

    [Benchmark]
    public double CrossedRater() =>
        MultilevelModel.Fit(_effects, ["sample", "effect"], options: new() { CrossedFactors = ["rater"] }).LogLikelihood;
}

internal static class DependentInputs
{
    /// <summary>Drawn numbers: three levels with σ² of 0.02, 0.02 and 0.01, sample sizes of 20 to 200, eight raters.</summary>
    public static StudyEffects Draw(int samples, int each)
    {
        var random = new Random(1);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        List<double> y = [], v = [];
        List<double?> study = [], sample = [], effect = [], rater = [];
        var ofStudy = 0.0;
        double[] ofRater = [.. Enumerable.Range(0, 8).Select(_ => 0.1 * Normal())];
        for (var s = 0; s < samples; s++)
        {
            if (s % 3 == 0) ofStudy = Math.Sqrt(0.02) * Normal();
            var (ofSample, variance) = (Math.Sqrt(0.02) * Normal(), 1.0 / random.Next(20, 200));
            var count = Math.Max(1, each - 2 + s % 5);
            for (var e = 0; e < count; e++)
            {
                var r = random.Next(8);
                y.Add(0.28 + ofStudy + ofSample + ofRater[r] + Math.Sqrt(0.01) * Normal() + Math.Sqrt(variance) * Normal());
                v.Add(variance);
                study.Add(s / 3);
                sample.Add(s);
                effect.Add(e);
                rater.Add(r);
            }
        }
        return StudyEffects.Create(y, v, EffectMeasure.FisherZ, columns: [StudyColumn.OfNumbers("study", study), StudyColumn.OfNumbers("sample", sample),
            StudyColumn.OfNumbers("effect", effect), StudyColumn.OfNumbers("rater", rater)]);
    }
}
