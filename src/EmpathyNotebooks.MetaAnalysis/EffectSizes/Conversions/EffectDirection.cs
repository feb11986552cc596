namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The sign of an effect whose statistic has none, such as F, chi² or a two-sided p. The coder must read it from the paper.
/// </summary>
/// <example><code>
/// Console.WriteLine(MeanDifferenceFrom.F(4.84, n1: 30, n2: 28, EffectDirection.Positive));
/// </code></example>
public enum EffectDirection
{
    /// <summary>The effect is positive: the first group is higher, or both variables rise together.</summary>
    Positive = 1,

    /// <summary>The effect is negative.</summary>
    Negative = -1,
}

/// <summary>How many tails a p-value counts.</summary>
/// <example><code>
/// Console.WriteLine(CorrelationFrom.PValue(0.03, n: 45, EffectDirection.Positive, Tails.One));
/// </code></example>
public enum Tails
{
    /// <summary>Two, as nearly all papers report.</summary>
    Two,

    /// <summary>One, that of the stated direction; above .5 when the effect went the other way.</summary>
    One,
}

internal static class Sign
{
    public static double Of(EffectDirection direction) => direction is EffectDirection.Positive or EffectDirection.Negative
        ? (int)direction
        : throw Check.Unknown(direction, nameof(direction));

    /// <summary>The t with its sign from a p-value and a direction.</summary>
    public static double TOfP(double p, double degreesOfFreedom, EffectDirection direction, Tails tails)
    {
        var sign = Of(direction);
        return tails switch
        {
            Tails.Two => sign * ReportedTest.TOfP(p, degreesOfFreedom),
            Tails.One => Check.PValue(p, nameof(p)) <= 0.5
                ? sign * ReportedTest.TOfP(2 * p, degreesOfFreedom)
                : p < 1 ? -sign * ReportedTest.TOfP(2 * (1 - p), degreesOfFreedom)
                    : throw ArgumentFault.OutOfRange(nameof(p), p,
                        "A one-sided p of 1 would mean an infinite effect the other way."),
            _ => throw Check.Unknown(tails, nameof(tails)),
        };
    }
}
