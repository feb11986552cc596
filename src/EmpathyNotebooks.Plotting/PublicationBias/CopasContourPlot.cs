using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a contour plot of a Copas model.</summary>
public sealed record CopasContourOptions : PlotOptions;

/// <summary>A contour plot of a Copas model as plain numbers and texts.</summary>
public sealed record CopasContourModel : PlotModel
{
    /// <summary>What the effects measure.</summary>
    public required EffectMeasure Measure { get; init; }

    /// <summary>γ₀: how much is published of large standard errors.</summary>
    public required PlotAxis XAxis { get; init; }

    /// <summary>γ₁: how that rises with precision.</summary>
    public required PlotAxis YAxis { get; init; }

    /// <summary>Lines of equal means, each named by the mean as readers know it.</summary>
    public required ImmutableArray<PlotLine> Lines { get; init; }

    /// <summary>The points of the path across the lines, from the least selection on; that without any selection lies outside.</summary>
    public required ImmutableArray<CopasPoint> Path { get; init; }

    /// <summary>The point of the adjusted estimate; null where the model chooses none, or no selection at all.</summary>
    public required CopasPoint? Selected { get; init; }
}

/// <summary>
/// The contour plot of a Copas model: the mean that each strength of selection would imply, over γ₀ and γ₁ of Pr(published) = Φ(γ₀ + γ₁/SE). Selection is least at the upper right, strongest at the lower left (Copas &amp; Shi 2000,
/// Biostatistics 1, 247-262; Carpenter, Schwarzer, Rücker &amp; Künstler 2009, Journal of Clinical Epidemiology 62, 624-631). Lines far apart say that the mean hardly depends on selection. <see cref="CopasPlot"/> shows the same
/// along the path, with intervals and tests. When not to use it: to find the strength of selection; the data tell little of it.
/// </summary>
public sealed class CopasContourPlot : Plot<CopasContourModel>
{
    private CopasContourPlot(CopasContourModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the contour plot.</summary>
    /// <param name="copas">The model.</param>
    /// <param name="options">The title; none if not said.</param>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.60, 0.12, 0.55, 0.20, 0.38, 0.45, 0.15, 0.70, 0.25, 0.33], [0.080, 0.010, 0.060, 0.012, 0.030, 0.040, 0.008, 0.095, 0.015, 0.022], EffectMeasure.FisherZ);
    /// var plot = CopasContourPlot.Create(CopasSelection.Fit(effects));
    /// </code></example>
    public static CopasContourPlot Create(CopasSelection copas, CopasContourOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(copas);
        var (effects, measure, contour) = (copas.Effects, copas.Effects.Measure, copas.Contour);
        var texts = new StudyTexts(effects, copas.Options.ConfidenceLevel);
        var estimates = contour.Estimates.SelectMany(row => row).ToArray();
        ImmutableArray<CopasPoint> path = [.. copas.Path.Skip(1)];
        var selected = copas.Selected is { } point && path.Contains(point) ? point : null;
        var digits = Digits(contour, measure);
        var range = $"Over the strengths of selection looked at the mean goes from {measure.Symbol} = {texts.Shown(estimates.Min())} to {texts.Shown(estimates.Max())}.";
        var chosen = selected is not null ? $"Chosen: {measure.Symbol} = {texts.Shown(selected.Estimate)} (diamond)." : copas.Selected is null ? "The model chooses no estimate." : "The model chooses the estimate without selection, which lies outside the plane.";
        return new CopasContourPlot(new CopasContourModel
        {
            Title = options?.Title ?? "",
            Finding = texts.Finding($"Copas selection model of {StudyTexts.Studies(effects.Count)}, contour plot. {range} {chosen}"),
            Origin = effects.Origin,
            Summary = [$"Lines: equal means {measure.Symbol}. {(path.IsEmpty ? "" : "Dots: the path across them, from little selection at the upper right to much. ")}{chosen}", range],
            Notes = copas.Warnings,
            Measure = measure,
            XAxis = new PlotAxis("γ₀", contour.Gamma0[0], contour.Gamma0[^1], true),
            YAxis = new PlotAxis("γ₁", contour.Gamma1[0], contour.Gamma1[^1], true),
            Lines = [.. contour.Lines.Select(l => new PlotLine(measure.Format(measure.ToDisplay(l.Level), digits), [.. l.Points.Select(p => new PlotPoint(p.Gamma0, p.Gamma1))]))],
            Path = path,
            Selected = selected,
        });
    }

    /// <summary>As many decimals as tell the lines apart, two at least.</summary>
    private static int Digits(CopasContour contour, EffectMeasure measure)
    {
        double[] levels = [.. contour.Lines.Select(l => measure.ToDisplay(l.Level)).Distinct().Order()];
        var digits = 2;
        while (digits < 6 && levels.Select(l => measure.Format(l, digits)).Distinct().Count() < levels.Length) digits++;
        return digits;
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure()
    {
        var traces = new List<Scatter>();
        traces.AddRange(Model.Lines.Select(line => new Scatter
        {
            Name = $"{Model.Measure.Symbol} = {line.Name}", Mode = "lines", LineColor = Theme.Study, LineWidth = 1.6, ClipOnAxis = true,
            X = [.. line.Points.Select(p => (double?)p.X)], Y = [.. line.Points.Select(p => (double?)p.Y)], Hover = [.. line.Points.Select(_ => PlotText.Hover("", [new(Model.Measure.Symbol, line.Name)]))],
        }));
        if (!Model.Path.IsEmpty)
        {
            traces.Add(new Scatter
            {
                Name = "path", Mode = "lines+markers", LineColor = Theme.Muted, LineWidth = 1.4, Dash = "dot", MarkerColor = Theme.Muted, MarkerSymbol = "circle", MarkerSizes = [.. Model.Path.Select(_ => 7.0)], MarkerLineWidth = 0,
                X = [.. Model.Path.Select(p => (double?)p.Gamma0)], Y = [.. Model.Path.Select(p => (double?)p.Gamma1)], Hover = [.. Model.Path.Select(Hover)],
            });
        }
        if (Model.Selected is { } selected)
        {
            traces.Add(new Scatter { Name = "chosen", Mode = "markers", MarkerColor = Theme.Pooled, MarkerSymbol = "diamond", MarkerSize = 12, MarkerLineWidth = 0, X = [selected.Gamma0], Y = [selected.Gamma1], Hover = [Hover(selected)] });
        }
        return PlaneFigure.Create(new PlaneChart
        {
            Plot = this,
            XAxis = Model.XAxis,
            YAxis = Model.YAxis,
            Traces = [.. traces],
            // The name of a line stands at its middle.
            Labels = [.. Model.Lines.Where(l => l.Points.Length > 1).Select(l => new PlaneLabel(l.Name, l.Points[l.Points.Length / 2].X, l.Points[l.Points.Length / 2].Y, 1))],
            Summary = Model.Summary,
            Remarks = Model.Notes,
            Grid = false,
            Height = 380,
        });
    }

    private string Hover(CopasPoint point) => PlotText.Hover(point == Model.Selected ? "Chosen" : "",
    [
        new(Model.Measure.Symbol, Model.Measure.Format(Model.Measure.ToDisplay(point.Estimate))), new("published of the least precise", StatisticText.Percent(point.PublicationProbability)),
        new("p of residual selection bias", StatisticText.PValue(point.ResidualBiasPValue)), new("studies missing", StatisticText.Number(point.Unpublished, 1)),
        new("γ₀, γ₁", $"{StatisticText.Number(point.Gamma0)}, {StatisticText.Significant(point.Gamma1, 3)}"),
    ]);
}
