using EmpathyNotebooks.Browser.Tests.Explorers;
using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting;
using EmpathyNotebooks.Tests;
using Microsoft.DotNet.Interactive.Formatting;
using Microsoft.Playwright;

namespace EmpathyNotebooks.Browser.Tests.JupyterLab;

/// <summary>What the style sheets of notebooks must not change: texts left, numbers right, labels on one line. Pictures of it go to artifacts/gallery.</summary>
public sealed class JupyterLabLookTests(ExplorerFixture explorers)
{
    /// <summary>Rules of VS Code's notebooks that are marked important, and those of every table.</summary>
    private const string VsCode = """
        <style>table, thead, tr, th, td, tbody { border: none !important; border-spacing: 0; border-collapse: collapse }
        table { width: 100% } table, th, tr { text-align: left !important } th, td { padding: 4px 8px } tr:nth-child(even) { background: rgba(130, 130, 130, .08) }</style>
        """;

    public static TheoryData<int, bool, string> Places => new(
        from width in new[] { 1280, 390 } from isDark in new[] { false, true } from host in new[] { "JupyterLab", "VS Code" } select (width, isDark, host));

    [Theory]
    [Trait(Gallery.Makes, Gallery.Pictures)]
    [MemberData(nameof(Places))]
    public async Task Tables_keep_texts_left_numbers_right_and_labels_on_one_line(int width, bool isDark, string host)
    {
        Chromium.Require();
        Notebook.Start();
        var fit = RandomEffects.Fit(ExplorerFixture.Studies(16));
        await using var page = await explorers.OpenAsync(JupyterLabPage.Html(isDark, host == "VS Code" ? VsCode : ""), width);
        await JupyterLabPage.ShowAsync(page, fit.ToDisplayString("text/html"), fit.Heterogeneity.ToDisplayString("text/html"), Datasets.Molloy2014().ToDisplayString("text/html"),
            ExplorerFixture.Create("meta-16").ToHtml(), ExplorerFixture.Create("dependence").ToHtml());
        await page.DrawnAsync();
        await Gallery.TakeAsync(page.Page, Gallery.PathTo($"outputs in {host}", width, isDark ? ColorScheme.Dark : ColorScheme.Light));
        Assert.Empty(await page.Page.EvaluateAsync<string[]>("""
            () => [...document.querySelectorAll('.en-result :is(th, td), .studies :is(th, td)')]
              .filter(cell => getComputedStyle(cell).textAlign !== (cell.matches('.en-number, .number') ? 'right' : 'left')).map(cell => cell.outerHTML)
            """));
        Assert.Empty(await page.Page.EvaluateAsync<string[]>("""
            () => [...document.querySelectorAll('.en-result tbody th, .comparison tbody th')]
              .filter(cell => cell.clientHeight > 2.2 * parseFloat(getComputedStyle(cell).lineHeight) && innerWidth > 500).map(cell => cell.outerHTML)
            """));
    }
}
