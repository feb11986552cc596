using System.Runtime.CompilerServices;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Several outcomes (or raters) at once: y = x'β + u + e, where the true effects of one cluster have the covariance matrix G over outcomes and sampling errors the covariance V
/// (Berkey et al. 1998, Statistics in Medicine 17, 2537-2550; Jackson, Riley &amp; White 2011, ibid. 30, 2481-2498). Outcomes borrow strength from one another, and their means can be compared. metafor:
/// <c>rma.mv(random = ~ outcome | cluster, struct=)</c>. When not to use it: with few clusters that have several outcomes, where correlations end at their bounds; without knowledge
/// of how sampling errors go together (then vary it).
/// </summary>
/// <remarks>
/// $$y = X\beta + u + e, \qquad \operatorname{cov}(u_{ca}, u_{cb}) = G_{ab}, \quad e \sim N(0, V)$$
/// $$\hat\beta = (X^\top M^{-1}X)^{-1}X^\top M^{-1}y, \qquad M = \operatorname{cov}(u) + V$$
/// for outcomes $a$ and $b$ of one cluster $c$; <see cref="CovarianceStructure"/> says what $G$ may look like.
/// </remarks>
/// <example><code>
/// var effects = StudyEffects.Create([0.47, -0.32, 0.20, -0.60, 0.40, -0.12, 0.26, -0.31], [0.0075, 0.0077, 0.0057, 0.0008, 0.0021, 0.0014, 0.0029, 0.0015],
///     columns: [StudyColumn.OfNumbers("trial", [1, 1, 2, 2, 3, 3, 4, 4]),
///               StudyColumn.OfTexts("outcome", ["PD", "AL", "PD", "AL", "PD", "AL", "PD", "AL"])]);
/// var options = new MultivariateOptions { Structure = CovarianceStructure.Diagonal };
/// MultivariateFit fit = MultivariateModel.Fit(effects, cluster: "trial", outcome: "outcome", samplingCorrelation: 0.4, options: options);
/// foreach (OutcomeVariance outcome in fit.Outcomes) Console.WriteLine(outcome);
/// Console.WriteLine(MultivariateModel.Fit(effects, "trial", "outcome", options with { CommonMean = true, SamplingCorrelation = 0.4 }).Estimate);
/// </code></example>
public static class MultivariateModel
{
    /// <summary>Fits the model.</summary>
    /// <param name="effects">The effects with the columns named. Effects whose moderators are not all known are left out and listed on the result.</param>
    /// <param name="cluster">The column that names the clusters, whose true effects go together.</param>
    /// <param name="outcome">The column that names the outcome, rater, time or whatever the effects of a cluster differ in.</param>
    /// <param name="options">Structure, moderators, sampling correlation within the cluster, method, inference and level; the defaults if not said. Without moderators each outcome has a mean
    /// of its own, <c>Moderator.Category(outcome).WithoutIntercept()</c>, unless <see cref="MultivariateOptions.CommonMean"/> says otherwise.</param>
    /// <exception cref="StudyDataException">A column or value is missing, there is one outcome only, an outcome has effects in one cluster only, no cluster has two outcomes whose
    /// correlation is to be estimated, times are no numbers or at no common step, or a cluster has no positive definite sampling covariance.</exception>
    /// <exception cref="InsufficientStudiesException">There is one cluster only, or there are not more effects than coefficients.</exception>
    /// <exception cref="ArgumentException">Both a correlation and a sampling covariance are given, or moderators and a common mean; a level is named twice; or a component is held that the
    /// structure does not have.</exception>
    /// <exception cref="ConvergenceException">The numbers are too large or too small for double precision.</exception>
    [OverloadResolutionPriority(1)]
    public static MultivariateFit Fit(StudyEffects effects, string cluster, string outcome, MultivariateOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(effects);
        ArgumentException.ThrowIfNullOrWhiteSpace(cluster);
        ArgumentException.ThrowIfNullOrWhiteSpace(outcome);
        options ??= new MultivariateOptions();
        return Fit(effects, options with { Cluster = Once.Of(options.Cluster, cluster, "clusters"), Outcome = Once.Of(options.Outcome, outcome, "outcomes") });
    }

