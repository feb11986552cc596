using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// A fitted equal-effects, fixed-effects or random-effects model without moderators. All numbers are on the scale that is pooled, unless the name says
/// <c>BackTransformed</c>.
/// </summary>
/// <example><code>
/// PooledFit fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], EffectMeasure.FisherZ));
/// Console.WriteLine($"{fit.BackTransformed.Estimate} {fit.PredictionInterval} {fit.Heterogeneity}");
/// </code></example>
public sealed partial class PooledFit : IModelFit
{
    private readonly WeightedSums _sums;
    private readonly double[]? _poolingWeights;
    private readonly double _residualSum;
    private readonly double _scale;
    private Heterogeneity? _heterogeneity;
    private double[]? _weights;

    /// <param name="effects">What was pooled.</param>
    /// <param name="poolingWeights">Weights that pooled the effects in place of 1/(v + tau²), or null.</param>
    /// <param name="model">What was chosen.</param>
    /// <param name="tau2">The estimate of tau², or null for a model without.</param>
    /// <param name="sums">The sums at that tau².</param>
    /// <param name="atZero">Cochran's Q and tr(P) where the estimator came by them.</param>
    /// <param name="yi">The effects; only with weights of their own.</param>
    /// <param name="vi">Their variances.</param>
    internal PooledFit(StudyEffects effects, double[]? poolingWeights, PooledModel model, TauSquaredEstimate? tau2, in WeightedSums sums,
        (double Q, double TraceP)? atZero, ReadOnlySpan<double> yi, ReadOnlySpan<double> vi)
    {
        Effects = effects;
        Model = model;
        TauSquared = tau2?.Value ?? 0;
        TauSquaredStandardError = tau2?.StandardError;
        Iterations = tau2?.Iterations ?? 0;
        _sums = sums;
        AtZero = atZero;
        _poolingWeights = poolingWeights;

        var df = effects.Count - 1;
        var q = df > 0 ? sums.We2 / df : 1;
        (Estimate, var variance, _residualSum) = poolingWeights is null ? (sums.Mean, 1 / sums.W1, sums.We2)
            : Pool(poolingWeights, TauSquared, yi, vi);
        DegreesOfFreedom = model.Inference == Inference.Normal ? null : df;
        if (model.Inference == Inference.KenwardRoger) (variance, DegreesOfFreedom) = KenwardRoger(sums);
        _scale = Inferences.Scale(model.Inference, q);
        StandardError = Math.Sqrt(variance * _scale);
        if (!double.IsFinite(Estimate) || !double.IsFinite(StandardError) || !double.IsFinite(_residualSum) || !double.IsFinite(TauSquared))
        {
            throw new ConvergenceException("The pooled estimate",
                "the effects or variances are too large or too small for double precision", Iterations, NonConvergence.Precision);
        }
    }

    /// <summary>The effects that were pooled.</summary>
    public StudyEffects Effects { get; }

    /// <summary>How many effects were pooled, k.</summary>
    public int Count => Effects.Count;

    /// <summary>The estimator of tau², or null for an equal-effects or fixed-effects model.</summary>
    public TauSquaredEstimator? Estimator => Model.Estimator;

    /// <summary>True for a random-effects model.</summary>
    public bool IsRandomEffects => Estimator is not null;

    /// <summary>How standard error, test and interval were found.</summary>
    public Inference Inference => Model.Inference;

    /// <summary>The level of all intervals.</summary>
    public double ConfidenceLevel => Model.Level;

    /// <summary>The pooled effect μ = Σwy/Σw, w = 1/(v + tau²) or the weights given.</summary>
    public double Estimate { get; }

    /// <summary>Its standard error.</summary>
    public double StandardError { get; }

    /// <summary>The degrees of freedom of t, k - 1 or Kenward and Roger's, or null with the normal distribution.</summary>
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
    public double PValue => Distributions.TwoSided(Statistic, DegreesOfFreedom);

