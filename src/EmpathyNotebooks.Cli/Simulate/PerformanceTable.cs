using System.Globalization;
using System.Text;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Cli.Simulate;

/// <summary>One measure of all methods as a Markdown table for readers: a line a cell, a column a method. What all cells share stands above it.</summary>
internal static class PerformanceTable
{
    private static readonly string[] Shares = ["coverage", "rejection", "no_estimate", "endless"];

    public static string Of(SimulationDesign design, IReadOnlyList<SimulationPerformance> rows, string measure, string? target)
    {
        var isShare = Shares.Contains(measure);
        List<SimulationMethod> methods = [.. design.Methods.Where(m => (target is null || MethodNames.Of(m.Target) == target) && rows.Any(r => r.Method == m && ResultTable.Of(r, measure) is not null))];
        if (methods.Count == 0) throw new BadInputException($"--table {measure}: no method of this study{(target is null ? "" : " for " + target)} has it.");
        (string Name, Func<SimulationCell, string> Of)[] all =
        [
            ("k", c => Text(c.Studies)), ("τ²", c => Text(c.TauSquared)), ("μ", c => Text(c.Mean)), (design.Measure == SimulatedMeasure.Generic ? "v" : "n", c => c.Sizes.ToString()),
            ("selection", c => c.Selection is { } s ? $"{Text(s.Weight)} of p > {Text(s.P)}" : "none"),
            ("effects", c => c.Effects is { } e ? string.Join(", ", e.Counts) : design.Effects is [null] ? "" : "1"), ("ρ", c => c.Effects is { } e ? Text(e.Correlation) : ""),
        ];
        List<SimulationCell> cells = [.. design.Cells];
        var varying = all.Where(column => cells.Select(column.Of).Distinct().Count() > 1).ToList();
        var fixedParts = all.Except(varying).Where(column => column.Of(cells[0]).Length > 0).Select(column => $"{column.Name} = {column.Of(cells[0])}");
        var largest = rows.Where(r => methods.Contains(r.Method)).Select(r => ResultTable.Of(r, measure)?.StandardError).OfType<double>().DefaultIfEmpty().Max();
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Simulated: {measure}{(isShare ? " in percent" : "")}, {design.Replicates:N0} replicates a cell, largest Monte Carlo standard error {Shown(largest, isShare, 2)}; {string.Join(", ", fixedParts)}.\n\n");
        Line([.. varying.Select(c => c.Name), .. methods.Select(m => $"{(methods.Select(x => x.Target).Distinct().Count() > 1 ? MethodNames.Of(m.Target) + " " : "")}{m}")]);
        Line([.. varying.Select(_ => "---:"), .. methods.Select(_ => "---:")]);
        foreach (var cell in rows.GroupBy(r => r.Cell.Index))
        {
            var of = cell.ToDictionary(r => r.Method, r => ResultTable.Of(r, measure));
            Line([.. varying.Select(c => c.Of(cell.First().Cell)), .. methods.Select(m => of[m] is { } found ? Shown(found.Value, isShare, 4) : "")]);
        }
        return text.ToString();

        void Line(IEnumerable<string> cellsOfLine) => text.Append("| ").AppendJoin(" | ", cellsOfLine).Append(" |\n");
    }

    private static string Shown(double value, bool isShare, int digits) => isShare ? (100 * value).ToString(digits > 2 ? "F1" : "F2", CultureInfo.InvariantCulture) : value.ToString($"G{digits}", CultureInfo.InvariantCulture);

    private static string Text(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
