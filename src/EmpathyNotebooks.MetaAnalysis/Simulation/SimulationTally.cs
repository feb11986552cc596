using System.Buffers.Binary;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// What is counted and summed of one cell's replicates, a row for each method. All of it is whole numbers, so that tallies of any parts of the replicates, added in any order, give the same tally to the last bit.
/// </summary>
/// <example><code>
/// var design = new SimulationDesign
/// {
///     Seed = 1, Replicates = 3_000, Measure = SimulatedMeasure.Generic, Studies = [5], TausSquared = [0.1], Means = [0], Sizes = [StudySizes.Same(0.1)],
///     Methods = [SimulationMethod.Mean(TauSquaredEstimator.DerSimonianLaird, Inference.Normal)],
/// };
/// SimulationTally all = new(design), half = new(design);
/// SimulationStudy.Run(design, block: 2, half);
/// SimulationStudy.Run(design, block: 0, all);
/// SimulationStudy.Run(design, block: 1, all);
/// all.Add(half); // as if it had been drawn in one
/// Console.WriteLine(all.Replicates);
/// </code></example>
public sealed class SimulationTally
{
    private readonly MethodSums[] _rows;

    /// <summary>An empty tally.</summary>
    /// <param name="design">The study, for how many methods it has.</param>
    public SimulationTally(SimulationDesign design)
    {
        ArgumentNullException.ThrowIfNull(design);
        _rows = new MethodSums[design.Methods.Length];
    }

    /// <summary>How many replicates it has.</summary>
    public long Replicates { get; internal set; }

    /// <summary>How many bytes it takes.</summary>
    public int Size => sizeof(long) + _rows.Length * MethodSums.Size;

    internal ref MethodSums this[int method] => ref _rows[method];

    /// <summary>Adds other replicates of the same cell.</summary>
    /// <param name="other">Their tally.</param>
    public void Add(SimulationTally other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other._rows.Length != _rows.Length) throw new ArgumentException("The tallies are of different methods.", nameof(other));
        Replicates += other.Replicates;
        for (var m = 0; m < _rows.Length; m++) _rows[m].Add(other._rows[m]);
    }

    /// <summary>Writes it, the lowest byte first wherever it runs.</summary>
    /// <param name="destination">Takes <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteInt64LittleEndian(destination, Replicates);
        for (var m = 0; m < _rows.Length; m++) _rows[m].Write(destination[(sizeof(long) + m * MethodSums.Size)..]);
    }

    /// <summary>Reads what <see cref="Write"/> wrote, in place of what is there.</summary>
    /// <param name="source">The bytes.</param>
    public void Read(ReadOnlySpan<byte> source)
    {
        Replicates = BinaryPrimitives.ReadInt64LittleEndian(source);
        for (var m = 0; m < _rows.Length; m++) _rows[m] = MethodSums.Read(source[(sizeof(long) + m * MethodSums.Size)..]);
    }
}

/// <summary>The sums of one method in one cell. Errors and widths are in units of the cell's scale, see <see cref="SimulatedReplicates.ScaleOf"/>.</summary>
internal struct MethodSums
{
    private const int Counts = 6, Sums = 7;

    public const int Size = Counts * sizeof(long) + Sums * 16;

    /// <summary>Replicates with an estimate; with an interval; whose interval holds the truth, leaves out 0, is endless; without an answer.</summary>
    public long Estimates, Intervals, Covered, Rejected, Endless, Failed;

    /// <summary>Sums of errors, their second and fourth powers, widths and their squares, exact coverage and its square.</summary>
    public Int128 Error, Error2, Error4, Width, Width2, Coverage, Coverage2;

    public void Add(in MethodSums other)
    {
        Estimates += other.Estimates;
        Intervals += other.Intervals;
        Covered += other.Covered;
        Rejected += other.Rejected;
        Endless += other.Endless;
        Failed += other.Failed;
        Error += other.Error;
        Error2 += other.Error2;
        Error4 += other.Error4;
        Width += other.Width;
        Width2 += other.Width2;
        Coverage += other.Coverage;
        Coverage2 += other.Coverage2;
    }

    public readonly void Write(Span<byte> to)
    {
        ReadOnlySpan<long> counts = [Estimates, Intervals, Covered, Rejected, Endless, Failed];
        ReadOnlySpan<Int128> sums = [Error, Error2, Error4, Width, Width2, Coverage, Coverage2];
        for (var i = 0; i < Counts; i++) BinaryPrimitives.WriteInt64LittleEndian(to[(i * sizeof(long))..], counts[i]);
        for (var i = 0; i < Sums; i++) BinaryPrimitives.WriteInt128LittleEndian(to[(Counts * sizeof(long) + i * 16)..], sums[i]);
    }

    public static MethodSums Read(ReadOnlySpan<byte> from)
    {
        Span<long> counts = stackalloc long[Counts];
        Span<Int128> sums = stackalloc Int128[Sums];
        for (var i = 0; i < Counts; i++) counts[i] = BinaryPrimitives.ReadInt64LittleEndian(from[(i * sizeof(long))..]);
        for (var i = 0; i < Sums; i++) sums[i] = BinaryPrimitives.ReadInt128LittleEndian(from[(Counts * sizeof(long) + i * 16)..]);
        return new MethodSums
        {
            Estimates = counts[0], Intervals = counts[1], Covered = counts[2], Rejected = counts[3], Endless = counts[4], Failed = counts[5],
            Error = sums[0], Error2 = sums[1], Error4 = sums[2], Width = sums[3], Width2 = sums[4], Coverage = sums[5], Coverage2 = sums[6],
        };
    }
}
