namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>How artifacts are taken account of.</summary>
/// <example><code>
/// Console.WriteLine(new PsychometricOptions { OutcomeReliability = "ryy", Method = ArtifactMethod.TaylorSeries }.Method);
/// </code></example>
public enum ArtifactMethod
{
    /// <summary>Not at all: bare bones, for sampling error alone.</summary>
    BareBones,

    /// <summary>Each effect by its own artifacts, which must all be known (Schmidt &amp; Hunter 2015, ch. 3).</summary>
    Individual,

    /// <summary>By distributions of artifacts, with a Taylor series around their means (Raju &amp; Drasgow 2003, Journal of Management 29, 713-735; Hunter, Schmidt &amp; Le 2006). The default where some artifacts are not known.</summary>
    TaylorSeries,

    /// <summary>By distributions of artifacts, crossed with one another (the interactive procedure; Law, Schmidt &amp; Hunter 1994, Journal of Applied Psychology 79, 425-438).</summary>
    Interactive,
}

/// <summary>How the range of the predictor was restricted in the samples.</summary>
/// <example><code>
/// Console.WriteLine(new PsychometricOptions { PredictorReliability = "rxx", RangeRatio = "ux", RangeRestriction = RangeRestrictionKind.Indirect }.RangeRestriction);
/// </code></example>
public enum RangeRestrictionKind
{
    /// <summary>Not, or not corrected for.</summary>
    None,

    /// <summary>People were selected on the predictor itself (Thorndike's case II).</summary>
    Direct,

    /// <summary>People were selected on something that correlates with the predictor, the usual case outside experiments (case IV; Hunter, Schmidt &amp; Le 2006, Journal of Applied Psychology 91, 594-612).</summary>
    Indirect,
}

/// <summary>Between what the corrected effect holds.</summary>
/// <example><code>
/// Console.WriteLine(new PsychometricOptions { PredictorReliability = "rxx", Target = PsychometricTarget.PredictorAsMeasured }.Target);
/// </code></example>
public enum PsychometricTarget
{
    /// <summary>Between the constructs: both variables without measurement error. The default.</summary>
    TrueScores,

    /// <summary>Between the predictor as it is measured and the outcome without error: the operational validity of a test that is used as it is.</summary>
    PredictorAsMeasured,

    /// <summary>Between the predictor without error and the outcome as it is measured.</summary>
    OutcomeAsMeasured,
}

/// <summary>Which correlation the sampling error of a study is computed from.</summary>
/// <example><code>
/// Console.WriteLine(new PsychometricOptions { SamplingError = SamplingErrorFormula.EachEffect }.SamplingError);
/// </code></example>
public enum SamplingErrorFormula
{
    /// <summary>From the mean of all studies, which is steadier. The default (Schmidt &amp; Hunter 2015, ch. 3).</summary>
    MeanEffect,

    /// <summary>From the study's own, which goes together with its sampling error: large correlations seem more precise.</summary>
    EachEffect,
}

/// <summary>What to choose in a psychometric meta-analysis. Without artifacts it is bare bones.</summary>
/// <example><code>
/// var options = new PsychometricOptions { PredictorReliability = "rxx", OutcomeReliability = "ryy" };
/// Console.WriteLine(options.CredibilityLevel);
/// </code></example>
public sealed record PsychometricOptions
{
    /// <summary>The column with rxx, the reliability of the predictor in each sample, in (0, 1]; null, the default, where it is not corrected for. Of standardized mean differences groups are taken to be known without error.</summary>
    public string? PredictorReliability { get; init; }

    /// <summary>The column with ryy, the reliability of the outcome in each sample, in (0, 1]; null where it is not corrected for.</summary>
    public string? OutcomeReliability { get; init; }

    /// <summary>The column with u, the standard deviation of the predictor in the sample over that in the population: below 1 where the range is restricted. Used with <see cref="RangeRestriction"/>.</summary>
    public string? RangeRatio { get; init; }

    /// <summary>Reliabilities of the predictor found elsewhere, as a distribution; instead of <see cref="PredictorReliability"/>.</summary>
    public ArtifactDistribution? PredictorReliabilities { get; init; }

    /// <summary>Reliabilities of the outcome found elsewhere; instead of <see cref="OutcomeReliability"/>.</summary>
    public ArtifactDistribution? OutcomeReliabilities { get; init; }

    /// <summary>Range ratios u found elsewhere; instead of <see cref="RangeRatio"/>.</summary>
    public ArtifactDistribution? RangeRatios { get; init; }

    /// <summary>How the range was restricted; none by default. Indirect restriction is the usual case where <see cref="RangeRatio"/> is known, but only you can know.</summary>
    public RangeRestrictionKind RangeRestriction { get; init; }

    /// <summary>How artifacts are taken account of; null, the default, for bare bones without artifacts, individually where all are known, and else by distributions with a Taylor series.</summary>
    public ArtifactMethod? Method { get; init; }

    /// <summary>Between what the corrected effect holds; the constructs by default.</summary>
    public PsychometricTarget Target { get; init; }

    /// <summary>Which correlation the sampling error is computed from; the mean by default.</summary>
    public SamplingErrorFormula SamplingError { get; init; }

    /// <summary>
    /// True, the default, to divide each r by 1 - 1/(2n - 1), since r is a little too small in small samples (Schmidt &amp; Hunter 2015, ch. 2, 3); false to take it as it is, as most worked examples do. Measures that
    /// are corrected already (UCOR, SMD) are taken as they are.
    /// </summary>
    public bool CorrectsSmallSampleBias { get; init; } = true;

    /// <summary>The estimator of tau² whose weights 1/(v + tau²) the means have; null, the default, for weights by sample size, which are what makes the method that of Hunter and Schmidt.</summary>
    public TauSquaredEstimator? Weights { get; init; }

    /// <summary>True to take quantiles of the normal distribution, as the textbook does; false, the default, for those of t with k - 1 degrees of freedom.</summary>
    public bool NormalIntervals { get; init; }

    /// <summary>The level of confidence intervals as a fraction in (0, 1); 0.95 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The level is not in (0, 1).</exception>
    public double ConfidenceLevel
    {
        get;
        init => field = Level.Check(value, nameof(ConfidenceLevel));
    } = 0.95;

    /// <summary>The level of credibility intervals as a fraction in (0, 1); 0.80 by default, the custom of the field.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The level is not in (0, 1).</exception>
    public double CredibilityLevel
    {
        get;
        init => field = Level.Check(value, nameof(CredibilityLevel));
    } = 0.80;

    internal bool HasPredictor => PredictorReliability is not null || PredictorReliabilities is not null;

    internal bool HasOutcome => OutcomeReliability is not null || OutcomeReliabilities is not null;

    internal bool HasRange => RangeRestriction != RangeRestrictionKind.None;

    internal bool HasArtifacts => HasPredictor || HasOutcome || HasRange;

    internal bool HasGivenDistributions => PredictorReliabilities is not null || OutcomeReliabilities is not null || RangeRatios is not null;
}
