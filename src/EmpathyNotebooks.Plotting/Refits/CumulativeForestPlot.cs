using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a cumulative forest plot.</summary>
public sealed record CumulativeForestPlotOptions : PlotOptions
{
    /// <summary>The column to add studies by, for example <c>year</c>; as the data stand if neither this nor <see cref="Order"/> is said.</summary>
    public string? By { get; init; }

    /// <summary>All rows, counted from 0, in the order to add them, for example by precision.</summary>
    public IReadOnlyList<int>? Order { get; init; }
}

/// <summary>
/// The pooled effect of the first study, the first two and so on (Lau et al. 1992, New England Journal of Medicine 327, 248-254): how a result came
/// about. When not to use it: to test after each study; the intervals do not allow for looking again and again.
/// </summary>
public sealed class CumulativeForestPlot : Plot<RefitPlotModel>
{
    private CumulativeForestPlot(RefitPlotModel model)
        : base(model)
    {
    }

    /// <summary>Fits the model to more and more studies and lays out the results.</summary>
    /// <param name="fit">The fit of all studies.</param>
    /// <param name="options">In which order; as the data stand if not said.</param>
    /// <exception cref="StudyDataException">There is no such column, or a study has no value in it.</exception>
    /// <exception cref="ArgumentException">Both a column and an order are given, or the order does not name each row once.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], columns: [StudyColumn.OfNumbers("year", [2003, 2001, 2010])]);
    /// var plot = CumulativeForestPlot.Create(RandomEffects.Fit(effects), new() { By = "year" });
    /// </code></example>
    public static CumulativeForestPlot Create(PooledFit fit, CumulativeForestPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        options ??= new CumulativeForestPlotOptions();
        if (options.By is not null && options.Order is not null)
        {
            throw new ArgumentException("Studies are added by a column or in an order of rows, not both.", nameof(options));
        }
        var effects = fit.Effects;
        var texts = new StudyTexts(effects, fit.ConfidenceLevel);
        var column = options.By is { } name ? effects.Column(name) : null;
        var steps = options.By is null ? fit.Cumulative(options.Order) : fit.CumulativeBy(options.By);
        RefitRow[] added = [.. steps.Select(s => RefitRows.Row(texts, s.Fit, s.Index, Label(s.Index, s.Label), "so far,", texts.Details(s.Index, fit.Weights[s.Index])))];
        RefitRow[] rows = [.. added, RefitRows.Row(texts, fit, null, "All studies", "with all,", [])];

        var order = options.By is null ? "" : $" in order of {options.By}";
        var measure = effects.Measure;
        var finding = $"The pooled effect of {StudyTexts.Studies(fit.Count)}, added one by one{order}: {measure.Symbol} = {measure.Format(added[0].Estimate)} "
            + $"with the first, {texts.Pooled(fit.Mean)} with all.";
        return new CumulativeForestPlot(new RefitPlotModel
        {
            Title = options.Title,
            Finding = texts.Finding(finding),
            Origin = effects.Origin,
            Measure = measure,
            ConfidenceLevel = fit.ConfidenceLevel,
            LabelHeader = "Added",
            Rows = [.. rows],
            Orders = [],
            Axis = RefitRows.Axis(texts, rows),
            Summary = [$"Each row: the pooled effect of all studies down to it{(order.Length > 0 ? "," + order : "")}. Dashed: with all."],
            Notes = fit.Warnings,
        });

        // What the order goes by must be seen, unless the label says it anyway.
        string Label(int row, string label) => column?.Text(row) is { } value && !label.Contains(value, StringComparison.Ordinal) ? $"{label} ({value})" : label;
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure() => RefitRows.Draw(this, Model);
}
