using System.Reflection;

namespace EmpathyNotebooks.Cli.Tests;

/// <summary>References between our assemblies point one way, from the command line down to the statistics.</summary>
public sealed class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["EmpathyNotebooks.MetaAnalysis"] = [],
        ["EmpathyNotebooks.Data"] = ["EmpathyNotebooks.MetaAnalysis"],
        ["EmpathyNotebooks.Plotting"] = ["EmpathyNotebooks.MetaAnalysis"],
        ["EmpathyNotebooks.Reporting"] = ["EmpathyNotebooks.MetaAnalysis", "EmpathyNotebooks.Data", "EmpathyNotebooks.Plotting"],
        ["EmpathyNotebooks.Interactive"] =
            ["EmpathyNotebooks.MetaAnalysis", "EmpathyNotebooks.Data", "EmpathyNotebooks.Plotting", "EmpathyNotebooks.Reporting"],
        ["EmpathyNotebooks.Host"] = ["EmpathyNotebooks.MetaAnalysis", "EmpathyNotebooks.Data", "EmpathyNotebooks.Plotting",
            "EmpathyNotebooks.Reporting", "EmpathyNotebooks.Interactive"],
        ["empathy"] = ["EmpathyNotebooks.MetaAnalysis", "EmpathyNotebooks.Data", "EmpathyNotebooks.Plotting",
            "EmpathyNotebooks.Reporting", "EmpathyNotebooks.Interactive", "EmpathyNotebooks.Host"],
    };

    [Fact]
    public void References_point_one_way()
    {
        var seen = new HashSet<string>();
        Visit(typeof(EmpathyCommand).Assembly);
        Assert.Superset(new HashSet<string> { "empathy", "EmpathyNotebooks.Host", "EmpathyNotebooks.MetaAnalysis", "EmpathyNotebooks.Data" }, seen);

        void Visit(Assembly assembly)
        {
            var name = assembly.GetName().Name!;
            if (!seen.Add(name)) return;
            foreach (var reference in assembly.GetReferencedAssemblies().Where(r => r.Name!.StartsWith("EmpathyNotebooks", StringComparison.Ordinal)))
            {
                Assert.True(Allowed[name].Contains(reference.Name), $"{name} must not reference {reference.Name}");
                Visit(Assembly.Load(reference));
            }
        }
    }

    [Fact]
    public void The_statistics_know_no_chart_file_reader_or_host() =>
        Assert.DoesNotContain(typeof(MetaAnalysis.PooledFit).Assembly.GetReferencedAssemblies(),
            r => r.Name is "Plotly.NET" or "Deedle" or "CsvHelper" or "Newtonsoft.Json" or "System.Console");
}
