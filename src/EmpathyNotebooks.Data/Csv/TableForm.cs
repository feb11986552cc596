namespace EmpathyNotebooks.Data;

/// <summary>Where in a file the table stands: below a title, above footnotes, without what spreadsheets leave around it.</summary>
internal sealed record TableForm
{
    /// <summary>How far below the first line the names of the columns are looked for.</summary>
    private const int LinesOfTitle = 6;

    /// <summary>The lines above the header that hold one cell or none.</summary>
    public required IReadOnlyList<CsvRow> Title { get; init; }

    /// <summary>The names of the columns.</summary>
    public required CsvRow Header { get; init; }

    /// <summary>The rows below, cut to the width of the header where only empty cells lie beyond.</summary>
    public required IReadOnlyList<CsvRow> Body { get; init; }

    /// <summary>Rows without a value at the end.</summary>
    public required IReadOnlyList<CsvRow> EmptyRows { get; init; }

    /// <summary>Lines of one cell below an empty row at the end.</summary>
    public required IReadOnlyList<CsvRow> Footnotes { get; init; }

    /// <summary>True where each row is exactly one cell longer than the header, as R's write.table writes with row names.</summary>
    public bool HasRowNames => Body.Count > 0 && Body.All(row => row.Cells.Length == Header.Cells.Length + 1);

    /// <summary>True where each row has as many cells as the header, or one more for its name.</summary>
    public bool Fits => Body.All(row => row.Cells.Length == Header.Cells.Length) || HasRowNames;

    /// <summary>Finds the parts.</summary>
    /// <param name="rows">All rows, the last of which is not blank.</param>
    /// <param name="isMissing">Says whether a cell means an unknown value.</param>
    public static TableForm Of(IReadOnlyList<CsvRow> rows, Func<string, bool> isMissing)
    {
        var top = HeaderAt(rows);
        var end = rows.Count;
        List<CsvRow> notes = [];
        // Footnotes: below an empty row, nothing but lines of one cell that is a text.
        for (var gap = end - 1; gap > top + 1 && rows[gap].Filled <= 1; gap--)
        {
            if (rows[gap].Filled > 0)
            {
                if (rows[gap].Cells[0].Length == 0 || isMissing(rows[gap].Cells[0]) || NumberText.Read(rows[gap].Cells[0], '.').Look == NumberLook.Number) break;
                continue;
            }
            notes = [.. rows.Skip(gap + 1).Take(end - gap - 1).Where(row => row.Filled > 0)];
            if (notes.Count > 0) end = gap + 1;
            break;
        }
        var last = end;
        while (last > top + 1 && rows[last - 1].Filled == 0) last--;
        var width = rows[top].Cells.Length;
        return new TableForm
        {
            Title = [.. rows.Take(top).Where(row => row.Filled > 0)],
            Header = rows[top],
            Body = [.. rows.Skip(top + 1).Take(last - top - 1).Select(row => Cut(row, width))],
            EmptyRows = notes.Count > 0 ? [] : [.. rows.Skip(last).Take(end - last)],
            Footnotes = notes,
        };
    }

    /// <summary>The first line, unless it and perhaps some below hold one text each where a line of several names follows.</summary>
    private static int HeaderAt(IReadOnlyList<CsvRow> rows)
    {
        for (var i = 0; i < Math.Min(rows.Count - 1, LinesOfTitle); i++)
        {
            if (rows[i].Filled >= 2) return i == 0 || IsHeader(rows[i]) ? i : 0;
        }
        return 0;
    }

    private static bool IsHeader(CsvRow row) => Array.TrueForAll(row.Cells, cell => NumberText.Read(cell, '.').Look != NumberLook.Number);

    private static CsvRow Cut(CsvRow row, int width) => row.Cells.Length > width && Array.TrueForAll(row.Cells[width..], cell => cell.Length == 0)
        ? row with { Cells = row.Cells[..width] }
        : row;
}
