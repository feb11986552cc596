namespace EmpathyNotebooks.Plotting;

/// <summary>An axis. A missing tick list leaves the ticks to Plotly.</summary>
internal sealed record FigureAxis
{
    public required double From { get; init; }
    public required double To { get; init; }
    public double DomainFrom { get; init; }
    public double DomainTo { get; init; } = 1;
    public bool Visible { get; init; } = true;
    public string? Title { get; init; }
    public IReadOnlyList<AxisTick>? Ticks { get; init; }
    public bool IsVertical { get; init; }
    public bool Line { get; init; } = true;

    public PlotlyNode ToNode(double fontSize) => !Visible
        ? new PlotlyNode
        {
            { "visible", false }, { "fixedrange", true }, { "range", new[] { From, To } }, { "domain", new[] { DomainFrom, DomainTo } },
        }
        : new PlotlyNode
        {
            { "range", new[] { From, To } },
            { "domain", new[] { DomainFrom, DomainTo } },
            { "fixedrange", true },
            { "zeroline", false },
            { "showgrid", false },
            { "showline", Line },
            { "linecolor", Line ? Theme.Line : null },
            { "ticks", Line ? "outside" : "" },
            { "ticklen", 4 },
            { "tickcolor", Theme.Line },
            { "tickangle", 0 },
            { "tickmode", Ticks is null ? null : "array" },
            { "tickvals", Ticks?.Select(t => t.Value) },
            { "ticktext", Ticks?.Select(t => PlotText.Escape(t.Text)) },
            { "tickfont", new PlotlyNode { { "size", fontSize }, { "color", Theme.Muted } } },
            {
                "title", Title is null ? null : new PlotlyNode
                {
                    { "text", PlotText.Escape(Title) }, { "standoff", IsVertical ? 10 : 8 },
                    { "font", new PlotlyNode { { "size", fontSize + 1 }, { "color", Theme.Ink } } },
                }
            },
        };
}

/// <summary>A straight line drawn under the data. The axis names are Plotly's; <c>paper</c> runs from 0 to 1 over the plot.</summary>
internal sealed record FigureLine(string XAxis, double X0, double X1, string YAxis, double Y0, double Y1, ThemeColor Color, double Width,
    string? Dash = null)
{
    public PlotlyNode ToNode() => new()
    {
        { "type", "line" }, { "layer", "below" },
        { "xref", XAxis }, { "x0", X0 }, { "x1", X1 },
        { "yref", YAxis }, { "y0", Y0 }, { "y1", Y1 },
        { "line", new PlotlyNode { { "color", Color }, { "width", Width }, { "dash", Dash } } },
    };
}

/// <summary>A text at a place; its markup is Plotly's, so what comes from data must be escaped.</summary>
internal sealed record FigureNote(string Markup, string XAxis, double X, string XAnchor, string YAxis, double Y, string YAnchor)
{
    public double XShift { get; init; }
    public double YShift { get; init; }
    public ThemeColor Color { get; init; } = Theme.Ink;
    public double FontSize { get; init; } = Theme.SmallSize;
    public bool OnSurface { get; init; }

    public PlotlyNode ToNode() => new()
    {
        { "text", Markup }, { "showarrow", false }, { "align", XAnchor },
        { "xref", XAxis }, { "x", X }, { "xanchor", XAnchor }, { "xshift", XShift },
        { "yref", YAxis }, { "y", Y }, { "yanchor", YAnchor }, { "yshift", YShift },
        { "font", new PlotlyNode { { "size", FontSize }, { "color", Color } } },
        { "bgcolor", OnSurface ? Theme.Surface : null },
        { "opacity", OnSurface ? 0.92 : null },
    };
}

/// <summary>A drop-down menu whose entries each give the traces named new vertical positions.</summary>
internal sealed record FigureMenu(string Label, int Active, IReadOnlyList<int> Traces, IReadOnlyList<(string Name, IReadOnlyList<double> Y)> Entries)
{
    /// <summary>The room a menu takes above the chart; the page's own menu, which takes its place there, needs none.</summary>
    public const int Height = 40;

