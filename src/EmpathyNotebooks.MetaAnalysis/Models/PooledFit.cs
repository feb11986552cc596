using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// A fitted equal-effects or random-effects model without moderators. All numbers are on the scale that is pooled, unless the name says
/// <c>BackTransformed</c>.
/// </summary>
public sealed class PooledFit
{
    private readonly WeightedSums _sums;
    private readonly double _typicalQ;

    internal PooledFit(StudyEffects effects, TauSquaredEstimator? estimator, TauSquaredEstimate? tau2, Inference inference, double level)
    {
        Effects = effects;
        Estimator = estimator;
        Inference = inference;
        ConfidenceLevel = level;
        TauSquared = tau2?.Value ?? 0;
        TauSquaredStandardError = tau2?.StandardError;
        Iterations = tau2?.Iterations ?? 0;

        _sums = WeightedSums.At(TauSquared, effects.Effects.AsSpan(), effects.Variances.AsSpan());
        Estimate = _sums.Mean;
        var df = effects.Count - 1;
        _typicalQ = df > 0 ? _sums.We2 / df : 1;
        StandardError = Math.Sqrt((inference == Inference.HartungKnapp ? _typicalQ : 1) / _sums.W1);
        DegreesOfFreedom = inference == Inference.Normal ? null : df;
        if (!double.IsFinite(Estimate) || !double.IsFinite(StandardError) || !double.IsFinite(_sums.We2))
        {
            throw new NonConvergenceException("The pooled estimate",
                "the effects or variances are too large or too small for double precision", Iterations);
        }
        if (StandardError == 0)
        {
            Warnings = ["All effects are exactly equal, so the Hartung-Knapp standard error is 0. It says nothing here: use Inference.Normal."];
        }
        else if (inference == Inference.HartungKnapp && _typicalQ < 1)
        {
            Warnings = ["The Hartung-Knapp interval is narrower than the one without its correction: the effects scatter less than their sampling variances let expect."];
        }
        Heterogeneity = new Heterogeneity(this);
        Weights = ComputeWeights(effects.Variances.AsSpan(), TauSquared, _sums.W1);
    }

    /// <summary>The effects that were pooled.</summary>
    public StudyEffects Effects { get; }

    /// <summary>How many effects were pooled, k.</summary>
    public int Count => Effects.Count;

    /// <summary>The estimator of tau², or null for an equal-effects model.</summary>
    public TauSquaredEstimator? Estimator { get; }

    /// <summary>True for a random-effects model.</summary>
    public bool IsRandomEffects => Estimator is not null;

    /// <summary>How standard error, test and interval were found.</summary>
    public Inference Inference { get; }

    /// <summary>The level of all intervals.</summary>
    public double ConfidenceLevel { get; }

    /// <summary>The pooled effect μ = Σwy/Σw, w = 1/(v + tau²).</summary>
    public double Estimate { get; }

    /// <summary>Its standard error.</summary>
    public double StandardError { get; }

    /// <summary>The degrees of freedom k - 1 of t, or null with the normal distribution.</summary>
    public double? DegreesOfFreedom { get; }

    /// <summary>
    /// z or t, the estimate less the null value of the measure over its standard error; infinite when the standard error is 0 and the estimate is not the null value.
    /// </summary>
    public double Statistic
    {
        get
        {
            var difference = Estimate - Effects.Measure.NullValue;
            return difference == 0 ? 0 : difference / StandardError;
        }
    }

    /// <summary>The two-sided p-value of the hypothesis that the pooled effect is the null value.</summary>
    public double PValue => DegreesOfFreedom is { } df
        ? Distributions.StudentTwoSided(Statistic, df)
        : Distributions.NormalTwoSided(Statistic);

    /// <summary>The confidence interval of the pooled effect.</summary>
    public ConfidenceInterval ConfidenceInterval => Around(StandardError);

    /// <summary>
    /// Where the true effect of a new study would lie: μ ± t·√(SE² + tau²), with the quantile of the confidence interval. Null for an equal-effects
    /// model, in which true effects do not differ. Source: Higgins, Thompson &amp; Spiegelhalter (2009), JRSS A 172, 137-159, with k - 1 degrees of
    /// freedom as metafor has.
    /// </summary>
    public ConfidenceInterval? PredictionInterval => IsRandomEffects
        ? Around(Math.Sqrt(StandardError * StandardError + TauSquared))
        : null;

