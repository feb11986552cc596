using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data;

/// <summary>From the text of a file to a table: form first, then header, then the cells of each column.</summary>
internal sealed class StudyTableReader(string file, StudyTableOptions options)
{
    private readonly List<TableNote> _notes = [];
    private readonly MissingCells _missing = new(options.MissingTexts);
    private DataOrigin? _known;
    private readonly Dictionary<string, StudyDataException> _faults = new(StringComparer.Ordinal);

    /// <param name="text">The text of the file.</param>
    /// <param name="encoding">The encoding it was in, where that is not Unicode.</param>
    public StudyTable Read(TableText text, string? encoding = null)
    {
        text = text.WithoutMark();
        text.CheckCharacters(file);
        if (text.IsBlank) throw Fault("is empty; the first line must name the columns");
        NoteEncoding(text, encoding);
        _known = Datasets.SimulatedOrigin(text);
        var hint = SpreadsheetHint(text.Start);
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
        if (hint is not null) rows.DropFirst();
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
        return Read(CellGrid.Of(sheet.Rows), ',');
    }

    private StudyTable Read(CellGrid rows, char delimiter)
    {
        if (rows.Count == 0) throw Fault("is empty; the first line must name the columns");
        var form = TableForm.Of(rows, options.IsMissing);
        NoteForm(form);
        var (header, body) = Names(form);
        CheckNames(nameof(StudyTableOptions.TextColumns), options.TextColumns, header);
        CheckNames(nameof(StudyTableOptions.Required), options.Required, header);
        if (body.Count == 0) throw Fault("has a header and no rows; each study needs a row");

        NoteRepeats(header, body);
        var marks = options.DecimalMark switch
        {
            DecimalMark.Point => new DecimalMarks('.', ImmutableDictionary<int, StudyDataException>.Empty),
            DecimalMark.Comma => new DecimalMarks(',', ImmutableDictionary<int, StudyDataException>.Empty),
            _ => DecimalMarks.Detect(header, body, _missing, IsText, delimiter, file),
        };
        var columns = ImmutableArray.CreateBuilder<StudyColumn>(header.Length);
        var cells = ImmutableArray.CreateBuilder<CellColumn>(header.Length);
        for (var j = 0; j < header.Length; j++)
        {
            if (options.Required.Contains(header[j], StringComparer.Ordinal)) Require(header, j, body);
            var (column, texts) = Column(header, j, body, marks);
            columns.Add(column);
            cells.Add(new CellColumn(body, j, texts));
        }
        var lines = new int[body.Count];
        for (var i = 0; i < lines.Length; i++) lines[i] = body.Line(i);
        var table = StudyTable.Create(columns.MoveToImmutable(), cells.MoveToImmutable(), lines, file,
            options.Origin ?? _known ?? new DataOrigin(DataKind.Own, file), options.Correlations);
        return table.Noted(marks.Mark, [.. _notes], _faults);
    }

    private void Require(string[] header, int j, TableBody body)
    {
        for (var i = 0; i < body.Count; i++)
        {
            if (_missing.Includes(body.Cell(i, j))) throw new StudyDataException("must be a value; this column is required", body.Text(i, j), body.Line(i), Study(header, body.Row(i)), header[j], file);
        }
    }

    /// <summary>The delimiter that Excel's own note in the first line names.</summary>
    private static char? SpreadsheetHint(string text) =>
        text.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && text.Length > 5 && text[4] is ',' or ';' or '\t' && text[5] is '\r' or '\n' ? text[4] : null;

    private void NoteEncoding(TableText content, string? encoding)
    {
        if (encoding is not null)
        {
            var text = content.Text;
            var at = text.AsSpan().IndexOfAnyExceptInRange('\0', '\u007F');
            var word = text[(text.AsSpan(0, at).LastIndexOfAny(",;\t\r\n\" ") + 1)..];
            word = word[..(word.AsSpan().IndexOfAny(",;\t\r\n\" ") is >= 0 and var end ? end : word.Length)];
            _notes.Add(new TableNote(TableNoteKind.Encoding, $"The file is not in UTF-8 and was read as {encoding}, for example \"{word}\"; save it as UTF-8 if that is wrong."));
        }
        if (content.LostLetter() is not var (line, mark)) return;
        _notes.Add(new TableNote(TableNoteKind.LostLetters, $"Row {StatisticText.Count(line)} holds \"{mark}\" within a word: a letter was lost when the file was saved.", line));
    }

