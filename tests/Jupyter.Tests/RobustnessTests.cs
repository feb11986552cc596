using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using EmpathyNotebooks.Tests;
using NetMQ;
using NetMQ.Sockets;

namespace EmpathyNotebooks.Jupyter.Tests;

/// <summary>What must not take the kernel down, keep it from answering, or let anybody else in: one kernel bears all of it.</summary>
public sealed class RobustnessTests(SharedKernel shared) : IClassFixture<SharedKernel>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("while (true) { }", false)]
    [InlineData("while (true) { }", true)]
    [InlineData("System.Threading.Thread.Sleep(-1);", false)]
    [InlineData("await Task.Delay(-1);", true)]
    [InlineData("int n = 0; while (true) { try { n++; } catch { } finally { n--; } }", false)]
    [InlineData("input(\"never answered\")", false)]
    [InlineData("Parallel.For(0, int.MaxValue, i => { while (true) { } });", false)]
    public async Task A_cell_without_end_is_interrupted_in_under_a_second(string code, bool bySignal)
    {
        if (bySignal) Signals.Require();
        var kernel = await shared.AliveAsync();
        await kernel.Client.ExecuteAsync("var kept = 42;");
        var (best, least) = (double.MaxValue, double.MaxValue);
        for (var i = 0; i < 8 && best > 1; i++)
        {
            var id = kernel.Client.Post("execute_request", JupyterClient.ExecuteContent("Console.Write(\"running\"); " + code));
            await kernel.Client.HearAsync(message => message.Type == "stream" && message.ParentId == id);
            // Into the loop or the wait.
            await Task.Delay(100, Stop);
            var (start, work) = (Stopwatch.GetTimestamp(), Work());
            if (bySignal) Signals.SendInterrupt(kernel.Process);
            else Assert.Equal("ok", (await kernel.Client.AskAsync("interrupt_request", [], onControl: true)).Status);
            var answer = await kernel.Client.AnswerAsync(id);
            (best, least) = (Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds), Math.Min(least, Work() - work));
            Assert.Equal(("error", "The cell was interrupted."), (answer.Status, answer.Reply.Text("evalue")));
        }

        // Where other programs keep the machine busy, the clock tells of them; the processor's time is that of the kernel alone.
        Assert.True(best < 1 || (least < 1 && best < 10), $"{best:F2} s, {least:F2} s of a processor");
        Assert.Equal("42", (await kernel.Client.ExecuteAsync("kept")).Result);

        double Work()
        {
            kernel.Process.Refresh();
            return kernel.Process.TotalProcessorTime.TotalSeconds;
        }
    }

    [Fact]
    public async Task The_heart_beats_and_control_answers_while_a_cell_runs()
    {
        var kernel = await shared.AliveAsync();
        var id = kernel.Client.Post("execute_request", JupyterClient.ExecuteContent("while (true) { }"));
        await kernel.Client.HearAsync(message => message.Type == "execute_input" && message.ParentId == id);

        using var heartbeat = new RequestSocket($">tcp://127.0.0.1:{kernel.Connection["hb_port"]}");
        heartbeat.Options.Linger = TimeSpan.Zero;
        heartbeat.SendFrame("ping");
        Assert.True(heartbeat.TryReceiveFrameString(JupyterClient.Patience, out var echo));
        Assert.Equal("ping", echo);
        Assert.Equal("kernel_info_reply", (await kernel.Client.AskAsync("kernel_info_request", [], onControl: true)).Reply.Type);
        await kernel.Client.AskAsync("interrupt_request", [], onControl: true);
        await kernel.Client.AnswerAsync(id);
    }

    [Fact]
    public async Task A_message_that_was_recorded_and_is_sent_again_does_not_run_again()
    {
        var kernel = await shared.AliveAsync();
        await kernel.Client.ExecuteAsync("var times = 0;");
        var recorded = kernel.Client.Frames(kernel.Client.Key, "execute_request", JupyterClient.ExecuteContent("times++;"), out var id);

        kernel.Client.SendRaw(recorded);
        await kernel.Client.HearAsync(message => message.Type == "execute_input" && message.ParentId == id);
        kernel.Client.SendRaw(recorded);
        kernel.Client.SendRaw(recorded);

        Assert.Equal("1", (await kernel.Client.ExecuteAsync("times")).Result);
        Assert.Equal(2, await kernel.LoggedAsync("it has come before", 2));
    }

    [Fact]
    public async Task A_value_that_contains_itself_does_not_take_it_down()
    {
        var kernel = await shared.AliveAsync();

        Assert.Contains("contains itself", (await kernel.Client.ExecuteAsync("var L = new List<object>(); L.Add(L); L")).Result);
        Assert.Equal("42", (await kernel.Client.ExecuteAsync("6 * 7")).Result);
    }

    [Fact]
    public async Task A_message_with_a_wrong_signature_is_dropped()
    {
        var kernel = await shared.AliveAsync();
        foreach (var key in new[] { "another key"u8.ToArray(), [] })
        {
            kernel.Client.SendRaw(kernel.Client.Frames(key, "execute_request", JupyterClient.ExecuteContent("var intruder = 1;"), out _));
        }

        var unsigned = kernel.Client.Frames(kernel.Client.Key, "execute_request", JupyterClient.ExecuteContent("var intruder = 1;"), out _);
        unsigned[1] = [];
        kernel.Client.SendRaw(unsigned);
        var altered = kernel.Client.Frames(kernel.Client.Key, "execute_request", JupyterClient.ExecuteContent("var intruder = 1;"), out _);
        altered[^1] = Encoding.UTF8.GetBytes(JupyterClient.ExecuteContent("var intruder = 2;").ToJsonString());
        kernel.Client.SendRaw(altered);
        kernel.Client.SendRaw(kernel.Client.Frames("another key"u8.ToArray(), "shutdown_request", [], out _), onControl: true);

        Assert.Equal("CompilationError", (await kernel.Client.ExecuteAsync("intruder")).Reply.Text("ename"));
        Assert.Equal(5, await kernel.LoggedAsync("its signature is wrong", 5));
    }

    [Fact]
    public async Task It_listens_only_at_the_address_of_the_connection_file()
    {
        var kernel = await shared.AliveAsync();
        var others = Dns.GetHostAddresses(Dns.GetHostName(), AddressFamily.InterNetwork).Where(address => !address.Equals(IPAddress.Loopback))
            .Append(OperatingSystem.IsLinux() ? IPAddress.Parse("127.0.0.2") : null).OfType<IPAddress>();

        foreach (var port in new[] { "shell_port", "control_port", "iopub_port", "stdin_port", "hb_port" }.Select(name => (int)kernel.Connection[name]!))
        {
            using (var here = new TcpClient()) await here.ConnectAsync(IPAddress.Loopback, port, Stop);
            foreach (var address in others)
            {
                using var there = new TcpClient();
                await Assert.ThrowsAsync<SocketException>(async () => await there.ConnectAsync(address, port, Stop));
            }
        }
    }

    [Fact]
    public async Task A_cell_that_prints_without_end_is_bounded_says_so_and_can_be_interrupted()
    {
        var kernel = await shared.AliveAsync();
        var id = kernel.Client.Post("execute_request", JupyterClient.ExecuteContent("while (true) Console.WriteLine(\"again and again and again\");"));
        await kernel.Client.HearAsync(message => message.Type == "stream" && message.Text("text")!.Contains("what follows is left out"));
        await kernel.Client.AskAsync("interrupt_request", [], onControl: true);

        var answer = await kernel.Client.AnswerAsync(id);

        Assert.Equal("error", answer.Status);
        Assert.Equal(1_000_000, answer.Stream("stdout").Length);
        Assert.Matches(@"\[Left out: [\d,]+ characters\.\]", answer.Stream("stderr"));
        // Not a message for every line.
        Assert.InRange(answer.Broadcasts.Count, 4, 1_000);
    }

    [Fact]
    public async Task A_recursion_without_end_does_not_take_it_down()
    {
        var kernel = await shared.AliveAsync();

        Assert.Equal("System.InsufficientExecutionStackException", (await kernel.Client.ExecuteAsync("int F(int n) => 1 + F(n);\nF(0)")).Reply.Text("ename"));
        Assert.Equal("42", (await kernel.Client.ExecuteAsync("42")).Result);
    }

    [Fact]
    public async Task What_nobody_catches_does_not_take_it_down()
    {
        var kernel = await shared.AliveAsync();

        var answer = await kernel.Client.ExecuteAsync("var at = new TaskCompletionSource(); async void F() { await Task.Yield(); at.SetResult(); throw new Exception(\"void\"); }\nF();\nawait at.Task; await Task.Delay(300);");

        Assert.Equal("void", answer.Reply.Text("evalue"));
        answer = await kernel.Client.ExecuteAsync("var t = new System.Threading.Thread(() => throw new Exception(\"on a thread\"));\nt.Start();\nt.Join();");
        Assert.Equal("ok", answer.Status);
        await kernel.Client.HearAsync(message => message.Type == "stream" && message.Text("text")!.Contains("Unhandled on a thread of a cell: System.Exception: on a thread"));
        Assert.Equal("42", (await kernel.Client.ExecuteAsync("42")).Result);
    }
}
