using System.Buffers.Binary;
using System.Security.Cryptography;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Cli.Simulate;

/// <summary>
/// The blocks of a shard that are done, one record each behind the header: number, tally, and the beginning of a hash of both. A process that is killed leaves at most one record torn, which the next one cuts off; the others
/// need not be computed again. One process at a time has it open.
/// </summary>
internal sealed class ShardJournal : IDisposable
{
    public const string Ending = ".part";

    private const int Checked = 8;

    private readonly FileStream _stream;
    private readonly byte[] _record;
    private readonly Lock _lock = new();

    private ShardJournal(FileStream stream, int size) => (_stream, _record) = (stream, new byte[sizeof(long) + size + Checked]);

    /// <summary>The blocks that were done before.</summary>
    public HashSet<long> Done { get; } = [];

    /// <summary>Opens the journal of a shard and adds up what it has.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="header">The shard.</param>
    /// <param name="tallies">Take the sums, one a cell.</param>
    /// <param name="replaces">Whether to begin anew where the journal is of another study.</param>
    /// <exception cref="BadInputException">Another process has it, or it is of another study.</exception>
    public static ShardJournal Open(string path, ShardHeader header, SimulationTally[] tallies, bool replaces)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new BadInputException($"{path}: another process is at this shard, or the file cannot be opened. Wait for it, or give another folder with --out.");
        }
        var journal = new ShardJournal(stream, new SimulationTally(header.Design).Size);
        try
        {
            journal.Load(path, header, tallies, replaces);
            return journal;
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <summary>Keeps a block. Its record has left the process when this returns, so that no kill takes it away.</summary>
    public void Add(long block, SimulationTally tally, SimulationTally whole)
    {
        lock (_lock)
        {
            BinaryPrimitives.WriteInt64LittleEndian(_record, block);
            tally.Write(_record.AsSpan(sizeof(long)));
            Hash(_record).CopyTo(_record.AsSpan(^Checked..));
            _stream.Write(_record);
            _stream.Flush();
            whole.Add(tally);
        }
    }

    public void Dispose() => _stream.Dispose();

    private void Load(string path, ShardHeader header, SimulationTally[] tallies, bool replaces)
    {
        var own = header.ToBytes();
        var there = new byte[own.Length];
        var isOwn = _stream.ReadAtLeast(there, there.Length, throwOnEndOfStream: false) == own.Length && there.AsSpan().SequenceEqual(own);
        if (!isOwn)
        {
            // A header that was torn is that of nobody.
            if (_stream.Length >= own.Length && !replaces)
            {
                throw new BadInputException($"{path}: this was begun by another design, another version or on another kind of processor. Give another folder with --out, or add --force to begin anew.");
            }
            _stream.SetLength(0);
            _stream.Write(own);
            _stream.Flush();
            return;
        }
        var tally = new SimulationTally(header.Design);
        var end = _stream.Position;
        while (_stream.ReadAtLeast(_record, _record.Length, throwOnEndOfStream: false) == _record.Length && Hash(_record).SequenceEqual(_record.AsSpan(^Checked..)))
        {
            end = _stream.Position;
            var block = BinaryPrimitives.ReadInt64LittleEndian(_record);
            if (!Done.Add(block)) continue;
            tally.Read(_record.AsSpan(sizeof(long), tally.Size));
            tallies[SimulationStudy.CellOf(header.Design, block)].Add(tally);
        }
        _stream.SetLength(end);
        _stream.Position = end;
    }

    private static ReadOnlySpan<byte> Hash(byte[] record) => SHA256.HashData(record.AsSpan(..^Checked)).AsSpan(..Checked);
}
