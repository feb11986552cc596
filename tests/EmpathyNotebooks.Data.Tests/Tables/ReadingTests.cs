using System.Text;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Data.Tests;

public class ReadingTests
{
    private static string?[] Texts(StudyTable table, string column) => [.. Enumerable.Range(0, table.Count).Select(table.Column(column).Text)];

    private static double?[] Numbers(StudyTable table, string column) => [.. Enumerable.Range(0, table.Count).Select(table.Column(column).Number)];

    [Theory]
    [InlineData("study,r,n\nA,0.31,120\nB,-.2,85\n")]
    [InlineData("study;r;n\nA;0,31;120\nB;-,2;85\n")]
    [InlineData("study;r;n\nA;0.31;120\nB;-0.2;85\n")]
    [InlineData("study\tr\tn\nA\t0.31\t120\nB\t-0.2\t85")]
    [InlineData("study\tr\tn\r\nA\t0,31\t120\r\nB\t-0,2\t85\r\n")]
    [InlineData("study,r,n\rA,0.31,120\rB,-0.2,85\r")]
    [InlineData("\"study\",\"r\",\"n\"\n\"A\",\"0,31\",120\n\"B\",\"-0,2\",85\n")]
    [InlineData("\uFEFFstudy,r,n\nA,0.31,120\nB,\u22120.2,85\n\n\n")]
    [InlineData("study , r, n\n A ,+0.31 ,  120\n B,\t-2e-1 ,85\n")]
    public void Delimiters_marks_and_line_ends(string text)
    {
        var table = StudyTable.Parse(text, "s.csv");
        Assert.Equal(["study", "r", "n"], table.Columns.Select(c => c.Name));
        Assert.Equal(["A", "B"], Texts(table, "study"));
        Assert.Equal([0.31, -0.2], Numbers(table, "r"));
        Assert.Equal([120, 85], Numbers(table, "n"));
    }

    [Fact]
    public void Quoted_cells_may_hold_delimiters_line_breaks_and_quotation_marks()
    {
        var table = StudyTable.Parse("study,note,r\n\"Smith, 2011\",\"two\nlines\",.1\n\"the \"\"big\"\" one\",\" x \",.2\nC,d,bad", "s.csv",
            new() { TextColumns = ["r"] });
        Assert.Equal(["Smith, 2011", "the \"big\" one", "C"], Texts(table, "study"));
        Assert.Equal(["two\nlines", "x", "d"], Texts(table, "note"));
    }

    [Fact]
    public void Lines_are_counted_as_an_editor_does_even_after_a_cell_of_two_lines()
    {
        var fault = Assert.Throws<StudyDataException>(() =>
            StudyTable.Parse("study,note,r,n\nA,\"two\nlines\",.1,20\nB,one,2,20\n", "s.csv").Correlations("r", "n"));
        Assert.Equal((4, "B"), (fault.Row, fault.Study));
    }

    [Fact]
    public void A_label_that_is_markup_is_plain_text()
    {
        const string Label = "<img src=x onerror=alert(1)>";
        var effects = StudyTable.Parse($"study,r,n\n{Label},.1,20\nB,.2,30\n").Correlations("r", "n");
        Assert.Equal(Label, effects.Labels[0]);
    }

    [Fact]
    public void Empty_cells_and_NA_are_missing_and_stay_so_in_columns_that_are_carried_along()
    {
        var table = StudyTable.Parse("study,r,n,age,rater\nA,.1,20,NA,client\nB,.2,30,41.5,\nC,.2,30,,NA\n");
        Assert.Equal([null, 41.5, null], Numbers(table, "age"));
        Assert.Equal(["client", null, null], Texts(table, "rater"));
        Assert.Equal(3, table.Correlations("r", "n").Count);
    }

    [Fact]
    public void Other_texts_mean_missing_where_the_options_say_so()
    {
        var table = StudyTable.Parse("study,age\nA,-99\nB,.\nC,40\n", options: new() { MissingTexts = ["-99", "."] });
        Assert.Equal([null, null, 40.0], Numbers(table, "age"));
    }

    [Fact]
    public void A_column_without_any_known_value_holds_texts() =>
        Assert.False(StudyTable.Parse("study,age\nA,NA\nB,\n").Column("age").IsNumeric);

    [Fact]
    public void Columns_of_texts_keep_their_leading_zeros_and_mixed_values()
    {
        var table = StudyTable.Parse("id,year,r,n\n007,2009,.1,20\n7,2009a,.2,30\n", options: new() { TextColumns = ["id", "year"] });
        Assert.Equal(["007", "7"], Texts(table, "id"));
        Assert.Equal(["007 2009", "7 2009a"], table.Correlations("r", "n", "{id} {year}").Labels);
    }

