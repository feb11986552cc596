using EmpathyNotebooks.Tests;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(EmpathyNotebooks.Browser.Tests.SharedBrowser))]

namespace EmpathyNotebooks.Browser.Tests;

/// <summary>One browser for all tests.</summary>
public sealed class SharedBrowser : IAsyncLifetime
{
    /// <summary>The height of windows, in pixels.</summary>
    public const int Height = 900;

    // Long enough for a page that shares two processors with six other programs; what is not there by then does not come.
    private const float Patience = 180_000;

    private static IBrowser? _browser;
    private IPlaywright? _playwright;

    public async ValueTask InitializeAsync()
    {
        if (Chromium.Path is null) return;
        Assertions.SetDefaultExpectTimeout(Patience);
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
    public static async Task<OpenPage> OpenAsync(string file, int width, ColorScheme scheme = ColorScheme.Light)
    {
        var context = await NewContextAsync(width, scheme);
        var page = new OpenPage(context, await context.NewPageAsync(), new Uri(file).AbsoluteUri);
        await page.LoadAsync();
        return page;
    }

    /// <summary>A window of its own.</summary>
    /// <param name="width">In pixels.</param>
    /// <param name="scheme">Light or dark.</param>
    /// <param name="scripts">Whether scripts may run.</param>
    public static async Task<IBrowserContext> NewContextAsync(int width, ColorScheme scheme, bool scripts = true)
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = Height },
            ColorScheme = scheme,
            JavaScriptEnabled = scripts,
        });
        context.SetDefaultTimeout(Patience);
        return context;
    }
}
