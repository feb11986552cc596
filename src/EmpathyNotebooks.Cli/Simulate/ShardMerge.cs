using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting.Files;

namespace EmpathyNotebooks.Cli.Simulate;

/// <summary>Adds up the shards of a folder. The sums are whole numbers, so that the result is that of one run to the last byte.</summary>
internal static class ShardMerge
{
    public const string Csv = "simulation.csv", Parquet = "simulation.parquet";

    /// <summary>Reads and adds up the shards.</summary>
    /// <param name="folder">Where they are.</param>
    /// <exception cref="BadInputException">One is missing, damaged or of another study.</exception>
    public static (SimulationDesign Design, List<SimulationPerformance> Rows, int Shards) Read(string folder)
    {
        if (!Directory.Exists(folder)) throw new BadInputException($"{folder}: there is no such folder.");
        List<string> files = [.. Directory.EnumerateFiles(folder, "shard-*" + ShardFile.Ending).Order(StringComparer.Ordinal)];
        if (files.Count == 0) throw new BadInputException($"{folder}: there is no finished shard (shard-1-of-8{ShardFile.Ending}) in it. Run them with empathy simulate DESIGN --out {folder} --shard 1/8.");
        ShardFile? whole = null;
        var first = "";
        HashSet<int> there = [];
        foreach (var file in files)
        {
            var shard = ShardFile.Read(file);
            if (whole is null)
            {
                (whole, first) = (shard, file);
            }
            else
            {
                if (shard.Header.Shard.Count != whole.Header.Shard.Count) throw new BadInputException($"{file}: this is a shard of {shard.Header.Shard.Count}, and {Path.GetFileName(first)} one of {whole.Header.Shard.Count}; remove those that are left over.");
                if (shard.Header.Fingerprint != whole.Header.Fingerprint) throw new BadInputException($"{file}: this shard is of another design than {Path.GetFileName(first)}; remove it and run it again.");
                if (shard.Header.Version != whole.Header.Version) throw new BadInputException($"{file}: version {shard.Header.Version} computed this shard and version {whole.Header.Version} {Path.GetFileName(first)}; run all with one.");
                if (shard.Header.Processor != whole.Header.Processor)
                {
                    throw new BadInputException($"{file}: its processor ({shard.Header.Processor}) adds up in another way than that of {Path.GetFileName(first)} ({whole.Header.Processor}), so that last digits could differ from those of one run; run all on one kind, or with DOTNET_EnableAVX2=0 set for all.");
                }
                for (var c = 0; c < whole.Tallies.Length; c++) whole.Tallies[c].Add(shard.Tallies[c]);
            }
            if (!there.Add(shard.Header.Shard.Index)) throw new BadInputException($"{file}: shard {shard.Header.Shard} is there twice; remove one.");
        }
        var (design, count) = (whole!.Header.Design, whole.Header.Shard.Count);
        List<int> missing = [.. Enumerable.Range(1, count).Where(i => !there.Contains(i))];
        if (missing.Count > 0)
        {
            throw new BadInputException($"{folder}: of {count} shards {missing.Count} {(missing.Count == 1 ? "is" : "are")} not finished: {string.Join(", ", missing.Take(10))}{(missing.Count > 10 ? ", ..." : "")}. Run {(missing.Count == 1 ? "it" : "them")}, for example: "
                + $"empathy simulate {Path.Combine(folder, ShardRun.DesignName)} --out {folder} --shard {missing[0]}/{count}");
        }
        return (design, [.. whole.Tallies.SelectMany((tally, c) => SimulationStudy.Performance(design, c, tally))], count);
    }

    /// <summary>Writes the results, unless the same ones are there.</summary>
    public static void Write(string folder, IReadOnlyList<SimulationPerformance> rows, bool replaces)
    {
        var table = new ResultTable(rows);
        (string Name, byte[] Content)[] files = [(Csv, table.ToCsv()), (Parquet, table.ToParquet())];
        foreach (var (name, content) in files)
        {
            var path = Path.Combine(folder, name);
            if (!replaces && File.Exists(path) && !File.ReadAllBytes(path).AsSpan().SequenceEqual(content)) throw new BadInputException($"{path}: other results are there already; add --force to replace them.");
        }
        foreach (var (name, content) in files) WholeFile.Write(Path.Combine(folder, name), content);
    }
}
