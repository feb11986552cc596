using System.Net;
using System.Net.Sockets;

namespace EmpathyNotebooks.Host.Jupyter;

/// <summary>
/// Makes .NET take what arrives at sockets on threads of its own. Otherwise it asks the thread pool to, and a cell that keeps the whole pool busy is one that somebody wants to interrupt: with all processors taken the
/// pool adds a thread after as many seconds as it has threads. ZeroMQ's own handlers only queue what came.
/// </summary>
internal static class SocketThreads
{
    // Read once by .NET on Linux and macOS, when the first socket waits for something; there is no other way to say it. Windows goes without.
    private const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>To be called before the first socket of the process; later it changes nothing.</summary>
    public static void Use()
    {
        // Whoever has set it knows why.
        if (OperatingSystem.IsWindows() || Environment.GetEnvironmentVariable(Variable) is not null) return;
        Environment.SetEnvironmentVariable(Variable, "1");
        try
        {
            var first = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            first.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            using var wait = new SocketAsyncEventArgs();
            wait.SetBuffer(new byte[1]);
            first.ReceiveAsync(wait);
            first.Dispose();
        }
        finally
        {
            // It is not for the programs that cells start.
            Environment.SetEnvironmentVariable(Variable, null);
        }
    }
}
