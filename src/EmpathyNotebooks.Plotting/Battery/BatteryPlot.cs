using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a plot of a battery.</summary>
public sealed record BatteryPlotOptions : PlotOptions
{
    /// <summary>Decimals of the numbers; 2 by default.</summary>
    public int Digits
    {
        get;
        init => field = value is >= 0 and <= 6 ? value : throw new ArgumentOutOfRangeException(nameof(Digits), value, "Numbers have 0 to 6 decimals.");
    } = 2;
}

/// <summary>A battery of analyses as plain numbers and texts.</summary>
public sealed record BatteryPlotModel : PlotModel
{
    /// <summary>The battery.</summary>
    public required BatteryResult Result { get; init; }

    /// <summary>The axis, on the scale shown.</summary>
    public required PlotAxis Axis { get; init; }

    /// <summary>Decimals of the numbers.</summary>
    public required int Digits { get; init; }
}

/// <summary>
/// The analyses that reviews of psychotherapy report side by side, a row each: the overall mean as a diamond, the others as dots with their intervals, adjusted ones as open dots. When not to use it: to pick the row that suits.
/// </summary>
public sealed class BatteryPlot : Plot<BatteryPlotModel>
{
    private BatteryPlot(BatteryPlotModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the plot.</summary>
    /// <param name="result">The battery, with at least one analysis that was computed.</param>
    /// <param name="options">Title and decimals; the defaults if not said.</param>
    /// <exception cref="UndeterminedException">Not one analysis was computed.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.06, 0.10, 0.09, 0.05, 0.12], EffectMeasure.StandardizedMeanDifference, columns: [StudyColumn.OfTexts("study", ["A", "A", "B", "C", "D"])]);
    /// var plot = BatteryPlot.Create(Battery.Of(effects, new() { Study = "study" }));
    /// </code></example>
    public static BatteryPlot Create(BatteryResult result, BatteryPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        options ??= new BatteryPlotOptions();
        if (result.Rows.IsEmpty) throw new UndeterminedException("A plot of a battery", "not one of its analyses was computed");
        var measure = result.Rows[0].Measure;
        (double Lower, double Estimate, double Upper)[] shown = [.. result.Rows.Select(r => (Of(r).Lower, r.Measure.ToDisplay(r.Mean.Estimate), Of(r).Upper))];
        var (minimum, maximum) = ForestAxis.Choose(shown, [], measure);
        string Format(double value) => measure.Format(value, options.Digits);
        var finding = $"{StatisticText.Count(result.Rows.Length, "analysis", "analyses")} of {StatisticText.Count(result.Effects.Count, "effect")} side by side: {measure.Symbol} from {Format(shown.Min(s => s.Estimate))} to {Format(shown.Max(s => s.Estimate))}. "
            + string.Join("; ", result.Rows.Select((r, i) => $"{r.Name} {Format(shown[i].Estimate)} [{Format(shown[i].Lower)}, {Format(shown[i].Upper)}]")) + ".";
        return new BatteryPlot(new BatteryPlotModel
        {
            Title = options.Title,
            Finding = result.Effects.Origin.IsSimulated ? $"{result.Effects.Origin.Label}. {finding}" : finding,
            Origin = result.Effects.Origin,
            Result = result,
            Axis = new PlotAxis(measure.Name.Split(',')[0], minimum, maximum, measure.HasLeadingZero) { Spacing = measure.AxisSpacing },
            Digits = options.Digits,
            Summary = [$"Diamond: all effects. Dots: other analyses{(result.Rows.Any(IsAdjusted) ? "; open dots: adjusted for publication bias" : "")}. Bars: {StatisticText.Level(result.Options.ConfidenceLevel)} confidence intervals.", .. result.Choices],
            Notes = [.. result.NotComputed.Select(n => $"Not computed: {n.Method}. {n.Reason}")],
        });
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure()
    {
        var rows = Model.Result.Rows;
        var measure = rows[0].Measure;
        var (zero, last) = (measure.DisplayNullValue, rows.Length - 0.4);
        var lines = ImmutableArray.CreateBuilder<RowLine>();
        if (measure.HasNullValue && Model.Axis.Contains(zero)) lines.Add(new RowLine(zero, -0.5, last, Theme.Line, 1.2, null));
        if (Model.Result[BatteryVariant.Overall] is { } overall && overall.Measure.ToDisplay(overall.Mean.Estimate) is var at && Model.Axis.Contains(at)) lines.Add(new RowLine(at, -0.5, last, Theme.Pooled, 1.4, "dash"));
        return RowFigure.Create(new RowChart
        {
            Plot = this,
            Columns =
            [
                new("Analysis", "Analysis", ColumnSide.Left, ColumnAlignment.Left, ColumnStay.Always, [300, 230, 190, 140]),
                new("k", "k", ColumnSide.Left, ColumnAlignment.Right, ColumnStay.Medium, [60, 60, 60, 60]),
                new($"{measure.Symbol} [{StatisticText.Level(Model.Result.Options.ConfidenceLevel)} CI]", measure.Symbol, ColumnSide.Right, ColumnAlignment.Right, ColumnStay.Always, [280, 280, 90, 90]),
                new("Prediction interval", "PI", ColumnSide.Right, ColumnAlignment.Right, ColumnStay.Wide, [200, 200, 90, 90]),
                new("I²", "I²", ColumnSide.Right, ColumnAlignment.Right, ColumnStay.Wide, [70, 70, 70, 70]),
                .. rows.Any(r => r.NumberNeeded is not null) ? [new("NNT", "NNT", ColumnSide.Right, ColumnAlignment.Right, ColumnStay.Wide, [70, 70, 70, 70])] : Array.Empty<RowColumn>(),
            ],
            Rows = [.. rows.Select(Row)],
            Axis = Model.Axis,
            Lines = lines.ToImmutable(),
            Summary = Model.Summary,
            Notes = Model.Notes,
            RowHeight = 28,
            LabelLines = 2,
            FontSize = 13,
            LargestMark = 10,
        });
    }

    private RowItem Row(BatteryRow row, int position)
    {
        var interval = Of(row);
        var estimate = row.Measure.ToDisplay(row.Mean.Estimate);
        var prediction = row.PredictionInterval?.Transform(row.Measure.ToDisplay);
        string Shown(ConfidenceInterval limits) => $"[{Format(row, limits.Lower)}, {Format(row, limits.Upper)}]";
        var isOverall = row.Variant == BatteryVariant.Overall;
        string[] needed = Model.Result.Rows.Any(r => r.NumberNeeded is not null) ? [row.NumberNeeded?.Shown ?? "–"] : [];
        string[] right = [prediction is { } pi ? Shown(pi) : "–", row.ISquared is { } i2 ? StatisticText.Percent(i2, 0) : "–", .. needed];
        List<PlotDetail> details =
        [
            new(row.Measure.Symbol, $"{Format(row, estimate)} {Shown(interval)}"), new("k", $"{StatisticText.Count(row.Count)} of {StatisticText.Count(row.StudyCount, "study", "studies")}"),
            .. row.Participants is { } people ? [new("N", StatisticText.Count(people))] : Array.Empty<PlotDetail>(),
            .. row.Measure.HasNullValue ? [new("p", StatisticText.PValue(row.Mean.PValue))] : Array.Empty<PlotDetail>(),
            .. prediction is { } known ? [new("prediction interval", Shown(known))] : Array.Empty<PlotDetail>(),
            .. row.NumberNeeded is { } number ? [new(number.Name, $"{number.Shown} {number.ShownInterval}")] : Array.Empty<PlotDetail>(),
            .. row.Note.Length > 0 ? [new("", row.Note)] : Array.Empty<PlotDetail>(),
            .. row.LeftOut.IsEmpty ? Array.Empty<PlotDetail>() : [new("left out", string.Join(", ", row.LeftOut.Take(6)) + (row.LeftOut.Length > 6 ? $" and {StatisticText.Count(row.LeftOut.Length - 6)} more" : ""))],
        ];
        return new RowItem
        {
            Position = position,
            Bold = isOverall,
            Cells = [row.Name, StatisticText.Count(row.Count), $"{Format(row, estimate)} {Shown(interval)}", .. right],
            ShortCells = [row.Name, StatisticText.Count(row.Count), Format(row, estimate), .. right],
            Mark = isOverall ? RowMark.Diamond : IsAdjusted(row) ? RowMark.OpenCircle : RowMark.Circle,
            Color = isOverall ? Theme.Pooled : Theme.Study,
            Estimate = estimate,
            Lower = interval.Lower,
            Upper = interval.Upper,
            Diamond = isOverall ? ForestAxis.Diamond(interval.Lower, estimate, interval.Upper, position, Model.Axis) : [],
            Hover = PlotText.Hover(row.Name, [.. details]),
        };
    }

    private string Format(BatteryRow row, double shown) => row.Measure.Format(shown, Model.Digits);

    private static ConfidenceInterval Of(BatteryRow row) => row.Mean.ConfidenceInterval.Transform(row.Measure.ToDisplay);

    private static bool IsAdjusted(BatteryRow row) => row.Variant is BatteryVariant.TrimAndFill or BatteryVariant.Limit or BatteryVariant.Selection;
}
