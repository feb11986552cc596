using System.Text.RegularExpressions;
using EmpathyNotebooks.Host.Site;
using static EmpathyNotebooks.Host.Tests.Site.SampleNotebook;

namespace EmpathyNotebooks.Host.Tests.Site;

/// <summary>What stands around the content of a page, and the first page.</summary>
public sealed class PageShellTests
{
    private static readonly ReadPage[] Lessons = [Read("01-one.ipynb", "# One \\<1\\>\n\n*30 minutes · core · nothing needed before*\n\nWords."), Read("02-two.ipynb", "# Two $x$\n\n*40 minutes · core · before this: [One](01-one.ipynb)*\n\nWords."), Read("03-three.ipynb", "# Three\n\n*35 minutes · advanced · nothing needed before*\n\nWords.")];

    private static ReadPage Read(string name, string text)
    {
        using var tex = new TeX();
        return new ReadPage(new SitePage(name, Notebook(Markdown(text), Code("1"))), 1, tex);
    }

    private static SiteMap Site(params string[] more) => new(Lessons, SiteForm.Shared, ["index.html", .. Lessons.Select(lesson => lesson.HtmlName), .. more]);

    [Fact]
    public void A_page_in_a_folder_finds_the_way_back()
    {
        var extra = new SiteAsset("api", "js", "1");
        var site = Site("api/index.html");
        var html = PageShell.Wrap(new PageFrame("api/index.html", "API") { Assets = [extra] }, site, "<main id=\"content\"></main>");
        Assert.Contains("<a class=\"home\" href=\"../index.html\">", html);
        Assert.Contains("href=\"../01-one.html\"", html);
        Assert.Contains("<a href=\"../api/index.html\" aria-current=\"page\">API</a>", html);
        Assert.Matches("<link rel=\"stylesheet\" href=\"../assets/site-[0-9a-f]{12}.css\">", html);
        Assert.Contains($"<script src=\"../{extra.Path}\" defer></script>", html);
        Assert.Contains(extra, site.Assets);
        Assert.DoesNotContain("code-switch", html);
    }

    [Fact]
    public void The_bar_names_every_lesson_and_where_the_reader_is()
    {
        var html = PageBar.Render(new PageFrame("02-two.html", "") { Lesson = Lessons[1], HasCode = true }, Site());
        Assert.Equal(["01-one.html", "02-two.html", "03-three.html"], Regex.Matches(html[..html.IndexOf("</details>", StringComparison.Ordinal)], "<li><a href=\"([^\"]+)\"").Select(match => match.Groups[1].Value));
        Assert.Contains("<a href=\"02-two.html\" aria-current=\"page\"><span class=\"number\">02</span> <span>Two <math>", html);
        Assert.Equal(1, html.Split("aria-current").Length - 1);
        Assert.Contains("<a rel=\"prev\" href=\"01-one.html\" aria-label=\"Previous: One &lt;1&gt;\" title=\"One &lt;1&gt;\">Previous</a>", html);
        Assert.Contains("<a rel=\"next\" href=\"03-three.html\"", html);
        Assert.Contains("<button class=\"code-switch\" type=\"button\" hidden>", html);
        Assert.DoesNotContain("rel=\"prev\"", PageBar.Render(new PageFrame("01-one.html", "") { Lesson = Lessons[0] }, Site()));
    }

    [Theory]
    [InlineData("teaching.html")]
    [InlineData("glossary.html")]
    [InlineData("api/index.html")]
    public void Other_places_are_linked_only_where_they_are(string path)
    {
        Assert.DoesNotContain(path, IndexRenderer.Render(Site()));
        var index = IndexRenderer.Render(Site(path));
        // In the bar and in the text.
        Assert.Equal(2, index.Split($"<a href=\"{path}\"").Length - 1);
    }

