namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>How the number of significant studies is compared with the number expected.</summary>
/// <example><code>
/// var fit = EqualEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38], [0.010, 0.022, 0.015, 0.012, 0.020], EffectMeasure.FisherZ));
/// foreach (var test in Enum.GetValues&lt;ExcessTest&gt;()) Console.WriteLine(fit.ExcessSignificance(new() { Test = test }));
/// </code></example>
public enum ExcessTest
{
    /// <summary>Exact up to a million combinations of significant studies, else by chi-squared, as metafor chooses: the default.</summary>
    Automatic,

    /// <summary>The distribution of the sum of independent events with the power of each study as its probability (Poisson binomial). Ours is summed study by study, so that any number of studies is feasible.</summary>
    /// <remarks>$$p = P\Bigl(\sum_iB_i \ge O\Bigr), \qquad B_i \sim \operatorname{Bernoulli}(\text{power}_i)$$</remarks>
    Exact,

    /// <summary>(O - E)²/E + (O - E)²/(k - E) with one degree of freedom, without correction for continuity (Ioannidis &amp; Trikalinos 2007).</summary>
    /// <remarks>$$\chi^2_1 = \frac{(O - E)^2}{E} + \frac{(O - E)^2}{k - E}$$</remarks>
    ChiSquared,

    /// <summary>The binomial distribution with the mean power in each study.</summary>
    /// <remarks>$$p = P(B \ge O), \qquad B \sim \operatorname{Bin}\!\left(k, \frac{E}{k}\right)$$</remarks>
    Binomial,
}

/// <summary>What to choose in a test of excess significance.</summary>
/// <example><code>
/// var fit = EqualEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38], [0.010, 0.022, 0.015, 0.012, 0.020], EffectMeasure.FisherZ));
/// var options = new ExcessSignificanceOptions { Significance = Alternative.Greater, Excess = Alternative.TwoSided, Test = ExcessTest.Exact };
/// Console.WriteLine(fit.ExcessSignificance(options));
/// </code></example>
public sealed record ExcessSignificanceOptions
{
    /// <summary>In which direction the studies tested their effects; two-sided by default. metafor: alternative.</summary>
    public Alternative Significance { get; init; } = Alternative.TwoSided;

    /// <summary>At which level, in (0, 1); 0.05 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not in (0, 1).</exception>
    public double Alpha
    {
        get;
        init => field = Fraction(value, nameof(Alpha));
    } = 0.05;

    /// <summary>What is tested: more significant studies than expected (greater, the default), fewer, or either. metafor: tes.alternative.</summary>
    public Alternative Excess { get; init; } = Alternative.Greater;

    /// <summary>How; <see cref="ExcessTest.Automatic"/> by default.</summary>
    public ExcessTest Test { get; init; } = ExcessTest.Automatic;

    /// <summary>The level at which the limits of the mean are sought, in (0, 1); 0.10 by default, since the test has little power. metafor: tes.alpha.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not in (0, 1).</exception>
    public double LimitAlpha
    {
        get;
        init => field = Fraction(value, nameof(LimitAlpha));
    } = 0.10;

    private static double Fraction(double value, string name) => value is > 0 and < 1 ? value
        : throw new ArgumentOutOfRangeException(name, value, "A level of significance lies between 0 and 1, both excluded; 0.05 is usual.");
}
