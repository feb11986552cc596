namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>How cluster-robust variances allow for a limited number J of clusters.</summary>
public enum SmallSampleCorrection
{
    /// <summary>
    /// The bias-reduced linearisation: residuals are adjusted so that the variance is exact if the working model holds, and each coefficient has Satterthwaite degrees of freedom
    /// (Bell &amp; McCaffrey 2002, Survey Methodology 28, 169-181; Pustejovsky &amp; Tipton 2018, Journal of Business &amp; Economic Statistics 36, 672-683). The default: right also with few
    /// clusters. clubSandwich: CR2.
    /// </summary>
    /// <remarks>
    /// $$\hat V = M\Bigl(\sum_jc_jc_j^\top\Bigr)M, \qquad c_j = X_j^\top W_jA_je_j, \qquad M = (X^\top WX)^{-1}$$
    /// $$A_j = D_j^\top B_j^{-1/2}D_j, \qquad \Phi_j = D_j^\top D_j, \qquad B_j = D_j(\Phi_j - X_jMX_j^\top)D_j^\top$$
    /// over clusters $j$ with residuals $e_j$ and working covariance $\Phi_j = W_j^{-1}$. With $P$ the covariances of the parts of the clusters $\nu = (\operatorname{tr}P)^2/\sum P_{jl}^2$.
    /// </remarks>
    CR2,

    /// <summary>The plain sandwich times J/(J - 1), with J - 1 degrees of freedom. clubSandwich: CR1.</summary>
    /// <remarks>$$\hat V_{\mathrm{CR1}} = \frac{J}{J - 1}\hat V_{\mathrm{CR0}}$$</remarks>
    CR1,

    /// <summary>The plain sandwich times J/(J - p), with J - p degrees of freedom, p coefficients. metafor's <c>robust()</c>; clubSandwich: CR1p.</summary>
    /// <remarks>$$\hat V_{\mathrm{CR1p}} = \frac{J}{J - p}\hat V_{\mathrm{CR0}}$$</remarks>
    CR1p,

    /// <summary>The plain sandwich (Hedges, Tipton &amp; Johnson 2010, Research Synthesis Methods 1, 39-65), with J - 1 degrees of freedom: too small with fewer than about 40 clusters.</summary>
    /// <remarks>$$\hat V_{\mathrm{CR0}} = M\Bigl(\sum_jc_jc_j^\top\Bigr)M, \qquad c_j = X_j^\top W_je_j, \qquad M = (X^\top WX)^{-1}$$</remarks>
    CR0,
}
