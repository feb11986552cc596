using System.Globalization;
using System.Text.RegularExpressions;

namespace EmpathyNotebooks.Data;

/// <summary>The text of a typed cell, as it would stand in a CSV file with decimal points.</summary>
internal static partial class CellText
{
    [GeneratedRegex(@"^([0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9:.]+)?|[0-9]{1,2}[-. ](jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*([-. ][0-9]{2,4})?|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-. ][0-9]{1,4})\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Date();

    /// <summary>The text; empty where there is no value.</summary>
    public static string Of(object? value) => value switch
    {
        null or DBNull => "",
        string text => text.Trim(),
        double number => double.IsNaN(number) ? "" : number.ToString("R", CultureInfo.InvariantCulture),
        // The digits that were written, not those of the nearest double.
        float number => float.IsNaN(number) ? "" : number.ToString("R", CultureInfo.InvariantCulture),
        bool truth => truth ? "true" : "false",
        DateTime time => time.TimeOfDay == TimeSpan.Zero ? time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        DateTimeOffset time => Of(time.UtcDateTime),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()?.Trim() ?? "",
    };

    /// <summary>True for what a spreadsheet makes of 1-2 or 3/4: 2024-02-01, 1-Feb, Feb-24.</summary>
    public static bool LooksLikeDate(string cell) => cell.Length >= 5 && (!char.IsAscii(cell[0]) || "0123456789jfmasondJFMASOND".Contains(cell[0], StringComparison.Ordinal)) && Date().IsMatch(cell);

    /// <summary>True for #DIV/0! and its kin.</summary>
    public static bool IsSpreadsheetError(string cell) => cell is "#DIV/0!" or "#N/A" or "#NAME?" or "#NULL!" or "#NUM!" or "#REF!" or "#VALUE!" or "#SPILL!" or "#CALC!" or "#FIELD!" or "#GETTING_DATA";
}
