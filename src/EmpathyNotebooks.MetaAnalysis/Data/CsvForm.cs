using System.Buffers;
using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>How all tables of this library are written as CSV (RFC 4180): commas, decimal points, line feeds. A few lines, since the statistics depend on no library for files.</summary>
internal static class CsvForm
{
    // Wide forms of the same signs count as well where the system writes them.
    private const string Formula = "=+-@\t\r\n＝＋－＠";

    // What another delimiter would split is quoted, too, so that only commas can split the lines.
    private static readonly SearchValues<char> Splitting = SearchValues.Create(",;\t\"\r\n");

    /// <summary>Writes a line.</summary>
    public static void Line(TextWriter writer, IEnumerable<string> cells)
    {
        var isFirst = true;
        foreach (var cell in cells)
        {
            if (!isFirst) writer.Write(',');
            isFirst = false;
            writer.Write(NeedsQuotes(cell) ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell);
        }
        writer.Write('\n');
    }

    /// <summary>A text that no spreadsheet computes: what begins like a formula has an apostrophe before it, which makes it a text. Numbers stay numbers, below 0 too.</summary>
    public static string Inert(string text) => text.Length > 0 && Formula.Contains(text[0], StringComparison.Ordinal) && !IsNumber(text) ? "'" + text : text;

    /// <summary>A reader would trim outer blanks.</summary>
    private static bool NeedsQuotes(string cell) => cell.Length > 0 && (cell[0] == ' ' || cell[^1] == ' ' || cell.AsSpan().ContainsAny(Splitting));

    private static bool IsNumber(string text) => !char.IsWhiteSpace(text[0]) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
