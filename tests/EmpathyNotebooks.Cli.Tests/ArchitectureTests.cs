using System.Reflection;
using EmpathyNotebooks.Tests;

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

    [Fact]
    public void Every_room_stands_in_the_list()
    {
        var rooms = Directory.EnumerateDirectories(Repository.PathTo("src"), "EmpathyNotebooks.*").Select(folder => Path.GetFileName(folder))
            .Select(name => name == "EmpathyNotebooks.Cli" ? "empathy" : name);

        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), rooms.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("EmpathyNotebooks.MetaAnalysis")]
    [InlineData("EmpathyNotebooks.MetaAnalysis/DependentEffects")]
    [InlineData("EmpathyNotebooks.MetaAnalysis/TauSquared")]
    [InlineData("EmpathyNotebooks.Plotting")]
    [InlineData("EmpathyNotebooks.Reporting")]
    [InlineData("EmpathyNotebooks.Host/Kernels")]
    [InlineData("EmpathyNotebooks.Cli")]
    public void A_room_says_what_stands_where(string room) => Assert.True(File.Exists(Repository.PathTo(["src", .. room.Split('/'), "README.md"])), room);
}
