namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The fixed-effects model y = θᵢ + e, e ~ N(0, v), in the sense of Hedges &amp; Vevea (1998), Psychological Methods 3, 486-504, and Rice, Higgins &amp;
/// Lumley (2018), JRSS A 181, 205-227: true effects may differ, and what is estimated is their weighted average Σ(θᵢ/v)/Σ(1/v) in the
/// studies at hand. The numbers are those of <see cref="EqualEffects"/>; the conclusion is another one, and holds for these studies only. When not to use
/// it: to speak of other studies than those pooled.
/// </summary>
/// <remarks>
/// $$\hat\theta = \frac{\sum_iw_iy_i}{\sum_iw_i}, \qquad \mathrm{SE} = \frac{1}{\sqrt{\sum_iw_i}}, \qquad w_i = \frac{1}{v_i}$$
/// an estimate of $\sum w_i\theta_i/\sum w_i$.
/// </remarks>
public static class FixedEffects
{
    /// <summary>Fits the model: the inverse-variance weighted mean.</summary>
    /// <inheritdoc cref="EqualEffects.Fit(StudyEffects, EqualEffectsOptions?)"/>
    /// <example><code>
    /// var fit = FixedEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015]));
    /// Console.WriteLine(fit.MethodCode);
    /// </code></example>
    public static PooledFit Fit(StudyEffects effects, EqualEffectsOptions? options = null) => EqualEffects.Fit(effects, options, isFixed: true);
}
