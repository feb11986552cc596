using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The studies that a plan counts on: the sampling variance of each, and how many effects each reports. A set of studies can be made larger or smaller (<see cref="WithCount"/>) with the mix of precisions it has.
/// </summary>
/// <example><code>
/// var alike = PlannedStudies.Alike(10, VarianceBySize.FisherZ.At(40));                // ten studies of 40 people that correlate two scores
/// var mixed = PlannedStudies.Of([0.02, 0.05, 0.10], effects: [1, 2, 4]);              // three studies, seven effects
/// Console.WriteLine($"{alike}; {mixed}; {mixed.WithCount(30)}");
/// </code></example>
public sealed class PlannedStudies
{
    private PlannedStudies(double[] variances, int[] effects)
    {
        Variances = [.. variances];
        EffectCounts = [.. effects];
    }

    /// <summary>The sampling variance v of an effect of each study, on the squared scale that is pooled.</summary>
    public ImmutableArray<double> Variances { get; }

    /// <summary>How many effects each study reports; 1 where nothing else was said.</summary>
    public ImmutableArray<int> EffectCounts { get; }

    /// <summary>How many studies there are, k.</summary>
    public int Count => Variances.Length;

    /// <summary>True where all variances are the same.</summary>
    public bool AreAlike => Variances.Max() <= Variances.Min() * (1 + 1e-12);

    /// <summary>Studies of the same precision. When not to use it: where studies will differ in size, which costs the tests of few studies most; see <see cref="Of(IReadOnlyList{double}, IReadOnlyList{int}?)"/>.</summary>
    /// <param name="studies">How many, at least 1.</param>
    /// <param name="variance">The sampling variance of an effect, positive and finite; see <see cref="VarianceBySize"/>.</param>
    /// <param name="effects">How many effects each reports, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not in its range.</exception>
    public static PlannedStudies Alike(int studies, double variance, int effects = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(studies, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(effects, 1);
        var checkedVariance = Variance(variance, nameof(variance));
        return new([.. Enumerable.Repeat(checkedVariance, studies)], [.. Enumerable.Repeat(effects, studies)]);
    }

    /// <summary>Studies of given precision.</summary>
    /// <param name="variances">The sampling variance of an effect of each study, positive and finite.</param>
    /// <param name="effects">How many effects each reports, at least 1; one each if not said.</param>
    /// <exception cref="InsufficientStudiesException">There is no study.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is not in its range.</exception>
    /// <exception cref="ArgumentException">There are not as many numbers of effects as variances.</exception>
    public static PlannedStudies Of(IReadOnlyList<double> variances, IReadOnlyList<int>? effects = null)
    {
        ArgumentNullException.ThrowIfNull(variances);
        if (variances.Count == 0) throw new InsufficientStudiesException("A plan", 1, 0);
        foreach (var v in variances) Variance(v, nameof(variances));
        if (effects is not null && effects.Count != variances.Count) throw new ArgumentException($"There are {variances.Count} studies and {effects.Count} numbers of effects; each study has one.", nameof(effects));
        foreach (var count in effects ?? []) ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(effects));
        return new([.. variances], effects is null ? [.. Enumerable.Repeat(1, variances.Count)] : [.. effects]);
    }

    /// <summary>The studies of a fit, with the variances they have: where effects share samples, a study is a cluster with the mean of the sampling variances of its effects.</summary>
    /// <param name="fit">A fit of any kind.</param>
    public static PlannedStudies Of(IModelFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var v = fit.Effects.Variances;
        if (fit.Clusters is not { } clusters) return Of(v);
        var rows = Enumerable.Range(0, clusters.Count).Select(clusters.Rows).ToList();
        return Of([.. rows.Select(r => r.Average(i => v[i]))], [.. rows.Select(r => r.Length)]);
    }

    /// <summary>
    /// As many studies as asked with the same mix: the studies in order of precision, of which every so manieth is taken, several times where there are to be more. With as many as there are it is the same set; with twice
    /// as many each twice.
    /// </summary>
    /// <param name="studies">How many, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public PlannedStudies WithCount(int studies)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(studies, 1);
        return studies == Count ? this : Select(Picks([.. Enumerable.Range(0, Count).OrderBy(i => Variances[i]).ThenBy(i => EffectCounts[i])], studies));
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var effects = EffectCounts.Sum();
        return StatisticText.Count(Count, "study", "studies") + (effects > Count ? $" with {StatisticText.Count(effects)} effects" : "")
            + (AreAlike ? $" of variance {StatisticText.Significant(Variances[0])}" : $" of variances {StatisticText.Significant(Variances.Min())} to {StatisticText.Significant(Variances.Max())}");
    }

    internal PlannedStudies Select(int[] rows) => new([.. rows.Select(i => Variances[i])], [.. rows.Select(i => EffectCounts[i])]);

    /// <summary>Which of the ordered studies stand for so many.</summary>
    internal static int[] Picks(int[] ordered, int studies) => [.. Enumerable.Range(0, studies).Select(i => ordered[(int)((2L * i + 1) * ordered.Length / (2L * studies))])];

    internal static double Variance(double value, string name) => value > 0 && double.IsFinite(value) ? value
        : throw new ArgumentOutOfRangeException(name, value, "A sampling variance is positive and finite.");
}
