using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks;

/// <summary>Tables of models for effects that share samples.</summary>
internal static class DependentTables
{
    public static ResultTable Multilevel(MultilevelFit fit)
    {
        var groups = fit.VarianceComponents.Where(c => c.Level != MultilevelModel.EachEffect).Select(c => $"{StatisticText.Count(c.GroupCount)} groups of {c.Level}");
        var table = RegressionTables.Coefficients(
            $"Multilevel model ({fit.MethodCode}), {StatisticText.Count(fit.Count)} effects in {string.Join(", ", groups)}", fit.Coefficients);
        table.DataLabel(fit.Effects.Origin);
        if (fit.BackTransformed is { } shown && fit.Effects.Measure.IsTransformed) table.Note(Shown(fit.Effects.Measure, shown));
        foreach (var component in fit.VarianceComponents)
        {
            table.Note($"{component}, {StatisticText.Level(component.SigmaSquaredInterval.Level)} CI "
                + $"[{StatisticText.Significant(component.SigmaSquaredInterval.Lower)}, {StatisticText.Significant(component.SigmaSquaredInterval.Upper)}]");
        }
        table.Note($"{fit.Q}; all levels together I² = {StatisticText.Percent(fit.ISquared)}.");
        foreach (var warning in fit.Warnings) table.Note("Note: " + warning);
        return table;
    }

    public static ResultTable Robust(RobustFit fit)
    {
        var table = RegressionTables.Coefficients(
            $"Cluster-robust inference ({fit.Correction}), {StatisticText.Count(fit.ClusterCount)} clusters of {fit.Cluster}", fit.Coefficients);
        return table.Note("Right even where the model of the dependence is not. With degrees of freedom below 4 do not trust p.");
    }

    public static ResultTable Sensitivity(IEnumerable<CorrelationSensitivityRow> rows)
    {
        var table = new ResultTable("Sensitivity to the assumed correlation", ("ρ", Align.Right), ("estimate", Align.Right), ("robust CI", Align.Right), ("SE", Align.Right),
            ("variances, outer level first", Align.Right), ("log-likelihood", Align.Right));
        foreach (var row in rows)
        {
            var pooled = row.Robust.Coefficients[0];
            table.DataLabel(row.Fit.Effects.Origin);
            table.Row(StatisticText.Number(row.Correlation, 2), StatisticText.Number(pooled.Estimate, 4),
                $"[{StatisticText.Number(pooled.ConfidenceInterval.Lower, 4)}, {StatisticText.Number(pooled.ConfidenceInterval.Upper, 4)}]",
                StatisticText.Number(pooled.StandardError, 4), string.Join("; ", row.Fit.VarianceComponents.Select(c => StatisticText.Significant(c.SigmaSquared, 3))),
                StatisticText.Number(row.Fit.LogLikelihood));
        }
        return table.Note("On the scale that is pooled. The likelihood cannot choose ρ reliably; report how little or how much the result moves.");
    }

    private static string Shown(EffectMeasure measure, BackTransformedEstimate shown) =>
        $"{measure.Symbol} = {measure.Format(shown.Estimate, 3)} [{measure.Format(shown.ConfidenceInterval.Lower, 3)}, {measure.Format(shown.ConfidenceInterval.Upper, 3)}]"
        + (shown.PredictionInterval is { } prediction
            ? $", prediction interval [{measure.Format(prediction.Lower, 3)}, {measure.Format(prediction.Upper, 3)}]."
            : ".");
}
