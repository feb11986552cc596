using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Site;
using EmpathyNotebooks.Host.Site.Search;
using static EmpathyNotebooks.Host.Tests.Site.SampleNotebook;

namespace EmpathyNotebooks.Host.Tests.Site.Api;

/// <summary>The site with pages of the API and search: what lessons lead to, and what a page that stands alone leaves out.</summary>
public sealed class ApiSiteTests
{
    private static readonly SitePage[] Lessons =
    [
        new("01-a.ipynb", Notebook(
            Markdown("# A lesson\n\nSee `RandomEffects.Fit`, [`PooledFit`](02-b.ipynb) and `fit`."),
            Code("var fit = RandomEffects.Fit(effects, new() { TauSquared = TauSquaredEstimator.PauleMandel });"),
            Markdown("```csharp\nForestPlot.Create(fit)\n```"))),
        new("02-b.ipynb", Notebook(Markdown("# Another\n\nText."))),
    ];

    private static readonly Lazy<IReadOnlyDictionary<string, string>> Files = new(() => SiteBuilder.Render(Lessons, new() { HasApi = true }).ToDictionary(file => file.Path, file => file.Text));

    [Fact]
    public void The_site_has_the_pages_of_the_API_and_every_bar_leads_there()
    {
        Assert.Contains("api/index.html", Files.Value.Keys);
        Assert.Contains("api/RandomEffects.html", Files.Value.Keys);
        Assert.Contains("href=\"api/index.html\"", Files.Value["01-a.html"]);
        Assert.Contains("href=\"../01-a.html\"", Files.Value["api/RandomEffects.html"]);
        Assert.Contains("<title>RandomEffects \u00b7 API \u00b7 EmpathyNotebooks</title>", Files.Value["api/RandomEffects.html"]);
    }

    [Fact]
    public void Names_in_code_and_text_of_a_lesson_lead_to_the_API()
    {
        var page = Files.Value["01-a.html"];
        Assert.Contains("<code><a class=\"api\" href=\"api/RandomEffects.html\">RandomEffects</a>.<a class=\"api\" href=\"api/RandomEffects.html#Fit\">Fit</a></code>", page);
        Assert.Contains("<a href=\"02-b.html\"><code>PooledFit</code></a>", page);
        Assert.Contains("href=\"api/TauSquaredEstimator.html#PauleMandel\"", page);
        Assert.Contains("href=\"api/ForestPlot.html#Create\"", page);
        foreach (var tag in HtmlTags.Read(page).Where(tag => tag.Name == "a" && tag.Attributes.GetValueOrDefault("class") == "api"))
            Assert.Contains(Uri.UnescapeDataString(tag.Attributes["href"].Split('#')[0]), Files.Value.Keys);
    }

    [Fact]
    public void Every_page_can_search_and_the_index_is_asked_for_from_where_it_lies()
    {
        var index = Assert.Single(Files.Value.Keys, path => path.StartsWith("assets/search-index-", StringComparison.Ordinal));
        Assert.StartsWith("window.empathySearch=", Files.Value[index]);
        foreach (var (path, root) in new[] { ("index.html", ""), ("01-a.html", ""), ("api/index.html", "../"), ("api/PooledFit.html", "../") })
        {
            var box = HtmlTags.Read(Files.Value[path]).Single(tag => tag.Attributes.GetValueOrDefault("role") == "search");
            Assert.Equal((root, root + index), (box.Attributes["data-root"], box.Attributes["data-index"]));
            Assert.True(box.Attributes.ContainsKey("hidden"));
            Assert.Contains(HtmlTags.Read(Files.Value[path]), tag => tag.Name == "script" && tag.Attributes.GetValueOrDefault("src")?.StartsWith(root + "assets/search-", StringComparison.Ordinal) == true);
        }
    }

    [Fact]
    public void Pages_that_stand_alone_have_neither()
    {
        foreach (var (path, text) in SiteBuilder.Render(Lessons, new() { Form = SiteForm.SingleFile, HasApi = true }).Select(file => (file.Path, file.Text)))
        {
            Assert.DoesNotContain("api/", path);
            Assert.DoesNotContain("class=\"api\"", text);
            Assert.DoesNotContain("role=\"search\"", text);
        }

        Assert.DoesNotContain("class=\"api\"", SiteBuilder.RenderPage(Lessons[0]));
        Assert.DoesNotContain("role=\"search\"", SiteBuilder.RenderPage(Lessons[0]));
    }

    [Fact]
    public void Without_pages_of_the_API_lessons_are_found_all_the_same()
    {
        var files = SiteBuilder.Render(Lessons).ToDictionary(file => file.Path, file => file.Text);
        Assert.DoesNotContain(files.Keys, path => path.StartsWith("api/", StringComparison.Ordinal));
        Assert.DoesNotContain("class=\"api\"", files["01-a.html"]);
        Assert.Contains("A lesson", files.Single(file => file.Key.StartsWith("assets/search-index-", StringComparison.Ordinal)).Value);
    }

    [Fact]
    public void A_heading_does_not_take_the_name_of_the_search_box()
    {
        using var tex = new TeX();
        var page = new ReadPage(new SitePage("01-a.ipynb", Notebook(Markdown("# Site search"))), 1, tex);
        Assert.DoesNotContain(page.Reader.Headings[0].Id, SearchBox.Ids);
    }
}
