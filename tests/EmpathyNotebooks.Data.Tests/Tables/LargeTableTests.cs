using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data.Tests;

/// <summary>What makes large files quick to read must not show: numbers to the last bit, texts that repeat, rows far down that decide.</summary>
public partial class LargeTableTests
{
    private const int Rows = 20_000;

    private static string Text(Func<int, string> row, string header = "study,r,n,rater") => header + "\n" + string.Concat(Enumerable.Range(0, Rows).Select(i => row(i) + "\n"));

    [GeneratedRegex(@"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Point();

    [Fact]
    public void A_number_is_the_one_that_its_digits_mean_to_the_last_bit()
    {
        var random = new Random(20261129);
        for (var i = 0; i < 200_000; i++)
        {
            var cell = Written(random);
            var shape = NumberShape.Of(Encoding.UTF8.GetBytes(cell));
            Assert.Equal(Point().IsMatch(cell), shape.IsNumber && shape.Allows('.'));
            Assert.Equal(Point().IsMatch(cell.Replace(',', '#').Replace('.', ',').Replace('#', '.')), shape.IsNumber && shape.Allows(','));
            if (!shape.IsNumber || !shape.Allows('.')) continue;
            var expected = double.Parse(cell, NumberStyles.Float, CultureInfo.InvariantCulture);
            Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(shape.Value(Encoding.UTF8.GetBytes(cell))));
        }
    }

    private static string Written(Random random)
    {
        const string likely = "0123456789012345678901234567890123456789..,-+eE ";
        return random.Next(3) switch
        {
            0 => string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => likely[random.Next(likely.Length)])),
            1 => (random.NextDouble() * Math.Pow(10, random.Next(-3, 6))).ToString("F" + random.Next(0, 18).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
            _ => ((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-30, 30))).ToString("R", CultureInfo.InvariantCulture),
        };
    }

    [Fact]
    public void Every_cell_of_a_large_file_is_where_it_belongs()
    {
        string[] raters = ["client", "observer", "th\u00E9rapeute", "the \"other\" one"];
        var table = StudyTable.Parse(Text(i => string.Create(CultureInfo.InvariantCulture, $"Study {i},0.{i % 1000:000},{i + 5},\"{raters[i % 4].Replace("\"", "\"\"", StringComparison.Ordinal)}\"")));
        var effects = table.Correlations("r", "n");
        for (var i = 0; i < Rows; i++)
        {
            Assert.Equal($"Study {i.ToString(CultureInfo.InvariantCulture)}", effects.Labels[i]);
            Assert.Equal(i % 1000 / 1000.0, table.Column("r").Number(i));
            Assert.Equal(i + 5, table.Column("n").Number(i));
            Assert.Equal(raters[i % 4], table.Column("rater").Text(i));
            Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"0.{i % 1000:000}"), table.CellOf("r", i));
        }
        Assert.Same(table.Column("rater").Text(3), table.Column("rater").Text(7));
    }

    [Fact]
    public void Rows_that_repeat_others_are_found_among_very_many_in_the_order_of_the_file()
    {
        var text = Text(i => i is 19_000 or 19_500 ? "Study 7,0.0070,70,client" : i == 18_000 ? "Study 18,0.00180,180,client" : string.Create(CultureInfo.InvariantCulture, $"Study {i},{i * 0.0001 % 1:0.0000},{10 * (i % 1000)},client"));
        // Cells count, not how they are written: 18 has a value with other zeros and is no repeat.
        Assert.Equal([(19_002, "repeats row 9"), (19_502, "repeats row 9")], StudyTable.Parse(text.Replace("Study 7,0.0007,", " \"Study 7\" , 0.0070,", StringComparison.Ordinal)).Notes
            .Where(n => n.Kind == TableNoteKind.RepeatedRow).Select(n => (n.Row!.Value, n.Text[(n.Text.IndexOf("repeats", StringComparison.Ordinal))..][..13])));
    }

    [Theory]
    [InlineData("study;r, z;n;rater", ';')]
    [InlineData("study,r;z,n,rater", ',')]
    public void Lines_far_down_settle_a_delimiter_that_the_first_do_not(string header, char delimiter)
    {
        var other = delimiter == ';' ? ',' : ';';
        var text = Text(i => string.Join(delimiter, $"Study {i.ToString(CultureInfo.InvariantCulture)}", i == Rows - 1 ? ".5" : $".1{other}", "20", "client"), header);
        Assert.Equal(4, StudyTable.Parse(text).Columns.Length);
    }

    [Fact]
    public void One_cell_at_the_end_of_a_large_file_makes_its_column_texts_and_is_named()
    {
        var table = StudyTable.Parse(Text(i => string.Create(CultureInfo.InvariantCulture, $"Study {i},{(i == Rows - 1 ? "bad" : ".5")},20,client")), "s.csv");
        Assert.False(table.Column("r").IsNumeric);
        Assert.Contains("row 20001", Assert.Throws<StudyDataException>(() => table.RequireOneKind("r")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reading_allocates_a_few_times_the_size_of_the_file()
    {
        var text = Text(i => string.Create(CultureInfo.InvariantCulture, $"Study number {i} of many,0.{i % 1000:000},{i + 5},client"));
        _ = StudyTable.Parse("study,r,n,rater\nA,.1,20,client\n");
        var before = GC.GetAllocatedBytesForCurrentThread();
        var table = StudyTable.Parse(text);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        // Bytes, places of cells, texts of one column, two columns of numbers: about six times the size, where a text for each cell took thirty.
        Assert.InRange(allocated / (double)text.Length, 1, 9);
        GC.KeepAlive(table);
    }
}
