using System.Globalization;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data;

/// <summary>
/// GRIM and GRIMMER. A mean of n whole numbers is a multiple of 1/n, and its rounded value must be one of these multiples rounded (Brown and Heathers 2017). The sum of squares of whole numbers is whole, too, and even or odd as
/// their sum is (Anaya 2016, in the exact form of Allard 2018): a rounded standard deviation must come from such a sum. Both can only find something where 1/n is wider than the rounding: two decimals and n below 100.
/// </summary>
internal sealed class WholeNumberChecks(StudyTable table, TableCheckOptions options, ColumnReading? reading, Func<int, string?> nameOf)
{
    public IEnumerable<TableFinding> All()
    {
        foreach (var mean in options.WholeNumbers)
        {
            var key = reading?.Columns.FirstOrDefault(c => c.Value == mean).Key;
            var (n, sd) = key is "m1i" or "m2i" ? (reading!.Columns.GetValueOrDefault("n" + key[1..]) ?? reading.Columns.GetValueOrDefault("ni"), reading.Columns.GetValueOrDefault("sd" + key[1..]))
                : key == "mi" ? (reading!.Columns.GetValueOrDefault("ni"), reading.Columns.GetValueOrDefault("sdi")) : (null, null);
            if (n is null)
            {
                yield return new TableFinding(CheckKind.ImpossibleMean, CheckSeverity.Note, "is not among the means of the effects, so that its sample sizes are not known and it is not checked", "", null, null, mean);
                continue;
            }
            for (var row = 0; row < table.Count; row++)
            {
                if (!table.Column(mean).IsNumeric || !table.Column(n).IsNumeric || table.Column(mean).Number(row) is not { } m || table.Column(n).Number(row) is not { } size || size < 1 || size != Math.Floor(size)) continue;
                var decimals = table.DecimalsOf(mean, row);
                var parts = size * options.Items;
                var sums = Sums(m, decimals, parts);
                if (sums.Count == 0)
                {
                    var below = Math.Floor(m * parts) / parts;
                    yield return new TableFinding(CheckKind.ImpossibleMean, CheckSeverity.Error, string.Create(CultureInfo.InvariantCulture,
                        $"is no mean of {size} {(options.Items == 1 ? "whole numbers" : $"scores of {options.Items} items")} with {decimals} decimals: next to it are {below.ToString("F" + decimals, CultureInfo.InvariantCulture)} and {(below + (1 / parts)).ToString("F" + decimals, CultureInfo.InvariantCulture)} (GRIM)"),
                        "Look at the paper; another n, a rounding or values that are not whole explain it, too", table.LineOf(row), nameOf(row), mean, table.CellOf(mean, row));
                    continue;
                }
                if (sd is null || options.Items != 1 || !table.Column(sd).IsNumeric || table.Column(sd).Number(row) is not { } s || size < 2) continue;
                if (HasSquares(sums, s, table.DecimalsOf(sd, row), size)) continue;
                yield return new TableFinding(CheckKind.ImpossibleDeviation, CheckSeverity.Error, string.Create(CultureInfo.InvariantCulture, $"is no standard deviation of {size} whole numbers with the mean {table.CellOf(mean, row)} (GRIMMER)"),
                    "Look at the paper; a standard error, a divisor n, or another n explain it, too", table.LineOf(row), nameOf(row), sd, table.CellOf(sd, row));
            }
        }
    }

    /// <summary>The whole sums whose mean rounds to what is reported, up or down at a half.</summary>
    internal static IReadOnlyList<double> Sums(double mean, int decimals, double parts)
    {
        var half = 0.5 * Math.Pow(10, -decimals);
        var slack = 1e-9 * (1 + Math.Abs(mean));
        List<double> sums = [];
        for (var sum = Math.Ceiling((mean - half - slack) * parts); sum <= (mean + half + slack) * parts; sum++)
        {
            sums.Add(sum);
            // Many sums: nothing to find.
            if (sums.Count > 1000) break;
        }
        return sums;
    }

    /// <summary>True where a whole sum of squares, even or odd as one of the sums and no smaller than whole numbers of that sum have, gives a standard deviation that rounds to what is reported.</summary>
    internal static bool HasSquares(IReadOnlyList<double> sums, double deviation, int decimals, double n)
    {
        var half = 0.5 * Math.Pow(10, -decimals);
        var slack = 1e-9 * (1 + deviation);
        var (low, high) = (Math.Max(0, deviation - half - slack), deviation + half + slack);
        foreach (var sum in sums)
        {
            var middle = sum * sum / n;
            var first = Math.Ceiling((low * low * (n - 1)) + middle - 1e-7);
            var last = Math.Floor((high * high * (n - 1)) + middle + 1e-7);
            // The smallest sum of squares: the numbers as near to each other as the sum allows.
            var (whole, rest) = (Math.Floor(sum / n), sum - (Math.Floor(sum / n) * n));
            var least = (rest * (whole + 1) * (whole + 1)) + ((n - rest) * whole * whole);
            for (var squares = Math.Max(first, least); squares <= last && squares <= first + 4; squares++)
            {
                if (Math.Abs(squares % 2) == Math.Abs(sum % 2)) return true;
            }
            if (least <= last && last - Math.Max(first, least) > 4) return true;
        }
        return false;
    }
}