    [Fact]
    public void Code_is_open_without_a_script_and_the_setup_folded()
    {
        var html = SiteBuilder.Render([new("07-one.ipynb", Notebook(Markdown("# One"), Code(Setup), Code("var a = 1;", Html("<p>out</p>"))))])[1].Text;
        Assert.Equal(1, html.Split("<details class=\"source-code\" open>").Length - 1);
        Assert.Matches("(?s)<details class=\"source-code\" open><summary>.*?</summary>\n<pre class=\"code\">.*?</pre>\n</details>\n<div class=\"output output-html\"><p>out</p>", html);
        Assert.Contains("<details class=\"setup\"><summary>", html);
    }

    [Fact]
    public void A_lesson_about_code_never_folds_it()
    {
        var notebook = Notebook(Markdown("# One"), Code("var a = 1;"));
        Assert.Contains("class=\"code-switch\"", SiteBuilder.RenderPage(new("a.ipynb", notebook)));
        notebook.Metadata["empathy"] = new System.Text.Json.Nodes.JsonObject { ["code"] = "shown" };
        var html = SiteBuilder.RenderPage(new("a.ipynb", notebook));
        Assert.DoesNotContain("class=\"code-switch\"", html);
        Assert.DoesNotContain("<details class=\"source-code\"", html);
        Assert.Contains("<div class=\"cell\">\n<pre class=\"code\">", html);
        notebook.Metadata["empathy"]!["code"] = "open";
        Assert.Contains("metadata empathy.code is \"open\"; it can be \"shown\"", Assert.Throws<SiteException>(() => SiteBuilder.RenderPage(new("a.ipynb", notebook))).Message);
    }

    [Fact]
    public void The_first_page_adds_up_the_time_and_names_what_to_read_in_an_hour()
    {
        Assert.Contains("3 lessons, 1 hour 45 minutes with questions", IndexRenderer.Render(Site()));
        Assert.DoesNotContain("With only an hour", IndexRenderer.Render(Site()));

        string Words(int count) => string.Join(' ', Enumerable.Repeat("word", count));
        ReadPage[] lessons = [Read("01-the-question.ipynb", $"# The question: a\n\n{Words(2400)}\n\n<details>\n<summary>Reveal</summary>\n\n{Words(900)}\n\n</details>"),
            Read("02-other.ipynb", "# Other\n\ntext"), Read("04-pooling.ipynb", $"# Pool: b\n\n{Words(2400)}"), Read("05-heterogeneity.ipynb", $"# Differ\n\n{Words(2400)}")];
        var index = IndexRenderer.Render(new SiteMap(lessons, SiteForm.Shared, ["index.html"]));
        Assert.Contains("With only an hour, read <a href=\"01-the-question.html\">01&nbsp;The question</a>, <a href=\"04-pooling.html\">04&nbsp;Pool</a> and <a href=\"05-heterogeneity.html\">05&nbsp;Differ</a>: their text and charts, without code and exercises, take about 60 minutes.", index);
    }

    [Fact]
    public void The_first_page_has_a_live_chart_data_licence_and_a_citation()
    {
        var index = IndexRenderer.Render(Site());
        Assert.Contains("data-empathy-chart=", index);
        Assert.Contains("src=\"data:image/svg+xml,", index);
        Assert.Contains("MIT licence", index);
        Assert.Contains("@software{empathynotebooks,\n  author  = {{EmpathyNotebooks contributors}},", index);
    }

    /// <summary>The citation of the site is that of the repository.</summary>
    [Fact]
    public void The_citation_agrees_with_the_citation_file()
    {
        var file = File.ReadAllText(EmpathyNotebooks.Tests.Repository.PathTo("CITATION.cff"));
        Assert.Contains($"version = {{{Regex.Match(file, "(?m)^version: (.+)$").Groups[1].Value}}}", IndexAbout.BibTeX);
        Assert.Contains($"title   = {{{{{Regex.Match(file, "(?m)^title: \"(.+)\"$").Groups[1].Value}}}}}", IndexAbout.BibTeX);
        Assert.Contains(Regex.Match(file, "(?m)- name: (.+)$").Groups[1].Value, IndexAbout.BibTeX);
    }
}
