using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;
using MathNet.Numerics.Distributions;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a drapery plot.</summary>
public sealed record DraperyPlotOptions : PlotOptions;

/// <summary>The p-value of every hypothesis about one effect: 1 at the estimate, falling to both sides.</summary>
/// <param name="Study">The study's row in the data, counted from 0; null for the pooled effect.</param>
/// <param name="Label">Its label.</param>
/// <param name="Estimate">The estimate, on the scale that is pooled.</param>
/// <param name="Points">Hypothesised effect and two-sided p-value.</param>
/// <param name="Details">Everything known of it, for its hover.</param>
public sealed record PValueCurve(int? Study, string Label, double Estimate, ImmutableArray<PlotPoint> Points, ImmutableArray<PlotDetail> Details);

/// <summary>A drapery plot as plain numbers and texts. The horizontal axis is divided as effects are pooled, and labelled as readers know them.</summary>
public sealed record DraperyPlotModel : PlotModel
{
    /// <summary>What the effects measure.</summary>
    public required EffectMeasure Measure { get; init; }

    /// <summary>Effects, on the scale that is pooled.</summary>
    public required PlotAxis XAxis { get; init; }

    /// <summary>Two-sided p-values, 0 to 1.</summary>
    public required PlotAxis YAxis { get; init; }

    /// <summary>The p-value functions of the studies, in the order of the data.</summary>
    public required ImmutableArray<PValueCurve> Studies { get; init; }

    /// <summary>That of the pooled effect, as the model tests it.</summary>
    public required PValueCurve Pooled { get; init; }

    /// <summary>The same for the true effect of a new study or effect; null for a model without tau².</summary>
    public required PValueCurve? Prediction { get; init; }

    /// <summary>Where effects also differ within clusters: the same for the mean of a new cluster; null otherwise.</summary>
    public PValueCurve? ClusterPrediction { get; init; }

    /// <summary>One less the level: at this height a curve is as wide as its confidence interval.</summary>
    public required double Alpha { get; init; }
}

