namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The residual of one effect on every scale that is in use. metafor: <c>residuals(type=)</c> and <c>rstandard()</c>.</summary>
/// <param name="Index">Its row among the effects of the fit, counted from 0.</param>
/// <param name="Label">Its label.</param>
/// <param name="Residual">The raw residual e = y - x'β, on the scale that is pooled.</param>
/// <param name="Pearson">e/√M_ii, over the standard deviation of the effect itself; M is its marginal covariance, v + tau² for independent effects.</param>
/// <param name="StandardError">The standard error of e, the root of [(I - H)M(I - H)']_ii; null where the effect alone determines a coefficient, so that its residual is 0 whatever its value.</param>
/// <param name="Standardized">The internally standardised residual e/SE; null where there is no standard error.</param>
/// <param name="Cholesky">The element of Le with L'L = M⁻¹, L upper triangular: of the effects of a cluster each is compared with what those after it say, so that these residuals are independent.
/// They depend on the order of the effects.</param>
/// <remarks>Source: Cook &amp; Weisberg 1982, Residuals and Influence in Regression, chapter 2; Fitzmaurice, Laird &amp; Ware 2011, Applied Longitudinal Analysis, section 10.2, for the last.
/// When not to use them: to find outliers one by one, since an effect that pulls the fit towards itself hides; for that see the deleted residuals of <c>Influence</c>.</remarks>
/// <example><code>
/// var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52],
///     [0.004, 0.004, 0.006, 0.005, 0.006, 0.006, 0.004, 0.007], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F"])]);
/// foreach (EffectResidual row in MultilevelModel.Fit(effects, ["sample", MultilevelModel.EachEffect], samplingCorrelation: 0.6).EffectResiduals())
///     Console.WriteLine($"{row.Label}: {row.Residual:F3}, standardised {row.Standardized:F2}");
/// </code></example>
public readonly record struct EffectResidual(int Index, string Label, double Residual, double Pearson, double? StandardError, double? Standardized, double Cholesky) : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin { get => field ?? DataOrigin.Own; internal init => field = value == DataOrigin.Own ? null : value; }
}

/// <summary>How far the effects of one cluster together lie from what a model expects.</summary>
/// <param name="Cluster">The cluster.</param>
/// <param name="EffectCount">How many effects it has, k_c.</param>
/// <param name="ChiSquared">X² = e'C⁻¹e with the covariance C of its residuals e, about a chi² with k_c degrees of freedom; null where C is singular, since the cluster alone determines a coefficient.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52],
///     [0.004, 0.004, 0.006, 0.005, 0.006, 0.006, 0.004, 0.007], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F"])]);
/// foreach (ClusterResidual sample in MultilevelModel.Fit(effects, ["sample"], samplingCorrelation: 0.6).ClusterResiduals())
///     Console.WriteLine($"{sample.Cluster}: X² = {sample.ChiSquared:F2} of {sample.EffectCount} effects");
/// </code></example>
public sealed record ClusterResidual(string Cluster, int EffectCount, double? ChiSquared) : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin { get => field ?? DataOrigin.Own; internal init => field = value == DataOrigin.Own ? null : value; }
}

/// <summary>The residual of one effect from a fit without its cluster.</summary>
/// <param name="Index">Its row among the effects of the fit, counted from 0.</param>
/// <param name="Label">Its label.</param>
/// <param name="Residual">d = y - x'β₋, with the coefficients β₋ of the others.</param>
/// <param name="StandardError">√(M_ii + x'S₋x), with M at the variances found without the cluster and S₋ the covariance of β₋.</param>
/// <param name="Studentized">The externally studentised residual d/SE. Beyond ±2 is unusual.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52],
///     [0.004, 0.004, 0.006, 0.005, 0.006, 0.006, 0.004, 0.007], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F"])]);
/// foreach (ClusterInfluence sample in MultilevelModel.Fit(effects, ["sample"], samplingCorrelation: 0.6).Influence())
///     foreach (DeletedResidual effect in sample.Residuals) Console.WriteLine($"{effect.Label}: {effect.Studentized:F2}");
/// </code></example>
public readonly record struct DeletedResidual(int Index, string Label, double Residual, double StandardError, double Studentized);
