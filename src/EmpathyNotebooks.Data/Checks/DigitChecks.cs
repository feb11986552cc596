using System.Globalization;
using EmpathyNotebooks.MetaAnalysis;
using MathNet.Numerics.Distributions;

namespace EmpathyNotebooks.Data;

/// <summary>Last digits that are not even, and years that cannot be.</summary>
internal static class DigitChecks
{
    /// <summary>Of fewer values last digits say nothing.</summary>
    private const int FewestDigits = 50;

    private const double Level = 1e-3;

    /// <summary>Cohen's w, the root of chi squared over n, below which no preference of people is.</summary>
    private const double SmallestEffect = 0.2;

    private const int FirstYear = 1850;

    /// <summary>
    /// Of measured values with two decimals or more the last digit is about equally often each of 0 to 9 (Mosimann et al. 2002, Accountability in Research 9, 75-92); people who make up numbers, or round half of them, prefer some.
    /// Chi squared on 9 degrees of freedom, at .001.
    /// </summary>
    /// <remarks>
    /// A value that stands in several rows of one study counts once, for it was measured once. The first digit that counts is never even, whatever people do, and the second of variances, which fall off as one over their size, is not quite;
    /// so values with fewer digits than two, or of variances and standard errors three, say nothing.
    /// </remarks>
    public static IEnumerable<TableFinding> LastDigits(StudyTable table, ColumnReading? reading)
    {
        int[]? studies = table.Naming().Sharing is [var outer, ..] ? table.Groups(outer.By)?.Rows : null;
        HashSet<string> spreads = [.. (string[])["vi", "sei"], .. table.ColumnsFor("vi"), .. table.ColumnsFor("sei"), .. reading?.Columns.Where(c => c.Key is "vi" or "sei").Select(c => c.Value) ?? []];
        foreach (var column in table.Columns)
        {
            if (!column.IsNumeric) continue;
            var cells = table.CellsOf(column.Name);
            // With how many decimals values are written; trailing zeros that a program leaves out would look like a preference, so the most usual number counts.
            var written = new int[20];
            for (var i = 0; i < cells.Length; i++)
            {
                if (column.Number(i) is not null) written[Math.Min(written.Length - 1, table.DecimalsOf(cells[i]))]++;
            }
            var usual = Array.IndexOf(written, written.Max());
            if (usual is < 2 or > 4) continue;
            var counts = new int[10];
            var hasZeros = false;
            var fewest = spreads.Contains(column.Name) ? 3 : 2;
            HashSet<(int, string)> seen = [];
            for (var i = 0; i < cells.Length; i++)
            {
                if (column.Number(i) is not { } value || table.DecimalsOf(cells[i]) != usual) continue;
                if (Math.Abs(value) * Math.Pow(10, usual) < Math.Pow(10, fewest - 1) - 0.5 || (studies is not null && !seen.Add((studies[i], cells[i])))) continue;
                var digit = cells[i][^1];
                if (!char.IsAsciiDigit(digit)) continue;
                counts[digit - '0']++;
                hasZeros |= digit == '0';
            }
            var from = hasZeros ? 0 : 1;
            var (n, kinds) = (counts.Sum(), 10 - from);
            if (n < FewestDigits) continue;
            var expected = (double)n / kinds;
            var statistic = counts.Skip(from).Sum(c => (c - expected) * (c - expected) / expected);
            var p = 1 - ChiSquared.CDF(kinds - 1, statistic);
            // Among very many values the edges of their range alone are beyond chance.
            if (!(p < Level) || statistic < SmallestEffect * SmallestEffect * n) continue;
            var most = Array.IndexOf(counts, counts.Max());
            yield return new TableFinding(CheckKind.LastDigits, CheckSeverity.Warning, string.Create(CultureInfo.InvariantCulture,
                $"has last digits that are not even: {counts[most]} of {n} are {most}, chi²({kinds - 1}) = {statistic:0.0}, p {(p < 0.0001 ? "< .0001" : "= " + p.ToString("0.0000", CultureInfo.InvariantCulture).TrimStart('0'))}"),
                "Rounding to halves or fives, a coarse scale or values made up do that; look where they come from", null, null, column.Name);
        }
    }

    public static IEnumerable<TableFinding> Years(StudyTable table, int latest)
    {
        foreach (var column in table.Columns.Where(c => c.IsNumeric && ColumnNames.Plain(c.Name) is "year" or "pubyear" or "publicationyear" or "studyyear"))
        {
            // Years may be means of several (1992.5); and where most are none they are counted from another start, as for a moderator.
            bool CanBe(double year) => year >= FirstYear && year <= latest;
            double[] known = [.. Enumerable.Range(0, table.Count).Select(column.Number).OfType<double>()];
            if (2 * known.Count(CanBe) < known.Length) continue;
            for (var i = 0; i < table.Count; i++)
            {
                if (column.Number(i) is not { } year || CanBe(year)) continue;
                yield return new TableFinding(CheckKind.Year, CheckSeverity.Warning, "is no year of a study", "Write it with four digits", table.LineOf(i), null, column.Name, table.CellOf(column.Name, i));
            }
        }
    }
}
