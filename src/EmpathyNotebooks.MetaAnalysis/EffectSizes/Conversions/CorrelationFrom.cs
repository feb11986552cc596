using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// A correlation from what a paper reports instead of it. Each method gives Fisher's z, unless another measure of correlation is
/// asked for (<see cref="EffectMeasure.Correlation"/>, <see cref="EffectMeasure.BiasCorrectedCorrelation"/>), and says in
/// <see cref="EffectSize.Note"/> what was assumed. Code the correlation itself whenever a paper has it.
/// </summary>
public static class CorrelationFrom
{
    /// <summary>
    /// From the t-test of a correlation or of a slope in a simple regression: r = t/√(t² + n - 2). Exact. Source: Rosenthal
    /// (1991), Meta-Analytic Procedures.
    /// </summary>
    /// <remarks>$$r = \frac{t}{\sqrt{t^2 + n - 2}}$$</remarks>
    /// <param name="t">The t-value, with its sign.</param>
    /// <param name="n">The sample size, at least 4.</param>
    /// <param name="measure">Fisher's z if not said.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="ArgumentException">The measure is none of a correlation.</exception>
    public static EffectSize T(double t, double n, EffectMeasure? measure = null)
    {
        Check.Size(n, 4, nameof(n));
        return As(ReportedTest.CorrelationOfT(t, n - 2), n, measure, "r from t with n - 2 degrees of freedom (exact).");
    }

    /// <summary>
    /// From F with one numerator degree of freedom: t = ±√F. When not to use it: with F of more than two groups or an adjusted
    /// model.
    /// </summary>
    /// <remarks>$$r = \pm\sqrt{\frac{F}{F + n - 2}}$$</remarks>
    /// <inheritdoc cref="T"/>
    /// <param name="f">F(1, n - 2), 0 or more.</param>
    /// <param name="n">The sample size, at least 4.</param>
    /// <param name="direction">The sign, which F does not have.</param>
    /// <param name="measure">Fisher's z if not said.</param>
    public static EffectSize F(double f, double n, EffectDirection direction, EffectMeasure? measure = null) =>
        T(Sign.Of(direction) * Math.Sqrt(Check.NotNegative(f, nameof(f))), n, measure)
            with { Note = "r from F(1, n - 2), sign as coded (exact)." };

    /// <summary>
    /// From chi² of a two-by-two table: r = φ = ±√(χ²/n). When not to use it: with more than one degree of freedom, or after
    /// Yates's correction, which makes it too small. Source: Rosenthal (1991).
    /// </summary>
    /// <remarks>$$r = \pm\sqrt{\chi^2/n}$$</remarks>
    /// <inheritdoc cref="T"/>
    /// <param name="chiSquared">χ² with 1 degree of freedom, 0 or more and below n.</param>
    /// <param name="n">The sample size, at least 4.</param>
    /// <param name="direction">The sign, which χ² does not have.</param>
    /// <param name="measure">Fisher's z if not said.</param>
    public static EffectSize ChiSquared(double chiSquared, double n, EffectDirection direction, EffectMeasure? measure = null)
    {
        Check.Size(n, 4, nameof(n));
        if (Check.NotNegative(chiSquared, nameof(chiSquared)) >= n)
        {
            throw ArgumentFault.OutOfRange(nameof(chiSquared), chiSquared,
                "chi² with 1 degree of freedom is below the sample size.");
        }
        return As(Sign.Of(direction) * Math.Sqrt(chiSquared / n), n, measure,
            "r taken as the phi coefficient, √(chi²/n): a lower bound of the correlation of what was dichotomized.");
    }

    /// <summary>
    /// From the p-value of a t-test, a correlation or an F(1, n - 2): back to t, then to r. When not to use it: with p &lt; .05
    /// or n.s. instead of a number; the limit gives an effect that is only known to be larger, or smaller.
    /// </summary>
    /// <remarks>
    /// $$r = \frac{t}{\sqrt{t^2 + n - 2}}, \qquad t = \pm t_{1 - p/2;\,n - 2}$$
    /// with $1 - p$ in place of $1 - p/2$ for a one-sided $p$.
    /// </remarks>
    /// <inheritdoc cref="T"/>
    /// <param name="p">The p-value, above 0.</param>
    /// <param name="n">The sample size, at least 4.</param>
    /// <param name="direction">The sign of the effect; for a one-sided test that of the hypothesis.</param>
    /// <param name="tails">Two-sided or one-sided.</param>
    /// <param name="measure">Fisher's z if not said.</param>
    public static EffectSize PValue(double p, double n, EffectDirection direction, Tails tails = Tails.Two,
        EffectMeasure? measure = null)
    {
        Check.Size(n, 4, nameof(n));
        return T(Sign.TOfP(p, n - 2, direction, tails), n, measure) with
        {
            Note = $"r from a {(tails == Tails.Two ? "two" : "one")}-sided p of a t-test with n - 2 degrees of freedom; a rounded p makes it inexact.",
        };
    }

