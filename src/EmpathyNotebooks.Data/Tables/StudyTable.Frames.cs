using System.Collections.Immutable;
using System.Globalization;
using Deedle;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data;

public sealed partial class StudyTable
{
    /// <summary>
    /// The table as a Deedle frame: rows counted from 0, numbers as <see cref="double"/>, texts as <see cref="string"/>,
    /// missing where a value is not known. Each call makes a new frame, so changing it leaves the table as it is.
    /// </summary>
    public Frame<int, string> Frame
    {
        get
        {
            int[] rows = [.. Enumerable.Range(0, Count)];
            var frame = new FrameBuilder.Columns<int, string>();
            foreach (var column in Columns)
            {
                frame.Add(column.Name, column.IsNumeric
                    ? new Series<int, double>(rows, rows.Select(i => column.Number(i) ?? double.NaN))
                    : new Series<int, string>(rows, rows.Select(i => column.Text(i)!)));
            }
            return frame.Frame;
        }
    }

    /// <summary>
    /// A table from a Deedle frame. Columns of numbers and of texts are taken as they are typed (a text that looks like a
    /// number stays a text); truth values become the texts <c>true</c> and <c>false</c>. Missing values stay missing. Texts
    /// lose the blanks around them; an empty text is missing.
    /// </summary>
    /// <remarks>
    /// A file with decimal commas is for <see cref="Read(string, StudyTableOptions?)"/>, which sees the mark. Deedle's <c>Frame.ReadCsv</c> takes <c>0,31</c> for 31 unless it is told
    /// <c>culture: "de-DE"</c>; once in a frame, nothing tells such a number from a right one.
    /// </remarks>
    /// <param name="frame">The frame; row keys are not taken over, and messages count rows from 1.</param>
    /// <param name="origin">Where the data come from; the caller's own if not said.</param>
    /// <param name="correlations">The columns that <see cref="Correlations"/> takes when it is not told others.</param>
    /// <exception cref="StudyDataException">There is no row, a name is missing, or a value is neither a number nor a text, or
    /// not finite.</exception>
    /// <example><code>
    /// var table = StudyTable.FromFrame(Datasets.Molloy2014().Frame.Where(row => row.Value.GetAs&lt;double&gt;("ni") >= 100));
    /// </code></example>
    public static StudyTable FromFrame<TRow>(Frame<TRow, string> frame, DataOrigin? origin = null, CorrelationColumns? correlations = null)
        where TRow : notnull
    {
        ArgumentNullException.ThrowIfNull(frame);
        string[] names = [.. frame.ColumnKeys];
        var count = frame.RowCount;
        if (names.Length == 0 || count == 0) throw new StudyDataException("The frame has no rows; each study needs one");
        if (Array.FindIndex(names, string.IsNullOrWhiteSpace) is >= 0 and var nameless)
        {
            throw new StudyDataException("must be the name of a column", "", column: (nameless + 1).ToString(CultureInfo.InvariantCulture));
        }
        var columns = ImmutableArray.CreateBuilder<StudyColumn>(names.Length);
        var cells = ImmutableArray.CreateBuilder<CellColumn>(names.Length);
        foreach (var name in names)
        {
            var series = frame.GetColumn<object>(name);
            object?[] values = [.. series.Keys.Select(key => series.TryGet(key) is { HasValue: true } value ? value.Value : null)];
            var column = Typed(name, values);
            columns.Add(column);
            cells.Add(new CellColumn([.. Enumerable.Range(0, count).Select(i => Exact(column, i) ?? "")]));
        }
        return new StudyTable(columns.MoveToImmutable(), cells.MoveToImmutable(), [.. Enumerable.Range(1, count)], null,
            origin ?? DataOrigin.Own, correlations);
    }

    /// <summary>
    /// Writes the table as CSV: commas, decimal points, <c>NA</c> for what is not known, a line feed after each line, and
    /// quotation marks around what holds a comma, a semicolon, a tab, a quotation mark or a new line. Numbers are written with as many digits as give the same number back. A column of texts that all look like numbers needs
    /// <see cref="StudyTableOptions.TextColumns"/> when read again.
    /// </summary>
    /// <param name="writer">Where to write.</param>
    /// <exception cref="StudyDataException">A text is <c>NA</c> itself: read again, it would mean a missing value.</exception>
    public void WriteCsv(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        CsvForm.Line(writer, Columns.Select(c => c.Name));
        for (var i = 0; i < Count; i++)
        {
            var row = i;
            CsvForm.Line(writer, Columns.Select(c => Written(c, row)));
        }
    }

    private string Written(StudyColumn column, int row)
    {
        var text = Exact(column, row);
        return text == MissingText
            ? throw new StudyDataException("is a text that means a missing value in a file; give it another name", text, _lines[row],
                column: column.Name, file: _file)
            : text ?? MissingText;
    }

    /// <summary>A value with as many digits as give the same number back; null where missing.</summary>
    private static string? Exact(StudyColumn column, int row) =>
        column.IsNumeric ? column.Number(row)?.ToString("R", CultureInfo.InvariantCulture) : column.Text(row);

    private const string MissingText = "NA";

    private static StudyColumn Typed(string name, object?[] values)
    {
        var first = Array.Find(values, value => value is not null);
        if (first is null) return StudyColumn.OfTexts(name, values.Select(_ => (string?)null));
        return first is string or bool
            ? StudyColumn.OfTexts(name, values.Select((value, i) => value switch
            {
                null => null,
                string text => text.Any(c => char.IsControl(c) && c is not ('\t' or '\r' or '\n'))
                    ? throw new StudyDataException("holds a control character; delete it", row: i + 1, column: name)
                    : text.Trim() is { Length: > 0 } known ? known : null,
                bool truth => truth ? "true" : "false",
                _ => throw Wrong(value, i, "must be a text like the first value of the column"),
            }))
            : StudyColumn.OfNumbers(name, values.Select((value, i) => value switch
            {
                null => (double?)null,
                double or float or decimal or int or long or short or byte or uint or ulong or ushort or sbyte
                    => Convert.ToDouble(value, CultureInfo.InvariantCulture),
                _ => throw Wrong(value, i, "must be a number or a text"),
            }));

        StudyDataException Wrong(object value, int row, string expected) =>
            new($"{expected}; it is of the type {value.GetType().Name}", Convert.ToString(value, CultureInfo.InvariantCulture), row + 1,
                column: name);
    }
}
