using System.Collections.Immutable;
using System.Globalization;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data;

/// <summary>From the text of a file to a table: form first, then header, then the cells of each column.</summary>
internal sealed class StudyTableReader(string file, StudyTableOptions options)
{
    private readonly List<TableNote> _notes = [];
    private DataOrigin? _known;
    private readonly Dictionary<string, StudyDataException> _faults = new(StringComparer.Ordinal);

    /// <param name="text">The text of the file.</param>
    /// <param name="encoding">The encoding it was in, where that is not Unicode.</param>
    public StudyTable Read(string text, string? encoding = null)
    {
        if (text.StartsWith('\uFEFF')) text = text[1..];
        CsvText.CheckCharacters(text, file);
        if (string.IsNullOrWhiteSpace(text)) throw Fault("is empty; the first line must name the columns");
        NoteEncoding(text, encoding);
        _known = Datasets.SimulatedOrigin(text);
        var hint = SpreadsheetHint(text);
        var delimiter = options.Delimiter switch
        {
            CsvDelimiter.Comma => ',',
            CsvDelimiter.Semicolon => ';',
            CsvDelimiter.Tab => '\t',
            _ => hint ?? CsvText.DetectDelimiter(text, file),
        };
        if (options.Delimiter == CsvDelimiter.Detect && hint is null && CsvText.OtherDelimiter(text) is { } other)
        {
            throw new StudyDataException($"has cells that seem to be separated by {other}; separate them by commas, semicolons or tabs (in R: write.csv(data, \"studies.csv\", row.names = FALSE))", row: 1, file: file, kind: StudyDataFault.Form);
        }
        var rows = CsvText.Rows(text, delimiter, file);
        if (hint is not null) rows.RemoveAt(0);
        return Read(rows, delimiter);
    }

    /// <summary>The table of a file that is no text.</summary>
    public StudyTable Read(ImportedSheet sheet)
    {
        _notes.AddRange(sheet.Notes);
        foreach (var row in sheet.Rows)
        {
            foreach (var cell in row.Cells)
            {
                if (cell.AsSpan().ContainsAnyInRange('\0', '\u001F')) CsvText.CheckCharacters(cell.Replace('\n', ' ').Replace('\r', ' '), file, row.Line);
            }
        }
        // Its numbers have points, so that 1.234 is no question, as in a file split by commas.
        return Read(sheet.Rows, ',');
    }

    private StudyTable Read(List<CsvRow> rows, char delimiter)
    {
        if (rows.Count == 0) throw Fault("is empty; the first line must name the columns");
        var form = TableForm.Of(rows, options.IsMissing);
        NoteForm(form);
        var (header, body) = Names(form);
        CheckNames(nameof(StudyTableOptions.TextColumns), options.TextColumns, header);
        CheckNames(nameof(StudyTableOptions.Required), options.Required, header);
        if (body.Count == 0) throw Fault("has a header and no rows; each study needs a row");

        NoteRepeats(body);
        var marks = options.DecimalMark switch
        {
            DecimalMark.Point => new DecimalMarks('.', ImmutableDictionary<int, StudyDataException>.Empty),
            DecimalMark.Comma => new DecimalMarks(',', ImmutableDictionary<int, StudyDataException>.Empty),
            _ => DecimalMarks.Detect(header, body, options.IsMissing, IsText, delimiter, file),
        };
        var columns = ImmutableArray.CreateBuilder<StudyColumn>(header.Length);
        var cells = ImmutableArray.CreateBuilder<string[]>(header.Length);
        for (var j = 0; j < header.Length; j++)
        {
            var column = j;
            string?[] known = [.. body.Select(row => options.IsMissing(row.Cells[column]) ? null : row.Cells[column])];
            if (options.Required.Contains(header[j], StringComparer.Ordinal) && Array.IndexOf(known, null) is >= 0 and var missing)
            {
                throw new StudyDataException("must be a value; this column is required", body[missing].Cells[j], body[missing].Line,
                    Study(header, body[missing]), header[j], file);
            }
            columns.Add(Column(header, j, known, body, marks));
            cells.Add([.. body.Select(row => row.Cells[column])]);
        }
        var table = StudyTable.Create(columns.MoveToImmutable(), cells.MoveToImmutable(), [.. body.Select(row => row.Line)], file,
            options.Origin ?? _known ?? new DataOrigin(DataKind.Own, file), options.Correlations);
        return table.Noted(marks.Mark, [.. _notes], _faults);
    }

    /// <summary>The delimiter that Excel's own note in the first line names.</summary>
    private static char? SpreadsheetHint(string text) =>
        text.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && text.Length > 5 && text[4] is ',' or ';' or '\t' && text[5] is '\r' or '\n' ? text[4] : null;

