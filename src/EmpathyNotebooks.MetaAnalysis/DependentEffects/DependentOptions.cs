using System.Collections.Immutable;

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
public abstract record DependentOptions : ModelOptions
{
    /// <summary>t by default, or the normal distribution; others are not defined for these models. Where effects share samples prefer <see cref="DependentFit.Robust"/>.</summary>
    private protected DependentOptions()
        : base(Inference.StudentT)
    {
    }

    /// <summary>Restricted maximum likelihood by default.</summary>
    public LikelihoodMethod Method { get; init; } = LikelihoodMethod.Restricted;

    /// <summary>The degrees of freedom of t; <see cref="DegreesOfFreedomMethod.Contained"/> by default.</summary>
    public DegreesOfFreedomMethod DegreesOfFreedom { get; init; } = DegreesOfFreedomMethod.Contained;

    /// <summary>What the effects may depend on; null, the default, for one mean effect (in a multivariate model one of each outcome).</summary>
    public Moderator? Moderators { get; init; }

    /// <summary>The assumed correlation ρ of the sampling errors of two effects of one cluster, in [-1, 1]; 0, the default, for independent ones. For anything richer set
    /// <see cref="SamplingCovariance"/> in its place.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The correlation lies outside [-1, 1].</exception>
    public double SamplingCorrelation
    {
        get;
        init => field = AssumedCorrelation.CheckCorrelation(value, nameof(SamplingCorrelation));
    }

    /// <summary>How sampling errors of effects from the same people go together; null, the default, for independent ones.</summary>
    public SamplingCovariance? SamplingCovariance { get; init; }

    /// <summary>
    /// Variances σ² of levels that are held at given values, not negative, by the level's name; those of the other levels are estimated. None by default. metafor: <c>sigma2=</c>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">One is negative or not finite.</exception>
    public IReadOnlyDictionary<string, double> FixedSigmaSquared
    {
        get;
        init => field = (value ?? throw new ArgumentNullException(nameof(value)))
            .ToImmutableDictionary(p => p.Key, p => FixedComponents.Variance(p.Value, nameof(FixedSigmaSquared)), StringComparer.Ordinal);
    } = ImmutableDictionary<string, double>.Empty;

    /// <summary>
    /// Weights of your own, one an effect given, not negative; null, the default, for M⁻¹. Variances are estimated as without them; coefficients are then (X'AX)⁻¹X'Ay with the weights on
    /// the diagonal of A, and their standard errors allow for it. The log-likelihood is the one that estimated the variances. Robust inference, predictions of random effects and influence are then not defined. metafor: <c>W=</c>.
    /// </summary>
    public IReadOnlyList<double>? Weights
    {
        get;
        init => field = ValueList.Copy(value);
    }

    /// <summary>The levels, those whose variances are given held there.</summary>
    internal List<RandomTerm> Held(IEnumerable<RandomTerm> terms)
    {
        var levels = terms.ToList();
        if (FixedSigmaSquared.Keys.FirstOrDefault(name => levels.TrueForAll(t => t.Name != name)) is { } wrong)
        {
            throw new StudyDataException("is not a level whose variance could be held: " + NearestName.Hint(wrong, levels.Select(t => t.Name)), wrong, kind: StudyDataFault.NoSuchName) { Choices = [.. levels.Select(t => t.Name)] };
        }
        return [.. levels.Select(t => FixedSigmaSquared.TryGetValue(t.Name, out var sigma2) ? new HeldTerm(t, [sigma2]) : t)];
    }

    private protected override Inference Checked(Inference inference) => inference is Inference.StudentT or Inference.Normal
        ? inference
        : throw new ImpossibleChoiceException($"{Inferences.Name(inference)} inference is not defined for dependent effects", ChoiceFault.UndefinedInference, nameof(inference))
        {
            Inferences = [Inference.StudentT, Inference.Normal],
        };

    /// <summary>V of the options: given, or one correlation within a column; null for independent errors.</summary>
    private protected SamplingCovariance? CovarianceWithin(string? cluster)
    {
        if (SamplingCorrelation == 0) return SamplingCovariance;
        if (SamplingCovariance is not null) throw new ImpossibleChoiceException("Give either a sampling correlation or a sampling covariance, not both", ChoiceFault.GivenTwice);
        return cluster is not null && cluster != MultilevelModel.EachEffect
            ? SamplingCovariance.Within(cluster, SamplingCorrelation)
            : throw new ArgumentException("A sampling correlation holds within the first level, which must be a column that names the samples.");
    }
}
