namespace EmpathyNotebooks.Plotting.Tests.Text;

public class PlotTextTests
{
    [Theory]
    [InlineData("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;")]
    [InlineData("a & b &amp; c", "a &amp; b &amp;amp; c")]
    [InlineData("$x^2$", "&#36;x^2&#36;")]
    [InlineData("two\r\nlines\tand a tab", "two lines and a tab")]
    [InlineData("\u2007.28\u00a0x", "\u2007.28\u00a0x")]
    public void Escapes_what_Plotly_would_read_as_markup(string text, string expected) => Assert.Equal(expected, PlotText.Escape(text));

    [Theory]
    [InlineData("short", "short")]
    [InlineData("A very long label that somebody wrote, 1999", "A very long label… 1999")]
    [InlineData("A very long label that somebody wrote (1999)", "A very long lab… (1999)")]
    [InlineData("A very long label that somebody wrote", "A very long label that…")]
    public void Cuts_to_the_width_and_keeps_the_year(string text, string expected)
    {
        var cut = PlotText.Cut(text, 12, 140);
        Assert.Equal(expected, cut);
        Assert.True(PlotText.Width(cut, 12) <= 140);
    }

    [Fact]
    public void Cuts_between_whole_characters()
    {
        var family = string.Concat(Enumerable.Repeat("e\u0301👩‍👧", 40));
        var cut = PlotText.Cut(family, 12, 100);
        Assert.EndsWith("…", cut, StringComparison.Ordinal);
        Assert.False(char.IsHighSurrogate(cut[^2]));
        Assert.StartsWith(cut[..^1], family, StringComparison.Ordinal);
    }

    [Fact]
    public void Wraps_to_the_width_and_loses_nothing()
    {
        const string Text = "Heterogeneity and anUnbreakableWordThatIsMuchLongerThanAnyLineCouldEverBe go on";
        var lines = PlotText.Wrap(Text, 12, 120);
        Assert.All(lines, l => Assert.True(PlotText.Width(l, 12) <= 120));
        Assert.Equal(Text.Replace(" ", "", StringComparison.Ordinal), string.Concat(lines).Replace(" ", "", StringComparison.Ordinal));
    }

    [Fact]
    public void Keeps_statistics_together() =>
        Assert.Equal("r\u00a0=\u00a0.15, CI [.08,\u00a0.22], p\u00a0<\u00a0.001.", PlotText.KeepTogether("r = .15, CI [.08, .22], p < .001."));

    [Fact]
    public void A_hover_escapes_names_and_values()
    {
        var hover = PlotText.Hover("<b>x</b>", [new PlotDetail("<i>", "a<br>b"), new PlotDetail("", "said")]);
        Assert.Equal("<b>&lt;b&gt;x&lt;/b&gt;</b><br>&lt;i&gt;: a&lt;br&gt;b<br>said", hover);
    }
}
