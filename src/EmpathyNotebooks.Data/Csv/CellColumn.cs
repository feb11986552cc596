namespace EmpathyNotebooks.Data;

/// <summary>The cells of a column as they stood in the file. Those of numbers stay bytes until somebody wants to see one.</summary>
internal sealed class CellColumn
{
    private readonly TableBody? _body;
    private readonly int _column;
    private readonly string?[]? _texts;

    /// <summary>Cells that are no part of a file.</summary>
    public CellColumn(string[] texts)
    {
        _texts = texts;
        Count = texts.Length;
    }

    /// <summary>A column of a file.</summary>
    /// <param name="body">The rows.</param>
    /// <param name="column">The column.</param>
    /// <param name="texts">Its known cells, where there are texts of them.</param>
    public CellColumn(TableBody body, int column, string?[]? texts)
    {
        (_body, _column, _texts) = (body, column, texts);
        Count = body.Count;
    }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>One cell.</summary>
    public string this[int row] => _texts?[row] ?? _body!.Text(row, _column);

    /// <summary>The cells of some rows.</summary>
    public CellColumn Of(int[] rows) => new(Array.ConvertAll(rows, row => this[row]));

    /// <summary>All cells.</summary>
    public string[] ToArray()
    {
        var cells = new string[Count];
        for (var i = 0; i < cells.Length; i++) cells[i] = this[i];
        return cells;
    }

    /// <summary>True where a cell has a thousands separator or a decimal mark, one cannot tell which; see <see cref="NumberText.LooksLikeThousands(string, char)"/>.</summary>
    public bool LooksLikeThousands(int row, char mark) => _texts?[row] is { } text ? NumberText.LooksLikeThousands(text, mark) : NumberText.LooksLikeThousands(_body!.Cell(row, _column), mark);
}
