using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What to choose in a multilevel model.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52],
///     [0.004, 0.004, 0.006, 0.005, 0.006, 0.006, 0.004, 0.007], EffectMeasure.FisherZ, columns: [
///     StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F"]),
///     StudyColumn.OfTexts("scale", ["BLRI", "TES", "BLRI", "CARE", "TES", "CARE", "AES", "AES"])]);
/// var options = new MultilevelOptions { CrossedFactors = ["scale"] };
/// Console.WriteLine(MultilevelModel.Fit(effects, ["sample"], options));
/// Console.WriteLine(MultilevelModel.Fit(effects, ["sample"], new() { Moderators = Moderator.Category("scale"), SamplingCorrelation = 0.6 }));
/// </code></example>
public sealed record MultilevelOptions : DependentOptions
{
    /// <summary>The levels, where they are not given beside the options: columns that say which effects belong together, the outermost first. See <see cref="MultilevelModel"/>.</summary>
    public IReadOnlyList<string> Levels
    {
        get;
        init => field = ValueList.Copy(value ?? throw new ArgumentNullException(nameof(value)))!;
    } = ValueList.Of<string>([]);

    /// <summary>
    /// Columns with a random intercept of their own that cross the levels, for example a rating scale that was used in many samples. Its values mean the same in
    /// every sample. Empty by default.
    /// </summary>
    public IReadOnlyList<string> CrossedFactors
    {
        get;
        init => field = ValueList.Copy(value ?? throw new ArgumentNullException(nameof(value)))!;
    } = ValueList.Of<string>([]);

    /// <summary>Columns whose values are correlated as is known, such as species by their phylogeny, each with a random intercept. None by default.</summary>
    public IReadOnlyList<KnownRelation> KnownRelations
    {
        get;
        init => field = ValueList.Copy(value ?? throw new ArgumentNullException(nameof(value)))!;
    } = ValueList.Of<KnownRelation>([]);

    /// <inheritdoc/>
    public override MultilevelFit FitTo(StudyEffects effects) => MultilevelModel.Fit(effects, this);

    internal override ModelOptions WithModerators(Moderator moderators) => this with { Moderators = moderators };

    /// <summary>The levels, each inside the one before, the crossed factors, and those with known correlations.</summary>
    internal List<RandomTerm> Terms(StudyEffects effects)
    {
        var terms = LevelReader.Read(effects, Levels, CrossedFactors);
        if (KnownRelations.GroupBy(r => r.Column, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"The column \"{twice.Key}\" has two matrices of known correlations; one variance belongs to each column.");
        }
        terms.AddRange(KnownRelations.Select(r => r.Term(effects, [.. Levels, .. CrossedFactors])));
        LevelReader.Check(terms);
        return terms;
    }

    internal SamplingCovariance? Covariance() => CovarianceWithin(Levels.Count == 0 ? null : Levels[0]);
}

/// <summary>
/// Several effects a sample: y = x'β + u₁ + u₂ + … + e with a random intercept u ~ N(0, σ²) for each level, nested or crossed, and sampling errors e ~ N(0, V) that may
/// go together within samples (correlated and hierarchical effects, CHE). Sources: Konstantopoulos 2011, Research Synthesis Methods 2, 61-76; Van den Noortgate et al.
/// 2013, Behavior Research Methods 45, 576-594; Pustejovsky &amp; Tipton 2022, Prevention Science 23, 425-438. metafor: <c>rma.mv</c>. Follow it with <see cref="DependentFit.Robust"/>,
/// which needs no true model of the dependence. When not to use it: for one effect a sample, where it is <see cref="RandomEffects"/>; with fewer than about ten samples, whose
/// variance is then hardly known.
/// </summary>
/// <remarks>
/// $$y = X\beta + \sum_lZ_lu_l + e, \qquad u_l \sim N(0, \sigma_l^2I), \quad e \sim N(0, V)$$
/// $$\hat\beta = (X^\top M^{-1}X)^{-1}X^\top M^{-1}y, \qquad M = \sum_l\sigma_l^2Z_lZ_l^\top + V, \qquad V_{ij} = \rho\sqrt{v_iv_j}$$
/// for two effects of one sample, with the variances by REML or ML.
/// </remarks>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38, 0.29], [0.010, 0.022, 0.015, 0.012, 0.020, 0.020], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "C", "D"]), StudyColumn.OfNumbers("effect", [1, 2, 1, 1, 2, 1])]);
/// var fit = MultilevelModel.Fit(effects, levels: ["sample", "effect"], samplingCorrelation: 0.6);
/// Console.WriteLine(fit.Robust(SmallSampleCorrection.CR2).Coefficients[0]);
/// </code></example>
public static class MultilevelModel
{
    /// <summary>The name of a level on which each effect is a group of its own, for data without a column that numbers the effects.</summary>
    public const string EachEffect = "(each effect)";

