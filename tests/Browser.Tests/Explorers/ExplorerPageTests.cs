using System.Text.RegularExpressions;
using EmpathyNotebooks.Data;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Running;
using EmpathyNotebooks.Host.Site;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting;
using EmpathyNotebooks.Tests;
using Microsoft.Playwright;

namespace EmpathyNotebooks.Browser.Tests.Explorers;

/// <summary>Explorers in every place they may be shown, and how they look there.</summary>
public sealed class ExplorerPageTests(ExplorerFixture explorers)
{
    private const string Attack = SiteFixture.Attack;

    private static readonly (int Width, ColorScheme Scheme) Wide = (1280, ColorScheme.Light), Narrow = (390, ColorScheme.Dark);

    public static TheoryData<string> Names => new(ExplorerFixture.Names);

    /// <summary>
    /// Draws each as a reader meets it and after some use, each time wide and narrow and in both looks, on one page whose window and look change. Every other one
    /// is opened narrow and dark, so that each kind is met first in either way. Takes pictures for artifacts/gallery.
    /// </summary>
    [Theory]
    [Trait(Gallery.Makes, Gallery.Pictures)]
    [MemberData(nameof(Names))]
    public async Task Each_fits_its_page_and_can_be_read(string name)
    {
        Chromium.Require();
        var explorer = ExplorerFixture.Create(name);
        var (first, second) = ExplorerFixture.Names.Index().First(one => one.Item == name).Index % 2 == 0 ? (Wide, Narrow) : (Narrow, Wide);
        await using var page = await explorers.OpenAsync(explorer.ToPage(), first.Width, first.Scheme);
        Assert.Empty(page.Requests);
        Assert.Equal(explorer.Finding, await page.Page.Locator("[data-empathy-explorer]").GetAttributeAsync("aria-label"));
        Assert.Equal(0, await page.Page.Locator("svg[role=img]:not([aria-label])").CountAsync());
        var look = page.Page.Locator(".empathy-explorer");
        await CheckAsync(first, "");
        await TurnAsync(second);
        await CheckAsync(second, "");
        await Use(page, explorer);
        await CheckAsync(second, " used");
        await TurnAsync(first);
        await CheckAsync(first, " used");
        Assert.Empty(page.Requests);

        async Task TurnAsync((int Width, ColorScheme Scheme) form)
        {
            await page.Page.SetViewportSizeAsync(form.Width, SharedBrowser.Height);
            await ShowAsync(form.Scheme);
            // It is told of its new width before the next frame is painted.
            await page.Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        }

        async Task ShowAsync(ColorScheme scheme)
        {
            await page.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await Assertions.Expect(look).ToHaveAttributeAsync("data-look", scheme == ColorScheme.Dark ? "dark" : "light");
        }

        // What has room depends on the width, and not on the look.
        async Task CheckAsync((int Width, ColorScheme Scheme) form, string state)
        {
            Assert.Equal(form.Scheme == ColorScheme.Dark ? "dark" : "light", await look.GetAttributeAsync("data-look"));
            Assert.True(await page.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth"), "the page is wider than the window");
            Assert.Empty(await Cut(page));
            Assert.Empty(await Accessibility.PaleAsync(page, ".empathy-explorer"));
            if (form == Narrow && state.Length == 0) Assert.Equal("", await Accessibility.ViolationsAsync(page, ".empathy-explorer"));
            await Gallery.TakeAsync(page.Page, Gallery.PathTo($"explorer {name}{state}", form.Width, form.Scheme));
            await ShowAsync(form.Scheme == ColorScheme.Dark ? ColorScheme.Light : ColorScheme.Dark);
            Assert.Empty(await Accessibility.PaleAsync(page, ".empathy-explorer"));
            await ShowAsync(form.Scheme);
            Assert.Empty(page.Complaints);
        }
    }

    private static async Task Use(OpenPage page, IExplorer explorer)
    {
        switch (explorer)
        {
            case MetaAnalysisExplorer:
                await page.Page.Locator("[role=option]").Nth(1).ClickAsync();
                await page.Page.Locator(".tau input").FocusAsync();
                await page.Page.Keyboard.PressAsync("PageUp");
                await page.Page.Locator("[role=option]").Nth(3).HoverAsync();
                break;
            case CorrelationExplorer:
                await page.Page.Locator("input[type=number]").FillAsync("-0.75");
                break;
            case BayesExplorer:
                await page.Page.GetByLabel("half-Cauchy prior of heterogeneity").CheckAsync();
                await page.Page.GetByRole(AriaRole.Slider).Nth(2).PressAsync("PageDown");
                break;
            case BiasExplorer:
                await page.Page.GetByRole(AriaRole.Slider).Nth(1).PressAsync("PageUp");
                await page.Page.GetByRole(AriaRole.Button, new() { Name = "Run 200 literatures" }).ClickAsync();
                await Assertions.Expect(page.Page.Locator(".bias .note").Filter(new() { HasText = "200 literatures: as published" })).ToBeVisibleAsync();
                break;
            case SelectionWeightsExplorer:
                await page.Page.GetByLabel("severe, one-sided selection").CheckAsync();
                await page.Page.GetByRole(AriaRole.Slider).Nth(4).PressAsync("PageDown");
                break;
            case MultiverseExplorer:
                await page.Page.GetByRole(AriaRole.Checkbox).Nth(1).UncheckAsync();
                await page.Page.GetByRole(AriaRole.Slider).First.PressAsync("PageUp");
                break;
            case DependenceExplorer:
                await page.Page.GetByRole(AriaRole.Slider).Nth(0).PressAsync("End");
                await page.Page.GetByRole(AriaRole.Slider).Nth(2).PressAsync("End");
                break;
            case GuessCorrelationExplorer:
                foreach (var guess in new[] { "0.3", "-0.5", "0.1" })
                {
                    await page.Page.Locator("input[type=number]").FillAsync(guess);
                    await page.Page.GetByRole(AriaRole.Button, new() { Name = "Check my guess" }).ClickAsync();
                    if (guess != "0.1") await page.Page.GetByRole(AriaRole.Button, new() { Name = "Next round" }).ClickAsync();
                }
                break;
            case SamplingExplorer:
                await page.Page.GetByRole(AriaRole.Button, new() { Name = "New review, study by study" }).ClickAsync();
                await page.Page.GetByRole(AriaRole.Button, new() { Name = "Draw one more study" }).ClickAsync();
                await page.Page.GetByRole(AriaRole.Slider).Nth(1).PressAsync("End");
                break;
            case HeterogeneityExplorer:
                await page.Page.GetByRole(AriaRole.Button, new() { Name = "Review A" }).ClickAsync();
                await page.Page.GetByRole(AriaRole.Button, new() { Name = "1,000 more reviews" }).ClickAsync();
                break;
            case ModeratorExplorer:
                await page.Page.GetByRole(AriaRole.Slider).Nth(0).PressAsync("Home");
                await page.Page.GetByRole(AriaRole.Slider).Nth(1).PressAsync("End");
                break;
            case FunnelLineup:
                await page.Page.Locator(".panel").Nth(3).ClickAsync();
                await page.Page.Locator(".reveal").ClickAsync();
                break;
        }
    }

    [Fact]
    public async Task Several_on_a_page_even_the_same_twice_work_apart()
    {
        Chromium.Require();
        var explorer = ExplorerFixture.Create("meta-5");
        await using var page = await explorers.OpenAsync(ExplorerHtml.Page("Two", explorer, explorer, ExplorerFixture.Create("correlation")));
        var ids = await page.Page.Locator("[data-empathy-explorer]").EvaluateAllAsync<string[]>("all => all.map(e => e.id)");
        Assert.Equal(3, ids.Distinct().Count());
        Assert.Equal(ids[0] + "-2", ids[1]);
        await page.Page.Locator("[role=option]").First.ClickAsync();
        await page.Page.Locator(".choice label").Filter(new() { HasText = "PM" }).Last.ClickAsync();
        var leftOut = await page.Page.Locator(".meta-analysis").EvaluateAllAsync<int[]>("all => all.map(e => e.querySelectorAll('.row[aria-selected=false]').length)");
        Assert.Equal("1 0", string.Join(' ', leftOut));
        var names = await page.Page.Locator(".under").AllInnerTextsAsync();
        Assert.StartsWith("Random effects, REML", names[0], StringComparison.Ordinal);
        Assert.StartsWith("Random effects, PM", names[1], StringComparison.Ordinal);
        Assert.Empty(page.Complaints);
    }

    /// <summary>JupyterLab sets an output's HTML, puts fresh scripts in place of those in it, and only then attaches it; a new run does so again.</summary>
    [Fact]
    public async Task It_works_when_its_html_is_injected_and_injected_again()
    {
        Chromium.Require();
        await using var page = await explorers.OpenAsync("<!DOCTYPE html><body><div id=output></div></body>");
        for (var run = 0; run < 3; run++)
        {
            await page.Page.EvaluateAsync("""
                html => {
                  const output = document.createElement('div');
                  output.innerHTML = html;
                  for (const script of [...output.querySelectorAll('script')]) {
                    const fresh = document.createElement('script');
                    fresh.textContent = script.textContent;
                    script.replaceWith(fresh);
                  }
                  document.getElementById('output').replaceChildren(output);
                }
                """, ExplorerFixture.Create("meta-5").ToHtml());
            await Works(page);
        }
    }

    /// <summary>VS Code attaches the output first, and runs each script by adding and taking away a copy at its end.</summary>
    [Fact]
    public async Task It_works_when_its_scripts_are_run_after_the_html_stands()
    {
        Chromium.Require();
        await using var page = await explorers.OpenAsync("<!DOCTYPE html><body class=vscode-dark data-vscode-theme-kind=vscode-dark style='background:#1e1e1e'><div id=output></div></body>");
        await page.Page.EvaluateAsync("""
            html => {
              const output = document.getElementById('output');
              output.innerHTML = html;
              for (const script of [...output.getElementsByTagName('script')]) {
                const copy = document.createElement('script');
                copy.text = script.textContent;
                output.appendChild(copy).parentNode.removeChild(copy);
              }
            }
            """, ExplorerFixture.Create("meta-5").ToHtml());
        await Works(page);
        Assert.Equal("dark", await page.Page.Locator(".empathy-explorer").GetAttributeAsync("data-look"));
        await page.Page.EvaluateAsync("() => { document.body.style.background = '#fff'; document.body.dataset.vscodeThemeKind = 'vscode-light'; }");
        await Assertions.Expect(page.Page.Locator(".empathy-explorer")).ToHaveAttributeAsync("data-look", "light");
    }

    [Fact]
    public async Task It_works_when_its_data_come_before_its_script_and_in_a_shadow_tree()
    {
        Chromium.Require();
        var scripts = ExplorerFixture.Create("meta-5").ToHtml().Split("<script>");
        var library = "<script>" + scripts[1];
        var rest = scripts[0] + "<script>" + scripts[2];
        await using var late = await explorers.OpenAsync($"<!DOCTYPE html><body>{rest}{library}</body>");
        await Works(late);

        await using var shadow = await explorers.OpenAsync("<!DOCTYPE html><body><div id=host></div></body>");
        await shadow.Page.EvaluateAsync("""
            html => {
              const root = document.getElementById('host').attachShadow({ mode: 'open' });
              const output = root.appendChild(document.createElement('div'));
              output.innerHTML = html;
              for (const script of [...output.querySelectorAll('script')]) new Function('document', 'window', script.textContent)(
                new Proxy(document, { get: (d, name) => name === 'currentScript' ? { parentNode: output } : typeof d[name] === 'function' ? d[name].bind(d) : d[name] }), window);
            }
            """, ExplorerFixture.Create("meta-5").ToHtml());
        await Works(shadow);
        Assert.NotEqual("static", await shadow.Page.Locator(".scroller").EvaluateAsync<string>("e => getComputedStyle(e).position"));
    }

    [Fact]
    [Trait(Gallery.Makes, Gallery.Pictures)]
    public async Task It_works_on_the_site_whose_policy_knows_each_script()
    {
        Chromium.Require();
        var run = await new NotebookRunner().RunAsync(NotebookDocument.Create(
        [
            (NotebookCellType.Markdown, "# 98 Explorers\n\nTo try out."),
            (NotebookCellType.Code, """
                #r "../artifacts/lib/EmpathyNotebooks.Interactive.dll"
                using EmpathyNotebooks; using EmpathyNotebooks.Data; using EmpathyNotebooks.MetaAnalysis; using EmpathyNotebooks.Plotting;
                Notebook.Start()
                """),
            (NotebookCellType.Code, "var effects = Datasets.Molloy2014().Correlations().Select([0, 1, 2, 3, 4]);\nMetaAnalysisExplorer.Create(effects)"),
            (NotebookCellType.Code, "CorrelationExplorer.Create(0.28)"),
            (NotebookCellType.Code, "FunnelLineup.Create(RandomEffects.Fit(effects), seed: 3)"),
        ], "98-explorers"), Repository.PathTo("notebooks"), interrupt: TestContext.Current.CancellationToken);
        Assert.Empty(run.Failures);
        var folder = Directory.CreateTempSubdirectory("empathy-explorer-site-").FullName;
        try
        {
            SiteBuilder.Build([new SitePage("98-explorers.ipynb", run.Document)], folder, new() { Form = SiteForm.SingleFile });
            var html = await File.ReadAllTextAsync(Path.Combine(folder, "98-explorers.html"), TestContext.Current.CancellationToken);
            // One script for each of the three kinds.
            Assert.Equal(3, html.Split("const statistics = ").Length - 1);
            foreach (var width in new[] { 1280, 390 })
            {
                await using var page = await explorers.OpenAsync(html, width);
                Assert.Equal(3, await page.Page.Locator("[data-empathy-explorer]").CountAsync());
                await Works(page);
                Assert.True(await page.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth"), "the page is wider than the window");
                await page.Page.Locator(".theme").First.ClickAsync();
                await Assertions.Expect(page.Page.Locator(".empathy-explorer").First).ToHaveAttributeAsync("data-look", "dark");
                Assert.Empty(await Accessibility.PaleAsync(page, ".empathy-explorer"));
                await Gallery.TakeAsync(page.Page, Gallery.PathTo("explorers on the site", width, ColorScheme.Light));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A page that loads the libraries of several kinds after its explorers, in any order: each is drawn by its own.</summary>
    [Fact]
    public async Task Explorers_wait_for_the_library_of_their_kind()
    {
        Chromium.Require();
        var html = ExplorerHtml.Page("Late", CorrelationExplorer.Create(0.28), MetaAnalysisExplorer.Create(Datasets.Molloy2014().Correlations()), CorrelationExplorer.Create(0.1));
        var libraries = Regex.Matches(html, "<script>\\(\\(\\) => \\{.*?</script>", RegexOptions.Singleline).Select(match => match.Value).Distinct().ToList();
        Assert.Equal(2, libraries.Count);
        html = libraries.Aggregate(html, (page, library) => page.Replace(library, "", StringComparison.Ordinal));
        html = html.Replace("</body>", string.Concat(Enumerable.Reverse(libraries)) + "</body>", StringComparison.Ordinal);
        await using var page = await explorers.OpenAsync(html);
        Assert.Equal(3, await page.Page.Locator("[data-empathy-explorer][data-drawn=true]:has(svg)").CountAsync());
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task A_label_that_is_a_script_is_shown_and_does_not_run()
    {
        Chromium.Require();
        var effects = StudyEffects.Create([Correlations.FisherZ(0.3, 50), Correlations.FisherZ(0.1, 80), Correlations.FisherZ(0.5, 30)], [Attack, "B", "C"], [50, 80, 30],
            [StudyColumn.OfTexts(Attack, [Attack, null, "x"])], new DataOrigin(DataKind.Simulated, Attack));
        await using var page = await explorers.OpenAsync(ExplorerHtml.Page(Attack, MetaAnalysisExplorer.Create(effects, new() { Title = Attack }),
            CorrelationExplorer.Create(0.2, [CorrelationMark.Of(Attack, 0.1, Attack)], new() { XName = Attack }), FunnelLineup.Create(RandomEffects.Fit(effects), 1, new() { Title = Attack })));
        await page.Page.Locator("[role=option]").First.HoverAsync();
        Assert.StartsWith(Attack, await page.Page.Locator(".about").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await page.Page.Locator("img").CountAsync());
        Assert.Empty(page.Complaints);
    }

    private static async Task Works(OpenPage page)
    {
        await page.DrawnAsync();
        await page.Page.Locator("[role=option]").First.ClickAsync();
        await Assertions.Expect(page.Page.Locator(".under").First).ToContainTextAsync("4 of 5 studies, 1 left out");
        Assert.Empty(page.Complaints);
        Assert.Empty(page.Requests);
    }

    /// <summary>Every text of a drawing that leaves its drawing, and every label of a switch or column head that does not fit.</summary>
    private static Task<string[]> Cut(OpenPage page) => page.Page.EvaluateAsync<string[]>("""
        () => {
          const drawn = [...document.querySelectorAll('.empathy-explorer svg text')].filter(text => text.textContent.trim()).filter(text => {
            const box = text.getBoundingClientRect(), frame = text.ownerSVGElement.getBoundingClientRect();
            return box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1;
          });
          const written = [...document.querySelectorAll('.headline, .under, .about, .choice span, button, .effect, .weight, .comparison td, .comparison th, .card p, .note, dd, dt')]
            .filter(element => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0);
          return [...drawn, ...written].map(element => `${element.className.baseVal ?? element.className}: ${element.textContent}`);
        }
        """);
}
