using System.Globalization;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data;

/// <summary>What effects, their variances and ingredients look like together.</summary>
/// <param name="table">The table.</param>
/// <param name="reading">How its columns are read.</param>
/// <param name="effects">The effects of the good rows.</param>
/// <param name="rows">The good rows.</param>
/// <param name="nameOf">The study's name of a row of the table.</param>
internal sealed class EffectChecks(StudyTable table, ColumnReading reading, StudyEffects effects, int[] rows, Func<int, string?> nameOf)
{
    /// <summary>Of fewer effects nobody can say which lies far from the others.</summary>
    private const int FewestForOutliers = 5;

    /// <summary>Deviations from the median in units of 1.4826 times the median deviation, as Iglewicz and Hoaglin (1993) have it for a threshold of 3.5 on .6745.</summary>
    private const double OutlyingDeviations = 3.5 / 0.6745 / 1.4826;

    private const int MostForSameNumbers = 2000;

    /// <summary>Where sizes vary in so many studies, and in more than a third of those with several rows, it is how the table is built and no slip.</summary>
    private const int FewestForArms = 3;

    private const double LargeCorrelation = 0.9;
    private const double HugeDifference = 2;
    private const double ShareOfHuge = 0.2;

    public IEnumerable<TableFinding> All() => [.. Correlations(), .. HugeDifferences(), .. SpreadsDisagree(), .. SpreadAgainstSize(), .. SameNumbers(), .. VaryingSizes(), .. Signs(), .. Outliers(), .. Weights()];

    private TableFinding At(int place, CheckKind kind, CheckSeverity severity, string problem, string suggestion, string? column = null) =>
        new(kind, severity, problem, suggestion, table.LineOf(rows[place]), nameOf(rows[place]), column, column is null ? null : table.CellOf(column, rows[place]));

    private IEnumerable<TableFinding> Correlations()
    {
        if (!reading.Columns.TryGetValue("ri", out var column) || reading.Columns.ContainsKey("m1i")) yield break;
        for (var i = 0; i < rows.Length; i++)
        {
            if (table.Column(column).Number(rows[i]) is not { } r || !(Math.Abs(r) > LargeCorrelation)) continue;
            yield return At(i, CheckKind.LargeCorrelation, CheckSeverity.Warning, "is a correlation beyond .9, which two measures of different things hardly reach",
                "Look whether it is a reliability, a correlation of one measure with itself, or lacks a digit", column);
        }
    }

    private IEnumerable<TableFinding> HugeDifferences()
    {
        if (effects.Measure != EffectMeasure.StandardizedMeanDifference) yield break;
        int[] huge = [.. Enumerable.Range(0, rows.Length).Where(i => Math.Abs(effects.Effects[i]) > HugeDifference)];
        if (huge.Length < 3 || huge.Length < ShareOfHuge * rows.Length) yield break;
        var fromMeans = reading.Columns.TryGetValue("sd1i", out var sd);
        yield return new TableFinding(CheckKind.HugeDifference, CheckSeverity.Warning,
            $"{StatisticText.Count(huge.Length)} of {StatisticText.Count(rows.Length)} standardized differences lie beyond 2 (rows {string.Join(", ", huge.Take(10).Select(i => StatisticText.Count(table.LineOf(rows[i]))))}{(huge.Length > 10 ? ", ..." : "")})",
            fromMeans ? $"Look whether {sd} holds standard errors: a standard deviation is the standard error times the root of n" : "Look whether they are on the scale of the instrument, or of standard errors", null, null, sd ?? reading.Columns.GetValueOrDefault("yi"));
    }

    private IEnumerable<TableFinding> SpreadsDisagree()
    {
        if (!reading.IsGiven || reading.IsInterval) yield break;
        string? vi = reading.Columns.GetValueOrDefault("vi") ?? Other("vi"), sei = reading.Columns.GetValueOrDefault("sei") ?? Other("sei");
        if (vi is null || sei is null || vi == sei || !table.Column(vi).IsNumeric || !table.Column(sei).IsNumeric) yield break;
        for (var i = 0; i < rows.Length; i++)
        {
            if (table.IsSquareAt(vi, sei, rows[i])) continue;
            yield return At(i, CheckKind.SpreadsDisagree, CheckSeverity.Error, $"is a variance that is not the square of the standard error {sei} = {table.CellOf(sei, rows[i])}", "One of the two is wrong, or has the wrong name", vi);
        }

        string? Other(string ingredient) => table.ColumnsFor(ingredient) is [var only] ? only : null;
    }

