using System.Globalization;
using System.Text;

namespace EmpathyNotebooks.MetaAnalysis;

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
    public StudyDataException(string expected, string? value = null, int? row = null, string? study = null, string? column = null,
        string? file = null)
        : base(Compose(expected, value, row, study, column, file))
    {
        Expected = expected;
        Value = value;
        Row = row;
        Study = study;
        Column = column;
        File = file;
    }

    /// <summary>What would be right.</summary>
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
        if (value is not null) message.Append(value.Length == 0 ? "an empty cell" : $"\"{value}\"").Append(' ');
        return message.Append(expected).Append('.').ToString();
    }
}
