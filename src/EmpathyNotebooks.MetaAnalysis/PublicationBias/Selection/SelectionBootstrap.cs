using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>How a bootstrap of clusters draws.</summary>
public enum ClusterResampling
{
    /// <summary>Whole clusters with replacement, each as often as it is drawn.</summary>
    Multinomial,

    /// <summary>Each cluster with a weight drawn from the exponential distribution (the fractional bootstrap: Xu et al. 2020): none is ever left out, so that it holds where few clusters have effects that are not significant.</summary>
    Exponential,

    /// <summary>Whole clusters with replacement, then effects within them with replacement.</summary>
    TwoStage,
}

/// <summary>What to choose in a cluster bootstrap of a selection model.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52, 0.11, 0.25], [0.040, 0.014, 0.036, 0.015, 0.016, 0.016, 0.014, 0.047, 0.010, 0.020], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F", "G", "G"])]);
/// var fit = SelectionModel.Fit(effects, SelectionFunction.Step(0.025), new() { Cluster = "sample", Penalty = new() });
/// var options = new SelectionBootstrapOptions { Replications = 199, Resampling = ClusterResampling.Exponential, Seed = 7 };
/// SelectionBootstrap bootstrap = fit.Bootstrap(options);
/// foreach (BootstrapInterval interval in bootstrap.Intervals) Console.WriteLine(interval);
/// </code></example>
public sealed record SelectionBootstrapOptions
{
    /// <summary>How many replications, at least 99; 999 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 99.</exception>
    public int Replications { get; init => field = value >= 99 ? value : throw new ArgumentOutOfRangeException(nameof(Replications), value, "A bootstrap needs at least 99 replications."); } = 999;

    /// <summary>How clusters are drawn; two-stage by default, the choice of the simulations of Pustejovsky, Citkowicz &amp; Joshi (2025).</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such way.</exception>
    public ClusterResampling Resampling { get; init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(Resampling), value, "There is no such way to draw clusters."); } = ClusterResampling.TwoStage;

    /// <summary>The seed: the same seed gives the same intervals.</summary>
    public ulong Seed { get; init; } = 20250101;
}

/// <summary>Bootstrap intervals of one parameter.</summary>
/// <param name="Name">A coefficient of the mean, <c>ln τ²</c>, or <c>ln</c> of a weight (of δ for a beta function).</param>
/// <param name="Estimate">The estimate in the sample.</param>
/// <param name="StandardError">The standard deviation of the replications.</param>
/// <param name="Percentile">Between the quantiles of the replications (R's type 7).</param>
/// <param name="Basic">Those mirrored at the estimate.</param>
/// <param name="Studentized">From replications of (θ* - θ)/SE* with each one's own cluster-robust standard error; null where fewer than nine in ten had one.</param>
public sealed record BootstrapInterval(string Name, double Estimate, double StandardError, ConfidenceInterval Percentile, ConfidenceInterval Basic, ConfidenceInterval? Studentized)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name} = {StatisticText.Significant(Estimate)}, percentile {Percentile}";
}

/// <summary>A cluster bootstrap of a selection model.</summary>
/// <param name="Intervals">The coefficients, ln τ², and the selection parameters that are estimated, in that order.</param>
/// <param name="Replications">How many replications were used.</param>
/// <param name="Failed">How many had no maximum, for example as no effect that is not significant was drawn; they are left out.</param>
/// <param name="Resampling">How clusters were drawn.</param>
/// <param name="Warnings">What speaks against relying on the intervals.</param>
public sealed record SelectionBootstrap(ImmutableArray<BootstrapInterval> Intervals, int Replications, int Failed, ClusterResampling Resampling, ImmutableArray<string> Warnings)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Intervals[0]} ({StatisticText.Count(Replications)} replications of clusters)";
}

/// <summary>Draws clusters and fits the model again.</summary>
internal sealed class ClusterResampler(SelectionEngine engine, SelectionSearch search, SelectionPoint point, EffectClusters clusters, bool isPenalized)
{
    private readonly int _k = engine.Likelihood.Count;

