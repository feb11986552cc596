using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What to choose when all subsets are fitted.</summary>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ));
/// GoshResult gosh = fit.Gosh(new GoshOptions { Subsets = 10_000, Seed = 5 });
/// Console.WriteLine(gosh);
/// </code></example>
public sealed record GoshOptions
{
    /// <summary>
    /// How many random subsets where there are more subsets than are gone through; at least 100. If not said 1,000,000 of a mean of independent effects, 20,000 of a regression, 1,000 of a multilevel model.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 100.</exception>
    public int? Subsets
    {
        get;
        init => field = value is null or >= 100 ? value : throw new ArgumentOutOfRangeException(nameof(Subsets), value, "Fewer than 100 subsets show no cloud.");
    }

    /// <summary>
    /// The largest number of studies (clusters) of which all subsets are fitted, at most 25. If not said as many as make no more subsets than <see cref="Subsets"/>, and for closed-form estimators of
    /// independent effects (equal effects, DerSimonian-Laird) 25: 33,554,431 subsets.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or above 25.</exception>
    public int? ExhaustiveUpTo
    {
        get;
        init => field = value is null or (>= 0 and <= 25) ? value : throw new ArgumentOutOfRangeException(nameof(ExhaustiveUpTo), value, "All subsets can be fitted of 25 studies at most.");
    }

    /// <summary>The coefficient followed over the subsets; null for the mean, or the first moderator of a regression.</summary>
    public string? Coefficient { get; init; }

    /// <summary>The seed of random subsets.</summary>
    public ulong Seed { get; init; } = 20190601;
}

/// <summary>How one number varies over the subsets.</summary>
/// <param name="Mean">Its mean.</param>
/// <param name="StandardDeviation">Its standard deviation, with n - 1.</param>
/// <param name="Quantiles">Its quantiles at <see cref="Probabilities"/>, as R's type 7 has them.</param>
public sealed record SubsetSummary(double Mean, double StandardDeviation, ImmutableArray<double> Quantiles)
{
    /// <summary>Of which probabilities there are quantiles: from the smallest value to the largest.</summary>
    public static ImmutableArray<double> Probabilities { get; } = [0, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99, 1];

    /// <summary>The quantile at one of the <see cref="Probabilities"/>.</summary>
    /// <param name="probability">One of them.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is none of them.</exception>
    public double Quantile(double probability)
    {
        var place = Probabilities.IndexOf(probability);
        return place >= 0 ? Quantiles[place] : throw new ArgumentOutOfRangeException(nameof(probability), probability, $"There are quantiles at {string.Join(", ", Probabilities)}.");
    }

    /// <summary>The median.</summary>
    public double Median => Quantile(0.5);
}

/// <summary>What the membership of one study does to the cloud of subsets.</summary>
/// <param name="Label">The study, or the cluster.</param>
/// <param name="MeanWith">The mean estimate of the subsets that have it.</param>
/// <param name="MeanWithout">The mean estimate of those that do not.</param>
/// <param name="EstimateExplained">The share of the variance of estimates that membership explains, from 0 to 1.</param>
/// <param name="HeterogeneityExplained">The same of I².</param>
/// <param name="IsOutlying">True where either share is at least 1/4, and at least three times what studies alike would each explain, 1/k.</param>
public sealed record SubsetMembership(string Label, double MeanWith, double MeanWithout, double EstimateExplained, double HeterogeneityExplained, bool IsOutlying);

/// <summary>One subset.</summary>
/// <param name="Estimate">The estimate from it.</param>
/// <param name="ISquared">I², as a fraction.</param>
/// <param name="TauSquared">tau².</param>
/// <param name="Members">Bit i is set where it has study i, for the first 64.</param>
public readonly record struct SubsetPoint(double Estimate, double ISquared, double TauSquared, ulong Members);

/// <summary>
/// The model fitted to all subsets of the studies, or to many random ones: a graphical display of study heterogeneity (GOSH; Olkin, Dahabreh &amp; Trikalinos 2012, Research Synthesis Methods 3, 214-223). A
/// cloud in one piece says that no few studies carry the result; one in two pieces that a study does, and colour by membership shows which. It is a diagnosis, no distribution to infer from.
/// </summary>
public sealed class GoshResult
{
    private readonly Func<int, ImmutableArray<bool>> _membersOf;

    internal GoshResult(IModelFit fit, string coefficient, Func<int, ImmutableArray<bool>> membersOf) => (Fit, Coefficient, _membersOf) = (fit, coefficient, membersOf);

    /// <summary>The fit to all.</summary>
    public IModelFit Fit { get; }

    /// <summary>The coefficient followed: "Intercept" for the mean.</summary>
    public string Coefficient { get; }

    /// <summary>How many subsets were fitted; the empty one is none.</summary>
    public required long Subsets { get; init; }

    /// <summary>How many of those drawn do not determine the coefficient, and were left out.</summary>
    public required long Undetermined { get; init; }

    /// <summary>True where all subsets were gone through.</summary>
    public required bool IsExhaustive { get; init; }

    /// <summary>The estimates.</summary>
    public required SubsetSummary Estimate { get; init; }

    /// <summary>I², as fractions.</summary>
    public required SubsetSummary ISquared { get; init; }