    public PlotlyNode ToNode(double above) => new()
    {
        { "name", Label },
        { "type", "dropdown" }, { "direction", "down" }, { "active", Active }, { "showactive", true },
        { "xref", "paper" }, { "x", 0 }, { "xanchor", "left" }, { "y", 1 }, { "yanchor", "bottom" },
        { "pad", new PlotlyNode { { "b", above } } },
        { "bgcolor", Theme.Surface }, { "bordercolor", Theme.Line },
        { "font", new PlotlyNode { { "size", Theme.SmallSize }, { "color", Theme.Ink } } },
        {
            "buttons", Entries.Select(e => new PlotlyNode
            {
                { "label", $"{Label}: {e.Name}" }, { "method", "restyle" },
                { "args", new object[] { new PlotlyNode { { "y", new object[] { e.Y } } }, Traces } },
            })
        },
    };
}

/// <summary>Everything about a figure but its traces.</summary>
internal sealed record FigureLayout
{
    public required double Height { get; init; }
    public required double Top { get; init; }

    /// <summary>What stands above the plot needs so much; on a page there are buttons and a menu, too.</summary>
    public required double TopInPrint { get; init; }
    public required double Bottom { get; init; }
    public double Left { get; init; } = Theme.Side;
    public double Right { get; init; } = Theme.Side;
    public double FontSize { get; init; } = Theme.TextSize;
    public required IReadOnlyList<FigureAxis> XAxes { get; init; }
    public required FigureAxis YAxis { get; init; }

    /// <summary>Further vertical axes, y2 and so on, for small multiples above one another.</summary>
    public IReadOnlyList<FigureAxis> MoreYAxes { get; init; } = [];
    public IReadOnlyList<FigureLine> Lines { get; init; } = [];
    public IReadOnlyList<FigureNote> Notes { get; init; } = [];
    public FigureMenu? Menu { get; init; }
    public double MenuAbove { get; init; }
    public bool ShowLegend { get; init; }

    public PlotlyNode ToNode()
    {
        var layout = new PlotlyNode
        {
            { "autosize", true },
            { "height", Height },
            { "margin", new PlotlyNode { { "l", Left }, { "r", Right }, { "t", Top }, { "b", Bottom }, { "pad", 0 }, { "autoexpand", false } } },
            { "font", new PlotlyNode { { "family", Theme.FontFamily }, { "size", FontSize }, { "color", Theme.Ink } } },
            { "paper_bgcolor", Theme.Surface },
            { "plot_bgcolor", Theme.Surface },
            { "dragmode", false },
            { "hovermode", "closest" },
            {
                "hoverlabel", new PlotlyNode
                {
                    { "align", "left" }, { "bgcolor", Theme.Surface }, { "bordercolor", Theme.Line }, { "namelength", -1 },
                    { "font", new PlotlyNode { { "family", Theme.FontFamily }, { "size", Theme.TextSize }, { "color", Theme.Ink } } },
                }
            },
            { "showlegend", ShowLegend },
            {
                "legend", !ShowLegend ? null : new PlotlyNode
                {
                    { "orientation", "h" }, { "x", 0 }, { "xanchor", "left" }, { "y", 1 }, { "yanchor", "bottom" },
                    { "font", new PlotlyNode { { "size", FontSize }, { "color", Theme.Ink } } },
                    { "itemclick", false }, { "itemdoubleclick", false },
                }
            },
            {
                "modebar", new PlotlyNode
                {
                    { "bgcolor", "rgba(0,0,0,0)" }, { "color", Theme.Line }, { "activecolor", Theme.Ink },
                }
            },
        };
        for (var i = 0; i < XAxes.Count; i++)
        {
            layout.Add(i == 0 ? "xaxis" : FormattableString.Invariant($"xaxis{i + 1}"), XAxes[i].ToNode(FontSize - 1));
        }
        layout.Add("yaxis", YAxis.ToNode(FontSize - 1));
        for (var i = 0; i < MoreYAxes.Count; i++)
        {
            layout.Add(FormattableString.Invariant($"yaxis{i + 2}"), MoreYAxes[i].ToNode(FontSize - 1));
        }
        layout.Add("shapes", Lines.Select(l => l.ToNode()));
        layout.Add("annotations", Notes.Select(n => n.ToNode()));
        if (Menu is not null) layout.Add("updatemenus", new[] { Menu.ToNode(MenuAbove) });
        return layout;
    }
}
