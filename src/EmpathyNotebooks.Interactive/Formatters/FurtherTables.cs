using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks;

/// <summary>Tables of pooled counts, of location-scale models and of what can be asked of a fit.</summary>
internal static class FurtherTables
{
    public static ResultTable TwoByTwo(TwoByTwoFit fit)
    {
        var (measure, interval, digits) = (fit.Measure, fit.ConfidenceInterval, FitTables.Digits(fit.StandardError));
        var table = new ResultTable($"{fit.Method} ({measure.Name}), k = {StatisticText.Count(fit.Count)} {(fit.Rates.IsEmpty ? "tables" : "studies")}", ("", Align.Left), ("estimate", Align.Right),
            ($"{StatisticText.Level(interval.Level)} CI", Align.Right), ("SE", Align.Right), ("z", Align.Right), ("p", Align.Right));
        if (measure.IsTransformed)
        {
            table.Row(measure.Symbol, measure.Format(fit.BackTransformedEstimate, 3), Interval(fit.BackTransformedInterval, v => measure.Format(v, 3)), "", "", "");
        }
        table.Row(measure.AnalysisSymbol, StatisticText.Number(fit.Estimate, digits), FitTables.Interval(interval, digits),
            StatisticText.Number(fit.StandardError, digits), StatisticText.Number(fit.Statistic), StatisticText.PValue(fit.PValue));
        table.Note($"Heterogeneity: {fit.Q}; I² = {StatisticText.Percent(fit.ISquared)}. The method takes all {(fit.Rates.IsEmpty ? "tables" : "studies")} to have one effect.");
        if (fit.CochranMantelHaenszel is { } cmh) table.Note($"All {(fit.Rates.IsEmpty ? "odds" : "rate")} ratios 1 (Cochran-Mantel-Haenszel): {cmh}.");
        if (fit.Tarone is { } tarone) table.Note($"All odds ratios equal (Breslow-Day with Tarone's correction): {tarone}.");
        foreach (var warning in fit.Warnings) table.Note("Note: " + warning);
        return table;
    }

    public static ResultTable LocationScale(LocationScaleFit fit)
    {
        var table = RegressionTables.Coefficients(
            $"Location-scale model ({fit.MethodCode}, {FitTables.Name(fit.Options.Inference)} inference), k = {StatisticText.Count(fit.Count)}",
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

    public static ResultTable Intervals(HeterogeneityIntervals intervals)
    {
        var table = new ResultTable($"{intervals.Method} intervals", ("", Align.Left), ($"{StatisticText.Level(intervals.TauSquared.Level)} CI", Align.Right));
        table.Row("τ²", Interval(intervals.TauSquared, v => StatisticText.Significant(v)));
        table.Row("τ", Interval(intervals.Tau, v => StatisticText.Significant(v)));
        table.Row("I²", Interval(intervals.ISquared, v => StatisticText.Percent(v)));
        table.Row("H²", Interval(intervals.HSquared, v => StatisticText.Number(v)));
        return table;
    }

    public static ResultTable Contrasts(IEnumerable<PairwiseContrast> contrasts)
    {
        PairwiseContrast[] all = [.. contrasts];
        var level = all.Length > 0 ? StatisticText.Level(all[0].Difference.ConfidenceInterval.Level) + " CI" : "CI";
        var table = new ResultTable("Differences of marginal means", ("", Align.Left), ("difference", Align.Right), ("SE", Align.Right), (level, Align.Right),
            ("p", Align.Right), ("p (Holm)", Align.Right));
        foreach (var (difference, adjusted) in all)
        {
            var digits = FitTables.Digits(difference.StandardError);
            table.Row(difference.Name, StatisticText.Number(difference.Estimate, digits), StatisticText.Number(difference.StandardError, digits),
                FitTables.Interval(difference.ConfidenceInterval, digits), StatisticText.PValue(difference.PValue), StatisticText.PValue(adjusted));
        }
        return table.Note("On the scale that is pooled. Intervals are for each difference alone.");
    }

    public static ResultTable Inflation(IEnumerable<VarianceInflation> factors)
    {
        var table = new ResultTable("Variance inflation", ("", Align.Left), ("coefficients", Align.Right), ("VIF", Align.Right), ("SE ×", Align.Right));
        foreach (var factor in factors)
        {
            table.Row(factor.Name, StatisticText.Count(factor.CoefficientCount), StatisticText.Number(factor.Factor), StatisticText.Number(factor.StandardErrorInflation));
        }
        return table.Note("1 where moderators do not go together.");
    }

    public static ResultTable Baujat(IEnumerable<BaujatPoint> points)
    {
        var table = new ResultTable("Baujat", ("", Align.Left), ("to heterogeneity", Align.Right), ("on the result", Align.Right));
        foreach (var point in points)
        {
            table.Row(point.Label, StatisticText.Number(point.HeterogeneityContribution), point.Influence is { } influence ? StatisticText.Number(influence) : "–");
        }
        return table;
    }

    public static ResultTable Predictions(IEnumerable<Prediction> predictions)
    {
        Prediction[] all = [.. predictions];
        var level = all.Length > 0 ? StatisticText.Level(all[0].ConfidenceInterval.Level) : "";
        var table = new ResultTable("Predicted means", ("", Align.Left), ("estimate", Align.Right), ("SE", Align.Right), ($"{level} CI".Trim(), Align.Right),
            ($"{level} prediction interval".Trim(), Align.Right));
        for (var i = 0; i < all.Length; i++)
        {
            var digits = FitTables.Digits(all[i].StandardError);
            table.Row(StatisticText.Count(i + 1), StatisticText.Number(all[i].Estimate, digits), StatisticText.Number(all[i].StandardError, digits),
                FitTables.Interval(all[i].ConfidenceInterval, digits), all[i].PredictionInterval is { } interval ? FitTables.Interval(interval, digits) : "–");
        }
        return table.Note("On the scale that is pooled.");
    }

    private static string Interval(ConfidenceInterval interval, Func<double, string> format) => $"[{format(interval.Lower)}, {format(interval.Upper)}]";
}
