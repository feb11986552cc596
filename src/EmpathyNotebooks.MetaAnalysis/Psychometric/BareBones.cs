using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Weighted mean and variance of the effects as observed, and how much of the variance sampling error explains.</summary>
internal sealed class BareBones
{
    private BareBones(Artifacts data, double[] weights)
    {
        Data = data;
        Weights = weights;
        Mean = ArtifactDistribution.WeightedMean(data.Observed, weights);
        Variance = ArtifactDistribution.WeightedVariance(data.Observed, weights);
        Errors = SamplingErrors(data, Mean);
        Error = ArtifactDistribution.WeightedMean(Errors, weights);
    }

    public Artifacts Data { get; }

    public double[] Weights { get; }

    public double Mean { get; }

    public double Variance { get; }

    /// <summary>The sampling variance of each effect.</summary>
    public double[] Errors { get; }

    /// <summary>Their weighted mean.</summary>
    public double Error { get; }

    public static BareBones Of(Artifacts data)
    {
        if (data.Options.Weights is not { } estimator) return new BareBones(data, data.Sizes);
        var start = ArtifactDistribution.WeightedMean(data.Observed, data.Sizes);
        return new BareBones(data, RandomWeights(data.Observed, SamplingErrors(data, start), estimator));
    }

    public PsychometricEstimate Estimate(PsychometricOptions options) =>
        Estimate(options, Data.Count, Mean, new PsychometricVariance(Variance, Error, 0, Math.Max(0, Variance - Error)));

    public static PsychometricEstimate Estimate(PsychometricOptions options, int count, double mean, PsychometricVariance variance)
    {
        var error = Math.Sqrt(variance.Observed / count);
        double? df = options.NormalIntervals ? null : count - 1;
        return new PsychometricEstimate(mean, error, Distributions.Interval(mean, error, df, options.ConfidenceLevel), variance,
            Distributions.Interval(mean, Math.Sqrt(variance.Residual), df, options.CredibilityLevel));
    }

    /// <summary>1/(v + tau²), as any random-effects model has them.</summary>
    public static double[] RandomWeights(double[] effects, double[] variances, TauSquaredEstimator estimator) =>
        [.. RandomEffects.Fit(StudyEffects.Create(effects, variances), new RandomEffectsOptions { TauSquared = estimator, Inference = Inference.Normal }).Weights];

    private static double[] SamplingErrors(Artifacts data, double mean)
    {
        var byMean = data.Options.SamplingError == SamplingErrorFormula.MeanEffect;
        return [.. data.Observed.Select((r, i) => data.SamplingVariance(byMean ? mean : r, i))];
    }
}
