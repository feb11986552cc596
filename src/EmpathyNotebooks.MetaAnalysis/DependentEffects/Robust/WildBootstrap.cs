using System.Runtime.ExceptionServices;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The random factors of a wild bootstrap, one a cluster, of mean 0 and variance 1.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52],
///     [0.004, 0.004, 0.006, 0.005, 0.006, 0.006, 0.004, 0.007], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F"])]);
/// // Six samples have only 64 patterns of signs; Webb's six values give many more.
/// var options = new WildBootstrapOptions { Replications = 499, Weights = WildWeights.Webb };
/// Console.WriteLine(RandomEffects.Fit(effects).Robust("sample").WildBootstrap(options: options));
/// </code></example>
public enum WildWeights
{
    /// <summary>+1 or -1 with equal probability: the default.</summary>
    Rademacher,

    /// <summary>Six values ±√(1/2), ±1, ±√(3/2): more different replications with fewer than about ten clusters (Webb 2023, Canadian Journal of Economics 56, 839-858).</summary>
    Webb,

    /// <summary>Two values that also keep skewness (Mammen 1993, Annals of Statistics 21, 255-285).</summary>
    Mammen,
}

/// <summary>What to choose in a cluster wild bootstrap.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52],
///     [0.004, 0.004, 0.006, 0.005, 0.006, 0.006, 0.004, 0.007], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F"])]);
/// var options = new WildBootstrapOptions { Replications = 499, Seed = 1 };
/// Console.WriteLine(RandomEffects.Fit(effects).Robust("sample").WildBootstrap(options: options));
/// </code></example>
public sealed record WildBootstrapOptions
{
    /// <summary>How many replications, at least 99; 1,999 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 99.</exception>
    public int Replications
    {
        get;
        init => field = value >= 99 ? value : throw new ArgumentOutOfRangeException(nameof(Replications), value, "A bootstrap needs at least 99 replications.");
    } = 1999;

    /// <summary>The seed: the same seed gives the same p-value.</summary>
    public ulong Seed { get; init; } = 20180401;

    /// <summary>The random factors.</summary>
    public WildWeights Weights { get; init; } = WildWeights.Rademacher;

    /// <summary>True, the default, estimates the variances anew in each replication; false keeps those of the fit, which is much faster.</summary>
    public bool Reestimate { get; init; } = true;
}

/// <summary>The result of a cluster wild bootstrap.</summary>
/// <param name="Statistic">The observed robust F (CR0).</param>
/// <param name="DegreesOfFreedom">How many coefficients are tested.</param>
/// <param name="PValue">The share of replications with an F at least as large; for random ones the observed F counts as one of them, so that it is never 0.</param>
/// <param name="Replications">How many replications were made.</param>
/// <param name="IsExhaustive">True when all patterns of signs were gone through instead of a random choice, because there are no more than were asked for.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38, 0.29], [0.010, 0.022, 0.015, 0.012, 0.020, 0.020],
///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "C", "D"])]);
/// BootstrapTest test = MultilevelModel.Fit(effects, ["sample"]).Robust().WildBootstrap(options: new() { Replications = 499, Seed = 1 });
/// </code></example>
public readonly record struct BootstrapTest(double Statistic, int DegreesOfFreedom, double PValue, int Replications, bool IsExhaustive) : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin { get => field ?? DataOrigin.Own; internal init => field = value == DataOrigin.Own ? null : value; }

    /// <inheritdoc/>
    public override string ToString() => $"F* = {StatisticText.Number(Statistic)}, {StatisticText.PValueWithSymbol(PValue)} "
        + $"({StatisticText.Count(Replications)} {(IsExhaustive ? "patterns of signs, all there are" : "replications")})";
}

/// <summary>Runs the cluster wild bootstrap of the hypothesis that some coefficients are 0.</summary>
internal sealed class ClusterWildBootstrap(RobustSource source, int[] clusters, int clusterCount, int[] tested)
{
    private readonly int _k = clusters.Length;
    private readonly int _p = source.Design.Parameters;

    /// <summary>How many replications one thread takes at a time.</summary>
    private const int Piece = 16;

    public BootstrapTest Run(WorkingFit observed, WildBootstrapOptions options, IProgress<double>? progress, CancellationToken cancellation)
    {
        var fitted = FittedWithout();
        var residuals = new double[_k];
        for (var i = 0; i < _k; i++) residuals[i] = source.Effects.Effects[i] - fitted[i];
        var statistic = RobustF(observed);

        // 2^J patterns of signs, all equally likely: with few clusters going through them all is exact and cheaper.
        var exhaustive = options.Weights == WildWeights.Rademacher && clusterCount < 31 && 1 << clusterCount <= options.Replications;
        var replications = exhaustive ? 1 << clusterCount : options.Replications;
        var asLarge = CountAsLarge(statistic, fitted, residuals, exhaustive, replications, options, progress, cancellation);
        var p = exhaustive ? asLarge / (double)replications : (asLarge + 1) / (replications + 1.0);
        return new BootstrapTest(statistic, tested.Length, p, replications, exhaustive) { Origin = source.Effects.Origin };
    }

