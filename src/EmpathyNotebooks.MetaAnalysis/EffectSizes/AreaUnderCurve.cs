namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>How the sampling variance of an area under the curve is estimated.</summary>
/// <example><code>
/// Console.WriteLine(AreaUnderCurve.Raw(0.74, 40, 60, AreaVariance.HanleyMcNeil).Variance);
/// </code></example>
public enum AreaVariance
{
    /// <summary>Newcombe's (2006) second modification, which depends little on the shape of the distributions (metafor's LS). The default.</summary>
    Newcombe,

    /// <summary>Hanley &amp; McNeil (1982), for exponential distributions (metafor's LS2, without ties).</summary>
    HanleyMcNeil,
}

/// <summary>
/// The area under the receiver operating characteristic: the probability that a random member of the first group scores higher than one of the second, .5 when the
/// groups do not differ (also the common-language effect size, Mann-Whitney's U/(n₁n₂)).
/// </summary>
/// <example><code>
/// Console.WriteLine(AreaUnderCurve.Raw(0.74, n1: 40, n2: 60));
/// </code></example>
public static class AreaUnderCurve
{
    /// <summary>
    /// The area A with Newcombe's variance A(1 - A)/((n₁ - 1)(n₂ - 1))·(2N - 1 - (3N - 3)/((2 - A)(1 + A))), N = (n₁ + n₂)/2, or Hanley and McNeil's (A(1 - A) + (n₁ - 1)(A/(2 - A) - A²) +
    /// (n₂ - 1)(2A²/(1 + A) - A²))/((n₁ - 1)(n₂ - 1)) (metafor's AUC and CLES). Source: Newcombe (2006), Statistics in Medicine 25, 559-573; Hanley &amp; McNeil (1982), Radiology
    /// 143, 29-36. When not to use it: near 0 or 1, where the interval leaves the possible range.
    /// </summary>
    /// <remarks>
    /// $$v = \frac{A(1 - A)}{(n_1 - 1)(n_2 - 1)}\,c, \qquad c = 2N - 1 - \frac{3N - 3}{(2 - A)(1 + A)}, \qquad N = \frac{n_1 + n_2}{2}$$
    /// or, by Hanley and McNeil,
    /// $$v = \frac{A(1 - A)}{(n_1 - 1)(n_2 - 1)} + \frac{q_1 - A^2}{n_2 - 1} + \frac{q_2 - A^2}{n_1 - 1}, \qquad q_1 = \frac{A}{2 - A}, \qquad q_2 = \frac{2A^2}{1 + A}$$
    /// </remarks>
    /// <param name="area">A, in (0, 1).</param>
    /// <param name="n1">The size of the first group, above 1.</param>
    /// <param name="n2">The size of the second group, above 1.</param>
    /// <param name="variance">Which formula of the variance.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static EffectSize Raw(double area, double n1, double n2, AreaVariance variance = AreaVariance.Newcombe)
    {
        if (area is not (> 0 and < 1))
        {
            throw ArgumentFault.OutOfRange(nameof(area), area, "An area under the curve lies between 0 and 1; at 0 and 1 it has no sampling variance.");
        }
        Check.Size(n1, 1.5, nameof(n1));
        Check.Size(n2, 1.5, nameof(n2));
        double rest = area * (1 - area), average = (n1 + n2) / 2;
        var v = variance switch
        {
            AreaVariance.Newcombe => rest * (2 * average - 1 - (3 * average - 3) / ((2 - area) * (1 + area))),
            AreaVariance.HanleyMcNeil => rest + (n1 - 1) * (area / (2 - area) - area * area) + (n2 - 1) * (2 * area * area / (1 + area) - area * area),
            _ => throw Check.Unknown(variance, nameof(variance)),
        };
        return EffectSize.Of(area, v / ((n1 - 1) * (n2 - 1)), EffectMeasure.AreaUnderCurve);
    }
}