    /// <summary>Fits the model.</summary>
    /// <param name="effects">The effects with the columns that levels and moderators name. Effects whose moderators are not all known are left out and listed on the result.</param>
    /// <param name="levels">The columns that say which effects belong together, the outermost first, for example <c>["sample", "effect"]</c>. The values of each are
    /// read within those before it: effect 1 of one sample is not effect 1 of another. A level of its own for each effect is <see cref="EachEffect"/>. None, <c>[]</c>, with a sampling
    /// covariance in the options: generalised least squares, y = x'β + e with e ~ N(0, V), where all effects of a group share one true effect. metafor: <c>rma.mv(yi, V)</c>.</param>
    /// <param name="options">Moderators, sampling correlation or covariance, method, inference and level; the defaults if not said.</param>
    /// <exception cref="StudyDataException">A column or value is missing, two levels make the same groups, or a cluster has no positive definite sampling covariance.</exception>
    /// <exception cref="InsufficientStudiesException">A level has one group only, or there are not more effects than coefficients.</exception>
    /// <exception cref="ArgumentException">There are neither levels nor a sampling covariance, a level is named twice, or both a correlation and a sampling covariance are given.</exception>
    /// <exception cref="ConvergenceException">The numbers are too large or too small for double precision.</exception>
    [OverloadResolutionPriority(1)]
    public static MultilevelFit Fit(StudyEffects effects, IReadOnlyList<string> levels, MultilevelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(effects);
        ArgumentNullException.ThrowIfNull(levels);
        options ??= new MultilevelOptions();
        return Fit(effects, options with { Levels = Once.Of(options.Levels, levels, "levels") });
    }

