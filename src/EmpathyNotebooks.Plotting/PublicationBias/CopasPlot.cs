using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a plot of a Copas model.</summary>
public sealed record CopasPlotOptions : PlotOptions;

/// <summary>A Copas model over the strength of selection, as plain numbers and texts.</summary>
public sealed record CopasPlotModel : PlotModel
{
    /// <summary>What the effects measure.</summary>
    public required EffectMeasure Measure { get; init; }

    /// <summary>The probability that the study with the largest standard error is published.</summary>
    public required PlotAxis XAxis { get; init; }

    /// <summary>Means, on the scale shown.</summary>
    public required PlotAxis EstimateAxis { get; init; }

    /// <summary>The points of the path, from the strongest selection to none.</summary>
    public required ImmutableArray<CopasPoint> Path { get; init; }

    /// <summary>The means, on the scale shown.</summary>
    public required ImmutableArray<double> Estimates { get; init; }

    /// <summary>Their intervals, on the scale shown; null where a point has no standard error.</summary>
    public required ImmutableArray<ConfidenceInterval?> Intervals { get; init; }

    /// <summary>The point of the adjusted estimate; null where the model chooses none.</summary>
    public required CopasPoint? Selected { get; init; }

    /// <summary>The p-value of residual selection bias above which a point is chosen.</summary>
    public required double Significance { get; init; }
}

