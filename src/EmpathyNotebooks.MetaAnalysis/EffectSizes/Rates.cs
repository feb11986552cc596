namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Effect sizes from counts of events x over person-time t, in one group or two. Events are taken to follow a Poisson process.
/// When not to use them: where the same people have many events and their number scatters more than Poisson; the variances are
/// then too small.
/// </summary>
/// <example><code>
/// Console.WriteLine(Rates.LogRateRatio(x1: 7, t1: 1344, x2: 11, t2: 1988));
/// </code></example>
public static class Rates
{
    /// <summary>
    /// The log incidence rate ratio ln((x1/t1)/(x2/t2)) with variance 1/x1 + 1/x2 (metafor's IRR). Source: Rothman, Greenland
    /// &amp; Lash (2008), Modern Epidemiology, ch. 14.
    /// When not to use it: with very few events, where a model of the counts themselves is better.
    /// </summary>
    /// <remarks>$$y = \ln\frac{x_1/t_1}{x_2/t_2}, \qquad v = \frac{1}{x_1} + \frac{1}{x_2}$$</remarks>
    /// <param name="x1">Events in the first group, 0 or more.</param>
    /// <param name="t1">Its person-time, positive, in the unit of the second.</param>
    /// <param name="x2">Events in the second group.</param>
    /// <param name="t2">Its person-time.</param>
    /// <param name="zeroCells">What to do with no events; <see cref="ZeroCells.Keep"/> if not said.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range, or there are no events and no rule says what
    /// to do.</exception>
    public static EffectSize LogRateRatio(double x1, double t1, double x2, double t2, ZeroCells? zeroCells = null)
    {
        var (e1, e2, note) = Events(x1, t1, x2, t2, zeroCells);
        if (e1 == 0) throw NoEvents(nameof(x1), x1);
        if (e2 == 0) throw NoEvents(nameof(x2), x2);
        return EffectSize.Of(Math.Log(e1 / t1) - Math.Log(e2 / t2), 1 / e1 + 1 / e2, EffectMeasure.RateRatio, note);
    }

    /// <summary>
    /// The incidence rate difference x1/t1 - x2/t2 with variance x1/t1² + x2/t2² (metafor's IRD). Source: Rothman et al. (2008),
    /// ch. 14.
    /// When not to use it: pooled over studies with very different base rates.
    /// </summary>
    /// <remarks>$$y = \frac{x_1}{t_1} - \frac{x_2}{t_2}, \qquad v = \frac{x_1}{t_1^2} + \frac{x_2}{t_2^2}$$</remarks>
    /// <inheritdoc cref="LogRateRatio"/>
    public static EffectSize RateDifference(double x1, double t1, double x2, double t2, ZeroCells? zeroCells = null)
    {
        var (e1, e2, note) = Events(x1, t1, x2, t2, zeroCells);
        if (e1 == 0 && e2 == 0) throw NoEvents(nameof(x1), x1);
        return EffectSize.Of(e1 / t1 - e2 / t2, e1 / (t1 * t1) + e2 / (t2 * t2), EffectMeasure.RateDifference, note);
    }

    /// <summary>
    /// √(x1/t1) - √(x2/t2) with variance 1/(4t1) + 1/(4t2), defined with no events too (metafor's IRSD).
    /// Source: Bartlett (1936), Supplement to the JRSS 3, 68-78. When not to use it: to tell a reader the size of an effect; it has no way back to a difference of rates.
    /// </summary>
    /// <remarks>$$y = \sqrt{\frac{x_1}{t_1}} - \sqrt{\frac{x_2}{t_2}}, \qquad v = \frac{1}{4t_1} + \frac{1}{4t_2}$$</remarks>
    /// <param name="x1">Events in the first group, 0 or more.</param>
    /// <param name="t1">Its person-time, positive, in the unit of the second.</param>
    /// <param name="x2">Events in the second group.</param>
    /// <param name="t2">Its person-time.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static EffectSize SquareRootRateDifference(double x1, double t1, double x2, double t2)
    {
        var (e1, e2, _) = Events(x1, t1, x2, t2, null);
        return EffectSize.Of(Math.Sqrt(e1 / t1) - Math.Sqrt(e2 / t2), 1 / (4 * t1) + 1 / (4 * t2),
            EffectMeasure.RateDifferenceSquareRoot);
    }

    /// <summary>
    /// The incidence rate x/t with variance x/t² (metafor's IR).
    /// Source: Rothman et al. (2008). When not to use it: with few events, where the interval goes below 0.
    /// </summary>
    /// <remarks>$$y = \frac{x}{t}, \qquad v = \frac{x}{t^2}$$</remarks>
    /// <param name="x">Events, 0 or more.</param>
    /// <param name="t">Person-time, positive.</param>
    /// <param name="zeroCells">What to do with no events; <see cref="ZeroCells.Keep"/> if not said.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range, or there are no events and no rule says what
    /// to do.</exception>
    public static EffectSize Raw(double x, double t, ZeroCells? zeroCells = null)
    {
        var (e, note) = Events(x, t, zeroCells);
        if (e == 0) throw NoEvents(nameof(x), x);
        return EffectSize.Of(e / t, e / (t * t), EffectMeasure.Rate, note);
    }

