using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>One published summary number of a comparison, on the scale shown.</summary>
/// <param name="Label">What was related or compared, and by whom.</param>
/// <param name="Estimate">The number.</param>
/// <param name="Lower">The lower limit of its interval, if published.</param>
/// <param name="Upper">The upper limit of its interval, if published.</param>
/// <param name="Note">A few words shown beside it, such as how many studies it rests on.</param>
/// <param name="Source">The reference, for the hover.</param>
/// <param name="ConvertedFrom">What was published, for example <c>|d| = .20</c>, where the number was computed from it; else empty.</param>
public sealed record SummaryEstimate(string Label, double Estimate, double? Lower = null, double? Upper = null, string Note = "",
    string Source = "", string ConvertedFrom = "");

/// <summary>What to choose in a comparison.</summary>
public sealed record ComparisonPlotOptions
{
    /// <summary>The title; none by default.</summary>
    public string Title { get; init; } = "";

    /// <summary>The title of the axis; what the measure is called if not said.</summary>
    public string? AxisTitle { get; init; }

    /// <summary>The heading of the notes.</summary>
    public string NoteHeader { get; init; } = "Based on";

    /// <summary>The level of the intervals in percent and as printed; 95% by default.</summary>
    public double ConfidenceLevel
    {
        get;
        init => field = value is > 0 and < 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(ConfidenceLevel), value, "A confidence level lies between 0 and 1, both excluded.");
    } = 0.95;

    /// <summary>Where the numbers come from; published ones by default.</summary>
    public DataOrigin Origin { get; init; } = new(DataKind.Published, "");
}

/// <summary>A comparison as plain numbers and texts.</summary>
/// <param name="Title">The title; empty when there is none.</param>
/// <param name="Finding">What the plot shows, in words.</param>
/// <param name="Origin">Where the numbers come from.</param>
/// <param name="Measure">What the numbers measure.</param>
/// <param name="EstimateHeader">The heading of the numbers.</param>
/// <param name="NoteHeader">The heading of the notes.</param>
/// <param name="Rows">The rows from top to bottom.</param>
/// <param name="ByEffect">The position of each row when the largest number stands first.</param>
/// <param name="Axis">The axis.</param>
/// <param name="Key">What the marks mean, where that needs saying.</param>
public sealed record ComparisonPlotModel(string Title, string Finding, DataOrigin Origin, EffectMeasure Measure, string EstimateHeader,
    string NoteHeader, ImmutableArray<ComparisonRow> Rows, ImmutableArray<double> ByEffect, PlotAxis Axis, ImmutableArray<string> Key);

/// <summary>A row of a comparison.</summary>
/// <param name="Estimate">The number with all that was given.</param>
/// <param name="EstimateText">Number and interval as printed.</param>
/// <param name="NoteText">The note, with what the number was converted from.</param>
/// <param name="Details">What its hover shows.</param>
public sealed record ComparisonRow(SummaryEstimate Estimate, string EstimateText, string NoteText, ImmutableArray<PlotDetail> Details);

/// <summary>
/// A handful of published summary numbers side by side: a dot each, with its interval where one was published, an open dot where the number was
/// converted from another measure.
/// </summary>
public sealed class ComparisonPlot : IPlot
{
    private ComparisonPlot(ComparisonPlotModel model) => Model = model;

    /// <summary>The plot as numbers and texts.</summary>
    public ComparisonPlotModel Model { get; }

    /// <inheritdoc/>
    public string Title => Model.Title;

    /// <inheritdoc/>
    public string Finding => Model.Finding;

    /// <inheritdoc/>
    public DataOrigin Origin => Model.Origin;

