using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Goes through permutations, all or random ones, and counts those at least as far from 0 as the data.</summary>
internal sealed class PermutationRun(IModelFit fit, PermutedModel model, PermutationOptions options)
{
    /// <summary>How many statistics are kept for a plot.</summary>
    private const int MostKept = 20_000;

    // Another order of the same numbers may differ in the last digits: metafor's tolerance for what counts as equal.
    private const double Tolerance = 1.4901161193847656e-8;

    private const int Piece = 256;

    public PermutationTest Run(IProgress<double>? progress, CancellationToken cancellation)
    {
        var patterns = model.Patterns;
        var tests = model.Names.Length + (model.HasModeratorTest ? 1 : 0);
        var isExact = patterns.Count <= options.Permutations;
        var patternsToDo = isExact ? (int)Math.Max(1, patterns.Count / patterns.Symmetry) : options.Permutations - 1;
        var observed = new double[tests];
        var asIs = new int[model.Units];
        patterns.Number(0, asIs);
        model.NewWorker(options.Statistic)(asIs, observed);

        var step = (patternsToDo + MostKept - 1) / MostKept;
        double[][] kept = [.. observed.Select(_ => new double[(patternsToDo + step - 1) / step])];
        var counts = Count(patterns, patternsToDo, isExact, observed, step, kept, progress, cancellation);
        var total = isExact ? patternsToDo * (long)patterns.Symmetry : options.Permutations;
        PermutedCoefficient[] results = [.. observed.Select((value, test) =>
        {
            // The data are one of the random permutations, so that p is never 0.
            var p = isExact ? counts[test] / (double)patternsToDo : (counts[test] + 1) / (double)options.Permutations;
            return new PermutedCoefficient(test < model.Names.Length ? model.Names[test] : "moderators", value, p, isExact ? 0 : Math.Sqrt(p * (1 - p) / options.Permutations));
        })];
        return new PermutationTest
        {
            Coefficients = [.. results.Take(model.Names.Length)],
            ModeratorTest = model.HasModeratorTest ? results[^1] : null,
            Permutations = (int)total,
            IsExact = isExact,
            Statistic = options.Statistic,
            Permuted = model.Permuted,
            Fit = fit,
            Distributions = [.. kept.Select(k => k.Order().ToImmutableArray())],
            Warnings = Warnings(patterns),
        };
    }

    private long[] Count(PermutationPatterns patterns, int patternsToDo, bool isExact, double[] observed, int step, double[][] kept, IProgress<double>? progress, CancellationToken cancellation)
    {
        var counts = new long[observed.Length];
        var pieces = (patternsToDo + Piece - 1) / Piece;
        var done = 0;
        Parallel.For(0, pieces, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount },
            () => (Worker: model.NewWorker(options.Statistic), Random: new Philox(options.Seed), Pattern: new int[model.Units], Results: new double[observed.Length], Counts: new long[observed.Length]),
            (piece, _, own) =>
            {
                for (var r = piece * Piece; r < Math.Min(patternsToDo, (piece + 1) * Piece); r++)
                {
                    if (isExact)
                    {
                        patterns.Number(r, own.Pattern);
                    }
                    else
                    {
                        own.Random.MoveTo((ulong)r);
                        patterns.Draw(own.Random, own.Pattern);
                    }
                    own.Worker(own.Pattern, own.Results);
                    for (var test = 0; test < observed.Length; test++)
                    {
                        if (own.Results[test] >= observed[test] - Tolerance) own.Counts[test]++;
                        if (r % step == 0) kept[test][r / step] = own.Results[test];
                    }
                }
                progress?.Report(Interlocked.Increment(ref done) / (double)pieces);
                return own;
            },
            own =>
            {
                for (var test = 0; test < counts.Length; test++) Interlocked.Add(ref counts[test], own.Counts[test]);
            });
        return counts;
    }

    private ImmutableArray<string> Warnings(PermutationPatterns patterns) => patterns.Symmetry / patterns.Count <= 0.05 ? []
        : [$"There are only {StatisticText.Count((int)patterns.Count)} permutations of {model.Permuted}, so that no p below {StatisticText.PValue(patterns.Symmetry / patterns.Count)} can come out."];
}
