using System.Security.Cryptography;
using System.Text;
using EmpathyNotebooks.Data;
using EmpathyNotebooks.Host.Site;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting;
using EmpathyNotebooks.Plotting.Files;
using static EmpathyNotebooks.Host.Tests.Site.SampleNotebook;

namespace EmpathyNotebooks.Host.Tests.Site;

/// <summary>The files that pages share, and those that are one file alone.</summary>
public sealed class SiteFilesTests : IDisposable
{
    private static readonly string Chart = ForestPlot.Create(RandomEffects.Fit(Datasets.Molloy2014().Correlations())).ToFigure().ToHtml();
    private static readonly string Explorer = MetaAnalysisExplorer.Create(Datasets.Molloy2014().Correlations()).ToHtml();

    private static readonly SitePage[] Charts =
    [
        // As an executed copy holds it: the kernel brings the library with the first chart.
        new("01-a.ipynb", Notebook(Markdown("# A"), Code("a", Html(PlotlyHtml.Library() + Chart)), Code("b", Html(Explorer)))),
        new("02-b.ipynb", Notebook(Markdown("# B"), Code("a", Html(Chart)), Code("b", Html(Explorer)), Code("c", Html(Explorer)))) { Program = "var a = 1;\r\n" },
        new("03-c.ipynb", Notebook(Markdown("# C\n\nOnly text."))),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("site-files-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Dictionary<string, string> Files(SiteForm form) => SiteBuilder.Render(Charts, new() { Form = form }).ToDictionary(file => file.Path, file => file.Text);

    private static IEnumerable<string> Sources(string html) => HtmlTags.Read(html).Where(tag => tag.Name == "script").Select(tag => tag.Attributes.GetValueOrDefault("src")).OfType<string>().Where(src => !src.StartsWith("assets/search-", StringComparison.Ordinal));

    [Fact]
    public void What_draws_charts_and_explorers_is_written_once_and_loaded_by_the_pages_that_need_it()
    {
        var files = Files(SiteForm.Shared);
        var charts = $"assets/{ChartLibrary.FileName}";
        Assert.Equal(ChartLibrary.Script, files[charts]);
        var explorer = Assert.Single(files.Keys, path => path.StartsWith("assets/explorer-meta-analysis-"));
        Assert.Equal([charts, explorer], Sources(files["01-a.html"]).Skip(1));
        Assert.Equal([charts, explorer], Sources(files["02-b.html"]).Skip(1));
        Assert.Equal([charts], Sources(files["index.html"]).Skip(1));
        Assert.Empty(Sources(files["03-c.html"]).Skip(1));
        Assert.All(files.Where(file => file.Key.EndsWith(".html")), page => Assert.DoesNotContain("<script>if(!window.Plotly)", page.Value));
        Assert.All(new[] { "01-a.html", "02-b.html" }, name => Assert.True(files[name].Length < 200_000, $"{name} has {files[name].Length} characters"));
    }

    [Fact]
    public void The_name_of_an_asset_has_the_hash_of_its_text()
    {
        foreach (var (path, text) in Files(SiteForm.Shared).Where(file => file.Key.StartsWith("assets/")))
        {
            Assert.Contains($"-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12]}.", path);
            Assert.True(SiteAsset.IsOne(Path.GetFileName(path)), path);
        }
    }

    [Fact]
    public void A_single_file_has_everything_in_it()
    {
        var files = Files(SiteForm.SingleFile);
        Assert.Equal(["index.html", "01-a.html", "02-b.html", "03-c.html"], files.Keys);
        Assert.All(files.Values, page => Assert.Empty(Sources(page)));
        Assert.All(files.Values, page => Assert.DoesNotContain("<link rel=\"stylesheet\"", page));
        foreach (var (name, times) in new[] { ("index.html", 1), ("01-a.html", 1), ("02-b.html", 1), ("03-c.html", 0) })
            Assert.Equal(times, files[name].Split("<script>if(!window.Plotly)").Length - 1);
    }

    [Fact]
    public void Assets_of_another_build_go_and_what_others_put_there_stays()
    {
        SiteBuilder.Build(Charts, _folder);
        var assets = Path.Combine(_folder, "assets");
        var first = Directory.GetFiles(assets).Order().ToArray();
        var former = Path.Combine(assets, "site-0123456789ab.css");
        var others = new[] { "notes.txt", "mine.js", "site-old.css" }.Select(name => Path.Combine(assets, name)).ToArray();
        foreach (var file in others.Append(former)) File.WriteAllText(file, "x");
        SiteBuilder.Build(Charts, _folder);
        Assert.Equal(first.Concat(others).Order(), Directory.GetFiles(assets).Order());

        SiteBuilder.Build(Charts, _folder, new() { Form = SiteForm.SingleFile });
        Assert.Equal(others.Order(), Directory.GetFiles(assets).Order());
        foreach (var file in others) File.Delete(file);
        SiteBuilder.Build(Charts, _folder, new() { Form = SiteForm.SingleFile });
        Assert.False(Directory.Exists(assets));
    }

    [Fact]
    public void A_page_that_is_there_already_keeps_its_time_and_any_other_is_written()
    {
        var pages = SiteBuilder.Build(Charts, _folder).ToArray();
        var contents = pages.ToDictionary(path => path, File.ReadAllBytes);
        var (changed, longer, gone) = (pages[1], pages[2], pages[3]);
        // One byte is another; one is more; one page is missing.
        File.WriteAllBytes(changed, [.. contents[changed][..^1], (byte)'x']);
        File.AppendAllText(longer, "x");
        File.Delete(gone);
        var then = new DateTime(2020, 2, 2, 2, 2, 2, DateTimeKind.Utc);
        foreach (var path in pages.Where(File.Exists)) File.SetLastWriteTimeUtc(path, then);

        Assert.Equal(pages, SiteBuilder.Build(Charts, _folder));

        Assert.All(pages, path => Assert.Equal(contents[path], File.ReadAllBytes(path)));
        Assert.Equal([changed, longer, gone], pages.Where(path => File.GetLastWriteTimeUtc(path) != then));
    }

    [Fact]
    public void What_cannot_be_written_whole_is_not_written_at_all()
    {
        var site = Path.Combine(_folder, "site");
        Directory.CreateDirectory(site);
        File.WriteAllText(Path.Combine(site, "index.html"), "before");
        // A file where a folder has to be.
        File.WriteAllText(Path.Combine(site, "assets"), "in the way");
        var fault = Assert.Throws<FileWriteException>(() => SiteBuilder.Build(Charts, site));
        Assert.StartsWith(Path.Combine(site, "assets"), fault.Path);
        Assert.Equal(["assets", "index.html"], Directory.GetFileSystemEntries(site).Select(path => Path.GetFileName(path)!).Order());
        Assert.Equal("before", File.ReadAllText(Path.Combine(site, "index.html")));
    }

    [Fact]
    public void Notebooks_programs_and_data_can_be_downloaded()
    {
        var files = Files(SiteForm.Shared);
        Assert.Equal("var a = 1;\n", files["downloads/02-b.cs"]);
        Assert.Contains("<a download=\"02-b.cs\" href=\"downloads/02-b.cs\">", files["02-b.html"]);
        Assert.DoesNotContain("downloads/01-a.cs", files.Keys);
        Assert.DoesNotContain("dotnet run", files["01-a.html"]);
        var data = files.Keys.Where(path => path.StartsWith("downloads/data/")).ToList();
        Assert.Equal(8, data.Count);
        Assert.All(data, path => Assert.Contains($"<a download=\"{Path.GetFileName(path)}\" href=\"{path}\">", files["index.html"]));
        Assert.Equal(16, StudyTable.Parse(files["downloads/data/molloy2014.csv"]).Count);

        var mailed = HtmlTags.Read(Files(SiteForm.SingleFile)["02-b.html"]).Where(tag => tag.Attributes.ContainsKey("download")).ToList();
        Assert.Equal(["02-b.ipynb", "02-b.cs"], mailed.Select(tag => tag.Attributes["download"]));
        Assert.Equal("var a = 1;\n", Encoding.UTF8.GetString(Convert.FromBase64String(mailed[1].Attributes["href"].Split("base64,")[1])));
    }

    [Fact]
    public void A_page_alone_leads_to_no_other()
    {
        var html = SiteBuilder.RenderPage(Charts[1]);
        Assert.Contains("<span class=\"home\">", html);
        Assert.DoesNotContain("index.html", html);
        Assert.DoesNotContain("class=\"menu\"", html);
    }
}
