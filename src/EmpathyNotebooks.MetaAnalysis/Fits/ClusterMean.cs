using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What the effects of one cluster say together, as one point of a plot.</summary>
/// <param name="Cluster">The cluster.</param>
/// <param name="Rows">Its effects, as rows of the fit counted from 0.</param>
/// <param name="Estimate">The mean of its effects, w'y with w = M⁻¹1/(1'M⁻¹1) and the covariance M of its effects in the model.</param>
/// <param name="Expected">What the model expects of that mean, w'Xβ.</param>
/// <param name="SamplingVariance">The variance of the mean by sampling error alone, w'Vw.</param>
/// <param name="Variance">Its variance in the model, 1/(1'M⁻¹1): sampling error and true effects.</param>
/// <param name="Weight">The share of its effects in the result, as a fraction.</param>
/// <param name="Standardized">(Estimate − Expected) over the standard error of that residual; null where a model defines none: weights of one's own, robust variance estimation.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52],
///     [0.004, 0.004, 0.006, 0.005, 0.006, 0.006, 0.004, 0.007], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F"])]);
/// foreach (ClusterMean mean in MultilevelModel.Fit(effects, ["sample", MultilevelModel.EachEffect], new() { SamplingCorrelation = 0.6 }).ClusterMeans())
///     Console.WriteLine($"{mean.Cluster} ({mean.Rows.Length} effects): {mean.Estimate:F2}, standard error {Math.Sqrt(mean.SamplingVariance):F3}");
/// </code></example>
public sealed record ClusterMean(string Cluster, ImmutableArray<int> Rows, double Estimate, double Expected, double SamplingVariance, double Variance, double Weight, double? Standardized)
{
    /// <summary>One line, for example <c>Sample 01: 0.3120 (3 effects, weight 1.2%)</c>.</summary>
    public override string ToString() => $"{Cluster}: {StatisticText.Significant(Estimate)} ({StatisticText.Count(Rows.Length, "effect")}, weight {StatisticText.Percent(Weight)})";
}

/// <summary>What clusters say in a model, whatever its kind.</summary>
public static class ClusterAverages
{
    /// <summary>
    /// The mean of each cluster, in order of first appearance, weighted by the inverse of the covariance the model takes its effects to have: of robust variance estimation the working
    /// covariance, so that with correlated effects all effects of a cluster count alike. What random effects of the whole cluster add to M changes no weight. When not to use it: to fit a model
    /// to the means, which know nothing of the moderators within clusters; for that see <see cref="EffectAggregation.AverageWithin"/>.
    /// </summary>
    /// <param name="fit">A fit that knows which effects share a sample.</param>
    /// <exception cref="ArgumentException">The fit takes effects as independent.</exception>
    /// <exception cref="ConvergenceException">The covariance of a cluster is singular in double precision.</exception>
    public static ImmutableArray<ClusterMean> ClusterMeans(this IModelFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var clusters = fit.Clusters ?? throw new ArgumentException("This fit takes effects as independent, so that there are no clusters whose means could be taken.", nameof(fit));
        Func<int[], (double[] V, double[] M)> covariances = fit switch
        {
            DependentFit dependent => dependent.CovariancesOf,
            RobustVarianceFit robust => robust.WorkingCovariancesOf,
            _ => throw new ArgumentException($"{fit.GetType().Name} has clusters but no covariance of their effects.", nameof(fit)),
        };
        var (fitted, weights) = (fit.FittedValues, fit.Weights);
        return [.. Enumerable.Range(0, clusters.Count).Select(c =>
        {
            int[] rows = [.. clusters.Rows(c)];
            var (v, m) = covariances(rows);
            // Those of correlated effects are equal even where errors are all one, which leaves nothing to weigh by.
            double[] shares = fit is RobustVarianceFit { WorkingModel: WorkingModel.Correlated } ? [.. Enumerable.Repeat(1.0 / rows.Length, rows.Length)] : Shares(m, rows.Length);
            double Mean(Func<int, double> of) => shares.Select((s, i) => s * of(rows[i])).Sum();
            var (estimate, expected) = (Mean(i => fit.Effects.Effects[i]), Mean(i => fitted[i]));
            double? standardized = fit is DependentFit { Common.Weights: null } dependent && dependent.ResidualVarianceOf(rows, shares) is { } variance ? (estimate - expected) / Math.Sqrt(variance) : null;
            return new ClusterMean(clusters.Names[c], [.. rows], estimate, expected, Quadratic(v, shares), Quadratic(m, shares), rows.Sum(i => weights[i]), standardized);
        })];
    }

    /// <summary>w'Aw.</summary>
    internal static double Quadratic(double[] a, double[] w)
    {
        double sum = 0;
        for (var i = 0; i < w.Length; i++) sum += w[i] * BlockMatrix.Dot(a.AsSpan(i * w.Length, w.Length), w);
        return sum;
    }

    /// <summary>M⁻¹1/(1'M⁻¹1).</summary>
    private static double[] Shares(double[] covariance, int m)
    {
        double[] factor = [.. covariance];
        if (!BlockMatrix.TryCholesky(factor, m)) throw new ConvergenceException("The mean of a cluster", "its covariance has lost its digits", 0);
        var solved = new double[m];
        Array.Fill(solved, 1);
        BlockMatrix.SolveLower(factor, solved, m, 1);
        BlockMatrix.SolveLowerTransposed(factor, solved, m, 1);
        var total = solved.Sum();
        return [.. solved.Select(s => s / total)];
    }
}
