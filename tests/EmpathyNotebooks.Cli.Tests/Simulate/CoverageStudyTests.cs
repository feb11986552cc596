using System.Globalization;
using EmpathyNotebooks.Cli.Simulate;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Cli.Tests.Simulate;

/// <summary>The tables of the page on simulation studies are what its designs give: some rows are computed again, which a replicate's own stream makes possible without the others.</summary>
public sealed class CoverageStudyTests
{
    private const int Step = 9;

    private static readonly string Folder = Repository.PathTo("src", "EmpathyNotebooks.MetaAnalysis", "Simulation");

    [Theory]
    [InlineData("### Type I error of the mean", "coverage.json", "mean", "rejection", 32)]
    [InlineData("### Several effects a study", "dependent.json", "mean", "rejection", 16)]
    [InlineData("### Bias of τ²", "coverage.json", "tau2", "bias", 24)]
    [InlineData("### Coverage of 95% intervals of τ²", "coverage.json", "tau2", "coverage", 24)]
    [InlineData("### Selection by p", "selection.json", null, "bias", 16)]
    public void Tables_are_those_of_the_designs(string heading, string file, string? target, string measure, int count)
    {
        var design = DesignFile.Read(Path.Combine(Folder, file));
        var lines = File.ReadAllLines(Path.Combine(Folder, "README.md")).SkipWhile(l => l != heading).SkipWhile(l => !l.StartsWith('|')).TakeWhile(l => l.StartsWith('|')).Select(l => l.Trim('|', ' ').Split(" | ")).ToList();
        Assert.Equal(count, lines.Count - 2);
        var header = lines[0];
        var keys = Array.FindLastIndex(header, name => name is "n" or "weight" or "effects") + 1;
        for (var i = 2; i < lines.Count; i += Step)
        {
            var cell = Assert.Single(design.Cells, c => Keys(c, header).SequenceEqual(lines[i][..keys]));
            var tally = new SimulationTally(design);
            for (var block = 0; block < design.BlocksInCell; block++) SimulationStudy.Run(design, (long)cell.Index * design.BlocksInCell + block, tally, TestContext.Current.CancellationToken);
            var rows = SimulationStudy.Performance(design, cell.Index, tally);
            for (var j = keys; j < header.Length; j++)
            {
                // The bias of an estimator is the same beside each interval.
                var row = rows.First(r => (target is null || MethodNames.Of(r.Method.Target) == target) && r.Bias is not null && (r.Method.ToString() == header[j] || (target == "tau2" && measure == "bias" && r.Method.ToString() == header[j] + " QP")));
                var found = ResultTable.Of(row, measure)!.Value.Value;
                var (value, unit) = measure == "bias" ? (found, 0.001) : (100 * found, 0.1);
                // Rounded as it is there; one count of ten thousand may differ on another kind of processor.
                Assert.True(Math.Abs(double.Parse(lines[i][j], CultureInfo.InvariantCulture) - value) < 0.5 * unit + 0.011, $"{heading}, {string.Join(' ', lines[i][..keys])}, {header[j]}: {lines[i][j]} is there, {value} found");
            }
        }
    }

    private static IEnumerable<string> Keys(SimulationCell cell, string[] header) => header.TakeWhile(name => name is "k" or "τ²" or "μ" or "n" or "weight" or "effects").Select(name => name switch
    {
        "k" => cell.Studies.ToString(CultureInfo.InvariantCulture),
        "τ²" => cell.TauSquared.ToString(CultureInfo.InvariantCulture),
        "μ" => cell.Mean.ToString(CultureInfo.InvariantCulture),
        "n" => cell.Sizes.ToString(),
        "effects" => string.Join(", ", cell.Effects!.Counts),
        _ => cell.Selection?.Weight.ToString(CultureInfo.InvariantCulture) ?? "none",
    });
}
