namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>How cluster-robust variances allow for a limited number J of clusters.</summary>
public enum SmallSampleCorrection
{
    /// <summary>
    /// The bias-reduced linearisation: residuals are adjusted so that the variance is exact if the working model holds, and each coefficient has Satterthwaite degrees of freedom
    /// (Bell &amp; McCaffrey 2002, Survey Methodology 28, 169-181; Pustejovsky &amp; Tipton 2018, Journal of Business &amp; Economic Statistics 36, 672-683). The default: right also with few
    /// clusters. clubSandwich: CR2.
    /// </summary>
    CR2,

    /// <summary>The plain sandwich times J/(J - 1), with J - 1 degrees of freedom. clubSandwich: CR1.</summary>
    CR1,

    /// <summary>The plain sandwich times J/(J - p), with J - p degrees of freedom, p coefficients. metafor's <c>robust()</c>; clubSandwich: CR1p.</summary>
    CR1p,

    /// <summary>The plain sandwich (Hedges, Tipton &amp; Johnson 2010, Research Synthesis Methods 1, 39-65), with J - 1 degrees of freedom: too small with fewer than about 40 clusters.</summary>
    CR0,
}
