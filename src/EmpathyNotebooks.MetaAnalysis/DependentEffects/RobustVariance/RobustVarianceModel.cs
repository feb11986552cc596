using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Robust variance estimation: weighted least squares, β = (X'WX)⁻¹X'Wy, with the simple weights of a <see cref="WorkingModel"/> and cluster-robust inference, which needs the weights to be
/// reasonable only, not right. Sources: Hedges, Tipton &amp; Johnson 2010, Research Synthesis Methods 1, 39-65; small samples: Tipton 2015, Psychological Methods 20, 375-393; Tipton &amp;
/// Pustejovsky 2015, Journal of Educational and Behavioral Statistics 40, 604-634. robumeta: <c>robu()</c>. When not to use it: where how much effects differ is itself a question, since τ² and ω²
/// are rough moment estimates; <see cref="MultilevelModel"/> with <see cref="DependentFit.Robust"/> estimates them by likelihood and pools more precisely (Pustejovsky &amp; Tipton 2022).
/// </summary>
/// <remarks>
/// $$\hat\beta = (X^\top WX)^{-1}X^\top Wy$$
/// with the weights of <see cref="WorkingModel"/> and the variance of <see cref="SmallSampleCorrection"/>.
/// </remarks>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38, 0.29], [0.010, 0.022, 0.015, 0.012, 0.020, 0.020],
///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "C", "D"]), StudyColumn.OfNumbers("effect", [1, 2, 1, 1, 2, 1])]);
/// Console.WriteLine(RobustVarianceModel.Fit(effects, "sample"));
/// Console.WriteLine(RobustVarianceModel.Fit(effects, "sample", WorkingModel.Hierarchical, Moderator.Number("effect")));
/// </code></example>
public static class RobustVarianceModel
{
    /// <summary>Fits the model. Effects whose moderators are not all known are left out and listed on the result.</summary>
    /// <param name="effects">The effects with the columns named.</param>
    /// <param name="cluster">The column that says which effects belong together.</param>
    /// <param name="model">What the weights take the dependence to be; that of the options if not said, which is correlated effects by default.</param>
    /// <param name="moderators">The terms, or null.</param>
    /// <param name="options">Correlation, correction and level; the defaults if not said.</param>
    /// <exception cref="StudyDataException">A column or value is missing; the moderators tell the clusters apart completely; or hierarchical weights find no clusters with several effects.</exception>
    /// <exception cref="InsufficientStudiesException">There are not more clusters, or effects, than coefficients.</exception>
    /// <exception cref="ConvergenceException">The numbers are too large or too small for double precision.</exception>
    public static RobustVarianceFit Fit(StudyEffects effects, string cluster, WorkingModel? model = null, Moderator? moderators = null,
        RobustVarianceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(effects);
        ArgumentException.ThrowIfNullOrWhiteSpace(cluster);
        options ??= new RobustVarianceOptions();
        return Fit(effects, options with
        {
            Cluster = Once.Of(options.Cluster, cluster, "clusters"),
            WorkingModel = model ?? options.WorkingModel,
            Moderators = Once.Of(options.Moderators, moderators, "moderators"),
        });
    }

    /// <summary>Fits the model of the cluster and moderators that the options name.</summary>
    /// <inheritdoc cref="Fit(StudyEffects, string, WorkingModel?, Moderator?, RobustVarianceOptions?)"/>
    /// <param name="effects">The effects with the columns named.</param>
    /// <param name="options">Cluster, working model, moderators, correlation, correction and level.</param>
    public static RobustVarianceFit Fit(StudyEffects effects, RobustVarianceOptions options)
    {
        ArgumentNullException.ThrowIfNull(effects);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Cluster is null) throw new ImpossibleChoiceException("Robust variance estimation needs the column of clusters", ChoiceFault.Incomplete, nameof(options)) { Choices = ["Cluster"] };
        return new RobustVarianceFit(DependentData.Create(effects, options.Moderators), options);
    }

    /// <summary>Fits correlated effects with each assumed correlation, since ρ cannot be estimated from the effects (robumeta's <c>sensitivity()</c>). Results hardly move with it: it enters τ² alone.</summary>
    /// <param name="effects">The effects.</param>
    /// <param name="cluster">The column of clusters.</param>
    /// <param name="moderators">The terms, or null.</param>
    /// <param name="correlations">The values of ρ; 0, 0.2, … 1 if not said.</param>
    /// <param name="options">Correction and level; the correlation in it is not used.</param>
    /// <returns>One fit for each ρ, in the order given.</returns>
    /// <exception cref="ArgumentException">No correlation is given.</exception>
    public static ImmutableArray<RobustVarianceFit> OverCorrelations(StudyEffects effects, string cluster, Moderator? moderators = null,
        IReadOnlyList<double>? correlations = null, RobustVarianceOptions? options = null)
    {
        correlations ??= [0, 0.2, 0.4, 0.6, 0.8, 1];
        if (correlations.Count == 0) throw new ArgumentException("A sensitivity run needs at least one correlation.", nameof(correlations));
        options ??= new RobustVarianceOptions();
        return [.. correlations.Select(rho => Fit(effects, cluster, WorkingModel.Correlated, moderators, options with { SamplingCorrelation = rho }))];
    }
}
