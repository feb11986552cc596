using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What the vertical axis of a GOSH plot shows of each subset.</summary>
public enum GoshHeterogeneity
{
    /// <summary>I², in percent.</summary>
    ISquared,

    /// <summary>tau², on the scale that is pooled.</summary>
    TauSquared,
}

/// <summary>What to choose in a GOSH plot.</summary>
public sealed record GoshPlotOptions : PlotOptions
{
    /// <summary>The study or cluster whose membership divides colours and marks; if not said the most influential of those that are outlying, else the one that explains most.</summary>
    public string? Study { get; init; }

    /// <summary>The vertical axis: I² by default, as Olkin, Dahabreh and Trikalinos have it.</summary>
    public GoshHeterogeneity Heterogeneity { get; init; }

    /// <summary>Up to so many subsets each is a point; of more there are bins. 20,000 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1 or above 20,000.</exception>
    public int MostPoints
    {
        get;
        init => field = value is >= 1 and <= 20_000 ? value : throw new ArgumentOutOfRangeException(nameof(MostPoints), value, "Points are drawn one by one up to 20,000.");
    } = 20_000;

    /// <summary>Into how many bins the range of estimates is cut, 10 to 200, and that of heterogeneity into five eighths as many; 80 by default. A page with fewer is smaller.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 10 or above 200.</exception>
    public int Bins
    {
        get;
        init => field = value is >= 10 and <= 200 ? value : throw new ArgumentOutOfRangeException(nameof(Bins), value, "The range of estimates is cut into 10 to 200 bins.");
    } = 80;
}

/// <summary>A subset, or those of a bin that have the study or do not have it.</summary>
/// <param name="Estimate">The estimate, on the scale that is pooled; of a bin the mean.</param>
/// <param name="Heterogeneity">I² in percent, or tau²; of a bin the mean.</param>
/// <param name="Count">How many subsets the mark stands for.</param>
/// <param name="HasStudy">True where they have the study.</param>
/// <param name="Members">How many studies the subset has; of a bin the mean.</param>
public sealed record GoshMark(double Estimate, double Heterogeneity, int Count, bool HasStudy, double Members);

/// <summary>A bar of a histogram at the edge of a GOSH plot.</summary>
/// <param name="From">Its lower end.</param>
/// <param name="To">Its upper end.</param>
/// <param name="With">How many of the points in it have the study.</param>
/// <param name="Without">How many do not.</param>
public sealed record GoshBar(double From, double To, int With, int Without);

/// <summary>A GOSH plot as plain numbers and texts.</summary>
public sealed record GoshPlotModel : PlotModel
{
    /// <summary>What the effects measure.</summary>
    public required EffectMeasure Measure { get; init; }

    /// <summary>True where the estimates are means of that measure, false where they are a coefficient of a regression.</summary>
    public required bool IsMean { get; init; }

    /// <summary>The estimates, on the scale that is pooled.</summary>
    public required PlotAxis XAxis { get; init; }

    /// <summary>I² in percent, or tau².</summary>
    public required PlotAxis YAxis { get; init; }

    /// <summary>What the vertical axis shows.</summary>
    public required GoshHeterogeneity Heterogeneity { get; init; }

    /// <summary>The study whose membership divides the marks.</summary>
    public required string Study { get; init; }

    /// <summary>How many studies or clusters there are.</summary>
    public required int Units { get; init; }

    /// <summary>The subsets, or bins of them.</summary>
    public required ImmutableArray<GoshMark> Marks { get; init; }

    /// <summary>True where marks are bins.</summary>
    public required bool IsBinned { get; init; }

    /// <summary>The distribution of the estimates of the points, along the upper edge.</summary>
    public required ImmutableArray<GoshBar> EstimateBars { get; init; }

    /// <summary>That of their I² or tau², along the right edge.</summary>
    public required ImmutableArray<GoshBar> HeterogeneityBars { get; init; }

    /// <summary>The estimate of all studies.</summary>
    public required double Estimate { get; init; }

    /// <summary>Their I² in percent, or tau²; null where the model has none.</summary>
    public required double? EstimateHeterogeneity { get; init; }
}