    private void NoteForm(TableForm form)
    {
        if (form.Title.Count > 0)
        {
            _notes.Add(new TableNote(TableNoteKind.Title, $"{Lines(form.Title[0].Line, form.Title[^1].Line, form.Title.Count)} above the names of the columns {(form.Title.Count == 1 ? "was" : "were")} passed over: "
                + $"\"{form.Title[0].Cells.First(cell => cell.Length > 0)}\".", form.Title[0].Line));
        }
        if (form.EmptyRows is { Count: > 0 } empty)
        {
            _notes.Add(new TableNote(TableNoteKind.EmptyRows, $"{Lines(empty.First, empty.Last, empty.Count)} at the end {(empty.Count == 1 ? "is" : "are")} empty.", empty.First));
        }
        if (form.Footnotes.Count > 0)
        {
            _notes.Add(new TableNote(TableNoteKind.Footnote, $"{Lines(form.Footnotes[0].Line, form.Footnotes[^1].Line, form.Footnotes.Count)} below the table {(form.Footnotes.Count == 1 ? "was" : "were")} passed over: "
                + $"\"{form.Footnotes[0].Cells[0]}\".", form.Footnotes[0].Line));
        }

        static string Lines(int first, int last, int count) => count == 1 ? $"Row {StatisticText.Count(first)}" : $"Rows {StatisticText.Count(first)} to {StatisticText.Count(last)}";
    }

    private void NoteRepeats(string[] header, TableBody body)
    {
        if (header.Length < 2) return;
        foreach (var (row, earlier) in body.Repeats(header.Length))
        {
            var line = body.Line(row);
            _notes.Add(new TableNote(TableNoteKind.RepeatedRow, $"Row {StatisticText.Count(line)} repeats row {StatisticText.Count(body.Line(earlier))} in every cell; if that is by mistake, delete one.", line));
        }
    }

    /// <summary>The names of the columns, and the rows with a cell for each.</summary>
    private (string[] Header, TableBody Body) Names(TableForm form)
    {
        var body = form.Body;
        // Sheets, unlike text, may have names of blanks.
        string[] header = [.. form.Header.Cells.Select(name => string.IsNullOrWhiteSpace(name) ? "" : name)];
        if (form.HasRowNames)
        {
            if (!body.IsNumbered())
            {
                throw new StudyDataException($"has {CsvText.Cells(header.Length)} where every row below has {CsvText.Cells(header.Length + 1)}: a name is missing. "
                    + "R's write.table leaves out the one of the row names; write with col.names = NA, or put the name in", row: form.Header.Line, file: file, kind: StudyDataFault.Header);
            }
            header = ["", .. header];
        }
        for (var i = 0; i < body.Count; i++) CheckShape(i, header.Length, body);
        CheckSecondHeader(body);
        int[] kept = [.. Enumerable.Range(0, header.Length).Where(j => header[j].Length > 0 || body.HasValue(j))];
        if (kept.Length < header.Length)
        {
            var dropped = header.Length - kept.Length;
            _notes.Add(new TableNote(TableNoteKind.EmptyColumns, $"{StatisticText.Count(dropped)} {(dropped == 1 ? "column has" : "columns have")} neither name nor values."));
            header = [.. kept.Select(j => header[j])];
            body = body.Keep(kept);
        }
        Name(header, body, form.Header.Line);
        return (header, body);
    }

    /// <summary>Names in two rows, or units below the names: a row without a number above columns of numbers.</summary>
    private void CheckSecondHeader(TableBody body)
    {
        if (body.Count < 3) return;
        var first = body.Row(0);
        if (Array.Exists(first.Cells, IsNumber)) return;
        int[] numbers = [.. Enumerable.Range(0, first.Cells.Length).Where(j => first.Cells[j].Length > 0 && !options.IsMissing(first.Cells[j]) && AreNumbers(body, j))];
        if (numbers.Length < 2) return;
        throw new StudyDataException($"holds no number, where every row below has one in {StatisticText.Count(numbers.Length)} columns (\"{first.Cells[numbers[0]]}\" in column {StatisticText.Count(numbers[0] + 1)}); "
            + "it seems to be a second row of names, or of units: write the names of the columns in one row, such as mean_treatment", row: first.Line, file: file, kind: StudyDataFault.Header);
    }

