using System.Text.Json.Nodes;

namespace EmpathyNotebooks.Jupyter.Tests;

/// <summary>A kernel shared by tests that leave it as they found it, but for variables of their own.</summary>
public sealed class SharedKernel : IAsyncLifetime
{
    internal KernelProcess Process { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Process = await KernelProcess.ReadyAsync();

    /// <summary>The kernel; a new one should a test have ended it, so that the next one tells of itself alone.</summary>
    internal async Task<KernelProcess> AliveAsync()
    {
        if (!Process.Process.HasExited) return Process;
        await Process.DisposeAsync();
        return Process = await KernelProcess.ReadyAsync();
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}

/// <summary>Jupyter's messaging 5.3, request by request.</summary>
public sealed class ProtocolTests(SharedKernel shared) : IClassFixture<SharedKernel>
{
    private readonly JupyterClient _client = shared.Process.Client;

    [Fact]
    public async Task It_says_what_it_is()
    {
        var info = (await _client.AskAsync("kernel_info_request", [])).Reply;

        Assert.Equal("kernel_info_reply", info.Type);
        Assert.Equal(("ok", "5.3", "EmpathyNotebooks"), (info.Text("status"), info.Text("protocol_version"), info.Text("implementation")));
        Assert.Equal(("C#", ".cs"), ((string?)info.Content["language_info"]!["name"], (string?)info.Content["language_info"]!["file_extension"]));
        Assert.NotEmpty(info.Text("banner")!);
        Assert.Equal("kernel_info_reply", (await _client.AskAsync("kernel_info_request", [], onControl: true)).Reply.Type);
    }

    [Fact]
    public async Task A_cell_is_answered_in_the_order_of_the_protocol()
    {
        var answer = await _client.ExecuteAsync("Console.Write(\"a\"); Console.WriteLine(\"b\"); Console.Error.Write(\"e\"); display(\"shown\"); 6 * 7");

        Assert.Equal(["status", "execute_input", "stream", "stream", "display_data", "execute_result", "status"], answer.Types);
        Assert.Equal(("busy", "idle"), (answer.Broadcasts[0].Text("execution_state"), answer.Broadcasts[^1].Text("execution_state")));
        Assert.Equal(("ab\n", "e", "42"), (answer.Stream("stdout"), answer.Stream("stderr"), answer.Result));
        var count = (int)answer.Reply.Content["execution_count"]!;
        Assert.Equal("ok", answer.Status);
        Assert.Equal(count, (int)answer.Single("execute_input").Content["execution_count"]!);
        Assert.Equal(count, (int)answer.Single("execute_result").Content["execution_count"]!);
        Assert.Equal("shown", (string?)answer.Single("display_data").Content["data"]!["text/plain"]);
        Assert.NotEmpty((string)answer.Single("display_data").Content["transient"]!["display_id"]!);
        Assert.Equal(count + 1, (int)(await _client.ExecuteAsync("1")).Reply.Content["execution_count"]!);
    }

    [Fact]
    public async Task A_silent_cell_shows_nothing_and_is_not_counted()
    {
        var before = (int)(await _client.ExecuteAsync("1")).Reply.Content["execution_count"]!;

        var silent = await _client.ExecuteAsync("var quiet = 5; Console.Write(\"x\"); display(1); quiet", content => content["silent"] = true);
        var unstored = await _client.ExecuteAsync("quiet", content => content["store_history"] = false);

        Assert.Equal(["status", "status"], silent.Types);
        Assert.Equal("ok", silent.Status);
        Assert.Equal("5", unstored.Result);
        Assert.Equal(before, (int)unstored.Reply.Content["execution_count"]!);
        Assert.Equal(before + 1, (int)(await _client.ExecuteAsync("1")).Reply.Content["execution_count"]!);
        var history = (await _client.AskAsync("history_request", new JsonObject { ["hist_access_type"] = "tail", ["n"] = 2, ["output"] = false, ["raw"] = true })).Reply;
        Assert.Equal(["1", "1"], history.Content["history"]!.AsArray().Select(entry => (string?)entry![2]));
    }

    [Fact]
    public async Task An_error_is_short_and_names_the_line()
    {
        var answer = await _client.ExecuteAsync("var a = 1;\nint.Parse(\"abc\");");

        Assert.Equal("error", answer.Status);
        var error = answer.Single("error");
        Assert.Equal("System.FormatException", error.Text("ename"));
        Assert.Equal(error.Content["traceback"]!.ToJsonString(), answer.Reply.Content["traceback"]!.ToJsonString());
        var lines = error.Content["traceback"]!.AsArray().Select(line => (string?)line).ToList();
        Assert.Equal(2, lines.Count);
        Assert.Matches(@"^  cell \[\d+\], line 2: int\.Parse\(""abc""\);$", lines[1]);
        Assert.DoesNotContain(answer.Types, type => type == "execute_result");
    }

    [Fact]
    public async Task Expressions_are_evaluated_beside_the_cell()
    {
        var answer = await _client.ExecuteAsync("var studies = 82;", content => content["user_expressions"] = new JsonObject
        {
            ["twice"] = "studies * 2", ["wrong"] = "nothing", ["thrown"] = "int.Parse(\"x\")", ["number"] = 3,
        });

        var values = answer.Reply.Content["user_expressions"]!;
        Assert.Equal(("ok", "164"), ((string?)values["twice"]!["status"], (string?)values["twice"]!["data"]!["text/plain"]));
        Assert.Equal(("error", "CompilationError"), ((string?)values["wrong"]!["status"], (string?)values["wrong"]!["ename"]));
        Assert.Equal("System.FormatException", (string?)values["thrown"]!["ename"]);
        Assert.Equal("ok", answer.Status);
    }

    [Fact]
    public async Task After_an_error_the_cells_that_wait_are_aborted_unless_asked_otherwise()
    {
        var failing = _client.Post("execute_request", JupyterClient.ExecuteContent("await Task.Delay(300); throw new Exception();"));
        var waiting = _client.Post("execute_request", JupyterClient.ExecuteContent("var mustNotBe = 1;"));
        var question = _client.Post("is_complete_request", new JsonObject { ["code"] = "1" });

        Assert.Equal("error", (await _client.AnswerAsync(failing)).Status);
        Assert.Equal("aborted", (await _client.AnswerAsync(waiting)).Status);
        Assert.Equal("complete", (await _client.AnswerAsync(question)).Status);
        Assert.Equal("error", (await _client.ExecuteAsync("mustNotBe")).Status);

        failing = _client.Post("execute_request", JupyterClient.ExecuteContent("await Task.Delay(300); throw new Exception();", content => content["stop_on_error"] = false));
        waiting = _client.Post("execute_request", JupyterClient.ExecuteContent("1"));
        Assert.Equal("error", (await _client.AnswerAsync(failing)).Status);
        Assert.Equal("ok", (await _client.AnswerAsync(waiting)).Status);
    }

    [Fact]
    public async Task A_display_is_updated_by_its_id_within_its_cell_and_from_a_later_one()
    {
        var first = await _client.ExecuteAsync("var place = display(\"one\"); await Task.Delay(200); place.Update(\"two\");");
        var second = await _client.ExecuteAsync("place.Update(HTML(\"<b>three</b>\"));");

        var id = (string?)first.Single("display_data").Content["transient"]!["display_id"];
        Assert.Equal("one", (string?)first.Single("display_data").Content["data"]!["text/plain"]);
        Assert.Equal((id, "two"), Update(first));
        Assert.Equal((id, "<b>three</b>"), Update(second));

        static (string? Id, string? Text) Update(Answer answer)
        {
            var content = answer.Single("update_display_data").Content;
            return ((string?)content["transient"]!["display_id"], (string?)content["data"]!["text/plain"]);
        }
    }

    [Fact]
    public async Task JSON_is_sent_as_JSON() =>
        Assert.Equal("[1,2]", (await _client.ExecuteAsync("display(new[] { 1, 2 }, \"application/json\");")).Single("display_data").Content["data"]!["application/json"]!.ToJsonString());

    [Fact]
    public async Task Half_of_a_surrogate_pair_can_be_printed() =>
        Assert.Equal(2, (await _client.ExecuteAsync("Console.Write(\"\\ud83d!\");")).Stream("stdout").Length);

    [Fact]
    public async Task Code_is_completed_with_what_earlier_cells_have_made()
    {
        await _client.ExecuteAsync("#r \"EmpathyNotebooks.Interactive.dll\"\nusing EmpathyNotebooks.MetaAnalysis;\nvar myEffects = new List<double>(); record Study(string Name, double Effect);");

        Assert.Contains("myEffects", await Complete("1 + myEf", 8));
        Assert.Contains("AddRange", await Complete("myEffects.Add", 13));
        Assert.Contains("Effect", await Complete("new Study(\"a\", 1).Eff", 21));
        Assert.Contains("RandomEffects", await Complete("var fit = RandomEff", 19));
        Assert.Contains("Fit", await Complete("RandomEffects.", 14));
        Assert.Contains("#!time", await Complete("#!ti", 4));
        Assert.Empty(await Complete("\"in a string.Le", 15));

        // Characters outside the basic plane count as one for Jupyter.
        var reply = (await _client.AskAsync("complete_request", new JsonObject { ["code"] = "var s = \"😀\"; myEff + 1", ["cursor_pos"] = 18 })).Reply;
        Assert.Equal((13, 18), ((int)reply.Content["cursor_start"]!, (int)reply.Content["cursor_end"]!));
        Assert.Contains("myEffects", reply.Content["matches"]!.AsArray().Select(match => (string?)match));
    }

    [Fact]
    public async Task A_directive_is_completed_with_packages_of_this_machine_and_never_with_names_of_the_language()
    {
        var packages = await Complete("#r \"nuget: Newton", 17);
        Assert.All(packages, name => Assert.StartsWith("newton", name, StringComparison.OrdinalIgnoreCase));
        Assert.Empty(await Complete("#r \"nuget: NoSuchPackageAnywhere", 32));
        Assert.Empty(await Complete("#r \"../artifacts/lib/Emp", 24));
        Assert.Empty(await Complete("#!time Con", 10));
        Assert.Contains("#r", await Complete("#", 1));
    }

    private async Task<List<string?>> Complete(string code, int position)
    {
        var reply = (await _client.AskAsync("complete_request", new JsonObject { ["code"] = code, ["cursor_pos"] = position })).Reply;
        Assert.Equal("ok", reply.Text("status"));
        return [.. reply.Content["matches"]!.AsArray().Select(match => (string?)match)];
    }

    [Fact]
    public async Task Help_shows_declaration_overloads_and_documentation()
    {
        await _client.ExecuteAsync("#r \"EmpathyNotebooks.Interactive.dll\"\nusing EmpathyNotebooks.MetaAnalysis;\nvar someText = \"abc\";");

        var (plain, html) = await Inspect("RandomEffects.Fit(", 18);
        Assert.Contains("PooledFit RandomEffects.Fit(StudyEffects effects", plain);
        Assert.Contains("effects:", plain);
        Assert.Contains("throws InsufficientStudiesException", plain);
        Assert.Contains("<code>", html);
        Assert.True((await Inspect("Math.Max(1, 2)", 7)).Plain.Split("Math.Max(").Length > 5, "overloads are missing");
        Assert.StartsWith("string someText", (await Inspect("someText.Length", 4)).Plain);
        Assert.Contains("int string.Length", (await Inspect("someText.Length", 15)).Plain);
        Assert.Contains("Says how long", (await Inspect("#!time", 3)).Plain);
        Assert.Contains("new RandomEffectsOptions", (await Inspect("new RandomEffectsOptions(", 25)).Plain.Replace("RandomEffectsOptions.RandomEffectsOptions", "new RandomEffectsOptions"));
        var nothing = (await _client.AskAsync("inspect_request", new JsonObject { ["code"] = "   ", ["cursor_pos"] = 1, ["detail_level"] = 0 })).Reply;
        Assert.False((bool)nothing.Content["found"]!);
    }

    private async Task<(string Plain, string Html)> Inspect(string code, int position)
    {
        var reply = (await _client.AskAsync("inspect_request", new JsonObject { ["code"] = code, ["cursor_pos"] = position, ["detail_level"] = 0 })).Reply;
        Assert.True((bool)reply.Content["found"]!, code);
        return ((string)reply.Content["data"]!["text/plain"]!, (string)reply.Content["data"]!["text/html"]!);
    }

    [Theory]
    [InlineData("1 + 1", "complete", null)]
    [InlineData("#!time\n1 + 1", "complete", null)]
    [InlineData("#!markdown\nwords that are no C#", "complete", null)]
    [InlineData("if (true)\n{\n    foreach (var i in x)\n    {", "incomplete", "        ")]
    [InlineData("Console.WriteLine(", "incomplete", "")]
    [InlineData("int x = ;", "invalid", null)]
    [InlineData("1+)", "invalid", null)]
    [InlineData("Fit(x[1)", "invalid", null)]
    [InlineData("var s = $\"{a[0]}\"; // :-)", "complete", null)]
    [InlineData("Fit(new { a = x[1], // :-)", "incomplete", "    ")]
    public async Task Code_is_complete_or_not(string code, string status, string? indent)
    {
        var reply = (await _client.AskAsync("is_complete_request", new JsonObject { ["code"] = code })).Reply;

        Assert.Equal((status, indent), (reply.Text("status"), reply.Text("indent")));
    }

    [Fact]
    public async Task History_is_found_by_tail_range_and_search()
    {
        var first = (int)(await _client.ExecuteAsync("1 + 100")).Reply.Content["execution_count"]!;
        await _client.ExecuteAsync("2 + 100");
        await _client.ExecuteAsync("1 + 100");

        Assert.Equal(["2 + 100", "1 + 100"], await History("tail", content => content["n"] = 2));
        Assert.Equal(["1 + 100", "2 + 100"], await History("range", content => (content["session"], content["start"], content["stop"]) = (0, first, first + 2)));
        Assert.Equal(["2 + 100", "1 + 100"], await History("search", content => (content["pattern"], content["unique"], content["n"]) = ("? + 100", true, 9)));
        Assert.Equal(["1 + 100"], await History("search", content => (content["pattern"], content["n"]) = ("1*", 1)));
        var reply = await _client.AskAsync("history_request", new JsonObject { ["hist_access_type"] = "tail", ["n"] = 1, ["output"] = true });
        Assert.Equal("[\"1 \\u002B 100\",\"101\"]", reply.Reply.Content["history"]![0]![2]!.ToJsonString());
    }

    private async Task<List<string?>> History(string type, Action<JsonObject> change)
    {
        var content = new JsonObject { ["hist_access_type"] = type, ["output"] = false, ["raw"] = true };
        change(content);
        var reply = (await _client.AskAsync("history_request", content)).Reply;
        return [.. reply.Content["history"]!.AsArray().Select(entry => (string?)entry![2])];
    }

    [Fact]
    public async Task There_are_no_comms_and_one_that_is_opened_is_closed()
    {
        Assert.Equal("{}", (await _client.AskAsync("comm_info_request", [])).Reply.Content["comms"]!.ToJsonString());

        var id = _client.Post("comm_open", new JsonObject { ["comm_id"] = "c-1", ["target_name"] = "jupyter.widget", ["data"] = new JsonObject() });

        Assert.Equal("c-1", (await _client.HearAsync(message => message.Type == "comm_close" && message.ParentId == id)).Text("comm_id"));
    }

    [Fact]
    public async Task A_cell_can_ask_its_reader()
    {
        var asked = new List<(string?, bool)>();
        _client.OnInput = message =>
        {
            asked.Add((message.Text("prompt"), (bool)message.Content["password"]!));
            return $"answer {asked.Count}";
        };

        var answer = await _client.ExecuteAsync(
            "Console.WriteLine(input(\"Name?\")); Console.WriteLine(password(\"Word?\")); Console.WriteLine(Console.ReadLine()); await GetInputAsync(\"More?\")");

        Assert.Equal([("Name?", false), ("Word?", true), ("", false), ("More?", false)], asked);
        Assert.Equal("answer 1\nanswer 2\nanswer 3\n", answer.Stream("stdout"));
        Assert.Equal("answer 4", answer.Result);
        var refused = await _client.ExecuteAsync("input(\"Name?\")", content => content["allow_stdin"] = false);
        Assert.Contains("does not take any", refused.Reply.Text("evalue"));
    }

    [Fact]
    public async Task What_a_thread_writes_goes_to_the_cell_that_is_running()
    {
        // A thread that carries nothing of the cell that started it, as those of libraries do.
        var first = await _client.ExecuteAsync(
            """
            var go = new System.Threading.ManualResetEventSlim(); var done = new System.Threading.ManualResetEventSlim();
            new System.Threading.Thread(() => { go.Wait(); Console.WriteLine("from elsewhere"); display("value"); done.Set(); }) { IsBackground = true }.UnsafeStart();
            """);
        var second = await _client.ExecuteAsync("go.Set(); done.Wait();");

        Assert.Equal("", first.Stream("stdout"));
        Assert.Equal("from elsewhere\n", second.Stream("stdout"));
        Assert.Equal("value", (string?)second.Single("display_data").Content["data"]!["text/plain"]);
    }
}
