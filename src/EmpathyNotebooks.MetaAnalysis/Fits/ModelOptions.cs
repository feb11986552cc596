namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// What can be chosen in a model: one family of records, in which the same choice has the same name everywhere. A fit gives its options back, complete with levels and moderators, so that
/// <c>fit.Options with { … }</c> is another model of the same kind.
/// </summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ);
/// ModelOptions[] models = [new RandomEffectsOptions(), new RandomEffectsOptions { TauSquared = TauSquaredEstimator.PauleMandel }, new EqualEffectsOptions()];
/// foreach (var model in models) Console.WriteLine(model.FitTo(effects).Mean);
/// foreach (var model in models) Console.WriteLine((model with { ConfidenceLevel = 0.9 }).FitTo(effects).Mean);
/// </code></example>
public abstract record ModelOptions
{
    private protected ModelOptions(Inference inference) => Inference = inference;

    /// <summary>How standard errors, tests and intervals are found; each kind of model says its default and what it defines.</summary>
    /// <exception cref="ArgumentException">The kind of model does not define it.</exception>
    public Inference Inference
    {
        get;
        init => field = Checked(value);
    }

    /// <summary>The level of all intervals as a fraction in (0, 1); 0.95 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The level is not in (0, 1).</exception>
    public double ConfidenceLevel
    {
        get;
        init => field = Level.Check(value, nameof(ConfidenceLevel));
    } = 0.95;

    /// <summary>Fits the model that these options describe.</summary>
    /// <param name="effects">The effects, with the columns that levels and moderators name.</param>
    /// <exception cref="StudyDataException">The effects lack a column or value, or the weights are not one an effect.</exception>
    /// <exception cref="InsufficientStudiesException">There are too few effects or groups for this model.</exception>
    /// <exception cref="ArgumentException">The choices do not go together, or say too little: levels of a multilevel model, for example.</exception>
    /// <exception cref="ConvergenceException">The likelihood has no maximum, or the numbers are too large or too small for double precision.</exception>
    public abstract IModelFit FitTo(StudyEffects effects);

    /// <summary>The same choices with these moderators of the mean in place of any there are.</summary>
    internal abstract ModelOptions WithModerators(Moderator moderators);

    /// <summary>Refuses what a kind of model does not define.</summary>
    private protected virtual Inference Checked(Inference inference) => inference;
}
