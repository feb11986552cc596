using System.Collections.Immutable;
using System.Text;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data;

/// <summary>
/// What is wrong, doubtful or worth knowing in a table, all at once. Nothing is changed. A finding of a kind that is no error is a reason to look at the paper again, and no reason to leave a study out.
/// </summary>
/// <example><code>
/// var check = StudyTable.Read("studies.csv").Check();
/// Console.WriteLine(check);
/// </code></example>
public sealed class TableCheck
{
    internal TableCheck(StudyTable table, ColumnReading? reading, StudyEffects? effects, ImmutableArray<TableFinding> findings)
    {
        Table = table;
        Reading = reading;
        Effects = effects;
        // The worst first; within one kind of severity from the top of the file to its end.
        Findings = [.. findings.OrderByDescending(f => f.Severity).ThenBy(f => f.Row ?? 0)];
    }

    /// <summary>The table.</summary>
    public StudyTable Table { get; }

    /// <summary>How its columns were read, or null where that is not known.</summary>
    public ColumnReading? Reading { get; }

    /// <summary>The effects of the rows without an error, or null where there are none.</summary>
    public StudyEffects? Effects { get; }

    /// <summary>What was found: errors first, then warnings, then notes, each from the top of the file.</summary>
    public ImmutableArray<TableFinding> Findings { get; }

    /// <summary>How many findings are of a severity.</summary>
    public int CountOf(CheckSeverity severity) => Findings.Count(f => f.Severity == severity);

    /// <summary>The worst severity there is; null where nothing was found.</summary>
    public CheckSeverity? Worst => Findings.IsEmpty ? null : Findings[0].Severity;

    /// <summary>One line, for example <c>16 rows: 1 error, 2 warnings, 1 note</c>.</summary>
    public string Summary => $"{StatisticText.Count(Table.Count, "row")}: "
        + (Findings.IsEmpty ? "nothing found" : string.Join(", ", new[] { (CheckSeverity.Error, "error"), (CheckSeverity.Warning, "warning"), (CheckSeverity.Note, "note") }
            .Where(s => CountOf(s.Item1) > 0).Select(s => StatisticText.Count(CountOf(s.Item1), s.Item2))));

    /// <summary>The summary and a line for each finding.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Summary);
        foreach (var finding in Findings) text.Append('\n').Append(finding.Severity).Append(": ").Append(finding);
        return text.ToString();
    }
}

public sealed partial class StudyTable
{
    /// <summary>
    /// Everything in the table that is an error, doubtful, or worth knowing before it is pooled: values that are missing or impossible, all of them; spreads that disagree with each other or with sample sizes; correlations beyond
    /// .9; percentages; rows with the same numbers; sample sizes that vary within a study; effects against all others; outliers; impossible means and standard deviations of whole numbers (GRIM, Brown and Heathers
    /// 2017, Social Psychological and Personality Science 8, 363-369; GRIMMER, Anaya 2016, PeerJ Preprints 4, e2400v1); last digits; and what was found while the table was read. What is doubtful may be right: look at the paper.
    /// </summary>
    /// <param name="options">Which columns, and which are means of whole numbers.</param>
    /// <exception cref="StudyDataException">A column that is named does not exist.</exception>
    public TableCheck Check(TableCheckOptions? options = null) => new TableChecker(this, options ?? new TableCheckOptions()).Check();

    /// <summary>The cell as it stands in the file.</summary>
    internal string CellOf(string column, int row) => _cells[IndexOf(column)][row];

    /// <summary>The cells of a column as they stand in the file.</summary>
    internal string[] CellsOf(string column) => _cells[IndexOf(column)].ToArray();

    /// <summary>The table of some rows.</summary>
    internal StudyTable RowsOf(int[] rows) => rows.Length == Count ? this : Rows(rows);

    /// <summary>Within what rounding of the digits given allows.</summary>
    internal bool IsSquareAt(string variance, string error, int row)
    {
        var (v, s) = (IndexOf(variance), IndexOf(error));
        return Columns[v].Number(row) is not { } x || Columns[s].Number(row) is not { } y || IsSquare(x, y, v, s, row);
    }

    /// <summary>How many digits stand behind the decimal mark.</summary>
    internal int DecimalsOf(string column, int row) => DecimalsOf(CellOf(column, row));

    /// <inheritdoc cref="DecimalsOf(string, int)"/>
    internal int DecimalsOf(string cell)
    {
        var mark = cell.IndexOf(_mark);
        return mark < 0 ? 0 : cell.AsSpan(mark + 1).IndexOfAnyExceptInRange('0', '9') is >= 0 and var end ? end : cell.Length - mark - 1;
    }

    internal static bool IsSummaryLabel(string label) => SummaryLabels.Contains(ColumnNames.Plain(label), StringComparer.Ordinal);
}
