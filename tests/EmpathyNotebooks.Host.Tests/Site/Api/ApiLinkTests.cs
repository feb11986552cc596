using EmpathyNotebooks.Host.Site;
using EmpathyNotebooks.Host.Site.Api;

namespace EmpathyNotebooks.Host.Tests.Site.Api;

/// <summary>Names of the library in code and in lines of text lead to their pages.</summary>
public sealed class ApiLinkTests
{
    private static readonly ApiLinks Links = new(ApiLibrary.Current, ApiLinks.Folder);

    [Fact]
    public void A_type_and_what_stands_behind_it_lead_to_their_places()
    {
        var html = CSharpColours.ToHtml("var fit = RandomEffects.Fit(effects, new RandomEffectsOptions { TauSquared = TauSquaredEstimator.PauleMandel });", Links);
        Assert.Contains("<a class=\"api\" href=\"api/RandomEffects.html\"><span class=\"c-type\">RandomEffects</span></a>.<a class=\"api\" href=\"api/RandomEffects.html#Fit\"><span class=\"c-method\">Fit</span></a>", html);
        Assert.Contains("href=\"api/RandomEffectsOptions.html\"", html);
        Assert.Contains("href=\"api/TauSquaredEstimator.html#PauleMandel\">PauleMandel</a>", html);
    }

    [Theory]
    [InlineData("Console.WriteLine(fit.Estimate);")]
    [InlineData("string text = \"RandomEffects.Fit\";")]
    [InlineData("// RandomEffects.Fit")]
    [InlineData("var RandomEffects = 3; RandomEffects.ToString();")]
    public void What_is_none_of_the_library_leads_nowhere(string code) => Assert.DoesNotContain("<a ", CSharpColours.ToHtml(code, Links));

    [Fact]
    public void Without_pages_of_the_API_there_is_no_link() => Assert.DoesNotContain("<a ", CSharpColours.ToHtml("RandomEffects.Fit(effects)"));

    [Theory]
    [InlineData("RandomEffects", "<a class=\"api\" href=\"api/RandomEffects.html\">RandomEffects</a>")]
    [InlineData("RandomEffects.Fit", "<a class=\"api\" href=\"api/RandomEffects.html\">RandomEffects</a>.<a class=\"api\" href=\"api/RandomEffects.html#Fit\">Fit</a>")]
    [InlineData("PooledFit.Nothing", "<a class=\"api\" href=\"api/PooledFit.html\">PooledFit</a>.Nothing")]
    [InlineData("fit.Heterogeneity", "fit.Heterogeneity")]
    [InlineData("\"Moderator\" < 3", "&quot;Moderator&quot; &lt; 3")]
    [InlineData("RandomEffectsX", "RandomEffectsX")]
    public void A_name_in_a_line_of_text_leads_to_its_page(string code, string html) => Assert.Equal(html, Links.Inline(code));
}
