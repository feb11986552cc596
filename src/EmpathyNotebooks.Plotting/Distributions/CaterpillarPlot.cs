using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a caterpillar plot.</summary>
public sealed record CaterpillarPlotOptions : PlotOptions;

/// <summary>A caterpillar plot as plain numbers and texts. The horizontal axis is divided as effects are pooled, and labelled as readers know them.</summary>
public sealed record CaterpillarPlotModel : PlotModel
{
    /// <summary>What the effects measure.</summary>
    public required EffectMeasure Measure { get; init; }

    /// <summary>Effects, on the scale that is pooled.</summary>
    public required PlotAxis XAxis { get; init; }

    /// <summary>Ranks: the smallest effect at 0, below it the pooled effect.</summary>
    public required PlotAxis YAxis { get; init; }

    /// <summary>The studies from the smallest effect upwards.</summary>
    public required ImmutableArray<StudyPoint> Studies { get; init; }

    /// <summary>The interval of each, in the same order, on the scale that is pooled.</summary>
    public required ImmutableArray<ConfidenceInterval> Intervals { get; init; }

    /// <summary>The pooled effect.</summary>
    public required double Estimate { get; init; }

    /// <summary>Its interval.</summary>
    public required ConfidenceInterval Interval { get; init; }

    /// <summary>Where the true effect of a new study would lie; null for a model without tau².</summary>
    public required ConfidenceInterval? PredictionInterval { get; init; }

    /// <summary>Where the pooled effect stands on the vertical axis.</summary>
    public required double PooledAt { get; init; }

    /// <summary>Everything known of the pooled effect, for its hover.</summary>
    public required ImmutableArray<PlotDetail> PooledDetails { get; init; }
}

