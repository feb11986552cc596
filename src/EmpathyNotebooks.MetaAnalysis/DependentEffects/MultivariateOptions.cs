using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What the covariance matrix G of the true effects of several outcomes or times may look like.</summary>
public enum CovarianceStructure
{
    /// <summary>A variance for each outcome and a correlation for each pair (UN): the most honest, with d(d + 1)/2 parameters. Needs pairs of outcomes in many clusters.</summary>
    /// <remarks>$$G_{ab} = \rho_{ab}\tau_a\tau_b$$</remarks>
    Unstructured,

    /// <summary>One variance and one correlation (CS), the correlation between -1/(d - 1) and 1.</summary>
    /// <remarks>$$G_{aa} = \tau^2, \qquad G_{ab} = \rho\tau^2$$</remarks>
    CompoundSymmetry,

    /// <summary>A variance for each outcome and one correlation (HCS).</summary>
    /// <remarks>$$G_{aa} = \tau_a^2, \qquad G_{ab} = \rho\tau_a\tau_b$$</remarks>
    HeteroscedasticCompoundSymmetry,

    /// <summary>A variance for each outcome, no correlations (DIAG).</summary>
    /// <remarks>$$G_{aa} = \tau_a^2, \qquad G_{ab} = 0$$</remarks>
    Diagonal,

    /// <summary>
    /// For times: one variance, and the correlation ρ to the power of the number of steps between two times (AR), ρ between -1 and 1. Times are numbers at whole multiples of one step. metafor
    /// takes any times as consecutive; here a gap counts as what it is.
    /// </summary>
    /// <remarks>$$G_{ab} = \rho^{|a - b|}\tau^2$$</remarks>
    Autoregressive,

    /// <summary>The same with a variance for each time (HAR).</summary>
    /// <remarks>$$G_{ab} = \rho^{|a - b|}\tau_a\tau_b$$</remarks>
    HeteroscedasticAutoregressive,

    /// <summary>For times at any distance: one variance, and the correlation ρ to the power of the time between two effects (CAR), ρ between 0 and 1, that of effects one unit of time apart.</summary>
    /// <remarks>$$G_{ab} = \rho^{|t_a - t_b|}\tau^2$$</remarks>
    ContinuousAutoregressive,
}

/// <summary>Components of a covariance matrix that are held at given values while the others are estimated, for example at those of a larger study. metafor: <c>tau2=</c>, <c>rho=</c>.</summary>
/// <example><code>
/// var options = new MultivariateOptions
/// {
///     Structure = CovarianceStructure.HeteroscedasticCompoundSymmetry,
///     Fixed = new FixedComponents { Correlation = 0.5, TauSquaredOf = new Dictionary&lt;string, double&gt; { ["PD"] = 0.01 } },
/// };
/// Console.WriteLine(options.Fixed.Correlation);
/// </code></example>
public sealed record FixedComponents
{
    /// <summary>τ², not negative: the one variance of CS, AR and CAR, or that of each outcome that <see cref="TauSquaredOf"/> does not name; null, the default, to estimate it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public double? TauSquared
    {
        get;
        init => field = value is { } given ? Variance(given, nameof(TauSquared)) : null;
    }

    /// <summary>τ² of single outcomes, where each has its own.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is negative or not finite.</exception>
    public IReadOnlyDictionary<string, double> TauSquaredOf
    {
        get;
        init => field = (value ?? throw new ArgumentNullException(nameof(value))).ToImmutableDictionary(p => p.Key, p => Variance(p.Value, nameof(TauSquaredOf)), StringComparer.Ordinal);
    } = ImmutableDictionary<string, double>.Empty;

    /// <summary>ρ in [-1, 1]; null, the default, to estimate it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It lies outside [-1, 1].</exception>
    public double? Correlation
    {
        get;
        init => field = value is null or (>= -1 and <= 1) ? value : throw new ArgumentOutOfRangeException(nameof(Correlation), value, "A correlation of true effects lies in [-1, 1].");
    }

    internal bool Any => TauSquared is not null || Correlation is not null || TauSquaredOf.Count > 0;

    internal static double Variance(double value, string name) => value >= 0 && double.IsFinite(value) ? value
        : throw new ArgumentOutOfRangeException(name, value, "A variance that is held must be finite and not negative.");
}

/// <summary>Random effects of the values of one column inside the groups of another, metafor's <c>~ inner | outer</c>.</summary>
/// <param name="Cluster">The column that names the clusters, whose true effects go together.</param>
/// <param name="Outcome">The column that names the outcome, rater or time.</param>
/// <example><code>
/// var second = new InnerOuterTerm("laboratory", "year") { Structure = CovarianceStructure.ContinuousAutoregressive };
/// var options = new MultivariateOptions { Structure = CovarianceStructure.CompoundSymmetry, Second = second };
/// Console.WriteLine(options.Second.Cluster);
/// </code></example>
public sealed record InnerOuterTerm(string Cluster, string Outcome)
{
    /// <summary>The structure of its covariance matrix; <see cref="CovarianceStructure.Unstructured"/> by default.</summary>
    public CovarianceStructure Structure { get; init; } = CovarianceStructure.Unstructured;

    /// <summary>Components that are held; none by default.</summary>
    public FixedComponents Fixed { get; init; } = new();
}

/// <summary>What to choose in a multivariate model.</summary>
public sealed record MultivariateOptions : DependentOptions
{
    /// <summary>The column that names the clusters, whose true effects go together, where it is not given beside the options.</summary>
    public string? Cluster { get; init; }

    /// <summary>The column that names the outcome, rater, time or whatever the effects of a cluster differ in, where it is not given beside the options.</summary>
    public string? Outcome { get; init; }

    /// <summary>The structure of G; <see cref="CovarianceStructure.Unstructured"/> by default.</summary>
    public CovarianceStructure Structure { get; init; } = CovarianceStructure.Unstructured;

    /// <summary>
    /// True for one mean over all outcomes, false, the default, for one of each. The outcomes then measure one thing, and their true effects differ by chance alone. metafor: <c>mods = ~ 1</c>.
    /// Not together with <see cref="DependentOptions.Moderators"/>.
    /// </summary>
    public bool CommonMean { get; init; }

    /// <summary>Components of G that are held at given values; none by default.</summary>
    public FixedComponents Fixed { get; init; } = new();

    /// <summary>A second covariance matrix beside G, metafor's H with γ² and φ: for example outcomes in studies and years in laboratories. None by default.</summary>
    public InnerOuterTerm? Second { get; init; }

    /// <summary>Further levels with a random intercept, each inside the cluster, for example <see cref="MultilevelModel.EachEffect"/> where a cluster has several effects of one
    /// outcome. None by default.</summary>
    public IReadOnlyList<string> Levels
    {
        get;
        init => field = ValueList.Copy(value ?? throw new ArgumentNullException(nameof(value)))!;
    } = ValueList.Of<string>([]);

    /// <inheritdoc/>
    public override MultivariateFit FitTo(StudyEffects effects) => MultivariateModel.Fit(effects, this);

    internal override ModelOptions WithModerators(Moderator moderators) => this with { Moderators = moderators, CommonMean = false };

    internal SamplingCovariance? Covariance(string cluster) => CovarianceWithin(cluster);
}
