using System.Reflection;
using System.Xml.Linq;
using EmpathyNotebooks.Host.Kernels;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Notebooks.Tests;

/// <summary>The examples in the documentation of the engine and of the plots run as they stand.</summary>
public sealed class DocExampleTests
{
    private static IReadOnlyList<(string Member, string Code)> Examples { get; } = Read(typeof(PooledFit).Assembly);

    private static IReadOnlyList<(string Member, string Code)> PlotExamples { get; } = Read(typeof(Plotting.ForestPlot).Assembly);

    public static TheoryData<string> Members() => [.. Examples.Concat(PlotExamples).Select(e => e.Member).Distinct()];

    private static IReadOnlyList<(string, string)> Read(Assembly assembly) =>
    [
        .. XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member")
            .SelectMany(m => m.Descendants("example").Elements("code").Select(code => (m.Attribute("name")!.Value, code.Value.Trim()))),
    ];

    [Theory]
    [MemberData(nameof(Members))]
    public async Task An_example_runs_as_it_stands(string member)
    {
        foreach (var (_, code) in Examples.Concat(PlotExamples).Where(e => e.Member == member))
        {
            var usings = Examples.Any(e => e.Member == member) ? "using EmpathyNotebooks.MetaAnalysis;\n"
                : "using EmpathyNotebooks.Data; using EmpathyNotebooks.MetaAnalysis; using EmpathyNotebooks.Plotting;\n";
            var result = await new CSharpKernel().ExecuteAsync(usings + code,
                interrupt: TestContext.Current.CancellationToken);
            Assert.True(result.Error is null, $"{result.Error}");
        }
    }
}
