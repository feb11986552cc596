namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Everything chosen for a model without moderators, as it was checked, so that it can be fitted again to fewer studies.</summary>
/// <param name="Estimator">The estimator of tau²; null for a model without.</param>
/// <param name="Inference">Standard error, test and interval.</param>
/// <param name="Level">The level of the intervals.</param>
/// <param name="Weights">Weights given by the caller, or null.</param>
/// <param name="IsFixed">True for the fixed-effects reading of the equal-effects numbers.</param>
internal sealed record PooledModel(TauSquaredEstimator? Estimator, Inference Inference, double Level, double[]? Weights = null,
    bool IsFixed = false)
{
    public string Name => Estimator is not null ? "A random-effects model" : IsFixed ? "A fixed-effects model" : "An equal-effects model";

    public string Code => Estimator is null && IsFixed ? "FE" : TauSquaredEstimators.Code(Estimator);

    /// <summary>Fits the effects given, which are those of <paramref name="effects"/>; spans, so that refits need no copy.</summary>
    public PooledFit Fit(StudyEffects effects, ReadOnlySpan<double> yi, ReadOnlySpan<double> vi)
    {
        NeedStudies(yi.Length);
        StudyWeights.NeedOne(Weights);
        var sums = new InterceptSums(yi, vi);
        return Fit(effects, ref sums, yi, vi);
    }

    /// <summary>Fits the effects whose sums are given, where no weights are: <see cref="HasOwnWeights"/>.</summary>
    public PooledFit Fit(StudyEffects effects, ref DeletionSums sums)
    {
        NeedStudies(sums.Count);
        return Fit(effects, ref sums, default, default);
    }

    /// <summary>Whether effects are pooled with the model's own weights, 1/(v + tau²).</summary>
    public bool HasOwnWeights => Weights is null && Estimator != TauSquaredEstimator.GeneralizedQ;

    private void NeedStudies(int count)
    {
        var required = Estimator is null && Inference == Inference.Normal ? 1 : 2;
        if (count < required) throw new InsufficientStudiesException(Name, required, count);
    }

    private PooledFit Fit<TSums>(StudyEffects effects, ref TSums sums, ReadOnlySpan<double> yi, ReadOnlySpan<double> vi)
        where TSums : struct, IInterceptSums, allows ref struct
    {
        TauSquaredEstimate? tau2 = Estimator is { } estimator ? TauSquaredEstimate.Of(estimator, ref sums, Weights) : null;
        sums.MoveTo(tau2?.Value ?? 0);
        return new PooledFit(effects, HasOwnWeights ? null : PoolingWeights(vi), this, tau2, sums.Sums, sums.AtZero, yi, vi);
    }

    /// <summary>The same model for the effects without one row.</summary>
    public PooledModel Without(int row) => Weights is null ? this : this with { Weights = StudyWeights.Without(Weights, row) };

    /// <summary>Null where the pooled effect has the model's own weights 1/(v + tau²).</summary>
    public double[]? PoolingWeights(ReadOnlySpan<double> vi)
    {
        if (Weights is not null || Estimator != TauSquaredEstimator.GeneralizedQ) return Weights;
        double mean = 0;
        foreach (var v in vi) mean += v;
        mean /= vi.Length;
        var weights = new double[vi.Length];
        for (var i = 0; i < weights.Length; i++) weights[i] = 1 / (vi[i] + mean);
        return weights;
    }
}
