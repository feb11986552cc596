using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CsvHelper;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data;

/// <summary>One row of a file: the line it starts on, and its cells without quotes and without blanks around them.</summary>
internal sealed record CsvRow(int Line, string[] Cells)
{
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

    /// <summary>All rows.</summary>
    /// <exception cref="StudyDataException">A quotation mark is not where one may be.</exception>
    public static CellGrid Rows(TableText text, char delimiter, string file)
    {
        var rows = Split(text.Utf8, delimiter, int.MaxValue, out var malformed);
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
        rows.TrimBlankRows();
        return rows;
    }

    /// <summary>The rule of <see cref="CsvDelimiter.Detect"/>.</summary>
    public static char DetectDelimiter(TableText text, string file)
    {
        var utf8 = text.Utf8.Span;
        var candidates = new List<(char Delimiter, string Name)>();
        foreach (var (delimiter, name) in new[] { (',', "comma"), (';', "semicolon"), ('\t', "tab") })
        {
            // What is nowhere in the text splits nothing.
            if (!utf8.Contains((byte)delimiter)) continue;
            if (delimiter == ',' && !utf8.ContainsAny((byte)';', (byte)'\t')) return ',';
            // A title and the header are in the first lines; what is further down counts only between several that split them.
            var rows = Split(text.Utf8, delimiter, TableForm.LinesOfTitle + 2, out _);
            rows.TrimBlankRows();
            if (rows.Count == 0) continue;
            var form = TableForm.Of(rows, _ => false);
            // "study;r;n" over cells with decimal commas is no title.
            if (form.Header.Cells.Length == 1 || form.Title.Any(row => row.Cells[0].AsSpan().ContainsAny(';', '\t'))) continue;
            candidates.Add((delimiter, name));
        }
        if (candidates.Count == 0) return ',';
        if (candidates.Count == 1) return candidates[0].Delimiter;
        var fitting = candidates.Where(c => Fits(text, c.Delimiter)).ToList();
        return fitting.Count == 1 ? fitting[0].Delimiter : throw new StudyDataException(
            $"could be split at each {string.Join(" and at each ", candidates.Select(c => c.Name))}, and the lines do not settle which",
            row: 1, file: file, kind: StudyDataFault.Delimiter);
    }

    private static bool Fits(TableText text, char delimiter)
    {
        var rows = Split(text.Utf8, delimiter, int.MaxValue, out _);
        rows.TrimBlankRows();
        return TableForm.Of(rows, _ => false).Fits;
    }

    /// <summary>What separates the cells where it is no comma, semicolon or tab: bars, or blanks as R's write.table takes by itself; null where it is one of these, or the lines do not show.</summary>
    public static string? OtherDelimiter(TableText text)
    {
        const int linesLookedAt = 6;
        string[] lines = [.. text.FirstLines(linesLookedAt + 3).Split(['\n', '\r'], linesLookedAt + 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(linesLookedAt)];
        if (lines.Length < 2 || Array.Exists(lines, line => line.AsSpan().ContainsAny(',', ';', '\t'))) return null;
        if (lines[0].Contains('|', StringComparison.Ordinal) && Array.TrueForAll(lines, line => line.Count(c => c == '|') == lines[0].Count(c => c == '|'))) return "bars (|)";
        string[][] words = Array.ConvertAll(lines, line => Words().Matches(line).Select(word => word.Value).ToArray());
        return words[0].Length >= 2 && Array.TrueForAll(words[1..], row => (row.Length == words[0].Length || row.Length == words[0].Length + 1) && row.Length == words[1].Length
            && Array.Exists(row[1..], word => NumberText.Read(word, '.').Look == NumberLook.Number)) ? "blanks" : null;
    }

    [GeneratedRegex("\"[^\"]*\"|[^ \"]+", RegexOptions.CultureInvariant)]
    private static partial Regex Words();

    /// <param name="text">UTF-8.</param>
    /// <param name="delimiter">What separates the cells.</param>
    /// <param name="fewest">How many rows are enough, if the last of them is not blank.</param>
    /// <param name="malformed">The first fault of quoting.</param>
    private static CellGrid Split(ReadOnlyMemory<byte> text, char delimiter, int fewest, out (int Line, CsvMalformedReason Reason)? malformed)
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
        var lines = fewest == int.MaxValue ? Math.Max(text.Span.Count((byte)'\n'), text.Span.Count((byte)'\r')) + 1 : fewest;
        var rows = new CellGrid(text, lines, fewest == int.MaxValue ? lines + text.Span.Count((byte)delimiter) : 0);
        using (var reader = CsvReader.Create(text, options))
        {
            while (reader.Read())
            {
                var cells = reader.FieldCount;
                for (var j = 0; j < cells; j++) rows.Add(Trim(reader.GetSpan(j)));
                rows.EndRow((int)reader.LineNumber);
                if (rows.Count >= fewest && !rows.IsBlank(rows.Count - 1)) break;
            }
        }
        malformed = first;
        return rows;
    }

    /// <summary>Without blanks around it, those of other scripts, too.</summary>
    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> cell)
    {
        while (!cell.IsEmpty)
        {
            // Nearly all cells begin and end with a letter or a digit.
            if (cell[0] is > (byte)' ' and < 0x80 && cell[^1] is > (byte)' ' and < 0x80) return cell;
            Rune.DecodeFromUtf8(cell, out var start, out var startLength);
            if (Rune.IsWhiteSpace(start))
            {
                cell = cell[startLength..];
                continue;
            }
            Rune.DecodeLastFromUtf8(cell, out var end, out var endLength);
            if (!Rune.IsWhiteSpace(end)) return cell;
            cell = cell[..^endLength];
        }
        return cell;
    }

    /// <summary>For messages: the number of cells in words.</summary>
    public static string Cells(int count) => count.ToString(CultureInfo.InvariantCulture) + (count == 1 ? " cell" : " cells");
}
