namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Which distribution a reported test statistic has where there is no effect.</summary>
public enum TestStatisticKind
{
    /// <summary>Standard normal, two-sided.</summary>
    Z,

    /// <summary>Student's t, two-sided.</summary>
    T,

    /// <summary>Fisher's F.</summary>
    F,

    /// <summary>Chi-squared.</summary>
    ChiSquared,
}

/// <summary>
/// A test of significance as a study reports it, for <see cref="PCurve"/>: the statistic with its degrees of freedom. With them the distribution that the statistic has under an effect of some size is
/// known, so that a p-curve of reported tests needs no normal approximation. The two-sided test only: signs are dropped.
/// </summary>
/// <example><code>
/// TestStatistic[] tests = [TestStatistic.T(2.31, 45), TestStatistic.F(6.4, 1, 88), TestStatistic.ChiSquared(9.2, 1), TestStatistic.Z(2.8), TestStatistic.Correlation(0.41, 40)];
/// foreach (var test in tests) Console.WriteLine($"{test} is of the kind {test.Kind}"); // t(45) = 2.31, p = .026 is of the kind T ...
/// Console.WriteLine(tests.Count(test =&gt; test.Kind == TestStatisticKind.T));
/// </code></example>
public readonly record struct TestStatistic
{
    private TestStatistic(TestStatisticKind kind, double value, double numerator, double denominator)
    {
        Kind = kind;
        Value = value;
        NumeratorDegreesOfFreedom = numerator;
        DegreesOfFreedom = denominator;
    }

    /// <summary>The distribution.</summary>
    public TestStatisticKind Kind { get; }

    /// <summary>The statistic: z and t without their sign, F, or χ².</summary>
    public double Value { get; }

    /// <summary>Degrees of freedom of χ² and of the numerator of F; 1 for z and t, whose squares are those.</summary>
    public double NumeratorDegreesOfFreedom { get; }

    /// <summary>Degrees of freedom of t and of the denominator of F; endless for z and χ².</summary>
    public double DegreesOfFreedom { get; }

    /// <summary>The two-sided p-value, in [0, 1].</summary>
    public double PValue => Kind switch
    {
        TestStatisticKind.Z => Distributions.NormalTwoSided(Value),
        TestStatisticKind.T => Distributions.StudentTwoSided(Value, DegreesOfFreedom),
        TestStatisticKind.F => Distributions.FUpper(Value, NumeratorDegreesOfFreedom, DegreesOfFreedom),
        _ => Distributions.ChiSquaredUpper(Value, NumeratorDegreesOfFreedom),
    };

    /// <summary>The statistic on the scale of F or χ²: z and t squared.</summary>
    internal double Squared => Kind is TestStatisticKind.Z or TestStatisticKind.T ? Value * Value : Value;

    /// <summary>A z statistic.</summary>
    /// <param name="z">Finite; its sign is dropped.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not finite.</exception>
    public static TestStatistic Z(double z) => new(TestStatisticKind.Z, Math.Abs(Finite(z, nameof(z))), 1, double.PositiveInfinity);

    /// <summary>A t statistic.</summary>
    /// <param name="t">Finite; its sign is dropped.</param>
    /// <param name="degreesOfFreedom">Positive and finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not in its range.</exception>
    public static TestStatistic T(double t, double degreesOfFreedom) =>
        new(TestStatisticKind.T, Math.Abs(Finite(t, nameof(t))), 1, Positive(degreesOfFreedom, nameof(degreesOfFreedom)));

    /// <summary>An F statistic.</summary>
    /// <param name="f">Finite, 0 or more.</param>
    /// <param name="numerator">Degrees of freedom of the numerator, positive and finite.</param>
    /// <param name="denominator">Degrees of freedom of the denominator, positive and finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not in its range.</exception>
    public static TestStatistic F(double f, double numerator, double denominator) =>
        new(TestStatisticKind.F, NotNegative(f, nameof(f)), Positive(numerator, nameof(numerator)), Positive(denominator, nameof(denominator)));

    /// <summary>A χ² statistic.</summary>
    /// <param name="chiSquared">Finite, 0 or more.</param>
    /// <param name="degreesOfFreedom">Positive and finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not in its range.</exception>
    public static TestStatistic ChiSquared(double chiSquared, double degreesOfFreedom) =>
        new(TestStatisticKind.ChiSquared, NotNegative(chiSquared, nameof(chiSquared)), Positive(degreesOfFreedom, nameof(degreesOfFreedom)), double.PositiveInfinity);

    /// <summary>The t test of a correlation, t = r√(df/(1 - r²)).</summary>
    /// <param name="r">The correlation, in (-1, 1).</param>
    /// <param name="degreesOfFreedom">n - 2, positive and finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not in its range.</exception>
    public static TestStatistic Correlation(double r, double degreesOfFreedom) => r is > -1 and < 1
        ? T(r * Math.Sqrt(Positive(degreesOfFreedom, nameof(degreesOfFreedom)) / ((1 - r) * (1 + r))), degreesOfFreedom)
        : throw new ArgumentOutOfRangeException(nameof(r), r, "A correlation lies between -1 and 1, both excluded.");

    /// <summary>The statistic as papers print it, for example <c>t(45) = 2.31, p = .026</c>.</summary>
    public override string ToString()
    {
        var name = Kind switch
        {
            TestStatisticKind.Z => "z",
            TestStatisticKind.T => $"t({StatisticText.DegreesOfFreedom(DegreesOfFreedom)})",
            TestStatisticKind.F => $"F({StatisticText.DegreesOfFreedom(NumeratorDegreesOfFreedom)}, {StatisticText.DegreesOfFreedom(DegreesOfFreedom)})",
            _ => $"χ²({StatisticText.DegreesOfFreedom(NumeratorDegreesOfFreedom)})",
        };
        return $"{name} = {StatisticText.Number(Value)}, {StatisticText.PValueWithSymbol(PValue)}";
    }

    private static double Finite(double value, string name) => double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "A test statistic is finite.");

    private static double NotNegative(double value, string name) => value >= 0 && double.IsFinite(value) ? value
        : throw new ArgumentOutOfRangeException(name, value, "F and χ² are finite and not negative.");

    private static double Positive(double value, string name) => value > 0 && double.IsFinite(value) ? value
        : throw new ArgumentOutOfRangeException(name, value, "Degrees of freedom are positive and finite.");
}
