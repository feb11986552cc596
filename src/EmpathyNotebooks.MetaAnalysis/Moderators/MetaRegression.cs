namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What to choose in a meta-regression. Every default is what a methodologist would choose today.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfNumbers("year", [2001, 2004, 2010, 2012, 2018])]);
/// var options = new MetaRegressionOptions { Inference = Inference.KenwardRoger, ConfidenceLevel = 0.90 };
/// Console.WriteLine(MetaRegression.Fit(effects, Moderator.Number("year").CenteredAt(2010), options).Coefficients[1]);
/// </code></example>
public sealed record MetaRegressionOptions : ModelOptions
{
    /// <summary>The defaults. Inference is that of Knapp and Hartung (Viechtbauer et al. 2015, Psychological Methods 20, 360-374).</summary>
    public MetaRegressionOptions()
        : base(Inference.HartungKnapp)
    {
    }

    /// <summary>
    /// The estimator of tau², the variance the moderators leave; REML by default. Null for a model that takes the moderators to explain all
    /// differences (metafor's EE with moderators), which is hardly ever true.
    /// </summary>
    public TauSquaredEstimator? TauSquared { get; init; } = TauSquaredEstimator.RestrictedMaximumLikelihood;

    /// <summary>The terms, where they are not given beside the options; <see cref="Moderator"/> says how to write them.</summary>
    public Moderator? Moderators { get; init; }

    /// <summary>Weights of your own, one an effect given (also those left out), not negative; null, the default, for 1/(v + tau²).</summary>
    public IReadOnlyList<double>? Weights
    {
        get;
        init => field = ValueList.Copy(value);
    }

    /// <inheritdoc/>
    public override MetaRegressionFit FitTo(StudyEffects effects) => MetaRegression.Fit(effects, this);

    internal override ModelOptions WithModerators(Moderator moderators) => this with { Moderators = moderators };
}

/// <summary>
/// The mixed-effects model y = x'β + u + e, u ~ N(0, tau²), e ~ N(0, v): moderators x explain part of why true effects differ (Berkey et al. 1995,
/// Statistics in Medicine 14, 395-411; Viechtbauer et al. 2015). When not to use it: with fewer than about ten studies a coefficient; to claim
/// causes, since studies were not assigned to their moderators; for several effects of one sample.
/// </summary>
/// <remarks>
/// $$y = X\beta + u + e, \qquad u_i \sim N(0, \tau^2), \quad e_i \sim N(0, v_i)$$
/// $$\hat\beta = (X^\top WX)^{-1}X^\top Wy, \qquad W = \operatorname{diag}\!\left(\frac{1}{v_i + \hat\tau^2}\right)$$
/// </remarks>
public static class MetaRegression
{
    /// <summary>Fits the model. Studies whose moderators are not all known are left out and listed on the result.</summary>
    /// <param name="effects">Independent effects with the columns the moderators name.</param>
    /// <param name="moderators">The terms; <see cref="Moderator"/> says how to write them.</param>
    /// <param name="options">Estimator, inference and level; the defaults if not said.</param>
    /// <exception cref="StudyDataException">A column does not exist or has one value only, a category is not there, or a term depends on the others.</exception>
    /// <exception cref="InsufficientStudiesException">There are not more studies than coefficients.</exception>
    /// <exception cref="ArgumentException">Kenward-Roger inference without REML, or with weights given.</exception>
    /// <exception cref="ConvergenceException">The numbers are too large or too small for double precision.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38], [0.010, 0.022, 0.015, 0.012, 0.020],
    ///     columns: [StudyColumn.OfTexts("rater", ["client", "observer", "client", "observer", "client"])]);
    /// var fit = MetaRegression.Fit(effects, Moderator.Category("rater", reference: "client"));
    /// Console.WriteLine($"{fit.ModeratorTest}, R² = {fit.RSquared}");
    /// </code></example>
    public static MetaRegressionFit Fit(StudyEffects effects, Moderator moderators, MetaRegressionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(effects);
        ArgumentNullException.ThrowIfNull(moderators);
        options ??= new MetaRegressionOptions();
        return Fit(effects, options with { Moderators = Once.Of(options.Moderators, moderators, "moderators") });
    }

    /// <summary>Fits the model with the moderators that the options name.</summary>
    /// <inheritdoc cref="Fit(StudyEffects, Moderator, MetaRegressionOptions?)"/>
    /// <param name="effects">Independent effects with the columns the moderators name.</param>
    /// <param name="options">Moderators, estimator, inference and level.</param>
    public static MetaRegressionFit Fit(StudyEffects effects, MetaRegressionOptions options)
    {
        ArgumentNullException.ThrowIfNull(effects);
        ArgumentNullException.ThrowIfNull(options);
        var moderators = options.Moderators ?? throw new ImpossibleChoiceException("A meta-regression needs moderators", ChoiceFault.Incomplete, nameof(options)) { Choices = ["Moderators"] };
        var weights = StudyWeights.Check(options.Weights, effects);
        Inferences.Check(options.Inference, options.TauSquared, weights is not null);
        var design = ModeratorDesign.Create(effects, moderators);
        if (weights is not null && !design.Omitted.IsEmpty)
        {
            var left = design.Omitted.Select(o => o.Index).ToHashSet();
            weights = [.. weights.Where((_, i) => !left.Contains(i))];
        }
        return Fit(options with { Weights = weights }, design);
    }

    /// <summary>Fits a design with the weights of its rows.</summary>
    internal static MetaRegressionFit Fit(MetaRegressionOptions options, ModeratorDesign design)
    {
        var (k, p) = (design.Matrix.Count, design.Matrix.Parameters);
        var required = options.TauSquared is null && options.Inference == Inference.Normal ? p : p + 1;
        if (k < required) throw new InsufficientStudiesException($"A meta-regression with {StatisticText.Count(p, "coefficient")}", required, k);

        var model = new PooledModel(options.TauSquared, options.Inference, options.ConfidenceLevel, options.Weights is { } weights ? [.. weights] : null);
        var core = RegressionCore.Fit(model, design.Effects.Effects.AsSpan(), design.Effects.Variances.AsSpan(), design.Matrix.Orthonormal, p,
            new double[DesignSums.ScratchLength(k, p)]);
        return new MetaRegressionFit(options, design, model, core);
    }
}
