using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a significance funnel.</summary>
public sealed record SignificanceFunnelOptions : PlotOptions;

/// <summary>A significance funnel as plain numbers and texts. The horizontal axis is divided as effects are pooled, and labelled as readers know them.</summary>
public sealed record SignificanceFunnelModel : PlotModel
{
    /// <summary>What the effects measure.</summary>
    public required EffectMeasure Measure { get; init; }

    /// <summary>Effects, on the scale that is pooled.</summary>
    public required PlotAxis XAxis { get; init; }

    /// <summary>Standard errors, growing downwards; below <see cref="LargestError"/> stand the means.</summary>
    public required PlotAxis YAxis { get; init; }

    /// <summary>Where standard errors end and the means begin.</summary>
    public required double LargestError { get; init; }

    /// <summary>The studies or effects in the order of the data.</summary>
    public required ImmutableArray<StudyPoint> Studies { get; init; }

    /// <summary>Which of them are affirmative.</summary>
    public required ImmutableArray<bool> IsAffirmative { get; init; }

    /// <summary>Where results begin to be affirmative; two lines for selection on both sides.</summary>
    public required ImmutableArray<PlotLine> Borders { get; init; }

    /// <summary>The mean without selection, on the scale that is pooled.</summary>
    public required Coefficient Uncorrected { get; init; }

    /// <summary>The mean of the nonaffirmative results alone.</summary>
    public required Coefficient WorstCase { get; init; }
}

/// <summary>
/// The significance funnel: which results are affirmative, significant in the direction looked for, with the mean of all and the mean in the worst case of selection, that of the others alone (Mathur &amp; VanderWeele 2020, Journal of
/// the Royal Statistical Society C 69, 1091-1119). Means that lie close together say that selection for significance could do little; where the worst case is at or beyond 0, strong selection could explain the mean away. When
/// not to use it: as an estimate of the true mean; the worst case supposes endless selection, which is rare, and knows nothing of other kinds of bias.
/// </summary>
public sealed class SignificanceFunnelPlot : Plot<SignificanceFunnelModel>
{
    private const int Steps = 2;

