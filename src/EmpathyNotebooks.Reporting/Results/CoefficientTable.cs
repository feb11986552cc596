using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>Coefficients with their tests.</summary>
internal static class CoefficientTable
{
    public static Table Of(IEnumerable<Coefficient> coefficients) => Of("", [.. coefficients]);

    public static Table Of(string title, IReadOnlyList<Coefficient> coefficients)
    {
        var known = coefficients.Where(c => c.HasStandardError).ToList();
        var level = known.Count > 0 ? StatisticText.Level(known[0].ConfidenceInterval.Level) + " CI" : "CI";
        var isT = coefficients.Any(c => c.DegreesOfFreedom is not null);
        var columns = new List<(string, Align)>
        {
            ("", Align.Left), ("estimate", Align.Right), ("SE", Align.Right), (isT ? "t" : "z", Align.Right),
        };
        if (isT) columns.Add(("df", Align.Right));
        columns.AddRange([("p", Align.Right), (level, Align.Right)]);
        var table = new Table(title, [.. columns]);
        foreach (var c in coefficients)
        {
            if (c.WhyNoStandardError is { } why)
            {
                List<string> none = [c.Name, StatisticText.Number(c.Estimate, Numbers.Digits(0)), Numbers.None, Numbers.None, .. isT ? [Numbers.None] : Array.Empty<string>(), Numbers.None, Numbers.None];
                table.Row([.. none]);
                table.Note($"Note: no standard error of {c.Name}. {why}");
                continue;
            }
            var digits = Numbers.Digits(c.StandardError);
            var cells = new List<string>
            {
                c.Name, Numbers.Number(c.Estimate, digits), Numbers.Number(c.StandardError, digits), StatisticText.Number(c.Statistic),
            };
            if (isT) cells.Add(c.DegreesOfFreedom is { } df ? StatisticText.DegreesOfFreedom(df) : "");
            cells.AddRange([StatisticText.PValue(c.PValue),
                Numbers.Interval(c.ConfidenceInterval, digits)]);
            table.Row([.. cells]);
        }
        return table;
    }
}
