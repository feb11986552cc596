namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What to choose when two-by-two tables are pooled without weights by variance.</summary>
/// <example><code>
/// LabelledTable[] tables = [new("A", new TwoByTwo(0, 20, 5, 18)), new("B", new TwoByTwo(6, 300, 29, 274))];
/// Console.WriteLine(MantelHaenszel.RiskRatio(tables, new TwoByTwoOptions { ZeroCells = ZeroCells.Keep }).Warnings[0]);
/// </code></example>
public sealed record TwoByTwoOptions
{
    /// <summary>
    /// What is done with zeros in the effects of the single tables, from which Q and I² come; ½ is added where there is a zero,
    /// by default, as in metafor, and the fit's warnings name the tables. With <see cref="ZeroCells.Keep"/> tables whose effect
    /// is not defined are left out of Q, and named too. The pooled estimate itself always uses the counts as they are.
    /// </summary>
    public ZeroCells ZeroCells { get; init; } = ZeroCells.AddWhereZero();

    /// <summary>
    /// Whether Cochran and Mantel-Haenszel tests take ½ off (Mantel &amp; Haenszel 1959); true by default, as in metafor.
    /// </summary>
    public bool ContinuityCorrection { get; init; } = true;

    /// <summary>The level of all intervals as a fraction in (0, 1); 0.95 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The level is not in (0, 1).</exception>
    public double ConfidenceLevel
    {
        get;
        init => field = Level.Check(value, nameof(ConfidenceLevel));
    } = 0.95;
}

/// <summary>A test whose statistic follows chi² when its hypothesis is true.</summary>
/// <param name="Statistic">The statistic, 0 or more.</param>
/// <param name="DegreesOfFreedom">Its degrees of freedom.</param>
/// <param name="PValue">The upper tail of chi².</param>
/// <example><code>
/// LabelledTable[] tables = [new("A", new TwoByTwo(4, 119, 11, 128)), new("B", new TwoByTwo(6, 300, 29, 274))];
/// ChiSquaredTest? equal = MantelHaenszel.OddsRatio(tables).Tarone;
/// Console.WriteLine(equal);
/// </code></example>
public readonly record struct ChiSquaredTest(double Statistic, int DegreesOfFreedom, double PValue)
{
    internal static ChiSquaredTest Of(double statistic, int degreesOfFreedom) =>
        new(statistic, degreesOfFreedom, degreesOfFreedom == 0 ? 1 : Distributions.ChiSquaredUpper(statistic, degreesOfFreedom));

    /// <inheritdoc/>
    public override string ToString() =>
        $"χ²({StatisticText.Count(DegreesOfFreedom)}) = {StatisticText.Number(Statistic)}, {StatisticText.PValueWithSymbol(PValue)}";
}
