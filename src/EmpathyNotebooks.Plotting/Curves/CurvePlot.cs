using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>One or several curves over a common axis, with points and lines to look at.</summary>
public sealed class CurvePlot : IPlot
{
    private static readonly string[] Dashes = ["solid", "dash", "dot", "dashdot", "longdash", "longdashdot"];

    private CurvePlot(CurvePlotModel model) => Model = model;

    /// <summary>The plot as numbers and texts.</summary>
    public CurvePlotModel Model { get; }

    /// <inheritdoc/>
    public string Title => Model.Title;

    /// <inheritdoc/>
    public string Finding => Model.Finding;

    /// <inheritdoc/>
    public DataOrigin Origin => Model.Origin;

    /// <summary>Lays out the curves.</summary>
    /// <param name="series">One to six curves; more could not be told apart.</param>
    /// <param name="options">Titles, ranges, points and lines; the defaults if not said.</param>
    /// <exception cref="ArgumentException">There are no curves or more than six, or an axis ends before it begins.</exception>
    /// <example><code>
    /// var plot = CurvePlot.Create([CurveSeries.Of("z", Math.Atanh, -0.95, 0.95)], new() { XTitle = "r", YTitle = "z" });
    /// </code></example>
    public static CurvePlot Create(IEnumerable<CurveSeries> series, CurvePlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(series);
        options ??= new CurvePlotOptions();
        ImmutableArray<CurveSeries> curves = [.. series];
        if (curves.Length is 0 or > 6)
        {
            throw new ArgumentException(FormattableString.Invariant($"A plot shows one to six curves; these are {curves.Length}."), nameof(series));
        }
        var x = curves.SelectMany(s => s.X).Concat(options.Marks.Select(m => m.X))
            .Concat(options.References.Where(r => r.IsVertical).Select(r => r.Value)).ToArray();
        var y = curves.SelectMany(s => s.Y).Concat(options.Marks.Select(m => m.Y))
            .Concat(options.References.Where(r => !r.IsVertical).Select(r => r.Value)).ToArray();
        if (curves.Any(s => s.IsFilled)) y = [.. y, 0];
        var spread = y.Max() - y.Min();
        var room = spread > 0 ? 0.06 * spread : Math.Max(1e-6, 0.1 * Math.Abs(y.Max()));
        var low = y.Min() == 0 ? 0 : y.Min() - room;
        var xAxis = Axis(options.XTitle, options.XMinimum ?? x.Min(), options.XMaximum ?? x.Max(), options.XHasLeadingZero, "horizontal");
        var yAxis = Axis(options.YTitle, options.YMinimum ?? low, options.YMaximum ?? y.Max() + room, options.YHasLeadingZero, "vertical");
        var finding = options.Finding ?? Describe(options, curves);
        if (options.Origin.IsSimulated) finding = $"{options.Origin.Label}. {finding}";
        return new CurvePlot(new CurvePlotModel(options.Title, finding, options.Origin, xAxis, yAxis, curves,
            [.. options.Marks], [.. options.References], [.. options.Guides]));
    }

    /// <inheritdoc/>
    public PlotlyFigure ToFigure()
    {
        var traces = new List<Scatter>();
        foreach (var (index, series) in Model.Series.Index())
        {
            var color = Theme.Series[index];
            traces.Add(new Scatter
            {
                Name = PlotText.Escape(series.Name),
                Mode = series.HasDots ? "lines+markers" : "lines",
                ShowLegend = Model.Series.Length > 1,
                X = [.. series.X.Select(v => (double?)v)],
                Y = [.. series.Y.Select(v => (double?)v)],
                LineColor = color,
                LineWidth = 2.5,
                Dash = Dashes[index],
                MarkerSize = series.HasDots ? 6 : null,
                MarkerColor = series.HasDots ? color : null,
                Fill = series.IsFilled ? "tozeroy" : null,
                FillColor = series.IsFilled ? Theme.Fills[index] : null,
                Hover = [.. series.X.Zip(series.Y).Select(p => Hover(series.Name, p.First, p.Second))],
                ClipOnAxis = true,
            });
        }
        if (Model.Marks.Length > 0)
        {
            traces.Add(new Scatter
            {
                Name = "marks", Mode = "markers", MarkerSize = 10, MarkerColor = Theme.Ink, MarkerSymbol = "circle", MarkerLineWidth = 0,
                X = [.. Model.Marks.Select(m => (double?)m.X)],
                Y = [.. Model.Marks.Select(m => (double?)m.Y)],
                Hover = [.. Model.Marks.Select(m => Hover(m.Label, m.X, m.Y))],
            });
        }
        var (x, y) = (Model.XAxis, Model.YAxis);
        var lines = Model.References
            .Select(r => r.IsVertical
                ? new FigureLine("x", r.Value, r.Value, "paper", 0, 1, Theme.Muted, 1.4, "dash")
                : new FigureLine("paper", 0, 1, "y", r.Value, r.Value, Theme.Muted, 1.4, "dash"))
            .Concat(Model.Guides.Select(g => new FigureLine("x", g.From.X, g.To.X, "y", g.From.Y, g.To.Y, Theme.Muted, 1.4, "dot")));
        var notes = Model.References.Where(r => r.Label.Length > 0)
            .Select(r => r.IsVertical
                ? new PlaneNote(r.Label, r.Value, y.Maximum, Side(r.Value), "top", Theme.Muted)
                : new PlaneNote(r.Label, x.Maximum, r.Value, "right", "bottom", Theme.Muted))
            .Concat(Model.Marks.Where(m => m.Label.Length > 0).Select(Note));
        return PlaneFigure.Create(new PlaneChart
        {
            Plot = this, XAxis = x, YAxis = y, Traces = [.. traces], Lines = [.. lines], Notes = [.. notes],
        });

        string Side(double at) => at > x.Minimum + 0.6 * (x.Maximum - x.Minimum) ? "right" : "left";
    }

