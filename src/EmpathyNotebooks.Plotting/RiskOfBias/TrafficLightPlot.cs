using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a traffic-light plot.</summary>
public sealed record TrafficLightPlotOptions : PlotOptions;

/// <summary>A traffic-light plot as plain texts.</summary>
public sealed record TrafficLightPlotModel : PlotModel
{
    /// <summary>The judgements.</summary>
    public required RiskOfBias Risk { get; init; }

    /// <summary>The codes of the domains, then overall.</summary>
    public required ImmutableArray<string> Columns { get; init; }
}

/// <summary>
/// The risk of bias of each study in each domain: a coloured mark with a sign, + low, − moderate, × high, ! critical, ? unknown (McGuinness &amp; Higgins 2021, Research Synthesis Methods 12, 55-61). When not to use it: of hundreds of
/// studies, where <see cref="RiskSummaryPlot"/> says it in a bar a domain.
/// </summary>
public sealed class TrafficLightPlot : Plot<TrafficLightPlotModel>
{
    private const double OverallApart = 0.7, RowHeight = 23, MarkSize = 17;

    private TrafficLightPlot(TrafficLightPlotModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the plot.</summary>
    /// <param name="risk">The judgements.</param>
    /// <param name="options">The title; none if not said.</param>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.3, 0.2], [0.01, 0.02], labels: ["Study A", "Study B"], columns: [.. new[] { "D1", "D2", "D3", "D4", "D5", "Overall" }.Select(c => StudyColumn.OfTexts(c, ["low", "high"]))]);
    /// var plot = TrafficLightPlot.Create(RiskOfBias.Of(effects, RiskOfBiasTool.Rob2));
    /// </code></example>
    public static TrafficLightPlot Create(RiskOfBias risk, TrafficLightPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(risk);
        var finding = $"Risk of bias, study by study. {risk}.";
        return new TrafficLightPlot(new TrafficLightPlotModel
        {
            Title = options?.Title ?? "",
            Finding = risk.Origin.IsSimulated ? $"{risk.Origin.Label}. {finding}" : finding,
            Origin = risk.Origin,
            Risk = risk,
            Columns = [.. RiskMarks.Codes(risk)],
            Summary = [.. RiskMarks.Key(risk).Take(1)],
            Notes = risk.Warnings,
        });
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure()
    {
        var (risk, n) = (Model.Risk, Model.Risk.Studies.Length);
        var domains = risk.Tool.Domains;
        double Place(int column) => column < domains.Length ? column : column + OverallApart;
        var marks = risk.Tool.Judgements.ToDictionary(j => j, _ => new List<(double X, double Y, string Hover)>());
        var signs = new List<(double X, double Y, string Text)>();
        foreach (var (row, study) in risk.Studies.Index())
        {
            foreach (var (column, judgement) in study.Judgements.Append(study.Overall).OfType<RiskJudgement>().Index())
            {
                var what = column < domains.Length ? $"{domains[column].Code} {domains[column].Name}" : "overall";
                marks[judgement].Add((Place(column), row, PlotText.Hover(study.Study, [new(what, judgement.Name)])));
                signs.Add((Place(column), row, judgement.Symbol));
            }
        }
        return PlaneFigure.Create(new PlaneChart
        {
            Plot = this,
            XAxis = new PlotAxis("", -0.6, Place(Model.Columns.Length - 1) + 0.6, true),
            YAxis = new PlotAxis("", -1.5, n - 0.4, true),
            YIsInverted = true,
            XTicks = (_, _) => [.. Model.Columns.Select((code, c) => new AxisTick(Place(c), code))],
            YTicks = (_, size) => [.. risk.Studies.Select((s, row) => new AxisTick(row, PlotText.Cut(s.Study, size, size < Theme.SmallSize ? 120 : 230)))],
            Grid = false,
            Lines = [.. Enumerable.Range(0, n).Select(row => new FigureLine("paper", 0, 1, "y", row + 0.5, row + 0.5, Theme.Grid, 1))],
            // The codes stand above, too: of many studies the axis is a page away.
            Notes = [.. Model.Columns.Select((code, c) => new PlaneNote(code, Place(c), -1, "center", "middle", Theme.Ink))],
            Traces = [.. marks.Where(m => m.Value.Count > 0).Select(m => RiskMarks.Marks(m.Key, m.Value, MarkSize)), RiskMarks.Signs("signs", signs, Theme.TextSize)],
            Summary = Model.Summary,
            Remarks = Model.Notes,
            Height = (n + 1.1) * RowHeight,
        });
    }
}
