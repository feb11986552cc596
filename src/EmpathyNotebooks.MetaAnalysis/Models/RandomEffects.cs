namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What to choose in a random-effects model. Every default is what a methodologist would choose today.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ);
/// var options = new RandomEffectsOptions { TauSquared = TauSquaredEstimator.PauleMandel, ConfidenceLevel = 0.90 };
/// Console.WriteLine(RandomEffects.Fit(effects, options));
/// </code></example>
public sealed record RandomEffectsOptions : ModelOptions
{
    /// <summary>The defaults. Inference is that of Hartung and Knapp (IntHout, Ioannidis &amp; Borm 2014).</summary>
    public RandomEffectsOptions()
        : base(Inference.HartungKnapp)
    {
    }

    /// <summary>The estimator of tau²; REML by default (Langan et al. 2019).</summary>
    public TauSquaredEstimator TauSquared { get; init; } = TauSquaredEstimator.RestrictedMaximumLikelihood;

    /// <summary>
    /// Weights of your own, one an effect, not negative; null, the default, for 1/(v + tau²). The pooled effect is then Σay/Σa with variance
    /// Σa²(v + tau²)/(Σa)², larger than with the model's own weights. With <see cref="TauSquaredEstimator.GeneralizedQ"/> they also estimate tau².
    /// </summary>
    public IReadOnlyList<double>? Weights
    {
        get;
        init => field = ValueList.Copy(value);
    }

    /// <inheritdoc/>
    public override PooledFit FitTo(StudyEffects effects) => RandomEffects.Fit(effects, this);

    internal override ModelOptions WithModerators(Moderator moderators) =>
        new MetaRegressionOptions { Moderators = moderators, TauSquared = TauSquared, Inference = Inference, ConfidenceLevel = ConfidenceLevel, Weights = Weights };
}

/// <summary>
/// The random-effects model y = μ + u + e, u ~ N(0, tau²), e ~ N(0, v): the studies' true effects differ, and μ is their mean. When not to use it:
/// for several effects of one sample, which are not independent; average them first with
/// <see cref="EffectAggregation.AverageWithin"/>.
/// </summary>
/// <remarks>
/// $$y_i = \mu + u_i + e_i, \qquad u_i \sim N(0, \tau^2), \quad e_i \sim N(0, v_i)$$
/// $$\hat\mu = \frac{\sum_iw_iy_i}{\sum_iw_i}, \qquad w_i = \frac{1}{v_i + \hat\tau^2}$$
/// with $\hat\tau^2$ by <see cref="TauSquaredEstimator"/> and standard error, test and interval by <see cref="Inference"/>.
/// </remarks>
public static partial class RandomEffects
{
    /// <summary>Fits the model.</summary>
    /// <param name="effects">Independent effects, at least two.</param>
    /// <param name="options">Estimator, inference and level; the defaults if not said.</param>
    /// <exception cref="InsufficientStudiesException">There are fewer than two effects: nothing tells how much true effects differ.</exception>
    /// <exception cref="StudyDataException">The weights are not one an effect, or not usable.</exception>
    /// <exception cref="ArgumentException">Kenward-Roger inference without REML, or with weights given.</exception>
    /// <exception cref="ConvergenceException">The numbers are too large or too small for double precision.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], EffectMeasure.FisherZ);
    /// var fit = RandomEffects.Fit(effects, new() { TauSquared = TauSquaredEstimator.PauleMandel });
    /// Console.WriteLine(fit);
    /// </code></example>
    public static PooledFit Fit(StudyEffects effects, RandomEffectsOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(effects);
        options ??= new RandomEffectsOptions();
        var weights = StudyWeights.Check(options.Weights, effects);
        Inferences.Check(options.Inference, options.TauSquared, weights is not null);
        var model = new PooledModel(options.TauSquared, options.Inference, options.ConfidenceLevel, weights);
        return model.Fit(effects, effects.Effects.AsSpan(), effects.Variances.AsSpan());
    }
}
