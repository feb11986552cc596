using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in an orchard plot.</summary>
public sealed record OrchardPlotOptions : CategoryPlotOptions;

/// <summary>One tree of an orchard plot, on the scale that is pooled.</summary>
/// <param name="Name">The category; "All studies" for a model without.</param>
/// <param name="Position">Where it stands on the vertical axis; its studies lie within 0.4 of it.</param>
/// <param name="Count">How many studies it has.</param>
/// <param name="Estimate">The mean effect.</param>
/// <param name="Interval">Its confidence interval, the thick line.</param>
/// <param name="PredictionInterval">Where true effects of new studies would lie, the thin line; null for a model without tau².</param>
/// <param name="Details">Everything known of the mean, for its hover.</param>
public sealed record OrchardGroup(string Name, double Position, int Count, double Estimate, ConfidenceInterval Interval,
    ConfidenceInterval? PredictionInterval, ImmutableArray<PlotDetail> Details);

/// <summary>An orchard plot as plain numbers and texts. The horizontal axis is divided as effects are pooled, and labelled as readers know them.</summary>
public sealed record OrchardPlotModel : PlotModel
{
    /// <summary>What the effects measure.</summary>
    public required EffectMeasure Measure { get; init; }

    /// <summary>Effects, on the scale that is pooled.</summary>
    public required PlotAxis XAxis { get; init; }

    /// <summary>The groups, the first at the top.</summary>
    public required PlotAxis YAxis { get; init; }

    /// <summary>The groups from top to bottom.</summary>
    public required ImmutableArray<OrchardGroup> Groups { get; init; }

    /// <summary>The studies in the order of the data. Heights within a group only keep points apart; areas are as the precision 1/√v.</summary>
    public required ImmutableArray<StudyPoint> Studies { get; init; }
}

/// <summary>
/// Every effect as a point, with the mean, its confidence interval and the prediction interval, for all studies or by category (Nakagawa et al. 2021,
/// Research Synthesis Methods 12, 4-12): what is known of the mean and how far true effects differ, at one look.
/// </summary>
public sealed class OrchardPlot : Plot<OrchardPlotModel>
{
    // A ring wider than the interval would hide it; how wide it is can be told at a usual width of the plot, in pixels.
    private const double Usual = 560, SmallestRing = 7, LargestRing = 15;

