using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data;

/// <summary>The decimal mark of a file, and the columns that do not go with it or could mean two things.</summary>
/// <param name="Mark">'.' or ','.</param>
/// <param name="Faults">What to say where such a column is needed, by its place.</param>
internal sealed record DecimalMarks(char Mark, IReadOnlyDictionary<int, StudyDataException> Faults)
{
    private sealed record Place(int Line, int Column, string Cell);

    /// <summary>The rule of <see cref="DecimalMark.Detect"/>.</summary>
    /// <param name="header">The column names.</param>
    /// <param name="body">The rows below the header.</param>
    /// <param name="missing">Says whether a cell means an unknown value.</param>
    /// <param name="isText">Says whether a column is declared to hold texts.</param>
    /// <param name="delimiter">What splits the file.</param>
    /// <param name="file">The file's name, for messages.</param>
    public static DecimalMarks Detect(string[] header, TableBody body, MissingCells missing, Func<string, bool> isText,
        char delimiter, string file)
    {
        // The first cell that says something, by what it says.
        var columns = new List<Place?[]>();
        for (var j = 0; j < header.Length; j++)
        {
            if (isText(header[j])) continue;
            var column = new Place?[(int)MarkEvidence.NoNumber + 1];
            var isNumbers = true;
            for (var i = 0; i < body.Count && isNumbers; i++)
            {
                var cell = body.Cell(i, j);
                if (missing.Includes(cell)) continue;
                var evidence = NumberText.Evidence(cell);
                isNumbers = evidence != MarkEvidence.NoNumber;
                column[(int)evidence] ??= new Place(body.Line(i), j, body.Text(i, j));
            }
            if (isNumbers) columns.Add(column);
        }

        var faults = new Dictionary<int, StudyDataException>();
        var (points, commas) = (Of(MarkEvidence.Point), Of(MarkEvidence.Comma));
        if (points.Count > 0 && commas.Count > 0)
        {
            // The mark of more columns is the file's; a column with the other is no use, and stops nobody who does not need it.
            var isPoint = points.Count > commas.Count || (points.Count == commas.Count && delimiter != ';');
            var (usual, other) = isPoint ? (points, commas) : (commas, points);
            foreach (var place in other)
            {
                var like = usual.Find(p => p.Column != place.Column) is { } elsewhere ? elsewhere : usual[0];
                var (later, earlier) = place.Line >= like.Line ? (place, like) : (like, place);
                faults[place.Column] = new StudyDataException(
                    $"is written with the other decimal mark than \"{earlier.Cell}\" in row {StatisticText.Count(earlier.Line)}, column {header[earlier.Column]}; "
                    + "write one mark throughout", later.Cell, later.Line, column: header[later.Column], file: file, kind: StudyDataFault.MixedDecimalMarks);
            }
            return new DecimalMarks(isPoint ? '.' : ',', faults);
        }
        if (points.Count > 0) return new DecimalMarks('.', faults);
        if (commas.Count > 0) return new DecimalMarks(',', faults);
        foreach (var place in Of(MarkEvidence.PerhapsComma).Concat(delimiter == ',' ? [] : Of(MarkEvidence.PerhapsPoint)))
        {
            faults.TryAdd(place.Column, new StudyDataException(
                $"may mean {place.Cell.Replace(',', '.')} or {place.Cell.Replace(",", "").Replace(".", "")}; write it without a thousands separator",
                place.Cell, place.Line, column: header[place.Column], file: file, kind: StudyDataFault.DecimalMark));
        }
        return new DecimalMarks('.', faults);

        List<Place> Of(MarkEvidence evidence) => [.. columns.Select(c => c[(int)evidence]).OfType<Place>()];
    }
}
