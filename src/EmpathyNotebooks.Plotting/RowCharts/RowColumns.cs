using System.Collections.Immutable;

namespace EmpathyNotebooks.Plotting;

/// <summary>How much room there is.</summary>
internal enum RowForm
{
    Wide,
    Medium,
    Narrow,
    Narrowest,
}

/// <summary>A column placed in its block: what it says and where, in pixels from the block's left edge.</summary>
internal sealed record PlacedColumn(RowColumn Column, bool Visible, double X, ImmutableArray<string> Texts, string Header)
{
    public string TextPosition => Column.Alignment switch { ColumnAlignment.Left => "middle right", ColumnAlignment.Right => "middle left", _ => "middle center" };
}

/// <summary>The text columns of one form: their texts cut to the room there is, and the widths of the two blocks.</summary>
internal sealed class RowColumns
{
    private const double Gap = 16, SignGap = 8;

    /// <summary>The distance of two lines of a label in font sizes, and what keeps labels apart, in pixels.</summary>
    private const double LineHeight = 1.3;
    private const double LinesApart = 5;

    public RowColumns(RowChart chart, RowForm form)
    {
        var isNarrow = form is RowForm.Narrow or RowForm.Narrowest;
        FontSize = isNarrow ? Math.Min(12, chart.FontSize) : chart.FontSize;
        var placed = new PlacedColumn[chart.Columns.Length];
        int[] moving = [.. chart.Rows.Index().Where(r => r.Item.Moves).Select(r => r.Index)];
        HashSet<int> headings = [.. chart.Folds.Select(f => moving[f.Heading])];
        var mark = chart.IsFolded ? RowFold.ClosedMark : RowFold.OpenMark;
        foreach (var side in (ReadOnlySpan<ColumnSide>)[ColumnSide.Left, ColumnSide.Right])
        {
            var at = 2.0;
            for (var c = 0; c < chart.Columns.Length; c++)
            {
                var column = chart.Columns[c];
                if (column.Side != side) continue;
                var visible = form switch
                {
                    RowForm.Wide => true,
                    RowForm.Medium => column.Stay != ColumnStay.Wide,
                    _ => column.Stay == ColumnStay.Always,
                };
                var most = column.MaximumPixels[(int)form];
                string[] texts = [.. chart.Rows.Select((r, i) =>
                {
                    var folds = c == 0 && headings.Contains(i);
                    var room = folds ? most - PlotText.Width(mark, FontSize) : most;
                    return CutCell(r, (isNarrow ? r.ShortCells : r.Cells)[c], room, c == 0 && r.Moves ? chart.LabelLines : 1) + (folds ? mark : "");
                })];
                var header = PlotText.Cut(isNarrow ? column.ShortHeader : column.Header, FontSize, most, bold: true);
                // A remark runs over into the drawing only where it would make the column wider than it may be.
                var width = texts.Zip(chart.Rows)
                    .SelectMany(p => p.First.Split('\n').Select(line => Math.Min(PlotText.Width(line, FontSize, p.Second.Bold), p.Second.RunsOver ? most : double.PositiveInfinity)))
                    .Append(PlotText.Width(header, FontSize, bold: true))
                    .Max();
                placed[c] = new PlacedColumn(column, visible, column.Alignment switch { ColumnAlignment.Left => at, ColumnAlignment.Right => at + width, _ => at + width / 2 }, [.. texts], header);
                if (visible) at += width + (column.HasSigns ? SignGap : Gap);
            }
            var pixels = Math.Ceiling(Math.Max(at - Gap + 4, 4));
            if (side == ColumnSide.Left) LeftPixels = pixels;
            else RightPixels = pixels;
        }
        Columns = [.. placed];
        var lines = Columns.Length == 0 ? 1 : Columns[0].Texts.Zip(chart.Rows).Where(p => p.Second.Moves).Select(p => p.First.Count(c => c == '\n') + 1).DefaultIfEmpty(1).Max();
        RowHeight = lines == 1 ? chart.RowHeight : Math.Max(chart.RowHeight, Math.Ceiling(lines * FontSize * LineHeight + LinesApart));
    }

    public ImmutableArray<PlacedColumn> Columns { get; }

    public double LeftPixels { get; }

    public double RightPixels { get; }

    public double FontSize { get; }

    /// <summary>The height of a row with which the longest label of this form does not touch the next.</summary>
    public double RowHeight { get; }

    private string CutCell(RowItem row, string text, double most, int lines)
    {
        if (row.RunsOver || text.Length == 0) return text;
        if (lines == 1) return PlotText.Cut(text, FontSize, most, row.Bold);
        var wrapped = PlotText.Wrap(text, FontSize, most);
        var rest = string.Join(" ", wrapped.Skip(lines - 1));
        return string.Join('\n', wrapped.Take(lines - 1).Append(PlotText.Cut(rest, FontSize, most, row.Bold)).Where(line => line.Length > 0));
    }
}
