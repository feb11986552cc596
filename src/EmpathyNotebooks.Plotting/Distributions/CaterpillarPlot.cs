using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a caterpillar plot.</summary>
public sealed record CaterpillarPlotOptions : PlotOptions
{
    /// <summary>What a point is where effects share samples: each effect, or the mean of each cluster. Intervals are those of sampling error either way.</summary>
    public PlotPoints Points { get; init; }
}

/// <summary>A caterpillar plot as plain numbers and texts. The horizontal axis is divided as effects are pooled, and labelled as readers know them.</summary>
public sealed record CaterpillarPlotModel : PlotModel
{
    /// <summary>What the effects measure.</summary>
    public required EffectMeasure Measure { get; init; }

    /// <summary>Effects, on the scale that is pooled.</summary>
    public required PlotAxis XAxis { get; init; }

    /// <summary>Ranks: the smallest effect at 0, below it the pooled effect.</summary>
    public required PlotAxis YAxis { get; init; }

    /// <summary>The studies, effects or means of clusters from the smallest effect upwards.</summary>
    public required ImmutableArray<StudyPoint> Studies { get; init; }

    /// <summary>The interval of each, in the same order, on the scale that is pooled.</summary>
    public required ImmutableArray<ConfidenceInterval> Intervals { get; init; }

    /// <summary>The pooled effect; null for a model with moderators.</summary>
    public required double? Estimate { get; init; }

    /// <summary>Its interval; null where there is none.</summary>
    public required ConfidenceInterval? Interval { get; init; }

    /// <summary>Where a new true effect would lie; null for a model without tau².</summary>
    public required ConfidenceInterval? PredictionInterval { get; init; }

    /// <summary>Where effects also differ within clusters: where the mean of a new cluster would lie; null otherwise.</summary>
    public ConfidenceInterval? NewClusterInterval { get; init; }