    private OrchardPlot(OrchardPlotModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the plot of a fit without moderators.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="options">The title; none if not said.</param>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], EffectMeasure.FisherZ);
    /// var plot = OrchardPlot.Create(RandomEffects.Fit(effects));
    /// </code></example>
    public static OrchardPlot Create(PooledFit fit, OrchardPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return Create(fit.Effects, fit.ConfidenceLevel, fit.Weights, fit.Warnings, options, "",
            [("All studies", [.. Enumerable.Range(0, fit.Count)], fit.Estimate, fit.ConfidenceInterval, fit.PredictionInterval)]);
    }

    /// <summary>Lays out the plot of a meta-regression on one category.</summary>
    /// <param name="fit">A fit whose only moderator is a category.</param>
    /// <param name="options">The title; none if not said.</param>
    /// <exception cref="ArgumentException">The model has other moderators.</exception>
    public static OrchardPlot Create(MetaRegressionFit fit, OrchardPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        if (fit.Moderators is not CategoryModerator category)
        {
            throw new ArgumentException($"An orchard plot shows the groups of one category; the moderators are {fit.Moderators}.", nameof(fit));
        }
        var column = fit.Effects.Column(category.Column);
        options ??= new OrchardPlotOptions();
        return Create(fit.Effects, fit.ConfidenceLevel, fit.Weights, fit.Warnings, options, options.NameOf(category.Column), [.. options.InOrder(fit.MarginalMeans(category.Column), m => m.Name, category.Column).Select(mean =>
        {
            ImmutableArray<int> rows = [.. Enumerable.Range(0, fit.Count).Where(i => column.Text(i) == mean.Name)];
            ModeratorValue value = column.IsNumeric ? column.Number(rows[0])!.Value : mean.Name;
            var prediction = fit.Predict(new ModeratorValues { [category.Column] = value });
            return (mean.Name, rows, prediction.Estimate, prediction.ConfidenceInterval, prediction.PredictionInterval);
        })]);
    }

    private static OrchardPlot Create(StudyEffects effects, double level, ImmutableArray<double> weights, ImmutableArray<string> warnings, OrchardPlotOptions? options,
        string by, (string Name, ImmutableArray<int> Rows, double Estimate, ConfidenceInterval Interval, ConfidenceInterval? Prediction)[] groups)
    {
        var texts = new StudyTexts(effects, level);
        var best = Math.Sqrt(1 / effects.Variances.Min());
        // Where all effects are alike, their standard errors say what would be far apart.
        var span = PlotAxis.HasLength(effects.Effects.Min(), effects.Effects.Max()) ? effects.Effects.Max() - effects.Effects.Min() : Math.Sqrt(effects.Variances.Max());
        var points = new StudyPoint[effects.Count];
        var placed = new List<OrchardGroup>();
        foreach (var (index, group) in groups.Index())
        {
            var position = groups.Length - 1 - index;
            var details = new List<PlotDetail>
            {
                new($"mean {texts.Measure.Symbol} [{texts.Level} CI]", $"{texts.Shown(group.Estimate)} {texts.Shown(group.Interval)}"), new("k", StatisticText.Count(group.Rows.Length)),
            };
            if (group.Prediction is { } p) details.Add(new($"{texts.Level} prediction interval", texts.Shown(p)));
            placed.Add(new OrchardGroup(group.Name, position, group.Rows.Length, group.Estimate, group.Interval, group.Prediction, [.. details]));
            var offsets = Offsets([.. group.Rows.Select(i => effects.Effects[i])], span);
            foreach (var (at, row) in group.Rows.Index())
            {
                points[row] = new StudyPoint
                {
                    Study = row,
                    Label = effects.Labels[row],
                    X = effects.Effects[row],
                    Y = position + offsets[at],
                    Size = Math.Sqrt(1 / Math.Sqrt(effects.Variances[row]) / best),
                    Details = texts.Details(row, weights[row]),
                };
            }
        }
        double[] ends = [.. effects.Effects, .. placed.SelectMany(g => new[] { g.Interval.Lower, g.Interval.Upper })];
        // Prediction intervals of few studies may reach anywhere; those are cut.
        var (low, high) = (ends.Min() - 0.5 * span, ends.Max() + 0.5 * span);
        double[] shown = [.. ends, .. placed.Where(g => g.PredictionInterval is not null).SelectMany(g => new[] { g.PredictionInterval!.Value.Lower, g.PredictionInterval.Value.Upper }).Select(v => Math.Clamp(v, low, high))];
        var room = 0.04 * Math.Max(shown.Max() - shown.Min(), span);
        var finding = $"Orchard plot of {StudyTexts.Studies(effects.Count)}{(by.Length > 0 ? " by " + by : "")}. " + string.Join(" ", placed.Select(g =>
            $"{g.Name} (k = {StatisticText.Count(g.Count)}): {texts.Measure.Symbol} = {texts.Shown(g.Estimate)}, {texts.Level} CI {texts.Shown(g.Interval)}"
            + (g.PredictionInterval is { } p ? $", prediction interval {texts.Shown(p)}" : "") + "."));
        return new OrchardPlot(new OrchardPlotModel
        {
            Title = options?.Title ?? "",
            Finding = texts.Finding(finding),
            Origin = effects.Origin,
            Measure = effects.Measure,
            XAxis = new PlotAxis(texts.MeasureTitle, shown.Min() - room, shown.Max() + room, effects.Measure.HasLeadingZero),
            YAxis = new PlotAxis(by, -0.6, groups.Length - 0.4, true),
            Groups = [.. placed],
            Studies = [.. points],
            Summary = [$"Ring: mean effect; thick line: its {texts.Level} confidence interval" + (placed[0].PredictionInterval is null ? "." : "; thin line: prediction interval.") + " Areas of points are as their precision."
                + (groups.Length == 1 ? $" k = {StatisticText.Count(effects.Count)}: " + finding[(finding.IndexOf("): ", StringComparison.Ordinal) + 3)..] : "")],
            Notes = warnings,
        });
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure()
    {
        var x = Model.XAxis;
        var largest = Model.Studies.Length switch { <= 30 => 18.0, <= 90 => 15, _ => 12 };
        double[] rings = [.. Model.Groups.Select(g => Math.Clamp(0.6 * Usual * (g.Interval.Upper - g.Interval.Lower) / (x.Maximum - x.Minimum), SmallestRing, LargestRing))];
        Scatter Bars(string name, Func<OrchardGroup, ConfidenceInterval?> interval, double width) => new()
        {
            Name = name, Mode = "lines", LineColor = Theme.Pooled, LineWidth = width, ClipOnAxis = true,
            X = [.. Model.Groups.SelectMany(g => interval(g) is { } i ? new double?[] { Math.Max(i.Lower, x.Minimum), Math.Min(i.Upper, x.Maximum), null } : [null])],
            Y = [.. Model.Groups.SelectMany(g => interval(g) is not null ? new double?[] { g.Position, g.Position, null } : [null])],
        };
        return PlaneFigure.Create(new PlaneChart
        {
            Plot = this,
            XAxis = x,
            YAxis = Model.YAxis,
            XTicks = (pixels, font) => MeasureTicks.Create(Model.Measure, x, pixels, font, vertical: false),
            YTicks = (_, font) => Model.Groups.Length == 1 ? [] : [.. Model.Groups.Select(g => new AxisTick(g.Position, Named(g, font)))],
            Grid = false,
            Traces =
            [
                StudyMarks.Trace(Model.Studies, "studies", largest, Theme.Study, opacity: 0.55),
                Bars("prediction intervals", g => g.PredictionInterval, 1.8),
                Bars("confidence intervals", g => g.Interval, 6),
                new Scatter
                {
                    Name = "means", Mode = "markers", MarkerSizes = rings, MarkerColor = Theme.Surface, MarkerLineWidth = rings.Min() < 11 ? 2 : 3.5, MarkerLineColor = Theme.Pooled, MarkerSymbol = "circle",
                    X = [.. Model.Groups.Select(g => (double?)g.Estimate)], Y = [.. Model.Groups.Select(g => (double?)g.Position)],
                    Hover = [.. Model.Groups.Select(g => PlotText.Hover(g.Name, g.Details))],
                },
            ],
            Lines = Model.Measure.HasNullValue && x.Contains(Model.Measure.NullValue)
                ? [new FigureLine("x", Model.Measure.NullValue, Model.Measure.NullValue, "paper", 0, 1, Theme.Line, 1.2)] : [],
            Summary = Model.Summary,
            Remarks = Model.Notes,
            Height = Math.Clamp(Model.Groups.Length * 110, 200, 900),
        });
    }

    /// <summary>The name of a group with its number of studies, which is not cut.</summary>
    private static string Named(OrchardGroup group, double font)
    {
        var count = $" (k = {StatisticText.Count(group.Count)})";
        return PlotText.Cut(group.Name, font, 150 - PlotText.Width(count, font)) + count;
    }

    /// <summary>Heights that keep near points apart: the more of them, the further; the same data always give the same.</summary>
    private static double[] Offsets(double[] x, double span)
    {
        var crowd = x.Select(a => (double)x.Count(b => Math.Abs(a - b) < 0.05 * span)).ToArray();
        var offsets = new double[x.Length];
        var most = Math.Max(4, crowd.Max());
        foreach (var (rank, i) in Enumerable.Range(0, x.Length).OrderBy(i => x[i]).Index())
        {
            // Even a lonely point keeps clear of the mean's ring.
            offsets[i] = 0.4 * Math.Max(0.6, crowd[i] / most) * (2 * VanDerCorput(rank + 2) - 1);
        }
        return offsets;
    }

    /// <summary>The digits of n in base 2 mirrored at the point: evenly spread over (0, 1) whatever the number of terms.</summary>
    private static double VanDerCorput(int n)
    {
        double value = 0, unit = 0.5;
        for (; n > 0; n /= 2, unit /= 2) value += n % 2 * unit;
        return value;
    }
}
