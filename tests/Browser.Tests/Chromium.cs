using EmpathyNotebooks.Tests;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(EmpathyNotebooks.Browser.Tests.Chromium))]

namespace EmpathyNotebooks.Browser.Tests;

/// <summary>The browser of the system, started once for all tests: Debian's chromium, or another Chromium or Chrome on the path.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "chrome", "msedge"];

    private static readonly string? Executable = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => Names.SelectMany(name => new[] { name, name + ".exe" }).Select(name => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    private static IBrowser? _browser;
    private IPlaywright? _playwright;

    public const string Missing = "There is no Chromium on the path; on Debian: apt-get install chromium.";

    /// <summary>Whether there is one.</summary>
    public static bool Exists => Executable is not null;

    /// <summary>Skips the test where there is no browser; on the build machine that is a failure.</summary>
    public static void Require()
    {
        if (Exists) return;
        Assert.False(Repository.IsContinuousIntegration, Missing);
        Assert.Skip(Missing);
    }

    public async ValueTask InitializeAsync()
    {
        if (!Exists) return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Executable,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--no-first-run", "--disable-quic"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>Opens a file in a window of its own and waits until every chart and explorer has drawn. What went wrong meanwhile stands in the result.</summary>
    public static async Task<OpenPage> OpenAsync(string file, int width, ColorScheme scheme = ColorScheme.Light)
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            ColorScheme = scheme,
        });
        var page = new OpenPage(context, await context.NewPageAsync(), new Uri(file).AbsoluteUri);
        await page.LoadAsync();
        return page;
    }
}
