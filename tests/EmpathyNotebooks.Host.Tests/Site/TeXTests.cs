using System.Security.Cryptography;
using EmpathyNotebooks.Host.Site;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Host.Tests.Site;

public sealed class TeXTests : IDisposable
{
    private readonly TeX _tex = new();

    public void Dispose() => _tex.Dispose();

    [Fact]
    public void A_pooled_mean_becomes_a_fraction_of_sums_with_a_hat()
    {
        var math = _tex.ToMathMl(@"\hat{\mu} = \frac{\sum_{i=1}^{k} w_i y_i}{\sum_{i=1}^{k} w_i}", display: true);

        Assert.StartsWith("<math display=\"block\"", math);
        Assert.Contains("<mfrac>", math);
        Assert.Equal(2, math.Split("<munderover>").Length - 1 + (math.Split("<msubsup>").Length - 1));
        Assert.Contains("<mi>μ</mi>", math);
    }

    [Theory]
    [InlineData(@"\tau^2", "<msup>")]
    [InlineData(@"y_i", "<msub>")]
    [InlineData(@"\sqrt{n - 3}", "<msqrt>")]
    [InlineData(@"z = \tfrac{1}{2}\ln\frac{1+r}{1-r}", "<mi>ln</mi>")]
    [InlineData(@"\begin{aligned} a &= b \\ c &= d \end{aligned}", "<mtable")]
    [InlineData(@"\mathcal{N}(\mu, \tau^2 + v_i)", "<mi")]
    [InlineData(@"\text{variance } < 1", "&lt;")]
    public void What_lessons_write_is_understood(string formula, string expected) =>
        Assert.Contains(expected, _tex.ToMathMl(formula, display: false));

    [Fact]
    public void A_displayed_formula_keeps_its_source_for_copying() =>
        Assert.Contains("<annotation encoding=\"application/x-tex\">a &lt; b</annotation>", _tex.ToMathMl("a < b", display: true));

    [Theory]
    [InlineData(@"\frac{1}{")]
    [InlineData(@"\heterogeneity")]
    [InlineData(@"a_b_c")]
    public void A_formula_with_an_error_says_so(string formula)
    {
        var fault = Assert.Throws<FormatException>(() => _tex.ToMathMl(formula, display: false));
        Assert.NotEmpty(fault.Message);
        Assert.DoesNotContain('\u0332', fault.Message);
    }

    [Fact]
    public void Definitions_in_one_formula_do_not_reach_the_next()
    {
        _tex.ToMathMl(@"\gdef\r{28} \r", display: false);
        Assert.DoesNotContain("28", _tex.ToMathMl(@"\r{a}", display: false));
    }

    [Fact]
    public void Markup_in_a_formula_stays_text() =>
        Assert.DoesNotContain("<img", _tex.ToMathMl(@"\text{<img src=x onerror=alert(1)>}", display: true));

    [Fact]
    public void The_third_party_files_are_those_the_notice_names()
    {
        var folder = Repository.PathTo("src", "EmpathyNotebooks.Host", "Site", "Temml");
        var notice = File.ReadAllText(Path.Combine(folder, "README.md"));
        Assert.Contains($"Temml {_tex.Version}", notice);
        foreach (var file in new[] { "temml.min.js", "Temml-Local.css" })
        {
            var sum = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, file))));
            Assert.Contains($"| `{file}` | `{sum}` |", notice);
        }
        Assert.Contains("Ron Kok", File.ReadAllText(Path.Combine(folder, "LICENSE")));
    }
}
