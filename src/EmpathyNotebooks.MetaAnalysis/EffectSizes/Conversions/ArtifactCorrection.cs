namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Corrects a correlation for what made it smaller than the relation of the constructs: measurement error and a restricted range.
/// The variance is corrected with it, so the result is less certain than what was observed. Source: Hunter &amp; Schmidt (2004),
/// Methods of Meta-Analysis, ch. 3; Thorndike (1949) case II. When not to use it: when the question is about the measures as used
/// in practice, or when reliabilities are guesses; report the uncorrected result too.
/// </summary>
/// <example><code>
/// EffectSize observed = Correlations.Raw(r: 0.30, n: 100);
/// Console.WriteLine(ArtifactCorrection.ForAttenuation(observed, predictorReliability: 0.8, outcomeReliability: 0.9));
/// </code></example>
public static class ArtifactCorrection
{
    /// <summary>
    /// For measurement error: r/√(rxx·ryy), variance v/(rxx·ryy). Source: Spearman (1904), American Journal of Psychology 15,
    /// 72-101; Hunter &amp; Schmidt (2004), ch. 3. The reliabilities are taken as known.
    /// </summary>
    /// <remarks>$$\rho = \frac{r}{\sqrt{r_{xx}r_{yy}}}, \qquad v_\rho = \frac{v}{r_{xx}r_{yy}}$$</remarks>
    /// <param name="correlation">A correlation (COR, UCOR, ZCOR, RPB or PHI) with its variance.</param>
    /// <param name="predictorReliability">rxx, the reliability of one variable, in (0, 1]; 1 leaves it uncorrected.</param>
    /// <param name="outcomeReliability">ryy, the reliability of the other.</param>
    /// <returns>The corrected correlation (COR), even above 1, which chance can bring.</returns>
    /// <exception cref="ArgumentException">The effect is not a correlation.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A reliability is not in (0, 1].</exception>
    public static EffectSize ForAttenuation(EffectSize correlation, double predictorReliability, double outcomeReliability)
    {
        var (r, v, note) = Correlation(correlation);
        var a = Math.Sqrt(Reliability(predictorReliability, nameof(predictorReliability))
            * Reliability(outcomeReliability, nameof(outcomeReliability)));
        return EffectSize.Of(r / a, v / (a * a), EffectMeasure.Correlation,
            Join(note, Exceeding(r / a, "Corrected for attenuation; the reliabilities are taken as known.")));
    }

    /// <summary>
    /// For direct restriction of range on the predictor: with U = SD unrestricted/SD restricted, r·U/√(1 + r²(U² - 1)); variance
    /// v·(U/(1 + r²(U² - 1))^1.5)² by the delta method, which is the refined formula of Hunter and Schmidt. Source: Thorndike
    /// (1949), case II. When not to use it: for selection on a third variable that correlates with the predictor, the usual case
    /// outside experiments (Hunter, Schmidt &amp; Le 2006); it then corrects too little.
    /// </summary>
    /// <remarks>
    /// $$\rho = \frac{Ur}{\sqrt{1 + r^2(U^2 - 1)}}, \qquad v_\rho = v\left(\frac{U}{(1 + r^2(U^2 - 1))^{3/2}}\right)^2, \qquad U = \frac{1}{u}$$
    /// </remarks>
    /// <param name="correlation">A correlation (COR, UCOR, ZCOR, RPB or PHI) with its variance.</param>
    /// <param name="u">u, the standard deviation of the predictor in the sample over that in the population; below 1 for
    /// restriction, above 1 for enhancement.</param>
    /// <exception cref="ArgumentException">The effect is not a correlation.</exception>
    /// <exception cref="ArgumentOutOfRangeException">u is not positive, or the correlation is not in [-1, 1].</exception>
    public static EffectSize ForRangeRestriction(EffectSize correlation, double u)
    {
        var (r, v, note) = Correlation(correlation);
        var (corrected, slope) = CaseTwo(r, Check.Positive(u, nameof(u)));
        return EffectSize.Of(corrected, v * slope * slope, EffectMeasure.Correlation,
            Join(note, "Corrected for direct range restriction (Thorndike case II); u is taken as known."));
    }