/// <summary>
/// The model fitted to subsets of its studies: one point a subset, its estimate by its heterogeneity (GOSH; Olkin, Dahabreh &amp; Trikalinos 2012, Research Synthesis Methods 3, 214-223), in the colour and shape of
/// whether it has one study. A cloud in one piece says that no few studies carry the result; where the two colours lie apart, that study does. Histograms along the edges show each by itself. When not to use
/// it: as a distribution to infer from, or to choose which studies to leave out.
/// </summary>
public sealed class GoshPlot : Plot<GoshPlotModel>
{
    /// <summary>What a histogram takes of the plane, and the part of it that is left free towards the cloud.</summary>
    private const double Strip = 0.17, Gap = 0.03;

    private GoshPlot(GoshPlotModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the cloud.</summary>
    /// <param name="gosh">The subsets: <c>fit.Gosh()</c>.</param>
    /// <param name="options">Study, vertical axis, title; the defaults if not said.</param>
    /// <exception cref="ArgumentException">There is no such study.</exception>
    /// <example><code>
    /// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 1.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ));
    /// var plot = GoshPlot.Create(fit.Gosh());
    /// </code></example>
    public static GoshPlot Create(GoshResult gosh, GoshPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(gosh);
        return new GoshPlot(new GoshBuilder(gosh, options ?? new GoshPlotOptions()).Build());
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure()
    {
        var (x, y) = (Model.XAxis, Model.YAxis);
        var (across, up) = (x.Maximum - x.Minimum, y.Maximum - y.Minimum);
        var (right, top) = (x.Maximum + Gap * across, y.Maximum + Gap * up);
        PlotAxis wide = x with { Maximum = x.Maximum + (Strip + Gap) * across }, high = y with { Maximum = y.Maximum + (Strip + Gap) * up };
        var (most, mostUp) = (Most(Model.EstimateBars), Most(Model.HeterogeneityBars));
        var share = 1 / (1 + Strip + Gap);
        return PlaneFigure.Create(new PlaneChart
        {
            Plot = this,
            XAxis = wide,
            YAxis = high,
            XTicks = (pixels, font) => Model.IsMean ? MeasureTicks.Create(Model.Measure, x, pixels * share, font, vertical: false) : x.TicksFor(pixels * share, font),
            YTicks = (pixels, _) => y.Ticks(Math.Clamp((int)(pixels * share / 45), 2, 9)),
            Traces =
            [
                .. Enumerable.Range(0, Layers).SelectMany(layer => (IEnumerable<Scatter>)[.. Marks(false, layer), .. Marks(true, layer)]), Key(false), Key(true), Whole(),
                .. Bars(Model.EstimateBars, top, 0.96 * Strip * up / most, vertical: false), .. Bars(Model.HeterogeneityBars, right, 0.96 * Strip * across / mostUp, vertical: true),
            ],
            Lines = [new FigureLine("x", Model.Estimate, Model.Estimate, "paper", 0, 1, Theme.Ink, 1.2, "dot")],
            Summary = Model.Summary,
            Remarks = Model.Notes,
            Grid = false,
            Height = 400,
        });
    }

    private static double Most(ImmutableArray<GoshBar> bars) => Math.Max(1, bars.Max(b => Math.Max(b.With, b.Without)));

    private string NameOf(bool has) => $"{(has ? "with" : "without")} {PlotText.Escape(PlotText.Cut(Model.Study, Theme.TextSize, 170))}";

    private static (ThemeColor Color, ThemeColor Fill, string Symbol, string Dash) Look(bool has) =>
        has ? (Theme.Pooled, Theme.Fills[1], "diamond", "solid") : (Theme.Study, Theme.Fills[0], "circle", "dash");

    private string Shown(double value) => Model.IsMean ? Model.Measure.Format(Model.Measure.ToDisplay(value), 3) : StatisticText.Significant(value, 3);

    private PlotDetail Shown(string name, double value) => new(name, Model.Heterogeneity == GoshHeterogeneity.ISquared ? StatisticText.Number(value, 1) + "%" : StatisticText.Significant(value, 3));

    private string HeterogeneityName => Model.Heterogeneity == GoshHeterogeneity.ISquared ? "I²" : "τ²";

    /// <summary>In how many layers marks are drawn, those with the study and those without by turns, so that neither hides the other.</summary>
    private int Layers => Model.Marks.Length > 100 ? 8 : 1;

    private IEnumerable<Scatter> Marks(bool has, int layer)
    {
        // A multiplicative hash (Knuth 1973, The Art of Computer Programming 3, 6.4) scatters neighbours among layers.
        GoshMark[] marks = [.. Model.Marks.Where((m, i) => m.HasStudy == has && ((uint)i * 2654435769u >> 16) % Layers == layer)];
        if (marks.Length == 0) yield break;
        var (color, _, symbol, _) = Look(has);
        var total = (double)Model.Marks.Max(m => m.Count);
        var small = Model.Marks.Length switch { <= 100 => 8.0, <= 1_000 => 6, <= 5_000 => 4.5, _ => 3.5 };
        double Size(GoshMark mark) => Model.IsBinned ? Math.Max(2.5, 13 * Math.Sqrt(mark.Count / total)) : small;
        yield return new Scatter
        {
            Name = NameOf(has), Mode = "markers", MarkerColor = color, MarkerSymbol = symbol, MarkerLineWidth = 0, MarkerOpacity = Model.Marks.Length <= 100 ? 0.85 : Model.IsBinned ? 0.6 : 0.4,
            // A diamond reaches further than a circle of its size.
            MarkerSizes = [.. marks.Select(m => has ? Size(m) * 0.85 : Size(m))],
            X = [.. marks.Select(m => (double?)m.Estimate)], Y = [.. marks.Select(m => (double?)m.Heterogeneity)], Hover = [.. marks.Select(Hover)],
        };
    }

    private Scatter Key(bool has)
    {
        var (color, _, symbol, _) = Look(has);
        return new Scatter { Name = NameOf(has), Mode = "markers", ShowLegend = true, MarkerSymbol = symbol, MarkerSize = 9, MarkerColor = color, MarkerLineWidth = 0, X = [null], Y = [null] };
    }

    private string Hover(GoshMark mark) => PlotText.Hover(Model.IsBinned ? StatisticText.Count(mark.Count, "subset") : $"{StatisticText.Number(mark.Members, 0)} of {StatisticText.Count(Model.Units)}",
        [new("", $"{(mark.HasStudy ? "with" : "without")} {Model.Study}"), new(Model.XAxis.Title, Shown(mark.Estimate)), Shown(HeterogeneityName, mark.Heterogeneity)]);

    private Scatter Whole() => new()
    {
        Name = "all together", Mode = "markers", ShowLegend = true, MarkerSymbol = "square-open", MarkerSize = 11, MarkerColor = Theme.Ink, MarkerLineWidth = 2, MarkerLineColor = Theme.Ink,
        X = [Model.Estimate], Y = [Model.EstimateHeterogeneity ?? Model.YAxis.Minimum],
        Hover = [PlotText.Hover("All together", Model.EstimateHeterogeneity is { } value ? [new(Model.XAxis.Title, Shown(Model.Estimate)), Shown(HeterogeneityName, value)] : [new(Model.XAxis.Title, Shown(Model.Estimate))])],
    };

    /// <summary>The outline of a histogram of those with the study and of those without, standing on the edge of the cloud.</summary>
    private static IEnumerable<Scatter> Bars(ImmutableArray<GoshBar> bars, double foot, double unit, bool vertical)
    {
        foreach (var has in (bool[])[false, true])
        {
            var (color, fill, _, dash) = Look(has);
            double?[] along = [bars[0].From, .. bars.SelectMany(b => new double?[] { b.From, b.To }), bars[^1].To, bars[0].From];
            double?[] away = [foot, .. bars.SelectMany(b => { double? end = foot + unit * (has ? b.With : b.Without); return new[] { end, end }; }), foot, foot];
            yield return new Scatter
            {
                Name = "histogram", Mode = "lines", Fill = "toself", FillColor = fill, LineColor = color, LineWidth = 1.2, Dash = dash, ClipOnAxis = true, X = vertical ? away : along, Y = vertical ? along : away,
            };
        }
    }
}
