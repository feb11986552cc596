using System.Collections.Concurrent;
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

    private static readonly ConcurrentBag<Window> Free = [];

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

    /// <summary>
    /// Opens a file and waits until every chart and explorer has drawn. What went wrong meanwhile stands in the result. A window is used again and again, as a reader's is who goes from page to page:
    /// it starts no process, and compiles no library once more. What a page stored, and where the mouse was, does not reach the next one.
    /// </summary>
    /// <param name="file">The page.</param>
    /// <param name="width">Of the window, in pixels.</param>
    /// <param name="scheme">Light or dark.</param>
    public static async Task<OpenPage> OpenAsync(string file, int width, ColorScheme scheme = ColorScheme.Light)
    {
        if (!Free.TryTake(out var window)) window = new(await (await NewContextAsync(width, scheme)).NewPageAsync());
        await window.Page.SetViewportSizeAsync(width, Height);
        await window.Page.EmulateMediaAsync(new() { ColorScheme = scheme, Media = Media.Null });
        var page = new OpenPage(window.Page, new Uri(file).AbsoluteUri, () => LeaveAsync(window));
        await page.LoadAsync();
        return page;
    }

    private static async ValueTask LeaveAsync(Window window)
    {
        try
        {
            await window.Page.EvaluateAsync("() => { localStorage.clear(); sessionStorage.clear(); }");
            await window.Page.Mouse.MoveAsync(-1, -1);
            await window.Page.GotoAsync("about:blank");
        }
        catch (PlaywrightException)
        {
            // A page that hangs or has crashed: its test says so, and nobody else gets this window.
            window.Uses = Window.MostUses;
        }
        if (++window.Uses < Window.MostUses) Free.Add(window);
        else await window.Page.Context.DisposeAsync();
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

    /// <summary>A window, and how many pages were read in it. Its process keeps some of what they left.</summary>
    private sealed class Window(IPage page)
    {
        public const int MostUses = 30;

        public IPage Page => page;

        public int Uses { get; set; }
    }
}
