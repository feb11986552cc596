namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>How much the effects of a model without moderators differ beyond sampling error.</summary>
/// <inheritdoc cref="HeterogeneityMeasures"/>
public sealed class Heterogeneity : HeterogeneityMeasures
{
    internal Heterogeneity(PooledFit fit)
        : base(fit.Data, fit.TauSquared, fit.Estimator, fit.ConfidenceLevel, fit.AtZero)
    {
        Fit = fit;
    }

    /// <summary>The fit these belong to.</summary>
    public PooledFit Fit { get; }
}
