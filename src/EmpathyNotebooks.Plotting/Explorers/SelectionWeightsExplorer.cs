using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in an explorer of selection weights.</summary>
public sealed record SelectionWeightsExplorerOptions : ExplorerOptions
{
    /// <summary>The side on which results are selected: greater by default, whatever the sign of the mean. p is one-sided in that direction.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such side, or it is two-sided: the two-sided stories favour both ends of one-sided p.</exception>
    public Alternative Alternative
    {
        get;
        init => field = value is Alternative.Greater or Alternative.Less ? value : throw new ArgumentOutOfRangeException(nameof(Alternative), value, "Results are selected on one side, greater or less; the two-sided stories favour both ends of one-sided p.");
    } = Alternative.Greater;

    /// <summary>Decimals of effects; 2 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not in 0 to 6.</exception>
    public int Digits
    {
        get;
        init => field = value is >= 0 and <= 6 ? value : throw new ArgumentOutOfRangeException(nameof(Digits), value, "Numbers have 0 to 6 decimals.");
    } = 2;
}

/// <summary>What an explorer of selection weights starts from.</summary>
public sealed record SelectionWeightsExplorerModel : ExplorerModel
{
    private static readonly string[] Keys = ["moderateOne", "severeOne", "moderateTwo", "severeTwo"];

    /// <summary>The fit.</summary>
    public required PooledFit Fit { get; init; }

    /// <summary>The stories of Vevea and Woods by the library: its text, and what tests hold the script to.</summary>
    public required SelectionSensitivity Sensitivity { get; init; }

    /// <summary>The side on which results are selected.</summary>
    public required Alternative Alternative { get; init; }

    /// <summary>Decimals of effects.</summary>
    public required int Digits { get; init; }

    /// <summary>The horizontal axis of the funnel, on the scale that is pooled.</summary>
    public required PlotAxis FunnelAxis { get; init; }

    /// <inheritdoc/>
    internal override object Payload()
    {
        var (effects, measure) = (Fit.Effects, Fit.Effects.Measure);
        return new
        {
            title = Title,
            measure = DisplayScale.Describe(measure, Digits),
            level = Fit.ConfidenceLevel,
            levelText = StatisticText.Level(Fit.ConfidenceLevel),
            sign = Alternative == Alternative.Less ? -1 : 1,
            isRandom = Fit.IsRandomEffects,
            nullValue = measure.NullValue,
            cuts = SelectionSensitivity.CutPoints,
            presets = Sensitivity.Stories.Select((story, i) => new { key = Keys[i], text = story.Story, weights = story.Fit.Function.GivenWeights }),
            axis = new { minimum = FunnelAxis.Minimum, maximum = FunnelAxis.Maximum, title = FunnelAxis.Title, ticks = MetaAnalysisExplorerModel.Ticks(FunnelAxis, measure) },
            studies = Enumerable.Range(0, effects.Count).Select(i => new { label = PlotText.Clean(effects.Labels[i]), y = effects.Effects[i], v = effects.Variances[i] }),
        };
    }
}

/// <summary>
/// Selection weights by hand: the reader sets how likely results are published in each of fourteen intervals of one-sided p, by dragging bars or by keys, and sees the mean, its interval and τ² follow by maximum
/// likelihood. The presets are moderate and severe selection, one-sided and two-sided (Vevea &amp; Woods 2005, Psychological Methods 10, 428-443, Table 1).
/// </summary>
/// <remarks>
/// It teaches what a selection model does: a study with weight w stands for 1/w studies that were done, and the likelihood of an effect is w(p) N(y; μ, v + τ²)/E[w]. Weights are relative to the first interval, p ≤ .005. It holds at
/// any number of studies, since nothing of the selection is estimated. When it misleads: as an estimate; the weights are a supposition, and one asks whether the conclusion would stand. Dragging until the result is liked says nothing.
/// </remarks>
public sealed class SelectionWeightsExplorer : Explorer<SelectionWeightsExplorerModel>
{
    private SelectionWeightsExplorer(SelectionWeightsExplorerModel model)
        : base("selectionWeights", model)
    {
    }

    /// <summary>Sets up the explorer.</summary>
    /// <param name="fit">A pooled fit of independent effects, with or without τ², of a measure with a value that means no effect; its inference and weights are not used.</param>
    /// <param name="options">Side of selection, title and decimals; the defaults if not said.</param>
    /// <exception cref="ImpossibleChoiceException">No value of the measure means no effect.</exception>
    /// <exception cref="InsufficientStudiesException">There are fewer than three studies, two without τ².</exception>
    /// <exception cref="UndeterminedException">The likelihood has no maximum.</exception>
    /// <exception cref="ConvergenceException">The numbers are too large or too small for double precision.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.010, 0.022, 0.015, 0.008], EffectMeasure.FisherZ);
    /// var explorer = SelectionWeightsExplorer.Create(RandomEffects.Fit(effects));
    /// </code></example>
    public static SelectionWeightsExplorer Create(PooledFit fit, SelectionWeightsExplorerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        options ??= new SelectionWeightsExplorerOptions();
        var (effects, measure) = (fit.Effects, fit.Effects.Measure);
        if (!measure.HasNullValue) throw new ImpossibleChoiceException($"No value of {measure.Name} means no effect, so that there is no p-value that results could be selected by", ChoiceFault.UndefinedForFit);
        var sensitivity = fit.SelectionSensitivity(options.Alternative);
        var texts = new StudyTexts(effects, fit.ConfidenceLevel, options.Digits);
        double[] means = [sensitivity.WithoutSelection.Estimate, .. sensitivity.Stories.Select(s => s.Fit.Mean!.Value.Estimate)];
        double[] values = [.. effects.Effects, .. means, measure.NullValue];
        var room = PlotAxis.Room(values.Min(), values.Max(), 0.06);
        return new SelectionWeightsExplorer(new SelectionWeightsExplorerModel
        {
            Title = options.Title,
            Finding = texts.Finding($"Selection weights of {StudyTexts.Studies(fit.Count)} to try out. Without selection {measure.Symbol} = {texts.Shown(means[0])} by maximum likelihood; with the weights of Vevea and Woods: "
                + string.Join(", ", sensitivity.Stories.Select(s => $"{s.Story} {texts.Shown(s.Fit.Mean!.Value.Estimate)}")) + "."),
            Origin = effects.Origin,
            Notes = [.. sensitivity.Warnings.Concat(sensitivity.Stories[0].Fit.Warnings).Distinct()],
            Fit = fit,
            Sensitivity = sensitivity,
            Alternative = options.Alternative,
            Digits = options.Digits,
            FunnelAxis = new PlotAxis(texts.MeasureTitle, values.Min() - room, values.Max() + room, measure.HasLeadingZero),
        });
    }
}
