using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks;

/// <summary>Tables of what single studies and groups of studies do.</summary>
internal static class DiagnosticTables
{
    public static ResultTable Influence(InfluenceAnalysis analysis)
    {
        var table = new ResultTable("Influence", ("", Align.Left), ("rstudent", Align.Right), ("DFFITS", Align.Right), ("Cook's D", Align.Right),
            ("cov. ratio", Align.Right), ("τ² without", Align.Right), ("Q without", Align.Right), ("hat", Align.Right), ("weight", Align.Right), ("", Align.Left));
        foreach (var row in analysis.Rows)
        {
            table.Row(row.Label, Number(row.StudentizedResidual), Number(row.Dffits), Number(row.CookDistance, 3), Number(row.CovarianceRatio),
                row.TauSquaredWithout is { } tau2 ? StatisticText.Significant(tau2) : "–", Number(row.QWithout), StatisticText.Number(row.Hat, 3),
                StatisticText.Percent(row.Weight), row.IsInfluential ? "influential" : "");
        }
        return table.Note($"Limits: |DFFITS| {StatisticText.Number(analysis.DffitsLimit)}, Cook's D {StatisticText.Number(analysis.CookLimit)}, "
            + $"hat {StatisticText.Number(analysis.HatLimit, 3)}, |DFBETAS| {StatisticText.Number(analysis.DfBetasLimit, 0)}. A marked study deserves a look; it need not be wrong.");
    }

    public static ResultTable Subgroups(SubgroupAnalysis analysis)
    {
        var measure = analysis.Effects.Measure;
        var level = StatisticText.Level(analysis.Options.ConfidenceLevel);
        var table = new ResultTable($"Subgroups by {analysis.Column}", ("", Align.Left), ("k", Align.Right), (measure.Symbol, Align.Right), ($"{level} CI", Align.Right),
            ($"{level} prediction interval", Align.Right), ("τ²", Align.Right));
        table.DataLabel(analysis.Effects.Origin);
        foreach (var group in analysis.Groups)
        {
            var own = analysis.MeasureOf(group);
            table.Row(group.Name, StatisticText.Count(group.Count), own.Format(own.ToDisplay(group.Estimate.Estimate), 3),
                Interval(group.Estimate.ConfidenceInterval, own), group.PredictionInterval is { } prediction ? Interval(prediction, own) : "–",
                group.TauSquared is { } tau2 ? StatisticText.Significant(tau2) : "–");
        }
        if (analysis.Between is { } between) table.Note($"Between groups: {between}.");
        if (measure.DisplayNote is not null) table.Note("Shown by the inverse of Miller (1978), each group with the harmonic mean of its own sizes.");
        foreach (var warning in analysis.Warnings) table.Note("Note: " + warning);
        if (analysis.Omitted.Length > 0)
        {
            table.Note($"Left out, {StatisticText.Count(analysis.Omitted.Length)} without a value of {analysis.Column}: "
                + string.Join("; ", analysis.Omitted.Select(o => o.Label)) + ".");
        }
        return table;
    }

    public static ResultTable Cumulative(IEnumerable<CumulativeRow> rows)
    {
        var table = new ResultTable("Cumulative", ("with", Align.Left), ("k", Align.Right), ("estimate", Align.Right), ("CI", Align.Right), ("τ²", Align.Right));
        foreach (var row in rows)
        {
            var measure = row.Fit.Effects.Measure;
            var shown = row.Fit.BackTransformed;
            table.DataLabel(row.Fit.Effects.Origin);
            table.Row("+ " + row.Label, StatisticText.Count(row.Count), measure.Format(shown.Estimate, 3),
                $"[{measure.Format(shown.ConfidenceInterval.Lower, 3)}, {measure.Format(shown.ConfidenceInterval.Upper, 3)}]", StatisticText.Significant(row.Fit.TauSquared));
        }
        return table;
    }

    public static ResultTable Blups(IEnumerable<Blup> blups)
    {
        var table = new ResultTable("True effects of the studies (BLUP)", ("", Align.Left), ("estimate", Align.Right), ("SE", Align.Right), ("interval", Align.Right));
        foreach (var blup in blups)
        {
            table.Row(blup.Label, StatisticText.Number(blup.Estimate, 4), StatisticText.Number(blup.StandardError, 4),
                $"[{StatisticText.Number(blup.Interval.Lower, 4)}, {StatisticText.Number(blup.Interval.Upper, 4)}]");
        }
        return table.Note("On the scale that is pooled.");
    }

    private static string Number(double? value, int digits = 2) => value is { } number ? StatisticText.Number(number, digits) : "–";

    private static string Interval(ConfidenceInterval interval, EffectMeasure measure)
    {
        var shown = interval.Transform(measure.ToDisplay);
        return $"[{measure.Format(shown.Lower, 3)}, {measure.Format(shown.Upper, 3)}]";
    }
}
