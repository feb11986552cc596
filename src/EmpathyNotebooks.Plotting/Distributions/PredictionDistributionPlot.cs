using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;
using MathNet.Numerics.Distributions;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a plot of the distribution of true effects.</summary>
public sealed record PredictionDistributionOptions : PlotOptions
{
    /// <summary>
    /// The cut-off on the scale that readers know, for example .10 for r, beyond which the share of true effects is shaded; the null value of the measure if not said.
    /// </summary>
    public double? Cutoff { get; init; }

    /// <summary>True shades the share below the cut-off, for measures whose small values are good.</summary>
    public bool IsBelow { get; init; }
}

/// <summary>The distribution of true effects as plain numbers and texts. The horizontal axis is divided as effects are pooled, and labelled as readers know them.</summary>
public sealed record PredictionDistributionModel : PlotModel
{
    /// <summary>What the effects measure.</summary>
    public required EffectMeasure Measure { get; init; }

    /// <summary>Effects, on the scale that is pooled.</summary>
    public required PlotAxis XAxis { get; init; }

    /// <summary>Densities upwards; below 0 stand intervals and studies.</summary>
    public required PlotAxis YAxis { get; init; }

    /// <summary>The density of true effects, N(μ, τ²) with the variances of all levels; empty where τ² is 0 and all true effects are one.</summary>
    public required ImmutableArray<PlotPoint> TrueEffects { get; init; }

    /// <summary>The density of the true effect of a new study, which allows for not knowing μ: t with √(SE² + τ²).</summary>
    public required ImmutableArray<PlotPoint> Predictive { get; init; }

    /// <summary>How likely true effects lie beyond the cut-off; null for a measure without null value when no cut-off is given.</summary>
    public required TrueEffectProbability? Beyond { get; init; }

    /// <summary>True when beyond is below.</summary>
    public required bool IsBelow { get; init; }

    /// <summary>The pooled effect.</summary>
    public required double Estimate { get; init; }

    /// <summary>Its confidence interval.</summary>
    public required ConfidenceInterval Interval { get; init; }

    /// <summary>Where the true effect of a new study or effect would lie.</summary>
    public required ConfidenceInterval PredictionInterval { get; init; }

    /// <summary>What is predicted: <c>true effect of a new study</c>, <c>new true effect</c>.</summary>
    public string Predicted { get; init; } = "true effect of a new study";

    /// <summary>Where effects also differ within clusters: where the mean of a new cluster would lie; null otherwise.</summary>
    public ConfidenceInterval? NewClusterInterval { get; init; }

    /// <summary>The observed effects, below the curves.</summary>
    public required ImmutableArray<StudyPoint> Studies { get; init; }
}

/// <summary>
/// How true effects differ: their estimated distribution, the predictive distribution of a new one, and the share beyond a cut-off that matters (Mathur &amp; VanderWeele 2019,
/// Statistics in Medicine 38, 1336-1342). It answers what a pooled effect does not: in how many settings is there an effect worth having? When not to use it: with fewer
/// than ten studies, where τ is hardly known; for an equal-effects model, which has no such distribution.
/// </summary>
public sealed class PredictionDistributionPlot : Plot<PredictionDistributionModel>
{
    private const int Steps = 160;

    /// <summary>Above the curves stand the words about the cut-off.</summary>
    private const double Headroom = 1.14;

