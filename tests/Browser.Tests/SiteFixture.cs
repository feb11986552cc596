using System.Collections.Concurrent;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Running;
using EmpathyNotebooks.Host.Site;
using EmpathyNotebooks.Host.Teaching;
using EmpathyNotebooks.Tests;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(EmpathyNotebooks.Browser.Tests.SiteFixture))]

namespace EmpathyNotebooks.Browser.Tests;

/// <summary>The site of all notebooks, and of one whose data try to run a script, built once into a temporary folder when the first test opens a page of it.</summary>
public sealed class SiteFixture : IAsyncDisposable
{
    public const string Attack = "<img src=x onerror=alert(1)>";

    private readonly string _folder = Directory.CreateTempSubdirectory("empathy-site-").FullName;
    private readonly ConcurrentDictionary<(string Name, int Width, ColorScheme Scheme), Lazy<Task<SiteLook>>> _looks = new();
    private readonly Lazy<Task> _site;

    public SiteFixture() => _site = new(BuildAsync);

    /// <summary>The pages by file name, without folder and ending; for the names of test cases.</summary>
    public static IEnumerable<string> PageNames => Directory.EnumerateFiles(Repository.PathTo("notebooks"), "*.ipynb")
        .Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal).Append("99-attack").Append("glossary").Prepend("index");

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>What is seen of a page of the site. It is opened once for all that is asked of it, and closed at once: pages with charts are large.</summary>
    internal Task<SiteLook> LookAsync(string name, int width, ColorScheme scheme) => _looks.GetOrAdd((name, width, scheme), key => new(async () =>
    {
        await using var page = await OpenAsync(key.Name, key.Width, key.Scheme);
        return await SiteLook.AtAsync(page, key.Width);
    })).Value;

    /// <summary>The address of the site's folder.</summary>
    public string Address => new Uri(_folder + Path.DirectorySeparatorChar).AbsoluteUri;

    /// <summary>The site's folder, with the site in it.</summary>
    internal async Task<string> FolderAsync()
    {
        await _site.Value;
        return _folder;
    }

    /// <summary>How many bytes each page has.</summary>
    internal async Task<IReadOnlyDictionary<string, long>> SizesAsync() =>
        new DirectoryInfo(await FolderAsync()).EnumerateFiles("*.html").ToDictionary(file => file.Name, file => file.Length, StringComparer.Ordinal);

    /// <summary>Opens a page of the site.</summary>
    public async Task<OpenPage> OpenAsync(string name, int width, ColorScheme scheme = ColorScheme.Light)
    {
        await _site.Value;
        return await SharedBrowser.OpenAsync(Path.Combine(_folder, name + ".html"), width, scheme);
    }

    private async Task BuildAsync()
    {
        var pages = new List<SitePage>();
        foreach (var file in Directory.EnumerateFiles(Repository.PathTo("notebooks"), "*.ipynb").Order(StringComparer.Ordinal))
        {
            pages.Add(await Execute(NotebookDocument.Load(file), Path.GetFileName(file)));
        }
        pages.Add(await Execute(AttackNotebook(), "99-attack.ipynb"));
        var guides = Directory.EnumerateFiles(Repository.PathTo("notebooks", "teaching"), "*.md").Select(file => new TeachingGuide(Path.GetFileName(file), File.ReadAllText(file)));
        SiteBuilder.Build(pages, _folder, new SiteOptions { Glossary = await File.ReadAllTextAsync(Repository.PathTo("notebooks", "glossary.md")), Guides = [.. guides], HasApi = true });
    }

    private static async Task<SitePage> Execute(NotebookDocument document, string fileName)
    {
        var run = await new NotebookRunner().RunAsync(document, Repository.PathTo("notebooks"));
        Assert.Empty(run.Failures);
        return new SitePage(fileName, run.Document);
    }

    private static NotebookDocument AttackNotebook() => NotebookDocument.Create(
    [
        (NotebookCellType.Markdown, "# 99 Labels are text\n\nLabels of these **simulated** studies try to run a script."),
        (NotebookCellType.Code, """
            #r "../artifacts/lib/EmpathyNotebooks.Interactive.dll"
            using EmpathyNotebooks; using EmpathyNotebooks.Data; using EmpathyNotebooks.MetaAnalysis; using EmpathyNotebooks.Plotting;
            Notebook.Start()
            """),
        (NotebookCellType.Code, $$"""
            var table = StudyTable.Parse("study,r,n,year,rater\n{{Attack}},0.3,50,2001,{{Attack}}\nB,0.1,80,2003,b\nC,0.5,30,2002,b\nD,0.2,60,1999,b\n");
            table
            """),
        (NotebookCellType.Code, "table.Frame"),
        (NotebookCellType.Code, "var effects = table.Correlations(r: \"r\", n: \"n\", label: \"study\");\neffects"),
        (NotebookCellType.Code, "var fit = RandomEffects.Fit(effects);\nfit.LeaveOneOut()"),
        (NotebookCellType.Code, "ForestPlot.Create(fit)"),
        (NotebookCellType.Code, "ForestPlot.Create(fit, new() { Subgroup = \"rater\", LeftColumns = [\"rater\"] })"),
        (NotebookCellType.Code, $"Console.WriteLine(\"{Attack}\");\n\"{Attack}\""),
    ], "99-attack");
}
