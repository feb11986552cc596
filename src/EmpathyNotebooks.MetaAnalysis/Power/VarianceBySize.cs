namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The sampling variance of an effect by the number of people of its study: what a plan must assume to speak of sizes.</summary>
/// <example><code>
/// Console.WriteLine(VarianceBySize.FisherZ.At(40));                                  // 1/37
/// Console.WriteLine(VarianceBySize.StandardizedMeanDifference(0.4).At(100));         // two groups of 50
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], EffectMeasure.MeanDifference, sampleSizes: [120, 50, 80]);
/// Console.WriteLine(VarianceBySize.Like(effects));                                   // 1.2/n, the median of these studies
/// </code></example>
public sealed class VarianceBySize
{
    private readonly Func<double, double> _variance;

    private VarianceBySize(string formula, double least, Func<double, double> variance)
    {
        (Formula, Least, _variance) = (formula, least, variance);
    }

    /// <summary>Fisher's z: 1/(n - 3), whatever the correlation (Fisher 1921, Metron 1, 3-32).</summary>
    /// <remarks>$$v(n) = \frac{1}{n - 3}$$</remarks>
    public static VarianceBySize FisherZ { get; } = new("1/(n − 3)", 4, n => 1 / (n - 3));

    /// <summary>The formula, as it is printed.</summary>
    public string Formula { get; }

    /// <summary>The smallest number of people that it holds for.</summary>
    public double Least { get; }

    /// <summary>The standardised mean difference of two groups of n/2: 4/n + d²/(2n) (Hedges &amp; Olkin 1985, Statistical Methods for Meta-Analysis, p. 86; Hedges &amp; Pigott 2001, Psychological Methods 6, 203-217).</summary>
    /// <remarks>$$v(n) = \frac{4}{n} + \frac{d^2}{2n}$$</remarks>
    /// <param name="d">The true difference in standard deviations, finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not finite.</exception>
    public static VarianceBySize StandardizedMeanDifference(double d) => double.IsFinite(d)
        ? new($"4/n + {StatisticText.Number(d, 2)}²/(2n)", 4, n => 4 / n + d * d / (2 * n))
        : throw new ArgumentOutOfRangeException(nameof(d), d, "A standardised mean difference is finite.");

    /// <summary>So much variance a person: c/n.</summary>
    /// <remarks>$$v(n) = \frac{c}{n}$$</remarks>
    /// <param name="c">Positive and finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not in its range.</exception>
    public static VarianceBySize PerPerson(double c) => c > 0 && double.IsFinite(c)
        ? new($"{StatisticText.Significant(c)}/n", 1, n => c / n)
        : throw new ArgumentOutOfRangeException(nameof(c), c, "The variance of one person is positive and finite.");

    /// <summary>
    /// Like the studies there are: 1/(n - 3) for Fisher's z; else c/n with the median of nv of the studies as c, which holds where the variance falls as 1/n, as of means, differences, log ratios of counts of the same base
    /// rate. Null where it takes sample sizes that are not known, neither as such nor as groups or cells of counts.
    /// </summary>
    /// <param name="effects">The effects, with sample sizes unless they are Fisher's z.</param>
    public static VarianceBySize? Like(StudyEffects effects)
    {
        ArgumentNullException.ThrowIfNull(effects);
        if (effects.Measure.Equals(EffectMeasure.FisherZ)) return FisherZ;
        return SizesOf(effects) is { Length: > 0 } sizes ? PerPerson(StudyPowers.Median([.. effects.Variances.Select((v, i) => v * sizes[i])])) : null;
    }

    /// <summary>How many people each study has: as given, or the sum of its groups or cells; null where neither is known.</summary>
    private static double[]? SizesOf(StudyEffects effects)
    {
        if (effects.HasSampleSizes) return [.. effects.SampleSizes.Select(n => (double)n)];
        foreach (string[] parts in (string[][])[["n1i", "n2i"], ["ai", "bi", "ci", "di"]])
        {
            StudyColumn[] columns = [.. parts.Select(name => effects.Ingredients.FirstOrDefault(c => c.Name == name)).OfType<StudyColumn>()];
            double[] sizes = [.. Enumerable.Range(0, effects.Count).Select(i => columns.Sum(c => c.Number(i) ?? double.NaN))];
            if (columns.Length == parts.Length && sizes.All(n => n > 0 && double.IsFinite(n))) return sizes;
        }
        return null;
    }

    /// <summary>The variance with so many people.</summary>
    /// <param name="people">All people of the study, at least <see cref="Least"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer people.</exception>
    public double At(double people) => people >= Least && double.IsFinite(people) ? _variance(people)
        : throw ArgumentFault.OutOfRange(nameof(people), people, $"The variance {Formula} takes at least {StatisticText.Count((long)Least)} people, and a finite number.");

    /// <inheritdoc/>
    public override string ToString() => "v = " + Formula;
}
