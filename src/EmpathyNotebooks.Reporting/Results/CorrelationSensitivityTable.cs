using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>What the assumed correlation of sampling errors changes.</summary>
internal static class CorrelationSensitivityTable
{
    public static Table Of(IEnumerable<CorrelationSensitivityRow> rows)
    {
        var table = new Table("Sensitivity to the assumed correlation", ("ρ", Align.Right), ("estimate", Align.Right), ("robust CI", Align.Right), ("SE", Align.Right),
            ("variances, outer level first", Align.Right), ("log-likelihood", Align.Right));
        foreach (var row in rows)
        {
            var pooled = row.Robust.Coefficients[0];
            table.DataLabel(row.Fit.Effects.Origin);
            table.Row(StatisticText.Number(row.Correlation, 2), StatisticText.Number(pooled.Estimate, 4),
                pooled.HasStandardError ? Numbers.Interval(pooled.ConfidenceInterval, 4) : Numbers.None, pooled.HasStandardError ? StatisticText.Number(pooled.StandardError, 4) : Numbers.None, string.Join("; ", row.Fit.VarianceComponents.Select(c => StatisticText.Significant(c.SigmaSquared, 3))),
                StatisticText.Number(row.Fit.LogLikelihood));
        }
        return table.Note("On the scale that is pooled. The likelihood cannot choose ρ reliably; report how little or how much the result moves.");
    }
}
