using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>A location-scale model.</summary>
internal static class LocationScaleTable
{
    public static Table Of(LocationScaleFit fit)
    {
        var table = CoefficientTable.Of(
            $"Location-scale model ({fit.MethodCode}, {Numbers.Name(fit.Options.Inference)} inference), k = {StatisticText.Count(fit.Count)}",
            [.. fit.LocationCoefficients.Select(c => c with { Name = "mean | " + c.Name }), .. fit.ScaleCoefficients.Select(c => c with { Name = "ln τ² | " + c.Name })]);
        table.DataLabel(fit.Effects.Origin);
        if (fit.LocationTest is { } location) table.Note($"Moderators of the mean together: {location}.");
        if (fit.ScaleTest is { } scale) table.Note($"Moderators of τ² together: {scale}.");
        if (fit.ScaleLikelihoodRatio is { } ratio) table.Note($"Against one τ² for all, by likelihood ratio: χ²({StatisticText.Count(ratio.DegreesOfFreedom)}) = "
            + $"{StatisticText.Number(ratio.Statistic)}, {StatisticText.PValueWithSymbol(ratio.PValue)}.");
        if (fit.Effects.Measure.IsTransformed) table.Note($"Means on the scale of {fit.Effects.Measure.AnalysisSymbol}.");
        if (fit.Omitted.Length > 0) table.Note($"Left out, without a value of a moderator: {string.Join("; ", fit.Omitted.Select(o => o.Label))}.");
        return table;
    }
}