    /// <summary>Lays out the comparison.</summary>
    /// <param name="estimates">The numbers, at least one, on the scale the measure shows.</param>
    /// <param name="measure">What they measure, for example <see cref="EffectMeasure.Correlation"/>.</param>
    /// <param name="options">Title, headings, level, origin; the defaults if not said.</param>
    /// <exception cref="InsufficientStudiesException">There is no number.</exception>
    /// <exception cref="StudyDataException">A number is off the scale of the measure, or does not lie in its interval, or has half an interval.</exception>
    /// <example><code>
    /// var plot = ComparisonPlot.Create([new("Empathy", 0.28, 0.23, 0.33), new("Treatments", 0.10, ConvertedFrom: "|d| = .20")], EffectMeasure.Correlation);
    /// </code></example>
    public static ComparisonPlot Create(IEnumerable<SummaryEstimate> estimates, EffectMeasure measure, ComparisonPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(estimates);
        ArgumentNullException.ThrowIfNull(measure);
        options ??= new ComparisonPlotOptions();
        SummaryEstimate[] items = [.. estimates];
        if (items.Length == 0) throw new InsufficientStudiesException("A comparison", 1, 0);
        for (var i = 0; i < items.Length; i++) Check(items[i], i + 1, measure);

        var texts = Texts(items, measure);
        var rows = items.Select((item, i) => new ComparisonRow(item, texts[i], Note(item), Details(item, measure))).ToImmutableArray();
        var level = StatisticText.Level(options.ConfidenceLevel);
        var (minimum, maximum) = ForestAxis.Choose([.. items.Select(i => (i.Lower ?? i.Estimate, i.Estimate, i.Upper ?? i.Estimate))], [], measure);
        var byEffect = new double[items.Length];
        foreach (var (position, row) in Enumerable.Range(0, items.Length).OrderByDescending(i => items[i].Estimate).Index()) byEffect[row] = position;

        var key = new List<string>();
        if (items.Any(i => i.ConvertedFrom.Length > 0)) key.Add("Open circle: converted from another measure.");
        if (items.Any(i => i.Lower is null)) key.Add("No bar: no interval was published.");
        var name = measure.Name.Split(',')[0];
        var title = options.AxisTitle ?? (name.Equals(measure.Symbol, StringComparison.OrdinalIgnoreCase) ? name : $"{name} {measure.Symbol}");
        var header = items.Any(i => i.Lower is not null) ? $"{measure.Symbol} [{level} CI]" : measure.Symbol;
        var finding = $"{(options.Origin.Label.Length > 0 ? options.Origin.Label : "Numbers")} compared: "
            + string.Join("; ", items.Select((item, i) => $"{item.Label}, {measure.Symbol} {(item.ConvertedFrom.Length > 0 ? "" : "= ")}{texts[i]}"
                + (item.ConvertedFrom.Length > 0 ? $" (converted from {item.ConvertedFrom})" : ""))) + ".";
        return new ComparisonPlot(new ComparisonPlotModel(options.Title, finding, options.Origin, measure, header, options.NoteHeader, rows,
            [.. byEffect], new PlotAxis(title, minimum, maximum, measure.HasLeadingZero) { Spacing = measure.AxisSpacing }, [.. key]));
    }

