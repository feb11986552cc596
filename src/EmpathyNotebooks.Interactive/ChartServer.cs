using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text;
using EmpathyNotebooks.Plotting;

namespace EmpathyNotebooks;

/// <summary>
/// Serves <see cref="ChartLibrary"/> to the pages of this machine while a kernel runs: the one file, at 127.0.0.1, at the first of its ports that is
/// free. Nothing of the notebook or of the machine can be had from it. The browser runs what it gets only if it has the hash that stands in the notebook.
/// </summary>
/// <remarks>
/// Where every port is taken others serve the file already; this one waits until one of them is free. Our kernel starts it; in .NET Interactive's
/// <see cref="Notebook.Start"/> does. A run without a reader, as that of the site, has none.
/// </remarks>
public sealed class ChartServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly Lock Starting = new();
    private static ChartServer? _ofProcess;

    private readonly CancellationTokenSource _end = new();

    private ChartServer()
    {
    }

    /// <summary>The port it listens at; null while all are taken.</summary>
    public int? Port { get; private set; }

    /// <summary>Starts to serve, in the background.</summary>
    public static ChartServer Start()
    {
        var server = new ChartServer();
        // A thread pool that the cells of a notebook keep busy answers late; nothing is lost then.
        _ = Task.Run(server.RunAsync);
        return server;
    }

    /// <summary>Starts one for the life of the process where it is .NET Interactive's, which has no other place for it.</summary>
    internal static void StartInForeignKernel()
    {
        if (Assembly.GetEntryAssembly()?.GetName().Name != "Microsoft.DotNet.Interactive.App") return;
        lock (Starting)
        {
            _ofProcess ??= Start();
        }
    }

    /// <summary>Ends it.</summary>
    public void Dispose() => _end.Cancel();

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                if (Listen() is { } listener) await ServeAsync(listener).ConfigureAwait(false);
                else await Task.Delay(Patience, _end.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // It was ended.
        }
        finally
        {
            Port = null;
            _end.Dispose();
        }
    }

    private TcpListener? Listen()
    {
        foreach (var port in ChartLibrary.Ports)
        {
            var listener = new TcpListener(IPAddress.Loopback, port) { ExclusiveAddressUse = true };
            try
            {
                listener.Start();
                Port = port;
                return listener;
            }
            catch (SocketException)
            {
                // Taken, or forbidden: the next one.
                listener.Dispose();
            }
        }
        return null;
    }

    private async Task ServeAsync(TcpListener listener)
    {
        using (listener)
        {
            while (true)
            {
                TcpClient client;
                try
                {
                    client = await listener.AcceptTcpClientAsync(_end.Token).ConfigureAwait(false);
                }
                catch (SocketException)
                {
                    // A client that left before it was met.
                    continue;
                }
                _ = AnswerAsync(client);
            }
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        patience.CancelAfter(Patience);
        try
        {
            using (client)
            {
                var stream = client.GetStream();
                if (await ReadRequestAsync(stream, patience.Token).ConfigureAwait(false) is not { } request) return;
                await stream.WriteAsync(Answer(request), patience.Token).ConfigureAwait(false);
            }
        }
        catch (Exception fault) when (fault is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The page has gone away, or sends nothing.
        }
    }

    /// <summary>The first line of a request; null of what is none.</summary>
    private static async Task<string?> ReadRequestAsync(NetworkStream stream, CancellationToken stop)
    {
        var buffer = new byte[8192];
        var read = 0;
        while (read < buffer.Length)
        {
            var more = await stream.ReadAsync(buffer.AsMemory(read), stop).ConfigureAwait(false);
            if (more == 0) return null;
            read += more;
            if (buffer.AsSpan(0, read).IndexOf("\r\n\r\n"u8) >= 0) return Encoding.ASCII.GetString(buffer, 0, buffer.AsSpan(0, read).IndexOf("\r\n"u8));
        }
        return null;
    }

    private static byte[] Answer(string request) => request.Split(' ') switch
    {
        ["GET", var path, ..] when path == "/" + ChartLibrary.FileName => Message("200 OK", Encoding.UTF8.GetBytes(ChartLibrary.Script)),
        ["OPTIONS", ..] => Message("204 No Content", []),
        _ => Message("404 Not Found", []),
    };

    private static byte[] Message(string status, byte[] content) =>
    [
        .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"HTTP/1.1 {status}\r\nContent-Type: text/javascript; charset=utf-8\r\nContent-Length: {content.Length}\r\nConnection: close\r\n")
            // A page of the notebook has another origin; a browser asks a machine of its own only if that says so.
            + "Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Private-Network: true\r\nCross-Origin-Resource-Policy: cross-origin\r\n"
            + "Cache-Control: public, max-age=31536000, immutable\r\nX-Content-Type-Options: nosniff\r\n\r\n"),
        .. content,
    ];
}
