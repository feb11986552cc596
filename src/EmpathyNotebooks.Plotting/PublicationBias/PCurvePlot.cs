using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a p-curve plot.</summary>
public sealed record PCurvePlotOptions : PlotOptions
{
    /// <summary>Which significant results of a fit count: those on either side if not said. A p-curve that was fitted already has its own.</summary>
    public Alternative Alternative { get; init; } = Alternative.TwoSided;

    /// <summary>Where reported tests come from; nothing is claimed if not said. A fit, and a curve of its effects, say it themselves.</summary>
    public DataOrigin Origin { get; init; } = DataOrigin.Own;
}

/// <summary>A p-curve plot as plain numbers and texts.</summary>
public sealed record PCurvePlotModel : PlotModel
{
    /// <summary>The curve.</summary>
    public required PCurve Curve { get; init; }

    /// <summary>Two-sided p-values.</summary>
    public required PlotAxis XAxis { get; init; }

    /// <summary>Shares of the significant results, as fractions; below 0 stand the results.</summary>
    public required PlotAxis YAxis { get; init; }

    /// <summary>The significant results of a fit at their p-values; empty for a curve without them.</summary>
    public ImmutableArray<StudyPoint> Studies { get; init; } = [];

    /// <summary>The steps of the curve.</summary>
    public ImmutableArray<PCurveStep> Steps => Curve.Steps;
}

