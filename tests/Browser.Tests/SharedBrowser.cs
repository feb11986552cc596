using EmpathyNotebooks.Tests;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(EmpathyNotebooks.Browser.Tests.SharedBrowser))]

namespace EmpathyNotebooks.Browser.Tests;

/// <summary>One browser for all tests.</summary>
public sealed class SharedBrowser : IAsyncLifetime
{
    private static IBrowser? _browser;
    private IPlaywright? _playwright;

    public async ValueTask InitializeAsync()
    {
        if (Chromium.Path is null) return;
        _playwright = await Playwright.CreateAsync();
        _browser = await Chromium.LaunchAsync(_playwright);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>Opens a file in a window of its own and waits until every chart and explorer has drawn. What went wrong meanwhile stands in the result.</summary>
    /// <param name="file">The page.</param>
    /// <param name="width">Of the window, in pixels.</param>
    /// <param name="scheme">Light or dark.</param>
    /// <param name="bypassPolicy">Lets a test put a script of its own into the page, which the page itself forbids.</param>
    public static async Task<OpenPage> OpenAsync(string file, int width, ColorScheme scheme = ColorScheme.Light, bool bypassPolicy = false)
    {
        var context = await NewContextAsync(width, scheme, bypassPolicy);
        var page = new OpenPage(context, await context.NewPageAsync(), new Uri(file).AbsoluteUri);
        await page.LoadAsync();
        return page;
    }

    /// <summary>A window of its own.</summary>
    public static Task<IBrowserContext> NewContextAsync(int width, ColorScheme scheme, bool bypassPolicy = false) => _browser!.NewContextAsync(new BrowserNewContextOptions
    {
        ViewportSize = new ViewportSize { Width = width, Height = 900 },
        ColorScheme = scheme,
        BypassCSP = bypassPolicy,
    });
}
