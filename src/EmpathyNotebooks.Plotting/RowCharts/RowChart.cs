using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>On which side of the drawing a text column stands.</summary>
public enum ColumnSide
{
    /// <summary>Left of it.</summary>
    Left,

    /// <summary>Right of it.</summary>
    Right,
}

/// <summary>How the texts of a column align.</summary>
public enum ColumnAlignment
{
    /// <summary>At their beginning.</summary>
    Left,

    /// <summary>At their end, as numbers do.</summary>
    Right,

    /// <summary>In their middle, as signs do.</summary>
    Center,
}

/// <summary>How long a column stays when there is less and less room.</summary>
internal enum ColumnStay
{
    Always,
    Medium,
    Wide,
}

/// <summary>A text column as it is drawn.</summary>
/// <param name="Header">The heading.</param>
/// <param name="ShortHeader">The heading in a narrow page.</param>
/// <param name="Side">On which side of the drawing it stands.</param>
/// <param name="Alignment">How its texts align.</param>
/// <param name="Stay">How long it stays when there is less room.</param>
/// <param name="MaximumPixels">The widest it may get in each of the forms, the widest first; longer texts are cut.</param>
internal sealed record RowColumn(string Header, string ShortHeader, ColumnSide Side, ColumnAlignment Alignment, ColumnStay Stay,
    double[] MaximumPixels)
{
    /// <summary>True where the signs of studies stand on a coloured ground.</summary>
    public bool HasSigns { get; init; }
}

internal enum RowMark
{
    None,
    Square,
    Circle,
    OpenCircle,
    Diamond,
    Bar,
}

/// <summary>One row as it is drawn: texts in the columns and a mark with its interval.</summary>
internal sealed record RowItem
{
    public required double Position { get; init; }

    /// <summary>One text a column; empty where there is none.</summary>
    public required ImmutableArray<string> Cells { get; init; }

    /// <summary>The texts in a narrow page.</summary>
    public required ImmutableArray<string> ShortCells { get; init; }

    /// <summary>True for rows that the menu reorders.</summary>
    public bool Moves { get; init; }
    public bool Bold { get; init; }

    /// <summary>A remark may run over into the next column.</summary>
    public bool RunsOver { get; init; }
    public ThemeColor TextColor { get; init; } = Theme.Ink;
    public RowMark Mark { get; init; }
    public ThemeColor Color { get; init; } = Theme.Study;

    /// <summary>The side of a square as a fraction of the largest.</summary>
    public double Size { get; init; } = 1;
    public double? Estimate { get; init; }

    /// <summary>What a model expects, drawn as a small diamond; null where it expects the same of all.</summary>
    public double? Expected { get; init; }
    public double? Lower { get; init; }
    public double? Upper { get; init; }
    public ImmutableArray<PlotPoint> Diamond { get; init; } = [];
    public string Hover { get; init; } = "";
}

/// <summary>A line over all rows.</summary>
internal sealed record RowLine(double Value, double FromPosition, double ToPosition, ThemeColor Color, double Width, string? Dash);

/// <summary>
/// A chart of rows: text columns to the left and right, between them marks with intervals on one scale. Forest plots and comparisons are
/// drawn from it.
/// </summary>
internal sealed record RowChart
{
    public required IPlot Plot { get; init; }
    public required ImmutableArray<RowColumn> Columns { get; init; }
    public required ImmutableArray<RowItem> Rows { get; init; }
    public required PlotAxis Axis { get; init; }
    public ImmutableArray<RowLine> Lines { get; init; } = [];

    /// <summary>Names and, for the moving rows in the order of <see cref="Rows"/>, positions.</summary>
    public ImmutableArray<(string Name, ImmutableArray<double> Positions)> Orders { get; init; } = [];
    public int ActiveOrder { get; init; }

    /// <summary>Rows that fold under others.</summary>
    public ImmutableArray<RowFold> Folds { get; init; } = [];

    /// <summary>True when they are folded at first.</summary>
    public bool IsFolded { get; init; }
    public ImmutableArray<string> Summary { get; init; } = [];
    public ImmutableArray<string> Notes { get; init; } = [];
    public required double RowHeight { get; init; }
    public required double FontSize { get; init; }

    /// <summary>On how many lines a text of the first column may stand at most; rows become as high as that takes.</summary>
    public int LabelLines { get; init; } = 1;

    /// <summary>The side in pixels of the largest square.</summary>
    public double LargestMark { get; init; } = 13;

    /// <summary>The chart as it is drawn on an even axis: ratios become their logarithms.</summary>
    public RowChart OnEvenAxis() => Axis.Spacing == AxisSpacing.Linear ? this : this with
    {
        Axis = new PlotAxis(Axis.Title, Axis.Place(Axis.Minimum), Axis.Place(Axis.Maximum), Axis.HasLeadingZero),
        Lines = [.. Lines.Select(l => l with { Value = Axis.Place(l.Value) })],
        Rows = [.. Rows.Select(r => r with
        {
            Estimate = Place(r.Estimate), Expected = Place(r.Expected), Lower = Place(r.Lower), Upper = Place(r.Upper),
            Diamond = [.. r.Diamond.Select(p => p with { X = Axis.Place(p.X) })],
        })],
    };

    /// <summary>The chart with diamonds of so much of their height, for rows that are higher than usual.</summary>
    public RowChart WithDiamondsAsHighAs(double share) => share == 1 ? this : this with
    {
        Rows = [.. Rows.Select(r => r with { Diamond = [.. r.Diamond.Select(p => p with { Y = r.Position + share * (p.Y - r.Position) })] })],
    };

    private double? Place(double? value) => value is { } v ? Axis.Place(v) : null;
}
