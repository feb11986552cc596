using System.Text;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data.Tests;

/// <summary>What surrounds a table, in what letters it is written, and what is wrong in columns that nobody uses: none of it stops a reader, and all of it is said.</summary>
public class RealTableTests
{
    private static string[] Notes(string text) => [.. StudyTable.Parse(text, "s.csv").Notes.Select(n => n.Text)];

    [Theory]
    [InlineData("study,r,n\nA,.1,20\nB,.2,30\n,,\n,,\n", TableNoteKind.EmptyRows, "Rows 4 to 5 at the end are empty.")]
    [InlineData("study,r,n,,\nA,.1,20,,\nB,.2,30,,\n", TableNoteKind.EmptyColumns, "2 columns have neither name nor values.")]
    [InlineData("Table 1. Studies,,\nstudy,r,n\nA,.1,20\nB,.2,30\n", TableNoteKind.Title, "Row 1 above the names of the columns was passed over: \"Table 1. Studies\".")]
    [InlineData("Table 1, of studies\nstudy;r;n\nA;.1;20\nB;.2;30\n", TableNoteKind.Title, "Row 1 above the names of the columns was passed over: \"Table 1, of studies\".")]
    [InlineData("study,r,n\nA,.1,20\nB,.2,30\n,,\nNote. r is reversed,,\n", TableNoteKind.Footnote, "Row 5 below the table was passed over: \"Note. r is reversed\".")]
    [InlineData("\"study\",\"r\",\"n\"\n\"1\",\"A\",.1,20\n\"2\",\"B\",.2,30\n", TableNoteKind.RowNames, "The first column has no name and counts the rows, as R writes row numbers; it is called rowname here.")]
    [InlineData(";study;r;n\n3;A;.1;20\n7;B;.2;30\n", TableNoteKind.RowNames, "The first column has no name and a different value in each row, as R writes row names; it is called rowname here.")]
    [InlineData("study,,r,n\nA,x,.1,20\nB,y,.2,30\n", TableNoteKind.ColumnName, "Column 2 has no name; it is called \"column 2\" here.")]
    [InlineData("study,r,n,r\nA,.1,20,.3\nB,.2,30,.4\n", TableNoteKind.ColumnName, "2 columns are named \"r\"; they are called \"r (column 2)\" and \"r (column 4)\" here.")]
    [InlineData("study,r,n,sr\nA,.1,20,1\nB,.2,30,sr\n", TableNoteKind.MixedColumn,
        "Column sr is read as texts: s.csv, row 3 (\"B\"), column sr: \"sr\" must be a number like other values of the column, or empty or NA where it is not known.")]
    [InlineData("study,pop,r,n\nA,Asia,.1,20\nB,asia,.2,30\nC,Asia,.2,30\n", TableNoteKind.Categories, "Column pop: \"Asia\" (2 rows) and \"asia\" (1 row) differ only by case, blanks or unseen characters, and count as different.")]
    [InlineData("study,pop,r,n\nA,New York,.1,20\nB,New\u00A0York,.2,30\n", TableNoteKind.Categories, "Column pop: \"New York\" (1 row) and \"New<U+00A0>York\" (1 row) differ only by case, blanks or unseen characters, and count as different.")]
    [InlineData("study,r,n\nNguy?n,.1,20\nB,.2,30\n", TableNoteKind.LostLetters, "Row 2 holds \"?\" within a word: a letter was lost when the file was saved.")]
    public void What_is_passed_over_or_guessed_is_said(string text, TableNoteKind kind, string note)
    {
        var table = StudyTable.Parse(text, "s.csv");
        Assert.Equal((kind, note), (table.Notes.Single().Kind, table.Notes.Single().Text));
        if (kind != TableNoteKind.ColumnName) Assert.Equal([.1, .2], Enumerable.Range(0, 2).Select(i => table.Column("r").Number(i)!.Value));
    }

