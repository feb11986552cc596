using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>One number of a fit with its jackknife.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Estimate">In the fit, θ.</param>
/// <param name="Values">θ₍ᵢ₎: without each study or cluster, in their order.</param>
/// <param name="Bias">(n - 1)(mean of θ₍ᵢ₎ - θ).</param>
/// <param name="StandardError">√((n - 1)/n·Σ(θ₍ᵢ₎ - their mean)²).</param>
public sealed record JackknifedStatistic(string Name, double Estimate, ImmutableArray<double> Values, double Bias, double StandardError)
{
    /// <summary>nθ - (n - 1)θ₍ᵢ₎, whose mean is the estimate less its bias and whose standard error is the jackknife's.</summary>
    public ImmutableArray<double> PseudoValues => [.. Values.Select(v => Values.Length * Estimate - (Values.Length - 1) * v)];

    /// <inheritdoc/>
    public override string ToString() => $"{Name} = {StatisticText.Significant(Estimate)}, bias {StatisticText.Significant(Bias)}, SE {StatisticText.Significant(StandardError)}";
}

/// <summary>A jackknife of a fit: the model without each of its studies or clusters (Quenouille 1956, Biometrika 43, 353-360; Tukey 1958).</summary>
/// <param name="Labels">The studies or clusters left out.</param>
/// <param name="LeftOut">What was left out: "studies" or "clusters of sample".</param>
/// <param name="Statistics">The numbers.</param>
public sealed record FitJackknife(ImmutableArray<string> Labels, string LeftOut, ImmutableArray<JackknifedStatistic> Statistics) : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin { get => field ?? DataOrigin.Own; internal init => field = value == DataOrigin.Own ? null : value; }

    /// <inheritdoc/>
    public override string ToString() => $"{string.Join("; ", Statistics)} (jackknife of {StatisticText.Count(Labels.Length)} {LeftOut})";
}

public static partial class Bootstraps
{
    /// <summary>
    /// The jackknife by study, or by cluster where effects share samples: bias and standard error of coefficients, τ² and I² without an assumption about distributions. When not to use it: of numbers that jump, as a median, or at a
    /// bound, as τ² = 0.
    /// </summary>
    /// <remarks>
    /// $$\text{bias} = (n - 1)\bigl(\bar\theta_{(\cdot)} - \hat\theta\bigr), \qquad \mathrm{SE}^2 = \frac{n - 1}{n}\sum_i\bigl(\hat\theta_{(i)} - \bar\theta_{(\cdot)}\bigr)^2$$
    /// </remarks>
    /// <param name="fit">A fit of any kind.</param>
    /// <param name="cluster">The column whose values are left out together; null, the default, for the clusters of the fit, or for studies where it has none; <see cref="MultilevelModel.EachEffect"/> for single effects.</param>
    /// <param name="statistics">Numbers of one's own; null for coefficients, τ² and I².</param>
    /// <param name="progress">Takes the share that is done, from 0 to 1; null for nobody.</param>
    /// <param name="cancellation">Ends it early, without a result.</param>
    /// <exception cref="InsufficientStudiesException">There are fewer than two studies or clusters.</exception>
    /// <exception cref="UndeterminedException">Without one of them the model is not determined; it is named.</exception>
    /// <exception cref="StudyDataException">There is no such column, or a row has no cluster.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52, 0.38], [0.006, 0.010, 0.009, 0.005, 0.012, 0.011], EffectMeasure.FisherZ);
    /// FitJackknife jackknife = RandomEffects.Fit(effects).Jackknife();
    /// JackknifedStatistic mean = jackknife.Statistics[0];
    /// Console.WriteLine($"{mean}; {string.Join(", ", mean.PseudoValues)}");
    /// </code></example>
    public static FitJackknife Jackknife(this IModelFit fit, string? cluster = null, IEnumerable<BootstrapStatistic>? statistics = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var groups = EffectGroups.Of(fit, cluster ?? (fit.Clusters is null ? null : EffectClusters.OfFit));
        var own = statistics is not null;
        var followed = statistics is null ? BootstrapStatistic.Usual(fit) : Checked([.. statistics]);
        if (groups.Count < 2) throw new InsufficientStudiesException("A jackknife", 2, groups.Count, groups.IsEachEffect ? StudyCount.Studies : StudyCount.Clusters);
        var (estimates, values, undetermined) = JackknifeRun.Run(ReplicateModel.Of(fit, followed, !own), groups, progress, cancellation);
        if (undetermined >= 0) throw new UndeterminedException("The jackknife", $"without {groups.Names[undetermined]} the model is not determined", "a parametric bootstrap leaves no study out");
        double n = groups.Count;
        return new FitJackknife([.. groups.Names], JackknifeRun.Noun(fit, groups, cluster), [.. followed.Select((statistic, s) =>
        {
            var mean = values[s].Average();
            return new JackknifedStatistic(statistic.Name, estimates[s], [.. values[s]], (n - 1) * (mean - estimates[s]), Math.Sqrt((n - 1) / n * values[s].Sum(v => (v - mean) * (v - mean))));
        })]) { Origin = fit.Effects.Origin };
    }
}

/// <summary>Leaves out one unit after the other.</summary>
internal static class JackknifeRun
{
    private const int MostUnits = 2_000;

    /// <summary>The estimates, those without each unit, and the first unit without which the model is not determined, or -1.</summary>
    public static (double[] Estimates, double[][] Values, int Undetermined) Run(ReplicateModel model, EffectGroups groups, IProgress<double>? progress, CancellationToken cancellation)
    {
        var (count, n) = (model.Count, groups.Count);
        var estimates = new double[count];
        model.NewWorker().AsIs(estimates, new double[count]);
        double[][] values = [.. Enumerable.Range(0, count).Select(_ => new double[n])];
        var done = 0;
        Parallel.For(0, n, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount },
            () => (Worker: model.NewWorker(), Own: new double[count], Errors: new double[count]),
            (unit, _, own) =>
            {
                var left = groups.Rows[unit].ToHashSet();
                own.Worker.Rows([.. Enumerable.Range(0, model.Fit.Count).Where(i => !left.Contains(i))], null, own.Own, own.Errors);
                for (var s = 0; s < count; s++) values[s][unit] = own.Own[s];
                progress?.Report(Interlocked.Increment(ref done) / (double)n);
                return own;
            },
            _ => { });
        return (estimates, values, Enumerable.Range(0, n).FirstOrDefault(unit => values.Any(v => !double.IsFinite(v[unit])), -1));
    }

    /// <summary>Of very many units blocks of neighbours, since an acceleration needs no more (Efron &amp; Tibshirani 1993, section 11.5).</summary>
    public static EffectGroups Blocks(EffectGroups groups) => groups.Count <= MostUnits ? groups : new EffectGroups([.. Enumerable.Range(1, MostUnits).Select(b => $"block {StatisticText.Count(b)}")],
        [.. Enumerable.Range(0, MostUnits).Select(b => groups.Rows[(int)((long)groups.Count * b / MostUnits)..(int)((long)groups.Count * (b + 1) / MostUnits)].SelectMany(r => r).ToArray())], false);

    /// <summary>What is left out or drawn.</summary>
    public static string Noun(IModelFit fit, EffectGroups groups, string? cluster) => groups.IsEachEffect ? fit.Clusters is null ? "studies" : "effects"
        : (cluster is null or EffectClusters.OfFit) && fit.Clusters!.Column == MultilevelModel.EachEffect ? "effects"
        : $"clusters of {(cluster is null or EffectClusters.OfFit ? fit.Clusters!.Column : cluster)}";
}