    private void NoteEncoding(string text, string? encoding)
    {
        if (encoding is not null)
        {
            var at = text.AsSpan().IndexOfAnyExceptInRange('\0', '\u007F');
            var word = text[(text.AsSpan(0, at).LastIndexOfAny(",;\t\r\n\" ") + 1)..];
            word = word[..(word.AsSpan().IndexOfAny(",;\t\r\n\" ") is >= 0 and var end ? end : word.Length)];
            _notes.Add(new TableNote(TableNoteKind.Encoding, $"The file is not in UTF-8 and was read as {encoding}, for example \"{word}\"; save it as UTF-8 if that is wrong."));
        }
        if (!text.AsSpan().ContainsAny('?', '\uFFFD')) return;
        for (var i = 1; i + 1 < text.Length; i++)
        {
            if ((text[i] != '?' || !char.IsLetter(text[i - 1]) || !char.IsLetter(text[i + 1])) && text[i] != '\uFFFD') continue;
            var line = 1 + text.AsSpan(0, i).Count('\n');
            _notes.Add(new TableNote(TableNoteKind.LostLetters,
                $"Row {StatisticText.Count(line)} holds \"{text[i]}\" within a word: a letter was lost when the file was saved.", line));
            break;
        }
    }

    private void NoteForm(TableForm form)
    {
        if (form.Title.Count > 0)
        {
            _notes.Add(new TableNote(TableNoteKind.Title, $"{Lines(form.Title)} above the names of the columns {(form.Title.Count == 1 ? "was" : "were")} passed over: "
                + $"\"{form.Title[0].Cells.First(cell => cell.Length > 0)}\".", form.Title[0].Line));
        }
        if (form.EmptyRows.Count > 0)
        {
            _notes.Add(new TableNote(TableNoteKind.EmptyRows, $"{Lines(form.EmptyRows)} at the end {(form.EmptyRows.Count == 1 ? "is" : "are")} empty.", form.EmptyRows[0].Line));
        }
        if (form.Footnotes.Count > 0)
        {
            _notes.Add(new TableNote(TableNoteKind.Footnote, $"{Lines(form.Footnotes)} below the table {(form.Footnotes.Count == 1 ? "was" : "were")} passed over: "
                + $"\"{form.Footnotes[0].Cells[0]}\".", form.Footnotes[0].Line));
        }

        static string Lines(IReadOnlyList<CsvRow> rows) => rows.Count == 1
            ? $"Row {StatisticText.Count(rows[0].Line)}" : $"Rows {StatisticText.Count(rows[0].Line)} to {StatisticText.Count(rows[^1].Line)}";
    }

    private void NoteRepeats(List<CsvRow> body)
    {
        var seen = new HashSet<CsvRow>(SameCells.Instance);
        foreach (var row in body)
        {
            if (row.Cells.Length < 2 || seen.Add(row)) continue;
            var first = seen.TryGetValue(row, out var earlier) ? earlier.Line : 0;
            _notes.Add(new TableNote(TableNoteKind.RepeatedRow, $"Row {StatisticText.Count(row.Line)} repeats row {StatisticText.Count(first)} in every cell; if that is by mistake, delete one.", row.Line));
        }
    }

    /// <summary>The names of the columns, and the rows with a cell for each.</summary>
    private (string[] Header, List<CsvRow> Body) Names(TableForm form)
    {
        List<CsvRow> body = [.. form.Body];
        // Sheets, unlike text, may have names of blanks.
        string[] header = [.. form.Header.Cells.Select(name => string.IsNullOrWhiteSpace(name) ? "" : name)];
        if (form.HasRowNames)
        {
            if (!RowNumbers(body))
            {
                throw new StudyDataException($"has {CsvText.Cells(header.Length)} where every row below has {CsvText.Cells(header.Length + 1)}: a name is missing. "
                    + "R's write.table leaves out the one of the row names; write with col.names = NA, or put the name in", row: form.Header.Line, file: file, kind: StudyDataFault.Header);
            }
            header = ["", .. header];
        }
        foreach (var row in body) CheckShape(row, header.Length, body);
        CheckSecondHeader(body);
        int[] kept = [.. Enumerable.Range(0, header.Length).Where(j => header[j].Length > 0 || body.Exists(row => row.Cells[j].Length > 0))];
        if (kept.Length < header.Length)
        {
            var dropped = header.Length - kept.Length;
            _notes.Add(new TableNote(TableNoteKind.EmptyColumns, $"{StatisticText.Count(dropped)} {(dropped == 1 ? "column has" : "columns have")} neither name nor values."));
            header = [.. kept.Select(j => header[j])];
            body = [.. body.Select(row => row with { Cells = [.. kept.Select(j => row.Cells[j])] })];
        }
        Name(header, body, form.Header.Line);
        return (header, body);
    }