/// <summary>
/// All effects with their intervals from the smallest to the largest, without labels: a forest plot for hundreds of studies. The slope shows how much
/// effects differ. Names stand in the hover.
/// </summary>
public sealed class CaterpillarPlot : Plot<CaterpillarPlotModel>
{
    private CaterpillarPlot(CaterpillarPlotModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the plot of a fit.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="options">The title; none if not said.</param>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], EffectMeasure.FisherZ);
    /// var plot = CaterpillarPlot.Create(RandomEffects.Fit(effects));
    /// </code></example>
    public static CaterpillarPlot Create(PooledFit fit, CaterpillarPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var effects = fit.Effects;
        var texts = new StudyTexts(effects, fit.ConfidenceLevel);
        int[] order = [.. Enumerable.Range(0, fit.Count).OrderBy(i => effects.Effects[i])];
        ConfidenceInterval[] intervals = [.. order.Select(texts.Interval)];
        // As in a forest plot, intervals far beyond the rest are cut.
        var (from, to) = ForestAxis.Choose([.. order.Zip(intervals, (i, ci) => (ci.Lower, effects.Effects[i], ci.Upper))],
            [(fit.ConfidenceInterval.Lower, fit.ConfidenceInterval.Upper)], EffectMeasure.Generic);
        var unit = Math.Max(1, fit.Count / 25.0);
        var clear = effects.Measure.HasNullValue ? intervals.Count(i => !i.Contains(effects.Measure.NullValue)) : (int?)null;
        var sentence = clear is { } count ? $" {(count == 1 ? "The interval of 1 excludes" : $"The intervals of {StatisticText.Count(count)} exclude")} {effects.Measure.Format(effects.Measure.DisplayNullValue, 0)}." : "";
        var details = new List<PlotDetail> { new($"{texts.Measure.Symbol} [{texts.Level} CI]", $"{texts.Shown(fit.Estimate)} {texts.Shown(fit.ConfidenceInterval)}"), new("k", StatisticText.Count(fit.Count)) };
        if (fit.PredictionInterval is { } prediction) details.Add(new($"{texts.Level} prediction interval", texts.Shown(prediction)));
        return new CaterpillarPlot(new CaterpillarPlotModel
        {
            Title = options?.Title ?? "",
            Finding = texts.Finding($"The effects of {StudyTexts.Studies(fit.Count)} in order, from {texts.ShownOf(order[0])} to {texts.ShownOf(order[^1])}, "
                + $"and the pooled {texts.Pooled(fit)}.{sentence}"),
            Origin = effects.Origin,
            Measure = effects.Measure,
            XAxis = new PlotAxis(texts.MeasureTitle, from, to, effects.Measure.HasLeadingZero),
            YAxis = new PlotAxis("", -3.4 * unit, fit.Count - 1 + unit, true),
            Studies = [.. order.Select((i, rank) => new StudyPoint
            {
                Study = i,
                Label = effects.Labels[i],
                X = effects.Effects[i],
                Y = rank,
                Details = texts.Details(i, fit.Weights[i], new PlotDetail("rank", $"{StatisticText.Count(rank + 1)} of {StatisticText.Count(fit.Count)}")),
            })],
            Intervals = [.. intervals],
            Estimate = fit.Estimate,
            Interval = fit.ConfidenceInterval,
            PredictionInterval = fit.PredictionInterval,
            PooledAt = -1.9 * unit,
            PooledDetails = [.. details],
            Summary = [$"Diamond: pooled effect, {texts.Pooled(fit)}" + (fit.PredictionInterval is { } p ? $"; bar: {texts.Level} prediction interval {texts.Shown(p)}." : ".") + sentence],
            Notes = fit.Warnings,
        });
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure()
    {
        var x = Model.XAxis;
        var k = Model.Studies.Length;
        var unit = -Model.PooledAt / 1.9;
        var spans = Model.Intervals.Select(i => (From: Math.Max(i.Lower, x.Minimum), To: Math.Min(i.Upper, x.Maximum))).ToArray();
        var traces = new List<Scatter>
        {
            new()
            {
                Name = "intervals", Mode = "markers", MarkerSize = 1, MarkerOpacity = 0, MarkerColor = Theme.Ink, SpreadColor = Theme.Muted, SpreadWidth = k > 60 ? 0.8 : 1.3,
                X = [.. spans.Select(s => s.From <= s.To ? (s.From + s.To) / 2 : (double?)null)],
                Y = [.. Model.Studies.Select(s => (double?)s.Y)],
                Spread = [.. spans.Select(s => s.From <= s.To ? (s.To - s.From) / 2 : (double?)null)],
            },
            StudyMarks.Within(x, Model.Studies, "studies", k switch { <= 30 => 9, <= 90 => 7, _ => 5 }, Theme.Study, opacity: 1),
        };
        if (Model.PredictionInterval is { } prediction)
        {
            traces.Add(new Scatter
            {
                Name = "prediction interval", Mode = "lines", LineColor = Theme.Prediction, LineWidth = 5, ClipOnAxis = true,
                X = [Math.Max(prediction.Lower, x.Minimum), Math.Min(prediction.Upper, x.Maximum)], Y = [Model.PooledAt, Model.PooledAt],
            });
        }
        var diamond = new[] { (Model.Interval.Lower, 0.0), (Model.Estimate, 0.9), (Model.Interval.Upper, 0), (Model.Estimate, -0.9), (Model.Interval.Lower, 0) };
        traces.Add(new Scatter
        {
            Name = "pooled effect", Mode = "lines", Fill = "toself", FillColor = Theme.Pooled, LineColor = Theme.Pooled, LineWidth = 1, ClipOnAxis = true,
            X = [.. diamond.Select(d => (double?)Math.Clamp(d.Item1, x.Minimum, x.Maximum))], Y = [.. diamond.Select(d => (double?)(Model.PooledAt + d.Item2 * unit))],
        });
        traces.Add(new Scatter
        {
            Name = "pooled value", Mode = "markers", MarkerSize = 16, MarkerOpacity = 0, MarkerColor = Theme.Pooled,
            X = [Math.Clamp(Model.Estimate, x.Minimum, x.Maximum)], Y = [Model.PooledAt], Hover = [PlotText.Hover("Pooled effect", Model.PooledDetails)],
        });
        var lines = new List<FigureLine> { new("x", Model.Estimate, Model.Estimate, "paper", 0, 1, Theme.Pooled, 1.2, "dash") };
        if (Model.Measure.HasNullValue && x.Contains(Model.Measure.NullValue)) lines.Add(new("x", Model.Measure.NullValue, Model.Measure.NullValue, "paper", 0, 1, Theme.Line, 1.2));
        return PlaneFigure.Create(new PlaneChart
        {
            Plot = this,
            XAxis = x,
            YAxis = Model.YAxis,
            XTicks = (pixels, font) => MeasureTicks.Create(Model.Measure, x, pixels, font, vertical: false),
            YTicks = (_, _) => [],
            Traces = [.. traces],
            Lines = [.. lines],
            Summary = Model.Summary,
            Remarks = Model.Notes,
            Height = Math.Clamp(90 + 7.0 * k, 180, 760),
        });
    }
}
