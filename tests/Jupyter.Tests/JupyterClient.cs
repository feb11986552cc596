using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using NetMQ;
using NetMQ.Sockets;

namespace EmpathyNotebooks.Jupyter.Tests;

/// <summary>A message as a front end sees it.</summary>
internal sealed record Message(string Type, JsonObject Header, JsonObject Parent, JsonObject Content)
{
    public string? ParentId => (string?)Parent["msg_id"];

    public string? Text(string property) => (string?)Content[property];
}

/// <summary>What one request led to.</summary>
internal sealed record Answer(Message Reply, IReadOnlyList<Message> Broadcasts)
{
    public string? Status => Reply.Text("status");

    public IEnumerable<string> Types => Broadcasts.Select(message => message.Type);

    public Message Single(string type) => Assert.Single(Broadcasts, message => message.Type == type);

    public string Stream(string name) =>
        string.Concat(Broadcasts.Where(message => message.Type == "stream" && message.Text("name") == name).Select(message => message.Text("text")));

    public string? Result => (string?)Single("execute_result").Content["data"]!["text/plain"];
}

/// <summary>A front end written from Jupyter's documentation alone: it shares no code with the kernel.</summary>
internal sealed class JupyterClient : IDisposable
{
    /// <summary>How long what must come may take where other programs keep the machine busy.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    private readonly byte[] _key;
    private readonly string _session = Guid.NewGuid().ToString();
    private readonly DealerSocket _shell = new();
    private readonly DealerSocket _control = new();
    private readonly DealerSocket _stdin = new();
    private readonly SubscriberSocket _iopub = new();
    private readonly NetMQQueue<(DealerSocket Socket, NetMQMessage Message)> _outgoing = new();
    private readonly NetMQPoller _poller;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Message>> _replies = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _idle = new();
    private readonly List<Message> _broadcasts = [];

    public JupyterClient(JsonObject connection)
    {
        _key = Encoding.UTF8.GetBytes((string)connection["key"]!);
        var identity = Encoding.ASCII.GetBytes(_session);
        foreach (var (socket, port) in new (NetMQSocket, string)[] { (_shell, "shell_port"), (_control, "control_port"), (_stdin, "stdin_port"), (_iopub, "iopub_port") })
        {
            // The same on shell and stdin: that is how a kernel finds whom to ask.
            if (socket is DealerSocket) socket.Options.Identity = identity;
            socket.Options.Linger = TimeSpan.Zero;
            socket.Options.ReceiveHighWatermark = 0;
            socket.Connect($"tcp://127.0.0.1:{(int)connection[port]!}");
        }

        _iopub.SubscribeToAnyTopic();
        foreach (var socket in new[] { _shell, _control }) socket.ReceiveReady += (_, _) => Replied(Parse(socket.ReceiveMultipartMessage()));
        _iopub.ReceiveReady += (_, _) => Heard(Parse(_iopub.ReceiveMultipartMessage()));
        _stdin.ReceiveReady += (_, _) =>
        {
            var asked = Parse(_stdin.ReceiveMultipartMessage());
            if (OnInput?.Invoke(asked) is { } value) Send(_stdin, "input_reply", new JsonObject { ["value"] = value });
        };
        _outgoing.ReceiveReady += (_, _) =>
        {
            while (_outgoing.TryDequeue(out var next, TimeSpan.Zero)) next.Socket.SendMultipartMessage(next.Message);
        };
        _poller = [_shell, _control, _stdin, _iopub, _outgoing];
        _poller.RunAsync("client", isBackgroundThread: true);
    }

    /// <summary>Answers a question of a cell; null to leave it open.</summary>
    public Func<Message, string?>? OnInput { get; set; }

    /// <summary>All that was broadcast, in order.</summary>
    public IReadOnlyList<Message> Broadcasts
    {
        get
        {
            lock (_broadcasts)
            {
                return [.. _broadcasts];
            }
        }
    }

