using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The mean of dependent effects with inverse sampling covariance weights (CHE-ISCW): effects are weighted by V⁻¹, as if there were no heterogeneity, and the fitted model of correlated and hierarchical effects is the working
/// model of their uncertainty, with cluster-robust standard errors (CR2) and Satterthwaite's degrees of freedom. It is for dependent effects what UWLS is for independent ones. Source: Chen &amp; Pustejovsky 2025, Psychological
/// Methods, "Adapting methods for correcting selective reporting bias in meta-analysis of dependent effect sizes". All numbers are on the scale that is pooled.
/// </summary>
/// <remarks>
/// $$\hat\mu = \frac{1^\top V^{-1}y}{1^\top V^{-1}1}$$
/// <para>It adjusts for nothing by itself: it suffers less from selection than the model's mean, since large studies, which are selected least, weigh more. With much heterogeneity it is less precise.</para>
/// </remarks>
/// <example><code>
/// var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52, 0.35, 0.28], [0.004, 0.003, 0.016, 0.005, 0.002, 0.006, 0.004, 0.017, 0.011, 0.009], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F", "G", "G"])]);
/// var fit = MultilevelModel.Fit(effects, ["sample", MultilevelModel.EachEffect], samplingCorrelation: 0.6);
/// InverseCovarianceMean mean = fit.InverseSamplingCovarianceMean();
/// Console.WriteLine($"{mean}; by the working model SE = {mean.ModelStandardError:F3}");
/// </code></example>
public sealed class InverseCovarianceMean : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin { get => field ?? DataOrigin.Own; internal init => field = value == DataOrigin.Own ? null : value; }

    internal InverseCovarianceMean(Coefficient estimate, double modelStandardError, int count, int clusterCount, ImmutableArray<string> warnings)
    {
        Estimate = estimate;
        ModelStandardError = modelStandardError;
        Count = count;
        ClusterCount = clusterCount;
        Warnings = warnings;
    }

    /// <summary>The mean with its robust standard error.</summary>
    public Coefficient Estimate { get; }

    /// <summary>Its standard error if the working model holds.</summary>
    public double ModelStandardError { get; }

    /// <summary>How many effects it rests on.</summary>
    public int Count { get; }

    /// <summary>How many clusters they come from.</summary>
    public int ClusterCount { get; }

    /// <summary>What a careful reader should know.</summary>
    public ImmutableArray<string> Warnings { get; }

    /// <summary>The mean as a row beside other methods.</summary>
    public AdjustedEstimate Adjusted => new("CHE-ISCW", Estimate.Estimate, Estimate.HasStandardError ? Estimate.ConfidenceInterval : null, Count,
        "Large studies suffer little from selection.", Warnings);

    /// <inheritdoc/>
    public override string ToString() => $"CHE-ISCW: {Estimate} ({StatisticText.Count(Count)} effects, {StatisticText.Count(ClusterCount)} clusters)";
}

/// <summary>Means with inverse sampling covariance weights.</summary>
public static class InverseCovarianceWeights
{
    /// <summary>The mean with inverse sampling covariance weights.</summary>
    /// <remarks>Formula: <see cref="InverseCovarianceMean"/>.</remarks>
    /// <param name="fit">A model with one mean. Its sampling covariance gives the weights, its levels the working model.</param>
    /// <exception cref="ImpossibleChoiceException">The model has moderators or several means, or weights of one's own.</exception>
    /// <exception cref="InsufficientStudiesException">There are fewer than two clusters.</exception>
    /// <exception cref="StudyDataException">A level or the sampling covariance ties clusters together.</exception>
    public static InverseCovarianceMean InverseSamplingCovarianceMean(this DependentFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        DependentFunnel.Check(fit, "CHE-ISCW");
        var sandwich = GivenWeightSandwich.OfSamplingCovariance(fit);
        var estimate = sandwich.Combination("Mean", [1]) with { Origin = fit.Effects.Origin };
        return new InverseCovarianceMean(estimate, sandwich.ModelStandardError([1]), fit.Count, sandwich.ClusterCount, [.. Warn(fit, sandwich, estimate)]) { Origin = fit.Effects.Origin };
    }

    private static IEnumerable<string> Warn(DependentFit fit, GivenWeightSandwich sandwich, Coefficient estimate)
    {
        foreach (var few in DependentFunnel.FewDegreesOfFreedom(estimate, fit.OutermostCluster)) yield return few;
        if (fit.SamplingCovariance is null) yield return "Sampling errors are taken as independent, so that a sample with many effects weighs as much as many samples: give the model a sampling correlation.";
        var negative = sandwich.WeightsIn([1]).Count(w => w < 0);
        if (negative > 0) yield return $"{StatisticText.Count(negative)} of {StatisticText.Count(fit.Count)} effects count negatively, since their sampling errors are taken to go closely together with those of more precise ones. Try a lower sampling correlation.";
        if (StandardErrorDependence.Warning(fit.Effects.Measure) is { } warning) yield return warning;
    }
}
