namespace EmpathyNotebooks.MetaAnalysis;

/// <remarks>The part on incidence rates.</remarks>
public static partial class MantelHaenszel
{
    /// <summary>
    /// The ratio of incidence rates Σ(x₁t₂/T)/Σ(x₂t₁/T) with the variance of its logarithm Σ(t₁t₂(x₁ + x₂)/T²)/(RS), R and S the two sums (metafor's
    /// <c>rma.mh(measure = "IRR")</c>), and the Mantel-Haenszel test of person-time. Source: Greenland &amp; Robins (1985), Biometrics 41, 55-68; Rothman, Greenland &amp;
    /// Lash (2008), ch. 15. When not to use it: where rates differ between studies beyond chance; look at Q.
    /// </summary>
    /// <remarks>
    /// $$\widehat{\mathrm{IRR}} = \frac{R}{S}, \qquad R = \sum_i\frac{x_{1i}t_{2i}}{T_i}, \quad S = \sum_i\frac{x_{2i}t_{1i}}{T_i}$$
    /// $$v = \frac{1}{RS}\sum_i\frac{t_{1i}t_{2i}(x_{1i} + x_{2i})}{T_i^2}$$
    /// the variance of the logarithm.
    /// </remarks>
    /// <param name="rates">The studies, at least one.</param>
    /// <param name="options">Zero cells in Q, continuity correction, level; the defaults if not said.</param>
    /// <exception cref="InsufficientStudiesException">There is no study.</exception>
    /// <exception cref="ArgumentException">One of the groups has no event in any study.</exception>
    public static TwoByTwoFit RateRatio(IReadOnlyList<LabelledRates> rates, TwoByTwoOptions? options = null)
    {
        options = ReadyRates(rates, options);
        double r = 0, s = 0, p = 0, observed = 0, expected = 0;
        var weights = new double[rates.Count];
        for (var i = 0; i < weights.Length; i++)
        {
            var x = rates[i];
            double total = x.Time1 + x.Time2, f1 = x.Time1 / total, f2 = x.Time2 / total, events = x.Events1 + x.Events2;
            r += x.Events1 * f2;
            s += weights[i] = x.Events2 * f1;
            p += f1 * f2 * events;
            observed += x.Events1;
            expected += events * f1;
        }
        if (r == 0 || s == 0) throw Undefined(EffectMeasure.RateRatio, "one of the groups has no event in any study");
        var estimate = Math.Log(r) - Math.Log(s);
        var heterogeneity = Heterogeneity(rates, estimate, options, Rates.LogRateRatio, x => x.Events1 + x.Events2 == 0);
        var corrected = Math.Max(0, Math.Abs(observed - expected) - (options.ContinuityCorrection ? 0.5 : 0));
        return new TwoByTwoFit(Name, EffectMeasure.RateRatio, [], options, estimate, Math.Sqrt(p / r / s), weights)
        {
            Rates = [.. rates], TableEffects = heterogeneity.Effects, Q = heterogeneity.Q, Warnings = heterogeneity.Warnings,
            CochranMantelHaenszel = ChiSquaredTest.Of(corrected * corrected / p, 1),
        };
    }

    /// <summary>
    /// The difference of incidence rates Σ(x₁t₂ - x₂t₁)/T over Σt₁t₂/T with variance Σ(t₁t₂/T)²(x₁/t₁² + x₂/t₂²) over the square of that (metafor's
    /// <c>rma.mh(measure = "IRD")</c>). Source: Greenland &amp; Robins (1985). When not to use it: pooled over studies with very different base rates.
    /// </summary>
    /// <remarks>
    /// $$\widehat{\mathrm{IRD}} = \frac{\sum_i(x_{1i}t_{2i} - x_{2i}t_{1i})/T_i}{W}, \qquad W = \sum_i\frac{t_{1i}t_{2i}}{T_i}$$
    /// $$v = \frac{1}{W^2}\sum_i\frac{t_{2i}^2x_{1i} + t_{1i}^2x_{2i}}{T_i^2}$$
    /// </remarks>
    /// <inheritdoc cref="RateRatio"/>
    public static TwoByTwoFit RateDifference(IReadOnlyList<LabelledRates> rates, TwoByTwoOptions? options = null)
    {
        options = ReadyRates(rates, options);
        double difference = 0, total = 0, variance = 0;
        var weights = new double[rates.Count];
        for (var i = 0; i < weights.Length; i++)
        {
            var x = rates[i];
            double time = x.Time1 + x.Time2, f1 = x.Time1 / time, f2 = x.Time2 / time;
            difference += x.Events1 * f2 - x.Events2 * f1;
            total += weights[i] = f1 * x.Time2;
            variance += f2 * f2 * x.Events1 + f1 * f1 * x.Events2;
        }
        if (variance == 0) throw Undefined(EffectMeasure.RateDifference, "there is no event in any study");
        var estimate = difference / total;
        var heterogeneity = Heterogeneity(rates, estimate, options, Rates.RateDifference, x => x.Events1 + x.Events2 == 0);
        return new TwoByTwoFit(Name, EffectMeasure.RateDifference, [], options, estimate, Math.Sqrt(variance) / total, weights)
        {
            Rates = [.. rates], TableEffects = heterogeneity.Effects, Q = heterogeneity.Q, Warnings = heterogeneity.Warnings,
        };
    }

    private static TwoByTwoOptions ReadyRates(IReadOnlyList<LabelledRates> rates, TwoByTwoOptions? options)
    {
        ArgumentNullException.ThrowIfNull(rates);
        if (rates.Count == 0) throw new InsufficientStudiesException($"The {Name} method", 1, 0);
        return options ?? new TwoByTwoOptions();
    }

    private static TableHeterogeneity Heterogeneity(IReadOnlyList<LabelledRates> rates, double estimate, TwoByTwoOptions options,
        Func<double, double, double, double, ZeroCells?, EffectSize> effect, Func<LabelledRates, bool> saysNothing) =>
        TableHeterogeneity.Of(rates.Count, i => rates[i].Label, i => rates[i].Events1 == 0 || rates[i].Events2 == 0, i => saysNothing(rates[i]),
            (i, zeros) => effect(rates[i].Events1, rates[i].Time1, rates[i].Events2, rates[i].Time2, zeros), estimate, options,
            "There are no events in either group, so these studies are not in Q");
}
