using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a leave-one-out plot.</summary>
public sealed record LeaveOneOutPlotOptions : PlotOptions
{
    /// <summary>What is left out: each effect, or all effects of each cluster. If not said, the clusters of a fit that has some, since the other effects of a sample stand in for one that is gone.</summary>
    public PlotPoints? Points { get; init; }

    /// <summary>For a model with moderators: the coefficient that is followed, by its name; its only slope if not said.</summary>
    public string? Coefficient { get; init; }
}

/// <summary>
/// The pooled effect, or a coefficient, without each study or cluster in turn, and with all. A row that stands apart belongs to a study that the result hangs on; that is a reason to
/// look at it, not to drop it.
/// </summary>
public sealed class LeaveOneOutPlot : Plot<RefitPlotModel>
{
    private LeaveOneOutPlot(RefitPlotModel model)
        : base(model)
    {
    }

    /// <summary>Fits the model without each study and lays out the results.</summary>
    /// <param name="fit">The fit of all studies, of any kind.</param>
    /// <param name="options">What is left out, and which coefficient; the defaults if not said.</param>
    /// <exception cref="InsufficientStudiesException">There would be too few studies left for the model, whichever is left out.</exception>
    /// <exception cref="ArgumentException">The model has several coefficients and it is not said which is meant; or clusters are to be left out of a fit that has none.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], EffectMeasure.FisherZ);
    /// var plot = LeaveOneOutPlot.Create(RandomEffects.Fit(effects));
    /// </code></example>
    public static LeaveOneOutPlot Create(IModelFit fit, LeaveOneOutPlotOptions? options = null)
    {
        options ??= new LeaveOneOutPlotOptions();
        var points = RefitRows.Points(fit, options.Points);
        if (points.Count < 2) throw new InsufficientStudiesException($"Leaving one {points.Noun(1)} out", 2, points.Count);
        var target = RefitTarget.Of(fit, options.Coefficient);
        var texts = target.Texts;
        var deletions = fit.LeaveOneOut(points.IsClusters ? EffectClusters.OfFit : null);
        if (deletions.All(d => d.Fit is null)) throw new InsufficientStudiesException($"This model without one {points.Noun(1)}", points.Count + 1, points.Count);
        RefitRow[] without = [.. deletions.Select((d, i) => RefitRows.Row(target, d.Fit, fit.Count - d.Rows.Length, i, d.Name, "without it,", d.Absence, points.Details(points.Points[i])))];
        RefitRow[] rows = [.. without, RefitRows.Row(target, fit, fit.Count, null, $"All {(points.IsClusters ? points.Noun(2) : points.Words.Effects(2))}", "with all,", null, [])];

        RefitRow[] fitted = [.. without.Where(r => r.Estimate is not null)];
        var (low, high) = (fitted.MinBy(r => r.Estimate)!, fitted.MaxBy(r => r.Estimate)!);
        var measure = target.Measure;
        var finding = $"The {target.Noun} of {points.Words.Counted}, {target.Sentence(fit)}, without each {(points.IsClusters || points.IsDependent ? points.Noun(1) : "of them")} in turn: from {target.Format(low.Estimate!.Value)} "
            + $"without {low.Label} to {target.Format(high.Estimate!.Value)} without {high.Label}.";
        if (measure.HasNullValue && rows[^1].PValue is { } p)
        {
            var alpha = 1 - fit.ConfidenceLevel;
            var turned = fitted.Count(r => r.PValue is { } its && its < alpha != p < alpha);
            finding += turned == 0
                ? $" No single {points.Noun(1)} decides whether the interval holds {measure.Format(measure.DisplayNullValue, 0)}."
                : $" Without any of {StatisticText.Count(turned)} of them the interval would {(p < alpha ? "hold" : "no longer hold")} {measure.Format(measure.DisplayNullValue, 0)}.";
        }
        return new LeaveOneOutPlot(new RefitPlotModel
        {
            Title = options.Title,
            Finding = texts.Finding(finding),
            Origin = fit.Effects.Origin,
            Measure = measure,
            Coefficient = target.Coefficient,
            ConfidenceLevel = fit.ConfidenceLevel,
            LabelHeader = "Left out",
            Rows = [.. rows],
            Orders = [("as given", [.. Enumerable.Range(0, without.Length).Select(i => (double)i)]), ($"by {(target.Coefficient is null ? "pooled effect" : "coefficient")}", Ranks(without))],
            Axis = RefitRows.Axis(target, rows),
            Summary = [$"Each row: the {target.Noun} without that {points.Noun(1)}. Dashed: with all{(points.IsClusters || points.IsDependent ? " " + points.Words.Counted : "")}."],
            Notes = [.. fit.Warnings, .. RefitRows.AbsenceNotes(without)],
        });
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure() => RefitRows.Draw(this, Model);

    private static ImmutableArray<double> Ranks(RefitRow[] rows)
    {
        var ranks = new double[rows.Length];
        foreach (var (rank, row) in Enumerable.Range(0, rows.Length).OrderBy(i => rows[i].Estimate ?? double.PositiveInfinity).Index()) ranks[row] = rank;
        return [.. ranks];
    }
}
