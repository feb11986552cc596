using ExcelDataReader;
using ExcelDataReader.Exceptions;
using EmpathyNotebooks.MetaAnalysis;
using System.Buffers.Binary;
using System.Text;

namespace EmpathyNotebooks.Data;

/// <summary>One sheet of an Excel workbook (.xlsx, .xlsb, .xls): values as they are kept, not as they are formatted.</summary>
internal static class WorkbookSheet
{
    private const string Kind = "an Excel workbook";

    /// <summary>What a sheet can have. A damaged file may say more, and have all that lies between filled up.</summary>
    private const int MostRows = 1_048_576, MostColumns = 16_384;

    /// <param name="bytes">The file.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="wanted">The name of the sheet, or null for the first that is to be seen and not empty.</param>
    public static ImportedSheet Read(byte[] bytes, string file, string? wanted)
    {
        // Workbooks of old keep their texts in code pages.
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        if (bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0]) && !HasSoundHeader(bytes)) throw Damaged(file);
        try
        {
            using var reader = ExcelReaderFactory.CreateReader(new MemoryStream(bytes));
            return Read(reader, bytes, file, wanted);
        }
        catch (InvalidPasswordException)
        {
            throw new StudyDataException("is a workbook with a password, which cannot be read; save it without one", file: file, kind: StudyDataFault.Form);
        }
        catch (Exception fault) when (fault is not (StudyDataException or OutOfMemoryException))
        {
            // What a library stumbles over in a damaged file is of no fixed kind, and the answer the same.
            throw Damaged(file);
        }
    }

    private static StudyDataException Damaged(string file) =>
        new("is no workbook that can be read (an archive of something else, or damaged); open it in a spreadsheet and save the sheet as .xlsx or CSV UTF-8", file: file, kind: StudyDataFault.Form);

    /// <summary>A compound file says at its head how large its sectors are and how many hold its tables. The reader makes room for as many as it says, gigabytes for a file of a few kilobytes.</summary>
    private static bool HasSoundHeader(ReadOnlySpan<byte> bytes)
    {
        const int Header = 512, Shift = 30, MiniShift = 32, Tables = 44, MiniTables = 64, TablesOfTables = 72;
        if (bytes.Length < Header || BinaryPrimitives.ReadUInt16LittleEndian(bytes[Shift..]) is not (9 or 12) || BinaryPrimitives.ReadUInt16LittleEndian(bytes[MiniShift..]) != 6) return false;
        var sectors = (uint)(bytes.Length >> BinaryPrimitives.ReadUInt16LittleEndian(bytes[Shift..])) + 1;
        foreach (var place in (ReadOnlySpan<int>)[Tables, MiniTables, TablesOfTables])
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[place..]) > sectors) return false;
        }
        return true;
    }

    private static ImportedSheet Read(IExcelDataReader reader, byte[] bytes, string file, string? wanted)
    {
        List<(string Name, bool IsSeen, List<CsvRow> Rows, List<TableNote> Notes)> sheets = [];
        do
        {
            var (rows, notes) = Rows(reader, file);
            sheets.Add((reader.Name, reader.VisibleState == "visible", rows, notes));
        }
        while (reader.NextResult());

        var place = wanted is null ? sheets.FindIndex(s => s.IsSeen && s.Rows.Count > 0) : sheets.FindIndex(s => s.Name == wanted);
        if (place < 0 && wanted is null) throw new StudyDataException("has no sheet with a value that is to be seen; a hidden one is read by its name", file: file, kind: StudyDataFault.Form);
        if (place < 0)
        {
            throw new StudyDataException($"is not a sheet: {NearestName.Hint(wanted!, sheets.Select(s => s.Name))}", wanted, file: file, kind: StudyDataFault.NoSuchSheet) { Choices = [.. sheets.Select(s => s.Name)] };
        }
        var (name, _, chosen, found) = sheets[place];
        string[] others = [.. sheets.Where(s => s.Name != name && s.Rows.Count > 0).Select(s => s.IsSeen ? $"\"{s.Name}\"" : $"\"{s.Name}\" (hidden)")];
        if (wanted is null && others.Length > 0)
        {
            found.Insert(0, new TableNote(TableNoteKind.Sheet, $"The workbook has {StatisticText.Count(others.Length + 1)} sheets with values; \"{name}\" was read, and not {string.Join(", ", others)}."));
        }
        if (chosen.Exists(row => row.Filled > 0 && row.Filled < row.Cells.Length))
        {
            foreach (var (row, column, text) in WorkbookSilences.Of(bytes, name))
            {
                if (row < chosen.Count && column < chosen[row].Cells.Length && chosen[row].Cells[column].Length == 0)
                {
                    // Empty rows share their cells.
                    chosen[row] = chosen[row] with { Cells = [.. chosen[row].Cells] };
                    chosen[row].Cells[column] = text;
                }
            }
        }
        return new ImportedSheet(Kind, chosen, found);
    }

    private static (List<CsvRow> Rows, List<TableNote> Notes) Rows(IExcelDataReader reader, string file)
    {
        List<CsvRow> rows = [];
        List<int> hidden = [];
        string[] empty = [];
        while (reader.Read())
        {
            if (rows.Count == MostRows || reader.FieldCount > MostColumns)
            {
                throw new StudyDataException($"has a cell beyond row {StatisticText.Count(MostRows)} or column {ColumnLetters(MostColumns - 1)}, the last that a sheet can have: the file is damaged; open it in a spreadsheet and save the sheet as .xlsx or CSV UTF-8", file: file, kind: StudyDataFault.Form);
            }
            rows.Add(new CsvRow(rows.Count + 1, Cells(reader, ref empty)));
            if (reader.RowHeight == 0 && rows[^1].Filled > 0) hidden.Add(rows.Count);
        }
        // A frame or a colour below the table makes rows, and no values.
        while (rows.Count > 0 && rows[^1].Filled == 0) rows.RemoveAt(rows.Count - 1);
        var top = rows.FindIndex(row => row.Filled >= 2);
        List<TableNote> notes = [];
        if (hidden.Count > 0)
        {
            notes.Add(new TableNote(TableNoteKind.HiddenRows, $"{(hidden.Count == 1 ? "Row" : "Rows")} {string.Join(", ", hidden.Take(10).Select(row => StatisticText.Count(row)))}{(hidden.Count > 10 ? ", ..." : "")} "
                + $"{(hidden.Count == 1 ? "is" : "are")} hidden in the workbook, by a filter or by hand, and read like the others. Delete what is not meant to be pooled.", hidden[0]));
        }
        foreach (var merged in reader.MergeCells ?? [])
        {
            // Below the names of the columns a merged cell leaves rows without the value that a reader sees.
            if (top < 0 || merged.FromRow <= top || merged.FromRow >= rows.Count || merged.FromRow == merged.ToRow) continue;
            notes.Add(new TableNote(TableNoteKind.MergedCells, $"Rows {StatisticText.Count(merged.FromRow + 1)} to {StatisticText.Count(merged.ToRow + 1)} of column {ColumnLetters(merged.FromColumn)} are one merged cell: "
                + $"its value \"{rows[merged.FromRow].Cells[merged.FromColumn]}\" stands in the first row alone, and the others are empty. Unmerge and fill them if it is meant for all.", merged.FromRow + 1));
        }
        return (rows, notes);
    }

    private static string[] Cells(IExcelDataReader reader, ref string[] empty)
    {
        if (empty.Length != reader.FieldCount)
        {
            empty = new string[reader.FieldCount];
            Array.Fill(empty, "");
        }
        string[]? cells = null;
        for (var j = 0; j < empty.Length; j++)
        {
            var text = CellText.Of(reader.GetValue(j));
            if (text.Length > 0) (cells ??= [.. empty])[j] = text;
        }
        return cells ?? empty;
    }

    private static string ColumnLetters(int place) => (place >= 26 ? ColumnLetters((place / 26) - 1) : "") + (char)('A' + (place % 26));
}
