using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>How much a pooled effect hangs on the assumed correlation of sampling errors within samples.</summary>
public static class CorrelationSensitivityPlot
{
    /// <summary>The pooled effect with its robust interval as lines over ρ, on the scale a reader knows.</summary>
    /// <param name="rows">The run, of <see cref="MultilevelModel.OverCorrelations"/>, of a model without moderators.</param>
    /// <param name="title">The title; none if not said.</param>
    /// <exception cref="ArgumentException">There are no rows, or the model has moderators: there is then no one pooled effect.</exception>
    /// <example><code>
    /// var effects = Datasets.EmpathyEffectsSimulated().Correlations();
    /// CorrelationSensitivityPlot.Create(MultilevelModel.OverCorrelations(effects, ["sample", "effect"]))
    /// </code></example>
    public static CurvePlot Create(IReadOnlyList<CorrelationSensitivityRow> rows, string title = "")
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0) throw new ArgumentException("A run has at least one row.", nameof(rows));
        if (rows[0].Fit.Moderators is not null)
        {
            throw new ArgumentException("With moderators there is no one pooled effect; plot a coefficient with CurvePlot.", nameof(rows));
        }
        var measure = rows[0].Fit.Effects.Measure;
        double[] rho = [.. rows.Select(r => r.Correlation)];
        var level = StatisticText.Level(rows[0].Fit.ConfidenceLevel);
        double[] estimates = [.. rows.Select(r => measure.ToDisplay(Pooled(r).Estimate))];
        // Effects that are all equal leave no standard error.
        var known = rows.Where(r => Pooled(r).HasStandardError).ToList();
        CurveSeries Limit(string name, Func<ConfidenceInterval, double> limit) =>
            new(name, [.. known.Select(r => r.Correlation)], [.. known.Select(r => measure.ToDisplay(limit(Pooled(r).ConfidenceInterval)))]);
        return CurvePlot.Create(
            [
                new CurveSeries($"pooled {measure.Symbol}", rho, estimates) { HasDots = true },
                Limit($"upper limit, {level} CI ({rows[0].Robust.Correction})", i => i.Upper),
                Limit("lower limit", i => i.Lower),
            ],
            new CurvePlotOptions
            {
                Title = title,
                XTitle = "assumed correlation ρ of sampling errors within samples",
                YTitle = measure.Symbol,
                XHasLeadingZero = false,
                YHasLeadingZero = measure.HasLeadingZero,
                Origin = rows[0].Fit.Effects.Origin,
                Finding = $"Over ρ from {StatisticText.Number(rho.Min(), 1)} to {StatisticText.Number(rho.Max(), 1)} the pooled {measure.Symbol} goes from "
                    + $"{measure.Format(estimates.Min(), 3)} to {measure.Format(estimates.Max(), 3)}.",
            });
    }

    private static Coefficient Pooled(CorrelationSensitivityRow row) => row.Robust.Coefficients[0];
}
