using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Site;
using static EmpathyNotebooks.Host.Tests.Site.SampleNotebook;

namespace EmpathyNotebooks.Host.Tests.Site;

public sealed class SiteBuilderTests
{
    private static readonly SitePage[] Lessons =
    [
        new("01-pooling.ipynb", Lesson("Pooling \\<correlations\\> & \"more\"")),
        new("02-next.ipynb", Lesson("Heterogeneity and $\\tau^2$")),
    ];

    private static readonly IReadOnlyDictionary<string, string> Files = SiteBuilder.Render(Lessons).ToDictionary(file => file.Path, file => file.Text);

    private static readonly IReadOnlyDictionary<string, string> Mailed = SiteBuilder.Render(Lessons, new() { Form = SiteForm.SingleFile }).ToDictionary(file => file.Path, file => file.Text);

    private static string One(params (NotebookCellType, string, NotebookOutput[])[] cells) =>
        SiteBuilder.Render([new SitePage("07-one.ipynb", Notebook([Markdown("# One"), .. cells]))])[1].Text;

    private static SiteException Fault(params (NotebookCellType, string, NotebookOutput[])[] cells) =>
        Assert.Throws<SiteException>(() => One(cells));

    [Fact]
    public void There_is_an_index_and_a_page_for_each_notebook() =>
        Assert.Equal(["index.html", "01-pooling.html", "02-next.html"], Mailed.Keys);

    [Theory]
    [InlineData("$$x^2$$")]
    [InlineData("$x^2$")]
    [InlineData("\\[x^2\\]")]
    [InlineData("x^2")]
    public void A_value_that_is_a_formula_is_set_as_one(string latex) =>
        Assert.Contains("<math", One(Code("LaTeX(\"x^2\")", Shown("text/latex", latex))));

    [Fact]
    public void A_value_that_is_Markdown_is_set_and_a_formula_that_cannot_be_stands_as_written()
    {
        Assert.Contains("<strong>bold</strong>", One(Code("Markdown(\"**bold**\")", Shown("text/markdown", "**bold**"))));
        Assert.Contains("<pre>\\frac{</pre>", One(Code("LaTeX(@\"\\frac{\")", Shown("text/latex", "\\frac{"))));
    }

    private static DisplayOutput Shown(string mediaType, string text) => new(new Dictionary<string, string> { [mediaType] = text, ["text/plain"] = text }, 1);

