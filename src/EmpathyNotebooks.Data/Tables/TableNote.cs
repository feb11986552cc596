namespace EmpathyNotebooks.Data;

/// <summary>What a <see cref="TableNote"/> is about.</summary>
/// <example><code>
/// var table = StudyTable.Parse("study,r,n\nA,.1,20\nB,.2,30\n,,\n");
/// Console.WriteLine(table.Notes[0].Kind == TableNoteKind.EmptyRows);
/// </code></example>
public enum TableNoteKind
{
    /// <summary>The file is not in UTF-8; the encoding was found from its bytes.</summary>
    Encoding,

    /// <summary>Lines above the names of the columns, such as a title, were passed over.</summary>
    Title,

    /// <summary>A column without a name holds row numbers or row names, as R writes them.</summary>
    RowNames,

    /// <summary>A column had no name, or shared it with another, and was given one.</summary>
    ColumnName,

    /// <summary>Rows without any value, as spreadsheets leave them at the end, were passed over.</summary>
    EmptyRows,

    /// <summary>Columns without name and values were passed over.</summary>
    EmptyColumns,

    /// <summary>Lines below the table, such as footnotes, were passed over.</summary>
    Footnote,

    /// <summary>A column holds numbers and texts, and can be used as texts only.</summary>
    MixedColumn,

    /// <summary>Values of one column differ only by case, blanks or characters that cannot be seen.</summary>
    Categories,

    /// <summary>A row repeats another in every cell.</summary>
    RepeatedRow,

    /// <summary>The workbook has other sheets, too.</summary>
    Sheet,

    /// <summary>Cells of several rows are merged, and only the first row has the value.</summary>
    MergedCells,

    /// <summary>Rows of a workbook are hidden, and were read.</summary>
    HiddenRows,

    /// <summary>Dates stand among other texts, as spreadsheets make them of ranges.</summary>
    Dates,

    /// <summary>A review holds several analyses in one table, or data that are no effects.</summary>
    SeveralAnalyses,

    /// <summary>Letters seem to have been lost when the file was saved: a question mark within a word.</summary>
    LostLetters,
}

/// <summary>What was found while a table was read and a reader should know; nothing of it keeps the table from being used.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Text">The sentence.</param>
/// <param name="Row">The line it is about, as an editor counts, or null.</param>
/// <param name="Column">The column it is about, or null.</param>
/// <example><code>
/// foreach (var note in StudyTable.Parse("study,r,n,sex\nA,.1,20,men\nB,.2,30,Men\n").Notes) Console.WriteLine(note);
/// </code></example>
public sealed record TableNote(TableNoteKind Kind, string Text, int? Row = null, string? Column = null)
{
    /// <summary>The sentence.</summary>
    public override string ToString() => Text;
}