    /// <summary>Asks until the kernel answers and its broadcasts arrive, as front ends do.</summary>
    public async Task<Message> ReadyAsync()
    {
        for (var start = Stopwatch.GetTimestamp(); ;)
        {
            var id = Send(_shell, "kernel_info_request", []);
            var reply = await ReplyAsync(id);
            if (await Task.WhenAny(IdleAsync(id), Task.Delay(200)) == _idle.GetOrAdd(id, NewSource).Task) return reply;
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, "no broadcast ever came");
        }
    }

    public Task<Answer> ExecuteAsync(string code, Action<JsonObject>? change = null) => AskAsync("execute_request", ExecuteContent(code, change));

    public static JsonObject ExecuteContent(string code, Action<JsonObject>? change = null)
    {
        var content = new JsonObject
        {
            ["code"] = code, ["silent"] = false, ["store_history"] = true, ["user_expressions"] = new JsonObject(), ["allow_stdin"] = true, ["stop_on_error"] = true,
        };
        change?.Invoke(content);
        return content;
    }

    public async Task<Answer> AskAsync(string type, JsonObject content, bool onControl = false) =>
        await AnswerAsync(Send(onControl ? _control : _shell, type, content));

    /// <summary>Sends a request without waiting.</summary>
    public string Post(string type, JsonObject content, bool onControl = false) => Send(onControl ? _control : _shell, type, content);

    /// <summary>Waits for the reply and the broadcasts of a request.</summary>
    public async Task<Answer> AnswerAsync(string id)
    {
        var reply = await ReplyAsync(id);
        await IdleAsync(id);
        return new Answer(reply, [.. Broadcasts.Where(message => message.ParentId == id)]);
    }

    /// <summary>Waits until something was broadcast.</summary>
    public async Task<Message> HearAsync(Func<Message, bool> wanted)
    {
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Patience; await Task.Delay(10))
        {
            if (Broadcasts.FirstOrDefault(wanted) is { } heard) return heard;
        }

        throw new TimeoutException("It was never broadcast.");
    }

    /// <summary>Sends frames as they are.</summary>
    public void SendRaw(IEnumerable<byte[]> frames, bool onControl = false) => _outgoing.Enqueue((onControl ? _control : _shell, new NetMQMessage(frames)));

    /// <summary>The frames of a message, signed by this key.</summary>
    public List<byte[]> Frames(byte[] key, params byte[][] signed) => ["<IDS|MSG>"u8.ToArray(), Encoding.ASCII.GetBytes(Signature(key, signed)), .. signed];

    public List<byte[]> Frames(byte[] key, string type, JsonObject content, out string id)
    {
        id = Guid.NewGuid().ToString();
        var header = new JsonObject
        {
            ["msg_id"] = id, ["session"] = _session, ["username"] = "test", ["date"] = DateTime.UtcNow.ToString("o"), ["msg_type"] = type, ["version"] = "5.3",
        };
        return Frames(key, Bytes(header), "{}"u8.ToArray(), "{}"u8.ToArray(), Bytes(content));
    }

    public byte[] Key => _key;

    public void Dispose()
    {
        _poller.Dispose();
        foreach (var socket in new NetMQSocket[] { _shell, _control, _stdin, _iopub }) socket.Dispose();
        _outgoing.Dispose();
    }

    private string Send(DealerSocket socket, string type, JsonObject content)
    {
        var frames = Frames(_key, type, content, out var id);
        _outgoing.Enqueue((socket, new NetMQMessage(frames)));
        return id;
    }

    /// <summary>Waits for the reply of a request alone.</summary>
    public Task<Message> ReplyAsync(string id) => _replies.GetOrAdd(id, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task.WaitAsync(Patience);

    private Task IdleAsync(string id) => _idle.GetOrAdd(id, NewSource).Task.WaitAsync(Patience);

    private static TaskCompletionSource NewSource(string id) => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Replied(Message message) =>
        _replies.GetOrAdd(message.ParentId!, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult(message);

    private void Heard(Message message)
    {
        lock (_broadcasts)
        {
            _broadcasts.Add(message);
        }

        if (message.Type == "status" && message.Text("execution_state") == "idle") _idle.GetOrAdd(message.ParentId!, NewSource).TrySetResult();
    }

    private Message Parse(NetMQMessage message)
    {
        var frames = message.Select(frame => frame.ToByteArray()).ToList();
        var start = frames.FindIndex(frame => frame.AsSpan().SequenceEqual("<IDS|MSG>"u8));
        byte[][] signed = [.. frames.Skip(start + 2).Take(4)];
        Assert.Equal(Signature(_key, signed), Encoding.ASCII.GetString(frames[start + 1]));
        var header = Node(signed[0]);
        Assert.Equal("5.3", (string?)header["version"]);
        return new Message((string)header["msg_type"]!, header, Node(signed[1]), Node(signed[3]));
    }

    private static JsonObject Node(byte[] frame) => (JsonObject)JsonNode.Parse(frame)!;

    private static byte[] Bytes(JsonObject node) => Encoding.UTF8.GetBytes(node.ToJsonString());

    private static string Signature(byte[] key, byte[][] signed) => Convert.ToHexStringLower(HMACSHA256.HashData(key, signed.SelectMany(frame => frame).ToArray()));
}
