namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// How the variance of the true effects between studies, tau², is estimated. With moderators it is the variance that they leave, k - 1 becomes
/// k - p, and all formulas hold with the residuals of the regression. Reviews that compare them: Veroniki et al. 2016, Research Synthesis
/// Methods 7, 55-79; Langan et al. 2019, ibid. 10, 83-98. Estimates below 0 are set to 0.
/// </summary>
/// <remarks>
/// In all formulas, for one mean,
/// $$Q(\tau^2) = \sum_iw_i(y_i - \hat\mu)^2, \qquad w_i = \frac{1}{v_i + \tau^2}, \qquad \hat\mu = \frac{\sum_iw_iy_i}{\sum_iw_i}$$
/// </remarks>
public enum TauSquaredEstimator
{
    /// <summary>
    /// Restricted maximum likelihood, the default: nearly unbiased and efficient for effects such as Fisher's z (Viechtbauer 2005, Journal of
    /// Educational and Behavioral Statistics 30, 261-293; Langan et al. 2019). metafor: REML.
    /// </summary>
    /// <remarks>$$\hat\tau^2 = \arg\max_{\tau^2 \ge 0}\ell, \qquad -2\ell = \sum_i\ln(v_i + \tau^2) + \ln\sum_iw_i + Q(\tau^2)$$</remarks>
    RestrictedMaximumLikelihood,

    /// <summary>Maximum likelihood: biased downward with few studies; for comparing models with different moderators. metafor: ML.</summary>
    /// <remarks>$$\hat\tau^2 = \arg\max_{\tau^2 \ge 0}\ell, \qquad -2\ell = \sum_i\ln(v_i + \tau^2) + Q(\tau^2)$$</remarks>
    MaximumLikelihood,

    /// <summary>
    /// The moment estimator of DerSimonian &amp; Laird (1986), Controlled Clinical Trials 7, 177-188: (Q - (k - 1))/tr(P), closed form and
    /// traditional; too small when heterogeneity is large. metafor: DL.
    /// </summary>
    /// <remarks>$$\hat\tau^2 = \frac{Q(0) - (k - 1)}{\sum_iw_i - \sum_iw_i^2/\sum_iw_i}, \qquad w_i = \frac{1}{v_i}$$</remarks>
    DerSimonianLaird,

    /// <summary>
    /// The value at which the generalised Q equals its expectation k - 1 (Paule &amp; Mandel 1982, Journal of Research of the NBS 87, 377-385); the
    /// same estimate as empirical Bayes. metafor: PM.
    /// </summary>
    /// <remarks>$$Q(\hat\tau^2) = k - 1$$</remarks>
    PauleMandel,

    /// <summary>
    /// Hunter &amp; Schmidt (1990): (Q - k)/Σ(1/v), the variance of the effects less that expected from sampling error. Biased downward; for
    /// agreement with psychometric meta-analyses. metafor: HS.
    /// </summary>
    /// <remarks>$$\hat\tau^2 = \frac{Q(0) - k}{\sum_i1/v_i}$$</remarks>
    HunterSchmidt,

    /// <summary>
    /// Hunter-Schmidt with the correction k/(k - p) for few studies (Brannick et al. 2019, Organizational Research Methods 22, 490-514).
    /// metafor: HSk.
    /// </summary>
    /// <remarks>$$\hat\tau^2 = \frac{\frac{k}{k - 1}Q(0) - k}{\sum_i1/v_i}$$</remarks>
    HunterSchmidtSmallSample,

    /// <summary>
    /// Hedges' unweighted moment estimator, also called Cochran's or the variance-component estimator: the plain variance of the effects less
    /// the mean sampling variance (Hedges &amp; Olkin 1985). Unbiased but imprecise when sample sizes differ much. metafor: HE.
    /// </summary>
    /// <remarks>$$\hat\tau^2 = \frac{1}{k - 1}\sum_i(y_i - \bar y)^2 - \frac{1}{k}\sum_iv_i$$</remarks>
    Hedges,

    /// <summary>
    /// The two-step DerSimonian-Laird estimator (DerSimonian &amp; Kacker 2007, Contemporary Clinical Trials 28, 105-114): by moments with the weights
    /// 1/(v + tau²) at the one-step estimate. Close to Paule-Mandel without iteration. metafor: GENQ with those weights.
    /// </summary>
    /// <remarks>
    /// That of <see cref="GeneralizedQ"/> with
    /// $$w_i = \frac{1}{v_i + \hat\tau_{\mathrm{DL}}^2}$$
    /// </remarks>
    TwoStepDerSimonianLaird,

