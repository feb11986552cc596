using System.Text;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data.Tests;

/// <summary>What can be wrong with the form of a file; every message in full.</summary>
public class FormFaultTests
{
    private static string Message(string text, StudyTableOptions? options = null) =>
        Assert.Throws<StudyDataException>(() => StudyTable.Parse(text, "s.csv", options)).Message;

    /// <summary>A cell that does not fit its column stops who uses the column as numbers.</summary>
    private static string OfUse(string text, StudyTableOptions? options = null)
    {
        var table = StudyTable.Parse(text, "s.csv", options);
        return Assert.Throws<StudyDataException>(() =>
        {
            foreach (var column in table.Columns) table.RequireOneKind(column.Name);
        }).Message;
    }

    [Theory]
    [InlineData("", "s.csv: is empty; the first line must name the columns.")]
    [InlineData(" \n\n", "s.csv: is empty; the first line must name the columns.")]
    [InlineData("study,r\n", "s.csv: has a header and no rows; each study needs a row.")]
    [InlineData("study,r\nA,.1\nB\n", "s.csv, row 3: has 1 cell where the header has 2 cells; write an empty cell or NA where a value is not known.")]
    [InlineData("study,r\nA,.1\n,\nB,.2\n", "s.csv, row 3: has no value at all; delete the line.")]
    [InlineData("study,r\nA,.1,20\nB,.2,30\n",
        "s.csv, row 1: has 2 cells where every row below has 3 cells: a name is missing. R's write.table leaves out the one of the row names; write with col.names = NA, or put the name in.")]
    [InlineData("Table 1, of studies\nstudy,r,n,x\nA,.1,20,1\nB,.2,30,1\n",
        "s.csv, row 2: has 4 cells, as every row has, where the header has 2 cells; the header must name each column, and stand in the first line: delete a title above it.")]
    [InlineData("study,n\nA,20\nB,1,234\n",
        "s.csv, row 3: has 3 cells where the header has 2 cells; quote a cell that holds the delimiter, and write numbers without thousands separators.")]
    [InlineData("study,r\nA,.1\n\nB,.2\n", "s.csv, row 3: has no value at all; delete the line.")]
    [InlineData("Smith,0.31,120\nLee,.22,85\n",
        "s.csv, row 1, column 2: \"0.31\" must be the name of a column, not a number; the first line of the file names the columns.")]
    [InlineData("study,r\n\"A,.1\nB,.2\n", "s.csv, row 2: has a quotation mark that is never closed; quote the cell as \"like this\".")]
    [InlineData("study,r\nA,.1\n\"B\"b,.2\n",
        "s.csv, row 3: has text after a closing quotation mark; double a quotation mark inside a quoted cell: \"a \"\"b\"\" c\".")]
    [InlineData("study,r\nA \"a\",.1\n",
        "s.csv, row 2: has a quotation mark inside a cell that is not quoted; quote the cell and double the mark: \"a \"\"b\"\" c\".")]
    [InlineData("study,r\nA,.1\nB\0,.2\n",
        "s.csv, row 3: holds a NUL character; the file is damaged, or it is not text in UTF-8: save it as UTF-8.")]
    [InlineData("study,r\r\nA\u0007,.1\r\n", "s.csv, row 2: holds the control character U+0007; delete it.")]
    [InlineData("a,b;c\n1,2;3\n4,5;6\n",
        "s.csv, row 1: could be split at each comma and at each semicolon, and the lines do not settle which; set StudyTableOptions.Delimiter.")]
    public void Form(string text, string message) => Assert.Equal(message, Message(text));

