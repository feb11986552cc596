using System.Diagnostics;
using System.Globalization;

namespace EmpathyNotebooks.Cli.Simulate;

/// <summary>What a user says about a cluster; all of it goes to <c>sbatch</c> as it is.</summary>
internal sealed record SlurmChoices(string? Partition, string? Account, string? Time, string? Memory, IReadOnlyList<string> Further);

/// <summary>Writes what runs the shards of a study elsewhere: a job array and a merge for Slurm, a list of commands for GNU parallel.</summary>
internal static class ClusterScripts
{
    public const string Array = "array.sbatch", Merge = "merge.sbatch", Commands = "commands.txt";

    /// <summary>The job array, a task a shard.</summary>
    public static string ArrayJob(string folder, int shards, int threads, SlurmChoices choices) =>
        $"""
        #!/bin/bash
        #SBATCH --job-name=empathy-simulate
        #SBATCH --array=1-{Text(shards)}
        #SBATCH --cpus-per-task={Text(threads)}
        #SBATCH --requeue
        #SBATCH --open-mode=append
        #SBATCH --output="{folder.Replace("%", "%%", StringComparison.Ordinal)}/slurm-%A_%a.log"
        {Lines(choices)}# A task that is killed and queued again goes on where it stopped.
        exec {Program()} simulate {Quoted(folder + "/" + ShardRun.DesignName)} --out {Quoted(folder)} --shard "$SLURM_ARRAY_TASK_ID/{Text(shards)}" --threads {Text(threads)}

        """;

    /// <summary>The job that adds up the shards.</summary>
    public static string MergeJob(string folder, SlurmChoices choices) =>
        $"""
        #!/bin/bash
        #SBATCH --job-name=empathy-merge
        #SBATCH --requeue
        #SBATCH --open-mode=append
        #SBATCH --output="{folder.Replace("%", "%%", StringComparison.Ordinal)}/slurm-merge-%j.log"
        {Lines(choices)}exec {Program()} simulate merge {Quoted(folder)} --force

        """;

    /// <summary>A command a shard, for GNU parallel and other runners.</summary>
    public static string CommandList(string folder, int shards, int threads) => string.Concat(Enumerable.Range(1, shards).Select(i =>
        $"{Program()} simulate {Quoted(folder + "/" + ShardRun.DesignName)} --out {Quoted(folder)} --shard {Text(i)}/{Text(shards)} --threads {Text(threads)}\n"));

    /// <summary>What runs the commands and adds up.</summary>
    public static string ParallelCommand(string folder) => $"parallel --halt soon,fail=1 < {Quoted(folder + "/" + Commands)} && {Program()} simulate merge {Quoted(folder)}";

    /// <summary>Hands both jobs to Slurm; the merge waits for all tasks of the array.</summary>
    /// <exception cref="BadInputException">There is no <c>sbatch</c>, or it refuses.</exception>
    public static async Task<(string Array, string Merge)> SubmitAsync(string folder, CancellationToken interrupt)
    {
        var array = await SbatchAsync([Path.Combine(folder, Array)], interrupt);
        // A merge whose array failed would wait for ever.
        return (array, await SbatchAsync([$"--dependency=afterok:{array}", "--kill-on-invalid-dep=yes", Path.Combine(folder, Merge)], interrupt));
    }

    /// <summary>Refuses folders that no line of a job script can name.</summary>
    public static void CheckName(string folder)
    {
        if (folder.AsSpan().IndexOfAny('"', '\n', '\\') >= 0) throw new BadInputException($"{folder}: a job script cannot name a folder with quotation marks, backslashes or line ends; give another with --out.");
    }

    private static async Task<string> SbatchAsync(IEnumerable<string> arguments, CancellationToken interrupt)
    {
        var start = new ProcessStartInfo("sbatch") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments.Prepend("--parsable")) start.ArgumentList.Add(argument);
        try
        {
            using var process = Process.Start(start)!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(interrupt), process.StandardError.ReadToEndAsync(interrupt));
            await process.WaitForExitAsync(interrupt);
            if (process.ExitCode != 0) throw new BadInputException($"sbatch refused the job: {(await error).Trim()}");
            // With several clusters the name of one stands behind the number.
            return (await output).Trim().Split(';')[0];
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new BadInputException("There is no sbatch on this machine: run this on a login node of the cluster, or write the scripts alone with --dry-run.");
        }
    }

    // Tasks run on other machines and in other folders, so that all is named in full.
    private static string Program()
    {
        var own = typeof(ClusterScripts).Assembly.Location;
        var process = Environment.ProcessPath;
        return process is not null && Path.GetFileNameWithoutExtension(process) == "empathy" ? Quoted(process)
            : process is not null && Path.GetFileNameWithoutExtension(process) == "dotnet" ? $"{Quoted(process)} {Quoted(own)}" : $"dotnet {Quoted(own)}";
    }

    private static string Lines(SlurmChoices choices) => string.Concat(
        new[] { ("partition", choices.Partition), ("account", choices.Account), ("time", choices.Time), ("mem", choices.Memory) }.Where(c => c.Item2 is not null).Select(c => $"--{c.Item1}={c.Item2}")
            .Concat(choices.Further).Select(text => text.Contains('\n', StringComparison.Ordinal) ? throw new BadInputException($"--sbatch {text}: an option of sbatch is one line.") : $"#SBATCH {text}\n"));

    private static string Quoted(string word) => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "_-./:=,+".Contains(c, StringComparison.Ordinal)) ? word
        : "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