    private static bool AreNumbers(TableBody body, int column)
    {
        for (var i = 1; i < body.Count; i++)
        {
            if (!NumberText.IsNumber(body.Cell(i, column), '.') && !NumberText.IsNumber(body.Cell(i, column), ',')) return false;
        }
        return true;
    }

    private static bool IsNumber(string cell) => NumberText.Read(cell, '.').Look == NumberLook.Number || NumberText.Read(cell, ',').Look == NumberLook.Number;

    /// <summary>Names what has no name, and tells apart what has the same.</summary>
    private void Name(string[] header, TableBody body, int line)
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
            if (j == 0 && body.IsNumbered() is var isNumbered && (isNumbered || Enumerable.Range(0, body.Count).Select(i => body.Text(i, 0)).Distinct(StringComparer.Ordinal).Count() == body.Count))
            {
                header[0] = Free("rowname", header);
                _notes.Add(new TableNote(TableNoteKind.RowNames, isNumbered
                    ? $"The first column has no name and counts the rows, as R writes row numbers; it is called {header[0]} here."
                    : $"The first column has no name and a different value in each row, as R writes row names; it is called {header[0]} here.", line, header[0]));
                continue;
            }
            header[j] = Free($"column {number}", header);
            _notes.Add(new TableNote(TableNoteKind.ColumnName, $"Column {number} has no name; it is called \"{header[j]}\" here.", line, header[j]));
        }
        foreach (var same in header.Select((name, j) => (Name: name, Place: j)).GroupBy(c => c.Name, StringComparer.Ordinal).Where(g => g.Count() > 1).ToList())
        {
            foreach (var (name, place) in same) header[place] = Free(ColumnNames.At(name, place), header);
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

    private void CheckShape(int row, int width, TableBody body)
    {
        if (body.IsEmpty(row))
        {
            var next = Enumerable.Range(row + 1, body.Count - row - 1).Where(i => !body.IsEmpty(i)).Select(body.Row).FirstOrDefault();
            throw new StudyDataException(next is { Filled: >= 2 } && !Array.Exists(next.Cells, IsNumber)
                ? $"has no value at all, and below it, in row {StatisticText.Count(next.Line)}, another table seems to begin; put each table in a file or sheet of its own"
                : "has no value at all; delete the line", row: body.Line(row), file: file, kind: StudyDataFault.Form);
        }
        var cells = body.Width(row);
        if (cells == width) return;
        if (body.Count > 1 && body.AllHave(cells))
        {
            throw new StudyDataException($"has {CsvText.Cells(cells)}, as every row has, where the header has {CsvText.Cells(width)}; "
                + "the header must name each column, and stand in the first line: delete a title above it", row: body.Line(row), file: file, kind: StudyDataFault.Header);
        }
        var advice = cells > width
            ? "quote a cell that holds the delimiter, and write numbers without thousands separators"
            : "write an empty cell or NA where a value is not known";
        throw new StudyDataException($"has {CsvText.Cells(cells)} where the header has {CsvText.Cells(width)}; {advice}",
            row: body.Line(row), file: file, kind: StudyDataFault.Form);
    }

    /// <summary>Numbers where all known values are; else texts, with what to say to whoever needs the numbers.</summary>
    private (StudyColumn Column, string?[]? Texts) Column(string[] header, int j, TableBody body, DecimalMarks marks)
    {
        if (IsText(header[j])) return AsTexts();
        if (marks.Faults.TryGetValue(j, out var unsettled))
        {
            var row = Enumerable.Range(0, body.Count).FirstOrDefault(i => body.Line(i) == unsettled.Row, -1);
            return Mixed(unsettled.At(unsettled.Row, row < 0 ? null : Study(header, body.Row(row)), unsettled.Column, file));
        }
        var (numbers, anyNumber, first) = Numbers(body, j, marks.Mark);
        if (numbers is not null) return (StudyColumn.OfNumbers(header[j], ImmutableCollectionsMarshal.AsImmutableArray(numbers)), null);
        if (first < 0) return AsTexts();
        var reading = NumberText.Read(body.Text(first, j), marks.Mark);
        var allMeant = reading.Look != NumberLook.Text;
        for (var i = first + 1; i < body.Count && (allMeant || !anyNumber); i++)
        {
            var cell = body.Cell(i, j);
            if (_missing.Includes(cell)) continue;
            if (NumberText.IsNumber(cell, marks.Mark)) anyNumber = true;
            else if (allMeant) allMeant = NumberText.Read(cell, marks.Mark).Look != NumberLook.Text;
        }
        if (!anyNumber && !allMeant)
        {
            var texts = AsTexts();
            NoteDates(header[j], texts.Texts, body);
            return texts;
        }
        return Mixed(NoNumber(body.Text(first, j), marks.Mark).At(body.Line(first), Study(header, body.Row(first)), header[j], file));

        (StudyColumn, string?[]) Mixed(StudyDataException fault)
        {
            _faults[header[j]] = fault;
            _notes.Add(new TableNote(TableNoteKind.MixedColumn, $"Column {header[j]} is read as texts: {fault.WithRemedy("").Message}", fault.Row, header[j]));
            return AsTexts();
        }

        (StudyColumn Column, string?[] Texts) AsTexts()
        {
            var pool = new TextPool();
            var known = new string?[body.Count];
            for (var i = 0; i < known.Length; i++)
            {
                var cell = body.Cell(i, j);
                known[i] = _missing.Includes(cell) ? null : pool.Of(cell);
            }
            return (StudyColumn.OfTexts(header[j], ImmutableCollectionsMarshal.AsImmutableArray(known)), known);
        }
    }

    /// <summary>What is wrong with a cell that is no number in a column of numbers.</summary>
    internal static StudyDataException NoNumber(string cell, char mark)
    {
        var reading = NumberText.Read(cell, mark);
        return reading.Look == NumberLook.Miswritten
            ? new StudyDataException(reading.Expected, cell, kind: reading.HasOtherMark ? StudyDataFault.OtherDecimalMark : StudyDataFault.Value) { Alternative = !reading.HasOtherMark ? null : mark == '.' ? "decimal commas" : "decimal points" }
            : new StudyDataException(CellText.LooksLikeDate(cell) ? "is a date, as spreadsheets make of 1-2 or 3/4; format the column as text or number and type the value again"
                : "must be a number like other values of the column, or empty or NA where it is not known", cell, kind: StudyDataFault.MixedColumn);
    }

    /// <summary>The numbers of a column, of which unknown ones are null. No numbers where a known cell is none, with whether one before it is, and its row; nor where nothing is known, and the row is -1.</summary>
    private (double?[]? Numbers, bool AnyNumber, int First) Numbers(TableBody body, int j, char mark)
    {
        double?[]? numbers = null;
        for (var i = 0; i < body.Count; i++)
        {
            var cell = body.Cell(i, j);
            if (_missing.Includes(cell)) continue;
            var reading = NumberText.Read(cell, mark);
            if (reading.Look != NumberLook.Number) return (null, numbers is not null, i);
            numbers ??= new double?[body.Count];
            numbers[i] = reading.Value;
        }
        return (numbers, numbers is not null, -1);
    }

    /// <summary>Dates among other texts are ranges or fractions that a spreadsheet took for dates: 1-2 became 2-Jan.</summary>
    private void NoteDates(string column, string?[] known, TableBody body)
    {
        var date = Array.FindIndex(known, cell => cell is not null && CellText.LooksLikeDate(cell));
        if (date < 0 || Array.TrueForAll(known, cell => cell is null || CellText.LooksLikeDate(cell))) return;
        _notes.Add(new TableNote(TableNoteKind.Dates, $"Column {column} holds dates among other texts (\"{known[date]}\" in row {StatisticText.Count(body.Line(date))}): spreadsheets make them of 1-2 or 3/4. Check the values.", body.Line(date), column));
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
