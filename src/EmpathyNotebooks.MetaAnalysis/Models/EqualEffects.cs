namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What to choose in an equal-effects or fixed-effects model.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ);
/// var options = new EqualEffectsOptions { ConfidenceLevel = 0.90 };
/// Console.WriteLine(EqualEffects.Fit(effects, options).ConfidenceInterval);
/// </code></example>
public sealed record EqualEffectsOptions : ModelOptions
{
    /// <summary>The defaults. Inference is by the normal distribution, since the model takes all variances as known.</summary>
    public EqualEffectsOptions()
        : base(Inference.Normal)
    {
    }

    /// <summary>Weights of your own, one an effect, not negative; null, the default, for 1/v.</summary>
    public IReadOnlyList<double>? Weights
    {
        get;
        init => field = ValueList.Copy(value);
    }

    /// <summary>
    /// True for the fixed-effects model, whose numbers are the same and whose conclusion is another; false, the default, for the equal-effects model. <see cref="EqualEffects"/> and
    /// <see cref="FixedEffects"/> set it; <see cref="FitTo"/> reads it.
    /// </summary>
    public bool TakesEffectsAsFixed { get; init; }

    /// <inheritdoc/>
    public override PooledFit FitTo(StudyEffects effects) => EqualEffects.Fit(effects, this, TakesEffectsAsFixed);

    internal override ModelOptions WithModerators(Moderator moderators) =>
        new MetaRegressionOptions { Moderators = moderators, TauSquared = null, Inference = Inference, ConfidenceLevel = ConfidenceLevel, Weights = Weights };
}

/// <summary>
/// The equal-effects (also: common-effect) model y = θ + e, e ~ N(0, v): all studies have one and the same true effect. When not
/// to use it: where studies differ in people, measures or treatments, which is nearly always; its interval then says too much.
/// </summary>
/// <remarks>$$\hat\theta = \frac{\sum_iw_iy_i}{\sum_iw_i}, \qquad \mathrm{SE} = \frac{1}{\sqrt{\sum_iw_i}}, \qquad w_i = \frac{1}{v_i}$$</remarks>
public static class EqualEffects
{
    /// <summary>Fits the model: the inverse-variance weighted mean Σ(y/v)/Σ(1/v).</summary>
    /// <param name="effects">Independent effects; one is enough with normal inference, else two.</param>
    /// <param name="options">Inference and level; the defaults if not said.</param>
    /// <exception cref="InsufficientStudiesException">There are too few effects.</exception>
    /// <exception cref="StudyDataException">The weights are not one an effect, or not usable.</exception>
    /// <exception cref="ArgumentException">Kenward-Roger inference, which needs a tau².</exception>
    /// <exception cref="ConvergenceException">The numbers are too large or too small for double precision.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], EffectMeasure.FisherZ);
    /// Console.WriteLine(EqualEffects.Fit(effects).Heterogeneity.Q);
    /// </code></example>
    public static PooledFit Fit(StudyEffects effects, EqualEffectsOptions? options = null) => Fit(effects, options, isFixed: false);

    internal static PooledFit Fit(StudyEffects effects, EqualEffectsOptions? options, bool isFixed)
    {
        ArgumentNullException.ThrowIfNull(effects);
        options ??= new EqualEffectsOptions();
        var weights = StudyWeights.Check(options.Weights, effects);
        Inferences.Check(options.Inference, null, weights is not null);
        var model = new PooledModel(null, options.Inference, options.ConfidenceLevel, weights, isFixed);
        return model.Fit(effects, effects.Effects.AsSpan(), effects.Variances.AsSpan());
    }
}
