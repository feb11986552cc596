namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>How standard errors, tests and intervals of the pooled effect or the regression coefficients are found.</summary>
public enum Inference
{
    /// <summary>
    /// Knapp &amp; Hartung (2003), Statistics in Medicine 22, 2693-2710: the variance is scaled by how much the effects scatter around the fitted ones, and
    /// t with k - p degrees of freedom is used (p = 1 without moderators). The default of random-effects models: it keeps its error rate with few
    /// studies (IntHout, Ioannidis &amp; Borm 2014). metafor: test="knha".
    /// </summary>
    /// <remarks>
    /// $$\mathrm{SE}^2 = \frac{q}{\sum_iw_i}, \qquad q = \frac{1}{k - 1}\sum_iw_i(y_i - \hat\mu)^2, \qquad w_i = \frac{1}{v_i + \hat\tau^2}$$
    /// $$\hat\mu \pm t_{1 - \alpha/2;\,k - 1}\,\mathrm{SE}$$
    /// and with $p$ coefficients $q(X^\top WX)^{-1}$ and $k - p$.
    /// </remarks>
    HartungKnapp,

    /// <summary>The normal distribution, as in most older meta-analyses: too narrow with few studies. metafor: test="z".</summary>
    /// <remarks>$$\hat\mu \pm z_{1 - \alpha/2}\Bigl(\sum_iw_i\Bigr)^{-1/2}$$</remarks>
    Normal,

    /// <summary>t with k - p degrees of freedom and the usual standard error. metafor: test="t".</summary>
    /// <remarks>$$\hat\mu \pm t_{1 - \alpha/2;\,k - p}\Bigl(\sum_iw_i\Bigr)^{-1/2}$$</remarks>
    StudentT,

    /// <summary>
    /// Hartung-Knapp whose scale is not allowed below 1, so that the interval is never narrower than with <see cref="StudentT"/> (Knapp &amp; Hartung 2003;
    /// Röver, Knapp &amp; Friede 2015, BMC Medical Research Methodology 15, 99). Conservative where effects are homogeneous. metafor: test="adhoc".
    /// </summary>
    /// <remarks>
    /// $$\mathrm{SE}^2 = \frac{\max(1, q)}{\sum_iw_i}$$
    /// with $q$ of <see cref="HartungKnapp"/>.
    /// </remarks>
    HartungKnappAdHoc,

    /// <summary>
    /// Kenward &amp; Roger (1997), Biometrics 53, 983-997: the variance is enlarged for the uncertainty of tau² and the degrees of freedom follow from the
    /// data; for meta-analysis see Partlett &amp; Riley (2017), Statistics in Medicine 36, 301-317. Only with REML. With very few studies of unequal size the
    /// degrees of freedom can be close to 0 and the interval endless.
    /// </summary>
    /// <remarks>
    /// For a mean, with $I = \frac12\operatorname{tr}(PP)$ and $\Phi = 1/\sum w_i$:
    /// $$\mathrm{SE}^2 = \Phi + \frac{2\Phi^2}{I}\left(\sum_iw_i^3 - \frac{(\sum_iw_i^2)^2}{\sum_iw_i}\right), \qquad \nu = \frac{2I}{\Phi^2(\sum_iw_i^2)^2}$$
    /// </remarks>
    KenwardRoger,
}

/// <summary>What is said about kinds of inference in several places.</summary>
internal static class Inferences
{
    public static string Name(Inference inference) => inference switch
    {
        Inference.HartungKnapp => "Hartung-Knapp",
        Inference.Normal => "z",
        Inference.StudentT => "t",
        Inference.HartungKnappAdHoc => "Hartung-Knapp ad hoc",
        Inference.KenwardRoger => "Kenward-Roger",
        _ => throw new ArgumentOutOfRangeException(nameof(inference), inference, "There is no such kind of inference."),
    };

    public static bool IsHartungKnapp(Inference inference) => inference is Inference.HartungKnapp or Inference.HartungKnappAdHoc;

    /// <summary>What the variance is multiplied with, given Q/(k - p) at the estimated tau².</summary>
    public static double Scale(Inference inference, double q) => inference switch
    {
        Inference.HartungKnapp => q,
        Inference.HartungKnappAdHoc => Math.Max(1, q),
        _ => 1,
    };

    /// <summary>What a careful reader should know where <see cref="IsNarrowed"/>.</summary>
    public const string NarrowedWarning =
        "The Hartung-Knapp interval is narrower than the one of the normal distribution: the effects scatter less than their sampling variances "
        + "let expect. Consider the ad hoc variant of Hartung and Knapp, which is never narrower than with t.";

    /// <summary>What a careful reader should know where the scale is 0.</summary>
    public const string ExactWarning =
        "All effects lie exactly on the fitted ones, so the Hartung-Knapp standard errors are 0. They say nothing here, nor do tests and intervals: read the normal ones.";

    /// <summary>
    /// True when a scale below 1 takes more from the interval than t adds to it (Röver, Knapp &amp; Friede 2015, BMC Medical Research Methodology 15, 99).
    /// </summary>
    public static bool IsNarrowed(double scale, double? degreesOfFreedom, double level)
    {
        if (scale >= 1 || degreesOfFreedom is not { } df) return false;
        var probability = Level.UpperTail(level);
        return Math.Sqrt(scale) * Distributions.StudentQuantile(probability, df) < Distributions.NormalQuantile(probability);
    }

    /// <summary>Kenward-Roger is derived for the restricted likelihood and the model's own weights.</summary>
    public static void Check(Inference inference, TauSquaredEstimator? estimator, bool hasWeights)
    {
        _ = Name(inference);
        if (inference != Inference.KenwardRoger) return;
        if (estimator != TauSquaredEstimator.RestrictedMaximumLikelihood)
        {
            throw new ImpossibleChoiceException(
                $"Kenward-Roger inference is defined for REML, not for {TauSquaredEstimators.Code(estimator)}", ChoiceFault.NeedsRestrictedLikelihood);
        }
        if (hasWeights) throw new ImpossibleChoiceException("Kenward-Roger inference is defined for the model's own weights, not for given ones", ChoiceFault.NeedsOwnWeights);
    }
}