    /// <summary>For a model with moderators what it expects of each point, in the same order; empty for others.</summary>
    public ImmutableArray<double> Expected { get; init; } = [];

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
    /// <param name="fit">A fit of any kind; with moderators what the model expects of each point stands for the pooled effect.</param>
    /// <param name="options">What a point is; the defaults if not said.</param>
    /// <exception cref="ArgumentException">Means of clusters are asked of a fit that takes effects as independent.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], EffectMeasure.FisherZ);
    /// var plot = CaterpillarPlot.Create(RandomEffects.Fit(effects));
    /// </code></example>
    public static CaterpillarPlot Create(IModelFit fit, CaterpillarPlotOptions? options = null)
    {
        options ??= new CaterpillarPlotOptions();
        var points = new FitPoints(fit, options.Points);
        var (measure, texts) = (fit.Measure, points.Texts);
        FitPoint[] order = [.. points.Points.OrderBy(p => p.Effect)];
        ConfidenceInterval[] intervals = [.. order.Select(points.IntervalOf)];
        // As in a forest plot, intervals far beyond the rest are cut.
        var (from, to) = ForestAxis.Choose([.. order.Zip(intervals, (p, ci) => (ci.Lower, p.Effect, ci.Upper))],
            points.Interval is { } pooledInterval ? [(pooledInterval.Lower, pooledInterval.Upper)] : [], EffectMeasure.Generic);
        var unit = Math.Max(1, points.Count / 25.0);
        var clear = measure.HasNullValue ? intervals.Count(i => !i.Contains(measure.NullValue)) : (int?)null;
        var sentence = clear is { } count ? $" {(count == 1 ? "The interval of 1 excludes" : $"The intervals of {StatisticText.Count(count)} exclude")} {measure.Format(measure.DisplayNullValue, 0)}." : "";
        var ranges = fit.Mean is not null ? points.Words.Predictions() : [];
        var details = new List<PlotDetail>();
        if (fit.Mean is { } mean)
        {
            details.Add(new($"{measure.Symbol} [{texts.Level} CI]", texts.Shown(mean.Estimate) + (points.Interval is { } ci ? $" {texts.Shown(ci)}" : "")));
            details.Add(new("k", points.Words.Short["k = ".Length..]));
            details.AddRange(ranges.Select(r => new PlotDetail(r.Of == "a new study" ? $"{texts.Level} prediction interval" : $"{texts.Level} prediction interval of {r.Of}", texts.Shown(r.Interval))));
        }
        var summary = points.Pooled is { } pooled
            ? $"Diamond: pooled effect, {pooled}" + (ranges.Count switch { 0 => ".", 1 => $"; bar: {texts.Predicted(ranges[0])}.", _ => $"; thick bar: {texts.Predicted(ranges[0])}; thin bar: {texts.Predicted(ranges[1])}." })
            : $"Diamonds: what the model with {fit.Moderators} expects of each.";
        return new CaterpillarPlot(new CaterpillarPlotModel
        {
            Title = options.Title,
            Finding = texts.Finding($"{(points.IsClusters ? "The means of " : points.IsDependent ? "" : "The effects of ")}{(points.IsClusters ? points.Of(points.Count) : points.Counted)} in order, "
                + $"from {points.ShownOf(order[0])} to {points.ShownOf(order[^1])}, and {(points.Pooled is { } p ? $"the pooled {p}" : $"what the model with {fit.Moderators} expects of each")}.{sentence}"),
            Origin = fit.Effects.Origin,
            Measure = measure,
            XAxis = new PlotAxis(texts.MeasureTitle, from, to, measure.HasLeadingZero),
            YAxis = new PlotAxis("", fit.Mean is null ? -unit : -3.4 * unit, points.Count - 1 + unit, true),
            Studies = [.. order.Select((p, rank) => new StudyPoint
            {
                Study = p.Index,
                Label = p.Label,
                X = p.Effect,
                Y = rank,
                Details = points.Details(p, [new PlotDetail("rank", $"{StatisticText.Count(rank + 1)} of {StatisticText.Count(points.Count)}"),
                    .. fit.Mean is null ? [new PlotDetail("expected", texts.Shown(p.Expected))] : Array.Empty<PlotDetail>()]),
            })],
            Intervals = [.. intervals],
            Estimate = fit.Mean?.Estimate,
            Interval = points.Interval,
            PredictionInterval = ranges.Count == 0 ? null : ranges[^1].Interval,
            NewClusterInterval = ranges.Count == 2 ? ranges[0].Interval : null,
            Expected = fit.Mean is null ? [.. order.Select(p => p.Expected)] : [],
            PooledAt = -1.9 * unit,
            PooledDetails = [.. details],
            Summary = [summary + sentence, .. points.IsClusters || points.IsDependent ? [$"Points: {points.Counted}."] : Array.Empty<string>()],
            Notes = [.. fit.Warnings, .. points.DependenceNotes("the slope shows how much effects differ, within clusters and between them.")],
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
        if (!Model.Expected.IsEmpty)
        {
            traces.Add(new Scatter
            {
                Name = "expected", Mode = "markers", MarkerSymbol = "diamond", MarkerSize = k switch { <= 30 => 7, <= 90 => 5, _ => 4 }, MarkerColor = Theme.Pooled, MarkerLineWidth = 0, ClipOnAxis = true,
                X = [.. Model.Expected.Select(e => (double?)e)], Y = [.. Model.Studies.Select(s => (double?)s.Y)],
            });
        }
        foreach (var (interval, width) in new[] { (Model.NewClusterInterval, 9.0), (Model.PredictionInterval, Model.NewClusterInterval is null ? 5.0 : 3.0) })
        {
            if (interval is not { } range) continue;
            traces.Add(new Scatter
            {
                Name = width > 5 ? "prediction interval of a cluster" : "prediction interval", Mode = "lines", LineColor = Theme.Prediction, LineWidth = width, ClipOnAxis = true,
                X = [Math.Max(range.Lower, x.Minimum), Math.Min(range.Upper, x.Maximum)], Y = [Model.PooledAt, Model.PooledAt],
            });
        }
        var lines = new List<FigureLine>();
        if (Model.Estimate is { } estimate)
        {
            var (lower, upper) = Model.Interval is { } ci ? (ci.Lower, ci.Upper) : (estimate, estimate);
            var diamond = new[] { (lower, 0.0), (estimate, 0.9), (upper, 0), (estimate, -0.9), (lower, 0) };
            traces.Add(new Scatter
            {
                Name = "pooled effect", Mode = "lines", Fill = "toself", FillColor = Theme.Pooled, LineColor = Theme.Pooled, LineWidth = 1, ClipOnAxis = true,
                X = [.. diamond.Select(d => (double?)Math.Clamp(d.Item1, x.Minimum, x.Maximum))], Y = [.. diamond.Select(d => (double?)(Model.PooledAt + d.Item2 * unit))],
            });
            traces.Add(new Scatter
            {
                Name = "pooled value", Mode = "markers", MarkerSize = 16, MarkerOpacity = 0, MarkerColor = Theme.Pooled,
                X = [Math.Clamp(estimate, x.Minimum, x.Maximum)], Y = [Model.PooledAt], Hover = [PlotText.Hover("Pooled effect", Model.PooledDetails)],
            });
            lines.Add(new("x", estimate, estimate, "paper", 0, 1, Theme.Pooled, 1.2, "dash"));
        }
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