/// <summary>
/// The Copas selection model as a sensitivity analysis: above, the mean over the probability that the least precise study is published; in the middle whether selection of that strength leaves small-study effects unexplained;
/// below how many studies would then be missing (Copas &amp; Shi 2000, Biostatistics 1, 247-262; Carpenter, Schwarzer, Rücker &amp; Künstler 2009, Journal of Clinical Epidemiology 62, 624-631). Read it from the right, where nothing is
/// selected. When not to use it: to take one point for the answer; the data tell little of the strength of selection, and the intervals take it as known.
/// </summary>
public sealed class CopasPlot : Plot<CopasPlotModel>
{
    private CopasPlot(CopasPlotModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the path of a Copas model.</summary>
    /// <param name="copas">The model.</param>
    /// <param name="options">The title; none if not said.</param>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.60, 0.12, 0.55, 0.20, 0.38, 0.45, 0.15, 0.70, 0.25, 0.33], [0.080, 0.010, 0.060, 0.012, 0.030, 0.040, 0.008, 0.095, 0.015, 0.022], EffectMeasure.FisherZ);
    /// var plot = CopasPlot.Create(CopasSelection.Fit(effects));
    /// </code></example>
    public static CopasPlot Create(CopasSelection copas, CopasPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(copas);
        var (effects, measure) = (copas.Effects, copas.Effects.Measure);
        var texts = new StudyTexts(effects, copas.Options.ConfidenceLevel);
        ImmutableArray<CopasPoint> path = [.. copas.Path.OrderBy(p => p.PublicationProbability)];
        ImmutableArray<double> estimates = [.. path.Select(p => measure.ToDisplay(p.Estimate))];
        ImmutableArray<ConfidenceInterval?> intervals = [.. path.Select(p => copas.IntervalOf(p)?.Transform(measure.ToDisplay))];
        var none = path[^1];
        var level = SelectionWeightPlot.PText(copas.Options.Significance);
        var chosen = copas.Selected is not { } point ? $"No strength of selection looked at leaves p of residual selection bias above {level}: the model chooses no estimate."
            : point == none ? $"Chosen: the mean without selection, {Estimate(point)}, for p of residual selection bias is above {level} already there."
            : $"Chosen: {Estimate(point)}, with {StatisticText.Percent(point.PublicationProbability, 0)} published of studies like the least precise one and about {StatisticText.Number(point.Unpublished, 0)} missing.";
        var range = $"From {measure.Symbol} = {texts.Shown(none.Estimate)} without selection the mean goes to {texts.Shown(path[0].Estimate)} where {StatisticText.Percent(path[0].PublicationProbability, 0)} are published of studies like the least precise one.";
        return new CopasPlot(new CopasPlotModel
        {
            Title = options?.Title ?? "",
            Finding = texts.Finding($"Copas selection model of {StudyTexts.Studies(effects.Count)}. {range} {chosen}"),
            Origin = effects.Origin,
            Summary = [range, chosen, $"Dashed: p = {level}; below, selection of that strength leaves small-study effects unexplained."],
            Notes = copas.Warnings,
            Measure = measure,
            XAxis = new PlotAxis("Pr(published), least precise study", Math.Max(0, path[0].PublicationProbability - 0.03 * (1 - path[0].PublicationProbability) - 1e-3), 1 + 0.03 * (1 - path[0].PublicationProbability) + 1e-3, false),
            EstimateAxis = EstimateAxis(texts, estimates, intervals),
            Path = path,
            Estimates = estimates,
            Intervals = intervals,
            Selected = copas.Selected,
            Significance = copas.Options.Significance,
        });

        string Estimate(CopasPoint at) => $"{measure.Symbol} = {texts.Shown(at.Estimate)}{(copas.IntervalOf(at) is { } i ? $", {texts.Level} CI {texts.Shown(i)}" : "")}";
    }

    private static PlotAxis EstimateAxis(StudyTexts texts, ImmutableArray<double> estimates, ImmutableArray<ConfidenceInterval?> intervals)
    {
        double[] ends = [.. estimates, .. intervals.Where(i => i is not null).SelectMany(i => new[] { i!.Value.Lower, i.Value.Upper }).Where(double.IsFinite)];
        var room = PlotAxis.Room(ends.Min(), ends.Max(), 0.06);
        return new PlotAxis(texts.MeasureTitle, ends.Min() - room, ends.Max() + room, texts.Measure.HasLeadingZero);
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure()
    {
        var (path, measure) = (Model.Path, Model.Measure);
        var estimates = ImmutableArray.CreateBuilder<Scatter>();
        var known = Enumerable.Range(0, path.Length).Where(i => Model.Intervals[i] is not null).ToArray();
        if (known.Length > 1)
        {
            (double X, double Y)[] corners = [.. known.Select(i => (path[i].PublicationProbability, Model.Intervals[i]!.Value.Upper)), .. known.Reverse().Select(i => (path[i].PublicationProbability, Model.Intervals[i]!.Value.Lower))];
            estimates.Add(new Scatter
            {
                Name = "interval", Mode = "lines", Fill = "toself", FillColor = Theme.Fills[0], LineColor = Theme.Fills[0], LineWidth = 0, ClipOnAxis = true,
                X = [.. corners.Select(c => (double?)c.X)], Y = [.. corners.Select(c => (double?)c.Y)],
            });
        }
        estimates.AddRange(Path("mean", (_, i) => Model.Estimates[i]));
        var zero = measure.DisplayNullValue;
        var most = Math.Max(1, path.Max(p => p.Unpublished));
        return PanelFigure.Create(new PanelChart
        {
            Plot = this,
            XAxis = Model.XAxis,
            XTicks = Model.XAxis.TicksFor,
            Panels =
            [
                new($"Mean: {Model.EstimateAxis.Title}", Model.EstimateAxis, estimates.ToImmutable(), measure.HasNullValue && Model.EstimateAxis.Contains(zero) ? [(zero, Theme.Line, null)] : []),
                new("p of residual selection bias", new PlotAxis("", 0, 1.05, false), Path("p", (p, _) => p.ResidualBiasPValue), [(Model.Significance, Theme.Muted, "dash")]),
                new("Studies missing", new PlotAxis("", 0, 1.1 * most, true), Path("missing", (p, _) => p.Unpublished), []),
            ],
            Summary = Model.Summary,
            Remarks = Model.Notes,
            PanelHeight = 104,
        });

        ImmutableArray<Scatter> Path(string name, Func<CopasPoint, int, double> value)
        {
            var line = new Scatter
            {
                Name = name, Mode = "lines+markers", LineColor = Theme.Study, LineWidth = 2, MarkerColor = Theme.Study, MarkerSize = 6, MarkerSymbol = "circle", MarkerLineWidth = 0,
                X = [.. path.Select(p => (double?)p.PublicationProbability)], Y = [.. path.Select((p, i) => (double?)value(p, i))], Hover = [.. path.Select(Hover)],
            };
            var at = Model.Selected is { } selected ? path.IndexOf(selected) : -1;
            return at < 0 ? [line] : [line, new Scatter
            {
                Name = "chosen", Mode = "markers", MarkerColor = Theme.Pooled, MarkerSize = 11, MarkerSymbol = "diamond", MarkerLineWidth = 0,
                X = [path[at].PublicationProbability], Y = [value(path[at], at)], Hover = [Hover(path[at], at)],
            }];
        }
    }

    private string Hover(CopasPoint point, int index)
    {
        var (measure, interval) = (Model.Measure, Model.Intervals[index]);
        return PlotText.Hover(point == Model.Selected ? "Chosen" : "",
        [
            new("published of the least precise", StatisticText.Percent(point.PublicationProbability)),
            new(measure.Symbol, measure.Format(Model.Estimates[index]) + (interval is { } i ? $" [{measure.Format(i.Lower)}, {measure.Format(i.Upper)}]" : " (no standard error)")),
            new("p of residual selection bias", StatisticText.PValue(point.ResidualBiasPValue)), new("studies missing", StatisticText.Number(point.Unpublished, 1)),
            new("correlation ρ", StatisticText.Number(point.Correlation, 2, leadingZero: false)), new("τ²", StatisticText.Significant(point.TauSquared, 3)),
            new("γ₀, γ₁", $"{StatisticText.Number(point.Gamma0)}, {StatisticText.Significant(point.Gamma1, 3)}"),
        ]);
    }
}