    /// <summary>For standardized differences and z the variance follows from the sample size; of each power of what is given the one that fits best tells what it is.</summary>
    private IEnumerable<TableFinding> SpreadAgainstSize()
    {
        if (!reading.IsGiven || reading.IsInterval || table.ColumnsFor("ni") is not [var size] || !table.Column(size).IsNumeric) yield break;
        var spread = reading.Columns.GetValueOrDefault("vi") ?? reading.Columns["sei"];
        Func<double, double, double>? expected = effects.Measure == EffectMeasure.FisherZ ? (_, n) => n > 3 ? 1 / (n - 3) : double.NaN
            : effects.Measure == EffectMeasure.StandardizedMeanDifference ? (d, n) => (4 / n) + (d * d / (2 * n))
            : effects.Measure == EffectMeasure.Correlation ? (r, n) => n > 1 ? (1 - (r * r)) * (1 - (r * r)) / (n - 1) : double.NaN : null;
        if (expected is null) yield break;
        double[] Ratios(double power) => [.. Enumerable.Range(0, rows.Length).Where(i => table.Column(size).Number(rows[i]) is > 0).Select(i =>
            (power * Math.Log(effects.Variances[i])) - Math.Log(expected(effects.Effects[i], table.Column(size).Number(rows[i])!.Value))).Where(double.IsFinite).Order()];
        double Distance(double power) => Ratios(power) is { Length: >= 3 } found ? Math.Abs(found[found.Length / 2]) : double.NaN;
        var asIs = Distance(1);
        // Within a factor of 3 designs and corrections differ.
        if (!(asIs > Math.Log(3))) yield break;
        var given = reading.Columns.ContainsKey("vi") ? "variances" : "standard errors";
        var (better, meaning) = new[] { (0.5, reading.Columns.ContainsKey("vi") ? "squares of variances" : "variances"), (2.0, reading.Columns.ContainsKey("vi") ? "standard errors" : "roots of standard errors") }.MinBy(p => Distance(p.Item1));
        yield return new TableFinding(CheckKind.SpreadAgainstSize, CheckSeverity.Warning, string.Create(CultureInfo.InvariantCulture, $"holds {given} that differ from what {size} lets expect by a factor of {Math.Exp(asIs):0.#} in the middle row"),
            Distance(better) < Math.Log(1.5) ? $"They look like {meaning}: read the column as such" : "Look whether they are standard deviations, or on another scale than the effects", null, null, spread);
    }

    /// <summary>Rows of different names with the same ingredients to the last digit.</summary>
    private IEnumerable<TableFinding> SameNumbers()
    {
        string[] columns = [.. reading.Columns.Values.Concat(table.ColumnsFor("ni").Take(1)).Distinct(StringComparer.Ordinal)];
        string[][] cells = [.. columns.Select(table.CellsOf)];
        // Among very many rows the same numbers come by chance.
        if (rows.Length > MostForSameNumbers) yield break;
        var first = new Dictionary<CsvRow, int>(SameCells.Instance);
        int[][] studies = [.. table.Naming().Sharing.Select(sharing => table.Groups(sharing.By)?.Rows).OfType<int[]>()];
        string[][] told = [.. table.Columns.Select(c => table.CellsOf(c.Name)).Where(column => column.Distinct(StringComparer.Ordinal).Count() < column.Length)];
        for (var i = 0; i < rows.Length; i++)
        {
            var key = new CsvRow(i, Array.ConvertAll(cells, column => column[rows[i]]));
            // The more rows, the more digits it takes until two are not the same by chance.
            if (key.Cells.Sum(cell => cell.Count(char.IsAsciiDigit)) < 4 + Math.Log10(rows.Length) || first.TryAdd(key, i)) continue;
            var (row, earlier) = (rows[i], rows[first[key]]);
            // A row that repeats another in every cell was found when the table was read. Of effects of one study the size is the same anyway, and two of one value are no wonder, unless nothing but a number of the row tells them apart.
            var (isRepeat, isTold) = (Array.TrueForAll(table.Columns.ToArray(), c => table.CellOf(c.Name, row) == table.CellOf(c.Name, earlier)), Array.Exists(told, column => column[row] != column[earlier]));
            var isSameStudy = Array.Exists(studies, study => study[row] == study[earlier]);
            if (isRepeat || (isTold && isSameStudy)) continue;
            yield return At(i, CheckKind.SameNumbers, isSameStudy ? CheckSeverity.Note : CheckSeverity.Warning, $"has the same {string.Join(", ", columns)} as row {StatisticText.Count(table.LineOf(earlier))}",
                isSameStudy ? "Nothing else tells them apart but a number of the row: look whether it was typed twice" : "Look whether one sample was reported twice; if so, keep one row");
        }
    }

