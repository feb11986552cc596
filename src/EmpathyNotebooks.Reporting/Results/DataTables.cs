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
        table.Names(2, 3, 4).DataLabel(check.Table.Origin);
        foreach (var finding in check.Findings)
        {
            table.Row(finding.Severity.ToString().ToLowerInvariant(), finding.Row is { } row ? StatisticText.Count(row) : "", finding.Study ?? "", finding.Column ?? "", finding.Value switch { null => "", "" => "(empty)", _ => finding.Value },
                finding.Problem.TrimEnd('.'), finding.Suggestion.TrimEnd('.'));
        }
        return check.Findings.IsEmpty ? table.Note("Nothing was found.") : table.Note("A warning is a reason to look at the paper again, and no reason to leave a study out.");
    }

    /// <summary>What one published line gives away.</summary>
    public static Table Line(PublishedLine line)
    {
        static string R(double value, int digits = 2) => StatisticText.Number(value, digits, leadingZero: false);
        static string Limits(ConfidenceInterval interval, int digits = 2) => $"[{R(interval.Lower, digits)}, {R(interval.Upper, digits)}]";
        var level = StatisticText.Level(line.Interval.Level);
        var table = new Table($"What one line gives away: r = {R(line.Correlation)}, {level} CI {Limits(line.Interval)}, {StatisticText.Count(line.Samples)} samples, {StatisticText.Count(line.People)} people", ("", Align.Left), ("", Align.Right));
        table.Row("standard error of the mean, in Fisher's z", StatisticText.Number(line.StandardError, 4));
        table.Row("interval if all samples had one true correlation", Limits(line.EqualEffectsInterval, 3));
        table.Row("the published interval is so many times as wide", StatisticText.Number(line.WidthRatio, 1));
        table.Row("standard deviation of the true correlations, in Fisher's z", StatisticText.Number(line.Tau));
        table.Row("the same, since the limits are rounded", $"{StatisticText.Number(line.TauRange.Lower)} to {StatisticText.Number(line.TauRange.Upper)}");
        table.Row("share of the variance between the samples' correlations that is not sampling error", StatisticText.Percent(line.ISquared, 0));
        table.Row($"{level} prediction interval, where the true correlation of one more sample would lie", Limits(line.PredictionInterval));
        table.Note("Reconstructed from the published line as if all samples were equally large: an order of magnitude.");
        foreach (var warning in line.Warnings) table.Note("Note: " + warning);
        return table;
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
