using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a plot of the values of a column.</summary>
public sealed record ColumnValuesPlotOptions : PlotOptions
{
    /// <summary>Rows, counted from 0, whose values are marked, for example those that a check found doubtful.</summary>
    public IReadOnlyList<int> MarkedRows { get; init => field = [.. value ?? throw new ArgumentNullException(nameof(MarkedRows))]; } = [];

    /// <summary>Of more categories than these the most usual are shown, and the others as one. At least 2.</summary>
    public int MostCategories { get; init => field = value >= 2 ? value : throw new ArgumentOutOfRangeException(nameof(MostCategories), value, "At least 2 categories are shown."); } = 12;
}

/// <summary>A value or a group of values of a column.</summary>
/// <param name="Name">What it is: a category, or a range of numbers.</param>
/// <param name="From">Where its bar begins on the axis of values, or its place among the categories.</param>
/// <param name="To">Where it ends.</param>
/// <param name="Count">How many rows have it.</param>
public sealed record ColumnValuesBar(string Name, double From, double To, int Count);

/// <summary>A plot of the values of a column as plain numbers and texts.</summary>
public sealed record ColumnValuesPlotModel : PlotModel
{
    /// <summary>The column.</summary>
    public required string Column { get; init; }

    /// <summary>True for numbers, whose bars stand side by side; categories lie one below the other.</summary>
    public required bool IsNumeric { get; init; }

    /// <summary>The values, or for categories the numbers of rows.</summary>
    public required PlotAxis XAxis { get; init; }

    /// <summary>The numbers of rows, or for categories their places.</summary>
    public required PlotAxis YAxis { get; init; }

    /// <summary>The bars, numbers from low to high, categories from the most usual.</summary>
    public required ImmutableArray<ColumnValuesBar> Bars { get; init; }

    /// <summary>The marked values.</summary>
    public required ImmutableArray<double> Marked { get; init; }

    /// <summary>How many rows have no value.</summary>
    public required int Missing { get; init; }
}

/// <summary>
/// The values of one column of a table: numbers as a histogram, texts as bars of categories. A first look at data before they are pooled: a number with a digit too many, a category that is written in two ways, a column that is empty
/// stand out. When not to use it: to judge effects, which differ in how precise they are; a forest or funnel plot shows that.
/// </summary>
public sealed class ColumnValuesPlot : Plot<ColumnValuesPlotModel>
{
    private const double LongestName = 26;
    private const int MostWholeNumbers = 30;

