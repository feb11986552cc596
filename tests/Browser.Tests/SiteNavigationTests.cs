using System.Net;
using EmpathyNotebooks.Tests;
using Microsoft.Playwright;

namespace EmpathyNotebooks.Browser.Tests;

/// <summary>How a reader finds the way: the bar, the code that folds, downloads; also without a script and from a server.</summary>
public sealed class SiteNavigationTests(SiteFixture site)
{
    private static readonly string VisibleCode = ".cell > .source-code pre.code >> visible=true";

    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task The_list_of_lessons_works_from_the_keyboard(int width)
    {
        Chromium.Require();
        await using var open = await site.OpenAsync("03-coding-and-checking", width);
        var page = open.Page;
        var list = page.Locator(".menu ol");
        var summary = page.Locator(".menu summary");
        await Assertions.Expect(list).ToBeHiddenAsync();
        await summary.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(list).ToBeVisibleAsync();
        Assert.Equal(SiteFixture.PageNames.Count(name => char.IsAsciiDigit(name[0])), await list.Locator("a").CountAsync());
        await Assertions.Expect(list.Locator("[aria-current=page]")).ToContainTextAsync("03");
        var box = (await list.BoundingBoxAsync())!;
        Assert.True(box.X >= 0 && box.X + box.Width <= width, $"the list lies from {box.X} to {box.X + box.Width}");

        Assert.Equal("", await Accessibility.ViolationsAsync(open, ".bar"));

        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(list.Locator("a").First).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(list).ToBeHiddenAsync();
        await Assertions.Expect(summary).ToBeFocusedAsync();

        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Shift+Tab");
        await Assertions.Expect(list).ToBeHiddenAsync();
        await summary.ClickAsync();
        // The list lies over the text.
        await page.Mouse.ClickAsync(3, SharedBrowser.Height - 20);
        await Assertions.Expect(list).ToBeHiddenAsync();

        await summary.ClickAsync();
        await list.GetByText("Your own data").ClickAsync();
        await Assertions.Expect(page).ToHaveTitleAsync("Your own data · EmpathyNotebooks");
        await page.GetByRole(AriaRole.Link, new() { Name = "Previous: The write-up" }).ClickAsync();
        await Assertions.Expect(page).ToHaveTitleAsync("The write-up · EmpathyNotebooks");
        await page.Locator(".bar .home").ClickAsync();
        await Assertions.Expect(page).ToHaveTitleAsync("EmpathyNotebooks");
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task Code_is_folded_until_a_reader_asks_for_it_and_the_choice_is_kept()
    {
        Chromium.Require();
        await using var open = await site.OpenAsync("03-coding-and-checking", 1280);
        var page = open.Page;
        var cells = await page.Locator(".cell > .source-code").CountAsync();
        Assert.True(cells > 5);
        Assert.Equal(0, await page.Locator(VisibleCode).CountAsync());
        Assert.True(await page.Locator(".cell > .output >> visible=true").CountAsync() > 5);

        // One cell.
        var first = page.Locator(".cell > .source-code").First;
        await first.GetByText("Show the code").ClickAsync();
        Assert.Equal(1, await page.Locator(VisibleCode).CountAsync());
        await first.GetByText("Hide the code").ClickAsync();
        Assert.Equal(0, await page.Locator(VisibleCode).CountAsync());

        // The code of a solution belongs to the solution.
        var solution = page.Locator(".prose details:has(pre.code)").First;
        await solution.Locator("summary").First.ClickAsync();
        await Assertions.Expect(solution.Locator("pre.code").First).ToBeVisibleAsync();

        var all = page.GetByRole(AriaRole.Button, new() { Name = "Code: hidden" });
        await all.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Code: shown" })).ToBeFocusedAsync();
        Assert.Equal(cells, await page.Locator(VisibleCode).CountAsync());

        // From lesson to lesson, as far as the browser keeps anything for files.
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Code: shown" })).ToBeVisibleAsync();
        Assert.Equal(cells, await page.Locator(VisibleCode).CountAsync());
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task Without_a_script_code_and_pictures_are_there_and_the_list_opens()
    {
        Chromium.Require();
        var folder = await site.FolderAsync();
        await using var context = await SharedBrowser.NewContextAsync(1280, ColorScheme.Light, scripts: false);
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(Path.Combine(folder, "04-pooling.html")).AbsoluteUri);
        Assert.Equal(await page.Locator(".cell > .source-code").CountAsync(), await page.Locator(VisibleCode).CountAsync());
        await Assertions.Expect(page.Locator(".code-switch")).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator("[data-empathy-chart] img").First).ToBeVisibleAsync();
        await page.Locator(".menu summary").ClickAsync();
        await Assertions.Expect(page.Locator(".menu ol")).ToBeVisibleAsync();

        await page.GotoAsync(new Uri(Path.Combine(folder, "index.html")).AbsoluteUri);
        await Assertions.Expect(page.Locator(".main-figure img")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_site_works_from_a_server_too()
    {
        Chromium.Require();
        using var server = new FileServer(await site.FolderAsync());
        var context = await SharedBrowser.NewContextAsync(1280, ColorScheme.Light);
        await using var open = new OpenPage(await context.NewPageAsync(), server.Address + "05-heterogeneity.html", context.DisposeAsync);
        await open.LoadAsync();
        Assert.NotEmpty(open.Requests);
        Assert.All(open.Requests, address => Assert.StartsWith(server.Address + "assets/", address, StringComparison.Ordinal));
        Assert.Empty(open.Complaints);

        // From lesson to lesson.
        await open.Page.Locator(".code-switch").ClickAsync();
        await open.Page.Locator(".neighbours [rel=next]").ClickAsync();
        await Assertions.Expect(open.Page.GetByRole(AriaRole.Button, new() { Name = "Code: shown" })).ToBeVisibleAsync();

        await open.Page.Locator(".home").ClickAsync();
        var download = await open.Page.RunAndWaitForDownloadAsync(() => open.Page.GetByRole(AriaRole.Link, new() { Name = "molloy2014.csv" }).ClickAsync());
        Assert.Equal("molloy2014.csv", download.SuggestedFilename);
        Assert.Equal(17, (await File.ReadAllLinesAsync(await download.PathAsync(), TestContext.Current.CancellationToken)).Length);
    }

    /// <summary>Serves a folder to this machine.</summary>
    private sealed class FileServer : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly string _folder;

        public FileServer(string folder)
        {
            _folder = folder;
            using (var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
            {
                probe.Start();
                Address = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/";
            }
            _listener.Prefixes.Add(Address);
            _listener.Start();
            _ = Task.Run(ServeAsync);
        }

        public string Address { get; }

        public void Dispose() => _listener.Close();

        private async Task ServeAsync()
        {
            while (_listener.IsListening)
            {
                HttpListenerContext asked;
                try
                {
                    asked = await _listener.GetContextAsync();
                }
                catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }
                var path = Path.Combine(_folder, Uri.UnescapeDataString(asked.Request.Url!.AbsolutePath.TrimStart('/')));
                if (File.Exists(path))
                {
                    asked.Response.ContentType = Path.GetExtension(path) switch { ".html" => "text/html", ".js" => "text/javascript", ".css" => "text/css", _ => "application/octet-stream" };
                    await asked.Response.OutputStream.WriteAsync(await File.ReadAllBytesAsync(path));
                }
                else asked.Response.StatusCode = 404;
                asked.Response.Close();
            }
        }
    }
}
