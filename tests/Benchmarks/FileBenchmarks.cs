using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting;

namespace EmpathyNotebooks.Benchmarks;

/// <summary>Reading a table of names, correlations, sample sizes and raters from a file, 47 bytes a row.</summary>
[MemoryDiagnoser]
public class ReadingBenchmarks
{
    private string _path = null!;

    [Params(1_000, 100_000, 1_000_000)]
    public int Rows { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        string[] raters = ["client", "observer", "therapist"];
        var random = new Random(1);
        var text = new StringBuilder("study,ri,ni,rater\n");
        for (var i = 0; i < Rows; i++) text.Append(CultureInfo.InvariantCulture, $"Study number {i} of many,{1.8 * random.NextDouble() - 0.9:0.0000},{random.Next(10, 900)},{raters[random.Next(3)]}\n");
        _path = Path.GetTempFileName();
        File.WriteAllText(_path, text.ToString());
    }

    [GlobalCleanup]
    public void Delete() => File.Delete(_path);

    [Benchmark]
    public int Read() => StudyTable.Read(_path).Count;
}

/// <summary>Figures at 174 mm and 300 pixels an inch.</summary>
[MemoryDiagnoser]
public class FigureBenchmarks
{
    private readonly ForestPlot _forest = ForestPlot.Create(RandomEffects.Fit(Datasets.McDaniel1994().Correlations()));
    private readonly FunnelPlot _funnel = FunnelPlot.Create(RandomEffects.Fit(Datasets.McDaniel1994().Correlations()));

    [Benchmark]
    public int ForestPng() => _forest.ToPng().Length;

    [Benchmark]
    public int FunnelPng() => _funnel.ToPng().Length;
}

/// <summary>A set of effects without labels, made and fitted, as a simulation does very often.</summary>
[MemoryDiagnoser]
public class CreationBenchmarks
{
    private readonly double[] _effects = [.. Inputs.Repeat(20).Effects];
    private readonly double[] _variances = [.. Inputs.Repeat(20).Variances];

    [Benchmark]
    public double CreateAndFit() => RandomEffects.Fit(StudyEffects.Create(_effects, _variances)).Estimate;
}
