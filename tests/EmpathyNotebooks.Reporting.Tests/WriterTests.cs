using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting.Tests;

/// <summary>Texts from data stay texts, and every form says the same.</summary>
public sealed class WriterTests
{
    private const string Hostile = "<img src=x onerror=alert(1)> | *a* `b` [c](http://d) $e$ \\f # _g_\nh & i";

    private static Table Table => new Table("Groups", ("", Align.Left), ("k", Align.Right)).Row(Hostile, "12").Row("observer", "7").Note("Note: " + Hostile);

    [Fact]
    public void HTML_holds_no_markup_from_data()
    {
        var html = HtmlWriter.Write(new Document([Table, new Paragraph(Hostile), new Note(Hostile), new Formula("a < b")]));

        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.Contains("&lt;img", html, StringComparison.Ordinal);
        Assert.Contains("a &lt; b", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Markdown_keeps_cells_whole_and_text_literal()
    {
        var lines = MarkdownWriter.Write(Table).Split('\n');

        Assert.Equal("**Groups**", lines[0]);
        Assert.Equal(["|  | k |", "| --- | ---: |"], lines[2..4]);
        Assert.Equal("| &lt;img src=x onerror=alert(1)> \\| \\*a\\* \\`b\\` \\[c\\](http://d) \\$e\\$ \\\\f \\# \\_g\\_ h &amp; i | 12 |", lines[4]);
        Assert.Equal("| observer | 7 |", lines[5]);
    }

    [Fact]
    public void Plain_text_aligns_numbers_and_says_where_data_come_from()
    {
        var table = new Table("Groups", ("", Align.Left), ("k", Align.Right)).Row("client", "12").Row("observer", "7").DataLabel(new DataOrigin(DataKind.Simulated, "samples"));

        Assert.Equal(["Groups", "           k", "client    12", "observer   7"], PlainTextWriter.Write(table).Split('\n')[1..]);
        Assert.Contains("imulated", PlainTextWriter.Write(table).Split('\n')[0], StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_row_has_a_cell_for_each_column() => Assert.Throws<ArgumentException>(() => Table.Row("alone"));

    [Fact]
    public void What_is_no_result_is_refused_by_its_type() => Assert.Contains("String", Assert.Throws<ArgumentException>(() => Answers.Say("text")).Message, StringComparison.Ordinal);
}
