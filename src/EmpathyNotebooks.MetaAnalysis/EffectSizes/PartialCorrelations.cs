namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Effect sizes from the t-test of one coefficient (the focal predictor) in a multiple regression with m predictors, the focal
/// one counted. When not to use them: pooled with ordinary correlations or across models with different covariates, since each
/// partial correlation answers the question of its own model (Aloe &amp; Thompson 2013).
/// </summary>
/// <example><code>
/// Console.WriteLine(PartialCorrelations.PartialFisherZ(t: 2.31, n: 80, predictors: 3));
/// </code></example>
public static class PartialCorrelations
{
    /// <summary>
    /// The partial correlation pr = t/√(t² + n - m - 1) with variance (1 - pr²)²/(n - m) (metafor's PCOR; metafor 3.8 divided by
    /// n - m - 1). Source: Aloe &amp; Thompson (2013), Journal of the Society for Social Work and Research 4, 390-405; variance:
    /// Olkin &amp; Siotani (1976) with the m - 1 covariates taken off the sample size.
    /// When not to use it: for pooling; see <see cref="PartialFisherZ"/>.
    /// </summary>
    /// <remarks>$$r_p = \frac{t}{\sqrt{t^2 + n - m - 1}}, \qquad v = \frac{(1 - r_p^2)^2}{n - m}$$</remarks>
    /// <param name="t">The t-value of the coefficient.</param>
    /// <param name="n">The sample size, above m + 1.</param>
    /// <param name="predictors">m, how many predictors the model has, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static EffectSize Partial(double t, double n, int predictors) =>
        FromPartial(Correlation(t, n, predictors), n, predictors);

    /// <summary>
    /// The same from a partial correlation that a paper reports, or from the root of its partial eta squared with the sign.
    /// Source: Aloe &amp; Thompson (2013). When not to use it: with the partial correlation of another number of covariates.
    /// </summary>
    /// <remarks>$$v = \frac{(1 - r_p^2)^2}{n - m}$$</remarks>
    /// <param name="pr">The partial correlation, in (-1, 1).</param>
    /// <param name="n">The sample size, above m + 1.</param>
    /// <param name="predictors">m, how many predictors the model has, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static EffectSize FromPartial(double pr, double n, int predictors)
    {
        CheckModel(n, predictors);
        var rest = 1 - Check.Correlation(pr, nameof(pr)) * pr;
        return EffectSize.Of(pr, rest * rest / (n - predictors), EffectMeasure.PartialCorrelation);
    }

    /// <summary>
    /// Fisher's z of the partial correlation with variance 1/(n - m - 2), that is 1/(n - covariates - 3) (metafor's ZPCOR). The
    /// choice for pooling. Source: Fisher (1924), Metron 3, 329-332.
    /// When not to use it: pooled with correlations that hold nothing constant.
    /// </summary>
    /// <remarks>$$z = \operatorname{artanh} r_p, \qquad r_p = \frac{t}{\sqrt{t^2 + n - m - 1}}, \qquad v = \frac{1}{n - m - 2}$$</remarks>
    /// <param name="t">The t-value of the coefficient.</param>
    /// <param name="n">The sample size, above m + 2.</param>
    /// <param name="predictors">m, how many predictors the model has, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static EffectSize PartialFisherZ(double t, double n, int predictors) =>
        FisherZFromPartial(Correlation(t, n, predictors), n, predictors);

    /// <summary>
    /// The same from a partial correlation that a paper reports. Source: Fisher (1924).
    /// When not to use it: with the partial correlation of another number of covariates.
    /// </summary>
    /// <remarks>$$z = \operatorname{artanh} r_p, \qquad v = \frac{1}{n - m - 2}$$</remarks>
    /// <param name="pr">The partial correlation, in (-1, 1).</param>
    /// <param name="n">The sample size, above m + 2.</param>
    /// <param name="predictors">m, how many predictors the model has, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static EffectSize FisherZFromPartial(double pr, double n, int predictors)
    {
        CheckModel(n, predictors);
        Check.Size(n, predictors + 3, nameof(n), "the variance is 1/(n - predictors - 2)");
        return EffectSize.Of(Math.Atanh(Check.Correlation(pr, nameof(pr))), 1 / (n - predictors - 2), EffectMeasure.PartialFisherZ);
    }

    /// <summary>
    /// The semi-partial (part) correlation sr = t·√(1 - R²)/√(n - m - 1): how much the focal predictor adds to R (metafor's
    /// SPCOR). Variance (R⁴ - 2R² + R₀² + 1 - R₀⁴)/n with R₀² = R² - sr². Source: Aloe &amp; Becker (2012), Journal of
    /// Educational and Behavioral Statistics 37, 278-297. When not to use it: where R² is not reported; it depends on all other
    /// predictors of the model.
    /// </summary>
    /// <remarks>
    /// $$r_s = \frac{t\sqrt{1 - R^2}}{\sqrt{n - m - 1}}$$
    /// $$v = \frac{R^4 - 2R^2 + R_0^2 + 1 - R_0^4}{n}, \qquad R_0^2 = R^2 - r_s^2$$
    /// </remarks>
    /// <param name="t">The t-value of the coefficient.</param>
    /// <param name="n">The sample size, above m + 1.</param>
    /// <param name="predictors">m, how many predictors the model has, at least 1.</param>
    /// <param name="rSquared">R² of the whole model, in [0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range, or t is larger than this R²
    /// allows.</exception>
    public static EffectSize SemiPartial(double t, double n, int predictors, double rSquared)
    {
        var sr = SemiPartialValue(t, n, predictors, rSquared);
        return EffectSize.Of(sr, SemiPartialVariance(sr, n, rSquared), EffectMeasure.SemiPartialCorrelation);
    }