    private SignificanceFunnelPlot(SignificanceFunnelModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the funnel.</summary>
    /// <param name="fit">The fit that was analysed.</param>
    /// <param name="analysis">Its sensitivity analysis, <c>fit.MathurVanderWeele()</c>.</param>
    /// <param name="options">The title; none if not said.</param>
    /// <exception cref="ArgumentException">The analysis is of another number of effects than the fit.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.51, 0.12, 0.45, 0.20, 0.38, 0.05], [0.020, 0.014, 0.025, 0.012, 0.020, 0.016], EffectMeasure.FisherZ);
    /// var fit = RandomEffects.Fit(effects);
    /// var plot = SignificanceFunnelPlot.Create(fit, fit.MathurVanderWeele());
    /// </code></example>
    public static SignificanceFunnelPlot Create(IModelFit fit, MathurVanderWeele analysis, SignificanceFunnelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(analysis);
        if (analysis.IsAffirmative.Length != fit.Count)
        {
            throw new ArgumentException($"The analysis is of {StatisticText.Count(analysis.IsAffirmative.Length)} effects, the fit of {StatisticText.Count(fit.Count)}: give the fit whose MathurVanderWeele() it is.", nameof(analysis));
        }
        return new SignificanceFunnelPlot(Build(fit, analysis, options ?? new SignificanceFunnelOptions()));
    }

    private static SignificanceFunnelModel Build(IModelFit fit, MathurVanderWeele analysis, SignificanceFunnelOptions options)
    {
        var points = new FitPoints(fit);
        var (texts, measure) = (points.Texts, fit.Measure);
        var largest = 1.06 * points.Points.Max(p => p.StandardError);
        var (uncorrected, worst) = (analysis.Uncorrected, analysis.WorstCase);
        double[] ends = [.. points.Points.Select(p => p.Effect), 0, .. Ends(uncorrected), .. Ends(worst)];
        var room = PlotAxis.HasLength(ends.Min(), ends.Max()) ? 0.04 * (ends.Max() - ends.Min()) : largest;
        var level = StatisticText.Number(analysis.Alpha, 3, leadingZero: false);
        if (level.EndsWith('0')) level = level[..^1];
        var side = analysis.Alternative switch { Alternative.Greater => "above 0 ", Alternative.Less => "below 0 ", _ => "" };
        var affirmative = $"{StatisticText.Count(analysis.AffirmativeCount)} of {points.Of(points.Count)} {(analysis.AffirmativeCount == 1 ? "is" : "are")} affirmative ({side}with p < {level})";
        var worstText = $"the worst case, of the {StatisticText.Count(analysis.NonaffirmativeCount)} other{(analysis.NonaffirmativeCount == 1 ? "" : "s")} alone, {texts.Pooled(worst)}";
        var target = measure.Format(measure.ToDisplay(analysis.Target), analysis.Target == 0 ? 0 : 2);
        var ratios = $"{Ratio(analysis.RatioOfEstimate, "mean", target)} {Ratio(analysis.RatioOfInterval, "limit of its interval", target)}".Trim();
        return new SignificanceFunnelModel
        {
            Title = options.Title,
            Finding = texts.Finding($"Significance funnel of {points.Counted}: {affirmative}. Mean {texts.Pooled(uncorrected)}; {worstText}. {ratios}"),
            Origin = fit.Effects.Origin,
            Summary = [$"Filled: {affirmative}.", $"Diamonds: mean {texts.Pooled(uncorrected)}; {worstText}.", ratios],
            Notes = [.. fit.Warnings.Concat(analysis.Warnings).Distinct()],
            Measure = measure,
            XAxis = new PlotAxis(texts.MeasureTitle, ends.Min() - room, ends.Max() + room, measure.HasLeadingZero),
            YAxis = new PlotAxis("Standard error", 0, 1.2 * largest, true),
            LargestError = largest,
            Studies = [.. points.Points.Select((p, i) => new StudyPoint
            {
                Study = p.Index, Label = p.Label, X = p.Effect, Y = p.StandardError,
                Details = points.Details(p, new PlotDetail("", analysis.IsAffirmative[i] ? "affirmative" : "not affirmative"), new PlotDetail("standard error", StatisticText.Significant(p.StandardError, 3))),
            })],
            IsAffirmative = analysis.IsAffirmative,
            Borders = analysis.Alternative == Alternative.TwoSided ? [Border("border, left", -1), Border("border, right", 1)] : [Border("border", 1)],
            Uncorrected = uncorrected,
            WorstCase = worst,
        };

        static double[] Ends(Coefficient mean) => mean.HasStandardError && double.IsFinite(mean.ConfidenceInterval.Width) ? [mean.ConfidenceInterval.Lower, mean.ConfidenceInterval.Upper] : [mean.Estimate];

        PlotLine Border(string name, int sign) => new(name, [.. Enumerable.Range(0, Steps).Select(i => largest * i / (Steps - 1)).Select(se => new PlotPoint(sign * analysis.BorderAt(se), se))]);
    }

    private static string Ratio(SelectionRatio ratio, string what, string target) => ratio.Outcome switch
    {
        SelectionRatioOutcome.Found => $"To move the {what} to {target}, affirmative results must be {StatisticText.Number(ratio.Value!.Value, 1)} times likelier to be published.",
        SelectionRatioOutcome.NoneSuffices => $"No such selection moves the {what} to {target}.",
        SelectionRatioOutcome.AlreadyThere => $"The {what} is at {target} or beyond without selection.",
        _ => "",
    };

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure()
    {
        var (x, y, end) = (Model.XAxis, Model.YAxis, Model.LargestError);
        var (rowAbove, rowBelow) = (end + 0.3 * (y.Maximum - end), end + 0.72 * (y.Maximum - end));
        var size = StudyMarks.Largest(Model.Studies.Length) * 0.7;
        var pairs = Model.Studies.Zip(Model.IsAffirmative).ToArray();
        var traces = new List<Scatter>();
        traces.AddRange(Model.Borders.Select(b => Line(b, Theme.Ink, 1.6, "dot")));
        traces.Add(Line(Vertical("mean", Model.Uncorrected.Estimate, rowAbove), Theme.Pooled, 1.6, "dash"));
        traces.Add(Line(Vertical("worst case", Model.WorstCase.Estimate, rowBelow), Theme.Fourth, 1.8, "longdashdot"));
        traces.Add(StudyMarks.Trace(pairs.Where(p => !p.Second).Select(p => p.First), "not affirmative", size, Theme.Study, "circle-open", 1, legend: true) with { MarkerLineWidth = 1.6, MarkerLineColor = Theme.Study });
        traces.Add(StudyMarks.Trace(pairs.Where(p => p.Second).Select(p => p.First), "affirmative", size, Theme.Study, opacity: 0.85, legend: true));
        traces.AddRange(Diamond("mean of all", Model.Uncorrected, rowAbove, Theme.Pooled));
        traces.AddRange(Diamond("worst case", Model.WorstCase, rowBelow, Theme.Fourth));
        return PlaneFigure.Create(new PlaneChart
        {
            Plot = this,
            XAxis = x,
            YAxis = y,
            XTicks = (pixels, font) => MeasureTicks.Create(Model.Measure, x, pixels, font, vertical: false),
            YTicks = (pixels, _) => [.. y.Ticks(Math.Clamp((int)(pixels / 45), 2, 9)).Where(t => t.Value <= end)],
            YIsInverted = true,
            Traces = [.. traces.Where(t => t.X.Count > 0)],
            Lines = [new FigureLine("paper", 0, 1, "y", end, end, Theme.Line, 1)],
            Summary = Model.Summary,
            Remarks = Model.Notes,
            Height = 420,
        });

        PlotLine Vertical(string name, double at, double to) => new(name, [new(at, 0), new(at, to)]);

        static Scatter Line(PlotLine line, ThemeColor color, double width, string dash) => new()
        {
            Name = line.Name, Mode = "lines", LineColor = color, LineWidth = width, Dash = dash, ClipOnAxis = true,
            X = [.. line.Points.Select(p => (double?)p.X)], Y = [.. line.Points.Select(p => (double?)p.Y)],
        };
    }

    /// <summary>A mean with its interval, and a point one cannot see that answers for it.</summary>
    private IEnumerable<Scatter> Diamond(string name, Coefficient mean, double position, ThemeColor color)
    {
        var interval = mean.HasStandardError && double.IsFinite(mean.ConfidenceInterval.Width) ? mean.ConfidenceInterval : new ConfidenceInterval(mean.Estimate, mean.Estimate, mean.ConfidenceInterval.Level);
        var half = 0.2 * (Model.YAxis.Maximum - Model.LargestError);
        yield return new Scatter
        {
            Name = name, Mode = "lines", ShowLegend = true, Fill = "toself", FillColor = color, LineColor = color, LineWidth = 1, ClipOnAxis = true,
            X = [interval.Lower, mean.Estimate, interval.Upper, mean.Estimate, interval.Lower], Y = [position, position - half, position, position + half, position],
        };
        var shown = Model.Measure.Format(Model.Measure.ToDisplay(mean.Estimate));
        if (mean.HasStandardError) shown += $" [{Model.Measure.Format(Model.Measure.ToDisplay(interval.Lower))}, {Model.Measure.Format(Model.Measure.ToDisplay(interval.Upper))}]";
        yield return new Scatter
        {
            Name = name, Mode = "markers", MarkerSize = 16, MarkerOpacity = 0, MarkerColor = color, X = [mean.Estimate], Y = [position],
            Hover = [PlotText.Hover(name, [new(Model.Measure.Symbol, shown)])],
        };
    }
}
