namespace EmpathyNotebooks.MetaAnalysis;

public sealed partial class EffectMeasure
{
    /// <summary>
    /// The ratio of two hazards, pooled as its logarithm. It is not computed from columns of counts: give log hazard ratios with variances or standard errors, or hazard ratios with their
    /// intervals. Source: Parmar, Torri &amp; Stewart (1998), Statistics in Medicine 17, 2815-2834.
    /// </summary>
    /// <remarks>$$y = \ln\mathrm{HR}, \qquad v = \mathrm{SE}(\ln\mathrm{HR})^2$$</remarks>
    public static EffectMeasure HazardRatio { get; } = Ratio("HR", "Hazard ratio", "HR");
}
