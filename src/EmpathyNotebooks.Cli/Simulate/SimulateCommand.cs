using System.CommandLine;
using System.Globalization;
using EmpathyNotebooks.Cli.Analyze;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting.Files;

namespace EmpathyNotebooks.Cli.Simulate;

/// <summary>The verb <c>simulate</c>: simulation studies, on one machine or on many.</summary>
internal static class SimulateCommand
{
    private const int UsualShards = 8;

    public static Command Create(TextWriter output, TextWriter error)
    {
        var file = new Argument<string?>("design") { Description = "The design of the study, a JSON file; --schema prints what may stand in it.", Arity = ArgumentArity.ZeroOrOne };
        var folder = OptionOf.Text("--out", "The folder of the results. Default: the name of the design without .json, with -results, in the current folder.", "DIR");
        var shard = new Option<Shard?>("--shard")
        {
            Description = "Compute one part of the study only, the i-th of n.",
            HelpName = "i/n",
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (Shard.Parse(text) is { } parsed) return parsed;
                result.AddError($"--shard {text}: give the part and how many there are, such as 3/8.");
                return null;
            },
        };
        var threads = OptionOf.WholeNumber("--threads", "How many threads draw. Default: one a processor; with --slurm and --parallel one a shard. The numbers are the same.", "N", "4", 1, 4096);
        var table = OptionOf.Choice("--table", "Print one measure as a table, too: " + string.Join(", ", ResultTable.MeasureNames) + ".", ResultTable.MeasureNames, null, "MEASURE");
        var target = Target();
        var force = OptionOf.Flag("--force", "Replace another study in the folder, and other results.");
        var schema = OptionOf.Flag("--schema", "Print the JSON schema of designs and do nothing else.");
        var slurm = OptionOf.Flag("--slurm", "Write a job array and a merge for Slurm, and submit them.");
        var parallel = OptionOf.Flag("--parallel", "Write a list of commands for GNU parallel, and print how to run it.");
        var shards = OptionOf.WholeNumber("--shards", "With --slurm or --parallel: in how many parts. Default: 8.", "N", "100", 1, Shard.Most);
        var dryRun = OptionOf.Flag("--dry-run", "With --slurm: write the scripts and submit nothing.");
        var partition = OptionOf.Text("--partition", "With --slurm: the partition.", "NAME");
        var account = OptionOf.Text("--account", "With --slurm: the account.", "NAME");
        var time = OptionOf.Text("--time", "With --slurm: the time limit of a task, for example 04:00:00.", "TIME");
        var memory = OptionOf.Text("--mem", "With --slurm: the memory of a task, for example 1G.", "SIZE");
        var further = OptionOf.Texts("--sbatch", "With --slurm: a further option of sbatch, for example --sbatch=--qos=low; can be repeated.", "OPTION");
        var command = new Command("simulate",
            """
            Runs a simulation study: draws meta-analyses in every cell of a grid, lets methods answer, and writes coverage, width, bias, mean squared error and
            type I error or power with their Monte Carlo standard errors to DIR/simulation.csv and DIR/simulation.parquet.

            Examples:
              empathy simulate design.json --table coverage
              empathy simulate design.json --out study --shard 3/8          one part, here or on another machine
              empathy simulate merge study                                  adds the parts up
              empathy simulate design.json --out study --slurm --shards 100 --partition short
              empathy simulate design.json --out study --parallel --shards 16

            A small design.json (more: src/EmpathyNotebooks.MetaAnalysis/Simulation/coverage.json, and --schema):
              { "seed": 1, "replicates": 10000, "measure": "ZCOR", "k": [5, 20], "tau2": [0, 0.04], "mean": 0, "n": 50,
                "methods": { "mean": { "tau2": ["DL", "REML"], "interval": ["z", "HK"] } } }

            A run that was stopped goes on where it stopped by the same command. Parts and threads change no byte of the results.
            Exit codes: 0 good, 1 standard output is closed or full, 2 the input is at fault, 130 interrupted.
            """)
        {
            file, folder, shard, threads, table, target, force, slurm, parallel, shards, dryRun, partition, account, time, memory, further, schema, Merge(output),
        };
        command.SetAction(async (parsed, interrupt) =>
        {
            if (parsed.GetValue(schema))
            {
                await output.WriteAsync(DesignFile.Schema);
                return;
            }
            var path = parsed.GetValue(file) ?? throw new BadInputException("simulate needs the file of a design, for example: empathy simulate design.json. --schema prints what may stand in it.");
            var (isSlurm, isParallel, replaces) = (parsed.GetValue(slurm), parsed.GetValue(parallel), parsed.GetValue(force));
            if (isSlurm && isParallel) throw new BadInputException("--slurm and --parallel are two ways to run the same; give one.");
            foreach (var option in (Option[])[dryRun, partition, account, time, memory, further]) parsed.Needs(option, isSlurm, "--slurm");
            parsed.Needs(shards, isSlurm || isParallel, "--slurm or --parallel; --shard i/n computes one part here");
            if (parsed.Said(shard) && (isSlurm || isParallel)) throw new BadInputException("--shard computes one part here; with --slurm and --parallel say how many there are with --shards.");
            var design = DesignFile.Read(path);
            var into = parsed.GetValue(folder) ?? Path.GetFileNameWithoutExtension(path) + "-results";
            var part = parsed.GetValue(shard) ?? new Shard(1, 1);
            parsed.Needs(table, !isSlurm && !isParallel && part.Count == 1, "a run of the whole study, or simulate merge");
            parsed.Needs(target, parsed.Said(table), "--table");
            var count = isSlurm || isParallel ? (int)(parsed.GetValue(shards) ?? (ulong)Math.Min(UsualShards, design.BlockCount)) : part.Count;
            if (count > design.BlockCount) throw new BadInputException($"--{(isSlurm || isParallel ? "shards" : "shard")}: {Text(count)} parts are more than there are blocks of replicates, {Text(design.BlockCount)}; give {Text(design.BlockCount)} at most.");
            var place = Path.GetFullPath(into);
            if (isSlurm) ClusterScripts.CheckName(place);
            ShardRun.Prepare(design, into, replaces);
            if (isSlurm || isParallel)
            {
                var own = (int)(parsed.GetValue(threads) ?? 1);
                if (isParallel)
                {
                    WholeFile.Write(Path.Combine(into, ClusterScripts.Commands), ClusterScripts.CommandList(place, count, own));
                    await output.WriteLineAsync($"Wrote {Path.Combine(into, ClusterScripts.Commands)}, {Text(count)} commands. To run them:\n{ClusterScripts.ParallelCommand(place)}");
                    return;
                }
                var choices = new SlurmChoices(parsed.GetValue(partition), parsed.GetValue(account), parsed.GetValue(time), parsed.GetValue(memory), parsed.GetValue(further) ?? []);
                WholeFile.WriteAll([(Path.Combine(into, ClusterScripts.Array), ClusterScripts.ArrayJob(place, count, own, choices)), (Path.Combine(into, ClusterScripts.Merge), ClusterScripts.MergeJob(place, choices))]);
                if (parsed.GetValue(dryRun))
                {
                    await output.WriteLineAsync($"Wrote {Path.Combine(into, ClusterScripts.Array)}, {Text(count)} tasks, and {Path.Combine(into, ClusterScripts.Merge)}. Nothing was submitted.");
                    return;
                }
                var jobs = await ClusterScripts.SubmitAsync(into, interrupt);
                await output.WriteLineAsync($"Submitted job array {jobs.Array} of {Text(count)} tasks, and job {jobs.Merge}, which waits for it and writes {Path.Combine(into, ShardMerge.Csv)}.");
                return;
            }
            var run = new ShardRun(design, into, part, replaces);
            try
            {
                await ProgressBars.RunAsync(error, progress =>
                {
                    run.Run((int)(parsed.GetValue(threads) ?? (ulong)Environment.ProcessorCount), progress, interrupt);
                    return true;
                });
            }
            catch (OperationCanceledException)
            {
                await error.WriteLineAsync($"{Text(run.Done)} of {Text(part.Blocks(design))} blocks are kept in {into}; the same command goes on from there.");
                throw;
            }
            if (run.Kept > 0) await output.WriteLineAsync($"{Text(run.Kept)} of {Text(part.Blocks(design))} blocks were there already.");
            if (part.Count == 1) Results(output, into, parsed.GetValue(table), parsed.GetValue(target), replaces);
            else await output.WriteLineAsync($"Wrote {Path.Combine(into, part.Name + ShardFile.Ending)}. When all {Text(part.Count)} are there: empathy simulate merge {into}");
        });
        return command;
    }

    private static Command Merge(TextWriter output)
    {
        var folder = new Argument<string>("dir") { Description = "The folder with all shards." };
        var table = OptionOf.Choice("--table", "Print one measure as a table, too: " + string.Join(", ", ResultTable.MeasureNames) + ".", ResultTable.MeasureNames, null, "MEASURE");
        var target = Target();
        var force = OptionOf.Flag("--force", "Replace other results in the folder.");
        var command = new Command("merge", "Adds up the shards of a simulation study and writes simulation.csv and simulation.parquet beside them, with the bytes of one run.") { folder, table, target, force };
        command.SetAction(parsed =>
        {
            parsed.Needs(target, parsed.Said(table), "--table");
            Results(output, parsed.GetValue(folder)!, parsed.GetValue(table), parsed.GetValue(target), parsed.GetValue(force));
        });
        return command;
    }

    private static Option<string?> Target() =>
        OptionOf.Choice("--target", "With --table: methods of one target only: mean, tau2, prediction, bias.", [.. Enum.GetValues<SimulationTarget>().Select(MethodNames.Of)], null, "TARGET");

    private static void Results(TextWriter output, string folder, string? table, string? target, bool replaces)
    {
        var (design, rows, _) = ShardMerge.Read(folder);
        var shown = table is null ? null : PerformanceTable.Of(design, rows, table, target);
        ShardMerge.Write(folder, rows, replaces);
        if (shown is not null) output.WriteLine(shown);
        output.WriteLine($"Wrote {Path.Combine(folder, ShardMerge.Csv)} and {ShardMerge.Parquet}: {Text(design.CellCount)} cells, {Text(design.Methods.Length)} methods, {Text(design.CellCount * design.Replicates)} simulated meta-analyses.");
    }

    private static string Text(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
