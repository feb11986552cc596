using System.Collections.Immutable;
using System.Globalization;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data;

/// <summary>From the text of a file to a table: form first, then header, then the cells of each column.</summary>
internal sealed class StudyTableReader(string file, StudyTableOptions options)
{
    public StudyTable Read(string text)
    {
        if (text.StartsWith('\uFEFF')) text = text[1..];
        if (text.StartsWith("sep=", StringComparison.OrdinalIgnoreCase))
        {
            throw new StudyDataException("is a note for Excel, and the first line must name the columns; delete it", text.Split('\r', '\n')[0], 1, file: file);
        }
        CsvText.CheckCharacters(text, file);
        if (string.IsNullOrWhiteSpace(text)) throw Fault("is empty; the first line must name the columns");
        var delimiter = options.Delimiter switch
        {
            CsvDelimiter.Comma => ',',
            CsvDelimiter.Semicolon => ';',
            CsvDelimiter.Tab => '\t',
            _ => CsvText.DetectDelimiter(text, file),
        };
        var rows = CsvText.Rows(text, delimiter, file);
        var header = Header(rows[0]);
        CheckNames("StudyTableOptions.TextColumns", options.TextColumns, header);
        CheckNames("StudyTableOptions.Required", options.Required, header);
        rows.RemoveAt(0);
        if (rows.Count == 0) throw Fault("has a header and no rows; each study needs a row");
        foreach (var row in rows) CheckShape(row, header.Length);

        var mark = options.DecimalMark switch
        {
            DecimalMark.Point => '.',
            DecimalMark.Comma => ',',
            _ => DecimalMarks.Detect(header, rows, options.IsMissing, IsText, delimiter, file),
        };
        var columns = ImmutableArray.CreateBuilder<StudyColumn>(header.Length);
        var cells = ImmutableArray.CreateBuilder<string[]>(header.Length);
        for (var j = 0; j < header.Length; j++)
        {
            var column = j;
            string?[] known = [.. rows.Select(row => options.IsMissing(row.Cells[column]) ? null : row.Cells[column])];
            if (options.Required.Contains(header[j], StringComparer.Ordinal) && Array.IndexOf(known, null) is >= 0 and var missing)
            {
                throw new StudyDataException("must be a value; this column is required", rows[missing].Cells[j], rows[missing].Line,
                    Study(header, rows[missing]), header[j], file);
            }
            columns.Add(Column(header, j, known, rows, mark));
            cells.Add([.. rows.Select(row => row.Cells[column])]);
        }
        return StudyTable.Create(columns.MoveToImmutable(), cells.MoveToImmutable(), [.. rows.Select(row => row.Line)], file,
            options.Origin ?? new DataOrigin(DataKind.Own, file), options.Correlations);
    }

    private string[] Header(CsvRow row)
    {
        var place = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var j = 0; j < row.Cells.Length; j++)
        {
            var name = row.Cells[j];
            var number = (j + 1).ToString(CultureInfo.InvariantCulture);
            if (name.Length == 0)
            {
                throw new StudyDataException(j == 0
                    ? "must be the name of a column; where it holds row numbers written by R, write the file with row.names = FALSE"
                    : "must be the name of a column", "", row.Line, column: number, file: file);
            }
            if (NumberText.Read(name, '.').Look == NumberLook.Number)
            {
                throw new StudyDataException("must be the name of a column, not a number; the first line of the file names the columns",
                    name, row.Line, column: number, file: file);
            }
            if (!place.TryAdd(name, j + 1))
            {
                throw new StudyDataException(
                    $"is already the name of column {place[name].ToString(CultureInfo.InvariantCulture)}; each column needs a name of its own",
                    name, row.Line, column: number, file: file);
            }
        }
        return row.Cells;
    }

    private void CheckShape(CsvRow row, int width)
    {
        if (row.IsBlank || Array.TrueForAll(row.Cells, cell => cell.Length == 0))
        {
            throw new StudyDataException("has no value at all; delete the line", row: row.Line, file: file);
        }
        if (row.Cells.Length == width) return;
        var advice = row.Cells.Length > width
            ? "quote a cell that holds the delimiter, and write numbers without thousands separators"
            : "write an empty cell or NA where a value is not known";
        throw new StudyDataException($"has {CsvText.Cells(row.Cells.Length)} where the header has {CsvText.Cells(width)}; {advice}",
            row: row.Line, file: file);
    }

    private StudyColumn Column(string[] header, int j, string?[] known, List<CsvRow> rows, char mark)
    {
        if (IsText(header[j]) || Array.TrueForAll(known, cell => cell is null)) return StudyColumn.OfTexts(header[j], known);
        var readings = Array.ConvertAll(known, cell => cell is null ? (NumberReading?)null : NumberText.Read(cell, mark));
        if (!Array.Exists(readings, r => r is { Look: not NumberLook.Number }))
        {
            return StudyColumn.OfNumbers(header[j], readings.Select(r => r?.Value));
        }
        var anyNumber = Array.Exists(readings, r => r is { Look: NumberLook.Number });
        var allMeant = !Array.Exists(readings, r => r is { Look: NumberLook.Text });
        if (!anyNumber && !allMeant) return StudyColumn.OfTexts(header[j], known);

        var first = Array.FindIndex(readings, r => r is { Look: not NumberLook.Number });
        var reading = readings[first]!.Value;
        var expected = reading.Look == NumberLook.Miswritten
            ? reading.Expected
            : "must be a number like other values of the column, or empty or NA where it is not known; "
                + "if the column holds texts, name it in StudyTableOptions.TextColumns";
        throw new StudyDataException(expected, known[first], rows[first].Line, Study(header, rows[first]), header[j], file);
    }

    private bool IsText(string column) => options.TextColumns.Contains(column, StringComparer.Ordinal);

    private void CheckNames(string option, IReadOnlyList<string> names, string[] header)
    {
        if (names.FirstOrDefault(name => !header.Contains(name, StringComparer.Ordinal)) is { } wrong)
        {
            throw new StudyDataException($"is not a column, but {option} names it: {NearestName.Hint(wrong, header)}", wrong, file: file);
        }
    }

    /// <summary>The study's name as far as the header lets guess it, for messages.</summary>
    private string? Study(string[] header, CsvRow row)
    {
        if (StudyLabel.Guess(header) is not { } label) return null;
        return label.Columns.Any(name => options.IsMissing(row.Cells[Array.IndexOf(header, name)]))
            ? null
            : label.At(0, name => row.Cells[Array.IndexOf(header, name)]);
    }

    private StudyDataException Fault(string expected) => new(expected, file: file);
}
