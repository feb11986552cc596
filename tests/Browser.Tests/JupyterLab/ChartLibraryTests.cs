using System.Net;
using System.Net.Sockets;
using System.Text;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting;
using EmpathyNotebooks.Browser.Tests.Explorers;
using EmpathyNotebooks.Tests;
using Microsoft.Playwright;

namespace EmpathyNotebooks.Browser.Tests.JupyterLab;

/// <summary>A saved notebook holds no plotly.js: where its charts get it from, and what they are where they do not.</summary>
public sealed class ChartLibraryTests
{
    private static readonly string Chart = ForestPlot.Create(RandomEffects.Fit(ExplorerFixture.Studies(5))).ToFigure().ToHtml();

    private static string Lab => $$"""<!DOCTYPE html><html><head><script id="jupyter-config-data" type="application/json">{"baseUrl":"/user/x/"}</script></head><body>{{Chart}}{{Chart}}</body></html>""";

    [Fact]
    public async Task A_chart_gets_it_from_the_folder_of_the_kernel_on_the_Jupyter_server()
    {
        Chromium.Require();
        await using var place = await OpenAsync("https://hub.example.org/user/x/lab", Lab, ChartLibrary.Script);
        await Assertions.Expect(place.Page.Locator("[data-drawn=true] svg.main-svg").First).ToBeVisibleAsync();
        Assert.Equal(2, await place.Page.Locator("[data-drawn=true]").CountAsync());
        Assert.Equal(0, await place.Page.Locator("[data-empathy-chart] img, .empathy-hint").CountAsync());
        Assert.Equal([$"https://hub.example.org/user/x/kernelspecs/.net-csharp/{ChartLibrary.FileName}"], place.Asked);
    }

    [Fact]
    public async Task A_chart_gets_it_from_the_running_kernel_on_a_page_of_this_machine()
    {
        Chromium.Require();
        using var server = ChartServer.Start();
        // A browser lets pages of this machine alone ask this machine, so that the page has to come from it.
        using var lab = new TcpListener(IPAddress.Loopback, 0);
        lab.Start();
        var serving = ServeAsync(lab, Lab);
        var context = await SharedBrowser.NewContextAsync(1280, ColorScheme.Light);
        await using var place = new Place(context, await context.NewPageAsync());
        await place.Page.GotoAsync($"http://localhost:{((IPEndPoint)lab.LocalEndpoint).Port}/lab");
        await Assertions.Expect(place.Page.Locator("[data-drawn=true] svg.main-svg").First).ToBeVisibleAsync();
        lab.Stop();
        await serving;
    }

