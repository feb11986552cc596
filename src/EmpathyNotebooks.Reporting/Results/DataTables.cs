using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>Tables of data as they were read.</summary>
internal static class DataTables
{
    private const int MostRows = 20;

    public static Table StudyTable(StudyTable data)
    {
        var table = new Table($"{StatisticText.Count(data.Count, "row")}, {StatisticText.Count(data.Columns.Length, "column")}",
            [.. data.Columns.Select(c => (c.Name, c.IsNumeric ? Align.Right : Align.Left))]);
        table.DataLabel(data.Origin);
        for (var i = 0; i < Math.Min(MostRows, data.Count); i++) table.Row([.. data.Columns.Select(c => c.Text(i) ?? "")]);
        if (data.Count > MostRows) table.Note($"... and {StatisticText.Count(data.Count - MostRows)} more.");
        return table;
    }

    /// <summary>What was found in a table, the worst first.</summary>
    public static Table Check(TableCheck check)
    {
        var table = new Table($"Check of {check.Summary}", ("", Align.Left), ("row", Align.Right), ("study", Align.Left), ("column", Align.Left), ("value", Align.Left), ("problem", Align.Left), ("suggestion", Align.Left));
        table.DataLabel(check.Table.Origin);
        foreach (var finding in check.Findings)
        {
            table.Row(finding.Severity.ToString().ToLowerInvariant(), finding.Row is { } row ? StatisticText.Count(row) : "", finding.Study ?? "", finding.Column ?? "", finding.Value switch { null => "", "" => "(empty)", _ => finding.Value },
                finding.Problem.TrimEnd('.'), finding.Suggestion.TrimEnd('.'));
        }
        return check.Findings.IsEmpty ? table.Note("Nothing was found.") : table.Note("A warning is a reason to look at the paper again, and no reason to leave a study out.");
    }

    public static Table Findings(IEnumerable<PublishedFinding> findings)
    {
        var table = new Table("Published summary results", ("review", Align.Left), ("predictor of outcome", Align.Left), ("statistic", Align.Left),
            ("value", Align.Right), ("95% CI", Align.Right), ("d", Align.Right), ("pooled", Align.Left), ("N", Align.Right));
        foreach (var finding in findings)
        {
            table.Row(finding.Review, finding.Predictor, finding.Statistic, finding.Print(finding.Estimate),
                finding.Interval is { } interval ? $"[{finding.Print(interval.Lower)}, {finding.Print(interval.Upper)}]" : "–",
                finding.CohensD is { } d ? finding.PrintDifference(d) : "–",
                finding.Samples is { } samples ? $"{StatisticText.Count(samples)} {finding.Unit}" : "–",
                finding.Participants is { } people ? StatisticText.Count(people) : "–");
        }
        return table.Note("A dash: the review does not report it. References and DOIs are in Citation and Doi.");
    }
}