    /// <summary>
    /// ln(x/t) with variance 1/x (metafor's IRLN).
    /// Source: Rothman et al. (2008), ch. 14. When not to use it: with no events in many groups.
    /// </summary>
    /// <remarks>$$y = \ln\frac{x}{t}, \qquad v = \frac{1}{x}$$</remarks>
    /// <inheritdoc cref="Raw"/>
    public static EffectSize Log(double x, double t, ZeroCells? zeroCells = null)
    {
        var (e, note) = Events(x, t, zeroCells);
        if (e == 0) throw NoEvents(nameof(x), x);
        return EffectSize.Of(Math.Log(e / t), 1 / e, EffectMeasure.RateLog, note);
    }

    /// <summary>
    /// √(x/t) with variance 1/(4t), defined with no events too (metafor's IRS).
    /// Source: Bartlett (1936). When not to use it: where ratios of rates matter; see <see cref="Log"/>.
    /// </summary>
    /// <remarks>$$y = \sqrt{x/t}, \qquad v = \frac{1}{4t}$$</remarks>
    /// <param name="x">Events, 0 or more.</param>
    /// <param name="t">Person-time, positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static EffectSize SquareRoot(double x, double t)
    {
        var (e, _) = Events(x, t, null);
        return EffectSize.Of(Math.Sqrt(e / t), 1 / (4 * t), EffectMeasure.RateSquareRoot);
    }

    /// <summary>
    /// ½(√(x/t) + √((x + 1)/t)) with variance 1/(4t) (metafor's IRFT). Source: Freeman &amp; Tukey (1950), Annals of Mathematical
    /// Statistics 21, 607-611.
    /// When not to use it: with person-times that differ much; its way back needs one of them.
    /// </summary>
    /// <remarks>$$y = \frac{1}{2}\left(\sqrt{x/t} + \sqrt{(x + 1)/t}\right), \qquad v = \frac{1}{4t}$$</remarks>
    /// <inheritdoc cref="SquareRoot"/>
    public static EffectSize FreemanTukey(double x, double t)
    {
        var (e, _) = Events(x, t, null);
        return EffectSize.Of(MeanRoot(e, t), 1 / (4 * t), EffectMeasure.RateFreemanTukey.ForSize(t));
    }

    /// <summary>The rate of a Freeman-Tukey value for one person-time: (y - 1/(4ty))².</summary>
    /// <remarks>$$\frac{x}{t} = \left(y - \frac{1}{4ty}\right)^2$$</remarks>
    /// <param name="y">The Freeman-Tukey value.</param>
    /// <param name="t">Person-time, positive.</param>
    /// <returns>The rate; 0 where y lies below what no events give.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static double FromFreemanTukey(double y, double t)
    {
        Check.Finite(y, nameof(y));
        Check.Positive(t, nameof(t));
        return InverseFreemanTukey(y, t);
    }

    internal static double MeanRoot(double x, double t) => (Math.Sqrt(x / t) + Math.Sqrt((x + 1) / t)) / 2;

    internal static double InverseFreemanTukey(double y, double t)
    {
        if (y <= MeanRoot(0, t)) return 0;
        // With a = √x and b = √(x + 1): a + b = 2y√t and (b - a)(b + a) = 1, which gives a.
        var root = y - 1 / (4 * t * y);
        return root * root;
    }

    private static (double First, double Second, string? Note) Events(double x1, double t1, double x2, double t2,
        ZeroCells? zeroCells)
    {
        Check.NotNegative(x1, nameof(x1));
        Check.NotNegative(x2, nameof(x2));
        Check.Positive(t1, nameof(t1));
        Check.Positive(t2, nameof(t2));
        var add = (zeroCells ?? ZeroCells.Keep).AmountFor(x1, x2);
        return (x1 + add, x2 + add, ZeroCells.NoteFor(add, "the events of both groups"));
    }

    private static (double Events, string? Note) Events(double x, double t, ZeroCells? zeroCells)
    {
        Check.NotNegative(x, nameof(x));
        Check.Positive(t, nameof(t));
        var add = (zeroCells ?? ZeroCells.Keep).AmountFor(x);
        return (x + add, ZeroCells.NoteFor(add, "the events"));
    }

    private static ArgumentOutOfRangeException NoEvents(string name, double value) => ZeroCells.Undefined(
        "There are no events, so that this measure or its variance is not defined", text => new ArgumentOutOfRangeException(name, value, text), "the square-root transformation");
}