    /// <summary>The estimates of each replication with their standard errors, in logarithms where <paramref name="isLog"/> says so.</summary>
    public (List<double[]> Estimates, List<double[]> Errors, int Failed) Run(SelectionBootstrapOptions options, bool[] isLog, Func<double[], double[]> carry, Func<double[], double[]> carryCovariance, IProgress<double>? progress, CancellationToken cancellation)
    {
        var random = new Philox(options.Seed);
        var rows = Enumerable.Range(0, clusters.Count).Select(c => clusters.Rows(c).ToArray()).ToArray();
        var (estimates, errors) = (new List<double[]>(), new List<double[]>());
        var failed = 0;
        for (var r = 0; r < options.Replications; r++)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(r / (double)options.Replications);
            random.MoveTo((ulong)r);
            var times = Draw(random, options.Resampling, rows);
            try
            {
                var (_, at) = engine.Maximize(times, start: point.At);
                var n = search.Free;
                // The likelihood of the replication, for its own scores.
                var bread = SelectionEngine.Covariance(search, at) ?? throw new UndeterminedException("A replication", "its likelihood is flat");
                var covariance = SelectionClusters.Sandwich(engine.Likelihood.With(times), search, at, bread, clusters, isPenalized);
                var (estimate, spread) = (carry(at.At), carryCovariance(covariance));
                var (own, error) = (new double[n], new double[n]);
                for (var j = 0; j < n; j++)
                {
                    own[j] = isLog[j] ? Math.Log(estimate[j]) : estimate[j];
                    error[j] = Math.Sqrt(spread[j * n + j]) / (isLog[j] ? estimate[j] : 1);
                    if (at.IsHeld[j]) error[j] = double.NaN;
                }
                estimates.Add(own);
                errors.Add(error);
            }
            catch (Exception fault) when (fault is UndeterminedException or ConvergenceException or StudyDataException)
            {
                // Counted and reported: the draw left out what determines the model.
                failed++;
            }
        }
        progress?.Report(1);
        return (estimates, errors, failed);
    }

    private double[] Draw(Philox random, ClusterResampling resampling, int[][] rows)
    {
        var times = new double[_k];
        var m = rows.Length;
        var drawn = new double[m];
        if (resampling == ClusterResampling.Exponential)
        {
            for (var c = 0; c < m; c++) drawn[c] = -Math.Log(1 - random.NextDouble());
        }
        else
        {
            // One cluster alone says nothing about the spread between them.
            do
            {
                Array.Clear(drawn);
                for (var c = 0; c < m; c++) drawn[random.NextBelow(m)]++;
            }
            while (drawn.Count(d => d > 0) < 2);
        }
        for (var c = 0; c < m; c++)
        {
            if (resampling != ClusterResampling.TwoStage)
            {
                foreach (var i in rows[c]) times[i] = drawn[c];
                continue;
            }
            for (var n = 0; n < (int)drawn[c] * rows[c].Length; n++) times[rows[c][random.NextBelow(rows[c].Length)]]++;
        }
        return times;
    }
}