    /// <summary>Puts a mark's words where its curve does not run: above left or below right of a rising one.</summary>
    private PlaneNote Note(CurveMark mark)
    {
        var (x, y) = (Model.XAxis, Model.YAxis);
        var rises = Rises(mark);
        var above = mark.Y < y.Minimum + 0.88 * (y.Maximum - y.Minimum);
        var left = rises == above;
        var place = (mark.X - x.Minimum) / (x.Maximum - x.Minimum);
        if ((left && place < 0.25) || (!left && place > 0.75)) (left, above) = (!left, !above);
        return new PlaneNote(mark.Label, mark.X, mark.Y, left ? "right" : "left", above ? "bottom" : "top", Theme.Ink);
    }

    private bool Rises(CurveMark mark)
    {
        var nearest = Model.Series
            .SelectMany(s => Enumerable.Range(0, s.X.Length).Select(i => (Series: s, Index: i)))
            .MinBy(p => Math.Abs(p.Series.X[p.Index] - mark.X) / (Model.XAxis.Maximum - Model.XAxis.Minimum)
                + Math.Abs(p.Series.Y[p.Index] - mark.Y) / (Model.YAxis.Maximum - Model.YAxis.Minimum));
        var (before, after) = (Math.Max(0, nearest.Index - 1), Math.Min(nearest.Series.Y.Length - 1, nearest.Index + 1));
        return nearest.Series.Y[after] >= nearest.Series.Y[before];
    }

    /// <summary>The finding, for outputs that hold text alone.</summary>
    public override string ToString() => Finding;

    private string Hover(string name, double x, double y) => PlotText.Hover(name,
    [
        new PlotDetail(Name(Model.XAxis, "x"), Text(Model.XAxis, x)),
        new PlotDetail(Name(Model.YAxis, "y"), Text(Model.YAxis, y)),
    ]);

    private static string Name(PlotAxis axis, string otherwise) => axis.Title.Length > 0 ? axis.Title : otherwise;

    private static string Text(PlotAxis axis, double value) =>
        axis.HasLeadingZero ? StatisticText.Significant(value) : StatisticText.Number(value, 3, leadingZero: false);

    private static string Describe(CurvePlotOptions options, ImmutableArray<CurveSeries> curves)
    {
        string AxisText(string title, bool leadingZero, double value) => Text(new PlotAxis(title, 0, 1, leadingZero), value);
        var parts = curves.Select(s => $"{s.Name} goes from {AxisText("", options.YHasLeadingZero, s.Y[0])} at {AxisText("", options.XHasLeadingZero, s.X[0])} "
            + $"to {AxisText("", options.YHasLeadingZero, s.Y[^1])} at {AxisText("", options.XHasLeadingZero, s.X[^1])}");
        var y = options.YTitle.Length > 0 ? options.YTitle : "y";
        var x = options.XTitle.Length > 0 ? options.XTitle : "x";
        return $"{y} by {x}: {string.Join("; ", parts)}.";
    }

    private static PlotAxis Axis(string title, double from, double to, bool leadingZero, string which) =>
        double.IsFinite(from) && double.IsFinite(to) && from < to
            ? new PlotAxis(title, from, to, leadingZero)
            : throw new ArgumentException(FormattableString.Invariant($"The {which} axis must end above where it begins; it would run from {from:G4} to {to:G4}."));
}
