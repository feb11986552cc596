using System.Globalization;
using EmpathyNotebooks.MetaAnalysis;
using MathNet.Numerics.Distributions;

namespace EmpathyNotebooks.Data;

/// <summary>What effects are computed from, looked at by itself: numbers of people that are not whole, standard deviations of 0, and those that behave as standard errors.</summary>
/// <param name="table">The table.</param>
/// <param name="reading">How its columns are read.</param>
/// <param name="rows">The rows that are studies.</param>
/// <param name="nameOf">The study's name of a row of the table.</param>
internal sealed class IngredientChecks(StudyTable table, ColumnReading reading, int[] rows, Func<int, string?> nameOf)
{
    private static readonly string[] Sizes = ["ni", "n1i", "n2i"];
    private static readonly string[] Events = ["ai", "bi", "ci", "di", "xi", "x1i", "x2i"];
    private static readonly string[] Deviations = ["sd1i", "sd2i", "sdi"];

    /// <summary>Of fewer studies nobody can say how spreads go with sizes.</summary>
    private const int FewestForSlope = 5;

    /// <summary>One-sided. A check that looks at every table must rarely find what is not there.</summary>
    private const double Level = 0.005;

    public IEnumerable<TableFinding> All() => [.. Parts(), .. NoSpread(), .. DeviationAgainstSize()];

    /// <summary>20.5 people: of one row a slip, of most the way the table counts.</summary>
    private IEnumerable<TableFinding> Parts()
    {
        // Of Cronbach's alpha ai is the coefficient.
        var ofAlpha = reading.Columns.ContainsKey("ai") && reading.Columns.ContainsKey("mi");
        List<(string Column, bool IsSize)> looked = [.. reading.Columns.Where(c => Sizes.Contains(c.Key) || (Events.Contains(c.Key) && !ofAlpha)).Select(c => (c.Value, Sizes.Contains(c.Key)))];
        if (reading.IsGiven && table.ColumnsFor("ni") is [var size] && looked.TrueForAll(l => l.Column != size)) looked.Add((size, true));
        foreach (var (column, isSize) in looked)
        {
            if (!table.Column(column).IsNumeric) continue;
            int[] parts = [.. rows.Where(row => table.Column(column).Number(row) is { } x && x != Math.Floor(x))];
            var suggestion = isSize ? "People are counted: a sample size that is not whole is that of a cluster-randomised trial shrunk to its effective size, a mean over outcomes, or a slip"
                : "Events are counted: look whether a half was added already, or a rate stands for a count";
            if (parts.Length > 2 && 2 * parts.Length > rows.Length)
            {
                yield return new TableFinding(CheckKind.NotWhole, CheckSeverity.Note, $"is no whole number in {StatisticText.Count(parts.Length)} of {StatisticText.Count(rows.Length)} rows", suggestion, null, null, column);
                continue;
            }
            foreach (var row in parts) yield return At(row, CheckKind.NotWhole, $"is no whole number of {(isSize ? "people" : "events")}", suggestion, column);
        }
    }

    private IEnumerable<TableFinding> NoSpread()
    {
        foreach (var column in reading.Columns.Where(c => Deviations.Contains(c.Key)).Select(c => c.Value).Distinct().Where(name => table.Column(name).IsNumeric))
        {
            foreach (var row in rows.Where(row => table.Column(column).Number(row) == 0))
            {
                yield return At(row, CheckKind.NoSpread, "is a standard deviation of 0: everybody would have the same score", "Look at the paper; a value that is not known is left empty", column);
            }
        }
    }

    /// <summary>
    /// Standard deviations of one scale do not hang on how many people there are; standard errors fall off as one over the root of n. The slope of log sd on log √n is 0 for the one and -1 for the other; of two groups of one study that holds
    /// on any scale.
    /// </summary>
    private IEnumerable<TableFinding> DeviationAgainstSize()
    {
        (string Sd, string N)[] groups = [.. Deviations.Where(reading.Columns.ContainsKey).Select(key => (reading.Columns[key], reading.Columns.GetValueOrDefault("n" + key[2..]) ?? reading.Columns.GetValueOrDefault("ni")))
            .Where(g => g.Item2 is not null).Select(g => (g.Item1, g.Item2!))];
        if (groups.Length == 0 || groups.Any(g => !table.Column(g.Sd).IsNumeric || !table.Column(g.N).IsNumeric)) yield break;
        var logs = rows.Select(row => groups.Select(g => (Y: Math.Log(table.Column(g.Sd).Number(row) ?? 0), X: Math.Log(table.Column(g.N).Number(row) ?? 0) / 2)).ToArray()).Where(row => Array.TrueForAll(row, v => double.IsFinite(v.X + v.Y))).ToList();
        (double, double)[] between = [.. logs.Select(row => (row.Average(v => v.X), row.Average(v => v.Y)))];
        (double, double)[] within = groups.Length == 2 && groups[0].N != groups[1].N ? [.. logs.Select(row => (row[0].X - row[1].X, row[0].Y - row[1].Y))] : [];
        if (!FallsAsErrors(between, hasMean: true) && !FallsAsErrors(within, hasMean: false)) yield break;
        yield return new TableFinding(CheckKind.DeviationAgainstSize, CheckSeverity.Warning, $"holds{(groups.Length == 1 ? "" : $", as {groups[1].Sd} does,")} standard deviations that fall with the number of people as standard errors do",
            "Look whether they are standard errors: a standard deviation is the standard error times the root of n", null, null, groups[0].Sd);
    }

    /// <summary>True where the slope is near -1 and surely below 0.</summary>
    /// <param name="points">log √n and log sd.</param>
    /// <param name="hasMean">False for differences, whose line runs through 0.</param>
    private static bool FallsAsErrors((double X, double Y)[] points, bool hasMean)
    {
        if (points.Length < FewestForSlope) return false;
        var (mx, my) = hasMean ? (points.Average(p => p.X), points.Average(p => p.Y)) : (0, 0);
        var sxx = points.Sum(p => (p.X - mx) * (p.X - mx));
        if (!(sxx > 1e-6 * points.Length)) return false;
        var slope = points.Sum(p => (p.X - mx) * (p.Y - my)) / sxx;
        var df = points.Length - (hasMean ? 2 : 1);
        var error = Math.Sqrt(points.Sum(p => Square(p.Y - my - (slope * (p.X - mx)))) / df / sxx);
        return slope is > -1.5 and < -0.5 && (error == 0 || StudentT.CDF(0, 1, df, slope / error) < Level);

        static double Square(double x) => x * x;
    }

    private TableFinding At(int row, CheckKind kind, string problem, string suggestion, string column) =>
        new(kind, CheckSeverity.Warning, problem, suggestion, table.LineOf(row), nameOf(row), column, table.CellOf(column, row));
}
