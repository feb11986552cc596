using System.Buffers.Binary;
using System.Buffers.Text;
using System.Numerics;

namespace EmpathyNotebooks.Data;

/// <summary>The rows below the header of a table.</summary>
internal sealed class TableBody
{
    private readonly CellGrid _rows;
    private readonly int _first;
    private readonly int _headerWidth;

    /// <summary>Where a column stands in the file, when some between have been passed over.</summary>
    private readonly int[]? _kept;

    /// <summary>Some rows of a file.</summary>
    /// <param name="rows">The file.</param>
    /// <param name="first">The first of the rows.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="headerWidth">How many cells the header has: empty ones beyond do not count.</param>
    public TableBody(CellGrid rows, int first, int count, int headerWidth)
        : this(rows, first, count, headerWidth, null)
    {
    }

    private TableBody(CellGrid rows, int first, int count, int headerWidth, int[]? kept)
    {
        (_rows, _first, Count, _headerWidth, _kept) = (rows, first, count, headerWidth, kept);
    }

    /// <summary>How many rows there are.</summary>
    public int Count { get; }

    /// <summary>The line a row starts on.</summary>
    public int Line(int row) => _rows.Line(_first + row);

    /// <summary>How many cells a row has.</summary>
    public int Width(int row)
    {
        if (_kept is not null) return _kept.Length;
        var width = _rows.Width(_first + row);
        return width > _headerWidth && _rows.IsEmptyFrom(_first + row, _headerWidth) ? _headerWidth : width;
    }

    /// <summary>True where each row has that many cells.</summary>
    public bool AllHave(int cells)
    {
        for (var i = 0; i < Count; i++)
        {
            if (Width(i) != cells) return false;
        }
        return true;
    }

    /// <summary>True where a row has no value at all.</summary>
    public bool IsEmpty(int row) => _rows.IsEmptyFrom(_first + row, 0);

    /// <summary>The bytes of a cell.</summary>
    public ReadOnlySpan<byte> Cell(int row, int column) => _rows.Cell(_first + row, _kept is null ? column : _kept[column]);

    /// <summary>The text of a cell.</summary>
    public string Text(int row, int column) => _rows.Text(_first + row, _kept is null ? column : _kept[column]);

    /// <summary>A row with its texts.</summary>
    public CsvRow Row(int row)
    {
        var cells = new string[Width(row)];
        for (var j = 0; j < cells.Length; j++) cells[j] = Text(row, j);
        return new CsvRow(Line(row), cells);
    }

    /// <summary>Some of the columns, where each row has all.</summary>
    public TableBody Keep(int[] columns) => new(_rows, _first, Count, _headerWidth, columns);

    /// <summary>True where a column has a value in some row.</summary>
    public bool HasValue(int column)
    {
        for (var i = 0; i < Count; i++)
        {
            if (!Cell(i, column).IsEmpty) return true;
        }
        return false;
    }

    /// <summary>True where the first column counts the rows.</summary>
    public bool IsNumbered()
    {
        Span<byte> number = stackalloc byte[16];
        for (var i = 0; i < Count; i++)
        {
            Utf8Formatter.TryFormat(i + 1, number, out var length);
            if (!Cell(i, 0).SequenceEqual(number[..length])) return false;
        }
        return true;
    }

    /// <summary>Rows that repeat an earlier one in every cell, and that one.</summary>
    /// <param name="width">How many cells each row has.</param>
    public IEnumerable<(int Row, int Earlier)> Repeats(int width)
    {
        // Only rows of which another has the same bits of a hash can be repeats: a few in a hundred, so that a table of all rows, which fits into no cache, is never made.
        var hashes = new ulong[Count];
        var mask = BitOperations.RoundUpToPowerOf2((ulong)Count * 16 + 64) - 1;
        var (once, twice) = (new ulong[(mask + 1) / 64], new ulong[(mask + 1) / 64]);
        for (var i = 0; i < hashes.Length; i++)
        {
            var at = (hashes[i] = Hash(i, width)) & mask;
            var bit = 1UL << (int)(at % 64);
            if ((once[at / 64] & bit) != 0) twice[at / 64] |= bit;
            once[at / 64] |= bit;
        }
        var seen = new HashSet<int>(EqualityComparer<int>.Create((one, other) => AreSame(one, other, width), row => (int)(hashes[row] >> 32)));
        for (var i = 0; i < hashes.Length; i++)
        {
            var at = hashes[i] & mask;
            if ((twice[at / 64] & (1UL << (int)(at % 64))) == 0 || seen.Add(i)) continue;
            seen.TryGetValue(i, out var earlier);
            yield return (i, earlier);
        }
    }

    /// <summary>A hash of all cells, eight bytes at a time.</summary>
    private ulong Hash(int row, int width)
    {
        ulong hash = 0;
        for (var j = 0; j < width; j++)
        {
            var cell = Cell(row, j);
            Mix((ulong)cell.Length);
            for (; cell.Length >= 8; cell = cell[8..]) Mix(BinaryPrimitives.ReadUInt64LittleEndian(cell));
            ulong rest = 0;
            foreach (var b in cell) rest = (rest << 8) | b;
            Mix(rest);
        }
        return hash ^ (hash >> 29);

        void Mix(ulong value) => hash = BitOperations.RotateLeft((hash ^ value) * 0x9E3779B97F4A7C15, 31);
    }

    private bool AreSame(int one, int other, int width)
    {
        for (var j = 0; j < width; j++)
        {
            if (!Cell(one, j).SequenceEqual(Cell(other, j))) return false;
        }
        return true;
    }
}