    private PredictionDistributionPlot(PredictionDistributionModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the plot of a fit.</summary>
    /// <param name="fit">A fit with one mean effect and one variance of true effects; of a model with levels that of all levels together.</param>
    /// <param name="options">The cut-off; the null value if not said.</param>
    /// <exception cref="ArgumentException">The fit is not a random-effects model, its mean or variance depend on moderators, or the cut-off is not a value of the measure.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20], [0.006, 0.010, 0.009, 0.005], EffectMeasure.FisherZ);
    /// var plot = PredictionDistributionPlot.Create(RandomEffects.Fit(effects), new() { Cutoff = 0.10 });
    /// </code></example>
    public static PredictionDistributionPlot Create(IModelFit fit, PredictionDistributionOptions? options = null)
    {
        var points = new FitPoints(fit);
        options ??= new PredictionDistributionOptions();
        if (!fit.IsRandomEffects) throw new ArgumentException("A distribution of true effects needs a random-effects model: without tau squared they do not differ.", nameof(fit));
        if (fit.Mean is not { } mean || fit.TauSquared is not { } tau2 || fit.PredictNew() is not { PredictionInterval: { } prediction })
        {
            var scale = (fit as LocationScaleFit)?.Scale;
            throw new ArgumentException("A distribution of true effects needs one mean and one variance of true effects; here "
                + (fit.Moderators is { } moderators ? $"the mean depends on {moderators}. OrchardPlot and BubblePlot show prediction intervals at values of moderators."
                    : scale is not null ? $"the variance depends on {scale}. OrchardPlot with Column shows prediction intervals by category." : "the variance depends on the outcome."), nameof(fit));
        }
        var (effects, measure, texts) = (fit.Effects, fit.Measure, points.Texts);
        var ranges = points.Words.Predictions();
        var beyond = Cutoff(measure, options) is not { } cutoff ? (TrueEffectProbability?)null
            : options.IsBelow ? fit.ProbabilityBelow(cutoff) : fit.ProbabilityAbove(cutoff);

        var tau = Math.Sqrt(tau2);
        var spread = Math.Sqrt(mean.StandardError * mean.StandardError + tau2);
        // All effects alike to the last digit leave no spread to draw.
        var width = spread > 0 ? spread : Math.Max(1e-3, Math.Abs(mean.Estimate) / 100);
        var (low, high) = (mean.Estimate - 3.6 * width, mean.Estimate + 3.6 * width);
        if (beyond is { } b) (low, high) = (Math.Min(low, Math.Max(b.Cutoff, mean.Estimate - 8 * width) - 0.3 * width), Math.Max(high, Math.Min(b.Cutoff, mean.Estimate + 8 * width) + 0.3 * width));
        double[] x = [.. Enumerable.Range(0, Steps + 1).Select(i => low + (high - low) * i / Steps)];
        ImmutableArray<PlotPoint> predictive = spread > 0
            ? [.. x.Select(v => new PlotPoint(v, (mean.DegreesOfFreedom is { } df ? StudentT.PDF(mean.Estimate, spread, df, v) : Normal.PDF(mean.Estimate, spread, v))))] : [];
        ImmutableArray<PlotPoint> trueEffects = tau > 1e-6 * width ? [.. x.Select(v => new PlotPoint(v, Normal.PDF(mean.Estimate, tau, v)))] : [];
        var top = predictive.Concat(trueEffects).Select(p => p.Y).DefaultIfEmpty(1).Max();
        var share = beyond is { } said ? Share(texts, said, options.IsBelow) : "";
        ImmutableArray<FitBlup> blups = fit.Count > 1 ? fit.Blups().Rows : [];
        var others = ranges.Count == 2 ? $"; {texts.Predicted(ranges[0])}" : "";
        var newOne = ranges[^1].What;
        return new PredictionDistributionPlot(new PredictionDistributionModel
        {
            Title = options.Title,
            Finding = texts.Finding($"Distribution of true effects around the pooled {points.Pooled}: {texts.Level} of them are expected in {texts.Shown(prediction)}{others}.{share}"),
            Origin = effects.Origin,
            Measure = measure,
            XAxis = new PlotAxis(texts.MeasureTitle, low, high, measure.HasLeadingZero),
            YAxis = new PlotAxis("", -0.26 * top, Headroom * top, true),
            TrueEffects = trueEffects,
            Predictive = predictive,
            Beyond = beyond,
            IsBelow = options.IsBelow,
            Estimate = mean.Estimate,
            Interval = mean.ConfidenceInterval,
            PredictionInterval = prediction,
            Predicted = newOne,
            NewClusterInterval = ranges.Count == 2 ? ranges[0].Interval : null,
            Studies = [.. points.Points.Select((p, i) => new StudyPoint
            {
                Study = i,
                Label = p.Label,
                X = p.Effect,
                // Three lines, so that studies of nearly one effect can be told apart.
                Y = -top * (0.15 + 0.035 * (i % 3)),
                Details = points.Details(p, blups.IsEmpty ? Array.Empty<PlotDetail>() : [new PlotDetail("best guess of its true effect", texts.Shown(blups[i].Estimate))]),
            })],
            Summary = [(trueEffects, predictive) switch
                {
                    ({ IsEmpty: false }, _) => $"Filled: estimated distribution of true effects; dashed: of the {newOne}, μ not being known.",
                    (_, { IsEmpty: false }) => $"τ² is estimated as 0, so that true effects have no distribution to draw; dashed: the {newOne}, μ not being known.",
                    _ => "All effects are alike: neither true effects nor their estimate have a distribution to draw.",
                } + share,
                $"Below: pooled effect, {points.Pooled}; {texts.Predicted(ranges)}{(ranges.Count == 2 ? " (the thin line)" : "")}; observed effects, which scatter more than true ones.",
                .. points.IsDependent ? [$"Points: {points.Counted}."] : Array.Empty<string>()],
            Notes = [.. fit.Warnings,
                .. trueEffects.IsEmpty ? ["τ² is estimated as 0: the model takes all true effects to be one."] : Array.Empty<string>(),
                .. fit.Count < 10 ? ["With fewer than ten studies τ is hardly known, and so is the share of true effects beyond a cut-off."] : Array.Empty<string>()],
        });
    }

    private static double? Cutoff(EffectMeasure measure, PredictionDistributionOptions options)
    {
        if (options.Cutoff is not { } shown) return measure.HasNullValue ? measure.NullValue : null;
        var cutoff = measure.FromDisplay(shown);
        return double.IsFinite(cutoff) ? cutoff : throw new ArgumentException(FormattableString.Invariant($"The cut-off {shown} is not a value of {measure.Symbol}."), nameof(options));
    }

    private static string Share(StudyTexts texts, TrueEffectProbability beyond, bool isBelow) =>
        $" {StatisticText.Share(beyond.Share)} of true effects lie {(isBelow ? "below" : "above")} {texts.Shown(beyond.Cutoff)}; a new one does with probability "
        + $"{StatisticText.Number(beyond.PredictiveProbability, 2, leadingZero: false)}.";

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure()
    {
        var (x, y) = (Model.XAxis, Model.YAxis);
        var top = y.Maximum / Headroom;
        var traces = new List<Scatter>();
        if (!Model.TrueEffects.IsEmpty)
        {
            if (Model.Beyond is { } beyond) traces.Add(Area(beyond.Cutoff));
            traces.Add(Curve("true effects", Model.TrueEffects, Theme.Study, 2.4, null));
        }
        if (!Model.Predictive.IsEmpty) traces.Add(Curve(Model.Predicted, Model.Predictive, Theme.Prediction, 1.8, "dash"));
        traces.Add(Bar("prediction interval", Model.PredictionInterval, Theme.Prediction, Model.NewClusterInterval is null ? 7 : 2.5));
        if (Model.NewClusterInterval is { } cluster) traces.Add(Bar("prediction interval of a cluster", cluster, Theme.Prediction, 7));
        traces.Add(Bar("confidence interval", Model.Interval, Theme.Pooled, 7));
        traces.Add(StudyMarks.Within(x, Model.Studies, "studies", 6, Theme.Muted, opacity: 0.8));
        var lines = new List<FigureLine> { new("paper", 0, 1, "y", 0, 0, Theme.Line, 1) };
        if (Model.Measure.HasNullValue && x.Contains(Model.Measure.NullValue) && Model.Beyond?.Cutoff != Model.Measure.NullValue)
        {
            lines.Add(new FigureLine("x", Model.Measure.NullValue, Model.Measure.NullValue, "paper", 0, 1, Theme.Line, 1.2));
        }
        var notes = new List<PlaneNote>();
        if (Model.Beyond is { } cut && x.Contains(cut.Cutoff))
        {
            lines.Add(new FigureLine("x", cut.Cutoff, cut.Cutoff, "y", 0, y.Maximum, Theme.Ink, 1.4, "dash"));
            var left = Model.IsBelow;
            notes.Add(new PlaneNote($"{StatisticText.Share(cut.Share)} {(left ? "below" : "above")} {Model.Measure.Format(Model.Measure.ToDisplay(cut.Cutoff))}", cut.Cutoff, y.Maximum,
                left ? "right" : "left", "top", Theme.Ink));
        }
        return PlaneFigure.Create(new PlaneChart
        {
            Plot = this,
            XAxis = x,
            YAxis = y,
            XTicks = (pixels, font) => MeasureTicks.Create(Model.Measure, x, pixels, font, vertical: false),
            YTicks = (_, _) => [],
            Grid = false,
            Traces = [.. traces],
            Lines = [.. lines],
            Notes = [.. notes],
            Summary = Model.Summary,
            Remarks = Model.Notes,
            Height = 360,
        });

        Scatter Area(double cutoff)
        {
            PlotPoint[] inside = [.. Model.TrueEffects.Where(p => Model.IsBelow ? p.X <= cutoff : p.X >= cutoff)];
            var edge = new PlotPoint(cutoff, Height(cutoff));
            PlotPoint[] outline = Model.IsBelow ? [.. inside, edge] : [edge, .. inside];
            PlotPoint[] corners = inside.Length == 0 ? [] : [new(outline[0].X, 0), .. outline, new(outline[^1].X, 0)];
            return new Scatter
            {
                Name = "share beyond the cut-off", Mode = "lines", Fill = "toself", FillColor = Theme.Fills[0], LineColor = Theme.Fills[0], LineWidth = 0, ClipOnAxis = true,
                X = [.. corners.Select(p => (double?)p.X)], Y = [.. corners.Select(p => (double?)p.Y)],
            };
        }

        // On the straight line between the neighbours, so that the area ends where the curve is drawn.
        double Height(double at)
        {
            for (var i = 1; i < Model.TrueEffects.Length; i++)
            {
                var (a, b) = (Model.TrueEffects[i - 1], Model.TrueEffects[i]);
                if (a.X <= at && at <= b.X) return a.Y + (b.Y - a.Y) * (at - a.X) / (b.X - a.X);
            }
            return 0;
        }

        Scatter Curve(string name, ImmutableArray<PlotPoint> points, ThemeColor color, double width, string? dash) => new()
        {
            Name = name, Mode = "lines", LineColor = color, LineWidth = width, Dash = dash, ClipOnAxis = true, ShowLegend = true,
            X = [.. points.Select(p => (double?)p.X)], Y = [.. points.Select(p => (double?)p.Y)],
            Hover = [.. points.Select(p => PlotText.Hover(name, [new(Model.Measure.Symbol, Model.Measure.Format(Model.Measure.ToDisplay(p.X)))]))],
        };

        Scatter Bar(string name, ConfidenceInterval interval, ThemeColor color, double width) => new()
        {
            Name = name, Mode = "lines", LineColor = color, LineWidth = width, ClipOnAxis = true,
            X = [Math.Clamp(interval.Lower, x.Minimum, x.Maximum), Math.Clamp(interval.Upper, x.Minimum, x.Maximum)], Y = [-0.065 * top, -0.065 * top],
            Hover = [.. Enumerable.Repeat(PlotText.Hover(name, [new(Model.Measure.Symbol, $"[{Shown(interval.Lower)}, {Shown(interval.Upper)}]")]), 2)],
        };

        string Shown(double value) => Model.Measure.Format(Model.Measure.ToDisplay(value));
    }
}
