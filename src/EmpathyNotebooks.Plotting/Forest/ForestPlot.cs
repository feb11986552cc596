using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>
/// The forest plot of a fit: each study's effect with its interval and weight, the pooled effect, and where the true effect of a new study
/// would lie (Lewis &amp; Clarke 2001, BMJ 322, 1479-1480). Squares have areas as the weights. The menu above the plot orders the studies.
/// </summary>
public sealed class ForestPlot : IPlot
{
    private ForestPlot(ForestPlotModel model) => Model = model;

    /// <summary>The plot as numbers and texts.</summary>
    public ForestPlotModel Model { get; }

    /// <inheritdoc/>
    public string Title => Model.Title;

    /// <inheritdoc/>
    public string Finding => Model.Finding;

    /// <inheritdoc/>
    public DataOrigin Origin => Model.Origin;

    /// <summary>Lays out the forest plot of a fit.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="options">Subgroups, order, columns, axis; the defaults if not said.</param>
    /// <exception cref="StudyDataException">A column named in the options does not exist, or has no value for a study where it makes
    /// subgroups.</exception>
    /// <exception cref="ArgumentException">The axis ends before it begins.</exception>
    /// <exception cref="NonConvergenceException">A subgroup cannot be pooled.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], EffectMeasure.FisherZ);
    /// var plot = ForestPlot.Create(RandomEffects.Fit(effects));
    /// </code></example>
    public static ForestPlot Create(PooledFit fit, ForestPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return new ForestPlot(new ForestModelBuilder(fit, options ?? new ForestPlotOptions()).Build());
    }

    /// <summary>
    /// Lays out the forest plot of a multilevel model: a row for each group of the outermost level with the mean of its effects, under which these are folded.
    /// </summary>
    /// <param name="fit">A fit without moderators, its levels nested.</param>
    /// <param name="options">Order, columns, axis; the defaults if not said.</param>
    /// <exception cref="ArgumentException">The fit has moderators, crossed factors or errors that tie groups together; subgroups are asked for; the axis ends before it
    /// begins.</exception>
    /// <exception cref="StudyDataException">A column named in the options does not exist.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52],
    ///     [0.004, 0.004, 0.006, 0.005, 0.006, 0.006, 0.004, 0.007], EffectMeasure.FisherZ,
    ///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F"])]);
    /// var plot = ForestPlot.Create(MultilevelModel.Fit(effects, ["sample", MultilevelModel.EachEffect], samplingCorrelation: 0.6));
    /// </code></example>
    public static ForestPlot Create(MultilevelFit fit, ForestPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return new ForestPlot(new MultilevelForestBuilder(fit, options ?? new ForestPlotOptions()).Build());
    }

    /// <inheritdoc/>
    public PlotlyFigure ToFigure() => ForestFigure.Create(this);

    /// <summary>The finding, for outputs that hold text alone.</summary>
    public override string ToString() => Finding;
}
