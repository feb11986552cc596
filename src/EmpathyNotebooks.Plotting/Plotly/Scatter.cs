namespace EmpathyNotebooks.Plotting;

/// <summary>A scatter trace. The names of Plotly's properties stand here and in <see cref="FigureLayout"/>, nowhere else.</summary>
internal sealed record Scatter
{
    public required IReadOnlyList<double?> X { get; init; }
    public required IReadOnlyList<double?> Y { get; init; }

    /// <summary>markers, lines, text, or several joined by +; <c>none</c> for a fill alone.</summary>
    public required string Mode { get; init; }

    public string? Name { get; init; }
    public string XAxis { get; init; } = "x";
    public string YAxis { get; init; } = "y";
    public bool Visible { get; init; } = true;
    public bool ShowLegend { get; init; }
    public IReadOnlyList<string>? Text { get; init; }
    public IReadOnlyList<string>? TextPositions { get; init; }
    public string? TextPosition { get; init; }
    public double? FontSize { get; init; }
    public ThemeColor? FontColor { get; init; }
    public IReadOnlyList<ThemeColor>? FontColors { get; init; }

    /// <summary>What a hover shows, with Plotly's markup; without it the trace does not answer to the pointer.</summary>
    public IReadOnlyList<string>? Hover { get; init; }

    public IReadOnlyList<double>? MarkerSizes { get; init; }
    public double? MarkerSize { get; init; }
    public IReadOnlyList<string>? MarkerSymbols { get; init; }
    public string? MarkerSymbol { get; init; }
    public ThemeColor? MarkerColor { get; init; }
    public IReadOnlyList<ThemeColor>? MarkerColors { get; init; }
    public double? MarkerOpacity { get; init; }
    public IReadOnlyList<double>? MarkerOpacities { get; init; }
    public double? MarkerLineWidth { get; init; }
    public ThemeColor? MarkerLineColor { get; init; }
    public ThemeColor? LineColor { get; init; }
    public double? LineWidth { get; init; }
    public string? Dash { get; init; }

    /// <summary>Half the length of a horizontal bar through each point.</summary>
    public IReadOnlyList<double?>? Spread { get; init; }
    public ThemeColor? SpreadColor { get; init; }
    public double SpreadWidth { get; init; } = 1.4;

    public string? Fill { get; init; }
    public ThemeColor? FillColor { get; init; }
    public bool ClipOnAxis { get; init; }

    public PlotlyNode ToNode() => new()
    {
        { "type", "scatter" },
        { "mode", Mode },
        { "name", Name },
        { "visible", Visible ? null : false },
        { "showlegend", ShowLegend },
        { "xaxis", XAxis },
        { "yaxis", YAxis },
        { "x", X },
        { "y", Y },
        { "text", Text },
        { "textposition", (object?)TextPositions ?? TextPosition },
        {
            "textfont", Text is null ? null : new PlotlyNode
            {
                { "size", FontSize },
                { "color", (object?)FontColors ?? FontColor },
            }
        },
        { "hovertext", Hover },
        { "hoverinfo", Hover is null ? "skip" : "text" },
        { "hoveron", Fill is null || Hover is null ? null : "points" },
        {
            "marker", !Mode.Contains("markers", StringComparison.Ordinal) ? null : new PlotlyNode
            {
                { "size", (object?)MarkerSizes ?? MarkerSize },
                { "symbol", (object?)MarkerSymbols ?? MarkerSymbol },
                { "color", (object?)MarkerColors ?? MarkerColor },
                { "opacity", (object?)MarkerOpacities ?? MarkerOpacity },
                { "line", MarkerLineWidth is null ? null : new PlotlyNode { { "width", MarkerLineWidth }, { "color", MarkerLineColor } } },
            }
        },
        {
            "line", LineColor is null ? null : new PlotlyNode
            {
                { "color", LineColor },
                { "width", LineWidth },
                { "dash", Dash },
            }
        },
        {
            "error_x", Spread is null ? null : new PlotlyNode
            {
                { "type", "data" },
                { "array", Spread.Select(s => s ?? 0) },
                { "color", SpreadColor },
                { "thickness", SpreadWidth },
                { "width", 0 },
            }
        },
        { "fill", Fill },
        { "fillcolor", FillColor },
        { "cliponaxis", ClipOnAxis ? null : false },
    };
}