    [Theory]
    [InlineData("PK\u0003\u0004\u0014")]
    [InlineData("\u00D0\u00CF\u0011\u00E0\u00A1")]
    public void What_only_begins_like_a_workbook_is_no_table(string start)
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        File.WriteAllBytes(file, Encoding.Latin1.GetBytes(start));
        try
        {
            Assert.Equal($"{Path.GetFileName(file)}: is no workbook that can be read (an archive of something else, or damaged); open it in a spreadsheet and save the sheet as .xlsx or CSV UTF-8.", Assert.Throws<StudyDataException>(() => StudyTable.Read(file)).Message);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Half_a_character() => Assert.Equal("s.csv, row 2: holds half a character (U+D83D); the text is damaged.", Message("study,r\nA\uD83D,.1\n"));

    [Theory]
    [InlineData("study,r\nA,.1\nB,o.2\n",
        "s.csv, row 3 (\"B\"), column r: \"o.2\" must be a number like other values of the column, or empty or NA where it is not known; if the column holds texts, name it in StudyTableOptions.TextColumns.")]
    [InlineData("study,r\nA,.1\nB,n/a\n",
        "s.csv, row 3 (\"B\"), column r: \"n/a\" must be a number like other values of the column, or empty or NA where it is not known; if the column holds texts, name it in StudyTableOptions.TextColumns.")]
    [InlineData("study,r\nA,.1\nB,NaN\n",
        "s.csv, row 3 (\"B\"), column r: \"NaN\" must be a number like other values of the column, or empty or NA where it is not known; if the column holds texts, name it in StudyTableOptions.TextColumns.")]
    [InlineData("study,n\nA,85\nB,\"1,234\"\n", "s.csv, row 3 (\"B\"), column n: \"1,234\" may mean 1.234 or 1234; write it without a thousands separator, or set StudyTableOptions.DecimalMark.")]
    [InlineData("study,r,n\nA,.1,85\nB,.2,\"1,234\"\n", "s.csv, row 3 (\"B\"), column n: \"1,234\" must be written without thousands separators: 1234.")]
    [InlineData("study,r,n\nA,.1,85\nB,.2,1 234\n", "s.csv, row 3 (\"B\"), column n: \"1 234\" must be written without thousands separators: 1234.")]
    [InlineData("study;r;n\nA;,1;85\nB;,2;1.234\n", "s.csv, row 3 (\"B\"), column n: \"1.234\" must be written without thousands separators: 1234.")]
    [InlineData("study,r\nA,45%\nB,30 %\n", "s.csv, row 2 (\"A\"), column r: \"45%\" must be a number without a percent sign; 45% is 0.45.\ns.csv, row 3 (\"B\"), column r: \"30 %\" must be a number without a percent sign; 45% is 0.45.")]
    [InlineData("study,r\nA,.1\nB,–.2\n", "s.csv, row 3 (\"B\"), column r: \"–.2\" must have a minus sign (- or U+2212) in front; this is another dash.")]
    [InlineData("study,r\nA,.1\nB,1e999\n", "s.csv, row 3 (\"B\"), column r: \"1e999\" must be a number that a computer can hold, up to about 1.8E+308.")]
    [InlineData("study;r;n\nA;0.1;85\nB;0,2;90\n",
        "s.csv, row 3 (\"B\"), column r: \"0,2\" is written with the other decimal mark than \"0.1\" in row 2, column r; write one mark throughout, or set StudyTableOptions.DecimalMark to learn which cells are wrong.")]
    [InlineData("study;d\nA;1.234\nB;2.345\n",
        "s.csv, row 2 (\"A\"), column d: \"1.234\" may mean 1.234 or 1234; write it without a thousands separator, or set StudyTableOptions.DecimalMark.")]
    public void Cells(string text, string message) => Assert.Equal(message, OfUse(text));

    [Fact]
    public void The_decimal_mark_that_was_set_is_kept_to()
    {
        Assert.Equal("s.csv, row 3 (\"B\"), column r: \"0,2\" must have a decimal point, as this file is read; if it has decimal commas, set StudyTableOptions.DecimalMark.",
            OfUse("study;r\nA;0.1\nB;0,2\n", new() { DecimalMark = DecimalMark.Point }));
        Assert.Equal("s.csv, row 2 (\"A\"), column r: \"0.1\" must have a decimal comma, as this file is read; if it has decimal points, set StudyTableOptions.DecimalMark.",
            OfUse("study;r\nA;0.1\nB;0,2\n", new() { DecimalMark = DecimalMark.Comma }));
    }

    [Fact]
    public void Options_that_name_no_column()
    {
        Assert.Equal("s.csv: \"raters\" is not a column: did you mean \"rater\"? There are: study, rater (StudyTableOptions.Required names it).",
            Message("study,rater\nA,client\n", new() { Required = ["raters"] }));
        Assert.Equal("s.csv: \"id\" is not a column: there are: study, rater (StudyTableOptions.TextColumns names it).",
            Message("study,rater\nA,client\n", new() { TextColumns = ["id"] }));
    }

    [Fact]
    public void A_required_column_has_no_missing_value()
    {
        Assert.Equal("s.csv, row 3 (\"B\"), column rater: an empty cell must be a value; this column is required.",
            Message("study,rater\nA,client\nB,\n", new() { Required = ["rater"] }));
        Assert.Equal("s.csv, row 3 (\"B\"), column rater: \"NA\" must be a value; this column is required.",
            Message("study,rater\nA,client\nB,NA\n", new() { Required = ["rater"] }));
    }

    [Fact]
    public void Bytes_that_are_damaged()
    {
        // Letters in UTF-8 show the encoding; what is not valid beside them is damage.
        byte[] bytes = [.. Encoding.UTF8.GetBytes("study,r\nA,.1\nFlückiger"), 0xFC, .. "er,.2\n"u8];
        Assert.Equal("s.csv, row 3: is not valid UTF-8 (byte 0xFC); save the file as UTF-8.",
            Assert.Throws<StudyDataException>(() => TextEncoding.Decode(bytes, "s.csv")).Message);
        byte[] half = [0xFF, 0xFE, 0x41, 0x00, 0x00, 0xD8];
        Assert.StartsWith("s.csv, row 1: is not valid UTF-16", Assert.Throws<StudyDataException>(() => TextEncoding.Decode(half, "s.csv")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_parts_of_a_message_can_be_read_one_by_one()
    {
        var fault = Assert.Throws<StudyDataException>(() => StudyTable.Parse("authors,year,ri\nLee,2014,.2\nSmith,2011,1O\n", "s.csv").RequireOneKind("ri"));
        Assert.Equal((StudyDataFault.MixedColumn, "; if the column holds texts, name it in StudyTableOptions.TextColumns"), (fault.Kind, fault.Remedy));
        Assert.Equal(("s.csv", 3, "Smith (2011)", "ri", "1O"), (fault.File, fault.Row, fault.Study, fault.Column, fault.Value));
    }

    [Fact]
    public void Options_out_of_range()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new StudyTableOptions { Delimiter = (CsvDelimiter)9 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new StudyTableOptions { DecimalMark = (DecimalMark)9 });
        Assert.Throws<ArgumentNullException>(() => new StudyTableOptions { MissingTexts = null! });
    }

    [Fact]
    public void A_file_that_is_not_there() =>
        Assert.Throws<FileNotFoundException>(() => StudyTable.Read(Path.Combine(AppContext.BaseDirectory, "no-such.csv")));
}