    /// <summary>Fits the model with the levels that the options name.</summary>
    /// <inheritdoc cref="Fit(StudyEffects, IReadOnlyList{string}, MultilevelOptions?)"/>
    /// <param name="effects">The effects with the columns that levels and moderators name.</param>
    /// <param name="options">Levels, moderators, sampling correlation or covariance, method, inference and level.</param>
    [OverloadResolutionPriority(2)]
    public static MultilevelFit Fit(StudyEffects effects, MultilevelOptions options)
    {
        ArgumentNullException.ThrowIfNull(effects);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Levels.Count + options.CrossedFactors.Count + options.KnownRelations.Count == 0 && options.SamplingCovariance is null)
        {
            throw new ImpossibleChoiceException("A multilevel model needs at least one level, or a sampling covariance in the options", ChoiceFault.Incomplete, nameof(options))
            {
                Choices = ["Levels"],
            };
        }
        var covariance = options.Covariance();
        var data = DependentData.Create(effects, options.Moderators, options.Weights);
        var terms = options.Held(options.Terms(data.Effects));
        var errors = covariance?.Create(data.Effects) ?? SamplingErrors.Independent([.. data.Effects.Variances]);
        var model = new MixedModel([.. data.Effects.Effects], data.Matrix, errors, terms, options.Method == LikelihoodMethod.Restricted);
        return new MultilevelFit(data, model, options with { Weights = data.Weights }, covariance);
    }

    /// <summary>The same with the sampling correlation, which most often is all there is to say, beside the options.</summary>
    /// <inheritdoc cref="Fit(StudyEffects, IReadOnlyList{string}, MultilevelOptions?)"/>
    /// <param name="effects">The effects with the columns that levels and moderators name.</param>
    /// <param name="levels">The columns that say which effects belong together, the outermost first.</param>
    /// <param name="samplingCorrelation">The assumed correlation ρ of the sampling errors of two effects with the same value of the first level, in [-1, 1]; 0 for independent ones.</param>
    /// <param name="options">Method, inference and level; the defaults if not said.</param>
    /// <exception cref="ArgumentOutOfRangeException">The correlation lies outside [-1, 1].</exception>
    public static MultilevelFit Fit(StudyEffects effects, IReadOnlyList<string> levels, double samplingCorrelation, MultilevelOptions? options = null) =>
        FitAny(effects, levels, null, samplingCorrelation, options);

    /// <summary>The same with moderators beside the options.</summary>
    /// <inheritdoc cref="Fit(StudyEffects, IReadOnlyList{string}, double, MultilevelOptions?)"/>
    /// <param name="effects">The effects with the columns that levels and moderators name.</param>
    /// <param name="levels">The columns that say which effects belong together, the outermost first.</param>
    /// <param name="moderators">The terms; <see cref="Moderator"/> says how to write them.</param>
    /// <param name="samplingCorrelation">The assumed correlation ρ of sampling errors within the first level.</param>
    /// <param name="options">Method, inference and level; the defaults if not said.</param>
    public static MultilevelFit Fit(StudyEffects effects, IReadOnlyList<string> levels, Moderator moderators, double samplingCorrelation = 0,
        MultilevelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(moderators);
        return FitAny(effects, levels, moderators, samplingCorrelation, options);
    }

    /// <summary>
    /// Fits the same model with each assumed correlation of sampling errors, since ρ cannot be estimated from the effects: results that hardly move do not hang on it.
    /// </summary>
    /// <param name="effects">The effects.</param>
    /// <param name="levels">The levels, as for <see cref="Fit(StudyEffects, IReadOnlyList{string}, MultilevelOptions?)"/>.</param>
    /// <param name="moderators">The terms, or null.</param>
    /// <param name="correlations">The values of ρ; 0, 0.1, … 0.9 if not said.</param>
    /// <param name="correction">The correction of the robust standard errors.</param>
    /// <param name="options">Method, inference and level.</param>
    /// <returns>One row for each ρ, in the order given.</returns>
    /// <exception cref="ArgumentException">No correlation is given, or the options have a sampling correlation or covariance of their own.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38], [0.010, 0.022, 0.015, 0.012, 0.020],
    ///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "C"])]);
    /// foreach (var row in MultilevelModel.OverCorrelations(effects, ["sample", MultilevelModel.EachEffect])) Console.WriteLine(row);
    /// </code></example>
    public static ImmutableArray<CorrelationSensitivityRow> OverCorrelations(StudyEffects effects, IReadOnlyList<string> levels, Moderator? moderators = null,
        IReadOnlyList<double>? correlations = null, SmallSampleCorrection correction = SmallSampleCorrection.CR2, MultilevelOptions? options = null)
    {
        correlations ??= [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
        if (correlations.Count == 0) throw new ArgumentException("A sensitivity run needs at least one correlation.", nameof(correlations));
        if (options is { SamplingCovariance: not null } or { SamplingCorrelation: not 0 })
        {
            throw new ImpossibleChoiceException("A run over correlations sets the sampling covariance itself; leave it out of the options", ChoiceFault.GivenTwice, nameof(options));
        }
        return [.. correlations.Select(rho => new CorrelationSensitivityRow(rho, FitAny(effects, levels, moderators, rho, options), correction))];
    }

    private static MultilevelFit FitAny(StudyEffects effects, IReadOnlyList<string> levels, Moderator? moderators, double samplingCorrelation,
        MultilevelOptions? options)
    {
        options ??= new MultilevelOptions();
        return Fit(effects, levels, options with { Moderators = Once.Of(options.Moderators, moderators, "moderators"), SamplingCorrelation = Once.Of(options.SamplingCorrelation, samplingCorrelation, "sampling correlations") });
    }
}
