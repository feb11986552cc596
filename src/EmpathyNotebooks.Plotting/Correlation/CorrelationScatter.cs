using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a picture of a correlation.</summary>
public sealed record CorrelationScatterOptions
{
    /// <summary>The title; none by default.</summary>
    public string Title { get; init; } = "";

    /// <summary>What the horizontal axis stands for.</summary>
    public string XName { get; init; } = "Predictor";

    /// <summary>What the vertical axis stands for.</summary>
    public string YName { get; init; } = "Outcome";

    /// <summary>What one point is, in the plural.</summary>
    public string PointsName { get; init; } = "people";
}

/// <summary>A picture of a correlation as plain numbers and texts. Both variables are in standard deviations from their mean.</summary>
/// <param name="Title">The title; empty when there is none.</param>
/// <param name="Finding">What the picture shows, in words.</param>
/// <param name="Origin">Constructed, and labelled so.</param>
/// <param name="Correlation">The correlation of the points.</param>
/// <param name="Points">The points.</param>
/// <param name="XMedian">The median of the horizontal values.</param>
/// <param name="YMedian">The median of the vertical values.</param>
/// <param name="HighHigh">How many points lie above both medians; as many lie below both.</param>
/// <param name="HighLow">How many lie above the horizontal and below the vertical median; as many the other way round.</param>
/// <param name="XAxis">The horizontal axis.</param>
/// <param name="YAxis">The vertical axis.</param>
/// <param name="PointsName">What one point is, in the plural.</param>
public sealed record CorrelationScatterModel(string Title, string Finding, DataOrigin Origin, double Correlation, ImmutableArray<PlotPoint> Points,
    double XMedian, double YMedian, int HighHigh, int HighLow, PlotAxis XAxis, PlotAxis YAxis, string PointsName);

/// <summary>
/// What a correlation looks like: points constructed so that their sample correlation is exactly r, the regression line, and how many points
/// lie in each quarter between the medians. An illustration, never data.
/// </summary>
public sealed class CorrelationScatter : IPlot
{
    private CorrelationScatter(CorrelationScatterModel model) => Model = model;

    /// <summary>The picture as numbers and texts.</summary>
    public CorrelationScatterModel Model { get; }

    /// <inheritdoc/>
    public string Title => Model.Title;

    /// <inheritdoc/>
    public string Finding => Model.Finding;

    /// <inheritdoc/>
    public DataOrigin Origin => Model.Origin;

    /// <summary>Constructs the points.</summary>
    /// <param name="r">The correlation, in (-1, 1).</param>
    /// <param name="n">How many points: an even number from 10 to 2,000, so that the medians split them in halves.</param>
    /// <param name="options">Names and title; the defaults if not said.</param>
    /// <exception cref="ArgumentOutOfRangeException">r or n lies outside its range, or n is odd.</exception>
    /// <example><code>var plot = CorrelationScatter.Create(0.28, 200, new() { XName = "Empathy", YName = "Outcome" });</code></example>
    public static CorrelationScatter Create(double r, int n = 200, CorrelationScatterOptions? options = null)
    {
        options ??= new CorrelationScatterOptions();
        if (r is not (> -1 and < 1)) throw new ArgumentOutOfRangeException(nameof(r), r, "A correlation lies between -1 and 1, both excluded.");
        if (n is < 10 or > 2000 || n % 2 != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(n), n, "The number of points must be an even number from 10 to 2,000.");
        }
        var (x, y) = CorrelatedPoints.Create(r, n);
        var (xMedian, yMedian) = (Median(x), Median(y));
        var highHigh = x.Zip(y).Count(p => p.First > xMedian && p.Second > yMedian);
        var highLow = n / 2 - highHigh;

        var shown = EffectMeasure.Correlation.Format(r);
        var edge = Math.Max(x.Concat(y).Max(), -x.Concat(y).Min()) * 1.06;
        var finding = $"Constructed illustration of r = {shown} with {StatisticText.Count(n)} {options.PointsName}: of the {StatisticText.Count(n / 2)} above the median of "
            + $"{options.XName.ToLowerInvariant()}, {StatisticText.Count(highHigh)} ({StatisticText.Percent(highHigh / (n / 2.0), 0)}) are above the median of "
            + $"{options.YName.ToLowerInvariant()} and {StatisticText.Count(highLow)} below it.";
        var origin = new DataOrigin(DataKind.Simulated, "an illustration", $"The points were constructed so that they correlate exactly {shown}");
        return new CorrelationScatter(new CorrelationScatterModel(options.Title, finding, origin, CorrelatedPoints.Correlation(x, y),
            [.. x.Zip(y).Select(p => new PlotPoint(p.First, p.Second))], xMedian, yMedian, highHigh, highLow,
            new PlotAxis($"{options.XName} (standard deviations)", -edge, edge, true),
            new PlotAxis($"{options.YName} (standard deviations)", -edge, edge, true), options.PointsName));
    }

    /// <inheritdoc/>
    public PlotlyFigure ToFigure()
    {
        var (x, y) = (Model.XAxis, Model.YAxis);
        var slope = Model.Correlation;
        var half = Model.Points.Length / 2.0;
        string Count(int count) => FormattableString.Invariant($"{count} {Model.PointsName} ({StatisticText.Percent(count / half, 0)})");
        return PlaneFigure.Create(new PlaneChart
        {
            Plot = this,
            XAxis = x,
            YAxis = y,
            Grid = false,
            Height = 430,
            Traces =
            [
                new Scatter
                {
                    Name = "points", Mode = "markers", MarkerSize = 7, MarkerColor = Theme.Study, MarkerOpacity = 0.6, MarkerLineWidth = 0,
                    X = [.. Model.Points.Select(p => (double?)p.X)],
                    Y = [.. Model.Points.Select(p => (double?)p.Y)],
                    Hover = [.. Model.Points.Select(p => PlotText.Hover("", [new(x.Title, StatisticText.Number(p.X)), new(y.Title, StatisticText.Number(p.Y))]))],
                },
                new Scatter
                {
                    Name = "regression line", Mode = "lines", LineColor = Theme.Pooled, LineWidth = 2.5, ClipOnAxis = true,
                    X = [x.Minimum, x.Maximum], Y = [slope * x.Minimum, slope * x.Maximum],
                    Hover = [.. Enumerable.Repeat($"Regression line: slope {EffectMeasure.Correlation.Format(slope)}", 2)],
                },
            ],
            Lines =
            [
                new FigureLine("x", Model.XMedian, Model.XMedian, "paper", 0, 1, Theme.Muted, 1.2, "dash"),
                new FigureLine("paper", 0, 1, "y", Model.YMedian, Model.YMedian, Theme.Muted, 1.2, "dash"),
            ],
            Notes =
            [
                new PlaneNote(Count(Model.HighHigh), x.Maximum, y.Maximum, "right", "top", Theme.Ink),
                new PlaneNote(Count(Model.HighLow), x.Minimum, y.Maximum, "left", "top", Theme.Ink),
                new PlaneNote(Count(Model.HighHigh), x.Minimum, y.Minimum, "left", "bottom", Theme.Ink),
                new PlaneNote(Count(Model.HighLow), x.Maximum, y.Minimum, "right", "bottom", Theme.Ink),
            ],
            Summary = [$"r = {EffectMeasure.Correlation.Format(Model.Correlation)}; dashed lines: medians; percentages: of each half left and right of the median."],
        });
    }

    /// <summary>The finding, for outputs that hold text alone.</summary>
    public override string ToString() => Finding;

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
