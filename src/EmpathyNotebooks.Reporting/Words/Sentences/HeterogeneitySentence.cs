using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>How much effects differ, with the uncertainty of it.</summary>
internal static class HeterogeneitySentence
{
    public static string? Of(Inquiry inquiry, HeterogeneityIntervals? intervals)
    {
        // Counts say theirs with their result.
        if (inquiry.Fit is not { } fit || fit.Count < 2) return null;
        if (fit.Heterogeneity is { } measures) return Of(fit, measures, intervals);
        if (fit is RobustVarianceFit robust)
        {
            return $"The variance of true effects, by which effects were weighted, was τ² = {StatisticText.Significant(robust.TauSquared, 3)}{(robust.OmegaSquared is { } omega ? $" between clusters and ω² = {StatisticText.Significant(omega, 3)} within" : "")}"
                + $"{(robust.ISquared is { } share ? $", I² = {StatisticText.Percent(share)}" : "")}{ApaText.Scale(fit.Measure)}.";
        }
        if (fit.Q is not { } q) return null;
        return $"{Detected(q, fit)}, {ApaText.Test(q)}{(fit.ISquared is { } i2 && fit.IsRandomEffects ? $", I² = {StatisticText.Percent(i2)} over all levels" : "")}.";
    }

    private static string Of(IModelFit fit, HeterogeneityMeasures measures, HeterogeneityIntervals? intervals)
    {
        var level = StatisticText.Level(measures.ConfidenceLevel);
        var text = $"{Detected(measures.Q, fit)}, {ApaText.Test(measures.Q)}, I² = {StatisticText.Percent(measures.ISquared)}";
        if (!measures.IsRandomEffects) return text + ".";
        var share = intervals is null ? measures.ISquaredInterval : intervals.ISquared;
        var tau = intervals is null ? measures.TauInterval : intervals.Tau;
        text += share is { } known ? $", {level} CI [{StatisticText.Percent(known.Lower)}, {StatisticText.Percent(known.Upper)}]" : "";
        text += $"; the standard deviation of true effects was estimated as τ = {StatisticText.Significant(measures.Tau, 3)}";
        if (tau is { } range) text += $", {level} CI [{StatisticText.Significant(range.Lower, 3)}, {StatisticText.Significant(range.Upper, 3)}]";
        text += ApaText.Scale(fit.Measure) + ".";
        return fit.Count < ApaText.FewStudies ? $"{text} So few studies tell little of heterogeneity." : text;
    }

    private static string Detected(QTest q, IModelFit fit)
    {
        var beyond = fit.Moderators is null ? "sampling error" : "the moderators and sampling error";
        return ApaText.IsFound(q.PValue, fit.ConfidenceLevel) ? $"Effects differed by more than {beyond} would let expect" : $"That effects differ beyond {beyond} was not detected, which does not show that they are alike";
    }
}
