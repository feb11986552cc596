using System.Collections.Immutable;
using System.Globalization;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data;

/// <summary>
/// A table of studies: named columns of numbers or of texts, every cell read and checked. It cannot be changed. From it come
/// effects (<see cref="Correlations"/>, <see cref="Effects(StudyLabel?, string?, EffectSizeOptions?)"/>, <see cref="EffectSizes"/>) and a Deedle frame (<see cref="Frame"/>).
/// </summary>
/// <remarks>
/// <para>How a file is read. Encoding: UTF-8 or UTF-16; else the one of Windows-1252 and Mac Roman under which the letters make words. The first line names the columns;
/// a title above it, footnotes below an empty row at the end, and empty rows and columns around the table are passed over. Every line has as many cells as the header; a first column
/// without a name that has a different value in each row holds the row names that R writes. Cells may be quoted, then they may hold the delimiter and line
/// breaks; a quotation mark inside is doubled. Blanks around a cell are no part of it. An empty cell and <c>NA</c> mean that a
/// value is not known. Whatever was passed over, named or guessed is said in <see cref="Notes"/>.</para>
/// <para>A column of which every known value is a number holds numbers; one without any number holds texts. One with both holds texts, and using it as numbers is an
/// error, because one mistyped number would turn a column of numbers into a column of texts; a column that is not used never stops anybody. Name it in
/// <see cref="StudyTableOptions.TextColumns"/> where texts are meant. Numbers have no thousands separators and no percent sign; the minus sign is <c>-</c> or
/// U+2212.</para>
/// <para>Every fault is a <see cref="StudyDataException"/> that names file, line, study, column, value and what would be
/// right.</para>
/// </remarks>
/// <example><code>
/// var table = StudyTable.Parse("study,ri,ni\nSmith 2011,0.31,120\nLee 2014,.22,85", "studies.csv");
/// var fit = RandomEffects.Fit(table.Correlations(r: "ri", n: "ni"));
/// </code></example>
public sealed partial class StudyTable
{
    /// <summary>The cells as they stood in the file, by column. Messages and labels show these.</summary>
    private readonly ImmutableArray<CellColumn> _cells;

    /// <summary>The line of each row, as an editor counts.</summary>
    private readonly int[] _lines;

    private readonly string? _file;

    /// <summary>What to say to whoever needs the numbers of a column that is not all numbers.</summary>
    private IReadOnlyDictionary<string, StudyDataException> _faults = ImmutableDictionary<string, StudyDataException>.Empty;

    private char _mark = '.';

    private ImmutableArray<TableNote> _notes = [];

    private ImmutableArray<TableNote> _allNotes;

    private StudyTable(ImmutableArray<StudyColumn> columns, ImmutableArray<CellColumn> cells, int[] lines, string? file, DataOrigin origin,
        CorrelationColumns? correlations)
    {
        Columns = columns;
        _cells = cells;
        _lines = lines;
        _file = file;
        Origin = origin;
        CorrelationColumns = correlations;
    }

