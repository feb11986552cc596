using System.Globalization;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting.Tests;

/// <summary>A name of 120 letters without a blank breaks in every form, so that no table leaves its page.</summary>
public sealed class LongWordsTests
{
    private static readonly string Name = string.Concat(Enumerable.Repeat("Averylongname", 10))[..120];

    [Theory]
    [InlineData("Smith et al. (2011), a study of twenty-four words")]
    [InlineData("Donaudampfschifffahrtsge")]
    [InlineData("")]
    public void What_has_room_stays_as_it_is(string text)
    {
        Assert.Equal(text, LongWords.Breakable(text));
        Assert.False(LongWords.Has(text));
    }

    [Fact]
    public void A_long_word_breaks_after_every_few_letters_and_nothing_is_lost()
    {
        // An e with an accent of its own, and a letter of two halves.
        var text = $"see {string.Concat(Enumerable.Repeat("e\u0301", 30))}\u00a0and {string.Concat(Enumerable.Repeat("𝑎", 30))}  {new string(' ', 40)}{Name}.";
        var broken = LongWords.Breakable(text);
        Assert.True(LongWords.Has(text));
        Assert.Equal(text, broken.Replace("\u200b", "", StringComparison.Ordinal));
        Assert.All(broken.Split('\u200b', ' ', '\u00a0'), piece => Assert.InRange(new StringInfo(piece).LengthInTextElements, 0, 6));
        Assert.All(broken.Split('\u200b').Skip(1), piece => Assert.False(piece[0] == '\u0301' || char.IsLowSurrogate(piece[0]), piece));
    }

    [Fact]
    public void Forms_break_it_where_what_prints_them_would_not()
    {
        var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], EffectMeasure.FisherZ, [Name, "B", "C"]));
        var table = Assert.IsType<Table>(Answers.Say(fit.LeaveOneOut()));
        var document = new Document([table]);
        var quarto = MarkdownFileWriter.WriteQuarto(document);
        Assert.DoesNotContain(Name[..30], quarto, StringComparison.Ordinal);
        Assert.Contains(Name, quarto.Replace("\u200b", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains(@"\fvset{breaklines,breakanywhere}", quarto, StringComparison.Ordinal);
        // GitHub's pages break by themselves, and whoever searches for the name finds it.
        Assert.Contains(Name, MarkdownFileWriter.Write(document), StringComparison.Ordinal);
        Assert.Contains($"<th scope=\"row\" class=\"en-long\">{Name}</th>", HtmlWriter.Write(table), StringComparison.Ordinal);
        Assert.Contains("<th scope=\"row\">B</th>", HtmlWriter.Write(table), StringComparison.Ordinal);
        Assert.Contains(".en-long.en-long{white-space:normal;overflow-wrap:anywhere", HtmlWriter.Write(table), StringComparison.Ordinal);
    }
}
