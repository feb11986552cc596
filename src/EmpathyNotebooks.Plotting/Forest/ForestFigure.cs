using System.Collections.Immutable;

namespace EmpathyNotebooks.Plotting;

/// <summary>Draws a forest plot model as rows.</summary>
internal static class ForestFigure
{
    public static PlotlyFigure Create(ForestPlot plot)
    {
        var model = plot.Model;
        var samples = model.Rows.Any(r => r.Kind == ForestRowKind.Sample);
        var studies = model.Rows.Count(r => r.Kind == (model.IsFolded ? ForestRowKind.Sample : ForestRowKind.Study));
        // Long plots pack their rows closer, as a page of print would.
        var (height, font) = studies switch { <= 30 => (24.0, 13.0), <= 60 => (20.0, 12.5), <= 110 => (18.0, 12.0), _ => (16.0, 11.5) };
        var last = model.Rows.Max(r => r.Position) + 0.5;
        var lines = ImmutableArray.CreateBuilder<RowLine>();
        if (model.NullLine is { } none) lines.Add(new RowLine(none, -0.5, last + 0.2, Theme.Line, 1.2, null));
        if (model.PooledLine is { } pooled) lines.Add(new RowLine(pooled, -0.5, last, Theme.Pooled, 1.2, "dash"));
        return RowFigure.Create(new RowChart
        {
            Plot = plot,
            Columns = [.. model.Columns.Select(Column)],
            Rows = [.. model.Rows.Select(r => Row(model, r))],
            Axis = model.Axis,
            Lines = lines.ToImmutable(),
            Folds = samples ? Folds([.. model.Rows.Where(Moves)]) : [],
            IsFolded = model.IsFolded,
            Orders = studies < 2 ? [] : [.. model.Orders.Select(o => (o.Name, MovingPositions(model, o)))],
            ActiveOrder = model.ActiveOrder,
            Summary = model.Summary,
            Notes = model.Notes,
            RowHeight = height,
            LabelLines = 6,
            FontSize = font,
            LargestMark = Math.Min(16, height - 5),
        });
    }

    private static ImmutableArray<double> MovingPositions(ForestPlotModel model, ForestOrdering order) =>
        [.. model.Rows.Where(Moves).Select(r => r.Kind == ForestRowKind.Sample ? order.SamplePositions[r.Sample!.Value] : order.Positions[r.Study!.Value])];

    private static bool Moves(ForestRow row) => row.Kind is ForestRowKind.Study or ForestRowKind.Sample;

    private static ImmutableArray<RowFold> Folds(ForestRow[] moving) =>
    [
        .. moving.Index().Where(r => r.Item.Kind == ForestRowKind.Sample)
            .Select(heading => new RowFold(heading.Index,
                [.. moving.Index().Where(r => r.Item.Kind == ForestRowKind.Study && r.Item.Sample == heading.Item.Sample).Select(r => r.Index)]))
            .Where(fold => !fold.Members.IsEmpty),
    ];

    private static RowColumn Column(ForestColumn column) => column.Kind switch
    {
        ForestColumnKind.Label => new RowColumn(column.Header, column.Header, column.Side, column.Alignment, ColumnStay.Always, [380, 210, 190, 138]),
        ForestColumnKind.Estimate => new RowColumn(column.Header, column.Header.Split(' ')[0], column.Side, column.Alignment, ColumnStay.Always,
            [280, 280, 90, 90]),
        ForestColumnKind.RiskOfBias => new RowColumn(column.Header, column.Header, column.Side, column.Alignment, ColumnStay.Wide, [60, 60, 60, 60]) { HasSigns = true },
        _ => new RowColumn(column.Header, column.Header, column.Side, column.Alignment, ColumnStay.Wide, [150, 150, 150, 150]),
    };

    private static RowItem Row(ForestPlotModel model, ForestRow row)
    {
        var pooled = row.Kind is ForestRowKind.GroupPooled or ForestRowKind.Pooled;
        return new RowItem
        {
            Position = row.Position,
            Cells = row.Cells,
            ShortCells = [.. row.Cells.Select((cell, c) => ShortCell(model, row, c, cell))],
            Moves = Moves(row),
            Bold = row.Kind is ForestRowKind.GroupHeading || pooled,
            RunsOver = row.Kind is ForestRowKind.GroupNote,
            TextColor = row.Kind == ForestRowKind.GroupNote || IsInSample(row) ? Theme.Muted : Theme.Ink,
            Mark = row.Kind switch
            {
                ForestRowKind.Study => IsInSample(row) ? RowMark.Circle : RowMark.Square,
                ForestRowKind.Sample => RowMark.Square,
                ForestRowKind.PredictionInterval => RowMark.Bar,
                _ => pooled ? RowMark.Diamond : RowMark.None,
            },
            Color = row.Kind switch
            {
                ForestRowKind.Study or ForestRowKind.Sample => Theme.Study,
                ForestRowKind.PredictionInterval => Theme.Prediction,
                _ => Theme.Pooled,
            },
            Size = row.SquareSide,
            Estimate = row.Estimate,
            Expected = row.Expected,
            Lower = row.Lower,
            Upper = row.Upper,
            Diamond = row.Diamond,
            Hover = row.Details.IsEmpty && row.Kind is not ForestRowKind.GroupHeading ? "" : PlotText.Hover(row.Label, row.Details),
        };
    }

    private static bool IsInSample(ForestRow row) => row is { Kind: ForestRowKind.Study, Sample: not null };

    /// <summary>In a narrow page the effect stands without its interval, and rows about all studies have shorter names.</summary>
    private static string ShortCell(ForestPlotModel model, ForestRow row, int column, string cell) => (model.Columns[column].Kind, row.Kind) switch
    {
        (ForestColumnKind.Estimate, ForestRowKind.PredictionInterval) => "",
        (ForestColumnKind.Estimate, _) => cell.Split(" [")[0],
        (ForestColumnKind.Label, ForestRowKind.Pooled) => string.Join(' ', cell.Split(' ', ',').Take(2)),
        (ForestColumnKind.Label, ForestRowKind.PredictionInterval) => cell.Split(" new ") is [_, var what] ? $"Prediction, {what}" : "Prediction",
        (ForestColumnKind.Label, ForestRowKind.GroupNote) => cell.Split(", Q(")[0],
        _ => cell,
    };
}