    /// <summary>
    /// The same from a semi-partial correlation that a paper reports, or from the root of the growth of R² with the sign of the
    /// coefficient. Source: Aloe &amp; Becker (2012). When not to use it: where R² is not reported.
    /// </summary>
    /// <remarks>$$v = \frac{R^4 - 2R^2 + R_0^2 + 1 - R_0^4}{n}, \qquad R_0^2 = R^2 - r_s^2$$</remarks>
    /// <param name="sr">The semi-partial correlation, in (-1, 1), its square no larger than R².</param>
    /// <param name="n">The sample size, above m + 1.</param>
    /// <param name="predictors">m, how many predictors the model has, at least 1.</param>
    /// <param name="rSquared">R² of the whole model, in [0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static EffectSize FromSemiPartial(double sr, double n, int predictors, double rSquared)
    {
        CheckReported(sr, n, predictors, rSquared);
        return EffectSize.Of(sr, SemiPartialVariance(sr, n, rSquared), EffectMeasure.SemiPartialCorrelation);
    }

    /// <summary>
    /// Fisher's z of the semi-partial correlation, variance by the delta method: that of sr over (1 - sr²)² (metafor's ZSPCOR).
    /// It does not make the variance independent of the effect, as it does for correlations and partial correlations.
    /// Source: Aloe &amp; Becker (2012). When not to use it: for a steady variance, which it does not give.
    /// </summary>
    /// <remarks>
    /// $$z = \operatorname{artanh} r_s, \qquad v = \frac{v_s}{(1 - r_s^2)^2}$$
    /// with $r_s$ and $v_s$ of <see cref="SemiPartial"/>.
    /// </remarks>
    /// <inheritdoc cref="SemiPartial"/>
    public static EffectSize SemiPartialFisherZ(double t, double n, int predictors, double rSquared)
    {
        var sr = SemiPartialValue(t, n, predictors, rSquared);
        var rest = 1 - sr * sr;
        return EffectSize.Of(Math.Atanh(sr), SemiPartialVariance(sr, n, rSquared) / (rest * rest),
            EffectMeasure.SemiPartialFisherZ);
    }

    /// <summary>
    /// Fisher's z of a semi-partial correlation that a paper reports. Source: Aloe &amp; Becker (2012).
    /// When not to use it: where R² is not reported.
    /// </summary>
    /// <remarks>
    /// $$z = \operatorname{artanh} r_s, \qquad v = \frac{v_s}{(1 - r_s^2)^2}$$
    /// with $v_s$ of <see cref="FromSemiPartial"/>.
    /// </remarks>
    /// <inheritdoc cref="FromSemiPartial"/>
    public static EffectSize FisherZFromSemiPartial(double sr, double n, int predictors, double rSquared)
    {
        CheckReported(sr, n, predictors, rSquared);
        var rest = 1 - sr * sr;
        return EffectSize.Of(Math.Atanh(sr), SemiPartialVariance(sr, n, rSquared) / (rest * rest),
            EffectMeasure.SemiPartialFisherZ);
    }

    private static double Correlation(double t, double n, int predictors)
    {
        CheckModel(n, predictors);
        return Check.Finite(t, nameof(t)) / Math.Sqrt(t * t + n - predictors - 1);
    }

    private static double SemiPartialValue(double t, double n, int predictors, double rSquared)
    {
        CheckModel(n, predictors);
        CheckExplained(rSquared);
        var sr = Check.Finite(t, nameof(t)) * Math.Sqrt(1 - rSquared) / Math.Sqrt(n - predictors - 1);
        return sr * sr <= rSquared
            ? sr
            : throw ArgumentFault.OutOfRange(nameof(t), t,
                "The squared semi-partial correlation would exceed R squared: t, R squared, n and the number of predictors do not fit together.");
    }

    private static double SemiPartialVariance(double sr, double n, double rSquared)
    {
        var reduced = rSquared - sr * sr;
        return (rSquared * rSquared - 2 * rSquared + reduced + 1 - reduced * reduced) / n;
    }

    private static void CheckReported(double sr, double n, int predictors, double rSquared)
    {
        CheckModel(n, predictors);
        CheckExplained(rSquared);
        if (Check.Correlation(sr, nameof(sr)) * sr > rSquared)
        {
            throw ArgumentFault.OutOfRange(nameof(sr), sr,
                "The squared semi-partial correlation cannot exceed R squared of the model.");
        }
    }

    private static void CheckExplained(double rSquared)
    {
        if (rSquared is not (>= 0 and < 1))
        {
            throw ArgumentFault.OutOfRange(nameof(rSquared), rSquared,
                "R squared lies between 0 and 1; 1 would leave no error.");
        }
    }

    private static void CheckModel(double n, int predictors)
    {
        if (predictors < 1)
            throw ArgumentFault.OutOfRange(nameof(predictors), predictors, "The model has at least the focal predictor.");
        Check.Size(n, predictors + 2, nameof(n), "n - predictors - 1 degrees of freedom must be left");
    }
}
