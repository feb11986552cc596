using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks;

/// <summary>Tables of residuals, and of what clusters and single effects do to a model with dependent effects.</summary>
internal static class EffectDiagnosticTables
{
    public static ResultTable Residuals(IEnumerable<EffectResidual> rows)
    {
        var table = new ResultTable("Residuals", ("", Align.Left), ("residual", Align.Right), ("SE", Align.Right), ("standardised", Align.Right), ("Pearson", Align.Right), ("Cholesky", Align.Right));
        foreach (var row in rows)
        {
            table.Row(row.Label, StatisticText.Number(row.Residual, 4), Number(row.StandardError, 4), Number(row.Standardized), StatisticText.Number(row.Pearson), StatisticText.Number(row.Cholesky));
        }
        return table.Note("On the scale that is pooled. An effect that pulls the fit towards itself hides here; deleted residuals are in Influence.");
    }

    public static ResultTable Clusters(IEnumerable<ClusterResidual> clusters)
    {
        var table = new ResultTable("Residuals of clusters", ("", Align.Left), ("effects", Align.Right), ("X²", Align.Right));
        foreach (var cluster in clusters) table.Row(cluster.Cluster, StatisticText.Count(cluster.EffectCount), Number(cluster.ChiSquared));
        return table.Note("X² is about chi² with as many degrees of freedom as there are effects.");
    }

    public static ResultTable Influence(IEnumerable<ClusterInfluence> clusters)
    {
        ClusterInfluence[] rows = [.. clusters];
        var single = rows.Length > 0 && Array.TrueForAll(rows, r => r.EffectCount == 1);
        var table = new ResultTable(single ? "Influence of effects" : "Influence of clusters", ("", Align.Left), ("effects", Align.Right), (single ? "rstudent" : "X² deleted", Align.Right),
            ("Cook's D", Align.Right), ("largest |DFBETAS|", Align.Right), ("cov. ratio", Align.Right));
        foreach (var row in rows)
        {
            var deleted = single ? row.Residuals is [var residual] ? residual.Studentized : (double?)null : row.ChiSquared;
            double? largest = row.DfBetas.IsEmpty ? null : row.DfBetas.Max(Math.Abs);
            table.Row(row.Cluster, StatisticText.Count(row.EffectCount), Number(deleted), Number(row.CookDistance, 3), Number(largest), Number(row.CovarianceRatio));
        }
        foreach (var group in rows.Where(r => r.Absence is not null).GroupBy(r => r.Absence)) table.Note($"{string.Join(", ", group.Select(r => r.Cluster))}: {group.Key}");
        return table;
    }

    public static ResultTable RobustVariance(RobustVarianceFit fit)
    {
        var table = RegressionTables.Coefficients($"Robust variance estimation ({(fit.WorkingModel == WorkingModel.Correlated ? "correlated" : "hierarchical")} effects, {fit.Options.Correction}), "
            + $"{StatisticText.Count(fit.Count)} effects in {StatisticText.Count(fit.ClusterCount)} clusters of {fit.Cluster}", fit.Coefficients);
        table.DataLabel(fit.Effects.Origin);
        if (fit.WorkingModel == WorkingModel.Correlated)
        {
            table.Note($"Sampling errors within {fit.Cluster} are assumed to correlate {StatisticText.Number(fit.Options.SamplingCorrelation, 2, leadingZero: false)}.");
        }
        if (fit.Effects.Measure.IsTransformed) table.Note($"On the scale of {fit.Effects.Measure.AnalysisSymbol}.");
        if (fit.BackTransformed is { } shown && fit.Effects.Measure.IsTransformed) table.Note(DependentTables.Shown(fit.Effects.Measure, shown));
        table.Note($"τ² = {StatisticText.Significant(fit.TauSquared)}" + (fit.OmegaSquared is { } omega2 ? $", ω² within {fit.Cluster} = {StatisticText.Significant(omega2)}" : "")
            + (fit.ISquared is { } share ? $", I² = {StatisticText.Percent(share)}" : "") + "; rough moment estimates, made for the weights.");
        if (fit.Moderators is not null && fit.Coefficients.Length > 1)
        {
            var test = fit.Robust.ModeratorTest;
            table.Note(test.Exists ? $"All moderators together{(fit.Options.Correction == SmallSampleCorrection.CR2 ? " (HTZ)" : "")}: {test}." : "Note: " + test.WhyNone);
        }
        foreach (var warning in fit.Warnings) table.Note("Note: " + warning);
        return table.Note("Standard errors hold even where the weights' idea of the dependence is wrong. With fewer than 4 degrees of freedom do not trust p.");
    }

    private static string Number(double? value, int digits = 2) => value is { } number ? StatisticText.Number(number, digits) : "–";
}
