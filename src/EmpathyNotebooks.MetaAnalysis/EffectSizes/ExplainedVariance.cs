namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Effect sizes from R², the share of variance that a regression with m predictors explains. When not to use them: across models with different predictors; and
/// R² is never below 0 and grows with every predictor, so a pooled R² is not tested against 0.
/// </summary>
/// <example><code>
/// Console.WriteLine(ExplainedVariance.FisherZ(rSquared: 0.24, n: 120));
/// </code></example>
public static class ExplainedVariance
{
    /// <summary>
    /// R² with variance 4R²(1 - R²)²/n, or 4R²(1 - R²)²(n - m - 1)²/((n² - 1)(n + 3)) as corrected for small samples (metafor's R2, vtype LS and LS2). Source:
    /// Kendall &amp; Stuart (1979), The Advanced Theory of Statistics 2, ch. 27; Olkin &amp; Finn (1995), Psychological Bulletin 118, 155-164. When not to use it:
    /// near 0, where the variance is 0 and tells nothing; see <see cref="FisherZ"/>.
    /// </summary>
    /// <remarks>$$v = \frac{4R^2(1 - R^2)^2}{n} \qquad\text{or}\qquad v = \frac{4R^2(1 - R^2)^2(n - m - 1)^2}{(n^2 - 1)(n + 3)}$$</remarks>
    /// <param name="rSquared">R², in (0, 1).</param>
    /// <param name="n">The sample size, above m + 1.</param>
    /// <param name="predictors">m, how many predictors the model has, at least 1; asked for by the corrected variance alone.</param>
    /// <param name="variance">Which formula of the variance: large-sample or corrected.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static EffectSize Raw(double rSquared, double n, int predictors = 1, VarianceFormula variance = VarianceFormula.LargeSample)
    {
        CheckModel(rSquared, n, predictors);
        var core = 4 * rSquared * (1 - rSquared) * (1 - rSquared);
        var v = variance switch
        {
            VarianceFormula.LargeSample => core / n,
            VarianceFormula.Corrected => core * (n - predictors - 1) * (n - predictors - 1) / ((n * n - 1) * (n + 3)),
            _ => throw ArgumentFault.OutOfRange(nameof(variance), variance, "The variance of R squared is large-sample or corrected."),
        };
        return EffectSize.Of(rSquared, v, EffectMeasure.RSquared);
    }

    /// <summary>
    /// artanh(√R²) with variance 1/n, Fisher's z of the multiple correlation (metafor's ZR2). Source: Olkin &amp; Finn (1995). When not to use it: where R² is near
    /// 0 in a small sample; it is then far from normal.
    /// </summary>
    /// <remarks>$$y = \operatorname{artanh}\sqrt{R^2}, \qquad v = \frac{1}{n}$$</remarks>
    /// <param name="rSquared">R², in [0, 1).</param>
    /// <param name="n">The sample size, at least 3.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static EffectSize FisherZ(double rSquared, double n)
    {
        if (rSquared is not (>= 0 and < 1)) throw Range(rSquared);
        Check.Size(n, 3, nameof(n), "a model with one predictor and an error has three parameters");
        return EffectSize.Of(Math.Atanh(Math.Sqrt(rSquared)), 1 / n, EffectMeasure.RSquaredFisherZ);
    }

    /// <summary>R² of the F test of the whole model, mF/(mF + n - m - 1).</summary>
    internal static double OfF(double f, double n, int predictors)
    {
        Check.NotNegative(f, nameof(f));
        CheckModel(0.5, n, predictors);
        return predictors * f / (predictors * f + n - predictors - 1);
    }

    private static void CheckModel(double rSquared, double n, int predictors)
    {
        if (rSquared is not (> 0 and < 1)) throw Range(rSquared);
        if (predictors < 1) throw ArgumentFault.OutOfRange(nameof(predictors), predictors, "The model has at least one predictor.");
        Check.Size(n, predictors + 2, nameof(n), "n - predictors - 1 degrees of freedom must be left");
    }

    private static ArgumentOutOfRangeException Range(double rSquared) => ArgumentFault.OutOfRange(nameof(rSquared), rSquared,
        "R squared lies between 0 and 1; at 1, and for its raw form at 0 too, it has no sampling variance.");
}
