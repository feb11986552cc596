namespace EmpathyNotebooks.MetaAnalysis;

/// <content>Robust inference.</content>
public abstract partial class DependentFit
{
    /// <summary>
    /// Cluster-robust inference: the same coefficients with standard errors that do not trust the model's assumptions about dependence within clusters.
    /// </summary>
    /// <param name="correction">The small-sample correction; <see cref="SmallSampleCorrection.CR2"/> if not said.</param>
    /// <param name="cluster">The column of clusters, which are independent of one another; the outermost level if not said.</param>
    /// <exception cref="StudyDataException">There is no such column, a row has no cluster, or a level or the sampling covariance ties clusters together.</exception>
    /// <exception cref="InsufficientStudiesException">There are too few clusters.</exception>
    /// <exception cref="InvalidOperationException">The coefficients have weights of your own (<see cref="DependentOptions.Weights"/>).</exception>
    public RobustFit Robust(SmallSampleCorrection correction = SmallSampleCorrection.CR2, string? cluster = null)
    {
        NeedOwnWeights("Robust standard errors");
        return new(new MixedSource(this) { Moderators = Data.Design, TrueEffectVariance = TrueEffectVariance, StudyMeanVariance = _ => StudyMeanVariance }, cluster ?? OutermostCluster, ClustersOf(cluster), correction);
    }
}
