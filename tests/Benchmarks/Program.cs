using System.Runtime.Intrinsics;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Running;
using EmpathyNotebooks.Benchmarks;

if (args is ["--table", .. var rest])
{
    return ComparisonTable.Print(rest);
}
var config = DefaultConfig.Instance.AddFilter(new SimpleFilter(benchmark =>
    Vector512.IsHardwareAccelerated || benchmark.Descriptor.WorkloadMethod != typeof(FitBenchmarks).GetMethod(nameof(FitBenchmarks.Divisions512))));
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
return 0;
