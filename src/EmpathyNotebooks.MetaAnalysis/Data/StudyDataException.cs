using System.Globalization;
using System.Text;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What kind of fault a <see cref="StudyDataException"/> describes, for programs: nobody has to read its text to decide.</summary>
/// <example><code>
/// var fault = new StudyDataException("must be a positive, finite variance", "-0.04", kind: StudyDataFault.Value);
/// Console.WriteLine(fault.Kind == StudyDataFault.Value);
/// </code></example>
public enum StudyDataFault
{
    /// <summary>A value is missing, of the wrong type or out of range.</summary>
    Value,

    /// <summary>The form of the file: encoding, quotation marks, lines of unequal length, nothing in it.</summary>
    Form,

    /// <summary>The names of the columns: none, a number, twice the same.</summary>
    Header,

    /// <summary>A name is not that of a column.</summary>
    NoSuchColumn,

    /// <summary>The file does not settle what separates cells.</summary>
    Delimiter,

    /// <summary>The file does not settle the decimal mark, or a number has the other one.</summary>
    DecimalMark,

    /// <summary>A column that is used as numbers holds texts too.</summary>
    MixedColumn,

    /// <summary>Two rows have one label, and nothing says how they belong together.</summary>
    RepeatedLabel,

    /// <summary>Rows share a study, and nothing says whether their effects depend on each other.</summary>
    SharedStudy,

    /// <summary>Nothing says what names the studies.</summary>
    NoLabel,

    /// <summary>A row sums up other rows.</summary>
    SummaryRow,

    /// <summary>Two columns contradict each other.</summary>
    Disagreement,

    /// <summary>Counts of people that seem to be thousands.</summary>
    Thousands,

    /// <summary>A count of 0 leaves the measure undefined.</summary>
    ZeroCount,

    /// <summary>The columns leave open, or do not show, what is to be pooled.</summary>
    NotRecognised,
}

/// <summary>
/// A value in the data cannot be used. The message names the place (file, row, study, column), the value and what would be right;
/// the same parts can be read one by one.
/// </summary>
public sealed class StudyDataException : Exception
{
    /// <summary>Describes one fault of the data.</summary>
    /// <param name="expected">What would be right, as the end of a sentence: <c>must be a positive, finite variance</c>.</param>
    /// <param name="value">The value found, as text; null when there is none to show.</param>
    /// <param name="row">The row, counted from 1; in a file the line, so that an editor finds it. Null when the fault has no row.</param>
    /// <param name="study">The label of the study, if known.</param>
    /// <param name="column">The column, if known.</param>
    /// <param name="file">The file's name, if the data came from one.</param>
    /// <param name="kind">What kind of fault it is.</param>
    /// <param name="remedy">How to go on in C#, appended to the message as it stands, with the punctuation before it.</param>
    public StudyDataException(string expected, string? value = null, int? row = null, string? study = null, string? column = null,
        string? file = null, StudyDataFault kind = StudyDataFault.Value, string remedy = "")
        : base(Compose(expected + remedy, value, row, study, column, file))
    {
        Kind = kind;
        Remedy = remedy;
        Expected = expected;
        Value = value;
        Row = row;
        Study = study;
        Column = column;
        File = file;
    }

    /// <summary>What kind of fault it is.</summary>
    public StudyDataFault Kind { get; }

    /// <summary>How to go on in C#; empty where there is nothing to choose. A program with other words shows its own: <see cref="WithRemedy"/>.</summary>
    public string Remedy { get; }

    /// <summary>What would be right, without the remedy.</summary>
    public string Expected { get; }

    /// <summary>The value found, as text.</summary>
    public string? Value { get; }

    /// <summary>The row counted from 1; in a file, the line.</summary>
    public int? Row { get; }

    /// <summary>The label of the study.</summary>
    public string? Study { get; }

    /// <summary>The column.</summary>
    public string? Column { get; }

    /// <summary>The file's name.</summary>
    public string? File { get; }

    /// <summary>The same fault with another way to go on, in the words of a program.</summary>
    /// <param name="remedy">Appended to the message as it stands, with the punctuation before it.</param>
    public StudyDataException WithRemedy(string remedy) => new(Expected, Value, Row, Study, Column, File, Kind, remedy);

    /// <summary>The same fault at a place in a file.</summary>
    /// <param name="row">The line.</param>
    /// <param name="study">The label of the study.</param>
    /// <param name="column">The column.</param>
    /// <param name="file">The file's name.</param>
    public StudyDataException At(int? row, string? study, string? column, string? file) => new(Expected, Value, row, study, column, file, Kind, Remedy);

    private static string Compose(string expected, string? value, int? row, string? study, string? column, string? file)
    {
        var places = new List<string>();
        if (file is not null) places.Add(file);
        if (row is not null)
        {
            var number = row.Value.ToString(CultureInfo.InvariantCulture);
            places.Add(study is null ? $"row {number}" : $"row {number} (\"{study}\")");
        }
        else if (study is not null)
        {
            places.Add($"\"{study}\"");
        }
        if (column is not null) places.Add($"column {column}");

        var message = new StringBuilder(string.Join(", ", places));
        if (message.Length > 0)
        {
            message[0] = file is null ? char.ToUpperInvariant(message[0]) : message[0];
            message.Append(": ");
        }
        if (value is not null) message.Append(value.Length == 0 ? "an empty cell" : $"\"{Visible(value)}\"").Append(' ');
        return message.Append(expected).Append('.').ToString();
    }

    /// <summary>Characters that a reader would not see, by their code points: a zero-width space as U+200B.</summary>
    private static string Visible(string value)
    {
        StringBuilder? shown = null;
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            var hidden = char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                || (c > ' ' && char.IsWhiteSpace(c));
            if (hidden && shown is null) shown = new StringBuilder(value, 0, i, value.Length + 8);
            if (shown is null) continue;
            if (hidden) shown.Append(CultureInfo.InvariantCulture, $"<U+{(int)c:X4}>");
            else shown.Append(c);
        }
        return shown?.ToString() ?? value;
    }
}