    /// <summary>
    /// Reads a file: CSV with comma, semicolon or tab; a sheet of an Excel workbook (.xlsx, .xlsb, .xls); Parquet; Arrow (Feather); JSON; a Cochrane review in RevMan 5 (.rm5); a list of references in RIS
    /// or BibTeX. What it is says its content, and for plain text its name.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How to read it; the defaults if not said.</param>
    /// <exception cref="StudyDataException">The file is not a table of studies; the message names the first fault.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static StudyTable Read(string path, StudyTableOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return TableFile.Read(File.ReadAllBytes(path), Path.GetFileName(path), options ?? new StudyTableOptions());
    }

    /// <summary>Reads the text of a file.</summary>
    /// <param name="text">The text.</param>
    /// <param name="fileName">The name that messages give the text.</param>
    /// <param name="options">How to read it; the defaults if not said.</param>
    /// <exception cref="StudyDataException">The text is not a table of studies; the message names the first fault.</exception>
    public static StudyTable Parse(string text, string fileName = "text", StudyTableOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentException.ThrowIfNullOrWhiteSpace(fileName);
        return new StudyTableReader(fileName, options ?? new StudyTableOptions()).Read(new TableText(text));
    }

    /// <summary>How many rows there are.</summary>
    public int Count => _lines.Length;

    /// <summary>The columns, in the order of the file.</summary>
    public ImmutableArray<StudyColumn> Columns { get; }

    /// <summary>Where the data come from.</summary>
    public DataOrigin Origin { get; }

    /// <summary>The columns that <see cref="Correlations"/> takes when it is not told others; null when it must be
    /// told.</summary>
    public CorrelationColumns? CorrelationColumns { get; }

    /// <summary>What a reader should know of how the table was read: encoding, a title passed over, row names, empty rows, columns of numbers and texts, values that
    /// differ only by case or blanks.</summary>
    public ImmutableArray<TableNote> Notes => _allNotes.IsDefault ? _allNotes = [.. _notes, .. CategoryNotes.Of(Columns)] : _allNotes;

    /// <summary>Refuses a column of numbers and texts, which is the one by mistake and nobody knows which.</summary>
    /// <param name="name">The column.</param>
    /// <exception cref="StudyDataException">There is no such column, or it holds numbers and texts; the message names the cells that do not fit.</exception>
    public void RequireOneKind(string name)
    {
        _ = IndexOf(name);
        if (FaultsOf(name) is { Count: > 0 } faults) throw StudyDataException.Together(faults);
    }

    /// <summary>The line of the file that a row stands in, as an editor counts; the row itself, counted from 1, where there is no file.</summary>
    /// <param name="row">The row, counted from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public int LineOf(int row) => row >= 0 && row < Count ? _lines[row]
        : throw new ArgumentOutOfRangeException(nameof(row), row, string.Create(CultureInfo.InvariantCulture, $"There are {Count} rows, counted from 0."));

    /// <summary>The column of that name.</summary>
    /// <exception cref="StudyDataException">There is no such column; the message suggests the nearest name.</exception>
    public StudyColumn Column(string name) => Columns[IndexOf(name)];

    /// <summary>The rows whose column has one value, for example <c>Where("rater", "client")</c>.</summary>
    /// <exception cref="StudyDataException">There is no such column, or no row has that value; the message suggests the
    /// nearest.</exception>
    public StudyTable Where(string column, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var values = Column(column);
        var cells = _cells[IndexOf(column)];
        // A number is the same however it is written: .1, 0.1 and 0.10.
        double? number = values.IsNumeric && NumberText.Read(value, _mark) is { Look: NumberLook.Number } read ? read.Value : null;
        int[] rows = [.. Enumerable.Range(0, Count).Where(i => values.Text(i) is { } text && (text == value || cells[i] == value || (number is { } given && values.Number(i) == given)))];
        if (rows.Length == 0)
        {
            var existing = Enumerable.Range(0, Count).Select(values.Text).OfType<string>().Distinct();
            throw new StudyDataException("is the value of no row: " + NearestName.Hint(value, existing), value, column: column, file: _file, kind: StudyDataFault.NoSuchName) { Choices = [.. existing] };
        }
        return Rows(rows);
    }

    /// <summary>The same table, in which the categories of a column come in an order of their own; see <see cref="StudyColumn.InOrder"/>.</summary>
    /// <param name="column">The column.</param>
    /// <param name="levels">Every value of it, the reference first.</param>
    /// <exception cref="StudyDataException">There is no such column, or a value of it is not among the levels; the message names the first row.</exception>
    /// <example><code>
    /// var table = StudyTable.Parse("study,yi,vi,dose\nA,.3,.02,high\nB,.1,.03,low\n").InOrder("dose", "low", "high");
    /// </code></example>
    public StudyTable InOrder(string column, params IReadOnlyList<string> levels)
    {
        var place = IndexOf(column);
        try
        {
            return new StudyTable(Columns.SetItem(place, Columns[place].InOrder(levels)), _cells, _lines, _file, Origin, CorrelationColumns).Noted(_mark, _notes, _faults);
        }
        catch (StudyDataException fault) when (fault.Row is { } row)
        {
            throw fault.At(_lines[row - 1], null, column, _file);
        }
    }

    private StudyTable Rows(int[] rows) => new StudyTable([.. Columns.Select(c => Select(c, rows))], [.. _cells.Select(cells => cells.Of(rows))],
        Array.ConvertAll(rows, i => _lines[i]), _file, Origin, CorrelationColumns).Noted(_mark, _notes, _faults);

    /// <summary>The table without the rows in which one of some columns has no value.</summary>
    /// <param name="columns">The columns.</param>
    /// <returns>The table, and what was left out of it.</returns>
    /// <exception cref="StudyDataException">There is no such column, or no row has values in all.</exception>
    /// <example><code>
    /// var (known, omitted) = StudyTable.Parse("study,r,n\nA,.3,40\nB,NA,50\nC,.1,60\n").WithoutMissing("r", "n");
    /// Console.WriteLine(omitted[0].Row == 3);
    /// </code></example>
    public (StudyTable Table, ImmutableArray<OmittedRow> Omitted) WithoutMissing(params IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        int[] places = [.. columns.Select(IndexOf)];
        List<int> kept = [];
        var omitted = ImmutableArray.CreateBuilder<OmittedRow>();
        for (var i = 0; i < Count; i++)
        {
            if (Array.FindIndex(places, j => IsMissing(j, i)) is >= 0 and var missing) omitted.Add(new OmittedRow(_lines[i], Columns[places[missing]].Name));
            else kept.Add(i);
        }
        if (kept.Count == 0) throw new StudyDataException($"has no row with values in all of {string.Join(", ", columns)}", file: _file, kind: StudyDataFault.Undetermined);
        return (omitted.Count == 0 ? this : Rows([.. kept]), omitted.ToImmutable());
    }

    /// <summary>For example <c>16 rows, 10 columns (Published data: Molloy et al. 2014)</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Count} {(Count == 1 ? "row" : "rows")}, {Columns.Length} {(Columns.Length == 1 ? "column" : "columns")}")
        + (Origin.Label.Length > 0 ? $" ({Origin.Label})" : "");

    internal static StudyTable Create(ImmutableArray<StudyColumn> columns, ImmutableArray<CellColumn> cells, int[] lines, string? file,
        DataOrigin origin, CorrelationColumns? correlations) => new(columns, cells, lines, file, origin, correlations);

    /// <summary>The same table with what was found while it was read; for its reader, before anybody else sees it.</summary>
    internal StudyTable Noted(char mark, ImmutableArray<TableNote> notes, IReadOnlyDictionary<string, StudyDataException> faults)
    {
        (_mark, _notes, _faults) = (mark, notes, faults);
        return this;
    }

    private int IndexOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        for (var j = 0; j < Columns.Length; j++)
        {
            if (Columns[j].Name == name) return j;
        }
        string[] alike = [.. Columns.Select(c => c.Name).Where((c, j) => ColumnNames.InFile(c, j) == name)];
        if (alike.Length > 1)
        {
            throw new StudyDataException($"is the name of {StatisticText.Count(alike.Length, "column")}, called {string.Join(" and ", alike.Select(c => $"\"{c}\""))} here: say which by that name, or give each column a name of its own in the file",
                name, file: _file, kind: StudyDataFault.SharedName) { Choices = [.. alike] };
        }
        throw new StudyDataException($"is not a column: {NearestName.Hint(name, Columns.Select(c => c.Name))}", name, file: _file, kind: StudyDataFault.NoSuchColumn) { Choices = [.. Columns.Select(c => c.Name)] };
    }

    private bool IsMissing(int column, int row) => Columns[column].Text(row) is null;

    private static StudyColumn Select(StudyColumn column, int[] rows)
    {
        var selected = column.IsNumeric ? StudyColumn.OfNumbers(column.Name, rows.Select(column.Number)) : StudyColumn.OfTexts(column.Name, rows.Select(column.Text));
        return column.Levels.IsEmpty ? selected : selected.InOrder(column.Levels);
    }
}