    /// <inheritdoc/>
    public PlotlyFigure ToFigure()
    {
        var last = Model.Rows.Length - 0.3;
        var hasNotes = Model.Rows.Any(r => r.NoteText.Length > 0);
        var zero = Model.Measure.DisplayNullValue;
        var columns = new List<RowColumn> { new("", "", ColumnSide.Left, ColumnAlignment.Left, ColumnStay.Always, [330, 240, 170, 130]) };
        if (hasNotes) columns.Add(new(Model.NoteHeader, Model.NoteHeader, ColumnSide.Right, ColumnAlignment.Left, ColumnStay.Wide, [280, 280, 280, 280]));
        columns.Insert(1, new(Model.EstimateHeader, Model.Measure.Symbol, ColumnSide.Right, ColumnAlignment.Left, ColumnStay.Always, [280, 280, 90, 90]));
        return RowFigure.Create(new RowChart
        {
            Plot = this,
            Columns = [.. columns],
            Rows = [.. Model.Rows.Select((row, i) => new RowItem
            {
                Position = i,
                Moves = true,
                Cells = hasNotes ? [row.Estimate.Label, row.EstimateText, row.NoteText] : [row.Estimate.Label, row.EstimateText],
                ShortCells = hasNotes ? [row.Estimate.Label, Number(row), ""] : [row.Estimate.Label, Number(row)],
                Mark = row.Estimate.ConvertedFrom.Length > 0 ? RowMark.OpenCircle : RowMark.Circle,
                Estimate = row.Estimate.Estimate,
                Lower = row.Estimate.Lower,
                Upper = row.Estimate.Upper,
                Hover = PlotText.Hover(row.Estimate.Label, row.Details),
            })],
            Axis = Model.Axis,
            Lines = Model.Axis.Contains(zero) ? [new RowLine(zero, -0.5, last, Theme.Line, 1.2, null)] : [],
            Orders = Model.Rows.Length < 3 ? [] : [("as given", [.. Enumerable.Range(0, Model.Rows.Length).Select(i => (double)i)]), ("by effect", Model.ByEffect)],
            Summary = Model.Key.IsEmpty ? [] : [string.Join(" ", Model.Key)],
            RowHeight = 36,
            LabelLines = 2,
            FontSize = 13,
            LargestMark = 11,
        });

        static string Number(ComparisonRow row) => row.EstimateText.Split(" [")[0];
    }

    /// <summary>The finding, for outputs that hold text alone.</summary>
    public override string ToString() => Finding;

    private static string[] Texts(SummaryEstimate[] items, EffectMeasure measure)
    {
        return [.. items.Select(item => item.ConvertedFrom.Length > 0 ? "≈ " + measure.Format(item.Estimate) : Format(item.Estimate)
            + (item is { Lower: { } lower, Upper: { } upper } ? $" [{Format(lower)}, {Format(upper)}]" : ""))];

        // As many decimals as were published: .278 is not .28.
        string Format(double value) => measure.Format(value, Math.Abs(value * 100 - Math.Round(value * 100)) < 1e-6 ? 2 : 3);
    }

    private static string Note(SummaryEstimate item) => item.ConvertedFrom.Length == 0
        ? item.Note
        : (item.Note.Length > 0 ? item.Note + "; " : "") + "from " + item.ConvertedFrom;

    private static ImmutableArray<PlotDetail> Details(SummaryEstimate item, EffectMeasure measure)
    {
        var details = new List<PlotDetail> { new(measure.Symbol, Texts([item], measure)[0]) };
        if (item.Lower is null) details.Add(new PlotDetail("", "no interval published"));
        if (item.ConvertedFrom.Length > 0) details.Add(new PlotDetail("converted from", item.ConvertedFrom));
        if (item.Note.Length > 0) details.Add(new PlotDetail("", item.Note));
        if (item.Source.Length > 0) details.Add(new PlotDetail("source", item.Source));
        return [.. details];
    }

    private static void Check(SummaryEstimate item, int row, EffectMeasure measure)
    {
        CheckValue("estimate", item.Estimate);
        if (item.Lower is { } lower) CheckValue("lower", lower);
        if (item.Upper is { } upper) CheckValue("upper", upper);
        if (item.Lower is null != item.Upper is null)
        {
            throw new StudyDataException("must have both limits of its interval, or neither", row: row, study: item.Label,
                column: item.Lower is null ? "lower" : "upper");
        }
        if (item.Lower > item.Estimate) throw Fault("lower", item.Lower.Value, "must not lie above the estimate");
        if (item.Upper < item.Estimate) throw Fault("upper", item.Upper.Value, "must not lie below the estimate");

        void CheckValue(string column, double value)
        {
            if (double.IsFinite(value) && value >= measure.DisplayMinimum && value <= measure.DisplayMaximum) return;
            throw Fault(column, value, double.IsFinite(measure.DisplayMinimum)
                ? FormattableString.Invariant($"must lie between {measure.DisplayMinimum} and {measure.DisplayMaximum}")
                : "must be a finite number");
        }

        StudyDataException Fault(string column, double value, string expected) =>
            new(expected, FormattableString.Invariant($"{value}"), row, item.Label, column);
    }
}
