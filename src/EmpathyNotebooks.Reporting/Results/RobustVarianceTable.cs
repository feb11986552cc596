using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>Robust variance estimation.</summary>
internal static class RobustVarianceTable
{
    public static Table Of(RobustVarianceFit fit)
    {
        var table = CoefficientTable.Of($"Robust variance estimation ({(fit.WorkingModel == WorkingModel.Correlated ? "correlated" : "hierarchical")} effects, {fit.Options.Correction}), "
            + $"{StatisticText.Count(fit.Count, "effect")} in {StatisticText.Count(fit.ClusterCount, "cluster")} of {fit.Cluster}", fit.Coefficients);
        table.DataLabel(fit.Effects.Origin);
        if (fit.WorkingModel == WorkingModel.Correlated)
        {
            table.Note($"Sampling errors within {fit.Cluster} are assumed to correlate {StatisticText.Number(fit.Options.SamplingCorrelation, 2, leadingZero: false)}.");
        }
        if (fit.Effects.Measure.IsTransformed) table.Note($"On the scale of {fit.Effects.Measure.AnalysisSymbol}.");
        if (fit.BackTransformed is { } shown && fit.Effects.Measure.IsTransformed) table.Note(Numbers.Shown(fit.Effects.Measure, shown));
        table.Note($"τ² = {StatisticText.Significant(fit.TauSquared)}" + (fit.OmegaSquared is { } omega2 ? $", ω² within {fit.Cluster} = {StatisticText.Significant(omega2)}" : "")
            + (fit.ISquared is { } share ? $", I² = {StatisticText.Percent(share)}" : "") + "; rough moment estimates, made for the weights.");
        if (fit.Moderators is not null && fit.Coefficients.Length > 1)
        {
            var test = fit.Robust.ModeratorTest;
            table.Note(test.Exists ? $"All moderators together{(fit.Options.Correction == SmallSampleCorrection.CR2 ? " (HTZ)" : "")}: {test}." : "Note: " + test.WhyNone);
        }
        foreach (var warning in fit.Warnings.Concat(fit.Robust.Warnings)) table.Note("Note: " + warning);
        return table.Note("Standard errors hold even where the weights' idea of the dependence is wrong. With fewer than 4 degrees of freedom do not trust p.");
    }
}