/// <summary>
/// Confidence intervals at all levels at once: each curve gives the p-value of every hypothesis, and its width at height p is the 1 - p interval (Rücker &amp; Schwarzer 2021,
/// Research Synthesis Methods 12, 179-190). It frees the reader from the 95% of a forest plot. When not to use it: to read single studies of many; their names stand in the hover.
/// </summary>
public sealed class DraperyPlot : Plot<DraperyPlotModel>
{
    private DraperyPlot(DraperyPlotModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the plot of a fit.</summary>
    /// <param name="fit">A fit of any kind with one mean effect.</param>
    /// <param name="options">The title; none if not said.</param>
    /// <exception cref="ArgumentException">The model has moderators, so that hypotheses about one mean are not defined; or its mean has no standard error.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], EffectMeasure.FisherZ);
    /// var plot = DraperyPlot.Create(RandomEffects.Fit(effects));
    /// </code></example>
    public static DraperyPlot Create(IModelFit fit, DraperyPlotOptions? options = null)
    {
        var points = new FitPoints(fit);
        var (effects, measure, texts) = (fit.Effects, fit.Measure, points.Texts);
        if (fit.Mean is not { } mean) throw new ArgumentException($"A drapery plot shows the p-values of hypotheses about one mean effect; with moderators ({fit.Moderators}) there are several.", nameof(fit));
        if (!mean.HasStandardError) throw new ArgumentException($"A drapery plot needs the standard error of the mean. {mean.WhyNoStandardError}", nameof(fit));
        var half = fit.Count switch { <= 30 => 40, <= 90 => 26, _ => 18 };
        PValueCurve[] studies = [.. points.Points.Select(p => Curve(p.Index, p.Label, p.Effect, p.StandardError, null, half,
            points.Details(p, measure.HasNullValue ? [new PlotDetail("p", StatisticText.PValue(PValue((p.Effect - measure.NullValue) / p.StandardError, null)))] : Array.Empty<PlotDetail>())))];
        var details = new List<PlotDetail> { new($"{measure.Symbol} [{texts.Level} CI]", $"{texts.Shown(mean.Estimate)} {texts.Shown(mean.ConfidenceInterval)}"), new("k", points.Words.Short["k = ".Length..]) };
        if (measure.HasNullValue) details.Add(new("p", StatisticText.PValue(mean.PValue)));
        var pooled = Curve(null, "Pooled effect", mean.Estimate, mean.StandardError, mean.DegreesOfFreedom, 60, [.. details]);
        PredictedRange[] ranges = [.. points.Words.Predictions().Where(r => r.Spread is not null)];
        PValueCurve[] predictions = [.. ranges.Select(r => Curve(null, char.ToUpperInvariant(r.What[0]) + r.What[1..], mean.Estimate, r.Spread!.Value, mean.DegreesOfFreedom, 60,
            [new($"{texts.Level} prediction interval", texts.Shown(r.Interval))]))];
        // All estimates are on the axis; how far their curves run beyond says little.
        double[] ends = [.. effects.Effects, mean.Estimate - 3 * mean.StandardError, mean.Estimate + 3 * mean.StandardError, .. measure.HasNullValue ? [measure.NullValue] : Array.Empty<double>()];
        var reach = Math.Sqrt(Median(effects.Variances));
        var (low, high) = (ends.Min() - 1.2 * reach, ends.Max() + 1.2 * reach);
        var clear = measure.HasNullValue ? $" {StatisticText.Count(points.Points.Count(p => !points.IntervalOf(p).Contains(measure.NullValue)))} of "
            + $"{points.Of(points.Count)} alone exclude {measure.Format(measure.DisplayNullValue, 0)} at the {texts.Level} level." : "";
        var dashed = ranges switch
        {
            [] => ".",
            [var one] => $"; dashed: {one.What}, {texts.Shown(one.Interval)}.",
            [var cluster, var effect, ..] => $"; dashed: {cluster.What}, {texts.Shown(cluster.Interval)}; dotted: {effect.What}, {texts.Shown(effect.Interval)}.",
        };
        return new DraperyPlot(new DraperyPlotModel
        {
            Title = options?.Title ?? "",
            Finding = texts.Finding($"Drapery plot of {points.Counted}, p-values of all hypotheses about each and about the pooled {points.Pooled}.{clear}"),
            Origin = effects.Origin,
            Measure = measure,
            XAxis = new PlotAxis(texts.MeasureTitle, low, high, measure.HasLeadingZero),
            YAxis = new PlotAxis("Two-sided p-value of the hypothesis", 0, 1.03, false),
            Studies = [.. studies],
            Pooled = pooled,
            Prediction = predictions.LastOrDefault(),
            ClusterPrediction = predictions.Length == 2 ? predictions[0] : null,
            Alpha = 1 - fit.ConfidenceLevel,
            Summary = [$"Each curve is as wide at height p as the interval of level 1 − p; at the dotted line, as the {texts.Level} interval. Thick: pooled effect, {points.Pooled}" + dashed,
                .. points.IsDependent ? [$"Thin: {points.Counted}."] : Array.Empty<string>()],
            Notes = [.. fit.Warnings, .. points.DependenceNotes("their curves do not confirm each other as those of others do.", offersMeans: false)],
        });
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure()
    {
        var x = Model.XAxis;
        var lines = new List<FigureLine> { new("paper", 0, 1, "y", Model.Alpha, Model.Alpha, Theme.Muted, 1.4, "dot") };
        if (Model.Measure.HasNullValue && x.Contains(Model.Measure.NullValue)) lines.Add(new("x", Model.Measure.NullValue, Model.Measure.NullValue, "paper", 0, 1, Theme.Line, 1.2));
        PlotPoint?[] all = [.. Model.Studies.SelectMany(s => s.Points.Select(p => (PlotPoint?)p).Append(null))];
        var traces = new List<Scatter>
        {
            new()
            {
                Name = "studies", Mode = "lines", LineColor = Theme.Faint, LineWidth = Model.Studies.Length switch { <= 60 => 1.2, <= 300 => 0.8, _ => 0.3 }, ClipOnAxis = true, X = [.. all.Select(p => p?.X)], Y = [.. all.Select(p => p?.Y)],
            },
        };
        if (Model.Prediction is { } prediction) traces.Add(Line(prediction, Theme.Prediction, 2.2, Model.ClusterPrediction is null ? "dash" : "dot"));
        if (Model.ClusterPrediction is { } cluster) traces.Add(Line(cluster, Theme.Prediction, 2.2, "dash"));
        traces.Add(Line(Model.Pooled, Theme.Pooled, 3, null));
        traces.Add(new Scatter
        {
            Name = "estimates", Mode = "markers", MarkerSize = 6, MarkerColor = Theme.Study, MarkerLineWidth = 0, MarkerSymbol = "circle",
            X = [.. Model.Studies.Select(s => (double?)s.Estimate)], Y = [.. Model.Studies.Select(_ => (double?)1)],
            Hover = [.. Model.Studies.Select(s => PlotText.Hover(s.Label, s.Details))],
        });
        traces.Add(new Scatter
        {
            Name = "pooled estimate", Mode = "markers", MarkerSize = 11, MarkerColor = Theme.Pooled, MarkerLineWidth = 0, MarkerSymbol = "diamond",
            X = [Model.Pooled.Estimate], Y = [1], Hover = [PlotText.Hover(Model.Pooled.Label, Model.Pooled.Details)],
        });
        return PlaneFigure.Create(new PlaneChart
        {
            Plot = this,
            XAxis = x,
            YAxis = Model.YAxis,
            XTicks = (pixels, font) => MeasureTicks.Create(Model.Measure, x, pixels, font, vertical: false),
            YTicks = (_, _) => [.. new[] { 0, 0.2, 0.4, 0.6, 0.8, 1 }.Select(p => new AxisTick(p, StatisticText.Number(p, p is 0 or 1 ? 0 : 1, leadingZero: false)))],
            Grid = false,
            Traces = [.. traces],
            Lines = [.. lines],
            Summary = Model.Summary,
            Remarks = Model.Notes,
            Height = 420,
        });

        static Scatter Line(PValueCurve curve, ThemeColor color, double width, string? dash) => new()
        {
            Name = curve.Label, Mode = "lines", LineColor = color, LineWidth = width, Dash = dash, ClipOnAxis = true,
            X = [.. curve.Points.Select(p => (double?)p.X)], Y = [.. curve.Points.Select(p => (double?)p.Y)],
            Hover = [.. curve.Points.Select(_ => PlotText.Hover(curve.Label, curve.Details))],
        };
    }

    /// <summary>As many points on either side, closer together where the curve bends: evenly spread in p, and in z for small p.</summary>
    private static PValueCurve Curve(int? study, string label, double estimate, double se, double? df, int half, ImmutableArray<PlotDetail> details)
    {
        var reach = df is { } d ? Math.Min(12, StudentT.InvCDF(0, 1, d, 0.9995)) : 3.5;
        var points = Enumerable.Range(-half, 2 * half + 1).Select(i =>
        {
            var z = reach * i / half;
            return new PlotPoint(estimate + z * se, PValue(z, df));
        });
        return new PValueCurve(study, label, estimate, [.. points], details);
    }

    private static double PValue(double statistic, double? df) =>
        2 * (df is { } d ? StudentT.CDF(0, 1, d, -Math.Abs(statistic)) : Normal.CDF(0, 1, -Math.Abs(statistic)));

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