    /// <summary>Answers /lab with a page, and knows nothing else.</summary>
    private static async Task ServeAsync(TcpListener listener, string page)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                var stream = client.GetStream();
                var buffer = new byte[16_384];
                var read = await stream.ReadAsync(buffer);
                var (status, body) = Encoding.ASCII.GetString(buffer, 0, read).StartsWith("GET /lab ", StringComparison.Ordinal) ? ("200 OK", Encoding.UTF8.GetBytes(page)) : ("404 Not Found", []);
                await stream.WriteAsync(Encoding.ASCII.GetBytes(FormattableString.Invariant($"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n")));
                await stream.WriteAsync(body);
            }
        }
        catch (SocketException)
        {
            // It was stopped.
        }
    }

    [Theory]
    [Trait(Gallery.Makes, Gallery.Pictures)]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task Without_a_kernel_a_chart_is_its_picture_and_says_so(int width, ColorScheme scheme)
    {
        Chromium.Require();
        await using var place = await OpenAsync("https://hub.example.org/user/x/lab", Lab, library: null, width, scheme);
        await Assertions.Expect(place.Page.Locator(".empathy-hint").First).ToBeVisibleAsync();
        Assert.StartsWith("A picture of the chart. It answers to the pointer when its cell is run here.", await place.Page.Locator(".empathy-hint").First.InnerTextAsync(), StringComparison.Ordinal);
        await AssertPictureAsync(place.Page);
        await Gallery.TakeAsync(place.Page, Gallery.PathTo("chart without a kernel", width, scheme));
        // A page of the web never searches the machine of whoever reads it.
        Assert.DoesNotContain(place.Asked, address => address.Contains("127.0.0.1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_not_the_file_by_its_hash_does_not_run()
    {
        Chromium.Require();
        await using var place = await OpenAsync("https://hub.example.org/user/x/lab", Lab, "window.attacked = true;" + ChartLibrary.Script);
        await Assertions.Expect(place.Page.Locator(".empathy-hint").First).ToBeVisibleAsync();
        Assert.False(await place.Page.EvaluateAsync<bool>("() => !!window.attacked || !!window.Plotly"));
        await AssertPictureAsync(place.Page);
    }

    /// <summary>JupyterLab takes scripts, data and aria attributes out of what it does not trust; a class, a style, a picture and its text stay.</summary>
    [Theory]
    [Trait(Gallery.Makes, Gallery.Pictures)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_notebook_that_is_not_trusted_shows_pictures_and_how_to_trust_it(bool isExplorer)
    {
        Chromium.Require();
        var html = isExplorer ? ExplorerFixture.Create("meta-5").ToHtml() : Chart;
        var sanitized = System.Text.RegularExpressions.Regex.Replace(html, @"<script>.*?</script>| (data-[\w-]+|role|aria-label)=""[^""]*""", "", System.Text.RegularExpressions.RegexOptions.Singleline);
        await using var place = await OpenAsync("https://hub.example.org/user/x/lab", "<!DOCTYPE html><body>" + sanitized + "</body>", library: null);
        var box = await place.Page.Locator("figure").BoundingBoxAsync();
        Assert.Contains("Trust Notebook", await place.Page.Locator("figure").InnerTextAsync(), StringComparison.Ordinal);
        if (isExplorer) Assert.Contains("Meta-analysis of 5 studies to try out.", await place.Page.Locator("figure").InnerTextAsync(), StringComparison.Ordinal);
        else await AssertPictureAsync(place.Page);
        if (isExplorer) Assert.True(box!.Height < 160, $"{box.Height} pixels for a few lines of text");
        await Gallery.TakeAsync(place.Page, Gallery.PathTo(isExplorer ? "explorer not trusted" : "chart not trusted", 1280, ColorScheme.Light));
    }

    private static async Task AssertPictureAsync(IPage page)
    {
        var picture = page.Locator("figure img").First;
        Assert.True(await picture.EvaluateAsync<bool>("picture => picture.complete && picture.naturalWidth > 300"));
        var box = await picture.BoundingBoxAsync();
        Assert.True(box!.Width > 300 && box.Height > 100 && box.Height < box.Width * 2);
        Assert.StartsWith("Forest plot of 5 studies", await picture.GetAttributeAsync("alt"), StringComparison.Ordinal);
    }

    private static async Task<Place> OpenAsync(string address, string html, string? library, int width = 1280, ColorScheme scheme = ColorScheme.Light)
    {
        var context = await SharedBrowser.NewContextAsync(width, scheme);
        var place = new Place(context, await context.NewPageAsync());
        var origin = new Uri(address).GetLeftPart(UriPartial.Authority);
        place.Page.Request += (_, request) =>
        {
            if (request.Url.EndsWith(".js", StringComparison.Ordinal)) place.Asked.Add(request.Url);
        };
        await place.Page.RouteAsync(origin + "/**", route => route.FulfillAsync(route.Request.Url == address
            ? new() { Body = html, ContentType = "text/html; charset=utf-8" }
            : library is not null && route.Request.Url.EndsWith(ChartLibrary.FileName, StringComparison.Ordinal)
                ? new() { Body = library, ContentType = "text/javascript; charset=utf-8" } : new() { Status = 404 }));
        await place.Page.GotoAsync(address);
        return place;
    }

    private sealed record Place(IBrowserContext Context, IPage Page) : IAsyncDisposable
    {
        public List<string> Asked { get; } = [];

        public ValueTask DisposeAsync() => Context.DisposeAsync();
    }
}
