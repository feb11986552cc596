using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;
using CsvHelper;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data;

/// <summary>One row of a file: the line it starts on, and its cells without quotes and without blanks around them.</summary>
internal sealed record CsvRow(int Line, string[] Cells)
{
    public bool IsBlank => Cells.Length == 1 && Cells[0].Length == 0;

    /// <summary>How many cells are not empty.</summary>
    public int Filled => Cells.Count(cell => cell.Length > 0);
}

/// <summary>Rows are the same where all their cells are, wherever they stand.</summary>
internal sealed class SameCells : IEqualityComparer<CsvRow>
{
    public static SameCells Instance { get; } = new();

    public bool Equals(CsvRow? x, CsvRow? y) => x is not null && y is not null && x.Cells.AsSpan().SequenceEqual(y.Cells);

    public int GetHashCode(CsvRow row)
    {
        var hash = new HashCode();
        foreach (var cell in row.Cells) hash.Add(cell, StringComparer.Ordinal);
        return hash.ToHashCode();
    }
}

/// <summary>From text to rows of cells. Everything that is wrong with the form of the file is found here.</summary>
internal static partial class CsvText
{
    /// <summary>What nobody has to look at twice: printable ASCII and ends of lines.</summary>
    private static readonly SearchValues<char> Ordinary = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c), '\t', '\r', '\n']);

    /// <summary>Refuses what no spreadsheet shows and no reader of a table could see.</summary>
    public static void CheckCharacters(string text, string file, int firstLine = 1)
    {
        if (!text.AsSpan().ContainsAnyExcept(Ordinary)) return;
        var line = firstLine;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\n' || (c == '\r' && (i + 1 == text.Length || text[i + 1] != '\n'))) line++;
            if (c == '\0')
            {
                throw new StudyDataException("holds a NUL character; the file is damaged, or it is not text in UTF-8: save it as UTF-8",
                    row: line, file: file, kind: StudyDataFault.Form);
            }
            if (char.IsControl(c) && c is not ('\t' or '\r' or '\n'))
            {
                throw new StudyDataException($"holds the control character U+{(int)c:X4}; delete it", row: line, file: file, kind: StudyDataFault.Form);
            }
            if (!char.IsSurrogate(c)) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(c, text[i + 1]))
            {
                throw new StudyDataException($"holds half a character (U+{(int)c:X4}); the text is damaged", row: line, file: file, kind: StudyDataFault.Form);
            }
            i++;
        }
    }

    public static List<CsvRow> Rows(string text, char delimiter, string file)
    {
        var rows = Split(text, delimiter, out var malformed);
        if (malformed is { } fault)
        {
            throw new StudyDataException(fault.Reason switch
            {
                CsvMalformedReason.UnterminatedQuote => "has a quotation mark that is never closed; quote the cell as \"like this\"",
                CsvMalformedReason.TextAfterClosingQuote =>
                    "has text after a closing quotation mark; double a quotation mark inside a quoted cell: \"a \"\"b\"\" c\"",
                _ => "has a quotation mark inside a cell that is not quoted; quote the cell and double the mark: \"a \"\"b\"\" c\"",
            }, row: fault.Line, file: file, kind: StudyDataFault.Form);
        }
        // Line breaks after the last row are not rows.
        while (rows.Count > 0 && rows[^1].IsBlank) rows.RemoveAt(rows.Count - 1);
        return rows;
    }

    /// <summary>The rule of <see cref="CsvDelimiter.Detect"/>.</summary>
    public static char DetectDelimiter(string text, string file)
    {
        var candidates = new List<(char Delimiter, string Name, bool Fits)>();
        foreach (var (delimiter, name) in new[] { (',', "comma"), (';', "semicolon"), ('\t', "tab") })
        {
            // What is nowhere in the text splits nothing.
            if (!text.Contains(delimiter, StringComparison.Ordinal)) continue;
            if (delimiter == ',' && !text.AsSpan().ContainsAny(';', '\t')) return ',';
            var rows = Split(text, delimiter, out _);
            while (rows.Count > 0 && rows[^1].IsBlank) rows.RemoveAt(rows.Count - 1);
            if (rows.Count == 0) continue;
            var form = TableForm.Of(rows, _ => false);
            // "study;r;n" over cells with decimal commas is no title.
            if (form.Header.Cells.Length == 1 || form.Title.Any(row => row.Cells[0].AsSpan().ContainsAny(';', '\t'))) continue;
            candidates.Add((delimiter, name, form.Fits));
        }
        if (candidates.Count == 0) return ',';
        if (candidates.Count == 1) return candidates[0].Delimiter;
        var fitting = candidates.Where(c => c.Fits).ToList();
        return fitting.Count == 1 ? fitting[0].Delimiter : throw new StudyDataException(
            $"could be split at each {string.Join(" and at each ", candidates.Select(c => c.Name))}, and the lines do not settle which",
            row: 1, file: file, kind: StudyDataFault.Delimiter);
    }

    /// <summary>What separates the cells where it is no comma, semicolon or tab: bars, or blanks as R's write.table takes by itself; null where it is one of these, or the lines do not show.</summary>
    public static string? OtherDelimiter(string text)
    {
        const int linesLookedAt = 6;
        string[] lines = [.. text.Split(['\n', '\r'], linesLookedAt + 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(linesLookedAt)];
        if (lines.Length < 2 || Array.Exists(lines, line => line.AsSpan().ContainsAny(',', ';', '\t'))) return null;
        if (lines[0].Contains('|', StringComparison.Ordinal) && Array.TrueForAll(lines, line => line.Count(c => c == '|') == lines[0].Count(c => c == '|'))) return "bars (|)";
        string[][] words = Array.ConvertAll(lines, line => Words().Matches(line).Select(word => word.Value).ToArray());
        return words[0].Length >= 2 && Array.TrueForAll(words[1..], row => (row.Length == words[0].Length || row.Length == words[0].Length + 1) && row.Length == words[1].Length
            && Array.Exists(row[1..], word => NumberText.Read(word, '.').Look == NumberLook.Number)) ? "blanks" : null;
    }

    [GeneratedRegex("\"[^\"]*\"|[^ \"]+", RegexOptions.CultureInvariant)]
    private static partial Regex Words();

    private static List<CsvRow> Split(string text, char delimiter, out (int Line, CsvMalformedReason Reason)? malformed)
    {
        (int, CsvMalformedReason)? first = null;
        var options = CsvReaderOptions.Default with
        {
            Separator = delimiter,
            HasHeader = false,
            SkipEmptyLines = false,
            TrimWhitespace = true,
            TrackLineNumbers = true,
            DetectSeparatorHint = false,
            OnMalformedRecord = record => first ??= ((int)record.LineNumber, record.Reason),
        };
        var rows = new List<CsvRow>();
        using (var reader = CsvReader.FromText(text, options))
        {
            while (reader.Read())
            {
                rows.Add(new CsvRow((int)reader.LineNumber, Array.ConvertAll(reader.Current.ToArray(), cell => cell.Trim())));
            }
        }
        malformed = first;
        return rows;
    }

    /// <summary>For messages: the number of cells in words.</summary>
    public static string Cells(int count) => count.ToString(CultureInfo.InvariantCulture) + (count == 1 ? " cell" : " cells");
}
