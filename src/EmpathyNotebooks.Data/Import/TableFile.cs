using System.Text;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data;

/// <summary>From the bytes of a file to rows of cells: what kind of file it is says its content, and only where that is plain text its name.</summary>
internal static class TableFile
{
    /// <summary>The table of a file.</summary>
    /// <exception cref="StudyDataException">The file is of a kind that cannot be read, or not a table.</exception>
    public static StudyTable Read(byte[] bytes, string file, StudyTableOptions options)
    {
        var reader = new StudyTableReader(file, options);
        if (Sheet(bytes, file, options) is { } sheet)
        {
            if (options.Encoding is not null) throw NotForThis("encoding", nameof(StudyTableOptions.Encoding), sheet.Kind, file);
            return reader.Read(sheet);
        }
        if (options.Sheet is not null) throw NotForThis("sheets", nameof(StudyTableOptions.Sheet), "text", file);
        var (text, encoding) = TextEncoding.Read(bytes, file, options.Encoding);
        text = text.WithoutMark();
        RefuseMarkup(text, file);
        if (encoding is not null) RefuseNonsense(text.Text, encoding, file);
        return OfText(text, file) is { } records ? reader.Read(records) : reader.Read(text, encoding);
    }

    private static ImportedSheet? Sheet(byte[] bytes, string file, StudyTableOptions options)
    {
        var start = bytes.AsSpan();
        if (start.StartsWith("PAR1"u8)) return ParquetSheet.Read(bytes, file);
        if (start.StartsWith("ARROW1"u8)) return ArrowSheet.Read(bytes, file, isStream: false);
        // A stream of Arrow begins with the mark of a continued message.
        if (start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFF, 0xFF, 0xFF]) && HasEnding(file, ".arrow", ".arrows")) return ArrowSheet.Read(bytes, file, isStream: true);
        // Workbooks are archives; those of old are compound files.
        if (start.StartsWith("PK\u0003\u0004"u8) || start.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0])) return WorkbookSheet.Read(bytes, file, options.Sheet);
        var other = start.StartsWith("$FL2"u8) || start.StartsWith("$FL3"u8) ? "is an SPSS file, which cannot be read; save it in SPSS as CSV or Excel, or in R write.csv(haven::read_sav(...))"
            : start.StartsWith("<stata_dta>"u8) || (HasEnding(file, ".dta") && bytes.Length > 2 && bytes[0] is >= 0x69 and <= 0x73 && bytes[1] is 1 or 2)
                ? "is a Stata file, which cannot be read; export it in Stata: export delimited using studies.csv"
            : start.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) || HasEnding(file, ".rds", ".rda", ".rdata") ? "is compressed, or an R file, which cannot be read; in R: write.csv(data, \"studies.csv\", row.names = FALSE)"
            : start.StartsWith("%PDF"u8) ? "is a PDF, and no table; copy its table into a spreadsheet"
            : null;
        return other is null ? null : throw new StudyDataException(other, file: file, kind: StudyDataFault.Form);
    }

    private static ImportedSheet? OfText(TableText text, string file) =>
        HasEnding(file, ".json", ".jsonl", ".ndjson") ? JsonSheet.Read(text.Text, file)
        : HasEnding(file, ".rm5") || text.Start.Contains("<COCHRANE_REVIEW", StringComparison.Ordinal) ? RevManSheet.Read(text.Text, file)
        : HasEnding(file, ".ris") || IsRis(text) ? ReferenceSheet.OfRis(text.Text, file)
        : HasEnding(file, ".bib") ? ReferenceSheet.OfBibTeX(text.Text, file)
        : null;

    private static bool IsRis(TableText text)
    {
        const string mark = "TY  - ";
        var start = text.Start.AsSpan().TrimStart();
        // After very many blanks the start shows too little.
        return (start.Length >= mark.Length ? start : text.Text.AsSpan().TrimStart()).StartsWith(mark, StringComparison.Ordinal);
    }

    /// <summary>Web pages and XML that are named as tables: many databases call them .xls.</summary>
    private static void RefuseMarkup(TableText text, string file)
    {
        var start = text.Start.AsSpan().TrimStart();
        if (start.IsEmpty || start[0] != '<' || HasEnding(file, ".rm5") || start.Contains("<COCHRANE_REVIEW", StringComparison.Ordinal)) return;
        var what = start.Contains("<html", StringComparison.OrdinalIgnoreCase) || start.Contains("<table", StringComparison.OrdinalIgnoreCase) || start.StartsWith("<!DOCTYPE html", StringComparison.OrdinalIgnoreCase) ? "a web page (HTML)"
            : start.Contains("<?xml", StringComparison.OrdinalIgnoreCase) || start.Contains("xmlns", StringComparison.Ordinal) ? "XML" : null;
        if (what is not null) throw new StudyDataException($"is {what}, whatever its name says; open it in a spreadsheet and save it as .xlsx or CSV UTF-8", file: file, kind: StudyDataFault.Form);
    }

    /// <summary>Text of another alphabet that was taken for a Western one shows by characters that no text has.</summary>
    private static void RefuseNonsense(string text, string encoding, string file)
    {
        var at = text.AsSpan().IndexOfAnyInRange('\u0080', '\u009F');
        if (at < 0) return;
        throw new StudyDataException($"is neither in UTF-8 nor in {encoding}, where it would hold the control character U+{(int)text[at]:X4}; save it as UTF-8", row: 1 + text.AsSpan(0, at).Count('\n'), file: file, kind: StudyDataFault.Encoding);
    }

    private static bool HasEnding(string file, params ReadOnlySpan<string> endings)
    {
        foreach (var ending in endings)
        {
            if (file.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) return true;
        }
        return false;
    }

    private static StudyDataException NotForThis(string what, string option, string kind, string file) =>
        new($"is {kind}, which has no {what} to choose", file: file, kind: StudyDataFault.OptionOfOtherFile) { Option = option };
}

/// <summary>The cells of a file that is no text: rows with their places, the first of which names the columns.</summary>
/// <param name="Kind">What the file is, as "an Excel workbook".</param>
/// <param name="Rows">The rows. Numbers have decimal points.</param>
/// <param name="Notes">What a reader should know of it.</param>
internal sealed record ImportedSheet(string Kind, List<CsvRow> Rows, IReadOnlyList<TableNote> Notes)
{
    /// <summary>Rows from columns with names; rows are counted from 1, for there are no lines.</summary>
    public static ImportedSheet OfColumns(string kind, IReadOnlyList<string> names, IReadOnlyList<IReadOnlyList<object?>> columns, IReadOnlyList<TableNote>? notes = null)
    {
        var count = columns.Count == 0 ? 0 : columns[0].Count;
        var rows = new List<CsvRow>(count + 1) { new(0, [.. names]) };
        for (var i = 0; i < count; i++)
        {
            var cells = new string[columns.Count];
            for (var j = 0; j < cells.Length; j++) cells[j] = CellText.Of(columns[j][i]);
            rows.Add(new CsvRow(i + 1, cells));
        }
        return new ImportedSheet(kind, rows, notes ?? []);
    }
}
