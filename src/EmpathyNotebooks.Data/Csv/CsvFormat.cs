namespace EmpathyNotebooks.Data;

/// <summary>What separates the cells of a line.</summary>
public enum CsvDelimiter
{
    /// <summary>
    /// Found from the file: the one of comma, semicolon and tab that splits the header. When several do, the one under which
    /// every line has as many cells as the header; when that does not leave exactly one, reading stops with an error that asks
    /// for this option.
    /// </summary>
    Detect,

    /// <summary>A comma.</summary>
    Comma,

    /// <summary>A semicolon, as spreadsheets write where the comma is the decimal mark.</summary>
    Semicolon,

    /// <summary>A tab.</summary>
    Tab,
}

/// <summary>What stands between the whole and the fraction of a number.</summary>
public enum DecimalMark
{
    /// <summary>
    /// Found from the columns that hold nothing but numbers: <c>0.28</c> or <c>.28</c> shows a point, <c>0,28</c> a comma. A
    /// number such as <c>1,234</c> shows nothing, for it may be 1.234 or 1234. With both marks in one file the one of more columns is
    /// the file's, and a column with the other cannot be used as numbers; nor can one of numbers of that last kind where nothing
    /// shows the mark: using them is an error that asks for this option. (In a file split by commas, <c>1.234</c> alone is read
    /// with a point.)
    /// </summary>
    Detect,

    /// <summary>A point: 0.28.</summary>
    Point,

    /// <summary>A comma: 0,28.</summary>
    Comma,
}