    /// <summary>From a standard normal test statistic, for example of a rank test: r = z/√n. Source: Rosenthal (1991).</summary>
    /// <remarks>$$r = \frac{z}{\sqrt{n}}$$</remarks>
    /// <inheritdoc cref="T"/>
    /// <param name="z">The z-value of the test (not Fisher's z), below √n in size.</param>
    /// <param name="n">The sample size, at least 4.</param>
    /// <param name="measure">Fisher's z if not said.</param>
    public static EffectSize Z(double z, double n, EffectMeasure? measure = null)
    {
        Check.Size(n, 4, nameof(n));
        if (Check.Finite(z, nameof(z)) * z >= n)
            throw ArgumentFault.OutOfRange(nameof(z), z, "z must be smaller than the root of the sample size.");
        return As(z / Math.Sqrt(n), n, measure, "r = z/√n from a normal test statistic: an approximation for large samples.");
    }

    /// <summary>
    /// From eta² (or R², or partial eta²) with one degree of freedom: r = ±√η². When not to use it: for effects with more degrees
    /// of freedom, which have no one direction.
    /// </summary>
    /// <remarks>$$r = \pm\sqrt{\eta^2}$$</remarks>
    /// <inheritdoc cref="T"/>
    /// <param name="etaSquared">η² as a fraction in [0, 1).</param>
    /// <param name="n">The sample size, at least 4.</param>
    /// <param name="direction">The sign, which η² does not have.</param>
    /// <param name="measure">Fisher's z if not said.</param>
    public static EffectSize EtaSquared(double etaSquared, double n, EffectDirection direction, EffectMeasure? measure = null)
    {
        Check.Size(n, 4, nameof(n));
        return As(Sign.Of(direction) * Math.Sqrt(CheckEta(etaSquared)), n, measure,
            "r as the root of eta² with one degree of freedom, sign as coded (exact when eta² is not partial).");
    }

    /// <summary>
    /// From a regression coefficient and its standard error: t = b/SE. With one predictor this is the correlation; with more it
    /// is the partial correlation, and the result says so by its measure. Source: Aloe &amp; Thompson (2013).
    /// </summary>
    /// <remarks>$$r = \frac{t}{\sqrt{t^2 + n - m - 1}}, \qquad t = \frac{b}{\mathrm{SE}(b)}$$</remarks>
    /// <param name="coefficient">The coefficient b, standardized or not.</param>
    /// <param name="standardError">Its standard error, positive.</param>
    /// <param name="n">The sample size.</param>
    /// <param name="predictors">How many predictors the model has, this one counted.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static EffectSize Regression(double coefficient, double standardError, double n, int predictors = 1)
    {
        var t = Check.Finite(coefficient, nameof(coefficient)) / Check.Positive(standardError, nameof(standardError));
        return predictors == 1
            ? T(t, n) with { Note = "r from a slope and its standard error, simple regression (exact)." }
            : PartialCorrelations.PartialFisherZ(t, n, predictors) with
            {
                Note = string.Create(CultureInfo.InvariantCulture,
                    $"Partial correlation, {predictors - 1} other predictors held constant; not the same quantity as a correlation."),
            };
    }

    /// <summary>
    /// From a standardized coefficient of a multiple regression, where nothing else is reported: r ≈ 0.98β + 0.05λ, λ = 1 for β ≥
    /// 0 and 0 below. Source: Peterson &amp; Brown (2005), Journal of Applied Psychology 90, 175-181, for |β| ≤ .5. When not to
    /// use it: if it can be avoided; the rule was fitted to one collection of studies and hides how the covariates act (Roth, Le,
    /// Oh, Van Iddekinge &amp; Bobko 2018). Show the result without these studies too.
    /// </summary>
    /// <remarks>$$r \approx 0.98\beta + 0.05\lambda, \qquad \lambda = 1 \text{ for } \beta \ge 0, \text{ else } 0$$</remarks>
    /// <inheritdoc cref="T"/>
    /// <param name="beta">The standardized coefficient, in [-.5, .5].</param>
    /// <param name="n">The sample size, at least 4.</param>
    /// <param name="measure">Fisher's z if not said.</param>
    public static EffectSize StandardizedBeta(double beta, double n, EffectMeasure? measure = null) => beta is >= -0.5 and <= 0.5
        ? As(0.98 * beta + (beta >= 0 ? 0.05 : 0), n, measure,
            "r imputed from a standardized coefficient, 0.98β + 0.05λ (Peterson & Brown 2005): a rough rule.")
        : throw ArgumentFault.OutOfRange(nameof(beta), beta,
            "The rule of Peterson and Brown holds for coefficients between -.5 and .5.");

    internal static double CheckEta(double etaSquared) => etaSquared is >= 0 and < 1
        ? etaSquared
        : throw ArgumentFault.OutOfRange(nameof(etaSquared), etaSquared, "eta² is a fraction, at least 0 and below 1.");

    private static EffectSize As(double r, double n, EffectMeasure? measure, string note)
    {
        var effect = (measure ?? EffectMeasure.FisherZ) switch
        {
            { Code: "ZCOR" } => Correlations.FisherZ(r, n),
            { Code: "COR" } => Correlations.Raw(r, n),
            { Code: "UCOR" } => Correlations.BiasCorrected(r, n),
            var other => throw ArgumentFault.Together($"{other.Code} is not a measure of a simple correlation: use ZCOR, COR or UCOR.", nameof(measure)),
        };
        return effect with { Note = note };
    }
}
