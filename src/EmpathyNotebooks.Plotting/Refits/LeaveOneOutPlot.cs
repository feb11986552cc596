using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a leave-one-out plot.</summary>
public sealed record LeaveOneOutPlotOptions : PlotOptions;

/// <summary>
/// The pooled effect without each study in turn, and with all. A row that stands apart belongs to a study that the result hangs on; that is a reason to
/// look at it, not to drop it.
/// </summary>
public sealed class LeaveOneOutPlot : Plot<RefitPlotModel>
{
    private LeaveOneOutPlot(RefitPlotModel model)
        : base(model)
    {
    }

    /// <summary>Fits the model without each study and lays out the results.</summary>
    /// <param name="fit">The fit of all studies.</param>
    /// <param name="options">The title; none if not said.</param>
    /// <exception cref="InsufficientStudiesException">There would be too few studies left for the model.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], EffectMeasure.FisherZ);
    /// var plot = LeaveOneOutPlot.Create(RandomEffects.Fit(effects));
    /// </code></example>
    public static LeaveOneOutPlot Create(PooledFit fit, LeaveOneOutPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        if (fit.Count < 2) throw new InsufficientStudiesException("Leaving one study out", 2, fit.Count);
        var texts = new StudyTexts(fit.Effects, fit.ConfidenceLevel);
        RefitRow[] without = [.. fit.LeaveOneOut().Select(r => RefitRows.Row(texts, r.Fit, r.Index, r.Label, "without it,", texts.Details(r.Index, fit.Weights[r.Index])))];
        RefitRow[] rows = [.. without, RefitRows.Row(texts, fit, null, "All studies", "with all,", [])];

        var (low, high) = (without.MinBy(r => r.Estimate)!, without.MaxBy(r => r.Estimate)!);
        var measure = fit.Effects.Measure;
        var finding = $"The pooled effect of {StudyTexts.Studies(fit.Count)}, {texts.Pooled(fit.Mean)}, without each of them in turn: from {measure.Format(low.Estimate)} "
            + $"without {low.Label} to {measure.Format(high.Estimate)} without {high.Label}.";
        if (measure.HasNullValue)
        {
            var turned = without.Count(r => r.PValue < 1 - fit.ConfidenceLevel != fit.PValue < 1 - fit.ConfidenceLevel);
            finding += turned == 0
                ? $" No single study decides whether the interval holds {measure.Format(measure.DisplayNullValue, 0)}."
                : $" Without any of {StatisticText.Count(turned)} of them the interval would {(fit.PValue < 1 - fit.ConfidenceLevel ? "hold" : "no longer hold")} {measure.Format(measure.DisplayNullValue, 0)}.";
        }
        return new LeaveOneOutPlot(new RefitPlotModel
        {
            Title = options?.Title ?? "",
            Finding = texts.Finding(finding),
            Origin = fit.Effects.Origin,
            Measure = measure,
            ConfidenceLevel = fit.ConfidenceLevel,
            LabelHeader = "Left out",
            Rows = [.. rows],
            Orders = [("as given", [.. Enumerable.Range(0, without.Length).Select(i => (double)i)]), ("by pooled effect", Ranks(without))],
            Axis = RefitRows.Axis(texts, rows),
            Summary = ["Each row: the pooled effect without that study. Dashed: with all."],
            Notes = fit.Warnings,
        });
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure() => RefitRows.Draw(this, Model);

    private static ImmutableArray<double> Ranks(RefitRow[] rows)
    {
        var ranks = new double[rows.Length];
        foreach (var (rank, row) in Enumerable.Range(0, rows.Length).OrderBy(i => rows[i].Estimate).Index()) ranks[row] = rank;
        return [.. ranks];
    }
}
