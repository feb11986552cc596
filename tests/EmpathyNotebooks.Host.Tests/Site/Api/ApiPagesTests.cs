using System.Text.RegularExpressions;
using System.Xml.Linq;
using EmpathyNotebooks.Host.Site;
using EmpathyNotebooks.Host.Site.Api;
using Microsoft.CodeAnalysis;

namespace EmpathyNotebooks.Host.Tests.Site.Api;

/// <summary>The pages of the API: all types, every link leads somewhere, all text escaped, the same bytes twice.</summary>
public sealed class ApiPagesTests
{
    private static readonly ApiLibrary Library = ApiLibrary.Current;

    private static readonly Lazy<IReadOnlyDictionary<string, ApiPage>> Pages = new(() => Render().ToDictionary(page => page.Name));

    private static IReadOnlyList<ApiPage> Render() => ApiPages.Render(Library);

    private static string Page(string type) => Pages.Value[$"api/{type}.html"].Content;

    [Fact]
    public void Every_public_type_has_a_page_and_a_line_in_the_list()
    {
        Type[] exported = [.. new[] { typeof(Data.StudyTable), typeof(MetaAnalysis.RandomEffects), typeof(Plotting.ForestPlot), typeof(Reporting.Document), typeof(Notebook) }.SelectMany(t => t.Assembly.GetExportedTypes())];
        Assert.Equal(exported.Length, Library.Types.Count);
        Assert.Equal(exported.Length + 1, Pages.Value.Count);
        var list = Page("index");
        Assert.All(Library.Types, type => Assert.Contains($"href=\"{Uri.EscapeDataString(type.FileName)}\"", list));
    }

    [Fact]
    public void Every_page_has_one_title_a_summary_and_a_declaration() => Assert.All(Library.Types, type =>
    {
        var page = Pages.Value[$"api/{type.FileName}"];
        Assert.Equal(type.Name, page.Title);
        Assert.Single(HtmlTags.Read(page.Content), tag => tag.Name == "h1");
        Assert.Matches("<p class=\"lead\">.{5,}</p>", page.Content);
        Assert.Contains("<pre class=\"declaration\"><code><span class=\"c-keyword\">public", page.Content);
    });

    [Fact]
    public void Every_link_leads_to_a_page_that_is_there_and_to_a_place_on_it()
    {
        var ids = Pages.Value.ToDictionary(page => page.Key, page => HtmlTags.Read(page.Value.Content).Select(tag => tag.Attributes.GetValueOrDefault("id")).OfType<string>().ToHashSet());
        Assert.All(Pages.Value.Values, page =>
        {
            foreach (var tag in HtmlTags.Read(page.Content).Where(tag => tag.Name == "a"))
            {
                var href = tag.Attributes["href"];
                if (href.StartsWith("https://", StringComparison.Ordinal)) continue;
                var (file, id) = href.Split('#') is [var path, var place] ? (path, Uri.UnescapeDataString(place)) : (href, "");
                var target = file.Length == 0 ? page.Name : "api/" + Uri.UnescapeDataString(file);
                Assert.True(ids.TryGetValue(target, out var there), $"{page.Name} leads to {href}, which is not there");
                Assert.True(id.Length == 0 || there.Contains(id), $"{page.Name} leads to {href}, and there is no such place on it");
            }
        });
    }

    [Fact]
    public void No_place_on_a_page_has_the_name_of_another() => Assert.All(Pages.Value.Values, page =>
    {
        var ids = HtmlTags.Read(page.Content).Select(tag => tag.Attributes.GetValueOrDefault("id")).OfType<string>().ToList();
        Assert.Equal(ids.Distinct(StringComparer.Ordinal).Count(), ids.Count);
    });

    /// <summary>A reference to what a reader cannot use is of no use to them.</summary>
    [Fact]
    public void Every_reference_in_documentation_is_to_something_public()
    {
        var lost = from type in Library.Types
                   from text in type.Members.Select(member => member.Documentation).Prepend(type.Documentation)
                   from reference in text.Descendants().Select(element => (string?)element.Attribute("cref")).OfType<string>()
                   where reference[2..].StartsWith("EmpathyNotebooks.", StringComparison.Ordinal) && Library.Find(reference) is null && !Library.IsNamespace(reference)
                   select $"{type.Name}: {reference}";
        Assert.Empty(lost.Distinct());
    }

    [Fact]
    public void Building_twice_gives_the_same_text() => Assert.Equal(Pages.Value.Values, Render());

    [Fact]
    public void No_page_names_a_folder_of_this_machine_or_asks_for_a_file() => Assert.All(Pages.Value.Values, page =>
    {
        Assert.DoesNotContain(AppContext.BaseDirectory, page.Content);
        Assert.DoesNotContain("/_/", page.Content);
        Assert.Null(SelfContained.FindFault(page.Content));
    });

    [Fact]
    public void A_declaration_is_that_of_the_source()
    {
        Assert.Contains("public static class RandomEffects", Text(Page("RandomEffects")));
        Assert.Contains("public static PooledFit Fit(StudyEffects effects, RandomEffectsOptions? options = null)", Text(Page("RandomEffects")));
        Assert.Contains("public readonly record struct ConfidenceInterval", Text(Page("ConfidenceInterval")));
        Assert.Contains("public double Lower { get; init; }", Text(Page("ConfidenceInterval")));
        Assert.Contains("public sealed record RandomEffectsOptions : ModelOptions", Text(Page("RandomEffectsOptions")));
        Assert.Contains("public static EffectSize FisherZ(double r, double n)", Text(Page("Correlations")));
        Assert.Matches(@"this IModelFit fit,\s+string\? cluster = null", Text(Page("FitSensitivity")));
        Assert.Contains("href=\"PooledFit.html\"><span class=\"c-type\">PooledFit</span>", Page("RandomEffects"));
    }

