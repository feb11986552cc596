using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;
using MathNet.Numerics.Distributions;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to shade in a plot of two groups.</summary>
public enum OverlapShading
{
    /// <summary>What both groups have in common.</summary>
    Overlap,

    /// <summary>Cohen's U3: those of the first group above the average of the second.</summary>
    U3,
}

/// <summary>What to choose in a plot of two groups.</summary>
public sealed record OverlapPlotOptions : PlotOptions
{
    /// <summary>What to shade; the overlap by default.</summary>
    public OverlapShading Shading { get; init; }

    /// <summary>What the first group is called.</summary>
    public string First { get; init; } = "first group";

    /// <summary>What the second group is called.</summary>
    public string Second { get; init; } = "second group";
}

/// <summary>Two normal groups as plain numbers and texts. The horizontal axis is in standard deviations from the average of the second group.</summary>
public sealed record OverlapPlotModel : PlotModel
{
    /// <summary>How far the averages lie apart, d.</summary>
    public required double Difference { get; init; }

    /// <summary>Scores in standard deviations.</summary>
    public required PlotAxis XAxis { get; init; }

    /// <summary>Densities.</summary>
    public required PlotAxis YAxis { get; init; }

    /// <summary>The density of the first group, N(d, 1).</summary>
    public required ImmutableArray<PlotPoint> First { get; init; }

    /// <summary>The density of the second group, N(0, 1).</summary>
    public required ImmutableArray<PlotPoint> Second { get; init; }

    /// <summary>The outline of what is shaded, down to 0.</summary>
    public required ImmutableArray<PlotPoint> Shaded { get; init; }

    /// <summary>What is shaded, as a share of a group.</summary>
    public required double Share { get; init; }

    /// <summary>What is shaded, in words.</summary>
    public required string ShareText { get; init; }

    /// <summary>The names of the groups, the first first.</summary>
    public required (string First, string Second) Names { get; init; }
}

/// <summary>
/// Two normal curves that lie d apart, with what they have in common or Cohen's U3 shaded (Cohen 1988, Statistical Power Analysis, ch. 2). It shows how much groups overlap even where means differ clearly. When not to use
/// it: for outcomes that are not normal within groups; for a correlation it shows two groups of equal size in place of a predictor by degrees.
/// </summary>
public sealed class OverlapPlot : Plot<OverlapPlotModel>
{
    private const int Steps = 160;

