using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>
/// The funnel plot of a fit: each study's effect against its precision. Without bias and heterogeneity the studies fill a symmetric funnel (Sterne
/// &amp; Egger 2001, Journal of Clinical Epidemiology 54, 1046-1055). For a model with moderators it shows residuals around 0 (Nakagawa et al. 2022, Methods in Ecology and
/// Evolution 13, 4-21). When not to use it: to prove publication bias; heterogeneity, chance and effects that
/// go with study size make funnels lopsided too, and with fewer than ten studies the eye finds patterns in noise.
/// </summary>
public sealed class FunnelPlot : Plot<FunnelPlotModel>
{
    private static readonly ThemeColor[] CurveColors = [Theme.Prediction, Theme.Fifth, Theme.Fourth, Theme.Ink];

    private static readonly string[] CurveDashes = ["solid", "dash", "dot", "longdashdot"];

    private FunnelPlot(FunnelPlotModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the funnel plot.</summary>
    /// <param name="fit">A fit of any kind.</param>
    /// <param name="options">Points, vertical axis, regions, regression; the defaults if not said.</param>
    /// <exception cref="ArgumentException">Sample sizes are asked for and not known, or together with regions or regression; regions for a measure
    /// without a null value; regions, regression, curves or filled studies of a model with moderators; filled studies of other effects; more than four curves; means of clusters of a fit without.</exception>
    /// <exception cref="InsufficientStudiesException">There are too few studies for the regression.</exception>
    /// <exception cref="StudyDataException">All studies have one standard error, on which nothing can be regressed.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], EffectMeasure.FisherZ);
    /// var fit = RandomEffects.Fit(effects);
    /// var plot = FunnelPlot.Create(fit, new() { ShowContours = true });
    /// var corrected = FunnelPlot.Create(fit, new() { Filled = fit.TrimAndFill(), Curves = [fit.Pet(), fit.Peese()] });
    /// </code></example>
    public static FunnelPlot Create(IModelFit fit, FunnelPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return new FunnelPlot(new FunnelBuilder(fit, options ?? new FunnelPlotOptions()).Build());
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure()
    {
        var traces = new List<Scatter>();
        foreach (var (index, region) in Model.Regions.Index())
        {
            var corners = region.Left.Append(region.Left[0]).Select(p => (PlotPoint?)p).Append(null).Concat(region.Right.Append(region.Right[0]).Select(p => (PlotPoint?)p)).ToArray();
            traces.Add(new Scatter
            {
                Name = region.Name, Mode = "lines", ShowLegend = true, Fill = "toself", FillColor = Theme.Regions[index],
                // The shades are near that of the page; their edges show where one ends.
                LineColor = Theme.Line, LineWidth = 0.7,
                X = [.. corners.Select(p => p?.X)], Y = [.. corners.Select(p => p?.Y)], ClipOnAxis = true,
            });
        }
        if (!Model.Regions.IsEmpty)
        {
            // What lies between the regions is as much an answer as what lies in them.
            traces.Add(new Scatter
            {
                Name = "p > .10", Mode = "lines", ShowLegend = true, Fill = "toself", FillColor = Theme.Surface, LineColor = Theme.Line, LineWidth = 0.7, X = [null], Y = [null],
            });
        }
        traces.AddRange(Model.Limits.Select(l => Line(l, Theme.Muted, 1.2, "dot", false)));
        // Drawn as a line of its own, since a line of the layout would lie under the regions.
        traces.Add(Line(new PlotLine(Model.IsResidual ? "expected" : "pooled effect", [new(Model.Estimate, Model.YAxis.Minimum), new(Model.Estimate, Model.YAxis.Maximum)]),
            Theme.Pooled, 1.6, "dash", false));
        if (Model.Regression is { } regression) traces.Add(Line(regression, Theme.Fourth, 2.2, "longdashdot", true));
        foreach (var (index, curve) in Model.Curves.Index()) traces.Add(Curve(curve, CurveColors[index], CurveDashes[index]));
        var largest = StudyMarks.Largest(Model.Studies.Length + Model.Filled.Length) * 0.7;
        if (Model is { FilledEstimate: { } filledMean, Filled.Length: > 0 })
        {
            traces.Add(Line(new PlotLine("mean with filled", [new(filledMean, Model.YAxis.Minimum), new(filledMean, Model.YAxis.Maximum)]), Theme.Study, 1.8, "dashdot", true));
            traces.Add(StudyMarks.Trace(Model.Filled, "filled studies", largest, Theme.Study, "circle-open", 1, legend: true) with { MarkerLineWidth = 1.6, MarkerLineColor = Theme.Study });
        }
        traces.Add(StudyMarks.Trace(Model.Studies, "studies", largest, Theme.Study, opacity: 0.85));
        return PlaneFigure.Create(new PlaneChart
        {
            Plot = this,
            XAxis = Model.XAxis,
            YAxis = Model.YAxis,
            XTicks = Model.IsResidual ? null : (pixels, font) => MeasureTicks.Create(Model.Measure, Model.XAxis, pixels, font, vertical: false),
            YIsInverted = Model.Scale is FunnelScale.StandardError or FunnelScale.Variance,
            Traces = [.. traces],
            Labels = StudyMarks.Labels(Model.Studies, largest),
            Summary = Model.Summary,
            Remarks = Model.Notes,
            Grid = Model.Regions.IsEmpty,
            Height = 420,
        });

        Scatter Curve(PlotLine curve, ThemeColor color, string dash) => Line(curve with { Name = PlotText.Escape(curve.Name) }, color, 2.2, dash, true) with
        {
            Hover = [.. curve.Points.Select(p => PlotText.Hover(curve.Name, [new(Model.YAxis.Title.ToLowerInvariant(), StatisticText.Significant(p.Y, 3)), new(Model.Measure.Symbol, Model.Measure.Format(Model.Measure.ToDisplay(p.X)))]))],
        };

        static Scatter Line(PlotLine line, ThemeColor color, double width, string dash, bool legend) => new()
        {
            Name = line.Name, Mode = "lines", LineColor = color, LineWidth = width, Dash = dash, ClipOnAxis = true, ShowLegend = legend,
            X = [.. line.Points.Select(p => (double?)p.X)], Y = [.. line.Points.Select(p => (double?)p.Y)],
        };
    }
}
