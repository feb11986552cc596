using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting.Tests;

public sealed class ColumnValuesPlotTests
{
    [Fact]
    public void Whole_numbers_have_a_bar_each_and_others_share_ranges()
    {
        var counts = ColumnValuesPlot.Create(StudyColumn.OfNumbers("items", [1, 2, 2, 5, null])).Model;
        Assert.Equal([("1", 1), ("2", 2), ("5", 1)], counts.Bars.Select(b => (b.Name, b.Count)));
        Assert.Equal(1, counts.Missing);
        Assert.Equal("Column items: 4 values from 1 to 5, median 2; 1 row without one.", counts.Finding);

        var numbers = ColumnValuesPlot.Create(StudyColumn.OfNumbers("r", [.. Enumerable.Range(0, 100).Select(i => (double?)(0.01 * i * i))]), options: new() { MarkedRows = [99] }).Model;
        Assert.Equal(100, numbers.Bars.Sum(b => b.Count));
        Assert.All(numbers.Bars.Zip(numbers.Bars.Skip(1)), p => Assert.Equal(p.First.To, p.Second.From, 9));
        Assert.Equal([98.01], numbers.Marked);
    }

    [Fact]
    public void Categories_stand_by_how_usual_they_are_and_rare_ones_together()
    {
        var few = ColumnValuesPlot.Create(StudyColumn.OfTexts("rater", ["b", "a", "b", null])).Model;
        Assert.Equal([("b", 2), ("a", 1)], few.Bars.Select(b => (b.Name, b.Count)));
        Assert.Equal("Column rater: 2 categories in 3 rows, most often \"b\" (2); 1 row without one.", few.Finding);

        var many = ColumnValuesPlot.Create(StudyColumn.OfTexts("id", Enumerable.Range(0, 40).Select(i => $"S{i:00}")), options: new() { MostCategories = 5 }).Model;
        Assert.Equal([("S00", 1), ("S01", 1), ("S02", 1), ("S03", 1), ("36 others", 36)], many.Bars.Select(b => (b.Name, b.Count)));
    }

    [Fact]
    public void An_empty_column_and_one_value_are_drawn_and_wrong_rows_refused()
    {
        foreach (var column in (StudyColumn[])[StudyColumn.OfNumbers("x", [null, null]), StudyColumn.OfTexts("x", [null]), StudyColumn.OfNumbers("x", [0.5]), StudyColumn.OfTexts("x", ["<b>"])])
        {
            Assert.Contains("<svg", ColumnValuesPlot.Create(column).ToSvg());
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => ColumnValuesPlot.Create(StudyColumn.OfNumbers("x", [1]), options: new() { MarkedRows = [1] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ColumnValuesPlotOptions { MostCategories = 1 });
    }
}