    private IEnumerable<TableFinding> VaryingSizes()
    {
        if ((reading.Columns.GetValueOrDefault("ni") ?? table.ColumnsFor("ni").FirstOrDefault()) is not { } size || !table.Column(size).IsNumeric) yield break;
        // People are counted by sample: the innermost of what names them.
        if ((table.Naming().Samples ?? table.Naming().Sharing.LastOrDefault()?.By) is not { } by || table.Groups(by)?.Rows is not { } samples) yield break;
        string NameOf(int row) => by.At(row, name => table.CellOf(name, row));
        var groups = rows.GroupBy(row => samples[row]).Where(g => g.Skip(1).Any()).ToList();
        var varying = groups.Select(g => (Rows: g, Sizes: g.Select(row => table.Column(size).Number(row)).OfType<double>().Distinct().Order().ToArray())).Where(g => g.Sizes.Length > 1).ToList();
        if (varying.Count >= FewestForArms && 3 * varying.Count > groups.Count)
        {
            // Arms, doses, times: each row has a size of its own, and nothing is wrong.
            yield return new TableFinding(CheckKind.VaryingSize, CheckSeverity.Note, string.Create(CultureInfo.InvariantCulture,
                $"varies within {varying.Count} of {groups.Count} values of {by} that have several rows, for example from {varying[0].Sizes[0]} to {varying[0].Sizes[^1]} within {NameOf(varying[0].Rows.First())}"),
                "The rows seem to be groups, doses or times with sizes of their own; if they are outcomes of the same people, look whether many are missing", null, null, size);
            yield break;
        }
        foreach (var (group, sizes) in varying)
        {
            yield return new TableFinding(CheckKind.VaryingSize, sizes[^1] > 2 * sizes[0] ? CheckSeverity.Warning : CheckSeverity.Note,
                string.Create(CultureInfo.InvariantCulture, $"varies from {sizes[0]} to {sizes[^1]} within one value of {by}"), sizes[^1] > 2 * sizes[0] ? "Look whether these are different samples, or a slip" : "", table.LineOf(group.First()), NameOf(group.First()), size);
        }
    }

    private IEnumerable<TableFinding> Signs()
    {
        if (!effects.Measure.HasNullValue || rows.Length < FewestForOutliers) yield break;
        var (median, scale) = Middle([.. effects.Effects]);
        var positive = effects.Effects.Count(y => y > 0);
        var direction = positive >= 0.8 * rows.Length ? 1 : rows.Length - positive >= 0.8 * rows.Length ? -1 : 0;
        if (direction == 0 || !(scale > 0)) yield break;
        for (var i = 0; i < rows.Length; i++)
        {
            var y = effects.Effects[i];
            var error = Math.Sqrt(effects.Variances[i]);
            // Against the others beyond its own error, and among them with the other sign.
            if (y * direction >= -1.96 * error || Math.Abs(-y - median) > Math.Max(2 * scale, error) || Math.Abs(y - median) < 2 * scale) continue;
            yield return At(i, CheckKind.FlippedSign, CheckSeverity.Warning, string.Create(CultureInfo.InvariantCulture, $"has an effect against nearly all others ({effects.Measure.ToDisplay(y):0.###}), and would lie among them with the other sign"),
                "Look whether high scores mean the opposite in this study", reading.Columns.GetValueOrDefault("ri") ?? reading.Columns.GetValueOrDefault("yi"));
        }
    }

    private IEnumerable<TableFinding> Outliers()
    {
        if (rows.Length < FewestForOutliers) yield break;
        var (median, scale) = Middle([.. effects.Effects]);
        if (!(scale > 0)) yield break;
        for (var i = 0; i < rows.Length; i++)
        {
            // A small study may lie far away by its own error alone.
            var away = Math.Abs(effects.Effects[i] - median);
            if (away <= OutlyingDeviations * scale || away <= 3 * Math.Sqrt(effects.Variances[i] + (scale * scale))) continue;
            yield return At(i, CheckKind.Outlier, CheckSeverity.Warning, string.Create(CultureInfo.InvariantCulture,
                $"has the effect {effects.Measure.ToDisplay(effects.Effects[i]):0.###}, {away / scale:0.#} robust standard deviations from the median {effects.Measure.ToDisplay(median):0.###}"),
                "Look at the paper for a slip; an outlier that is right stays in the data", reading.Columns.GetValueOrDefault("ri") ?? reading.Columns.GetValueOrDefault("yi"));
        }
    }

    private IEnumerable<TableFinding> Weights()
    {
        if (rows.Length < 3) yield break;
        var total = effects.Variances.Sum(v => 1 / v);
        for (var i = 0; i < rows.Length; i++)
        {
            var share = 1 / effects.Variances[i] / total;
            if (!(share > 0.9)) continue;
            yield return At(i, CheckKind.Weight, CheckSeverity.Warning, string.Create(CultureInfo.InvariantCulture, $"has {share:P0} of the weight of an equal-effects model").Replace(" %", "%", StringComparison.Ordinal),
                "Look whether its variance or sample size has a digit too few or too many");
        }
    }

    private static (double Median, double Scale) Middle(double[] values)
    {
        Array.Sort(values);
        var median = Median(values);
        double[] away = [.. values.Select(y => Math.Abs(y - median)).Order()];
        return (median, 1.4826 * Median(away));

        static double Median(double[] sorted) => sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : 0.5 * (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]);
    }
}