    /// <summary>Names in two rows, or units below the names: a row without a number above columns of numbers.</summary>
    private void CheckSecondHeader(List<CsvRow> body)
    {
        if (body.Count < 3 || Array.Exists(body[0].Cells, IsNumber)) return;
        int[] numbers = [.. Enumerable.Range(0, body[0].Cells.Length).Where(j => body[0].Cells[j].Length > 0 && !options.IsMissing(body[0].Cells[j]) && body.Skip(1).All(row => IsNumber(row.Cells[j])))];
        if (numbers.Length < 2) return;
        throw new StudyDataException($"holds no number, where every row below has one in {StatisticText.Count(numbers.Length)} columns (\"{body[0].Cells[numbers[0]]}\" in column {StatisticText.Count(numbers[0] + 1)}); "
            + "it seems to be a second row of names, or of units: write the names of the columns in one row, such as mean_treatment", row: body[0].Line, file: file, kind: StudyDataFault.Header);
    }

    private static bool IsNumber(string cell) => NumberText.Read(cell, '.').Look == NumberLook.Number || NumberText.Read(cell, ',').Look == NumberLook.Number;

    private static bool RowNumbers(List<CsvRow> body)
    {
        for (var i = 0; i < body.Count; i++)
        {
            if (body[i].Cells[0] != (i + 1).ToString(CultureInfo.InvariantCulture)) return false;
        }
        return true;
    }

    /// <summary>Names what has no name, and tells apart what has the same.</summary>
    private void Name(string[] header, List<CsvRow> body, int line)
    {
        for (var j = 0; j < header.Length; j++)
        {
            var number = (j + 1).ToString(CultureInfo.InvariantCulture);
            // A name that was broken into lines in its cell is written in one everywhere else.
            if (header[j].AsSpan().ContainsAny('\n', '\r', '\t')) header[j] = string.Join(' ', header[j].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            if (NumberText.Read(header[j], '.').Look == NumberLook.Number)
            {
                throw new StudyDataException("must be the name of a column, not a number; the first line of the file names the columns",
                    header[j], line, column: number, file: file, kind: StudyDataFault.Header);
            }
            if (header[j].Length > 0) continue;
            if (j == 0 && body.Select(row => row.Cells[0]).Distinct(StringComparer.Ordinal).Count() == body.Count)
            {
                header[0] = Free("rowname", header);
                _notes.Add(new TableNote(TableNoteKind.RowNames, RowNumbers(body)
                    ? $"The first column has no name and counts the rows, as R writes row numbers; it is called {header[0]} here."
                    : $"The first column has no name and a different value in each row, as R writes row names; it is called {header[0]} here.", line, header[0]));
                continue;
            }
            header[j] = Free($"column {number}", header);
            _notes.Add(new TableNote(TableNoteKind.ColumnName, $"Column {number} has no name; it is called \"{header[j]}\" here.", line, header[j]));
        }
        foreach (var same in header.Select((name, j) => (Name: name, Place: j)).GroupBy(c => c.Name, StringComparer.Ordinal).Where(g => g.Count() > 1).ToList())
        {
            foreach (var (name, place) in same) header[place] = Free($"{name} (column {(place + 1).ToString(CultureInfo.InvariantCulture)})", header);
            _notes.Add(new TableNote(TableNoteKind.ColumnName, $"{StatisticText.Count(same.Count(), "column")} are named \"{same.Key}\"; they are called "
                + $"{string.Join(" and ", same.Select(c => $"\"{header[c.Place]}\""))} here.", line, same.Key));
        }
    }

    private static string Free(string name, string[] taken)
    {
        var free = name;
        for (var i = 2; taken.Contains(free, StringComparer.Ordinal); i++) free = $"{name} {i.ToString(CultureInfo.InvariantCulture)}";
        return free;
    }

