namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Whether and how a standardized mean difference d is corrected for its bias in small samples: g = J(m)·d.</summary>
/// <example><code>
/// Console.WriteLine(MeanDifferences.FromD(0.58, n1: 41, n2: 41, correction: BiasCorrection.Approximate));
/// </code></example>
public enum BiasCorrection
{
    /// <summary>J(m) = Γ(m/2) / (√(m/2)·Γ((m - 1)/2)) (Hedges 1981). The default.</summary>
    Exact,

    /// <summary>
    /// J(m) ≈ 1 - 3/(4m - 1) (Hedges 1981; Borenstein et al. 2009, eq. 4.22), as most textbooks and RevMan compute.
    /// </summary>
    Approximate,

    /// <summary>No correction: Cohen's d. When not to use it: to pool small studies, d is too large in them.</summary>
    None,
}

/// <summary>The factor that removes the bias of d.</summary>
/// <example><code>
/// Console.WriteLine(SmallSample.Factor(degreesOfFreedom: 18));
/// </code></example>
public static class SmallSample
{
    /// <summary>The factor J(m), below 1 and near 1 for large m.</summary>
    /// <remarks>$$J(m) = \frac{\Gamma(m/2)}{\sqrt{m/2}\;\Gamma\bigl((m - 1)/2\bigr)} \approx 1 - \frac{3}{4m - 1}$$</remarks>
    /// <param name="degreesOfFreedom">m, the degrees of freedom of the standard deviation in the denominator; above 1.</param>
    /// <param name="correction">Which formula.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no more than one degree of freedom, or no such formula.</exception>
    public static double Factor(double degreesOfFreedom, BiasCorrection correction = BiasCorrection.Exact)
    {
        var m = degreesOfFreedom;
        if (!(m > 1) || !double.IsFinite(m))
        {
            throw ArgumentFault.OutOfRange(nameof(degreesOfFreedom), m,
                "The standard deviation must have more than one degree of freedom: there are too few people.");
        }
        return correction switch
        {
            BiasCorrection.Exact => GammaRatio((m - 1) / 2) / Math.Sqrt(m / 2),
            BiasCorrection.Approximate => 1 - 3 / (4 * m - 1),
            BiasCorrection.None => 1,
            _ => throw Check.Unknown(correction, nameof(correction)),
        };
    }

    /// <summary>Γ(x + ½)/Γ(x). A difference of two log Gammas would lose digits where both are large.</summary>
    private static double GammaRatio(double x)
    {
        double factor = 1;
        for (; x < 20; x++) factor *= x / (x + 0.5);
        var u = 1 / x;
        var u2 = u * u;
        var series = u * (-1.0 / 8 + u2 * (1.0 / 192 + u2 * (-1.0 / 640 + u2 * (17.0 / 14336 - u2 * 31.0 / 18432))));
        return factor * Math.Sqrt(x) * Math.Exp(series);
    }
}