    [Fact]
    public void Building_twice_gives_the_same_bytes()
    {
        var folder = Directory.CreateTempSubdirectory("site-").FullName;
        try
        {
            var first = SiteBuilder.Build(Lessons, Path.Combine(folder, "a", "b"));
            var second = SiteBuilder.Build(Lessons, Path.Combine(folder, "c"));

            Assert.Equal(Files.Count, first.Count);
            Assert.Equal("index.html", Path.GetFileName(first[0]));
            foreach (var (a, b) in first.Zip(second))
            {
                var bytes = File.ReadAllBytes(a);
                Assert.Equal(bytes, File.ReadAllBytes(b));
                if (a.EndsWith(".html", StringComparison.Ordinal)) Assert.Equal("<!DOCTYPE"u8.ToArray(), bytes[..9]);
                Assert.DoesNotContain((byte)'\r', bytes);
                Assert.DoesNotContain(folder, File.ReadAllText(a));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_fault_leaves_nothing_half_written()
    {
        var folder = Path.Combine(Path.GetTempPath(), "site-" + Guid.NewGuid().ToString("N"));
        Assert.Throws<SiteException>(() =>
            SiteBuilder.Build([.. Lessons, new SitePage("03-x.ipynb", Notebook(Markdown("# A\n\n$\\frac{1}$")))], folder));
        Assert.False(Directory.Exists(folder));
    }

    public static TheoryData<string, SiteForm> EveryPage() => new(from form in Enum.GetValues<SiteForm>() from page in new[] { "index.html", "01-pooling.html", "02-next.html" } select (page, form));

    private static IReadOnlyDictionary<string, string> Of(SiteForm form) => form == SiteForm.Shared ? Files : Mailed;

    [Theory]
    [MemberData(nameof(EveryPage))]
    public void A_page_asks_for_no_file_outside_the_site_and_links_only_to_what_exists(string name, SiteForm form)
    {
        var files = Of(form);
        var tags = HtmlTags.Read(files[name]).ToList();
        var ids = tags.Where(tag => tag.Attributes.ContainsKey("id")).Select(tag => tag.Attributes["id"]).ToList();
        Assert.Equal(ids.Distinct(), ids);

        void IsInside(string address)
        {
            if (address.StartsWith("data:")) return;
            Assert.Equal(SiteForm.Shared, form);
            Assert.Contains(address, files.Keys);
        }

        foreach (var tag in tags)
        {
            foreach (var attribute in new[] { "src", "srcset", "poster" })
                if (tag.Attributes.TryGetValue(attribute, out var source)) IsInside(source);
            if (tag.Name == "link") IsInside(tag.Attributes["href"]);
            if (tag.Name == "style") Assert.DoesNotMatch(Loading, tag.Text);
            if (tag.Name != "a") continue;
            var href = tag.Attributes["href"];
            if (href.StartsWith("https:") || href.StartsWith("data:")) continue;
            var (file, id) = (Uri.UnescapeDataString(href.Split('#')[0]), href.Contains('#') ? href.Split('#')[1] : "");
            var target = file.Length == 0 ? files[name] : files[file];
            if (id.Length > 0) Assert.Contains($"id=\"{Uri.UnescapeDataString(id)}\"", target);
        }
    }

    private const string Loading = @"@import|@font-face|url\(\s*(?>[""']?)(?!data:|%23)";

    [Fact]
    public void Shared_styles_and_scripts_load_nothing()
    {
        var assets = Files.Where(file => file.Key.StartsWith("assets/")).ToList();
        Assert.Contains(assets, asset => asset.Key.EndsWith(".css"));
        Assert.All(assets.Where(asset => asset.Key.EndsWith(".css")), asset => Assert.DoesNotMatch(Loading, asset.Value));
    }

    [Theory]
    [MemberData(nameof(EveryPage))]
    public void The_policy_allows_the_scripts_of_the_page_and_nothing_else(string name, SiteForm form)
    {
        var tags = HtmlTags.Read(Of(form)[name]).ToList();
        var policy = tags.First(tag => tag.Attributes.ContainsKey("http-equiv")).Attributes["content"];
        var scripts = tags.Where(tag => tag.Name == "script").ToList();
        var isShared = form == SiteForm.Shared;

        Assert.StartsWith(isShared ? "default-src 'none'; script-src 'self' 'sha256-" : "default-src 'none'; script-src 'sha256-", policy);
        Assert.Contains(isShared ? "; style-src 'self' 'unsafe-inline'; img-src data: blob:;" : "; style-src 'unsafe-inline'; img-src data: blob:;", policy);
        Assert.DoesNotMatch("script-src [^;]*unsafe", policy);
        Assert.DoesNotMatch("http|\\*|file:", policy);
        var hashes = scripts.Where(tag => !tag.Attributes.ContainsKey("src")).Select(tag => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(tag.Text!)))}'").Distinct();
        Assert.Equal(hashes, Regex.Matches(policy, "'sha256-[^']+'").Select(match => match.Value));
        Assert.True(tags.FindIndex(tag => tag.Attributes.ContainsKey("http-equiv")) < tags.IndexOf(scripts[0]));
    }

    [Fact]
    public void A_library_stands_in_the_page_once_and_small_scripts_keep_their_order()
    {
        var chart = "<script>draw()</script>";
        var html = One(
            Code("Notebook.Start();", Html($"<script>{Library}</script><p>first</p>")),
            Code("a", Html(chart)),
            Code("Notebook.Start();", Html($"<p>before</p><script>{Library}</script><p>after</p>")),
            Code("b", Html(chart), Html($"<script>{Library}//other</script>")));

        Assert.Equal(2, html.Split(Library).Length - 1);
        Assert.Equal(2, html.Split(chart).Length - 1);
        Assert.Contains("<p>before</p><p>after</p>", html);
        string[] order = ["<p>first</p>", chart, "<p>before</p>", chart, "//other"];
        var at = html.IndexOf($"<script>{Library}</script>", StringComparison.Ordinal);
        foreach (var piece in order)
        {
            var next = html.IndexOf(piece, at + 1, StringComparison.Ordinal);
            Assert.True(next > at, piece);
            at = next;
        }
    }

    [Fact]
    public void Two_pages_each_carry_the_library() =>
        Assert.All(["01-pooling.html", "02-next.html"], name => Assert.Equal(1, Files[name].Split(Library).Length - 1));

    [Fact]
    public void Text_of_the_data_is_shown_never_run()
    {
        const string Attack = "<img src=x onerror=alert(1)></pre></code><script>alert(1)</script>";
        var html = One(
            Code($"// {Attack}", Value(("text/plain", Attack)), Stream("stdout", Attack), Stream("stderr", Attack), Error(Attack, Attack, Attack)),
            (NotebookCellType.Raw, Attack, []),
            Markdown($"## `{Attack}`\n\n```\n{Attack}\n```\n\n```{Attack}\nx\n```"));

        Assert.DoesNotContain(HtmlTags.Read(html), tag => tag.Name == "img");
        Assert.All(HtmlTags.Read(html).Where(tag => tag.Name == "script"), tag => Assert.StartsWith("assets/", tag.Attributes["src"]));
        Assert.Contains("&lt;img src=x onerror=alert(1)&gt;", html);
    }

    [Fact]
    public void Titles_are_escaped_in_window_heading_and_index()
    {
        Assert.Contains("<title>Pooling &lt;correlations&gt; &amp; &quot;more&quot; \u00b7 EmpathyNotebooks</title>", Files["01-pooling.html"]);
        Assert.Matches("<h1 [^>]*>Pooling &lt;correlations&gt; &amp; &quot;more&quot;</h1>", Files["01-pooling.html"]);
        Assert.Contains("Pooling &lt;correlations&gt; &amp; &quot;more&quot;</a></h3>", Files["index.html"]);
        Assert.Matches("(?s)<h3><a href=\"02-next.html\">Heterogeneity and <math>.*</math></a></h3>", Files["index.html"]);
    }

    [Fact]
    public void The_index_takes_number_summary_and_goals_from_the_notebooks()
    {
        var index = Files["index.html"];
        Assert.Contains("aria-hidden=\"true\">01</span>", index);
        Assert.Contains("aria-hidden=\"true\">02</span>", index);
        Assert.Equal(2, index.Split("<p>Each sample gives one correlation").Length - 1);
        Assert.Equal(2, index.Split("compute a weight, a pooled mean and its interval").Length - 1);
        Assert.Contains("<a href=\"02-next.html#the-prediction-interval\">", index);
    }

    [Fact]
    public void A_page_leads_to_its_neighbours_and_its_headings()
    {
        Assert.Contains("<a class=\"next\" rel=\"next\" href=\"02-next.html\">", Files["01-pooling.html"]);
        Assert.DoesNotContain("<a class=\"prev\"", Files["01-pooling.html"]);
        Assert.Contains("<a class=\"prev\" rel=\"prev\" href=\"01-pooling.html\">", Files["02-next.html"]);
        Assert.Matches("(?s)<nav class=\"toc\".*<a href=\"#the-weighted-mean\">The weighted mean</a>\n<ol>\n<li><a href=\"#the-prediction-interval\">",
            Files["01-pooling.html"]);
    }

    [Fact]
    public void Links_between_notebooks_become_links_between_pages()
    {
        Assert.Contains("<a href=\"02-next.html#the-weighted-mean\">next step</a>", Files["01-pooling.html"]);
        Assert.Contains("of the data (<code>data/molloy2014.csv</code>)", Files["01-pooling.html"]);
    }

    [Theory]
    [InlineData("[x](#nowhere)")]
    [InlineData("[x](07-one.ipynb#nowhere)")]
    [InlineData("[x]()")]
    public void A_link_that_leads_nowhere_is_refused(string markdown)
    {
        var fault = Fault(Markdown("text"), Markdown(markdown));
        Assert.Equal(("07-one.ipynb", 3), (fault.Notebook, fault.Cell));
    }

    [Theory]
    [InlineData(SiteForm.Shared)]
    [InlineData(SiteForm.SingleFile)]
    public void A_page_gives_its_notebook_without_outputs(SiteForm form)
    {
        var link = HtmlTags.Read(Of(form)["01-pooling.html"]).Single(tag => tag.Attributes.GetValueOrDefault("download") == "01-pooling.ipynb");
        var address = link.Attributes["href"];
        var json = form == SiteForm.Shared ? Files[address] : Encoding.UTF8.GetString(Convert.FromBase64String(address.Split("base64,")[1]));
        var notebook = NotebookDocument.Parse(json);

        Assert.Equal(Lessons[0].Document.Cells.Select(cell => cell.Source), notebook.Cells.Select(cell => cell.Source));
        Assert.All(notebook.Cells, cell => Assert.Empty(cell.Outputs));
        Assert.NotEmpty(Lessons[0].Document.Cells[1].Outputs);
    }

    [Fact]
    public void The_setup_cell_is_folded_and_its_output_is_not()
    {
        Assert.Matches("(?s)<details class=\"setup\"><summary>[^<]*</summary>\n<pre class=\"code\">.*?</pre>\n</details>\n<div class=\"output output-html\"><script>",
            Files["01-pooling.html"]);
        Assert.Single(HtmlTags.Read(Files["01-pooling.html"]), tag => tag.Attributes.GetValueOrDefault("class") == "setup");
    }

    [Fact]
    public void Console_text_of_one_stream_is_one_text_without_terminal_colours()
    {
        Assert.Contains("<div class=\"output output-stdout\"><pre>k = 5, Q = 9.31</pre></div>", Files["01-pooling.html"]);
        Assert.Contains("<pre>warning: few samples</pre>", Files["01-pooling.html"]);
        Assert.Contains("<p class=\"name\">InvalidOperationException: no &lt;convergence&gt;</p><pre>   at Submission#5\n   line 1</pre>",
            Files["01-pooling.html"]);
    }

    [Theory]
    [InlineData("One line, as long as a citation is, which a narrow page has to wrap.", "<pre>")]
    [InlineData("first line\n   at an indented second", "<pre>")]
    [InlineData("study    r   n\nA      .30  50", "<pre class=\"columns\">")]
    [InlineData("a\tb", "<pre class=\"columns\">")]
    [InlineData("┌───┐\n│ a │", "<pre class=\"columns\">")]
    public void Lines_wrap_unless_they_stand_in_columns(string text, string opening) =>
        Assert.Contains($"<div class=\"output output-text\">{opening}{text}</pre></div>", One(Code("x", Value(("text/plain", text)))));

    [Fact]
    public void Pictures_stand_in_the_page()
    {
        var html = One(
            Code("a", Value(("image/png", "iVBO\nRw0K"), ("text/plain", "a \"funnel\""))),
            Code("b", Value(("image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"))));

        Assert.Contains("<img src=\"data:image/png;base64,iVBORw0K\" alt=\"a &quot;funnel&quot;\">", html);
        Assert.Contains("<img src=\"data:image/svg+xml;base64,PHN2", html);
        Assert.Contains("alt=\"Picture from cell 3\"", html);
    }

    [Theory]
    [InlineData("text/html", "<script src=\"https://cdn.plot.ly/plotly.js\"></script>", "https://cdn.plot.ly")]
    [InlineData("text/html", "<script>never ends", "</script>|end tag")]
    [InlineData("text/html", "<img src=x onerror=alert(1)>", "src|onerror")]
    [InlineData("image/png", "not base64!", "base64")]
    [InlineData("application/vnd.unknown+json", "{}", "application/vnd.unknown\\+json")]
    public void An_output_no_page_can_show_names_its_cell(string type, string content, string expected)
    {
        var fault = Fault(Markdown("text"), Code("x", Value((type, content))));
        Assert.StartsWith("07-one.ipynb, cell 3: ", fault.Message);
        Assert.Matches(expected, fault.Message);
    }

    [Fact]
    public void A_picture_beside_the_notebook_is_refused_and_an_attached_one_shown()
    {
        Assert.Contains("figure.png", Fault(Markdown("![A figure](figure.png)")).Message);
        Assert.Contains("no attachment \"a b.png\"", Fault(Markdown("![A figure](<attachment:a b.png>)")).Message);

        var notebook = Notebook(Markdown("# One\n\n![A figure](<attachment:a b.png>)"));
        notebook.Cells[0].Node["attachments"] = new System.Text.Json.Nodes.JsonObject
        {
            ["a b.png"] = new System.Text.Json.Nodes.JsonObject { ["image/png"] = "iVBORw0K" },
        };
        Assert.Contains("<img src=\"data:image/png;base64,iVBORw0K\" alt=\"A figure\" />", SiteBuilder.Render([new("a.ipynb", notebook)])[1].Text);
    }

    [Fact]
    public void A_notebook_without_a_title_is_refused() =>
        Assert.Contains("# Title", Assert.Throws<SiteException>(() =>
            SiteBuilder.Render([new("a.ipynb", Notebook(Markdown("## Only a section")))])).Message);

    [Theory]
    [InlineData("../a.ipynb")]
    [InlineData("a\\b.ipynb")]
    [InlineData("a.html")]
    [InlineData(".ipynb")]
    public void A_name_that_would_write_elsewhere_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => SiteBuilder.Build([.. Lessons, new(name, Lessons[0].Document)], "never-made"));

