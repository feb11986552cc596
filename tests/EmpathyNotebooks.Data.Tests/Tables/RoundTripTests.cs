using System.Globalization;
using EmpathyNotebooks.MetaAnalysis;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EmpathyNotebooks.Data.Tests;

public class RoundTripTests
{
    /// <summary>Labels as people write them, with everything that CSV has a meaning for.</summary>
    private static readonly Gen<string> Label = Gen.Choose(1, 12)
        .SelectMany(length => Gen.Elements("Aé漢😀 ,;\t\"'\n<&={}%-1.".EnumerateRunes().Select(r => r.ToString()).ToArray()).ArrayOf(length))
        .Select(parts => "x" + string.Concat(parts).TrimEnd());

    private static readonly Gen<double?> Number = Gen.OneOf(
        ArbMap.Default.GeneratorFor<NormalFloat>().Select(x => (double?)x.Item),
        Gen.Choose(-1000, 1000).Select(x => (double?)(x / 1000.0)),
        Gen.Constant((double?)null));

    private static readonly Gen<StudyColumn> Text = Label.ArrayOf(8).Select(values => StudyColumn.OfTexts("label", values));

    [Property(MaxTest = 300)]
    public Property Written_and_read_again_a_table_is_the_same() => Prop.ForAll(
        Text.SelectMany(labels => Number.ArrayOf(8).Select(numbers => (labels, numbers))).ToArbitrary(),
        input =>
        {
            var frame = new Deedle.FrameBuilder.Columns<int, string>();
            frame.Add("label", new Deedle.Series<int, string>(Enumerable.Range(0, 8), Enumerable.Range(0, 8).Select(i => input.labels.Text(i)!)));
            frame.Add("x", new Deedle.Series<int, double>(Enumerable.Range(0, 8), input.numbers.Select(x => x ?? double.NaN)));
            var table = StudyTable.FromFrame(frame.Frame);
            var read = StudyTable.Parse(TableText.Of(table), options: new() { TextColumns = ["label"] });
            return Enumerable.Range(0, 8).All(i => read.Column("label").Text(i) == input.labels.Text(i)
                && (input.numbers.All(x => x is null) || read.Column("x").Number(i) == input.numbers[i]));
        });

    [Property(MaxTest = 300)]
    public Property Written_with_any_delimiter_and_mark_a_table_reads_the_same() => Prop.ForAll(
        Gen.Choose(-999, 999).ArrayOf(6).SelectMany(r => Gen.Elements(',', ';', '\t').SelectMany(d => Gen.Elements('.', ',').Select(m => (r, d, m)))).ToArbitrary(),
        input =>
        {
            // A fraction shorter than three digits makes the mark plain.
            string Cell(int r) => "\"" + (r / 1000.0).ToString("0.0##", CultureInfo.InvariantCulture).Replace('.', input.m) + "\"";
            var rows = input.r.Select((r, i) => $"s{i}{input.d}{Cell(r)}");
            var table = StudyTable.Parse($"study{input.d}r\n{string.Join('\n', rows)}\n");
            return Enumerable.Range(0, 6).All(i => table.Column("r").Number(i) == input.r[i] / 1000.0);
        });

    /// <summary>Tabs and semicolons within texts, as many as there are commas: a reader that looks for what splits the lines must not find them.</summary>
    [Theory]
    [InlineData('\t')]
    [InlineData(';')]
    public void A_cell_with_another_delimiter_is_quoted(char other)
    {
        var frame = new Deedle.FrameBuilder.Columns<int, string>();
        frame.Add("label", new Deedle.Series<int, string>([0, 1], [$"a{other}b", $"c{other}d"]));
        frame.Add("x", new Deedle.Series<int, double>([0, 1], [0.5, 1.5]));
        var written = TableText.Of(StudyTable.FromFrame(frame.Frame));
        Assert.Equal($"label,x\n\"a{other}b\",0.5\n\"c{other}d\",1.5\n", written);
        Assert.Equal($"c{other}d", StudyTable.Parse(written).Column("label").Text(1));
    }

    [Fact]
    public void A_text_that_would_be_read_as_missing_is_not_written()
    {
        var table = StudyTable.Parse("study,x\nNA,a\n", "s.csv", new() { MissingTexts = [] });
        Assert.Equal("s.csv, row 2, column study: \"NA\" is a text that means a missing value in a file; give it another name.",
            Assert.Throws<StudyDataException>(() => TableText.Of(table)).Message);
    }

    [Fact]
    public void The_bundled_files_are_as_the_library_writes_them() =>
        Assert.Equal(File.ReadAllText(EmpathyNotebooks.Tests.Repository.PathTo("data", "mcdaniel1994.csv")), TableText.Of(Datasets.McDaniel1994()));
}
