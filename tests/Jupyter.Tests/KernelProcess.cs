using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Jupyter.Tests;

/// <summary>The program as it was built, beside these tests.</summary>
internal static class Program
{
    /// <summary>The folder of the command line's own build, which holds nothing of the tests.</summary>
    public static string Folder { get; } = Repository.PathTo(["src", "EmpathyNotebooks.Cli", "bin",
        .. AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar).Split(Path.DirectorySeparatorChar)[^2..]]);

    public static string Assembly { get; } = Path.Combine(Folder, "empathy.dll");

    /// <summary>Runs a program to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string file, IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null, string? folder = null)
    {
        var start = new ProcessStartInfo(file, arguments) { WorkingDirectory = folder ?? "" };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        var (code, output, error) = await ChildProcess.RunAsync(start);
        return (code, output + error);
    }

    /// <summary>Runs the command line.</summary>
    public static Task<(int ExitCode, string Output)> EmpathyAsync(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null,
        string? folder = null) => RunAsync(Host.Kernels.DotNetHost.Path, [Assembly, .. arguments], environment, folder);
}

/// <summary>A live kernel in a process of its own, and a front end that speaks with it.</summary>
internal sealed class KernelProcess : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("empathy-kernel-");
    private readonly Process _process;

    /// <summary>Starts it. It keeps no history, which would be that of the user who runs the tests, unless told where.</summary>
    public KernelProcess((string Name, string Value) environment = default, params string[] options)
    {
        var ports = FreePorts(5);
        Connection = new JsonObject
        {
            ["transport"] = "tcp", ["ip"] = "127.0.0.1", ["key"] = "a-secret-key", ["signature_scheme"] = "hmac-sha256",
            ["shell_port"] = ports[0], ["control_port"] = ports[1], ["iopub_port"] = ports[2], ["stdin_port"] = ports[3], ["hb_port"] = ports[4],
        };
        var file = Path.Combine(_folder.FullName, "connection.json");
        File.WriteAllText(file, Connection.ToJsonString());
        var start = new ProcessStartInfo(Host.Kernels.DotNetHost.Path)
        {
            WorkingDirectory = _folder.FullName, RedirectStandardError = true,
        };
        foreach (var argument in new[] { Program.Assembly, "kernel", "start", file }.Concat(options)) start.ArgumentList.Add(argument);
        if (environment.Name != "JUPYTER_DATA_DIR") start.Environment["EMPATHY_HISTORY"] = "off";
        if (environment.Name is not null) start.Environment[environment.Name] = environment.Value;
        Started = Stopwatch.GetTimestamp();
        _process = Signals.Start(start);
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (Log)
            {
                if (line.Data is not null) Log.Add(line.Data);
            }
        };
        _process.BeginErrorReadLine();
        Client = new JupyterClient(Connection);
    }

    public JsonObject Connection { get; }

    public JupyterClient Client { get; }

    public long Started { get; }

    public List<string> Log { get; } = [];

    public Process Process => _process;

    public string Folder => _folder.FullName;

    /// <summary>A kernel that has answered its first question.</summary>
    public static async Task<KernelProcess> ReadyAsync(params string[] options)
    {
        var kernel = new KernelProcess(default, options);
        await kernel.Client.ReadyAsync();
        return kernel;
    }

    /// <summary>How many lines of its log hold a text, once there are as many as are expected; lines come a little after the answers.</summary>
    public async Task<int> LoggedAsync(string text, int expected)
    {
        for (var start = Stopwatch.GetTimestamp(); ; await Task.Delay(20))
        {
            int count;
            lock (Log)
            {
                count = Log.Count(line => line.Contains(text, StringComparison.Ordinal));
            }

            if (count >= expected || Stopwatch.GetElapsedTime(start) > JupyterClient.Patience) return count;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    public static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        foreach (var listener in listeners) listener.Start();
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        foreach (var listener in listeners) listener.Stop();
        return ports;
    }
}