public sealed partial class SelectionFit
{
    /// <summary>
    /// Bootstrap intervals by drawing clusters: better than the sandwich with few clusters (Pustejovsky, Citkowicz &amp; Joshi 2025). τ² and weights are drawn up in logarithms, where a replication with τ² = 0 is -∞. When
    /// not to use it: with fewer than about ten clusters, of which too few different samples can be drawn.
    /// </summary>
    /// <param name="options">How many replications, how clusters are drawn, and the seed; the defaults if not said.</param>
    /// <param name="progress">Takes the share that is done, from 0 to 1; null for nobody.</param>
    /// <param name="cancellation">Ends the bootstrap early, without a result.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="ImpossibleChoiceException">The fit has no clusters, or a truncated distribution whose value is estimated or monotone weights.</exception>
    /// <exception cref="UndeterminedException">Fewer than half of the replications have a maximum.</exception>
    public SelectionBootstrap Bootstrap(SelectionBootstrapOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        options ??= new SelectionBootstrapOptions();
        if (Clusters is null) throw new ImpossibleChoiceException("A bootstrap of clusters needs a selection model with clusters", ChoiceFault.Incomplete) { Choices = ["Cluster"] };
        if (Function.IsMonotone || Function.Shape == SelectionShape.TruncatedAtEstimate) throw new ImpossibleChoiceException("A bootstrap is defined for selection functions without order and with known cut-offs", ChoiceFault.UndefinedEstimate);
        int q = _matrix.Parameters, n = _search.Free, first = IsRandomEffects ? q + 1 : q;
        var isBeta = Function.Shape == SelectionShape.Beta;
        bool[] isLog = [.. Enumerable.Range(0, n).Select(j => j == q && IsRandomEffects || j >= first && isBeta)];
        var resampler = new ClusterResampler(_engine, _search, _point, Clusters, Options.Penalty is not null);
        var (estimates, errors, failed) = resampler.Run(options, isLog, Carry, CarryCovariance, progress, cancellation);
        if (estimates.Count < options.Replications / 2) throw new UndeterminedException("The cluster bootstrap", $"only {StatisticText.Count(estimates.Count)} of {StatisticText.Count(options.Replications)} replications have a maximum", "exponential weights, which leave no cluster out, or penalties give an answer");

        var at = Carry(_point.At);
        var own = CarryCovariance(_covariance);
        var tail = (1 - ConfidenceLevel) / 2;
        var free = Enumerable.Range(0, Parameters.Length).Where(j => !Parameters[j].IsGiven).ToArray();
        return new SelectionBootstrap([.. Enumerable.Range(0, n).Select(j =>
        {
            var estimate = isLog[j] ? Math.Log(at[j]) : at[j];
            var error = Math.Sqrt(own[j * n + j]) / (isLog[j] ? at[j] : 1);
            double[] values = [.. estimates.Select(e => e[j]).Order()];
            double[] t = [.. estimates.Select((e, r) => (e[j] - estimate) / errors[r][j]).Where(double.IsFinite).Order()];
            var finite = values.Where(double.IsFinite).ToArray();
            var mean = finite.Length == 0 ? double.NaN : finite.Average();
            var deviation = finite.Length < 2 ? 0 : Math.Sqrt(finite.Sum(v => (v - mean) * (v - mean)) / (finite.Length - 1));
            var percentile = new ConfidenceInterval(Quantile(values, tail), Quantile(values, 1 - tail), ConfidenceLevel);
            var basic = new ConfidenceInterval(2 * estimate - percentile.Upper, 2 * estimate - percentile.Lower, ConfidenceLevel);
            ConfidenceInterval? studentized = t.Length < 0.9 * values.Length || !double.IsFinite(error) || _point.IsHeld[j] ? null
                : new ConfidenceInterval(estimate - error * Quantile(t, 1 - tail), estimate - error * Quantile(t, tail), ConfidenceLevel);
            var name = j < q ? Coefficients[j].Name : j < first ? "ln τ²" : (isBeta || _engine.IsStep ? "ln " : "") + Parameters[free[j - first]].Name;
            return new BootstrapInterval(name, estimate, deviation, percentile, basic, studentized);
        })], estimates.Count, failed, options.Resampling,
        [
            .. failed > options.Replications / 20 ? (ImmutableArray<string>)[$"{StatisticText.Count(failed)} of {StatisticText.Count(options.Replications)} replications had no maximum and are left out, which makes intervals too narrow: exponential weights or penalties are better here."] : [],
            .. Clusters.Count < 10 ? (ImmutableArray<string>)[$"Of {StatisticText.Count(Clusters.Count)} clusters few different samples can be drawn."] : [],
        ]);

        // From the orthonormal columns of the search, effects turned, to the reader's.
        double[] Carry(double[] point)
        {
            double[] carried = [.. point];
            for (var j = 0; j < q; j++) carried[j] *= _engine.Sign;
            _matrix.ToCoefficients(carried.AsSpan(0, q));
            return carried;
        }

        double[] CarryCovariance(double[] covariance)
        {
            double[] block = new double[q * q], carried = [.. covariance];
            for (var i = 0; i < q; i++)
            {
                for (var j = 0; j < q; j++) block[i * q + j] = covariance[i * n + j];
            }
            _matrix.ToCovariance(block);
            for (var i = 0; i < q; i++) carried[i * n + i] = block[i * q + i];
            return carried;
        }
    }

    /// <summary>R's type 7 of sorted values.</summary>
    private static double Quantile(double[] sorted, double probability)
    {
        var place = (sorted.Length - 1) * probability;
        var low = (int)Math.Floor(place);
        var high = Math.Min(low + 1, sorted.Length - 1);
        return sorted[low] == sorted[high] ? sorted[low] : sorted[low] + (place - low) * (sorted[high] - sorted[low]);
    }
}
