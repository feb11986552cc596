using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;
using MathNet.Numerics.Distributions;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a radial plot.</summary>
public sealed record RadialPlotOptions : PlotOptions
{
    /// <summary>What a point is where effects share samples: each effect, or the mean of each cluster.</summary>
    public PlotPoints Points { get; init; }
}

/// <summary>A radial plot as plain numbers and texts.</summary>
public sealed record RadialPlotModel : PlotModel
{
    /// <summary>What the effects measure.</summary>
    public required EffectMeasure Measure { get; init; }

    /// <summary>The inverse of the standard deviation of an effect in the model.</summary>
    public required PlotAxis XAxis { get; init; }

    /// <summary>The effect in such standard deviations.</summary>
    public required PlotAxis YAxis { get; init; }

    /// <summary>The studies, effects or means of clusters in the order of the data.</summary>
    public required ImmutableArray<StudyPoint> Studies { get; init; }

    /// <summary>The pooled effect on the scale that is pooled: the slope of the line through the origin.</summary>
    public required double Slope { get; init; }

    /// <summary>The half height of the band around the line, the normal quantile of the level.</summary>
    public required double HalfBand { get; init; }

    /// <summary>Where the scale of effects stands: a line from the origin through a study meets it at the study's effect.</summary>
    public required double ScaleAt { get; init; }

    /// <summary>The ticks of that scale; Value is a height.</summary>
    public required ImmutableArray<AxisTick> ScaleTicks { get; init; }

    /// <summary>The confidence interval of the pooled effect on that scale, as heights.</summary>
    public required ConfidenceInterval ScaleInterval { get; init; }

    /// <summary>How many studies lie outside the band.</summary>
    public required int Outside { get; init; }
}

