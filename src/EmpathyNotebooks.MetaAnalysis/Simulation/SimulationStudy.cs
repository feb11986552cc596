using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Runs simulation studies. Replicate r of cell c draws from a stream of its own (<see cref="Philox"/>), and what is summed is whole numbers, so that the numbers of threads, machines and parts, and their order, change no bit of the result.
/// </summary>
public static class SimulationStudy
{
    /// <summary>Runs a whole study in memory, on every core.</summary>
    /// <param name="design">The study.</param>
    /// <param name="threads">How many threads; as many as there are processors if not said.</param>
    /// <param name="progress">Takes the share that is done.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <returns>How each method did in each cell, in the order of cells and methods.</returns>
    /// <exception cref="SimulationDesignException">Parts of the design do not go together.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    /// <example><code>
    /// var design = new SimulationDesign
    /// {
    ///     Seed = 1, Replicates = 2_000, Measure = SimulatedMeasure.FisherZ, Studies = [5], TausSquared = [0.02], Means = [0.2], Sizes = [StudySizes.Same(50)],
    ///     Methods = [SimulationMethod.Mean(TauSquaredEstimator.RestrictedMaximumLikelihood, Inference.HartungKnapp), SimulationMethod.Mean(TauSquaredEstimator.DerSimonianLaird, Inference.Normal)],
    /// };
    /// foreach (SimulationPerformance row in SimulationStudy.Run(design)) Console.WriteLine($"{row.Method}: coverage {row.Coverage}");
    /// </code></example>
    public static ImmutableArray<SimulationPerformance> Run(SimulationDesign design, int? threads = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(design);
        design.Check();
        if (threads < 1) throw new ArgumentOutOfRangeException(nameof(threads), threads, "At least one thread has to draw.");
        var tallies = new SimulationTally[design.CellCount];
        for (var c = 0; c < tallies.Length; c++) tallies[c] = new SimulationTally(design);
        long done = 0;
        Parallel.For(0L, design.BlockCount, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = threads ?? Environment.ProcessorCount }, block =>
        {
            var tally = new SimulationTally(design);
            Run(design, block, tally, cancellation);
            var whole = tallies[CellOf(design, block)];
            lock (whole) whole.Add(tally);
            progress?.Report(Interlocked.Increment(ref done) / (double)design.BlockCount);
        });
        return [.. tallies.SelectMany((tally, c) => Performance(design, c, tally))];
    }

    /// <summary>Runs one block of a study.</summary>
    /// <param name="design">The study.</param>
    /// <param name="block">Its number, from 0 to below <see cref="SimulationDesign.BlockCount"/>.</param>
    /// <param name="tally">Takes the counts and sums.</param>
    /// <param name="cancellation">Ends the run; the tally is of no use then.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such block.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public static void Run(SimulationDesign design, long block, SimulationTally tally, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(tally);
        ArgumentOutOfRangeException.ThrowIfNegative(block);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(block, design.BlockCount);
        var from = (int)(block % design.BlocksInCell) * design.BlockSize;
        new SimulatedReplicates(design, CellOf(design, block)).Run(from, Math.Min(design.Replicates, from + design.BlockSize), tally, cancellation);
    }

    /// <summary>How each method did in a cell.</summary>
    /// <param name="design">The study.</param>
    /// <param name="cell">The number of the cell, from 0.</param>
    /// <param name="tally">All of its replicates.</param>
    public static ImmutableArray<SimulationPerformance> Performance(SimulationDesign design, int cell, SimulationTally tally)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(tally);
        var of = design.Cell(cell);
        return [.. Enumerable.Range(0, design.Methods.Length).Select(m => new SimulationPerformance(design, of, m, tally))];
    }

    /// <summary>The cell that a block is of.</summary>
    /// <param name="design">The study.</param>
    /// <param name="block">The number of the block.</param>
    public static int CellOf(SimulationDesign design, long block)
    {
        ArgumentNullException.ThrowIfNull(design);
        return (int)(block / design.BlocksInCell);
    }
}
