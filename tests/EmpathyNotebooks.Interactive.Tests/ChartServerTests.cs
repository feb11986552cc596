using System.Net;
using System.Net.Sockets;
using EmpathyNotebooks.Plotting;

namespace EmpathyNotebooks.Interactive.Tests;

/// <summary>A running kernel serves one file to the pages of this machine, and nothing else to anybody.</summary>
public class ChartServerTests
{
    [Fact]
    public async Task It_serves_the_chart_library_to_pages_of_any_origin_and_nothing_else()
    {
        using var server = ChartServer.Start();
        var port = await PortAsync(server);
        Assert.Contains(port, ChartLibrary.Ports);
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/{ChartLibrary.FileName}"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("*", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("text/javascript", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(ChartLibrary.Script, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        foreach (var path in new[] { "", "..%2f..%2fetc/passwd", ChartLibrary.FileName + "x" })
        {
            using var other = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/{path}"), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        }
        using var posted = await client.PostAsync(new Uri($"http://127.0.0.1:{port}/{ChartLibrary.FileName}"), new StringContent("x"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, posted.StatusCode);
    }

    [Fact]
    public async Task It_listens_at_the_loopback_address_alone()
    {
        using var server = ChartServer.Start();
        var port = await PortAsync(server);
        var other = (await Dns.GetHostAddressesAsync(Dns.GetHostName(), AddressFamily.InterNetwork, TestContext.Current.CancellationToken)).FirstOrDefault(a => !IPAddress.IsLoopback(a));
        if (other is null) Assert.Skip("This machine has no address but that of the loopback.");
        using var client = new TcpClient();
        await Assert.ThrowsAnyAsync<SocketException>(() => client.ConnectAsync(other, port, TestContext.Current.CancellationToken).AsTask());
    }

    [Fact]
    public async Task Several_kernels_take_one_port_each_and_free_it_at_their_end()
    {
        var first = ChartServer.Start();
        using var second = ChartServer.Start();
        var (one, two) = (await PortAsync(first), await PortAsync(second));
        Assert.NotEqual(one, two);
        first.Dispose();
        for (var i = 0; i < 1200 && first.Port is not null; i++) await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.Null(first.Port);
    }

    private static async Task<int> PortAsync(ChartServer server)
    {
        // Kernels of other tests may hold all of them for a while.
        for (var i = 0; i < 1200 && server.Port is null; i++) await Task.Delay(50, TestContext.Current.CancellationToken);
        return server.Port ?? throw new InvalidOperationException("Every port stayed taken for a minute.");
    }
}