    /// <summary>The variance of true effects between studies, tau²; 0 for an equal-effects model.</summary>
    public double TauSquared { get; }

    /// <summary>The standard deviation of true effects, on the scale of the effects.</summary>
    public double Tau => Math.Sqrt(TauSquared);

    /// <summary>The standard error of tau², or null for an equal-effects model.</summary>
    public double? TauSquaredStandardError { get; }

    /// <summary>How much the effects differ: Q, I², H², tau² with intervals.</summary>
    public Heterogeneity Heterogeneity { get; }

    /// <summary>Each study's share of the pooled effect; they sum to 1.</summary>
    public ImmutableArray<double> Weights { get; }

    /// <summary>Log-likelihood and information criteria.</summary>
    public FitStatistics FitStatistics => new(this, _sums);

    /// <summary>How many iterations the estimator of tau² made; 0 where it has a closed form.</summary>
    public int Iterations { get; }

    /// <summary>What a careful reader should know about this fit.</summary>
    public ImmutableArray<string> Warnings { get; } = [];

    /// <summary>Estimate and intervals on the scale a reader knows, for example r.</summary>
    public BackTransformedEstimate BackTransformed => new(
        Effects.Measure.ToDisplay(Estimate),
        ConfidenceInterval.Transform(Effects.Measure.ToDisplay),
        PredictionInterval?.Transform(Effects.Measure.ToDisplay));

    /// <summary>metafor's abbreviation of the model: EE, or that of the estimator, for example REML.</summary>
    public string MethodCode => Estimator switch
    {
        null => "EE",
        TauSquaredEstimator.DerSimonianLaird => "DL",
        TauSquaredEstimator.PauleMandel => "PM",
        TauSquaredEstimator.MaximumLikelihood => "ML",
        _ => "REML",
    };

    /// <summary>The same model fitted again to other effects, as leave-one-out needs.</summary>
    internal PooledFit Refit(StudyEffects effects) => Estimator is { } estimator
        ? RandomEffects.Fit(effects, new RandomEffectsOptions { TauSquared = estimator, Inference = Inference, ConfidenceLevel = ConfidenceLevel })
        : EqualEffects.Fit(effects, new EqualEffectsOptions { Inference = Inference, ConfidenceLevel = ConfidenceLevel });

    /// <summary>One line, for example <c>r = .15, 95% CI [.08, .22], p &lt; .001 (REML, Hartung-Knapp, k = 16)</c>.</summary>
    public override string ToString()
    {
        var measure = Effects.Measure;
        var shown = BackTransformed;
        var test = Inference switch { Inference.HartungKnapp => "Hartung-Knapp", Inference.StudentT => "t", _ => "z" };
        var text = $"{measure.Symbol} = {measure.Format(shown.Estimate)}, {StatisticText.Percent(ConfidenceLevel, 0)} CI "
            + $"[{measure.Format(shown.ConfidenceInterval.Lower)}, {measure.Format(shown.ConfidenceInterval.Upper)}], "
            + $"{StatisticText.PValueWithSymbol(PValue)} ({MethodCode}, {test}, k = {StatisticText.Count(Count)})";
        return Effects.Origin.IsSimulated ? text + " [simulated data]" : text;
    }

    private ConfidenceInterval Around(double standardDeviation)
    {
        var probability = Level.UpperTail(ConfidenceLevel);
        var half = standardDeviation * (DegreesOfFreedom is { } df
            ? Distributions.StudentQuantile(probability, df)
            : Distributions.NormalQuantile(probability));
        return new ConfidenceInterval(Estimate - half, Estimate + half, ConfidenceLevel);
    }

    private static ImmutableArray<double> ComputeWeights(ReadOnlySpan<double> vi, double tau2, double total)
    {
        var weights = new double[vi.Length];
        for (var i = 0; i < vi.Length; i++) weights[i] = 1 / (vi[i] + tau2) / total;
        return ImmutableCollectionsMarshal.AsImmutableArray(weights);
    }
}

/// <summary>A pooled effect on the scale a reader knows.</summary>
/// <param name="Estimate">The pooled effect.</param>
/// <param name="ConfidenceInterval">Its confidence interval.</param>
/// <param name="PredictionInterval">Where the true effect of a new study would lie; null for an equal-effects model.</param>
public readonly record struct BackTransformedEstimate(
    double Estimate, ConfidenceInterval ConfidenceInterval, ConfidenceInterval? PredictionInterval);