    /// <summary>
    /// For all three in the order that direct restriction asks for: outcome reliability (of the restricted sample), range,
    /// predictor reliability (of the unrestricted population). The variance goes through all steps (compound variance). Source:
    /// Hunter &amp; Schmidt (2004), ch. 3; Stauffer &amp; Mendoza (2001), Personnel Psychology 54, 63-76.
    /// </summary>
    /// <remarks>
    /// $$\rho = \frac{1}{\sqrt{r_{xx}}}\cdot\frac{Ur_1}{\sqrt{1 + r_1^2(U^2 - 1)}}, \qquad r_1 = \frac{r}{\sqrt{r_{yy}}}, \quad U = \frac{1}{u}$$
    /// $$v_\rho = \frac{v}{r_{xx}r_{yy}}\left(\frac{U}{(1 + r_1^2(U^2 - 1))^{3/2}}\right)^2$$
    /// </remarks>
    /// <param name="correlation">A correlation (COR, UCOR, ZCOR, RPB or PHI) with its variance.</param>
    /// <param name="predictorReliability">rxx in the unrestricted population, in (0, 1]; see
    /// <see cref="UnrestrictedReliability"/>.</param>
    /// <param name="outcomeReliability">ryy in the sample, in (0, 1].</param>
    /// <param name="u">SD of the predictor in the sample over that in the population; 1 for no restriction.</param>
    /// <exception cref="ArgumentException">The effect is not a correlation.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range, or the correlation corrected for outcome error
    /// exceeds 1.</exception>
    public static EffectSize ForAll(EffectSize correlation, double predictorReliability, double outcomeReliability, double u)
    {
        var (r, v, note) = Correlation(correlation);
        double x = Math.Sqrt(Reliability(predictorReliability, nameof(predictorReliability))),
            y = Math.Sqrt(Reliability(outcomeReliability, nameof(outcomeReliability)));
        var (corrected, slope) = CaseTwo(r / y, Check.Positive(u, nameof(u)));
        var total = slope / (x * y);
        return EffectSize.Of(corrected / x, v * total * total, EffectMeasure.Correlation,
            Join(note, Exceeding(corrected / x,
                "Corrected for measurement error and direct range restriction; reliabilities and u are taken as known.")));
    }

    /// <summary>
    /// The reliability in the unrestricted population from that of a sample restricted directly: 1 - u²(1 - rxx). Source: Hunter
    /// &amp; Schmidt (2004), ch. 3.
    /// </summary>
    /// <remarks>$$r_{XX} = 1 - u^2(1 - r_{xx})$$</remarks>
    /// <param name="restrictedReliability">The reliability in the sample, in (0, 1].</param>
    /// <param name="u">SD of the predictor in the sample over that in the population.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range, or the two do not fit together.</exception>
    public static double UnrestrictedReliability(double restrictedReliability, double u)
    {
        Reliability(restrictedReliability, nameof(restrictedReliability));
        var reliability = 1 - Check.Positive(u, nameof(u)) * u * (1 - restrictedReliability);
        return reliability > 0
            ? reliability
            : throw ArgumentFault.OutOfRange(nameof(u), u,
                "With so much more spread in the sample than in the population no reliability is left.");
    }

    private static (double Corrected, double Slope) CaseTwo(double r, double u)
    {
        if (r is not (>= -1 and <= 1))
        {
            throw ArgumentFault.OutOfRange(nameof(r), r,
                "The correlation to correct for range lies between -1 and 1; after correction for outcome error it may not.");
        }
        var inner = 1 + r * r * (1 / (u * u) - 1);
        return (r / u / Math.Sqrt(inner), 1 / u / (inner * Math.Sqrt(inner)));
    }

    private static (double R, double Variance, string? Note) Correlation(EffectSize effect)
    {
        if (effect.Measure?.Code is not ("COR" or "UCOR" or "ZCOR" or "RPB" or "PHI"))
        {
            throw ArgumentFault.Together($"Only a correlation (COR, UCOR, ZCOR, RPB, PHI) can be corrected for artifacts, not {effect.Measure?.Code}.", nameof(effect));
        }
        if (effect.Measure != EffectMeasure.FisherZ) return (effect.Value, effect.Variance, effect.Note);
        var raw = effect.ConvertTo(EffectMeasure.Correlation);
        return (raw.Value, raw.Variance, raw.Note);
    }

    private static double Reliability(double value, string name) => value is > 0 and <= 1
        ? value
        : throw ArgumentFault.OutOfRange(name, value, "A reliability lies above 0 and at most at 1.");

    private static string Exceeding(double r, string note) => Math.Abs(r) > 1
        ? note + " It exceeds 1: chance, or reliabilities that are too low."
        : note;

    private static string Join(string? note, string next) => note is null ? next : note + " " + next;
}
