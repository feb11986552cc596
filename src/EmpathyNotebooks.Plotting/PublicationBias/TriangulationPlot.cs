using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a triangulation plot.</summary>
public sealed record TriangulationPlotOptions : PlotOptions
{
    /// <summary>Decimals of the numbers; 2 by default.</summary>
    public int Digits
    {
        get;
        init => field = value is >= 0 and <= 6 ? value : throw new ArgumentOutOfRangeException(nameof(Digits), value, "Numbers have 0 to 6 decimals.");
    } = 2;
}

/// <summary>A method's answer, on the scale that readers know.</summary>
public sealed record TriangulationRow
{
    /// <summary>The method, as papers name it.</summary>
    public required string Method { get; init; }

    /// <summary>True for the mean without adjustment.</summary>
    public required bool IsUnadjusted { get; init; }

    /// <summary>The mean.</summary>
    public required double Estimate { get; init; }

    /// <summary>Its lower limit; null where the method defines no interval.</summary>
    public required double? Lower { get; init; }

    /// <summary>Its upper limit; null where the method defines no interval.</summary>
    public required double? Upper { get; init; }

    /// <summary>The studies or effects it rests on.</summary>
    public required int Count { get; init; }

    /// <summary>What must hold for it to be right; empty for the mean without adjustment.</summary>
    public required string Assumption { get; init; }

    /// <summary>What speaks against relying on it with these data.</summary>
    public required ImmutableArray<string> Warnings { get; init; }

    /// <summary>Everything known of it, for its hover.</summary>
    public required ImmutableArray<PlotDetail> Details { get; init; }
}

/// <summary>A triangulation plot as plain numbers and texts.</summary>
public sealed record TriangulationPlotModel : PlotModel
{
    /// <summary>What the effects measure.</summary>
    public required EffectMeasure Measure { get; init; }

    /// <summary>The level of the interval of the mean without adjustment.</summary>
    public required double ConfidenceLevel { get; init; }

    /// <summary>The mean without adjustment, then each method in the order given.</summary>
    public required ImmutableArray<TriangulationRow> Rows { get; init; }

    /// <summary>The place of each method when the largest estimate stands first.</summary>
    public required ImmutableArray<double> ByEstimate { get; init; }

    /// <summary>The axis, on the scale shown.</summary>
    public required PlotAxis Axis { get; init; }

    /// <summary>Decimals of the numbers.</summary>
    public required int Digits { get; init; }
}

/// <summary>
/// What the mean would be under each story of publication bias: one row a method, below the mean without adjustment. Methods that assume different things and still agree support one another; where they
/// disagree the range is the answer (Carter, Schönbrodt, Gervais &amp; Hilgard 2019, Advances in Methods and Practices in Psychological Science 2, 115-144, who advise to choose methods beforehand for the conditions
/// at hand). When not to use it: to pick the row one likes, or to average the rows; they are not independent, and a method whose assumption does not hold is not evidence.
/// </summary>
public sealed class TriangulationPlot : Plot<TriangulationPlotModel>
{
    private TriangulationPlot(TriangulationPlotModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the adjusted estimates beside the mean.</summary>
    /// <param name="fit">The fit without adjustment, of one mean.</param>
    /// <param name="estimates">The adjusted estimates, at least one, on the scale that the fit pools.</param>
    /// <param name="options">Title and decimals; the defaults if not said.</param>
    /// <exception cref="ArgumentException">There is no estimate, one is not a finite number, a limit is not a number, or the fit has moderators and so no one mean.</exception>
    /// <example><code>
    /// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.010, 0.022, 0.015, 0.008], EffectMeasure.FisherZ));
    /// var precise = new AdjustedEstimate("two most precise studies", 0.25, new(0.12, 0.38, 0.95), 2, "Precise studies are published whatever they find.", []);
    /// var plot = TriangulationPlot.Create(fit, [precise]);
    /// </code></example>
    public static TriangulationPlot Create(IModelFit fit, IReadOnlyList<AdjustedEstimate> estimates, TriangulationPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(estimates);
        return new TriangulationPlot(new TriangulationBuilder(fit, estimates, options ?? new TriangulationPlotOptions()).Build());
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure()
    {
        var rows = Model.Rows;
        string[] estimates = PlotText.AlignDecimals([.. rows.Select(r => Shown(r.Estimate))]);
        string[] lowers = PlotText.AlignDecimals([.. rows.Select(r => Shown(r.Lower))]);
        string[] uppers = PlotText.AlignDecimals([.. rows.Select(r => Shown(r.Upper))]);
        var (unadjusted, zero, last) = (rows[0], Model.Measure.DisplayNullValue, rows.Length - 0.4);
        var lines = ImmutableArray.CreateBuilder<RowLine>();
        if (Model.Measure.HasNullValue && Model.Axis.Contains(zero)) lines.Add(new RowLine(zero, -0.5, last, Theme.Line, 1.2, null));
        if (Model.Axis.Contains(unadjusted.Estimate)) lines.Add(new RowLine(unadjusted.Estimate, -0.5, last, Theme.Pooled, 1.4, "dash"));
        return RowFigure.Create(new RowChart
        {
            Plot = this,
            Columns =
            [
                new("Method", "Method", ColumnSide.Left, ColumnAlignment.Left, ColumnStay.Always, [300, 230, 190, 140]),
                new("k", "k", ColumnSide.Left, ColumnAlignment.Right, ColumnStay.Medium, [80, 80, 80, 80]),
                new($"{Model.Measure.Symbol} [{StatisticText.Level(Model.ConfidenceLevel)} CI]", Model.Measure.Symbol, ColumnSide.Right, ColumnAlignment.Right, ColumnStay.Always, [280, 280, 90, 90]),
            ],
            Rows = [.. rows.Select((row, i) => new RowItem
            {
                Position = i,
                Moves = !row.IsUnadjusted,
                Bold = row.IsUnadjusted,
                Cells = [row.Method, StatisticText.Count(row.Count), $"{estimates[i]} [{lowers[i]}, {uppers[i]}]"],
                ShortCells = [row.Method, StatisticText.Count(row.Count), estimates[i]],
                Mark = row.IsUnadjusted ? RowMark.Diamond : row.Warnings.IsEmpty ? RowMark.Circle : RowMark.OpenCircle,
                Color = row.IsUnadjusted ? Theme.Pooled : Theme.Study,
                Estimate = row.Estimate,
                Lower = row.Lower,
                Upper = row.Upper,
                Diamond = row.IsUnadjusted ? ForestAxis.Diamond(row.Lower ?? row.Estimate, row.Estimate, row.Upper ?? row.Estimate, i, Model.Axis) : [],
                Hover = PlotText.Hover(row.Method, row.Details),
            })],
            Axis = Model.Axis,
            Lines = lines.ToImmutable(),
            Orders = rows.Length < 4 ? [] : [("as given", [.. Enumerable.Range(1, rows.Length - 1).Select(i => (double)i)]), ("by estimate", Model.ByEstimate)],
            Summary = Model.Summary,
            Notes = Model.Notes,
            RowHeight = 26,
            LabelLines = 2,
            FontSize = 13,
            LargestMark = 10,
        });
    }

    /// <summary>A dash stands for the limits of a method that defines none.</summary>
    private string Shown(double? value) => value is { } v ? TriangulationBuilder.Format(Model.Measure, v, Model.Digits) : "–";
}
