using System.Buffers;
using System.Text;

namespace EmpathyNotebooks.Data;

/// <summary>
/// The rows of a file, each cell known by its place in the bytes of the file: a text is made only of those that somebody wants to see. A cell is without quotes and without blanks around it.
/// </summary>
internal sealed class CellGrid
{
    /// <summary>Where a cell stands; one that had to be rewritten, since marks in it were doubled, stands in <see cref="_rewritten"/> and has a place below zero.</summary>
    private readonly record struct Place(int Start, int Length);

    private readonly ReadOnlyMemory<byte> _text;
    private readonly ArrayBufferWriter<byte> _rewritten = new();
    private Place[] _cells;
    private int[] _lines;
    private int[] _ends;
    private int _cellCount;
    private int _first;
    private int _end;

    /// <summary>A grid without rows.</summary>
    /// <param name="text">What the cells are cut from.</param>
    /// <param name="rows">How many rows to expect.</param>
    /// <param name="cells">How many cells to expect.</param>
    public CellGrid(ReadOnlyMemory<byte> text, int rows, int cells)
    {
        _text = text;
        _cells = new Place[Math.Max(cells, 16)];
        _lines = new int[Math.Max(rows, 4)];
        _ends = new int[_lines.Length];
    }

    /// <summary>The rows of a file that is no text.</summary>
    public static CellGrid Of(List<CsvRow> rows)
    {
        var grid = new CellGrid(default, rows.Count, rows.Sum(row => row.Cells.Length));
        foreach (var row in rows)
        {
            foreach (var cell in row.Cells) grid.Add(Encoding.UTF8.GetBytes(cell));
            grid.EndRow(row.Line);
        }
        return grid;
    }

    /// <summary>How many rows there are.</summary>
    public int Count => _end - _first;

    /// <summary>Adds a cell to the row that is being built.</summary>
    public void Add(ReadOnlySpan<byte> cell)
    {
        if (_cellCount == _cells.Length) Array.Resize(ref _cells, 2 * _cells.Length);
        if (cell.IsEmpty)
        {
            _cells[_cellCount++] = default;
        }
        else if (_text.Span.Overlaps(cell, out var at))
        {
            _cells[_cellCount++] = new Place(at, cell.Length);
        }
        else
        {
            _cells[_cellCount++] = new Place(~_rewritten.WrittenCount, cell.Length);
            _rewritten.Write(cell);
        }
    }

    /// <summary>Ends the row that is being built.</summary>
    public void EndRow(int line)
    {
        if (_end == _lines.Length)
        {
            Array.Resize(ref _lines, 2 * _end);
            Array.Resize(ref _ends, 2 * _end);
        }
        _lines[_end] = line;
        _ends[_end++] = _cellCount;
    }

    /// <summary>Line breaks after the last row are not rows.</summary>
    public void TrimBlankRows()
    {
        while (Count > 0 && IsBlank(Count - 1)) _end--;
    }

    /// <summary>Passes over the first row.</summary>
    public void DropFirst() => _first++;

    /// <summary>True for a line without anything.</summary>
    public bool IsBlank(int row) => Width(row) == 1 && Cell(row, 0).IsEmpty;

    /// <summary>The line a row starts on, as an editor counts.</summary>
    public int Line(int row) => _lines[_first + row];

    /// <summary>How many cells a row has.</summary>
    public int Width(int row) => _ends[_first + row] - Begin(row);

    /// <summary>The bytes of a cell, in UTF-8.</summary>
    public ReadOnlySpan<byte> Cell(int row, int column)
    {
        var place = _cells[Begin(row) + column];
        return (place.Start >= 0 ? _text.Span.Slice(place.Start, place.Length) : _rewritten.WrittenSpan.Slice(~place.Start, place.Length));
    }

    /// <summary>The text of a cell.</summary>
    public string Text(int row, int column) => Encoding.UTF8.GetString(Cell(row, column));

    /// <summary>How many cells of a row are not empty.</summary>
    public int Filled(int row)
    {
        var filled = 0;
        foreach (var place in Places(row)) filled += place.Length > 0 ? 1 : 0;
        return filled;
    }

    /// <summary>True where cells from one on are all empty.</summary>
    public bool IsEmptyFrom(int row, int column)
    {
        foreach (var place in Places(row)[column..])
        {
            if (place.Length > 0) return false;
        }
        return true;
    }

    /// <summary>A row with its texts.</summary>
    public CsvRow Row(int row)
    {
        var cells = new string[Width(row)];
        for (var j = 0; j < cells.Length; j++) cells[j] = Text(row, j);
        return new CsvRow(Line(row), cells);
    }

    private int Begin(int row) => _first + row == 0 ? 0 : _ends[_first + row - 1];

    private ReadOnlySpan<Place> Places(int row) => _cells.AsSpan(Begin(row), Width(row));
}
