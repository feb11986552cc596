using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in an orchard plot.</summary>
public sealed record OrchardPlotOptions : CategoryPlotOptions
{
    /// <summary>What a point is where effects share samples: each effect, or the mean of each cluster. A cluster whose effects are in several groups of the plot has none, and is refused.</summary>
    public PlotPoints Points { get; init; }

    /// <summary>The category of the groups; the model's only moderator if not said.</summary>
    public string? Column { get; init; }

    /// <summary>The values of the model's other columns at which the means are taken; needed when there are any.</summary>
    public ModeratorValues? At { get; init; }
}

/// <summary>One tree of an orchard plot, on the scale that is pooled.</summary>
/// <param name="Name">The category; "All studies" for a model without.</param>
/// <param name="Position">Where it stands on the vertical axis; its studies lie within 0.4 of it.</param>
/// <param name="Count">How many points it has.</param>
/// <param name="Estimate">The mean effect.</param>
/// <param name="Interval">Its confidence interval, the thick line; null where the data say nothing of its uncertainty.</param>
/// <param name="PredictionInterval">Where new true effects would lie, the thin line; null for a model without tau².</param>
/// <param name="Details">Everything known of the mean, for its hover.</param>
public sealed record OrchardGroup(string Name, double Position, int Count, double Estimate, ConfidenceInterval? Interval,
    ConfidenceInterval? PredictionInterval, ImmutableArray<PlotDetail> Details)
{
    /// <summary>Where effects also differ within clusters: where the mean of a new cluster would lie, the line of middle width; null otherwise.</summary>
    public ConfidenceInterval? NewClusterInterval { get; init; }
}

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

    /// <summary>The studies, effects or means of clusters in the order of the data. Heights within a group only keep points apart; areas are as the precision 1/√v.</summary>
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

    /// <summary>Lays out the plot of a fit: all effects around the mean, or those of each category of a moderator around its mean.</summary>
    /// <param name="fit">A fit of any kind, without moderators or with a category among them.</param>
    /// <param name="options">Points, category, values of other moderators; the defaults if not said.</param>
    /// <exception cref="ArgumentException">The model has moderators and it is not said which is meant, or none of them is a category; means of clusters of a fit that has none.</exception>
    /// <exception cref="StudyDataException">The column is no category of the model; another moderator has no value in <see cref="OrchardPlotOptions.At"/>; a cluster is in several groups.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], EffectMeasure.FisherZ);
    /// var plot = OrchardPlot.Create(RandomEffects.Fit(effects));
    /// </code></example>
    public static OrchardPlot Create(IModelFit fit, OrchardPlotOptions? options = null)
    {
        options ??= new OrchardPlotOptions();
        var points = new FitPoints(fit, options.Points);
        if (fit.Mean is { } mean && options.Column is null)
        {
            var of = FittedCategory.OfMean(fit, mean);
            return Create(points, options, "", [(points.IsDependent ? "All effects" : points.IsClusters ? "All means" : "All studies", [.. points.Points], of)]);
        }
        var name = options.Column ?? (fit.Moderators as CategoryModerator)?.Column
            ?? throw new ArgumentException($"An orchard plot shows the groups of one category; the moderators are {fit.Moderators}: say with OrchardPlotOptions.Column which is meant.", nameof(fit));
        var means = FittedCategory.Of(fit, name, options.At);
        return Create(points, options, options.NameOf(name), [.. options.InOrder(means, m => m.Name, name).Select(m => (m.Name, Members(points, name, m), m))]);
    }

    /// <summary>The points of one category.</summary>
    private static ImmutableArray<FitPoint> Members(FitPoints points, string column, FittedCategory category)
    {
        if (!points.IsClusters) return [.. category.Rows.Select(i => points.Points[i])];
        var groups = points.Fit.Clusters!.Groups;
        int[] clusters = [.. category.Rows.Select(i => groups[i]).Distinct()];
        foreach (var cluster in clusters)
        {
            var rows = points.Fit.Clusters.Rows(cluster);
            if (rows.Any(r => !category.Rows.Contains(r)))
            {
                throw new StudyDataException($"has several values within {points.Points[cluster].Label}, so that its mean is in no one group: show effects, not means of clusters", category.Name, column: column);
            }
        }
        return [.. clusters.Select(c => points.Points[c])];
    }

    private static OrchardPlot Create(FitPoints all, OrchardPlotOptions options, string by, (string Name, ImmutableArray<FitPoint> Points, FittedCategory Mean)[] groups)
    {
        var (fit, texts, measure) = (all.Fit, all.Texts, all.Fit.Measure);
        var best = Math.Sqrt(1 / all.Points.Min(p => p.Variance));
        double[] effects = [.. all.Points.Select(p => p.Effect)];
        // Where all effects are alike, their standard errors say what would be far apart.
        var span = PlotAxis.HasLength(effects.Min(), effects.Max()) ? effects.Max() - effects.Min() : Math.Sqrt(all.Points.Max(p => p.Variance));
        var points = new List<StudyPoint>();
        var placed = new List<OrchardGroup>();
        foreach (var (index, group) in groups.Index())
        {
            var position = groups.Length - 1 - index;
            var ranges = all.Words.Predictions(group.Mean.Values);
            var details = new List<PlotDetail>
            {
                new($"mean {measure.Symbol} [{texts.Level} CI]", texts.Shown(group.Mean.Estimate) + (group.Mean.Interval is { } ci ? " " + texts.Shown(ci) : "")), new("k", Counted(group.Points.Length, group.Mean.Rows)),
            };
            details.AddRange(ranges.Select(r => new PlotDetail($"{texts.Level} prediction interval" + (r.Of == "a new study" ? "" : $" of {r.Of}"), texts.Shown(r.Interval))));
            placed.Add(new OrchardGroup(group.Name, position, group.Points.Length, group.Mean.Estimate, group.Mean.Interval, ranges.Count == 0 ? null : ranges[^1].Interval, [.. details])
            {
                NewClusterInterval = ranges.Count == 2 ? ranges[0].Interval : null,
            });
            var offsets = Offsets([.. group.Points.Select(p => p.Effect)], span);
            points.AddRange(group.Points.Select((p, at) => new StudyPoint
            {
                Study = p.Index,
                Label = p.Label,
                X = p.Effect,
                Y = position + offsets[at],
                Size = Math.Sqrt(1 / p.StandardError / best),
                Details = all.Details(p),
            }));
        }
        double[] ends = [.. effects, .. placed.SelectMany(g => g.Interval is { } i ? new[] { i.Lower, i.Upper } : [g.Estimate])];
        // Prediction intervals of few studies may reach anywhere; those are cut.
        var (low, high) = (ends.Min() - 0.5 * span, ends.Max() + 0.5 * span);
        double[] shown = [.. ends, .. placed.Where(g => g.PredictionInterval is not null).SelectMany(g => new[] { g.PredictionInterval!.Value.Lower, g.PredictionInterval.Value.Upper }).Select(v => Math.Clamp(v, low, high))];
        var room = 0.04 * Math.Max(shown.Max() - shown.Min(), span);
        string[] sentences = [.. placed.Zip(groups, (g, group) => $"{measure.Symbol} = {texts.Shown(g.Estimate)}" + (g.Interval is { } i ? $", {texts.Level} CI {texts.Shown(i)}" : "")
            + string.Concat(all.Words.Predictions(group.Mean.Values).Select(r => $", prediction interval {(r.Of == "a new study" ? "" : $"of {r.Of} ")}{texts.Shown(r.Interval)}")) + ".")];
        var finding = $"Orchard plot of {all.Counted}{(by.Length > 0 ? " by " + by : "")}. " + string.Join(" ", placed.Select((g, i) => $"{g.Name} (k = {Counted(g.Count, groups[i].Mean.Rows)}): {sentences[i]}"));
        var others = options.At is { } held && held.Any() ? $" Means are taken at {string.Join(", ", held.Select(v => $"{v.Key} = {v.Value}"))}." : "";
        var lines = placed[0] switch { { NewClusterInterval: not null } => "; line of middle width: prediction interval of the mean of a new " + all.Words.Clusters(1) + "; thin line: of a new effect.", { PredictionInterval: null } => ".", _ => "; thin line: prediction interval." };
        return new OrchardPlot(new OrchardPlotModel
        {
            Title = options.Title,
            Finding = texts.Finding(finding + others),
            Origin = fit.Effects.Origin,
            Measure = measure,
            XAxis = new PlotAxis(texts.MeasureTitle, shown.Min() - room, shown.Max() + room, measure.HasLeadingZero),
            YAxis = new PlotAxis(by, -0.6, groups.Length - 0.4, true),
            Groups = [.. placed],
            Studies = [.. points.OrderBy(p => p.Study)],
            Summary = [$"Ring: mean effect; thick line: its {texts.Level} confidence interval{lines} Areas of points are as their precision."
                + (groups.Length == 1 ? $" k = {Counted(all.Count, groups[0].Mean.Rows)}: {sentences[0]}" : "") + others,
                .. by.Length > 0 && (all.IsDependent || all.IsClusters) ? [$"Points: {all.Counted}."] : Array.Empty<string>()],
            Notes = [.. fit.Warnings, .. all.DependenceNotes("the mean and its interval allow for that.")],
        });

        string Counted(int count, ImmutableArray<int> rows) => all.IsDependent ? all.Words.CountedIn(rows) : StatisticText.Count(count);
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure()
    {
        var x = Model.XAxis;
        var (largest, opacity) = Model.Studies.Length switch { <= 30 => (18.0, 0.55), <= 90 => (15, 0.55), <= 300 => (12, 0.55), _ => (8, 0.4) };
        double[] rings = [.. Model.Groups.Select(g => Math.Clamp(0.6 * Usual * (g.Interval is { } i ? i.Upper - i.Lower : 0) / (x.Maximum - x.Minimum), SmallestRing, LargestRing))];
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
                StudyMarks.Trace(Model.Studies, "studies", largest, Theme.Study, opacity: opacity),
                Bars("prediction intervals", g => g.PredictionInterval, 1.8),
                .. Model.Groups.Any(g => g.NewClusterInterval is not null) ? [Bars("prediction intervals of clusters", g => g.NewClusterInterval, 3.6)] : Array.Empty<Scatter>(),
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