    /// <summary>tau².</summary>
    public required SubsetSummary TauSquared { get; init; }

    /// <summary>Cochran's Q.</summary>
    public required SubsetSummary Q { get; init; }

    /// <summary>What each study does to the cloud, in the order of the data.</summary>
    public required ImmutableArray<SubsetMembership> Studies { get; init; }

    /// <summary>
    /// Up to 20,000 subsets, for a plot: all where there are no more, else every n-th of those gone through or drawn.
    /// </summary>
    public required ImmutableArray<SubsetPoint> Points { get; init; }

    /// <summary>Which studies or clusters a point's subset has, in the order of <see cref="Studies"/>, however many there are.</summary>
    /// <param name="point">The place of the point among <see cref="Points"/>, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such point.</exception>
    public ImmutableArray<bool> Members(int point) => point >= 0 && point < Points.Length ? _membersOf(point)
        : throw new ArgumentOutOfRangeException(nameof(point), point, $"There are points from 0 to {StatisticText.Count(Points.Length - 1)}.");

    /// <summary>The labels of outlying studies, the most influential first. The clusters of the cloud are the combinations of having them or not.</summary>
    public ImmutableArray<string> Outlying => [.. Studies.Where(s => s.IsOutlying).OrderByDescending(s => Math.Max(s.EstimateExplained, s.HeterogeneityExplained)).Select(s => s.Label)];

    /// <inheritdoc/>
    public override string ToString()
    {
        string Shown(double value) => Fit.Mean is null ? StatisticText.Significant(value, 3) : $"{Fit.Measure.Symbol} = {Fit.Measure.Format(Fit.Measure.ToDisplay(value), 2)}";
        return $"{(IsExhaustive ? "All " : "")}{StatisticText.Count(Subsets)} {(IsExhaustive ? "" : "random ")}subsets{(Undetermined > 0 ? $" that determine {(Fit.Mean is null ? Coefficient : "the mean")}" : "")}: median {Shown(Estimate.Median)}, 95% of them from "
            + $"{Shown(Estimate.Quantile(0.025))} to {Shown(Estimate.Quantile(0.975))}"
            + (Outlying.IsEmpty ? "; no study divides the cloud" : $"; outlying: {string.Join(", ", Outlying)}");
    }
}

/// <summary>The model fitted to subsets of its studies.</summary>
public static class SubsetFits
{
    /// <summary>
    /// Fits the model to all subsets of its studies, or to random ones where there are too many; of models whose effects share samples to subsets of the clusters. When not to use it: to choose which studies
    /// to leave out; what looks outlying is to be understood first.
    /// </summary>
    /// <remarks>$$2^k - 1$$ subsets of $k$ studies, fewer where a model needs more than one.</remarks>
    /// <param name="fit">A pooled, regression, multilevel or multivariate fit.</param>
    /// <param name="options">How many subsets, of which coefficient; the defaults if not said.</param>
    /// <param name="progress">Takes the share that is done, from 0 to 1; null for nobody.</param>
    /// <param name="cancellation">Ends it early, without a result.</param>
    /// <exception cref="InsufficientStudiesException">There are fewer than three studies or clusters.</exception>
    /// <exception cref="ImpossibleChoiceException">The fit has weights of one's own, or is of a kind that cannot be refitted to subsets.</exception>
    /// <exception cref="StudyDataException">There is no such coefficient.</exception>
    /// <exception cref="UndeterminedException">No subset determines the coefficient.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <example><code>
    /// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 1.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ));
    /// GoshResult gosh = fit.Gosh();
    /// SubsetSummary estimates = gosh.Estimate;
    /// foreach (SubsetMembership study in gosh.Studies) Console.WriteLine($"{study.Label}: {study.EstimateExplained}");
    /// SubsetPoint first = gosh.Points[0];
    /// Console.WriteLine($"{estimates.Median}, {string.Join(", ", gosh.Outlying)}, {first.Estimate}");
    /// </code></example>
    public static GoshResult Gosh(this IModelFit fit, GoshOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        options ??= new GoshOptions();
        SubsetModel model = fit switch
        {
            PooledFit { PoolingWeights: not null } => throw new ImpossibleChoiceException("Subsets are fitted with the model's own weights", ChoiceFault.NeedsOwnWeights),
            PooledFit pooled when pooled.Estimator is null or TauSquaredEstimator.DerSimonianLaird => new ClosedFormSubsets(pooled),
            PooledFit pooled => new PooledSubsets(pooled),
            MetaRegressionFit regression => new RegressionSubsets(regression, options.Coefficient),
            DependentFit dependent => new ClusterSubsets(dependent, options.Coefficient),
            _ => throw new ImpossibleChoiceException("Subsets are fitted of pooled, regression, multilevel and multivariate models", ChoiceFault.UndefinedForFit),
        };
        if (model.Units < 3) throw new InsufficientStudiesException("A cloud of subsets", 3, model.Units, fit.Clusters is null ? StudyCount.Studies : StudyCount.Clusters);
        if (fit is PooledFit && options.Coefficient is not (null or "Intercept")) RegressionSubsets.PlaceOf(fit, options.Coefficient);
        return new GoshRun(fit, model, options).Run(progress, cancellation);
    }
}
