using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using EmpathyNotebooks.Tests;
using NetMQ;
using NetMQ.Sockets;

namespace EmpathyNotebooks.Jupyter.Tests;

/// <summary>How a kernel starts, with what, and how it ends: each test has one of its own.</summary>
public sealed class LifetimeTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_ready_in_under_two_seconds()
    {
        var (best, work) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var i = 0; i < 5 && best > TimeSpan.FromSeconds(2); i++)
        {
            await using var kernel = new KernelProcess();
            await kernel.Client.ReplyAsync(kernel.Client.Post("kernel_info_request", []));
            best = new[] { best, Stopwatch.GetElapsedTime(kernel.Started) }.Min();
            work = new[] { work, kernel.Process.TotalProcessorTime }.Min();
        }

        // Where other programs keep the machine busy, the clock tells of them; the processor's time is that of the kernel alone.
        TestContext.Current.TestOutputHelper?.WriteLine($"ready after {best.TotalSeconds:F2} s, {work.TotalSeconds:F2} s of a processor");
        Assert.True(best < TimeSpan.FromSeconds(2) || work < TimeSpan.FromSeconds(1), $"{best.TotalSeconds:F2} s, {work.TotalSeconds:F2} s of a processor");
    }

    [Fact]
    public async Task A_lesson_takes_little_memory_before_anybody_types()
    {
        Assert.SkipWhen(!OperatingSystem.IsLinux(), "Memory is read from /proc.");
        await using var kernel = await KernelProcess.ReadyAsync();
        var cells = JsonNode.Parse(await File.ReadAllTextAsync(Repository.PathTo("notebooks", "04-pooling.ipynb"), Stop))!["cells"]!.AsArray()
            .Where(cell => (string)cell!["cell_type"]! == "code").Select(cell => string.Concat(cell!["source"]!.AsArray().Select(line => (string)line!)));
        // All at once, as a front end runs them; without a pause nothing is prepared for completion.
        var requests = cells.Select(cell => kernel.Client.Post("execute_request", JupyterClient.ExecuteContent(cell))).ToList();
        foreach (var request in requests) Assert.Equal("ok", (string)(await kernel.Client.ReplyAsync(request)).Content["status"]!);

        var resident = File.ReadLines($"/proc/{kernel.Process.Id}/status").Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        TestContext.Current.TestOutputHelper?.WriteLine(resident);
        Assert.InRange(int.Parse(string.Concat(resident.Where(char.IsAsciiDigit)), System.Globalization.CultureInfo.InvariantCulture), 100_000, 300 * 1024);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_ends_when_asked_to_also_while_a_cell_runs(bool restart)
    {
        await using var kernel = await KernelProcess.ReadyAsync();
        var id = kernel.Client.Post("execute_request", JupyterClient.ExecuteContent("while (true) { }"));
        await kernel.Client.HearAsync(message => message.Type == "execute_input" && message.ParentId == id);

        var answer = await kernel.Client.AskAsync("shutdown_request", new JsonObject { ["restart"] = restart }, onControl: true);

        Assert.Equal(restart, (bool)answer.Reply.Content["restart"]!);
        Assert.Equal(restart, (bool)answer.Single("shutdown_reply").Content["restart"]!);
        await kernel.Process.WaitForExitAsync(Stop).WaitAsync(JupyterClient.Patience, Stop);
        Assert.Equal(0, kernel.Process.ExitCode);
    }

    [Fact]
    public async Task It_ends_on_the_signal_to_end()
    {
        Signals.Require();
        await using var kernel = await KernelProcess.ReadyAsync();

        Signals.SendTerminate(kernel.Process);

        await kernel.Process.WaitForExitAsync(Stop).WaitAsync(JupyterClient.Patience, Stop);
    }

    [Fact]
    public async Task It_ends_when_the_program_that_started_it_is_gone()
    {
        Signals.Require();
        using var parent = ChildProcess.Start(new ProcessStartInfo("sleep", ["600"]));
        await using var kernel = new KernelProcess(("JPY_PARENT_PID", $"{parent.Id}"));
        await kernel.Client.ReadyAsync();

        parent.Kill();
        await parent.WaitForExitAsync(Stop);

        await kernel.Process.WaitForExitAsync(Stop).WaitAsync(JupyterClient.Patience, Stop);
    }

    [Fact]
    public async Task It_ends_with_the_program_that_started_it_without_a_word_unless_it_is_to_outlive_it()
    {
        Signals.Require();
        var folder = Directory.CreateTempSubdirectory("empathy-orphan-");
        try
        {
            foreach (var (options, ends) in new[] { ("", true), ("--outlive", false) })
            {
                var ports = KernelProcess.FreePorts(5);
                var connection = new JsonObject
                {
                    ["transport"] = "tcp", ["ip"] = "127.0.0.1", ["key"] = "a-secret-key", ["signature_scheme"] = "hmac-sha256",
                    ["shell_port"] = ports[0], ["control_port"] = ports[1], ["iopub_port"] = ports[2], ["stdin_port"] = ports[3], ["hb_port"] = ports[4],
                };
                var file = Path.Combine(folder.FullName, "connection.json");
                await File.WriteAllTextAsync(file, connection.ToJsonString(), Stop);
                var start = new ProcessStartInfo("sh", ["-c", $"'{Host.Kernels.DotNetHost.Path}' '{Program.Assembly}' kernel start '{file}' {options} & echo $!; wait"])
                {
                    RedirectStandardOutput = true, WorkingDirectory = folder.FullName,
                };
                start.Environment["EMPATHY_HISTORY"] = "off";
                start.Environment.Remove("JPY_PARENT_PID");
                using var parent = ChildProcess.Start(start);
                var id = int.Parse((await parent.StandardOutput.ReadLineAsync(Stop))!, System.Globalization.CultureInfo.InvariantCulture);
                using var kernel = Process.GetProcessById(id);
                using var client = new JupyterClient(connection);
                await client.ReadyAsync();

                parent.Kill();
                await parent.WaitForExitAsync(Stop);

                if (ends)
                {
                    await kernel.WaitForExitAsync(Stop).WaitAsync(JupyterClient.Patience, Stop);
                    continue;
                }

                await Task.Delay(3_000, Stop);
                Assert.Equal("42", (await client.ExecuteAsync("6 * 7")).Result);
                await client.AskAsync("shutdown_request", new JsonObject { ["restart"] = false }, onControl: true);
                await kernel.WaitForExitAsync(Stop).WaitAsync(JupyterClient.Patience, Stop);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Cells_know_other_cultures_and_run_in_none_of_them()
    {
        await using var kernel = new KernelProcess(("LANG", "de_DE.UTF-8"));
        await kernel.Client.ReadyAsync();

        Assert.Equal("0.31", (await kernel.Client.ExecuteAsync("0.31")).Result);
        Assert.Equal("0.5", (await kernel.Client.ExecuteAsync("$\"{await Task.Run(() => 0.5.ToString())}\"")).Result);
        var german = await kernel.Client.ExecuteAsync("double.Parse(\"0,31\", new System.Globalization.CultureInfo(\"de-DE\"))");
        if (german.Status == "error") Assert.Contains("Install ICU", german.Reply.Content.ToJsonString());
        else Assert.Equal("0.31", german.Result);
    }

    [Fact]
    public async Task Where_the_system_has_no_cultures_a_cell_that_wants_one_is_told_what_to_do()
    {
        await using var kernel = new KernelProcess(("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1"));
        await kernel.Client.ReadyAsync();

        var answer = await kernel.Client.ExecuteAsync("new System.Globalization.CultureInfo(\"de-DE\")");

        Assert.Equal("System.Globalization.CultureNotFoundException", answer.Reply.Text("ename"));
        Assert.Contains("Install ICU", answer.Reply.Content["traceback"]!.ToJsonString());
    }

    [Fact]
    public async Task Later_sessions_know_the_cells_of_earlier_ones()
    {
        var folder = Directory.CreateTempSubdirectory("empathy-history-");
        try
        {
            await RunAsync("1 + 100", "2 + 100");
            await RunAsync("3 + 100");
            await using var kernel = await Started();
            await kernel.Client.ExecuteAsync("4 + 100");

            Assert.Equal("[[1,2,\"2 + 100\"],[2,1,\"3 + 100\"],[3,1,\"4 + 100\"]]", await History(kernel, "tail", content => content["n"] = 3));
            Assert.Equal("[[2,1,\"3 + 100\"]]", await History(kernel, "range", content => content["session"] = -1));
            Assert.Equal("[[1,1,\"1 + 100\"],[1,2,\"2 + 100\"]]", await History(kernel, "range", content => content["session"] = 1));
            Assert.Equal("[[3,1,\"4 + 100\"]]", await History(kernel, "range", content => content["session"] = 0));
            Assert.Equal("[[1,1,\"1 + 100\"]]", await History(kernel, "search", content => content["pattern"] = "1 +*"));
            var file = Path.Combine(folder.FullName, "empathy-notebooks", "history.json");
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));

            async Task<KernelProcess> Started()
            {
                var started = new KernelProcess(("JUPYTER_DATA_DIR", folder.FullName));
                await started.Client.ReadyAsync();
                return started;
            }

            async Task RunAsync(params string[] cells)
            {
                await using var earlier = await Started();
                foreach (var cell in cells) await earlier.Client.ExecuteAsync(cell);
                await earlier.Client.AskAsync("shutdown_request", new JsonObject { ["restart"] = false }, onControl: true);
                await earlier.Process.WaitForExitAsync(Stop).WaitAsync(JupyterClient.Patience, Stop);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        static async Task<string> History(KernelProcess kernel, string type, Action<JsonObject> change)
        {
            var content = new JsonObject { ["hist_access_type"] = type, ["output"] = false, ["raw"] = true };
            change(content);
            var reply = (await kernel.Client.AskAsync("history_request", content)).Reply;
            return reply.Content["history"]!.ToJsonString().Replace("\\u002B", "+");
        }
    }

    [Fact]
    public async Task Malformed_messages_never_end_it()
    {
        await using var kernel = await KernelProcess.ReadyAsync();
        var client = kernel.Client;
        var random = new Random(20181);
        byte[] Noise(int most)
        {
            var bytes = new byte[random.Next(most)];
            random.NextBytes(bytes);
            return bytes;
        }

        // No message at all, on every way in.
        foreach (var port in new[] { "shell_port", "control_port", "iopub_port", "stdin_port", "hb_port" })
        {
            for (var i = 0; i < 5; i++)
            {
                using var raw = new TcpClient();
                await raw.ConnectAsync(IPAddress.Loopback, (int)kernel.Connection[port]!, Stop);
                await raw.GetStream().WriteAsync(i == 0 ? "GET / HTTP/1.1\r\n\r\n"u8.ToArray() : Noise(300), Stop);
            }

            using var dealer = new DealerSocket($">tcp://127.0.0.1:{kernel.Connection[port]}");
            dealer.Options.Linger = TimeSpan.Zero;
            if (port is "shell_port" or "control_port" or "stdin_port" or "hb_port")
            {
                for (var i = 0; i < 20; i++) dealer.SendMultipartBytes([.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => Noise(50))]);
                await Task.Delay(100, Stop);
            }
        }

        // Rightly signed, wrong inside.
        string[] headers =
        [
            "{}", "[]", "null", "3", "\"text\"", "{", "", "{\"msg_id\":1,\"msg_type\":2}", "{\"msg_id\":\"a\",\"msg_id\":\"b\",\"msg_type\":\"execute_request\"}",
            "{\"msg_id\":\"a\",\"msg_type\":\"execute_request\"}", "{\"msg_id\":\"a\",\"msg_type\":\"complete_request\",\"session\":{}}",
            "{\"msg_id\":\"a\",\"msg_type\":\"no_such_request\"}", "{\"msg_id\":\"a\",\"msg_type\":\"\\ud800\"}",
            new string('[', 5_000),
        ];
        string[] contents =
        [
            "{}", "[]", "null", "{\"code\":7}", "{\"code\":null,\"silent\":\"yes\"}", "{\"code\":\"1\",\"user_expressions\":[]}", "{\"code\":\"x.\",\"cursor_pos\":-5}",
            "{\"code\":\"x.\",\"cursor_pos\":1e99}", "{\"code\":\"\\ud83d\",\"cursor_pos\":1}", "{\"hist_access_type\":[],\"n\":\"many\"}",
            "{\"hist_access_type\":\"search\",\"pattern\":\"[(*\",\"n\":-1}", "{\"comm_id\":{}}", "{\"restart\":\"no\"}", new string('{', 5_000),
        ];
        foreach (var header in headers)
        {
            foreach (var content in contents)
            {
                client.SendRaw(client.Frames(client.Key, Bytes(header), Bytes("{}"), Bytes("{}"), Bytes(content)));
            }
        }

        foreach (var type in new[] { "complete_request", "inspect_request", "is_complete_request", "history_request", "comm_open", "comm_msg", "comm_info_request",
            "execute_request", "interrupt_request", "debug_request", "input_reply" })
        {
            foreach (var content in contents)
            {
                foreach (var onControl in new[] { false, true })
                {
                    client.SendRaw(client.Frames(client.Key, Bytes($"{{\"msg_id\":\"m\",\"msg_type\":\"{type}\"}}"), Bytes("{}"), Bytes("{}"), Bytes(content)), onControl);
                }
            }
        }

        for (var i = 0; i < 300; i++) client.SendRaw(client.Frames(client.Key, Noise(60), Noise(10), Noise(10), Noise(60)), i % 2 == 0);
        for (var i = 0; i < 100; i++) client.SendRaw([.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => random.Next(3) == 0 ? "<IDS|MSG>"u8.ToArray() : Noise(40))]);

        // One of those before may have failed as a cell, and then what was sent after it is aborted.
        await client.ExecuteAsync("1");
        Assert.Equal("42", (await client.ExecuteAsync("6 * 7")).Result);
        Assert.Equal("kernel_info_reply", (await client.AskAsync("kernel_info_request", [], onControl: true)).Reply.Type);
        Assert.False(kernel.Process.HasExited);

        static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
    }

    [Fact]
    public async Task A_cell_that_allocates_without_end_is_stopped_and_the_kernel_goes_on()
    {
        await using var kernel = await KernelProcess.ReadyAsync("--memory-limit", "600");
        await kernel.Client.ExecuteAsync("var kept = 42;");

        var answer = await kernel.Client.ExecuteAsync("var all = new List<byte[]>();\nwhile (true) all.Add(new byte[1_000_000]);");

        Assert.Equal("System.InsufficientMemoryException", answer.Reply.Text("ename"));
        Assert.Contains("beyond the limit of 600 MiB", answer.Reply.Text("evalue"));
        Assert.Equal("42", (await kernel.Client.ExecuteAsync("kept")).Result);
    }

    [Theory]
    [InlineData("{}", "transport is missing")]
    [InlineData("[", "connection.json cannot be used")]
    [InlineData("{\"transport\":\"ipc\",\"key\":\"\",\"ip\":\"x\"}", "transport is \"ipc\"; this kernel speaks tcp.")]
    [InlineData("{\"transport\":\"tcp\",\"key\":\"k\",\"ip\":\"127.0.0.1\",\"signature_scheme\":\"md5\"}", "signature_scheme is \"md5\"")]
    [InlineData("{\"transport\":\"tcp\",\"key\":\"k\",\"ip\":\"127.0.0.1\",\"shell_port\":0}", "shell_port is missing or not a port")]
    [InlineData("{\"transport\":\"tcp\",\"key\":\"k\",\"ip\":\"some host\"}", "ip is \"some host\"")]
    public async Task A_connection_file_that_is_no_good_is_said(string text, string fault)
    {
        var folder = Directory.CreateTempSubdirectory("empathy-connection-");
        try
        {
            var file = Path.Combine(folder.FullName, "connection.json");
            await File.WriteAllTextAsync(file, text, Stop);

            var (code, output) = await Program.EmpathyAsync(["kernel", "start", file]);

            Assert.Equal(2, code);
            Assert.Contains(fault, output);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
