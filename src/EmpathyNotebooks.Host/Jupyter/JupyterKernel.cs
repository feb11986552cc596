using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using EmpathyNotebooks.Host.Kernels;
using EmpathyNotebooks.Host.Kernels.Language;

namespace EmpathyNotebooks.Host.Jupyter;

/// <summary>
/// A C# kernel for Jupyter and VS Code: Jupyter's messaging protocol 5.3. Requests on shell are answered one after the other; those
/// on control, interrupt and shutdown, at once.
/// </summary>
/// <remarks>
/// One for a process: it takes the console. Messages that are not signed by the key of the connection file are dropped, as are those
/// that are no messages. It listens at the address of the connection file alone.
/// </remarks>
public sealed class JupyterKernel : IDisposable
{
    /// <summary>For how long nothing is asked before what the next completion needs is read.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly TextWriter _log = Console.Error;
    private readonly WireFormat _wire;
    private readonly JupyterSockets _sockets;
    private readonly CSharpKernel _kernel;
    private readonly IopubOutput _output;
    private readonly ReaderInput _reader;
    private readonly ExecuteHandler _execute;
    private readonly CodeHandler _code;
    private readonly ScriptCompletion _completion;
    private readonly ExecutionHistory _history;
    private readonly JupyterKernelSettings _settings;
    private readonly Channel<JupyterMessage> _shell = Channel.CreateUnbounded<JupyterMessage>();
    private readonly BlockingCollection<JupyterMessage> _control = [];
    private readonly ManualResetEventSlim _ended = new();
    // What cells show, also after their end, belongs to the latest of them.
    private volatile JupyterMessage? _latest;
    private bool _isWarming;
    private long _asked;
    private long _answered;

    /// <summary>Binds the sockets; <see cref="RunAsync"/> starts to listen.</summary>
    /// <param name="connection">Where to listen, and the key.</param>
    /// <param name="options">How cells run; the defaults when null.</param>
    /// <param name="settings">How the kernel lives; the defaults when null.</param>
    public JupyterKernel(ConnectionFile connection, CSharpKernelOptions? options = null, JupyterKernelSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        _settings = settings ?? new JupyterKernelSettings();
        _history = new ExecutionHistory(_settings.HistoryFile is { } file ? new HistoryFile(file, _log) : null);
        _wire = new WireFormat(new MessageSigner(connection.Key));
        _sockets = new JupyterSockets(connection, Receive);
        _output = new IopubOutput((type, content) => Broadcast(type, content, _latest));
        _reader = new ReaderInput((request, type, content) => _sockets.Send(JupyterChannel.Stdin, _wire.Write(request.Identities, type, content, request)));
        _kernel = new CSharpKernel((options ?? new CSharpKernelOptions()) with { Listener = _output, Ask = _reader.AskAsync });
        _execute = new ExecuteHandler(_kernel, _output, _reader, _history, (type, content) => Broadcast(type, content, _latest));
        _completion = new ScriptCompletion(_kernel);
        _code = new CodeHandler(_completion, new ScriptHelp(_kernel));
    }