    [Fact]
    public void A_label_made_of_a_column_of_numbers_shows_them_as_they_stand_in_the_file() =>
        Assert.Equal(["007", "7.0"], StudyTable.Parse("study,r,n\n007,.1,20\n7.0,.2,30\n").Correlations("r", "n").Labels);

    [Fact]
    public void Texts_with_commas_do_not_decide_the_decimal_mark()
    {
        var table = StudyTable.Parse("study;items;r\nA;1,5;0.2\nB;all;0.3\n", options: new() { TextColumns = [] });
        Assert.Equal(["1,5", "all"], Texts(table, "items"));
        Assert.Equal([0.2, 0.3], Numbers(table, "r"));
    }

    [Theory]
    [InlineData("study;r;n, all\nA;0,1;20\nB;0,2;30,5;7\n", false)]
    [InlineData("study\tr, observed\tn\nA\t.1\t20\nB\t.2\t30\n", true)]
    public void Where_two_delimiters_split_the_header_the_lines_decide_or_it_is_an_error(string text, bool decided)
    {
        if (decided) Assert.Equal(["study", "r, observed", "n"], StudyTable.Parse(text).Columns.Select(c => c.Name));
        else Assert.Throws<StudyDataException>(() => StudyTable.Parse(text));
    }

    [Fact]
    public void The_options_decide_what_the_file_leaves_open()
    {
        const string Text = "a,b;c\n1,2;3\n4,5;6\n";
        Assert.Equal(["a", "b;c"], StudyTable.Parse(Text, options: new() { Delimiter = CsvDelimiter.Comma, TextColumns = ["b;c"] }).Columns.Select(c => c.Name));
        Assert.Equal([1.2, 4.5], Numbers(StudyTable.Parse(Text, options: new() { Delimiter = CsvDelimiter.Semicolon }), "a,b"));
        Assert.Equal([1.234], Numbers(StudyTable.Parse("s;d\nA;1,234\n", options: new() { DecimalMark = DecimalMark.Comma }), "d"));
    }

    [Fact]
    public void A_point_is_taken_for_the_mark_in_a_file_split_by_commas() =>
        Assert.Equal([1.234, 2.345], Numbers(StudyTable.Parse("study,d\nA,1.234\nB,2.345\n"), "d"));

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public void Files_with_a_byte_order_mark(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes("study,r,n\nFlückiger,.1,20\n")];
        Assert.Equal("study,r,n\nFlückiger,.1,20\n", TextEncoding.Decode(bytes, "s.csv").Text);
    }

    [Fact]
    public void A_file_on_disk_is_named_without_its_folder()
    {
        var table = StudyTable.Read(Repository.PathTo("data", "molloy2014.csv"));
        Assert.Equal(new DataOrigin(DataKind.Own, "molloy2014.csv"), table.Origin);
        Assert.Equal("16 rows, 10 columns (molloy2014.csv)", table.ToString());
        Assert.Equal("molloy2014.csv", Assert.Throws<StudyDataException>(() => table.Column("r")).File);
    }

    [Fact]
    public void Rows_can_be_chosen_by_a_value()
    {
        var table = StudyTable.Parse("study,rater,r,n\nA,client,.1,20\nB,observer,.2,3\nC,client,.3,40\n", "s.csv");
        Assert.Equal(["A", "C"], table.Where("rater", "client").Correlations("r", "n").Labels);
        Assert.Equal("s.csv, column rater: \"clients\" is the value of no row: did you mean \"client\"? There are: client, observer.",
            Assert.Throws<StudyDataException>(() => table.Where("rater", "clients")).Message);
        // The line is still the one of the file.
        Assert.Equal(3, Assert.Throws<StudyDataException>(() => table.Where("rater", "observer").Correlations("r", "n")).Row);
    }

    [Fact]
    public void A_number_is_chosen_however_it_is_written()
    {
        var table = StudyTable.Parse("study;dose;code\nA;,5;01\nB;0,50;1\nC;2;x\n");
        Assert.All((string[])["0,5", ",5", "0,50", "0.5"], text => Assert.Equal(2, table.Where("dose", text).Count));
        // Of texts each is what it is.
        Assert.Equal(1, table.Where("code", "1").Count);
        Assert.DoesNotContain("did you mean", Assert.Throws<StudyDataException>(() => table.Where("code", "")).Message);
        var wide = StudyTable.Parse(string.Join(',', Enumerable.Range(0, 5000).Select(i => $"c{i}")) + "\n" + string.Join(',', Enumerable.Repeat("x", 5000)) + "\n");
        Assert.EndsWith(", ... (5,000 in all).", Assert.Throws<StudyDataException>(() => wide.Column("zzzzzz")).Message);
    }
}
