using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a cumulative forest plot.</summary>
public sealed record CumulativeForestPlotOptions : PlotOptions
{
    /// <summary>The column to add studies by, for example <c>year</c>; as the data stand if neither this nor <see cref="Order"/> is said.</summary>
    public string? By { get; init; }

    /// <summary>All rows, counted from 0, in the order to add them, for example by precision.</summary>
    public IReadOnlyList<int>? Order { get; init; }

    /// <summary>What is added at a time: each effect, or all effects of each cluster in the order of their first effects. If not said, the clusters of a fit that has some.</summary>
    public PlotPoints? Points { get; init; }

    /// <summary>For a model with moderators: the coefficient that is followed, by its name; its only slope if not said.</summary>
    public string? Coefficient { get; init; }
}

/// <summary>
/// The pooled effect, or a coefficient, of the first study or cluster, the first two and so on (Lau et al. 1992, New England Journal of Medicine 327, 248-254): how a result came
/// about. When not to use it: to test after each study; the intervals do not allow for looking again and again.
/// </summary>
public sealed class CumulativeForestPlot : Plot<RefitPlotModel>
{
    private CumulativeForestPlot(RefitPlotModel model)
        : base(model)
    {
    }

    /// <summary>Fits the model to more and more studies and lays out the results.</summary>
    /// <param name="fit">The fit of all studies, of any kind. Rows before the model can be fitted say so.</param>
    /// <param name="options">In which order; as the data stand if not said.</param>
    /// <exception cref="StudyDataException">There is no such column, or a study has no value in it.</exception>
    /// <exception cref="ArgumentException">Both a column and an order are given, or the order does not name each row once; the model has several coefficients and it is not
    /// said which is meant; or clusters are to be added of a fit that has none.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], columns: [StudyColumn.OfNumbers("year", [2003, 2001, 2010])]);
    /// var plot = CumulativeForestPlot.Create(RandomEffects.Fit(effects), new() { By = "year" });
    /// </code></example>
    public static CumulativeForestPlot Create(IModelFit fit, CumulativeForestPlotOptions? options = null)
    {
        options ??= new CumulativeForestPlotOptions();
        var points = RefitRows.Points(fit, options.Points);
        if (options.By is not null && options.Order is not null)
        {
            throw new ArgumentException("Studies are added by a column or in an order of rows, not both.", nameof(options));
        }
        var effects = fit.Effects;
        var target = RefitTarget.Of(fit, options.Coefficient);
        var column = options.By is { } name ? effects.Column(name) : null;
        var cluster = points.IsClusters ? EffectClusters.OfFit : null;
        var steps = options.By is null ? fit.Cumulative(options.Order, cluster) : fit.CumulativeBy(options.By, cluster: cluster);
        RefitRow[] added = [.. steps.Select(s =>
        {
            var at = points.IsClusters ? fit.Clusters!.Groups[s.Added[0]] : s.Added[0];
            return RefitRows.Row(target, s.Fit, s.Count, at, Label(s.Added[0], s.Name), "so far,", s.Absence, points.Details(points.Points[at]));
        })];
        RefitRow[] rows = [.. added, RefitRows.Row(target, fit, fit.Count, null, $"All {(points.IsClusters ? points.Noun(2) : points.Words.Effects(2))}", "with all,", null, [])];

        var order = options.By is null ? "" : $" in order of {options.By}";
        var first = Array.FindIndex(added, r => r.Estimate is not null);
        var begin = first < 0 ? "" : $"{target.Symbol} = {target.Format(added[first].Estimate!.Value)} with the first{(first == 0 ? "" : $" {StatisticText.Count(first + 1)}")}, ";
        var finding = $"The {target.Noun} of {points.Words.Counted}, added {(points.IsClusters ? $"{points.Noun(1)} by {points.Noun(1)}" : "one by one")}{order}: {begin}{target.Sentence(fit)} with all.";
        return new CumulativeForestPlot(new RefitPlotModel
        {
            Title = options.Title,
            Finding = target.Texts.Finding(finding),
            Origin = effects.Origin,
            Measure = target.Measure,
            Coefficient = target.Coefficient,
            ConfidenceLevel = fit.ConfidenceLevel,
            LabelHeader = "Added",
            Rows = [.. rows],
            Orders = [],
            Axis = RefitRows.Axis(target, rows),
            Summary = [$"Each row: the {target.Noun} of all {(points.IsClusters ? points.Noun(2) : points.Words.Effects(2))} down to it{(order.Length > 0 ? "," + order : "")}. Dashed: with all"
                + (points.IsClusters || points.IsDependent ? " " + points.Words.Counted : "") + "."],
            Notes = [.. fit.Warnings, .. RefitRows.AbsenceNotes(added)],
        });

        // What the order goes by must be seen, unless the label says it anyway.
        string Label(int row, string label) => column?.Text(row) is { } value && !label.Contains(value, StringComparison.Ordinal) ? $"{label} ({value})" : label;
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure() => RefitRows.Draw(this, Model);
}
