using System.Text.RegularExpressions;

namespace EmpathyNotebooks.Reporting.Tests;

/// <summary>What made pages of TeX and Pandoc wrong: cells that ran into each other, tables parted from their titles and notes, letters that went missing.</summary>
public sealed class PrintedFormsTests
{
    private static string Latex(params Block[] blocks) => LatexWriter.Write(new Document(blocks));

    private static string Quarto(params Block[] blocks) => MarkdownFileWriter.WriteQuarto(new Document(blocks));

    /// <summary>The battery of a review: more columns than a line has room for.</summary>
    private static Table Wide() => new Table("Side by side", ("analysis", Align.Left), ("k", Align.Right), ("studies", Align.Right), ("g", Align.Right), ("95% CI", Align.Right), ("p", Align.Right), ("I²", Align.Right), ("95% CI of I²", Align.Right),
            ("95% prediction interval", Align.Right), ("NNT", Align.Right), ("rests on", Align.Left))
        .Row("Low risk (rob = low)", "20", "10", "0.679", "[0.479, 0.879]", "< .001", "76.1%", "[58.3%, 89.4%]", "[−0.108, 1.467]", "3.8", "effects taken as independent");

    [Fact]
    public void An_interval_without_room_breaks_between_its_limits_and_nowhere_else()
    {
        var tex = Latex(Wide());
        Assert.Contains("{[}0.479, 0.879{]}", tex, StringComparison.Ordinal);
        Assert.Contains(@"\textless{}~.001", tex, StringComparison.Ordinal);
        Assert.Contains(@"\setlength{\tabcolsep}{4pt}", tex, StringComparison.Ordinal);
        var word = FileForms.WordText(WordWriter.Write(new Document([Wide()])));
        Assert.Contains("[0.479, 0.879]", word, StringComparison.Ordinal);
        Assert.Contains("<\u00a0.001", word, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interval_with_room_stays_on_one_line()
    {
        var table = new Table("", ("", Align.Left), ("95% CI", Align.Right)).Row("mean", "[0.479, 0.879]");
        Assert.Contains("{[}0.479,~0.879{]}", Latex(table), StringComparison.Ordinal);
        Assert.DoesNotContain(@"\setlength{\tabcolsep}", Latex(table), StringComparison.Ordinal);
    }

    [Fact]
    public void No_column_of_numbers_is_narrower_than_what_it_holds()
    {
        var table = Wide();
        var columns = ColumnWidths.Of(table, 88);
        Assert.Equal(1, columns.Sum(c => c.Share), 1e-9);
        for (var i = 0; i < columns.Length; i++)
        {
            if (table.Columns[i].Align == Align.Left) continue;
            // Digits of 9 points are 4.63 wide, and 452 points a line; 8 points part two columns.
            var longest = columns[i].Number(table.Rows[0][i]).Split(' ').Max(part => part.Sum(c => c is '.' or ',' or '[' or ']' ? 2.6 : c is '%' or '−' or '<' ? 7.6 : c == '\u00a0' ? 3.1 : 4.63));
            Assert.True(columns[i].Share * 452 - 8 >= longest, $"{table.Columns[i].Name}: {columns[i].Share * 452 - 8:0.0} points for {longest:0.0}");
        }
    }

    [Fact]
    public void Long_names_of_moderators_at_the_head_leave_room_for_names_of_studies()
    {
        const string Moderator = "the_rater_of_empathy_in_the_session";
        var table = new Table("Cumulative", ("with", Align.Left), ("k", Align.Right), ("Intercept", Align.Right), (Moderator + ": observer", Align.Right), (Moderator + ": therapist", Align.Right), ("τ²", Align.Right))
            .Row("+ Study number 136 with a long name, by many authors", "152", "0.3238", "−0.0050", "0.0473", "0.01666");
        var columns = ColumnWidths.Of(table);
        Assert.True(columns[0].Share > columns[3].Share, $"{columns[0].Share} > {columns[3].Share}");
    }

    [Fact]
    public void A_head_stands_on_one_line_where_there_is_room()
    {
        var columns = ColumnWidths.Of(new Table("", ("", Align.Left), ("p of the model", Align.Right)).Row("mean", ".5"));
        Assert.True(columns[1].Share * 82 >= "p of the model".Length);
    }

    [Fact]
    public void Title_and_note_are_rows_of_their_table_and_small_tables_stand_on_one_page()
    {
        var tex = Latex(new Table("A title", ("", Align.Left), ("k", Align.Right)).Row("one", "1").Row("two", "2").Row("three", "3").Row("four", "4").Note("A note"));
        var table = tex[tex.IndexOf(@"\begin{longtable}", StringComparison.Ordinal)..tex.IndexOf(@"\end{longtable}", StringComparison.Ordinal)];
        Assert.Contains(@"\textbf{Table 1}\\\textit{A title}", table, StringComparison.Ordinal);
        Assert.Contains(@"\textit{Note.} A note.", table, StringComparison.Ordinal);
        Assert.Equal(4, Regex.Count(table, @"^\w+ & \d \\\\\*$", RegexOptions.Multiline));
    }

    [Fact]
    public void Large_tables_break_between_rows_but_leave_none_alone_and_say_that_they_go_on()
    {
        var large = new Table("", ("", Align.Left), ("k", Align.Right));
        for (var i = 0; i < 60; i++) large.Row("a", "1");
        var tex = Latex(large.Note(new string('x', 1600)));
        Assert.Equal(57, Regex.Count(tex, @"^a & 1 \\\\$", RegexOptions.Multiline));
        Assert.Equal(3, Regex.Count(tex, @"^a & 1 \\\\\*$", RegexOptions.Multiline));
        Assert.Contains(@"\textit{(continued)}", tex, StringComparison.Ordinal);
        // A long note may run on to the next page.
        Assert.True(tex.IndexOf(@"\textit{Note.}", StringComparison.Ordinal) > tex.IndexOf(@"\end{longtable}", StringComparison.Ordinal));
    }

    [Fact]
    public void A_heading_above_a_table_goes_with_it()
    {
        var table = new Table("", ("", Align.Left)).Row("a");
        Assert.Contains("\\roomfortable\n\n\\section{Appendix}", Latex(new Heading(1, "Appendix"), table), StringComparison.Ordinal);
        Assert.DoesNotContain("\\roomfortable\n", Latex(new Heading(1, "Results"), new Paragraph("Text."), table), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("the_rater_of_empathy", @"the\_\allowbreak{}rater\_\allowbreak{}of\_\allowbreak{}empathy")]
    [InlineData("ABCDEFGHIJKLMNOPQRS", @"ABCDEF\maybreak{}GHIJKL\maybreak{}MNOPQRS")]
    [InlineData("https://doi.org/10.1002/sim.1186", @"https://\allowbreak{}doi.\allowbreak{}org/\allowbreak{}10.1002/\allowbreak{}sim.1186")]
    [InlineData("heterogeneity", "heterogeneity")]
    [InlineData("[0.123, 0.456], [0.123, 0.456]", "{[}0.123, 0.456{]}, {[}0.123, 0.456{]}")]
    public void A_long_word_breaks_behind_signs_or_where_it_must(string text, string expected) => Assert.Contains($"\n{expected}\n", Latex(new Paragraph(text)), StringComparison.Ordinal);

    [Fact]
    public void No_letter_goes_missing_in_TeX()
    {
        var tex = Latex(new Paragraph("τ² of Иванов, 漢字 and Παπά; Cafe\u0301, ﬁ €‑‰ \ufffd"));
        Assert.Contains(@"\ensuremath{\tau}\textsuperscript{2} of Иванов, 漢字 and Παπά; Caf\'{e}, fi \texteuro{}\mbox{-}\textperthousand{} {[}U+FFFD{]}", tex, StringComparison.Ordinal);
        foreach (var letter in "Иванов漢字Παά") Assert.Contains($@"\newunicodechar{{{letter}}}{{\unicodeletter{{{(int)letter:X4}}}}}", tex, StringComparison.Ordinal);
        Assert.Contains(@"\iffontchar\font""#1 \symbol{""#1}\else[U+#1]", tex, StringComparison.Ordinal);
        Assert.DoesNotContain("newunicodechar", Latex(new Paragraph("Müller, Łódź, τ = .1")), StringComparison.Ordinal);
    }

    [Fact]
    public void Pandoc_is_told_of_symbols_that_the_usual_fonts_of_XeTeX_do_not_have()
    {
        var text = Quarto(new Paragraph("τ² = .02, √n, T₁ of 漢 and Müller"));
        var head = text[..text.IndexOf("\n---\n", StringComparison.Ordinal)];
        Assert.Contains("\n  \\newunicodechar{τ}{\\ensuremath{\\tau}}\n  \\newunicodechar{₁}{\\textsubscript{1}}\n  \\ifPDFTeX\n  \\newunicodechar{√}{\\ensuremath{\\surd}}\n  \\fi\n", head, StringComparison.Ordinal);
        Assert.Contains("\n  \\newunicodechar{漢}{\\unicodeletter{6F22}}\n", head, StringComparison.Ordinal);
        Assert.DoesNotContain("ü", head, StringComparison.Ordinal);
        Assert.Contains("\ngeometry: margin=25mm\nheader-includes: |\n  ```{=latex}\n", head, StringComparison.Ordinal);
        Assert.EndsWith("\n  ```", head, StringComparison.Ordinal);
    }
}
