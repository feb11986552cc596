using NetMQ;
using NetMQ.Sockets;

namespace EmpathyNotebooks.Host.Jupyter;

/// <summary>The ways by which a kernel and its front ends speak.</summary>
internal enum JupyterChannel
{
    Shell,
    Control,
    Stdin,
    Iopub,
}

/// <summary>The five sockets of a kernel, served by one thread that never waits for anything else.</summary>
internal sealed class JupyterSockets : IDisposable
{
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);

    private readonly RouterSocket _shell = new();
    private readonly RouterSocket _control = new();
    private readonly RouterSocket _stdin = new();
    private readonly PublisherSocket _iopub = new();
    // Not a response socket: that one waits for ever for the rest of what was no request.
    private readonly RouterSocket _heartbeat = new();
    private readonly NetMQQueue<(JupyterChannel Channel, List<byte[]> Frames, Action? Sent)> _outgoing = new();
    private readonly NetMQPoller _poller;

    /// <summary>Binds the sockets.</summary>
    /// <exception cref="NetMQException">A port is taken.</exception>
    public JupyterSockets(ConnectionFile connection, Action<JupyterChannel, IReadOnlyList<byte[]>> received)
    {
        foreach (var (socket, port) in new (NetMQSocket, int)[]
        {
            (_shell, connection.ShellPort), (_control, connection.ControlPort), (_stdin, connection.StdinPort), (_iopub, connection.IopubPort),
            (_heartbeat, connection.HeartbeatPort),
        })
        {
            socket.Options.Linger = Linger;
            // What a cell shows is bounded already; a front end that reads slowly must not miss any of it.
            socket.Options.SendHighWatermark = 0;
            socket.Options.ReceiveHighWatermark = 0;
            socket.Bind(connection.Endpoint(port));
        }

        Receive(_shell, JupyterChannel.Shell, received);
        Receive(_control, JupyterChannel.Control, received);
        Receive(_stdin, JupyterChannel.Stdin, received);
        _heartbeat.ReceiveReady += (_, _) => Echo();
        _outgoing.ReceiveReady += (_, _) => SendAll();
        _poller = [_shell, _control, _stdin, _heartbeat, _outgoing];
    }

    /// <summary>Starts to listen.</summary>
    public void Start() => _poller.RunAsync("Jupyter sockets", isBackgroundThread: true);

    /// <summary>Sends a message, after all that were to be sent before it.</summary>
    public void Send(JupyterChannel channel, List<byte[]> frames) => _outgoing.Enqueue((channel, frames, null));

    /// <summary>Waits until all that was to be sent has gone to the sockets.</summary>
    public void Flush()
    {
        var done = new ManualResetEventSlim();
        _outgoing.Enqueue((JupyterChannel.Iopub, [], done.Set));
        done.Wait(Linger);
    }

    public void Dispose()
    {
        _poller.Dispose();
        foreach (var socket in new NetMQSocket[] { _shell, _control, _stdin, _iopub, _heartbeat }) socket.Dispose();
        _outgoing.Dispose();
    }

    private static void Receive(RouterSocket socket, JupyterChannel channel, Action<JupyterChannel, IReadOnlyList<byte[]>> received) =>
        socket.ReceiveReady += (_, _) =>
        {
            NetMQMessage? message = null;
            if (socket.TryReceiveMultipartMessage(ref message)) received(channel, [.. message!.Select(frame => frame.ToByteArray())]);
        };

    private void Echo()
    {
        NetMQMessage? message = null;
        if (_heartbeat.TryReceiveMultipartMessage(ref message)) _heartbeat.TrySendMultipartMessage(message!);
    }

    private void SendAll()
    {
        while (_outgoing.TryDequeue(out var next, TimeSpan.Zero))
        {
            if (next.Frames.Count > 0)
            {
                var message = new NetMQMessage(next.Frames);
                // To a front end that has gone a router sends nothing.
                Socket(next.Channel).TrySendMultipartMessage(message);
            }

            next.Sent?.Invoke();
        }
    }

    private NetMQSocket Socket(JupyterChannel channel) => channel switch
    {
        JupyterChannel.Shell => _shell,
        JupyterChannel.Control => _control,
        JupyterChannel.Stdin => _stdin,
        _ => _iopub,
    };
}
