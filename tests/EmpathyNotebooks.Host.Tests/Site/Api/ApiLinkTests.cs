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
    [InlineData("var fit = RandomEffects.Fit(effects); fit.Estimate", "RandomEffects RandomEffects#Fit PooledFit#Estimate")]
    [InlineData("var fit = RandomEffects.Fit(effects); fit.Heterogeneity.ISquared.Estimate", "RandomEffects RandomEffects#Fit PooledFit#Heterogeneity HeterogeneityMeasures#ISquared")]
    [InlineData("StudyTable table = Make(); var again = table; (again).Columns[0].Name", "StudyTable StudyTable#Columns StudyColumn#Name")]
    [InlineData("foreach (var one in StudyTable.Read(path).Columns) { var name = one.Name; }", "StudyTable StudyTable#Read StudyTable#Columns StudyColumn#Name")]
    [InlineData("double Of(PooledFit fit) => fit.ConfidenceInterval.Lower;", "PooledFit PooledFit#ConfidenceInterval ConfidenceInterval#Lower")]
    [InlineData("var options = new RandomEffectsOptions { TauSquared = TauSquaredEstimator.PauleMandel } with { ConfidenceLevel = 0.9 };", "RandomEffectsOptions RandomEffectsOptions#TauSquared TauSquaredEstimator TauSquaredEstimator#PauleMandel ModelOptions#ConfidenceLevel")]
    [InlineData("var fit = RandomEffects.Fit(effects); fit.ClusterBlups()", "RandomEffects RandomEffects#Fit FitSensitivity#ClusterBlups")]
    [InlineData("VarianceBySize.FisherZ.At(20)", "VarianceBySize VarianceBySize#FisherZ VarianceBySize#At")]
    [InlineData("var fit = RandomEffects.Fit(effects); void F() { var fit = 3; fit.Estimate; }", "RandomEffects RandomEffects#Fit")]
    [InlineData("var a = b; var b = a; a.Estimate", "")]
    [InlineData("var fit = RandomEffects.Fit(effects); fit.Nothing.Estimate; other.Estimate; fit.LeaveOneOut(); fit.ToString().Length", "RandomEffects RandomEffects#Fit PooledFit#ToString")]
    public void In_an_example_what_a_value_is_asked_leads_to_its_member(string code, string places)
    {
        var html = CSharpColours.ToHtml(code, Links, isWhole: true);
        Assert.Equal(places, string.Join(' ', html.Split("href=\"api/")[1..].Select(link => link.Split('"')[0].Replace(".html", "", StringComparison.Ordinal))));
        Assert.Equal(code, System.Net.WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Replace(html, "<[^>]+>", "")));
    }

    [Fact]
    public void A_variable_of_a_cell_may_be_another_than_this_cell_declares_and_leads_nowhere()
    {
        Assert.DoesNotContain("#Estimate", CSharpColours.ToHtml("var fit = RandomEffects.Fit(effects); fit.Estimate", Links), StringComparison.Ordinal);
        Assert.Contains("VarianceBySize.html#At", CSharpColours.ToHtml("VarianceBySize.FisherZ.At(20)", Links), StringComparison.Ordinal);
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
    [InlineData("VarianceBySize.FisherZ.At(20)", "<a class=\"api\" href=\"api/VarianceBySize.html\">VarianceBySize</a>.<a class=\"api\" href=\"api/VarianceBySize.html#FisherZ\">FisherZ</a>.<a class=\"api\" href=\"api/VarianceBySize.html#At\">At</a>(20)")]
    [InlineData("PooledFit.Effects.Nothing", "<a class=\"api\" href=\"api/PooledFit.html\">PooledFit</a>.<a class=\"api\" href=\"api/PooledFit.html#Effects\">Effects</a>.Nothing")]
    [InlineData("fit.Heterogeneity", "fit.Heterogeneity")]
    [InlineData("\"Moderator\" < 3", "&quot;Moderator&quot; &lt; 3")]
    [InlineData("RandomEffectsX", "RandomEffectsX")]
    public void A_name_in_a_line_of_text_leads_to_its_page(string code, string html) => Assert.Equal(html, Links.Inline(code));
}