    [Fact]
    public void A_plain_table_has_nothing_to_say() => Assert.Empty(Notes("study,r,n,pop\nA,.1,20,x\nB,.2,30,y\n"));

    [Fact]
    public void A_name_that_two_columns_have_is_no_column()
    {
        var table = StudyTable.Parse("study,r,n,r\nA,.1,20,.3\n", "s.csv");
        Assert.Equal("s.csv: \"r\" is the name of 2 columns, called \"r (column 2)\" and \"r (column 4)\" here: say which by that name, or give each column a name of its own in the file.", Assert.Throws<StudyDataException>(() => table.Column("r")).Message);
    }

    [Fact]
    public void The_note_that_Excel_leaves_names_the_delimiter() => Assert.Equal(2, StudyTable.Parse("sep=;\r\nstudy;r;n\r\nA;,1;20\r\nB;,2;30\r\n").Count);

    [Fact]
    public void A_character_that_cannot_be_seen_is_shown()
    {
        var table = StudyTable.Parse("study,r,n\nA,.1,20\nB,0.31\u200B,30\n", "s.csv");
        Assert.Equal("s.csv, row 3 (\"B\"), column r: \"0.31<U+200B>\" must be a number without the character U+200B, which cannot be seen; write 0.31.",
            Assert.Throws<StudyDataException>(() => table.Correlations("r", "n")).Message);
    }

    [Fact]
    public void A_column_that_is_used_stops_the_run_where_its_numbers_are_none()
    {
        var table = StudyTable.Parse("study,r,n\nA,.1,20\nB,o.2,30\n", "s.csv");
        var fault = Assert.Throws<StudyDataException>(() => table.Correlations("r", "n"));
        Assert.Equal((StudyDataFault.MixedColumn, 3, "B", "r", "o.2"), (fault.Kind, fault.Row, fault.Study, fault.Column, fault.Value));
        Assert.Equal("r", Assert.Throws<StudyDataException>(() => table.Where("study", "B").Correlations("r", "n")).Column);
    }

    [Fact]
    public void Decimal_marks_that_contradict_each_other_in_a_column_aside_stop_nobody()
    {
        var table = StudyTable.Parse("study;r;n;x\nA;0,1;20;1.5\nB;0,2;30;2.5\n", "s.csv");
        Assert.Equal([.1, .2], Enumerable.Range(0, 2).Select(i => table.Column("r").Number(i)!.Value));
        Assert.Equal(StudyDataFault.MixedDecimalMarks, Assert.Throws<StudyDataException>(() => table.RequireOneKind("x")).Kind);
    }

    [Theory]
    [InlineData(1252, "Windows-1252", "Müller, Løkke, Sánchez")]
    [InlineData(1252, "Windows-1252", "O’Brien – Çelik “quoted” naïve")]
    [InlineData(1252, "Windows-1252", "ÉTÉ, Strauß")]
    [InlineData(10000, "Mac Roman", "Müller, Løkke, Sánchez")]
    [InlineData(10000, "Mac Roman", "Flückiger, Élie, Muñoz")]
    public void Letters_of_old_encodings_are_read_and_said(int page, string name, string text)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(page)!;
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            File.WriteAllBytes(path, encoding.GetBytes($"study;r;n\n{text};.1;20\nB;.2;30\n"));
            var table = StudyTable.Read(path);
            Assert.Equal(text, table.Column("study").Text(0));
            Assert.StartsWith($"The file is not in UTF-8 and was read as {name}, for example", table.Notes.Single(n => n.Kind == TableNoteKind.Encoding).Text, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public void Two_bytes_a_letter_are_read_with_a_mark_and_without(bool littleEndian, bool marked)
    {
        var encoding = new UnicodeEncoding(!littleEndian, marked);
        byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes("study,r,n\nA,.1,20\nB,.2,30\nC,.2,30\n")];
        Assert.Equal(("study,r,n\nA,.1,20\nB,.2,30\nC,.2,30\n", null), TextEncoding.Decode(bytes, "s.csv"));
    }
}