    private OverlapPlot(OverlapPlotModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the plot.</summary>
    /// <param name="meaning">What an effect means, with a standardized difference.</param>
    /// <param name="options">What to shade, and names of the groups; the defaults if not said.</param>
    /// <exception cref="ArgumentException">The effect is a ratio or difference of risks, which normal groups do not show; <see cref="IconArrayPlot"/> does. Or there is no such shading.</exception>
    /// <example><code>
    /// var plot = OverlapPlot.Create(EffectMeaning.OfDifference(0.5), new() { Shading = OverlapShading.U3, First = "treated", Second = "waiting list" });
    /// </code></example>
    public static OverlapPlot Create(EffectMeaning meaning, OverlapPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(meaning);
        options ??= new OverlapPlotOptions();
        if (!Enum.IsDefined(options.Shading)) throw new ArgumentOutOfRangeException(nameof(options), options.Shading, "There is no such shading.");
        if (meaning.StandardizedDifference is not { } d) throw new ArgumentException("A ratio or difference of risks is not shown by normal curves; IconArrayPlot shows it.", nameof(meaning));
        var kind = options.Shading == OverlapShading.U3 ? MeaningKind.U3 : MeaningKind.Overlap;
        var share = meaning.Statements.First(s => s.Kind == kind);
        var (low, high) = (Math.Min(0, d) - 3.4, Math.Max(0, d) + 3.4);
        double[] x = [.. Enumerable.Range(0, Steps + 1).Select(i => low + (high - low) * i / Steps)];
        double From(double v) => Normal.PDF(d, 1, v);
        static double Other(double v) => Normal.PDF(0, 1, v);
        var text = options.Shading == OverlapShading.U3 ? $"{share.Shown} of the {options.First} above the average of the {options.Second}" : $"{share.Shown} in common";
        ImmutableArray<PlotPoint> outline = options.Shading == OverlapShading.U3
            ? [new(0, 0), .. x.Where(v => v > 0).Prepend(0).Select(v => new PlotPoint(v, From(v))), new(high, 0)]
            : [new(low, 0), .. x.Append(d / 2).Order().Select(v => new PlotPoint(v, Math.Min(From(v), Other(v)))), new(high, 0)];
        var finding = $"Two groups whose averages lie d = {StatisticText.Number(d)} standard deviations apart: {text}{(share.ShownInterval.Length > 0 ? " " + share.ShownInterval : "")}.";
        return new OverlapPlot(new OverlapPlotModel
        {
            Title = options.Title,
            Finding = meaning.Origin.IsSimulated ? $"{meaning.Origin.Label}. {finding}" : finding,
            Origin = meaning.Origin,
            Difference = d,
            XAxis = new PlotAxis($"Outcome, in standard deviations from the average of the {options.Second}", low, high, true),
            YAxis = new PlotAxis("", 0, 0.47, true),
            First = [.. x.Select(v => new PlotPoint(v, From(v)))],
            Second = [.. x.Select(v => new PlotPoint(v, Other(v)))],
            Shaded = outline,
            Share = share.Value,
            ShareText = text,
            Names = (options.First, options.Second),
            Summary = [$"Shaded: {text}{(share.ShownInterval.Length > 0 ? ", " + StatisticText.Level(meaning.Interval!.Value.Level) + " CI " + share.ShownInterval : "")}. Dashed lines: the averages.", $"This holds if {share.Assumption}."],
            Notes = meaning.Warnings,
        });
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure()
    {
        var (first, second) = Model.Names;
        return PlaneFigure.Create(new PlaneChart
        {
            Plot = this,
            XAxis = Model.XAxis,
            YAxis = Model.YAxis,
            YTicks = (_, _) => [],
            Grid = false,
            Traces =
            [
                new Scatter
                {
                    Name = "shaded", Mode = "lines", Fill = "toself", FillColor = Theme.Fills[0], LineColor = Theme.Fills[0], LineWidth = 0, ClipOnAxis = true,
                    X = [.. Model.Shaded.Select(p => (double?)p.X)], Y = [.. Model.Shaded.Select(p => (double?)p.Y)],
                },
                Curve(second, Model.Second, Theme.Prediction, "dash"),
                Curve(first, Model.First, Theme.Study, null),
            ],
            Lines =
            [
                new FigureLine("x", 0, 0, "y", 0, Normal.PDF(0, 1, 0), Theme.Prediction, 1.2, "dash"),
                new FigureLine("x", Model.Difference, Model.Difference, "y", 0, Normal.PDF(0, 1, 0), Theme.Study, 1.2, "dash"),
                new FigureLine("paper", 0, 1, "y", 0, 0, Theme.Line, 1),
            ],
            Notes = [new PlaneNote($"d = {StatisticText.Number(Model.Difference)}", Model.Difference / 2, 0.405, "center", "bottom", Theme.Ink)],
            Summary = Model.Summary,
            Remarks = Model.Notes,
            Height = 320,
        });

        Scatter Curve(string name, ImmutableArray<PlotPoint> points, ThemeColor color, string? dash) => new()
        {
            Name = name, Mode = "lines", LineColor = color, LineWidth = 2.4, Dash = dash, ShowLegend = true, ClipOnAxis = true,
            X = [.. points.Select(p => (double?)p.X)], Y = [.. points.Select(p => (double?)p.Y)],
            Hover = [.. points.Select(p => PlotText.Hover(name, [new("score", $"{StatisticText.Number(p.X)} SD")]))],
        };
    }
}
