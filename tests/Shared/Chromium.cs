using Microsoft.Playwright;

namespace EmpathyNotebooks.Tests;

/// <summary>
/// The browser of the system: Debian's chromium-headless-shell, which has no windows to draw and opens a page in a third of the time, or else its
/// chromium, or another Chromium or Chrome on the path.
/// </summary>
internal static class Chromium
{
    private static readonly string[] Names = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome", "msedge"];

    public const string Missing = "There is no Chromium on the path; on Debian: apt-get install chromium-headless-shell.";

    public static string? Path { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
        .SelectMany(folder => Names.SelectMany((name, rank) => new[] { name, name + ".exe" }.Select(file => (Rank: rank, File: System.IO.Path.Combine(folder, file)))))
        .OrderBy(place => place.Rank).Select(place => place.File)
        .FirstOrDefault(File.Exists);

    /// <summary>Skips the test where there is no browser; on the build machine that is a failure.</summary>
    public static void Require()
    {
        if (Path is not null) return;
        Assert.False(Repository.IsContinuousIntegration, Missing);
        Assert.Skip(Missing);
    }

    public static Task<IBrowser> LaunchAsync(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
    {
        ExecutablePath = Path,
        Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--no-first-run", "--disable-quic"],
    });
}
