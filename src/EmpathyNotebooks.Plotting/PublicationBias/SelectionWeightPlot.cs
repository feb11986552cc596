using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>
/// The weight function of a selection model: how likely a result of each p-value was to be published, relative to a significant one, with its pointwise interval, above the p-values of the studies (Hedges 1992, Statistical
/// Science 7, 246-255; Vevea &amp; Hedges 1995, Psychometrika 60, 419-435). metafor: <c>plot(selmodel())</c>. A wide band is the rule: few studies stand where selection is strong, and that is what the curve is about.
/// When not to use it: to read more from its course between studies than the function chosen lets it have.
/// </summary>
public sealed class SelectionWeightPlot : Plot<SelectionWeightModel>
{
    /// <summary>Ticks of p, those that are to stay where there is little room first.</summary>
    private static readonly double[] TickValues = [0.5, 0.05, 0.001, 0.95, 0.999, 0.01, 0.99, 0.025, 0.975, 0.1, 0.9, 0.25, 0.75];

    private SelectionWeightPlot(SelectionWeightModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the weight function.</summary>
    /// <param name="fit">A selection model whose weights depend on p.</param>
    /// <param name="options">How the axis is divided; the defaults if not said.</param>
    /// <exception cref="ImpossibleChoiceException">The distribution is truncated: its weights do not depend on p.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.61, 0.45, 0.52, 0.20, 0.38, 0.05, 0.33, 0.72], [0.040, 0.022, 0.055, 0.012, 0.020, 0.018, 0.015, 0.090], EffectMeasure.FisherZ);
    /// var fit = RandomEffects.Fit(effects).WithSelection(SelectionFunction.Step(0.025));
    /// var plot = SelectionWeightPlot.Create(fit, new() { Spacing = PValueSpacing.Linear });
    /// </code></example>
    public static SelectionWeightPlot Create(SelectionFit fit, SelectionWeightOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return new SelectionWeightPlot(new SelectionWeightBuilder(fit, options ?? new SelectionWeightOptions()).Build());
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure()
    {
        var (x, y, weights) = (Model.XAxis, Model.YAxis, Model.Weights);
        var traces = new List<Scatter>();
        if (weights.All(w => w.ConfidenceInterval is not null))
        {
            var upper = weights.Select(w => (X: Model.PlaceOf(w.PValue), Y: Math.Min(w.ConfidenceInterval!.Value.Upper, 2 * y.Maximum)));
            var lower = weights.Select(w => (X: Model.PlaceOf(w.PValue), Y: Math.Min(w.ConfidenceInterval!.Value.Lower, 2 * y.Maximum)));
            (double X, double Y)[] corners = [.. upper, .. lower.Reverse()];
            traces.Add(new Scatter
            {
                Name = "pointwise interval", Mode = "lines", Fill = "toself", FillColor = Theme.Fills[0], LineColor = Theme.Fills[0], LineWidth = 0, ClipOnAxis = true,
                X = [.. corners.Select(c => (double?)c.X)], Y = [.. corners.Select(c => (double?)c.Y)],
            });
        }
        traces.Add(new Scatter
        {
            Name = "weight", Mode = "lines", LineColor = Theme.Study, LineWidth = 2.4, ClipOnAxis = true,
            X = [.. weights.Select(w => (double?)Model.PlaceOf(w.PValue))], Y = [.. weights.Select(w => (double?)Math.Min(w.Weight, 2 * y.Maximum))],
            Hover = [.. weights.Select(w => PlotText.Hover("", [new("p", PText(w.PValue)), new("weight", StatisticText.Significant(w.Weight, 3)), .. Interval(w)]))],
        });
        traces.Add(StudyMarks.Trace(Model.Studies, "studies", StudyMarks.Largest(Model.Studies.Length) * 0.6, Theme.Study, opacity: 0.6));
        return PlaneFigure.Create(new PlaneChart
        {
            Plot = this,
            XAxis = x,
            YAxis = y,
            XTicks = Ticks,
            YTicks = (pixels, _) => [.. y.Ticks(Math.Clamp((int)(pixels / 45), 2, 9)).Where(t => t.Value >= 0)],
            Traces = [.. traces],
            Lines =
            [
                new FigureLine("paper", 0, 1, "y", 0, 0, Theme.Line, 1), new FigureLine("paper", 0, 1, "y", 1, 1, Theme.Muted, 1.2, "dot"),
                .. Model.CutPoints.Select(p => new FigureLine("x", Model.PlaceOf(p), Model.PlaceOf(p), "paper", 0, 1, Theme.Muted, 1, "dash")),
            ],
            Summary = Model.Summary,
            Remarks = Model.Notes,
            Height = 360,
        });
    }

    private IEnumerable<PlotDetail> Interval(SelectionWeight weight) => weight.ConfidenceInterval is { } i
        ? [new($"{StatisticText.Level(i.Level)} CI", $"[{StatisticText.Significant(i.Lower, 3)}, {StatisticText.Significant(i.Upper, 3)}]")] : [];

    /// <summary>Cut-points first, then round p-values, as there is room.</summary>
    private ImmutableArray<AxisTick> Ticks(double pixels, double fontSize)
    {
        if (Model.Spacing == PValueSpacing.Linear) return Model.XAxis.TicksFor(pixels, fontSize);
        var taken = new List<(double From, double To)>();
        var ticks = new List<AxisTick>();
        foreach (var p in Model.CutPoints.Concat(TickValues).Where(p => p >= SelectionWeightModel.Least && p <= 1 - SelectionWeightModel.Least).Distinct())
        {
            var tick = new AxisTick(Model.PlaceOf(p), PText(p));
            var at = (tick.Value - Model.XAxis.Minimum) / (Model.XAxis.Maximum - Model.XAxis.Minimum) * pixels;
            var half = PlotText.Width(tick.Text, fontSize) / 2 + 4;
            if (taken.Any(t => t.From < at + half && at - half < t.To)) continue;
            taken.Add((at - half, at + half));
            ticks.Add(tick);
        }
        return [.. ticks.OrderBy(t => t.Value)];
    }

    /// <summary>As many decimals as the value has, up to four.</summary>
    internal static string PText(double p)
    {
        var digits = 2;
        while (digits < 4 && Math.Abs(Math.Round(p, digits) - p) > 1e-9) digits++;
        var text = StatisticText.Number(p, digits, leadingZero: false);
        return digits == 2 && text.Length > 2 && text.EndsWith('0') && p is > 0 and < 1 ? text[..^1] : text;
    }
}
