using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Cli.Tests.Simulate;

/// <summary>A real Slurm of one node on loopback, with ports, a key and folders of its own; all of it is gone after the test.</summary>
internal sealed class SlurmCluster : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slurm-");
    private readonly List<Process> _daemons = [];

    private SlurmCluster(string configuration) => Configuration = configuration;

    /// <summary>What SLURM_CONF has to be for its commands.</summary>
    public string Configuration { get; private set; }

    /// <summary>Starts the cluster and waits until its node takes jobs.</summary>
    public static async Task<SlurmCluster> StartAsync(Func<string, string> find, CancellationToken cancellation)
    {
        var cluster = new SlurmCluster("");
        try
        {
            await cluster.BeginAsync(find, cancellation);
            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>Runs a command of Slurm.</summary>
    public async Task<string> RunAsync(string command, params string[] arguments)
    {
        var (_, output, error) = await ChildProcess.RunAsync(new ProcessStartInfo(command, arguments) { Environment = { ["SLURM_CONF"] = Configuration } });
        return output + error;
    }

    /// <summary>What the daemons wrote, for a test that fails.</summary>
    public string Logs() => string.Join('\n', _folder.GetFiles("*.log").Select(f => $"--- {f.Name}\n{string.Join('\n', File.ReadLines(f.FullName).TakeLast(15))}"));

    public void Dispose()
    {
        if (Configuration.Length > 0)
        {
            using var cancel = ChildProcess.Start(new ProcessStartInfo("scancel", ["--user", Environment.UserName, "--full", "--signal=KILL"]) { Environment = { ["SLURM_CONF"] = Configuration }, RedirectStandardError = true });
            cancel.WaitForExit(5000);
        }
        // The last one started serves the others.
        foreach (var daemon in Enumerable.Reverse(_daemons))
        {
            if (!daemon.HasExited) daemon.Kill(entireProcessTree: true);
            daemon.WaitForExit(5000);
            daemon.Dispose();
        }
        _folder.Delete(recursive: true);
    }

    private async Task BeginAsync(Func<string, string> find, CancellationToken cancellation)
    {
        var at = _folder.FullName;
        foreach (var name in (string[])["state", "spool"]) _folder.CreateSubdirectory(name);
        await File.WriteAllBytesAsync(Path.Combine(at, "munge.key"), RandomNumberGenerator.GetBytes(1024), cancellation);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path.Combine(at, "munge.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var (user, host) = (Environment.UserName, Environment.MachineName.Split('.')[0]);
        int[] ports = FreePorts(2);
        var configuration = Path.Combine(at, "slurm.conf");
        await File.WriteAllTextAsync(configuration, string.Create(CultureInfo.InvariantCulture,
            $"""
            ClusterName=test
            SlurmctldHost={host}(127.0.0.1)
            SlurmctldPort={ports[0]}
            SlurmdPort={ports[1]}
            SlurmUser={user}
            SlurmdUser={user}
            AuthType=auth/munge
            AuthInfo=socket={at}/munge.socket
            CredType=cred/munge
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            JobAcctGatherType=jobacct_gather/none
            AccountingStorageType=accounting_storage/none
            MpiDefault=none
            SelectType=select/cons_tres
            SelectTypeParameters=CR_Core
            SlurmdParameters=config_overrides
            StateSaveLocation={at}/state
            SlurmdSpoolDir={at}/spool
            SlurmctldPidFile={at}/slurmctld.pid
            SlurmdPidFile={at}/slurmd.pid
            SlurmctldLogFile={at}/slurmctld.log
            SlurmdLogFile={at}/slurmd.log
            ReturnToService=2
            KillWait=5
            NodeName={host} NodeAddr=127.0.0.1 CPUs=8 State=UNKNOWN
            PartitionName=main Nodes={host} Default=YES MaxTime=INFINITE State=UP

            """), cancellation);
        Start(find("munged"), "", "--foreground", "--force", "--num-threads=2", $"--key-file={at}/munge.key", $"--socket={at}/munge.socket", $"--pid-file={at}/munged.pid", $"--log-file={at}/munged.log", $"--seed-file={at}/munged.seed");
        await UntilAsync(() => Task.FromResult(File.Exists(Path.Combine(at, "munge.socket"))), cancellation);
        Start(find("slurmctld"), configuration, "-D", "-c");
        Start(find("slurmd"), configuration, "-D");
        Configuration = configuration;
        await UntilAsync(async () => (await RunAsync("sinfo", "--noheader", "--format=%T")).Trim() == "idle", cancellation);
    }

    private void Start(string program, string configuration, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (configuration.Length > 0) start.Environment["SLURM_CONF"] = configuration;
        var process = ChildProcess.Start(start);
        // Read, so that a daemon that says much does not wait for a reader; its log has the same.
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _daemons.Add(process);
    }

    private async Task UntilAsync(Func<Task<bool>> isSo, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        while (!await isSo())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"The cluster did not start.\n{Logs()}");
            await Task.Delay(100, cancellation);
        }
    }

    private static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        foreach (var listener in listeners) listener.Start();
        int[] ports = [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        foreach (var listener in listeners) listener.Dispose();
        return ports;
    }
}