    /// <summary>Fits the model of the columns that the options name.</summary>
    /// <inheritdoc cref="Fit(StudyEffects, string, string, MultivariateOptions?)"/>
    /// <param name="effects">The effects with the columns named.</param>
    /// <param name="options">Cluster, outcome, structure, moderators, sampling correlation within the cluster, method, inference and level.</param>
    public static MultivariateFit Fit(StudyEffects effects, MultivariateOptions options)
    {
        ArgumentNullException.ThrowIfNull(effects);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Cluster is not { } cluster || options.Outcome is not { } outcome)
        {
            throw new ImpossibleChoiceException("A multivariate model needs the columns of clusters and of outcomes", ChoiceFault.Incomplete, nameof(options)) { Choices = ["Cluster", "Outcome"] };
        }
        if (options is { CommonMean: true, Moderators: not null })
        {
            throw new ImpossibleChoiceException("Give either moderators or a common mean, not both", ChoiceFault.GivenTwice, nameof(options));
        }
        var covariance = options.Covariance(cluster);
        _ = effects.Column(outcome);
        var data = DependentData.Create(effects, options.CommonMean ? null : options.Moderators ?? Moderator.Category(outcome).WithoutIntercept(), options.Weights);
        var nested = LevelReader.Read(data.Effects, [cluster, .. options.Levels], []);
        var first = new InnerOuterTerm(cluster, outcome) { Structure = options.Structure, Fixed = options.Fixed };
        List<InnerOuterTerm> pairs = options.Second is { } second ? [first, second] : [first];
        List<RandomTerm> terms = [InnerOuterReader.Read(data, first, nested[0], cluster)];
        if (options.Second is { } beside)
        {
            if (beside.Cluster == cluster && beside.Outcome == outcome)
            {
                throw new ArgumentException("The second covariance matrix is of the same columns as the first, so that the two cannot be told apart.", nameof(options));
            }
            var taken = beside.Cluster == cluster || options.Levels.Contains(beside.Cluster);
            terms.Add(InnerOuterReader.Read(data, beside, LevelReader.Read(data.Effects, [beside.Cluster], [])[0], taken ? $"{beside.Outcome} | {beside.Cluster}" : beside.Cluster));
        }
        terms.AddRange(options.Held(nested.Skip(1)));
        var errors = covariance?.Create(data.Effects) ?? SamplingErrors.Independent([.. data.Effects.Variances]);
        var model = new MixedModel([.. data.Effects.Effects], data.Matrix, errors, terms, options.Method == LikelihoodMethod.Restricted);
        return new MultivariateFit(data, model, options with { Weights = data.Weights }, [.. pairs], covariance);
    }

    /// <summary>The same with moderators and the sampling correlation beside the options.</summary>
    /// <inheritdoc cref="Fit(StudyEffects, string, string, MultivariateOptions?)"/>
    /// <param name="effects">The effects with the columns named.</param>
    /// <param name="cluster">The column that names the clusters, whose true effects go together.</param>
    /// <param name="outcome">The column that names the outcome, rater, time or whatever the effects of a cluster differ in.</param>
    /// <param name="moderators">The terms; null for one mean an outcome.</param>
    /// <param name="samplingCorrelation">The assumed correlation of sampling errors within clusters, in [-1, 1]; for more set <see cref="DependentOptions.SamplingCovariance"/>.</param>
    /// <param name="options">Structure, method, inference and level; the defaults if not said.</param>
    /// <exception cref="ArgumentOutOfRangeException">The correlation lies outside [-1, 1].</exception>
    public static MultivariateFit Fit(StudyEffects effects, string cluster, string outcome, Moderator? moderators = null, double samplingCorrelation = 0,
        MultivariateOptions? options = null)
    {
        options ??= new MultivariateOptions();
        return Fit(effects, cluster, outcome,
            options with { Moderators = Once.Of(options.Moderators, moderators, "moderators"), SamplingCorrelation = Once.Of(options.SamplingCorrelation, samplingCorrelation, "sampling correlations") });
    }
}
