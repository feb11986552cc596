using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// What every fitted model can be asked, whatever its kind: pooled, regression, multilevel, multivariate, location-scale, robust variance estimation. Diagnostics, resampling, plots and
/// reports are written against it. What a kind of fit does not define is null or empty, never an exception. All numbers are on the scale that is pooled; <see cref="Measure"/> leads to the
/// scale a reader knows.
/// </summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D"])]);
/// IModelFit[] fits = [RandomEffects.Fit(effects), MultilevelModel.Fit(effects, ["sample"], new() { SamplingCorrelation = 0.6 })];
/// foreach (var fit in fits) Console.WriteLine($"{fit.MethodCode}: {fit.Mean}, I² = {fit.ISquared}, of {fit.Clusters?.Count ?? fit.Count} samples");
/// </code></example>
public interface IModelFit
{
    /// <summary>The effects used: those given less <see cref="Omitted"/>.</summary>
    StudyEffects Effects { get; }

    /// <summary>How many effects were used, k.</summary>
    int Count => Effects.Count;

    /// <summary>What the effects measure, and how values go back to the scale a reader knows.</summary>
    EffectMeasure Measure => Effects.Measure;

    /// <summary>The effects left out because a moderator is not known for them.</summary>
    ImmutableArray<OmittedStudy> Omitted { get; }

    /// <summary>
    /// All that was chosen, levels and moderators included, for <see cref="Effects"/>: <c>fit.Options.FitTo(fit.Effects)</c> is the same fit again, and with <c>with { }</c> another one.
    /// </summary>
    ModelOptions Options { get; }

    /// <summary>metafor's abbreviation of the method: EE, FE or that of the estimator; of robust variance estimation CORR or HIER.</summary>
    string MethodCode { get; }

    /// <summary>How standard errors, tests and intervals were found.</summary>
    Inference Inference { get; }

    /// <summary>The level of all intervals.</summary>
    double ConfidenceLevel { get; }

    /// <summary>True where true effects differ beyond what the moderators explain; false for equal and fixed effects, and for generalised least squares.</summary>
    bool IsRandomEffects { get; }

    /// <summary>What the mean effect depends on; null for one mean.</summary>
    Moderator? Moderators { get; }

    /// <summary>The coefficients of the mean with their tests, the intercept first.</summary>
    ImmutableArray<Coefficient> Coefficients { get; }

    /// <summary>The covariance matrix of <see cref="Coefficients"/>, whose diagonal holds the squares of their standard errors; a new array.</summary>
    double[,] CovarianceMatrix();

    /// <summary>The one mean effect; null with moderators, where it depends on their values.</summary>
    Coefficient? Mean => Moderators is null && Coefficients is [var mean] ? mean : null;

    /// <summary>The test that no moderator matters; null without moderators.</summary>
    ModeratorTest? ModeratorTest { get; }

    /// <summary>The test of each term with the others in the model; empty without moderators.</summary>
    ImmutableArray<TermTest> TermTests { get; }

    /// <summary>Which effects share a sample; null for models that take effects as independent.</summary>
    EffectClusters? Clusters { get; }

    /// <summary>
    /// The variance of a new true effect around its expected mean, over all levels together: τ², or Στ² and σ². Null for equal effects, and where it depends on moderators or on the outcome.
    /// </summary>
    double? TauSquared { get; }

    /// <summary>The variance of the true effect behind each effect used; 0 for equal effects.</summary>
    ImmutableArray<double> TrueEffectVariances { get; }

    /// <summary>Cochran's test of (residual) heterogeneity; null where a model has none.</summary>
    QTest? Q { get; }

    /// <summary>The share of the variance that is not sampling error, as a fraction, over all levels together; null where a model does not define it.</summary>
    double? ISquared { get; }

    /// <summary>Q, I², H² and τ² with their intervals, for models with one τ² or none; null for the others, which have <see cref="VarianceComponents"/>.</summary>
    HeterogeneityMeasures? Heterogeneity { get; }

    /// <summary>The variance at each level; empty for models without levels.</summary>
    ImmutableArray<VarianceComponent> VarianceComponents { get; }

    /// <summary>Log-likelihood and information criteria; null for models without a likelihood.</summary>
    FitStatistics? FitStatistics { get; }

    /// <summary>The share of each effect in the result, as fractions of 1. Where effects of a cluster go closely together one can be negative.</summary>
    ImmutableArray<double> Weights { get; }

    /// <summary>The mean effect the model expects for each effect used.</summary>
    ImmutableArray<double> FittedValues { get; }

    /// <summary>The residuals of the effects; null where a model does not define their standard errors: weights of one's own, robust variance estimation.</summary>
    ImmutableArray<EffectResidual>? EffectResiduals();

    /// <summary>The mean effect with its confidence interval and that of a new true effect.</summary>
    /// <param name="values">One value for each column of the moderators, in the columns' own units; null for a model without.</param>
    /// <returns>Null where the model has moderators and no values are given.</returns>
    /// <exception cref="StudyDataException">A column has no value, is not in the model, or has a value or combination that no study has.</exception>
    Prediction? Predict(ModeratorValues? values = null);

    /// <summary>What a careful reader should know about this fit.</summary>
    ImmutableArray<string> Warnings { get; }

    /// <summary>The same model fitted to other effects; moderators learn their centres and categories from them.</summary>
    /// <param name="effects">Effects with the columns that the model names. Weights of one's own need as many as there were.</param>
    /// <exception cref="StudyDataException">The effects lack a column or category, or their number is not that of the weights.</exception>
    /// <exception cref="InsufficientStudiesException">There are too few effects or groups for this model.</exception>
    /// <exception cref="ConvergenceException">The numbers are too large or too small for double precision.</exception>
    /// <exception cref="UndeterminedException">The effects do not determine a selection model.</exception>
    IModelFit Refit(StudyEffects effects);

    /// <summary>
    /// The same model fitted to some of its effects, with the columns of the design, weights and sampling covariances as they are: centres, units and categories stay those of all effects, so that
    /// coefficients can be compared.
    /// </summary>
    /// <param name="rows">The effects to use, counted from 0, each once.</param>
    /// <exception cref="StudyDataException">These effects do not determine all coefficients.</exception>
    /// <exception cref="InsufficientStudiesException">There are too few effects or groups for this model.</exception>
    /// <exception cref="ConvergenceException">The likelihood of these effects has no maximum.</exception>
    /// <exception cref="UndeterminedException">These effects do not determine a selection model.</exception>
    IModelFit Refit(IReadOnlyList<int> rows);
}
