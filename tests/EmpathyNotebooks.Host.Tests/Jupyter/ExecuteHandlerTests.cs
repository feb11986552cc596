using System.Text.Json.Nodes;
using EmpathyNotebooks.Host.Jupyter;
using EmpathyNotebooks.Host.Kernels;

namespace EmpathyNotebooks.Host.Tests.Jupyter;

/// <summary>How a cell is answered, without a socket between: its broadcasts in order, its reply, its place in the history.</summary>
public sealed class ExecuteHandlerTests : IDisposable
{
    private readonly List<(string Type, JsonObject Content)> _broadcasts = [];
    private readonly List<(string? Prompt, bool IsPassword)> _asked = [];
    private readonly ExecutionHistory _history = new();
    private readonly IopubOutput _output;
    private readonly ReaderInput _reader;
    private readonly ExecuteHandler _handler;

    public ExecuteHandlerTests()
    {
        void Broadcast(string type, JsonObject content)
        {
            lock (_broadcasts)
            {
                _broadcasts.Add((type, (JsonObject)content.DeepClone()));
            }
        }

        _output = new IopubOutput(Broadcast);
        _reader = new ReaderInput((_, type, content) =>
        {
            Assert.Equal("input_request", type);
            _asked.Add(((string?)content["prompt"], (bool)content["password"]!));
            _reader!.Reply(Message(new JsonObject { ["value"] = $"answer {_asked.Count}" }));
        });
        _handler = new ExecuteHandler(new CSharpKernel(new CSharpKernelOptions { Listener = _output, Ask = _reader.AskAsync }), _output, _reader, _history, Broadcast);
    }

    public void Dispose() => _output.Dispose();

    private static JupyterMessage Message(JsonObject content) => new([], [], "execute_request", "session", null, content);

    private async Task<JsonObject> RunAsync(string code, Action<JsonObject>? change = null)
    {
        var content = new JsonObject { ["code"] = code };
        change?.Invoke(content);
        _broadcasts.Clear();
        return await _handler.HandleAsync(Message(content));
    }

    private List<string?> History(Action<JsonObject>? change = null)
    {
        var content = new JsonObject { ["hist_access_type"] = "tail" };
        change?.Invoke(content);
        return [.. _history.Find(Message(content)).Select(entry => entry![2]!.ToJsonString())];
    }

    [Fact]
    public async Task Output_comes_in_its_order_and_the_reply_with_the_count()
    {
        var reply = await RunAsync("Console.Write(\"a\"); Console.Write(\"b\"); Console.Error.Write(\"c\"); var shown = display(1); shown.Update(2); shown.Update(3); 4");
        Assert.Equal(("ok", 1), ((string?)reply["status"], (int)reply["execution_count"]!));
        Assert.Equal("execute_input", _broadcasts[0].Type);
        var streams = _broadcasts.Where(b => b.Type == "stream").ToList();
        Assert.Equal("ab", string.Concat(streams.Where(b => (string?)b.Content["name"] == "stdout").Select(b => (string?)b.Content["text"])));
        Assert.Equal("c", string.Concat(streams.Where(b => (string?)b.Content["name"] == "stderr").Select(b => (string?)b.Content["text"])));
        var display = Assert.Single(_broadcasts, b => b.Type == "display_data").Content;
        var updates = _broadcasts.Where(b => b.Type == "update_display_data").ToList();
        Assert.Equal("3", (string?)updates[^1].Content["data"]!["text/plain"]);
        Assert.All(updates, u => Assert.Equal((string?)display["transient"]!["display_id"], (string?)u.Content["transient"]!["display_id"]));
        var (last, result) = _broadcasts[^1];
        Assert.Equal(("execute_result", "4", 1), (last, (string?)result["data"]!["text/plain"], (int)result["execution_count"]!));
        Assert.Equal(2, (int)(await RunAsync("5"))["execution_count"]!);
    }

    [Fact]
    public async Task A_silent_cell_shows_nothing_is_not_counted_and_not_kept()
    {
        var reply = await RunAsync("var hidden = 6; hidden", content => content["silent"] = true);
        Assert.Equal(("ok", 0), ((string?)reply["status"], (int)reply["execution_count"]!));
        Assert.DoesNotContain(_broadcasts, b => b.Type is "execute_input" or "execute_result");
        Assert.Empty(History());
        await RunAsync("hidden + 1", content => content["store_history"] = false);
        Assert.Empty(History());
    }

