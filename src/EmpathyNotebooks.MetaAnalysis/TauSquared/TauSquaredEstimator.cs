namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>How the variance of the true effects between studies, tau², is estimated.</summary>
public enum TauSquaredEstimator
{
    /// <summary>
    /// Restricted maximum likelihood, the default: nearly unbiased and efficient for effects such as Fisher's z (Viechtbauer 2005, Journal of
    /// Educational and Behavioral Statistics 30, 261-293; Langan et al. 2019, Research Synthesis Methods 10, 83-98). metafor: REML.
    /// </summary>
    RestrictedMaximumLikelihood,

    /// <summary>Maximum likelihood: biased downward with few studies; for comparing models with different moderators. metafor: ML.</summary>
    MaximumLikelihood,

    /// <summary>
    /// The moment estimator of DerSimonian &amp; Laird (1986), Controlled Clinical Trials 7, 177-188: closed form and traditional; too small
    /// when heterogeneity is large. metafor: DL.
    /// </summary>
    DerSimonianLaird,

    /// <summary>
    /// The value at which the generalised Q equals its expectation k - 1 (Paule &amp; Mandel 1982, Journal of Research of the NBS 87, 377-385); the
    /// same estimate as empirical Bayes. metafor: PM.
    /// </summary>
    PauleMandel,
}