    /// <summary>
    /// Sidik &amp; Jonkman (2005), Applied Statistics 54, 367-384: from the crude start Σ(y - mean)²/k. Always positive, so not to be used where
    /// heterogeneity may well be absent: it is then far too large. metafor: SJ.
    /// </summary>
    /// <remarks>$$\hat\tau^2 = \frac{\tau_0^2}{k - 1}\,Q(\tau_0^2), \qquad \tau_0^2 = \frac{1}{k}\sum_i(y_i - \bar y)^2$$</remarks>
    SidikJonkman,

    /// <summary>
    /// The value at which the generalised Q equals the median of chi², not its mean: an estimate as often too small as too large (Viechtbauer
    /// 2021, Median-unbiased estimators for the amount of heterogeneity, European Congress of Methodology). metafor: PMM.
    /// </summary>
    /// <remarks>$$Q(\hat\tau^2) = \chi^2_{k - 1;\,0.5}$$</remarks>
    PauleMandelMedian,

    /// <summary>
    /// By moments with weights of your choosing (DerSimonian &amp; Kacker 2007; Jackson et al. 2014): 1/(v + mean v) unless weights are given. The
    /// same weights then pool the effects. metafor: GENQ.
    /// </summary>
    /// <remarks>
    /// $$\hat\tau^2 = \frac{Q_w - a}{b}, \qquad Q_w = \sum_iw_i(y_i - \hat\mu_w)^2$$
    /// $$a = \sum_iw_iv_i - \frac{\sum_iw_i^2v_i}{\sum_iw_i}, \qquad b = \sum_iw_i - \frac{\sum_iw_i^2}{\sum_iw_i}$$
    /// with any weights $w_i$.
    /// </remarks>
    GeneralizedQ,

    /// <summary>
    /// Empirical Bayes (Morris 1983, Journal of the American Statistical Association 78, 47-55). Its equation is that of
    /// <see cref="PauleMandel"/>, and so is its estimate; kept for those who look for the name. metafor: EB.
    /// </summary>
    /// <remarks>$$Q(\hat\tau^2) = k - 1$$</remarks>
    EmpiricalBayes,

    /// <summary>
    /// The DerSimonian-Laird estimator with its own weights 1/(v + tau²), iterated until it stays. At that point Q = k - p, the equation of <see cref="PauleMandel"/>, so the
    /// estimate is the same; kept for those who look for the name. metafor: DLIT.
    /// </summary>
    /// <remarks>$$Q(\hat\tau^2) = k - 1$$</remarks>
    IteratedDerSimonianLaird,

    /// <summary>
    /// The Sidik-Jonkman estimator iterated until it stays: tau² = tau²·Q(tau²)/(k - p), again the equation of <see cref="PauleMandel"/>, so the estimate is the same, also where
    /// that is 0, which the iteration only creeps towards. metafor: SJIT.
    /// </summary>
    /// <remarks>$$\hat\tau^2 = \hat\tau^2\,\frac{Q(\hat\tau^2)}{k - 1}$$</remarks>
    IteratedSidikJonkman,
}

/// <summary>What is said about estimators in several places.</summary>
internal static class TauSquaredEstimators
{
    /// <summary>metafor's abbreviation; null stands for a model without tau².</summary>
    public static string Code(TauSquaredEstimator? estimator) => estimator switch
    {
        null => "EE",
        TauSquaredEstimator.RestrictedMaximumLikelihood => "REML",
        TauSquaredEstimator.MaximumLikelihood => "ML",
        TauSquaredEstimator.DerSimonianLaird => "DL",
        TauSquaredEstimator.PauleMandel => "PM",
        TauSquaredEstimator.HunterSchmidt => "HS",
        TauSquaredEstimator.HunterSchmidtSmallSample => "HSk",
        TauSquaredEstimator.Hedges => "HE",
        TauSquaredEstimator.TwoStepDerSimonianLaird => "DL2",
        TauSquaredEstimator.SidikJonkman => "SJ",
        TauSquaredEstimator.PauleMandelMedian => "PMM",
        TauSquaredEstimator.GeneralizedQ => "GENQ",
        TauSquaredEstimator.EmpiricalBayes => "EB",
        TauSquaredEstimator.IteratedDerSimonianLaird => "DLIT",
        TauSquaredEstimator.IteratedSidikJonkman => "SJIT",
        _ => throw new ArgumentOutOfRangeException(nameof(estimator), estimator, "There is no such estimator of tau squared."),
    };
}
