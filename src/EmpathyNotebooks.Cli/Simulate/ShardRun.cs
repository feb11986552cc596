using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting.Files;
using EmpathyNotebooks.Reporting;

namespace EmpathyNotebooks.Cli.Simulate;

/// <summary>Computes one shard of a study into a folder: what was done before is kept, and the finished shard is there whole or not at all.</summary>
internal sealed class ShardRun(SimulationDesign design, string folder, Shard shard, bool replaces)
{
    public const string DesignName = "design.json";

    private readonly string _file = Path.Combine(folder, shard.Name + ShardFile.Ending);

    /// <summary>How many blocks were there before.</summary>
    public long Kept { get; private set; }

    /// <summary>How many blocks are done.</summary>
    public long Done => Interlocked.Read(ref _done);

    private long _done;

    /// <summary>Makes the folder and puts the design there, in the form that all shards share.</summary>
    /// <exception cref="BadInputException">The folder is another study's, and is not to be replaced.</exception>
    public static void Prepare(SimulationDesign design, string folder, bool replaces)
    {
        Paths.RequireFolder(folder, "--out");
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, DesignName);
        var bytes = DesignFile.Write(design);
        if (File.Exists(file))
        {
            // The user's own file of the same study stays as it was written.
            if (File.ReadAllBytes(file).AsSpan().SequenceEqual(bytes) || (!replaces && DesignFile.Write(DesignFile.Read(file)).AsSpan().SequenceEqual(bytes))) return;
            if (!replaces) throw new BadInputException($"{folder}: this folder has another study, see {DesignName} there. Give another one with --out, or add --force to replace it.");
        }
        WholeFile.Write(file, bytes);
    }

    /// <summary>Computes what is missing.</summary>
    /// <param name="threads">How many threads.</param>
    /// <param name="progress">Takes the share of blocks that are done.</param>
    /// <param name="interrupt">Ends the run; finished blocks stay.</param>
    public void Run(int threads, IProgress<AnswerProgress>? progress, CancellationToken interrupt)
    {
        var header = ShardHeader.Here(design, shard);
        if (IsThere(header)) return;
        SimulationTally[] tallies = [.. Enumerable.Range(0, (int)design.CellCount).Select(_ => new SimulationTally(design))];
        var part = Path.Combine(folder, shard.Name + ShardJournal.Ending);
        using (var journal = ShardJournal.Open(part, header, tallies, replaces))
        {
            // Another process may have finished it since.
            if (IsThere(header)) return;
            var all = shard.Blocks(design);
            Kept = _done = journal.Done.Count;
            progress?.Report(new AnswerProgress("simulate", _done / (double)all));
            Parallel.For(0L, all, new ParallelOptions { CancellationToken = interrupt, MaxDegreeOfParallelism = threads }, i =>
            {
                var block = shard.Index - 1 + i * shard.Count;
                if (journal.Done.Contains(block)) return;
                var tally = new SimulationTally(design);
                SimulationStudy.Run(design, block, tally, interrupt);
                journal.Add(block, tally, tallies[SimulationStudy.CellOf(design, block)]);
                var done = Interlocked.Increment(ref _done);
                progress?.Report(new AnswerProgress("simulate", done / (double)all));
            });
            WholeFile.Write(_file, new ShardFile(header, tallies).ToBytes());
        }
        File.Delete(part);
    }

    private bool IsThere(ShardHeader header)
    {
        if (!File.Exists(_file)) return false;
        var there = ShardFile.Read(_file).Header;
        if (there.Fingerprint == header.Fingerprint && there with { Design = header.Design } == header)
        {
            Kept = _done = shard.Blocks(design);
            return true;
        }
        return replaces ? false : throw new BadInputException($"{_file}: this shard is of another design, another version or another kind of processor. Give another folder with --out, or add --force to replace it.");
    }
}