    /// <summary>The confidence interval of the pooled effect.</summary>
    public ConfidenceInterval ConfidenceInterval => Around(StandardError);

    /// <summary>
    /// Where the true effect of a new study would lie: μ ± t·√(SE² + tau²), with the quantile of the confidence interval. Null for an equal-effects
    /// model, in which true effects do not differ. Source: Higgins, Thompson &amp; Spiegelhalter (2009), JRSS A 172, 137-159, with k - 1 degrees of
    /// freedom as metafor has.
    /// </summary>
    /// <remarks>$$\hat\mu \pm t_{1 - \alpha/2}\sqrt{\mathrm{SE}^2 + \hat\tau^2}$$</remarks>
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
    public Heterogeneity Heterogeneity => _heterogeneity ??= new Heterogeneity(this);

    /// <summary>Each study's share of the pooled effect; they sum to 1.</summary>
    public ImmutableArray<double> Weights => ImmutableCollectionsMarshal.AsImmutableArray(_weights ??= ComputeWeights());

    /// <summary>Log-likelihood and information criteria.</summary>
    public FitStatistics FitStatistics
    {
        get
        {
            var restricted = Estimator == TauSquaredEstimator.RestrictedMaximumLikelihood;
            var logLikelihood = FitStatistics.LogLikelihoodOf(restricted, Count, 1,
                WeightedSums.LogDeterminant(TauSquared, Effects.Variances.AsSpan()), Math.Log(_sums.W1) - Math.Log(Count), _residualSum);
            return new FitStatistics(logLikelihood, restricted, restricted ? Count - 1 : Count, IsRandomEffects ? 2 : 1);
        }
    }

    /// <summary>How many iterations the estimator of tau² made; 0 where it has a closed form.</summary>
    public int Iterations { get; }

    /// <summary>What a careful reader should know about this fit.</summary>
    public ImmutableArray<string> Warnings =>
    [
        .. StandardError == 0
            ? ["All effects are exactly equal, so the Hartung-Knapp standard error is 0. It says nothing here: read the normal one."]
            : Inference == Inference.KenwardRoger && DegreesOfFreedom is { } few and < MetaAnalysis.KenwardRoger.FewDegreesOfFreedom ? [MetaAnalysis.KenwardRoger.FewWarning(few)]
            : Inferences.IsNarrowed(_scale, DegreesOfFreedom, ConfidenceLevel) ? [Inferences.NarrowedWarning] : (ImmutableArray<string>)[],
        .. IsRandomEffects && TauSquared == 0 ? (ImmutableArray<string>)[NewTrueEffects.ZeroWarning] : [],
        .. Effects.SharingWarning is { } sharing ? (ImmutableArray<string>)[sharing] : [],
    ];

    /// <summary>Estimate and intervals on the scale a reader knows, for example r.</summary>
    public BackTransformedEstimate BackTransformed => new(
        Effects.Measure.ToDisplay(Estimate),
        ConfidenceInterval.Transform(Effects.Measure.ToDisplay),
        PredictionInterval?.Transform(Effects.Measure.ToDisplay));

    /// <summary>metafor's abbreviation of the model: EE, FE, or that of the estimator, for example REML. DL2 is the two-step estimator.</summary>
    public string MethodCode => Model.Code;

    /// <summary>Cochran's Q and tr(P) at tau² = 0, where the estimator came by there.</summary>
    internal (double Q, double TraceP)? AtZero { get; }

    /// <summary>What was chosen for this fit.</summary>
    internal PooledModel Model { get; }

    /// <summary>Weights in place of 1/(v + tau²) that pooled the effects, or null.</summary>
    internal double[]? PoolingWeights => _poolingWeights;

    internal ModelData Data => new(Effects, null);