    [Fact]
    public async Task An_error_is_broadcast_and_replied_in_the_same_words()
    {
        var reply = await RunAsync("var x = 1;\nthrow new InvalidOperationException(\"so it is\");");
        var error = Assert.Single(_broadcasts, b => b.Type == "error").Content;
        Assert.Equal(("error", "so it is"), ((string?)reply["status"], (string?)reply["evalue"]));
        Assert.Equal(error["ename"]!.ToJsonString(), reply["ename"]!.ToJsonString());
        Assert.Equal(error["traceback"]!.ToJsonString(), reply["traceback"]!.ToJsonString());
        Assert.Contains("line 2", error["traceback"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(["\"var x = 1;\\nthrow new InvalidOperationException(\\u0022so it is\\u0022);\""], History());
    }

    [Fact]
    public async Task Expressions_beside_a_cell_have_a_value_or_an_error_of_their_own()
    {
        var reply = await RunAsync("var y = 20;", content => content["user_expressions"] = new JsonObject { ["good"] = "y + 1", ["bad"] = "noSuchName" });
        Assert.Equal("21", (string?)reply["user_expressions"]!["good"]!["data"]!["text/plain"]);
        Assert.Equal(("ok", "error"), ((string?)reply["user_expressions"]!["good"]!["status"], (string?)reply["user_expressions"]!["bad"]!["status"]));
        Assert.Contains("noSuchName", (string?)reply["user_expressions"]!["bad"]!["evalue"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cell_asks_its_reader_and_is_refused_where_the_front_end_takes_no_answer()
    {
        await RunAsync("Console.Write(input(\"Name?\") + password(\"Word?\"));");
        Assert.Equal([("Name?", false), ("Word?", true)], _asked);
        Assert.Equal("answer 1answer 2", (string?)_broadcasts.Last(b => b.Type == "stream").Content["text"]);
        var refused = await RunAsync("input(\"Name?\")", content => content["allow_stdin"] = false);
        Assert.Contains("does not take any (allow_stdin is false)", (string?)refused["evalue"], StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _reader.AskAsync("?", false, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_running_cell_is_interrupted_and_the_next_one_runs()
    {
        _handler.Interrupt();
        var running = RunAsync("Console.Write(\"begun\"); while (true) { }");
        for (var seen = false; !seen; await Task.Delay(10, TestContext.Current.CancellationToken))
        {
            lock (_broadcasts) seen = _broadcasts.Any(b => b.Type == "stream");
        }
        _handler.Interrupt();
        Assert.Equal("error", (string?)(await running)["status"]);
        Assert.Equal("ok", (string?)(await RunAsync("1 + 1"))["status"]);
    }

    [Fact]
    public void Cells_are_found_by_tail_range_and_pattern_across_sessions()
    {
        var folder = Directory.CreateTempSubdirectory("empathy-history-");
        try
        {
            var log = new StringWriter();
            ExecutionHistory Session() => new(new HistoryFile(Path.Combine(folder.FullName, "kept", "history.json"), log));
            var earlier = Session();
            earlier.Add(1, "1 + 100", "101");
            earlier.Add(2, "[a.b]", null);
            earlier.Save();
            var now = Session();
            now.Add(1, "2 + 100", "102");
            now.Add(2, "1 + 100", "101");
            string Find(JsonObject content) => now.Find(Message(content)).ToJsonString().Replace("\\u002B", "+", StringComparison.Ordinal);

            Assert.Equal("""[[2,1,"2 + 100"],[2,2,"1 + 100"]]""", Find(new() { ["hist_access_type"] = "tail", ["n"] = 2 }));
            Assert.Equal("""[[2,1,["2 + 100","102"]]]""", Find(new() { ["hist_access_type"] = "range", ["session"] = 0, ["start"] = 1, ["stop"] = 2, ["output"] = true }));
            Assert.Equal("""[[1,1,"1 + 100"],[1,2,"[a.b]"]]""", Find(new() { ["hist_access_type"] = "range", ["session"] = -1 }));
            Assert.Equal("""[[1,2,"[a.b]"]]""", Find(new() { ["hist_access_type"] = "range", ["session"] = 1, ["start"] = 2 }));
            Assert.Equal("""[[2,1,"2 + 100"],[2,2,"1 + 100"]]""", Find(new() { ["hist_access_type"] = "search", ["pattern"] = "? + 100", ["unique"] = true }));
            // Characters that mean something to a regular expression are themselves.
            Assert.Equal("""[[1,2,"[a.b]"]]""", Find(new() { ["hist_access_type"] = "search", ["pattern"] = "[a.?]" }));
            Assert.Equal("""[[2,2,"1 + 100"]]""", Find(new() { ["hist_access_type"] = "search", ["pattern"] = "1*", ["n"] = 1 }));
            Assert.Equal("", log.ToString());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_history_that_cannot_be_kept_is_said_once_and_a_damaged_one_is_as_none()
    {
        var folder = Directory.CreateTempSubdirectory("empathy-history-");
        try
        {
            var damaged = Path.Combine(folder.FullName, "history.json");
            File.WriteAllText(damaged, "{ no list");
            var log = new StringWriter();
            Assert.Empty(new HistoryFile(damaged, log).Read());
            // Where a file stands in the place of its folder.
            var history = new ExecutionHistory(new HistoryFile(Path.Combine(damaged, "history.json"), log));
            history.Add(1, "1", null);
            history.Save();
            Assert.StartsWith("The history is not kept: ", Assert.Single(log.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
            Assert.Single(history.Find(Message(new JsonObject { ["hist_access_type"] = "tail" })));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
