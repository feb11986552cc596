using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Residuals of models for independent effects.</summary>
public static class StudyResiduals
{
    /// <summary>
    /// The residuals of the studies: raw, Pearson and internally standardised (metafor's <c>residuals</c> and <c>rstandard</c>). Independent effects have Pearson residuals for Cholesky residuals.
    /// Deleted residuals are in <see cref="Sensitivity.Influence(PooledFit)"/>.
    /// </summary>
    /// <param name="fit">The fit.</param>
    /// <example><code>
    /// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45, 0.95], [0.010, 0.022, 0.015, 0.012]));
    /// foreach (var row in fit.EffectResiduals()) Console.WriteLine($"{row.Label}: {row.Residual:F2}, standardised {row.Standardized:F2}");
    /// </code></example>
    public static ImmutableArray<EffectResidual> EffectResiduals(this PooledFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return Of(Deletions.Of(fit));
    }

    /// <inheritdoc cref="EffectResiduals(PooledFit)"/>
    public static ImmutableArray<EffectResidual> EffectResiduals(this MetaRegressionFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return Of(Deletions.Of(fit));
    }

    private static ImmutableArray<EffectResidual> Of(Deletions data)
    {
        var geometry = new StudyGeometry(data);
        var rows = ImmutableArray.CreateBuilder<EffectResidual>(data.Effects.Count);
        for (var i = 0; i < data.Effects.Count; i++)
        {
            var residual = data.Effects.Effects[i] - BlockMatrix.Dot(data.Row(i), data.Full.Gamma);
            var size = data.Effects.Variances[i] + data.Full.TauSquared;
            var variance = size * (1 - 2 * geometry.Hat(i)) + geometry.FittedVariance(i, data.Full.TauSquared);
            double? se = variance > 1e-10 * size ? Math.Sqrt(variance) : null;
            var pearson = residual / Math.Sqrt(size);
            rows.Add(new EffectResidual(i, data.Effects.Labels[i], residual, pearson, se, residual / se, pearson) { Origin = data.Effects.Origin });
        }
        return rows.MoveToImmutable();
    }
}
