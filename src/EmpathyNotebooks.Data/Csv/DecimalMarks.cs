using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data;

/// <summary>The rule of <see cref="DecimalMark.Detect"/>.</summary>
internal static class DecimalMarks
{
    private readonly record struct Place(int Line, string Column, string Cell);

    /// <summary>'.' or ','.</summary>
    /// <param name="header">The column names.</param>
    /// <param name="rows">The rows below the header.</param>
    /// <param name="isMissing">Says whether a cell means an unknown value.</param>
    /// <param name="isText">Says whether a column is declared to hold texts.</param>
    /// <param name="delimiter">What splits the file.</param>
    /// <param name="file">The file's name, for messages.</param>
    public static char Detect(string[] header, IReadOnlyList<CsvRow> rows, Func<string, bool> isMissing, Func<string, bool> isText,
        char delimiter, string file)
    {
        var found = new Dictionary<MarkEvidence, Place>();
        for (var j = 0; j < header.Length; j++)
        {
            if (isText(header[j])) continue;
            var column = new Dictionary<MarkEvidence, Place>();
            foreach (var row in rows)
            {
                var cell = row.Cells[j];
                if (!isMissing(cell)) column.TryAdd(NumberText.Evidence(cell), new Place(row.Line, header[j], cell));
            }
            if (column.ContainsKey(MarkEvidence.NoNumber)) continue;
            foreach (var (evidence, place) in column) found.TryAdd(evidence, place);
        }

        var point = found.TryGetValue(MarkEvidence.Point, out var pointPlace);
        var comma = found.TryGetValue(MarkEvidence.Comma, out var commaPlace);
        if (point && comma)
        {
            throw new StudyDataException(
                $"is written with the other decimal mark than \"{pointPlace.Cell}\" in row {pointPlace.Line}, column {pointPlace.Column}; "
                + "write one mark throughout, or set StudyTableOptions.DecimalMark to learn which cells are wrong",
                commaPlace.Cell, commaPlace.Line, column: commaPlace.Column, file: file);
        }
        if (point) return '.';
        if (comma) return ',';
        if (found.TryGetValue(MarkEvidence.PerhapsComma, out var perhaps)
            || (delimiter != ',' && found.TryGetValue(MarkEvidence.PerhapsPoint, out perhaps)))
        {
            throw new StudyDataException(
                $"may mean {perhaps.Cell.Replace(',', '.')} or {perhaps.Cell.Replace(",", "").Replace(".", "")}; "
                + "write it without a thousands separator, or set StudyTableOptions.DecimalMark",
                perhaps.Cell, perhaps.Line, column: perhaps.Column, file: file);
        }
        return '.';
    }
}