    private void CheckShape(CsvRow row, int width, List<CsvRow> body)
    {
        if (row.Filled == 0)
        {
            var next = body.Find(other => other.Line > row.Line && other.Filled > 0);
            throw new StudyDataException(next is { Filled: >= 2 } && !Array.Exists(next.Cells, IsNumber)
                ? $"has no value at all, and below it, in row {StatisticText.Count(next.Line)}, another table seems to begin; put each table in a file or sheet of its own"
                : "has no value at all; delete the line", row: row.Line, file: file, kind: StudyDataFault.Form);
        }
        if (row.Cells.Length == width) return;
        if (body.Count > 1 && body.TrueForAll(other => other.Cells.Length == row.Cells.Length))
        {
            throw new StudyDataException($"has {CsvText.Cells(row.Cells.Length)}, as every row has, where the header has {CsvText.Cells(width)}; "
                + "the header must name each column, and stand in the first line: delete a title above it", row: row.Line, file: file, kind: StudyDataFault.Header);
        }
        var advice = row.Cells.Length > width
            ? "quote a cell that holds the delimiter, and write numbers without thousands separators"
            : "write an empty cell or NA where a value is not known";
        throw new StudyDataException($"has {CsvText.Cells(row.Cells.Length)} where the header has {CsvText.Cells(width)}; {advice}",
            row: row.Line, file: file, kind: StudyDataFault.Form);
    }

    /// <summary>Numbers where all known values are; else texts, with what to say to whoever needs the numbers.</summary>
    private StudyColumn Column(string[] header, int j, string?[] known, List<CsvRow> rows, DecimalMarks marks)
    {
        if (IsText(header[j]) || Array.TrueForAll(known, cell => cell is null)) return StudyColumn.OfTexts(header[j], known);
        if (marks.Faults.TryGetValue(j, out var unsettled))
        {
            var row = rows.Find(r => r.Line == unsettled.Row);
            return Mixed(unsettled.At(unsettled.Row, row is null ? null : Study(header, row), unsettled.Column, file));
        }
        var readings = Array.ConvertAll(known, cell => cell is null ? (NumberReading?)null : NumberText.Read(cell, marks.Mark));
        if (!Array.Exists(readings, r => r is { Look: not NumberLook.Number }))
        {
            return StudyColumn.OfNumbers(header[j], readings.Select(r => r?.Value));
        }
        var anyNumber = Array.Exists(readings, r => r is { Look: NumberLook.Number });
        NoteDates(header[j], known, rows, anyNumber);
        var allMeant = !Array.Exists(readings, r => r is { Look: NumberLook.Text });
        if (!anyNumber && !allMeant) return StudyColumn.OfTexts(header[j], known);

        var first = Array.FindIndex(readings, r => r is { Look: not NumberLook.Number });
        var reading = readings[first]!.Value;
        return Mixed(reading.Look == NumberLook.Miswritten
            ? new StudyDataException(reading.Expected, known[first], rows[first].Line, Study(header, rows[first]), header[j], file,
                reading.HasOtherMark ? StudyDataFault.OtherDecimalMark : StudyDataFault.Value) { Alternative = !reading.HasOtherMark ? null : marks.Mark == '.' ? "decimal commas" : "decimal points" }
            : new StudyDataException(CellText.LooksLikeDate(known[first]!) ? "is a date, as spreadsheets make of 1-2 or 3/4; format the column as text or number and type the value again"
                : "must be a number like other values of the column, or empty or NA where it is not known", known[first], rows[first].Line,
                Study(header, rows[first]), header[j], file, StudyDataFault.MixedColumn));

        StudyColumn Mixed(StudyDataException fault)
        {
            _faults[header[j]] = fault;
            _notes.Add(new TableNote(TableNoteKind.MixedColumn, $"Column {header[j]} is read as texts: {fault.WithRemedy("").Message}", fault.Row, header[j]));
            return StudyColumn.OfTexts(header[j], known);
        }
    }

    /// <summary>Dates among other texts are ranges or fractions that a spreadsheet took for dates: 1-2 became 2-Jan.</summary>
    private void NoteDates(string column, string?[] known, List<CsvRow> rows, bool anyNumber)
    {
        var date = Array.FindIndex(known, cell => cell is not null && CellText.LooksLikeDate(cell));
        if (date < 0 || anyNumber || Array.TrueForAll(known, cell => cell is null || CellText.LooksLikeDate(cell))) return;
        _notes.Add(new TableNote(TableNoteKind.Dates, $"Column {column} holds dates among other texts (\"{known[date]}\" in row {StatisticText.Count(rows[date].Line)}): spreadsheets make them of 1-2 or 3/4. Check the values.", rows[date].Line, column));
    }

    private bool IsText(string column) => options.TextColumns.Contains(column, StringComparer.Ordinal);

    private void CheckNames(string option, IReadOnlyList<string> names, string[] header)
    {
        if (names.FirstOrDefault(name => !header.Contains(name, StringComparer.Ordinal)) is { } wrong)
        {
            throw new StudyDataException($"is not a column: {NearestName.Hint(wrong, header)}", wrong, file: file, kind: StudyDataFault.NoSuchColumn) { Option = option, Choices = [.. header] };
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

    private StudyDataException Fault(string expected) => new(expected, file: file, kind: StudyDataFault.Form);
}
