using Deedle;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data.Tests;

public class FrameTests
{
    private static readonly StudyTable Table =
        StudyTable.Parse("study,r,n,age,rater\nA,.1,20,NA,client\nB,.2,30,41.5,\nC,.3,40,30,observer\n", "s.csv");

    [Fact]
    public void A_frame_has_the_columns_with_their_types_and_gaps()
    {
        var frame = Table.Frame;
        Assert.Equal(["study", "r", "n", "age", "rater"], frame.ColumnKeys);
        Assert.Equal([0, 1, 2], frame.RowKeys);
        Assert.Equal([0.1, 0.2, 0.3], frame.GetColumn<double>("r").Values);
        Assert.False(frame.GetColumn<double>("age").TryGet(0).HasValue);
        Assert.False(frame.GetColumn<string>("rater").TryGet(1).HasValue);
        Assert.Equal("observer", frame.GetColumn<string>("rater")[2]);
    }

    [Fact]
    public void Changing_a_frame_leaves_the_table_as_it_is()
    {
        Table.Frame.DropColumn("r");
        Assert.Equal(5, Table.Frame.ColumnCount);
    }

    [Fact]
    public void There_and_back()
    {
        var back = StudyTable.FromFrame(Table.Frame, Table.Origin);
        Assert.Equal(TableText.Of(Table), TableText.Of(back));
        Assert.Equal(Table.Correlations("r", "n").Effects, back.Correlations("r", "n").Effects);
        Assert.Equal("s.csv", back.Origin.Label);
    }

    [Fact]
    public void A_frame_that_Deedle_filtered_becomes_studies()
    {
        var large = Datasets.Molloy2014().Frame.Where(row => row.Value.GetAs<double>("ni") >= 100);
        var effects = StudyTable.FromFrame(large, Datasets.Molloy2014().Origin).Correlations("ri", "ni");
        Assert.Equal(9, effects.Count);
        Assert.Equal("Axelsson et al. (2009)", effects.Labels[0]);
    }

    [Fact]
    public void Whole_numbers_truth_values_and_other_row_keys_are_taken()
    {
        var frame = Frame.FromColumns(new Dictionary<string, Series<string, object>>
        {
            ["n"] = new(["x", "y"], [20, 30]),
            ["blind"] = new(["x", "y"], [true, false]),
            ["study"] = new(["x", "y"], [" A ", "B"]),
        });
        var table = StudyTable.FromFrame(frame);
        Assert.Equal(20, table.Column("n").Number(0));
        Assert.Equal("true", table.Column("blind").Text(0));
        Assert.Equal("A", table.Column("study").Text(0));
    }

    [Fact]
    public void What_is_neither_number_nor_text_is_an_error()
    {
        Frame<int, string> With(params object[] values) => Frame.FromColumns(new Dictionary<string, Series<int, object>>
        {
            ["x"] = new(Enumerable.Range(0, values.Length), values),
        });
        Assert.Equal("Row 1, column x: \"01/02/2020 00:00:00\" must be a number or a text; it is of the type DateTime.",
            Assert.Throws<StudyDataException>(() => StudyTable.FromFrame(With(new DateTime(2020, 1, 2)))).Message);
        Assert.Equal("Row 2, column x: \"3\" must be a text like the first value of the column; it is of the type Int32.",
            Assert.Throws<StudyDataException>(() => StudyTable.FromFrame(With("a", 3))).Message);
        Assert.Equal("Row 1, column x: \"Infinity\" must be a finite number, or null where it is not known.",
            Assert.Throws<StudyDataException>(() => StudyTable.FromFrame(With(double.PositiveInfinity))).Message);
        Assert.Equal("Row 1, column x: holds a control character; delete it.",
            Assert.Throws<StudyDataException>(() => StudyTable.FromFrame(With("a\0"))).Message);
        Assert.Equal("The frame has no rows; each study needs one.",
            Assert.Throws<StudyDataException>(() => StudyTable.FromFrame(With())).Message);
    }

    [Fact]
    public void Errors_of_a_frame_count_rows_from_1()
    {
        var fault = Assert.Throws<StudyDataException>(() => StudyTable.FromFrame(
            StudyTable.Parse("study,r,n\nA,.1,20\nB,1.5,20\n").Frame).Correlations("r", "n"));
        Assert.Equal("Row 2 (\"B\"), column r: \"1.5\" must be a correlation between -1 and 1, both excluded.", fault.Message);
    }
}

internal static class TableText
{
    public static string Of(StudyTable table)
    {
        using var writer = new StringWriter();
        table.WriteCsv(writer);
        return writer.ToString();
    }
}