    [Theory]
    [InlineData("Index.ipynb", "Index.ipynb: its page would take the place of the site's own index.html. Give the notebook another name.")]
    [InlineData("glossary.ipynb", "glossary.ipynb: its page would take the place of the site's own glossary.html. Give the notebook another name.")]
    [InlineData("01-POOLING.ipynb", "01-POOLING.ipynb: another notebook has this name; on some disks names differ by more than large and small letters. Give one of them another name.")]
    public void A_name_that_would_write_twice_is_refused_before_a_cell_runs(string name, string fault)
    {
        SitePage[] pages = [.. Lessons, new(name, Lessons[0].Document)];
        var options = new SiteOptions { Glossary = "### word\n\nIts meaning." };
        Assert.Equal(fault, Assert.Throws<SiteException>(() => SiteBuilder.Check(pages, options)).Message);
        Assert.Equal(fault, Assert.Throws<SiteException>(() => SiteBuilder.Build(pages, "never-made", options)).Message);
        Assert.False(Directory.Exists("never-made"));
    }

    [Fact]
    public void What_is_checked_is_what_is_built()
    {
        SitePage[] pages = [.. Lessons.Select(page => page with { Program = "1" })];
        var options = new SiteOptions { Glossary = "### word\n\nIts meaning.", HasApi = true };
        Assert.Equal(SiteBuilder.Render(pages, options).Select(file => file.Path).Where(path => !path.StartsWith("assets/", StringComparison.Ordinal)), SiteBuilder.Check(Lessons, options));
        Assert.Contains(Lessons.SelectMany(page => page.Document.Cells), cell => cell.Outputs.Count > 0);
    }

    [Fact]
    public void A_site_without_a_page_is_refused() => Assert.Throws<ArgumentException>(() => SiteBuilder.Build([], "never-made"));
}