    [Fact]
    public void A_page_says_where_its_type_is_written_and_in_which_room_it_lies()
    {
        Assert.Contains("<code>src/EmpathyNotebooks.MetaAnalysis/Models/RandomEffects.cs</code>", Page("RandomEffects"));
        Assert.Contains("<a href=\"index.html#MetaAnalysis-Models\">MetaAnalysis, Models</a>", Page("RandomEffects"));
    }

    [Fact]
    public void A_formula_is_set_and_its_TeX_stands_in_no_text()
    {
        Assert.Matches("(?s)id=\"FisherZ\".*<span class=\"formula\"><math", Page("Correlations"));
        Assert.All(Pages.Value.Values, page => Assert.DoesNotMatch(@"\$\$|\\frac", Regex.Replace(page.Content, "(?s)<annotation.*?</annotation>|<pre.*?</pre>|<script.*?</script>", "")));
    }

    [Theory]
    [InlineData(@"a = b, \qquad c = \frac{d}{e}", new[] { "a = b,", @"c = \frac{d}{e}" })]
    [InlineData(@"\frac{a \qquad b}{c}", new[] { @"\frac{a \qquad b}{c}" })]
    [InlineData(@"a \qquad\text{or}\qquad b", new[] { "a", @"\text{or}", "b" })]
    public void A_formula_of_several_parts_may_break_between_them(string formula, string[] parts) => Assert.Equal(parts, DocumentationHtml.Parts(formula));

    [Fact]
    public void A_page_has_the_examples_that_the_tests_run()
    {
        Assert.Contains("RandomEffects.Fit(effects", Text(Page("RandomEffects")));
        Assert.Contains("<details class=\"example\" open>", Page("RandomEffects"));
    }

    [Fact]
    public void A_member_has_what_it_inherits_but_not_the_formula_of_another()
    {
        var pooled = Library.Named("PooledFit")!.Members.Single(member => member.Id.Contains(".Refit(System", StringComparison.Ordinal));
        Assert.NotNull(pooled.Documentation.Element("summary"));
        var fromF = Library.Named("CorrelationFrom")!.Members.Single(member => member.Symbol.Name == "F");
        Assert.Contains("numerator degree of freedom", fromF.Documentation.Element("summary")!.Value);
        Assert.Contains(fromF.Documentation.Elements("exception"), exception => exception.Attribute("cref")!.Value == "T:System.ArgumentException");
        Assert.Single(fromF.Documentation.Elements("remarks"));
        Assert.Equal(["f", "n", "direction", "measure"], fromF.Documentation.Elements("param").Select(one => one.Attribute("name")!.Value));
    }

    [Fact]
    public void Text_of_documentation_is_shown_never_run()
    {
        using var tex = new TeX();
        var html = new DocumentationHtml(new ApiLinks(Library, ""), tex);
        var text = XElement.Parse("<summary>a &lt;script&gt;alert(1)&lt;/script&gt; <c>&lt;img onerror=x&gt;</c> <see cref=\"T:&lt;b&gt;\"/> $x &lt; y$</summary>");
        var written = html.Blocks(text);
        Assert.DoesNotContain(HtmlTags.Read(written), tag => tag.Name is "script" or "img" or "b");
        Assert.Contains("&lt;script&gt;", written);
        Assert.Contains("<math", written);
    }

    [Theory]
    [InlineData("<summary>costs 5 $</summary>", "has a $")]
    [InlineData("<summary>$$\\frac{1$$</summary>", "cannot be read")]
    [InlineData("<summary><table/></summary>", "<table>")]
    public void What_a_page_cannot_show_is_refused_by_name(string documentation, string fault)
    {
        using var tex = new TeX();
        var html = new DocumentationHtml(new ApiLinks(Library, ""), tex);
        html.Enter("Some.xml", "T:Some.Type");
        var message = Assert.Throws<SiteException>(() => html.Blocks(XElement.Parse(documentation))).Message;
        Assert.StartsWith("Some.xml: T:Some.Type: ", message);
        Assert.Contains(fault, message);
    }

    [Fact]
    public void Documentation_that_is_missing_beside_an_assembly_is_named()
    {
        var folder = Directory.CreateTempSubdirectory("api-").FullName;
        try
        {
            var copy = Path.Combine(folder, "EmpathyNotebooks.MetaAnalysis.dll");
            File.Copy(typeof(MetaAnalysis.RandomEffects).Assembly.Location, copy);
            Assert.Contains("EmpathyNotebooks.MetaAnalysis.xml: this file with the documentation of the library is missing", Assert.Throws<SiteException>(() => ApiLibrary.Read([copy])).Message);
            File.WriteAllText(Path.ChangeExtension(copy, ".xml"), "<doc><members>");
            Assert.Contains("is no XML", Assert.Throws<SiteException>(() => ApiLibrary.Read([copy])).Message);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Then no page says where its type is written.</summary>
    [Fact]
    public void Without_symbols_a_library_is_one_room()
    {
        var folder = Directory.CreateTempSubdirectory("api-").FullName;
        try
        {
            var assembly = typeof(Notebook).Assembly.Location;
            var copy = Path.Combine(folder, Path.GetFileName(assembly));
            File.Copy(assembly, copy);
            File.Copy(Path.ChangeExtension(assembly, ".xml"), Path.ChangeExtension(copy, ".xml"));
            Assert.All(ApiLibrary.Read([copy]).Types, type => Assert.True(type is { Room: "", Source: null }));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Text(string html) => System.Net.WebUtility.HtmlDecode(Regex.Replace(html, "<[^>]*>", ""));
}