    /// <summary>
    /// One line, for example <c>r = .15, 95% CI [.08, .22], p &lt; .001 (REML, Hartung-Knapp, k = 16)</c>; without p for a measure that
    /// has no null value, such as a proportion.
    /// </summary>
    public override string ToString()
    {
        var text = $"{BackTransformed.Sentence(Effects.Measure, ConfidenceLevel, PValue)} ({MethodCode}, {Inferences.Name(Inference)}, k = {StatisticText.Count(Count)})";
        return Effects.Origin.IsSimulated ? text + " [simulated data]" : text;
    }

    internal ConfidenceInterval Around(double standardDeviation) =>
        Distributions.Interval(Estimate, standardDeviation, DegreesOfFreedom, ConfidenceLevel);

    private static (double Mean, double Variance, double ResidualSum) Pool(ReadOnlySpan<double> weights, double tau2, ReadOnlySpan<double> yi,
        ReadOnlySpan<double> vi)
    {
        // Differences from one effect, so that equal effects have exactly their value as mean and large ones keep their digits.
        double origin = yi[0], a = 0, ay = 0, a2m = 0, q = 0;
        for (var i = 0; i < yi.Length; i++)
        {
            a += weights[i];
            ay += weights[i] * (yi[i] - origin);
            a2m += weights[i] * weights[i] * (vi[i] + tau2);
        }
        var mean = origin + ay / a;
        for (var i = 0; i < yi.Length; i++) q += (yi[i] - mean) * (yi[i] - mean) / (vi[i] + tau2);
        return (mean, a2m / (a * a), q);
    }

    /// <summary>
    /// Φ + 2Φ²(Σw³ - (Σw²)²/Σw)/I and 2/(Φ²(Σw²)²/I) with Φ = 1/Σw and the information I = ½ tr(PP) of tau².
    /// </summary>
    internal static (double Variance, double DegreesOfFreedom) KenwardRoger(in WeightedSums s)
    {
        var information = s.TracePP / 2;
        return ((1 + 2 * s.WeightSpread / (s.W1 * information)) / s.W1, 2 * information * s.W1 * s.W1 / (s.W2 * s.W2));
    }

    private double[] ComputeWeights()
    {
        var vi = Effects.Variances.AsSpan();
        var weights = new double[vi.Length];
        double total = 0;
        for (var i = 0; i < vi.Length; i++)
        {
            weights[i] = _poolingWeights is null ? 1 / (vi[i] + TauSquared) : _poolingWeights[i];
            total += weights[i];
        }
        for (var i = 0; i < vi.Length; i++) weights[i] /= total;
        return weights;
    }
}

/// <summary>A pooled effect on the scale a reader knows.</summary>
/// <param name="Estimate">The pooled effect.</param>
/// <param name="ConfidenceInterval">Its confidence interval.</param>
/// <param name="PredictionInterval">Where the true effect of a new study would lie; null for an equal-effects model.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ);
/// BackTransformedEstimate r = RandomEffects.Fit(effects).BackTransformed;
/// Console.WriteLine($"r = {r.Estimate:F2}, 95% CI {r.ConfidenceInterval}, prediction interval {r.PredictionInterval}");
/// </code></example>
public readonly record struct BackTransformedEstimate(
    double Estimate, ConfidenceInterval ConfidenceInterval, ConfidenceInterval? PredictionInterval)
{
    /// <summary>One line on the scale a reader knows, for example <c>0.2684 [0.1985, 0.3353], prediction interval [−0.0120, 0.5093]</c>.</summary>
    public override string ToString() => StatisticText.Significant(Estimate) + $" {ConfidenceInterval}" + (PredictionInterval is { } pi ? $", prediction interval {pi}" : "");

    /// <summary>As a report says it, with p where a value of the measure means no effect.</summary>
    internal string Sentence(EffectMeasure measure, double level, double pValue) =>
        $"{measure.Symbol} = {measure.Format(Estimate)}, {StatisticText.Level(level)} CI [{measure.Format(ConfidenceInterval.Lower)}, {measure.Format(ConfidenceInterval.Upper)}]"
        + (measure.HasNullValue ? $", {StatisticText.PValueWithSymbol(pValue)}" : "");
}
