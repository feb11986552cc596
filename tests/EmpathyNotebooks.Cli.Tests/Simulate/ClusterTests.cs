using System.Diagnostics;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Cli.Tests.Simulate;

/// <summary>Shards run by a real Slurm and by GNU parallel give the bytes of one run.</summary>
public sealed class ClusterTests : SimulationFolder
{
    [Fact]
    public async Task A_job_array_with_a_task_killed_and_queued_again_gives_the_bytes_of_one_run()
    {
        RequireTools("slurmctld", "slurmd", "sbatch", "scontrol", "scancel", "sinfo", "munged");
        var token = TestContext.Current.CancellationToken;
        await File.WriteAllTextAsync(At("design.json"), Design.Replace("4500", "16000", StringComparison.Ordinal), token);
        using var cluster = await SlurmCluster.StartAsync(name => Find(name)!, token);
        var start = Program(At("design.json"), "--out", At("array"), "--slurm", "--shards", "8", "--time", "00:10:00");
        start.Environment["SLURM_CONF"] = cluster.Configuration;
        var (_, said, fault) = await ChildProcess.RunAsync(start);
        Assert.Matches(@"^Submitted job array 1 of 8 tasks, and job 2, which waits for it and writes .*simulation\.csv\.\s*$", said + fault);

        // Task 5 is killed in the middle: a block is done and kept.
        await UntilAsync(() => Array.Exists(Directory.GetFiles(At("array"), "shard-5-of-8.*"), f => new FileInfo(f).Length > 3500), cluster);
        Assert.Equal("", await cluster.RunAsync("scontrol", "requeue", "1_5"));
        var whole = await OfOneRunAsync();
        // Slurm lets a task that was queued again wait for two minutes; an administrator's word shortens that.
        await UntilAsync(() =>
        {
            if (File.Exists(At("array", "simulation.parquet"))) return true;
            cluster.RunAsync("scontrol", "update", "JobId=1_5", "StartTime=now").Wait(token);
            return false;
        }, cluster);

        var log = await File.ReadAllTextAsync(At("array", "slurm-1_5.log"), token);
        Assert.Contains("DUE TO JOB REQUEUE", log, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^[1-8] of 8 blocks were there already\.", log);
        Assert.Equal(whole, Results("array"));
        Assert.Equal(8, Directory.GetFiles(At("array"), "shard-*-of-8.sums").Length);
    }

    [Fact]
    public async Task GNU_parallel_gives_the_bytes_of_one_run()
    {
        RequireTools("parallel", "bash");
        var said = await GoodAsync(At("design.json"), "--out", At("with spaces"), "--parallel", "--shards", "3");
        Assert.Equal(3, File.ReadAllLines(At("with spaces", "commands.txt")).Length);
        var command = said.Trim().Split('\n')[1];
        Assert.StartsWith("parallel --halt soon,fail=1 < '", command, StringComparison.Ordinal);

        var (code, output, error) = await ChildProcess.RunAsync(new ProcessStartInfo("bash", ["-c", command]));
        Assert.True(code == 0, error);
        Assert.Contains("18,000 simulated meta-analyses", output, StringComparison.Ordinal);

        Assert.Equal(await OfOneRunAsync(), Results("with spaces"));
    }

    [Fact]
    public async Task Scripts_say_what_was_asked_and_nothing_is_submitted_by_a_dry_run()
    {
        Assert.Contains("Nothing was submitted", await GoodAsync(At("design.json"), "--out", At("dry"), "--slurm", "--dry-run", "--shards", "4", "--threads", "2", "--partition", "short", "--account", "a1", "--mem", "1G", "--sbatch=--qos=low"), StringComparison.Ordinal);
        var array = (await File.ReadAllTextAsync(At("dry", "array.sbatch"), TestContext.Current.CancellationToken)).Replace(At("dry"), "DIR", StringComparison.Ordinal).Split('\n');
        Assert.Equal(
        [
            "#!/bin/bash", "#SBATCH --job-name=empathy-simulate", "#SBATCH --array=1-4", "#SBATCH --cpus-per-task=2", "#SBATCH --requeue", "#SBATCH --open-mode=append", "#SBATCH --output=\"DIR/slurm-%A_%a.log\"",
            "#SBATCH --partition=short", "#SBATCH --account=a1", "#SBATCH --mem=1G", "#SBATCH --qos=low", "# A task that is killed and queued again goes on where it stopped.",
        ], array[..12]);
        Assert.Matches(@"^exec .*empathy.* simulate DIR/design\.json --out DIR --shard ""\$SLURM_ARRAY_TASK_ID/4"" --threads 2$", array[12]);
        Assert.Contains("#SBATCH --partition=short", await File.ReadAllTextAsync(At("dry", "merge.sbatch"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("shards: 21 parts are more", await FaultAsync(At("design.json"), "--out", At("dry"), "--slurm", "--shards", "21"), StringComparison.Ordinal);
        Assert.Contains("cannot name a folder with quotation marks", await FaultAsync(At("design.json"), "--out", At("a\"b"), "--slurm", "--dry-run"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(At("a\"b")));
    }

    private static async Task UntilAsync(Func<bool> isSo, SlurmCluster cluster)
    {
        var watch = Stopwatch.StartNew();
        while (!isSo())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(90), $"It took too long.\n{cluster.Logs()}");
            await Task.Delay(150, TestContext.Current.CancellationToken);
        }
    }
}
