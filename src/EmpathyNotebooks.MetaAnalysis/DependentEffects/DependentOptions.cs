namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Which likelihood estimates the variances.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52],
///     [0.004, 0.004, 0.006, 0.005, 0.006, 0.006, 0.004, 0.007], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F"])]);
/// var full = new MultilevelOptions { Method = LikelihoodMethod.Full };
/// var threeLevels = MultilevelModel.Fit(effects, ["sample", MultilevelModel.EachEffect], options: full);
/// Console.WriteLine(threeLevels.CompareWith(MultilevelModel.Fit(effects, ["sample"], options: full)));
/// </code></example>
public enum LikelihoodMethod
{
    /// <summary>Restricted maximum likelihood, the default: it allows for the estimation of the coefficients, so variances are less biased. metafor: REML.</summary>
    Restricted,

    /// <summary>Maximum likelihood: for comparing models with different moderators. metafor: ML.</summary>
    Full,
}

/// <summary>The degrees of freedom of t in models with dependent effects.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52],
///     [0.004, 0.004, 0.006, 0.005, 0.006, 0.006, 0.004, 0.007], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F"])]);
/// foreach (var method in new[] { DegreesOfFreedomMethod.Contained, DegreesOfFreedomMethod.Residual })
///     Console.WriteLine(MultilevelModel.Fit(effects, ["sample"], options: new() { DegreesOfFreedom = method }).Coefficients[0].DegreesOfFreedom);
/// </code></example>
public enum DegreesOfFreedomMethod
{
    /// <summary>
    /// The fewest groups of any level within which the moderator does not vary, less the number of coefficients, at least 1: a moderator of samples is judged by the number of samples, not
    /// of effects (Pinheiro &amp; Bates 2000, Mixed-Effects Models, section 2.4.2). The default. metafor: dfs="contain".
    /// </summary>
    Contained,

    /// <summary>k - p, as if effects were independent: too many. metafor: dfs="residual".</summary>
    Residual,
}

/// <summary>What to choose in every model with dependent effects.</summary>
/// <example><code>
/// DependentOptions options = new MultilevelOptions { Inference = Inference.StudentT, ConfidenceLevel = 0.90 };
/// Console.WriteLine($"{options.Method}, {options.DegreesOfFreedom}"); // Restricted, Contained
/// </code></example>
public abstract record DependentOptions
{
    private protected DependentOptions()
    {
    }

    /// <summary>Restricted maximum likelihood by default.</summary>
    public LikelihoodMethod Method { get; init; } = LikelihoodMethod.Restricted;

    /// <summary><see cref="Inference.StudentT"/> by default, or <see cref="Inference.Normal"/>; others are not defined for these models. Where effects share
    /// samples prefer <see cref="DependentFit.Robust"/>.</summary>
    /// <exception cref="ArgumentException">Another kind of inference.</exception>
    public Inference Inference
    {
        get;
        init => field = value is Inference.StudentT or Inference.Normal
            ? value
            : throw new ArgumentException($"{Inferences.Name(value)} inference is not defined for dependent effects: choose Inference.StudentT or Inference.Normal, "
                + "and Robust(...) on the fit for small numbers of clusters.", nameof(value));
    } = Inference.StudentT;

    /// <summary>The degrees of freedom of t; <see cref="DegreesOfFreedomMethod.Contained"/> by default.</summary>
    public DegreesOfFreedomMethod DegreesOfFreedom { get; init; } = DegreesOfFreedomMethod.Contained;

    /// <summary>The level of all intervals as a fraction in (0, 1); 0.95 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The level is not in (0, 1).</exception>
    public double ConfidenceLevel
    {
        get;
        init => field = Level.Check(value, nameof(ConfidenceLevel));
    } = 0.95;

    /// <summary>How sampling errors of effects from the same people go together; null, the default, for independent ones.</summary>
    public SamplingCovariance? SamplingCovariance { get; init; }
}
