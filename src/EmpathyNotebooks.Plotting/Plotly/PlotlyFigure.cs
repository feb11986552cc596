using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EmpathyNotebooks.MetaAnalysis;
using Newtonsoft.Json;
using Plotly.NET;

namespace EmpathyNotebooks.Plotting;

/// <summary>How a figure looks in a container of at most so many pixels.</summary>
/// <param name="MaximumWidth">The widest container it is meant for; infinity for the widest form.</param>
/// <param name="Traces">The traces; as many in every form.</param>
/// <param name="Layout">The layout.</param>
/// <param name="Blocks">The horizontal axes from left to right with their widths in pixels; null for the one that takes the rest.</param>
internal sealed record FigureForm(double MaximumWidth, ImmutableArray<Scatter> Traces, FigureLayout Layout,
    ImmutableArray<(string Axis, double? Pixels)> Blocks);

/// <summary>
/// An interactive figure: traces and layout as plotly.js reads them, forms for narrow pages, and what it shows in words. It carries the
/// colours of the light theme and is a valid Plotly figure by itself; the page's script turns it dark where the page is dark.
/// </summary>
public sealed class PlotlyFigure
{
    private readonly ImmutableArray<FigureForm> _forms;
    private readonly bool _hasMenu;
    private readonly ImmutableArray<int> _rowTraces;
    private readonly FigureFolds? _folds;

    /// <param name="plot">The chart drawn, for title, finding and origin.</param>
    /// <param name="forms">The widest form first.</param>
    /// <param name="notes">What a careful reader should know, shown below the chart.</param>
    /// <param name="rowTraces">The traces whose points answer for a whole row of the chart; none in other charts.</param>
    /// <param name="folds">How rows fold; null where none does.</param>
    internal PlotlyFigure(IPlot plot, IEnumerable<FigureForm> forms, IEnumerable<string>? notes = null, IEnumerable<int>? rowTraces = null, FigureFolds? folds = null)
    {
        _folds = folds;
        _rowTraces = [.. rowTraces ?? []];
        _forms = [.. forms];
        Title = plot.Title;
        Finding = plot.Finding;
        Origin = plot.Origin;
        Notes = notes?.ToImmutableArray() ?? [];
        _hasMenu = _forms[0].Layout.Menu is not null;
        PageJson = Json(Payload());
        Id = "chart-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(PageJson)))[..12];
    }

    /// <summary>A name that depends on the content alone, so that the same chart always has the same.</summary>
    public string Id { get; }

    /// <summary>The title; empty when there is none.</summary>
    public string Title { get; }

    /// <summary>What the chart shows, in words: its text alternative.</summary>
    public string Finding { get; }

    /// <summary>Where the numbers come from.</summary>
    public DataOrigin Origin { get; }

    /// <summary>What a careful reader should know, such as a fit's warnings.</summary>
    public ImmutableArray<string> Notes { get; }

    /// <summary>The height in pixels in a wide page.</summary>
    internal double Height => AsFirstShown(_forms[0]) is var form && form.Layout.Menu is null ? form.Layout.Height : form.Layout.Height - FigureMenu.Height;

    /// <summary>The figure for each range of widths, the widest first.</summary>
    internal ImmutableArray<FigureForm> Forms => _forms;

    /// <summary>A form as a reader sees it before a click.</summary>
    /// <summary>The form on paper: as it is first shown, without the marks that say where a row folds.</summary>
    internal FigureForm ForPrint(FigureForm form)
    {
        var shown = AsFirstShown(form);
        return _folds is not { } folds ? shown : shown with
        {
            Traces = [.. shown.Traces.Select((trace, i) => i == folds.Label ? trace with { Text = [.. trace.Text!.Select(RowFold.WithoutMark)] } : trace)],
        };
    }

    internal FigureForm AsFirstShown(FigureForm form) => _folds is { StartsClosed: true } ? _folds.Close(form) : form;

    /// <summary>What the page's script draws from.</summary>
    internal string PageJson { get; }

    /// <summary>
    /// The figure as Plotly.NET's chart, to be styled further. Each call gives a chart of its own. When not to use it: inside the .NET
    /// Interactive kernel do not call Plotly.NET's <c>toChartHTML</c>, <c>Show</c> or <c>Chart</c> helpers, whose defaults fail to load there.
    /// </summary>
    public GenericChart ToPlotly()
    {
        var form = AsFirstShown(_forms[0]);
        var charts = form.Traces.Select(scatter =>
        {
            var trace = new Trace("scatter");
            foreach (var (name, value) in scatter.ToNode().ToPlain()) trace.SetProperty(name, value);
            return GenericChart.ofTraceObject(false, trace);
        });
        var layout = new Layout();
        foreach (var (name, value) in form.Layout.ToNode().ToPlain()) layout.SetProperty(name, value);
        return GenericChart.setLayout(layout, GenericChart.combine(charts));
    }

    /// <summary>The figure as JSON with <c>data</c> and <c>layout</c>, which any plotly.js draws. The same chart gives the same bytes.</summary>
    public string ToJson()
    {
        var chart = ToPlotly();
        return Json(new Dictionary<string, object?> { ["data"] = GenericChart.getTraces(chart), ["layout"] = GenericChart.getLayout(chart) });
    }

    /// <summary>The figure as a part of a page; see <see cref="PlotlyHtml.Fragment"/>.</summary>
    public string ToHtml() => PlotlyHtml.Fragment(this);

    private Dictionary<string, object?> Payload()
    {
        var wide = _forms[0].Layout.ToNode();
        PlotlyNode[] traces = [.. _forms[0].Traces.Select(t => t.ToNode())];
        return new Dictionary<string, object?>
        {
            ["title"] = Title,
            ["data"] = traces.Select(t => t.ToPlain()),
            ["layout"] = wide.ToPlain(),
            ["blocks"] = Blocks(_forms[0]),
            ["rowTraces"] = _rowTraces,
            ["menuHeight"] = _hasMenu ? FigureMenu.Height : 0,
            ["folds"] = _folds is not { } folds ? null : new Dictionary<string, object?>
            {
                ["traces"] = folds.Traces, ["label"] = folds.Label, ["rowHeight"] = folds.RowHeight, ["closed"] = folds.StartsClosed,
                ["groups"] = folds.Groups.Select(g => new Dictionary<string, object?> { ["heading"] = g.Heading, ["members"] = g.Members }),
            },
            ["forms"] = _forms.Skip(1).OrderBy(f => f.MaximumWidth).Select(form => new Dictionary<string, object?>
            {
                ["maximumWidth"] = form.MaximumWidth,
                ["data"] = traces.Zip(form.Traces).Select(p => p.First.DifferenceTo(p.Second.ToNode()).ToPlain()),
                ["layout"] = wide.DifferenceTo(form.Layout.ToNode()).ToPlain(),
                ["blocks"] = Blocks(form),
            }),
        };

        static IEnumerable<object?[]> Blocks(FigureForm form) => form.Blocks.Select(b => new object?[] { b.Axis, b.Pixels });
    }

    /// <summary>What may stand inside a script element: there, whatever the data hold, no "&lt;" may. In JSON it stands in strings alone, where it can be written otherwise.</summary>
    internal static string Json(object value) => JsonConvert.SerializeObject(value, new JsonSerializerSettings
    {
        Formatting = Formatting.None,
        Culture = CultureInfo.InvariantCulture,
    }).Replace("<", "\\u003c", StringComparison.Ordinal);
}
