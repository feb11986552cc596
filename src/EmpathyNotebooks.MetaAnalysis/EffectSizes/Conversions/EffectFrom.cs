using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// An effect of any measure from its reported estimate with a confidence interval, a standard error or a p-value.
/// </summary>
/// <example><code>
/// Console.WriteLine(EffectFrom.Interval(2.1, 1.3, 3.4, EffectMeasure.OddsRatio)); // ln(OR) with its variance
/// </code></example>
public static class EffectFrom
{
    /// <summary>
    /// From an estimate and its confidence interval on the scale shown, for example OR 2.1 [1.3, 3.4]: v = ((upper -
    /// lower)/(2z))² on the pooled scale. An interval that does not lie evenly around the estimate there is named in the note.
    /// Source: Cochrane Handbook 6.3.1 and 6.3.2.
    /// </summary>
    /// <remarks>
    /// $$v = \left(\frac{u - l}{2z_{1 - \alpha/2}}\right)^2$$
    /// with the limits $l$ and $u$ on the pooled scale.
    /// </remarks>
    /// <param name="estimate">The estimate as reported: the ratio itself, not its logarithm; r, not z.</param>
    /// <param name="lower">The lower limit, on the same scale.</param>
    /// <param name="upper">The upper limit.</param>
    /// <param name="measure">What it measures.</param>
    /// <param name="level">The level of the interval, 0.95 if not said.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside the range of the measure, or the limits do not enclose
    /// the estimate.</exception>
    public static EffectSize Interval(double estimate, double lower, double upper, EffectMeasure measure, double level = 0.95)
    {
        double y = Pooled(estimate, measure, nameof(estimate)), l = Pooled(lower, measure, nameof(lower)),
            u = Pooled(upper, measure, nameof(upper));
        if (!(l < u))
            throw ArgumentFault.OutOfRange(nameof(upper), upper, "The upper limit must lie above the lower one.");
        if (y < l || y > u)
            throw ArgumentFault.OutOfRange(nameof(estimate), estimate, "The interval does not enclose the estimate.");
        var half = (u - l) / 2;
        var se = half / Distributions.NormalQuantile(Level.UpperTail(level));
        var lean = Math.Abs(u + l - 2 * y) / half;
        return EffectSize.Of(y, se * se, measure,
            "Variance from a confidence interval, taken as made with the normal distribution on the pooled scale."
            + (lean > 0.1 ? string.Create(CultureInfo.InvariantCulture,
                $" The interval is not even around the estimate there ({100 * lean:F0}% of its half-width): check the numbers, or the scale.") : ""));
    }

    /// <summary>
    /// From an estimate on the scale shown and its standard error on the pooled scale (of the logarithm, for a ratio).
    /// </summary>
    /// <remarks>$$v = \mathrm{SE}^2$$</remarks>
    /// <param name="estimate">The estimate as reported: the ratio itself, not its logarithm; r, not z.</param>
    /// <param name="standardError">The standard error on the pooled scale, positive.</param>
    /// <param name="measure">What it measures.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static EffectSize StandardError(double estimate, double standardError, EffectMeasure measure)
    {
        Check.Positive(standardError, nameof(standardError));
        return EffectSize.Of(Pooled(estimate, measure, nameof(estimate)), standardError * standardError, measure);
    }

    /// <summary>
    /// From an estimate and the two-sided p of its normal (Wald) test: SE = |y|/z on the pooled scale. When not to use it: near
    /// no effect, where a rounded p says little.
    /// </summary>
    /// <remarks>$$v = \left(\frac{y}{z_{1 - p/2}}\right)^2$$</remarks>
    /// <param name="estimate">The estimate as reported, not the null value.</param>
    /// <param name="p">The two-sided p, above 0 and below 1.</param>
    /// <param name="measure">What it measures.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static EffectSize PValue(double estimate, double p, EffectMeasure measure)
    {
        var y = Pooled(estimate, measure, nameof(estimate));
        if (y == 0) throw ArgumentFault.OutOfRange(nameof(estimate), estimate,
            "From no effect at all and its p-value no standard error follows.");
        if (Check.PValue(p, nameof(p)) == 1)
            throw ArgumentFault.OutOfRange(nameof(p), p, "p = 1 belongs to no effect at all.");
        var se = Math.Abs(y / NormalCurve.Quantile(p / 2));
        return EffectSize.Of(y, se * se, measure, "Variance from a two-sided p of a normal test; a rounded p makes it inexact.");
    }

    private static double Pooled(double value, EffectMeasure measure, string name)
    {
        ArgumentNullException.ThrowIfNull(measure);
        Check.Finite(value, name);
        var y = value < measure.DisplayMinimum || value > measure.DisplayMaximum ? double.NaN : measure.FromDisplay(value);
        return double.IsFinite(y)
            ? y
            : throw ArgumentFault.OutOfRange(name, value,
                $"It is not a value of {measure.Symbol} with a finite {measure.AnalysisSymbol}.");
    }
}
