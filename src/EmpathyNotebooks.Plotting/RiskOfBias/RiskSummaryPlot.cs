using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a summary of the risk of bias.</summary>
public sealed record RiskSummaryPlotOptions : PlotOptions
{
    /// <summary>A fit whose weights make the bars; null, the default, counts studies.</summary>
    public IModelFit? Weights { get; init; }
}

/// <summary>A summary of the risk of bias as plain numbers and texts.</summary>
public sealed record RiskSummaryPlotModel : PlotModel
{
    /// <summary>The judgements.</summary>
    public required RiskOfBias Risk { get; init; }

    /// <summary>The share of each judgement in each domain.</summary>
    public required ImmutableArray<RiskShare> Shares { get; init; }

    /// <summary>True where shares are of the weights of a fit.</summary>
    public required bool IsWeighted { get; init; }
}

/// <summary>
/// How many studies of each domain have which risk of bias, or how much of the weight of a fit they have: a bar a domain (McGuinness &amp; Higgins 2021, Research Synthesis Methods 12, 55-61). Weighted bars say how much of the result rests on
/// doubtful studies. When not to use it: in place of the judgements themselves, which <see cref="TrafficLightPlot"/> shows.
/// </summary>
public sealed class RiskSummaryPlot : Plot<RiskSummaryPlotModel>
{
    private const double RowHeight = 34, HalfBar = 0.36;

    /// <summary>A narrower piece has no room for its sign.</summary>
    private const double LeastForSign = 0.045;

    private RiskSummaryPlot(RiskSummaryPlotModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the plot.</summary>
    /// <param name="risk">The judgements.</param>
    /// <param name="options">Title and weights; the defaults if not said.</param>
    /// <exception cref="StudyDataException">An effect of the fit that gives the weights has no judgement.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.3, 0.2], [0.01, 0.02], columns: [.. new[] { "D1", "D2", "D3", "D4", "D5", "Overall" }.Select(c => StudyColumn.OfTexts(c, ["low", "high"]))]);
    /// var plot = RiskSummaryPlot.Create(RiskOfBias.Of(effects, RiskOfBiasTool.Rob2), new() { Weights = EqualEffects.Fit(effects) });
    /// </code></example>
    public static RiskSummaryPlot Create(RiskOfBias risk, RiskSummaryPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(risk);
        options ??= new RiskSummaryPlotOptions();
        var shares = risk.Shares(options.Weights);
        var of = options.Weights is null ? "studies" : "weight";
        var finding = $"Risk of bias by share of {of}, {StatisticText.Count(risk.Studies.Length, "study", "studies")} by {risk.Tool.Name}. " + string.Join("; ", shares.GroupBy(s => s.Domain)
            .Select(d => $"{d.Key}: {string.Join(", ", d.Where(s => s.Count > 0).Select(s => $"{StatisticText.Percent(s.Share, 0)} {s.Judgement.Name.ToLowerInvariant()}"))}")) + ".";
        return new RiskSummaryPlot(new RiskSummaryPlotModel
        {
            Title = options.Title,
            Finding = risk.Origin.IsSimulated ? $"{risk.Origin.Label}. {finding}" : finding,
            Origin = risk.Origin,
            Risk = risk,
            Shares = shares,
            IsWeighted = options.Weights is not null,
            Summary = [.. RiskMarks.Key(risk).Take(1)],
            Notes = risk.Warnings,
        });
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure()
    {
        var tool = Model.Risk.Tool;
        string[] codes = [.. RiskMarks.Codes(Model.Risk)];
        List<Scatter> traces = [];
        List<(double X, double Y, string Text)> signs = [];
        var from = new double[codes.Length];
        foreach (var judgement in tool.Judgements)
        {
            List<(double X, double Y, string Hover)> middles = [];
            List<double?> x = [], y = [];
            foreach (var share in Model.Shares.Where(s => s.Judgement == judgement && s.Share > 0))
            {
                var row = Array.IndexOf(codes, share.Domain);
                var (left, right) = (100 * from[row], 100 * (from[row] + share.Share));
                x.AddRange([left, right, right, left, left, null]);
                y.AddRange([row - HalfBar, row - HalfBar, row + HalfBar, row + HalfBar, row - HalfBar, null]);
                var name = row < tool.Domains.Length ? $"{tool.Domains[row].Code} {tool.Domains[row].Name}" : "overall";
                middles.Add(((left + right) / 2, row, PlotText.Hover(name, [new(judgement.Name, $"{StatisticText.Count(share.Count, "study", "studies")}, {StatisticText.Percent(share.Share)}{(Model.IsWeighted ? " of the weight" : "")}")])));
                if (share.Share >= LeastForSign) signs.Add(((left + right) / 2, row, judgement.Symbol));
                from[row] += share.Share;
            }
            if (middles.Count == 0) continue;
            traces.Add(new Scatter
            {
                Name = $"{judgement.Symbol} {judgement.Name}", Mode = "lines", ShowLegend = true, Fill = "toself", FillColor = RiskMarks.Color(judgement.Grade), LineColor = Theme.Surface, LineWidth = 1.5, X = x, Y = y,
            });
            // A filled shape does not answer to the pointer with a text of its own; a point one cannot see does.
            traces.Add(RiskMarks.Marks(judgement, middles, 22) with { ShowLegend = false, MarkerOpacity = 0, MarkerSize = 22 });
        }
        traces.Add(RiskMarks.Signs("signs", signs, Theme.TextSize + 1));
        return PlaneFigure.Create(new PlaneChart
        {
            Plot = this,
            XAxis = new PlotAxis(Model.IsWeighted ? "Share of the weight, %" : "Share of the studies, %", 0, 100, true),
            YAxis = new PlotAxis("", -0.6, codes.Length - 0.4, true),
            YIsInverted = true,
            YTicks = (_, size) => [.. codes.Select((code, row) => new AxisTick(row, row < tool.Domains.Length && size >= Theme.SmallSize ? PlotText.Cut($"{code} {tool.Domains[row].Name}", size, 240) : code))],
            Grid = false,
            Traces = [.. traces],
            Summary = Model.Summary,
            Remarks = Model.Notes,
            Height = codes.Length * RowHeight,
        });
    }
}
