using MathNet.Numerics;
using MathNet.Numerics.Integration;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The interval of Henmi &amp; Copas (2010), Statistics in Medicine 29, 2969-2983, around the equal-effects estimate Σ(y/v)/Σ(1/v). That estimate gives small
/// studies, on which publication bias acts most, less weight than a random-effects one, and the interval allows for heterogeneity all the same;
/// metafor's hc(). When not to use it: where small studies are not suspect; the random-effects estimate is then more precise.
/// </summary>
/// <remarks>
/// $$\hat\theta = \frac{\sum_iw_iy_i}{\sum_iw_i}, \qquad \mathrm{SE}^2 = \frac{\sum_iw_i + \hat\tau^2\sum_iw_i^2}{(\sum_iw_i)^2}, \qquad w_i = \frac{1}{v_i}$$
/// with $\hat\tau^2$ of DerSimonian and Laird; the factor of SE in the interval allows for that estimate by the distribution of $Q$ given $\hat\theta$.
/// </remarks>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.010, 0.022, 0.015, 0.012], EffectMeasure.FisherZ);
/// Console.WriteLine(HenmiCopas.Fit(effects).ConfidenceInterval);
/// </code></example>
public sealed class HenmiCopas
{
    private HenmiCopas(StudyEffects effects, double estimate, double standardError, double tau2, ConfidenceInterval interval)
    {
        Effects = effects;
        Estimate = estimate;
        StandardError = standardError;
        TauSquared = tau2;
        ConfidenceInterval = interval;
    }

    /// <summary>The effects.</summary>
    public StudyEffects Effects { get; }

    /// <summary>The equal-effects estimate.</summary>
    public double Estimate { get; }

    /// <summary>Its standard error under heterogeneity, √((1 + tau² Σw²/Σw)/Σw) with w = 1/v.</summary>
    public double StandardError { get; }

    /// <summary>tau² by DerSimonian and Laird.</summary>
    public double TauSquared { get; }

    /// <summary>The confidence interval.</summary>
    public ConfidenceInterval ConfidenceInterval { get; }

    /// <summary>Computes estimate and interval.</summary>
    /// <param name="effects">Independent effects, at least two.</param>
    /// <param name="level">The level as a fraction in (0, 1).</param>
    /// <exception cref="InsufficientStudiesException">There are fewer than two effects.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The level is not in (0, 1).</exception>
    /// <exception cref="ConvergenceException">The limits were not found.</exception>
    public static HenmiCopas Fit(StudyEffects effects, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(effects);
        Level.Check(level);
        if (effects.Count < 2) throw new InsufficientStudiesException("The interval of Henmi and Copas", 2, effects.Count);
        var yi = effects.Effects.AsSpan();
        var vi = effects.Variances.AsSpan();
        double df = effects.Count - 1, skew = 0;
        var model = new InterceptSums(yi, vi);
        var tau2 = DerSimonianLaird.Estimate(ref model).Value;
        // That left the model at tau² = 0.
        var sums = model.Sums;
        // Moments of the weights, each over their sum.
        double m1 = sums.W1, m2 = sums.W2 / m1;
        foreach (var v in vi) skew += (1 / v - m2) * (1 / v - m2) / (v * v * m1);
        var inflation = 1 + tau2 * m2;
        var se = Math.Sqrt(inflation / m1);
        if (!double.IsFinite(se) || !double.IsFinite(sums.We2))
        {
            throw new ConvergenceException("The interval of Henmi and Copas", "the effects or variances are too large or too small for double precision", 0, NonConvergence.Precision);
        }

        var spread = sums.WeightSpread / m1;
        // Mean and variance of Q given that the estimate lies r of its equal-effects standard errors off.
        double MeanOfQ(double r) => df + tau2 * sums.TraceP + tau2 * tau2 * (r * r / (inflation * inflation) - 1 / inflation) * spread;
        double VarianceOfQ(double r)
        {
            var excess = r * r / (inflation * inflation) - 1 / inflation;
            return 2 * df + 4 * tau2 * sums.TraceP + 2 * tau2 * tau2 * sums.TracePP + 4 * tau2 * tau2 * excess * spread
                + 4 * tau2 * tau2 * tau2 * excess * skew
                + 2 * Math.Pow(tau2, 4) * (1 / (inflation * inflation) - 2 * r * r / (inflation * inflation * inflation)) * spread * spread;
        }
        // Pr(|estimate| beyond its limit and Q small enough for it), Q taken as a gamma variable.
        double Tail(double t)
        {
            // The bound of Q grows with (r/t)², so panels that double in width follow it; beyond r = 9 the normal density is nothing.
            double sum = 0;
            for (double from = t, to; from < 9; from = to)
            {
                to = Math.Min(2 * from, from + 1);
                sum += GaussLegendreRule.Integrate(r =>
                {
                    var bound = (m1 / m2 - 1) * (r * r / (t * t) - 1) + df;
                    double mean = MeanOfQ(Math.Sqrt(inflation) * r), variance = VarianceOfQ(Math.Sqrt(inflation) * r);
                    return SpecialFunctions.GammaLowerRegularized(mean * mean / variance, bound * mean / variance)
                        * Math.Exp(-0.5 * r * r) / Math.Sqrt(2 * Math.PI);
                }, from, to, 32);
            }
            return sum;
        }

        var target = (1 - level) / 2;
        var high = 1.0;
        while (Tail(high) > target) high *= 2;
        var low = high / 2;
        while (Tail(low) <= target && low > 1e-300) low /= 2;
        var half = Math.Sqrt(inflation) * Roots.Find(t => Tail(t) - target, low, high, "The interval of Henmi and Copas") * se;
        return new HenmiCopas(effects, sums.Mean, se, tau2, new ConfidenceInterval(sums.Mean - half, sums.Mean + half, level));
    }

    /// <summary>One line, for example <c>r = .12, 95% CI [.04, .21] (Henmi-Copas, k = 16)</c>.</summary>
    public override string ToString()
    {
        var measure = Effects.Measure;
        var shown = ConfidenceInterval.Transform(measure.ToDisplay);
        var text = $"{measure.Symbol} = {measure.Format(measure.ToDisplay(Estimate))}, {StatisticText.Level(shown.Level)} CI "
            + $"[{measure.Format(shown.Lower)}, {measure.Format(shown.Upper)}] (Henmi-Copas, k = {StatisticText.Count(Effects.Count)})";
        return Effects.Origin.IsSimulated ? text + " [simulated data]" : text;
    }
}
