using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>How much true effects differ at each level.</summary>
internal static class ComponentsSentence
{
    public static string? Of(Inquiry inquiry)
    {
        if (inquiry.Fit is not { VarianceComponents: { IsEmpty: false } components } fit) return null;
        var parts = components.Select(c => $"{Where(c, fit)} σ² = {StatisticText.Significant(c.SigmaSquared, 3)}{(c.IsFixed ? " (held at this value)" : $", {Interval(c)}")}, I² = {StatisticText.Percent(c.ISquared)}").ToList();
        var text = $"The variance of true effects was {string.Join("; ", parts)}{ApaText.Scale(fit.Measure)}.";
        var few = components.Where(c => !c.IsFixed && c.GroupCount < ApaText.FewStudies).Select(c => ApaText.Groups(c.Level, c.GroupCount)).ToList();
        return few.Count == 0 ? text : $"{text} With {ApaText.List(few)} a variance is hardly known.";
    }

    private static string Where(VarianceComponent c, IModelFit fit)
    {
        if (c.Level == MultilevelModel.EachEffect) return fit is MultilevelFit { VarianceComponents.Length: > 1 } multilevel ? $"between effects within the same {multilevel.VarianceComponents[^2].Level}" : "between effects";
        return $"between {ApaText.Groups(c.Level, c.GroupCount)}";
    }

    private static string Interval(VarianceComponent c)
    {
        var interval = c.SigmaSquaredInterval;
        return $"{StatisticText.Level(interval.Level)} CI [{StatisticText.Significant(interval.Lower, 3)}, {StatisticText.Significant(interval.Upper, 3)}]";
    }
}
