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

    /// <summary>
    /// Lays out the forest plot of a fit of any kind. Of a multilevel model with nested levels and one mean each group of the outermost level has a row with the mean of its effects, under which these
    /// are folded (<see cref="MultilevelGroups.GroupMeans"/>); of all others each effect has one. With moderators a diamond in each row is what the model expects of it, and there is no pooled one.
    /// </summary>
    /// <param name="fit">The fit.</param>
    /// <param name="options">Subgroups, order, columns, axis; the defaults if not said.</param>
    /// <exception cref="StudyDataException">A column named in the options does not exist, or has no value for a study where it makes
    /// subgroups.</exception>
    /// <exception cref="ArgumentException">The axis ends before it begins; subgroups are asked for where samples are the groups.</exception>
    /// <exception cref="ConvergenceException">A subgroup cannot be pooled.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52],
    ///     [0.004, 0.004, 0.006, 0.005, 0.006, 0.006, 0.004, 0.007], EffectMeasure.FisherZ,
    ///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F"])]);
    /// var plot = ForestPlot.Create(RandomEffects.Fit(effects));
    /// var folded = ForestPlot.Create(MultilevelModel.Fit(effects, ["sample", MultilevelModel.EachEffect], samplingCorrelation: 0.6));
    /// </code></example>
    public static ForestPlot Create(IModelFit fit, ForestPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        options ??= new ForestPlotOptions();
        return new ForestPlot(fit is MultilevelFit multilevel && multilevel.HasGroupMeans() && multilevel.Levels[0] != MultilevelModel.EachEffect
            ? new MultilevelForestBuilder(multilevel, options).Build() : new ForestModelBuilder(fit, options).Build());
    }

    /// <inheritdoc/>
    public PlotlyFigure ToFigure() => ForestFigure.Create(this);

    /// <summary>The finding, for outputs that hold text alone.</summary>
    public override string ToString() => Finding;
}
