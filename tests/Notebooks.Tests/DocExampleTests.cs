using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using EmpathyNotebooks.Host.Kernels;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Notebooks.Tests;

/// <summary>The examples in the documentation of the engine and of the plots run as they stand, and leave no public type of the engine without one.</summary>
public sealed partial class DocExampleTests
{
    private static readonly Assembly Engine = typeof(PooledFit).Assembly;

    private static IReadOnlyList<(string Member, string Code)> Examples { get; } = Read(Engine);

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

    [Fact]
    public void No_public_type_is_without_an_example()
    {
        var words = Word().Matches(string.Join('\n', Examples.Select(e => e.Code))
            + File.ReadAllText(EmpathyNotebooks.Tests.Repository.PathTo("README.md"))).Select(m => m.Value).ToHashSet();
        var without = Engine.GetExportedTypes().Where(type => !words.Contains(Name(type)) && !IsReached(type, words)).Select(Name).Order().ToList();
        Assert.True(without.Count == 0, $"{without.Count} types stand in no example: {string.Join(", ", without)}");
    }

    // A static class of extension methods is used by its methods, an exception by being documented, a result by the property that returns it.
    private static bool IsReached(Type type, HashSet<string> words) =>
        type.IsAssignableTo(typeof(Exception))
        || (type.IsAbstract && Engine.GetExportedTypes().Any(t => t.BaseType == type && words.Contains(Name(t))))
        || (type.IsAbstract && type.IsSealed && type.GetMethods(BindingFlags.Public | BindingFlags.Static).Any(m => words.Contains(m.Name)));

    private static string Name(Type type) => type.Name.Split('`')[0];

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}