/// <summary>
/// The p-curve: how the significant results divide among p-values up to .01, .02, .03, .04 and .05, beside the flat line of no effect and the line of tests with 33% power (Simonsohn, Nelson &amp; Simmons 2014, Journal of
/// Experimental Psychology: General 143, 534-547). Right skew, many small p-values, speaks for evidence in these results; a rise towards .05 for results pushed over it. When not to use it: with a handful of
/// results, with dependent ones, or as an estimate where true effects differ much, when its power is too high (McShane, Böckenholt &amp; Hansen 2016, Perspectives on Psychological Science 11, 730-749).
/// </summary>
public sealed class PCurvePlot : Plot<PCurvePlotModel>
{
    private PCurvePlot(PCurvePlotModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the p-curve of a fit's effects, by z = y/√v, with each significant result below it.</summary>
    /// <param name="fit">A fit of any kind; its effects count, not its model.</param>
    /// <param name="options">Which side counts; the defaults if not said.</param>
    /// <exception cref="UndeterminedException">No result is significant.</exception>
    /// <exception cref="ImpossibleChoiceException">The measure has no value that means no effect.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38], [0.010, 0.022, 0.015, 0.012, 0.020], EffectMeasure.FisherZ);
    /// var plot = PCurvePlot.Create(RandomEffects.Fit(effects));
    /// </code></example>
    public static PCurvePlot Create(IModelFit fit, PCurvePlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        options ??= new PCurvePlotOptions();
        var curve = PCurve.Fit(fit.Effects, options.Alternative);
        var points = new FitPoints(fit);
        var top = Top(curve);
        var studies = points.Points.Select(p => (Point: p, P: PlotPValues.TwoSided(p.Effect, p.StandardError)))
            .Where(p => p.P < 0.05 && options.Alternative switch { Alternative.Greater => p.Point.Effect > 0, Alternative.Less => p.Point.Effect < 0, _ => true })
            .Select(p => new StudyPoint { Study = p.Point.Index, Label = p.Point.Label, X = p.P, Y = -0.05 * top, Details = points.Details(p.Point, new PlotDetail("p", StatisticText.PValue(p.P))) });
        return new PCurvePlot(Build(curve, options, fit.Effects.Origin, [.. studies]));
    }

    /// <summary>Lays out a p-curve that was fitted already, for example to tests as studies report them.</summary>
    /// <param name="curve">The p-curve.</param>
    /// <param name="options">Title and origin; the defaults if not said.</param>
    /// <example><code>
    /// var plot = PCurvePlot.Create(PCurve.Fit([TestStatistic.T(2.31, 45), TestStatistic.F(9.4, 1, 88), TestStatistic.T(3.1, 60)]));
    /// </code></example>
    public static PCurvePlot Create(PCurve curve, PCurvePlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(curve);
        options ??= new PCurvePlotOptions();
        return new PCurvePlot(Build(curve, options, options.Origin == DataOrigin.Own ? curve.Origin : options.Origin, []));
    }

    private static double Top(PCurve curve) => Math.Min(1.12, 1.16 * curve.Steps.Max(s => Math.Max(s.Observed, s.AtThirdPower)));

    private static PCurvePlotModel Build(PCurve curve, PCurvePlotOptions options, DataOrigin origin, ImmutableArray<StudyPoint> studies)
    {
        var results = $"{StatisticText.Count(curve.Count)} significant {(curve.Count == 1 ? "result" : "results")} of {StatisticText.Count(curve.GivenCount)}";
        var power = $"Power, corrected for selection: {StatisticText.Percent(curve.Power, 0)}, {StatisticText.Level(curve.PowerInterval.Level)} CI [{StatisticText.Percent(curve.PowerInterval.Lower, 0)}, {StatisticText.Percent(curve.PowerInterval.Upper, 0)}].";
        var skew = $"Right skew: {Test(curve.FullRightSkew)}{Half(curve.HalfRightSkew)}.";
        var flat = $"Flatter than 33% power: {Test(curve.FullFlatness)}{Half(curve.HalfFlatness)}.";
        var rule = curve.HasEvidentialValue ? "By its authors' rule these results hold evidential value."
            : curve.LacksEvidentialValue ? "By its authors' rule evidential value, if there is any, is inadequate." : "By its authors' rule they show neither evidential value nor the lack of it.";
        var smallest = curve.Steps[0].Observed;
        var finding = $"p-curve of {results}: {StatisticText.Percent(smallest, 0)} have p up to .01. {skew} {rule} {power}";
        var top = Top(curve);
        return new PCurvePlotModel
        {
            Title = options.Title,
            Finding = origin.IsSimulated ? $"{origin.Label}. {finding}" : finding,
            Origin = origin,
            Summary = [$"{char.ToUpperInvariant(results[0])}{results[1..]}. {skew} {flat}", rule, power],
            Notes = curve.Warnings,
            Curve = curve,
            XAxis = new PlotAxis("Two-sided p-value", studies.IsEmpty ? 0.006 : -0.001, 0.054, false),
            YAxis = new PlotAxis("Share of significant results", studies.IsEmpty ? 0 : -0.1 * top, top, true),
            Studies = studies,
        };

        static string Test(PCurveTest test) => $"z = {StatisticText.Number(test.Z)}, {StatisticText.PValueWithSymbol(test.PValue)}";

        static string Half(PCurveTest? half) => half is { } test ? $" (half curve {Test(test)})" : " (no half curve: no p is below .025)";
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure()
    {
        var steps = Model.Steps;
        var traces = new List<Scatter>
        {
            Line("no effect", s => s.UnderNull, Theme.Muted, 1.8, "dot"),
            Line("33% power", s => s.AtThirdPower, Theme.Prediction, 2, "dash"),
            Line("observed", s => s.Observed, Theme.Study, 2.6, "solid") with
            {
                Mode = "lines+markers", MarkerSizes = [.. steps.Select(_ => 9.0)], MarkerColor = Theme.Study, MarkerSymbol = "circle", MarkerLineWidth = 0, Hover = [.. steps.Select(Hover)],
            },
        };
        var largest = StudyMarks.Largest(Model.Studies.Length) * 0.6;
        if (!Model.Studies.IsEmpty)
        {
            traces.Add(StudyMarks.Trace(Model.Studies, "results", largest, Theme.Study, opacity: 0.6));
        }
        return PlaneFigure.Create(new PlaneChart
        {
            Plot = this,
            XAxis = Model.XAxis,
            YAxis = Model.YAxis,
            XTicks = (_, _) => [.. steps.Select(s => new AxisTick(s.UpTo, StatisticText.Number(s.UpTo, 2, leadingZero: false)))],
            YTicks = (pixels, _) => [.. Model.YAxis.Ticks(Math.Clamp((int)(pixels / 45), 2, 9)).Where(t => t.Value is >= 0 and <= 1.0001).Select(t => t with { Text = StatisticText.Percent(t.Value, 0) })],
            Traces = [.. traces],
            Lines = Model.Studies.IsEmpty ? [] : [new FigureLine("paper", 0, 1, "y", 0, 0, Theme.Line, 1)],
            Notes = [.. steps.Select(s => new PlaneNote(StatisticText.Percent(s.Observed, 0), s.UpTo, s.Observed + 0.015 * Model.YAxis.Maximum, "center", "bottom", Theme.Ink))],
            Summary = Model.Summary,
            Remarks = Model.Notes,
            Height = 340,
        });

        Scatter Line(string name, Func<PCurveStep, double> share, ThemeColor color, double width, string dash) => new()
        {
            Name = name, Mode = "lines", ShowLegend = true, LineColor = color, LineWidth = width, Dash = dash,
            X = [.. steps.Select(s => (double?)s.UpTo)], Y = [.. steps.Select(s => (double?)share(s))],
        };

        string Hover(PCurveStep step) => PlotText.Hover($"p above {StatisticText.Number(step.UpTo - 0.01, 2, leadingZero: false)}, up to {StatisticText.Number(step.UpTo, 2, leadingZero: false)}",
        [
            new("observed", $"{StatisticText.Percent(step.Observed)} ({StatisticText.Count((long)Math.Round(step.Observed * Model.Curve.Count))} of {StatisticText.Count(Model.Curve.Count)})"),
            new("without an effect", StatisticText.Percent(step.UnderNull)), new("with 33% power", StatisticText.Percent(step.AtThirdPower)),
        ]);
    }
}
