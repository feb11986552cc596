namespace EmpathyNotebooks.Data;

/// <summary>Where in a file the table stands: below a title, above footnotes, without what spreadsheets leave around it.</summary>
internal sealed record TableForm
{
    /// <summary>How far below the first line the names of the columns are looked for.</summary>
    public const int LinesOfTitle = 6;

    /// <summary>The lines above the header that hold one cell or none.</summary>
    public required IReadOnlyList<CsvRow> Title { get; init; }

    /// <summary>The names of the columns.</summary>
    public required CsvRow Header { get; init; }

    /// <summary>The rows below, cut to the width of the header where only empty cells lie beyond.</summary>
    public required TableBody Body { get; init; }

    /// <summary>The lines of the rows without a value at the end: the first, the last, and how many.</summary>
    public required (int First, int Last, int Count) EmptyRows { get; init; }

    /// <summary>Lines of one cell below an empty row at the end.</summary>
    public required IReadOnlyList<CsvRow> Footnotes { get; init; }

    /// <summary>True where each row is exactly one cell longer than the header, as R's write.table writes with row names.</summary>
    public bool HasRowNames => Body.Count > 0 && Body.AllHave(Header.Cells.Length + 1);

    /// <summary>True where each row has as many cells as the header, or one more for its name.</summary>
    public bool Fits => Body.AllHave(Header.Cells.Length) || HasRowNames;

    /// <summary>Finds the parts.</summary>
    /// <param name="rows">All rows, the last of which is not blank.</param>
    /// <param name="isMissing">Says whether a cell means an unknown value.</param>
    public static TableForm Of(CellGrid rows, Func<string, bool> isMissing)
    {
        var top = HeaderAt(rows);
        var end = rows.Count;
        List<CsvRow> notes = [];
        // Footnotes: below an empty row, nothing but lines of one cell that is a text.
        for (var gap = end - 1; gap > top + 1 && rows.Filled(gap) is var filled && filled <= 1; gap--)
        {
            if (filled > 0)
            {
                var cell = rows.Text(gap, 0);
                if (cell.Length == 0 || isMissing(cell) || NumberText.Read(cell, '.').Look == NumberLook.Number) break;
                continue;
            }
            notes = [.. Enumerable.Range(gap + 1, end - gap - 1).Where(row => rows.Filled(row) > 0).Select(rows.Row)];
            if (notes.Count > 0) end = gap + 1;
            break;
        }
        var last = end;
        while (last > top + 1 && rows.IsEmptyFrom(last - 1, 0)) last--;
        return new TableForm
        {
            Title = [.. Enumerable.Range(0, top).Where(row => rows.Filled(row) > 0).Select(rows.Row)],
            Header = rows.Row(top),
            Body = new TableBody(rows, top + 1, Math.Max(0, last - top - 1), rows.Width(top)),
            EmptyRows = notes.Count > 0 || last == end ? default : (rows.Line(last), rows.Line(end - 1), end - last),
            Footnotes = notes,
        };
    }

    /// <summary>The first line, unless it and perhaps some below hold one text each where a line of several names follows.</summary>
    private static int HeaderAt(CellGrid rows)
    {
        for (var i = 0; i < Math.Min(rows.Count - 1, LinesOfTitle); i++)
        {
            if (rows.Filled(i) >= 2) return i == 0 || IsHeader(rows.Row(i)) ? i : 0;
        }
        return 0;
    }

    private static bool IsHeader(CsvRow row) => Array.TrueForAll(row.Cells, cell => NumberText.Read(cell, '.').Look != NumberLook.Number);
}
