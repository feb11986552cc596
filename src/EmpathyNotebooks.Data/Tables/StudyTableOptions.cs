using System.Collections.Immutable;
using System.Text;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data;

/// <summary>How a file is to be read. The defaults fit a comma-, semicolon- or tab-separated file in UTF-8.</summary>
/// <example><code>
/// var table = StudyTable.Read("studies.csv", new() { DecimalMark = DecimalMark.Comma, TextColumns = ["id"] });
/// </code></example>
public sealed record StudyTableOptions
{
    /// <summary>What separates cells; found from the file if not said.</summary>
    public CsvDelimiter Delimiter
    {
        get;
        init => field = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Delimiter), value, "There is no such delimiter.");
    }

    /// <summary>
    /// The encoding of a text file, for example <c>Encoding.Latin1</c>; found from its bytes if not said: UTF-8 or UTF-16, else the one of Windows-1252 and Mac Roman under which the letters make words.
    /// </summary>
    public Encoding? Encoding { get; init; }

    /// <summary>The sheet of a workbook, by its name; the first that is visible and not empty if not said.</summary>
    public string? Sheet { get; init; }

    /// <summary>The decimal mark; found from the file if not said.</summary>
    public DecimalMark DecimalMark
    {
        get;
        init => field = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(DecimalMark), value, "There is no such decimal mark.");
    }

    /// <summary>
    /// The texts that mean that a value is not known, as they stand in the file; only <c>NA</c> if not said. An empty cell
    /// always means it. A missing value is an error wherever an analysis needs the value, and nowhere else.
    /// </summary>
    public IReadOnlyList<string> MissingTexts { get; init => field = Copy(value); } = ["NA"];

    /// <summary>Columns that hold texts even where they look like numbers (<c>007</c>), or where some do (<c>2009</c>,
    /// <c>2009a</c>).</summary>
    public IReadOnlyList<string> TextColumns { get; init => field = Copy(value); } = [];

    /// <summary>Columns that the file must have, without a missing value.</summary>
    public IReadOnlyList<string> Required { get; init => field = Copy(value); } = [];

    /// <summary>The columns that <see cref="StudyTable.Correlations"/> takes when it is not told others.</summary>
    public CorrelationColumns? Correlations { get; init; }

    /// <summary>Where the data come from; the caller's own data, named after the file, if not said.</summary>
    public DataOrigin? Origin { get; init; }

    internal bool IsMissing(string cell) => cell.Length == 0 || MissingTexts.Contains(cell, StringComparer.Ordinal);

    private static ImmutableArray<string> Copy(IReadOnlyList<string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return [.. values];
    }
}

/// <summary>Which columns of a table hold correlations.</summary>
/// <param name="R">The column of correlations.</param>
/// <param name="N">The column of sample sizes.</param>
/// <param name="Label">What names a study; guessed where that is unambiguous, if not said.</param>
/// <param name="Effect">The column that tells several effects of one study apart, if there is one.</param>
public sealed record CorrelationColumns(string R, string N, StudyLabel? Label = null, string? Effect = null);