    /// <summary>Answers until it is asked to shut down.</summary>
    /// <param name="stop">Ends it from outside.</param>
    public Task RunAsync(CancellationToken stop = default) =>
        Task.Factory.StartNew(() => Run(stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run(CancellationToken stop)
    {
        _kernel.TakeProcess();
        // An exception on a thread that a cell has started would end the process.
        ExceptionHandling.SetUnhandledExceptionHandler(fault =>
        {
            _kernel.Output.Write("stderr", $"Unhandled on a thread of a cell: {fault.GetType().FullName}: {fault.Message}\n");
            return true;
        });
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            signal.Cancel = true;
            _execute.Interrupt();
        });
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            _ended.Set();
        });
        using var charts = ChartServer.Start();
        using var orphaned = _settings.OutlivesParent ? null : ParentWatch.Start(() => _ended.Set());
        using var outside = stop.Register(() => _ended.Set());
        Broadcast("status", new JsonObject { ["execution_state"] = "starting" }, null);
        _sockets.Start();
        // A thread of its own: a cell may keep the whole pool busy, and just then somebody wants to interrupt it.
        new Thread(ServeControl) { IsBackground = true, Name = "Jupyter control" }.UnsafeStart();
        KernelThread.Start("Jupyter shell", ServeShellAsync);
        _ = Task.Run(WarmUpAsync, CancellationToken.None);
        _ = Task.Run(WarmUpCompletionWhenQuietAsync, CancellationToken.None);
        _ended.Wait(CancellationToken.None);
        _execute.Interrupt();
        _history.Save();
        _output.Flush();
        _sockets.Flush();
    }

    /// <summary>Closes the sockets.</summary>
    public void Dispose()
    {
        _output.Dispose();
        _sockets.Dispose();
    }

    // The first compilation takes a second: it is behind us when the reader has typed a line.
    private static Task WarmUpAsync() => new CSharpKernel().ExecuteAsync(
        new CellRequest("var warm = Enumerable.Range(0, 3).Select(i => $\"{i}\").ToList(); display(warm); warm", IsSilent: true));

    // The first completion takes another second and 150 MB, and after a cell, what it has made is new to it. A reader pauses before there is something to complete;
    // a program that runs a notebook does not, and never asks.
    private async Task WarmUpCompletionWhenQuietAsync()
    {
        var asked = Volatile.Read(ref _asked);
        await Task.Delay(Pause);
        if (Volatile.Read(ref _asked) == asked && Volatile.Read(ref _answered) == asked) await WarmUpCompletionAsync();
    }

    private async Task WarmUpCompletionAsync()
    {
        if (Interlocked.Exchange(ref _isWarming, true)) return;
        try
        {
            await _completion.WarmUpAsync();
        }
        catch (Exception fault)
        {
            // Nobody waits for this; who asks later is told.
            await _log.WriteLineAsync($"Completion could not be prepared: {fault}");
        }
        finally
        {
            _isWarming = false;
        }
    }

    // On the thread of the sockets, which nothing may end.
    private void Receive(JupyterChannel channel, IReadOnlyList<byte[]> frames)
    {
        try
        {
            Sort(channel, frames);
        }
        catch (Exception fault)
        {
            _log.WriteLine($"A message on {channel} was dropped: {fault}");
        }
    }

    private void Sort(JupyterChannel channel, IReadOnlyList<byte[]> frames)
    {
        if (_wire.Read(frames, out var fault) is not { } message)
        {
            _log.WriteLine($"A message on {channel} was dropped: {fault}.");
            return;
        }

        switch (channel)
        {
            case JupyterChannel.Shell:
                Interlocked.Increment(ref _asked);
                _shell.Writer.TryWrite(message);
                break;
            case JupyterChannel.Control:
                _control.Add(message);
                break;
            case JupyterChannel.Stdin when message.Type == "input_reply":
                _reader.Reply(message);
                break;
        }
    }

    private void ServeControl()
    {
        foreach (var request in _control.GetConsumingEnumerable())
        {
            Serve(JupyterChannel.Control, request, () => Task.FromResult(AnswerControl(request))).GetAwaiter().GetResult();
            if (request.Type == "shutdown_request") _ended.Set();
        }
    }

    private async Task ServeShellAsync()
    {
        var toAbort = 0;
        await foreach (var request in _shell.Reader.ReadAllAsync())
        {
            var isExecute = request.Type == "execute_request";
            var isAborted = isExecute && toAbort > 0;
            toAbort = Math.Max(0, toAbort - 1);
            var status = await Serve(JupyterChannel.Shell, request, () => isAborted
                ? Task.FromResult<JsonObject?>(new JsonObject { ["status"] = "aborted", ["execution_count"] = _kernel.ExecutionCount })
                : AnswerAsync(request));
            Interlocked.Increment(ref _answered);
            _ = Task.Run(WarmUpCompletionWhenQuietAsync, CancellationToken.None);
            // The cells that were to follow are not run; those that the reader starts from here on are.
            if (isExecute && status == "error" && request.Flag("stop_on_error", otherwise: true)) toAbort = _shell.Reader.Count;
            // Where there is no control channel, as in clients of old, it comes this way.
            if (request.Type == "shutdown_request") _ended.Set();
        }
    }

    private async Task<string?> Serve(JupyterChannel channel, JupyterMessage request, Func<Task<JsonObject?>> answer)
    {
        Broadcast("status", new JsonObject { ["execution_state"] = "busy" }, request);
        JsonObject? reply;
        try
        {
            reply = await answer();
        }
        catch (Exception fault)
        {
            // Whatever one request leads to, the next one is answered.
            _log.WriteLine($"{request.Type}: {fault}");
            reply = new JsonObject
            {
                ["status"] = "error", ["ename"] = fault.GetType().FullName, ["evalue"] = fault.Message, ["traceback"] = new JsonArray(),
                ["execution_count"] = _kernel.ExecutionCount,
            };
        }

        var status = (string?)reply?["status"];
        if (reply is not null && request.Type.EndsWith("_request", StringComparison.Ordinal))
        {
            _sockets.Send(channel, _wire.Write(request.Identities, request.Type[..^"request".Length] + "reply", reply, request));
        }

        Broadcast("status", new JsonObject { ["execution_state"] = "idle" }, request);
        return status;
    }

    private async Task<JsonObject?> AnswerAsync(JupyterMessage request)
    {
        switch (request.Type)
        {
            case "execute_request":
                _output.Flush();
                _latest = request;
                return await _execute.HandleAsync(request);
            case "complete_request":
                return await _code.CompleteAsync(request);
            case "inspect_request":
                return _code.Inspect(request);
            case "is_complete_request":
                return CodeHandler.IsComplete(request);
            case "history_request":
                return new JsonObject { ["status"] = "ok", ["history"] = _history.Find(request) };
            case "comm_info_request":
                return new JsonObject { ["status"] = "ok", ["comms"] = new JsonObject() };
            case "comm_open":
                // There is nothing here for a widget to talk to.
                Broadcast("comm_close", new JsonObject { ["comm_id"] = request.Text("comm_id") ?? "", ["data"] = new JsonObject() }, request);
                return null;
            default:
                return AnswerControl(request);
        }
    }

    private JsonObject? AnswerControl(JupyterMessage request)
    {
        switch (request.Type)
        {
            case "kernel_info_request":
                return KernelInfo.Content();
            case "interrupt_request":
                _execute.Interrupt();
                return new JsonObject { ["status"] = "ok" };
            case "shutdown_request":
                var content = new JsonObject { ["status"] = "ok", ["restart"] = request.Flag("restart", otherwise: false) };
                Broadcast("shutdown_reply", (JsonObject)content.DeepClone(), request);
                return content;
            case "debug_request":
                return new JsonObject { ["type"] = "response", ["success"] = false, ["message"] = "This kernel has no debugger.", ["body"] = new JsonObject() };
            default:
                if (!request.Type.StartsWith("comm_", StringComparison.Ordinal)) _log.WriteLine($"{request.Type} is not known here.");
                return null;
        }
    }

    private void Broadcast(string type, JsonObject content, JupyterMessage? parent) =>
        _sockets.Send(JupyterChannel.Iopub, _wire.Write([System.Text.Encoding.ASCII.GetBytes(type)], type, content, parent));
}
