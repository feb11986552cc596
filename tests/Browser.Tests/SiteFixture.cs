using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Running;
using EmpathyNotebooks.Host.Site;
using EmpathyNotebooks.Tests;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(EmpathyNotebooks.Browser.Tests.SiteFixture))]

namespace EmpathyNotebooks.Browser.Tests;

/// <summary>The site of all notebooks, and of one whose data try to run a script, built once into a temporary folder; and a browser.</summary>
public sealed class SiteFixture : IAsyncLifetime
{
    public const string Attack = "<img src=x onerror=alert(1)>";

    private readonly string _folder = Directory.CreateTempSubdirectory("empathy-site-").FullName;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>The pages by file name, without folder and ending; for the names of test cases.</summary>
    public static IEnumerable<string> PageNames => Directory.EnumerateFiles(Repository.PathTo("notebooks"), "*.ipynb")
        .Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal).Append("99-attack").Prepend("index");

    public async ValueTask InitializeAsync()
    {
        if (Chromium.Path is null) return;
        var pages = new List<SitePage>();
        foreach (var file in Directory.EnumerateFiles(Repository.PathTo("notebooks"), "*.ipynb").Order(StringComparer.Ordinal))
        {
            pages.Add(await Execute(NotebookDocument.Load(file), Path.GetFileName(file)));
        }
        pages.Add(await Execute(AttackNotebook(), "99-attack.ipynb"));
        SiteBuilder.Build(pages, _folder);
        _playwright = await Playwright.CreateAsync();
        _browser = await Chromium.LaunchAsync(_playwright);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Opens a page and waits until every chart has drawn. What went wrong meanwhile stands in the result.</summary>
    public async Task<OpenPage> OpenAsync(string name, int width, ColorScheme scheme = ColorScheme.Light)
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            ColorScheme = scheme,
        });
        var page = new OpenPage(context, await context.NewPageAsync(), new Uri(Path.Combine(_folder, name + ".html")).AbsoluteUri);
        await page.LoadAsync();
        return page;
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

/// <summary>A page in the browser, with all that it complained of.</summary>
public sealed class OpenPage(IBrowserContext context, IPage page, string address) : IAsyncDisposable
{
    /// <summary>Console errors and warnings, uncaught exceptions, dialogs.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>Every request but that of the page itself.</summary>
    public List<string> Requests { get; } = [];

    public IPage Page => page;

    public ILocator Charts => page.Locator("[data-empathy-chart]");

    public async Task LoadAsync()
    {
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") Complaints.Add($"{message.Type}: {message.Text}");
        };
        page.PageError += (_, error) => Complaints.Add("exception: " + error);
        page.Dialog += async (_, dialog) =>
        {
            Complaints.Add("dialog: " + dialog.Message);
            await dialog.DismissAsync();
        };
        page.Request += (_, request) =>
        {
            if (request.Url != address && !request.Url.StartsWith("data:", StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal))
            {
                Requests.Add(request.Url);
            }
        };
        await page.GotoAsync(address);
        await page.WaitForFunctionAsync(
            "() => [...document.querySelectorAll('[data-empathy-chart]')].every(c => c.dataset.drawn === 'true' && c.querySelector('svg.main-svg'))");
    }

    /// <summary>The labels of a chart's studies from top to bottom, read from where they stand on the screen.</summary>
    public async Task<string[]> LabelsFromTopAsync(ILocator chart) => await chart.EvaluateAsync<string[]>("""
        chart => [...chart.querySelectorAll('g.textpoint text')]
            .map(t => ({ text: t.textContent, box: t.getBoundingClientRect() }))
            .filter(t => /^Sample \d+$/.test(t.text)).sort((a, b) => a.box.top - b.box.top).map(t => t.text)
        """);

    public ValueTask DisposeAsync() => context.DisposeAsync();
}