    private ColumnValuesPlot(ColumnValuesPlotModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the bars.</summary>
    /// <param name="column">The column.</param>
    /// <param name="origin">Where the data come from; the caller's own if not said.</param>
    /// <param name="options">Which rows are marked.</param>
    /// <exception cref="ArgumentOutOfRangeException">A marked row does not exist.</exception>
    /// <example><code>
    /// var plot = ColumnValuesPlot.Create(StudyColumn.OfNumbers("n", [20, 35, 41, 3500, 28, null]), options: new ColumnValuesPlotOptions { MarkedRows = [3] });
    /// </code></example>
    public static ColumnValuesPlot Create(StudyColumn column, DataOrigin? origin = null, ColumnValuesPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(column);
        options ??= new ColumnValuesPlotOptions();
        foreach (var row in options.MarkedRows) ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)column.Count, nameof(options));
        return new ColumnValuesPlot(column.IsNumeric ? Numbers(column, origin ?? DataOrigin.Own, options) : Categories(column, origin ?? DataOrigin.Own, options));
    }

    private static ColumnValuesPlotModel Numbers(StudyColumn column, DataOrigin origin, ColumnValuesPlotOptions options)
    {
        double[] sorted = [.. Enumerable.Range(0, column.Count).Select(column.Number).OfType<double>().Order()];
        var missing = column.Count - sorted.Length;
        var (low, high) = sorted.Length == 0 ? (0.0, 1.0) : (sorted[0], sorted[^1]);
        // A few whole numbers have a bar each.
        var isCounted = sorted.Length > 0 && high - low <= MostWholeNumbers && Array.TrueForAll(sorted, x => x == Math.Floor(x));
        ImmutableArray<ColumnValuesBar> bars = sorted.Length == 0 ? []
            : isCounted ? [.. sorted.GroupBy(x => x).Select(g => new ColumnValuesBar(Shown(g.Key), g.Key - 0.4, g.Key + 0.4, g.Count()))]
            : [.. ReplicateBars.Of(sorted, low, high, [], _ => true).Select(b => new ColumnValuesBar($"{Shown(b.From)} to {Shown(b.To)}", b.From, b.To, b.Count))];
        var room = isCounted ? 0.6 : PlotAxis.Room(low, high, 0.04);
        var range = sorted.Length == 0 ? "no value" : $"{StatisticText.Count(sorted.Length, "value")} from {Shown(low)} to {Shown(high)}, median {Shown(Median(sorted))}";
        return new ColumnValuesPlotModel
        {
            Title = options.Title,
            Finding = Label(origin) + $"Column {column.Name}: {range}{Lacking(missing)}.",
            Origin = origin,
            Summary = [$"{char.ToUpperInvariant(range[0])}{range[1..]}{Lacking(missing)}."],
            Notes = [],
            Column = column.Name,
            IsNumeric = true,
            XAxis = new PlotAxis(column.Name, low - room, high + room, true),
            YAxis = new PlotAxis("Rows", 0, 1.15 * Math.Max(1, bars.Select(b => b.Count).DefaultIfEmpty(0).Max()), true),
            Bars = bars,
            Marked = [.. options.MarkedRows.Select(column.Number).OfType<double>()],
            Missing = missing,
        };
    }

    private static ColumnValuesPlotModel Categories(StudyColumn column, DataOrigin origin, ColumnValuesPlotOptions options)
    {
        var counts = Enumerable.Range(0, column.Count).Select(column.Text).OfType<string>().GroupBy(text => text, StringComparer.Ordinal).Select(g => (g.Key, Count: g.Count()))
            .OrderByDescending(g => g.Count).ThenBy(g => g.Key, StringComparer.Ordinal).ToList();
        var missing = column.Count - counts.Sum(c => c.Count);
        var all = counts.Count;
        if (all > options.MostCategories)
        {
            var others = counts[(options.MostCategories - 1)..];
            counts = [.. counts[..(options.MostCategories - 1)], ($"{StatisticText.Count(others.Count)} others", others.Sum(c => c.Count))];
        }
        var most = counts.Select(c => c.Count).DefaultIfEmpty(1).Max();
        var finding = all == 0 ? "no value" : $"{StatisticText.Count(all, "category", "categories")} in {StatisticText.Count(counts.Sum(c => c.Count), "row")}, most often \"{counts[0].Key}\" ({StatisticText.Count(counts[0].Count)})";
        return new ColumnValuesPlotModel
        {
            Title = options.Title,
            Finding = Label(origin) + $"Column {column.Name}: {finding}{Lacking(missing)}.",
            Origin = origin,
            Summary = [$"{char.ToUpperInvariant(finding[0])}{finding[1..]}{Lacking(missing)}."],
            Notes = [],
            Column = column.Name,
            IsNumeric = false,
            XAxis = new PlotAxis("Rows", 0, 1.08 * most, true),
            YAxis = new PlotAxis(column.Name, 0.4, Math.Max(1, counts.Count) + 0.6, true),
            Bars = [.. counts.Select((c, i) => new ColumnValuesBar(c.Key, i + 1 - 0.36, i + 1 + 0.36, c.Count))],
            Marked = [],
            Missing = missing,
        };
    }

    // As a reader writes it: 160 and not 160.0.
    private static string Shown(double value) => StatisticText.Significant(value, 4) is var text && text.Contains('.', StringComparison.Ordinal) && !text.Contains('E', StringComparison.Ordinal) ? text.TrimEnd('0').TrimEnd('.') : StatisticText.Significant(value, 4);

    private static string Label(DataOrigin origin) => origin.IsSimulated ? $"{origin.Label}. " : "";

    private static string Lacking(int missing) => missing == 0 ? "" : $"; {StatisticText.Count(missing, "row")} without one";

    private static double Median(double[] sorted) => sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : 0.5 * (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]);

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure() => PlaneFigure.Create(new PlaneChart
    {
        Plot = this,
        XAxis = Model.XAxis,
        YAxis = Model.YAxis,
        Traces = [.. Bars(), .. Marks()],
        Summary = Model.Summary,
        Remarks = Model.Notes,
        XTicks = Model.IsNumeric ? null : (_, _) => WholeTicks(Model.XAxis),
        YTicks = Model.IsNumeric ? (_, _) => WholeTicks(Model.YAxis)
            : (_, font) => [.. Model.Bars.Select((b, i) => new AxisTick(i + 1, PlotText.Cut(b.Name, font, LongestName * font * 0.5)))],
        YIsInverted = !Model.IsNumeric,
        Height = Model.IsNumeric ? 200 : 60 + (22 * Math.Max(2, Model.Bars.Length)),
    });

    // Rows are counted in whole numbers.
    private static ImmutableArray<AxisTick> WholeTicks(PlotAxis axis) => [.. axis.Ticks(4).Where(t => t.Value == Math.Floor(t.Value))];

    private IEnumerable<Scatter> Bars()
    {
        ColumnValuesBar[] filled = [.. Model.Bars.Where(b => b.Count > 0)];
        double?[] Edges(Func<ColumnValuesBar, double?[]> corners) => [.. filled.SelectMany(corners)];
        var along = Edges(b => [b.From, b.From, b.To, b.To, b.From, null]);
        var across = Edges(b => [0, b.Count, b.Count, 0, 0, null]);
        yield return new Scatter
        {
            Name = "rows", Mode = "lines", Fill = "toself", FillColor = Theme.Fills[0], LineColor = Theme.Study, LineWidth = 1, ClipOnAxis = true,
            X = Model.IsNumeric ? along : across, Y = Model.IsNumeric ? across : along,
        };
        double?[] middles = [.. filled.Select(b => (double?)((b.From + b.To) / 2))], ends = [.. filled.Select(b => (double?)b.Count)];
        yield return new Scatter
        {
            Name = "counts", Mode = "markers", MarkerSize = 10, MarkerOpacity = 0, MarkerColor = Theme.Study,
            X = Model.IsNumeric ? middles : ends, Y = Model.IsNumeric ? ends : middles,
            Hover = [.. filled.Select(b => PlotText.Hover(b.Name, [new("rows", StatisticText.Count(b.Count))]))],
        };
    }

    private IEnumerable<Scatter> Marks()
    {
        if (Model.Marked.IsEmpty) yield break;
        yield return new Scatter
        {
            Name = "doubtful", Mode = "markers", ShowLegend = true, MarkerSymbol = "diamond", MarkerSize = 9, MarkerColor = Theme.Pooled,
            X = [.. Model.Marked.Select(v => (double?)v)], Y = [.. Model.Marked.Select(_ => (double?)(0.04 * Model.YAxis.Maximum))],
            Hover = [.. Model.Marked.Select(v => PlotText.Hover("doubtful", [new("value", Shown(v))]))],
        };
    }
}