    /// <summary>How many replications have a robust F at least as large. Each draws from a stream of its own, so that who computes it does not matter.</summary>
    private int CountAsLarge(double statistic, double[] fitted, double[] residuals, bool exhaustive, int replications, WildBootstrapOptions options, IProgress<double>? progress, CancellationToken cancellation)
    {
        // No sum goes beyond the largest int, which may be asked for.
        var pieces = (replications - 1) / Piece + 1;
        var (done, asLarge) = (0, 0);
        var reporting = new Lock();
        try
        {
            Parallel.For(0, pieces, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount },
                () => (Fit: source.NewFitter(options.Reestimate), Random: new Philox(options.Seed), Effects: new double[_k], Weights: new double[clusterCount], AsLarge: 0),
                (piece, _, own) =>
                {
                    var first = piece * Piece;
                    for (int r = first, more = Math.Min(Piece, replications - first); more > 0; r++, more--)
                    {
                        own.Random.MoveTo((ulong)r);
                        for (var c = 0; c < clusterCount; c++) own.Weights[c] = exhaustive ? (r >> c & 1) == 0 ? 1 : -1 : Draw(own.Random, options.Weights);
                        for (var i = 0; i < _k; i++) own.Effects[i] = fitted[i] + own.Weights[clusters[i]] * residuals[i];
                        // The pattern without a changed sign is the data themselves, equal up to rounding.
                        if (RobustF(own.Fit(own.Effects)) >= statistic * (1 - 1e-7)) own.AsLarge++;
                    }
                    if (progress is not null)
                    {
                        // One at a time, upwards.
                        lock (reporting) progress.Report(++done / (double)pieces);
                    }
                    return own;
                },
                own => Interlocked.Add(ref asLarge, own.AsLarge));
        }
        catch (AggregateException faults)
        {
            ExceptionDispatchInfo.Throw(faults.InnerExceptions[0]);
        }
        return asLarge;
    }

    /// <summary>The fitted values of the model without the coefficients tested.</summary>
    private double[] FittedWithout()
    {
        int[] kept = [.. Enumerable.Range(0, _p).Except(tested)];
        if (kept.Length == 0) return new double[_k];
        var columns = new double[kept.Length * _k];
        for (var j = 0; j < kept.Length; j++) source.Design.Columns.AsSpan(kept[j] * _k, _k).CopyTo(columns.AsSpan(j * _k));
        // Some columns of an independent set are independent.
        return source.FittedUnder(MixedModel.DesignOf(columns, _k, kept.Length)!);
    }

    /// <summary>(Cβ)'(CSC')⁻¹Cβ/m with the plain sandwich S, for C the rows of the coefficients tested.</summary>
    private double RobustF(WorkingFit fit)
    {
        var scores = new double[clusterCount * _p];
        for (var j = 0; j < _p; j++)
        {
            for (var i = 0; i < _k; i++) scores[clusters[i] * _p + j] += source.Design.Orthonormal[j * _k + i] * fit.WeightedResiduals[i];
        }
        var meat = new double[_p * _p];
        BlockMatrix.AddGram(scores, meat, clusterCount, _p);
        double[] half = new double[_p * _p], covariance = new double[_p * _p];
        SmallMatrix.Multiply(fit.Bread, meat, half, _p);
        SmallMatrix.Multiply(half, fit.Bread, covariance, _p);
        double[] beta = [.. fit.Gamma];
        source.Design.ToCoefficients(beta);
        source.Design.ToCovariance(covariance);
        var m = tested.Length;
        var estimate = new double[m];
        var factor = new double[m * m];
        for (var s = 0; s < m; s++)
        {
            var scale = Math.Sqrt(covariance[tested[s] * _p + tested[s]]);
            estimate[s] = beta[tested[s]] / scale;
            for (var t = 0; t < m; t++)
            {
                factor[s * m + t] = covariance[tested[s] * _p + tested[t]] / (scale * Math.Sqrt(covariance[tested[t] * _p + tested[t]]));
            }
        }
        // Without any scatter between clusters every difference from 0 is beyond doubt.
        if (!BlockMatrix.TryCholesky(factor, m)) return double.PositiveInfinity;
        SmallMatrix.SolveLower(factor, estimate);
        return BlockMatrix.Dot(estimate, estimate) / m;
    }

    internal static double Draw(Philox random, WildWeights weights)
    {
        var u = random.NextDouble();
        switch (weights)
        {
            case WildWeights.Rademacher:
                return u < 0.5 ? -1 : 1;
            case WildWeights.Webb:
                var place = Math.Min(5, (int)(6 * u));
                return (place % 2 == 0 ? 1 : -1) * Math.Sqrt((1 + place / 2) / 2.0);
            case WildWeights.Mammen:
                var root = Math.Sqrt(5);
                return u < (root + 1) / (2 * root) ? (1 - root) / 2 : (1 + root) / 2;
            default:
                throw new ArgumentOutOfRangeException(nameof(weights), weights, "There is no such kind of wild weights.");
        }
    }
}
