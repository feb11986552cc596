using System.Text;
using System.Text.Json.Nodes;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Kernels;

namespace EmpathyNotebooks.Host.Jupyter;

/// <summary>
/// Broadcasts what cells show, in order. What comes fast is sent together: text of one stream as one message, of several updates
/// of one display the last.
/// </summary>
/// <param name="send">Broadcasts a message of this type and content, as an answer to the cell that is running.</param>
internal sealed class IopubOutput(Action<string, JsonObject> send) : ICellListener, IDisposable
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(40);

    private readonly Lock _lock = new();
    private readonly List<Pending> _pending = [];
    private readonly AutoResetEvent _wake = new(false);
    private Thread? _sender;
    private volatile bool _isDisposed;
    private bool _isScheduled;

    private sealed class Pending
    {
        public string? Stream;
        public StringBuilder? Text;
        public string? Replaces;
        public string Type = "";
        public JsonObject? Content;
    }

    public void Wrote(string stream, string text)
    {
        lock (_lock)
        {
            if (_pending.Count == 0 || _pending[^1].Stream != stream) _pending.Add(new Pending { Stream = stream, Text = new StringBuilder() });
            _pending[^1].Text!.Append(text);
            Schedule();
        }
    }

    public void Showed(string displayId, IReadOnlyDictionary<string, string> bundle, int? executionCount)
    {
        var content = Content(displayId, bundle);
        if (executionCount is { } count) content["execution_count"] = count;
        lock (_lock)
        {
            _pending.Add(new Pending { Type = executionCount is null ? "display_data" : "execute_result", Content = content });
            Schedule();
        }
    }

    public void Replaced(string displayId, IReadOnlyDictionary<string, string> bundle)
    {
        var content = Content(displayId, bundle);
        lock (_lock)
        {
            if (_pending.FindLast(one => one.Replaces == displayId) is { } before) before.Content = content;
            else _pending.Add(new Pending { Type = "update_display_data", Replaces = displayId, Content = content });
            Schedule();
        }
    }

    /// <summary>Sends all that waits.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            foreach (var one in _pending)
            {
                if (one.Stream is { } stream) send("stream", new JsonObject { ["name"] = stream, ["text"] = one.Text!.ToString() });
                else send(one.Type, one.Content!);
            }

            _pending.Clear();
            _isScheduled = false;
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        _wake.Set();
    }

    private static JsonObject Content(string displayId, IReadOnlyDictionary<string, string> bundle) => new()
    {
        ["data"] = NotebookJson.Bundle(bundle),
        ["metadata"] = new JsonObject(),
        ["transient"] = new JsonObject { ["display_id"] = displayId },
    };

    private void Schedule()
    {
        if (_isScheduled) return;
        _isScheduled = true;
        if (_sender is null)
        {
            // Not a timer: a cell may keep the whole pool busy, and its output shows how far it is.
            _sender = new Thread(SendLater) { IsBackground = true, Name = "Jupyter output" };
            _sender.UnsafeStart();
        }

        _wake.Set();
    }

    private void SendLater()
    {
        while (true)
        {
            _wake.WaitOne();
            if (_isDisposed) return;
            Thread.Sleep(Delay);
            Flush();
        }
    }
}
