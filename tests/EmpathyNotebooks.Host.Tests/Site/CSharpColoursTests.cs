using System.Net;
using System.Text.RegularExpressions;
using EmpathyNotebooks.Host.Site;

namespace EmpathyNotebooks.Host.Tests.Site;

public sealed class CSharpColoursTests
{
    private const string Cell = """"
        #r "../artifacts/lib/EmpathyNotebooks.Interactive.dll"
        using EmpathyNotebooks.MetaAnalysis;
        // the pooled mean <b>
        var fit = RandomEffects.Fit(effects, new RandomEffectsOptions { Level = 0.95 });
        List<double> r = [.28, 1e-3]; char c = '"';
        string text = $"r = {fit.Mean:0.00} & more"; /* block */
        var raw = """a < b""";
        foreach (Study study in studies) Console.WriteLine(study.Label);
        fit
        """";

    [Theory]
    [InlineData("keyword", "using")]
    [InlineData("keyword", "var")]
    [InlineData("keyword", "new")]
    [InlineData("keyword", "foreach")]
    [InlineData("type", "RandomEffects")]
    [InlineData("type", "RandomEffectsOptions")]
    [InlineData("type", "List")]
    [InlineData("type", "Study")]
    [InlineData("method", "Fit")]
    [InlineData("method", "WriteLine")]
    [InlineData("number", "0.95")]
    [InlineData("number", "1e-3")]
    [InlineData("comment", "// the pooled mean &lt;b&gt;")]
    [InlineData("comment", "/* block */")]
    [InlineData("string", "&#39;&quot;&#39;")]
    [InlineData("string", "&quot;&quot;&quot;a &lt; b&quot;&quot;&quot;")]
    [InlineData("string", " &amp; more")]
    public void Each_kind_of_word_has_its_colour(string kind, string word) =>
        Assert.Contains($"<span class=\"c-{kind}\">{word}</span>", CSharpColours.ToHtml(Cell));

    [Fact]
    public void A_reference_is_a_directive() =>
        Assert.Matches("<span class=\"c-directive\">#r &quot;.*\\.dll&quot;", CSharpColours.ToHtml(Cell));

    [Theory]
    [InlineData(Cell)]
    [InlineData("")]
    [InlineData("int x = ;; } <script> \"unfinished")]
    [InlineData("#!time\nfit")]
    [InlineData("var a = 1;\n\n   // last line")]
    [InlineData("/// <summary>doc</summary>\nclass A { }")]
    [InlineData("#if DEBUG\nold();\n#endif\nnow();")]
    public void No_character_of_the_code_is_lost_or_added(string code)
    {
        var text = WebUtility.HtmlDecode(Regex.Replace(CSharpColours.ToHtml(code), "</?span[^>]*>", ""));
        Assert.Equal(code.ReplaceLineEndings("\n"), text);
    }
}