/// <summary>
/// Galbraith's radial plot (1988, Statistics in Medicine 7, 889-894): effects in standard deviations against precision. The pooled effect is the slope
/// of the line through the origin; studies that fit the model scatter evenly around it, 95% of them inside the band, and precise studies stand to the right.
/// </summary>
public sealed class RadialPlot : Plot<RadialPlotModel>
{
    private RadialPlot(RadialPlotModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the radial plot.</summary>
    /// <param name="fit">A fit of any kind with one mean effect; standard deviations are those of its model, √(v + tau²) with the tau² of each point.</param>
    /// <param name="options">What a point is; the defaults if not said.</param>
    /// <exception cref="ArgumentException">The model has moderators, so that no one slope fits all; means of clusters are asked of a fit that takes effects as independent.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], EffectMeasure.FisherZ);
    /// var plot = RadialPlot.Create(EqualEffects.Fit(effects));
    /// </code></example>
    public static RadialPlot Create(IModelFit fit, RadialPlotOptions? options = null)
    {
        options ??= new RadialPlotOptions();
        var points = new FitPoints(fit, options.Points);
        var (effects, texts) = (fit.Effects, points.Texts);
        if (fit.Mean is not { } mean)
        {
            throw new ArgumentException($"A radial plot shows one mean effect as the slope of a line; with moderators ({fit.Moderators}) there are several. NormalQuantilePlot shows the residuals.", nameof(fit));
        }
        double[] sd = [.. points.Points.Select(p => Math.Sqrt(p.Total))];
        var band = Normal.InvCDF(0, 1, 0.5 + fit.ConfidenceLevel / 2);
        var scaleAt = 1.07 / sd.Min();
        StudyPoint[] studies = [.. points.Points.Select((p, i) => new StudyPoint
        {
            Study = p.Index,
            Label = p.Label,
            X = 1 / sd[i],
            Y = p.Effect / sd[i],
            Details = points.Details(p, new PlotDetail("standard deviations from the pooled effect", StatisticText.Number((p.Effect - mean.Estimate) / sd[i]))),
        })];
        double[] heights = [.. studies.Select(s => s.Y), -band, band, mean.Estimate * scaleAt - band, mean.Estimate * scaleAt + band];
        var room = 0.05 * (heights.Max() - heights.Min());
        var yAxis = new PlotAxis("Effect in standard deviations", heights.Min() - room, heights.Max() + room, true);
        var scale = new PlotAxis("", yAxis.Minimum / scaleAt, yAxis.Maximum / scaleAt, effects.Measure.HasLeadingZero);
        var outside = studies.Count(s => Math.Abs(s.Y - mean.Estimate * s.X) > band);
        var lie = $"{(outside == 1 ? "lies" : "lie")} outside";
        var finding = $"Radial plot of {points.Counted}; the slope is the pooled {points.Pooled}. {StatisticText.Count(outside)} {lie} the {texts.Level} band.";
        return new RadialPlot(new RadialPlotModel
        {
            Title = options.Title,
            Finding = texts.Finding(finding),
            Origin = effects.Origin,
            Measure = effects.Measure,
            XAxis = new PlotAxis(!fit.IsRandomEffects ? "Precision, 1/√v" : fit is PooledFit || fit.TauSquared is not null && !points.IsClusters && !points.IsDependent ? "Precision, 1/√(v + τ²)"
                : "Precision, 1/√(variance in the model)", 0, 1.16 / sd.Min(), true),
            YAxis = yAxis,
            Studies = [.. studies],
            Slope = mean.Estimate,
            HalfBand = band,
            ScaleAt = scaleAt,
            ScaleTicks = [.. MeasureTicks.Create(effects.Measure, scale, 300, 12, vertical: true).Select(t => t with { Value = t.Value * scaleAt })],
            ScaleInterval = (points.Interval ?? new ConfidenceInterval(mean.Estimate, mean.Estimate, fit.ConfidenceLevel)).Transform(e => e * scaleAt),
            Outside = outside,
            Summary = [$"Line: pooled effect, {points.Pooled}. Dotted: the band in which {texts.Level} of {points.Noun(2)} lie if the model holds; "
                + $"{StatisticText.Count(outside)} of {StatisticText.Count(points.Count)} {lie}. Scale at the right: {texts.MeasureTitle}.",
                .. points.IsClusters || points.IsDependent ? [$"Points: {points.Counted}."] : Array.Empty<string>()],
            Notes = [.. fit.Warnings, .. points.DependenceNotes("several can lie outside the band together.")],
        });
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure()
    {
        var at = Model.ScaleAt;
        var largest = StudyMarks.Largest(Model.Studies.Length) * 0.7;
        var (low, high) = (Math.Max(Model.ScaleInterval.Lower, Model.YAxis.Minimum), Math.Min(Model.ScaleInterval.Upper, Model.YAxis.Maximum));
        FigureLine Ray(double shift, ThemeColor color, double width, string? dash) =>
            new("x", 0, at, "y", shift, Model.Slope * at + shift, color, width, dash);
        return PlaneFigure.Create(new PlaneChart
        {
            Plot = this,
            XAxis = Model.XAxis,
            YAxis = Model.YAxis,
            Grid = false,
            Traces = [StudyMarks.Trace(Model.Studies, "studies", largest, Theme.Study, opacity: 0.85)],
            Lines =
            [
                new FigureLine("x", 0, at, "y", 0, 0, Theme.Grid, 1),
                Ray(0, Theme.Pooled, 2, null), Ray(Model.HalfBand, Theme.Muted, 1.2, "dot"), Ray(-Model.HalfBand, Theme.Muted, 1.2, "dot"),
                new FigureLine("x", at, at, "paper", 0, 1, Theme.Line, 1),
                new FigureLine("x", at, at, "y", low, high, Theme.Pooled, 5),
                .. Model.ScaleTicks.Select(t => new FigureLine("x", at, at * 1.012, "y", t.Value, t.Value, Theme.Line, 1)),
            ],
            Notes = [.. Model.ScaleTicks.Select(t => new PlaneNote(t.Text, at, t.Value, "left", "middle", Theme.Muted))],
            Summary = Model.Summary,
            Remarks = Model.Notes,
        });
    }
}
